package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data
	}
	return string(raw)
}

func scanYear(r interface{ Scan(...any) error }) (Year, error) {
	var y Year
	err := r.Scan(&y.ID, &y.Unit, &y.Year, &y.Title)
	return y, err
}

const yearColumns = `p.id, p.unit, p.year, p.title`

// yearOf finds the plan of a unit and year, whoever may see it.
func yearOf(ctx context.Context, q db.Querier, district int64, unit org.No, year int) (Year, bool, error) {
	y, err := scanYear(q.QueryRowContext(ctx, `SELECT `+yearColumns+` FROM plan_year AS p WHERE p.district = $1 AND p.unit = $2 AND p.year = $3`, district,
		int64(unit), year))
	found, err := db.One(err)
	return y, found, err
}

// planByID loads a plan within a scope.
func planByID(ctx context.Context, q db.Querier, by access.Scope, id string) (Year, error) {
	y, err := scanYear(q.QueryRowContext(ctx, `SELECT `+yearColumns+` FROM plan_year AS p WHERE p.district = $1 AND p.id = $2 AND `+by.Reach("p.district",
		"p.unit", Read), by.District, id))
	found, err := db.One(err)
	if err == nil && !found {
		err = ErrNone
	}
	return y, err
}

// within restricts a unit's column to one unit and all below it in the tree today.
func within(column, unit, today string) string {
	return "EXISTS (SELECT 1 FROM org_reach AS ru WHERE ru.district = $1 AND ru.unit = " + column + " AND ru.target = " + unit +
		" AND ru.line = 0 AND ru.day_from <= " + today + " AND " + today + " < ru.day_until)"
}

const taskColumns = `t.id, t.plan, p.unit, t.unit, t.title, t.duty, t.person, t.deadline, t.state, t.note, t.proof, t.entries, t.closed_day, t.closed_by,
	t.late_from, t.carried_from, t.carried_to, t.rev`

func scanTask(r interface{ Scan(...any) error }) (Task, error) {
	var t Task
	var proof, entries string
	if err := r.Scan(&t.ID, &t.Plan, &t.PlanUnit, &t.Unit, &t.Title, &t.Duty, &t.Person, &t.Deadline, &t.State, &t.Note, &proof, &entries, &t.ClosedDay,
		&t.ClosedBy, &t.LateFrom, &t.CarriedFrom, &t.CarriedTo, &t.Rev); err != nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(proof), &t.Proof); err != nil {
		return t, err
	}
	return t, json.Unmarshal([]byte(entries), &t.Entries)
}

const fromTask = ` FROM plan_task AS t JOIN plan_year AS p ON p.district = t.district AND p.id = t.plan `

// Tasks lists the tasks of a year that a unit and those below it own, the longest overdue first.
func Tasks(ctx context.Context, q db.Querier, by access.Scope, unit org.No, year int) ([]Task, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Task, error) { return scanTask(r) }, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND p.year = $2
		AND `+within("t.unit", "$3", "$4")+` AND `+by.Reach("t.district", "t.unit", Read)+
		` ORDER BY CASE WHEN t.state = 'open' THEN 0 ELSE 1 END, t.deadline, t.id LIMIT 1000`, by.District, year, int64(unit), by.Today)
}

// OpenOf lists the open tasks of the units at which the person himself may report, the nearest deadline first.
func OpenOf(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]Task, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Task, error) { return scanTask(r) }, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND t.state = 'open'
		AND `+by.Reach("t.district", "t.unit", Report)+
		` ORDER BY t.deadline, t.id LIMIT $2`, by.District, limit)
}

func taskByID(ctx context.Context, q db.Querier, by access.Scope, id string) (Task, error) {
	t, err := scanTask(q.QueryRowContext(ctx, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND t.id = $2 AND `+by.Reach("t.district", "t.unit",
		Read), by.District, id))
	found, err := db.One(err)
	if err == nil && !found {
		err = ErrNone
	}
	return t, err
}

// Task loads a task a scope may see.
func (s *Service) Task(ctx context.Context, q db.Querier, by access.Scope, id string) (Task, error) {
	return taskByID(ctx, q, by, id)
}

func insertTask(ctx context.Context, tx *db.Tx, district int64, t Task, at int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO plan_task (district, id, plan, unit, title, duty, person, deadline, state, note, proof, entries, closed_day,
		closed_by, late_from, carried_from, carried_to, created_at, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		district, t.ID, t.Plan, int64(t.Unit), t.Title, t.Duty, t.Person, int64(t.Deadline), t.State, t.Note, encode(t.Proof), encode(t.Entries),
		int64(t.ClosedDay), t.ClosedBy, int64(t.LateFrom), t.CarriedFrom, t.CarriedTo, at, t.Rev)
	return err
}

func saveTask(ctx context.Context, tx *db.Tx, district int64, t Task, was int64) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE plan_task
		SET unit = $4, title = $5, duty = $6, person = $7, deadline = $8, state = $9, note = $10, proof = $11, entries = $12, closed_day = $13,
		closed_by = $14, late_from = $15, carried_to = $16, rev = $17
		WHERE district = $1 AND id = $2 AND rev = $3`,
		district, t.ID, was, int64(t.Unit), t.Title, t.Duty, t.Person, int64(t.Deadline), t.State, t.Note, encode(t.Proof), encode(t.Entries),
		int64(t.ClosedDay), t.ClosedBy, int64(t.LateFrom), t.CarriedTo, t.Rev))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

// Targets lists the targets of a year that a unit and those below it have.
func Targets(ctx context.Context, q db.Querier, by access.Scope, unit org.No, year int) ([]Target, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Target, error) { return scanTarget(r) },
		`SELECT `+targetColumns+` FROM plan_target AS t JOIN plan_year AS p ON p.district = t.district AND p.id = t.plan WHERE t.district = $1
			AND p.year = $2 AND `+within("t.unit", "$3", "$4")+` AND `+by.Reach("t.district", "t.unit", Read)+
			` ORDER BY CASE WHEN t.unit = $3 THEN 0 ELSE 1 END, t.created_at, t.id LIMIT 500`, by.District, year, int64(unit), by.Today)
}

