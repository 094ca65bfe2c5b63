package app

import (
	"context"
	"errors"
	"time"

	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
)

// keepFor is how long answers of operations and facts are kept: far longer than any client tries again.
const keepFor = 30 * 24 * time.Hour

// platform is the module of what lies below all capabilities: rules, figures, facts and answers.
func (a *App) platform() module.Module {
	return module.Module{
		Name: "platform",
		Verbs: []module.Verb{
			{Verb: "pack.read", Title: i18n.Label{Zh: "看规则", En: "See rules"}},
			{Verb: "pack.edit", Title: i18n.Label{Zh: "改规则", En: "Change rules"}},
			{Verb: "figure.read", Title: i18n.Label{Zh: "看指标", En: "See figures"}},
		},
		Types: []pack.Type{indicator.Type(a.Figures.Keepers)},
		Jobs:  []module.Job{{Kind: "figures.build", Run: a.build}},
		News:  []outbox.News{indicator.Changed{}},
		Ticks: []module.Tick{{Name: "tidy", Every: time.Hour, Run: func(ctx context.Context, _ int64) error { return a.Tidy(ctx) }}},
		Checks: []module.Check{
			{Name: i18n.Label{Zh: "数据库", En: "database"}, Run: func(ctx context.Context, _ db.Querier, _ int64, _ module.Depth) ([]i18n.Label, error) {
				said, err := a.DB.Integrity(ctx)
				var out []i18n.Label
				for _, t := range said {
					out = append(out, i18n.Label{Zh: t, En: t})
				}
				return out, err
			}},
			{Name: i18n.Label{Zh: "操作日志", En: "journal"}, Run: func(ctx context.Context, q db.Querier, district int64, _ module.Depth) ([]i18n.Label, error) {
				return journal.Check(ctx, q, district)
			}},
		},
		Tidy: func(ctx context.Context, tx *db.Tx, before int64) error {
			return errors.Join(httpapi.Tidy(ctx, tx, before), outbox.Tidy(ctx, tx, before))
		},
	}
}

// Tidy removes what nobody will ask for any more.
func (a *App) Tidy(ctx context.Context) error {
	return a.Modules.Tidy(ctx, a.DB, a.Clock.Now().Add(-keepFor).UnixMilli())
}

// build is the job that builds new figure definitions, one batch per transaction.
func (a *App) build(ctx context.Context, district int64, _ []byte, done func(*db.Tx) error) error {
	if err := a.Figures.Build(indicator.WithTime(ctx, a.Clock.Now()), a.DB, district); err != nil {
		return err
	}
	return a.DB.Write(ctx, done)
}

// Seal numbers and chains the journal lines that wait.
func (a *App) Seal(ctx context.Context) error {
	districts, err := org.Districts(ctx, a.DB.Read)
	if err != nil {
		return err
	}
	for _, d := range districts {
		for {
			var waiting int
			if err := a.DB.Read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM journal WHERE district = $1 AND seq IS NULL LIMIT 1) AS w`,
				d).Scan(&waiting); err != nil {
				return err
			}
			if waiting == 0 {
				break
			}
			if err := a.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := journal.Seal(ctx, tx, d, 500)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
