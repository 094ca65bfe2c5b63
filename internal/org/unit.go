// Package org holds the unit tree with its dated edges, the lines across it, and who reaches whom on which day.
package org

import (
	"fmt"
	"sort"
	"strings"

	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/period"
	"sifen/internal/pinyin"
	"sifen/internal/problem"
)

// No is a unit's number within its district. Codes and names change, numbers never. Zero is no unit.
type No int64

// Unit is one unit and its life.
type Unit struct {
	No    No
	Code  string // official code without trailing zeros of lower levels; empty for none
	Name  string
	Type  Type
	From  period.Day
	Until period.Day
}

// Open reports whether the unit exists on d.
func (u Unit) Open(d period.Day) bool { return u.From <= d && d < u.Until }

// Span is a dated link to another unit.
type Span struct {
	Other       No
	From, Until period.Day
}

// Binding is a scheme in force at a unit from a day.
type Binding struct {
	Scheme string
	From   period.Day
}

// Org is a district's whole organisation, every day of it. It is not changed after loading.
type Org struct {
	District int64
	Code     string
	Name     string
	Root     No
	Stamp    int64 // grows with every change of the units
	units    map[No]Unit
	order    []No
	parents  map[No][]Span
	lines    map[No][]Span
	schemes  map[No][]Binding
	byCode   map[string]No
	heads    map[No]bool
	initials pinyin.Cache // of paths
}

// Unit returns a unit by number.
func (o *Org) Unit(n No) (Unit, bool) { u, ok := o.units[n]; return u, ok }

// UnitName is a unit's name, or "".
func (o *Org) UnitName(n No) string { return o.units[n].Name }

// Ref names a unit in answers.
type Ref struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Path string `json:"path"` // below the district, on the day asked for
}

// Ref is the name of a unit as it stands in the tree on a day.
func (o *Org) Ref(n No, day period.Day) Ref {
	u := o.units[n]
	return Ref{int64(n), u.Name, string(u.Type), o.Path(n, day)}
}

// ByCode finds a unit by its official code in any way of writing.
func (o *Org) ByCode(code string) (Unit, bool) {
	n, ok := o.byCode[CanonicalCode(code)]
	return o.units[n], ok
}

// Find finds a unit by code, or by "#number".
func (o *Org) Find(s string) (Unit, bool) {
	if rest, ok := strings.CutPrefix(s, "#"); ok {
		var n No
		if _, err := fmt.Sscan(rest, &n); err == nil {
			u, ok := o.units[n]
			return u, ok
		}
	}
	return o.ByCode(s)
}

// Units lists all units, ordered by code, then number.
func (o *Org) Units() []Unit {
	out := make([]Unit, len(o.order))
	for i, n := range o.order {
		out[i] = o.units[n]
	}
	return out
}

// Parent is the unit above n on a day, or 0.
func (o *Org) Parent(n No, d period.Day) No { return at(o.parents[n], d) }

func at(spans []Span, d period.Day) No {
	for _, s := range spans {
		if s.From <= d && d < s.Until {
			return s.Other
		}
	}
	return 0
}

// Parents lists the dated parents of n.
func (o *Org) Parents(n No) []Span { return o.parents[n] }

// Lines lists the dated line heads of n.
func (o *Org) Lines(n No) []Span { return o.lines[n] }

// HeadsLine reports whether any unit is or was on a line under n.
func (o *Org) HeadsLine(n No) bool { return o.heads[n] }

// Schemes lists the scheme bindings of n.
func (o *Org) Schemes(n No) []Binding { return o.schemes[n] }

// standing is the day by which a unit is placed: one that has ended stands where it stood on its last day, unless it lives
// on in another.
func (o *Org) standing(n No, d period.Day) period.Day {
	if u := o.units[n]; u.Until <= d && !o.retired(n) {
		return max(u.From, u.Until-1)
	}
	return d
}

// Chain is n and its ancestors on a day, bottom up; after the end of n, those of its last day.
func (o *Org) Chain(n No, d period.Day) []No {
	out := []No{n}
	d = o.standing(n, d)
	for p := o.Parent(n, d); p != 0 && len(out) < maxDepth; p = o.Parent(p, d) {
		out = append(out, p)
	}
	return out
}

const maxDepth = 40

// Children lists the units below n on a day, in order.
func (o *Org) Children(n No, d period.Day) []No {
	var out []No
	for _, c := range o.order {
		if o.Parent(c, d) == n {
			out = append(out, c)
		}
	}
	return out
}

