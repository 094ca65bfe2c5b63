package dispatch

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/inspect"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/plan"
	"sifen/internal/template"
	"sifen/internal/unit"
)

// lister makes the lists of one document. Sums are figures of the same moment, so that none contradicts another.
type lister struct {
	s    *Service
	ctx  context.Context
	q    db.Querier
	by   access.Scope
	unit org.No
	p    period.Period
	w    work
	x    *indicator.Query
}

// List implements template.Lister.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]template.Listed, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	x, err := s.Figures.At(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	l := &lister{s, ctx, q, by, unit, p, w, x}
	switch key {
	case "problem-kind":
		return l.problems()
	case "good-place":
		return l.good()
	case "poor-place":
		return l.poor()
	case "unit-cases":
		return l.unitCases()
	case "other-units":
		return l.others()
	case "overdue-case":
		return l.overdue()
	case "arrears-item":
		return l.arrears()
	case "requirement":
		return l.requirements()
	case "checked-place":
		return l.checked()
	case "last-decision":
		return l.last()
	case "open-decision":
		return l.open()
	case "plan-progress":
		return l.progress()
	}
	return nil, nil
}

// most is how many rows of examples a report names.
const most = 5

func says(pairs ...string) template.Listed {
	m := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return template.Listed{Says: m}
}

// sees hides a row whose unit the reader does not see with a verb.
func (l *lister) sees(r template.Listed, verb access.Verb, unit org.No) template.Listed {
	r.Hidden = !l.by.Can(verb, l.w.Org.Targets(unit, l.w.Day), true)
	return r
}

// within restricts a unit's column to what the unit of the document reaches on a day.
func within(column, day string) string {
	return ` AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = $1 AND r.unit = ` + column + ` AND r.target = $2 AND r.day_from <= ` + day +
		` AND ` + day + ` < r.day_until)`
}

// counted are the visits that figures count, without what units look at themselves.
const counted = ` AND v.state = 'done' AND v.counted = 1 AND v.kind <> 'self' AND v.day >= $3 AND v.day < $4`

func (l *lister) args(more ...any) []any {
	return append([]any{l.by.District, int64(l.unit), int64(l.p.From), int64(l.p.Until)}, more...)
}

// problems are the findings by what was wrong, the most frequent first; their sum is the figure findings.all.
func (l *lister) problems() ([]template.Listed, error) {
	type group struct {
		item, body string
		n, major   int64
	}
	list, err := db.All(l.ctx, l.q, func(r *sql.Rows) (group, error) {
		var g group
		return g, r.Scan(&g.item, &g.n, &g.major, &g.body)
	}, `SELECT v.checklist || '/' || f.item, count(*), CAST(sum(CASE WHEN f.severity = 'major' THEN 1 ELSE 0 END) AS BIGINT), min(f.body)
		FROM finding AS f JOIN visit AS v ON v.district = f.district AND v.id = f.visit
		WHERE f.district = $1`+counted+within("v.unit", "v.day")+` GROUP BY v.checklist || '/' || f.item ORDER BY 2 DESC, 1`, l.args()...)
	if err != nil {
		return nil, err
	}
	all, err := l.x.Value("findings.all", l.unit, l.p)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return none("本期没有发现问题"), nil
	}
	out := make([]template.Listed, 0, len(list))
	for _, g := range list {
		title, err := l.item(g.item, g.body)
		if err != nil {
			return nil, err
		}
		share := "—"
		if all.A > 0 {
			share = fmt.Sprintf("%s（%d/%d）", unit.Percent(g.n, all.A, 1), g.n, all.A)
		}
		out = append(out, says("what", title, "n", fmt.Sprint(g.n), "share", share, "major", fmt.Sprint(g.major)))
	}
	return out, nil
}

// item words an item of a checklist: what was asked, or where it is asked no more what was found.
func (l *lister) item(key, found string) (string, error) {
	checklist, item, _ := strings.Cut(key, "/")
	if c, ok := pack.Value[inspect.Checklist](l.w.Set, "checklists", checklist); ok {
		for _, s := range c.Sections {
			for _, i := range s.Items {
				if i.Key == item {
					return i.Ask.Zh, nil
				}
			}
		}
	}
	var body inspect.FindingBody
	err := json.Unmarshal([]byte(found), &body)
	return body.Title.Zh, err
}

// looked is what the visits of a period found at one place.
type looked struct {
	place         string
	unit          org.No
	visits, found int64
	major, late   int64
}

