package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"sifen/internal/access"
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
	err := r.Scan(append([]any{&e.ID, &e.Kind, &e.Number, &e.Unit, &e.State, &e.Rev, &e.CountedRev, &e.Level, &e.WaitUnit, &e.From, &e.Until, &e.Title, &e.Subject,
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
	res, err := tx.ExecContext(ctx, q, district, e.ID, int64(e.Unit), e.State, e.Rev, e.CountedRev, e.Level, int64(e.WaitUnit), int64(e.From),
		int64(e.Until), e.Title, e.Subject,
		e.Photos, e.Thumb, e.SubmittedAt, e.LateDays, e.Reason, wasRev, wasState, wasLevel, search, e.Number, e.Account, e.Reviser)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrStale
	}
	if e.Rev == wasRev {
		return nil // the words are those of the revision
	}
	return reindex(ctx, tx, district, e.ID, e.Kind, search)
}

func insertRev(ctx context.Context, tx *db.Tx, district int64, e Entry, k *kind.Kind, account string, at int64, in Input) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO entry_rev (district, entry, rev, unit, day_from, day_until, body, kind_version, account, at, source, import, line)
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

// Scan gives the counted records of a kind for building and verifying figures, and the ledger's own events.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]indicator.Record, error) {
	if key == kindLate || key == kindReturn {
		op := OpSubmit
		if key == kindReturn {
			op = OpReturn
		}
		return db.All(ctx, q, func(r *sql.Rows) (indicator.Record, error) {
			var ev Event
			var of string
			err := r.Scan(&ev.ID, &of, &ev.Unit, &ev.Day, &ev.LateDays)
			return *eventRecord(key, of, ev), err
		}, `SELECT id, kind, unit, day, late_days FROM entry_event WHERE district = $1 AND op = $2 AND id > $3 AND (op = 'return' OR late_days > 0)
			ORDER BY id LIMIT $4`, district, op, after, limit)
	}
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return nil, err
	}
	k, err := kind.Of(set, key)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, q, func(r *sql.Rows) (indicator.Record, error) {
		var entry string
		var v revision
		if err := r.Scan(&entry, &v.Rev, &v.Unit, &v.From, &v.Until, &v.body); err != nil {
			return indicator.Record{}, err
		}
		var err error
		v.Values, err = k.Decode(v.body)
		return *v.record(k, entry), err
	}, `SELECT e.id, v.rev, v.unit, v.day_from, v.day_until, v.body FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id
		AND v.rev = e.counted_rev
	     WHERE e.district = $1 AND e.kind = $2 AND e.counted_rev > 0 AND e.id > $3 ORDER BY e.id LIMIT $4`, district, key, after, limit)
}

// CountedEntry is a verified entry with the revision that counts.
type CountedEntry struct {
	ID, Number, Account string
	Rev, At             int64
	Unit                org.No
	From, Until         period.Day
	Values              kind.Values
	Fields              kind.Fields
}

