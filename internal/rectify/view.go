package rectify

import (
	"context"
	"slices"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/penalty"
	"sifen/internal/period"
)

// Row is a case in a list.
type Row struct {
	ID         string     `json:"id"`
	No         string     `json:"no"`
	Title      i18n.Label `json:"title"`
	Subject    string     `json:"subject"`
	Item       string     `json:"item"`                                                              // checklist/item
	Stage      string     `json:"stage" enum:"draft,sent,fixing,replied,closed,revoked,transferred"` // without what waits for an answer
	Place      string     `json:"place"`
	PlaceName  string     `json:"place_name"`
	Unit       org.Ref    `json:"unit"`
	Party      *org.Ref   `json:"party"`
	Instrument i18n.Label `json:"instrument"`
	Severity   string     `json:"severity" enum:"minor,major"`
	State      string     `json:"state" enum:"draft,sent,fixing,returned,replied,asked,objected,closed,revoked,transferred"`
	Round      int64      `json:"round"`
	Failed     int64      `json:"failed"`
	Issued     *int64     `json:"issued"` // instants in milliseconds
	Due        *int64     `json:"due"`    // of whoever has to act now
	Late       int64      `json:"late"`   // calendar days
	Left       int64      `json:"left"`   // working days until due
	Waits      *org.Ref   `json:"waits"`  // who has to act now
	Office     bool       `json:"office"` // it is the office's turn
	Open       bool       `json:"open"`
	Rev        int64      `json:"rev"`
	Photo      string     `json:"photo"`
	Origin     string     `json:"origin" enum:",resident,body,media,other"` // of a lead
	Found      int64      `json:"found"`
	Closed     *int64     `json:"closed"`
}

func ms(at int64) *int64 {
	if at == 0 {
		return nil
	}
	return &at
}

// stateShown is the state as lists sort it.
func (c *Case) stateShown() string {
	switch {
	case c.Objected == 1:
		return "objected"
	case c.AskedUntil > 0:
		return "asked"
	case c.State == Fixing && c.Round > 1:
		return "returned"
	}
	return c.State
}

func (s *Service) row(w work, c Case) Row {
	now := w.Now.UnixMilli()
	r := Row{ID: c.ID, No: c.No, Title: c.Body.Shown(), Subject: c.Subject, Item: c.Item, Stage: c.State, Place: c.Place,
		PlaceName: c.PlaceName, Unit: w.Org.Ref(c.Unit, w.Day), Severity: c.Severity,
		State: c.stateShown(), Round: c.Round, Failed: c.Failed, Issued: ms(c.IssuedAt), Due: ms(c.WaitUntil), Late: c.Late(now), Open: c.Open, Rev: c.Rev,
		Found: c.Body.FoundAt, Origin: c.Body.Origin, Closed: ms(c.ClosedAt), Office: c.Waits != 0 && c.Waits == c.Office}
	if i, ok := instrumentOf(w.Set, c.Instrument); ok {
		r.Instrument = i.Title
	}
	if c.Party != 0 {
		p := w.Org.Ref(c.Party, w.Day)
		r.Party = &p
	}
	if c.Waits != 0 {
		u := w.Org.Ref(c.Waits, w.Day)
		r.Waits = &u
	}
	if c.WaitUntil > now {
		r.Left = int64(calendarOf(w).Between(w.Day, dayOf(c.WaitUntil)))
	}
	if len(c.Body.Photos) > 0 {
		r.Photo = c.Body.Photos[0]
	}
	return r
}

// InstrumentView is an instrument as pages offer it.
type InstrumentView struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
	Rank  int64      `json:"rank"`
	Days  int64      `json:"days"`
	Issue string     `json:"issue"`
}

func instrumentsView(set *pack.Set, above int64) []InstrumentView {
	out := []InstrumentView{}
	for _, i := range pack.All[Instrument](set, "instruments") {
		if i.Rank >= above && !i.handsOver() {
			out = append(out, InstrumentView{i.Key, i.Title, i.Rank, i.Days, i.Issue})
		}
	}
	slices.SortFunc(out, func(a, b InstrumentView) int { return int(a.Rank - b.Rank) })
	return out
}

