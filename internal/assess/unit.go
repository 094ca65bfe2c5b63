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

// UnitView is what a unit scored, item by item.
type UnitView struct {
	Run      RunRow       `json:"run"`
	Row      PlaceRow     `json:"row"`
	Group    i18n.Label   `json:"group"`
	Of       int64        `json:"of"`
	Attempt  int64        `json:"attempt"`
	Sha      string       `json:"sha" doc:"of what was frozen"`
	Blocks   []BlockView  `json:"blocks"`
	Notes    []i18n.Label `json:"notes" doc:"what happened to the total, in order"`
	Ahead    string       `json:"ahead" doc:"points by which the unit before is ahead; empty without"`
	Needed   []i18n.Label `json:"needed" doc:"items that alone hold enough points to pass it"`
	Visits   []VisitView  `json:"visits"`
	MayEnter bool         `json:"may_enter"`

	MayObject   bool            `json:"may_object" doc:"to an item that nobody has objected to yet"`
	ObjectUntil int64           `json:"object_until"`
	Objections  []ObjectionView `json:"objections" doc:"of this unit, to any revision"`
}

// BlockView is a block of a unit's score.
type BlockView struct {
	Key    string     `json:"key"`
	Title  i18n.Label `json:"title"`
	Points string     `json:"points"`
	Max    string     `json:"max"`
	Extra  bool       `json:"extra"`
	Note   i18n.Label `json:"note"`
	Items  []ItemView `json:"items"`
}

// ItemView is an item of a unit's score: its rule, its arithmetic, and where it comes from.
type ItemView struct {
	Key     string       `json:"key"`
	Title   i18n.Label   `json:"title"`
	Rule    i18n.Label   `json:"rule"`
	Points  string       `json:"points"`
	Max     string       `json:"max"`
	NA      bool         `json:"na"`
	Waiting bool         `json:"waiting"`
	Sum     []i18n.Label `json:"sum"`
	Note    i18n.Label   `json:"note"`
	From    []SourceView `json:"from"`
	Enter   []NameView   `json:"enter" doc:"what a person may enter here"`

	Correct []CorrectView `json:"correct" doc:"what whoever decides an open objection here may put right"`
}

// NameView is a name that a value is entered for.
type NameView struct {
	Name  string     `json:"name"`
	Visit string     `json:"visit,omitempty"`
	Title i18n.Label `json:"title"`
	Unit  i18n.Label `json:"unit"`
}

// SourceView is what an item was taken from.
type SourceView struct {
	Kind  string     `json:"kind" enum:"figure,visit,score,sheet,entered"`
	Title i18n.Label `json:"title"`
	Link  string     `json:"link"`
}

// VisitView is a visit that was counted.
type VisitView struct {
	ID   string `json:"id"`
	Day  string `json:"day"`
	Link string `json:"link"`
}

// Unit explains the score of one unit: Eval over what was frozen, with its words.
func (s *Service) Unit(ctx context.Context, q db.Querier, by access.Scope, run string, n org.No) (out UnitView, err error) {
	w, r, v, err := s.opened(ctx, q, by, run)
	if err != nil {
		return out, err
	}
	list, err := unitScores(ctx, q, by, r.ID, " AND s.unit = $3", int64(n))
	if err == nil && len(list) == 0 {
		err = ErrUnit
	}
	if err != nil {
		return out, err
	}
	u := list[0]
	facts, result, err := s.explain(ctx, q, by.District, v, r, u)
	if err != nil {
		return out, err
	}
	out = UnitView{Run: RunRow{ID: r.ID, Sheet: r.Sheet, Title: both(v.Title), Period: periodView(r.Period), Rev: r.Rev, State: r.State, Latest: r.Latest},
		Row: s.row(w, v, r, u), Group: i18n.Label{Zh: "全部", En: "All"}, Attempt: r.Attempt, Sha: u.Sha, Blocks: []BlockView{}, Notes: []i18n.Label{},
		Needed: []i18n.Label{}, Visits: []VisitView{}, MayEnter: r.State == Draft && may(w, by, Enter, r.Root), ObjectUntil: r.ObjectUntil,
		MayObject: r.State == Public && r.Latest && w.Now.UnixMilli() < r.ObjectUntil && by.Can(Object, w.Org.Targets(n, w.Day), false)}
	out.Row.Open = true
	if out.Objections, err = s.objected(ctx, q, by, w, v, r, " AND o.unit = $4", int64(n)); err != nil {
		return out, err
	}
	decides := func(item string) bool {
		return slices.ContainsFunc(out.Objections, func(o ObjectionView) bool { return o.Run == r.ID && o.MayDecide && (o.Item == item || o.Item == "") })
	}
	for _, g := range v.Groups {
		if g.Key == u.Group {
			out.Group = both(g.Title)
		}
	}
	for _, note := range result.Notes {
		out.Notes = append(out.Notes, both(note))
	}
	seesVisits := by.Can("inspect.read", w.Org.Targets(n, w.Day), true)
	for _, x := range facts.Visits {
		visit := VisitView{ID: x.ID, Day: period.Day(x.Day).String()}
		if seesVisits {
			visit.Link = "/visits/" + x.ID
		}
		out.Visits = append(out.Visits, visit)
	}
	for i, b := range result.Blocks {
		block := &v.Blocks[i]
		view := BlockView{Key: b.Key, Title: both(block.Title), Points: b.Points.Fixed(2), Max: b.Max.Short(4), Extra: b.Extra, Note: both(b.Note),
			Items: []ItemView{}}
		for j, it := range b.Items {
			item := s.item(w, v, r, facts, block, &block.Items[j], it, out.MayEnter, seesVisits)
			if decides(item.Key) {
				item.Correct = correctable(v, facts, &block.Items[j])
			}
			view.Items = append(view.Items, item)
		}
		out.Blocks = append(out.Blocks, view)
	}
	return out, s.standing(ctx, q, by.District, v, r, u, result, &out)
}

