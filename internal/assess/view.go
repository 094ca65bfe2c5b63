package assess

import (
	"context"
	"slices"

	"sifen/internal/access"
	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// stateTitle names a state.
func stateTitle(state string) i18n.Label {
	return map[string]i18n.Label{Draft: {Zh: "草稿", En: "draft"}, Checked: {Zh: "已审核", En: "checked"}, Public: {Zh: "公示中", En: "public"},
		Final: {Zh: "已定", En: "final"}}[state]
}

// PeriodView is a period with its names.
type PeriodView struct {
	From  string     `json:"from"` // first day
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

func periodView(p period.Period) PeriodView {
	return PeriodView{p.From.String(), p.String(), i18n.Label{Zh: p.Zh(), En: p.En()}}
}

// RunRow is a run in a list.
type RunRow struct {
	ID      string     `json:"id"`
	Sheet   string     `json:"sheet"`
	Title   i18n.Label `json:"title"`
	Period  PeriodView `json:"period"`
	Rev     int64      `json:"rev"`
	State   string     `json:"state" enum:"draft,checked,public,final"`
	Latest  bool       `json:"latest" doc:"the revision that counts"`
	Units   int64      `json:"units" doc:"how many one sees: all of a public run, else those inside one's reach"`
	Scored  int64      `json:"scored"`
	Waiting int64      `json:"waiting" doc:"items that wait for a person"`
}

// SheetRow is a sheet with the periods that it can be run for.
type SheetRow struct {
	Key     string       `json:"key"`
	Title   i18n.Label   `json:"title"`
	Trial   bool         `json:"trial"`
	Max     string       `json:"max"`
	Items   int          `json:"items"`
	Periods []PeriodView `json:"periods" doc:"the last that are over and have no run"`
}

// ListBody is all that one sees of scores.
type ListBody struct {
	Sheets   []SheetRow `json:"sheets"`
	Runs     []RunRow   `json:"runs"`
	MayEnter bool       `json:"may_enter"`
}

// List gives sheets and runs, the latest first.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope) (out ListBody, err error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	out = ListBody{Sheets: []SheetRow{}, Runs: []RunRow{}, MayEnter: may(w, by, Enter, w.Org.Root)}
	list, err := runs(ctx, q, seesRun(by)+` ORDER BY r.period_from DESC, r.sheet, r.rev DESC LIMIT 500`, by.District)
	if err != nil {
		return out, err
	}
	counts, err := countsOf(ctx, q, by, list)
	if err != nil {
		return out, err
	}
	titles := map[string]i18n.Label{}
	made := map[string]bool{}
	for _, r := range list {
		made[r.Sheet+r.Period.From.String()] = true
	}
	for _, sh := range sheetsOf(w.Set) {
		titles[sh.Key] = sh.Title
		row := SheetRow{Key: sh.Key, Title: both(sh.Title), Trial: sh.Status == "trial", Max: sh.Max.Short(4), Periods: []PeriodView{}}
		for _, b := range sh.Blocks {
			row.Items += len(b.Items)
		}
		for _, p := range periodsEnded(sh, w.Day, 12) {
			if out.MayEnter && !made[sh.Key+p.From.String()] {
				row.Periods = append(row.Periods, periodView(p))
			}
		}
		out.Sheets = append(out.Sheets, row)
	}
	for _, r := range list {
		n := counts[r.ID]
		title, ok := titles[r.Sheet]
		if !ok {
			title = i18n.Label{Zh: r.Sheet, En: r.Sheet}
		}
		out.Runs = append(out.Runs, RunRow{r.ID, r.Sheet, both(title), periodView(r.Period), r.Rev, r.State, r.Latest, n[0], n[1], n[2]})
	}
	return out, nil
}

// both fills a language that a sheet left out.
func both(l i18n.Label) i18n.Label { return i18n.Label{Zh: l.Zh, En: l.In(i18n.En)} }

// countsOf counts units, scored units and waiting items of runs inside a scope.
func countsOf(ctx context.Context, q db.Querier, by access.Scope, list []Run) (map[string][3]int64, error) {
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	out := map[string][3]int64{}
	_, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([]string, error) {
		rows, err := q.QueryContext(ctx, `SELECT s.run, count(*), CAST(sum(s.scored) AS bigint), CAST(sum(s.waiting) AS bigint) FROM score_unit AS s
			JOIN score_run AS r ON r.district = s.district AND r.run = s.run
			WHERE s.district = $1 AND s.run IN (`+in+`) AND (r.state IN ('public', 'final') OR `+by.Reach("s.district", "s.unit", Read)+`)
			GROUP BY s.run`, args...)
		var id string
		var n [3]int64
		return nil, db.Each(rows, err, func() error {
			err := rows.Scan(&id, &n[0], &n[1], &n[2])
			out[id] = n
			return err
		})
	})
	return out, err
}