// Path names a unit with its ancestors below the district: "东街道/滨河社区". The district itself is its name.
func (o *Org) Path(n No, d period.Day) string {
	chain := o.Chain(n, d)
	var parts []string
	for i := len(chain) - 1; i >= 0; i-- {
		if chain[i] != o.Root || len(chain) == 1 {
			parts = append(parts, o.units[chain[i]].Name)
		}
	}
	return strings.Join(parts, "/")
}

// PathInitials is the path of a unit by pinyin initials, for full-text search.
func (o *Org) PathInitials(n No, d period.Day) string { return o.initials.Words(o.Path(n, d)) }

// Targets is the reach of n on a day: itself, its ancestors, and the line heads of all of them; after its end, those of its
// last day.
func (o *Org) Targets(n No, d period.Day) []access.Target {
	var out []access.Target
	d = o.standing(n, d)
	for _, r := range o.reachOf(n) {
		if r.From <= d && d < r.Until {
			out = append(out, access.Target{Unit: int64(r.Target), Line: r.Line, Self: r.Target == n})
		}
	}
	return out
}

// Reaches reports whether a unit lies below another, or is it, on any of the days [from, until).
func (o *Org) Reaches(n, target No, from, until period.Day) bool {
	for _, r := range o.reachOf(n) {
		if r.Target == target && r.From < until && from < r.Until {
			return true
		}
	}
	return false
}

// TargetsBack is the reach of n for looking back at some days: today's, and whatever it reached on every one of those days
// on which it was there. What lies ahead of today is not reached.
func (o *Org) TargetsBack(n No, from, until, today period.Day) []access.Target {
	out := o.Targets(n, today)
	u := o.units[n]
	from, until = max(from, u.From), min(until, u.Until)
	if from >= until || from > today {
		return out
	}
	for _, r := range o.reachOf(n) {
		if r.From <= from && until <= r.Until {
			out = append(out, access.Target{Unit: int64(r.Target), Line: r.Line})
		}
	}
	return out
}

// Level finds who verifies at a level: the nearest ancestor-or-self whose type matches, on a day.
// "line:department" is the nearest line head of that type. ok is false when there is none.
func (o *Org) Level(n No, level string, d period.Day) (No, bool) {
	if typ, ok := strings.CutPrefix(level, "line:"); ok {
		for _, u := range o.Chain(n, d) {
			for _, l := range o.lines[u] {
				if l.From <= d && d < l.Until && o.units[l.Other].Type.Matches(typ) {
					return l.Other, true
				}
			}
		}
		return 0, false
	}
	for _, u := range o.Chain(n, d) {
		if o.units[u].Type.Matches(level) {
			return u, true
		}
	}
	return 0, false
}

// Scheme is the sorting scheme of a unit on a day: the nearest binding of itself or an ancestor; without one,
// rural under a village and urban elsewhere (domain: 城乡分类 2xx against 11x, 12x).
func (o *Org) Scheme(n No, d period.Day) string {
	rural := false
	for _, u := range o.Chain(n, d) {
		best := ""
		for _, b := range o.schemes[u] {
			if b.From <= d {
				best = b.Scheme
			}
		}
		if best != "" {
			return best
		}
		rural = rural || o.units[u].Type == Village
	}
	if rural {
		return "rural-2x4"
	}
	return "urban-4"
}

// Reach is one row of org_reach.
type Reach struct {
	Unit, Target No
	Line         bool
	From, Until  period.Day
}

// reachOf walks up every dated edge; per target the spans are united so that rows never overlap.
func (o *Org) reachOf(n No) []Reach {
	u := o.units[n]
	until := period.Open
	if u.Until < period.Open && !o.retired(n) {
		until = u.Until
	}
	rows := []Reach{{n, n, false, u.From, until}}
	type step struct {
		at          No
		from, until period.Day
		depth       int
	}
	for stack := []step{{n, u.From, until, 0}}; len(stack) > 0; {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, l := range o.lines[s.at] {
			if f, t := max(l.From, s.from), min(l.Until, s.until); f < t {
				rows = append(rows, Reach{n, l.Other, true, f, t})
			}
		}
		for _, e := range o.parents[s.at] {
			f, t := max(e.From, s.from), min(e.Until, s.until)
			if f >= t {
				continue
			}
			rows = append(rows, Reach{n, e.Other, false, f, t})
			if s.depth < maxDepth {
				stack = append(stack, step{e.Other, f, t, s.depth + 1})
			}
		}
	}
	return unite(rows)
}

// retired reports whether a closed unit lives on as a child of its successor (merge).
func (o *Org) retired(n No) bool {
	for _, e := range o.parents[n] {
		if e.Until > o.units[n].Until {
			return true
		}
	}
	return false
}

