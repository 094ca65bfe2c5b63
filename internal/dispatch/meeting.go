package dispatch

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/id"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Input is what is said of a meeting.
type Input struct {
	Unit   org.No // that holds it; fixed once the meeting is made
	Type   string
	Day    period.Day
	Title  string
	Place  string
	People int64
	Agenda []Agenda
	Seats  []Seat
	Words  string
	Photos []string
	Scans  []string
}

type faults []problem.Field

func (f *faults) add(pointer, code string, args map[string]any) {
	*f = append(*f, problem.Field{Pointer: pointer, Code: code, Args: args})
}

func (f *faults) text(pointer, s string, most int, needed bool) {
	switch n := utf8.RuneCountInString(s); {
	case needed && n == 0:
		f.add(pointer, "value.required", nil)
	case n > most:
		f.add(pointer, "value.too-long", map[string]any{"max": most, "have": n})
	}
}

// holders are the types of units that hold meetings of their own.
var holders = []org.Type{org.District, org.Department, org.Street, org.Zone}

// farthest is how many days ahead a meeting or a deadline may lie: a slip of the pen lies farther.
const farthest = 3 * 366

// judge looks at what is said of a meeting. had are the seats there were: a unit that ended since stays seated.
func (s *Service) judge(ctx context.Context, tx *db.Tx, by access.Scope, w work, in *Input, had []Seat, heldNow bool) error {
	var f faults
	in.Title, in.Place, in.Words = trim(in.Title), trim(in.Place), trim(in.Words)
	f.text("/title", in.Title, 120, true)
	f.text("/place", in.Place, 60, false)
	f.text("/words", in.Words, 2000, false)
	if in.Type != Dispatch && in.Type != Mobilisation && in.Type != Other {
		f.add("/type", "value.choice", nil)
	}
	if u, ok := w.Org.Unit(in.Unit); ok && !u.Open(in.Day) {
		f.add("/day", "dispatch.outside-unit", map[string]any{"unit": u.Name})
	}
	switch {
	case heldNow && in.Day > w.Day:
		f.add("/day", "value.future", map[string]any{"day": w.Day.String()})
	case in.Day > w.Day+farthest:
		f.add("/day", "dispatch.too-far", map[string]any{"day": in.Day.String()})
	}
	if in.People < 0 || in.People > 100_000 {
		f.add("/people", "value.range", map[string]any{"min": 0, "max": 100_000})
	}
	for i := range in.Agenda {
		in.Agenda[i].Title = trim(in.Agenda[i].Title)
		f.text(fmt.Sprintf("/agenda/%d/title", i), in.Agenda[i].Title, 200, true)
	}
	f.seats(w, by, in, had, heldNow)
	for name, list := range map[string][]string{"photos": in.Photos, "scans": in.Scans} {
		for i, sha := range list {
			ok, err := evidence.MayRead(ctx, tx, by, sha)
			if err != nil {
				return err
			}
			if !ok {
				f.add(fmt.Sprintf("/%s/%d", name, i), "value.file-missing", nil)
			}
		}
	}
	if len(f) > 0 {
		return ErrInvalid.At(f...)
	}
	return nil
}

// seats looks at who is asked and who came. A unit that had ended or was merged before the meeting cannot have come to it;
// one that ended afterwards has.
func (f *faults) seats(w work, by access.Scope, in *Input, had []Seat, heldNow bool) {
	seen := map[org.No]bool{}
	for i := range in.Seats {
		x := &in.Seats[i]
		at := func(field string) string { return fmt.Sprintf("/seats/%d/%s", i, field) }
		x.Who, x.Reason = trim(x.Who), trim(x.Reason)
		u, ok := w.Org.Unit(x.Unit)
		known := slices.ContainsFunc(had, func(h Seat) bool { return h.Unit == x.Unit })
		switch {
		case !ok || !known && !by.Can(Read, w.Org.Targets(x.Unit, w.Day), true):
			f.add(at("unit"), "dispatch.no-unit", nil)
			continue
		case !u.Open(in.Day):
			f.add(at("unit"), "dispatch.unit-ended", map[string]any{"unit": u.Name, "day": (u.Until - 1).String(), "held": in.Day.String()})
		case seen[x.Unit]:
			f.add(at("unit"), "dispatch.unit-twice", map[string]any{"unit": u.Name})
		}
		seen[x.Unit] = true
		switch x.Presence {
		case "", Asked:
			x.Presence = Asked
			if heldNow {
				f.add(at("presence"), "dispatch.presence", map[string]any{"unit": u.Name})
			}
		case Present:
		case Represented:
			f.text(at("who"), x.Who, 40, true)
		case Absent:
			f.text(at("reason"), x.Reason, 200, true)
		default:
			f.add(at("presence"), "value.choice", nil)
		}
		f.text(at("who"), x.Who, 40, false)
	}
}

