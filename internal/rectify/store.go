package rectify

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/period"
)

const columns = `c.id, c.no, c.place, c.place_name, c.unit, c.subject, c.item, c.nth, c.source, c.party, c.office, c.issuer, c.finder, c.instrument, c.rank,
	c.state, c.severity, c.round, c.failed, c.asked_until, c.objected, c.seen_at, c.issued_at, c.due_at, c.promise_at, c.replied_at, c.closed_at, c.open,
	c.rev, c.created_at, c.waits, c.wait_until, c.told_at, c.body`

func scan(r *sql.Rows) (Case, error) {
	var c Case
	var open int64
	var body string
	if err := r.Scan(&c.ID, &c.No, &c.Place, &c.PlaceName, &c.Unit, &c.Subject, &c.Item, &c.Nth, &c.Source, &c.Party, &c.Office, &c.Issuer, &c.Finder,
		&c.Instrument, &c.Rank, &c.State, &c.Severity, &c.Round, &c.Failed, &c.AskedUntil, &c.Objected, &c.SeenAt, &c.IssuedAt, &c.DueAt, &c.PromiseAt,
		&c.RepliedAt, &c.ClosedAt, &open, &c.Rev, &c.CreatedAt, &c.Waits, &c.WaitUntil, &c.ToldAt, &body); err != nil {
		return c, err
	}
	c.Open = open == 1
	return c, json.Unmarshal([]byte(body), &c.Body)
}

func load(ctx context.Context, q db.Querier, district int64, id string) (Case, error) {
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND c.id = $2`, district, id)
	if err != nil {
		return Case{}, err
	}
	if len(list) != 1 {
		return Case{}, ErrCase
	}
	return list[0], nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func insert(ctx context.Context, tx *db.Tx, district int64, c Case, search string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO rcase (district, id, no, place, place_name, unit, subject, item, nth, source, party, office, issuer, finder,
		instrument, rank, state, severity, round, failed, asked_until, objected, seen_at, issued_at, due_at, promise_at, replied_at, closed_at, open, rev,
		created_at, waits, wait_until, body, search, told_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30,
		$31, $32, $33, $34, $35, $36)`,
		district, c.ID, c.No, c.Place, c.PlaceName, int64(c.Unit), c.Subject, c.Item, c.Nth, c.Source, int64(c.Party), int64(c.Office), c.Issuer, c.Finder,
		c.Instrument, c.Rank, c.State, c.Severity, c.Round, c.Failed, c.AskedUntil, c.Objected, c.SeenAt, c.IssuedAt, c.DueAt, c.PromiseAt, c.RepliedAt,
		c.ClosedAt, flag(c.Open), c.Rev, c.CreatedAt, int64(c.Waits), c.WaitUntil, c.Body.encode(), search, c.ToldAt)
	return err
}

// save stores a change by compare-and-set on the revision.
func save(ctx context.Context, tx *db.Tx, district int64, c Case, was int64, search string) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE rcase SET party = $3, issuer = $4, instrument = $5, rank = $6, state = $7, round = $8, failed = $9,
		asked_until = $10, objected = $11, seen_at = $12, issued_at = $13, due_at = $14, promise_at = $15, replied_at = $16, closed_at = $17, open = $18,
		rev = $19, waits = $20, wait_until = $21, body = $22, search = $23, severity = $24, told_at = $25
		WHERE district = $1 AND id = $2 AND rev = $26`,
		district, c.ID, int64(c.Party), c.Issuer, c.Instrument, c.Rank, c.State, c.Round, c.Failed, c.AskedUntil, c.Objected, c.SeenAt, c.IssuedAt, c.DueAt,
		c.PromiseAt, c.RepliedAt, c.ClosedAt, flag(c.Open), c.Rev, int64(c.Waits), c.WaitUntil, c.Body.encode(), search, c.Severity, c.ToldAt, was))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

func insertEvent(ctx context.Context, tx *db.Tx, district int64, id string, e Event) error {
	raw, err := json.Marshal(e.Body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO rcase_event (district, rcase, seq, op, at, received_at, account, look, state, round, due_at, calendar, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		district, id, e.Seq, e.Op, e.At, e.ReceivedAt, e.Account, flag(e.Look), e.State, e.Round, e.DueAt, e.Calendar, string(raw))
	return err
}

// History is what happened to a case, as it came.
func History(ctx context.Context, q db.Querier, district int64, id string) ([]Event, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Event, error) {
		var e Event
		var look int64
		var body string
		if err := r.Scan(&e.Seq, &e.Op, &e.At, &e.ReceivedAt, &e.Account, &look, &e.State, &e.Round, &e.DueAt, &e.Calendar, &body); err != nil {
			return e, err
		}
		e.Look = look == 1
		return e, json.Unmarshal([]byte(body), &e.Body)
	}, `SELECT seq, op, at, received_at, account, look, state, round, due_at, calendar, body FROM rcase_event WHERE district = $1 AND rcase = $2
		ORDER BY seq`, district, id)
}

func scanDuty(r *sql.Rows) (Duty, error) {
	var d Duty
	err := r.Scan(&d.What, &d.Nth, &d.Unit, &d.From, &d.Days, &d.DueAt, &d.DoneAt)
	return d, err
}

func dutiesOf(ctx context.Context, q db.Querier, district int64, id string) ([]Duty, error) {
	return db.All(ctx, q, scanDuty, `SELECT what, nth, unit, day_from, days, due_at, done_at FROM rcase_duty WHERE district = $1 AND rcase = $2
		ORDER BY day_from, what, nth`, district, id)
}

func saveDuty(ctx context.Context, tx *db.Tx, district int64, id string, d Duty) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO rcase_duty (district, rcase, what, nth, unit, day_from, days, due_at, done_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (district, rcase, what, nth) DO UPDATE SET due_at = excluded.due_at, done_at = excluded.done_at,
		days = excluded.days`,
		district, id, d.What, d.Nth, int64(d.Unit), int64(d.From), d.Days, d.DueAt, d.DoneAt)
	return err
}

