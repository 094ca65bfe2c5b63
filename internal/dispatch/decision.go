package dispatch

import (
	"context"
	"fmt"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
	"sifen/internal/problem"
)

// Task is what a decision asks of whom until when.
type Task struct {
	Words      string
	Unit       org.No
	Person     string // id; "" names nobody
	Deadline   period.Day
	ProofAsked bool
	Reason     string // why the deadline of one that was decided before moves on
}

// judgeTask looks at what a decision asks. from is the day of the meeting; had is the owner it has, which stays though its
// unit ended since.
func (s *Service) judgeTask(ctx context.Context, tx *db.Tx, by access.Scope, w work, t *Task, from period.Day, had *Decision) error {
	var f faults
	t.Words, t.Reason = trim(t.Words), trim(t.Reason)
	f.text("/words", t.Words, 500, true)
	u, ok := w.Org.Unit(t.Unit)
	same := had != nil && had.Unit == t.Unit
	switch {
	case t.Unit == 0:
		f.add("/unit", "dispatch.no-owner", nil)
	case !ok || !same && !by.Can(Read, w.Org.Targets(t.Unit, w.Day), true):
		f.add("/unit", "dispatch.no-unit", nil)
	case !same && !u.Open(w.Day):
		f.add("/unit", "dispatch.owner-ended", map[string]any{"unit": u.Name, "day": (u.Until - 1).String()})
	}
	switch {
	case t.Deadline == 0:
		f.add("/deadline", "dispatch.no-deadline", nil)
	case t.Deadline < from:
		f.add("/deadline", "dispatch.early-deadline", map[string]any{"day": from.String()})
	case t.Deadline > from+farthest:
		f.add("/deadline", "dispatch.too-far", map[string]any{"day": t.Deadline.String()})
	case had != nil && t.Deadline > had.Deadline && t.Reason == "":
		f.add("/reason", "value.required", nil)
	}
	f.text("/reason", t.Reason, 200, false)
	if t.Person != "" && ok && !(had != nil && had.Person == t.Person && same) {
		people, err := account.PeopleOf(ctx, tx, by.District, t.Unit, w.Day)
		if err != nil {
			return err
		}
		found := false
		for _, p := range people {
			found = found || p.ID == t.Person
		}
		if !found {
			f.add("/person", ErrPerson.Code, nil)
		}
	}
	if len(f) > 0 {
		return ErrInvalid.At(f...)
	}
	return nil
}

// Decide writes down what a meeting decided. Its unit finds it on its workbench.
//
// Errors: ErrMeeting, ErrForbidden, ErrState unless the meeting was held, ErrInvalid.
func (s *Service) Decide(ctx context.Context, tx *db.Tx, by access.Scope, meeting string, t Task) (Decision, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Decision{}, err
	}
	m, err := meetingByID(ctx, tx, by, meeting)
	switch {
	case err != nil:
		return Decision{}, err
	case !may(w, by, Edit, m.Unit):
		return Decision{}, ErrForbidden
	case m.State != Held:
		return Decision{}, ErrState.With("state", StateTitles[m.State])
	}
	if err := s.judgeTask(ctx, tx, by, w, &t, m.Day, nil); err != nil {
		return Decision{}, err
	}
	return s.give(ctx, tx, by, w, m, t, "")
}

func (s *Service) give(ctx context.Context, tx *db.Tx, by access.Scope, w work, m Meeting, t Task, from string) (Decision, error) {
	n, err := s.decided(ctx, tx, by.District, m.ID)
	if err != nil {
		return Decision{}, err
	}
	d := Decision{ID: id.New(w.Now), Meeting: m.ID, Nth: n + 1, Office: m.Unit, Unit: t.Unit, Person: t.Person, Words: t.Words, ProofAsked: t.ProofAsked,
		Decided: m.Day, Deadline: t.Deadline, State: Open, Proof: []string{}, CarriedFrom: from, Created: w.Now.UnixMilli(), Rev: 1}
	if d.Behind, err = s.recount(ctx, tx, by.District, d.ID, d.records(), false); err != nil {
		return d, err
	}
	if err := insertDecision(ctx, tx, by.District, d); err != nil {
		return d, err
	}
	if err := s.tellOf(ctx, tx, by, w, d, "decide", ""); err != nil {
		return d, err
	}
	return d, s.tellOwner(ctx, tx, by, d, "given", label(fmt.Sprintf("会议议定的事项交给你们办：%s，%s前", short(d.Words), d.Deadline.Zh()),
		fmt.Sprintf("A meeting gave you something to do: %s, by %s", short(d.Words), d.Deadline)))
}

func short(words string) string {
	r := []rune(words)
	if len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return words
}

