// Package reorg changes the organisation and carries the figures along: every change recomputes who reaches whom and
// moves the parts of the units concerned in the same transaction.
package reorg

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/sheet"
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
	t, parent, code, f := plan(o, a, nil)
	if f != nil {
		return 0, problem.New(problem.Invalid, f.code, f.args).At(problem.Field{Pointer: "/" + f.field, Code: f.code, Args: f.args})
	}
	err = s.Do(ctx, tx, by, from, "add", parent, func(o *org.Org) error {
		no, err = org.Add(ctx, tx, o, code, strings.TrimSpace(a.Name), t, parent, from)
		return err
	})
	return no, err
}

type fault struct {
	field, code string
	args        map[string]any
	suggestion  string
}

// plan finds type and parent of a new unit, from its code where nothing is said. byName holds units of the same import.
func plan(o *org.Org, a Added, byName map[string][]org.No) (t org.Type, parent org.No, code string, f *fault) {
	code = org.CanonicalCode(a.Code)
	if strings.TrimSpace(a.Name) == "" {
		return t, 0, code, &fault{"name", "value.required", nil, ""}
	}
	if len([]rune(a.Name)) > 60 {
		return t, 0, code, &fault{"name", "value.too-long", map[string]any{"max": 60, "have": len([]rune(a.Name))}, ""}
	}
	up, likely, official := org.CodeInfo(code)
	t = likely
	if a.Type != "" {
		var ok bool
		if t, ok = org.ParseType(a.Type); !ok {
			return t, 0, code, &fault{"type", "reorg.type", map[string]any{"text": a.Type}, nearestType(a.Type)}
		}
	} else if !official {
		return t, 0, code, &fault{"type", "reorg.type-needed", map[string]any{"code": a.Code}, ""}
	}
	switch {
	case a.Parent != "":
		u, ok := o.Find(a.Parent)
		if !ok {
			if list := byName[a.Parent]; len(list) == 1 {
				u, ok = o.Unit(list[0])
			} else if len(list) > 1 {
				return t, 0, code, &fault{"parent", "value.unit-several", map[string]any{"text": a.Parent, "n": len(list)}, ""}
			}
		}
		if !ok {
			return t, 0, code, &fault{"parent", "reorg.no-parent", map[string]any{"text": a.Parent}, ""}
		}
		parent = u.No
	case official && up != "":
		u, ok := o.ByCode(up)
		if !ok {
			return t, 0, code, &fault{"parent", "reorg.no-parent", map[string]any{"text": up}, ""}
		}
		parent = u.No
	default:
		parent = o.Root
	}
	return t, parent, code, nil
}

func nearestType(s string) string {
	for _, t := range org.Types {
		if strings.Contains(t.Title.Zh, s) || strings.Contains(s, t.Title.Zh) {
			return t.Title.Zh
		}
	}
	return ""
}

