package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/words"
)

// Staged is a row of an import that is to become an entry: nothing of it is left to look up, and it has no neighbour in
// time.
type Staged struct {
	Line   int
	Unit   org.No
	Values kind.Values
}

// Stage stores rows of an import as the entries they will be. A line that is staged already is replaced.
func (s *Service) Stage(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, imp string, rows []Staged) error {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return err
	}
	waits := map[org.No]org.No{}
	most := tx.RowsAtOnce()
	full := stageStatement(min(len(rows), most))
	for len(rows) > 0 {
		some := rows[:min(len(rows), most)]
		rows = rows[len(some):]
		args := make([]any, 0, len(some)*17)
		for _, r := range some {
			args = append(append(args, by.District, imp, int64(r.Line)), s.stagedArgs(w, k, r, waits)...)
		}
		if len(some) < most {
			full = stageStatement(len(some))
		}
		if _, err := tx.ExecContext(ctx, full, args...); err != nil {
			return fmt.Errorf("stage rows of an import: %w", err)
		}
	}
	return nil
}

func stageStatement(rows int) string {
	return `INSERT INTO entry_staged (district, import, line, entry, unit, year, day_from, day_until, due, wait_unit, title, search, photos, thumb,
		body, event_in, event_submit)
		VALUES ` + db.Rows(rows, 17) + `
		ON CONFLICT (district, import, line) DO UPDATE SET entry = excluded.entry, unit = excluded.unit, year = excluded.year,
			day_from = excluded.day_from, day_until = excluded.day_until,
		due = excluded.due, wait_unit = excluded.wait_unit, title = excluded.title, search = excluded.search, photos = excluded.photos,
			thumb = excluded.thumb, body = excluded.body,
		event_in = excluded.event_in, event_submit = excluded.event_submit`
}

func (s *Service) stagedArgs(w work, k *kind.Kind, r Staged, waits map[org.No]org.No) []any {
	e := Entry{ID: id.New(w.Now), Kind: k.Key}
	s.fill(k, &e, r.Unit, r.Values)
	year, _, _ := e.From.YMD()
	due, _, owed := k.DueDay(e.From)
	if !owed {
		due = 0
	}
	to, ok := waits[r.Unit]
	if !ok {
		to = s.levels(w, k, r.Unit)[0]
		waits[r.Unit] = to
	}
	return []any{e.ID, int64(r.Unit), int64(year), int64(e.From), int64(e.Until), int64(due), int64(to), e.Title, searchText(w, k, &e), e.Photos, e.Thumb,
		r.Values.Encode(),
		id.New(w.Now), id.New(w.Now)}
}

// Unstage drops lines of an import that are not to become entries; nil drops all.
func (s *Service) Unstage(ctx context.Context, tx *db.Tx, district int64, imp string, lines []int) error {
	if lines == nil {
		_, err := tx.ExecContext(ctx, `DELETE FROM entry_staged WHERE district = $1 AND import = $2`, district, imp)
		return err
	}
	for _, line := range lines {
		if _, err := tx.ExecContext(ctx, `DELETE FROM entry_staged WHERE district = $1 AND import = $2 AND line = $3`, district, imp, int64(line)); err != nil {
			return err
		}
	}
	return nil
}

