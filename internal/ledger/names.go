package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/unit"
)

// Names resolves what rows show: persons of accounts, persons of fields, titles of refs.
type Names struct {
	account map[string]string
	person  map[string]string
	entry   map[string]string
}

// Names resolves what lists of entries show of their accounts, persons and references.
func (s *Service) Names(ctx context.Context, q db.Querier, by access.Scope, list []Entry) (Names, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return Names{}, err
	}
	return resolve(ctx, q, set, by.District, list)
}

func resolve(ctx context.Context, q db.Querier, set *pack.Set, district int64, list []Entry, more ...string) (Names, error) {
	n := Names{map[string]string{}, map[string]string{}, map[string]string{}}
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
		{accounts, n.account, func(in string) string {
			return `SELECT a.id, p.name FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person WHERE a.district = $1 AND a.id IN ` + in
		}},
		{persons, n.person, func(in string) string { return `SELECT id, name FROM person WHERE district = $1 AND id IN ` + in }},
		{refs, n.entry, func(in string) string { return `SELECT id, title FROM entry WHERE district = $1 AND id IN ` + in }},
	} {
		delete(x.ids, "")
		for keys := slices.Collect(maps.Keys(x.ids)); len(keys) > 0; {
			some := keys[:min(len(keys), 200)]
			keys = keys[len(some):]
			rows, err := q.QueryContext(ctx, x.query("("+db.In(2, len(some))+")"), db.Args([]any{district}, some)...)
			var id, name string
			if err := db.Each(rows, err, func() error {
				err := rows.Scan(&id, &name)
				x.into[id] = name
				return err
			}); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// Text writes one value for a person.
func (n Names) Text(o *org.Org, f kind.Field, v kind.Values, lang i18n.Lang) string {
	x, ok := v[f.Key]
	if !ok {
		return ""
	}
	unitOf := ""
	if f.Unit != nil {
		unitOf = f.Unit.In(lang)
	}
	switch f.Type {
	case "choice":
		for _, op := range f.Options {
			if op.Key == x {
				return op.Title.In(lang)
			}
		}
	case "unit":
		if no, ok := x.(int64); ok {
			return o.UnitName(org.No(no))
		}
	case "person":
		return n.person[fmt.Sprint(x)]
	case "ref":
		return n.entry[fmt.Sprint(x)]
	case "bool":
		yes, no := i18n.Label{Zh: "是", En: "Yes"}, i18n.Label{Zh: "否", En: "No"}
		if x == true {
			return yes.In(lang)
		}
		return no.In(lang)
	case "weight":
		if g, ok := x.(int64); ok {
			return unit.Group(g, 3) + " kg"
		}
	case "money":
		if fen, ok := x.(int64); ok {
			return unit.Group(fen, 2) + " " + unitOf
		}
	case "count", "number":
		if c, ok := x.(int64); ok {
			s := unit.Group(c, f.Decimals)
			if unitOf != "" {
				s += " " + unitOf
			}
			switch v[f.Key+".basis"] {
			case "estimated":
				s += i18n.Label{Zh: "（估计）", En: " (estimated)"}.In(lang)
			case "counted":
				s += i18n.Label{Zh: "（清点）", En: " (counted)"}.In(lang)
			}
			return s
		}
	case "photo", "file":
		if list, ok := x.([]string); ok {
			return strconv.Itoa(len(list))
		}
	case "group":
		var parts []string
		if items, ok := x.([]kind.Values); ok {
			for _, i := range items {
				var cells []string
				for _, g := range f.Fields {
					if t := n.Text(o, g, i, lang); t != "" {
						cells = append(cells, t)
					}
				}
				parts = append(parts, strings.Join(cells, " "))
			}
		}
		return strings.Join(parts, "；")
	case "geo":
		if m, ok := x.(map[string]any); ok {
			lat, _ := kind.Whole(m["lat"])
			lon, _ := kind.Whole(m["lon"])
			return unit.Decimal(lat, 7) + ", " + unit.Decimal(lon, 7)
		}
	}
	return fmt.Sprint(x)
}
