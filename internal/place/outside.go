package place

import (
	"context"
	"encoding/json"
	"math"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/problem"
)

// nearEnough is how far outside its unit's outline, in metres, a position is taken as on the edge: outlines are drawn with a
// broad pen and phones are off by some ten metres.
const nearEnough = 100

// outside is the fault of a position that lies outside the outline of its unit, or of the nearest unit above that has one;
// nil where it lies inside, where nobody drew one, and where a person said that it is right.
func (s *Service) outside(ctx context.Context, q db.Querier, district int64, w work, unit org.No, in Input) (*problem.Field, error) {
	if in.Point == nil || in.Outside {
		return nil, nil
	}
	for _, u := range w.Org.Chain(unit, w.Day) {
		var raw string
		err := q.QueryRowContext(ctx, `SELECT rings FROM place_outline WHERE district = $1 AND unit = $2`, district, int64(u)).Scan(&raw)
		found, err := db.One(err)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		var rings [][][]int64
		if err := json.Unmarshal([]byte(raw), &rings); err != nil {
			return nil, err
		}
		if far := beyond(rings, *in.Point); far > nearEnough {
			args := map[string]any{"unit": w.Org.UnitName(u), "metres": int64(math.Round(far))}
			return &problem.Field{Pointer: "/point", Code: "place.outside", Args: args}, nil
		}
		return nil, nil
	}
	return nil, nil
}

// beyond is how many metres a position lies outside rings of [lon, lat]; 0 inside. A ring within another is a hole.
func beyond(rings [][][]int64, p Point) float64 {
	const metre = 1e7 / 111_320 // in units of latitude
	wide := math.Cos(float64(p.Lat) / 1e7 * math.Pi / 180)
	inside, nearest := false, math.Inf(1)
	for _, ring := range rings {
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			ax, ay := float64(a[0]-p.Lon)*wide, float64(a[1]-p.Lat)
			bx, by := float64(b[0]-p.Lon)*wide, float64(b[1]-p.Lat)
			if (ay > 0) != (by > 0) && ax+(bx-ax)*(-ay)/(by-ay) > 0 {
				inside = !inside
			}
			t := 0.0
			if l := (bx-ax)*(bx-ax) + (by-ay)*(by-ay); l > 0 {
				t = min(1, max(0, -(ax*(bx-ax)+ay*(by-ay))/l))
			}
			nearest = min(nearest, math.Hypot(ax+t*(bx-ax), ay+t*(by-ay)))
		}
	}
	if inside {
		return 0
	}
	return nearest / metre
}
