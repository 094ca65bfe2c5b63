package assess

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/assess/score"
	"sifen/internal/calendar"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/unit"
)

// Service keeps the runs of score sheets. Its commands run in the caller's transaction. A run is reckoned
// on one reading before it, so that it sees one moment while others write; two at once make one.
type Service struct {
	module.Platform
}

// New makes the service.
func New(p module.Platform) *Service { return &Service{p} }

// Changed is the fact that a run changed.
type Changed struct {
	Run   string          `json:"run"`
	State string          `json:"state"`
	At    []access.Target `json:"at"`
}

// Kind names the fact.
func (Changed) Kind() string { return "assess.changed" }

// News tells open pages of those who may see scores that some changed; which, they read.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "score", struct{}{}, by.Has(Read) && (c.State == Public || c.State == Final || by.Sees(c.At))
}

// may checks a verb over the whole of a run.
func may(w module.Moment, by access.Scope, verb access.Verb, root org.No) bool {
	return by.Can(verb, w.Org.Targets(root, w.Day), false)
}

func reasoned(text string) (string, error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) < 2 {
		return "", ErrReason.At(problem.Field{Pointer: "/reason", Code: "rectify.reason"})
	}
	return text, nil
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, r Run, op string) error {
	if err := outbox.Emit(ctx, tx, by.District, w.Now, Changed{r.ID, r.State, slices.Clone(w.Org.Targets(r.Root, w.Day))}); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, w.Now, access.Verb("assess."+op), r.ID, r.Attempt, map[string]any{"sheet": r.Sheet, "version": r.Version,
		"from": r.Period.From, "rev": r.Rev, "state": r.State, "digest": r.Digest})
}

// held loads a run for somebody who changes it as he saw it, in the state that the change begins from.
func (s *Service) held(ctx context.Context, tx *db.Tx, by access.Scope, verb access.Verb, run string, seen int64, states ...string) (Run,
	module.Moment, error,
) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Run{}, w, err
	}
	r, err := runByID(ctx, tx, by, run)
	switch {
	case err != nil:
	case !may(w, by, verb, r.Root):
		err = ErrForbidden
	case r.Attempt != seen:
		err = ErrStale
	case !slices.Contains(states, r.State):
		err = ErrState.With("state", stateTitle(r.State))
	}
	return r, w, err
}

// Entered is what a person enters into a draft.
type Entered struct {
	Unit   org.No
	Visit  string
	Name   string
	Value  string
	Reason string
}

// Enter puts a judgement, a value that no record holds, or in a revision a correction, into a draft, and reckons and ranks all
// its units again from what is frozen: nothing is read from the records.
func (s *Service) Enter(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, e Entered) (Run, error) {
	r, w, err := s.held(ctx, tx, by, Enter, run, seen, Draft)
	if err != nil {
		return r, err
	}
	if e.Reason, err = reasoned(e.Reason); err != nil {
		return r, err
	}
	v, err := parse(r.Body)
	if err != nil {
		return r, err
	}
	facts, scores, err := frozen(ctx, tx, by.District, r.ID)
	if err != nil {
		return r, err
	}
	at := slices.IndexFunc(scores, func(u UnitScore) bool { return u.Unit == e.Unit })
	if at < 0 {
		return r, ErrUnit
	}
	if err := enterable(v, facts[at], r.Rev, &e); err != nil {
		return r, err
	}
	fix := Fix{Unit: e.Unit, Visit: e.Visit, Name: e.Name, Num: e.Value, Reason: e.Reason, Actor: by.Account, At: w.Now.UnixMilli()}
	if err := putFix(ctx, tx, by.District, r.ID, fix); err != nil {
		return r, err
	}
	if err := apply(v, facts, []Fix{fix}); err != nil {
		return r, err
	}
	was := r.Attempt
	r.Attempt++
	if r.Digest, err = replace(ctx, tx, by.District, r.ID, unitsOf(scores), facts, score.Run(v, facts)); err != nil {
		return r, err
	}
	if err := saveRun(ctx, tx, by.District, r, was); err != nil {
		return r, err
	}
	return r, s.tell(ctx, tx, by, w, r, "enter")
}