// GradeView is a grade, or a list, by name.
type GradeView struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
	Tone  string     `json:"tone,omitempty"`
}

// PlaceRow is a unit in the rank table.
type PlaceRow struct {
	Unit    org.Ref     `json:"unit"`
	Scored  bool        `json:"scored"`
	Why     i18n.Label  `json:"why" doc:"why there is no score"`
	Points  string      `json:"points"`
	Max     string      `json:"max"`
	Open    bool        `json:"open" doc:"inside one's reach: its items can be looked at"`
	Share   float64     `json:"share" doc:"for bars only, in hundredths of a percent"`
	Place   int64       `json:"place"`
	Tied    bool        `json:"tied"`
	Grade   *GradeView  `json:"grade,omitempty"`
	Lists   []GradeView `json:"lists"`
	Waiting int64       `json:"waiting"`
	Before  string      `json:"before" doc:"points in the period before; empty without"`
}

// GroupView is a group with its units, the best first.
type GroupView struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
	Of    int64      `json:"of" doc:"units with a place in the whole group"`
	Rows  []PlaceRow `json:"rows"`
}

// ActBy is who did something, and when.
type ActBy struct {
	Act string `json:"act" enum:"computed,checked,published,settled"`
	Who string `json:"who"`
	At  int64  `json:"at"`
}

// RunView is a run with its rank tables.
type RunView struct {
	RunRow
	Attempt     int64        `json:"attempt"`
	Version     int64        `json:"version" doc:"of the sheet"`
	Digest      string       `json:"digest"`
	Reason      string       `json:"reason" doc:"of a revision"`
	ObjectUntil int64        `json:"object_until"`
	Groups      []GroupView  `json:"groups"`
	Same        []i18n.Label `json:"same" doc:"items in which all units score the same"`
	Entered     []FixView    `json:"entered"`
	Acts        []ActBy      `json:"acts"`
	May         []string     `json:"may" doc:"enter, compute, check, publish, settle, return, revise"`
	Revisions   []RunRow     `json:"revisions"`

	Objections []ObjectionView `json:"objections" doc:"to any revision, inside one's reach"`
}

// FixView is something that a person entered.
type FixView struct {
	Unit   org.Ref    `json:"unit"`
	Title  i18n.Label `json:"title"`
	Value  string     `json:"value"`
	Reason string     `json:"reason"`
	Who    string     `json:"who"`
	At     int64      `json:"at"`
}

// opened is a run that the caller may see, with the version of its sheet.
func (s *Service) opened(ctx context.Context, q db.Querier, by access.Scope, run string) (w module.Moment, r Run, v *score.Version, err error) {
	if w, err = s.Moment(ctx, q, by.District); err != nil {
		return w, r, nil, err
	}
	if r, err = runByID(ctx, q, by, run); err != nil {
		return w, r, nil, err
	}
	v, err = parse(r.Body)
	return w, r, v, err
}

