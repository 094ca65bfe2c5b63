package place

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

const columns = `p.id, p.type, p.kind, p.unit, p.code, p.name, p.state, p.rev, p.counted_rev, p.lat, p.lon, p.located, p.day_from, p.day_until, p.body,
	p.origin, p.account, p.created_at`

func scan(r *sql.Rows) (Place, error) {
	var p Place
	var lat, lon, located int64
	var body string
	if err := r.Scan(&p.ID, &p.Type, &p.Kind, &p.Unit, &p.Code, &p.Name, &p.State, &p.Rev, &p.Counted, &lat, &lon, &located, &p.From, &p.Until, &body,
		&p.Origin, &p.Account, &p.Created); err != nil {
		return p, err
	}
	if located == 1 {
		p.Point = &Point{lat, lon}
	}
	var err error
	p.Body, err = decode(body)
	return p, err
}

func one(list []Place, err error) (Place, error) {
	if err != nil {
		return Place{}, err
	}
	if len(list) != 1 {
		return Place{}, ErrPlace
	}
	return list[0], nil
}

func load(ctx context.Context, q db.Querier, district int64, id string) (Place, error) {
	return one(db.All(ctx, q, scan, `SELECT `+columns+` FROM place AS p WHERE p.district = $1 AND p.id = $2`, district, id))
}

// ByCode finds the place of a printed code; the code is unique in its district, and where several districts of one
// server use it nobody is told which one is meant.
func ByCode(ctx context.Context, q db.Querier, code string) (district int64, p Place, err error) {
	districts, err := db.All(ctx, q, func(r *sql.Rows) (int64, error) {
		var d int64
		err := r.Scan(&d)
		return d, err
	}, `SELECT p.district FROM place AS p WHERE p.code = $1 LIMIT 2`, strings.ToUpper(strings.TrimSpace(code)))
	if err != nil || len(districts) != 1 {
		if err == nil {
			err = ErrPlace
		}
		return 0, p, err
	}
	p, err = one(db.All(ctx, q, scan, `SELECT `+columns+` FROM place AS p WHERE p.district = $1 AND p.code = $2`, districts[0],
		strings.ToUpper(strings.TrimSpace(code))))
	return districts[0], p, err
}

func pointOf(p *Point) (lat, lon, located int64) {
	if p == nil {
		return 0, 0, 0
	}
	return p.Lat, p.Lon, 1
}

func insert(ctx context.Context, tx *db.Tx, district int64, p Place, search string) error {
	lat, lon, located := pointOf(p.Point)
	_, err := tx.ExecContext(ctx, `INSERT INTO place (district, id, type, kind, unit, code, name, state, rev, counted_rev, lat, lon, located, day_from,
		day_until, body, search, origin, account, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		district, p.ID, p.Type, p.Kind, int64(p.Unit), p.Code, p.Name, p.State, p.Rev, p.Counted, lat, lon, located, int64(p.From), int64(p.Until),
		p.Body.encode(), search, p.Origin, p.Account, p.Created)
	return err
}

// save stores a change by compare-and-set on the revision.
func save(ctx context.Context, tx *db.Tx, district int64, p Place, search string, was int64) error {
	lat, lon, located := pointOf(p.Point)
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE place
		SET name = $3, state = $4, rev = $5, lat = $6, lon = $7, located = $8, day_from = $9, day_until = $10, body = $11, search = $12, counted_rev = $14
		WHERE district = $1 AND id = $2 AND rev = $13`,
		district, p.ID, p.Name, p.State, p.Rev, lat, lon, located, int64(p.From), int64(p.Until), p.Body.encode(), search, was, p.Counted))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

func insertStep(ctx context.Context, tx *db.Tx, district int64, place string, s Step) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO place_step (district, id, place, step, day, at, account, rev, note, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		district, s.ID, place, s.Step, int64(s.Day), s.At, s.Account, s.Rev, s.Note, s.Detail)
	return err
}

