package figure

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/pinyin"
)

// findAll finds figures by their names in either language or by pinyin initials, for the search over everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, text string, limit int) ([]module.Hit, error) {
	if !by.Has(indicator.Read) {
		return nil, nil
	}
	defs, err := s.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	word := strings.ToLower(strings.TrimSpace(text))
	var out []module.Hit
	for _, d := range defs {
		if len(out) == limit {
			break
		}
		names := strings.ToLower(strings.Join(append([]string{d.Title.Zh, d.Title.En}, d.Names...), "\n"))
		if strings.Contains(names, word) || pinyin.Match(d.Title.Zh, word) {
			out = append(out, module.Hit{Kind: "figure", ID: d.Key, Title: d.Title.In(lang), Note: s.Figures.Keepers.Group(set, d.Definition).In(lang),
				Of: i18n.Label{Zh: "指标", En: "Figure"}, Link: "/figures/" + d.Key})
		}
	}
	return out, nil
}