// EventView is a line of a case's history.
type EventView struct {
	Seq        int64       `json:"seq"`
	Op         string      `json:"op"`
	At         int64       `json:"at"`
	Received   int64       `json:"received"`
	By         string      `json:"by"`
	Look       bool        `json:"look"`
	Round      int64       `json:"round"`
	Due        *int64      `json:"due"`
	Words      string      `json:"words"`
	Photos     []string    `json:"photos"`
	Fixes      []string    `json:"fixes"`
	Instrument *i18n.Label `json:"instrument"`
	Party      string      `json:"party"`
	Day        string      `json:"day"`
	Visit      string      `json:"visit"`
	Result     *Result     `json:"result"`
}

// DutyView is something owed.
type DutyView struct {
	What string  `json:"what" enum:"issue,sign,recheck,extension,objection,result,lookback"`
	Unit org.Ref `json:"unit"`
	Due  *int64  `json:"due"`
	Done *int64  `json:"done"`
	Late int64   `json:"late"`
}

// View is a case's page.
type View struct {
	Row
	Source      string                `json:"source" enum:"visit,list"`
	Words       string                `json:"words"`
	Photos      []string              `json:"photos"`
	Owed        []string              `json:"owed"` // photos that are named and have not come yet
	Fixes       []Choice              `json:"fixes"`
	Visit       string                `json:"visit"`
	Before      *Row                  `json:"before"`
	Finder      string                `json:"finder"`
	Promise     *int64                `json:"promise"`
	PartyDue    *int64                `json:"party_due"`
	Replied     *int64                `json:"replied"`
	AskedUntil  *int64                `json:"asked_until"`
	InTime      bool                  `json:"in_time"`
	OfficeUnit  org.Ref               `json:"office_unit"`
	Events      []EventView           `json:"events"`
	Duties      []DutyView            `json:"duties"`
	Notices     []Notice              `json:"notices"`
	MayNotice   bool                  `json:"may_notice"` // an official notice may be written now
	Laws        []penalty.Law         `json:"laws"`
	Judged      *string               `json:"judged"`      // the day of the decision; laws say then what was in force on it
	Instruments []InstrumentView      `json:"instruments"` // this one and heavier ones
	Next        *InstrumentView       `json:"next"`
	Refused     int64                 `json:"refused"` // failed rechecks after which it may be handed over
	ExtendMost  string                `json:"extend_most"`
	Same        int64                 `json:"same"` // cases of this party and item in this year
	May         map[string]bool       `json:"may"`  // by step
	Why         map[string]i18n.Label `json:"why"`  // why a step that fits the state is not theirs
}

