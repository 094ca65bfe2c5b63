package org

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"
	"sync"

	"sifen/internal/db"
)

// Store reads organisations and keeps them until they change.
type Store struct {
	mu    sync.Mutex
	cache map[int64]cached
}

type cached struct {
	stamp int64
	org   *Org
}

// Current returns the district's organisation as the querier sees it. What an open transaction changed is
// seen by that transaction and never cached.
func (s *Store) Current(ctx context.Context, q db.Querier, district int64) (*Org, error) {
	var stamp int64
	err := q.QueryRowContext(ctx, `SELECT value FROM counter WHERE district = $1 AND name = 'org-stamp'`, district).Scan(&stamp)
	if _, err = db.One(err); err != nil {
		return nil, err
	}
	s.mu.Lock()
	c, ok := s.cache[district]
	s.mu.Unlock()
	if ok && c.stamp == stamp {
		return c.org, nil
	}
	o, err := load(ctx, q, district)
	if err != nil {
		return nil, err
	}
	o.Stamp = stamp
	if _, tx := q.(*db.Tx); !tx {
		s.mu.Lock()
		if s.cache == nil {
			s.cache = map[int64]cached{}
		}
		s.cache[district] = cached{stamp, o}
		s.mu.Unlock()
	}
	return o, nil
}

// Load reads the organisation anew. Whoever changes units needs his own copy: the functions of change.go keep it in step.
func Load(ctx context.Context, q db.Querier, district int64) (*Org, error) {
	return load(ctx, q, district)
}

