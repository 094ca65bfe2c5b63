package reorg

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

type stop struct{}

func (stop) Error() string { return "not clean" }

// Import makes the units of a CSV or Excel file from a day, parents before children whatever their order, all or none.
// A unit whose code exists with the same name is unchanged; one with another name is renamed. Result.Told says what of the
// file made no unit or is otherwise than written.
func (s *Service) Import(ctx context.Context, by access.Scope, content []byte, from period.Day, dry bool, lang i18n.Lang) (Result, error) {
	res := Result{DryRun: dry, Errors: []RowError{}, Told: []RowError{}}
	now, err := s.Packs.Current(ctx, s.DB.Read, by.District)
	if err != nil {
		return res, err
	}
	g := &listing{res: &res, lang: lang, defs: attribute.List(now)}
	if err := g.read(ctx, content); err != nil || len(res.Errors) > 0 {
		return res, err
	}
	read := res.Told[:len(res.Told):len(res.Told)]
	wrong := make([]*fault, len(g.lines))
	for i, l := range g.lines {
		wrong[i] = l.fault
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		res.Accepted, res.Unchanged, res.Values, res.Errors, res.Told = 0, 0, 0, []RowError{}, read
		for i, l := range g.lines { // the transaction may be tried again
			l.fault = wrong[i]
		}
		if err := indicator.Exclusive(ctx, tx, by.District); err != nil {
			return err
		}
		set, err := s.Packs.Current(ctx, tx, by.District)
		if err != nil {
			return err
		}
		root, err := org.Load(ctx, tx, by.District)
		if err != nil {
			return err
		}
		return s.Do(ctx, tx, by, from, "import", root.Root, func(o *org.Org) error {
			m := maker{resolver: g.resolve(o, from), ctx: ctx, tx: tx, made: map[*listed]org.No{}}
			for _, l := range g.lines {
				if l.Scheme != "" && l.fault == nil && !l.left && set.Get("schemes", l.Scheme) == nil {
					l.fault = &fault{"scheme", "reorg.no-scheme", map[string]any{"scheme": l.Scheme}, ""}
				}
			}
			if err := m.all(); err != nil {
				return err
			}
			if err := m.attributes(s, by, g.since); err != nil {
				return err
			}
			if len(res.Errors) > 0 || dry {
				return stop{}
			}
			return nil
		})
	})
	if _, ok := err.(stop); ok { //nolint:errorlint // the very value made above
		if len(res.Errors) > 0 {
			res.Accepted, res.Unchanged, res.Values = 0, 0, 0
		}
		return res, nil
	}
	return res, err
}

// maker makes the units of a resolved list.
type maker struct {
	*resolver
	ctx  context.Context
	tx   *db.Tx
	made map[*listed]org.No
}

