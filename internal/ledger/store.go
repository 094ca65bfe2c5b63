package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

const entryColumns = `e.id, e.kind, e.number, e.unit, e.state, e.rev, e.counted_rev, e.level, e.wait_unit, e.day_from, e.day_until, e.title, e.subject,
	e.photos, e.thumb, e.account, e.created_at, e.submitted_at, e.late_days, e.reason, e.reviser`

func scanEntry(r interface{ Scan(...any) error }, more ...any) (Entry, error) {
	var e Entry
	err := r.Scan(append([]any{&e.ID, &e.Kind, &e.Number, &e.Unit, &e.State, &e.Rev, &e.CountedRev, &e.Level, &e.WaitUnit, &e.From, &e.Until, &e.Title,
		&e.Subject,
		&e.Photos, &e.Thumb, &e.Account, &e.CreatedAt, &e.SubmittedAt, &e.LateDays, &e.Reason, &e.Reviser}, more...)...)
	return e, err
}

const revJoin = ` JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id AND v.rev = e.rev `

// load reads one entry with its latest values, whoever may see it.
func load(ctx context.Context, q db.Querier, set *pack.Set, district int64, entry string) (Entry, *kind.Kind, error) {
	var body string
	e, err := scanEntry(q.QueryRowContext(ctx, `SELECT `+entryColumns+`, v.body FROM entry AS e`+revJoin+`WHERE e.district = $1 AND e.id = $2`, district,
		entry), &body)
	found, err := db.One(err)
	if err != nil {
		return e, nil, err
	}
	if !found {
		return e, nil, ErrEntry
	}
	k, err := kind.Of(set, e.Kind)
	if err != nil {
		return e, nil, err
	}
	e.Values, err = k.Decode(body)
	return e, k, err
}

func insertEntry(ctx context.Context, tx *db.Tx, district int64, e Entry, search string) error {
	doc, err := index(ctx, tx, district, e.Kind, search)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO entry (district, id, kind, number, unit, state, rev, counted_rev, level, wait_unit, day_from, day_until,
		title, search, subject,
		photos, thumb, account, created_at, submitted_at, late_days, reason, reviser, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		district, e.ID, e.Kind, e.Number, int64(e.Unit), e.State, e.Rev, e.CountedRev, e.Level, int64(e.WaitUnit), int64(e.From), int64(e.Until), e.Title,
		search, e.Subject,
		e.Photos, e.Thumb, e.Account, e.CreatedAt, e.SubmittedAt, e.LateDays, e.Reason, e.Reviser, doc)
	return err
}

// saveEntry compares and sets: nothing is written when the row is no longer at the revision and state it was read at.
func saveEntry(ctx context.Context, tx *db.Tx, district int64, e Entry, search string, wasRev int64, wasState string, wasLevel int64) error {
	q := `UPDATE entry SET unit = $3, state = $4, rev = $5, counted_rev = $6, level = $7, wait_unit = $8, day_from = $9, day_until = $10, title = $11,
		subject = $12,
		photos = $13, thumb = $14, submitted_at = $15, late_days = $16, reason = $17, search = $21, number = $22, account = $23, reviser = $24
		WHERE district = $1 AND id = $2 AND rev = $18 AND state = $19 AND level = $20`
	saved, err := db.Changed(tx.ExecContext(ctx, q, district, e.ID, int64(e.Unit), e.State, e.Rev, e.CountedRev, e.Level, int64(e.WaitUnit), int64(e.From),
		int64(e.Until), e.Title, e.Subject,
		e.Photos, e.Thumb, e.SubmittedAt, e.LateDays, e.Reason, wasRev, wasState, wasLevel, search, e.Number, e.Account, e.Reviser))
	if err != nil {
		return err
	}
	if !saved {
		return ErrStale
	}
	if e.Rev == wasRev {
		return nil // the words are those of the revision
	}
	return reindex(ctx, tx, district, e.ID, e.Kind, search)
}

