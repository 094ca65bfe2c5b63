package desk

import (
	"context"
	"net/http"
	"sort"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/unit"
)

// Before compares a value with another one of the same figure: the year before, or a chosen period.
type Before struct {
	Period       string  `json:"period"`
	Value        *int64  `json:"value"`
	Display      string  `json:"display"`
	Part         *int64  `json:"part"`
	Of           *int64  `json:"of"`
	Undefined    bool    `json:"undefined"`
	Change       *int64  `json:"change"`        // at the figure's scale
	ChangePct    *string `json:"change_pct"`    // of the earlier value
	ChangePoints *int64  `json:"change_points"` // of a ratio or coverage: tenths of a percentage point
	Since        string  `json:"since"`         // the month in which the records begin, where it lies inside the earlier period: the change is against a part of it
}

// yearBefore is before with an eye to when the records begin.
func yearBefore(x *indicator.Query, v, b indicator.Value) (*Before, error) {
	out := before(x.Org(), v, b)
	if out == nil {
		return nil, nil
	}
	var err error
	if out.Since, err = recordedSince(x, b); out.Since != "" {
		out.ChangePct = nil
	}
	return out, err
}

// before tells what v changed against b; nil where nothing at all was booked in b.
func before(o *org.Org, v, b indicator.Value) *Before {
	if b.N == 0 && b.A == 0 && b.Part == 0 && b.Of == 0 {
		return nil
	}
	return against(o, v, b)
}

// against compares with b also where it is empty.
func against(o *org.Org, v, b indicator.Value) *Before {
	f := figure(o, b)
	out := &Before{Period: f.Period, Value: f.Value, Display: f.Display, Part: f.Part, Of: f.Of, Undefined: f.Undefined}
	if !v.Defined || !b.Defined {
		return out
	}
	if v.Def.Measure != indicator.Ratio {
		c := v.A - b.A
		out.Change = &c
		if b.A > 0 {
			pct := unit.Percent(c, b.A, 1)
			if c > 0 {
				pct = "+" + pct
			}
			out.ChangePct = &pct
		}
	}
	if v.Def.Measure == indicator.Ratio || v.Def.Measure == indicator.Coverage {
		p := permille(v) - permille(b)
		out.ChangePoints = &p
	}
	return out
}

// permille is a share in tenths of a percent, rounded half up.
func permille(v indicator.Value) int64 {
	if v.Of == 0 {
		return 0
	}
	return (v.Part*2000 + v.Of) / (2 * v.Of)
}

// FigurePage is a figure with everything its page shows besides its composition.
type FigurePage struct {
	Figure
	Definition i18n.Label   `json:"definition"`
	Source     *i18n.Label  `json:"source"`
	Version    int64        `json:"version"`
	Kind       string       `json:"kind"` // of the records; "" for a figure computed from others
	Group      i18n.Label   `json:"group"`
	Expr       string       `json:"expr"`
	Flow       bool         `json:"flow"`     // of a period; otherwise as of its last day
	Additive   bool         `json:"additive"` // the units and the unit itself add up to the figure
	Before     *Before      `json:"before"`
	Plan       *FigurePlan  `json:"plan"` // nil without the right to plans
	Terms      []FigureTerm `json:"terms"`
	Trend      []Point      `json:"trend"`
	Units      []UnitLine   `json:"units"`
	Own        *UnitLine    `json:"own"`
	Columns    []string     `json:"columns"` // periods of the lines' parts
	Fields     []FieldRef   `json:"fields"`  // by which the figure can be broken down
	NotDone    struct {
		Total int64     `json:"total"`
		Units []UnitRef `json:"units"`
	} `json:"not_done"`
	UsedBy []FigureName `json:"used_by"` // figures computed from this one
	Behind
	AsOf int64 `json:"as_of"`
}

// FigureTerm is a figure another one is computed from, with its name in the formula.
type FigureTerm struct {
	Figure
	Name   string  `json:"name"`
	Before *Before `json:"before"`
}

// FigureName names a figure.
type FigureName struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

// FieldRef names a field of a kind.
type FieldRef struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