// unite merges rows of one unit so that per target no two overlap; where a tree and a line row meet the tree row wins.
func unite(rows []Reach) []Reach {
	byTarget := map[No][]Reach{}
	for _, r := range rows {
		byTarget[r.Target] = append(byTarget[r.Target], r)
	}
	targets := make([]No, 0, len(byTarget))
	for t := range byTarget {
		targets = append(targets, t)
	}
	sort.Slice(targets, func(i, j int) bool { return targets[i] < targets[j] })
	var out []Reach
	for _, t := range targets {
		rs := byTarget[t]
		if len(rs) == 1 {
			out = append(out, rs[0])
			continue
		}
		var cuts []period.Day
		for _, r := range rs {
			cuts = append(cuts, r.From, r.Until)
		}
		sort.Slice(cuts, func(i, j int) bool { return cuts[i] < cuts[j] })
		start := len(out)
		for i := 0; i+1 < len(cuts); i++ {
			from, until := cuts[i], cuts[i+1]
			if from == until {
				continue
			}
			covered, line := false, true
			for _, r := range rs {
				if r.From <= from && until <= r.Until {
					covered = true
					line = line && r.Line
				}
			}
			if !covered {
				continue
			}
			if last := len(out) - 1; last >= start && out[last].Until == from && out[last].Line == line {
				out[last].Until = until
				continue
			}
			out = append(out, Reach{rs[0].Unit, t, line, from, until})
		}
	}
	return out
}

// cycle returns a unit that would be its own ancestor on some day, or 0.
func (o *Org) cycle() No {
	for n := range o.units {
		type step struct {
			at          No
			from, until period.Day
			depth       int
		}
		for stack := []step{{n, 0, period.Open, 0}}; len(stack) > 0; {
			s := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, e := range o.parents[s.at] {
				f, t := max(e.From, s.from), min(e.Until, s.until)
				if f >= t {
					continue
				}
				if e.Other == n || s.depth > maxDepth {
					return n
				}
				stack = append(stack, step{e.Other, f, t, s.depth + 1})
			}
		}
	}
	return 0
}

// CanonicalCode strips blanks and the zeros of lower levels: 990001001000 → 990001001, 990001000000 → 990001.
// Other texts are returned trimmed.
func CanonicalCode(s string) string {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return s
		}
	}
	if len(s) == 12 && strings.HasSuffix(s, "000") {
		s = s[:9]
	}
	if len(s) == 9 && strings.HasSuffix(s, "000") {
		s = s[:6]
	}
	return s
}

// CodeInfo derives from an official code the parent's code and the likely type: statistical division codes
// give streets 001–099, towns 100–199, townships 200–399, zones and the like from 400; communities below 200,
// villages 200–399. ok is false for anything but 6, 9 or 12 digits.
func CodeInfo(code string) (parent string, t Type, ok bool) {
	c := CanonicalCode(code)
	for i := range len(c) {
		if c[i] < '0' || c[i] > '9' {
			return "", "", false
		}
	}
	switch len(c) {
	case 6:
		return "", District, true
	case 9:
		if c[6] >= '4' {
			return c[:6], Zone, true
		}
		return c[:6], Street, true
	case 12:
		if c[9] == '2' || c[9] == '3' {
			return c[:9], Village, true
		}
		return c[:9], Community, true
	}
	return "", "", false
}

// Slashes part the names of a path, so that none can stand in a name.
const Slashes = "/／"

// Life says from when until when something is there, with its last day as people name it.
func Life(from, until period.Day) i18n.Label {
	if until >= period.Open {
		return i18n.Label{Zh: from.String() + " 起", En: "from " + from.String()}
	}
	last := (until - 1).String()
	return i18n.Label{Zh: from.String() + " 至 " + last, En: "from " + from.String() + " to " + last}
}

// Problems of this package.
var (
	ErrUnit     = problem.New(problem.NotFound, "org.no-unit", nil)
	ErrCycle    = problem.New(problem.Conflict, "org.cycle", nil)
	ErrCode     = problem.New(problem.Conflict, "org.code-taken", nil)
	ErrDates    = problem.New(problem.Conflict, "org.dates", nil)
	ErrHolds    = problem.New(problem.Conflict, "org.holds", nil)
	ErrSlash    = problem.New(problem.Invalid, "org.slash", nil)
	ErrLinked   = problem.New(problem.Conflict, "org.linked", nil)
	ErrEnded    = problem.New(problem.Conflict, "org.ended", nil)
	ErrHasChild = problem.New(problem.Conflict, "org.has-children", nil)
)
