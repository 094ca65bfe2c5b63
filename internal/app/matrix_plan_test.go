package app_test

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
)

// planned makes the plan of a unit for a year.
func (m *matrix) planned(unit string) string {
	key := "plan " + unit
	if o, ok := m.objects[key]; ok {
		return o[0].(string)
	}
	var y plan.Year
	must(m.t, m.write(func(tx *db.Tx) (err error) {
		y, err = m.app.Plans.Start(context.Background(), tx, m.sys, org.No(m.units[unit]), 2020)
		return err
	}))
	m.objects[key] = [2]any{y.ID, 0}
	return y.ID
}

// work makes a task, a target or a duty of a unit in its own plan.
func (m *matrix) work(unit string, do func(ctx context.Context, tx *db.Tx, by access.Scope, plan string) (string, int64, error)) (id string, rev int64) {
	p := m.planned(unit)
	must(m.t, m.write(func(tx *db.Tx) (err error) {
		ctx := context.Background()
		if err := indicator.Shared(ctx, tx, m.district); err != nil {
			return err
		}
		id, rev, err = do(ctx, tx, m.sys, p)
		return err
	}))
	return id, rev
}

func (m *matrix) planTask(unit string) (string, int64) {
	return m.work(unit, func(ctx context.Context, tx *db.Tx, by access.Scope, p string) (string, int64, error) {
		t, err := m.app.Plans.SetTask(ctx, tx, by, p, 0, plan.Task{Unit: org.No(m.units[unit]), Title: fmt.Sprint("任务", m.next()),
			Deadline: period.Date(2020, 11, 30)})
		return t.ID, t.Rev, err
	})
}

func (m *matrix) planTarget(unit string) (string, int64) {
	if o, ok := m.objects["target "+unit]; ok {
		must(m.t, m.write(func(tx *db.Tx) error {
			return ignoreNone(m.app.Plans.DropTarget(context.Background(), tx, m.sys, o[0].(string)))
		}))
	}
	id, rev := m.work(unit, func(ctx context.Context, tx *db.Tx, by access.Scope, p string) (string, int64, error) {
		t, err := m.app.Plans.SetTarget(ctx, tx, by, p, 0, plan.Target{Unit: org.No(m.units[unit]), Figure: "publicity.sessions", Value: 10})
		return t.ID, t.Rev, err
	})
	m.objects["target "+unit] = [2]any{id, rev}
	return id, rev
}

func ignoreNone(err error) error {
	if err != nil && err.Error() == plan.ErrNone.Error() {
		return nil
	}
	return err
}

func (m *matrix) planDuty(unit string) (string, int64) {
	return m.work(unit, func(ctx context.Context, tx *db.Tx, by access.Scope, p string) (string, int64, error) {
		d, err := m.app.Plans.SetDuty(ctx, tx, by, p, 0, plan.Duty{Title: fmt.Sprint("职责", m.next()), Roles: map[string]string{"firm": plan.Lead}})
		return d.ID, d.Rev, err
	})
}

func init() {
	on := func(verb, method, path string, make func(m *matrix, unit string) (string, int64), body func(m *matrix, unit string) any) rule {
		return rule{verb, writes, func(m *matrix, as, unit string, _ bool) reply {
			id, rev := make(m, unit)
			var b any
			if body != nil {
				b = body(m, unit)
			}
			return m.do(ask{as: as, method: method, path: fmt.Sprintf(path, id), match: rev, body: b})
		}}
	}
	ofPlan := func(m *matrix, unit string) (string, int64) { return m.planned(unit), 0 }
	task := func(m *matrix, unit string) any {
		return vals{"unit": m.units[unit], "title": fmt.Sprint("任务", m.next()), "deadline": "2020-06-30"}
	}
	target := func(m *matrix, unit string) any {
		return vals{"unit": m.units[unit], "figure": "publicity.sessions", "value": 12}
	}
	duty := func(m *matrix, _ string) any {
		return vals{"title": fmt.Sprint("职责", m.next()), "roles": vals{"resident": "join"}}
	}
	rules["get-plan"] = read("plan.read", "/plan?unit=%u&year=2020", reads)
	rules["open-tasks"] = read("plan.report", "/tasks/open", everywhere)
	rules["task-people"] = read("plan.edit", "/plan/people?unit=%u", writes)
	rules["start-plan"] = rule{"plan.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
		return m.post(as, "/plans", vals{"unit": m.units[unit], "year": 2021}, 0)
	}}
	rules["carry-plan"] = on("plan.edit", "POST", "/plans/%s/carry", func(m *matrix, unit string) (string, int64) {
		m.planTask(unit)
		return m.planned(unit), 0
	}, nil)
	rules["add-target"] = on("plan.edit", "POST", "/plans/%s/targets", func(m *matrix, unit string) (string, int64) {
		id, _ := m.planTarget(unit)
		must(m.t, m.write(func(tx *db.Tx) error { return m.app.Plans.DropTarget(context.Background(), tx, m.sys, id) }))
		delete(m.objects, "target "+unit)
		return m.planned(unit), 0
	}, func(m *matrix, unit string) any {
		figures := []string{"base.visits", "publicity.audience", "campaign.people", "publicity.materials", "publicity.media", "places.dropoff",
			"fleet.vehicles", "stations.transfer", "base.count", "base.visitors", "publicity.teams", "publicity.lecturers", "plans.issued",
			"documents.notices", "measures.drafted", "records.late", "records.returned", "meetings.dispatch", "meetings.minutes", "pilots.smart"}
		return vals{"unit": m.units[unit], "figure": figures[m.next()%len(figures)], "value": 12}
	})
	add := rules["add-target"]
	rules["add-target"] = rule{add.verb, add.at, func(m *matrix, as, unit string, allowed bool) reply {
		r := add.run(m, as, unit, allowed)
		if r.status == 409 && strings.Contains(string(r.body), "plan.target-twice") { // let in, then told that there is one
			r.status = 201
		}
		return r
	}}
	rules["edit-target"] = on("plan.edit", "PUT", "/targets/%s", (*matrix).planTarget, target)
	rules["drop-target"] = on("plan.edit", "DELETE", "/targets/%s", (*matrix).planTarget, nil)
	rules["add-task"] = on("plan.edit", "POST", "/plans/%s/tasks", ofPlan, task)
	rules["edit-task"] = on("plan.edit", "PUT", "/tasks/%s", (*matrix).planTask, task)
	rules["finish-task"] = on("plan.report", "POST", "/tasks/%s/finish", (*matrix).planTask, func(*matrix, string) any { return vals{"note": "已完成"} })
	rules["cancel-task"] = on("plan.edit", "POST", "/tasks/%s/cancel", (*matrix).planTask, reason)
	rules["reopen-task"] = on("plan.edit", "POST", "/tasks/%s/reopen", func(m *matrix, unit string) (string, int64) {
		id, rev := m.planTask(unit)
		var t plan.Task
		must(m.t, m.write(func(tx *db.Tx) (err error) {
			ctx := context.Background()
			if err := indicator.Shared(ctx, tx, m.district); err != nil {
				return err
			}
			t, err = m.app.Plans.Cancel(ctx, tx, m.sys, id, rev, "不再需要")
			return err
		}))
		return t.ID, t.Rev
	}, reason)
	rules["add-duty"] = on("plan.edit", "POST", "/plans/%s/duties", ofPlan, duty)
	rules["edit-duty"] = on("plan.edit", "PUT", "/duties/%s", (*matrix).planDuty, duty)
	rules["drop-duty"] = on("plan.edit", "DELETE", "/duties/%s", (*matrix).planDuty, nil)
}
