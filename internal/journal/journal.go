// Package journal is the audit trail: who did what to which object, chained so that a gap or a change shows.
package journal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
)

// Write adds a line in the command's own transaction. content is reduced to a digest of its canonical JSON;
// it must hold no personal data. No lock is held: numbers and chain are given by Seal.
func Write(ctx context.Context, tx *db.Tx, by access.Scope, at time.Time, op access.Verb, object string, rev int64, content any) error {
	raw, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("journal %s: %w", op, err)
	}
	sum := sha256.Sum256(raw)
	actor := by.Account
	if by.IsSystem() {
		actor = "system:" + by.Name
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO journal (district, id, at, actor, op, object, rev, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		by.District, id.New(at), at.UnixMilli(), actor, string(op), object, rev, hex.EncodeToString(sum[:]))
	return err
}

// Seal gives gapless numbers and the chain hash to lines that have none, at most limit, and returns how many.
func Seal(ctx context.Context, tx *db.Tx, district int64, limit int) (int, error) {
	if tx.Postgres {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7406, $1)`, int32(district)); err != nil {
			return 0, err
		}
	}
	var seq int64
	var chain string
	err := tx.QueryRowContext(ctx, `SELECT seq, chain FROM journal WHERE district = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1`, district).Scan(&seq,
		&chain)
	if _, err = db.One(err); err != nil {
		return 0, err
	}
	type line struct{ id, text string }
	lines, err := db.All(ctx, tx, func(r *sql.Rows) (l line, err error) {
		l.text, err = lineOf(r)
		l.id, _, _ = strings.Cut(l.text, " ")
		return l, err
	}, `SELECT id, at, actor, op, object, rev, digest FROM journal WHERE district = $1 AND seq IS NULL ORDER BY at, id LIMIT $2`, district, limit)
	if err != nil {
		return 0, err
	}
	for _, l := range lines {
		seq++
		sum := sha256.Sum256([]byte(chain + "\n" + l.text))
		chain = hex.EncodeToString(sum[:])
		if _, err := tx.ExecContext(ctx, `UPDATE journal SET seq = $3, chain = $4 WHERE district = $1 AND id = $2`, district, l.id, seq, chain); err != nil {
			return 0, err
		}
	}
	return len(lines), nil
}

// lineOf is what the chain holds of a line: everything but its number. more takes what is selected behind it.
func lineOf(r *sql.Rows, more ...any) (string, error) {
	var id, actor, op, object, digest string
	var at, rev int64
	err := r.Scan(append([]any{&id, &at, &actor, &op, &object, &rev, &digest}, more...)...)
	return fmt.Sprintf("%s %d %s %s %s %d %s", id, at, actor, op, object, rev, digest), err
}
