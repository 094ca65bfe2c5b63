// Package outline tells how far a position lies outside the area of the unit it is said to belong to. The areas are kept by
// the map; whoever keeps positions asks here.
package outline

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"

	"sifen/internal/db"
	"sifen/internal/org"
)

// nearEnough is how far outside an outline, in metres, a position is taken as on the edge: outlines are drawn with a broad pen
// and phones are off by some ten metres.
const nearEnough = 100

// Set holds the outlines of some units.
type Set map[org.No][][][]int64

// Load reads the outlines of units; one that nobody drew is not in the set.
func Load(ctx context.Context, q db.Querier, district int64, units []org.No) (Set, error) {
	out := Set{}
	type drawn struct {
		unit org.No
		raw  string
	}
	for len(units) > 0 {
		some := units[:min(len(units), db.Portion)]
		units = units[len(some):]
		list, err := db.All(ctx, q, func(r *sql.Rows) (d drawn, err error) { return d, r.Scan(&d.unit, &d.raw) },
			`SELECT unit, rings FROM place_outline WHERE district = $1 AND unit IN (`+db.In(2, len(some))+`)`, db.Args([]any{district}, some)...)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			var rings [][][]int64
			if err := json.Unmarshal([]byte(d.raw), &rings); err != nil {
				return nil, err
			}
			out[d.unit] = rings
		}
	}
	return out, nil
}

// Far is a position outside an outline.
type Far struct {
	Unit   org.No // whose outline it is
	Metres int64  // from its nearest edge
}

// Outside compares a position, in units of 1e-7 degrees, with the first unit of a chain that has an outline. It reports false
// where the position lies inside or within 100 m, and where nobody drew one.
func (s Set) Outside(chain []org.No, lat, lon int64) (Far, bool) {
	for _, u := range chain {
		if rings, ok := s[u]; ok {
			far := beyond(rings, lat, lon)
			return Far{u, int64(math.Round(far))}, far > nearEnough
		}
	}
	return Far{}, false
}

// beyond is how many metres a position lies outside rings of [lon, lat]; 0 inside. A ring within another is a hole.
func beyond(rings [][][]int64, lat, lon int64) float64 {
	const metre = 1e7 / 111_320 // in units of latitude
	wide := math.Cos(float64(lat) / 1e7 * math.Pi / 180)
	inside, nearest := false, math.Inf(1)
	for _, ring := range rings {
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			ax, ay := float64(a[0]-lon)*wide, float64(a[1]-lat)
			bx, by := float64(b[0]-lon)*wide, float64(b[1]-lat)
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
