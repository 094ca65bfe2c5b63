package due

import (
	"context"
	"time"

	"sifen/internal/account"
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
		Name: "due",
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
		Register: s.Register,
	}
}
