package intake

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// keep makes the good rows of an import entries and submits them, all or none. Rows that correct an entry, name a person
// or have a neighbour in time go one by one; all others by a handful of statements, so that the transaction is short.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, im *Import) (accepted, unchanged int, err error) {
	if err := indicator.Shared(ctx, tx, by.District); err != nil {
		return 0, 0, err
	}
	// what the same file, sent twice, waits for here is kept once
	if err := tx.Lock(ctx, fmt.Sprintf("import %d %s", by.District, k.Key)); err != nil {
		return 0, 0, err
	}
	if err := s.Ledger.Takes(ctx, tx, by.District, k); err != nil {
		return 0, 0, err
	}
	if err := s.mayKeep(ctx, tx, by, k, im.ID); err != nil {
		return 0, 0, err
	}
	if err := s.unstageSame(ctx, tx, by.District, k, im.ID); err != nil {
		return 0, 0, err
	}
	if err := s.keepSlow(ctx, tx, by, k, im); err != nil {
		return 0, 0, err
	}
	if err := s.keepFast(ctx, tx, by, k, im); err != nil {
		return 0, 0, err
	}
	if err := tally(ctx, tx, by.District, im.ID); err != nil {
		return 0, 0, err
	}
	done, err := scanImport(tx.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import_run WHERE district = $1 AND id = $2`, by.District, im.ID))
	if err != nil {
		return 0, 0, err
	}
	state := Kept
	if done.Bad > 0 {
		state = Open
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM import_file WHERE district = $1 AND run = $2`, by.District, im.ID); err != nil {
		return 0, 0, err
	}
	if err := setState(ctx, tx, by.District, im.ID, state, 0, 0); err != nil {
		return 0, 0, err
	}
	return int(done.Accepted - im.Accepted), int(done.Unchanged), nil
}

// unstageSame numbers the rows that say the same, and takes out those that an earlier import kept.
func (s *Service) unstageSame(ctx context.Context, tx *db.Tx, district int64, k *kind.Kind, imp string) error {
	var same []int
	err := tx.HashJoins(ctx, func() error {
		if _, err := tx.ExecContext(ctx, `UPDATE import_line SET ordinal = n.ordinal FROM (
				SELECT line, row_number() OVER (PARTITION BY hash ORDER BY CASE state WHEN 'kept' THEN 0 ELSE 1 END, line) AS ordinal
				FROM import_line WHERE district = $1 AND run = $2 AND hash <> '' AND state <> 'bad') AS n
			WHERE import_line.district = $1 AND import_line.run = $2 AND import_line.line = n.line AND import_line.state <> 'kept'`, district,
			imp); err != nil {
			return err
		}
		var err error
		same, err = db.All(ctx, tx, func(r *sql.Rows) (line int, err error) { return line, r.Scan(&line) },
			`UPDATE import_line SET state = 'same' WHERE district = $1 AND run = $2 AND state = 'good' AND number = '' AND EXISTS (
			SELECT 1 FROM import_row AS r JOIN entry AS e ON e.district = r.district AND e.id = r.entry AND e.state <> 'void'
			WHERE r.district = import_line.district AND r.kind = $3 AND r.hash = import_line.hash AND r.ordinal = import_line.ordinal) RETURNING line`,
			district, imp, k.Key)
		return err
	})
	if err != nil || len(same) == 0 {
		return err
	}
	return s.Ledger.Unstage(ctx, tx, district, imp, same)
}

// mayKeep looks at the rights over every unit of the import once more: they may have ended since the rows were checked.
func (s *Service) mayKeep(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, imp string) error {
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return err
	}
	day := period.Of(s.Clock.Now())
	units, err := db.All(ctx, tx, func(r *sql.Rows) (org.No, error) {
		var n org.No
		err := r.Scan(&n)
		return n, err
	}, `SELECT DISTINCT unit FROM import_line WHERE district = $1 AND run = $2 AND state = 'good'`, by.District, imp)
	if err != nil {
		return err
	}
	for _, n := range units {
		if !by.Can(ledger.Enter, o.Targets(n, day), k.ByLine()) {
			return ledger.ErrForbidden
		}
	}
	return nil
}