func insertRev(ctx context.Context, tx *db.Tx, district int64, e Entry, k *kind.Kind, account string, at int64, in Input) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO entry_rev (district, entry, rev, unit, day_from, day_until, body, kind_version, account, at, source, import,
		line)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		district, e.ID, e.Rev, int64(e.Unit), int64(e.From), int64(e.Until), e.Values.Encode(), k.Version, account, at, in.Source, in.Import, int64(in.Line))
	return err
}

// revision reads one revision's values, unit and span.
type revision struct {
	Rev         int64
	Unit        org.No
	From, Until period.Day
	Account     string
	At          int64
	Source      string
	Values      kind.Values
	body        string
}

func revisions(ctx context.Context, q db.Querier, k *kind.Kind, district int64, entry string) ([]revision, error) {
	return db.All(ctx, q, func(r *sql.Rows) (revision, error) {
		var v revision
		if err := r.Scan(&v.Rev, &v.Unit, &v.From, &v.Until, &v.Account, &v.At, &v.Source, &v.body); err != nil {
			return v, err
		}
		var err error
		v.Values, err = k.Decode(v.body)
		return v, err
	}, `SELECT rev, unit, day_from, day_until, account, at, source, body FROM entry_rev WHERE district = $1 AND entry = $2 ORDER BY rev`, district, entry)
}

func revisionOf(ctx context.Context, q db.Querier, k *kind.Kind, district int64, entry string, rev int64) (revision, error) {
	var v revision
	err := q.QueryRowContext(ctx, `SELECT rev, unit, day_from, day_until, account, at, source, body FROM entry_rev
		WHERE district = $1 AND entry = $2 AND rev = $3`, district, entry, rev).
		Scan(&v.Rev, &v.Unit, &v.From, &v.Until, &v.Account, &v.At, &v.Source, &v.body)
	if err != nil {
		return v, fmt.Errorf("read revision %d of %s: %w", rev, entry, err)
	}
	v.Values, err = k.Decode(v.body)
	return v, err
}

// record is what a revision counts as.
func (v revision) record(k *kind.Kind, entry string) *indicator.Record {
	return &indicator.Record{Kind: k.Key, ID: entry, Rev: v.Rev, Unit: v.Unit, From: v.From, Until: v.Until, Fields: kind.FieldsOf(k.Fields, v.Values)}
}

func insertEvent(ctx context.Context, tx *db.Tx, district int64, kind string, ev Event) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO entry_event (district, id, entry, at, account, op, rev, level, reason, kind, unit, day, late_days)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		district, ev.ID, ev.Entry, ev.At, ev.Account, ev.Op, ev.Rev, ev.Level, ev.Reason, kind, int64(ev.Unit), int64(ev.Day), ev.LateDays)
	return err
}

// History lists an entry's events, oldest first.
func History(ctx context.Context, q db.Querier, district int64, entry string) ([]Event, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Event, error) {
		var ev Event
		err := r.Scan(&ev.ID, &ev.Entry, &ev.At, &ev.Account, &ev.Op, &ev.Rev, &ev.Level, &ev.Reason, &ev.Unit, &ev.Day, &ev.LateDays)
		return ev, err
	}, `SELECT id, entry, at, account, op, rev, level, reason, unit, day, late_days FROM entry_event
		WHERE district = $1 AND entry = $2 ORDER BY at, id`, district, entry)
}

// overlapping finds another entry of the same subject whose span meets [from, until); "" when there is none.
func overlapping(ctx context.Context, q db.Querier, district int64, kind, subject, self string, from, until period.Day) (string, error) {
	var number string
	err := q.QueryRowContext(ctx, `SELECT number FROM entry WHERE district = $1 AND kind = $2 AND subject = $3 AND id <> $4 AND state <> 'void'
		AND day_from < $6 AND $5 < day_until ORDER BY number LIMIT 1`,
		district, kind, subject, self, int64(from), int64(until)).Scan(&number)
	_, err = db.One(err)
	return number, err
}

func mustJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}
