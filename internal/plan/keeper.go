package plan

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Name is that of the module.
func (s *Service) Name() string { return "plan" }

// Verb is what it takes to see a task.
func (s *Service) Verb() access.Verb { return Read }

// Own are the two kinds of records that tasks are.
func (s *Service) Own() []*kind.Kind {
	group := i18n.Label{Zh: "台账管理", En: "Record keeping"}
	return []*kind.Kind{
		{Key: KindTask, Title: i18n.Label{Zh: "计划任务", En: "planned tasks"}, Group: group, Fields: []kind.Field{
			{Key: "state", Type: "choice", Title: i18n.Label{Zh: "办理情况", En: "state"}, Options: []kind.Option{
				{Key: Open, Title: i18n.Label{Zh: "未办结", En: "open"}}, {Key: Done, Title: i18n.Label{Zh: "已办结", En: "done"}}}}}},
		{Key: KindArrears, Title: i18n.Label{Zh: "逾期未办结的任务", En: "tasks in arrears"}, Group: group, State: &kind.State{}},
	}
}

// byIDs loads tasks inside a scope, by the ids of their records.
func byIDs(ctx context.Context, q db.Querier, by access.Scope, records []string) (map[string]Task, error) {
	out := make(map[string]Task, len(records))
	for rest := records; len(rest) > 0; {
		some := rest[:min(len(rest), 400)]
		rest = rest[len(some):]
		ids := make([]string, len(some))
		for i, r := range some {
			ids[i] = strings.TrimSuffix(r, lateSuffix)
		}
		list, err := db.All(ctx, q, func(r *sql.Rows) (Task, error) { return scanTask(r) },
			`SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND `+by.Reach("t.district", "t.unit", Read)+` AND t.id IN (`+db.In(2,
				len(ids))+`)`, db.Args([]any{by.District}, ids)...)
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			out[t.ID] = t
		}
	}
	return out, nil
}

func record(o *org.Org, key, id string, t Task, title i18n.Label) indicator.Row {
	r := indicator.Row{ID: id, Kind: key, KindTitle: title, Title: t.Title, Unit: o.Ref(t.Unit, t.Deadline), From: t.Deadline.String(), Counted: true}
	if key == KindArrears {
		r.From = t.LateFrom.String()
		if a := arrears(t); a != nil && a.Until < period.Open {
			last := (a.Until - 1).String()
			r.Until = &last
		}
	}
	y, _, _ := t.Deadline.YMD()
	r.Link = fmt.Sprintf("/plan?unit=%d&period=%d", t.PlanUnit, y)
	return r
}

// Rows shows the tasks behind a figure.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, key string, ids []string) ([]indicator.Row, error) {
	tasks, err := byIDs(ctx, q, by, ids)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	title := s.titleOf(key)
	out := make([]indicator.Row, 0, len(ids))
	for _, id := range ids {
		if t, ok := tasks[strings.TrimSuffix(id, lateSuffix)]; ok {
			out = append(out, record(o, key, id, t, title))
		}
	}
	return out, nil
}

func (s *Service) titleOf(key string) i18n.Label {
	for _, k := range s.Own() {
		if k.Key == key {
			return k.Title
		}
	}
	return i18n.Label{}
}

// Uncounted are the tasks that were cancelled or go on in the next year's plan.
func (s *Service) Uncounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	if key != KindTask {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT t.state, count(*) FROM plan_task AS t WHERE t.district = $1 AND t.state IN ('cancelled', 'carried')
		AND t.deadline >= $3 AND t.deadline < $4
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = t.district AND r.unit = t.unit AND r.target = $2 AND r.day_from <= t.deadline
			AND t.deadline < r.day_until) GROUP BY t.state`,
		by.District, int64(unit), int64(p.From), int64(p.Until))
	titles := map[string]i18n.Label{Cancelled: {Zh: "已取消", En: "cancelled"}, Carried: {Zh: "结转下年", En: "carried over"}}
	n := map[string]int64{}
	var state string
	var count int64
	if err := db.Each(rows, err, func() error {
		err := rows.Scan(&state, &count)
		n[state] = count
		return err
	}); err != nil {
		return nil, err
	}
	var out []indicator.Uncounted
	for _, state := range []string{Cancelled, Carried} {
		if n[state] > 0 {
			out = append(out, indicator.Uncounted{Why: state, Title: titles[state], N: n[state]})
		}
	}
	return out, nil
}

// LastChanges tells the closing of tasks, the one change a task keeps with its day and person.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, key string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	tasks, err := byIDs(ctx, q, by, ids)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	title := s.titleOf(key)
	out := make(map[string]indicator.LastChange, len(tasks))
	for _, id := range ids {
		t, ok := tasks[strings.TrimSuffix(id, lateSuffix)]
		if !ok {
			continue
		}
		c := indicator.LastChange{Row: record(o, key, id, t, title)}
		if at := t.ClosedDay.Start().UnixMilli(); t.ClosedDay > 0 && at+24*3600*1000 > since {
			c.At, c.Op, c.Reason = at, t.State, t.Note
			if t.ClosedBy != "" {
				if c.By, err = account.NameOf(ctx, q, by.District, t.ClosedBy); err != nil {
					return nil, err
				}
			}
		}
		out[id] = c
	}
	return out, nil
}