// Point is one month or year of a trend. Value is nil where there is none: the time has not come, or it is undefined.
type Point struct {
	Period    string `json:"period"`
	Value     *int64 `json:"value"` // a ratio and a coverage: tenths of a percent
	Display   string `json:"display"`
	Part      *int64 `json:"part"`
	Of        *int64 `json:"of"`
	Partial   bool   `json:"partial"`
	In        bool   `json:"in"` // inside the page's period
	Year      *int64 `json:"year_before"`
	YearText  string `json:"year_before_display"`
	YearShown bool   `json:"has_year_before"`
	Plan      *int64 `json:"plan"` // what the plan wants of it, measured as the value
	PlanText  string `json:"plan_display"`
}

// UnitLine is a unit of a comparison.
type UnitLine struct {
	Unit      UnitRef  `json:"unit"`
	Value     *int64   `json:"value"` // what bars measure: a ratio and a coverage in tenths of a percent
	Display   string   `json:"display"`
	Part      *int64   `json:"part"`
	Of        *int64   `json:"of"`
	Undefined bool     `json:"undefined"`
	Records   int64    `json:"records"`
	HeadsLine bool     `json:"heads_line"` // heads a line: among units below only its own tree is counted
	Before    *Before  `json:"before"`
	Columns   []string `json:"columns"` // displays by the page's columns

	Target *UnitTarget `json:"target"`
}

// measured is what bars of a figure measure.
func measured(v indicator.Value) *int64 {
	if !v.Defined {
		return nil
	}
	n := v.A
	if v.Def.Measure == indicator.Ratio || v.Def.Measure == indicator.Coverage {
		n = permille(v)
	}
	return &n
}

// flowing reports whether a figure is of a period rather than of its last day.
func flowing(q *indicator.Query, d *indicator.Def, p period.Period) bool {
	switch d.Measure {
	case indicator.Count, indicator.Sum:
		return true
	case indicator.Distinct:
		return !d.Lasting
	}
	for _, t := range q.Terms(d) {
		if v, err := q.Def(t, p); err == nil && flowing(q, v, p) {
			return true
		}
	}
	return false
}

func line(o *org.Org, v indicator.Value) UnitLine {
	f := figure(o, v)
	return UnitLine{Unit: f.Unit, Value: measured(v), Display: f.Display, Part: f.Part, Of: f.Of, Undefined: f.Undefined, Records: v.N, Columns: []string{}}
}

// PageOf reads the page of a figure. by is "month" or "year".
func (d *Desk) PageOf(ctx context.Context, q db.Querier, by access.Scope, key string, n org.No, p period.Period, grain string) (FigurePage, error) {
	x, err := d.Figures.At(ctx, q, by.District)
	if err != nil {
		return FigurePage{}, err
	}
	o := x.Org()
	v, err := x.Value(key, n, p)
	if err != nil {
		return FigurePage{}, err
	}
	words, err := d.Titles(ctx, q, by.District)
	if err != nil {
		return FigurePage{}, err
	}
	set, err := d.Packs.Current(ctx, q, by.District)
	if err != nil {
		return FigurePage{}, err
	}
	out := FigurePage{Figure: figure(o, v), Source: v.Def.Source, Version: v.Def.Version, Kind: v.Def.Kind, Expr: v.Def.Expr, Terms: []FigureTerm{}, Trend: []Point{}, Units: []UnitLine{},
		Columns: []string{}, Fields: []FieldRef{}, UsedBy: []FigureName{}, AsOf: d.Clock.Now().UnixMilli()}
	if v.Def.Done != "" {
		out.Kind = v.Def.Done
	}
	out.Definition, out.Group, out.Flow = v.Def.Words(p, o.UnitName(n), words), groupOf(set, v.Def), flowing(x, v.Def, p)
	b, err := x.Value(key, n, p.YearBefore())
	if err != nil {
		return out, err
	}
	if out.Before, err = yearBefore(x, v, b); err != nil {
		return out, err
	}
	if err := d.terms(x, &out, v); err != nil {
		return out, err
	}
	if out.Trend, err = trend(x, v, grain, period.Day(by.Today)); err != nil {
		return out, err
	}
	if err := d.unitLines(x, &out, v); err != nil {
		return out, err
	}
	if err := d.planOf(ctx, q, by, x, &out, v, grain); err != nil {
		return out, err
	}
	out.Fields = breakable(set, v.Def)
	missing, total, err := x.NotDone(key, n, p, 2000)
	if err != nil {
		return out, err
	}
	out.NotDone.Total, out.NotDone.Units = total, []UnitRef{}
	for _, m := range missing {
		out.NotDone.Units = append(out.NotDone.Units, unitRef(o, m, p.Last()))
	}
	all, err := d.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	for _, other := range all {
		for _, t := range x.Terms(other) {
			if t == key {
				out.UsedBy = append(out.UsedBy, FigureName{other.Key, other.Title})
				break
			}
		}
	}
	return out, d.records(ctx, q, by, httpapi.CallerOf(ctx).Lang, x, &out.Behind, v, 50)
}

