package rectify

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sifen/internal/calendar"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

func instant(ms int64) time.Time { return time.UnixMilli(ms) }

// Step is what is done to a case.
type Step struct {
	Op         string
	At         int64 // when it happened; 0 is now
	Words      string
	Photos     []string
	Fixes      []string
	Instrument string
	Party      org.No
	Day        period.Day // the day asked for, or the last day where holidays are not known; 0 is none
	Visit      string
	By         string // the account that did it elsewhere: by issuing a document; "" is the caller
	Result     *Result
	later      bool // a later case of the same problem is open
}

// turn is one act on a case: what stands, the rules, and what becomes of it. It decides nothing about rights.
type turn struct {
	c      Case
	duties []Duty
	set    *pack.Set
	cal    *calendar.Calendar
	now    int64
	typed  period.Day // the last day as a person typed it
	look   bool       // it changes nothing
}

func (t *turn) day() period.Day { return period.Of(instant(t.now)) }

// end is the instant at which n working days after a day are over.
func (t *turn) end(from period.Day, n int64, minute int) (int64, error) {
	last, err := t.cal.After(from, int(n))
	if err != nil {
		return 0, err
	}
	return calendar.End(last, minute), nil
}

// deadline is when n working days from today are over under an instrument, or the day that was typed where that year's
// holidays are not known.
func (t *turn) deadline(i *Instrument, n int64) (int64, error) {
	if t.typed > 0 {
		if t.typed < t.day() {
			return 0, ErrInvalid.At(problem.Field{Pointer: "/day", Code: "rectify.day-past", Args: map[string]any{"day": t.typed.String()}})
		}
		return calendar.End(t.typed, i.minute()), nil
	}
	at, err := t.end(t.day(), n, i.minute())
	var unknown *problem.Error
	if errors.As(err, &unknown) && unknown.Code == calendar.ErrYear.Code {
		return 0, ErrYear.With("year", unknown.Args["year"]).At(problem.Field{Pointer: "/day", Code: "rectify.day-needed"})
	}
	return at, err
}

// owe adds a duty. Its end is left open in a year that is not known yet: the clock fills it in.
func (t *turn) owe(what string, unit org.No, days int64, minute int) {
	if days <= 0 {
		return
	}
	nth := int64(0)
	for _, d := range t.duties {
		if d.What == what {
			nth = max(nth, d.Nth+1)
		}
	}
	at, err := t.end(t.day(), days, minute)
	if err != nil {
		at = 0
	}
	t.duties = append(t.duties, Duty{What: what, Nth: nth, Unit: unit, From: t.day(), Days: days, DueAt: at})
}

// done ends the open duties of some sorts; none are all.
func (t *turn) done(what ...string) {
	for i, d := range t.duties {
		if d.DoneAt == 0 && (len(what) == 0 || slices.Contains(what, d.What)) {
			t.duties[i].DoneAt = t.now
		}
	}
}

// fall ends open duties that nobody has to do any more: what was not late by then counts as neither done nor late.
func (t *turn) fall(what ...string) {
	for i, d := range t.duties {
		if d.DoneAt == 0 && (len(what) == 0 || slices.Contains(what, d.What)) {
			t.duties[i].DoneAt = t.now
			if d.DueAt == 0 || t.now < d.DueAt {
				t.duties[i].Days = -d.Days
			}
		}
	}
}

// owed reports whether a duty of a sort is open.
func (t *turn) owed(what ...string) bool {
	return slices.ContainsFunc(t.duties, func(d Duty) bool { return d.DoneAt == 0 && slices.Contains(what, d.What) })
}

// later moves the deadline, and only later.
func (t *turn) later(at int64) { t.c.DueAt = max(t.c.DueAt, at) }

// aDay leaves the party a working day at least.
func (t *turn) aDay(i *Instrument) {
	if at, err := t.end(t.day(), 1, i.minute()); err == nil && t.c.DueAt > 0 {
		t.later(at)
	}
}

// late reports whether the party's deadline has passed.
func (t *turn) late() bool { return t.c.DueAt > 0 && t.now >= t.c.DueAt }

func (t *turn) instrument(key string) (*Instrument, error) {
	i, ok := instrumentOf(t.set, key)
	if !ok {
		return nil, ErrInvalid.At(problem.Field{Pointer: "/instrument", Code: "value.choice"})
	}
	return i, nil
}

