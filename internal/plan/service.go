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
	"sifen/internal/journal"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Service keeps plans.
type Service struct {
	module.Platform
	Notify *notify.Service // nil: nobody is told
}

// Changed is the fact that a plan, a task or a target changed.
type Changed struct {
	Plan string `json:"plan"`
}

// Kind names the fact.
func (Changed) Kind() string { return "plan.changed" }

// may checks a verb over a unit that the scope must see.
func (s *Service) may(ctx context.Context, q db.Querier, by access.Scope, verb access.Verb, unit org.No) error {
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return err
	}
	targets := o.Targets(unit, period.Day(by.Today))
	if _, ok := o.Unit(unit); !ok || !by.Can(Read, targets, true) {
		return org.ErrUnit
	}
	if !by.Can(verb, targets, false) {
		return ErrForbidden
	}
	return nil
}

func (s *Service) told(ctx context.Context, tx *db.Tx, by access.Scope, verb access.Verb, plan, object string, rev int64, content any) error {
	now := s.Clock.Now()
	if err := outbox.Emit(ctx, tx, by.District, now, Changed{plan}); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, now, verb, object, rev, content)
}

// Start makes the plan of a unit for a year, or returns the one there is.
func (s *Service) Start(ctx context.Context, tx *db.Tx, by access.Scope, unit org.No, year int) (Year, error) {
	if err := s.may(ctx, tx, by, Edit, unit); err != nil {
		return Year{}, err
	}
	if year < 2000 || year > 2100 {
		return Year{}, ErrYear
	}
	if y, found, err := yearOf(ctx, tx, by.District, unit, year); err != nil || found {
		return y, err
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return Year{}, err
	}
	now := s.Clock.Now()
	y := Year{ID: id.New(now), Unit: unit, Year: year, Title: o.UnitName(unit) + strconv.Itoa(year) + "年生活垃圾分类工作计划"}
	if _, err := tx.ExecContext(ctx, `INSERT INTO plan_year (district, id, unit, year, title, account, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		by.District, y.ID, int64(unit), year, y.Title, by.Account, now.UnixMilli()); err != nil {
		return y, err
	}
	return y, s.told(ctx, tx, by, Edit, y.ID, y.ID, 1, map[string]any{"unit": unit, "year": year})
}

// editable loads a plan the person may change.
func (s *Service) editable(ctx context.Context, tx *db.Tx, by access.Scope, plan string) (Year, error) {
	y, err := planByID(ctx, tx, by, plan)
	if err != nil {
		return y, err
	}
	return y, s.may(ctx, tx, by, Edit, y.Unit)
}

// bearer checks that a unit stands under a plan: its own unit, one below it, or one of the same district for the root's.
func (s *Service) bearer(ctx context.Context, tx *db.Tx, by access.Scope, y Year, unit org.No) error {
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return err
	}
	if _, ok := o.Unit(unit); !ok {
		return org.ErrUnit
	}
	for _, t := range o.Targets(unit, period.Day(by.Today)) {
		if t.Unit == int64(y.Unit) && !t.Line {
			return nil
		}
	}
	return org.ErrUnit
}

// check refuses a target below zero and steps that do not lead to it, naming the month.
func checkTarget(t Target) error {
	at := func(e *problem.Error, month int) error {
		return e.With("month", month, "before", month-1).At(problem.Field{Pointer: "/months/" + strconv.Itoa(month-1), Code: e.Code, Args: map[string]any{"month": month, "before": month - 1}})
	}
	if t.Value < 0 || len(t.Months) != 0 && len(t.Months) != 12 {
		return ErrMonths
	}
	for i, m := range t.Months {
		switch {
		case m < 0:
			return at(ErrNegative, i+1)
		case i > 0 && m < t.Months[i-1]:
			return at(ErrFalls, i+1)
		}
	}
	if len(t.Months) == 12 && t.Months[11] != t.Value {
		return at(ErrEnd, 12)
	}
	return nil
}

// SetTarget binds a figure of a unit to a value. rev 0 makes a new target.
func (s *Service) SetTarget(ctx context.Context, tx *db.Tx, by access.Scope, plan string, rev int64, t Target) (Target, error) {
	y, err := s.editable(ctx, tx, by, plan)
	if err != nil {
		return t, err
	}
	if err := s.bearer(ctx, tx, by, y, t.Unit); err != nil {
		return t, err
	}
	def, err := s.Figures.DefFor(ctx, tx, by.District, t.Figure, period.Year(y.Year))
	if err != nil || !indicator.Usable(def.Measure) {
		return t, ErrFigure.With("figure", t.Figure)
	}
	if err := checkTarget(t); err != nil {
		return t, err
	}
	if t.Months == nil {
		t.Months = []int64{}
	}
	most := 0
	if t.AtMost {
		most = 1
	}
	t.Plan = plan
	now := s.Clock.Now()
	var n int64
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM plan_target WHERE district = $1 AND plan = $2 AND unit = $3 AND figure = $4 AND id <> $5`, by.District, plan, int64(t.Unit), t.Figure, t.ID).Scan(&n); err != nil {
		return t, err
	}
	if n > 0 {
		return t, ErrTwice
	}
	if rev == 0 {
		t.ID, t.Rev = id.New(now), 1
		_, err = tx.ExecContext(ctx, `INSERT INTO plan_target (district, id, plan, unit, figure, value, at_most, months, created_at, rev) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)`,
			by.District, t.ID, plan, int64(t.Unit), t.Figure, t.Value, most, encode(t.Months), now.UnixMilli())
	} else {
		t.Rev = rev + 1
		var res sql.Result
		if res, err = tx.ExecContext(ctx, `UPDATE plan_target SET unit = $5, figure = $6, value = $7, at_most = $8, months = $9, rev = $10 WHERE district = $1 AND id = $2 AND plan = $3 AND rev = $4`,
			by.District, t.ID, plan, rev, int64(t.Unit), t.Figure, t.Value, most, encode(t.Months), t.Rev); err == nil {
			if n, _ := res.RowsAffected(); n != 1 {
				err = ErrStale
			}
		}
	}
	if err != nil {
		return t, err
	}
	return t, s.told(ctx, tx, by, Edit, plan, t.ID, t.Rev, t)
}

