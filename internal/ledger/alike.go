package ledger

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/likeness"
)

// Alike finds the entries that are likely the same thing as what is asked for, inside a scope: neither drafts nor void ones.
// An event shares its day; what lasts, any day that it is in force.
func (s *Service) Alike(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, asked []likeness.Key) (map[likeness.Key][]Entry, error) {
	out := map[likeness.Key][]Entry{}
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	ids, err := likeness.Find(ctx, q, by.District, k, asked)
	for len(ids) > 0 && err == nil {
		var entries []Entry
		some := ids[:min(len(ids), 400)]
		ids = ids[len(some):]
		entries, err = s.entries(ctx, q, w.Set, `e.district = $1 AND e.id IN (`+db.In(2, len(some))+`) ORDER BY e.id`, db.Args([]any{by.District}, some)...)
		for _, e := range entries {
			if l, ok := likeness.Of(k, e.Unit, e.Values); ok && visible(by, w, e) {
				out[l] = append(out[l], e)
			}
		}
	}
	return out, err
}

// IsStateTitle reports whether a text is what the product writes for a state in its own workbooks.
func IsStateTitle(text string) bool {
	for _, t := range stateTitle {
		if text == t.Zh || strings.EqualFold(text, t.En) {
			return true
		}
	}
	return false
}
