package db_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sifen/internal/db"
	"sifen/internal/dbtest"
)

// before makes a database as it was at a schema version, with rows that old programs left.
func before(t *testing.T, version int, dir, url string, rows ...string) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Connect(dir, url)
	if err != nil {
		t.Fatal(err)
	}
	exec := func(q string) {
		if err := d.Exec(ctx, q); err != nil {
			t.Fatalf("%v in %s", err, q)
		}
	}
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(names) < 20 {
		t.Fatalf("%d migrations, %v", len(names), err)
	}
	exec(`CREATE TABLE schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL, sum TEXT NOT NULL, at BIGINT NOT NULL)`)
	for _, n := range names {
		var v int
		if _, err := fmt.Sscanf(filepath.Base(n), "%04d_", &v); err != nil {
			t.Fatal(err)
		}
		special := strings.HasSuffix(n, ".postgres.sql")
		replaced := slices.Contains(names, strings.TrimSuffix(n, ".sql")+".postgres.sql")
		if v > version || special && !d.Postgres || replaced && d.Postgres {
			continue
		}
		raw, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range strings.Split(db.Dialect(string(raw), d.Postgres), ";\n") {
			if strings.TrimSpace(s) != "" {
				exec(s)
			}
		}
		exec(fmt.Sprintf(`INSERT INTO schema_version (version, name, sum, at) VALUES (%d, '%s', '%x', 0)`, v, filepath.Base(n), sha256.Sum256(raw)))
	}
	for _, q := range rows {
		exec(q)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestWaitingRowsBecomeStagedEntries: an import that waited while the program was replaced is kept by the new one, and
// what the old one kept can still be undone.
func TestWaitingRowsBecomeStagedEntries(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, dir, url string) {
		run := func(id string, at int) string {
			return fmt.Sprintf(`INSERT INTO import_run (district, id, kind, name, sha, account, at, rows_read, accepted, unchanged, state)
				VALUES (1, '%s', 'meeting', 'a.csv', '', 'anna', %d, 3, 1, 0, 'open')`, id, at)
		}
		line := func(run string, line int, state, number, entry, body string) string {
			return fmt.Sprintf(`INSERT INTO import_line (district, run, line, state, cells, faults, raw, persons, number, rev, hash, ordinal, entry, unit, year,
				day_from, day_until, due, wait_unit, title, search, photos, thumb, body, event_in, event_submit)
				VALUES (1, '%s', %d, '%s', '[]', '', '{}', '', '%s', 0, 'h', 1, '%s', 7, 2020, 18000, 18001, 18010, 3, 't', 's', 0, '', '%s', 'in', 'out')`,
				run, line, state, number, entry, body)
		}
		rev := func(entry string, rev, at int, account, source string) string {
			return fmt.Sprintf(`INSERT INTO entry_rev (district, entry, rev, unit, day_from, day_until, body, kind_version, account, at, source)
				VALUES (1, '%s', %d, 7, 18000, 18001, '{}', 1, '%s', %d, '%s')`, entry, rev, account, at, source)
		}
		before(t, 38, dir, url,
			run("r1", 100), run("r2", 200),
			line("r1", 2, "kept", "", "e1", `{"a":1}`), line("r1", 3, "good", "", "e2", `{"a":2}`), line("r1", 4, "bad", "", "", ""), line("r1", 5, "good",
				"HY-1", "", ""),
			line("r2", 2, "kept", "HY-9", "e1", ""), line("r2", 3, "kept", "HY-8", "e8", ""),
			rev("e1", 1, 150, "anna", "a.csv 第2行"), rev("e1", 2, 250, "anna", "a.csv 第2行"), rev("e8", 4, 250, "anna", "a.csv 第3行"), rev("e8", 5, 260, "bert",
				"a.csv 第3行"))
		d, err := db.Open(context.Background(), dir, url)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		rows := func(q string) string {
			out, err := db.All(context.Background(), d.Read, func(r *sql.Rows) (string, error) {
				var s string
				err := r.Scan(&s)
				return s, err
			}, q)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(out, " ")
		}
		if got, want := rows(`SELECT import || line || entry || body FROM entry_staged ORDER BY import, line`), `r13e2{"a":2}`; got != want {
			t.Errorf("staged: %s, want %s", got, want)
		}
		if got, want := rows(`SELECT entry || rev || import || line FROM entry_rev ORDER BY entry, rev`), "e11r12 e12r22 e84r23 e850"; got != want {
			t.Errorf("written by: %s, want %s", got, want)
		}
		if got, want := rows(`SELECT run || line || state FROM import_line ORDER BY run, line`), "r12kept r13good r14bad r15good r22kept r23kept"; got != want {
			t.Errorf("rows: %s, want %s", got, want)
		}
	})
}
