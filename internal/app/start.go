package app

import (
	"context"
	"sync"
	"time"

	"sifen/internal/clock"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
)

// Start runs jobs, brings the news of other nodes, acts on facts and seals the journal until Close.
func (a *App) Start(ctx context.Context) {
	ctx, a.stop = context.WithCancel(ctx)
	districts, err := org.Districts(ctx, a.DB.Read)
	if err == nil {
		err = a.Jobs.Begin(ctx, districts)
	}
	if err != nil {
		a.Log.Error("jobs", "err", err)
	}
	relay := &outbox.Relay{DB: a.DB, Clock: a.Clock, Log: a.Log, Facts: a.Modules.News()}
	for _, run := range []func(context.Context){a.Jobs.Run, relay.Run, a.hear, a.sealing} {
		a.done.Go(func() { run(ctx) })
	}
}

// hear hands facts committed on this node to the modules that listen to their kind, one after another. What a full queue
// drops, a tick finds.
func (a *App) hear(ctx context.Context) {
	type heard struct {
		name string
		act  module.Hearer
		outbox.Heard
	}
	queue := make(chan heard, 256)
	defer a.DB.Listen(func(note any) {
		n, ok := note.(outbox.Heard)
		if !ok || !n.Here {
			return
		}
		for _, m := range a.Modules.All() {
			act, ok := m.Hears[n.Fact.Kind()]
			if !ok {
				continue
			}
			select {
			case queue <- heard{m.Name, act, n}:
			default:
			}
		}
	})()
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-queue:
			if err := n.act(ctx, n.District, n.Fact); err != nil && ctx.Err() == nil {
				a.Log.Error(n.name, "fact", n.Fact.Kind(), "err", err)
			}
		}
	}
}

func (a *App) sealing(ctx context.Context) {
	clock.Every(ctx, time.Second, func() {
		if err := a.Seal(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("journal", "err", err)
		}
	})
}

// Tick does now what repeats, for the command line and for tests.
func (a *App) Tick(ctx context.Context, name string) error {
	districts, err := org.Districts(ctx, a.DB.Read)
	if err != nil {
		return err
	}
	for _, m := range a.Modules.All() {
		for _, t := range m.Ticks {
			if t.Name != name {
				continue
			}
			for _, d := range districts {
				if err := t.Run(ctx, d); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// background is what Start has begun.
type background struct {
	stop context.CancelFunc
	done sync.WaitGroup
}

// Close stops background work and closes the database.
func (a *App) Close() error {
	if a.stop != nil {
		a.stop()
		a.done.Wait()
	}
	return a.DB.Close()
}