const targetColumns = `t.id, t.plan, t.unit, t.figure, t.value, t.at_most, t.months, t.rev`

func scanTarget(r interface{ Scan(...any) error }, more ...any) (Target, error) {
	var t Target
	var most int64
	var months string
	if err := r.Scan(append([]any{&t.ID, &t.Plan, &t.Unit, &t.Figure, &t.Value, &most, &months, &t.Rev}, more...)...); err != nil {
		return t, err
	}
	t.AtMost = most == 1
	return t, json.Unmarshal([]byte(months), &t.Months)
}

func targetByID(ctx context.Context, q db.Querier, by access.Scope, id string) (Target, Year, error) {
	t, err := scanTarget(q.QueryRowContext(ctx, `SELECT `+targetColumns+` FROM plan_target AS t WHERE t.district = $1 AND t.id = $2
		AND `+by.Reach("t.district", "t.unit", Read), by.District, id))
	if found, err := db.One(err); err != nil {
		return t, Year{}, err
	} else if !found {
		return t, Year{}, ErrNone
	}
	y, err := scanYear(q.QueryRowContext(ctx, `SELECT `+yearColumns+` FROM plan_year AS p WHERE p.district = $1 AND p.id = $2`, by.District, t.Plan))
	return t, y, err
}

// Duties lists the rows of a plan's matrix.
func Duties(ctx context.Context, q db.Querier, district int64, plan string) ([]Duty, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Duty, error) { return scanDuty(r) }, `SELECT d.id, d.plan, d.title, d.roles, d.rev FROM plan_duty AS d
		WHERE d.district = $1 AND d.plan = $2 ORDER BY d.created_at, d.id LIMIT 200`, district, plan)
}

func scanDuty(r interface{ Scan(...any) error }) (Duty, error) {
	var d Duty
	var roles string
	if err := r.Scan(&d.ID, &d.Plan, &d.Title, &roles, &d.Rev); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(roles), &d.Roles)
}

func dutyByID(ctx context.Context, q db.Querier, by access.Scope, id string) (Duty, Year, error) {
	d, err := scanDuty(q.QueryRowContext(ctx, `SELECT d.id, d.plan, d.title, d.roles, d.rev FROM plan_duty AS d WHERE d.district = $1 AND d.id = $2`,
		by.District, id))
	if found, err := db.One(err); err != nil {
		return d, Year{}, err
	} else if !found {
		return d, Year{}, ErrNone
	}
	y, err := planByID(ctx, q, by, d.Plan)
	return d, y, err
}

// Scan implements indicator.Source for both kinds of records that tasks are.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, kind, after string, limit int) ([]indicator.Record, error) {
	cond := "t.state <> 'cancelled' AND t.state <> 'carried'"
	if kind == KindArrears {
		cond = "t.late_from > 0 AND (t.state = 'open' OR t.closed_day > t.late_from)"
	}
	return db.All(ctx, q, func(r *sql.Rows) (indicator.Record, error) {
		t, err := scanTask(r)
		if kind == KindArrears {
			return *arrears(t), err
		}
		return *counted(t), err
	}, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND t.id > $2 AND `+cond+`
		ORDER BY t.id LIMIT $3`, district, strings.TrimSuffix(after, lateSuffix), limit)
}

// Fields implements indicator.Source.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, key string, ids []string) (map[string]kind.Fields, error) {
	out := map[string]kind.Fields{}
	for _, id := range ids {
		var state string
		err := q.QueryRowContext(ctx, `SELECT state FROM plan_task WHERE district = $1 AND id = $2`, district, strings.TrimSuffix(id, lateSuffix)).Scan(&state)
		if found, err := db.One(err); err != nil {
			return nil, err
		} else if !found {
			continue
		}
		out[id] = kind.Fields{}
		if key == KindTask {
			out[id]["state"] = state
		}
	}
	return out, nil
}

// lateSuffix sets the record of arrears apart from the record of the task.
const lateSuffix = "~late"

// counted is the record of a task on the day of its deadline; nil when it counts no more.
func counted(t Task) *indicator.Record {
	if t.State == Cancelled || t.State == Carried {
		return nil
	}
	return &indicator.Record{Kind: KindTask, ID: t.ID, Rev: t.Rev, Unit: t.Unit, From: t.Deadline, Until: t.Deadline + 1, Fields: kind.Fields{"state": t.State}}
}

// arrears is the record of a missed deadline, in force until the task is closed; nil when there are no such days.
func arrears(t Task) *indicator.Record {
	if t.LateFrom == 0 {
		return nil
	}
	until := period.Day(period.Open)
	if t.State != Open {
		until = t.ClosedDay
	}
	if until <= t.LateFrom {
		return nil
	}
	return &indicator.Record{Kind: KindArrears, ID: t.ID + lateSuffix, Rev: t.Rev, Unit: t.Unit, From: t.LateFrom, Until: until, Fields: kind.Fields{}}
}

// unlessStale refuses a change of a row that another has changed since it was seen.
func unlessStale(res sql.Result, err error) error {
	ours, err := db.Changed(res, err)
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}