// enterable checks what is entered: in a first draft only what no record says, in a revision also what records said.
func enterable(v *score.Version, f *score.Facts, rev int64, e *Entered) error {
	n, err := unit.ParseNum(e.Value)
	if err != nil {
		return ErrNumber.At(problem.Field{Pointer: "/value", Code: "assess.number"})
	}
	e.Value = n.String()
	unknown := ErrName.At(problem.Field{Pointer: "/name", Code: "assess.no-name"})
	if e.Visit != "" {
		if rev == 1 || !slices.ContainsFunc(f.Visits, func(x score.Visit) bool { return x.ID == e.Visit }) || n.Sign() < 0 || !v.Counts(e.Name) {
			return unknown
		}
		return nil
	}
	if _, it := v.Item(e.Name); it != nil && it.Judged != nil {
		steps := unit.Int(0)
		if it.Judged.Step != nil && it.Judged.Step.Sign() > 0 {
			steps = n.Div(*it.Judged.Step)
		}
		if n.Sign() < 0 || n.Cmp(it.Max) > 0 || steps.Floor().Cmp(steps) != 0 {
			return ErrNumber.At(problem.Field{Pointer: "/value", Code: "assess.judged", Args: map[string]any{"max": it.Max.Short(4)}})
		}
		return nil
	}
	in := v.Inputs[e.Name]
	if in == nil || rev == 1 && in.Entry == "" && in.Document == "" && (in.Survey == "" || v.Visits != nil) && in.Attribute == "" {
		return unknown
	}
	return nil
}

// entrants are all who entered something of a run.
func (s *Service) entrants(ctx context.Context, q db.Querier, district int64, r Run) (map[string]bool, error) {
	list, err := fixes(ctx, q, district, r.ID)
	who := map[string]bool{r.Actor: true}
	for _, f := range list {
		who[f.Actor] = true
	}
	return who, err
}