func (l *lister) places() ([]looked, error) {
	return db.All(l.ctx, l.q, func(r *sql.Rows) (looked, error) {
		var x looked
		return x, r.Scan(&x.place, &x.unit, &x.visits, &x.found, &x.major, &x.late)
	}, `SELECT v.place_name, v.unit, count(*), CAST(sum((SELECT count(*) FROM finding AS f WHERE f.district = v.district AND f.visit = v.id)) AS BIGINT),
		CAST(sum((SELECT count(*) FROM finding AS f WHERE f.district = v.district AND f.visit = v.id AND f.severity = 'major')) AS BIGINT),
		(SELECT count(*) FROM rcase AS c WHERE c.district = v.district AND c.place = v.place AND c.issued_at > 0 AND c.issued_at < $5 AND c.state <> 'revoked'
			AND c.due_at > 0 AND c.due_at <= $5 AND (c.closed_at = 0 OR c.closed_at >= $5) AND c.state <> 'transferred'
			AND (c.state IN ('sent', 'fixing') OR c.replied_at >= $5))
		FROM visit AS v WHERE v.district = $1`+counted+within("v.unit", "v.day")+`
		GROUP BY v.district, v.place, v.place_name, v.unit ORDER BY v.place_name, v.unit`, l.args(l.end())...)
}

// end is the instant at which the period ends, or now where it has not.
func (l *lister) end() int64 { return min(l.p.Until.Start().UnixMilli(), l.w.Now.UnixMilli()) }

// good are the places looked at most often with nothing wrong.
func (l *lister) good() ([]template.Listed, error) {
	all, err := l.places()
	if err != nil {
		return nil, err
	}
	return l.examples(all, func(x looked) int64 {
		if x.found > 0 || x.late > 0 {
			return 0
		}
		return x.visits
	}, func(x looked) string { return fmt.Sprintf("检查%d次，没有发现问题", x.visits) }), nil
}

// poor are the places with the most that was wrong; what is major or overdue weighs more.
func (l *lister) poor() ([]template.Listed, error) {
	all, err := l.places()
	if err != nil {
		return nil, err
	}
	return l.examples(all, func(x looked) int64 { return x.found + 2*x.major + 3*x.late }, func(x looked) string {
		why := fmt.Sprintf("检查%d次，发现问题%d个", x.visits, x.found)
		if x.major > 0 {
			why += fmt.Sprintf("，其中严重%d个", x.major)
		}
		if x.late > 0 {
			why += fmt.Sprintf("，逾期未销号%d件", x.late)
		}
		return why
	}), nil
}

// examples are the places with the highest weight; a weight of 0 is none.
func (l *lister) examples(all []looked, weight func(looked) int64, why func(looked) string) []template.Listed {
	best := make([]looked, 0, most)
	for _, x := range all {
		if weight(x) == 0 {
			continue
		}
		i := len(best)
		for i > 0 && weight(best[i-1]) < weight(x) {
			i--
		}
		if i == most {
			continue
		}
		best = append(best[:i], append([]looked{x}, best[i:]...)...)
		if len(best) > most {
			best = best[:most]
		}
	}
	out := make([]template.Listed, 0, len(best))
	for _, x := range best {
		out = append(out, l.sees(says("place", x.place, "of", l.above(x.unit), "why", why(x)), inspect.Read, x.unit))
	}
	if len(out) == 0 {
		return none("没有")
	}
	return out
}

// above is the unit of the level below the document's that a place lies in.
func (l *lister) above(no org.No) string {
	day := l.p.Last()
	chain := l.w.Org.Chain(no, day)
	for i, n := range chain {
		if n == l.unit && i > 0 {
			return l.w.Org.UnitName(chain[i-1])
		}
	}
	return l.w.Org.UnitName(no)
}

// parts are the units right below that of the document that tables have a row of.
func (l *lister) parts() []org.Unit {
	var out []org.Unit
	for _, u := range l.w.Org.Units() {
		if (u.Type == org.Street || u.Type == org.Zone) && u.No != l.unit && u.Open(l.p.Last()) && l.w.Org.Reaches(u.No, l.unit, l.p.Last(), l.p.Last()+1) {
			out = append(out, u)
		}
	}
	return out
}

func (l *lister) decided(cond string, args ...any) ([]Decision, error) {
	return decisions(l.ctx, l.q, cond, append([]any{l.by.District, int64(l.unit)}, args...)...)
}

// requirements are what the meetings of the period decided and nobody has done by its end.
func (l *lister) requirements() ([]template.Listed, error) {
	list, err := l.decided(`d.office = $2 AND d.decided < $3 AND d.decided >= $4 AND d.state <> 'dropped' AND (d.settled = 0 OR d.settled >= $3)
		ORDER BY d.deadline, d.id`, int64(l.p.Until), int64(l.p.From))
	return l.tasks(list), err
}

