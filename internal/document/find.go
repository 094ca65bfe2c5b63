package document

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/template"
)

// findAll finds documents by number, title or sender, for the search over everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, text string, limit int) ([]module.Hit, error) {
	if !by.Has(Read) {
		return nil, nil
	}
	m, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	set, o := m.Set, m.Org
	list, _, err := Register(ctx, q, by, Filter{Box: BoxSent, Query: text, Limit: limit})
	out := make([]module.Hit, 0, len(list))
	for _, d := range list {
		h := module.Hit{Kind: "document", ID: d.ID, Title: d.Title, Note: d.Number + " " + o.UnitName(d.Unit),
			Of: i18n.Label{Zh: d.Document.Kind, En: d.Document.Kind}, Link: "/documents/" + d.ID}
		if k, err := template.KindOf(set, d.Document.Kind); err == nil {
			h.Of = k.Title
		}
		out = append(out, h)
	}
	return out, err
}
