package main

import (
	"context"
	"fmt"

	"sifen/internal/app"
)

// assessCmd works on scores.
type assessCmd struct {
	Recompute recomputeCmd `cmd:"" help:"Reckon scores again from what each run froze, and print what comes to something else; exit 1 if anything does."`
}

// recomputeCmd prints the drift of stored scores.
type recomputeCmd struct {
	data `embed:""`
	All  bool `help:"Every run that was checked, public or final." required:""`
}

// Run prints each unit whose stored score is not what its frozen inputs come to. It changes nothing.
func (c recomputeCmd) Run(ctx context.Context) error {
	return c.open(ctx, false, func(a *app.App) error {
		district, err := a.District(ctx)
		if err != nil {
			return err
		}
		n, drift, err := a.Scores.Recompute(ctx, a.DB.Read, district)
		if err != nil {
			return err
		}
		for _, d := range drift {
			fmt.Println(d)
		}
		fmt.Printf("重算 %d 次评分，%d 处不同 / %d runs recomputed, drift %d\n", n, len(drift), n, len(drift))
		if len(drift) > 0 {
			return fmt.Errorf("%d scores come to something else than what is stored", len(drift))
		}
		return nil
	})
}
