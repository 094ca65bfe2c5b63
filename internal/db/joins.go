package db

import (
	"context"
	"strconv"
	"strings"
)

// HashJoins runs statements that match many rows just written. PostgreSQL knows nothing of such rows yet and would
// compare each with each.
func (t *Tx) HashJoins(ctx context.Context, f func() error) error {
	if !t.Postgres {
		return f()
	}
	if _, err := t.ExecContext(ctx, "SET LOCAL enable_nestloop = off"); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, "SET LOCAL enable_nestloop = on")
	return err
}

// Rows writes the placeholders of a VALUES list: Rows(2, 2) is "($1, $2), ($3, $4)".
func Rows(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%columns == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteString(")")
	return b.String()
}

// RowsAtOnce is how many rows one INSERT should take: to PostgreSQL every statement is a journey, and SQLite looks each
// placeholder up by its name among all of them.
func (t *Tx) RowsAtOnce() int {
	if t.Postgres {
		return 100
	}
	return 10
}
