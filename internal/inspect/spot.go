package inspect

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/place"
	"sifen/internal/rectify"
)

type work = module.Moment

// Spot is what is inspected: a unit, a point or station, an object.
type Spot struct {
	Key  string // unit:12, point:ID, object:ID
	Name string
	Type string // of the unit, the place or the object
	Code string // printed on a point
	Unit org.No
}

// spot finds what a key names. Outside the scope it does not exist.
func (s *Service) spot(ctx context.Context, q db.Querier, by access.Scope, w work, key string) (Spot, error) {
	what, id, _ := strings.Cut(key, ":")
	switch what {
	case "unit":
		n, err := strconv.ParseInt(id, 10, 64)
		u, ok := w.Org.Unit(org.No(n))
		if err != nil || !ok || !by.Can(Read, w.Org.Targets(u.No, w.Day), true) {
			return Spot{}, ErrPlace
		}
		return Spot{Key: rectify.UnitPlace(u.No), Name: u.Name, Type: string(u.Type), Unit: u.No}, nil
	case "point":
		list, err := s.Places.ByIDs(ctx, q, by, []string{id})
		if err != nil {
			return Spot{}, err
		}
		if len(list) == 1 && by.Can(Read, w.Org.Targets(list[0].Unit, w.Day), true) {
			return SpotOf(list[0]), nil
		}
	case "object":
		list, err := Objects(ctx, q, by.District, most, `AND o.id = $2`, id)
		if err != nil {
			return Spot{}, err
		}
		if len(list) == 1 && by.Can(Read, w.Org.Targets(list[0].Unit, w.Day), true) {
			return list[0], nil
		}
	}
	return Spot{}, ErrPlace
}

// SpotOf is a place of the ledger as something to inspect.
func SpotOf(p place.Place) Spot {
	return Spot{Key: "point:" + p.ID, Name: p.Name, Type: p.Type, Code: p.Code, Unit: p.Unit}
}

// most is how many objects a list shows.
const most = 500

// Objects are those of a condition by name; limit 0 gives all.
func Objects(ctx context.Context, q db.Querier, district int64, limit int, where string, args ...any) ([]Spot, error) {
	tail := ""
	if limit > 0 {
		tail = fmt.Sprintf(" LIMIT %d", limit)
	}
	return db.All(ctx, q, func(r *sql.Rows) (Spot, error) {
		var o Spot
		err := r.Scan(&o.Key, &o.Type, &o.Name, &o.Unit)
		o.Key = "object:" + o.Key
		return o, err
	}, `SELECT o.id, o.kind, o.name, o.unit FROM inspect_object AS o WHERE o.district = $1 `+where+` ORDER BY o.name, o.id`+tail,
		append([]any{district}, args...)...)
}

// fits reports whether a checklist is about a spot.
func (c *Checklist) fits(sp Spot) bool {
	return slices.ContainsFunc(c.About, func(a string) bool {
		if a == sp.Type || a == "point" && strings.HasPrefix(sp.Key, "point:") {
			return true
		}
		t, ok := org.ParseType(a)
		return ok && strings.HasPrefix(sp.Key, "unit:") && org.Type(sp.Type).Matches(string(t))
	})
}

// ForSpot are the checklists about a spot, in the order of their keys.
func ForSpot(set *pack.Set, sp Spot) []*Checklist {
	var out []*Checklist
	for _, c := range pack.All[Checklist](set, "checklists") {
		if c.fits(sp) {
			out = append(out, c)
		}
	}
	return out
}

// points are the open points of a unit, which sections of a checklist are answered for.
func (s *Service) points(ctx context.Context, q db.Querier, by access.Scope, unit org.No) ([]Spot, error) {
	list, _, err := place.List(ctx, q, by, place.Filter{Unit: unit, State: place.Open, Limit: 100})
	out := make([]Spot, 0, len(list))
	for _, p := range list {
		out = append(out, SpotOf(p))
	}
	return out, err
}