// Page reads a case's page.
func (s *Service) Page(ctx context.Context, q db.Querier, by access.Scope, id string) (View, error) {
	c, w, err := s.seen(ctx, q, by, id)
	if err != nil {
		return View{}, err
	}
	v := View{Row: s.row(w, c), Source: c.Source, Words: c.Body.Words, Photos: orNone(c.Body.Photos), Fixes: c.Body.Fixes,
		Visit: c.Body.Visit, Promise: ms(c.PromiseAt), PartyDue: ms(c.DueAt), Replied: ms(c.RepliedAt), AskedUntil: ms(c.AskedUntil), InTime: c.Body.InTime,
		OfficeUnit: w.Org.Ref(c.Office, w.Day), Events: []EventView{}, Duties: []DutyView{}, Laws: []penalty.Law{}, May: map[string]bool{},
		Why: map[string]i18n.Label{}}
	if v.Fixes == nil {
		v.Fixes = []Choice{}
	}
	if v.Owed, err = evidence.Owed(ctx, q, by.District, c.ID); err != nil {
		return v, err
	}
	v.Photos = evidence.Here(v.Photos, v.Owed)
	names := map[string]string{}
	name := func(login string) (string, error) {
		if login == "" {
			return "", nil
		}
		if n, ok := names[login]; ok {
			return n, nil
		}
		n, err := account.NameOf(ctx, q, by.District, login)
		names[login] = n
		return n, err
	}
	if v.Finder, err = name(c.Finder); err != nil {
		return v, err
	}
	events, err := History(ctx, q, by.District, id)
	if err != nil {
		return v, err
	}
	for _, e := range events {
		x := EventView{Seq: e.Seq, Op: e.Op, At: e.At, Received: e.ReceivedAt, Look: e.Look, Round: e.Round, Due: ms(e.DueAt), Words: e.Body.Words,
			Photos: evidence.Here(e.Body.Photos, v.Owed), Fixes: orNone(e.Body.Fixes), Day: e.Body.Day, Visit: e.Body.Visit,
			Result: e.Body.Result}
		if x.By, err = name(e.Account); err != nil {
			return v, err
		}
		if i, ok := instrumentOf(w.Set, e.Body.Instrument); ok {
			x.Instrument = &i.Title
		}
		if e.Body.Party != 0 {
			x.Party = w.Org.UnitName(e.Body.Party)
		}
		v.Events = append(v.Events, x)
	}
	duties, err := dutiesOf(ctx, q, by.District, id)
	if err != nil {
		return v, err
	}
	now := w.Now.UnixMilli()
	if v.Title = c.Body.Title; !by.Can(Issue, w.Org.Targets(c.Unit, w.Day), false) {
		v.Words, v.Title = mask(v.Words), c.Body.Shown()
		for i := range v.Events {
			v.Events[i].Words = mask(v.Events[i].Words)
		}
	}
	looks := s.toldOfLook(ctx, q, by, w, c, &known{})
	for _, d := range duties {
		if d.Days < 0 || d.What == DutyLook && d.DoneAt == 0 && !looks {
			continue
		}
		x := DutyView{What: d.What, Unit: w.Org.Ref(d.Unit, w.Day), Due: ms(d.DueAt), Done: ms(d.DoneAt)}
		if d.DoneAt == 0 && d.DueAt > 0 && now >= d.DueAt {
			x.Late = max(int64(w.Day-dayOf(d.DueAt)), 1)
		}
		v.Duties = append(v.Duties, x)
	}
	judged := w.Day // by the law of that day the penalty is measured, unless that of the act is milder
	for _, e := range events {
		if e.Body.Result == nil {
			continue
		}
		if d, err := period.ParseDay(e.Body.Result.Day); err == nil {
			judged, v.Judged = d, &e.Body.Result.Day
		}
	}
	v.Laws = penalty.Laws(w.Set, c.Body.Basis, period.Of(instant(c.Body.FoundAt)), judged)
	if err := s.offers(ctx, q, by, w, c, duties, &v); err != nil {
		return v, err
	}
	if v.Notices, err = s.notices(ctx, q, by, id); err != nil {
		return v, err
	}
	if i, ok := instrumentOf(w.Set, c.Instrument); ok && i.Document != nil && i.Issue == "approved" {
		v.MayNotice = c.State == Draft && c.Party != 0 && v.May[OpIssue] && len(v.Notices) == 0 && by.Can(document.Edit, w.Org.Targets(c.Office, w.Day), false)
	}
	if c.Body.Before != "" {
		if b, err := load(ctx, q, by.District, c.Body.Before); err == nil {
			r := s.row(w, b)
			v.Before = &r
		}
	}
	if c.Party != 0 && c.Item != "" {
		y, _, _ := w.Day.YMD()
		err = q.QueryRowContext(ctx, `SELECT count(*) FROM rcase AS c WHERE c.district = $1 AND c.party = $2 AND c.item = $3 AND c.created_at >= $4
			AND c.state <> 'revoked'`, by.District, int64(c.Party), c.Item, period.Date(y, 1, 1).Start().UnixMilli()).Scan(&v.Same)
	}
	return v, err
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// offers says which steps fit now, which of them are the caller's, and why the others are not.
func (s *Service) offers(ctx context.Context, q db.Querier, by access.Scope, w work, c Case, duties []Duty, v *View) error {
	v.Instruments = instrumentsView(w.Set, c.Rank)
	i, ok := instrumentOf(w.Set, c.Instrument)
	if !ok {
		return nil
	}
	if n, ok := instrumentOf(w.Set, i.Next); ok {
		v.Next = &InstrumentView{n.Key, n.Title, n.Rank, n.Days, n.Issue}
	}
	v.Refused = 2
	if i.Refused != nil {
		v.Refused = i.Refused.Failed
	}
	if i.Extend != nil && c.DueAt > 0 {
		if most, err := calendarOf(w).After(dayOf(c.DueAt), int(i.Extend.Most)); err == nil {
			v.ExtendMost = most.String()
		}
	}
	k := &known{}
	for op := range rights {
		// A step is tried on a copy: what it refuses for its words alone would still fit.
		t := turn{c: c, duties: slices.Clone(duties), set: w.Set, cal: calendarOf(w), now: w.Now.UnixMilli()}
		if !fits(t.take(trial(op, c))) {
			continue
		}
		if op == OpTransfer && c.Failed < v.Refused {
			continue
		}
		err := s.may(ctx, q, by, w, c, op, k)
		v.May[op] = err == nil
		if say, ok := sayOf(err); ok {
			v.Why[op] = say
		}
	}
	return nil
}

// trial is a step with whatever it needs to be complete.
func trial(op string, c Case) Step {
	st := Step{Op: op, Words: "试一试", Party: c.Party, Result: &Result{No: "试一试", Decision: Spared, Day: "2000-01-01"}}
	switch op {
	case OpAsk:
		if c.DueAt > 0 {
			st.Day = dayOf(c.DueAt) + 1
		}
	case OpReaddr:
		st.Party = -1
	case OpIssue:
		if st.Party == 0 {
			st.Party = -1
		}
	}
	return st
}

// RowsOf reads cases inside a scope as rows, by id.
func (s *Service) RowsOf(ctx context.Context, q db.Querier, by access.Scope, ids []string) (map[string]Row, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	list, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([]Case, error) {
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND `+reach(by)+` AND c.id IN (`+in+`)`, args...)
	})
	out := make(map[string]Row, len(list))
	for _, c := range list {
		out[c.ID] = s.row(w, c)
	}
	return out, err
}

// OpenAt are the open cases of a place.
func (s *Service) OpenAt(ctx context.Context, q db.Querier, by access.Scope, place string) ([]Row, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	list, _, err := List(ctx, q, by, Filter{Place: place, State: "open", Limit: 100}, w.Now.UnixMilli())
	out := make([]Row, 0, len(list))
	for _, c := range list {
		out = append(out, s.row(w, c))
	}
	return out, err
}

// OpenAtAll are the open cases of some places, by place.
func (s *Service) OpenAtAll(ctx context.Context, q db.Querier, by access.Scope, places []string) (map[string][]Row, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	out := map[string][]Row{}
	list, _, err := List(ctx, q, by, Filter{Places: places, State: "open", Limit: 500}, w.Now.UnixMilli())
	for _, c := range list {
		out[c.Place] = append(out[c.Place], s.row(w, c))
	}
	return out, err
}

// OpenBelow are the open cases below a unit, at most so many.
func (s *Service) OpenBelow(ctx context.Context, q db.Querier, by access.Scope, unit org.No, most int) ([]Row, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	list, _, err := List(ctx, q, by, Filter{Unit: int64(unit), State: "open", Limit: most}, w.Now.UnixMilli())
	out := make([]Row, 0, len(list))
	for _, c := range list {
		out = append(out, s.row(w, c))
	}
	return out, err
}

// OpenByPlace counts the open cases of places inside a scope.
func OpenByPlace(ctx context.Context, q db.Querier, by access.Scope) (map[string]int64, error) {
	if !by.Has(Read) {
		return map[string]int64{}, nil
	}
	return db.Pairs[string, int64](ctx, q, `SELECT c.place, count(*) FROM rcase AS c WHERE c.district = $1 AND c.open = 1
		AND `+reach(by)+` GROUP BY c.place`, by.District)
}
