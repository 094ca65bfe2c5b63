package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/problem"
)

// keep makes the good rows of an import entries and submits them, all or none. Rows that correct an entry, name a person
// or have a neighbour in time go one by one; all others by a handful of statements, so that the transaction is short.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, b *Batch) (accepted, unchanged int, err error) {
	if err := indicator.Shared(ctx, tx, by.District); err != nil {
		return 0, 0, err
	}
	// what the same file, sent twice, waits for here is kept once
	if err := tx.Lock(ctx, fmt.Sprintf("import %d %s", by.District, k.Key)); err != nil {
		return 0, 0, err
	}
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return 0, 0, err
	}
	if err := s.free(ctx, tx, by, k); err != nil {
		return 0, 0, err
	}
	if err := s.mayKeep(ctx, tx, by, w, k, b.ID); err != nil {
		return 0, 0, err
	}
	if err := s.unstageSame(ctx, tx, by.District, k, b.ID); err != nil {
		return 0, 0, err
	}
	if err := s.keepSlow(ctx, tx, by, w, k, b); err != nil {
		return 0, 0, err
	}
	if err := s.keepFast(ctx, tx, by, k, b); err != nil {
		return 0, 0, err
	}
	if err := tally(ctx, tx, by.District, b.ID); err != nil {
		return 0, 0, err
	}
	done, err := scanBatch(tx.QueryRowContext(ctx, `SELECT `+batchColumns+` FROM import_run WHERE district = $1 AND id = $2`, by.District, b.ID))
	if err != nil {
		return 0, 0, err
	}
	state := BatchKept
	if done.Bad > 0 {
		state = BatchOpen
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM import_file WHERE district = $1 AND run = $2`, by.District, b.ID); err != nil {
		return 0, 0, err
	}
	if err := setBatch(ctx, tx, by.District, b.ID, state, 0, 0); err != nil {
		return 0, 0, err
	}
	return int(done.Accepted - b.Accepted), int(done.Unchanged), nil
}

// unstageSame numbers the rows that say the same, and takes out those that an earlier import kept.
func (s *Service) unstageSame(ctx context.Context, tx *db.Tx, district int64, k *kind.Kind, run string) error {
	var same []int
	err := tx.HashJoins(ctx, func() error {
		if _, err := tx.ExecContext(ctx, `UPDATE import_line SET ordinal = n.ordinal FROM (
				SELECT line, row_number() OVER (PARTITION BY hash ORDER BY CASE state WHEN 'kept' THEN 0 ELSE 1 END, line) AS ordinal
				FROM import_line WHERE district = $1 AND run = $2 AND hash <> '' AND state <> 'bad') AS n
			WHERE import_line.district = $1 AND import_line.run = $2 AND import_line.line = n.line AND import_line.state <> 'kept'`, district, run); err != nil {
			return err
		}
		var err error
		same, err = db.All(ctx, tx, func(r *sql.Rows) (int, error) {
			var line int
			err := r.Scan(&line)
			return line, err
		}, `UPDATE import_line SET state = 'same' WHERE district = $1 AND run = $2 AND state = 'good' AND number = '' AND EXISTS (SELECT 1 FROM import_row AS r
			WHERE r.district = import_line.district AND r.kind = $3 AND r.hash = import_line.hash AND r.ordinal = import_line.ordinal) RETURNING line`, district, run, k.Key)
		return err
	})
	if err != nil || len(same) == 0 {
		return err
	}
	return s.Unstage(ctx, tx, district, run, same)
}

// mayKeep looks at the rights over every unit of the import once more: they may have ended since the rows were checked.
func (s *Service) mayKeep(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, run string) error {
	units, err := db.All(ctx, tx, func(r *sql.Rows) (org.No, error) {
		var n org.No
		err := r.Scan(&n)
		return n, err
	}, `SELECT DISTINCT unit FROM import_line WHERE district = $1 AND run = $2 AND state = 'good'`, by.District, run)
	if err != nil {
		return err
	}
	for _, n := range units {
		if !by.Can(Enter, w.org.Targets(n, w.day), k.ByLine()) {
			return ErrForbidden
		}
	}
	return nil
}

func (s *Service) keepSlow(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, b *Batch) error {
	which := `AND state = 'good' AND (number <> '' OR persons <> '') ORDER BY line`
	if neighbours(k) {
		which = `AND state = 'good' ORDER BY line`
	}
	slow, err := linesOf(ctx, tx, by.District, b.ID, which)
	if err != nil {
		return err
	}
	for i := range slow {
		l := &slow[i]
		state, err := s.keepOne(ctx, tx, by, w, k, b, l)
		var p *problem.Error
		if errors.As(err, &p) {
			return &lineError{l.index, p}
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_line SET state = $4 WHERE district = $1 AND run = $2 AND line = $3`, by.District, b.ID, int64(l.index), state); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) keepOne(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, b *Batch, l *line) (state string, err error) {
	values, err := l.values()
	if err != nil {
		return "", err
	}
	for field, name := range l.persons {
		p, err := account.FindPerson(ctx, tx, by.District, name, l.unit)
		if err == nil && p == "" {
			p, err = account.AddPerson(ctx, tx, by.District, name, l.unit, w.now)
		}
		if err != nil {
			return "", err
		}
		values[field] = p
	}
	in := Input{Kind: k.Key, Unit: l.unit, Values: values, Source: source(b.Name, l.index), Import: b.ID, Line: l.index}
	if l.number != "" {
		_, changed, err := s.correct(ctx, tx, by, &l.staged, in)
		if err != nil || !changed {
			return lineSame, err
		}
		return lineKept, nil
	}
	e, err := s.create(ctx, tx, by, w, k, in)
	if err == nil {
		_, err = s.Submit(ctx, tx, by, e.ID)
	}
	if err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO import_row (district, kind, hash, ordinal, entry) VALUES ($1, $2, $3, $4, $5)`, by.District, k.Key, l.hash, l.ordinal, e.ID)
	return lineKept, err
}

// keepFast makes the staged rows entries and notes which row each came from: the same row again changes nothing.
func (s *Service) keepFast(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, b *Batch) error {
	if n, err := s.KeepStaged(ctx, tx, by, k, b.ID, b.Name); err != nil || n == 0 {
		return err
	}
	return tx.HashJoins(ctx, func() error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO import_row (district, kind, hash, ordinal, entry) SELECT l.district, CAST($3 AS TEXT), l.hash, l.ordinal, v.entry
			FROM import_line AS l JOIN entry_rev AS v ON v.district = l.district AND v.import = l.run AND v.line = l.line AND v.import <> '' AND v.rev = 1
			WHERE l.district = $1 AND l.run = $2 AND l.state = 'good' ORDER BY l.line`, by.District, b.ID, k.Key); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE import_line SET state = 'kept' WHERE district = $1 AND run = $2 AND state = 'good'`, by.District, b.ID)
		return err
	})
}

func source(name string, line int) string { return fmt.Sprintf("%s 第%d行", name, line) }

// Undo takes an import back as one act: entries it made go, entries it corrected get their earlier values again. Once
// one of them was decided on or changed by a person, the whole is refused and says how many.
func (s *Service) Undo(ctx context.Context, tx *db.Tx, by access.Scope, run string) (Batch, error) {
	if err := indicator.Shared(ctx, tx, by.District); err != nil {
		return Batch{}, err
	}
	b, err := s.batch(ctx, tx, by, run)
	if err != nil {
		return b, err
	}
	if b.State != BatchKept && b.State != BatchOpen || b.Accepted == 0 {
		return b, ErrBatchState.With("state", batchTitle[b.State])
	}
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return b, err
	}
	k, err := kind.Of(set, b.Kind)
	if err != nil {
		return b, err
	}
	var held int64 // rows of an import that was tidied away are not undone
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM import_line WHERE district = $1 AND run = $2 AND state = 'kept'`, by.District, run).Scan(&held); err != nil {
		return b, err
	}
	if held < b.Accepted {
		return b, ErrUndo.With("n", b.Accepted-held, "all", b.Accepted)
	}
	// a refusal below ends the transaction: nothing of this is kept then
	if _, err := tx.ExecContext(ctx, `DELETE FROM import_row WHERE district = $1 AND entry IN (
		SELECT v.entry FROM entry_rev AS v WHERE v.district = $1 AND v.import = $2 AND v.import <> '' AND v.rev = 1)`, by.District, run); err != nil {
		return b, err
	}
	touched, err := s.UndoStaged(ctx, tx, by, k, run, b.Accepted)
	if err != nil {
		return b, err
	}
	if touched > 0 {
		return b, ErrUndo.With("n", touched, "all", b.Accepted)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE import_line SET state = 'good' WHERE district = $1 AND run = $2 AND state = 'kept'`, by.District, run); err != nil {
		return b, err
	}
	if err := setBatch(ctx, tx, by.District, run, BatchUndone, 0, 0); err != nil {
		return b, err
	}
	if err := tally(ctx, tx, by.District, run); err != nil {
		return b, err
	}
	return s.batch(ctx, tx, by, run)
}
