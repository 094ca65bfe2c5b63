package db_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"sifen/internal/db"
	"sifen/internal/dbtest"
)

// TestServersAndCommands: any number of servers run on one PostgreSQL, or one command that writes, or one that brings the schema
// up to date; a server whose connection was lost says again that it runs.
func TestServersAndCommands(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, dir, url string) {
		if url == "" {
			return // the lock of the data folder does this
		}
		ctx := t.Context()
		var nodes [3]*db.DB
		for i := range nodes {
			d, err := db.Open(ctx, dir, url)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close() //nolint:errcheck // of a test
			nodes[i] = d
		}
		alone := func(want error) func() {
			t.Helper()
			release, err := nodes[2].Alone(ctx)
			if !errors.Is(err, want) {
				t.Fatalf("a command alone: %v, want %v", err, want)
			}
			return release
		}
		release := alone(nil) // the control: while no server runs it may
		if _, err := nodes[0].Serving(ctx, slog.Default()); !errors.Is(err, db.ErrTaken) {
			t.Errorf("a server beside it: %v", err)
		}
		release()

		serving, stop := context.WithCancel(ctx)
		defer stop()
		var ended [2]<-chan struct{}
		for i := range ended {
			var err error
			if ended[i], err = nodes[i].Serving(serving, slog.New(slog.DiscardHandler)); err != nil {
				t.Fatal(err)
			}
		}
		alone(db.ErrServed)
		if err := nodes[2].TakeBack(ctx); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if _, err := db.Open(short, dir, url); !errors.Is(err, db.ErrServed) {
			t.Errorf("a newer server beside older ones: %v", err)
		}

		lose := fmt.Sprintf(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %d`, 7407)
		if err := nodes[2].Exec(ctx, lose); err != nil {
			t.Fatal(err)
		}
		if err := nodes[2].Exec(ctx, `SELECT pg_sleep(4)`); err != nil { // longer than servers take to look
			t.Fatal(err)
		}
		alone(db.ErrServed)
		stop()
		for _, e := range ended {
			<-e
		}
		alone(nil)()
		d, err := db.Open(ctx, dir, url)
		if err != nil {
			t.Fatalf("the upgrade after all have stopped: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
}
