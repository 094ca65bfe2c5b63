package figure

import (
	"context"

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

type tableIn struct {
	indicator.In
	Table  string  `query:"table" enum:"units,trend,breakdown,not-done,compare" default:"units"`
	By     string  `query:"by" enum:"month,quarter,year" default:"month"`
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
func otherCells(f Figure, b *Against) []any {
	if b == nil || b.Undefined {
		return []any{nil, nil}
	}
	if f.Measure == indicator.Ratio || f.Measure == indicator.Coverage {
		return []any{permille(indicator.Value{Part: *b.Part, Of: *b.Of}), orNil(b.ChangePoints)}
	}
	return []any{orNil(b.Value), orNil(b.Change)}
}

func (s *Service) tableOf(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, in *tableIn, n org.No, p period.Period) (table, Page, error) {
	page, err := s.PageOf(ctx, q, by, lang, in.Key, n, p, in.By)
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
		t.columns = append([]sheet.Column{{Key: "period", Title: "期间", Second: "Period", Width: 14}},
			append(valueColumns(page.Figure), others(page.Figure, "上年同期", "Year before")[0])...)
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
		b, err := s.BreakdownOf(ctx, q, by, in.Key, n, p, in.Field)
		if err != nil {
			return t, page, err
		}
		t.zh, t.en = "构成", "Composition"
		t.columns = append([]sheet.Column{{Key: "part", Title: b.Field.Title.Zh, Second: b.Field.Title.En, Width: 24},
			{Key: "records", Title: "条数", Second: "Records", Kind: sheet.Integer}}, valueColumns(page.Figure)[0])
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
		units, err := s.comparable(ctx, q, by, n, in.Units, p, with)
		if err != nil {
			return t, page, err
		}
		c, err := s.ComparisonOf(ctx, q, by, in.Key, units, p, with)
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
			t.columns = append(t.columns, sheet.Column{Key: "target", Title: "全年目标", Second: "Target of the year", Kind: sheet.Decimal,
				Decimals: page.Decimals, Width: 14},
				sheet.Column{Key: "reached", Title: "完成（%）", Second: "Reached (%)", Kind: sheet.Decimal, Decimals: 1, Width: 12}, sheet.Column{Key: "state",
					Title: "进度", Second: "State", Width: 12})
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
			x, err := s.Figures.At(ctx, q, by.District)
			if err != nil {
				return t, page, err
			}
			v, err := x.Value(in.Key, n, p)
			if err != nil {
				return t, page, err
			}
			value = measured(v)
		}
		if page.Unrecorded {
			value = nil
		}
		unitRow(pick(lang, "合计", "Total"), page.Unit.Path, UnitLine{Value: value, Part: page.Part, Of: page.Of, Before: page.Before,
			Target: wholeTarget(page.Plan)})
	}
	return t, page, nil
}
