package app_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"

	"sifen/internal/app"
	"sifen/internal/dbtest"
)

// TestLockOutlivesItsFile: who deletes the file lock while a server runs lets no second writer in. The control is the file alone,
// which anybody may take again.
func TestLockOutlivesItsFile(t *testing.T) {
	dir := t.TempDir()
	unlock, err := app.Lock(dir)
	must(t, err)
	second := func(what string, free bool) {
		t.Helper()
		u, err := app.Lock(dir)
		if (err == nil) != free {
			t.Errorf("%s: %v", what, err)
		}
		if err == nil {
			u()
		}
	}
	second("while it is held", false)
	must(t, os.Remove(filepath.Join(dir, "lock")))
	second("its file was deleted", false)
	u, err := app.Turn(t.Context(), dir, "other", func() { t.Error("it waits for nobody") })
	must(t, err)
	must(t, os.Remove(filepath.Join(dir, "other.lock")))
	again, err := app.Turn(t.Context(), dir, "other", func() { t.Error("the control: a lock that is a file alone is gone with it") })
	must(t, err)
	again()
	u()
	unlock()
	second("given back", true)
}

// TestSetUpIsFinished: what an interrupted init began the next one finishes, until somebody has signed in.
func TestSetUpIsFinished(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, dir, url string) {
		ctx := t.Context()
		a, err := app.Open(ctx, app.Options{Data: dir, Database: url})
		must(t, err)
		defer a.Close() //nolint:errcheck // of a test
		_, err = a.Init(ctx, "330106", "四方区")
		must(t, err) // killed here: a district without anybody
		first, err := a.SetUp(ctx, "330106", "四方区", "admin")
		must(t, err) // killed here: nobody has read the password
		if _, err := a.SetUp(ctx, "330106", "四方区", "anna"); !errors.Is(err, app.ErrExists) {
			t.Errorf("another administrator: %v", err)
		}
		if _, err := a.SetUp(ctx, "330108", "另一区", "admin"); !errors.Is(err, app.ErrExists) {
			t.Errorf("another district: %v", err)
		}
		second, err := a.SetUp(ctx, "330106", "四方区", "admin")
		must(t, err)
		if _, _, err := a.Accounts.SignIn(ctx, "admin", first, "192.0.2.1:1"); err == nil {
			t.Error("the password that nobody read still opens")
		}
		_, _, err = a.Accounts.SignIn(ctx, "admin", second, "192.0.2.1:1")
		must(t, err)
		if _, err := a.SetUp(ctx, "330106", "四方区", "admin"); !errors.Is(err, app.ErrExists) { // the control
			t.Errorf("after the first sign-in: %v", err)
		}
	})
}

// TestNodesShareEvidence: a node that does not reach the folder in which the files of its database are refuses to start.
func TestNodesShareEvidence(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, _, url string) {
		if url == "" {
			return // one node
		}
		shared := filepath.Join(t.TempDir(), "shared")
		start := func(evidence string) error {
			a, err := app.Open(t.Context(), app.Options{Data: t.TempDir(), Database: url, EvidenceDir: evidence})
			must(t, err)
			defer a.Close() //nolint:errcheck // of a test
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			return a.Serve(ctx, "127.0.0.1:0", false, func(net.Addr) { stop() })
		}
		must(t, start(shared)) // the first one names it
		must(t, start(shared)) // the control: the same folder
		for what, dir := range map[string]string{"an empty place where nothing is mounted": t.TempDir(), "a folder that is not there": shared + "2",
			"its own folder": ""} {
			if err := start(dir); !errors.Is(err, app.ErrEvidence) {
				t.Errorf("%s: %v", what, err)
			}
		}
		must(t, os.Remove(filepath.Join(shared, "store")))
		if err := start(shared); !errors.Is(err, app.ErrEvidence) {
			t.Errorf("a share that lost its files: %v", err)
		}
	})
}
