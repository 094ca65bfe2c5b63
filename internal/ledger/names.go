package ledger

import (
	"context"
	"maps"
	"slices"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/pack"
)

// Names resolves what lists of entries show of their accounts, persons and references.
func (s *Service) Names(ctx context.Context, q db.Querier, by access.Scope, list []Entry) (kind.Names, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return kind.Names{}, err
	}
	return resolve(ctx, q, set, by.District, list)
}

func resolve(ctx context.Context, q db.Querier, set *pack.Set, district int64, list []Entry, more ...string) (kind.Names, error) {
	n := kind.Names{Account: map[string]string{}, Person: map[string]string{}, Entry: map[string]string{}}
	accounts, persons, refs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, a := range more {
		accounts[a] = true
	}
	for _, e := range list {
		accounts[e.Account] = true
		k, err := kind.Of(set, e.Kind)
		if err != nil {
			continue
		}
		for _, f := range k.Fields {
			if s, ok := e.Values[f.Key].(string); ok {
				switch f.Type {
				case "person":
					persons[s] = true
				case "ref":
					refs[s] = true
				}
			}
		}
	}
	for _, x := range []struct {
		ids   map[string]bool
		into  map[string]string
		query func(in string) string
	}{
		{accounts, n.Account, func(in string) string {
			return `SELECT a.id, p.name FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person WHERE a.district = $1
				AND a.id IN ` + in
		}},
		{persons, n.Person, func(in string) string { return `SELECT id, name FROM person WHERE district = $1 AND id IN ` + in }},
		{refs, n.Entry, func(in string) string { return `SELECT id, title FROM entry WHERE district = $1 AND id IN ` + in }},
	} {
		delete(x.ids, "")
		for some := range slices.Chunk(slices.Collect(maps.Keys(x.ids)), db.Portion) {
			names, err := db.Pairs[string, string](ctx, q, x.query("("+db.In(2, len(some))+")"), db.Args([]any{district}, some)...)
			if err != nil {
				return n, err
			}
			maps.Copy(x.into, names)
		}
	}
	return n, nil
}
