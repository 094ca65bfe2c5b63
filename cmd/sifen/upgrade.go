package main

import (
	"context"
	"fmt"

	"sifen/internal/app"
)

// upgradeCmd brings the database of an older program up to date.
type upgradeCmd struct {
	data `embed:""`
}

// Run takes the data folder for itself, as a server does.
func (c upgradeCmd) Run(ctx context.Context) error {
	unlock, err := app.Lock(c.Data)
	if err != nil {
		return err
	}
	defer unlock()
	a, err := app.Open(ctx, c.options())
	if err != nil {
		return err
	}
	if err := a.Close(); err != nil {
		return err
	}
	fmt.Println("up to date")
	return nil
}