// KeepStaged makes what is staged of an import entries and submits them, by a handful of statements, so that the
// transaction is short. file is the name by which people know the import.
func (s *Service) KeepStaged(ctx context.Context, tx *db.Tx, by access.Scope, k *kind.Kind, imp, file string) (kept int64, err error) {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return 0, err
	}
	d, now := by.District, w.Now.UnixMilli()
	exec := func(q string, args ...any) error {
		if _, err := tx.ExecContext(ctx, q, append([]any{d, imp}, args...)...); err != nil {
			return fmt.Errorf("keep an import: %w", err)
		}
		return nil
	}
	if kept, err = s.numberStaged(ctx, tx, d, k, imp); err != nil || kept == 0 {
		return 0, err
	}
	if err := s.indexStaged(ctx, tx, d, k.Key, imp, kept); err != nil {
		return 0, err
	}
	const from = ` FROM entry_staged AS l WHERE l.district = $1 AND l.import = $2 ORDER BY l.line`
	const late = `CASE WHEN l.due > 0 AND l.due < CAST($5 AS BIGINT) THEN CAST($5 AS BIGINT) - l.due ELSE 0 END`
	if err := exec(`INSERT INTO entry (district, id, kind, number, unit, state, rev, counted_rev, level, wait_unit, day_from, day_until, title, search,
		subject, photos, thumb,
		account, reviser, created_at, submitted_at, late_days, reason, doc)
		SELECT l.district, l.entry, CAST($3 AS TEXT), l.number, l.unit, 'submitted', 1, 0, 0, l.wait_unit, l.day_from, l.day_until, l.title,
			lower(l.number) || l.search, '', l.photos, l.thumb,
		CAST($4 AS TEXT), CAST($4 AS TEXT), CAST($6 AS BIGINT), CAST($6 AS BIGINT), `+late+`, '', l.doc`+from, k.Key, by.Account, int64(w.Day),
		now); err != nil {
		return 0, err
	}
	if err := exec(`INSERT INTO entry_rev (district, entry, rev, unit, day_from, day_until, body, kind_version, account, at, source, import, line)
		SELECT l.district, l.entry, 1, l.unit, l.day_from, l.day_until, l.body, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT),
			CAST($6 AS TEXT) || CAST(l.line % 1048576 AS TEXT) || '行',
		l.import, l.line`+from, k.Version, by.Account, now, file+" 第"); err != nil {
		return 0, err
	}
	for op, col := range map[string]string{OpImport: "event_in", OpSubmit: "event_submit"} {
		days := `0`
		if op == OpSubmit {
			days = late
		}
		if err := exec(`INSERT INTO entry_event (district, id, entry, at, account, op, rev, level, reason, kind, unit, day, late_days)
			SELECT l.district, l.`+col+`, l.entry, CAST($6 AS BIGINT), CAST($4 AS TEXT), CAST($7 AS TEXT), 1, '', '', CAST($3 AS TEXT), l.unit,
				CAST($5 AS BIGINT), `+days+from,
			k.Key, by.Account, int64(w.Day), now, op); err != nil {
			return 0, err
		}
	}
	if err := s.useStaged(ctx, tx, d, k, imp); err != nil {
		return 0, err
	}
	if err := s.lateStaged(ctx, tx, by, w, k, imp); err != nil {
		return 0, err
	}
	sum, err := digestStaged(ctx, tx, d, imp)
	if err != nil {
		return 0, err
	}
	if err := effort(ctx, tx, by, w, k, Input{Source: file}, int(kept), 0); err != nil {
		return 0, err
	}
	if err := journal.Write(ctx, tx, by, w.Now, "ledger.import", imp, 0, map[string]any{"kind": k.Key, "entries": sum}); err != nil {
		return 0, err
	}
	units, err := unitsOf(ctx, tx, `SELECT DISTINCT unit FROM entry_staged WHERE district = $1 AND import = $2`, d, imp)
	if err != nil {
		return 0, err
	}
	if err := s.Unstage(ctx, tx, d, imp, nil); err != nil {
		return 0, err
	}
	return kept, outbox.Emit(ctx, tx, d, w.Now, manyChanged(w, k, units))
}

// numberStaged numbers the staged rows of every year in the order of their lines, and counts them.
func (s *Service) numberStaged(ctx context.Context, tx *db.Tx, district int64, k *kind.Kind, imp string) (all int64, err error) {
	type year struct{ year, n int64 }
	years, err := db.All(ctx, tx, func(r *sql.Rows) (year, error) {
		var y year
		err := r.Scan(&y.year, &y.n)
		return y, err
	}, `SELECT year, count(*) FROM entry_staged WHERE district = $1 AND import = $2 GROUP BY year ORDER BY year`, district, imp)
	if err != nil {
		return 0, err
	}
	for _, y := range years {
		last, err := org.NextN(ctx, tx, district, fmt.Sprintf("entry:%s:%d", k.Prefix, y.year), y.n)
		if err != nil {
			return 0, err
		}
		if err := tx.HashJoins(ctx, func() error {
			_, err := tx.ExecContext(ctx, `UPDATE entry_staged
				SET number = $3 || CASE WHEN n.n < 10 THEN '000' WHEN n.n < 100 THEN '00' WHEN n.n < 1000 THEN '0' ELSE '' END || CAST(n.n AS TEXT)
				FROM (SELECT line, CAST($4 AS BIGINT) + row_number() OVER (ORDER BY line) AS n FROM entry_staged WHERE district = $1 AND import = $2
					AND year = $5) AS n
				WHERE entry_staged.district = $1 AND entry_staged.import = $2 AND entry_staged.line = n.line`,
				district, imp, fmt.Sprintf("%s-%d-", k.Prefix, y.year), last-y.n, y.year)
			return err
		}); err != nil {
			return 0, err
		}
		all += y.n
	}
	return all, nil
}