// tellOwner sends the person a decision names, or else whoever reports for its unit, a piece of news.
func (s *Service) tellOwner(ctx context.Context, tx *db.Tx, by access.Scope, d Decision, key string, title i18n.Label) error {
	if s.Notify == nil {
		return nil
	}
	var who []string
	var err error
	if d.Person != "" {
		who, err = account.Of(ctx, tx, by.District, d.Person)
	} else {
		who, err = s.Accounts.Holders(ctx, tx, by.District, d.Unit, plan.Report)
	}
	if err != nil {
		return err
	}
	return s.news(ctx, tx, by, fmt.Sprintf("%s:%d", key, d.Rev), d, title, who)
}

func (s *Service) news(ctx context.Context, tx *db.Tx, by access.Scope, key string, d Decision, title i18n.Label, who []string) error {
	var others []string
	for _, a := range who {
		if a != by.Account {
			others = append(others, a)
		}
	}
	if len(others) == 0 || s.Notify == nil {
		return nil
	}
	_, err := s.Notify.Send(ctx, tx, by.District, notify.Message{Key: "decision:" + d.ID + ":" + key, Kind: "task", From: by.Account, Title: title,
		Link: "/decisions?open=" + d.ID}, others)
	return err
}

// settling loads a decision for the office that decided it, as it saw it.
func (s *Service) settling(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64, states ...string) (Decision, work, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Decision{}, w, err
	}
	d, err := decisionByID(ctx, tx, by, decision)
	switch {
	case err != nil:
	case !may(w, by, Edit, d.Office):
		err = ErrForbidden
	case d.Rev != rev:
		err = ErrStale
	default:
		err = d.in(states...)
	}
	return d, w, err
}

func (d Decision) in(states ...string) error {
	for _, s := range states {
		if d.State == s {
			return nil
		}
	}
	return ErrSettled.With("state", StateTitles[d.State])
}

// Amend changes what an open decision asks. A deadline moves on only with a reason, which stays in its history.
//
// Errors: ErrDecision, ErrForbidden, ErrStale, ErrSettled, ErrInvalid.
func (s *Service) Amend(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64, t Task) (Decision, error) {
	d, w, err := s.settling(ctx, tx, by, decision, rev, Open)
	if err != nil {
		return d, err
	}
	if err := s.judgeTask(ctx, tx, by, w, &t, d.Decided, &d); err != nil {
		return d, err
	}
	was := d
	d.Words, d.Unit, d.Person, d.Deadline, d.ProofAsked = t.Words, t.Unit, t.Person, t.Deadline, t.ProofAsked
	words := t.Reason
	if was.Deadline != d.Deadline {
		words = trim(fmt.Sprintf("%s → %s %s", was.Deadline, d.Deadline, t.Reason))
	}
	if d, err = s.storeDecision(ctx, tx, by, w, d, "amend", words); err != nil || was.Unit == d.Unit && was.Person == d.Person {
		return d, err
	}
	return d, s.tellOwner(ctx, tx, by, d, "given", label(fmt.Sprintf("会议议定的事项转给你们办：%s，%s前", short(d.Words), d.Deadline.Zh()),
		fmt.Sprintf("What a meeting decided is now yours to do: %s, by %s", short(d.Words), d.Deadline)))
}

// Report says for its unit that a decision is carried out, in words, and with files where the meeting asked for proof. The
// day counts as that on which it was done; the office looks.
//
// Errors: ErrDecision, ErrNotOwner, ErrStale, ErrSettled, ErrWords, ErrProof, ErrFile.
func (s *Service) Report(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64, words string, proof []string) (Decision, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Decision{}, err
	}
	d, err := decisionByID(ctx, tx, by, decision)
	switch {
	case err != nil:
	case !may(w, by, plan.Report, d.Unit):
		err = ErrNotOwner
	case d.Rev != rev:
		err = ErrStale
	default:
		err = d.in(Open)
	}
	if err != nil {
		return d, err
	}
	if words = trim(words); utf8.RuneCountInString(words) < 2 {
		return d, ErrWords
	}
	if d.ProofAsked && len(proof) == 0 {
		return d, ErrProof
	}
	for _, sha := range proof {
		ok, err := evidence.MayRead(ctx, tx, by, sha)
		if err != nil {
			return d, err
		}
		if !ok {
			return d, ErrFile
		}
	}
	d.State, d.Done, d.Outcome, d.Proof, d.Reporter, d.Reason = Reported, w.Day, words, orNone(proof), by.Account, ""
	if d, err = s.storeDecision(ctx, tx, by, w, d, "report", words); err != nil {
		return d, err
	}
	who, err := s.Accounts.Holders(ctx, tx, by.District, d.Office, Edit)
	if err != nil {
		return d, err
	}
	return d, s.news(ctx, tx, by, fmt.Sprintf("reported:%d", d.Rev), d, label("请核实已办结的议定事项："+short(d.Words),
		"Reported as done, please look: "+short(d.Words)), who)
}

