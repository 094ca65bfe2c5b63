package document

import (
	"context"
	"database/sql"
	"encoding/json"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
)

// examine compares the files of issued and registered documents with their digests.
func (s *Service) examine(ctx context.Context, q db.Querier, district int64, _ module.Depth) ([]i18n.Label, error) {
	list, err := db.All(ctx, q, func(r *sql.Rows) (f module.File, err error) { return f, r.Scan(&f.SHA, &f.Name) },
		`SELECT sha, title FROM document WHERE district = $1 AND sha <> '' ORDER BY id`, district)
	if err != nil {
		return nil, err
	}
	// the records of each figure, as issue fixed them
	frozen, err := db.All(ctx, q, func(r *sql.Rows) (f module.File, err error) {
		var raw string
		if err = r.Scan(&f.Name, &raw); err != nil {
			return f, err
		}
		var z Frozen
		err = json.Unmarshal([]byte(raw), &z)
		f.SHA = z.Digest
		return f, err
	}, `SELECT d.title || ' · ' || f.key, f.frozen FROM document_figure AS f JOIN document AS d ON d.district = f.district AND d.id = f.document
		WHERE f.district = $1 AND f.frozen <> '' AND f.records IS NULL AND d.sha <> '' ORDER BY d.id, f.n`, district)
	if err != nil {
		return nil, err
	}
	return module.Damaged(s.Blobs, append(list, frozen...))
}
