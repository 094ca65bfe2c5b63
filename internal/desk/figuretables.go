package desk

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sort"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// CatalogueItem is a figure in the catalogue, with its value for the chosen unit and period.
type CatalogueItem struct {
	Figure
	Names      []string   `json:"names"`
	Group      i18n.Label `json:"group"`
	Definition i18n.Label `json:"definition"`
	Before     *Before    `json:"before"`
	Months     []*int64   `json:"months"`
	Partial    bool       `json:"partial"` // the last month is not over
}

// CatalogueOf reads every figure of a unit and period, with its months.
func (d *Desk) CatalogueOf(ctx context.Context, q db.Querier, by access.Scope, n org.No, p period.Period) ([]CatalogueItem, error) {
	x, err := d.Figures.At(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	defs, err := d.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	set, err := d.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	words, err := d.Titles(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	out := make([]CatalogueItem, 0, len(defs))
	for _, def := range defs {
		vs, err := x.Series(def.Key, n, []period.Period{p, p.YearBefore()})
		if err != nil {
			return nil, err
		}
		v := vs[0]
		it := CatalogueItem{Figure: figure(x.Org(), v), Names: v.Def.Names, Group: groupOf(set, v.Def), Definition: v.Def.Words(p, x.Org().UnitName(n), words), Months: []*int64{}}
		if it.Before, err = yearBefore(x, v, vs[1]); err != nil {
			return nil, err
		}
		if it.Names == nil {
			it.Names = []string{}
		}
		points, err := trend(x, v, "month", period.Day(by.Today))
		if err != nil {
			return nil, err
		}
		for _, pt := range points {
			if pt.Value == nil && pt.Display == "" {
				break
			}
			it.Months = append(it.Months, pt.Value)
			it.Partial = pt.Partial
		}
		out = append(out, it)
	}
	return out, nil
}

// Comparison sets units and two periods of a figure side by side.
type Comparison struct {
	Figure FigureName  `json:"figure"`
	UnitOf *i18n.Label `json:"unit_of"`
	Period string      `json:"period"`
	With   string      `json:"with"`
	Lines  []UnitLine  `json:"lines"` // before is the other period
}

// ComparisonOf compares a figure of chosen units in a period with another period.
func (d *Desk) ComparisonOf(ctx context.Context, q db.Querier, by access.Scope, key string, units []org.No, p, with period.Period) (Comparison, error) {
	x, err := d.Figures.At(ctx, q, by.District)
	if err != nil {
		return Comparison{}, err
	}
	now, err := x.Values(key, units, p)
	if err != nil {
		return Comparison{}, err
	}
	was, err := x.Values(key, units, with)
	if err != nil {
		return Comparison{}, err
	}
	out := Comparison{Period: p.String(), With: with.String(), Lines: []UnitLine{}}
	for _, n := range units {
		v := now[n]
		out.Figure, out.UnitOf = FigureName{v.Def.Key, v.Def.Title}, v.Def.Unit
		l := line(x.Org(), v)
		b := was[n]
		l.Before = against(x.Org(), v, b) // an empty period is compared all the same: it was chosen
		out.Lines = append(out.Lines, l)
	}
	return out, nil
}

// comparable reads the units of a comparison; every one must lie inside the caller's reach of figures.
func (d *Desk) comparable(ctx context.Context, q db.Querier, by access.Scope, first org.No, more []int64) ([]org.No, error) {
	o, err := d.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	units, seen := []org.No{first}, map[org.No]bool{first: true}
	for _, u := range more {
		n := org.No(u)
		if _, ok := o.Unit(n); !ok || !by.Can(readFigure, o.Targets(n, period.Day(by.Today)), true) {
			return nil, org.ErrUnit
		}
		if !seen[n] {
			seen[n] = true
			units = append(units, n)
		}
	}
	return units, nil
}

type tableIn struct {
	FigureIn
	Table  string  `query:"table" enum:"units,trend,breakdown,not-done,compare" default:"units"`
	By     string  `query:"by" enum:"month,year" default:"month"`
	Field  string  `query:"field" maxLength:"60"`
	With   string  `query:"with" maxLength:"30"`
	Units  []int64 `query:"units" maxItems:"20"`
	Format string  `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

// table is a table of a figure's page on its way into a file.
type table struct {
	zh, en  string
	columns []sheet.Column
	rows    [][]any
}

func (t *table) add(row ...any) { t.rows = append(t.rows, row) }

func orNil(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// valueColumns are the columns of a figure's value: a ratio shows its share and both terms.
func valueColumns(f Figure) []sheet.Column {
	zh, en := f.Title.Zh, f.Title.En
	if f.UnitOf != nil {
		zh, en = zh+"（"+f.UnitOf.Zh+"）", en+" ("+f.UnitOf.En+")"
	}
	num := sheet.Column{Key: "value", Title: zh, Second: en, Kind: sheet.Decimal, Decimals: f.Decimals, Width: 18}
	if f.Measure == indicator.Ratio || f.Measure == indicator.Coverage || f.Measure == indicator.Mean {
		if f.Measure != indicator.Mean {
			num.Kind, num.Decimals, num.Title, num.Second = sheet.Decimal, 1, f.Title.Zh+"（%）", f.Title.En+" (%)"
		}
		return []sheet.Column{num, {Key: "part", Title: "分子", Second: "Part", Kind: sheet.Integer}, {Key: "of", Title: "分母", Second: "Of", Kind: sheet.Integer}}
	}
	return []sheet.Column{num}
}

func valueCells(f Figure, value, part, of *int64) []any {
	if f.Measure == indicator.Ratio || f.Measure == indicator.Coverage || f.Measure == indicator.Mean {
		return []any{orNil(value), orNil(part), orNil(of)}
	}
	return []any{orNil(value)}
}

var (
	unitColumn = sheet.Column{Key: "unit", Title: "单位", Second: "Unit", Width: 24}
	pathColumn = sheet.Column{Key: "path", Title: "所在", Second: "Within", Width: 30}
)

// others are the columns of the compared value and of the change, both numbers: a share's change is in points.
func others(f Figure, zh, en string) []sheet.Column {
	was := sheet.Column{Key: "before", Title: zh, Second: en, Kind: sheet.Decimal, Decimals: f.Decimals, Width: 14}
	change := sheet.Column{Key: "change", Title: "增减", Second: "Change", Kind: sheet.Decimal, Decimals: f.Decimals, Width: 14}
	if f.Measure == indicator.Ratio || f.Measure == indicator.Coverage {
		was.Decimals, change.Decimals = 1, 1
		was.Title, was.Second, change.Title, change.Second = zh+"（%）", en+" (%)", "增减（百分点）", "Change (points)"
	}
	return []sheet.Column{was, change}
}

func pick(lang i18n.Lang, zh, en string) string {
	if lang == i18n.En {
		return en
	}
	return zh
}

// otherCells are the compared value and the change.
func otherCells(f Figure, b *Before) []any {
	if b == nil || b.Undefined {
		return []any{nil, nil}
	}
	if f.Measure == indicator.Ratio || f.Measure == indicator.Coverage {
		return []any{permille(indicator.Value{Part: *b.Part, Of: *b.Of}), orNil(b.ChangePoints)}
	}
	return []any{orNil(b.Value), orNil(b.Change)}
}

func (d *Desk) tableOf(ctx context.Context, q db.Querier, by access.Scope, in *tableIn, n org.No, p period.Period) (table, FigurePage, error) {
	lang := httpapi.CallerOf(ctx).Lang
	page, err := d.PageOf(ctx, q, by, in.Key, n, p, in.By)
	if err != nil {
		return table{}, page, err
	}
	t := table{}
	unitRow := func(name, path string, l UnitLine) {
		row := append([]any{name, path}, valueCells(page.Figure, l.Value, l.Part, l.Of)...)
		t.add(append(row, otherCells(page.Figure, l.Before)...)...)
	}
	switch in.Table {
	case "trend":
		t.zh, t.en = "趋势", "Trend"
		t.columns = append([]sheet.Column{{Key: "period", Title: "期间", Second: "Period", Width: 14}}, append(valueColumns(page.Figure), others(page.Figure, "上年同期", "Year before")[0])...)
		steps := false
		for _, pt := range page.Trend {
			steps = steps || pt.Plan != nil
		}
		if steps {
			c := valueColumns(page.Figure)[0]
			c.Key, c.Title, c.Second = "plan", "计划", "Plan"
			if page.Measure == indicator.Coverage {
				c.Title, c.Second = "计划（%）", "Plan (%)"
			}
			t.columns = append(t.columns, c)
		}
		for _, pt := range page.Trend {
			if pt.Display == "" {
				continue
			}
			row := append(append([]any{pt.Period}, valueCells(page.Figure, pt.Value, pt.Part, pt.Of)...), orNil(pt.Year))
			if steps {
				row = append(row, orNil(pt.Plan))
			}
			t.add(row...)
		}
	case "not-done":
		t.zh, t.en = "未做到", "Not done"
		t.columns = []sheet.Column{unitColumn, pathColumn}
		for _, u := range page.NotDone.Units {
			t.add(u.Name, u.Path)
		}
	case "breakdown":
		b, err := d.BreakdownOf(ctx, q, by, in.Key, n, p, in.Field)
		if err != nil {
			return t, page, err
		}
		t.zh, t.en = "构成", "Composition"
		t.columns = append([]sheet.Column{{Key: "part", Title: b.Field.Title.Zh, Second: b.Field.Title.En, Width: 24}, {Key: "records", Title: "条数", Second: "Records", Kind: sheet.Integer}}, valueColumns(page.Figure)[0])
		var records int64
		for _, s := range b.Items {
			records += s.Records
			t.add(s.Title.In(lang), s.Records, s.Amount)
		}
		t.add(pick(lang, "合计", "Total"), records, b.Total)
	case "compare":
		with, err := period.Parse(in.With)
		if err != nil {
			return t, page, httpapi.ErrInput.At(problem.Field{Pointer: "/with", Code: "value.period"})
		}
		units, err := d.comparable(ctx, q, by, n, in.Units)
		if err != nil {
			return t, page, err
		}
		c, err := d.ComparisonOf(ctx, q, by, in.Key, units, p, with)
		if err != nil {
			return t, page, err
		}
		t.zh, t.en = "对比", "Comparison"
		t.columns = append([]sheet.Column{unitColumn, pathColumn}, append(valueColumns(page.Figure), others(page.Figure, with.Zh(), with.En())...)...)
		for _, l := range c.Lines {
			unitRow(l.Unit.Name, l.Unit.Path, l)
		}
	default:
		t.zh, t.en = "按单位", "By unit"
		t.columns = append([]sheet.Column{unitColumn, pathColumn}, append(valueColumns(page.Figure), others(page.Figure, "上年同期", "Year before")...)...)
		bound := false
		for _, l := range page.Units {
			bound = bound || l.Target != nil
		}
		if bound {
			t.columns = append(t.columns, sheet.Column{Key: "target", Title: "全年目标", Second: "Target of the year", Kind: sheet.Decimal, Decimals: page.Decimals, Width: 14},
				sheet.Column{Key: "reached", Title: "完成（%）", Second: "Reached (%)", Kind: sheet.Decimal, Decimals: 1, Width: 12}, sheet.Column{Key: "state", Title: "进度", Second: "State", Width: 12})
		}
		plain := unitRow
		unitRow = func(name, path string, l UnitLine) {
			plain(name, path, l)
			last := &t.rows[len(t.rows)-1]
			switch {
			case !bound:
			case l.Target == nil:
				*last = append(*last, nil, nil, nil)
			default:
				*last = append(*last, l.Target.Value, l.Target.Permille, planned(lang, l.Target.State))
			}
		}
		for _, l := range page.Units {
			unitRow(l.Unit.Name, l.Unit.Path, l)
		}
		if page.Own != nil {
			unitRow(pick(lang, "本级", "Itself"), page.Own.Unit.Path, *page.Own)
		}
		// the last line is the figure itself: the sum of the lines above where they add up
		value := page.Value
		if page.Measure == indicator.Ratio || page.Measure == indicator.Coverage {
			x, err := d.Figures.At(ctx, q, by.District)
			if err != nil {
				return t, page, err
			}
			v, err := x.Value(in.Key, n, p)
			if err != nil {
				return t, page, err
			}
			value = measured(v)
		}
		unitRow(pick(lang, "合计", "Total"), page.Unit.Path, UnitLine{Value: value, Part: page.Part, Of: page.Of, Before: page.Before, Target: wholeTarget(page.Plan)})
	}
	return t, page, nil
}

func sortedGroups(items []CatalogueItem) {
	rank := map[string]int{}
	for _, it := range items {
		if _, ok := rank[it.Group.Zh]; !ok {
			rank[it.Group.Zh] = len(rank)
		}
	}
	sort.SliceStable(items, func(i, j int) bool { return rank[items[i].Group.Zh] < rank[items[j].Group.Zh] })
}

func (d *Desk) registerFigureTables(k *httpapi.Kit) {
	type scopeIn struct {
		Unit   int64  `query:"unit"`
		Period string `query:"period"`
	}
	type catalogueOut struct {
		Body struct {
			Unit   UnitRef         `json:"unit"`
			Period string          `json:"period"`
			Items  []CatalogueItem `json:"items"`
			AsOf   int64           `json:"as_of"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "figure-catalogue", Method: http.MethodGet, Path: "/figure-catalogue", Verb: readFigure, Summary: "Every figure of a unit and period, with its months"},
		func(ctx context.Context, by access.Scope, in *scopeIn) (*catalogueOut, error) {
			out := &catalogueOut{}
			err := d.DB.Snapshot(ctx, func(q db.Querier) error {
				n, p, o, err := d.place(ctx, q, by, in.Unit, in.Period)
				if err != nil {
					return err
				}
				out.Body.Unit, out.Body.Period, out.Body.AsOf = unitRef(o, n, p.Last()), p.String(), d.Clock.Now().UnixMilli()
				if out.Body.Items, err = d.CatalogueOf(ctx, q, by, n, p); err == nil {
					sortedGroups(out.Body.Items)
				}
				return err
			})
			return out, err
		})
	type compareIn struct {
		FigureIn
		With  string  `query:"with" maxLength:"30"`
		Units []int64 `query:"units" maxItems:"20" doc:"further units"`
	}
	type compareOut struct{ Body Comparison }
	httpapi.Query(k, httpapi.Operation{ID: "compare-figure", Method: http.MethodGet, Path: "/figures/{key}/compare", Verb: readFigure, Summary: "A figure of chosen units in two periods"},
		func(ctx context.Context, by access.Scope, in *compareIn) (*compareOut, error) {
			out := &compareOut{}
			err := d.DB.Snapshot(ctx, func(q db.Querier) error {
				n, p, _, err := d.place(ctx, q, by, in.Unit, in.Period)
				if err != nil {
					return err
				}
				with, err := period.Parse(in.With)
				if err != nil {
					return httpapi.ErrInput.At(problem.Field{Pointer: "/with", Code: "value.period"})
				}
				units, err := d.comparable(ctx, q, by, n, in.Units)
				if err != nil {
					return err
				}
				out.Body, err = d.ComparisonOf(ctx, q, by, in.Key, units, p, with)
				return err
			})
			return out, err
		})
	httpapi.Query(k, httpapi.Operation{ID: "export-figure", Method: http.MethodGet, Path: "/figures/{key}/export", Verb: readFigure, Summary: "A table of a figure's page as an Excel or CSV file"},
		func(ctx context.Context, by access.Scope, in *tableIn) (*huma.StreamResponse, error) {
			var file bytes.Buffer
			var name string
			err := d.DB.Snapshot(ctx, func(q db.Querier) error {
				n, p, _, err := d.place(ctx, q, by, in.Unit, in.Period)
				if err != nil {
					return err
				}
				t, page, err := d.tableOf(ctx, q, by, in, n, p)
				if err != nil {
					return err
				}
				lang := httpapi.CallerOf(ctx).Lang
				name = fmt.Sprintf("%s %s %s %s.%s", page.Title.In(lang), page.Unit.Name, p, pick(lang, t.zh, t.en), in.Format)
				book := sheet.Book{Sheet: pick(lang, t.zh, t.en), Columns: t.columns, Meta: map[string]string{"figure": in.Key, "unit": fmt.Sprint(int64(n)), "period": p.String(), "version": fmt.Sprint(page.Version)},
					Rows: func(yield func([]any, error) bool) {
						for _, r := range t.rows {
							if !yield(r, nil) {
								return
							}
						}
					}}
				if in.Format == "csv" {
					return sheet.WriteCSV(&file, book)
				}
				return sheet.Write(&file, book)
			})
			if err != nil {
				return nil, err
			}
			mime := httpapi.XLSX
			if in.Format == "csv" {
				mime = "text/csv; charset=utf-8"
			}
			return httpapi.Download(file.Bytes(), mime, name), nil
		})
}
