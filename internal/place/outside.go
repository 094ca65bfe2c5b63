package place

import (
	"context"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/outline"
	"sifen/internal/problem"
)

// outside is the fault of a position that lies outside the outline of its unit, or of the nearest unit above that has one;
// nil where it lies inside, where nobody drew one, and where a person said that it is right.
func (s *Service) outside(ctx context.Context, q db.Querier, district int64, w work, unit org.No, in Input) (*problem.Field, error) {
	if in.Point == nil || in.Outside {
		return nil, nil
	}
	chain := w.Org.Chain(unit, w.Day)
	drawn, err := outline.Load(ctx, q, district, chain)
	if err != nil {
		return nil, err
	}
	if far, yes := drawn.Outside(chain, in.Point.Lat, in.Point.Lon); yes {
		return &problem.Field{Pointer: "/point", Code: "place.outside", Args: map[string]any{"unit": w.Org.UnitName(far.Unit), "metres": far.Metres}}, nil
	}
	return nil, nil
}
