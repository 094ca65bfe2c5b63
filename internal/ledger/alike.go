package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Likeness is what two records of one thing share: the unit, the first day of an event, and the title, folded. Of what lasts
// the day is 0: a lorry is one lorry whatever day it was put into use.
type Likeness struct {
	Unit  org.No
	Day   period.Day
	Title string
}

// alikeAtOnce is how many entries one look takes; where there are more, each unit and day is looked at.
var alikeAtOnce = 5000

// LikenessOf is the likeness of values; ok is false where the kind has no title of text.
func LikenessOf(k *kind.Kind, unit org.No, v kind.Values) (l Likeness, ok bool) {
	f, _ := k.Field(k.TitleOf)
	title, _ := v[k.TitleOf].(string)
	if f.Type != "text" || title == "" {
		return l, false
	}
	l = Likeness{Unit: unit, Title: kind.Fold(title)}
	if !k.Lasting() {
		l.Day, _ = k.Days(v)
	}
	return l, true
}

// Alike finds the entries that share a likeness with what is asked for, inside a scope: neither drafts nor void ones. An
// event shares its day; what lasts, any day that it is in force.
func (s *Service) Alike(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, asked []Likeness) (map[Likeness][]Entry, error) {
	out := map[Likeness][]Entry{}
	w, err := s.work(ctx, q, by)
	if err != nil || len(asked) == 0 {
		return out, err
	}
	want := map[Likeness]bool{}
	first, last := asked[0].Day, asked[0].Day
	for _, l := range asked {
		want[l] = true
		first, last = min(first, l.Day), max(last, l.Day)
	}
	var ids []string
	take := func(r *sql.Rows) (struct{}, error) {
		var id, title string
		var unit, day int64
		err := r.Scan(&id, &unit, &day, &title)
		l := Likeness{org.No(unit), period.Day(day), kind.Fold(title)}
		if k.Lasting() {
			l.Day = 0
		}
		if want[l] {
			ids = append(ids, id)
		}
		return struct{}{}, err
	}
	// mostly a ledger has few entries on these days, and one look finds them
	days, args := "", []any{by.District, k.Key}
	if !k.Lasting() {
		days, args = ` AND e.day_from >= $3 AND e.day_from <= $4`, append(args, int64(first), int64(last))
	}
	all, err := db.All(ctx, q, take, fmt.Sprintf(`SELECT e.id, e.unit, e.day_from, e.title FROM entry AS e WHERE e.district = $1 AND e.kind = $2`+days+
		` AND e.state <> 'void' AND e.state <> 'draft' LIMIT %d`, alikeAtOnce), args...)
	if err != nil {
		return nil, err
	}
	if len(all) == alikeAtOnce {
		ids = nil
		if err := alikeByPlace(ctx, q, by.District, k, asked, take); err != nil {
			return nil, err
		}
	}
	for len(ids) > 0 {
		some := ids[:min(len(ids), 400)]
		ids = ids[len(some):]
		entries, err := s.entries(ctx, q, w.Set, `e.district = $1 AND e.id IN (`+db.In(2, len(some))+`) ORDER BY e.id`, db.Args([]any{by.District}, some)...)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if l, ok := LikenessOf(k, e.Unit, e.Values); ok && want[l] && visible(by, w, e) {
				out[l] = append(out[l], e)
			}
		}
	}
	return out, nil
}

// alikeByPlace looks at each unit and day that is asked for.
func alikeByPlace(ctx context.Context, q db.Querier, district int64, k *kind.Kind, asked []Likeness, take func(*sql.Rows) (struct{}, error)) error {
	type at struct {
		unit org.No
		day  period.Day
	}
	seen, list := map[at]bool{}, []at{}
	for _, l := range asked {
		if p := (at{l.Unit, l.Day}); !seen[p] {
			seen[p] = true
			list = append(list, p)
		}
	}
	for len(list) > 0 {
		some := list[:min(len(list), 400)]
		list = list[len(some):]
		var rows []string
		args := []any{district, k.Key}
		for _, p := range some {
			rows = append(rows, fmt.Sprintf("(CAST($%d AS BIGINT), CAST($%d AS BIGINT))", len(args)+1, len(args)+2))
			args = append(args, int64(p.unit), int64(p.day))
		}
		if _, err := db.All(ctx, q, take, `SELECT e.id, e.unit, e.day_from, e.title FROM (VALUES `+strings.Join(rows, ", ")+`) AS p
			JOIN entry AS e ON e.district = $1 AND e.unit = p.column1 AND e.kind = $2 AND (p.column2 = 0 OR e.day_from = p.column2)
			WHERE e.state <> 'void' AND e.state <> 'draft'`, args...); err != nil {
			return err
		}
	}
	return nil
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