// Filter selects cases. The zero Filter selects everything inside the scope.
type Filter struct {
	Unit   int64
	State  string // a state; "open" is every open one and every one that waits for an answer
	Age    string // of the deadline: in, today, d3 (1 to 3 days late), d10 (4 to 10), more
	Mine   bool   // what waits for a unit of the caller's own
	Place  string
	Places []string // any of them; nil is all
	Party  int64
	Lead   bool // those alone that no inspection found
	Query  string
	All    bool // the caller reaches the whole district: no unit has to be looked at
	Limit  int
	Offset int

	n     int64 // how many there are, where known
	known bool
}

// counted takes the number of cases of the filter from the matrix of the same filter, where it has them: what is open by state.
func (f *Filter) counted(cells []Cell) {
	switch f.State {
	case "", "asked", Closed, Revoked: // of those that wait for an answer, some wait for two
		return
	}
	f.known = true
	for _, c := range cells {
		if (f.State == "open" || f.State == c.State) && (f.Age == "" || f.Age == c.Age) {
			f.n += c.N
		}
	}
}

// The ages of a deadline, from in time to long past.
var Ages = []string{"in", "today", "d3", "d10", "more"}

// ageBounds are the instants between which the deadline of an age lies at a moment: [from, until).
func ageBounds(age string, now int64) (from, until int64, ok bool) {
	today := period.Of(instant(now))
	midnight := func(d period.Day) int64 { return d.Start().UnixMilli() + 1 } // a deadline at midnight ends the day before
	switch age {
	case "in":
		return midnight(today + 1), 1 << 60, true
	case "today":
		return now + 1, midnight(today + 1), true
	case "d3":
		return midnight(today - 3), now + 1, true
	case "d10":
		return midnight(today - 10), midnight(today - 3), true
	case "more":
		return 1, midnight(today - 10), true
	}
	return 0, 0, false
}

func (f Filter) where(by access.Scope, now int64) (string, []any) {
	args := []any{by.District}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	w := "c.district = $1 AND " + sees(by, f.All)
	if f.Unit != 0 {
		today := arg(by.Today)
		units := "(SELECT r.unit FROM org_reach AS r WHERE r.district = $1 AND r.target = " + arg(f.Unit) + " AND r.day_from <= " + today + " AND " + today +
			" < r.day_until)"
		w += " AND (+c.unit IN " + units + " OR +c.party IN " + units + ")"
	}
	switch f.State {
	case "":
	case "open":
		w += " AND (c.open = 1 OR c.waits <> 0) AND c.wait_until >= 0" // by the index of what waits
	case "asked":
		w += " AND c.asked_until > 0"
	case "objected":
		w += " AND c.objected = 1"
	case "returned":
		w += " AND c.state = 'fixing' AND c.round > 1 AND c.asked_until = 0 AND c.objected = 0"
	case Fixing:
		w += " AND c.state = 'fixing' AND c.round = 1 AND c.asked_until = 0 AND c.objected = 0"
	case Closed, Revoked:
		w += " AND c.objected = 0 AND c.state = " + arg(f.State)
	default:
		w += " AND c.asked_until = 0 AND c.objected = 0 AND c.state = " + arg(f.State)
	}
	if from, until, ok := ageBounds(f.Age, now); ok {
		w += " AND (c.wait_until >= " + arg(from) + " AND c.wait_until < " + arg(until)
		if f.Age == "in" {
			w += " OR c.wait_until = 0"
		}
		w += ")"
	}
	if f.Mine {
		w += " AND c.waits IN (0"
		for _, g := range by.Grants {
			w += ", " + arg(g.Unit)
		}
		w += ") AND c.waits <> 0"
	}
	if f.Place != "" {
		w += " AND c.place = " + arg(f.Place)
	}
	if f.Places != nil {
		w += " AND c.place IN (''"
		for _, p := range f.Places {
			w += ", " + arg(p)
		}
		w += ")"
	}
	if f.Party != 0 {
		w += " AND c.party = " + arg(f.Party)
	}
	if f.Lead {
		w += " AND c.source = 'list'"
	}
	if f.Query != "" {
		w += " AND c.search LIKE " + arg("%"+likeEscaper.Replace(f.Query)+"%") + ` ESCAPE '\'`
	}
	return w, args
}

