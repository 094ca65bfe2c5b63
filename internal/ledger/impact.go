package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/period"
)

// Impact is what verifying an entry would change.
type Impact struct {
	Key    string     `json:"key"`
	Title  i18n.Label `json:"title"`
	Unit   UnitRef    `json:"unit"`
	Before string     `json:"before"`
	After  string     `json:"after"`
}

// ImpactOf tells how the figures of the year would move if the entry were verified now: those of the widest unit around it
// whose figures the caller may read.
//
// Errors: ErrForbidden for who may not verify where the entry waits.
func (s *Service) ImpactOf(ctx context.Context, by access.Scope, lang i18n.Lang, entry string) (out []Impact, err error) {
	out = []Impact{}
	err = s.DB.Snapshot(ctx, func(q db.Querier) error {
		e, k, w, err := s.seen(ctx, q, by, entry)
		if err != nil || e.State != Submitted {
			return err
		}
		if !by.IsSystem() && !verifies(by, w, &e) {
			return ErrForbidden
		}
		y, _, _ := e.From.YMD()
		if k.Lasting() {
			y, _, _ = w.Day.YMD()
		}
		widest, ok := indicator.Widest(w.Org, by, e.Unit, period.Year(y))
		if !ok {
			return nil
		}
		ch, err := change(ctx, q, by.District, k, e)
		if err != nil {
			return err
		}
		x, err := s.Figures.At(ctx, q, by.District)
		if err != nil {
			return err
		}
		catalogue, err := s.Figures.Catalogue(ctx, q, by.District)
		if err != nil {
			return err
		}
		for _, d := range catalogue {
			if d.Kind != k.Key && d.Done != k.Key {
				continue
			}
			b, a, err := x.Preview(ch, d.Key, widest, period.Year(y))
			if err != nil {
				return err
			}
			if b.Screen() != a.Screen() || b.Part != a.Part || b.Of != a.Of {
				out = append(out, Impact{d.Key, a.Def.Title, s.unitRef(w.Org, widest, w.Day), b.Screen(), a.Screen()})
			}
		}
		return nil
	})
	return out, err
}

// change is what verifying the latest revision of an entry would change of what counts.
func change(ctx context.Context, q db.Querier, district int64, k *kind.Kind, e Entry) (ch indicator.Change, err error) {
	rev, err := revisionOf(ctx, q, k, district, e.ID, e.Rev)
	if err != nil {
		return ch, err
	}
	ch.After = rev.record(k, e.ID)
	if e.CountedRev > 0 {
		old, err := revisionOf(ctx, q, k, district, e.ID, e.CountedRev)
		if err != nil {
			return ch, err
		}
		ch.Before = old.record(k, e.ID)
	}
	return ch, nil
}
