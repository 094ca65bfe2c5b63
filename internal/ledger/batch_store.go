package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Batch is one workbook on its way into the ledger. Its rows wait checked until they are kept together.
type Batch struct {
	ID        string  `json:"id"`
	Kind      string  `json:"kind"`
	Name      string  `json:"name"`
	State     string  `json:"state" enum:"reading,open,keeping,kept,undone"`
	At        int64   `json:"at"`
	Rows      int64   `json:"rows"`
	Good      int64   `json:"good"`
	Bad       int64   `json:"bad"`
	Unchanged int64   `json:"unchanged"`
	Accepted  int64   `json:"accepted"`
	Done      int64   `json:"done"`  // rows the running step has behind it
	Total     int64   `json:"total"` // of how many; 0 while unknown
	Faults    []Fault `json:"faults"`
	HeadRow   int64   `json:"head_row"` // where the titles stand; what is above them is not read

	account     string
	head        []string // as the file has it, then the titles of texts that stand in every row
	assigned    []Assigned
	sample      [][]string
	date1904    bool
	kindVersion int64
	checkedAt   int64
}

const batchColumns = `id, kind, name, state, at, rows_read, good, bad, unchanged, accepted, done, total, fault, account, head, date1904, kind_version, checked_at, head_row, assigned, sample`

func scanBatch(r interface{ Scan(...any) error }) (Batch, error) {
	b := Batch{Faults: []Fault{}}
	var fault, head, assigned, sample string
	var d1904 int64
	err := r.Scan(&b.ID, &b.Kind, &b.Name, &b.State, &b.At, &b.Rows, &b.Good, &b.Bad, &b.Unchanged, &b.Accepted, &b.Done, &b.Total, &fault, &b.account, &head, &d1904, &b.kindVersion, &b.checkedAt, &b.HeadRow, &assigned, &sample)
	if err != nil {
		return b, err
	}
	b.date1904 = d1904 != 0
	for raw, into := range map[string]any{fault: &b.Faults, head: &b.head, assigned: &b.assigned, sample: &b.sample} {
		if err := decodeJSON(raw, into); err != nil {
			return b, err
		}
	}
	return b, nil
}

// batch reads one of the caller's own imports; another's does not exist.
func (s *Service) batch(ctx context.Context, q db.Querier, by access.Scope, run string) (Batch, error) {
	b, err := scanBatch(q.QueryRowContext(ctx, `SELECT `+batchColumns+` FROM import_run WHERE district = $1 AND id = $2 AND account = $3`, by.District, run, by.Account))
	found, err := db.One(err)
	if err == nil && !found {
		err = ErrBatch
	}
	return b, err
}

// Batches lists the caller's imports, newest first.
func (s *Service) Batches(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]Batch, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Batch, error) { return scanBatch(r) },
		`SELECT `+batchColumns+` FROM import_run WHERE district = $1 AND account = $2 ORDER BY at DESC, id DESC LIMIT $3`, by.District, by.Account, limit)
}

// begin stores a new import; with the file when a job will read it.
func (s *Service) begin(ctx context.Context, tx *db.Tx, by access.Scope, b *Batch, content []byte, withFile bool) error {
	now := s.Clock.Now()
	sum := sha256.Sum256(content)
	if b.ID == "" {
		b.ID = id.New(now)
	}
	b.State, b.At = BatchReading, now.UnixMilli()
	if _, err := tx.ExecContext(ctx, `INSERT INTO import_run (district, id, kind, name, sha, account, at, rows_read, accepted, unchanged, state, head, date1904, kind_version, head_row)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, $8, $9, $10, $11, $12)`,
		by.District, b.ID, b.Kind, b.Name, hex.EncodeToString(sum[:]), by.Account, b.At, b.State, mustJSON(b.head), bit(b.date1904), b.kindVersion, max(b.HeadRow, 1)); err != nil {
		return err
	}
	if !withFile {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO import_file (district, run, content) VALUES ($1, $2, $3)`, by.District, b.ID, content)
	return err
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

const lineColumns = `line, state, cells, faults, raw, persons, number, rev, hash, ordinal, entry, unit, year, day_from, day_until, due, wait_unit, title, search, photos, thumb, body, event_in, event_submit`

func (l *line) args(now time.Time) []any {
	in, submit := "", ""
	if l.fast() {
		in, submit = id.New(now), id.New(now)
	}
	faults, persons := "", ""
	if len(l.faults) > 0 {
		faults = mustJSON(l.faults)
	}
	if len(l.persons) > 0 {
		persons = mustJSON(l.persons)
	}
	e := &l.e
	return []any{int64(l.index), l.state, mustJSON(l.cells), faults, l.raw, persons, l.number, l.rev, l.hash, l.ordinal, e.ID, int64(l.unit), int64(l.year),
		int64(e.From), int64(e.Until), int64(l.due), int64(e.WaitUnit), e.Title, l.search, e.Photos, e.Thumb, l.body, in, submit}
}

func insertLines(ctx context.Context, tx *db.Tx, district int64, run string, now time.Time, lines []line) error {
	for i := range lines {
		args := append([]any{district, run}, lines[i].args(now)...)
		if _, err := tx.ExecContext(ctx, `INSERT INTO import_line (district, run, `+lineColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`, args...); err != nil {
			return err
		}
	}
	return nil
}

