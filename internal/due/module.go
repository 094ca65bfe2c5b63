package due

import (
	"context"
	"time"

	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/outbox"
)

// New makes the service.
func New(p module.Platform, people *account.Service, news *notify.Service) *Service {
	return &Service{p, people, news}
}

// Module is what dues give to the whole: they follow the ledger entry by entry, and everything once an hour, which finds
// what a crash or a full queue lost.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:    "due",
		Keepers: []indicator.Keeping{{Keeper: s}},
		Hears: map[string]module.Hearer{ledger.Changed{}.Kind(): func(ctx context.Context, district int64, f outbox.Fact) error {
			c, ok := f.(ledger.Changed)
			if !ok {
				return nil
			}
			return s.Refresh(ctx, district, c.Entry, c.Type)
		}},
		Ticks: []module.Tick{{Name: "due", Every: time.Hour, Run: func(ctx context.Context, district int64) error {
			if err := s.Sweep(ctx, district); err != nil {
				return err
			}
			return s.Nag(ctx, district)
		}}},
		Bench: []module.Part{
			{Name: "owed", Zero: []Owed{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
				if !a.By.Has(ledger.Enter) {
					return nil, nil
				}
				return s.OwedBy(ctx, q, a.By)
			}},
			{Name: "absent", Zero: []Absent{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
				if !a.By.Has(ledger.Verify) {
					return nil, nil
				}
				return s.AbsentBelow(ctx, q, a.By, 6)
			}},
		},
		Register: s.Register,
	}
}
