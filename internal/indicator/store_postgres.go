package indicator

import (
	"context"
	"fmt"

	"sifen/internal/db"
)

// lock takes PostgreSQL's advisory lock of a district until the commit. SQLite has one writer and needs none.
func lock(ctx context.Context, tx *db.Tx, district int64, function string) error {
	if !tx.Postgres {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `SELECT `+function+`(7407, $1)`, int32(district)); err != nil {
		return fmt.Errorf("take the district's lock: %w", err)
	}
	return nil
}
