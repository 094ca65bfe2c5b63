package db_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sifen/internal/db"
)

// readWithoutPause keeps a read transaction of several readers open at every moment until stop: each begins before the one
// before it ends. The number of reads stands in the result of stop.
func readWithoutPause(t *testing.T, d *db.DB) (stop func() int64) {
	ctx, cancel := context.WithCancel(t.Context())
	var reads atomic.Int64
	var readers sync.WaitGroup
	baton := make(chan chan struct{}, 1) // what the last reader waits for before it ends
	baton <- make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				err := d.Snapshot(context.Background(), func(q db.Querier) error {
					var n int
					if err := q.QueryRowContext(context.Background(), `SELECT count(*) FROM setting`).Scan(&n); err != nil {
						return err
					}
					close(<-baton) // the one before may end now
					next := make(chan struct{})
					baton <- next
					select {
					case <-next:
					case <-ctx.Done():
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				reads.Add(1)
			}
		})
	}
	return func() int64 { cancel(); readers.Wait(); return reads.Load() }
}

// TestLogIsBounded writes four times the limit of the log under readers that never pause. The control does so under one reader
// that stays: no log can be emptied under him, and it grows by all that is written.
func TestLogIsBounded(t *testing.T) {
	const mebibyte, rounds = 1 << 20, 64
	grown := func(read func(t *testing.T, d *db.DB) (stop func() int64), reads int64) (most int64) {
		dir := t.TempDir()
		d, err := db.Open(t.Context(), dir, "")
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		stop := read(t, d)
		for i := range rounds {
			text := strings.Repeat(string(rune('a'+i%26)), mebibyte)
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.ExecContext(t.Context(), `INSERT INTO setting (district, key, value) VALUES (1, 'text', $1)
					ON CONFLICT (district, key) DO UPDATE SET value = excluded.value`, text)
				return err
			}); err != nil {
				t.Error(err)
			}
			if st, err := os.Stat(filepath.Join(dir, "sifen.db-wal")); err == nil {
				most = max(most, st.Size())
			}
		}
		if n := stop(); n < reads {
			t.Errorf("only %d reads went on meanwhile", n)
		}
		return most / mebibyte
	}
	passing := grown(readWithoutPause, rounds)
	staying := grown(func(t *testing.T, d *db.DB) func() int64 {
		began, leave, left := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			left <- d.Snapshot(context.Background(), func(q db.Querier) error {
				var n int
				err := q.QueryRowContext(context.Background(), `SELECT count(*) FROM setting`).Scan(&n)
				close(began)
				<-leave
				return err
			})
		}()
		<-began
		return func() int64 {
			close(leave)
			if err := <-left; err != nil {
				t.Error(err)
			}
			return 1
		}
	}, 1)
	t.Logf("the log grew to %d MiB under readers that pass, to %d MiB under one that stays", passing, staying)
	if passing > 40 {
		t.Errorf("the log grew to %d MiB", passing)
	}
	if staying < rounds-4 {
		t.Errorf("the control grew to %d MiB only", staying)
	}
}

// TestCloseLeavesOneFile: a database that was closed is one file.
func TestCloseLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return set(t.Context(), tx, 1) }); err != nil {
		t.Fatal(err)
	}
	if n := get(t, d.Read); n != 1 {
		t.Fatal(n)
	}
	files := func() int {
		list, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := files(); n != 3 {
		t.Errorf("%d files while it is open, want file, log and index", n)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if n := files(); n != 1 {
		t.Errorf("%d files are left", n)
	}
}
