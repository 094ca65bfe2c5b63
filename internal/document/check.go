package document

import (
	"context"
	"database/sql"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/outbox"
	"sifen/internal/period"
)

// CheckJob is the kind of the job that compares issued documents with what their figures are now.
const CheckJob = "document.check"

// gather is how long changes of figures are gathered before documents are compared.
const gather = 3 * time.Second

// hearFigures marks the documents that cite a figure that moved, or one computed from it, and orders their comparison.
func (s *Service) hearFigures(ctx context.Context, district int64, f outbox.Fact) error {
	moved, ok := f.(indicator.Changed)
	if !ok || len(moved.Keys) == 0 {
		return nil
	}
	defs, err := s.Figures.Catalogue(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	for _, k := range moved.Keys {
		keys[k] = true
	}
	for grew := true; grew; {
		grew = false
		for _, d := range defs {
			for _, t := range d.Terms() {
				if keys[t] && !keys[d.Key] {
					keys[d.Key], grew = true, true
				}
			}
		}
	}
	list := make([]string, 0, len(keys))
	for k := range keys {
		list = append(list, k)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		some, err := db.Changed(tx.ExecContext(ctx, `UPDATE document SET checked_at = 0 WHERE district = $1 AND state = 'issued' AND ended = ''
			AND checked_at > 0
			AND id IN (SELECT f.document FROM document_figure AS f WHERE f.district = $1 AND f.key IN (`+db.In(2, len(list))+`))`, db.Args([]any{district},
			list)...))
		if err != nil || !some {
			return err
		}
		return outbox.EnqueueOnce(ctx, tx, district, s.Clock.Now().Add(gather), CheckJob)
	})
}

// checkAll orders the comparison of every issued document: the base of a coverage moves without a record.
func (s *Service) checkAll(ctx context.Context, district int64) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE document SET checked_at = 0 WHERE district = $1 AND state = 'issued' AND ended = '' AND origin = 'template'
			AND checked_at > 0`, district); err != nil {
			return err
		}
		return outbox.EnqueueOnce(ctx, tx, district, s.Clock.Now(), CheckJob)
	})
}

// Check is the job: it compares the documents that are marked, one after another.
func (s *Service) Check(ctx context.Context, district int64, _ []byte, done func(*db.Tx) error) error {
	by := access.System(district, int64(period.Of(s.Clock.Now())), CheckJob)
	marked := func(q db.Querier) ([]string, error) {
		return db.All(ctx, q, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) },
			`SELECT id FROM document WHERE district = $1 AND state = 'issued' AND ended = '' AND origin = 'template' AND checked_at = 0
				ORDER BY issued_at DESC, id LIMIT 100`, district)
	}
	for {
		list, err := marked(s.DB.Read)
		if err != nil {
			return err
		}
		for _, doc := range list {
			diffs, _, err := s.Differences(ctx, by, doc)
			if err != nil {
				return err
			}
			now := s.Clock.Now().UnixMilli()
			if err := s.DB.Write(ctx, func(tx *db.Tx) error {
				moved, err := db.Changed(tx.ExecContext(ctx, `UPDATE document SET checked_at = $3, differences = $4 WHERE district = $1 AND id = $2
					AND differences <> $4`, district, doc, now, len(diffs)))
				if err != nil {
					return err
				}
				if moved {
					return announceChange(ctx, tx, district, s.Clock.Now(), doc)
				}
				_, err = tx.ExecContext(ctx, `UPDATE document SET checked_at = $3 WHERE district = $1 AND id = $2`, district, doc, now)
				return err
			}); err != nil {
				return err
			}
		}
		if len(list) > 0 {
			continue
		}
		more := false
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			rest, err := marked(tx)
			if more = len(rest) > 0; err != nil || more {
				return err
			}
			return done(tx)
		}); err != nil || !more {
			return err
		}
	}
}