// from refuses a step in a state it does not fit.
func (t *turn) from(states ...string) error {
	if slices.Contains(states, t.c.State) {
		return nil
	}
	return ErrState.With("state", Titles[t.c.State], "no", t.c.No)
}

func reason(words string) error {
	if utf8.RuneCountInString(strings.TrimSpace(words)) < 2 {
		return ErrReason.At(problem.Field{Pointer: "/words", Code: "rectify.reason"})
	}
	return nil
}

// take makes one step. What it refuses has changed nothing.
func (t *turn) take(st Step) error {
	moves := map[string]func(Step, *Instrument) error{
		OpIssue: t.issue, OpSign: t.sign, OpReply: t.reply, OpPass: t.pass, OpFail: t.fail, OpAsk: t.ask, OpGrant: t.grant, OpRefuse: t.refuse,
		OpObject: t.object, OpUphold: t.uphold, OpDismiss: t.dismiss, OpOverdue: t.overdue, OpEscalate: t.escalate, OpTransfer: t.transfer,
		OpResult: t.result, OpBack: t.back, OpReopen: t.reopen, OpReaddr: t.readdress, OpRevoke: t.revoke,
		OpStands: t.stands, OpAgain: t.again,
	}
	move, ok := moves[st.Op]
	if !ok {
		return ErrInvalid.At(problem.Field{Pointer: "/op", Code: "value.choice"})
	}
	i, err := t.instrument(t.c.Instrument)
	if err != nil {
		return err
	}
	if err := move(st, i); err != nil {
		return err
	}
	t.waits()
	return nil
}

// waits says who has to act now, and until when: open answers of the office first, then the state's own.
func (t *turn) waits() {
	t.c.Waits, t.c.WaitUntil = 0, 0
	for _, what := range []string{DutyObjection, DutyExtension, DutyRecheck, DutyResult, DutyIssue} {
		for _, d := range t.duties {
			if d.DoneAt == 0 && d.What == what {
				t.c.Waits, t.c.WaitUntil = d.Unit, d.DueAt
				return
			}
		}
	}
	switch {
	case t.c.running():
		t.c.Waits, t.c.WaitUntil = t.c.Party, t.c.DueAt
	case t.c.Open:
		t.c.Waits = t.c.Office
	}
}

func (t *turn) issue(st Step, i *Instrument) (err error) {
	if err := t.from(Draft); err != nil {
		return err
	}
	if st.Instrument != "" {
		if i, err = t.instrument(st.Instrument); err != nil {
			return err
		}
	}
	if i.handsOver() {
		return ErrInvalid.At(problem.Field{Pointer: "/instrument", Code: "value.choice"})
	}
	if i.Rank < t.c.Rank {
		return ErrInvalid.At(problem.Field{Pointer: "/instrument", Code: "rectify.lighter"})
	}
	if st.Party != 0 {
		t.c.Party = st.Party
	}
	if t.c.Party == 0 {
		return ErrInvalid.At(problem.Field{Pointer: "/party", Code: "value.required"})
	}
	t.done(DutyIssue)
	return t.send(i, true)
}

// send puts the case to the party under an instrument. What counts as in time is fixed by the first deadline alone.
func (t *turn) send(i *Instrument, promise bool) error {
	at := int64(0)
	if i.From != "signed" || t.typed > 0 {
		var err error
		if at, err = t.deadline(i, i.Days); err != nil {
			return err
		}
	}
	c := &t.c
	c.State, c.Instrument, c.Rank = Sent, i.Key, max(c.Rank, i.Rank)
	c.Body.SentAt, c.Body.Asks, c.AskedUntil = t.now, 0, 0
	if c.IssuedAt == 0 {
		c.IssuedAt = t.now
	}
	if at > 0 {
		t.later(at)
		if promise && c.PromiseAt == 0 {
			c.PromiseAt = c.DueAt
		}
	}
	t.done(DutySign, DutyExtension)
	t.owe(DutySign, c.Party, i.Sign, 0)
	return nil
}

// begin starts a deadline that runs from the signature.
func (t *turn) begin(i *Instrument, day period.Day) {
	if i.From != "signed" {
		return
	}
	at, err := t.end(day, i.Days, i.minute())
	if err != nil {
		return // the clock fills it in once the year is known
	}
	t.later(at)
	if t.c.PromiseAt == 0 {
		t.c.PromiseAt = t.c.DueAt
	}
}

