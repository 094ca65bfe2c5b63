package evidence

import (
	"context"
	"database/sql"
	"slices"

	"sifen/internal/access"
	"sifen/internal/blob"
	"sifen/internal/db"
)

type owingKey struct{}

type owing struct {
	account string
	files   map[string]bool
}

// Owing lets what is done on a context name files whose bytes have not come yet. Their use is written when the account itself
// has brought them: to know a digest gives no right to the file.
func Owing(ctx context.Context, account string, files []string) context.Context {
	o := owing{account, map[string]bool{}}
	for _, sha := range files {
		if blob.ValidSum(sha) {
			o.files[sha] = true
		}
	}
	return context.WithValue(ctx, owingKey{}, o)
}

// MayName reports whether a record may name a file: its writer may open it, or is going to bring it.
func MayName(ctx context.Context, q db.Querier, by access.Scope, sha string) (bool, error) {
	if o, ok := ctx.Value(owingKey{}).(owing); ok && o.files[sha] {
		return true, nil
	}
	return MayRead(ctx, q, by, sha)
}

// owedBy is who is going to bring the files that an object names, by file.
func owedBy(ctx context.Context, q db.Querier, district int64, object string) (map[string]string, error) {
	out, err := db.Pairs[string, string](ctx, q, `SELECT sha, account FROM evidence_owed WHERE district = $1 AND object = $2`, district, object)
	if o, ok := ctx.Value(owingKey{}).(owing); ok && err == nil {
		for sha := range o.files {
			out[sha] = o.account
		}
	}
	return out, err
}

// Owed are the files that objects name and whose bytes have not come yet.
func Owed(ctx context.Context, q db.Querier, district int64, objects ...string) ([]string, error) {
	return db.Named(objects, 2, []any{district}, func(in string, args []any) ([]string, error) {
		return db.All(ctx, q, func(r *sql.Rows) (sha string, err error) { return sha, r.Scan(&sha) },
			`SELECT DISTINCT sha FROM evidence_owed WHERE district = $1 AND object IN (`+in+`) ORDER BY sha`, args...)
	})
}

// Here are the files of a list that have come: what is shown leaves out what is owed.
func Here(list, owed []string) []string {
	out := make([]string, 0, len(list))
	for _, sha := range list {
		if !slices.Contains(owed, sha) {
			out = append(out, sha)
		}
	}
	return out
}

// Brought writes the uses that waited for the bytes of an account, which somebody has brought for it.
func Brought(ctx context.Context, tx *db.Tx, district int64, account, sha string) error {
	return arrived(ctx, tx, district, account, sha)
}

// arrived writes the uses that waited for the bytes an account has brought.
func arrived(ctx context.Context, tx *db.Tx, district int64, account, sha string) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO evidence_use (district, sha, kind, object, field, unit)
		SELECT o.district, o.sha, o.kind, o.object, o.field, o.unit FROM evidence_owed AS o WHERE o.district = $1 AND o.sha = $2 AND o.account = $3
		ON CONFLICT (district, sha, object, field) DO NOTHING`, district, sha, account); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM evidence_owed WHERE district = $1 AND sha = $2 AND account = $3`, district, sha, account)
	return err
}