// hidesDrafts reports whether a caller is one to whom cases are put: what nobody has issued yet is the office's own.
func hidesDrafts(by access.Scope) bool { return by.Has(Reply) && !by.Has(Issue) }

// reach is what a caller sees: cases whose place lies in reach, and those his own unit answers for; none that was opened today
// at a place where he is to look for himself.
func reach(by access.Scope) string { return sees(by, false) }

// sees is reach, without looking at units where the caller reaches all of them. The units are worked out once, not for each case;
// the signs before the columns keep the database from going through the cases of each of them.
func sees(by access.Scope, all bool) string {
	units := fmt.Sprintf("(SELECT u.unit FROM org_reach AS u WHERE u.district = %d AND u.unit = u.target AND %s)", by.District,
		by.Reach("u.district", "u.unit", Read))
	where := "(+c.unit IN " + units + " OR +c.party IN " + units + ")"
	if all {
		where = "1 = 1"
	}
	if by.IsSystem() || by.Account == "" {
		return where
	}
	me := "'" + strings.ReplaceAll(by.Account, "'", "''") + "'"
	if hidesDrafts(by) {
		where += " AND (c.state <> 'draft' OR c.finder = " + me + ")"
	}
	return where + fmt.Sprintf(` AND (c.created_at < %d OR NOT EXISTS (SELECT 1 FROM rcase_blind AS b WHERE b.district = c.district AND b.account = %s
		AND b.day = %d AND b.place = c.place))`, period.Day(by.Today).Start().UnixMilli(), me, by.Today)
}

// Blind keeps from somebody, for a day, what others open at a place, or lets him see it again.
func Blind(ctx context.Context, tx *db.Tx, district int64, account string, day period.Day, place string, blind bool) error {
	q := `DELETE FROM rcase_blind WHERE district = $1 AND account = $2 AND day = $3 AND place = $4`
	if blind {
		q = `INSERT INTO rcase_blind (district, account, day, place) VALUES ($1, $2, $3, $4) ON CONFLICT (district, account, day, place) DO NOTHING`
	}
	_, err := tx.ExecContext(ctx, q, district, account, int64(day), place)
	return err
}

// List returns the cases of a filter, those that wait longest first, and how many there are.
func List(ctx context.Context, q db.Querier, by access.Scope, f Filter, now int64) (list []Case, n int64, err error) {
	where, args := f.where(by, now)
	if n = f.n; !f.known {
		err = q.QueryRowContext(ctx, `SELECT count(*) FROM rcase AS c WHERE `+where, args...).Scan(&n)
	}
	if err != nil || n == 0 {
		return nil, n, err
	}
	order := `CASE WHEN c.open = 1 THEN 0 ELSE 1 END, CASE WHEN c.wait_until = 0 THEN 1 ELSE 0 END, 
		CASE WHEN c.open = 1 THEN c.wait_until ELSE -c.closed_at END, c.no DESC`
	if f.State == Closed {
		order = `c.closed_at DESC, c.no DESC`
	}
	// ids are sorted first: a case is wide, and few are shown
	list, err = db.All(ctx, q, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND c.id IN (SELECT c.id FROM rcase AS c WHERE `+where+
		` ORDER BY `+order+fmt.Sprintf(" LIMIT %d OFFSET %d", max(f.Limit, 1), f.Offset)+`) ORDER BY `+order, args...)
	return list, n, err
}

// Cell is a number of open cases in a state whose deadline has an age.
type Cell struct {
	State string `json:"state"`
	Age   string `json:"age"`
	N     int64  `json:"n"`
}

// shownState is the state as a list sorts it: what waits for an answer, and what was returned, apart.
const shownState = `CASE WHEN c.objected = 1 THEN 'objected' WHEN c.asked_until > 0 THEN 'asked'
	WHEN c.state = 'fixing' AND c.round > 1 THEN 'returned' ELSE c.state END`

// Matrix counts what is open by state and age.
func Matrix(ctx context.Context, q db.Querier, by access.Scope, f Filter, now int64) ([]Cell, error) {
	f.State, f.Age = "open", ""
	where, args := f.where(by, now)
	age := "CASE WHEN c.wait_until = 0 THEN 'in'"
	for _, a := range Ages {
		from, until, _ := ageBounds(a, now)
		age += fmt.Sprintf(" WHEN c.wait_until >= %d AND c.wait_until < %d THEN '%s'", from, until, a)
	}
	age += " ELSE 'in' END"
	return db.All(ctx, q, func(r *sql.Rows) (Cell, error) {
		var c Cell
		err := r.Scan(&c.State, &c.Age, &c.N)
		return c, err
	}, `SELECT `+shownState+` AS s, `+age+` AS a, count(*) FROM rcase AS c WHERE `+where+` GROUP BY 1, 2`, args...)
}
