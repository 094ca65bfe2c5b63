package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sifen/internal/db"
	"sifen/internal/dbtest"
)

var errMind = errors.New("changed my mind")

func set(ctx context.Context, tx *db.Tx, n int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO counter (district, name, value) VALUES (1, 'n', $1) ON CONFLICT (district, name) DO UPDATE
		SET value = excluded.value`, n)
	return err
}

func get(t *testing.T, q db.Querier) (n int) {
	t.Helper()
	err := q.QueryRowContext(t.Context(), `SELECT value FROM counter WHERE district = 1 AND name = 'n'`).Scan(&n)
	if _, err := db.One(err); err != nil {
		t.Fatal(err)
	}
	return n
}

// What a transaction leaves behind: everything with its commit, nothing without, also not the notes to listeners.
func TestWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var heard []any
		end := d.Listen(func(n any) { heard = append(heard, n) })
		for _, c := range []struct {
			what  string
			run   func(tx *db.Tx) error
			n     int
			heard string
			err   bool
		}{
			{"committed", func(tx *db.Tx) error { tx.Tell("one"); return set(ctx, tx, 1) }, 1, "[one]", false},
			{"an error at the end", func(tx *db.Tx) error { tx.Tell("two"); return errors.Join(set(ctx, tx, 2), errMind) }, 1, "[one]", true},
			{"an error before the commit", func(tx *db.Tx) error {
				tx.Tell("three")
				tx.BeforeCommit(func(context.Context) error { return errMind })
				return set(ctx, tx, 3)
			}, 1, "[one]", true},
			{"work that orders more before the commit", func(tx *db.Tx) error {
				tx.BeforeCommit(func(ctx context.Context) error {
					tx.BeforeCommit(func(ctx context.Context) error { return set(ctx, tx, 4) })
					return nil
				})
				return nil
			}, 4, "[one]", false},
			{"a value made once", func(tx *db.Tx) error {
				made := 0
				for range 3 {
					tx.Value("k", func() any { made++; return made })
				}
				return set(ctx, tx, 10+made)
			}, 11, "[one]", false},
		} {
			if err := d.Write(ctx, c.run); (err != nil) != c.err || c.err && !errors.Is(err, errMind) {
				t.Errorf("%s: %v", c.what, err)
			}
			if n := get(t, d.Read); n != c.n || fmt.Sprint(heard) != c.heard {
				t.Errorf("%s: %d and %v, want %d and %s", c.what, n, heard, c.n, c.heard)
			}
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is gone")
				}
			}()
			_ = d.Write(ctx, func(tx *db.Tx) error { _ = set(ctx, tx, 99); panic("in the middle") }) // it panics
		}()
		if n := get(t, d.Read); n != 11 {
			t.Errorf("a panic left %d", n)
		}
		d.Tell("from elsewhere")
		end()
		d.Tell("unheard")
		if len(heard) != 2 || heard[1] != "from elsewhere" {
			t.Errorf("heard %v", heard)
		}
	})
}

func TestSnapshotSeesOneState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		write := func(n int) {
			if err := d.Write(ctx, func(tx *db.Tx) error { return set(ctx, tx, n) }); err != nil {
				t.Fatal(err)
			}
		}
		write(1)
		if err := d.Snapshot(ctx, func(q db.Querier) error {
			if get(t, q) != 1 {
				t.Error("the snapshot does not see what was there")
			}
			write(2)
			if n := get(t, q); n != 1 {
				t.Errorf("the snapshot moved to %d", n)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if get(t, d.Read) != 2 {
			t.Error("the write is lost")
		}
	})
}

// A failed statement is an error, a row that was not there is none; what people can act on is said.
func TestChangedAndExplained(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		try := func(query string, args ...any) (ok bool, err error) {
			_ = d.Write(ctx, func(tx *db.Tx) error { ok, err = db.Changed(tx.ExecContext(ctx, query, args...)); return err })
			return ok, err
		}
		if ok, err := try(`INSERT INTO counter (district, name, value) VALUES (1, 'n', 1)`); !ok || err != nil {
			t.Errorf("a row: %v %v", ok, err)
		}
		if ok, err := try(`UPDATE counter SET value = 2 WHERE district = $1 AND name = 'm'`, 1); ok || err != nil {
			t.Errorf("no row: %v %v", ok, err)
		}
		if ok, err := try(`UPDATE nowhere SET value = 2`); ok || err == nil {
			t.Errorf("no table: %v %v", ok, err)
		}
		if _, err := try(`INSERT INTO counter (district, name, value) VALUES (1, 'n', 1)`); !errors.Is(err, db.ErrUnique) {
			t.Errorf("the same key: %v", err)
		}
		if found, err := db.One(sql.ErrNoRows); found || err != nil {
			t.Errorf("nothing found: %v %v", found, err)
		}
		if _, err := db.One(errMind); !errors.Is(err, errMind) {
			t.Error("a failed look-up is no look-up that found nothing")
		}
		list, err := db.All(ctx, d.Read, func(r *sql.Rows) (n int, err error) { return n, r.Scan(&n) },
			`SELECT value FROM counter WHERE name IN (`+db.In(1, 2)+`)`, db.Args(nil, []string{"n", "m"})...)
		if err != nil || len(list) != 1 {
			t.Errorf("rows in a list: %v %v", list, err)
		}
		if _, err := db.All(ctx, d.Read, func(r *sql.Rows) (n int, err error) { return n, errMind }, `SELECT 1`); !errors.Is(err, errMind) {
			t.Errorf("a row that cannot be read: %v", err)
		}
	})
}

func TestStatementsOfLists(t *testing.T) {
	if got := db.In(3, 3); got != "$3, $4, $5" {
		t.Error(got)
	}
	if got := db.Rows(2, 2); got != "($1, $2), ($3, $4)" {
		t.Error(got)
	}
	both := db.Or(db.SQL{Text: "a = $1 AND b = $2", Args: []any{1, 2}}, db.SQL{Text: "c = $1", Args: []any{3}})
	if got := both.From(4); got != "(a = $4 AND b = $5 OR c = $6)" || fmt.Sprint(both.Args) != "[1 2 3]" {
		t.Error(got, both.Args)
	}
	if got := fmt.Sprint(db.Args([]any{1}, []string{"a", "b"})); got != "[1 a b]" {
		t.Error(got)
	}
}

// A schema newer than the program is refused, and so is a migration that was changed after it had been applied; before an
// upgrade a copy is kept.
func TestMigrations(t *testing.T) {
	ctx := t.Context()
	tests := map[string]struct {
		spoil string
		want  string
	}{
		"untouched":          {"", ""},
		"newer":              {`INSERT INTO schema_version (version, name, sum, at) VALUES (9999, 'future', '', 0)`, "start the newer program"},
		"changed":            {`UPDATE schema_version SET sum = 'x' WHERE version = 1`, "was changed after it had been applied"},
		"older, with a copy": {"take back", ""},
	}
	for what, c := range tests {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			d, err := db.Open(ctx, dir, "")
			if err != nil {
				t.Fatal(err)
			}
			if c.spoil == "take back" {
				if err := d.TakeBack(ctx); err != nil {
					t.Fatal(err)
				}
			} else if c.spoil != "" {
				if err := d.Exec(ctx, c.spoil); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			d, err = db.Open(ctx, dir, "")
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				defer d.Close() //nolint:errcheck // of a test
				copies, _ := filepath.Glob(filepath.Join(dir, "before-*.db"))
				if (len(copies) == 1) != (what == "older, with a copy") {
					t.Errorf("copies: %v", copies)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestOldSchemas: a command that only reads leaves an older database as it is; an upgrade that was interrupted in the middle of
// its snapshot takes a whole one.
func TestOldSchemas(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	d, err := db.OpenAsIs(ctx, dir, "") // a new folder gets its schema
	if err != nil {
		t.Fatal(err)
	}
	var last int
	if err := d.Read.QueryRowContext(ctx, `SELECT max(version) FROM schema_version`).Scan(&last); err != nil {
		t.Fatal(err)
	}
	if err := d.TakeBack(ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.OpenAsIs(ctx, dir, ""); !errors.Is(err, db.ErrOldSchema) {
		t.Fatalf("a command changes an older database: %v", err)
	}
	snapshot := filepath.Join(dir, fmt.Sprintf("before-%04d.db", last))
	if _, err := os.Stat(snapshot); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("it takes a snapshot: %v", err)
	}
	for _, half := range []string{snapshot, snapshot + ".part"} { // as two kinds of interruption leave them
		if err := os.WriteFile(half, []byte("SQLite format 3\x00 and no more"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if d, err = db.Open(ctx, dir, ""); err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // of a test
	c, err := sql.Open("sqlite", "file:"+snapshot)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // of a test
	var newest int
	if err := c.QueryRowContext(ctx, `SELECT max(version) FROM schema_version`).Scan(&newest); err != nil || newest >= last {
		t.Errorf("the snapshot is of schema %d, before %d: %v", newest, last, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.part*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBackup(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	d := dbtest.SQLite(t)
	if err := d.Write(ctx, func(tx *db.Tx) error { return set(ctx, tx, 7) }); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, "sifen.db")
	if err := d.Backup(ctx, to); err != nil {
		t.Fatal(err)
	}
	if err := d.Backup(ctx, to); err == nil {
		t.Error("a copy was overwritten")
	}
	c, err := db.Open(ctx, dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // of a test
	if get(t, c.Read) != 7 {
		t.Error("the copy lacks what was committed")
	}
}

func TestConnect(t *testing.T) {
	if _, err := db.Connect(t.TempDir(), "mysql://nowhere"); err == nil || !strings.Contains(err.Error(), "postgres://") {
		t.Errorf("an address of another sort: %v", err)
	}
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Connect(file, ""); err == nil {
		t.Error("a file was taken for a folder")
	}
}

// Signals wake those who wait on the same database, and nobody waits for one longer than the pause.
func TestSignals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		if err := d.Signal(ctx, "sifen_test", "hello"); err != nil {
			t.Fatal(err)
		}
		if !d.Postgres {
			return // one node: a signal goes nowhere
		}
		words := make(chan string, 100)
		ended := make(chan error, 1)
		go func() { ended <- d.Signals(ctx, "sifen_test", 50*time.Millisecond, func(w string) { words <- w }) }()
		for range 2 { // at the beginning, and after the pause
			if w := <-words; w != "" {
				t.Errorf("heard %q", w)
			}
		}
		if err := d.Signal(ctx, "sifen_test", "again"); err != nil {
			t.Fatal(err)
		}
		for w := range words {
			if w == "again" {
				break
			}
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}