// Plan makes a meeting that is to be. In a district without entries of meetings they are kept here from the first one on.
//
// Errors: org.ErrUnit, ErrForbidden, ErrTakeover, ErrInvalid with a fault per field.
func (s *Service) Plan(ctx context.Context, tx *db.Tx, by access.Scope, in Input) (Meeting, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Meeting{}, err
	}
	u, ok := w.Org.Unit(in.Unit)
	if !ok || !by.Can(Read, w.Org.Targets(in.Unit, w.Day), true) {
		return Meeting{}, org.ErrUnit
	}
	if !may(w, by, Edit, in.Unit) {
		return Meeting{}, ErrForbidden
	}
	if !slices.Contains(holders, u.Type) {
		return Meeting{}, ErrInvalid.At(problem.Field{Pointer: "/unit", Code: "dispatch.unit-type", Args: map[string]any{"type": u.Type.Title()}})
	}
	if err := s.judge(ctx, tx, by, w, &in, nil, false); err != nil {
		return Meeting{}, err
	}
	if err := s.begin(ctx, tx, by, w); err != nil {
		return Meeting{}, err
	}
	y, _, _ := in.Day.YMD()
	n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("meeting:%d", y))
	if err != nil {
		return Meeting{}, err
	}
	m := Meeting{ID: id.New(w.Now), No: fmt.Sprintf("DD-%d-%03d", y, n), Unit: in.Unit, State: Planned, Account: by.Account, Created: w.Now.UnixMilli(), Rev: 1}
	m.say(in)
	if err := insertMeeting(ctx, tx, by.District, m); err != nil {
		return m, err
	}
	if err := saveSeats(ctx, tx, by.District, m.ID, in.Seats); err != nil {
		return m, err
	}
	if err := evidence.SetUses(ctx, tx, by.District, KindMeeting, m.ID, m.Unit, map[string][]string{"photos": in.Photos, "scans": in.Scans}); err != nil {
		return m, err
	}
	return m, s.tell(ctx, tx, by, w, m, "plan", "")
}

func (m *Meeting) say(in Input) {
	m.Type, m.Day, m.Title, m.Place, m.People = in.Type, in.Day, in.Title, in.Place, in.People
	if in.Agenda == nil {
		in.Agenda = []Agenda{}
	}
	m.Body.Agenda, m.Body.Words, m.Body.Photos, m.Body.Scans = in.Agenda, in.Words, in.Photos, in.Scans
}

// Correct changes what is said of a meeting, before it or after. rev is the revision the person saw.
//
// Errors: ErrMeeting, ErrStale, ErrForbidden, ErrState once cancelled, ErrInvalid, closing.ErrLocked.
func (s *Service) Correct(ctx context.Context, tx *db.Tx, by access.Scope, meeting string, rev int64, in Input) (Meeting, error) {
	m, w, err := s.held(ctx, tx, by, meeting, rev)
	if err != nil {
		return m, err
	}
	if m.State == Cancelled {
		return m, ErrState.With("state", StateTitles[m.State])
	}
	return s.change(ctx, tx, by, w, m, in, "edit")
}

// Hold says that a planned meeting took place, and who came.
//
// Errors: ErrMeeting, ErrStale, ErrForbidden, ErrState unless planned, ErrInvalid, closing.ErrLocked.
func (s *Service) Hold(ctx context.Context, tx *db.Tx, by access.Scope, meeting string, rev int64, in Input) (Meeting, error) {
	m, w, err := s.held(ctx, tx, by, meeting, rev)
	if err != nil {
		return m, err
	}
	if m.State != Planned {
		return m, ErrState.With("state", StateTitles[m.State])
	}
	m.State = Held
	return s.change(ctx, tx, by, w, m, in, "hold")
}

func (s *Service) change(ctx context.Context, tx *db.Tx, by access.Scope, w work, m Meeting, in Input, op string) (Meeting, error) {
	had, err := seatsOf(ctx, tx, by.District, m.ID, "1 = 1")
	if err != nil {
		return m, err
	}
	in.Unit = m.Unit
	if err := s.judge(ctx, tx, by, w, &in, had, m.State == Held); err != nil {
		return m, err
	}
	if in.Day != m.Day {
		n, err := s.decided(ctx, tx, by.District, m.ID)
		if err != nil {
			return m, err
		}
		if n > 0 { // their deadlines were judged by the day of the meeting
			return m, ErrInvalid.At(problem.Field{Pointer: "/day", Code: "dispatch.day-decided", Args: map[string]any{"n": n}})
		}
	}
	m.say(in)
	if err := saveSeats(ctx, tx, by.District, m.ID, in.Seats); err != nil {
		return m, err
	}
	return s.storeMeeting(ctx, tx, by, w, m, op, "", true)
}

func (s *Service) decided(ctx context.Context, q db.Querier, district int64, meeting string) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM meeting_decision WHERE district = $1 AND meeting = $2`, district, meeting).Scan(&n)
	return n, err
}

// Cancel says that a meeting is not held, or was recorded by mistake. One that decided something cannot be undone: its
// decisions are dropped first, each with its reason.
//
// Errors: ErrMeeting, ErrStale, ErrForbidden, ErrState, ErrReason, ErrDecided, closing.ErrLocked.
func (s *Service) Cancel(ctx context.Context, tx *db.Tx, by access.Scope, meeting string, rev int64, reason string) (Meeting, error) {
	m, w, err := s.held(ctx, tx, by, meeting, rev)
	if err != nil {
		return m, err
	}
	if m.State == Cancelled {
		return m, ErrState.With("state", StateTitles[m.State])
	}
	if reason = trim(reason); utf8.RuneCountInString(reason) < 2 {
		return m, ErrReason
	}
	var n int64
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM meeting_decision WHERE district = $1 AND meeting = $2 AND state <> 'dropped'`, by.District,
		m.ID).Scan(&n); err != nil {
		return m, err
	}
	if n > 0 {
		return m, ErrDecided.With("n", n)
	}
	m.State, m.Body.Reason = Cancelled, reason
	return s.storeMeeting(ctx, tx, by, w, m, "cancel", reason, true)
}
