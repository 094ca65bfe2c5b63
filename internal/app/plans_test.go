package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"

	"sifen/internal/db"
)

// growing are the tables that a district fills by the hundred thousand, and whole the readings that go through all of one on purpose.
var (
	growing = []string{
		"entry", "entry_rev", "entry_event", "figure_part", "journal", "visit", "finding", "rcase_event", "blob",
	}
	whole = map[string]string{
		"list-visits": "without a place or days it counts all that one may see",
		"search":      "likewise: a number or name is sought in all",
	}
)

var planStep = regexp.MustCompile(`^(?:SCAN|SEARCH) (\S+)(?: USING (?:COVERING )?(?:INDEX (\S+)|PRIMARY KEY))?(?: \((.*)\))?`)

// readsNoTableWhole looks how SQLite would answer the statements of the pages: none may find its rows of a growing table by
// the district alone, which is all of them. Without statistics SQLite takes the district for telling.
func readsNoTableWhole(w *world, texts map[string]string) {
	w.t.Helper()
	ctx := context.Background()
	// those of a condition are short
	tables, err := db.Pairs[string, string](ctx, w.app.DB.Read,
		`SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND coalesce(sql, '') NOT LIKE '%WHERE%'`)
	must(w.t, err)
	big := map[string]bool{}
	for _, t := range growing {
		big[t] = true
	}
	through := func(text string) (found []string) {
		if !strings.HasPrefix(strings.TrimSpace(text), "SELECT") && !strings.HasPrefix(strings.TrimSpace(text), "DELETE") {
			return nil
		}
		var args []any
		for n := 1; strings.Contains(text, fmt.Sprintf("$%d", n)); n++ {
			args = append(args, 0)
		}
		steps, err := db.All(ctx, w.app.DB.Read, func(r *sql.Rows) (s string, err error) {
			var a, b, c int
			return s, r.Scan(&a, &b, &c, &s)
		}, "EXPLAIN QUERY PLAN "+text, args...)
		must(w.t, err)
		for _, s := range steps {
			m := planStep.FindStringSubmatch(s)
			if m == nil || m[3] != "" && m[3] != "district=?" {
				continue
			}
			table := m[1]
			if t, ok := tables[m[2]]; ok {
				table = t
			} else if m[2] != "" && m[2] != "PRIMARY KEY" {
				continue
			} else if of := regexp.MustCompile(`(?:FROM|JOIN) (\w+) AS ` + regexp.QuoteMeta(m[1]) + `\b`).FindStringSubmatch(text); of != nil {
				table = of[1]
			}
			if big[table] {
				found = append(found, s)
			}
		}
		return found
	}
	seen := map[string]bool{}
	for text, op := range texts {
		for _, step := range through(text) {
			if line := op + ": " + step; whole[op] == "" && !seen[line] {
				seen[line] = true
				w.t.Errorf("%s: %.300s", line, strings.Join(strings.Fields(text), " "))
			}
		}
	}
	// the control: a record's parts were read through all of the district's
	if got := through(`SELECT def FROM figure_part WHERE district = $1 AND day = $2`); len(got) != 1 {
		w.t.Errorf("a reading of a whole table is not seen: %v", got)
	}
}
