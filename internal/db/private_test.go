package db_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sifen/internal/db"
	"sifen/internal/dbtest"
)

// modes lists what others may read or write of a folder.
func modes(t *testing.T, dir string) (open []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		st, err := e.Info()
		if err == nil && st.Mode().Perm()&0o077 != 0 {
			open = append(open, fmt.Sprintf("%s %o", path, st.Mode().Perm()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return open
}

// TestFilesAtRest: folder, database, journal files and copies are their owner's alone, also those that an earlier version or a
// killed program left open.
func TestFilesAtRest(t *testing.T) {
	for what, leave := range map[string]func(t *testing.T, dir string){
		"a new folder": func(*testing.T, string) {},
		"a folder of an earlier version": func(t *testing.T, dir string) {
			d, err := db.Open(t.Context(), dir, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"sifen.db", "before-0007.db"} {
				f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o644)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.Chmod(0o664); err != nil {
					t.Fatal(err)
				}
				f.Close()
			}
			if err := os.Chmod(dir, 0o775); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			leave(t, dir)
			d, err := db.Open(t.Context(), dir, "")
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if err := d.Exec(t.Context(), `UPDATE setting SET value = value`); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"sifen.db-wal", "sifen.db-shm"} {
				if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
					t.Errorf("the test looks at no journal: %v", err)
				}
			}
			if err := d.Backup(t.Context(), filepath.Join(dir, "copy.db")); err != nil {
				t.Fatal(err)
			}
			if open := modes(t, dir); len(open) > 0 || d.Told != nil {
				t.Errorf("open to others: %v; told: %v", open, d.Told)
			}
		})
	}
}

// TestOneTimePasswordsAreForgotten: those that an earlier version kept with its answers stand nowhere in the folder after
// the upgrade, and other answers stay.
func TestOneTimePasswordsAreForgotten(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, dir, url string) {
		bytesOf := map[bool]string{true: "CAST('%s' AS BLOB)", false: "'%s'"}[url == ""]
		answer := func(id, body string) string {
			return fmt.Sprintf(`INSERT INTO operation (district, id, account, hash, status, header, body, at)
				VALUES (1, '%s', 'a', 'h', 200, '', `+bytesOf+`, 1)`, id, body)
		}
		rows := []string{answer("1", `{"id":"x","password":"canary-pass-word"}`), answer("2", `{"id":"x","title":"a word"}`)}
		before(t, 48, dir, url, rows...)
		d, err := db.Open(t.Context(), dir, url)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		var left string
		if err := d.Read.QueryRowContext(t.Context(), `SELECT max(id) || count(*) FROM operation`).Scan(&left); err != nil || left != "21" {
			t.Errorf("left: %s, %v", left, err)
		}
		if url != "" {
			return
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.db*"))
		if err != nil || len(files) < 2 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(raw, []byte("canary-pass-word")) {
				t.Errorf("%s still tells a one-time password", f)
			}
		}
	})
}