// CountedEntries lists the counted entries of a kind by id, and how many entries of it wait for a decision.
func (s *Service) CountedEntries(ctx context.Context, q db.Querier, district int64, key string) (list []CountedEntry, waiting int64, err error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return nil, 0, err
	}
	k, err := kind.Of(set, key)
	if err != nil {
		return nil, 0, err
	}
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE district = $1 AND kind = $2 AND state = 'submitted'`, district,
		key).Scan(&waiting); err != nil {
		return nil, 0, err
	}
	list, err = db.All(ctx, q, func(r *sql.Rows) (CountedEntry, error) {
		var e CountedEntry
		var v revision
		if err := r.Scan(&e.ID, &e.Number, &e.Account, &e.Rev, &e.At, &e.Unit, &e.From, &e.Until, &v.body); err != nil {
			return e, err
		}
		var err error
		e.Values, err = k.Decode(v.body)
		e.Fields = kind.FieldsOf(k.Fields, e.Values)
		return e, err
	}, `SELECT e.id, e.number, e.account, v.rev, e.created_at, v.unit, v.day_from, v.day_until, v.body
		FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id AND v.rev = e.counted_rev
	     WHERE e.district = $1 AND e.kind = $2 AND e.counted_rev > 0 ORDER BY e.id`, district, key)
	return list, waiting, err
}

// Fields gives the counted values of some records of a kind; of the ledger's own events, what the event says.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, key string, ids []string) (map[string]kind.Fields, error) {
	out := make(map[string]kind.Fields, len(ids))
	event := key == kindLate || key == kindReturn
	var k *kind.Kind
	if !event {
		set, err := s.Packs.Current(ctx, q, district)
		if err != nil {
			return nil, err
		}
		if k, err = kind.Of(set, key); err != nil {
			return nil, err
		}
	}
	for len(ids) > 0 {
		some := ids[:min(len(ids), 400)]
		ids = ids[len(some):]
		marks, args := make([]string, len(some)), []any{district}
		for i, x := range some {
			args = append(args, x)
			marks[i] = fmt.Sprintf("$%d", i+2)
		}
		query := `SELECT e.id, v.body FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id AND v.rev = e.counted_rev
			WHERE e.district = $1 AND e.id IN (` + strings.Join(marks, ",") + `)`
		if event {
			query = `SELECT id, kind FROM entry_event WHERE district = $1 AND id IN (` + strings.Join(marks, ",") + `)`
		}
		rows, err := q.QueryContext(ctx, query, args...)
		var entry, body string
		if err := db.Each(rows, err, func() error {
			if err := rows.Scan(&entry, &body); err != nil {
				return err
			}
			if event {
				out[entry] = kind.Fields{"kind": body}
				return nil
			}
			v, err := k.Decode(body)
			out[entry] = kind.FieldsOf(k.Fields, v)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Filter selects entries. The zero Filter selects everything inside the scope.
type Filter struct {
	Kind     string
	Unit     org.No
	Period   period.Period
	State    string
	Query    string
	Mine     string // "returned": what came back to the caller
	CountsIn string // condition on e.id made by the figure engine
	Is       []FieldIs
	Sort     string
	Limit    int
	Offset   int

	docs []int64 // what Query found, where it was looked up already
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

var sorts = map[string]string{
	"":     "e.day_from DESC, e.number DESC",
	"-day": "e.day_from DESC, e.number DESC",
	"day":  "e.day_from, e.number",
	"-at":  "e.submitted_at DESC, e.id DESC",
}

func (s *Service) find(ctx context.Context, q db.Querier, w work, by access.Scope, f Filter) ([]Entry, error) {
	where, args := s.condition(w, by, f, false)
	return s.entries(ctx, q, w.set, where+` ORDER BY `+sorts[f.Sort]+fmt.Sprintf(" LIMIT %d OFFSET %d", f.Limit, f.Offset), args...)
}

// Entries lists the entries that a filter selects inside a scope.
func (s *Service) Entries(ctx context.Context, q db.Querier, by access.Scope, f Filter) ([]Entry, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	return s.find(ctx, q, w, by, f)
}

// Names resolves what lists of entries show of their accounts, persons and references.
func (s *Service) Names(ctx context.Context, q db.Querier, by access.Scope, list []Entry) (Names, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return Names{}, err
	}
	return resolve(ctx, q, set, by.District, list)
}

// Numbered finds entries of a kind that the scope may see by their numbers.
func (s *Service) Numbered(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, numbers []string) (map[string]Entry, error) {
	out := map[string]Entry{}
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	for len(numbers) > 0 {
		some := numbers[:min(len(numbers), 400)]
		numbers = numbers[len(some):]
		list, err := s.entries(ctx, q, w.set, `e.district = $1 AND e.kind = $2 AND e.number IN (`+db.In(3, len(some))+`)`, db.Args([]any{by.District, k.Key},
			some)...)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if visible(by, w, e) {
				out[e.Number] = e
			}
		}
	}
	return out, nil
}

// entries reads entries with their latest values by a condition on e.
func (s *Service) entries(ctx context.Context, q db.Querier, set *pack.Set, tail string, args ...any) ([]Entry, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Entry, error) {
		var body string
		e, err := scanEntry(r, &body)
		if err != nil {
			return e, err
		}
		k, err := kind.Of(set, e.Kind)
		if err != nil {
			return e, err
		}
		e.Values, err = k.Decode(body)
		return e, err
	}, `SELECT `+entryColumns+`, v.body FROM entry AS e`+revJoin+`WHERE `+tail, args...)
}

// count returns how many entries a filter selects, by state: each state is counted from the index alone where it can.
func (s *Service) count(ctx context.Context, q db.Querier, w work, by access.Scope, f Filter) (map[string]int64, error) {
	out := map[string]int64{}
	if f.Query != "" { // the words are looked up once
		where, args := s.condition(w, by, f, true)
		args = append(args, by.Account)
		rows, err := q.QueryContext(ctx, fmt.Sprintf(`SELECT e.state || '', count(*) FROM entry AS e
			WHERE %s AND (e.state <> 'draft' OR e.account = $%d) GROUP BY e.state || ''`, where, len(args)), args...)
		var state string
		var n int64
		return out, db.Each(rows, err, func() error {
			err := rows.Scan(&state, &n)
			out[state] = n
			return err
		})
	}
	for state := range stateTitle {
		one := f
		one.State = state
		where, args := s.condition(w, by, one, false)
		var n int64
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry AS e WHERE `+where, args...).Scan(&n); err != nil {
			return nil, err
		}
		if n > 0 {
			out[state] = n
		}
	}
	return out, nil
}

func mustJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// ByNumber finds a record inside a scope by its number; "" when there is none.
func ByNumber(ctx context.Context, q db.Querier, by access.Scope, number string) (string, error) {
	var entry string
	err := q.QueryRowContext(ctx, `SELECT e.id FROM entry AS e WHERE e.district = $1 AND e.number = $2 AND `+by.Reach("e.district", "e.unit", Read),
		by.District, number).Scan(&entry)
	_, err = db.One(err)
	return entry, err
}
