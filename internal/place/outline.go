package place

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/problem"
)

// Outline is a unit's shape: rings of [lon, lat] in units of 1e-7 degrees.
type Outline struct {
	Unit org.Ref     `json:"unit"`
	Type string      `json:"type"`
	Ring [][][]int64 `json:"rings"`
}

type feature struct {
	Properties map[string]any `json:"properties"`
	Geometry   struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// maxCorners bounds what a map has to draw.
const maxCorners = 200_000

// SetOutlines replaces the outlines of the units a GeoJSON file names, by code or by name.
//
// Errors: ErrForbidden below the district, ErrOutline for another file; the others say which shape is wrong, and how.
func (s *Service) SetOutlines(ctx context.Context, tx *db.Tx, by access.Scope, file []byte) (int64, error) {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return 0, err
	}
	if !by.Can("org.edit", w.Org.Targets(w.Org.Root, w.Day), false) {
		return 0, ErrForbidden
	}
	var in struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}
	if json.Unmarshal(file, &in) != nil || in.Type != "FeatureCollection" {
		return 0, ErrOutline
	}
	if len(in.Features) == 0 {
		return 0, ErrNoShape
	}
	corners := 0
	n := int64(0)
	seen := map[org.No]int{}
	for i, f := range in.Features {
		said := says(f.Properties)
		u, wrong := named(w.Org, f.Properties)
		if wrong != nil {
			return 0, wrong.With("n", i+1, "name", said)
		}
		if first, twice := seen[u]; twice {
			return 0, ErrShapeTwice.With("n", i+1, "name", said, "first", first)
		}
		seen[u] = i + 1
		rings, wrong := ringsOf(f)
		if wrong != nil {
			return 0, wrong.With("n", i+1, "name", said)
		}
		for _, r := range rings {
			corners += len(r)
		}
		if corners > maxCorners {
			return 0, ErrCorners.With("limit", maxCorners)
		}
		raw, err := json.Marshal(rings)
		if err != nil {
			return 0, err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO place_outline (district, unit, rings) VALUES ($1, $2, $3) ON CONFLICT (district, unit) DO UPDATE
			SET rings = excluded.rings`, by.District, int64(u), string(raw)); err != nil {
			return 0, err
		}
		n++
	}
	if err := journal.Write(ctx, tx, by, w.Now, "place.outlines", w.Org.Code, 0, map[string]any{"units": n}); err != nil {
		return 0, err
	}
	return n, outbox.Emit(ctx, tx, by.District, w.Now, Changed{})
}

// says is how a shape names its unit, for messages.
func says(props map[string]any) string {
	for _, k := range []string{"name", "code"} {
		if s, ok := props[k].(string); ok && s != "" {
			return s
		}
	}
	return "—"
}

// named finds the unit a shape is of: by its code, which decides, or by a name only one unit has.
func named(o *org.Org, props map[string]any) (org.No, *problem.Error) {
	if code, ok := props["code"].(string); ok && code != "" {
		if u, ok := o.ByCode(code); ok {
			return u.No, nil
		}
	}
	name, _ := props["name"].(string)
	var found org.No
	for _, u := range o.Units() {
		if name != "" && u.Name == name {
			if found != 0 {
				return 0, ErrShapeNames // the code must say which
			}
			found = u.No
		}
	}
	if found == 0 {
		return 0, ErrShapeUnit
	}
	return found, nil
}

func ringsOf(f feature) ([][][]int64, *problem.Error) {
	var polygons [][][][]float64
	switch f.Geometry.Type {
	case "Polygon":
		var p [][][]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &p); err != nil {
			return nil, ErrShape
		}
		polygons = append(polygons, p)
	case "MultiPolygon":
		if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
			return nil, ErrShape
		}
	default:
		return nil, ErrShape
	}
	var out [][][]int64
	for _, p := range polygons {
		for _, r := range p {
			if len(r) < 4 {
				return nil, ErrRing
			}
			ring := make([][]int64, 0, len(r))
			for _, c := range r {
				if len(c) < 2 || math.Abs(c[0]) > 180 || math.Abs(c[1]) > 90 {
					return nil, ErrDegrees
				}
				ring = append(ring, []int64{int64(math.Round(c[0] * 1e7)), int64(math.Round(c[1] * 1e7))})
			}
			out = append(out, ring)
		}
	}
	if len(out) == 0 {
		return nil, ErrShape
	}
	return out, nil
}

// Outlines reads the shapes of a unit and of the units below it that the caller may see; of its own children alone where
// near is set.
func (s *Service) Outlines(ctx context.Context, q db.Querier, by access.Scope, unit org.No, near bool) ([]Outline, error) {
	only := ""
	if near {
		only = ` AND (o.unit = $2 OR EXISTS (SELECT 1 FROM unit_edge AS ue WHERE ue.district = o.district AND ue.unit = o.unit AND ue.parent = $2
			AND ue.day_from <= $3 AND $3 < ue.day_until))`
	}
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, q, func(r *sql.Rows) (Outline, error) {
		var o Outline
		var n org.No
		var raw string
		if err := r.Scan(&n, &raw); err != nil {
			return o, err
		}
		u, _ := w.Org.Unit(n)
		o.Unit, o.Type = w.Org.Ref(n, w.Day), string(u.Type)
		return o, json.Unmarshal([]byte(raw), &o.Ring)
	}, `SELECT o.unit, o.rings FROM place_outline AS o WHERE o.district = $1 AND `+by.Reach("o.district", "o.unit", Read)+`
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = o.district AND r.unit = o.unit AND r.target = $2 AND r.day_from <= $3
			AND $3 < r.day_until)`+only+` ORDER BY o.unit`,
		by.District, int64(unit), by.Today)
}
