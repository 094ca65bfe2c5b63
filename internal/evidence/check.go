package evidence

import (
	"context"
	"database/sql"
	"fmt"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/period"
)

// rounds is in how many days the daily check has looked at every file.
const rounds = 32

// check compares kept files with their digests: all, or those whose turn it is today.
func (s *Service) check(ctx context.Context, q db.Querier, district int64, depth module.Depth) ([]i18n.Label, error) {
	from, to := "", "g" // behind every digest
	if depth == module.Share {
		turn := int64(period.Of(s.Clock.Now())) % rounds
		from = fmt.Sprintf("%02x", turn*256/rounds)
		if turn < rounds-1 {
			to = fmt.Sprintf("%02x", (turn+1)*256/rounds)
		}
	}
	var out []i18n.Label
	for {
		list, err := db.All(ctx, q, func(r *sql.Rows) (f module.File, err error) { return f, r.Scan(&f.SHA, &f.Name) },
			`SELECT sha, name FROM evidence WHERE district = $1 AND sha > $2 AND sha < $3 ORDER BY sha LIMIT 500`, district, from, to)
		if err != nil || len(list) == 0 {
			return out, err
		}
		bad, err := module.Damaged(s.Blobs, list)
		if err != nil {
			return out, err
		}
		out, from = append(out, bad...), list[len(list)-1].SHA
	}
}
