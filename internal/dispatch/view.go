package dispatch

import (
	"context"
	"database/sql"
	"slices"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
)

func unitNo(n int64) org.No { return org.No(n) }

// MeetingRow is a meeting in a list.
type MeetingRow struct {
	ID        string  `json:"id"`
	No        string  `json:"no"`
	Unit      org.Ref `json:"unit"`
	Type      string  `json:"type" enum:"dispatch,mobilisation,other"`
	Day       string  `json:"day"`
	Title     string  `json:"title"`
	Place     string  `json:"place"`
	State     string  `json:"state" enum:"planned,held,cancelled"`
	People    int64   `json:"people"`
	Minutes   bool    `json:"minutes"` // were issued
	MinutesNo string  `json:"minutes_no"`
	Came      int64   `json:"came"` // units
	Asked     int64   `json:"asked"`
	Decided   int64   `json:"decided"`
	Done      int64   `json:"done"`
	Late      int64   `json:"late"`
	Rev       int64   `json:"rev"`
}

func row(w work, m Meeting) MeetingRow {
	return MeetingRow{ID: m.ID, No: m.No, Unit: w.Org.Ref(m.Unit, m.Day), Type: m.Type, Day: m.Day.String(), Title: m.Title, Place: m.Place, State: m.State,
		People: m.People, Minutes: m.HasMinutes, MinutesNo: m.MinutesNo, Rev: m.Rev}
}

// rows are meetings with how many came and what became of their decisions, as far as the caller sees them.
func (s *Service) rows(ctx context.Context, q db.Querier, by access.Scope, w work, list []Meeting) ([]MeetingRow, error) {
	out := make([]MeetingRow, 0, len(list))
	at := map[string]*MeetingRow{}
	ids := make([]string, 0, len(list))
	for _, m := range list {
		out = append(out, row(w, m))
		ids = append(ids, m.ID)
	}
	for i := range out {
		at[out[i].ID] = &out[i]
	}
	type count struct {
		id, what string
		n        int64
	}
	read := func(query string) error {
		counts, err := db.Named(ids, 3, []any{by.District, by.Today}, func(in string, args []any) ([]count, error) {
			return db.All(ctx, q, func(r *sql.Rows) (count, error) {
				var c count
				return c, r.Scan(&c.id, &c.what, &c.n)
			}, query+in+`) GROUP BY 1, 2`, args...)
		})
		for _, c := range counts {
			switch x := at[c.id]; c.what {
			case Present, Represented:
				x.Came, x.Asked = x.Came+c.n, x.Asked+c.n
			case Absent, Asked:
				x.Asked += c.n
			default:
				x.Decided += c.n
				if c.what == Done {
					x.Done += c.n
				}
				if c.what == "late" {
					x.Late += c.n
				}
			}
		}
		return err
	}
	if err := read(`SELECT a.meeting, a.presence, count(*) FROM meeting_seat AS a WHERE a.district = $1 AND $2 >= 0 AND a.meeting IN (`); err != nil {
		return nil, err
	}
	return out, read(`SELECT d.meeting, CASE WHEN d.state = 'open' AND d.deadline < $2 THEN 'late' ELSE d.state END, count(*) FROM meeting_decision AS d
		WHERE d.district = $1 AND d.state <> 'dropped' AND ` + seesDecision(by) + ` AND d.meeting IN (`)
}

// File is a file that stands with a decision or a meeting.
type File struct {
	SHA  string `json:"sha"`
	Name string `json:"name"`
	Mime string `json:"mime"`
}

// DecisionView is a decision as pages show it.
type DecisionView struct {
	ID         string  `json:"id"`
	Rev        int64   `json:"rev"`
	Meeting    string  `json:"meeting"`
	MeetingNo  string  `json:"meeting_no"` // "" where the caller does not see the meeting
	Title      string  `json:"title"`      // of the meeting
	Decided    string  `json:"decided"`
	Words      string  `json:"words"`
	Unit       org.Ref `json:"unit"`
	Person     string  `json:"person"` // id
	PersonName string  `json:"person_name"`
	Deadline   string  `json:"deadline"`
	ProofAsked bool    `json:"proof_asked"`
	State      string  `json:"state" enum:"open,reported,done,carried,dropped"`
	Late       int64   `json:"late"` // days
	Done       string  `json:"done"` // day; ""
	Outcome    string  `json:"outcome"`
	Proof      []File  `json:"proof"`
	Reason     string  `json:"reason"`
	CarriedOn  bool    `json:"carried_on"` // comes from an earlier meeting
	Behind     bool    `json:"behind"`     // a locked period keeps its figures from following
	May        struct {
		Report bool `json:"report"`
		Settle bool `json:"settle"` // accept, return, amend, drop, carry, open again
		Accept bool `json:"accept"` // it is not one's own report
	} `json:"may"`
}

