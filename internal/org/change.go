package org

import (
	"context"
	"strings"
	"time"

	"sifen/internal/db"
	"sifen/internal/period"
)

// The functions of this file change the organisation inside a transaction. They leave org_reach alone:
// package reorg calls Recompute once per transaction and moves the figures.

// Create makes the first district of an empty database with its root unit.
func Create(ctx context.Context, tx *db.Tx, code, name string, at time.Time) (district int64, err error) {
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(district), 0) + 1 FROM district`).Scan(&district); err != nil {
		return 0, err
	}
	code = CanonicalCode(code)
	if _, err := tx.ExecContext(ctx, `INSERT INTO district (district, code, name, created_at) VALUES ($1, $2, $3, $4)`, district, code, name,
		at.UnixMilli()); err != nil {
		return 0, err
	}
	no, err := Next(ctx, tx, district, "unit")
	if err != nil {
		return 0, err
	}
	return district, insertUnit(ctx, tx, district, Unit{No(no), code, name, District, 0, period.Open})
}

// Add makes a unit under a parent from a day.
func Add(ctx context.Context, tx *db.Tx, o *Org, code, name string, t Type, parent No, from period.Day) (No, error) {
	code = CanonicalCode(code)
	if _, taken := o.byCode[code]; code != "" && taken {
		return 0, ErrCode.With("code", code)
	}
	p, ok := o.units[parent]
	if !ok {
		return 0, ErrUnit
	}
	if !p.Open(from) {
		return 0, ErrDates.With("unit", p.Name, "life", Life(p.From, p.Until))
	}
	if !p.Type.Holds(t) {
		return 0, ErrHolds.With("name", name, "kind", t.Title(), "parent", p.Name, "type", p.Type.Title())
	}
	if strings.ContainsAny(name, Slashes) {
		return 0, ErrSlash.With("name", name)
	}
	n, err := Next(ctx, tx, o.District, "unit")
	if err != nil {
		return 0, err
	}
	u := Unit{No(n), code, name, t, from, period.Open}
	if err := insertUnit(ctx, tx, o.District, u); err != nil {
		return 0, err
	}
	e := Span{parent, from, period.Open}
	o.units[u.No], o.parents[u.No] = u, []Span{e}
	o.order = append(o.order, u.No)
	if code != "" {
		o.byCode[code] = u.No
	}
	return u.No, insertEdge(ctx, tx, o.District, u.No, e)
}

// Move puts a unit under another parent from a day until its next recorded edge.
func Move(ctx context.Context, tx *db.Tx, o *Org, unit, parent No, from period.Day) error {
	u, p := o.units[unit], o.units[parent]
	if u.No != 0 && p.No != 0 && !p.Type.Holds(u.Type) && !o.Reaches(parent, unit, from, from+1) { // a circle is told as one
		return ErrHolds.With("name", u.Name, "kind", u.Type.Title(), "parent", p.Name, "type", p.Type.Title())
	}
	return move(ctx, tx, o, unit, parent, from)
}

// move is Move without regard to types: a merged unit ends below the one that took it in.
func move(ctx context.Context, tx *db.Tx, o *Org, unit, parent No, from period.Day) error {
	u, ok := o.units[unit]
	p, ok2 := o.units[parent]
	if !ok || !ok2 || unit == o.Root {
		return ErrUnit
	}
	for _, x := range []Unit{u, p} {
		if !x.Open(from) {
			return ErrDates.With("unit", x.Name, "life", Life(x.From, x.Until))
		}
	}
	var spans []Span
	until := period.Open
	for _, s := range o.parents[unit] {
		switch {
		case s.From >= from:
			if s.From > from {
				until = min(until, s.From)
				spans = append(spans, s)
			} else {
				until = min(until, s.Until)
			}
		case s.Until > from:
			until = min(until, s.Until)
			spans = append(spans, Span{s.Other, s.From, from})
		default:
			spans = append(spans, s)
		}
	}
	spans = append(spans, Span{parent, from, until})
	o.parents[unit] = spans
	return setEdges(ctx, tx, o.District, unit, spans)
}

// Close ends a unit before a day. Units that still have open children are refused.
func Close(ctx context.Context, tx *db.Tx, o *Org, unit No, from period.Day) error {
	u, ok := o.units[unit]
	if !ok || unit == o.Root {
		return ErrUnit
	}
	if !u.Open(from) {
		return ErrDates.With("unit", u.Name, "life", Life(u.From, u.Until))
	}
	for _, c := range o.Children(unit, from) {
		if o.units[c].Open(from) {
			return ErrHasChild.With("unit", u.Name, "child", o.units[c].Name)
		}
	}
	var spans []Span
	for _, s := range o.parents[unit] {
		if s.Until = min(s.Until, from); s.From < s.Until {
			spans = append(spans, s)
		}
	}
	u.Until = from
	o.units[unit], o.parents[unit] = u, spans
	if err := setEdges(ctx, tx, o.District, unit, spans); err != nil {
		return err
	}
	return setUntil(ctx, tx, o.District, unit, from)
}

// Merge makes unit a retired child of into from a day: its children move, its lasting things flow on, no new entry is
// dated to it. A unit whose end is already known is refused: its successor would be in doubt.
func Merge(ctx context.Context, tx *db.Tx, o *Org, unit, into No, from period.Day) error {
	u, ok := o.units[unit]
	if !ok || unit == into || unit == o.Root {
		return ErrUnit
	}
	if u.Until < period.Open {
		return ErrEnded.With("unit", u.Name, "until", (u.Until - 1).String())
	}
	for _, c := range o.Children(unit, from) {
		if o.units[c].Open(from) {
			if err := move(ctx, tx, o, c, into, from); err != nil {
				return err
			}
		}
	}
	if err := move(ctx, tx, o, unit, into, from); err != nil {
		return err
	}
	u.Until = from
	o.units[unit] = u
	return setUntil(ctx, tx, o.District, unit, from)
}

func setUntil(ctx context.Context, tx *db.Tx, district int64, unit No, until period.Day) error {
	_, err := tx.ExecContext(ctx, `UPDATE unit SET day_until = $3 WHERE district = $1 AND no = $2`, district, int64(unit), int64(until))
	return err
}

// Link puts a unit on a line under a head for [from, until). A link that overlaps one to the same head is refused.
func Link(ctx context.Context, tx *db.Tx, o *Org, unit, head No, from, until period.Day) error {
	if _, ok := o.units[unit]; !ok || unit == head {
		return ErrUnit
	}
	h, ok := o.units[head]
	if !ok {
		return ErrUnit
	}
	for _, s := range o.lines[unit] {
		if s.Other == head && s.From < until && from < s.Until {
			return ErrLinked.With("unit", o.units[unit].Name, "line", h.Name, "life", Life(s.From, s.Until))
		}
	}
	o.lines[unit] = append(o.lines[unit], Span{head, from, until})
	_, err := tx.ExecContext(ctx, `INSERT INTO unit_line (district, unit, head, day_from, day_until) VALUES ($1, $2, $3, $4, $5)`,
		o.District, int64(unit), int64(head), int64(from), int64(until))
	return err
}

// Unlink ends the link to a head before a day.
func Unlink(ctx context.Context, tx *db.Tx, o *Org, unit, head No, from period.Day) error {
	for _, s := range o.lines[unit] {
		if s.Other != head || s.Until <= from {
			continue
		}
		q := `UPDATE unit_line SET day_until = $5 WHERE district = $1 AND unit = $2 AND head = $3 AND day_from = $4`
		if s.From >= from {
			q = `DELETE FROM unit_line WHERE district = $1 AND unit = $2 AND head = $3 AND day_from = $4 AND day_from >= $5`
		}
		if _, err := tx.ExecContext(ctx, q, o.District, int64(unit), int64(head), int64(s.From), int64(from)); err != nil {
			return err
		}
	}
	return nil
}

// Bind sets the sorting scheme of a unit and what lies below it from a day.
func Bind(ctx context.Context, tx *db.Tx, o *Org, unit No, scheme string, from period.Day) error {
	if _, ok := o.units[unit]; !ok {
		return ErrUnit
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO unit_scheme (district, unit, scheme, day_from) VALUES ($1, $2, $3, $4)
		ON CONFLICT (district, unit, day_from) DO UPDATE SET scheme = excluded.scheme`, o.District, int64(unit), scheme, int64(from))
	return err
}

// Rename changes a unit's name.
func Rename(ctx context.Context, tx *db.Tx, o *Org, unit No, name string) error {
	if _, ok := o.units[unit]; !ok {
		return ErrUnit
	}
	if strings.ContainsAny(name, Slashes) {
		return ErrSlash.With("name", name)
	}
	_, err := tx.ExecContext(ctx, `UPDATE unit SET name = $3 WHERE district = $1 AND no = $2`, o.District, int64(unit), name)
	if err == nil && unit == o.Root {
		_, err = tx.ExecContext(ctx, `UPDATE district SET name = $2 WHERE district = $1`, o.District, name)
	}
	return err
}
