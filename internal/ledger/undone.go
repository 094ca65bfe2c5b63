package ledger

import (
	"context"
	"database/sql"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/outbox"
)

// written are the revisions that an import wrote; the second condition lets the partial index serve.
const written = `v.district = $1 AND v.import = $2 AND v.import <> ''`

// UndoStaged takes back what an import made of kept records: entries go, corrected ones get their earlier values again.
// Once one of them was decided on or changed by a person, nothing is done and touched says how many were.
func (s *Service) UndoStaged(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, imp string, kept int64) (touched int64, err error) {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return 0, err
	}
	// untouched is a record as the import left it: submitted, not yet decided on, also not returned and handed in again, its
	// last revision the import's own; one that is gone was touched as well
	var left int64
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM entry_rev AS v JOIN entry AS e ON e.district = v.district AND e.id = v.entry AND e.rev = v.rev
		WHERE `+written+` AND e.state = 'submitted' AND e.level = 0 AND NOT EXISTS (SELECT 1 FROM entry_event AS x
			WHERE x.district = e.district AND x.entry = e.id AND x.rev = e.rev AND x.op = 'return')`, by.District, imp).Scan(&left); err != nil {
		return 0, err
	}
	if left < kept {
		return kept - left, nil
	}
	units, err := unitsOf(ctx, tx, `SELECT DISTINCT v.unit FROM entry_rev AS v WHERE `+written, by.District, imp)
	if err != nil {
		return 0, err
	}
	corrected, err := s.entries(ctx, tx, w.Set, `e.district = $1 AND e.rev > 1 AND e.id IN (SELECT v.entry FROM entry_rev AS v
		WHERE `+written+`) ORDER BY e.id`, by.District, imp)
	if err != nil {
		return 0, err
	}
	for _, e := range corrected {
		if err := s.undoEdit(ctx, tx, by, k, e); err != nil {
			return 0, err
		}
	}
	if err := s.undoEntries(ctx, tx, by, w, k, imp); err != nil {
		return 0, err
	}
	if err := journal.Write(ctx, tx, by, w.Now, "ledger.import-undo", imp, 0, map[string]any{"kind": k.Key, "entries": kept}); err != nil {
		return 0, err
	}
	return 0, outbox.Emit(ctx, tx, by.District, w.Now, manyChanged(w, k, units))
}

// undoEntries removes the entries that only this import ever touched, and takes back what they counted as late.
func (s *Service) undoEntries(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, imp string) error {
	const made = `SELECT v.entry FROM entry_rev AS v WHERE ` + written + ` AND v.rev = 1`
	changes, err := db.All(ctx, tx, func(r *sql.Rows) (indicator.Change, error) {
		var ev Event
		err := r.Scan(&ev.ID, &ev.Unit, &ev.Day, &ev.LateDays)
		return indicator.Change{Before: eventRecord(kindLate, k.Key, ev)}, err
	}, `SELECT id, unit, day, late_days FROM entry_event WHERE district = $1 AND op = 'submit' AND late_days > 0 AND entry IN (`+made+`) ORDER BY id`,
		by.District, imp)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		if err := s.Figures.Apply(indicator.WithTime(ctx, w.Now), tx, by.District, changes); err != nil {
			return err
		}
	}
	if k.HoldsFiles() {
		ids, err := db.All(ctx, tx, func(r *sql.Rows) (string, error) {
			var entry string
			err := r.Scan(&entry)
			return entry, err
		}, made, by.District, imp)
		if err != nil {
			return err
		}
		if err := evidence.DropUses(ctx, tx, by.District, ids...); err != nil {
			return err
		}
	}
	const docs = `SELECT e.doc FROM entry AS e WHERE e.district = $1 AND e.id IN (` + made + `)`
	texts := `DELETE FROM entry_text WHERE rowid IN (` + docs + `)`
	if tx.Postgres {
		texts = `DELETE FROM entry_text WHERE district = $1 AND doc IN (` + docs + `)`
	}
	for _, q := range []string{
		texts,
		`DELETE FROM entry_comment WHERE district = $1 AND entry IN (` + made + `)`,
		`DELETE FROM entry_event WHERE district = $1 AND entry IN (` + made + `)`,
		`DELETE FROM entry WHERE district = $1 AND id IN (` + made + `)`,
		`DELETE FROM entry_rev WHERE district = $1 AND import = $2 AND import <> '' AND rev = 1`,
	} {
		if _, err := tx.ExecContext(ctx, q, by.District, imp); err != nil {
			return err
		}
	}
	return nil
}

// undoEdit gives a corrected entry the values it had before.
func (s *Service) undoEdit(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, e Entry) error {
	old, err := revisionOf(ctx, tx, k, by.District, e.ID, e.Rev-1)
	if err != nil {
		return err
	}
	if _, err := s.Withdraw(ctx, tx, by, e.ID); err != nil {
		return err
	}
	if _, err := s.Edit(ctx, tx, by, e.ID, e.Rev, Input{Kind: k.Key, Unit: old.Unit, Values: old.Values.Raw()}); err != nil {
		return err
	}
	_, err = s.Submit(ctx, tx, by, e.ID)
	return err
}

func unitsOf(ctx context.Context, q db.Querier, query string, args ...any) ([]org.No, error) {
	return db.All(ctx, q, func(r *sql.Rows) (n org.No, err error) { return n, r.Scan(&n) }, query, args...)
}
