// Package reorg changes the organisation and carries the figures along: every change recomputes who reaches whom and
// moves the parts of the units concerned in the same transaction.
package reorg

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Verb to change units.
const Edit access.Verb = "org.edit"

// Problems of this package.
var (
	ErrForbidden = problem.New(problem.Forbidden, "http.forbidden", nil)
	ErrLocked    = problem.New(problem.Conflict, "reorg.locked", nil)
	ErrName      = problem.New(problem.Invalid, "reorg.name", nil)
)

// Service changes the organisation.
type Service struct {
	module.Platform
}

// New makes the service.
func New(p module.Platform) *Service { return &Service{p} }

// Do runs one change of the organisation. The transaction must have begun with indicator.Exclusive. from is the first
// day on which anything differs; inside a locked period it is refused.
func (s *Service) Do(ctx context.Context, tx *db.Tx, by access.Scope, from period.Day, op string, unit org.No, change func(*org.Org) error) error {
	o, err := org.Load(ctx, tx, by.District)
	if err != nil {
		return err
	}
	if !by.Can(Edit, o.Targets(unit, period.Day(by.Today)), false) {
		return ErrForbidden
	}
	if err := locked(ctx, tx, by.District, from); err != nil {
		return err
	}
	if err := change(o); err != nil {
		return err
	}
	changes, err := org.Recompute(ctx, tx, by.District)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	if err := s.Figures.Rereach(indicator.WithTime(ctx, now), tx, by.District, changes); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, now, Edit, fmt.Sprintf("unit:%d", unit), 0, map[string]any{"op": op, "from": from})
}

func locked(ctx context.Context, q db.Querier, district int64, from period.Day) error {
	var until period.Day
	err := q.QueryRowContext(ctx, `SELECT coalesce(max(day_until), 0) FROM period_lock WHERE district = $1 AND lifted_at = 0`, district).Scan(&until)
	if err == nil && from > 0 && from < until {
		err = ErrLocked.With("until", (until - 1).String())
	}
	return err
}

// Added names a unit to be made.
type Added struct {
	Code   string
	Name   string
	Type   string
	Parent string // code, "#number" or name; empty: from the code
	Line   string // a head over a line: code, "#number" or name
	Scheme string
}

// Add makes one unit.
func (s *Service) Add(ctx context.Context, tx *db.Tx, by access.Scope, a Added, from period.Day) (no org.No, err error) {
	o, err := org.Load(ctx, tx, by.District)
	if err != nil {
		return 0, err
	}
	t, parent, code, f := plan(o, a)
	if f != nil {
		return 0, problem.New(problem.Invalid, f.code, f.args).At(problem.Field{Pointer: "/" + f.field, Code: f.code, Args: f.args})
	}
	err = s.Do(ctx, tx, by, from, "add", parent, func(o *org.Org) error {
		no, err = org.Add(ctx, tx, o, code, strings.TrimSpace(a.Name), t, parent, from)
		if p := (*problem.Error)(nil); errors.As(err, &p) && p.Code == org.ErrHolds.Code {
			return problem.New(problem.Invalid, p.Code, p.Args).At(problem.Field{Pointer: "/parent", Code: p.Code, Args: p.Args})
		}
		return err
	})
	return no, err
}

type fault struct {
	field, code string
	args        map[string]any
	suggestion  string
}

// plan finds type and parent of a new unit, from its code where nothing is said.
func plan(o *org.Org, a Added) (t org.Type, parent org.No, code string, f *fault) {
	code = org.CanonicalCode(a.Code)
	if strings.TrimSpace(a.Name) == "" {
		return t, 0, code, &fault{"name", "value.required", nil, ""}
	}
	if n := len([]rune(a.Name)); n > maxName {
		return t, 0, code, &fault{"name", "value.too-long", map[string]any{"max": maxName, "have": n}, ""}
	}
	if strings.ContainsAny(a.Name, org.Slashes) {
		return t, 0, code, &fault{"name", "org.slash", map[string]any{"name": a.Name}, ""}
	}
	if t, f = typeOf(o, a.Name, a.Code, a.Type, nil); f != nil {
		return t, 0, code, f
	}
	up, _, official := org.CodeInfo(code)
	if a.Parent == "" && official {
		a.Parent = up
	}
	if a.Parent == "" {
		return t, o.Root, code, nil
	}
	u, ok := o.Find(a.Parent)
	if !ok {
		return t, 0, code, &fault{"parent", "reorg.no-parent", map[string]any{"text": a.Parent}, ""}
	}
	return t, u.No, code, nil
}

const maxName = 60

// typeOf is the type that a text names, or that the code or the title of the column tells. Nothing stands beside the root.
func typeOf(o *org.Org, name, code, text string, own []org.Type) (t org.Type, f *fault) {
	_, likely, official := org.CodeInfo(code)
	switch {
	case text != "":
		var ok bool
		if t, ok = org.ParseType(text); !ok {
			return t, &fault{"type", "reorg.type", map[string]any{"text": text}, nearestType(text)}
		}
	case official && (len(own) == 0 || slices.Contains(own, likely)):
		t = likely
	case len(own) == 1 || len(own) == 2 && own[1] == org.Zone:
		t = own[0]
	case strings.TrimSpace(code) == "":
		return t, &fault{"type", "reorg.type-missing", map[string]any{"name": name}, ""}
	default:
		return t, &fault{"type", "reorg.type-needed", map[string]any{"code": code, "name": name}, ""}
	}
	if t == org.District {
		return t, &fault{"type", "reorg.second-district", map[string]any{"name": name, "district": o.Name, "code": o.Code}, ""}
	}
	return t, nil
}

func nearestType(s string) string {
	for _, t := range org.Types {
		if t.Type != org.District && (strings.Contains(t.Title.Zh, s) || strings.Contains(s, t.Title.Zh)) {
			return t.Title.Zh
		}
	}
	return ""
}

// Export lists the units inside a scope with their attributes as Import reads them.
func Export(o *org.Org, by access.Scope, day period.Day, defs []*attribute.Definition, values map[org.No]map[string]string, lang i18n.Lang) [][]string {
	head := []string{"code", "name", "type", "parent", "line"}
	for _, d := range defs {
		head = append(head, d.Heading(lang))
	}
	out := [][]string{head}
	ref := func(n org.No) string {
		u, ok := o.Unit(n)
		if !ok {
			return ""
		}
		if u.Code != "" {
			return u.Code
		}
		return u.Name
	}
	for _, u := range o.Units() {
		if u.No == o.Root || !u.Open(day) || !by.Sees(o.Targets(u.No, day)) {
			continue
		}
		line := ""
		for _, l := range o.Lines(u.No) {
			if l.From <= day && day < l.Until {
				line = ref(l.Other)
			}
		}
		cells := []string{u.Code, u.Name, string(u.Type), ref(o.Parent(u.No, day)), line}
		for _, d := range defs {
			text := values[u.No][d.Key]
			if d.Type == attribute.Choice || d.Type == attribute.Bool {
				text = d.Show(text, lang)
			}
			cells = append(cells, text)
		}
		out = append(out, cells)
	}
	return out
}
