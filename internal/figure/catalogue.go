package figure

import (
	"context"
	"sort"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
)

// CatalogueItem is a figure in the catalogue, with its value for the chosen unit and period.
type CatalogueItem struct {
	Figure
	Names      []string   `json:"names"`
	Group      i18n.Label `json:"group"`
	Definition i18n.Label `json:"definition"`
	Before     *Against   `json:"before"`
	Months     []*int64   `json:"months"`
	Partial    bool       `json:"partial"` // the last month is not over
}

// CatalogueOf reads every figure of a unit and period, with its months.
func (s *Service) CatalogueOf(ctx context.Context, q db.Querier, by access.Scope, n org.No, p period.Period) ([]CatalogueItem, error) {
	x, err := s.Figures.At(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	defs, err := s.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	words := s.Figures.Keepers.Words(set)
	out := make([]CatalogueItem, 0, len(defs))
	for _, def := range defs {
		vs, err := x.Series(def.Key, n, []period.Period{p, p.YearBefore()})
		if err != nil {
			return nil, err
		}
		v := vs[0]
		it := CatalogueItem{Figure: figure(x.Org(), v), Names: v.Def.Names, Group: s.Figures.Keepers.Group(set, v.Def.Definition),
			Definition: v.Def.Words(p, x.Org().UnitName(n), words), Months: []*int64{}}
		if it.Before, err = yearBefore(x, v, vs[1]); err != nil {
			return nil, err
		}
		if it.Names == nil {
			it.Names = []string{}
		}
		points, err := trend(x, v, "month", period.Day(by.Today))
		if err != nil {
			return nil, err
		}
		for _, pt := range points {
			if pt.Value == nil && pt.Display == "" {
				break
			}
			it.Months = append(it.Months, pt.Value)
			it.Partial = pt.Partial
		}
		out = append(out, it)
	}
	return out, nil
}

func sortedGroups(items []CatalogueItem) {
	rank := map[string]int{}
	for _, it := range items {
		if _, ok := rank[it.Group.Zh]; !ok {
			rank[it.Group.Zh] = len(rank)
		}
	}
	sort.SliceStable(items, func(i, j int) bool { return rank[items[i].Group.Zh] < rank[items[j].Group.Zh] })
}
