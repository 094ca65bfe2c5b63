package plan

import (
	"context"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/outbox"
)

// New makes the service. notify nil tells nobody.
func New(p module.Platform, notify *notify.Service) *Service { return &Service{p, notify} }

// Module is what plans give to the whole. entries are what tasks name as proof.
func (s *Service) Module(entries *ledger.Service) module.Module {
	return module.Module{
		Name: "plan",
		Verbs: []module.Verb{
			{Verb: Read, Title: i18n.Label{Zh: "看计划", En: "See plans"}},
			{Verb: Edit, Title: i18n.Label{Zh: "编计划", En: "Make plans"}},
			{Verb: "plan.report", Title: i18n.Label{Zh: "报办结", En: "Report tasks done"}},
		},
		Keepers: []indicator.Keeping{{Keeper: s}},
		Targets: &indicator.Targets{Read: Read, Edit: Edit, Of: BoundTo},
		Ticks: []module.Tick{{Name: "plan", Every: time.Hour, Run: func(ctx context.Context, district int64) error {
			_, err := s.Tick(ctx, district, s.Clock.Now())
			return err
		}}},
		News: []outbox.News{Changed{}},
		Bench: []module.Part{{Name: "tasks", Zero: []OnBench{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
			return s.onBench(ctx, q, a.By)
		}}},
		Register: (&API{s, entries}).Register,
	}
}

// News tells those who may read plans.
func (Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "plan", struct{}{}, by.Has(Read)
}
