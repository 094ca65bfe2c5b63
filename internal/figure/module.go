package figure

import (
	"context"

	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/period"
)

// Service answers pages about figures.
type Service struct {
	module.Platform
	documents *document.Service
	targets   indicator.Targets
}

// New makes the service. documents cite figures; targets say what figures are wanted to be, and may be zero.
func New(p module.Platform, documents *document.Service, targets indicator.Targets) *Service {
	return &Service{p, documents, targets}
}

// Module is what figure pages give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "figure",
		Bench: []module.Part{
			{Name: "figures", Zero: []OnBench{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) { return s.onBench(ctx, q, a) }},
			{Name: "may_plan", Zero: false, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) { return s.mayPlan(ctx, q, a) }},
		},
		Search:   s.findAll,
		Register: s.Register,
	}
}

// shown reports whether the caller of a workbench is shown figures, and of which unit.
func (s *Service) shown(a module.Asked) bool {
	return a.By.Has(indicator.Read) && a.Period != (period.Period{})
}

// mayPlan reports whether the caller may set targets for the unit of the figures.
func (s *Service) mayPlan(ctx context.Context, q db.Querier, a module.Asked) (bool, error) {
	if !s.shown(a) || yearOf(a.Period) == 0 || s.targets.Of == nil {
		return false, nil
	}
	o, err := s.Orgs.Current(ctx, q, a.By.District)
	if err != nil {
		return false, err
	}
	return a.By.Can(s.targets.Edit, o.Targets(a.Unit, period.Day(a.By.Today)), false), nil
}

func (s *Service) onBench(ctx context.Context, q db.Querier, a module.Asked) ([]OnBench, error) {
	if !s.shown(a) {
		return nil, nil
	}
	n, p, _, err := s.Figures.Asked(ctx, q, a.By, int64(a.Unit), a.Period.String())
	if err != nil {
		return nil, err
	}
	x, err := s.Figures.At(ctx, q, a.By.District)
	if err != nil {
		return nil, err
	}
	return s.benchFigures(ctx, q, a.By, x, n, p)
}