// files reads names and types of files, whoever may read them: the page that shows them is judged before.
func files(ctx context.Context, q db.Querier, district int64, shas []string) (map[string]File, error) {
	slices.Sort(shas)
	list, err := db.Named(slices.Compact(shas), 2, []any{district}, func(in string, args []any) ([]File, error) {
		return db.All(ctx, q, func(r *sql.Rows) (File, error) {
			var f File
			return f, r.Scan(&f.SHA, &f.Name, &f.Mime)
		}, `SELECT sha, name, mime FROM evidence WHERE district = $1 AND sha IN (`+in+`)`, args...)
	})
	out := map[string]File{}
	for _, f := range list {
		out[f.SHA] = f
	}
	return out, err
}

func pick(known map[string]File, shas []string) []File {
	out := []File{}
	for _, x := range shas {
		if f, ok := known[x]; ok {
			out = append(out, f)
		}
	}
	return out
}

// views shows decisions: a fixed number of statements for however many.
func (s *Service) views(ctx context.Context, q db.Querier, by access.Scope, w work, list []Decision) ([]DecisionView, error) {
	var people, ids, shas []string
	for _, d := range list {
		if d.Person != "" {
			people = append(people, d.Person)
		}
		ids, shas = append(ids, d.Meeting), append(shas, d.Proof...)
	}
	slices.Sort(people)
	slices.Sort(ids)
	type pair struct{ id, name string }
	names, err := db.Named(slices.Compact(people), 2, []any{by.District}, func(in string, args []any) ([]pair, error) {
		return db.All(ctx, q, func(r *sql.Rows) (pair, error) {
			var p pair
			return p, r.Scan(&p.id, &p.name)
		}, `SELECT id, name FROM person WHERE district = $1 AND id IN (`+in+`)`, args...)
	})
	if err != nil {
		return nil, err
	}
	nameOf := map[string]string{}
	for _, p := range names {
		nameOf[p.id] = p.name
	}
	of, err := db.Named(slices.Compact(ids), 2, []any{by.District}, func(in string, args []any) ([]Meeting, error) {
		return meetings(ctx, q, seesMeeting(by)+` AND m.id IN (`+in+`)`, args...)
	})
	if err != nil {
		return nil, err
	}
	meeting := map[string]Meeting{}
	for _, m := range of {
		meeting[m.ID] = m
	}
	known, err := files(ctx, q, by.District, shas)
	if err != nil {
		return nil, err
	}
	out := make([]DecisionView, 0, len(list))
	for _, d := range list {
		m := meeting[d.Meeting]
		v := DecisionView{ID: d.ID, Rev: d.Rev, Meeting: m.ID, MeetingNo: m.No, Title: m.Title, Decided: d.Decided.String(), Words: d.Words,
			Unit: w.Org.Ref(d.Unit, w.Day), Person: d.Person, PersonName: nameOf[d.Person], Deadline: d.Deadline.String(), ProofAsked: d.ProofAsked,
			State: d.State, Late: d.Late(w.Day), Outcome: d.Outcome, Proof: pick(known, d.Proof), Reason: d.Reason, CarriedOn: d.CarriedFrom != "",
			Behind: d.Behind}
		if d.Done > 0 {
			v.Done = d.Done.String()
		}
		v.May.Report = d.State == Open && may(w, by, plan.Report, d.Unit)
		v.May.Settle = may(w, by, Edit, d.Office)
		v.May.Accept = v.May.Settle && d.State == Reported && d.Reporter != by.Account
		out = append(out, v)
	}
	return out, nil
}

// SeatView is a unit's place at a meeting.
type SeatView struct {
	Unit     org.Ref `json:"unit"`
	Presence string  `json:"presence" enum:"asked,present,represented,absent"`
	Who      string  `json:"who"`
	Reason   string  `json:"reason"`
}

// AgendaView is an item of the agenda.
type AgendaView struct {
	Title string   `json:"title"`
	Unit  *org.Ref `json:"unit"`
}

// EventView is a line of the history of a meeting.
type EventView struct {
	Op    string `json:"op"`
	At    int64  `json:"at"`
	By    string `json:"by"`
	Words string `json:"words"`
}

// View is the page of a meeting. It begins with what the last one decided.
type View struct {
	MeetingRow
	Origin     string         `json:"origin"`
	Words      string         `json:"words"`
	Reason     string         `json:"reason"`
	Behind     bool           `json:"behind"`
	Last       *MeetingRow    `json:"last"`    // the meeting before this one
	Opening    []DecisionView `json:"opening"` // its decisions, and what is left of those before it
	Agenda     []AgendaView   `json:"agenda"`
	Seats      []SeatView     `json:"seats"`
	Decisions  []DecisionView `json:"decisions"`
	Photos     []File         `json:"photos"`
	Scans      []File         `json:"scans"`
	Pack       *Paper         `json:"pack"`
	MinutesDoc *Paper         `json:"minutes_doc"`
	Events     []EventView    `json:"events"`
	MayEdit    bool           `json:"may_edit"`
	MayWrite   bool           `json:"may_write"` // documents of the unit
}

