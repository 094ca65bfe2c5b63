package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sifen/internal/account"
	"sifen/internal/clock"
	"sifen/internal/id"
	"sifen/internal/org"
)

// nodeName is the name of this node among those on one database: kept in the file node of its data folder, so that a node
// that starts again knows what it had begun.
func nodeName(dir string, now time.Time) (string, error) {
	file := filepath.Join(dir, "node")
	raw, err := os.ReadFile(file)
	if err == nil && id.Valid(strings.TrimSpace(string(raw))) {
		return strings.TrimSpace(string(raw)), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	name := id.New(now)
	return name, os.WriteFile(file, []byte(name+"\n"), 0o600)
}

// DemoClock is the setting that holds when the business clock of a demonstration started.
const DemoClock = "demo-clock"

// setClock makes the clock final before any service is made: the one that was asked for, else the machine's, which in a
// demonstration is put back into its reference year. It never runs back over a restart.
func (a *App) setClock(ctx context.Context) error {
	if a.Clock != nil {
		return nil
	}
	a.Clock = clock.System{}
	districts, err := org.Districts(ctx, a.DB.Read)
	if err != nil || len(districts) == 0 {
		return err
	}
	at, err := org.Setting(ctx, a.DB.Read, districts[0], DemoClock)
	if err != nil || at == "" {
		return err
	}
	start, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return err
	}
	var last int64
	if err := a.DB.Read.QueryRowContext(ctx, `SELECT coalesce(max(at), 0) FROM journal WHERE district = $1`, districts[0]).Scan(&last); err != nil {
		return err
	}
	if t := time.UnixMilli(last); t.After(start) {
		start = t
	}
	a.Clock = clock.Shifted{Base: clock.System{}, By: start.Sub(clock.System{}.Now())}
	if a.Demo == nil {
		a.Demo = &account.Demo{}
	}
	return nil
}
