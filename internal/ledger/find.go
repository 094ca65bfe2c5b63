package ledger

import (
	"context"

	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/module"
)

// findAll finds entries of any kind by number or words, for the search over everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	if !a.By.Has(Read) {
		return nil, nil
	}
	w, err := s.work(ctx, q, a.By)
	if err != nil {
		return nil, err
	}
	f := Filter{Query: a.Text, Limit: a.Limit}
	if f.docs, _, err = s.hits(ctx, q, a.By.District, "", a.Text); err != nil || len(f.docs) == 0 {
		return nil, err
	}
	list, err := s.find(ctx, q, w, a.By, f)
	if err != nil {
		return nil, err
	}
	out := make([]module.Hit, 0, len(list))
	for _, e := range list {
		k, err := kind.Of(w.Set, e.Kind)
		if err != nil {
			return nil, err
		}
		h := module.Hit{Kind: "entry", ID: e.ID, Title: e.Title, Note: e.Number + " " + w.Org.Path(e.Unit, e.From), Of: k.Title, Link: "/entry/" + e.ID}
		if h.Title == "" {
			h.Title = k.Title.In(a.Lang)
		}
		out = append(out, h)
	}
	return out, nil
}
