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

// ImpactOf tells how the district's figures of the year would move if the entry were verified now.
func (s *Service) ImpactOf(ctx context.Context, by access.Scope, lang i18n.Lang, entry string) (out []Impact, err error) {
	out = []Impact{}
	err = s.DB.Snapshot(ctx, func(q db.Querier) error {
		e, k, w, err := s.seen(ctx, q, by, entry)
		if err != nil || e.State != Submitted {
			return err
		}
		y, _, _ := e.From.YMD()
		if k.Lasting() {
			y, _, _ = w.Day.YMD()
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
			b, a, err := x.Preview(ch, d.Key, w.Org.Root, period.Year(y))
			if err != nil {
				return err
			}
			if b.Screen() != a.Screen() || b.Part != a.Part || b.Of != a.Of {
				out = append(out, Impact{d.Key, a.Def.Title, s.unitRef(w.Org, w.Org.Root, w.Day), b.Screen(), a.Screen()})
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