// terms reads both terms of a ratio, and every operand of a formula under its name.
func (d *Desk) terms(x *indicator.Query, out *FigurePage, v indicator.Value) error {
	names := map[string]string{}
	for name, key := range v.Def.OfMap() {
		names[key] = strings.TrimPrefix(names[key]+"、"+name, "、")
	}
	for _, key := range x.Terms(v.Def) {
		t, err := x.Value(key, v.Unit, v.Period)
		if err != nil {
			return err
		}
		b, err := x.Value(key, v.Unit, v.Period.YearBefore())
		if err != nil {
			return err
		}
		was, err := yearBefore(x, t, b)
		if err != nil {
			return err
		}
		out.Terms = append(out.Terms, FigureTerm{figure(x.Org(), t), names[key], was})
	}
	sort.SliceStable(out.Terms, func(i, j int) bool { return out.Terms[i].Name < out.Terms[j].Name })
	return nil
}

// trend reads the months of the period's year, or of a longer period, each beside the month a year before; or the
// last five years.
func trend(x *indicator.Query, v indicator.Value, grain string, today period.Day) ([]Point, error) {
	var ps []period.Period
	y, _, _ := v.Period.Last().YMD()
	if grain == "year" {
		for i := y - 4; i <= y; i++ {
			ps = append(ps, period.Year(i))
		}
	} else {
		ps = v.Period.Months()
		if len(ps) <= 12 {
			first, _, _ := v.Period.From.YMD()
			if first == y {
				ps = period.Year(y).Months()
			}
		}
		if len(ps) > 24 {
			ps = ps[len(ps)-24:]
		}
	}
	both := make([]period.Period, 0, 2*len(ps))
	both = append(both, ps...)
	for _, p := range ps {
		both = append(both, p.YearBefore())
	}
	vs, err := x.Series(v.Def.Key, v.Unit, both)
	if err != nil {
		return nil, err
	}
	out := make([]Point, 0, len(ps))
	for i, p := range ps {
		m, b := vs[i], vs[len(ps)+i]
		if grain == "year" && len(out) == 0 && i < len(ps)-2 && m.N == 0 && m.A == 0 && m.Of == 0 {
			continue // years before there was anything
		}
		f := figure(x.Org(), m)
		pt := Point{Period: p.String(), Display: f.Display, Part: f.Part, Of: f.Of, Partial: p.From <= today && today < p.Last(), In: v.Period.From <= p.From && p.Until <= v.Period.Until}
		if p.From <= today {
			pt.Value = measured(m)
		} else {
			pt.Display = ""
		}
		if grain != "year" && (b.N != 0 || b.A != 0 || b.Of != 0) {
			pt.Year, pt.YearText, pt.YearShown = measured(b), b.Screen(), true
		}
		out = append(out, pt)
	}
	return out, nil
}

