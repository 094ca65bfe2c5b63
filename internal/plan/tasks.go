package plan

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/period"
)

// apply moves the figures from what a task was to what it is.
func (s *Service) apply(ctx context.Context, tx *db.Tx, district int64, before, after *Task) error {
	var changes []indicator.Change
	var a, b [2]*indicator.Record
	if before != nil {
		b = [2]*indicator.Record{counted(*before), arrears(*before)}
	}
	if after != nil {
		a = [2]*indicator.Record{counted(*after), arrears(*after)}
	}
	for i := range a {
		if a[i] != nil || b[i] != nil {
			changes = append(changes, indicator.Change{Before: b[i], After: a[i]})
		}
	}
	return s.Figures.Apply(indicator.WithTime(ctx, s.Clock.Now()), tx, district, changes)
}

// overdue is the first day in arrears of an open task as of today; 0 when there is none.
func overdue(deadline, today period.Day) period.Day {
	if deadline < today {
		return deadline + 1
	}
	return 0
}

// SetTask makes a task (rev 0) or changes an open one.
func (s *Service) SetTask(ctx context.Context, tx *db.Tx, by access.Scope, plan string, rev int64, in Task) (Task, error) {
	y, err := s.editable(ctx, tx, by, plan)
	if err != nil {
		return in, err
	}
	if in.Title = strings.TrimSpace(in.Title); in.Title == "" {
		return in, ErrTitle
	}
	if err := s.bearer(ctx, tx, by, y, in.Unit); err != nil {
		return in, err
	}
	if !period.Year(y.Year).Has(in.Deadline) {
		return in, ErrYear
	}
	now := s.Clock.Now()
	today := period.Of(now)
	if rev == 0 {
		if err := s.answers(ctx, tx, by, in.Unit, in.Person); err != nil {
			return in, err
		}
		in.ID, in.Plan, in.PlanUnit, in.State, in.Rev = id.New(now), plan, y.Unit, Open, 1
		in.Proof, in.Entries, in.LateFrom = []string{}, []string{}, overdue(in.Deadline, today)
		if err := insertTask(ctx, tx, by.District, in, now.UnixMilli()); err != nil {
			return in, err
		}
		if err := s.apply(ctx, tx, by.District, nil, &in); err != nil {
			return in, err
		}
		if err := s.tell(ctx, tx, by, in); err != nil {
			return in, err
		}
		return in, s.told(ctx, tx, by, Edit, plan, in.ID, 1, in)
	}
	was, err := taskByID(ctx, tx, by, in.ID)
	if err != nil {
		return in, err
	}
	switch {
	case was.Plan != plan:
		return in, ErrNone
	case was.State != Open:
		return in, ErrState
	case was.Rev != rev:
		return in, ErrStale
	}
	t := was
	t.Title, t.Unit, t.Duty, t.Person, t.Deadline = in.Title, in.Unit, in.Duty, in.Person, in.Deadline
	t.LateFrom = overdue(t.Deadline, today)
	if t.Person != was.Person || t.Unit != was.Unit { // who left the unit meanwhile may stay named
		if err := s.answers(ctx, tx, by, t.Unit, t.Person); err != nil {
			return t, err
		}
	}
	if t.Person != was.Person {
		if err := s.tell(ctx, tx, by, t); err != nil {
			return t, err
		}
	}
	return t, s.store(ctx, tx, by, was, t, Edit)
}

// answers checks that a person may be named for a task of a unit: somebody of the unit itself who can sign in.
func (s *Service) answers(ctx context.Context, q db.Querier, by access.Scope, unit org.No, person string) error {
	if person == "" {
		return nil
	}
	people, err := account.PeopleOf(ctx, q, by.District, unit, period.Day(by.Today))
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.ID == person {
			return nil
		}
	}
	return ErrPerson
}

