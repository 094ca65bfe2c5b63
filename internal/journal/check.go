package journal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"

	"sifen/internal/db"
	"sifen/internal/i18n"
)

// Check follows the chain of a district's journal and names the first line that was changed, removed or put in; none where
// all is as it was written. Lines that wait for their numbers are not looked at.
func Check(ctx context.Context, q db.Querier, district int64) ([]i18n.Label, error) {
	const portion = 5000
	chain, seq := "", int64(0)
	for {
		type sealed struct {
			seq         int64
			text, chain string
		}
		list, err := db.All(ctx, q, func(r *sql.Rows) (l sealed, err error) {
			l.text, err = lineOf(r, &l.seq, &l.chain)
			return l, err
		}, `SELECT id, at, actor, op, object, rev, digest, seq, chain FROM journal WHERE district = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
			district, seq, portion)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		for _, l := range list {
			seq++
			sum := sha256.Sum256([]byte(chain + "\n" + l.text))
			if chain = hex.EncodeToString(sum[:]); l.seq != seq || l.chain != chain {
				return []i18n.Label{i18n.Say("doctor.journal", map[string]any{"n": seq})}, nil
			}
		}
	}
}