// indexStaged gives the staged rows their places in the full-text index.
func (s *Service) indexStaged(ctx context.Context, tx *db.Tx, district int64, key, imp string, n int64) error {
	last, err := org.NextN(ctx, tx, district, "entry-doc", n)
	if err != nil {
		return err
	}
	if err := tx.HashJoins(ctx, func() error {
		_, err := tx.ExecContext(ctx, `UPDATE entry_staged SET doc = n.doc
			FROM (SELECT line, CAST($3 AS BIGINT) + row_number() OVER (ORDER BY line) AS doc FROM entry_staged WHERE district = $1 AND import = $2) AS n
			WHERE entry_staged.district = $1 AND entry_staged.import = $2 AND entry_staged.line = n.line`, district, imp, docOf(district, last-n))
		return err
	}); err != nil {
		return err
	}
	texts := map[int64]string{}
	rows, err := tx.QueryContext(ctx, `SELECT doc, number || search FROM entry_staged WHERE district = $1 AND import = $2`, district, imp)
	if err := db.Each(rows, err, func() error {
		var doc int64
		var text string
		err := rows.Scan(&doc, &text)
		texts[doc] = words.Indexed(key, text)
		return err
	}); err != nil {
		return err
	}
	for _, doc := range slices.Sorted(maps.Keys(texts)) {
		if err := setText(ctx, tx, district, doc, texts[doc], false); err != nil {
			return err
		}
	}
	return nil
}

// useStaged notes the uses of the photos and files that the staged rows name.
func (s *Service) useStaged(ctx context.Context, tx *db.Tx, district int64, k *kind.Kind, imp string) error {
	if !k.HoldsFiles() {
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
	}, `SELECT entry, unit, body FROM entry_staged WHERE district = $1 AND import = $2 ORDER BY line`, district, imp)
	if err != nil {
		return err
	}
	for _, h := range rows {
		v, err := k.Decode(h.body)
		if err != nil {
			return err
		}
		if files := k.Files(v); len(files) > 0 {
			if err := evidence.SetUses(ctx, tx, district, k.Key, h.entry, h.unit, files); err != nil {
				return err
			}
		}
	}
	return nil
}

// lateStaged counts the staged rows that come late.
func (s *Service) lateStaged(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, imp string) error {
	changes, err := db.All(ctx, tx, func(r *sql.Rows) (indicator.Change, error) {
		ev := Event{Day: w.Day}
		err := r.Scan(&ev.ID, &ev.Unit, &ev.LateDays)
		return indicator.Change{After: eventRecord(kindLate, k.Key, ev)}, err
	}, `SELECT event_submit, unit, $3 - due FROM entry_staged WHERE district = $1 AND import = $2 AND due > 0 AND due < $3 ORDER BY line`, by.District,
		imp, int64(w.Day))
	if err != nil || len(changes) == 0 {
		return err
	}
	return s.Figures.Apply(indicator.WithTime(ctx, w.Now), tx, by.District, changes)
}

// digestStaged is what the journal keeps of an import: every entry it makes with the digest of what it says.
func digestStaged(ctx context.Context, q db.Querier, district int64, imp string) (string, error) {
	h := sha256.New()
	rows, err := q.QueryContext(ctx, `SELECT entry, body FROM entry_staged WHERE district = $1 AND import = $2 ORDER BY line`, district, imp)
	var entry, body string
	if err := db.Each(rows, err, func() error {
		if err := rows.Scan(&entry, &body); err != nil {
			return err
		}
		_, err := fmt.Fprintf(h, "%s 1 %x\n", entry, sha256.Sum256([]byte(body)))
		return err
	}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