// explain evaluates a unit on what was frozen. Where an item goes by place, the others are needed for it.
func (s *Service) explain(ctx context.Context, q db.Querier, district int64, v *score.Version, r Run, u UnitScore) (*score.Facts, *score.Result, error) {
	lines, err := score.Unpack(u.Inputs)
	if err != nil {
		return nil, nil, err
	}
	facts, err := score.ReadFacts(lines)
	if err != nil || !v.GoesByPlace() {
		return facts, score.Eval(v, facts, nil), err
	}
	all, _, err := frozen(ctx, q, district, r.ID)
	if err != nil {
		return nil, nil, err
	}
	results := score.Run(v, all)
	at := slices.IndexFunc(results, func(x *score.Result) bool { return x.Unit == facts.Unit })
	return facts, results[at], nil
}

// standing says how many have a place in the group, how far the next better one is ahead, and which items hold as much.
func (s *Service) standing(ctx context.Context, q db.Querier, district int64, v *score.Version, r Run, u UnitScore, result *score.Result, out *UnitView) error {
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM score_unit WHERE district = $1 AND run = $2 AND grp = $3 AND place > 0`, district, r.ID,
		u.Group).Scan(&out.Of); err != nil || u.Place < 2 {
		return err
	}
	var next int64
	if err := q.QueryRowContext(ctx, `SELECT min(points) FROM score_unit WHERE district = $1 AND run = $2 AND grp = $3 AND place > 0 AND place < $4`, district,
		r.ID, u.Group, u.Place).Scan(&next); err != nil {
		return err
	}
	ahead := score.Stored(next - u.Points)
	out.Ahead = ahead.Fixed(2)
	for _, key := range score.Holding(result, ahead) {
		if _, it := v.Item(key); it != nil {
			out.Needed = append(out.Needed, both(it.Title))
		}
	}
	return nil
}

func (s *Service) item(w module.Moment, v *score.Version, r Run, f *score.Facts, block *score.Block, it *score.Item, res score.ItemResult, mayEnter,
	seesVisits bool,
) ItemView {
	out := ItemView{Key: it.Key, Title: both(it.Title), Rule: both(v.Rule(block, it)), Points: res.Points.Fixed(2), Max: res.Max.Short(4), NA: res.NA,
		Waiting: res.Waiting, Sum: []i18n.Label{}, Note: both(res.Note), From: []SourceView{}, Enter: []NameView{}, Correct: []CorrectView{}}
	for _, part := range res.Sum {
		out.Sum = append(out.Sum, both(part))
	}
	if it.Judged != nil && mayEnter {
		out.Enter = append(out.Enter, NameView{Name: it.Key, Title: both(it.Title)})
	}
	found := false
	for _, name := range res.Uses {
		in := v.Inputs[name]
		title := both(v.NameOf(name))
		switch {
		case in == nil || in.Survey != "":
			found = true
		case in.Figure+in.Days != "":
			out.From = append(out.From, SourceView{"figure", title, "/figures/" + in.Figure + in.Days + "?unit=" + f.Unit + "&period=" + r.Period.String()})
		case in.Score != "":
			out.From = append(out.From, scoresBelow(w, f.Values[name], title)...)
		}
		if in == nil && mayEnter && r.Rev > 1 {
			for _, x := range f.Visits {
				label := i18n.Label{Zh: title.Zh + "（" + period.Day(x.Day).String() + "）", En: title.En + " (" + period.Day(x.Day).String() + ")"}
				out.Enter = append(out.Enter, NameView{Name: name, Visit: x.ID, Title: label})
			}
		}
		if in != nil && mayEnter && enterable(v, f, r.Rev, &Entered{Name: name, Value: "0"}) == nil {
			out.Enter = append(out.Enter, NameView{Name: name, Title: title, Unit: both(in.Unit)})
		}
	}
	for _, x := range f.Visits {
		if found && seesVisits {
			day := period.Day(x.Day).String()
			out.From = append(out.From, SourceView{"visit", i18n.Label{Zh: day + " 检查", En: "visit of " + day}, "/visits/" + x.ID})
		}
	}
	return out
}

// scoresBelow leads to the scores that a score is made of, the lowest first, at most twelve.
func scoresBelow(w module.Moment, val score.Value, title i18n.Label) (out []SourceView) {
	list := slices.Clone(val.Children)
	slices.SortStableFunc(list, func(a, b score.Child) int { return a.Share.Cmp(b.Share) })
	for _, c := range list {
		if c.Scored && len(out) < 12 {
			text := c.Name + " " + c.Share.Mul(score.Hundred()).Short(2)
			out = append(out, SourceView{"score", i18n.Label{Zh: text, En: text}, "/scores/" + c.Run + "/units/" + c.Unit})
		}
	}
	return out
}
