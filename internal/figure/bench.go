package figure

import (
	"context"
	"sort"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

// OnBench is one of my unit's figures, against its target and the year before.
type OnBench struct {
	Figure
	Target *Target  `json:"target"`
	Before *Against `json:"before"` // on the same date a year before
	Months []Point  `json:"months"`
}

// benchFigures reads the figures of a unit that have a target in the period's year, then further ones up to ten.
func (s *Service) benchFigures(ctx context.Context, q db.Querier, by access.Scope, x *indicator.Query, n org.No, p period.Period) ([]OnBench, error) {
	out, today := []OnBench{}, period.Day(by.Today)
	targets := map[string]indicator.Bound{}
	order := []string{}
	if y := yearOf(p); y != 0 && s.targets.Of != nil && by.Has(s.targets.Read) {
		list, err := s.targets.Of(ctx, q, by, x.Org(), []org.No{n}, "", y, y)
		if err != nil {
			return out, err
		}
		for _, b := range list {
			if _, ok := targets[b.Figure]; !ok {
				targets[b.Figure] = b
				order = append(order, b.Figure)
			}
		}
	}
	defs, err := s.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	known := map[string]bool{}
	for _, def := range defs {
		known[def.Key] = true
		if _, ok := targets[def.Key]; !ok && def.Measure != indicator.Gap && def.Measure != indicator.Mean && def.Measure != indicator.Formula &&
			def.Where == "" {
			order = append(order, def.Key)
		}
	}
	// The year before is cut to the same date while the period runs.
	was := p
	if p.Has(today) {
		was.Until = today + 1
	}
	was = was.YearBefore()
	for _, key := range order {
		target, bound := targets[key]
		if !bound && len(out) >= 10 || !known[key] {
			continue
		}
		v, err := x.Value(key, n, p)
		if err != nil {
			return out, err
		}
		if !bound && v.N == 0 && v.Of == 0 {
			continue // figures in which the unit has no part
		}
		b, err := x.Value(key, n, was)
		if err != nil {
			return out, err
		}
		f := OnBench{Figure: figure(x.Org(), v)}
		if f.Before, err = beforeSince(x, v, b); err != nil {
			return out, err
		}
		if bound {
			now := v
			if span := untilNow(p); span != p {
				if now, err = x.Value(key, n, span); err != nil {
					return out, err
				}
			}
			t := standing(x.Org(), target, now, today)
			f.Target = &t
		}
		if f.Months, err = months(x, v, today); err != nil {
			return out, err
		}
		out = append(out, f)
	}
	// What lags behind its plan comes first.
	rank := func(f OnBench) int {
		switch {
		case f.Target == nil:
			return 2
		case f.Target.State == indicator.Behind, f.Target.State == indicator.Missed, f.Target.State == indicator.Exceeded:
			return 0
		}
		return 1
	}
	sort.SliceStable(out, func(i, j int) bool { return rank(out[i]) < rank(out[j]) })
	return out, nil
}