// Advance takes a run from draft to checked to public to final. Who entered something of it does none of that.
func (s *Service) Advance(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, to string) (Run, error) {
	from := map[string]string{Checked: Draft, Public: Checked, Final: Public}[to]
	r, w, err := s.held(ctx, tx, by, Approve, run, seen, from)
	if err != nil {
		return r, err
	}
	who, err := s.entrants(ctx, tx, by.District, r)
	if err != nil {
		return r, err
	}
	if who[by.Account] {
		return r, ErrOwn
	}
	v, err := parse(r.Body)
	if err != nil {
		return r, err
	}
	was, now := r.Attempt, w.Now.UnixMilli()
	r.State, r.Attempt = to, r.Attempt+1
	switch to {
	case Checked:
		if w.Day < r.Period.Until {
			return r, ErrOpen
		}
		var n int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(CAST(sum(waiting) AS bigint), 0) FROM score_unit WHERE district = $1 AND run = $2`, by.District,
			r.ID).Scan(&n); err != nil {
			return r, err
		}
		if n > 0 {
			return r, ErrWaiting.With("n", n)
		}
		if r.Rev > 1 {
			if err := settled(ctx, tx, by, w.Org, v, r); err != nil {
				return r, err
			}
		}
		r.Checker, r.CheckedAt, r.Latest = by.Account, now, true
	case Public:
		if r.ObjectUntil, err = objectUntil(v.Sheet, calendar.Of(w.Set), w.Day, now); err != nil {
			return r, err
		}
		r.Publisher, r.PublishedAt = by.Account, now
	case Final:
		if now < r.ObjectUntil {
			return r, ErrObjecting
		}
		if err := settled(ctx, tx, by, w.Org, v, r); err != nil {
			return r, err
		}
		if next, err := later(ctx, tx, by.District, r); err != nil || next != nil {
			if err == nil {
				err = ErrRevised.With("rev", next.Rev)
			}
			return r, err
		}
		r.FinalAt = now
	}
	if to == Checked && r.Rev > 1 {
		if err := setLatest(ctx, tx, by.District, r, r.Rev); err != nil {
			return r, err
		}
	}
	if err := saveRun(ctx, tx, by.District, r, was); err != nil {
		return r, err
	}
	if to == Final {
		if err := s.settle(ctx, tx, by.District, w.Now, r); err != nil {
			return r, err
		}
	}
	return r, s.tell(ctx, tx, by, w, r, to)
}

// objectUntil is the instant until which units may object: the end of the minute that the sheet names on its last working day.
func objectUntil(v *score.Sheet, days *calendar.Calendar, today period.Day, now int64) (int64, error) {
	if v.Objection == nil {
		return now, nil
	}
	last, err := days.After(today, v.Objection.Workdays)
	if err != nil {
		return 0, err
	}
	minute := 0
	if h, m, ok := strings.Cut(v.Objection.Until, ":"); ok {
		minute = number(h)*60 + number(m) + 1
	}
	return calendar.End(last, minute), nil
}

func number(s string) (n int) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

// Return sends a checked run back to draft with a reason.
func (s *Service) Return(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, reason string) (Run, error) {
	r, w, err := s.held(ctx, tx, by, Approve, run, seen, Checked)
	if err != nil {
		return r, err
	}
	if _, err := reasoned(reason); err != nil {
		return r, err
	}
	was := r.Attempt
	r.State, r.Attempt, r.Checker, r.CheckedAt, r.Latest = Draft, r.Attempt+1, "", 0, r.Rev == 1
	if r.Rev > 1 { // what it was to replace counts again
		if err := setLatest(ctx, tx, by.District, r, r.Rev-1); err != nil {
			return r, err
		}
	}
	if err := saveRun(ctx, tx, by.District, r, was); err != nil {
		return r, err
	}
	return r, s.tell(ctx, tx, by, w, r, "return")
}

// Revise begins a correction of what is public or final: a draft with the inputs of the last revision, which stays as it is.
//
// Errors: ErrRevised where a later one has begun.
func (s *Service) Revise(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, reason string) (Run, error) {
	r, w, err := s.held(ctx, tx, by, Enter, run, seen, Public, Final)
	if err != nil {
		return r, err
	}
	if reason, err = reasoned(reason); err != nil {
		return r, err
	}
	if next, err := later(ctx, tx, by.District, r); err != nil || next != nil {
		if err == nil {
			err = ErrRevised.With("rev", next.Rev)
		}
		return r, err
	}
	return s.successor(ctx, tx, by, w, r, reason)
}

// unitsOf are the units of scores.
func unitsOf(scores []UnitScore) []org.No {
	units := make([]org.No, len(scores))
	for i := range scores {
		units[i] = scores[i].Unit
	}
	return units
}

// later is the revision after a run; nil where there is none.
func later(ctx context.Context, q db.Querier, district int64, r Run) (*Run, error) {
	list, err := runs(ctx, q, `r.sheet = $2 AND r.period_from = $3 AND r.rev > $4 ORDER BY r.rev`, district, r.Sheet, int64(r.Period.From), r.Rev)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// successor begins the revision after a run, from what the run froze.
func (s *Service) successor(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, r Run, reason string) (Run, error) {
	v, err := parse(r.Body)
	if err != nil {
		return r, err
	}
	facts, scores, err := frozen(ctx, tx, by.District, r.ID)
	if err != nil {
		return r, err
	}
	next := Run{ID: id.New(w.Now), Sheet: r.Sheet, Version: r.Version, Period: r.Period, Rev: r.Rev + 1, State: Draft, Attempt: 1, Root: r.Root,
		Body: r.Body, Reason: reason, Actor: by.Account, MadeAt: w.Now.UnixMilli()}
	if next.Digest, err = replace(ctx, tx, by.District, next.ID, unitsOf(scores), facts, score.Run(v, facts)); err != nil {
		return r, err
	}
	if ours, err := insertRun(ctx, tx, by.District, next); err != nil || !ours {
		if err == nil {
			err = ErrRevised.With("rev", next.Rev)
		}
		return r, err
	}
	return next, s.tell(ctx, tx, by, w, next, "revise")
}

// sheetsOf are the sheets of a set of rules.
func sheetsOf(set *pack.Set) []*score.Sheet { return pack.All[score.Sheet](set, "sheets") }
