package figure

import (
	"context"
	"sort"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/pinyin"
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

// catalogue reads what figures there are, with the rules they come from.
func (s *Service) catalogue(ctx context.Context, q db.Querier, district int64) ([]*indicator.Def, *pack.Set, error) {
	defs, err := s.Figures.Catalogue(ctx, q, district)
	if err != nil {
		return nil, nil, err
	}
	set, err := s.Packs.Current(ctx, q, district)
	return defs, set, err
}

// CatalogueOf reads every figure of a unit and period, with its months.
func (s *Service) CatalogueOf(ctx context.Context, q db.Querier, by access.Scope, n org.No, p period.Period) ([]CatalogueItem, error) {
	x, err := s.Figures.At(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	defs, set, err := s.catalogue(ctx, q, by.District)
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
		f, err := recorded(x, v)
		if err != nil {
			return nil, err
		}
		it := CatalogueItem{Figure: f, Names: v.Def.Names, Group: s.Figures.Keepers.Group(set, v.Def.Definition),
			Definition: v.Def.Words(p, x.Org().UnitName(n), words), Months: []*int64{}}
		if it.Before, err = beforeSince(x, v, vs[1]); err != nil {
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

// findAll finds figures by their names in either language or by pinyin initials, for the search over everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	if !a.By.Has(indicator.Read) {
		return nil, nil
	}
	defs, set, err := s.catalogue(ctx, q, a.By.District)
	if err != nil {
		return nil, err
	}
	word := strings.ToLower(strings.TrimSpace(a.Text))
	var out []module.Hit
	for _, d := range defs {
		if len(out) == a.Limit {
			break
		}
		names := strings.ToLower(strings.Join(append([]string{d.Title.Zh, d.Title.En}, d.Names...), "\n"))
		if strings.Contains(names, word) || pinyin.Match(d.Title.Zh, word) {
			out = append(out, module.Hit{Kind: "figure", ID: d.Key, Title: d.Title.In(a.Lang),
				Note: s.Figures.Keepers.Group(set, d.Definition).In(a.Lang),
				Of:   i18n.Label{Zh: "指标", En: "Figure"}, Link: "/figures/" + d.Key})
		}
	}
	return out, nil
}
