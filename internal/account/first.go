package account

import (
	"context"

	"sifen/internal/db"
)

// First is the first account of a district; zero when there is none.
type First struct{ ID, Login string }

// Untouched reports whether nobody has used a district yet: it has one account at the most, which never signed in and still has
// its one-time password.
func Untouched(ctx context.Context, q db.Querier, district int64) (First, bool, error) {
	var f First
	var n, seen, must int64
	err := q.QueryRowContext(ctx, `SELECT count(*), coalesce(max(seen_at), 0), coalesce(min(must_change), 1), coalesce(min(id), ''), coalesce(min(login), '')
		FROM account WHERE district = $1`, district).Scan(&n, &seen, &must, &f.ID, &f.Login)
	return f, n <= 1 && seen == 0 && must == 1, err
}
