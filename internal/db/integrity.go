package db

import (
	"context"
	"database/sql"
)

// Integrity is what SQLite says of its own file, page by page; nothing when all is well. PostgreSQL looks after its own by
// checksums, which it reports when it reads a damaged page.
func (d *DB) Integrity(ctx context.Context) ([]string, error) {
	if d.Postgres {
		return nil, nil
	}
	said, err := All(ctx, d.Read, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }, `PRAGMA integrity_check(20)`)
	if len(said) == 1 && said[0] == "ok" {
		said = nil
	}
	return said, err
}

// Writable reports whether a transaction that changes something can be committed and flushed now.
func (d *DB) Writable(ctx context.Context) error {
	return d.Write(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO counter (district, name, value) VALUES ($1, 'probe', 1)
			ON CONFLICT (district, name) DO UPDATE SET value = counter.value + 1`, int64(0))
		return err
	})
}