// unitLines reads the units below with the year before and, for a year and not too many units, its quarters.
func (d *Desk) unitLines(x *indicator.Query, out *FigurePage, v indicator.Value) error {
	o, key := x.Org(), v.Def.Key
	list, own, err := x.Children(key, v.Unit, v.Period)
	if err != nil {
		return err
	}
	was, ownWas, err := x.Children(key, v.Unit, v.Period.YearBefore())
	if err != nil {
		return err
	}
	old := map[org.No]indicator.Value{}
	for _, c := range was {
		old[c.Unit] = c.Value
	}
	at := map[org.No]int{}
	for _, c := range list {
		if v.Def.Measure == indicator.Coverage && c.Value.Of == 0 {
			continue // nothing to do there
		}
		l := line(o, c.Value)
		l.HeadsLine = o.HeadsLine(c.Unit)
		if b, ok := old[c.Unit]; ok {
			l.Before = before(o, c.Value, b)
		}
		at[c.Unit] = len(out.Units)
		out.Units = append(out.Units, l)
	}
	if own.A != 0 || own.N != 0 {
		l := line(o, own)
		l.Before = before(o, own, ownWas)
		out.Own = &l
	}
	switch v.Def.Measure {
	case indicator.Count, indicator.Sum, indicator.Stock, indicator.Level:
		out.Additive = true
	}
	if y, _, _ := v.Period.From.YMD(); v.Period == period.Year(y) && len(list) <= 100 && (len(list) > 0 || out.Own != nil) {
		for quarter := range 4 {
			p := period.Period{From: period.Date(y, 3*quarter+1, 1), Until: period.Date(y, 3*quarter+4, 1)}
			part, mine, err := x.Children(key, v.Unit, p)
			if err != nil {
				return err
			}
			out.Columns = append(out.Columns, p.String())
			for i := range out.Units {
				out.Units[i].Columns = append(out.Units[i].Columns, "—")
			}
			for _, c := range part {
				if i, ok := at[c.Unit]; ok {
					out.Units[i].Columns[quarter] = c.Value.Screen()
				}
			}
			if out.Own != nil {
				out.Own.Columns = append(out.Own.Columns, mine.Screen())
			}
		}
	}
	sort.SliceStable(out.Units, func(i, j int) bool {
		a, b := out.Units[i].Value, out.Units[j].Value
		if a == nil || b == nil {
			return a != nil
		}
		return *a > *b
	})
	return nil
}

// groupOf is the heading a figure stands under: that of the kind of its records, or of its first term.
func groupOf(set *pack.Set, d *indicator.Def) i18n.Label {
	return groupOfDefinition(set, d.Definition, 0)
}

func groupOfDefinition(set *pack.Set, d indicator.Definition, depth int) i18n.Label {
	records := d.Kind
	if d.Done != "" {
		records = d.Done
	}
	if k, err := kind.Of(set, records); err == nil {
		return k.Group
	}
	if records == "compost-house" {
		return i18n.Label{Zh: "设施建设", En: "Facilities"}
	}
	if _, event := indicator.EventKinds[records]; event {
		return i18n.Label{Zh: "台账管理", En: "Record keeping"}
	}
	for _, key := range d.Terms() {
		if o := set.Get("indicators", key); o != nil && depth < 8 {
			if t, ok := o.Value.(indicator.Definition); ok {
				return groupOfDefinition(set, t, depth+1)
			}
		}
	}
	return i18n.Label{Zh: "其他", En: "Other"}
}

// breakable lists the choices of a kind by which a figure can be broken down; one its condition fixes says nothing.
func breakable(set *pack.Set, d *indicator.Def) []FieldRef {
	out := []FieldRef{}
	switch d.Measure {
	case indicator.Count, indicator.Sum, indicator.Stock, indicator.Level:
	default:
		return out
	}
	if strings.HasPrefix(d.Kind, "ledger-") {
		return []FieldRef{{"kind", i18n.Label{Zh: "台账", En: "Ledger"}}}
	}
	k, err := kind.Of(set, d.Kind)
	if err != nil {
		return out
	}
	add := func(fields []kind.Field) {
		for _, f := range fields {
			if (f.Type == "choice" || f.Type == "bool") && !strings.Contains(d.Where, f.Key+" ==") {
				out = append(out, FieldRef{f.Key, f.Title})
			}
		}
	}
	if d.Group != "" {
		if g, ok := k.Field(d.Group); ok {
			add(g.Fields)
		}
	}
	add(k.Fields)
	return out
}

// Breakdown is a figure's composition by one field.
type Breakdown struct {
	Field   FieldRef `json:"field"`
	TooMany bool     `json:"too_many"` // more records than are broken down on demand
	Total   int64    `json:"total"`
	Text    string   `json:"total_display"`
	Items   []Slice  `json:"items"`
}

// Slice is one value of a breakdown.
type Slice struct {
	Value   string     `json:"key"`
	Title   i18n.Label `json:"title"`
	Records int64      `json:"records"`
	Amount  int64      `json:"value"`
	Display string     `json:"display"`
	Share   string     `json:"share"`
}

