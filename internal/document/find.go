package document

import (
	"context"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/template"
)

// findAll finds documents by number, title or sender, for the search over everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	if !a.By.Has(Read) {
		return nil, nil
	}
	m, err := s.Moment(ctx, q, a.By.District)
	if err != nil {
		return nil, err
	}
	set, o := m.Set, m.Org
	list, _, err := Register(ctx, q, a.By, Filter{Box: BoxSent, Query: a.Text, Limit: a.Limit})
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
