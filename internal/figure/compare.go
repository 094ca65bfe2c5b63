package figure

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

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
	return out, nil
}

// comparable reads the units of a comparison; every one must lie inside the caller's reach of figures.
func (s *Service) comparable(ctx context.Context, q db.Querier, by access.Scope, first org.No, more []int64) ([]org.No, error) {
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	units, seen := []org.No{first}, map[org.No]bool{first: true}
	for _, u := range more {
		n := org.No(u)
		if _, ok := o.Unit(n); !ok || !by.Can(indicator.Read, o.Targets(n, period.Day(by.Today)), true) {
			return nil, org.ErrUnit
		}
		if !seen[n] {
			seen[n] = true
			units = append(units, n)
		}
	}
	return units, nil
}
