package app

import (
	"context"
	"time"

	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/outbox"
)

// follow keeps what is owed in line with the ledger until ctx ends: entry by entry as they change, everything once an
// hour and at the start. What a full queue drops, the next round finds.
func (a *App) follow(ctx context.Context) {
	type change struct {
		district    int64
		entry, kind string
	}
	news := make(chan change, 256)
	end := outbox.Local.Subscribe(func(district int64, f outbox.Fact) {
		if c, ok := f.(ledger.Changed); ok {
			select {
			case news <- change{district, c.Entry, c.Type}:
			default:
			}
		}
	})
	defer end()
	if err := a.indexOld(ctx); err != nil && ctx.Err() == nil {
		a.Log.Error("index", "err", err)
	}
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		if err := a.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("due", "err", err)
		}
	wait:
		for {
			select {
			case <-ctx.Done():
				return
			case <-hourly.C:
				break wait
			case c := <-news:
				if err := a.Due.Refresh(ctx, c.district, c.entry, c.kind); err != nil && ctx.Err() == nil {
					a.Log.Error("due", "entry", c.entry, "err", err)
				}
			}
		}
	}
}

// indexOld gives the entries of an older version their places in the full-text index.
func (a *App) indexOld(ctx context.Context) error {
	districts, err := org.Districts(ctx, a.DB.Read)
	if err != nil {
		return err
	}
	for _, d := range districts {
		for done := false; !done; {
			if done, err = a.Ledger.IndexOld(ctx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sweep brings everything that is owed in line and sends the reminders of the day.
func (a *App) Sweep(ctx context.Context) error {
	districts, err := org.Districts(ctx, a.DB.Read)
	if err != nil {
		return err
	}
	for _, d := range districts {
		if err := a.Due.Sweep(ctx, d); err != nil {
			return err
		}
		if err := a.Due.Nag(ctx, d); err != nil {
			return err
		}
	}
	return nil
}
