package indicator

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Read is the right to figures.
const Read access.Verb = "figure.read"

// In is the figure, unit and period of a request.
type In struct {
	Key    string `path:"key"`
	Unit   int64  `query:"unit"`
	Period string `query:"period"`
}

// Asked reads the unit and the period of a request and checks the right to figures there; unit 0 is the district.
//
// Errors: a field fault at /period; org.ErrUnit for a unit that does not exist or lies outside the caller's reach.
func (e *Engine) Asked(ctx context.Context, q db.Querier, by access.Scope, unit int64, text string) (org.No, period.Period, *org.Org, error) {
	o, err := e.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return 0, period.Period{}, nil, err
	}
	p, err := period.Parse(text)
	if err != nil {
		return 0, p, nil, httpapi.ErrInput.At(problem.Field{Pointer: "/period", Code: "value.period"})
	}
	n := org.No(unit)
	if n == 0 {
		n = o.Root
	}
	if _, ok := o.Unit(n); !ok || !by.Can(Read, Back(o, n, p, by), true) {
		return 0, p, nil, org.ErrUnit
	}
	return n, p, o, nil
}

// Widest is the unit highest above another, or that itself, whose figures of a period the scope may read; false where it may
// read none of them.
func Widest(o *org.Org, by access.Scope, unit org.No, p period.Period) (widest org.No, ok bool) {
	for _, n := range o.Chain(unit, min(p.Last(), period.Day(by.Today))) {
		if by.IsSystem() || by.Can(Read, Back(o, n, p, by), true) {
			widest, ok = n, true
		}
	}
	return widest, ok
}

// Back is who may look at a unit's figures of a period: whoever it reaches today, and whoever it reached on every day from its
// first to the end of the period's year, because the page of a figure shows the years before and the months of its own.
func Back(o *org.Org, n org.No, p period.Period, by access.Scope) []access.Target {
	y, _, _ := p.Last().YMD()
	return o.TargetsBack(n, 0, max(p.Until, period.Date(y+1, 1, 1)), period.Day(by.Today))
}
