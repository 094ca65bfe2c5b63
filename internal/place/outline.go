package place

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/outbox"
)

// Outline is a unit's shape: rings of [lon, lat] in units of 1e-7 degrees.
type Outline struct {
	Unit UnitRef     `json:"unit"`
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
// Errors: ErrForbidden below the district, ErrOutline saying which feature is wrong.
func (s *Service) SetOutlines(ctx context.Context, tx *db.Tx, by access.Scope, file []byte) (int64, error) {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return 0, err
	}
	if !by.Can("org.edit", w.org.Targets(w.org.Root, w.day), false) {
		return 0, ErrForbidden
	}
	var in struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}
	if json.Unmarshal(file, &in) != nil || in.Type != "FeatureCollection" || len(in.Features) == 0 {
		return 0, ErrOutline.With("why", "GeoJSON FeatureCollection")
	}
	corners := 0
	n := int64(0)
	for i, f := range in.Features {
		u, ok := named(w.org, f.Properties)
		if !ok {
			return 0, ErrOutline.With("why", fmt.Sprintf("features[%d].properties: code / name", i))
		}
		rings, err := ringsOf(f)
		if err != nil {
			return 0, ErrOutline.With("why", fmt.Sprintf("features[%d].geometry: %s", i, err))
		}
		for _, r := range rings {
			corners += len(r)
		}
		if corners > maxCorners {
			return 0, ErrOutline.With("why", fmt.Sprintf("> %d points", maxCorners))
		}
		raw, err := json.Marshal(rings)
		if err != nil {
			return 0, err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO place_outline (district, unit, rings) VALUES ($1, $2, $3) ON CONFLICT (district, unit) DO UPDATE SET rings = excluded.rings`, by.District, int64(u), string(raw)); err != nil {
			return 0, err
		}
		n++
	}
	if err := journal.Write(ctx, tx, by, w.now, "place.outlines", w.org.Code, 0, map[string]any{"units": n}); err != nil {
		return 0, err
	}
	return n, outbox.Emit(ctx, tx, by.District, w.now, Changed{})
}

func named(o *org.Org, props map[string]any) (org.No, bool) {
	if code, ok := props["code"].(string); ok && code != "" {
		if u, ok := o.ByCode(code); ok {
			return u.No, true
		}
	}
	name, _ := props["name"].(string)
	var found org.No
	for _, u := range o.Units() {
		if name != "" && u.Name == name {
			if found != 0 {
				return 0, false // two units of one name: the code must say which
			}
			found = u.No
		}
	}
	return found, found != 0
}

func ringsOf(f feature) ([][][]int64, error) {
	var polygons [][][][]float64
	switch f.Geometry.Type {
	case "Polygon":
		var p [][][]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &p); err != nil {
			return nil, errors.New("coordinates")
		}
		polygons = append(polygons, p)
	case "MultiPolygon":
		if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
			return nil, errors.New("coordinates")
		}
	default:
		return nil, errors.New("not a Polygon or MultiPolygon")
	}
	var out [][][]int64
	for _, p := range polygons {
		for _, r := range p {
			if len(r) < 4 {
				return nil, errors.New("ring of fewer than 4 corners")
			}
			ring := make([][]int64, 0, len(r))
			for _, c := range r {
				if len(c) < 2 || math.Abs(c[0]) > 180 || math.Abs(c[1]) > 90 {
					return nil, errors.New("not [lon, lat] in degrees")
				}
				ring = append(ring, []int64{int64(math.Round(c[0] * 1e7)), int64(math.Round(c[1] * 1e7))})
			}
			out = append(out, ring)
		}
	}
	return out, nil
}

// Outlines reads the shapes of a unit and of the units below it that the caller may see.
func (s *Service) Outlines(ctx context.Context, q db.Querier, by access.Scope, unit org.No) ([]Outline, error) {
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
		u, _ := w.org.Unit(n)
		o.Unit, o.Type = UnitRef{int64(n), u.Name, w.org.Path(n, w.day)}, string(u.Type)
		return o, json.Unmarshal([]byte(raw), &o.Ring)
	}, `SELECT o.unit, o.rings FROM place_outline AS o WHERE o.district = $1 AND `+by.Reach("o.district", "o.unit", Read)+`
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = o.district AND r.unit = o.unit AND r.target = $2 AND r.day_from <= $3 AND $3 < r.day_until) ORDER BY o.unit`,
		by.District, int64(unit), by.Today)
}
