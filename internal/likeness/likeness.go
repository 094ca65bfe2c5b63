// Package likeness finds records of one thing: the same event told twice, one lorry spelt in two ways.
package likeness

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Key is what two records of one thing share: the unit, the first day of an event, and the title, folded. Of what lasts
// the day is 0: a lorry is one lorry whatever day it was put into use.
type Key struct {
	Unit  org.No
	Day   period.Day
	Title string
}

// atOnce is how many records one look takes; where there are more, or no more than oneByOne are asked for, each unit and day
// is looked at.
var atOnce, oneByOne = 5000, 400

// Of is the likeness of values; ok is false where the kind has no title of text.
func Of(k *kind.Kind, unit org.No, v kind.Values) (l Key, ok bool) {
	f, _ := k.Field(k.TitleOf)
	title, _ := v[k.TitleOf].(string)
	if f.Type != "text" || title == "" {
		return l, false
	}
	l = Key{Unit: unit, Title: kind.Fold(title)}
	if !k.Lasting() {
		l.Day, _ = k.Days(v)
	}
	return l, true
}

// Find gives the ids of records that share a key with what is asked for: neither drafts nor void ones. Whoever asks looks at
// their reach.
func Find(ctx context.Context, q db.Querier, district int64, k *kind.Kind, asked []Key) (ids []string, err error) {
	if len(asked) == 0 {
		return nil, nil
	}
	want := map[Key]bool{}
	first, last := asked[0].Day, asked[0].Day
	for _, l := range asked {
		want[l] = true
		first, last = min(first, l.Day), max(last, l.Day)
	}
	take := func(r *sql.Rows) (struct{}, error) {
		var id, title string
		var unit, day int64
		err := r.Scan(&id, &unit, &day, &title)
		l := Key{org.No(unit), period.Day(day), kind.Fold(title)}
		if k.Lasting() {
			l.Day = 0
		}
		if want[l] {
			ids = append(ids, id)
		}
		return struct{}{}, err
	}
	return ids, likely(ctx, q, district, k, asked, first, last, take)
}

// likely gives take the entries that may be meant. Few units and days are looked at one by one; for many, one look takes all
// that a ledger has on these days, unless they are too many.
func likely(ctx context.Context, q db.Querier, district int64, k *kind.Kind, asked []Key, first, last period.Day,
	take func(*sql.Rows) (struct{}, error)) error {
	if len(asked) > oneByOne {
		days, args := "", []any{district, k.Key}
		if !k.Lasting() {
			days, args = ` AND e.day_from >= $3 AND e.day_from <= $4`, append(args, int64(first), int64(last))
		}
		var n int
		if err := q.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM entry AS e WHERE e.district = $1 AND e.kind = $2`+days+
			` LIMIT %d) AS few`, atOnce), args...).Scan(&n); err != nil {
			return err
		}
		if n < atOnce {
			_, err := db.All(ctx, q, take, `SELECT e.id, e.unit, e.day_from, e.title FROM entry AS e WHERE e.district = $1 AND e.kind = $2`+days+
				` AND e.state <> 'void' AND e.state <> 'draft'`, args...)
			return err
		}
	}
	return byPlace(ctx, q, district, k, asked, take)
}

// byPlace looks at each unit and day that is asked for.
func byPlace(ctx context.Context, q db.Querier, district int64, k *kind.Kind, asked []Key, take func(*sql.Rows) (struct{}, error)) error {
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
	sameDay := ` AND e.day_from = p.column2` // by the index, to the day
	if k.Lasting() {
		sameDay = ``
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
		// CROSS JOIN, as SQLite would else read the whole ledger beside the few that are asked for
		if _, err := db.All(ctx, q, take, `SELECT e.id, e.unit, e.day_from, e.title FROM (VALUES `+strings.Join(rows, ", ")+`) AS p
			CROSS JOIN entry AS e WHERE e.district = $1 AND e.unit = p.column1 AND e.kind = $2`+sameDay+`
			AND e.state <> 'void' AND e.state <> 'draft'`, args...); err != nil {
			return err
		}
	}
	return nil
}