// open are all decisions that run at the end of the period.
func (l *lister) open() ([]template.Listed, error) {
	list, err := l.decided(`d.office = $2 AND d.decided < $3 AND d.state <> 'dropped' AND (d.settled = 0 OR d.settled >= $3) ORDER BY d.deadline, d.id`,
		int64(l.p.Until))
	return l.tasks(list), err
}

func (l *lister) tasks(list []Decision) []template.Listed {
	out := make([]template.Listed, 0, len(list))
	for _, d := range list {
		out = append(out, l.sees(says("what", d.Words, "owner", l.w.Org.UnitName(d.Unit), "due", d.Deadline.Zh(), "how", how(d, min(l.p.Last(), l.w.Day))),
			Read, d.Unit))
	}
	if len(out) == 0 {
		return none("没有")
	}
	return out
}

// how says in one line how far a decision is on a day.
func how(d Decision, day period.Day) string {
	switch {
	case d.State == Done && d.Done <= day:
		if d.Outcome != "" {
			return "已办结：" + d.Outcome
		}
		return "已办结"
	case d.State == Dropped:
		return "已撤销：" + d.Reason
	case d.State == Carried && d.Settled <= day:
		return "结转到以后的会议"
	case d.State == Reported && d.Done <= day:
		return "已报办结，待核实：" + d.Outcome
	case d.Deadline < day:
		return fmt.Sprintf("未办结，逾期%d天", day-d.Deadline)
	}
	return "正在办理"
}

// last are the decisions with which the meeting of the period begins: the one that is planned next, or that was held last.
func (l *lister) last() ([]template.Listed, error) {
	list, err := meetings(l.ctx, l.q, `m.unit = $2 AND m.type = 'dispatch' AND m.state <> 'cancelled' AND m.day >= $3 AND m.day < $4
		ORDER BY CASE WHEN m.state = 'planned' THEN m.day ELSE 1000000 - m.day END, m.id LIMIT 1`, l.args()...)
	if err != nil || len(list) == 0 {
		return none("没有上次议定事项"), err
	}
	_, _, given, err := l.s.opening(l.ctx, l.q, access.System(l.by.District, int64(l.w.Day), "dispatch"), list[0])
	return l.tasks(given), err
}

// none is the row of a table that has no other: an empty one looks forgotten.
func none(words string) []template.Listed {
	return []template.Listed{says("what", words, "place", words, "no", "无")}
}

// checked are the places of the period in the order of visits.
func (l *lister) checked() ([]template.Listed, error) {
	type visit struct {
		place, kind string
		unit        org.No
		day         period.Day
		found       int64
	}
	list, err := db.All(l.ctx, l.q, func(r *sql.Rows) (visit, error) {
		var v visit
		return v, r.Scan(&v.place, &v.unit, &v.day, &v.kind, &v.found)
	}, `SELECT v.place_name, v.unit, v.day, v.kind, (SELECT count(*) FROM finding AS f WHERE f.district = v.district AND f.visit = v.id)
		FROM visit AS v WHERE v.district = $1`+counted+within("v.unit", "v.day")+` ORDER BY v.day, v.id`, l.args()...)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return none("本期没有检查"), nil
	}
	out := make([]template.Listed, 0, len(list))
	for _, v := range list {
		out = append(out, l.sees(says("day", v.day.Zh(), "place", v.place, "of", l.above(v.unit), "kind", inspect.Titles[v.kind].Zh, "found",
			fmt.Sprint(v.found)), inspect.Read, v.unit))
	}
	return out, nil
}

// progress sets the figures of the unit's own plan against what they shall be at the end of the year.
func (l *lister) progress() ([]template.Listed, error) {
	y, _, _ := l.p.Last().YMD()
	targets, err := plan.Targets(l.ctx, l.q, access.System(l.by.District, int64(l.w.Day), "dispatch"), l.unit, y)
	if err != nil {
		return nil, err
	}
	out := []template.Listed{}
	year := period.Period{From: period.Date(y, 1, 1), Until: l.p.Until}
	for _, t := range targets {
		if t.Unit != l.unit {
			continue
		}
		v, err := l.x.Value(t.Figure, l.unit, year)
		if err != nil {
			return nil, err
		}
		in := ""
		if v.Def.Unit != nil {
			in = v.Def.Unit.Zh
		}
		goal, now := unit.Group(t.Value, v.Def.Decimals)+in, indicator.Amount(v)
		share := "—"
		if t.AtMost {
			goal = "不超过" + goal
		} else if t.Value > 0 {
			share = unit.Percent(now, t.Value, 1)
		}
		out = append(out, says("what", v.Def.Title.Zh, "goal", goal, "now", unit.Group(now, v.Def.Decimals)+in, "share", share))
	}
	if len(out) == 0 {
		return none("本年还没有计划指标"), nil
	}
	return out, nil
}
