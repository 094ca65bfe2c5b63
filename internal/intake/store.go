package intake

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/kind"
)

const importColumns = `id, kind, name, state, at, rows_read, good, bad, unchanged, accepted, done, total, fault, account, head, date1904,
	kind_version, checked_at, head_row, assigned, sample, facts, notes, aside`

func scanImport(r interface{ Scan(...any) error }) (Import, error) {
	im := Import{Faults: []Fault{}, Notes: []Fault{}}
	var fault, head, assigned, sample, facts, notes string
	var d1904 int64
	err := r.Scan(&im.ID, &im.Kind, &im.Name, &im.State, &im.At, &im.Rows, &im.Good, &im.Bad, &im.Unchanged, &im.Accepted, &im.Done, &im.Total, &fault,
		&im.account, &head, &d1904, &im.kindVersion, &im.checkedAt, &im.HeadRow, &assigned, &sample, &facts, &notes, &im.Aside)
	if err != nil {
		return im, err
	}
	im.date1904 = d1904 != 0
	for raw, into := range map[string]any{fault: &im.Faults, head: &im.head, assigned: &im.assigned, sample: &im.sample,
		facts: &im.facts, notes: &im.Notes} {
		if err := decodeJSON(raw, into); err != nil {
			return im, err
		}
	}
	return im, nil
}

// mine reads one of the caller's own imports; another's does not exist.
func (s *Service) mine(ctx context.Context, q db.Querier, by access.Scope, imp string) (Import, error) {
	im, err := scanImport(q.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import_run WHERE district = $1 AND id = $2 AND account = $3`, by.District,
		imp, by.Account))
	found, err := db.One(err)
	if err == nil && !found {
		err = ErrImport
	}
	return im, err
}

// List lists the caller's imports, newest first.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]Import, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Import, error) { return scanImport(r) },
		`SELECT `+importColumns+` FROM import_run WHERE district = $1 AND account = $2 ORDER BY at DESC, id DESC LIMIT $3`, by.District, by.Account, limit)
}

// kindOf is the kind as it is now.
func (s *Service) kindOf(ctx context.Context, q db.Querier, district int64, key string) (*kind.Kind, error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return nil, err
	}
	return kind.Of(set, key)
}

// begin stores a new import; with the file when a job will read it.
func (s *Service) begin(ctx context.Context, tx *db.Tx, by access.Scope, im *Import, content []byte, withFile bool) error {
	now := s.Clock.Now()
	sum := sha256.Sum256(content)
	if im.ID == "" {
		im.ID = id.New(now)
	}
	im.State, im.At = Reading, now.UnixMilli()
	if _, err := tx.ExecContext(ctx, `INSERT INTO import_run (district, id, kind, name, sha, account, at, rows_read, accepted, unchanged, state, head,
		date1904, kind_version, head_row)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, $8, $9, $10, $11, $12)`,
		by.District, im.ID, im.Kind, im.Name, hex.EncodeToString(sum[:]), by.Account, im.At, im.State, mustJSON(im.head), bit(im.date1904), im.kindVersion,
		max(im.HeadRow, 1)); err != nil {
		return err
	}
	if !withFile {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO import_file (district, run, content) VALUES ($1, $2, $3)`, by.District, im.ID, content)
	return err
}

// setHead stores what the head of a file says and what was assigned to it.
func setHead(ctx context.Context, tx *db.Tx, district int64, imp string, k *kind.Kind, o opened, assigned []Assigned) error {
	said, sample := "", ""
	if len(assigned) > 0 {
		said = mustJSON(assigned)
	}
	if len(o.samples) > 0 {
		sample = mustJSON(o.samples)
	}
	_, err := tx.ExecContext(ctx, `UPDATE import_run SET head = $3, date1904 = $4, kind_version = $5, head_row = $6, assigned = $7,
		sample = CASE WHEN $8 = '' THEN sample ELSE $8 END, facts = $9 WHERE district = $1 AND id = $2`,
		district, imp, mustJSON(o.head), bit(o.date1904), k.Version, int64(o.headRow), said, sample, mustJSON(o.facts))
	return err
}

// setNotes stores what is told of a file.
func setNotes(ctx context.Context, tx *db.Tx, district int64, imp string, notes []Fault) error {
	raw := ""
	if len(notes) > 0 {
		raw = mustJSON(notes)
	}
	_, err := tx.ExecContext(ctx, `UPDATE import_run SET notes = $3 WHERE district = $1 AND id = $2`, district, imp, raw)
	return err
}

// settle opens an import to its person again, with the faults of the whole file.
func (s *Service) settle(ctx context.Context, tx *db.Tx, district int64, imp string, faults []Fault) error {
	raw := ""
	if len(faults) > 0 {
		raw = mustJSON(faults)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE import_run SET fault = $3, checked_at = $4 WHERE district = $1 AND id = $2`, district, imp, raw,
		s.Clock.Now().UnixMilli()); err != nil {
		return err
	}
	if err := setState(ctx, tx, district, imp, Open, 0, 0); err != nil {
		return err
	}
	return tally(ctx, tx, district, imp)
}

func setState(ctx context.Context, tx *db.Tx, district int64, imp, state string, done, total int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $3, done = $4, total = $5 WHERE district = $1 AND id = $2`, district, imp, state, done, total)
	return err
}

// tally counts the rows of an import by state into its head.
func tally(ctx context.Context, tx *db.Tx, district int64, imp string) error {
	n := map[string]int64{}
	rows, err := tx.QueryContext(ctx, `SELECT state, count(*) FROM import_line WHERE district = $1 AND run = $2 GROUP BY state`, district, imp)
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
	_, err = tx.ExecContext(ctx, `UPDATE import_run SET rows_read = $3, good = $4, bad = $5, unchanged = $6, accepted = $7, aside = $8
		WHERE district = $1 AND id = $2`, district, imp, all, n[lineGood], n[lineBad], n[lineSame], n[lineKept], n[lineAside])
	return err
}

func (s *Service) drop(ctx context.Context, tx *db.Tx, district int64, imp string) error {
	for _, q := range []string{`DELETE FROM import_line WHERE district = $1 AND run = $2`, `DELETE FROM import_file
		WHERE district = $1 AND run = $2`, `DELETE FROM import_run WHERE district = $1 AND id = $2`} {
		if _, err := tx.ExecContext(ctx, q, district, imp); err != nil {
			return err
		}
	}
	return s.Ledger.Unstage(ctx, tx, district, imp, nil)
}

// tidy removes waiting rows of imports older than before: what was kept stays, undoing and mending end there.
func (s *Service) tidy(ctx context.Context, tx *db.Tx, before int64) error {
	type old struct {
		district int64
		id       string
	}
	waiting, err := db.All(ctx, tx, func(r *sql.Rows) (old, error) {
		var o old
		err := r.Scan(&o.district, &o.id)
		return o, err
	}, `SELECT district, id FROM import_run WHERE at < $1 AND good > 0`, before)
	if err != nil {
		return err
	}
	for _, o := range waiting {
		if err := s.Ledger.Unstage(ctx, tx, o.district, o.id, nil); err != nil {
			return err
		}
	}
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

func mustJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // what we store always encodes
	}
	return string(raw)
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func decodeJSON(raw string, into any) error {
	if raw == "" {
		return nil
	}
	return json.Unmarshal([]byte(raw), into)
}