// Page is a run as the caller may see it.
func (s *Service) Page(ctx context.Context, q db.Querier, by access.Scope, run string) (out RunView, err error) {
	w, r, v, err := s.opened(ctx, q, by, run)
	if err != nil {
		return out, err
	}
	list, err := ranked(ctx, q, by, r)
	if err != nil {
		return out, err
	}
	out = RunView{RunRow: RunRow{ID: r.ID, Sheet: r.Sheet, Title: both(v.Title), Period: periodView(r.Period), Rev: r.Rev, State: r.State, Latest: r.Latest,
		Units: int64(len(list))}, Attempt: r.Attempt, Version: r.Version, Digest: r.Digest, Reason: r.Reason, ObjectUntil: r.ObjectUntil,
		Groups: []GroupView{}, Same: []i18n.Label{}, Entered: []FixView{}, Acts: []ActBy{}, May: []string{}, Revisions: []RunRow{}}
	if out.Objections, err = s.objected(ctx, q, by, w, v, r, ""); err != nil {
		return out, err
	}
	before, err := s.before(ctx, q, by, v, r)
	if err != nil {
		return out, err
	}
	if err := s.groups(ctx, q, by, w, v, r, &out, list, before); err != nil {
		return out, err
	}
	if err := s.entered(ctx, q, by, w, v, r, &out); err != nil {
		return out, err
	}
	all, err := runs(ctx, q, `r.sheet = $2 AND r.period_from = $3 AND `+seesRun(by)+` ORDER BY r.rev`, by.District, r.Sheet, int64(r.Period.From))
	for _, x := range all {
		out.Revisions = append(out.Revisions, RunRow{ID: x.ID, Sheet: x.Sheet, Title: both(v.Title), Period: periodView(x.Period), Rev: x.Rev, State: x.State,
			Latest: x.Latest})
	}
	return out, err
}

// before are the points of the period before, by unit.
func (s *Service) before(ctx context.Context, q db.Querier, by access.Scope, v *score.Version, r Run) (map[org.No]UnitScore, error) {
	n := period.Month(months[v.Period])
	list, err := runs(ctx, q, `r.sheet = $2 AND r.period_from = $3 AND r.latest = 1 AND `+seesRun(by), by.District, r.Sheet,
		int64((r.Period.From.Month() - n).First()))
	out := map[org.No]UnitScore{}
	if err != nil || len(list) == 0 {
		return out, err
	}
	units, err := ranked(ctx, q, by, list[0])
	for _, u := range units {
		out[u.Unit] = u
	}
	return out, err
}

func (s *Service) groups(ctx context.Context, q db.Querier, by access.Scope, w module.Moment, v *score.Version, r Run, out *RunView, list []UnitScore,
	before map[org.No]UnitScore,
) error {
	of, err := db.Pairs[string, int64](ctx, q, `SELECT grp, count(*) FROM score_unit WHERE district = $1 AND run = $2 AND place > 0 GROUP BY grp`, by.District,
		r.ID)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for _, u := range list {
		i, ok := at[u.Group]
		if !ok {
			i = len(out.Groups)
			at[u.Group] = i
			title := i18n.Label{Zh: "全部", En: "All"}
			if len(v.Groups) > 0 {
				title = i18n.Label{Zh: "不在任何组", En: "In no group"}
			}
			for _, g := range v.Groups {
				if g.Key == u.Group {
					title = both(g.Title)
				}
			}
			out.Groups = append(out.Groups, GroupView{Key: u.Group, Title: title, Of: of[u.Group], Rows: []PlaceRow{}})
		}
		out.Scored += flag(u.Scored)
		out.Waiting += u.Waiting
		row := s.row(w, v, r, u)
		if b, ok := before[u.Unit]; ok && b.Scored {
			row.Before = score.Stored(b.Points).Fixed(2)
		}
		out.Groups[i].Rows = append(out.Groups[i].Rows, row)
	}
	slices.SortStableFunc(out.Groups, func(a, b GroupView) int { return groupAt(v, a.Key) - groupAt(v, b.Key) })
	same, err := separatesNobody(ctx, q, by.District, r.ID, v)
	out.Same = append(out.Same, same...)
	return err
}