func (t *turn) sign(_ Step, i *Instrument) error {
	if err := t.from(Sent); err != nil {
		return err
	}
	t.signed(i)
	return nil
}

func (t *turn) signed(i *Instrument) {
	t.c.State = Fixing
	t.done(DutySign)
	t.begin(i, t.day())
}

func (t *turn) reply(st Step, i *Instrument) error {
	if err := t.from(Sent, Fixing, Replied); err != nil {
		return err
	}
	if len(st.Fixes) == 0 && len(st.Photos) == 0 && utf8.RuneCountInString(strings.TrimSpace(st.Words)) < 2 {
		return ErrInvalid.At(problem.Field{Pointer: "/words", Code: "rectify.reply-empty"})
	}
	for n, f := range st.Fixes {
		if !slices.ContainsFunc(t.c.Body.Fixes, func(c Choice) bool { return c.Key == f }) {
			return ErrInvalid.At(problem.Field{Pointer: fmt.Sprintf("/fixes/%d", n), Code: "value.choice"})
		}
	}
	if t.c.State == Replied {
		return nil // what is added to a reply; the first counts
	}
	t.signed(i)
	t.c.State, t.c.RepliedAt, t.c.AskedUntil = Replied, t.now, 0
	t.fall(DutyExtension)
	t.owe(DutyRecheck, t.c.Office, max(i.Recheck, 1), 0)
	return nil
}

// older reports whether a look is older than the latest one, which stands.
func (t *turn) older() bool { return t.now < t.c.SeenAt }

func (t *turn) pass(_ Step, _ *Instrument) error {
	if t.c.State == Closed {
		t.look = true
		t.c.SeenAt = max(t.c.SeenAt, t.now)
		return nil
	}
	if err := t.from(Sent, Fixing, Replied, Transferred); err != nil {
		return err
	}
	if t.older() {
		t.look = true
		return nil
	}
	c := &t.c
	put := t.now
	if c.RepliedAt > 0 {
		put = min(put, c.RepliedAt)
	}
	c.SeenAt, c.ClosedAt, c.State, c.Open = t.now, t.now, Closed, false
	c.Body.InTime = c.PromiseAt == 0 || put < c.PromiseAt
	c.AskedUntil = 0
	t.done(DutyRecheck)
	t.fall(DutyIssue, DutySign, DutyExtension, DutyResult)
	return nil
}

func (t *turn) fail(_ Step, i *Instrument) error {
	c := &t.c
	if err := t.from(Sent, Fixing, Replied); err != nil {
		return err
	}
	if t.older() || c.State == Replied && t.now < c.RepliedAt {
		t.look = true // it saw what was before the reply
		return nil
	}
	c.SeenAt = t.now
	if c.State != Replied {
		if !t.late() || c.Body.FailedAt == c.DueAt {
			t.look = true
			return nil
		}
		c.Failed, c.Body.FailedAt = c.Failed+1, c.DueAt
		return nil
	}
	at, err := t.deadline(i, max(i.Return, 1))
	if err != nil {
		return err
	}
	c.State, c.Round, c.Failed, c.RepliedAt = Fixing, c.Round+1, c.Failed+1, 0
	t.later(at)
	t.done(DutyRecheck)
	return nil
}

// overdue is the clock's: once a deadline, and never while the party waits for an answer.
func (t *turn) overdue(_ Step, _ *Instrument) error {
	if !t.c.running() || !t.late() || t.c.ToldAt == t.c.DueAt || t.owed(DutyExtension, DutyObjection) {
		return ErrEarly
	}
	t.c.ToldAt = t.c.DueAt
	return nil
}

func (t *turn) escalate(st Step, i *Instrument) error {
	if err := t.from(Sent, Fixing); err != nil {
		return err
	}
	if t.owed(DutyExtension, DutyObjection) {
		return ErrAnswer
	}
	if !t.late() && t.c.Failed == 0 {
		return ErrEarly
	}
	key := st.Instrument
	if key == "" {
		key = i.Next
	}
	if key == "" {
		return ErrNone.With("instrument", i.Title)
	}
	next, err := t.instrument(key)
	if err != nil {
		return err
	}
	if next.handsOver() {
		return ErrInvalid.At(problem.Field{Pointer: "/instrument", Code: "value.choice"})
	}
	if next.Rank <= t.c.Rank {
		return ErrInvalid.At(problem.Field{Pointer: "/instrument", Code: "rectify.lighter"})
	}
	return t.send(next, false)
}
