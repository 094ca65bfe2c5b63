package notify

import (
	"context"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/outbox"
)

// Module is what news to persons give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:  "notify",
		Verbs: []module.Verb{{Verb: Edit, Title: i18n.Label{Zh: "设置通知通道", En: "Set up channels"}}},
		Jobs:  []module.Job{{Kind: DeliverJob, Run: s.Deliver, Outside: true}},
		News:  []outbox.News{Changed{}},
		Tidy:  tidy,
		Ticks: []module.Tick{{Name: "seal-channels", Every: time.Hour, Run: s.SealAll}},
		Bench: []module.Part{
			{Name: "notices", Zero: []Notice{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) { return List(ctx, q, a.By, 12) }},
			{Name: "unread", Zero: int64(0), Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) { return Unread(ctx, q, a.By) }},
		},
		Register: s.Register,
	}
}

// News tells whom it is for.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "notice", struct{}{}, c.Account == by.Account
}

// tidy forgets what was sent long ago, and news that was read.
func tidy(ctx context.Context, tx *db.Tx, before int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM channel_sent WHERE at < $1`, before); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM notice WHERE at < $1 AND read_at > 0`, before)
	return err
}