// Page reads the page of a meeting. Somebody who is asked to it sees his own seat and decisions, whoever holds it sees all.
func (s *Service) Page(ctx context.Context, q db.Querier, by access.Scope, id string) (View, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return View{}, err
	}
	m, err := meetingByID(ctx, q, by, id)
	if err != nil {
		return View{}, err
	}
	list, err := s.rows(ctx, q, by, w, []Meeting{m})
	if err != nil {
		return View{}, err
	}
	v := View{MeetingRow: list[0], Origin: m.Origin, Words: m.Body.Words, Reason: m.Body.Reason, Behind: m.Behind, Agenda: []AgendaView{},
		Seats: []SeatView{}, Events: []EventView{}, MayEdit: may(w, by, Edit, m.Unit) && m.State != Cancelled}
	v.MayWrite = v.MayEdit && may(w, by, document.Edit, m.Unit)
	for _, a := range m.Body.Agenda {
		x := AgendaView{Title: a.Title}
		if a.Unit > 0 {
			r := w.Org.Ref(unitNo(a.Unit), m.Day)
			x.Unit = &r
		}
		v.Agenda = append(v.Agenda, x)
	}
	whole := sees(w, by, int64(m.Unit))
	cond := "1 = 1"
	if !whole {
		cond = by.Reach("a.district", "a.unit", Read)
	}
	seats, err := seatsOf(ctx, q, by.District, m.ID, cond)
	if err != nil {
		return v, err
	}
	for _, x := range seats {
		v.Seats = append(v.Seats, SeatView{w.Org.Ref(x.Unit, m.Day), x.Presence, x.Who, x.Reason})
	}
	last, found, opening, err := s.opening(ctx, q, by, m)
	if err != nil {
		return v, err
	}
	if found {
		r := row(w, last)
		v.Last = &r
	}
	own, err := decisions(ctx, q, `d.meeting = $2 AND `+seesDecision(by)+` ORDER BY d.nth, d.id`, by.District, m.ID)
	if err != nil {
		return v, err
	}
	all, err := s.views(ctx, q, by, w, append(slices.Clone(opening), own...))
	if err != nil {
		return v, err
	}
	v.Opening, v.Decisions = all[:len(opening)], all[len(opening):]
	known, err := files(ctx, q, by.District, append(slices.Clone(m.Body.Photos), m.Body.Scans...))
	if err != nil {
		return v, err
	}
	v.Photos, v.Scans = pick(known, m.Body.Photos), pick(known, m.Body.Scans)
	if v.Pack, err = s.paper(ctx, q, by, m.Pack); err != nil {
		return v, err
	}
	if v.MinutesDoc, err = s.paper(ctx, q, by, m.Minutes); err != nil || !whole {
		return v, err
	}
	v.Events, err = s.eventsOf(ctx, q, by.District, m.ID)
	return v, err
}

func (s *Service) eventsOf(ctx context.Context, q db.Querier, district int64, object string) ([]EventView, error) {
	events, err := History(ctx, q, district, object)
	out := make([]EventView, 0, len(events))
	for _, e := range events {
		x := EventView{Op: e.Op, At: e.At, Words: e.Words}
		if x.By, err = account.NameOf(ctx, q, district, e.Account); err != nil {
			return out, err
		}
		out = append(out, x)
	}
	return out, err
}

// paper reads a document as far as the caller may; who may not is not told of it.
func (s *Service) paper(ctx context.Context, q db.Querier, by access.Scope, id string) (*Paper, error) {
	if id == "" {
		return nil, nil
	}
	d, err := s.Documents.Get(ctx, q, by, id)
	if unseen(err) {
		return nil, nil
	}
	p := paperOf(d)
	return &p, err
}

// PersonView names somebody who can be named for a decision.
type PersonView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// people are the persons of a unit who can be named for a decision.
func (s *Service) people(ctx context.Context, q db.Querier, by access.Scope, unit org.No) ([]PersonView, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	if _, ok := w.Org.Unit(unit); !ok || !sees(w, by, int64(unit)) {
		return nil, org.ErrUnit
	}
	if !may(w, by, Edit, unit) {
		return nil, ErrForbidden
	}
	list, err := account.PeopleOf(ctx, q, by.District, unit, period.Day(by.Today))
	out := make([]PersonView, 0, len(list))
	for _, p := range list {
		out = append(out, PersonView{p.ID, p.Name})
	}
	return out, err
}
