package place

import (
	"context"

	"sifen/internal/db"
	"sifen/internal/module"
)

// findAll finds places by code, name or address, for the search over everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	if !a.By.Has(Read) {
		return nil, nil
	}
	w, err := s.work(ctx, q, a.By)
	if err != nil {
		return nil, err
	}
	list, _, err := List(ctx, q, a.By, Filter{Query: a.Text, Limit: a.Limit})
	out := make([]module.Hit, 0, len(list))
	words := s.Figures.Keepers.Words(w.Set)
	for _, p := range list {
		out = append(out, module.Hit{Kind: "place", ID: p.ID, Title: p.Name, Note: p.Code + " " + w.Org.Path(p.Unit, w.Day), Of: words.Kind(p.Kind),
			Link: "/points/" + p.ID})
	}
	return out, err
}