func (m *maker) all() error {
	left, first := 0, ""
	for _, l := range m.g.lines {
		if l.left {
			if left++; first == "" {
				first = l.cell("code")
			}
			continue
		}
		if l.fault == nil {
			m.compare(l)
			if _, err := m.ensure(l, 0); err != nil {
				return err
			}
		}
		if l.fault != nil {
			m.g.fail(l.cell(l.fault.field), *l.fault)
		}
	}
	if left > 0 {
		m.g.tell(first, "code", "reorg.outside-left", map[string]any{"n": left, "district": m.o.Name, "code": m.o.Code})
	}
	for _, l := range m.g.lines {
		if l.Line != "" && l.fault == nil && !l.left {
			if err := m.link(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare tells what of a row is otherwise than it stands, or stands twice.
func (m *maker) compare(l *listed) {
	tell := func(field, code string, args map[string]any) { m.g.tell(l.cell(field), field, code, args) }
	have, exists := m.o.Unit(l.node.no)
	switch {
	case l.node.no == m.o.Root:
		if l.Name != m.o.Name {
			tell("name", "reorg.root-kept", map[string]any{"code": m.o.Code, "district": m.o.Name, "name": l.Name})
		}
		return
	case exists && have.Until < period.Open:
		tell("name", "reorg.was-closed", map[string]any{"name": have.Name, "until": (have.Until - 1).String()})
	case exists:
		if l.Name != have.Name {
			tell("name", "reorg.renamed", map[string]any{"code": l.Code, "was": have.Name, "name": l.Name})
		}
		up := m.o.Parent(have.No, max(m.from, have.From))
		if len(l.above) > 0 && l.parent != (node{no: up}) {
			tell("parent", "reorg.elsewhere", map[string]any{"name": have.Name, "have": m.o.UnitName(up)})
		}
		if l.Type != "" && l.kind != have.Type {
			tell("type", "reorg.other-type", map[string]any{"name": have.Name, "type": have.Type.Title()})
		}
	}
	earlier := m.names[l.Name]
	if first := earlier[0]; first != l {
		code := "reorg.name-twice"
		for _, x := range earlier {
			if x == l {
				break
			}
			if x.node == l.node {
				first, code = x, "reorg.row-twice"
				break
			}
		}
		tell("name", code, map[string]any{"name": l.Name, "cell": first.cell("name")})
	}
	if exists || l.node.row != l {
		return
	}
	for _, n := range m.units[l.Name] {
		u, _ := m.o.Unit(n)
		tell("name", "reorg.name-exists", map[string]any{"path": m.o.Path(n, max(m.from, u.From)), "type": u.Type.Title()})
	}
	place := org.Place(l.Name)
	for _, n := range m.units[place] {
		if u, _ := m.o.Unit(n); u.Type == l.kind {
			tell("name", "reorg.name-body", map[string]any{"name": l.Name, "path": m.o.Path(n, max(m.from, u.From)), "place": place})
		}
	}
	if up, _, ok := org.CodeInfo(l.code); ok && len(l.above) > 0 {
		if n, ok := m.coded(up); ok && n != l.parent {
			tell("parent", "reorg.code-parent", map[string]any{"code": l.Code, "have": m.name(n), "want": m.name(l.parent)})
		}
	}
}

func (m *maker) name(n node) string {
	if n.row != nil {
		return n.row.Name
	}
	return m.o.UnitName(n.no)
}

// ensure makes the unit of a row and, before it, what it is under; 0 when that is not to be had.
func (m *maker) ensure(l *listed, depth int) (org.No, error) {
	first := l.node.row != nil && l.node.row != l
	switch {
	case l.fault != nil || l.left:
		return 0, nil
	case first:
		m.countSame(l)
		return m.ensure(l.node.row, depth+1)
	case m.made[l] != 0:
		return m.made[l], nil
	case depth > 50:
		l.fault = &fault{"parent", "reorg.parent-itself", map[string]any{"name": l.Name}, ""}
		return 0, nil
	}
	if l.node.no != 0 {
		m.made[l] = l.node.no
		have, _ := m.o.Unit(l.node.no)
		if l.node.no == m.o.Root || have.Name == l.Name || have.Until < period.Open {
			m.g.res.Unchanged++
			return l.node.no, nil
		}
		m.g.res.Accepted++
		return l.node.no, org.Rename(m.ctx, m.tx, m.o, l.node.no, l.Name)
	}
	parent := l.parent.no
	if l.parent.row != nil {
		var err error
		if parent, err = m.ensure(l.parent.row, depth+1); err != nil || parent == 0 {
			if err == nil && l.parent.row.fault != nil && l.parent.row.fault.code == "reorg.parent-itself" {
				l.fault = &fault{"parent", "reorg.parent-itself", map[string]any{"name": l.Name}, ""}
			}
			return 0, err
		}
	}
	n, err := org.Add(m.ctx, m.tx, m.o, l.code, l.Name, l.kind, parent, m.from)
	if p, ok := problem.Refusal(err); ok {
		field := "code"
		if p.Code == org.ErrDates.Code || p.Code == org.ErrHolds.Code {
			field = "parent"
		}
		l.fault = &fault{field, p.Code, p.Args, ""}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	m.made[l] = n
	m.g.res.Accepted++
	if l.Scheme != "" {
		return n, org.Bind(m.ctx, m.tx, m.o, n, l.Scheme, m.from)
	}
	return n, nil
}

// countSame counts a row that another row is of, once.
func (m *maker) countSame(l *listed) {
	if m.made[l] == 0 {
		m.made[l] = -1
		m.g.res.Unchanged++
	}
}

// link puts a unit on its line.
func (m *maker) link(l *listed) error {
	unit, err := m.ensure(l, 0)
	if err != nil || unit == 0 {
		return err
	}
	head, f := m.find(l, said{text: l.Line}, nil)
	if f != nil {
		m.g.fail(l.cell("line"), fault{"line", f.code, f.args, f.suggestion})
		return nil
	}
	other := head.no
	if head.row != nil {
		if other, err = m.ensure(head.row, 0); err != nil || other == 0 {
			return err
		}
	}
	for _, x := range m.o.Lines(unit) {
		if x.Other == other {
			return nil
		}
	}
	return org.Link(m.ctx, m.tx, m.o, unit, other, m.from, period.Open)
}
