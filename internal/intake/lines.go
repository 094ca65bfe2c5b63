package intake

import (
	"context"
	"database/sql"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/ledger"
)

const lineColumns = `line, state, cells, faults, raw, persons, number, rev, hash, ordinal, unit, said`

func (l *line) args() []any {
	faults, persons := "", ""
	if len(l.faults) > 0 {
		faults = mustJSON(l.faults)
	}
	if len(l.persons) > 0 {
		persons = mustJSON(l.persons)
	}
	return []any{int64(l.index), l.state, mustJSON(l.cells), faults, l.raw, persons, l.number, l.rev, l.hash, l.ordinal, int64(l.unit), l.said}
}

// insertLines stores rows that were read, and stages those that only wait to be kept.
func (s *Service) insertLines(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, imp string, lines []line) error {
	statement := func(rows int) string {
		return `INSERT INTO import_line (district, run, ` + lineColumns + `) VALUES ` + db.Rows(rows, 14)
	}
	most := tx.RowsAtOnce()
	full := statement(min(len(lines), most))
	for rest := lines; len(rest) > 0; {
		some := rest[:min(len(rest), most)]
		rest = rest[len(some):]
		args := make([]any, 0, len(some)*14)
		for i := range some {
			args = append(append(args, by.District, imp), some[i].args()...)
		}
		if len(some) < most {
			full = statement(len(some))
		}
		if _, err := tx.ExecContext(ctx, full, args...); err != nil {
			return err
		}
	}
	return s.Ledger.Stage(ctx, tx, by, k, imp, stageable(k, lines))
}

func stageable(k *kind.Kind, lines []line) []ledger.Staged {
	var out []ledger.Staged
	for i := range lines {
		if l := &lines[i]; l.alone(k) {
			out = append(out, ledger.Staged{Line: l.index, Unit: l.unit, Values: l.clean})
		}
	}
	return out
}

// updateLines stores rows that were read again.
func (s *Service) updateLines(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, imp string, lines []line) error {
	var gone []int
	for i := range lines {
		l := &lines[i]
		if !l.alone(k) {
			gone = append(gone, l.index)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_line
			SET state = $4, cells = $5, faults = $6, raw = $7, persons = $8, number = $9, rev = $10, hash = $11, ordinal = $12, unit = $13, said = $14
			WHERE district = $1 AND run = $2 AND line = $3`, append([]any{by.District, imp}, l.args()...)...); err != nil {
			return err
		}
	}
	if len(gone) > 0 {
		if err := s.Ledger.Unstage(ctx, tx, by.District, imp, gone); err != nil {
			return err
		}
	}
	return s.Ledger.Stage(ctx, tx, by, k, imp, stageable(k, lines))
}

func linesOf(ctx context.Context, q db.Querier, district int64, imp, tail string, args ...any) ([]line, error) {
	return db.All(ctx, q, func(r *sql.Rows) (line, error) {
		var l line
		var cells, faults, persons string
		err := r.Scan(&l.index, &l.state, &cells, &faults, &l.raw, &persons, &l.number, &l.rev, &l.hash, &l.ordinal, &l.unit, &l.said)
		if err != nil {
			return l, err
		}
		for raw, into := range map[string]any{cells: &l.cells, faults: &l.faults, persons: &l.persons} {
			if err := decodeJSON(raw, into); err != nil {
				return l, err
			}
		}
		return l, nil
	}, `SELECT `+lineColumns+` FROM import_line
		WHERE district = $1 AND run = $2 `+tail, append([]any{district, imp}, args...)...)
}

// rowKey is what a row says, and the how many-eth of a file says it.
type rowKey struct {
	hash    string
	ordinal int64
}

// keptBefore finds which rows were kept by an earlier import.
func keptBefore(ctx context.Context, q db.Querier, district int64, key string, lines []line) (map[rowKey]bool, error) {
	var hashes []string
	for i := range lines {
		if lines[i].hash != "" {
			hashes = append(hashes, lines[i].hash)
		}
	}
	out := map[rowKey]bool{}
	for len(hashes) > 0 {
		some := hashes[:min(len(hashes), 200)]
		hashes = hashes[len(some):]
		rows, err := q.QueryContext(ctx, `SELECT r.hash, r.ordinal FROM import_row AS r JOIN entry AS e ON e.district = r.district AND e.id = r.entry
			AND e.state <> 'void' WHERE r.district = $1 AND r.kind = $2 AND r.hash IN (`+db.In(3, len(some))+`)`,
			db.Args([]any{district, key}, some)...)
		var k rowKey
		if err := db.Each(rows, err, func() error {
			err := rows.Scan(&k.hash, &k.ordinal)
			out[k] = true
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}
