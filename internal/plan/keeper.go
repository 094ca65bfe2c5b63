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
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = strings.TrimSuffix(r, lateSuffix)
	}
	list, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([]Task, error) {
		return db.All(ctx, q, func(r *sql.Rows) (Task, error) { return scanTask(r) }, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1
			AND `+by.ReachAt("t.district", "t.unit", "t.deadline", Read)+` AND t.id IN (`+in+`)`, args...)
	})
	out := make(map[string]Task, len(list))
	for _, t := range list {
		out[t.ID] = t
	}
	return out, err
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

// shown is a task with the row that shows it.
type shown struct {
	Task
	row indicator.Row
}

// shown reads the tasks of records with their rows, in the order of the records.
func (s *Service) shown(ctx context.Context, q db.Querier, by access.Scope, key string, ids []string) ([]shown, error) {
	tasks, err := byIDs(ctx, q, by, ids)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	title := s.titleOf(key)
	out := make([]shown, 0, len(ids))
	for _, id := range ids {
		if t, ok := tasks[strings.TrimSuffix(id, lateSuffix)]; ok {
			out = append(out, shown{t, record(o, key, id, t, title)})
		}
	}
	return out, nil
}

// Rows shows the tasks behind a figure.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, key string, ids []string) ([]indicator.Row, error) {
	tasks, err := s.shown(ctx, q, by, key, ids)
	var out []indicator.Row
	for _, t := range tasks {
		out = append(out, t.row)
	}
	return out, err
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
	n, err := db.Pairs[string, int64](ctx, q, `SELECT t.state, count(*) FROM plan_task AS t WHERE t.district = $1 AND t.state IN ('cancelled', 'carried')
		AND t.deadline >= $3 AND t.deadline < $4
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = t.district AND r.unit = t.unit AND r.target = $2 AND r.day_from <= t.deadline
			AND t.deadline < r.day_until) GROUP BY t.state`,
		by.District, int64(unit), int64(p.From), int64(p.Until))
	return indicator.Stays(n,
		indicator.Uncounted{Why: Cancelled, Title: i18n.Label{Zh: "已取消", En: "cancelled"}},
		indicator.Uncounted{Why: Carried, Title: i18n.Label{Zh: "结转下年", En: "carried over"}}), err
}

// LastChanges tells the closing of tasks, the one change a task keeps with its day and person.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, key string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	tasks, err := s.shown(ctx, q, by, key, ids)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	out := make(map[string]indicator.LastChange, len(tasks))
	for _, t := range tasks {
		c := indicator.LastChange{Row: t.row}
		if at := t.ClosedDay.Start().UnixMilli(); t.ClosedDay > 0 && at+24*3600*1000 > since {
			c.At, c.Op, c.Reason = at, t.State, t.Note
			if t.ClosedBy != "" {
				if c.By, err = account.NameOf(ctx, q, by.District, t.ClosedBy); err != nil {
					return nil, err
				}
			}
		}
		out[t.row.ID] = c
	}
	return out, nil
}