func updateLine(ctx context.Context, tx *db.Tx, district int64, run string, now time.Time, l *line) error {
	args := append([]any{district, run}, l.args(now)...)
	_, err := tx.ExecContext(ctx, `UPDATE import_line SET state = $4, cells = $5, faults = $6, raw = $7, persons = $8, number = $9, rev = $10, hash = $11, ordinal = $12, entry = $13, unit = $14, year = $15,
		day_from = $16, day_until = $17, due = $18, wait_unit = $19, title = $20, search = $21, photos = $22, thumb = $23, body = $24, event_in = $25, event_submit = $26
		WHERE district = $1 AND run = $2 AND line = $3`, args...)
	return err
}

// waiting is a stored row: what keeping and mending need of it.
type waiting struct {
	line
	entry string
}

func linesOf(ctx context.Context, q db.Querier, district int64, run, tail string, args ...any) ([]waiting, error) {
	return db.All(ctx, q, func(r *sql.Rows) (waiting, error) {
		var l waiting
		var cells, faults, persons string
		err := r.Scan(&l.index, &l.state, &cells, &faults, &l.raw, &persons, &l.number, &l.rev, &l.hash, &l.ordinal, &l.entry, &l.unit, &l.body, &l.e.Photos)
		if err != nil {
			return l, err
		}
		for raw, into := range map[string]any{cells: &l.cells, faults: &l.faults, persons: &l.persons} {
			if err := decodeJSON(raw, into); err != nil {
				return l, err
			}
		}
		return l, nil
	}, `SELECT line, state, cells, faults, raw, persons, number, rev, hash, ordinal, entry, unit, body, photos FROM import_line WHERE district = $1 AND run = $2 `+tail, append([]any{district, run}, args...)...)
}

// tally counts the rows of an import by state into its head.
func tally(ctx context.Context, tx *db.Tx, district int64, run string) error {
	n := map[string]int64{}
	rows, err := tx.QueryContext(ctx, `SELECT state, count(*) FROM import_line WHERE district = $1 AND run = $2 GROUP BY state`, district, run)
	var state string
	var c, all int64
	if err := db.Each(rows, err, func() error {
		err := rows.Scan(&state, &c)
		n[state] = c
		all += c
		return err
	}); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE import_run SET rows_read = $3, good = $4, bad = $5, unchanged = $6, accepted = $7 WHERE district = $1 AND id = $2`,
		district, run, all, n[lineGood], n[lineBad], n[lineSame], n[lineKept])
	return err
}

func setBatch(ctx context.Context, tx *db.Tx, district int64, run, state string, done, total int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $3, done = $4, total = $5 WHERE district = $1 AND id = $2`, district, run, state, done, total)
	return err
}

func dropBatch(ctx context.Context, tx *db.Tx, district int64, run string) error {
	for _, q := range []string{`DELETE FROM import_line WHERE district = $1 AND run = $2`, `DELETE FROM import_file WHERE district = $1 AND run = $2`, `DELETE FROM import_run WHERE district = $1 AND id = $2`} {
		if _, err := tx.ExecContext(ctx, q, district, run); err != nil {
			return err
		}
	}
	return nil
}

// TidyImports removes waiting rows of imports older than before: what was kept stays, undoing and mending end there.
func TidyImports(ctx context.Context, tx *db.Tx, before int64) error {
	for _, q := range []string{
		`DELETE FROM import_line WHERE EXISTS (SELECT 1 FROM import_run AS r WHERE r.district = import_line.district AND r.id = import_line.run AND r.at < $1)`,
		`DELETE FROM import_file WHERE EXISTS (SELECT 1 FROM import_run AS r WHERE r.district = import_file.district AND r.id = import_file.run AND r.at < $1)`,
		`DELETE FROM import_run WHERE at < $1 AND accepted = 0`,
	} {
		if _, err := tx.ExecContext(ctx, q, before); err != nil {
			return err
		}
	}
	return nil
}

// lateOf is a kept row that came late.
type lateOf struct {
	event string
	unit  org.No
	days  int64
}

func lateLines(ctx context.Context, q db.Querier, district int64, run string, day period.Day) ([]lateOf, error) {
	return db.All(ctx, q, func(r *sql.Rows) (lateOf, error) {
		var l lateOf
		err := r.Scan(&l.event, &l.unit, &l.days)
		return l, err
	}, `SELECT event_submit, unit, $3 - due FROM import_line WHERE district = $1 AND run = $2 AND state = 'keep' AND due > 0 AND due < $3 ORDER BY line`, district, run, int64(day))
}
