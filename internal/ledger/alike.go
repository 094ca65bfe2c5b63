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
	type at struct {
		unit org.No
		day  period.Day
	}
	want, places, list := map[Likeness]bool{}, map[at]bool{}, []at{}
	for _, l := range asked {
		want[l] = true
		if p := (at{l.Unit, l.Day}); !places[p] {
			places[p] = true
			list = append(list, p)
		}
	}
	var ids []string
	for len(list) > 0 {
		some := list[:min(len(list), 200)]
		list = list[len(some):]
		var rows []string
		args := []any{by.District, k.Key}
		for _, p := range some {
			rows = append(rows, fmt.Sprintf("(CAST($%d AS BIGINT), CAST($%d AS BIGINT))", len(args)+1, len(args)+2))
			args = append(args, int64(p.unit), int64(p.day))
		}
		found, err := db.All(ctx, q, func(r *sql.Rows) (string, error) {
			var id, title string
			var unit, day int64
			err := r.Scan(&id, &unit, &day, &title)
			l := Likeness{org.No(unit), period.Day(day), kind.Fold(title)}
			if k.Lasting() {
				l.Day = 0
			}
			if !want[l] {
				id = ""
			}
			return id, err
		}, `SELECT e.id, e.unit, e.day_from, e.title FROM (VALUES `+strings.Join(rows, ", ")+`) AS p JOIN entry AS e ON e.district = $1 AND e.unit = p.column1
			AND e.kind = $2 AND (p.column2 = 0 OR e.day_from = p.column2) WHERE e.state <> 'void' AND e.state <> 'draft'`, args...)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			if id != "" {
				ids = append(ids, id)
			}
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

// IsStateTitle reports whether a text is what the product writes for a state in its own workbooks.
func IsStateTitle(text string) bool {
	for _, t := range stateTitle {
		if text == t.Zh || strings.EqualFold(text, t.En) {
			return true
		}
	}
	return false
}
