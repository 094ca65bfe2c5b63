package dispatch

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kept"
	"sifen/internal/org"
	"sifen/internal/period"
)

const meetingColumns = `m.id, m.no, m.unit, m.type, m.day, m.title, m.place, m.state, m.people, m.pack, m.minutes, m.minutes_no, m.has_minutes, m.behind,
	m.origin, m.account, m.created_at, m.rev, m.body`

func scanMeeting(r *sql.Rows) (Meeting, error) {
	var m Meeting
	var has, behind int64
	var body string
	if err := r.Scan(&m.ID, &m.No, &m.Unit, &m.Type, &m.Day, &m.Title, &m.Place, &m.State, &m.People, &m.Pack, &m.Minutes, &m.MinutesNo, &has, &behind,
		&m.Origin, &m.Account, &m.Created, &m.Rev, &body); err != nil {
		return m, err
	}
	m.HasMinutes, m.Behind = has == 1, behind == 1
	if err := json.Unmarshal([]byte(body), &m.Body); err != nil {
		return m, err
	}
	if m.Body.Fields != nil { // numbers as figures saw them
		var raw struct {
			Fields json.RawMessage `json:"fields"`
		}
		if err := json.Unmarshal([]byte(body), &raw); err != nil {
			return m, err
		}
		m.Body.Fields = kept.Decode(string(raw.Fields))
	}
	return m, nil
}

// seesMeeting is the condition that a scope may see a meeting: over the unit that holds it, or as somebody who is asked to it.
func seesMeeting(by access.Scope) string {
	return "(" + by.Reach("m.district", "m.unit", Read) + ` OR EXISTS (SELECT 1 FROM meeting_seat AS a WHERE a.district = m.district AND a.meeting = m.id
		AND ` + by.Reach("a.district", "a.unit", Read) + "))"
}

// seesDecision is the condition that a scope may see a decision: over its owner, or over the unit that held the meeting.
func seesDecision(by access.Scope) string {
	return "(" + by.Reach("d.district", "d.unit", Read) + " OR " + by.Reach("d.district", "d.office", Read) + ")"
}

func meetings(ctx context.Context, q db.Querier, where string, args ...any) ([]Meeting, error) {
	return db.All(ctx, q, scanMeeting, `SELECT `+meetingColumns+` FROM meeting AS m WHERE m.district = $1 AND `+where, args...)
}

func decisions(ctx context.Context, q db.Querier, where string, args ...any) ([]Decision, error) {
	return db.All(ctx, q, scanDecision, `SELECT `+decisionColumns+` FROM meeting_decision AS d WHERE d.district = $1 AND `+where, args...)
}

func meetingByID(ctx context.Context, q db.Querier, by access.Scope, id string) (Meeting, error) {
	list, err := meetings(ctx, q, `m.id = $2 AND `+seesMeeting(by), by.District, id)
	if err == nil && len(list) == 0 {
		err = ErrMeeting
	}
	if err != nil {
		return Meeting{}, err
	}
	return list[0], nil
}

func decisionByID(ctx context.Context, q db.Querier, by access.Scope, id string) (Decision, error) {
	list, err := decisions(ctx, q, `d.id = $2 AND `+seesDecision(by), by.District, id)
	if err == nil && len(list) == 0 {
		err = ErrDecision
	}
	if err != nil {
		return Decision{}, err
	}
	return list[0], nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func insertMeeting(ctx context.Context, tx *db.Tx, district int64, m Meeting) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meeting (district, id, no, unit, type, day, title, place, state, people, pack, minutes, minutes_no,
		has_minutes, behind, origin, account, created_at, rev, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		district, m.ID, m.No, int64(m.Unit), m.Type, int64(m.Day), m.Title, m.Place, m.State, m.People, m.Pack, m.Minutes, m.MinutesNo, flag(m.HasMinutes),
		flag(m.Behind), m.Origin, m.Account, m.Created, m.Rev, encode(m.Body))
	return err
}

