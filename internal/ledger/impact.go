package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
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

// ImpactOf tells how the district's figures of the year would move if the entry were verified now. It runs the
// verification in a transaction that is rolled back, so that it can never say anything else than what would happen.
func (s *Service) ImpactOf(ctx context.Context, by access.Scope, lang i18n.Lang, entry string) ([]Impact, error) {
	e, k, w, err := s.seen(ctx, s.DB.Read, by, entry)
	if err != nil {
		return nil, err
	}
	if e.State != Submitted {
		return []Impact{}, nil
	}
	y, _, _ := e.From.YMD()
	if k.Lasting() {
		y, _, _ = w.day.YMD()
	}
	p := period.Year(y)
	var keys []string
	catalogue, err := s.Figures.Catalogue(ctx, s.DB.Read, by.District)
	if err != nil {
		return nil, err
	}
	for _, d := range catalogue {
		if d.Kind == k.Key || d.Done == k.Key {
			keys = append(keys, d.Key)
		}
	}
	read := func(q db.Querier) (map[string]indicator.Value, error) {
		x, err := s.Figures.At(ctx, q, by.District)
		if err != nil {
			return nil, err
		}
		out := map[string]indicator.Value{}
		for _, key := range keys {
			if out[key], err = x.Value(key, w.org.Root, p); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	rev, err := revisionOf(ctx, s.DB.Read, k, by.District, e.ID, e.Rev)
	if err != nil {
		return nil, err
	}
	var before, after map[string]indicator.Value
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(ctx, tx, by.District); err != nil {
			return err
		}
		var err error
		if before, err = read(tx); err != nil { // here, so that nobody else's decision stands between
			return err
		}
		ch := indicator.Change{After: rev.record(k, e.ID)}
		if e.CountedRev > 0 {
			old, err := revisionOf(ctx, tx, k, by.District, e.ID, e.CountedRev)
			if err != nil {
				return err
			}
			ch.Before = old.record(k, e.ID)
		}
		if err := s.Figures.Apply(indicator.WithTime(ctx, w.now), tx, by.District, []indicator.Change{ch}); err != nil {
			return err
		}
		tx.BeforeCommit(func(ctx context.Context) error { // after the cells were written
			var err error
			if after, err = read(tx); err == nil {
				err = errRollback
			}
			return err
		})
		return nil
	})
	if err != errRollback { //nolint:errorlint // the very value made above
		return nil, err
	}
	out := []Impact{}
	for _, key := range keys {
		b, a := before[key], after[key]
		if b.Screen() == a.Screen() && b.Part == a.Part && b.Of == a.Of {
			continue
		}
		out = append(out, Impact{key, a.Def.Title, s.unitRef(w.org, w.org.Root, w.day), b.Screen(), a.Screen()})
	}
	return out, nil
}

type rollback struct{}

func (rollback) Error() string { return "rolled back on purpose" }

var errRollback error = rollback{}
