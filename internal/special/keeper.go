package special

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Name is that of the module.
func (s *Service) Name() string { return "special" }

// Verb is what it takes to see a special inspection.
func (s *Service) Verb() access.Verb { return Read }

// Own are none: the kind is that of packs.
func (s *Service) Own() []*kind.Kind { return nil }

// keeping is how special inspections are kept: the ledger's kind from the day they came over.
func (s *Service) keeping() indicator.Keeping {
	return indicator.Keeping{Keeper: s, Takes: []string{Kind}, Since: func(ctx context.Context, q db.Querier, district int64) (bool, error) {
		_, done, err := TakenOver(ctx, q, district)
		return done, err
	}}
}

// Scan gives the counted records.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]indicator.Record, error) {
	return s.store().Scan(ctx, q, district, key, after, limit)
}

// Fields gives the values of some records.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, _ string, ids []string) (map[string]kind.Fields, error) {
	return s.store().Fields(ctx, q, district, ids)
}

func (s *Service) shown(ctx context.Context, q db.Querier, by access.Scope, ids []string) ([]Inspection, module.Moment, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, w, err
	}
	found, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([]Inspection, error) {
		return list(ctx, q, reach(by)+` AND s.id IN (`+in+`)`, args...)
	})
	return db.InOrder(ids, found, func(x Inspection) string { return x.ID }), w, err
}

func (s *Service) row(w module.Moment, x Inspection) indicator.Row {
	r := indicator.Row{ID: x.ID, Number: x.No, Kind: Kind, KindTitle: s.Figures.Keepers.Words(w.Set).Kind(Kind), Title: x.Topic, Unit: w.Org.Ref(x.Unit, x.Day),
		From: x.Day.String(), Photos: int64(len(x.Photos)), Counted: x.State == Held, Link: "/special?open=" + x.ID}
	if len(x.Photos) > 0 {
		r.Thumb = x.Photos[0]
	}
	return r
}

// Rows shows the inspections behind a figure.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, _ string, ids []string) ([]indicator.Row, error) {
	found, w, err := s.shown(ctx, q, by, ids)
	out := make([]indicator.Row, 0, len(found))
	for _, x := range found {
		out = append(out, s.row(w, x))
	}
	return out, err
}

// Uncounted are those made void.
func (s *Service) Uncounted(ctx context.Context, q db.Querier, by access.Scope, _ string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM special_inspection AS s WHERE s.district = $1 AND s.day >= $3 AND s.day < $4 AND s.state = 'void'
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = s.district AND r.unit = s.unit AND r.target = $2 AND r.day_from <= s.day
			AND s.day < r.day_until)`, by.District, int64(unit), int64(p.From), int64(p.Until)).Scan(&n)
	return indicator.Stays(map[string]int64{Void: n}, indicator.Uncounted{Why: Void, Title: StateTitles[Void]}), err
}

// LastChanges tells the last step of each.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, _ string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	found, w, err := s.shown(ctx, q, by, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]indicator.LastChange, len(found))
	for _, x := range found {
		c := indicator.LastChange{Row: s.row(w, x)}
		if x.At >= since {
			c.At, c.Op, c.Reason = x.At, x.Op, x.Reason
			if c.By, err = account.NameOf(ctx, q, by.District, x.By); err != nil {
				return nil, err
			}
		}
		out[x.ID] = c
	}
	return out, nil
}