// BreakdownOf reads a figure's composition by a field of its records.
func (d *Desk) BreakdownOf(ctx context.Context, q db.Querier, by access.Scope, key string, n org.No, p period.Period, field string) (Breakdown, error) {
	x, err := d.Figures.At(ctx, q, by.District)
	if err != nil {
		return Breakdown{}, err
	}
	v, err := x.Value(key, n, p)
	if err != nil {
		return Breakdown{}, err
	}
	set, err := d.Packs.Current(ctx, q, by.District)
	if err != nil {
		return Breakdown{}, err
	}
	out := Breakdown{Total: v.A, Text: v.Screen(), Items: []Slice{}}
	for _, f := range breakable(set, v.Def) {
		if f.Key == field {
			out.Field = f
		}
	}
	if out.Field.Key == "" {
		return out, httpapi.ErrInput.At(problem.Field{Pointer: "/field", Code: "value.choice"})
	}
	parts, ok, err := x.Composition(key, n, p, field)
	if err != nil || !ok {
		out.TooMany = err == nil
		return out, err
	}
	words, err := d.Titles(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	for _, c := range parts {
		s := Slice{Value: c.Value, Records: c.N, Amount: c.A, Display: unit.Group(c.A, v.Def.Decimals), Share: unit.Percent(c.A, v.A, 1)}
		switch {
		case c.Value == "":
			s.Title = i18n.Label{Zh: "未填", En: "Not given"}
		case c.Value == "true":
			s.Title = i18n.Label{Zh: "是", En: "Yes"}
		case c.Value == "false":
			s.Title = i18n.Label{Zh: "否", En: "No"}
		case v.Def.Kind != "" && field == "kind" && out.Field.Title.En == "Ledger":
			s.Title = words.Kind(c.Value)
		default:
			s.Title = optionOf(set, v.Def, field, c.Value)
		}
		out.Items = append(out.Items, s)
	}
	return out, nil
}

// optionOf names a choice of a kind, also inside the figure's group.
func optionOf(set *pack.Set, d *indicator.Def, field, option string) i18n.Label {
	if k, err := kind.Of(set, d.Kind); err == nil {
		fields := k.Fields
		if g, ok := k.Field(d.Group); ok && d.Group != "" {
			fields = append(append([]kind.Field{}, g.Fields...), fields...)
		}
		for _, f := range fields {
			if f.Key != field {
				continue
			}
			for _, o := range f.Options {
				if o.Key == option {
					return o.Title
				}
			}
		}
	}
	return i18n.Label{Zh: option, En: option}
}

func (d *Desk) registerFigurePages(k *httpapi.Kit) {
	type pageIn struct {
		FigureIn
		By string `query:"by" enum:"month,year" default:"month" doc:"grain of the trend"`
	}
	type pageOut struct{ Body FigurePage }
	httpapi.Query(k, httpapi.Operation{ID: "figure-page", Method: http.MethodGet, Path: "/figures/{key}/page", Verb: readFigure, Summary: "A figure's page: trend, units below, terms, what is missing, records"},
		func(ctx context.Context, by access.Scope, in *pageIn) (*pageOut, error) {
			out := &pageOut{}
			err := d.DB.Snapshot(ctx, func(q db.Querier) error {
				n, p, _, err := d.place(ctx, q, by, in.Unit, in.Period)
				if err != nil {
					return err
				}
				out.Body, err = d.PageOf(ctx, q, by, in.Key, n, p, in.By)
				return err
			})
			return out, err
		})
	type breakIn struct {
		FigureIn
		Field string `query:"field" maxLength:"60"`
	}
	type breakOut struct{ Body Breakdown }
	httpapi.Query(k, httpapi.Operation{ID: "figure-breakdown", Method: http.MethodGet, Path: "/figures/{key}/breakdown", Verb: readFigure, Summary: "A figure's composition by a field of its records"},
		func(ctx context.Context, by access.Scope, in *breakIn) (*breakOut, error) {
			out := &breakOut{}
			err := d.DB.Snapshot(ctx, func(q db.Querier) error {
				n, p, _, err := d.place(ctx, q, by, in.Unit, in.Period)
				if err != nil {
					return err
				}
				out.Body, err = d.BreakdownOf(ctx, q, by, in.Key, n, p, in.Field)
				return err
			})
			return out, err
		})
	d.registerFigureTables(k)
}
