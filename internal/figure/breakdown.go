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
	"sifen/internal/unit"
)

// Breakdown is a figure's composition by one field.
type Breakdown struct {
	Field   indicator.FieldRef `json:"field"`
	TooMany bool               `json:"too_many"` // more records than are broken down on demand
	Total   int64              `json:"total"`
	Text    string             `json:"total_display"`
	Items   []Slice            `json:"items"`
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
func (s *Service) BreakdownOf(ctx context.Context, q db.Querier, by access.Scope, key string, n org.No, p period.Period, field string) (Breakdown, error) {
	r, err := s.read(ctx, q, by, key, n, p)
	if err != nil {
		return Breakdown{}, err
	}
	x, v, set := r.x, r.v, r.set
	out := Breakdown{Total: v.A, Text: v.Screen(), Items: []Slice{}}
	for _, f := range s.Figures.Keepers.Breakable(set, v.Def) {
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
	for _, c := range parts {
		slice := Slice{Value: c.Value, Records: c.N, Amount: c.A, Display: unit.Group(c.A, v.Def.Decimals), Share: unit.Percent(c.A, v.A, 1)}
		switch {
		case c.Value == "":
			slice.Title = i18n.Label{Zh: "未填", En: "Not given"}
		case c.Value == "true":
			slice.Title = i18n.Label{Zh: "是", En: "Yes"}
		case c.Value == "false":
			slice.Title = i18n.Label{Zh: "否", En: "No"}
		default:
			slice.Title = s.Figures.Keepers.OptionOf(set, v.Def, field, c.Value)
		}
		out.Items = append(out.Items, slice)
	}
	return out, nil
}

// Comparison sets units and two periods of a figure side by side.
type Comparison struct {
	Figure Name        `json:"figure"`
	UnitOf *i18n.Label `json:"unit_of"`
	Period string      `json:"period"`
	With   string      `json:"with"`
	Lines  []UnitLine  `json:"lines"` // before is the other period
}

// ComparisonOf compares a figure of chosen units in a period with another period.
func (s *Service) ComparisonOf(ctx context.Context, q db.Querier, by access.Scope, key string, units []org.No, p, with period.Period) (Comparison, error) {
	x, err := s.Figures.At(ctx, q, by.District)
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
		out.Figure, out.UnitOf = Name{v.Def.Key, v.Def.Title}, v.Def.Unit
		l := line(x.Org(), v)
		b := was[n]
		l.Before = against(x.Org(), v, b) // an empty period is compared all the same: it was chosen
		out.Lines = append(out.Lines, l)
	}
	never, err := x.NeverRecorded(key, p)
	if never {
		emptyLines(out.Lines, nil)
	}
	return out, err
}

// comparable reads the units of a comparison; every one must lie inside the caller's reach of figures.
func (s *Service) comparable(ctx context.Context, q db.Querier, by access.Scope, first org.No, more []int64,
	p, with period.Period) ([]org.No, error) {
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	if with.Until > p.Until {
		p = with
	}
	var units []org.No
	seen := map[org.No]bool{}
	for _, u := range append([]int64{int64(first)}, more...) {
		n := org.No(u)
		if _, ok := o.Unit(n); !ok || !by.Can(indicator.Read, indicator.Back(o, n, p, by), true) {
			return nil, org.ErrUnit
		}
		if !seen[n] {
			seen[n] = true
			units = append(units, n)
		}
	}
	return units, nil
}