// DropTarget takes a target out of its plan.
func (s *Service) DropTarget(ctx context.Context, tx *db.Tx, by access.Scope, target string) error {
	t, y, err := targetByID(ctx, tx, by, target)
	if err != nil {
		return err
	}
	if _, err := s.editable(ctx, tx, by, y.ID); err != nil {
		if err == ErrNone {
			err = ErrForbidden
		}
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM plan_target WHERE district = $1 AND id = $2`, by.District, target); err != nil {
		return err
	}
	return s.told(ctx, tx, by, Edit, t.Plan, target, t.Rev, map[string]string{"op": "drop"})
}

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
	_, err = s.Notify.Send(ctx, tx, by.District, notify.Message{Key: "task:" + t.ID + ":" + t.Person, Kind: "task", Link: "/plan?unit=" + strconv.FormatInt(int64(t.Unit), 10) + "&period=" + strconv.Itoa(y), From: by.Account,
		Title: i18n.Label{Zh: fmt.Sprintf("任务交给您办：%s，%s前", string(short), t.Deadline.Zh()), En: fmt.Sprintf("A task is yours: %s, by %s", string(short), t.Deadline)}}, accounts)
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
	list, err := db.All(ctx, tx, func(r *sql.Rows) (Task, error) { return scanTask(r) }, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND t.plan = $2 AND t.state = 'open' ORDER BY t.id`, by.District, plan)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, ErrCarried
	}
	now := s.Clock.Now()
	for _, was := range list {
		t := was
		n := Task{ID: id.New(now), Plan: next.ID, PlanUnit: y.Unit, Unit: was.Unit, Title: was.Title, Person: was.Person, Deadline: period.Date(next.Year, 3, 31), State: Open, Proof: []string{}, Entries: []string{}, CarriedFrom: was.ID, Rev: 1}
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

// SetDuty writes a row of the matrix. rev 0 makes a new row; a row without a title is dropped.
func (s *Service) SetDuty(ctx context.Context, tx *db.Tx, by access.Scope, plan string, rev int64, d Duty) (Duty, error) {
	if _, err := s.editable(ctx, tx, by, plan); err != nil {
		return d, err
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return d, err
	}
	for k, v := range d.Roles {
		known := v == Lead || v == Join
		if no, ok := strings.CutPrefix(k, "unit:"); ok {
			n, err := strconv.ParseInt(no, 10, 64)
			_, there := o.Unit(org.No(n))
			known = known && err == nil && there
		} else {
			is := false
			for _, p := range Parties {
				is = is || p == k
			}
			known = known && is
		}
		if !known {
			return d, ErrParty
		}
	}
	if d.Title = strings.TrimSpace(d.Title); d.Title == "" {
		return d, ErrTitle
	}
	d.Plan = plan
	now := s.Clock.Now()
	if rev == 0 {
		d.ID, d.Rev = id.New(now), 1
		_, err = tx.ExecContext(ctx, `INSERT INTO plan_duty (district, id, plan, title, roles, created_at, rev) VALUES ($1, $2, $3, $4, $5, $6, 1)`, by.District, d.ID, plan, d.Title, encode(d.Roles), now.UnixMilli())
	} else {
		d.Rev = rev + 1
		var res sql.Result
		if res, err = tx.ExecContext(ctx, `UPDATE plan_duty SET title = $5, roles = $6, rev = $7 WHERE district = $1 AND id = $2 AND plan = $3 AND rev = $4`, by.District, d.ID, plan, rev, d.Title, encode(d.Roles), d.Rev); err == nil {
			if n, _ := res.RowsAffected(); n != 1 {
				err = ErrStale
			}
		}
	}
	if err != nil {
		return d, err
	}
	return d, s.told(ctx, tx, by, Edit, plan, d.ID, d.Rev, d)
}

// DropDuty takes a row out of the matrix.
func (s *Service) DropDuty(ctx context.Context, tx *db.Tx, by access.Scope, duty string) error {
	d, y, err := dutyByID(ctx, tx, by, duty)
	if err != nil {
		return err
	}
	if err := s.may(ctx, tx, by, Edit, y.Unit); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM plan_duty WHERE district = $1 AND id = $2`, by.District, duty); err != nil {
		return err
	}
	return s.told(ctx, tx, by, Edit, d.Plan, duty, d.Rev, map[string]string{"op": "drop"})
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
		list, err := db.All(ctx, tx, func(r *sql.Rows) (Task, error) { return scanTask(r) }, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND t.state = 'open' AND t.late_from = 0 AND t.deadline < $2 ORDER BY t.id`, district, int64(today))
		if err != nil {
			return err
		}
		for _, was := range list {
			t := was
			t.LateFrom = overdue(t.Deadline, today)
			if _, err := tx.ExecContext(ctx, `UPDATE plan_task SET late_from = $3 WHERE district = $1 AND id = $2`, district, t.ID, int64(t.LateFrom)); err != nil {
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
