package db_test

import (
	"context"
	"fmt"
	"testing"

	"sifen/internal/db"
	"sifen/internal/dbtest"
)

// TestKeptStatements: the same text inside its own rows, again after them, after an error and beyond the number that is kept
// gives what it should; each is counted once.
func TestKeptStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, count := db.Counted(context.Background())
		one := func(q db.Querier, n int) int {
			var got int
			if err := q.QueryRowContext(ctx, `SELECT CAST($1 AS BIGINT) + 1`, n).Scan(&got); err != nil {
				t.Fatal(err)
			}
			return got
		}
		asked := 0
		if err := d.Snapshot(ctx, func(q db.Querier) error {
			for round := range 3 {
				if d.Postgres { // a connection there reads one result at a time
					one(q, round)
					asked++
					continue
				}
				rows, err := q.QueryContext(ctx, `SELECT CAST($1 AS BIGINT) + 1`, 10*round)
				if err != nil {
					return err
				}
				for rows.Next() {
					var outer int
					if err := rows.Scan(&outer); err != nil {
						return err
					}
					if inner := one(q, 5); outer != 10*round+1 || inner != 6 {
						t.Errorf("round %d: %d and %d", round, outer, inner)
					}
				}
				if err := rows.Close(); err != nil {
					return err
				}
				asked += 2
			}
			for i := range 500 {
				var got int
				if err := q.QueryRowContext(ctx, fmt.Sprintf(`SELECT %d + CAST($1 AS BIGINT)`, i), 1).Scan(&got); err != nil || got != i+1 {
					return fmt.Errorf("statement %d: %d %w", i, got, err)
				}
				asked++
			}
			if got := one(q, 41); got != 42 {
				t.Errorf("after many others: %d", got)
			}
			asked++
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, s := range count.Texts() {
			if len(s) > 6 && s[:6] == "SELECT" {
				seen++
			}
		}
		if seen != asked {
			t.Errorf("%d statements were counted, %d were asked", seen, asked)
		}
		over, cancel := context.WithCancel(context.Background())
		cancel()
		if err := d.Read.QueryRowContext(over, `SELECT CAST($1 AS BIGINT) + 1`, 1).Scan(new(int)); err == nil {
			t.Error("a reading that was called off is answered")
		}
		if got := one(d.Read, 1); got != 2 {
			t.Errorf("after one that was called off: %d", got)
		}
	})
}
