package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/kind"
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

const lineColumns = `line, state, cells, faults, raw, persons, number, rev, hash, ordinal, unit`

func (l *line) args() []any {
	faults, persons := "", ""
	if len(l.faults) > 0 {
		faults = mustJSON(l.faults)
	}
	if len(l.persons) > 0 {
		persons = mustJSON(l.persons)
	}
	return []any{int64(l.index), l.state, mustJSON(l.cells), faults, l.raw, persons, l.number, l.rev, l.hash, l.ordinal, int64(l.unit)}
}

// lineRows is how many rows one statement stores.
const lineRows = 100

// insertLines stores rows that were read, and stages those that only wait to be kept.
func (s *Service) insertLines(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, run string, lines []line) error {
	statement := func(rows int) string {
		return `INSERT INTO import_line (district, run, ` + lineColumns + `) VALUES ` + db.Rows(rows, 13)
	}
	full := statement(min(len(lines), lineRows))
	for rest := lines; len(rest) > 0; {
		some := rest[:min(len(rest), lineRows)]
		rest = rest[len(some):]
		args := make([]any, 0, len(some)*13)
		for i := range some {
			args = append(append(args, by.District, run), some[i].args()...)
		}
		if len(some) < lineRows {
			full = statement(len(some))
		}
		if _, err := tx.ExecContext(ctx, full, args...); err != nil {
			return err
		}
	}
	return s.Stage(ctx, tx, by, k, run, stageable(k, lines))
}

func stageable(k *kind.Kind, lines []line) []Staged {
	var out []Staged
	for i := range lines {
		if l := &lines[i]; l.alone(k) {
			out = append(out, Staged{l.index, l.unit, l.clean})
		}
	}
	return out
}

// updateLines stores rows that were read again.
func (s *Service) updateLines(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, run string, lines []line) error {
	var gone []int
	for i := range lines {
		l := &lines[i]
		if !l.alone(k) {
			gone = append(gone, l.index)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_line SET state = $4, cells = $5, faults = $6, raw = $7, persons = $8, number = $9, rev = $10, hash = $11, ordinal = $12, unit = $13
			WHERE district = $1 AND run = $2 AND line = $3`, append([]any{by.District, run}, l.args()...)...); err != nil {
			return err
		}
	}
	if len(gone) > 0 {
		if err := s.Unstage(ctx, tx, by.District, run, gone); err != nil {
			return err
		}
	}
	return s.Stage(ctx, tx, by, k, run, stageable(k, lines))
}

func linesOf(ctx context.Context, q db.Querier, district int64, run, tail string, args ...any) ([]line, error) {
	return db.All(ctx, q, func(r *sql.Rows) (line, error) {
		var l line
		var cells, faults, persons string
		err := r.Scan(&l.index, &l.state, &cells, &faults, &l.raw, &persons, &l.number, &l.rev, &l.hash, &l.ordinal, &l.unit)
		if err != nil {
			return l, err
		}
		for raw, into := range map[string]any{cells: &l.cells, faults: &l.faults, persons: &l.persons} {
			if err := decodeJSON(raw, into); err != nil {
				return l, err
			}
		}
		return l, nil
	}, `SELECT line, state, cells, faults, raw, persons, number, rev, hash, ordinal, unit FROM import_line WHERE district = $1 AND run = $2 `+tail, append([]any{district, run}, args...)...)
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

func (s *Service) dropBatch(ctx context.Context, tx *db.Tx, district int64, run string) error {
	for _, q := range []string{`DELETE FROM import_line WHERE district = $1 AND run = $2`, `DELETE FROM import_file WHERE district = $1 AND run = $2`, `DELETE FROM import_run WHERE district = $1 AND id = $2`} {
		if _, err := tx.ExecContext(ctx, q, district, run); err != nil {
			return err
		}
	}
	return s.Unstage(ctx, tx, district, run, nil)
}

// TidyImports removes waiting rows of imports older than before: what was kept stays, undoing and mending end there.
func TidyImports(ctx context.Context, tx *db.Tx, before int64) error {
	for _, q := range []string{
		`DELETE FROM entry_staged WHERE EXISTS (SELECT 1 FROM import_run AS r WHERE r.district = entry_staged.district AND r.id = entry_staged.import AND r.at < $1)`,
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