// RowError is one bad cell of an import.
type RowError struct {
	Cell       string `json:"cell"`
	Field      string `json:"field"`
	Code       string `json:"code"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
}

// Result says what an import of units did.
type Result struct {
	Rows      int        `json:"rows"`
	Accepted  int        `json:"accepted"`
	Unchanged int        `json:"unchanged"`
	DryRun    bool       `json:"dry_run"`
	Errors    []RowError `json:"errors"`
}

var headings = map[string][]string{
	"code":   {"code", "代码", "区划代码", "编码"},
	"name":   {"name", "名称", "单位名称", "单位"},
	"type":   {"type", "类型", "单位类型"},
	"parent": {"parent", "上级", "上级单位", "上级代码"},
	"line":   {"line", "条线", "主管部门", "行业主管"},
	"scheme": {"scheme", "分类方案"},
}

type stop struct{}

func (stop) Error() string { return "not clean" }

// Import makes the units of a CSV or Excel file from a day, parents before children whatever their order, all or none.
// A unit whose code exists with the same name, type and parent is unchanged; one with another name is renamed.
func (s *Service) Import(ctx context.Context, by access.Scope, content []byte, from period.Day, dry bool, lang i18n.Lang) (Result, error) {
	res := Result{DryRun: dry, Errors: []RowError{}}
	var t *sheet.Table
	var err error
	if strings.HasPrefix(string(content), "PK") {
		t, err = sheet.Read(content, sheet.ReadOptions{})
	} else {
		t, err = sheet.ReadCSV(content, sheet.ReadOptions{})
	}
	fail := func(cell, field, code string, args map[string]any, suggestion string) {
		if len(res.Errors) < 1000 {
			res.Errors = append(res.Errors, RowError{cell, field, code, i18n.Sentence(code, args, lang), suggestion})
		}
	}
	if e, ok := err.(*sheet.Error); ok { //nolint:errorlint // the reader returns it unwrapped
		res.Errors = append(res.Errors, RowError{e.Cell, "", e.Code, i18n.Label{Zh: e.Zh, En: e.En}.In(lang), ""})
		return res, nil
	}
	if err != nil {
		return res, err
	}
	defer t.Close()
	at := map[string]int{}
	for i, h := range t.Head {
		for field, names := range headings {
			for _, n := range names {
				if strings.EqualFold(strings.TrimSpace(h.Text), n) {
					at[field] = i
				}
			}
		}
	}
	for _, must := range []string{"code", "name"} {
		if _, ok := at[must]; !ok {
			fail("A1", must, "import.column-missing", map[string]any{"column": must}, must)
		}
	}
	if len(res.Errors) > 0 {
		return res, nil
	}
	type line struct {
		Added
		row  sheet.Row
		done bool
	}
	var lines []*line
	get := func(r sheet.Row, f string) string {
		if i, ok := at[f]; ok {
			return r.Text(i)
		}
		return ""
	}
	for row, err := range t.Rows(ctx) {
		if e, ok := err.(*sheet.Error); ok { //nolint:errorlint // the reader returns it unwrapped
			fail(e.Cell, "", e.Code, nil, "")
			return res, nil
		}
		if err != nil {
			return res, err
		}
		res.Rows++
		lines = append(lines, &line{Added: Added{get(row, "code"), get(row, "name"), get(row, "type"), get(row, "parent"), get(row, "line"),
			get(row, "scheme")}, row: row})
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		res.Accepted, res.Unchanged, res.Errors = 0, 0, []RowError{}
		if err := indicator.Exclusive(ctx, tx, by.District); err != nil {
			return err
		}
		root, err := org.Load(ctx, tx, by.District)
		if err != nil {
			return err
		}
		return s.Do(ctx, tx, by, from, "import", root.Root, func(o *org.Org) error {
			byName := map[string][]org.No{}
			for _, u := range o.Units() {
				byName[u.Name] = append(byName[u.Name], u.No)
			}
			for progress := true; progress; {
				progress = false
				for _, l := range lines {
					if l.done {
						continue
					}
					kind, parent, code, f := plan(o, l.Added, byName)
					if f != nil {
						continue
					}
					l.done, progress = true, true
					if have, ok := o.ByCode(code); ok && code != "" {
						if have.Name == l.Name {
							res.Unchanged++
						} else if err := org.Rename(ctx, tx, o, have.No, l.Name); err != nil {
							return err
						} else {
							res.Accepted++
						}
						continue
					}
					if code == "" {
						same := org.No(0)
						for _, n := range byName[l.Name] {
							if u, _ := o.Unit(n); u.Type == kind && o.Parent(n, from) == parent {
								same = n
							}
						}
						if same != 0 {
							res.Unchanged++
							continue
						}
					}
					n, err := org.Add(ctx, tx, o, code, l.Name, kind, parent, from)
					if err != nil {
						if p, ok := err.(*problem.Error); ok { //nolint:errorlint // org returns it unwrapped
							fail(l.row.Address(at["code"]), "code", p.Code, p.Args, "")
							continue
						}
						return err
					}
					byName[l.Name] = append(byName[l.Name], n)
					res.Accepted++
					if l.Scheme != "" {
						if err := org.Bind(ctx, tx, o, n, l.Scheme, from); err != nil {
							return err
						}
					}
				}
			}
			for _, l := range lines {
				if !l.done {
					_, _, _, f := plan(o, l.Added, byName)
					i, ok := at[f.field]
					if !ok {
						i = at["code"]
					}
					fail(l.row.Address(i), f.field, f.code, f.args, f.suggestion)
					continue
				}
				if l.Line == "" {
					continue
				}
				u, ok := o.Find(l.Code)
				if !ok {
					if list := byName[l.Name]; len(list) > 0 {
						u, ok = o.Unit(list[len(list)-1])
					}
				}
				h, found := o.Find(l.Line)
				if list := byName[l.Line]; !found && len(list) == 1 {
					h, found = o.Unit(list[0])
				}
				if !ok || !found {
					fail(l.row.Address(at["line"]), "line", "reorg.no-parent", map[string]any{"text": l.Line}, "")
					continue
				}
				linked := false
				for _, x := range o.Lines(u.No) {
					linked = linked || x.Other == h.No
				}
				if !linked {
					if err := org.Link(ctx, tx, o, u.No, h.No, from, period.Open); err != nil {
						return err
					}
				}
			}
			if len(res.Errors) > 0 || dry {
				return stop{}
			}
			return nil
		})
	})
	if _, ok := err.(stop); ok { //nolint:errorlint // the very value made above
		if len(res.Errors) > 0 {
			res.Accepted, res.Unchanged = 0, 0
		}
		return res, nil
	}
	return res, err
}

// Export lists the units inside a scope as Import reads them.
func Export(o *org.Org, by access.Scope, day period.Day) [][]string {
	out := [][]string{{"code", "name", "type", "parent", "line"}}
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
		out = append(out, []string{u.Code, u.Name, string(u.Type), ref(o.Parent(u.No, day)), line})
	}
	return out
}