// saveMeeting stores a change by compare-and-set on the revision.
func saveMeeting(ctx context.Context, tx *db.Tx, district int64, m Meeting, was int64) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE meeting SET type = $4, day = $5, title = $6, place = $7, state = $8, people = $9, pack = $10,
		minutes = $11, minutes_no = $12, has_minutes = $13, behind = $14, rev = $15, body = $16 WHERE district = $1 AND id = $2 AND rev = $3`,
		district, m.ID, was, m.Type, int64(m.Day), m.Title, m.Place, m.State, m.People, m.Pack, m.Minutes, m.MinutesNo, flag(m.HasMinutes), flag(m.Behind),
		m.Rev, encode(m.Body)))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

func seatsOf(ctx context.Context, q db.Querier, district int64, meeting string, cond string) ([]Seat, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Seat, error) {
		var s Seat
		err := r.Scan(&s.Unit, &s.Presence, &s.Who, &s.Reason)
		return s, err
	}, `SELECT a.unit, a.presence, a.who, a.reason FROM meeting_seat AS a WHERE a.district = $1 AND a.meeting = $2 AND `+cond+` ORDER BY a.nth`, district,
		meeting)
}

func saveSeats(ctx context.Context, tx *db.Tx, district int64, meeting string, seats []Seat) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM meeting_seat WHERE district = $1 AND meeting = $2`, district, meeting); err != nil {
		return err
	}
	for i, s := range seats {
		if _, err := tx.ExecContext(ctx, `INSERT INTO meeting_seat (district, meeting, unit, nth, presence, who, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			district, meeting, int64(s.Unit), i+1, s.Presence, s.Who, s.Reason); err != nil {
			return err
		}
	}
	return nil
}

const decisionColumns = `d.id, d.meeting, d.nth, d.office, d.unit, d.person, d.words, d.proof_asked, d.decided, d.deadline, d.state, d.done, d.settled,
	d.outcome, d.proof, d.reporter, d.reason, d.carried_from, d.carried_to, d.behind, d.created_at, d.rev`

func scanDecision(r *sql.Rows) (Decision, error) {
	var d Decision
	var asked, behind int64
	var proof string
	if err := r.Scan(&d.ID, &d.Meeting, &d.Nth, &d.Office, &d.Unit, &d.Person, &d.Words, &asked, &d.Decided, &d.Deadline, &d.State, &d.Done, &d.Settled,
		&d.Outcome, &proof, &d.Reporter, &d.Reason, &d.CarriedFrom, &d.CarriedTo, &behind, &d.Created, &d.Rev); err != nil {
		return d, err
	}
	d.ProofAsked, d.Behind = asked == 1, behind == 1
	return d, json.Unmarshal([]byte(proof), &d.Proof)
}

func insertDecision(ctx context.Context, tx *db.Tx, district int64, d Decision) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meeting_decision (district, id, meeting, nth, office, unit, person, words, proof_asked, decided, deadline, state,
		done, settled, outcome, proof, reporter, reason, carried_from, carried_to, behind, created_at, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		district, d.ID, d.Meeting, d.Nth, int64(d.Office), int64(d.Unit), d.Person, d.Words, flag(d.ProofAsked), int64(d.Decided), int64(d.Deadline), d.State,
		int64(d.Done), int64(d.Settled), d.Outcome, encode(d.Proof), d.Reporter, d.Reason, d.CarriedFrom, d.CarriedTo, flag(d.Behind), d.Created, d.Rev)
	return err
}

func saveDecision(ctx context.Context, tx *db.Tx, district int64, d Decision, was int64) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE meeting_decision SET unit = $4, person = $5, words = $6, proof_asked = $7, deadline = $8, state = $9,
		done = $10, settled = $11, outcome = $12, proof = $13, reporter = $14, reason = $15, carried_to = $16, behind = $17, rev = $18, decided = $19
		WHERE district = $1 AND id = $2 AND rev = $3`,
		district, d.ID, was, int64(d.Unit), d.Person, d.Words, flag(d.ProofAsked), int64(d.Deadline), d.State, int64(d.Done), int64(d.Settled), d.Outcome,
		encode(d.Proof), d.Reporter, d.Reason, d.CarriedTo, flag(d.Behind), d.Rev, int64(d.Decided)))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

// Event is one thing that happened to a meeting or a decision.
type Event struct {
	Op      string
	At      int64
	Account string
	Words   string
}

func insertEvent(ctx context.Context, tx *db.Tx, district int64, object string, e Event) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meeting_event (district, object, seq, op, at, account, words)
		SELECT $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6 FROM meeting_event WHERE district = $1 AND object = $2`,
		district, object, e.Op, e.At, e.Account, e.Words)
	return err
}

// History is what happened to a meeting or a decision, as it came.
func History(ctx context.Context, q db.Querier, district int64, object string) ([]Event, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Event, error) {
		var e Event
		err := r.Scan(&e.Op, &e.At, &e.Account, &e.Words)
		return e, err
	}, `SELECT op, at, account, words FROM meeting_event WHERE district = $1 AND object = $2 ORDER BY seq`, district, object)
}

// Filter selects meetings. The zero Filter selects all inside the scope.
type Filter struct {
	Unit   org.No
	State  string
	Type   string
	Year   int
	Query  string
	Limit  int
	Offset int
}

var escapeLike = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// below restricts a unit's column to a unit and all that it reaches today.
func below(column, unit, today string) string {
	return " AND EXISTS (SELECT 1 FROM org_reach AS ru WHERE ru.district = $1 AND ru.unit = " + column + " AND ru.target = " + unit +
		" AND ru.day_from <= " + today + " AND " + today + " < ru.day_until)"
}

// List returns the meetings of a filter, the newest first, and how many there are.
func List(ctx context.Context, q db.Querier, by access.Scope, f Filter) (list []Meeting, n int64, err error) {
	args := []any{by.District}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	w := seesMeeting(by)
	if f.Unit != 0 {
		w += below("m.unit", arg(int64(f.Unit)), arg(by.Today))
	}
	if f.State != "" {
		w += " AND m.state = " + arg(f.State)
	}
	if f.Type != "" {
		w += " AND m.type = " + arg(f.Type)
	}
	if f.Year > 0 {
		// What is planned for later is looked for in the year at hand, too.
		w += " AND m.day >= " + arg(int64(period.Date(f.Year, 1, 1))) + " AND (m.day < " + arg(int64(period.Date(f.Year+1, 1, 1))) +
			" OR m.state = 'planned' AND m.day >= " + arg(by.Today) + ")"
	}
	if t := strings.ToLower(strings.TrimSpace(f.Query)); t != "" {
		like := arg("%" + escapeLike.Replace(t) + "%")
		w += " AND (lower(m.title) LIKE " + like + ` ESCAPE '\' OR lower(m.no) LIKE ` + like + ` ESCAPE '\')`
	}
	if err = q.QueryRowContext(ctx, `SELECT count(*) FROM meeting AS m WHERE m.district = $1 AND `+w, args...).Scan(&n); err != nil || n == 0 {
		return nil, n, err
	}
	list, err = meetings(ctx, q, w+fmt.Sprintf(" ORDER BY m.day DESC, m.id DESC LIMIT %d OFFSET %d", max(f.Limit, 1), f.Offset), args...)
	return list, n, err
}