// History lists a place's steps, oldest first.
func History(ctx context.Context, q db.Querier, district int64, place string) ([]Step, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Step, error) {
		var s Step
		err := r.Scan(&s.ID, &s.Step, &s.Day, &s.At, &s.Account, &s.Rev, &s.Note, &s.Detail)
		return s, err
	}, `SELECT id, step, day, at, account, rev, note, detail FROM place_step WHERE district = $1 AND place = $2 ORDER BY at, id`, district, place)
}

// TakenOver tells from which day places keep their kinds; ok is false while generic entries still do.
func TakenOver(ctx context.Context, q db.Querier, district int64) (day period.Day, ok bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT day FROM place_takeover WHERE district = $1`, district).Scan(&day)
	ok, err = db.One(err)
	return day, ok, err
}

// Filter selects places. The zero Filter selects everything inside the scope.
type Filter struct {
	Unit   org.No
	Type   string
	State  string
	Query  string
	Limit  int
	Offset int
}

func (f Filter) where(by access.Scope, skipState bool) (string, []any) {
	args := []any{by.District}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	w := []string{"p.district = $1", by.Reach("p.district", "p.unit", Read)}
	if f.Unit != 0 {
		today := arg(by.Today)
		w = append(w, "EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = p.district AND r.unit = p.unit AND r.target = "+arg(int64(f.Unit))+
			" AND r.day_from <= "+today+" AND "+today+" < r.day_until)")
	}
	if f.Type != "" {
		w = append(w, "p.type = "+arg(f.Type))
	}
	if f.State != "" && !skipState {
		w = append(w, "p.state = "+arg(f.State))
	}
	if t := strings.ToLower(strings.TrimSpace(f.Query)); t != "" {
		w = append(w, "p.search LIKE "+arg("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(t)+"%")+` ESCAPE '\'`)
	}
	return " WHERE " + strings.Join(w, " AND "), args
}

// List returns the places of a filter by code, and how many there are in each state whatever the filter's state.
func List(ctx context.Context, q db.Querier, by access.Scope, f Filter) (list []Place, states map[string]int64, err error) {
	where, args := f.where(by, false)
	tail := ` ORDER BY p.code`
	if f.Limit > 0 {
		tail += fmt.Sprintf(" LIMIT %d OFFSET %d", f.Limit, f.Offset)
	}
	if list, err = db.All(ctx, q, scan, `SELECT `+columns+` FROM place AS p`+where+tail, args...); err != nil {
		return nil, nil, err
	}
	where, args = f.where(by, true)
	states, err = db.Pairs[string, int64](ctx, q, `SELECT p.state, count(*) FROM place AS p`+where+` GROUP BY p.state`, args...)
	return list, states, err
}

// Scan gives the counted places of a kind for building and verifying figures.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, kind, after string, limit int) ([]indicator.Record, error) {
	list, err := db.All(ctx, q, scan, fmt.Sprintf(`SELECT `+columns+` FROM place AS p WHERE p.district = $1 AND p.kind = $2 AND p.id > $3
		AND p.day_from < $4 ORDER BY p.id LIMIT %d`, limit), district, kind, after, int64(period.Open))
	if err != nil {
		return nil, err
	}
	out := make([]indicator.Record, 0, len(list))
	for _, p := range list {
		if r := p.Record(); r != nil {
			out = append(out, *r)
		}
	}
	return out, nil
}

// Fields gives the counted values of some places.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, key string, ids []string) (map[string]kind.Fields, error) {
	out := make(map[string]kind.Fields, len(ids))
	list, err := s.ByIDs(ctx, q, access.System(district, 0, "figures"), ids)
	for _, p := range list {
		if r := p.Record(); r != nil {
			out[p.ID] = r.Fields
		}
	}
	return out, err
}

// ByIDs loads places inside a scope, in the order of ids.
func (s *Service) ByIDs(ctx context.Context, q db.Querier, by access.Scope, ids []string) ([]Place, error) {
	list, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([]Place, error) {
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM place AS p WHERE p.district = $1
			AND `+by.ReachAt("p.district", "p.unit", "p.day_from", Read)+` AND p.id IN (`+in+`)`, args...)
	})
	return db.InOrder(ids, list, func(p Place) string { return p.ID }), err
}
