package indicator_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"sifen/internal/app"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/packs"
)

var update = flag.Bool("update", false, "write the golden files")

// TestStoredDefinitionsStayEqual holds the bodies of figure_def to those that running districts have stored: another
// byte would make every figure of the shipped pack a new version.
func TestStoredDefinitionsStayEqual(t *testing.T) {
	ctx, d := context.Background(), dbtest.SQLite(t)
	world, err := app.Open(ctx, app.Options{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close() //nolint:errcheck // of a test
	registry := world.Registry
	base, faults := registry.Load(packs.Base())
	if len(faults) == 0 {
		_, faults = registry.Build(base)
	}
	if len(faults) > 0 {
		t.Fatal(faults[0])
	}
	var got strings.Builder
	err = d.Write(ctx, func(tx *db.Tx) error {
		got.Reset()
		at := time.Date(2020, 12, 31, 1, 0, 0, 0, time.UTC)
		district, err := org.Create(ctx, tx, "340299", "测试区", at)
		if err != nil {
			return err
		}
		if _, err := pack.Apply(ctx, tx, district, base, 0, at); err != nil {
			return err
		}
		set, err := pack.Stored(ctx, tx, district)
		if err != nil {
			return err
		}
		if faults := registry.Resolve(set); len(faults) > 0 {
			return fmt.Errorf("%s", faults[0])
		}
		if err := world.Figures.Sync(ctx, tx, district, set); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT key, kind, body FROM figure_def WHERE district = $1 ORDER BY key`, district)
		var key, kind, body string
		return db.Each(rows, err, func() error {
			err := rows.Scan(&key, &kind, &body)
			fmt.Fprintf(&got, "%s %s %s\n", key, kind, body)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/figure_def.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if g, w := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n"); len(g) != len(w) || len(g) < 50 {
		t.Fatalf("%d definitions, want %d", len(g), len(w))
	} else {
		for i := range g {
			if g[i] != w[i] {
				t.Errorf("have %s\nwant %s", g[i], w[i])
			}
		}
	}
}