// tell sends a task's person the news that it was given to him, once for one task and person.
func (s *Service) tell(ctx context.Context, tx *db.Tx, by access.Scope, t Task) error {
	if t.Person == "" || t.Person == by.Person || s.Notify == nil {
		return nil
	}
	accounts, err := account.Of(ctx, tx, by.District, t.Person)
	if err != nil || len(accounts) == 0 {
		return err
	}
	short := []rune(t.Title)
	if len(short) > 60 {
		short = append(short[:59], '…')
	}
	y, _, _ := t.Deadline.YMD()
	_, err = s.Notify.Send(ctx, tx, by.District, notify.Message{Key: "task:" + t.ID + ":" + t.Person, Kind: "task",
		Link: "/plan?unit=" + strconv.FormatInt(int64(t.Unit), 10) + "&period=" + strconv.Itoa(y), From: by.Account,
		Title: i18n.Label{Zh: fmt.Sprintf("任务交给您办：%s，%s前", string(short), t.Deadline.Zh()),
			En: fmt.Sprintf("A task is yours: %s, by %s", string(short), t.Deadline)}}, accounts)
	return err
}

func (s *Service) store(ctx context.Context, tx *db.Tx, by access.Scope, was, t Task, verb access.Verb) error {
	t.Rev = was.Rev + 1
	if err := saveTask(ctx, tx, by.District, t, was.Rev); err != nil {
		return err
	}
	if err := evidence.SetUses(ctx, tx, by.District, KindTask, t.ID, t.Unit, map[string][]string{"proof": t.Proof}); err != nil {
		return err
	}
	if err := s.apply(ctx, tx, by.District, &was, &t); err != nil {
		return err
	}
	return s.told(ctx, tx, by, verb, t.Plan, t.ID, t.Rev, map[string]any{"state": t.State, "deadline": t.Deadline, "unit": t.Unit})
}

// Finish says that a task is done, and what proves it: a sentence, files brought by the person, or records by number.
func (s *Service) Finish(ctx context.Context, tx *db.Tx, by access.Scope, task string, rev int64, note string, proof, numbers []string) (Task, error) {
	was, err := s.open(ctx, tx, by, task, rev, Report)
	if err != nil {
		return was, err
	}
	t := was
	t.Note, t.Proof, t.Entries = strings.TrimSpace(note), []string{}, []string{}
	for _, sha := range proof {
		ok, err := evidence.MayRead(ctx, tx, by, sha)
		if err != nil {
			return t, err
		}
		if !ok {
			return t, ErrFile
		}
		t.Proof = append(t.Proof, sha)
	}
	for _, n := range numbers {
		e, err := ledger.ByNumber(ctx, tx, by, strings.TrimSpace(n))
		if err != nil {
			return t, err
		}
		if e == "" {
			return t, ErrEntry.With("number", n)
		}
		t.Entries = append(t.Entries, e)
	}
	if t.Note == "" && len(t.Proof) == 0 && len(t.Entries) == 0 {
		return t, ErrProof
	}
	t.State, t.ClosedDay, t.ClosedBy = Done, period.Of(s.Clock.Now()), by.Account
	t.LateFrom = overdue(t.Deadline, t.ClosedDay) // also when nobody looked at the deadline since it passed
	err = s.store(ctx, tx, by, was, t, Report)
	t.Rev++
	return t, err
}

