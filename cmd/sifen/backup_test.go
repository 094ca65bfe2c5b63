package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sifen/internal/app"
)

// TestBackupsFollowOneAnother: backups that begin at once are all whole. The control: while another process is at it, one waits.
func TestBackupsFollowOneAnother(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	a, err := app.Open(ctx, app.Options{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Init(ctx, "330106", "四方区"); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	out := func(i int) string { return filepath.Join(t.TempDir(), fmt.Sprintf("b%d.tar.gz", i)) }
	var all sync.WaitGroup
	for i := range 4 {
		to := out(i)
		all.Go(func() {
			if err := (backupCmd{data: data{Data: dir}, Out: to}).Run(ctx); err != nil {
				t.Errorf("backup %d: %v", i, err)
				return
			}
			f, err := os.Open(to)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			z, err := gzip.NewReader(f)
			if err != nil {
				t.Error(err)
				return
			}
			if h, err := tar.NewReader(z).Next(); err != nil || h.Name != "sifen.db" || h.Size < 100_000 {
				t.Errorf("backup %d holds %+v: %v", i, h, err)
			}
		})
	}
	all.Wait()
	if left, _ := filepath.Glob(filepath.Join(dir, "backup.db*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	next, err := app.Turn(ctx, dir, "backup", func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer next()
	short, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	if err := (backupCmd{data: data{Data: dir}, Out: out(9)}).Run(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("beside another one: %v", err)
	}
}