// keepSlow keeps the rows that are looked at one by one.
func (s *Service) keepSlow(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, im *Import) error {
	which := `AND state = 'good' AND (number <> '' OR persons <> '') ORDER BY line`
	if neighbours(k) {
		which = `AND state = 'good' ORDER BY line`
	}
	slow, err := linesOf(ctx, tx, by.District, im.ID, which)
	if err != nil {
		return err
	}
	for i := range slow {
		l := &slow[i]
		state, err := s.keepOne(ctx, tx, by, k, im, l)
		if p, ok := problem.Refusal(err); ok {
			return &lineError{l.index, p}
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_line SET state = $4 WHERE district = $1 AND run = $2 AND line = $3`, by.District, im.ID,
			int64(l.index), state); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) keepOne(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, im *Import, l *line) (state string, err error) {
	values, err := l.values()
	if err != nil {
		return "", err
	}
	for field, name := range l.persons {
		p, err := account.FindPerson(ctx, tx, by.District, name, l.unit)
		if err == nil && p == "" {
			p, err = account.AddPerson(ctx, tx, by.District, name, l.unit, s.Clock.Now())
		}
		if err != nil {
			return "", err
		}
		values[field] = p
	}
	in := ledger.Input{Kind: k.Key, Unit: l.unit, Values: values, Source: source(im.Name, l.index), Import: im.ID, Line: l.index}
	if l.number != "" {
		changed, err := s.correct(ctx, tx, by, k, l, in)
		if err != nil || !changed {
			return lineSame, err
		}
		return lineKept, nil
	}
	e, err := s.Ledger.Create(ctx, tx, by, in)
	if err == nil {
		_, err = s.Ledger.Submit(ctx, tx, by, e.ID)
	}
	if err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO import_row (district, kind, hash, ordinal, entry)
		VALUES ($1, $2, $3, $4, $5) `+instead, by.District, k.Key, l.hash, l.ordinal, e.ID)
	return lineKept, err
}

// instead puts an entry in the place of one that was voided since its row was kept.
const instead = `ON CONFLICT (district, kind, hash, ordinal) DO UPDATE SET entry = excluded.entry`

// keepFast makes the staged rows entries and notes which row each came from: the same row again changes nothing.
func (s *Service) keepFast(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, im *Import) error {
	if n, err := s.Ledger.KeepStaged(ctx, tx, by, k, im.ID, im.Name); err != nil || n == 0 {
		return err
	}
	return tx.HashJoins(ctx, func() error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO import_row (district, kind, hash, ordinal, entry) SELECT l.district, CAST($3 AS TEXT), l.hash,
			l.ordinal, v.entry
			FROM import_line AS l JOIN entry_rev AS v ON v.district = l.district AND v.import = l.run AND v.line = l.line AND v.import <> '' AND v.rev = 1
			WHERE l.district = $1 AND l.run = $2 AND l.state = 'good' ORDER BY l.line `+instead, by.District, im.ID, k.Key); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE import_line SET state = 'kept' WHERE district = $1 AND run = $2 AND state = 'good'`, by.District, im.ID)
		return err
	})
}

func source(name string, line int) string {
	_, n := sheet.Place(line)
	return fmt.Sprintf("%s 第%d行", name, n)
}

// correct applies a row that carries an entry's number: a new revision when it differs. A revision column must still be
// current.
func (s *Service) correct(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, l *line, in ledger.Input) (changed bool, err error) {
	there, err := s.Ledger.Numbered(ctx, tx, by, k, []string{l.number})
	if err != nil {
		return false, err
	}
	e, ok := there[l.number]
	if !ok {
		return false, ledger.ErrInvalid.At(problem.Field{Pointer: "/values/number", Code: "import.no-number", Args: map[string]any{"number": l.number}})
	}
	in.ID = e.ID
	v, faults, err := s.Ledger.Check(ctx, tx, by, k, in)
	if err != nil {
		return false, err
	}
	if len(faults) > 0 {
		return false, ledger.ErrInvalid.At(faults...)
	}
	if e.Unit == in.Unit && v.Encode() == e.Values.Encode() {
		return false, nil
	}
	if l.rev != 0 && l.rev != e.Rev {
		return false, ledger.ErrStale
	}
	if e.State == ledger.Submitted {
		if _, err := s.Ledger.Withdraw(ctx, tx, by, e.ID); err != nil {
			return false, err
		}
	}
	if _, err := s.Ledger.Edit(ctx, tx, by, e.ID, e.Rev, in); err != nil {
		return false, err
	}
	_, err = s.Ledger.Submit(ctx, tx, by, e.ID)
	return true, err
}

// lineError is a row that could not be kept.
type lineError struct {
	line int
	err  *problem.Error
}

func (e *lineError) Error() string { return fmt.Sprintf("row %d: %v", e.line, e.err) }

func (e *lineError) fault() Fault {
	code, args, field := e.err.Code, e.err.Args, ""
	if len(e.err.Fields) > 0 {
		code, args, field = e.err.Fields[0].Code, e.err.Fields[0].Args, strings.TrimPrefix(e.err.Fields[0].Pointer, "/values/")
	}
	return newFault(sheet.Row{Index: e.line}.Address(0), 0, field, code, args, "")
}