// Wanted selects decisions. The zero Wanted selects all inside the scope.
type Wanted struct {
	Unit    org.No
	State   string // a state, "running", or "late"
	Meeting string
	Mine    bool // what waits for a unit of the caller's own
	Query   string
	Limit   int
	Offset  int
}

func (f Wanted) where(by access.Scope) (string, []any) {
	args := []any{by.District}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	w := seesDecision(by)
	if f.Unit != 0 {
		w += below("d.unit", arg(int64(f.Unit)), arg(by.Today))
	}
	switch f.State {
	case "":
	case "running":
		w += " AND d.state IN ('open', 'reported')"
	case "late":
		w += " AND d.state = 'open' AND d.deadline < " + arg(by.Today)
	default:
		w += " AND d.state = " + arg(f.State)
	}
	if f.Meeting != "" {
		w += " AND d.meeting = " + arg(f.Meeting)
	}
	if f.Mine {
		w += " AND (" + mine(by, "plan.report", "d.unit", "open") + " OR " + mine(by, Edit, "d.office", "reported") + ")"
	}
	if t := strings.ToLower(strings.TrimSpace(f.Query)); t != "" {
		w += " AND lower(d.words) LIKE " + arg("%"+escapeLike.Replace(t)+"%") + ` ESCAPE '\'`
	}
	return w, args
}

// mine is the condition that a decision in a state waits for a unit at which the person himself holds a verb.
func mine(by access.Scope, verb access.Verb, column, state string) string {
	var units []string
	for _, g := range by.Grants {
		if g.Verbs[verb] {
			units = append(units, fmt.Sprint(g.Unit))
		}
	}
	if len(units) == 0 {
		return "1 = 0"
	}
	return "d.state = '" + state + "' AND " + column + " IN (" + strings.Join(units, ", ") + ")"
}

// Decisions returns the decisions of a filter, what runs first and in the order of deadlines, and how many there are.
func Decisions(ctx context.Context, q db.Querier, by access.Scope, f Wanted) (list []Decision, n int64, err error) {
	w, args := f.where(by)
	if err = q.QueryRowContext(ctx, `SELECT count(*) FROM meeting_decision AS d WHERE d.district = $1 AND `+w, args...).Scan(&n); err != nil || n == 0 {
		return nil, n, err
	}
	list, err = decisions(ctx, q, w+` ORDER BY CASE WHEN d.state IN ('open', 'reported') THEN 0 ELSE 1 END,
		CASE WHEN d.state IN ('open', 'reported') THEN d.deadline ELSE -d.settled END, d.id`+fmt.Sprintf(" LIMIT %d OFFSET %d", max(f.Limit, 1), f.Offset),
		args...)
	return list, n, err
}

// CountDecisions counts the decisions inside a scope by state, and those that are late under "late".
func CountDecisions(ctx context.Context, q db.Querier, by access.Scope, f Wanted) (map[string]int64, error) {
	f.State = ""
	w, args := f.where(by)
	out, err := db.Pairs[string, int64](ctx, q, `SELECT d.state, count(*) FROM meeting_decision AS d WHERE d.district = $1 AND `+w+` GROUP BY d.state`, args...)
	if err != nil {
		return nil, err
	}
	f.State = "late"
	w, args = f.where(by)
	var late int64
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM meeting_decision AS d WHERE d.district = $1 AND `+w, args...).Scan(&late)
	out["late"] = late
	return out, err
}

// TakenOver tells from which day meetings are kept here; ok is false while generic entries still are.
func TakenOver(ctx context.Context, q db.Querier, district int64) (day period.Day, ok bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT day FROM meeting_takeover WHERE district = $1`, district).Scan(&day)
	ok, err = db.One(err)
	return day, ok, err
}