// Accept says for the office that a reported decision is done. Nobody accepts his own report.
//
// Errors: ErrDecision, ErrForbidden, ErrStale, ErrSettled unless reported, ErrOwn.
func (s *Service) Accept(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64) (Decision, error) {
	d, w, err := s.settling(ctx, tx, by, decision, rev, Reported)
	if err != nil {
		return d, err
	}
	if d.Reporter == by.Account && !by.IsSystem() {
		return d, ErrOwn
	}
	d.State, d.Settled = Done, w.Day
	return s.storeDecision(ctx, tx, by, w, d, "accept", "")
}

// Return gives a reported decision back to its unit, with what is missing. Its deadline stays.
//
// Errors: ErrDecision, ErrForbidden, ErrStale, ErrSettled unless reported, ErrReason.
func (s *Service) Return(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64, reason string) (Decision, error) {
	d, w, err := s.because(ctx, tx, by, decision, rev, &reason, Reported)
	if err != nil {
		return d, err
	}
	d.State, d.Done, d.Reason = Open, 0, reason
	if d, err = s.storeDecision(ctx, tx, by, w, d, "return", reason); err != nil {
		return d, err
	}
	return d, s.tellOwner(ctx, tx, by, d, "returned", label("议定事项退回补充："+short(d.Words)+"（"+short(reason)+"）",
		"Sent back: "+short(d.Words)+" ("+short(reason)+")"))
}

// Drop takes back a decision with a reason; it counts no more.
//
// Errors: ErrDecision, ErrForbidden, ErrStale, ErrSettled, ErrReason.
func (s *Service) Drop(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64, reason string) (Decision, error) {
	d, w, err := s.because(ctx, tx, by, decision, rev, &reason, Open, Reported)
	if err != nil {
		return d, err
	}
	d.State, d.Settled, d.Reason = Dropped, w.Day, reason
	return s.storeDecision(ctx, tx, by, w, d, "drop", reason)
}

// Reopen opens a decision again that was done or dropped, with a reason.
//
// Errors: ErrDecision, ErrForbidden, ErrStale, ErrSettled where it runs or was carried over, ErrReason.
func (s *Service) Reopen(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64, reason string) (Decision, error) {
	d, w, err := s.because(ctx, tx, by, decision, rev, &reason, Done, Dropped)
	if err != nil {
		return d, err
	}
	d.State, d.Done, d.Settled, d.Reason = Open, 0, 0, reason
	if d, err = s.storeDecision(ctx, tx, by, w, d, "reopen", reason); err != nil {
		return d, err
	}
	return d, s.tellOwner(ctx, tx, by, d, "reopened", label("议定事项重新打开："+short(d.Words), "Opened again: "+short(d.Words)))
}

func (s *Service) because(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64, reason *string,
	states ...string) (Decision, work, error) {
	d, w, err := s.settling(ctx, tx, by, decision, rev, states...)
	if *reason = trim(*reason); err == nil && utf8.RuneCountInString(*reason) < 2 {
		err = ErrReason
	}
	return d, w, err
}

// Carry lets a later meeting of the same unit give a decision that still runs another deadline, another owner or other words.
// The old one is settled by that and names the new one. Where the old deadline had passed it stays missed.
//
// Errors: ErrDecision, ErrForbidden, ErrStale, ErrSettled, ErrMeeting, ErrInvalid.
func (s *Service) Carry(ctx context.Context, tx *db.Tx, by access.Scope, decision string, rev int64, meeting string, t Task) (Decision, error) {
	d, w, err := s.settling(ctx, tx, by, decision, rev, Open, Reported)
	if err != nil {
		return d, err
	}
	m, err := meetingByID(ctx, tx, by, meeting)
	switch {
	case err != nil:
		return d, err
	case m.State != Held || m.Unit != d.Office || m.ID == d.Meeting || m.Day < d.Decided:
		return d, ErrInvalid.At(problem.Field{Pointer: "/meeting", Code: "dispatch.later-meeting"})
	}
	if err := s.judgeTask(ctx, tx, by, w, &t, m.Day, nil); err != nil {
		return d, err
	}
	next, err := s.give(ctx, tx, by, w, m, t, d.ID)
	if err != nil {
		return next, err
	}
	d.State, d.Settled, d.CarriedTo, d.Done = Carried, max(m.Day, d.Decided), next.ID, 0
	if _, err := s.storeDecision(ctx, tx, by, w, d, "carry", m.No); err != nil {
		return next, err
	}
	return next, nil
}
