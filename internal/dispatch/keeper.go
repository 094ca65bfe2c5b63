package dispatch

import (
	"context"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/template"
)

// Name is that of the module.
func (s *Service) Name() string { return "dispatch" }

// Verb is what it takes to see a meeting or a decision.
func (s *Service) Verb() access.Verb { return Read }

// Own are the kinds of records that decisions are, and the lists of reports, of which nothing is counted.
func (s *Service) Own() []*kind.Kind {
	group := label("组织领导", "Organisation")
	return append([]*kind.Kind{
		{Key: KindDecision, Title: label("议定事项", "decisions of meetings"), Group: group, Fields: []kind.Field{
			{Key: "done", Type: "bool", Title: label("已办结", "Done")}, {Key: "in_time", Type: "bool", Title: label("按期", "In time")}}},
		{Key: KindOpen, Title: label("未办结的议定事项", "open decisions of meetings"), Group: group, State: &kind.State{}},
	}, template.Lists...)
}

// keeping is how meetings are kept: the ledger's kind from the day they came over.
func (s *Service) keeping() indicator.Keeping {
	return indicator.Keeping{Keeper: s, Takes: taken, Since: func(ctx context.Context, q db.Querier, district int64) (bool, error) {
		_, done, err := TakenOver(ctx, q, district)
		return done, err
	}}
}

// shown is a record inside a scope with the row that shows it.
type shown struct {
	object string
	row    indicator.Row
}

func (s *Service) shown(ctx context.Context, q db.Querier, by access.Scope, key string, ids []string) ([]shown, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	title := s.Figures.Keepers.Words(w.Set).Kind(key)
	objects := make([]string, len(ids))
	for i, x := range ids {
		objects[i], _, _ = strings.Cut(x, ".")
	}
	rows := map[string]indicator.Row{}
	if key == KindMeeting {
		list, err := db.Named(objects, 2, []any{by.District}, func(in string, args []any) ([]Meeting, error) {
			return meetings(ctx, q, `(`+seesMeeting(by)+` OR `+by.ReachAt("m.district", "m.unit", "m.day", Read)+`) AND m.id IN (`+in+`)`, args...)
		})
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			r := indicator.Row{ID: m.ID, Number: m.No, Kind: key, KindTitle: title, Title: m.Title, Unit: w.Org.Ref(m.Unit, m.Day), From: m.Day.String(),
				Photos: int64(len(m.Body.Photos)), Counted: m.State == Held, Link: "/meetings/" + m.ID}
			if len(m.Body.Photos) > 0 {
				r.Thumb = m.Body.Photos[0]
			}
			rows[m.ID] = r
		}
	} else {
		list, err := db.Named(slices.Compact(slices.Sorted(slices.Values(objects))), 2, []any{by.District}, func(in string, args []any) ([]Decision, error) {
			return decisions(ctx, q, `(`+seesDecision(by)+` OR `+by.ReachAt("d.district", "d.unit", "d.deadline", Read)+`) AND d.id IN (`+in+`)`, args...)
		})
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			r := indicator.Row{Kind: key, KindTitle: title, Title: d.Words, Unit: w.Org.Ref(d.Unit, d.Deadline), From: d.Deadline.String(), Counted: true,
				Link: "/decisions?open=" + d.ID}
			if key == KindOpen {
				r.From = d.Decided.String()
				if d.Settled > 0 {
					last := (d.Settled - 1).String()
					r.Until = &last
				}
			}
			rows[d.ID] = r
		}
	}
	var out []shown
	for i, x := range ids {
		if r, ok := rows[objects[i]]; ok {
			r.ID = x
			out = append(out, shown{objects[i], r})
		}
	}
	return out, nil
}

// Rows shows the meetings or decisions behind a figure.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, key string, ids []string) ([]indicator.Row, error) {
	list, err := s.shown(ctx, q, by, key, ids)
	var out []indicator.Row
	for _, x := range list {
		out = append(out, x.row)
	}
	return out, err
}

// Uncounted are the meetings that were not held, and the decisions that were dropped or moved before their deadline.
func (s *Service) Uncounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	table, day := "meeting", "x.day"
	states := []string{Planned, Cancelled}
	switch key {
	case KindMeeting:
	case KindDecision:
		table, day, states = "meeting_decision", "x.deadline", []string{Dropped, Carried}
	default:
		return nil, nil
	}
	more := ""
	if key == KindDecision {
		more = " AND (x.state = 'dropped' OR x.settled <= x.deadline)"
	}
	n, err := db.Pairs[string, int64](ctx, q, `SELECT x.state, count(*) FROM `+table+` AS x WHERE x.district = $1 AND `+day+` >= $3 AND `+day+` < $4
		AND x.state IN ('`+states[0]+`', '`+states[1]+`')`+more+` AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = x.district AND r.unit = x.unit
			AND r.target = $2 AND r.day_from <= `+day+` AND `+day+` < r.day_until) GROUP BY x.state`,
		by.District, int64(unit), int64(p.From), int64(p.Until))
	return indicator.Stays(n, indicator.Uncounted{Why: states[0], Title: StateTitles[states[0]]},
		indicator.Uncounted{Why: states[1], Title: StateTitles[states[1]]}), err
}

// LastChanges tells the last step of each meeting or decision.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, key string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	list, err := s.shown(ctx, q, by, key, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]indicator.LastChange, len(list))
	for _, x := range list {
		c := indicator.LastChange{Row: x.row}
		events, err := History(ctx, q, by.District, x.object)
		if err != nil {
			return nil, err
		}
		if n := len(events); n > 0 && events[n-1].At >= since {
			e := events[n-1]
			c.At, c.Op, c.Reason = e.At, e.Op, e.Words
			if e.Account != "" {
				if c.By, err = account.NameOf(ctx, q, by.District, e.Account); err != nil {
					return nil, err
				}
			}
		}
		out[x.row.ID] = c
	}
	return out, nil
}
