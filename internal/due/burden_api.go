package due

import (
	"context"
	"database/sql"
	"sort"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/period"
)

// RoleBurden is what forms cost one role in the weeks looked at.
type RoleBurden struct {
	Role     string     `json:"role"`
	Title    i18n.Label `json:"title"`
	People   int64      `json:"people" doc:"accounts that hold the role today"`
	Entries  int64      `json:"entries" doc:"records typed into forms"`
	Imported int64      `json:"imported" doc:"records that came by workbook or table"`
	Fields   int64      `json:"fields" doc:"fields filled in forms"`
	Seconds  int64      `json:"seconds" doc:"time forms were open, at most half an hour each"`
}

// KindBurden is what one kind of record asks for.
type KindBurden struct {
	Key      string     `json:"key"`
	Title    i18n.Label `json:"title"`
	Fields   int        `json:"fields"`
	Required int        `json:"required"`
	Photos   bool       `json:"photos"`
	Every    string     `json:"every" doc:"month, quarter or year when it is owed, empty when not"`
	Units    int        `json:"units" doc:"units that owe it"`
	PerYear  int        `json:"per_year" doc:"deliveries owed a year by all of them"`
	Entries  int64      `json:"entries"`
	Imported int64      `json:"imported"`
	Seconds  int64      `json:"seconds"`
}

// Twice is a question that several kinds ask.
type Twice struct {
	Title i18n.Label   `json:"title"`
	Kinds []i18n.Label `json:"kinds"`
}

// Burden is what the district asks of its people, so that it can ask for less.
type Burden struct {
	Weeks int64        `json:"weeks"`
	Roles []RoleBurden `json:"roles"`
	Kinds []KindBurden `json:"kinds"`
	Twice []Twice      `json:"twice"`
}

// BurdenOf measures the weeks of a period that have begun.
func (s *Service) BurdenOf(ctx context.Context, q db.Querier, by access.Scope, p period.Period) (Burden, error) {
	b := Burden{Roles: []RoleBurden{}, Kinds: []KindBurden{}, Twice: []Twice{}}
	m, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return b, err
	}
	set, o := m.Set, m.Org
	today := period.Day(by.Today)
	b.Weeks = max((int64(min(p.Until, today+1))-int64(p.From)+6)/7, 1)
	type row struct {
		role, kind                         string
		entries, fields, seconds, imported int64
	}
	rows, err := db.All(ctx, q, func(r *sql.Rows) (row, error) {
		var x row
		err := r.Scan(&x.role, &x.kind, &x.entries, &x.fields, &x.seconds, &x.imported)
		return x, err
	}, `SELECT role, kind, sum(entries), sum(fields), sum(seconds), sum(imported) FROM effort WHERE district = $1 AND week >= $2
		AND week < $3 GROUP BY role, kind ORDER BY role, kind`,
		by.District, int64(p.From)-6, int64(p.Until))
	if err != nil {
		return b, err
	}
	people := map[string]int64{}
	held, err := q.QueryContext(ctx, `SELECT g.role, count(DISTINCT g.account) FROM role_grant AS g JOIN account AS a ON a.district = g.district
		AND a.id = g.account AND a.closed = 0
		WHERE g.district = $1 AND g.day_from <= $2 AND $2 < g.day_until GROUP BY g.role`, by.District, by.Today)
	var role string
	var n int64
	if err := db.Each(held, err, func() error {
		err := held.Scan(&role, &n)
		people[role] = n
		return err
	}); err != nil {
		return b, err
	}
	roles := map[string]*RoleBurden{}
	kinds := map[string]*KindBurden{}
	for _, k := range kind.All(set) {
		kb := &KindBurden{Key: k.Key, Title: k.Title}
		for _, f := range k.Fields {
			kb.Fields++
			if f.Required {
				kb.Required++
			}
			kb.Photos = kb.Photos || f.Type == "photo"
		}
		if k.Due != nil {
			kb.Every = k.Due.Every
			for _, u := range o.Units() {
				if u.Open(today) && k.Owes(u.Type) {
					kb.Units++
				}
			}
			kb.PerYear = kb.Units * map[string]int{"month": 12, "quarter": 4, "year": 1}[k.Due.Every]
		}
		kinds[k.Key] = kb
	}
	for _, x := range rows {
		r := roles[x.role]
		if r == nil {
			r = &RoleBurden{Role: x.role, Title: i18n.Label{Zh: x.role, En: x.role}, People: people[x.role]}
			if role, ok := account.RoleOf(set, x.role); ok {
				r.Title = role.Title
			}
			roles[x.role] = r
		}
		r.Entries += x.entries
		r.Imported += x.imported
		r.Fields += x.fields
		r.Seconds += x.seconds
		if k := kinds[x.kind]; k != nil {
			k.Entries += x.entries
			k.Imported += x.imported
			k.Seconds += x.seconds
		}
	}
	for _, r := range roles {
		b.Roles = append(b.Roles, *r)
	}
	sort.Slice(b.Roles, func(i, j int) bool {
		if b.Roles[i].Seconds != b.Roles[j].Seconds {
			return b.Roles[i].Seconds > b.Roles[j].Seconds
		}
		return b.Roles[i].Role < b.Roles[j].Role
	})
	for _, k := range kinds {
		b.Kinds = append(b.Kinds, *k)
	}
	sort.Slice(b.Kinds, func(i, j int) bool {
		x, y := b.Kinds[i], b.Kinds[j]
		if x.PerYear*x.Fields != y.PerYear*y.Fields {
			return x.PerYear*x.Fields > y.PerYear*y.Fields
		}
		if x.Entries+x.Imported != y.Entries+y.Imported {
			return x.Entries+x.Imported > y.Entries+y.Imported
		}
		return x.Key < y.Key
	})
	b.Twice = twice(kind.All(set))
	return b, nil
}

// twice finds questions that several kinds ask with the same words: the second answer could be taken from
// the first. Dates, photos and notes are part of every record and not looked at.
func twice(kinds []*kind.Kind) []Twice {
	out := []Twice{}
	type question struct{ title, kind string }
	asked := map[question]map[string]i18n.Label{}
	titles := map[question]i18n.Label{}
	for _, k := range kinds {
		for _, f := range k.Fields {
			switch f.Type {
			case "date", "photo", "file", "long-text", "bool":
				continue
			}
			u := question{f.Title.Zh, f.Type}
			if asked[u] == nil {
				asked[u], titles[u] = map[string]i18n.Label{}, f.Title
			}
			asked[u][k.Key] = k.Title
		}
	}
	for u, ks := range asked {
		if len(ks) < 2 {
			continue
		}
		t := Twice{Title: titles[u]}
		keys := make([]string, 0, len(ks))
		for k := range ks {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			t.Kinds = append(t.Kinds, ks[k])
		}
		out = append(out, t)
	}
	sort.Slice(out, func(i, j int) bool {
		if len(out[i].Kinds) != len(out[j].Kinds) {
			return len(out[i].Kinds) > len(out[j].Kinds)
		}
		return out[i].Title.Zh < out[j].Title.Zh
	})
	return out
}

func (s *Service) registerBurden(k *httpapi.Kit) {
	type in struct {
		Period string `query:"period"`
	}
	httpapi.One(k, httpapi.Operation{ID: "burden", Route: "GET /burden", Verb: "account.read",
		Summary: "What forms cost, by role and kind; never by person"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *in) (Burden, error) {
			p, err := periodOf(in.Period)
			if err != nil {
				return Burden{}, err
			}
			return s.BurdenOf(ctx, q, by, p)
		})
}