// open loads an open task on which the person holds a verb: at its owner, or for editing at the plan's unit.
func (s *Service) open(ctx context.Context, tx *db.Tx, by access.Scope, task string, rev int64, verb access.Verb) (Task, error) {
	t, err := taskByID(ctx, tx, by, task)
	if err != nil {
		return t, err
	}
	at := t.Unit
	if verb == Edit {
		at = t.PlanUnit
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	switch {
	case err != nil:
	case !by.Can(verb, o.Targets(at, period.Day(by.Today)), false):
		err = ErrForbidden
	case t.State != Open:
		err = ErrState
	case t.Rev != rev:
		err = ErrStale
	}
	return t, err
}

// Cancel takes a task out of the plan with a reason; it counts no more.
func (s *Service) Cancel(ctx context.Context, tx *db.Tx, by access.Scope, task string, rev int64, reason string) (Task, error) {
	was, err := s.open(ctx, tx, by, task, rev, Edit)
	if err != nil {
		return was, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return was, ErrReason
	}
	t := was
	t.State, t.Note, t.ClosedDay, t.ClosedBy, t.LateFrom = Cancelled, reason, period.Of(s.Clock.Now()), by.Account, 0
	err = s.store(ctx, tx, by, was, t, Edit)
	t.Rev++
	return t, err
}

// Reopen opens a finished or cancelled task again, with a reason.
func (s *Service) Reopen(ctx context.Context, tx *db.Tx, by access.Scope, task string, rev int64, reason string) (Task, error) {
	was, err := taskByID(ctx, tx, by, task)
	if err != nil {
		return was, err
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	switch {
	case err != nil:
		return was, err
	case !by.Can(Edit, o.Targets(was.PlanUnit, period.Day(by.Today)), false):
		return was, ErrForbidden
	case was.State != Done && was.State != Cancelled:
		return was, ErrState
	case was.Rev != rev:
		return was, ErrStale
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return was, ErrReason
	}
	t := was
	t.State, t.Note, t.ClosedDay, t.ClosedBy = Open, reason, 0, ""
	t.LateFrom = overdue(t.Deadline, period.Of(s.Clock.Now()))
	err = s.store(ctx, tx, by, was, t, Edit)
	t.Rev++
	return t, err
}

// Carry takes the open tasks of a plan over into the plan of the next year: each goes on there with the same owner and a
// deadline at the end of March, and is closed here. It returns how many.
func (s *Service) Carry(ctx context.Context, tx *db.Tx, by access.Scope, plan string) (int, error) {
	y, err := s.editable(ctx, tx, by, plan)
	if err != nil {
		return 0, err
	}
	next, err := s.Start(ctx, tx, by, y.Unit, y.Year+1)
	if err != nil {
		return 0, err
	}
	list, err := db.All(ctx, tx, func(r *sql.Rows) (Task, error) { return scanTask(r) }, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1
		AND t.plan = $2 AND t.state = 'open' ORDER BY t.id`, by.District, plan)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, ErrCarried
	}
	now := s.Clock.Now()
	for _, was := range list {
		t := was
		n := Task{ID: id.New(now), Plan: next.ID, PlanUnit: y.Unit, Unit: was.Unit, Title: was.Title, Person: was.Person,
			Deadline: period.Date(next.Year, 3, 31), State: Open, Proof: []string{}, Entries: []string{}, CarriedFrom: was.ID, Rev: 1}
		n.LateFrom = overdue(n.Deadline, period.Of(now))
		t.State, t.CarriedTo, t.ClosedDay, t.ClosedBy = Carried, n.ID, period.Of(now), by.Account
		if err := s.store(ctx, tx, by, was, t, Edit); err != nil {
			return 0, err
		}
		if err := insertTask(ctx, tx, by.District, n, now.UnixMilli()); err != nil {
			return 0, err
		}
		if err := s.apply(ctx, tx, by.District, nil, &n); err != nil {
			return 0, err
		}
	}
	return len(list), s.told(ctx, tx, by, Edit, next.ID, next.ID, int64(len(list)), map[string]int{"carried": len(list)})
}

// Tick notes the tasks whose deadline has passed since the last time: from then on they are in arrears. It is harmless to
// run it often.
func (s *Service) Tick(ctx context.Context, district int64, now time.Time) (int, error) {
	today := period.Of(now)
	by := access.System(district, int64(today), "plan.tick")
	n := 0
	return n, s.DB.Write(ctx, func(tx *db.Tx) error {
		n = 0
		if err := indicator.Shared(ctx, tx, district); err != nil {
			return err
		}
		list, err := db.All(ctx, tx, func(r *sql.Rows) (Task, error) { return scanTask(r) },
			`SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND t.state = 'open' AND t.late_from = 0 AND t.deadline < $2
			ORDER BY t.id`, district, int64(today))
		if err != nil {
			return err
		}
		for _, was := range list {
			t := was
			t.LateFrom = overdue(t.Deadline, today)
			if _, err := tx.ExecContext(ctx, `UPDATE plan_task SET late_from = $3 WHERE district = $1 AND id = $2`, district, t.ID,
				int64(t.LateFrom)); err != nil {
				return err
			}
			if err := s.apply(ctx, tx, district, &was, &t); err != nil {
				return err
			}
			if err := s.told(ctx, tx, by, Edit, t.Plan, t.ID, t.Rev, map[string]string{"op": "late"}); err != nil {
				return err
			}
			n++
		}
		return nil
	})
}
