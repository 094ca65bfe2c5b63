package fund

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/assess"
	"sifen/internal/attribute"
	"sifen/internal/calendar"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/unit"
)

// Service keeps budgets, runs of award rules and their payment. Its commands run in the caller's transaction; those that
// compute hold the district's lock alone, so that a run sees one moment and two runs at once make one.
type Service struct {
	module.Platform
	Scores *assess.Service
}

// New makes the service over the scores.
func New(p module.Platform, scores *assess.Service) *Service {
	return &Service{Platform: p, Scores: scores}
}

// Changed is the fact that a run changed.
type Changed struct {
	Run   string          `json:"run"`
	State string          `json:"state"`
	At    []access.Target `json:"at"`
}

// Kind names the fact.
func (Changed) Kind() string { return "fund.changed" }

// News tells open pages of those who may see money that some changed; which, they read.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "award", struct{}{}, by.Has(Read) && (c.State == Public || c.State == Approved || c.State == Settled || by.Sees(c.At))
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

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, r Run, op string) error {
	if err := outbox.Emit(ctx, tx, by.District, w.Now, Changed{r.ID, r.State, slices.Clone(w.Org.Targets(r.Root, w.Day))}); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, w.Now, access.Verb("fund."+op), r.ID, r.Attempt, map[string]any{"rule": r.Rule, "version": r.Version,
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

// reckon evaluates claims within the budget that a run keeps.
func reckon(v *award.Version, claims []*award.Claim, r Run) *award.Result {
	budget := unit.Undefined
	if r.Bound {
		budget = award.FromFen(r.Budget)
	}
	return award.Pay(v, claims, budget)
}

// Compute makes the run of a rule for the period that begins with a day, or computes its draft anew from what is final now.
// A run that is past its draft is the answer as it stands: nobody claims twice.
func (s *Service) Compute(ctx context.Context, tx *db.Tx, by access.Scope, rule string, from period.Day) (Run, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Run{}, err
	}
	if !may(w, by, Enter, w.Org.Root) {
		return Run{}, ErrForbidden
	}
	o, err := s.Packs.At(ctx, tx, by.District, "awards", rule, from)
	if err != nil {
		return Run{}, err
	}
	if o == nil {
		if o = w.Set.Get("awards", rule); o == nil {
			return Run{}, ErrRule
		}
	}
	p, ok := assess.PeriodOf(o.Value.(*award.Award).Period, from)
	switch {
	case !ok:
		return Run{}, ErrPeriod.At(problem.Field{Pointer: "/from", Code: "fund.period"})
	case p.From > w.Day:
		return Run{}, ErrOpen
	}
	if last, err := s.Packs.At(ctx, tx, by.District, "awards", rule, p.Last()); err != nil {
		return Run{}, err
	} else if last != nil { // the version in force on the last day
		o = last
	}
	list, err := runs(ctx, tx, `r.rule = $2 AND r.period_from = $3 ORDER BY r.rev DESC LIMIT 1`, by.District, rule, int64(from))
	if err != nil {
		return Run{}, err
	}
	r := Run{ID: id.New(w.Now), Rule: rule, Period: p, Rev: 1, State: Draft, Latest: true, Root: w.Org.Root}
	if len(list) > 0 {
		if r = list[0]; r.State != Draft || r.Rev > 1 {
			return r, nil
		}
	}
	was := r.Attempt
	r.Version, r.Attempt, r.Actor, r.MadeAt = o.Version, r.Attempt+1, by.Account, w.Now.UnixMilli()
	if r.Body, err = attribute.Append(o.Body, w.Set); err != nil {
		return Run{}, err
	}
	v, err := parse(w.Set, r.Body)
	if err != nil {
		return Run{}, err
	}
	if err := s.left(ctx, tx, by.District, w, v, &r); err != nil {
		return Run{}, err
	}
	claims, err := s.gather(ctx, tx, by.District, w, v, rule, p)
	if err != nil {
		return Run{}, err
	}
	entered, err := inputs(ctx, tx, by.District, r.ID)
	if err != nil {
		return Run{}, err
	}
	if err := apply(v, claims, entered); err != nil {
		return Run{}, err
	}
	if r.Digest, err = replace(ctx, tx, by.District, r.ID, claims, reckon(v, claims, r)); err != nil {
		return Run{}, err
	}
	if was == 0 {
		err = insertRun(ctx, tx, by.District, r)
	} else {
		err = saveRun(ctx, tx, by.District, r, was)
	}
	if err != nil {
		return Run{}, err
	}
	return r, s.tell(ctx, tx, by, w, r, "compute")
}

// Enter puts values that no record holds into a draft, each with a reason, and reckons all claimants again from what is frozen.
func (s *Service) Enter(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, list []Input) (Run, error) {
	r, w, err := s.held(ctx, tx, by, Enter, run, seen, Draft)
	if err != nil {
		return r, err
	}
	v, err := parse(w.Set, r.Body)
	if err != nil {
		return r, err
	}
	claims, _, err := frozen(ctx, tx, by.District, r.ID)
	if err != nil {
		return r, err
	}
	for _, x := range list {
		if x.Reason, err = reasoned(x.Reason); err != nil {
			return r, err
		}
		if !slices.ContainsFunc(claims, func(c *award.Claim) bool { return number(c.Unit) == int64(x.Unit) }) {
			return r, ErrUnit
		}
		if in := v.Inputs[x.Name]; in != nil && r.Rev == 1 && in.Figure+in.Score+in.Days+in.Parameter != "" && has(claims, x) {
			return r, ErrName.At(problem.Field{Pointer: "/name", Code: "fund.no-name"})
		}
		if x.Ref != "" && costOf(v.Award, x.Name) != "" {
			day, twice, err := claimedBefore(ctx, tx, by.District, r, x.Name, x.Ref)
			if err != nil {
				return r, err
			}
			if twice {
				return r, ErrTwice.With("thing", x.Ref, "period", day.String())
			}
		}
		x.Actor, x.At = by.Account, w.Now.UnixMilli()
		if err := apply(v, claims, []Input{x}); err != nil {
			return r, err
		}
		if err := putInput(ctx, tx, by.District, r.ID, x); err != nil {
			return r, err
		}
	}
	was := r.Attempt
	r.Attempt++
	if r.Digest, err = replace(ctx, tx, by.District, r.ID, claims, reckon(v, claims, r)); err != nil {
		return r, err
	}
	if err := saveRun(ctx, tx, by.District, r, was); err != nil {
		return r, err
	}
	return r, s.tell(ctx, tx, by, w, r, "enter")
}

// has reports whether records say what somebody would enter: then it is not typed, only corrected in a revision.
func has(claims []*award.Claim, x Input) bool {
	for _, c := range claims {
		if number(c.Unit) == int64(x.Unit) {
			v, ok := c.Values[x.Name]
			return ok && (v.Num.Defined() || len(v.Children) > 0)
		}
	}
	return false
}

// entrants are all who entered something of a run: its computer, who typed values, who wrote its budget.
func (s *Service) entrants(ctx context.Context, q db.Querier, district int64, purpose string, r Run) (map[string]bool, error) {
	who := map[string]bool{r.Actor: true}
	list, err := inputs(ctx, q, district, r.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		who[x.Actor] = true
	}
	year, _, _ := r.Period.From.YMD()
	lines, err := budgetLines(ctx, q, district, ` AND purpose = $2 AND year = $3`, purpose, int64(year))
	for _, b := range lines {
		who[b.Actor] = true
	}
	return who, err
}

// Advance takes a run from draft to reviewed to public to approved to settled. Who entered something of it does none of that.
func (s *Service) Advance(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, to string) (Run, error) {
	from := map[string]string{Reviewed: Draft, Public: Reviewed, Approved: Public, Settled: Approved}[to]
	r, w, err := s.held(ctx, tx, by, Approve, run, seen, from)
	if err != nil {
		return r, err
	}
	v, err := parse(w.Set, r.Body)
	if err != nil {
		return r, err
	}
	who, err := s.entrants(ctx, tx, by.District, v.Budget, r)
	if err != nil {
		return r, err
	}
	if who[by.Account] {
		return r, ErrOwn
	}
	was, now := r.Attempt, w.Now.UnixMilli()
	r.State, r.Attempt = to, r.Attempt+1
	switch to {
	case Reviewed:
		err = s.reviewable(ctx, tx, by.District, w, v, &r)
		r.Reviewer, r.ReviewedAt = by.Account, now
	case Public:
		r.PublicUntil = now
		if v.Publicise != nil {
			var last period.Day
			if last, err = calendar.Of(w.Set).After(w.Day, v.Publicise.Workdays); err == nil {
				r.PublicUntil = calendar.End(last, 0)
			}
		}
		r.Publisher, r.PublishedAt = by.Account, now
	case Approved:
		if now < r.PublicUntil {
			return r, ErrPublic
		}
		r.Approver, r.ApprovedAt = by.Account, now
		if err = s.affordable(ctx, tx, by.District, w, v, r); err != nil {
			return r, err
		}
		if r.Rev > 1 {
			_, err = tx.ExecContext(ctx, `UPDATE award_run SET latest = CASE WHEN rev = $4 THEN 1 ELSE 0 END
				WHERE district = $1 AND rule = $2 AND period_from = $3`, by.District, r.Rule, int64(r.Period.From), r.Rev)
			r.Latest = true
		}
		if err == nil {
			err = s.withhold(ctx, tx, by, w, r)
		}
	case Settled:
		if !r.Latest {
			return r, ErrRevised.With("rev", r.Rev+1)
		}
		err = s.settleable(ctx, tx, by.District, r)
		r.SettledAt = now
	}
	if err != nil {
		return r, err
	}
	if err := saveRun(ctx, tx, by.District, r, was); err != nil {
		return r, err
	}
	return r, s.tell(ctx, tx, by, w, r, to)
}

// reviewable holds a draft back that cannot be paid: while its period is open, before its inputs are reconciled, without a budget
// or with one that does not cover it, or with values missing.
func (s *Service) reviewable(ctx context.Context, tx *db.Tx, district int64, w module.Moment, v *award.Version, r *Run) error {
	if w.Day < r.Period.Until {
		return ErrOpen
	}
	if v.Reconcile != nil {
		if day := r.Period.Until + period.Day(v.Reconcile.By-1); w.Day < day {
			return ErrReconcile.With("day", day.String())
		}
	}
	if !r.Bound {
		year, _, _ := r.Period.From.YMD()
		return ErrBudget.With("purpose", v.Budget, "year", year)
	}
	claims, _, err := frozen(ctx, tx, district, r.ID)
	if err != nil {
		return err
	}
	res := reckon(v, claims, *r)
	n, first := 0, award.Label{}
	for _, d := range res.Due {
		if n += len(d.Missing); first.IsZero() && len(d.Missing) > 0 {
			first = award.Label{Zh: d.Name + " " + d.Missing[0].Zh, En: d.Name + ": " + d.Missing[0].En}
		}
	}
	switch {
	case n > 0:
		return ErrWaiting.With("n", n, "first", first)
	case len(res.Faults) > 0:
		return ErrFault.With("why", res.Faults[0])
	}
	return nil
}

// Return sends a reviewed run back to draft with a reason.
func (s *Service) Return(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, reason string) (Run, error) {
	r, w, err := s.held(ctx, tx, by, Approve, run, seen, Reviewed, Public)
	if err != nil {
		return r, err
	}
	if r.Reason, err = reasoned(reason); err != nil {
		return r, err
	}
	was := r.Attempt
	r.State, r.Attempt, r.Reviewer, r.ReviewedAt, r.Publisher, r.PublishedAt, r.PublicUntil = Draft, r.Attempt+1, "", 0, "", 0, 0
	if err := saveRun(ctx, tx, by.District, r, was); err != nil {
		return r, err
	}
	return r, s.tell(ctx, tx, by, w, r, "return")
}

// Revise begins a correction of an approved run: a draft with the inputs of the last revision, which stays as it is. What was
// paid counts for both.
func (s *Service) Revise(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, reason string) (Run, error) {
	r, w, err := s.held(ctx, tx, by, Enter, run, seen, Approved, Settled)
	if err != nil {
		return r, err
	}
	if reason, err = reasoned(reason); err != nil {
		return r, err
	}
	later, err := runs(ctx, tx, `r.rule = $2 AND r.period_from = $3 AND r.rev > $4`, by.District, r.Rule, int64(r.Period.From), r.Rev)
	if err != nil {
		return r, err
	}
	if len(later) > 0 {
		return r, ErrRevised.With("rev", later[0].Rev)
	}
	v, err := parse(w.Set, r.Body)
	if err != nil {
		return r, err
	}
	claims, _, err := frozen(ctx, tx, by.District, r.ID)
	if err != nil {
		return r, err
	}
	next := Run{ID: id.New(w.Now), Rule: r.Rule, Version: r.Version, Period: r.Period, Rev: r.Rev + 1, State: Draft, Attempt: 1, Root: r.Root, Body: r.Body,
		Reason: reason, Actor: by.Account, MadeAt: w.Now.UnixMilli()}
	if err := s.left(ctx, tx, by.District, w, v, &next); err != nil {
		return r, err
	}
	if next.Digest, err = replace(ctx, tx, by.District, next.ID, claims, reckon(v, claims, next)); err != nil {
		return r, err
	}
	if err := insertRun(ctx, tx, by.District, next); err != nil {
		return r, err
	}
	return next, s.tell(ctx, tx, by, w, next, "revise")
}
