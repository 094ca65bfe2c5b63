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

// Type is what a unit is. Street includes towns and townships.
type Type string

// The unit types; packs name them by these words.
const (
	District    Type = "district"
	Department  Type = "department"
	Street      Type = "street"
	Zone        Type = "zone"
	Community   Type = "community"
	Village     Type = "village"
	Estate      Type = "estate"
	Institution Type = "institution"
	School      Type = "school"
	Firm        Type = "firm"
	Committee   Type = "committee"
	Carrier     Type = "carrier"
	Station     Type = "station"
)

// Types lists every type with its name, in the order menus show.
var Types = []struct {
	Type  Type
	Title i18n.Label
}{
	{District, i18n.Label{Zh: "区", En: "District"}},
	{Department, i18n.Label{Zh: "部门", En: "Department"}},
	{Street, i18n.Label{Zh: "镇街", En: "Street or town"}},
	{Zone, i18n.Label{Zh: "开发区", En: "Development zone"}},
	{Community, i18n.Label{Zh: "社区", En: "Community"}},
	{Village, i18n.Label{Zh: "村", En: "Village"}},
	{Estate, i18n.Label{Zh: "小区", En: "Estate"}},
	{Institution, i18n.Label{Zh: "公共机构", En: "Public institution"}},
	{School, i18n.Label{Zh: "学校", En: "School"}},
	{Firm, i18n.Label{Zh: "物业企业", En: "Property firm"}},
	{Committee, i18n.Label{Zh: "业委会", En: "Owners' committee"}},
	{Carrier, i18n.Label{Zh: "收运单位", En: "Carrier"}},
	{Station, i18n.Label{Zh: "转运站", En: "Transfer station"}},
}

// spoken are the words by which offices name the types, besides the types' own.
var spoken = map[string]Type{}

func init() {
	for t, words := range map[Type]string{
		Street:      "街道 镇 乡 乡镇 街镇 镇乡 街道办 街道办事处 镇政府 乡政府 镇人民政府 乡人民政府 town",
		Zone:        "经济开发区 经开区 高新区 园区 工业园 工业园区 产业园区 管委会",
		Community:   "居委会 社区居委会 居民委员会 城市社区 社区居民委员会",
		Village:     "村居 行政村 村委会 村民委员会 建制村 农村",
		Estate:      "居民小区 住宅小区 商品房小区 商住小区 物业小区 楼盘 居住小区 生活小区 老旧小区 居住区",
		Institution: "机关 党政机关 机关单位 事业单位 机关事业单位 医院 卫生院 医疗机构 公共机构单位",
		School:      "幼儿园 小学 中学 初中 高中 中小学 职校 职业学校 大学 高校 院校 教育机构",
		Firm:        "物业 物业公司 物业服务企业 物业服务公司 物业单位 物业管理公司",
		Committee:   "业主委员会 业主大会 物管会 物业管理委员会",
		Carrier:     "收运企业 收运公司 清运单位 清运公司 运输单位 收集运输单位",
		Station:     "中转站 垃圾中转站 垃圾转运站 转运站点",
		Department:  "区直部门 区级部门 职能部门 委办局 行业主管部门 主管部门",
	} {
		for _, w := range strings.Fields(words) {
			spoken[w] = t
		}
	}
}

// ParseType reads a type by its word, its Chinese name, or another word that offices use for it.
func ParseType(s string) (Type, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	if t, ok := spoken[s]; ok {
		return t, true
	}
	for _, t := range Types {
		if s == string(t.Type) || s == t.Title.Zh || s == strings.ToLower(t.Title.En) {
			return t.Type, true
		}
	}
	return "", false
}

// Matches reports whether t is meant by a word of levels, entered_by or about: street includes zones.
func (t Type) Matches(word string) bool {
	return string(t) == word || word == "street" && t == Zone
}

// Title names the type.
func (t Type) Title() i18n.Label {
	for _, x := range Types {
		if x.Type == t {
			return x.Title
		}
	}
	return i18n.Label{Zh: string(t), En: string(t)}
}

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

// Chain is n and its ancestors on a day, bottom up.
func (o *Org) Chain(n No, d period.Day) []No {
	out := []No{n}
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

// Targets is the reach of n on a day: itself, its ancestors, and the line heads of all of them.
func (o *Org) Targets(n No, d period.Day) []access.Target {
	var out []access.Target
	for _, r := range o.reachOf(n) {
		if r.From <= d && d < r.Until {
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

// Problems of this package.
var (
	ErrUnit     = problem.New(problem.NotFound, "org.no-unit", nil)
	ErrCycle    = problem.New(problem.Conflict, "org.cycle", nil)
	ErrCode     = problem.New(problem.Conflict, "org.code-taken", nil)
	ErrDates    = problem.New(problem.Conflict, "org.dates", nil)
	ErrEnded    = problem.New(problem.Conflict, "org.ended", nil)
	ErrHasChild = problem.New(problem.Conflict, "org.has-children", nil)
)