func load(ctx context.Context, q db.Querier, district int64) (*Org, error) {
	o := &Org{District: district, units: map[No]Unit{}, parents: map[No][]Span{}, lines: map[No][]Span{}, schemes: map[No][]Binding{},
		byCode: map[string]No{}, heads: map[No]bool{}}
	err := q.QueryRowContext(ctx, `SELECT code, name FROM district WHERE district = $1`, district).Scan(&o.Code, &o.Name)
	if err != nil {
		return nil, fmt.Errorf("read district %d: %w", district, err)
	}
	rows, err := q.QueryContext(ctx, `SELECT no, coalesce(code, ''), name, type, day_from, day_until FROM unit WHERE district = $1`, district)
	var u Unit
	if err := db.Each(rows, err, func() error {
		err := rows.Scan(&u.No, &u.Code, &u.Name, &u.Type, &u.From, &u.Until)
		o.units[u.No] = u
		o.order = append(o.order, u.No)
		if u.Code != "" {
			o.byCode[u.Code] = u.No
		}
		if u.Type == District {
			o.Root = u.No
		}
		return err
	}); err != nil {
		return nil, err
	}
	sort.Slice(o.order, func(i, j int) bool {
		a, b := o.units[o.order[i]], o.units[o.order[j]]
		if (a.Code == "") != (b.Code == "") {
			return a.Code != ""
		}
		if a.Code != b.Code {
			return a.Code < b.Code
		}
		return a.No < b.No
	})
	var n No
	var s Span
	for table, into := range map[string]map[No][]Span{
		`SELECT unit, parent, day_from, day_until FROM unit_edge WHERE district = $1 ORDER BY unit, day_from`: o.parents,
		`SELECT unit, head, day_from, day_until FROM unit_line WHERE district = $1 ORDER BY unit, day_from`:   o.lines,
	} {
		rows, err := q.QueryContext(ctx, table, district)
		if err := db.Each(rows, err, func() error {
			err := rows.Scan(&n, &s.Other, &s.From, &s.Until)
			into[n] = append(into[n], s)
			if strings.Contains(table, "unit_line") {
				o.heads[s.Other] = true
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	var b Binding
	rows, err = q.QueryContext(ctx, `SELECT unit, scheme, day_from FROM unit_scheme WHERE district = $1 ORDER BY unit, day_from`, district)
	return o, db.Each(rows, err, func() error {
		err := rows.Scan(&n, &b.Scheme, &b.From)
		o.schemes[n] = append(o.schemes[n], b)
		return err
	})
}

// Next draws the next value of a district's counter inside the transaction.
func Next(ctx context.Context, tx *db.Tx, district int64, name string) (int64, error) {
	return NextN(ctx, tx, district, name, 1)
}

// NextN draws n numbers of a counter at once and returns the last of them.
func NextN(ctx context.Context, tx *db.Tx, district int64, name string, n int64) (int64, error) {
	var v int64
	err := tx.QueryRowContext(ctx, `
		INSERT INTO counter (district, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (district, name) DO UPDATE SET value = counter.value + $3 RETURNING value`, district, name, n).Scan(&v)
	if err != nil {
		return 0, fmt.Errorf("draw a number of %s: %w", name, err)
	}
	return v, nil
}

func insertUnit(ctx context.Context, tx *db.Tx, district int64, u Unit) error {
	var code any
	if u.Code != "" {
		code = u.Code
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO unit (district, no, code, name, type, day_from, day_until) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		district, int64(u.No), code, u.Name, string(u.Type), int64(u.From), int64(u.Until))
	return err
}

func insertEdge(ctx context.Context, tx *db.Tx, district int64, unit No, s Span) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO unit_edge (district, unit, parent, day_from, day_until) VALUES ($1, $2, $3, $4, $5)`,
		district, int64(unit), int64(s.Other), int64(s.From), int64(s.Until))
	return err
}

func setEdges(ctx context.Context, tx *db.Tx, district int64, unit No, spans []Span) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM unit_edge WHERE district = $1 AND unit = $2`, district, int64(unit)); err != nil {
		return err
	}
	for _, s := range spans {
		if s.From < s.Until {
			if err := insertEdge(ctx, tx, district, unit, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReachChange is a unit whose reach differs after a change of the organisation.
type ReachChange struct {
	Unit     No
	Old, New []Reach
}

// Recompute derives org_reach anew, writes what differs and returns it. It also makes other readers see the change.
func Recompute(ctx context.Context, tx *db.Tx, district int64) ([]ReachChange, error) {
	o, err := load(ctx, tx, district)
	if err != nil {
		return nil, err
	}
	if n := o.cycle(); n != 0 {
		return nil, ErrCycle.With("unit", o.units[n].Name)
	}
	old := map[No][]Reach{}
	stored, err := db.All(ctx, tx, func(r *sql.Rows) (Reach, error) {
		var x Reach
		var line int64
		err := r.Scan(&x.Unit, &x.Target, &line, &x.From, &x.Until)
		x.Line = line == 1
		return x, err
	}, `SELECT unit, target, line, day_from, day_until FROM org_reach WHERE district = $1 ORDER BY unit, target, day_from`, district)
	if err != nil {
		return nil, err
	}
	for _, r := range stored {
		old[r.Unit] = append(old[r.Unit], r)
	}
	var out []ReachChange
	for _, n := range o.order {
		now := o.reachOf(n)
		if same(old[n], now) {
			continue
		}
		out = append(out, ReachChange{n, old[n], now})
		if _, err := tx.ExecContext(ctx, `DELETE FROM org_reach WHERE district = $1 AND unit = $2`, district, int64(n)); err != nil {
			return nil, err
		}
		for _, r := range now {
			line := int64(0)
			if r.Line {
				line = 1
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO org_reach (district, unit, target, line, day_from, day_until) VALUES ($1, $2, $3, $4, $5, $6)`,
				district, int64(r.Unit), int64(r.Target), line, int64(r.From), int64(r.Until)); err != nil {
				return nil, err
			}
		}
	}
	_, err = Next(ctx, tx, district, "org-stamp")
	return out, err
}

func same(a, b []Reach) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Districts lists the districts of this database.
func Districts(ctx context.Context, q db.Querier) ([]int64, error) {
	return db.All(ctx, q, func(r *sql.Rows) (int64, error) {
		var d int64
		err := r.Scan(&d)
		return d, err
	}, `SELECT district FROM district ORDER BY district`)
}

// Setting reads one setting of a district; "" when unset.
func Setting(ctx context.Context, q db.Querier, district int64, key string) (string, error) {
	var v string
	err := q.QueryRowContext(ctx, `SELECT value FROM setting WHERE district = $1 AND key = $2`, district, key).Scan(&v)
	_, err = db.One(err)
	return v, err
}

// SetSetting stores one setting.
func SetSetting(ctx context.Context, tx *db.Tx, district int64, key, value string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO setting (district, key, value) VALUES ($1, $2, $3) ON CONFLICT (district, key) DO UPDATE
		SET value = excluded.value`, district, key, value)
	return err
}
