package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/outbox"
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
	for _, q := range []string{
		`UPDATE import_line SET ordinal = n.ordinal FROM (SELECT line, row_number() OVER (PARTITION BY hash ORDER BY CASE state WHEN 'kept' THEN 0 ELSE 1 END, line) AS ordinal
			FROM import_line WHERE district = $1 AND run = $2 AND hash <> '' AND state <> 'bad') AS n
			WHERE import_line.district = $1 AND import_line.run = $2 AND import_line.line = n.line AND import_line.state <> 'kept'`,
		`UPDATE import_line SET state = 'same' WHERE district = $1 AND run = $2 AND state = 'good' AND number = '' AND EXISTS (SELECT 1 FROM import_row AS r
			WHERE r.district = import_line.district AND r.kind = $3 AND r.hash = import_line.hash AND r.ordinal = import_line.ordinal)`,
	} {
		args := []any{by.District, b.ID, k.Key}
		if err := matched(ctx, tx, q, args[:countArgs(q)]...); err != nil {
			return 0, 0, err
		}
	}
	if err := s.keepSlow(ctx, tx, by, w, k, b); err != nil {
		return 0, 0, err
	}
	if err := s.keepFast(ctx, tx, by, w, k, b); err != nil {
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

func countArgs(q string) int {
	n := 0
	for i := 0; i+1 < len(q); i++ {
		if q[i] == '$' {
			n = max(n, int(q[i+1]-'0'))
		}
	}
	return n
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
	slow, err := linesOf(ctx, tx, by.District, b.ID, `AND state = 'good' AND (number <> '' OR persons <> '' OR body = '') ORDER BY line`)
	if err != nil {
		return err
	}
	for i := range slow {
		l := &slow[i]
		state, entry, err := s.keepOne(ctx, tx, by, w, k, b, l)
		var p *problem.Error
		if errors.As(err, &p) {
			return &lineError{l.index, p}
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_line SET state = $4, entry = $5 WHERE district = $1 AND run = $2 AND line = $3`, by.District, b.ID, int64(l.index), state, entry); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) keepOne(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, b *Batch, l *waiting) (state, entry string, err error) {
	values, err := l.values()
	if err != nil {
		return "", "", err
	}
	for field, name := range l.persons {
		p, err := account.FindPerson(ctx, tx, by.District, name, l.unit)
		if err == nil && p == "" {
			p, err = account.AddPerson(ctx, tx, by.District, name, l.unit, w.now)
		}
		if err != nil {
			return "", "", err
		}
		values[field] = p
	}
	in := Input{Kind: k.Key, Unit: l.unit, Values: values, Source: source(b.Name, l.index)}
	if l.number != "" {
		entry, changed, err := s.correct(ctx, tx, by, &l.staged, in)
		if err != nil || !changed {
			return lineSame, entry, err
		}
		return lineKept, entry, nil
	}
	e, err := s.create(ctx, tx, by, w, k, in)
	if err == nil {
		_, err = s.Submit(ctx, tx, by, e.ID)
	}
	if err != nil {
		return "", "", err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO import_row (district, kind, hash, ordinal, entry) VALUES ($1, $2, $3, $4, $5)`, by.District, k.Key, l.hash, l.ordinal, e.ID)
	return lineKept, e.ID, err
}

func source(name string, line int) string { return fmt.Sprintf("%s 第%d行", name, line) }

// matched runs a statement that matches many rows just written. PostgreSQL knows nothing of them yet and would compare
// each with each.
func matched(ctx context.Context, tx *db.Tx, q string, args ...any) error {
	set := func(on string) error {
		if !tx.Postgres {
			return nil
		}
		_, err := tx.ExecContext(ctx, "SET LOCAL enable_nestloop = "+on)
		return err
	}
	if err := set("off"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, q, args...); err != nil {
		return err
	}
	return set("on")
}

func (s *Service) keepFast(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, b *Batch) error {
	d, run, now := by.District, b.ID, w.now.UnixMilli()
	exec := func(q string, args ...any) error {
		_, err := tx.ExecContext(ctx, q, append([]any{d, run}, args...)...)
		if err != nil {
			return fmt.Errorf("keep an import: %w", err)
		}
		return nil
	}
	if err := exec(`UPDATE import_line SET state = 'keep' WHERE district = $1 AND run = $2 AND state = 'good'`); err != nil {
		return err
	}
	type year struct{ year, n int64 }
	years, err := db.All(ctx, tx, func(r *sql.Rows) (year, error) {
		var y year
		err := r.Scan(&y.year, &y.n)
		return y, err
	}, `SELECT year, count(*) FROM import_line WHERE district = $1 AND run = $2 AND state = 'keep' GROUP BY year ORDER BY year`, d, run)
	if err != nil || len(years) == 0 {
		return err
	}
	for _, y := range years {
		last, err := org.NextN(ctx, tx, d, fmt.Sprintf("entry:%s:%d", k.Prefix, y.year), y.n)
		if err != nil {
			return err
		}
		if err := matched(ctx, tx, `UPDATE import_line SET number = $3 || CASE WHEN n.n < 10 THEN '000' WHEN n.n < 100 THEN '00' WHEN n.n < 1000 THEN '0' ELSE '' END || CAST(n.n AS TEXT)
			FROM (SELECT line, CAST($4 AS BIGINT) + row_number() OVER (ORDER BY line) AS n FROM import_line WHERE district = $1 AND run = $2 AND state = 'keep' AND year = $5) AS n
			WHERE import_line.district = $1 AND import_line.run = $2 AND import_line.line = n.line`,
			d, run, fmt.Sprintf("%s-%d-", k.Prefix, y.year), last-y.n, y.year); err != nil {
			return err
		}
	}
	if err := s.indexLines(ctx, tx, d, k.Key, run); err != nil {
		return err
	}
	const from = ` FROM import_line AS l WHERE l.district = $1 AND l.run = $2 AND l.state = 'keep' ORDER BY l.line`
	const late = `CASE WHEN l.due > 0 AND l.due < CAST($5 AS BIGINT) THEN CAST($5 AS BIGINT) - l.due ELSE 0 END`
	if err := exec(`INSERT INTO entry (district, id, kind, number, unit, state, rev, counted_rev, level, wait_unit, day_from, day_until, title, search, subject, photos, thumb, account, reviser, created_at, submitted_at, late_days, reason, doc)
		SELECT l.district, l.entry, CAST($3 AS TEXT), l.number, l.unit, 'submitted', 1, 0, 0, l.wait_unit, l.day_from, l.day_until, l.title, lower(l.number) || l.search, '', l.photos, l.thumb,
		CAST($4 AS TEXT), CAST($4 AS TEXT), CAST($6 AS BIGINT), CAST($6 AS BIGINT), `+late+`, '', l.doc`+from, k.Key, by.Account, int64(w.day), now); err != nil {
		return err
	}
	if err := exec(`INSERT INTO entry_rev (district, entry, rev, unit, day_from, day_until, body, kind_version, account, at, source)
		SELECT l.district, l.entry, 1, l.unit, l.day_from, l.day_until, l.body, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS TEXT) || CAST(l.line AS TEXT) || '行'`+from,
		k.Version, by.Account, now, b.Name+" 第"); err != nil {
		return err
	}
	for op, col := range map[string]string{OpImport: "event_in", OpSubmit: "event_submit"} {
		days := `0`
		if op == OpSubmit {
			days = late
		}
		if err := exec(`INSERT INTO entry_event (district, id, entry, at, account, op, rev, level, reason, kind, unit, day, late_days)
			SELECT l.district, l.`+col+`, l.entry, CAST($6 AS BIGINT), CAST($4 AS TEXT), CAST($7 AS TEXT), 1, '', '', CAST($3 AS TEXT), l.unit, CAST($5 AS BIGINT), `+days+from,
			k.Key, by.Account, int64(w.day), now, op); err != nil {
			return err
		}
	}
	if err := exec(`INSERT INTO import_row (district, kind, hash, ordinal, entry) SELECT l.district, CAST($3 AS TEXT), l.hash, l.ordinal, l.entry`+from, k.Key); err != nil {
		return err
	}
	if err := s.keepFiles(ctx, tx, by, k, run); err != nil {
		return err
	}
	if err := s.countLate(ctx, tx, by, w, k, run, false); err != nil {
		return err
	}
	sum, err := digestLines(ctx, tx, d, run)
	if err != nil {
		return err
	}
	kept := int64(0)
	for _, y := range years {
		kept += y.n
	}
	if err := effort(ctx, tx, by, w, k, Input{Source: b.Name}, int(kept), 0); err != nil {
		return err
	}
	if err := journal.Write(ctx, tx, by, w.now, "ledger.import", run, 0, map[string]any{"kind": k.Key, "entries": sum}); err != nil {
		return err
	}
	if err := exec(`UPDATE import_line SET state = 'kept' WHERE district = $1 AND run = $2 AND state = 'keep'`); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, d, w.now, Changed{Type: k.Key})
}

// indexLines gives the rows their places in the full-text index.
func (s *Service) indexLines(ctx context.Context, tx *db.Tx, district int64, kind, run string) error {
	type text struct {
		line         int64
		number, text string
	}
	list, err := db.All(ctx, tx, func(r *sql.Rows) (text, error) {
		var t text
		err := r.Scan(&t.line, &t.number, &t.text)
		return t, err
	}, `SELECT line, number, search FROM import_line WHERE district = $1 AND run = $2 AND state = 'keep' ORDER BY line`, district, run)
	if err != nil {
		return err
	}
	last, err := org.NextN(ctx, tx, district, "entry-doc", int64(len(list)))
	if err != nil {
		return err
	}
	for i, t := range list {
		doc := docOf(district, last-int64(len(list))+int64(i)+1)
		if err := setText(ctx, tx, district, doc, indexed(kind, t.number+t.text), false); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_line SET doc = $4 WHERE district = $1 AND run = $2 AND line = $3`, district, run, t.line, doc); err != nil {
			return err
		}
	}
	return nil
}

// keepFiles notes the uses of the photos and files that the rows name.
func (s *Service) keepFiles(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, run string) error {
	holds := false
	for _, f := range k.Fields {
		holds = holds || f.Type == "photo" || f.Type == "file"
	}
	if !holds {
		return nil
	}
	type held struct {
		entry, body string
		unit        org.No
	}
	rows, err := db.All(ctx, tx, func(r *sql.Rows) (held, error) {
		var h held
		err := r.Scan(&h.entry, &h.unit, &h.body)
		return h, err
	}, `SELECT entry, unit, body FROM import_line WHERE district = $1 AND run = $2 AND state = 'keep' ORDER BY line`, by.District, run)
	if err != nil {
		return err
	}
	for _, h := range rows {
		v, err := k.Decode(h.body)
		if err != nil {
			return err
		}
		if f := k.Files(v); len(f) > 0 {
			if err := evidence.SetUses(ctx, tx, by.District, k.Key, h.entry, h.unit, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// countLate books the rows that came late, or takes them back.
func (s *Service) countLate(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, run string, back bool) error {
	list, err := lateLines(ctx, tx, by.District, run, w.day)
	if err != nil {
		return err
	}
	var changes []indicator.Change
	for _, l := range list {
		rec := eventRecord(kindLate, k.Key, Event{ID: l.event, Unit: l.unit, Day: w.day, LateDays: l.days})
		ch := indicator.Change{After: rec}
		if back {
			ch = indicator.Change{Before: rec}
		}
		changes = append(changes, ch)
	}
	if len(changes) == 0 {
		return nil
	}
	return s.Figures.Apply(indicator.WithTime(ctx, w.now), tx, by.District, changes)
}

// digestLines is what the journal keeps of an import: every entry it made with the digest of what it says.
func digestLines(ctx context.Context, q db.Querier, district int64, run string) (string, error) {
	h := sha256.New()
	rows, err := q.QueryContext(ctx, `SELECT entry, body FROM import_line WHERE district = $1 AND run = $2 AND state = 'keep' ORDER BY line`, district, run)
	var entry, body string
	if err := db.Each(rows, err, func() error {
		if err := rows.Scan(&entry, &body); err != nil {
			return err
		}
		return digestLine(h, entry, body)
	}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func digestLine(h hash.Hash, entry, body string) error {
	sum := sha256.Sum256([]byte(body))
	_, err := fmt.Fprintf(h, "%s 1 %x\n", entry, sum)
	return err
}

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
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return b, err
	}
	k, err := kind.Of(w.set, b.Kind)
	if err != nil {
		return b, err
	}
	var touched, made int64
	// untouched is a record as the import left it: submitted, not yet decided on, its last revision the import's own
	if err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN e.state = 'submitted' AND e.level = 0 AND v.account = $3 AND v.source = CAST($4 AS TEXT) || CAST(l.line AS TEXT) || '行' THEN 0 ELSE 1 END), 0)
		FROM import_line AS l JOIN entry AS e ON e.district = l.district AND e.id = l.entry JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id AND v.rev = e.rev
		WHERE l.district = $1 AND l.run = $2 AND l.state = 'kept'`, by.District, run, by.Account, b.Name+" 第").Scan(&made, &touched); err != nil {
		return b, err
	}
	if touched += b.Accepted - made; touched > 0 { // a record that is gone was touched as well
		return b, ErrUndo.With("n", touched, "all", b.Accepted)
	}
	corrected, err := s.entries(ctx, tx, w.set, `e.district = $1 AND e.rev > 1 AND e.id IN (SELECT entry FROM import_line WHERE district = $1 AND run = $2 AND state = 'kept') ORDER BY e.id`, by.District, run)
	if err != nil {
		return b, err
	}
	for _, e := range corrected {
		if err := s.undoEdit(ctx, tx, by, w, k, e); err != nil {
			return b, err
		}
	}
	if err := s.undoEntries(ctx, tx, by, w, k, run); err != nil {
		return b, err
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
	if err := journal.Write(ctx, tx, by, w.now, "ledger.import-undo", run, 0, map[string]any{"kind": k.Key, "entries": made}); err != nil {
		return b, err
	}
	if err := outbox.Emit(ctx, tx, by.District, w.now, Changed{Type: k.Key}); err != nil {
		return b, err
	}
	return s.batch(ctx, tx, by, run)
}

// undoEntries removes the entries that only this import ever touched, and takes back what they counted as late.
func (s *Service) undoEntries(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, run string) error {
	const made = `(SELECT l.entry FROM import_line AS l JOIN entry AS e ON e.district = l.district AND e.id = l.entry WHERE l.district = $1 AND l.run = $2 AND l.state = 'kept' AND e.rev = 1)`
	changes, err := db.All(ctx, tx, func(r *sql.Rows) (indicator.Change, error) {
		var ev Event
		err := r.Scan(&ev.ID, &ev.Unit, &ev.Day, &ev.LateDays)
		return indicator.Change{Before: eventRecord(kindLate, k.Key, ev)}, err
	}, `SELECT id, unit, day, late_days FROM entry_event WHERE district = $1 AND op = 'submit' AND late_days > 0 AND entry IN `+made+` ORDER BY id`, by.District, run)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		if err := s.Figures.Apply(indicator.WithTime(ctx, w.now), tx, by.District, changes); err != nil {
			return err
		}
	}
	texts := `DELETE FROM entry_text WHERE rowid IN `
	if tx.Postgres {
		texts = `DELETE FROM entry_text WHERE district = $1 AND doc IN `
	}
	if _, err := tx.ExecContext(ctx, texts+strings.Replace(made, "SELECT l.entry", "SELECT e.doc", 1), by.District, run); err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM entry_comment WHERE district = $1 AND entry IN `, `DELETE FROM evidence_use WHERE district = $1 AND object IN `, `DELETE FROM entry_event WHERE district = $1 AND entry IN `,
		`DELETE FROM import_row WHERE district = $1 AND entry IN `, `DELETE FROM entry_rev WHERE district = $1 AND rev = 1 AND entry IN `, `DELETE FROM entry WHERE district = $1 AND rev = 1 AND id IN `} {
		if _, err := tx.ExecContext(ctx, q+made, by.District, run); err != nil {
			return err
		}
	}
	return nil
}

// undoEdit gives a corrected entry the values it had before.
func (s *Service) undoEdit(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, e Entry) error {
	old, err := revisionOf(ctx, tx, k, by.District, e.ID, e.Rev-1)
	if err != nil {
		return err
	}
	values := map[string]any{}
	for key, x := range old.Values {
		values[key] = plain(x)
	}
	if _, err := s.Withdraw(ctx, tx, by, e.ID); err != nil {
		return err
	}
	if _, err := s.Edit(ctx, tx, by, e.ID, e.Rev, Input{Kind: k.Key, Unit: old.Unit, Values: values}); err != nil {
		return err
	}
	_, err = s.Submit(ctx, tx, by, e.ID)
	return err
}
