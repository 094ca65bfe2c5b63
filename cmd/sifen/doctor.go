package main

import (
	"context"
	"fmt"
	"os"

	"sifen/internal/app"
	"sifen/internal/module"
)

// doctorCmd looks whether what is stored is still what was stored.
type doctorCmd struct {
	data `embed:""`
}

// Run prints what every check found; a server may be running meanwhile.
func (c doctorCmd) Run(ctx context.Context) error {
	return c.open(ctx, false, func(a *app.App) error {
		district, err := a.District(ctx)
		if err != nil {
			return err
		}
		reports, err := a.Doctor.Examine(ctx, a.DB.Read, district, module.Whole)
		if err != nil {
			return err
		}
		bad := 0
		for _, r := range reports {
			if len(r.Found) == 0 {
				fmt.Printf("%s (%s): 完好 sound\n", r.Name.Zh, r.Name.En)
				continue
			}
			for _, f := range r.Found {
				bad++
				fmt.Printf("%s (%s): %s / %s\n", r.Name.Zh, r.Name.En, f.Zh, f.En)
			}
		}
		if bad > 0 {
			fmt.Fprintln(os.Stderr, "restore what is damaged from a backup: docs/operations.md")
			return fmt.Errorf("%d places are damaged", bad)
		}
		return nil
	})
}
