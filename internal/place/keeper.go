package place

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Name is that of the module.
func (s *Service) Name() string { return "place" }

// Verb is what it takes to see a place.
func (s *Service) Verb() access.Verb { return Read }

// Own is the compost house, which no ledger ever kept.
func (s *Service) Own() []*kind.Kind {
	return []*kind.Kind{{
		Key: compostHouse, Title: i18n.Label{Zh: "阳光堆肥房", En: "Compost house"}, Group: i18n.Label{Zh: "设施建设",
			En: "Facilities"}, State: &kind.State{}, TitleOf: "name",
		Fields: []kind.Field{
			{Key: "name", Type: "text", Title: i18n.Label{Zh: "名称", En: "Name"}},
			{Key: "households", Type: "count", Title: i18n.Label{Zh: "服务户数", En: "Households served"}},
		},
	}}
}

// keeping is how places keep their kinds: two of the ledger's from the day they took over.
func (s *Service) keeping() indicator.Keeping {
	return indicator.Keeping{Keeper: s, Takes: taken, Since: func(ctx context.Context, q db.Querier, district int64) (bool, error) {
		_, done, err := TakenOver(ctx, q, district)
		return done, err
	}}
}

// Rows shows places where a figure lists its records.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, _ string, ids []string) ([]indicator.Row, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	list, err := s.ByIDs(ctx, q, by, ids)
	out := make([]indicator.Row, 0, len(list))
	for _, p := range list {
		out = append(out, s.record(w, p))
	}
	return out, err
}

func (s *Service) record(w work, p Place) indicator.Row {
	r := indicator.Row{ID: p.ID, Number: p.Code, Kind: p.Kind, KindTitle: s.Figures.Keepers.Words(w.Set).Kind(p.Kind), Title: p.Name,
		Unit: w.Org.Ref(p.Unit, w.Day), From: p.From.String(),
		Photos: int64(len(p.Body.Photos)), Counted: p.Record() != nil, Link: "/points/" + p.ID}
	if len(p.Body.Photos) > 0 {
		r.Thumb = p.Body.Photos[0]
	}
	if p.Until < period.Open {
		last := (p.Until - 1).String()
		r.Until = &last
	}
	return r
}

// Uncounted are the places of a unit that are not in use yet.
func (s *Service) Uncounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	n, err := db.Pairs[string, int64](ctx, q, `SELECT p.state, count(*) FROM place AS p WHERE p.district = $1 AND p.kind = $2
		AND p.state IN ('proposed', 'consulted', 'approved') AND p.created_at < $5
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = p.district AND r.unit = p.unit AND r.target = $3 AND r.day_from <= $4
			AND $4 < r.day_until) GROUP BY p.state`,
		by.District, key, int64(unit), int64(p.Last()), p.Until.Start().UnixMilli())
	return indicator.Stays(n,
		indicator.Uncounted{Why: Proposed, Title: i18n.Label{Zh: "已提议", En: "proposed"}},
		indicator.Uncounted{Why: Consulted, Title: i18n.Label{Zh: "已征求意见", En: "consulted"}},
		indicator.Uncounted{Why: Approved, Title: i18n.Label{Zh: "已定点，未启用", En: "approved, not in use yet"}}), err
}

// LastChanges tells the last step of places.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, _ string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	list, err := s.ByIDs(ctx, q, by, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]indicator.LastChange, len(list))
	for _, p := range list {
		c := indicator.LastChange{Row: s.record(w, p)}
		steps, err := History(ctx, q, by.District, p.ID)
		if err != nil {
			return nil, err
		}
		if n := len(steps); n > 0 && steps[n-1].At >= since {
			last := steps[n-1]
			c.At, c.Op, c.Reason = last.At, last.Step, last.Note
			if c.By, err = account.NameOf(ctx, q, by.District, last.Account); err != nil {
				return nil, err
			}
		}
		out[p.ID] = c
	}
	return out, nil
}
