package rectify

import (
	"context"
	"errors"
	"slices"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/calendar"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// seen loads a case that the scope may see; outside the scope it does not exist.
func (s *Service) seen(ctx context.Context, q db.Querier, by access.Scope, id string) (Case, work, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return Case{}, w, err
	}
	c, err := load(ctx, q, by.District, id)
	if err != nil {
		return c, w, err
	}
	if hidesDrafts(by) && c.State == Draft && c.Finder != by.Account {
		return Case{}, w, ErrCase
	}
	if blind, err := blinded(ctx, q, by, c); err != nil || blind {
		if err == nil {
			err = ErrCase
		}
		return Case{}, w, err
	}
	if !by.Can(Read, w.Org.Targets(c.Unit, w.Day), true) && !(c.Party != 0 && by.Can(Read, w.Org.Targets(c.Party, w.Day), true)) {
		return Case{}, w, ErrCase
	}
	return c, w, nil
}

// blinded reports whether a case was opened today at a place where the caller is to look for himself.
func blinded(ctx context.Context, q db.Querier, by access.Scope, c Case) (bool, error) {
	if by.IsSystem() || c.CreatedAt < period.Day(by.Today).Start().UnixMilli() {
		return false, nil
	}
	var n int64
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM rcase_blind WHERE district = $1 AND account = $2 AND day = $3 AND place = $4`, by.District, by.Account,
		by.Today, c.Place).Scan(&n)
	return n > 0, err
}

// Act makes one step by hand, at the revision the person saw.
//
// Errors: ErrCase, ErrStale, ErrForbidden, ErrParty, ErrOwn, ErrReplier, ErrFinder, ErrSelf, ErrState, and what the step itself refuses.
func (s *Service) Act(ctx context.Context, tx *db.Tx, by access.Scope, id string, rev int64, st Step) (Case, error) {
	c, w, err := s.seen(ctx, tx, by, id)
	if err != nil {
		return c, err
	}
	if err := s.may(ctx, tx, by, w, c, st.Op, &known{}); err != nil {
		return c, err
	}
	if c.Rev != rev {
		return c, ErrStale
	}
	if i, ok := instrumentOf(w.Set, st.Instrument); ok && st.Op == OpIssue && i.Issue == "approved" && c.Finder == by.Account && !by.IsSystem() {
		return c, ErrFinder.With("instrument", i.Title)
	}
	if (st.Op == OpReopen || st.Op == OpAgain) && c.Item != "" {
		err := newer(ctx, tx, by.District, c)
		if st.later = st.Op == OpAgain && errors.Is(err, ErrNewer); err != nil && !st.later {
			return c, err
		}
	}
	if st.Party != 0 {
		if !answerable(w, by, st.Party) {
			return c, ErrInvalid.At(problem.Field{Pointer: "/party", Code: "value.unit"})
		}
		if st.Op == OpReaddr || st.Op == OpIssue {
			c2 := c
			c2.Party = st.Party
			if err := s.free(ctx, tx, by, w, c2, &known{}); err != nil {
				return c, err
			}
		}
	}
	for _, sha := range st.Photos {
		may, err := evidence.MayName(ctx, tx, by, sha)
		if err != nil {
			return c, err
		}
		if !may {
			return c, ErrInvalid.At(problem.Field{Pointer: "/photos", Code: "value.file-missing"})
		}
	}
	return s.do(ctx, tx, by, w, c, st)
}

// ActAsOf makes a step that was made somewhere without a network, on the case as it stands now. at is when it was made.
//
// Errors: as Act without ErrStale; ErrState where the case has gone another way meanwhile.
func (s *Service) ActAsOf(ctx context.Context, tx *db.Tx, by access.Scope, id string, at int64, b StepBody) (Row, error) {
	st, err := b.step()
	if err != nil {
		return Row{}, err
	}
	c, w, err := s.seen(ctx, tx, by, id)
	if err != nil {
		return Row{}, err
	}
	st.At = max(at, c.CreatedAt)
	if c, err = s.Act(ctx, tx, by, id, c.Rev, st); err != nil {
		return Row{}, err
	}
	return s.row(w, c), nil
}

// Look rechecks a case of a place during a visit: who may recheck closes or returns it, what others saw is noted and changes
// nothing.
//
// Errors: ErrCase, and what the step refuses.
func (s *Service) Look(ctx context.Context, tx *db.Tx, by access.Scope, id, place string, st Step) error {
	c, w, err := s.seen(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if c.Place != place {
		return ErrCase
	}
	if s.may(ctx, tx, by, w, c, st.Op, &known{}) == nil && (c.running() || c.State == Replied || c.State == Transferred && st.Op == OpPass) {
		_, err := s.do(ctx, tx, by, w, c, st)
		return err
	}
	return s.note(ctx, tx, by, w, c, Event{Op: st.Op, At: st.At, Look: true, Body: Note{Words: st.Words, Photos: st.Photos, Visit: st.Visit}})
}

// newer refuses to open a case again while a later one of the same problem is open.
func newer(ctx context.Context, q db.Querier, district int64, c Case) error {
	var no string
	err := q.QueryRowContext(ctx, `SELECT no FROM rcase WHERE district = $1 AND place = $2 AND subject = $3 AND item = $4 AND nth = $5 AND open = 1`, district,
		c.Place, c.Subject, c.Item, c.Nth).Scan(&no)
	if found, err := db.One(err); err != nil || !found {
		return err
	}
	return ErrNewer.With("no", no)
}

// note adds an event that changes nothing.
func (s *Service) note(ctx context.Context, tx *db.Tx, by access.Scope, w work, c Case, e Event) error {
	was := c.Rev
	c.Rev++
	if err := save(ctx, tx, by.District, c, was, searchText(w, c)); err != nil {
		return err
	}
	events, err := History(ctx, tx, by.District, c.ID)
	if err != nil {
		return err
	}
	duties, err := dutiesOf(ctx, tx, by.District, c.ID)
	if err != nil {
		return err
	}
	e.Seq, e.ReceivedAt, e.Account, e.State, e.Round, e.DueAt = int64(len(events))+1, w.Now.UnixMilli(), by.Account, c.State, c.Round, c.DueAt
	if e.At == 0 || e.At > e.ReceivedAt {
		e.At = e.ReceivedAt
	}
	if err := insertEvent(ctx, tx, by.District, c.ID, e); err != nil {
		return err
	}
	return s.after(ctx, tx, by, w, c, duties, append(events, e), "look")
}

// Withdraw ends a case whose visit was taken back, where nobody has issued it yet; one that was issued stays.
func (s *Service) Withdraw(ctx context.Context, tx *db.Tx, by access.Scope, id, reason string) error {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return err
	}
	c, err := load(ctx, tx, by.District, id)
	if err != nil || c.State != Draft {
		return err
	}
	_, err = s.do(ctx, tx, by, w, c, Step{Op: OpRevoke, Words: reason})
	return err
}

// do makes a step and writes what it leaves behind. Rights have been looked at.
func (s *Service) do(ctx context.Context, tx *db.Tx, by access.Scope, w work, c Case, st Step) (Case, error) {
	duties, err := dutiesOf(ctx, tx, by.District, c.ID)
	if err != nil {
		return c, err
	}
	now := w.Now.UnixMilli()
	at := now
	if st.At > 0 && st.At < now {
		at = st.At
	}
	t := turn{c: c, duties: duties, set: w.Set, cal: calendar.Of(w.Set), now: at, typed: st.Day}
	if st.Op == OpAsk {
		t.typed = 0
	}
	if err := t.take(st); err != nil {
		return c, err
	}
	before, was, who := c, c.Rev, by.Account
	if st.By != "" {
		who = st.By
	}
	c = t.c
	c.Rev++
	if st.Op == OpIssue || st.Op == OpEscalate {
		c.Issuer = who
	}
	if err := save(ctx, tx, by.District, c, was, searchText(w, c)); err != nil {
		return c, err
	}
	events, err := History(ctx, tx, by.District, c.ID)
	if err != nil {
		return c, err
	}
	n := Note{Words: st.Words, Photos: st.Photos, Fixes: st.Fixes, Party: st.Party, Visit: st.Visit, Result: st.Result}
	switch st.Op {
	case OpIssue, OpEscalate:
		n.Instrument, n.Party = c.Instrument, c.Party
	case OpAsk:
		n.Day = st.Day.String()
	default:
		if st.Day > 0 {
			n.Day = st.Day.String()
		}
	}
	e := Event{Seq: int64(len(events)) + 1, Op: st.Op, At: at, ReceivedAt: now, Account: who, Look: t.look, State: c.State,
		Round: c.Round, DueAt: c.DueAt,
		Calendar: t.cal.Version(), Body: n}
	if err := insertEvent(ctx, tx, by.District, c.ID, e); err != nil {
		return c, err
	}
	if err := looked(ctx, tx, by.District, before, c, st, who, now); err != nil {
		return c, err
	}
	op := st.Op
	if t.look {
		op = "look"
	}
	return c, s.after(ctx, tx, by, w, c, t.duties, append(events, e), op)
}

// may says whether a person may make a step here; nil is yes. The party acts for itself alone; the office acts over the
// place, and nobody of it who is seated at the party or below; who rechecks has never replied here; who decides has neither
// found nor issued it.
func (s *Service) may(ctx context.Context, q db.Querier, by access.Scope, w work, c Case, op string, k *known) error {
	verb, ok := rights[op]
	if !ok {
		return ErrInvalid.At(problem.Field{Pointer: "/op", Code: "value.choice"})
	}
	over := w.Org.Targets(c.Unit, w.Day)
	if verb == Reply {
		if c.Party != 0 && by.Can(Reply, self(w.Org, c.Party, w.Day), false) {
			return nil
		}
		if c.Party == 0 {
			return ErrNobody
		}
		if !by.Can(Issue, over, false) {
			return ErrParty.With("party", w.Org.UnitName(c.Party))
		}
		if k.speaks == nil {
			who, err := s.Accounts.Holders(ctx, q, by.District, c.Party, Reply)
			if err != nil {
				return err
			}
			speaks := len(who) > 0
			k.speaks = &speaks
		}
		if *k.speaks { // for itself
			return ErrParty.With("party", w.Org.UnitName(c.Party))
		}
		return s.free(ctx, q, by, w, c, k)
	}
	if !by.Can(verb, over, false) {
		return ErrForbidden
	}
	if err := s.free(ctx, q, by, w, c, k); err != nil {
		return err
	}
	switch verb {
	case Issue:
		if i, ok := instrumentOf(w.Set, c.Instrument); ok && op == OpIssue && i.Issue == "approved" && c.Finder == by.Account && !by.IsSystem() {
			return ErrFinder.With("instrument", i.Title)
		}
	case Recheck:
		if k.replies == nil {
			var n int64
			if err := q.QueryRowContext(ctx, `SELECT count(*) FROM rcase_event WHERE district = $1 AND rcase = $2 AND op = 'reply' AND account = $3`,
				by.District, c.ID, by.Account).Scan(&n); err != nil {
				return err
			}
			k.replies = &n
		}
		if *k.replies > 0 && !by.IsSystem() {
			return ErrReplier
		}
		if op == OpStands || op == OpAgain {
			return s.others(ctx, q, by, c, k)
		}
	case Decide:
		if (c.Finder == by.Account || c.Issuer == by.Account) && !by.IsSystem() {
			return ErrSelf
		}
	}
	return nil
}

// others refuses a look-back to a person who replied or closed the case, under any of his logins.
func (s *Service) others(ctx context.Context, q db.Querier, by access.Scope, c Case, k *known) error {
	if by.IsSystem() {
		return nil
	}
	logins, err := k.all(ctx, q, by)
	if err != nil {
		return err
	}
	events, err := History(ctx, q, by.District, c.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		switch {
		case !slices.Contains(logins, e.Account) || e.Look:
		case e.Op == OpReply:
			return ErrReplier
		case e.Op == OpPass:
			return ErrChecker
		}
	}
	return nil
}

// all are the logins of the person who calls.
func (k *known) all(ctx context.Context, q db.Querier, by access.Scope) (list []string, err error) {
	if k.logins == nil {
		k.logins = []string{by.Account}
		if by.Person != "" {
			k.logins, err = account.Of(ctx, q, by.District, by.Person)
		}
	}
	return k.logins, err
}

// known is what was read already while several steps of one case are judged for one person.
type known struct {
	logins  []string // of the person
	seats   []org.No // of the person
	sat     bool     // seats were read
	speaks  *bool    // somebody replies for the party
	replies *int64   // of this person
}

// free refuses a person who has a seat at the party or below it, in any role and under any of his logins.
func (s *Service) free(ctx context.Context, q db.Querier, by access.Scope, w work, c Case, k *known) error {
	if by.IsSystem() || c.Party == 0 {
		return nil
	}
	if !k.sat {
		logins, err := k.all(ctx, q, by)
		if err != nil {
			return err
		}
		for _, a := range logins {
			grants, err := account.Grants(ctx, q, by.District, a)
			if err != nil {
				return err
			}
			for _, g := range grants {
				if g.From <= w.Day && w.Day < g.Until {
					k.seats = append(k.seats, g.Unit)
				}
			}
		}
		k.sat = true
	}
	for _, seat := range k.seats {
		if w.Org.Reaches(seat, c.Party, w.Day, w.Day+1) {
			return ErrOwn.With("party", w.Org.UnitName(c.Party))
		}
	}
	return nil
}

func calendarOf(w work) *calendar.Calendar { return calendar.Of(w.Set) }

// fits reports whether what a trial step was refused for lies in its words alone.
func fits(err error) bool {
	var p *problem.Error
	return err == nil || errors.As(err, &p) && p.Kind == problem.Invalid || errors.As(err, &p) && p.Code == ErrYear.Code
}

// sayOf words why a person may not make a step, where that is worth saying: a missing verb is not.
func sayOf(err error) (i18n.Label, bool) {
	var p *problem.Error
	if !errors.As(err, &p) || p.Code == ErrForbidden.Code || p.Code == ErrParty.Code {
		return i18n.Label{}, false
	}
	return i18n.Say(p.Code, p.Args), true
}