// row is a unit as its run placed it.
func (s *Service) row(w module.Moment, v *score.Version, r Run, u UnitScore) PlaceRow {
	points, most := score.Stored(u.Points), score.Stored(u.Max)
	row := PlaceRow{Unit: w.Org.Ref(u.Unit, r.Period.Last()), Scored: u.Scored, Why: i18n.Label{Zh: u.WhyZh, En: u.WhyEn}, Points: points.Fixed(2),
		Max: most.Short(2), Place: u.Place, Tied: u.Tied, Waiting: u.Waiting, Open: u.Open, Lists: []GradeView{}}
	if x, ok := shareOf(u).Scaled(4); ok {
		row.Share = float64(x)
	}
	if g, ok := v.GradeOf(u.Grade); ok {
		row.Grade = &GradeView{Key: g.Key, Title: both(g.Title)}
	}
	for _, l := range v.Lists {
		if slices.Contains(u.Lists, l.Key) {
			row.Lists = append(row.Lists, GradeView{l.Key, both(l.Title), l.Tone})
		}
	}
	return row
}

// shareOf is the share of the maximum that a unit scored.
func shareOf(u UnitScore) score.Num { return score.Stored(u.Points).Div(score.Stored(u.Max)) }

// separatesNobody are the items in which all units that have them, three at least, score the same.
func separatesNobody(ctx context.Context, q db.Querier, district int64, run string, v *score.Version) (out []i18n.Label, err error) {
	same, err := db.Pairs[string, int64](ctx, q, `SELECT item, count(*) FROM score_item WHERE district = $1 AND run = $2 GROUP BY item
		HAVING count(*) >= 3 AND min(points) = max(points)`, district, run)
	for _, b := range v.Blocks {
		for _, it := range b.Items {
			if same[it.Key] > 0 && b.Extra == nil {
				out = append(out, both(it.Title))
			}
		}
	}
	return out, err
}

// entered fills in what people entered, who did what, and what the caller may do.
func (s *Service) entered(ctx context.Context, q db.Querier, by access.Scope, w module.Moment, v *score.Version, r Run, out *RunView) error {
	enters, approves := may(w, by, Enter, r.Root), may(w, by, Approve, r.Root)
	list, err := fixes(ctx, q, by.District, r.ID)
	if err != nil {
		return err
	}
	own := r.Actor == by.Account
	name := naming(ctx, q, by.District)
	for _, f := range list {
		own = own || f.Actor == by.Account
		if !by.Can(Read, w.Org.Targets(f.Unit, w.Day), true) {
			continue
		}
		who, err := name(f.Actor)
		if err != nil {
			return err
		}
		out.Entered = append(out.Entered, FixView{w.Org.Ref(f.Unit, r.Period.Last()), nameOf(v, f.Name), f.Num, f.Reason, who, f.At})
	}
	for _, a := range []struct {
		act, who string
		at       int64
	}{{"computed", r.Actor, r.MadeAt}, {"checked", r.Checker, r.CheckedAt}, {"published", r.Publisher, r.PublishedAt}} {
		if a.at == 0 {
			continue
		}
		who, err := name(a.who)
		if err != nil {
			return err
		}
		out.Acts = append(out.Acts, ActBy{a.act, who, a.at})
	}
	if r.FinalAt > 0 {
		out.Acts = append(out.Acts, ActBy{Act: "settled", At: r.FinalAt})
	}
	add := func(ok bool, what string) {
		if ok {
			out.May = append(out.May, what)
		}
	}
	waits := slices.ContainsFunc(out.Objections, func(o ObjectionView) bool { return o.State == Open })
	add(enters && r.State == Draft, "enter")
	add(enters && r.State == Draft && r.Rev == 1, "compute")
	add(approves && !own && r.State == Draft && (r.Rev == 1 || !waits), "check")
	add(approves && !own && r.State == Checked, "publish")
	add(approves && r.State == Checked, "return")
	add(approves && !own && r.State == Public && r.Latest && !waits && w.Now.UnixMilli() >= r.ObjectUntil, "settle")
	last := r.Latest && (r.State == Public || r.State == Final)
	add(enters && last, "revise")
	return nil
}

// groupAt is where a group stands among those of the sheet; units in none come last.
func groupAt(v *score.Version, key string) int {
	for i, g := range v.Groups {
		if g.Key == key {
			return i
		}
	}
	return len(v.Groups)
}

// nameOf is how a name that was entered is called.
func nameOf(v *score.Version, name string) i18n.Label {
	if _, it := v.Item(name); it != nil {
		return both(it.Title)
	}
	return both(v.NameOf(name))
}
