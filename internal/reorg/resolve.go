package reorg

import (
	"slices"
	"strings"

	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/sheet"
)

// node is a unit that is there, or one that a row will make.
type node struct {
	no  org.No
	row *listed
}

// resolver finds what the rows of a list are and what they are under, before any unit is made: a name that the list
// itself has twice must not mean whichever of the two came first.
type resolver struct {
	g     *listing
	o     *org.Org
	from  period.Day
	units map[string][]org.No // by name, those that have not ended
	names map[string][]*listed
	codes map[string]*listed
}

const (
	fresh = iota
	visiting
	done
)

// resolve prepares every row; what is wrong is told in the order of the rows.
func (g *listing) resolve(o *org.Org, from period.Day) *resolver {
	r := &resolver{g: g, o: o, from: from, units: map[string][]org.No{}, names: map[string][]*listed{}, codes: map[string]*listed{}}
	for _, u := range o.Units() {
		if u.Until > from {
			r.units[u.Name] = append(r.units[u.Name], u.No)
		}
	}
	r.district()
	for _, l := range g.lines {
		l.state, l.node, l.parent = fresh, node{row: l}, node{}
		if l.left || l.fault != nil {
			continue
		}
		r.names[l.Name] = append(r.names[l.Name], l)
		if l.code == "" || l.code == o.Code {
			continue
		}
		if was := r.codes[l.code]; was == nil {
			r.codes[l.code] = l
		} else if was.Name != l.Name {
			l.fault = &fault{"code", "reorg.code-twice", map[string]any{"code": l.Code, "cell": was.cell("code"), "name": was.Name}, ""}
		}
	}
	for _, l := range g.lines {
		r.row(l)
	}
	return r
}

// six is the district of an official code.
func six(code string) (string, bool) {
	if _, _, ok := org.CodeInfo(code); !ok {
		return "", false
	}
	return code[:6], true
}

// district leaves out the other districts of a city's file and refuses a single code from outside.
func (r *resolver) district() {
	if len(r.o.Code) != 6 {
		return
	}
	others, heads, own, outside := map[string]bool{}, false, 0, 0
	for _, l := range r.g.lines {
		if d, ok := six(l.code); ok && d == r.o.Code {
			own++
		} else if ok {
			outside++
			others[d] = true
			heads = heads || len(l.code) == 6
		}
	}
	city := own > 0 && (heads || len(others) > 1 && outside*3 >= own)
	for _, l := range r.g.lines {
		l.left = false
		if d, ok := six(l.code); !ok || d == r.o.Code {
			continue
		}
		if l.left = city; !city && l.fault == nil {
			l.fault = &fault{"code", "reorg.code-outside", map[string]any{"text": l.Code, "district": r.o.Name, "code": r.o.Code}, ""}
		}
	}
	if !city {
		return
	}
	for more := true; more; { // what is under a unit left out is left out too
		more = false
		mine, gone := map[string]bool{}, map[string]bool{}
		for _, l := range r.g.lines {
			(map[bool]map[string]bool{true: gone, false: mine})[l.left][l.Name] = true
		}
		for _, l := range r.g.lines {
			if _, official := six(l.code); l.left || official || len(l.above) == 0 {
				continue
			}
			up := l.above[len(l.above)-1].text
			code, _ := digits(up)
			d, official := six(org.CanonicalCode(code))
			if official && d != r.o.Code || gone[up] && !mine[up] && len(r.units[up]) == 0 {
				l.left, more = true, true
			}
		}
	}
}

// row finds kind, superior and unit of one row.
func (r *resolver) row(l *listed) {
	if l.state != fresh || l.left || l.fault != nil {
		return
	}
	l.state = visiting
	defer func() { l.state = done }()
	if l.code == r.o.Code && l.code != "" || l.code == "" && l.Name == r.o.Name && len(l.above) == 0 && (l.Type == "" || isDistrict(l.Type)) {
		l.node = node{no: r.o.Root}
		return
	}
	have, known := r.o.ByCode(l.code)
	known = known && l.code != ""
	if l.kind, l.fault = typeOf(r.o, l.Name, l.code, l.Type, l.cols.own); known && l.Type == "" {
		l.kind, l.fault = have.Type, nil
	}
	if l.fault == nil {
		l.parent, l.fault = r.superior(l, known)
	}
	if l.fault != nil {
		return
	}
	if known {
		l.node = node{no: have.No}
		return
	}
	if was := r.codes[l.code]; l.code != "" && was != l {
		r.row(was)
		l.node = was.node
		return
	}
	if l.code != "" {
		return
	}
	for _, n := range r.units[l.Name] {
		if u, _ := r.o.Unit(n); u.Type == l.kind && r.o.Parent(n, max(r.from, u.From)) == l.parent.no && l.parent.no != 0 {
			l.node = node{no: n}
			return
		}
	}
	for _, x := range r.names[l.Name] {
		if x == l {
			return
		}
		if r.row(x); x.state == done && x.fault == nil && x.kind == l.kind && x.parent == l.parent {
			l.node = x.node
			return
		}
	}
}

func isDistrict(s string) bool { t, ok := org.ParseType(s); return ok && t == org.District }

// superior finds what a row is under: what it says, else what its code says, else the district where that is likely.
func (r *resolver) superior(l *listed, known bool) (node, *fault) {
	up, _, official := org.CodeInfo(l.code)
	if len(l.above) == 0 {
		switch {
		case official && up != "":
			n, f := r.find(l, said{text: up}, nil)
			return n, f
		case known:
			u, _ := r.o.ByCode(l.code)
			return node{no: r.o.Parent(u.No, max(r.from, u.From))}, nil
		case slices.Contains([]org.Type{org.Community, org.Village, org.Estate, org.Committee}, l.kind):
			return node{}, &fault{"parent", "reorg.parent-needed", map[string]any{"name": l.Name, "district": r.o.Name}, ""}
		}
		return node{no: r.o.Root}, nil
	}
	last := len(l.above) - 1
	above := l.above[last]
	if above.level == nil {
		above.level = org.Holders(l.kind)
	}
	n, f := r.find(l, above, l.above[:last])
	if t := r.kind(n); f == nil && n != (node{}) && t != "" && !t.Holds(l.kind) {
		return node{}, &fault{"parent", "reorg.holds", map[string]any{"text": above.text, "type": t.Title(), "path": r.path(n), "kind": l.kind.Title()},
			r.near(above.text, org.Holders(l.kind))}
	}
	return n, f
}

// path is where a unit stands, by its name alone for one of the list.
func (r *resolver) path(n node) string {
	if n.row != nil {
		return n.row.Name
	}
	u, _ := r.o.Unit(n.no)
	return r.o.Path(n.no, max(r.from, u.From))
}

// separators stand between the parts of a path.
var separators = strings.NewReplacer("＞", "/", ">", "/", "\\", "/", "／", "/", "→", "/", "|", "/", "-", "/", "—", "/", " ", "/", "　", "/")

// find finds the one unit that a text means, by code, "#number", name or path; above narrows it.
func (r *resolver) find(l *listed, s said, above []said) (node, *fault) {
	text := s.text
	if n, ok := r.coded(text); ok {
		return n, nil
	}
	list := r.called(l, text)
	if len(list) == 0 {
		var parts []string
		for _, p := range strings.Split(separators.Replace(text), "/") {
			if p = strings.TrimSpace(p); p != "" {
				parts = append(parts, p)
			}
		}
		if n := len(parts); n > 1 {
			list = r.called(l, parts[n-1])
			for _, p := range parts[:n-1] {
				above = append(above, said{text: p})
			}
		}
	}
	if fit := r.only(list, func(n node) bool { return len(s.level) > 0 && slices.Contains(s.level, r.kind(n)) }); len(fit) > 0 {
		list = fit
	}
	many := len(list)
	for _, a := range above {
		list = r.only(list, func(n node) bool { return r.under(n, a.text) })
	}
	switch {
	case len(list) == 1:
		return list[0], nil
	case len(list) > 1:
		return node{}, &fault{"parent", "value.unit-several", map[string]any{"text": text, "n": len(list)}, ""}
	case many > 0: // it is there, but not where the row says
		for _, a := range above {
			text = a.text + "/" + text
		}
	}
	return node{}, &fault{"parent", "reorg.no-parent", map[string]any{"text": text}, r.near(s.text, s.level)}
}

func (r *resolver) only(list []node, fit func(node) bool) []node {
	var out []node
	for _, n := range list {
		if fit(n) {
			out = append(out, n)
		}
	}
	return out
}

func (r *resolver) coded(text string) (node, bool) {
	code, ok := digits(text)
	if !ok {
		return node{}, false
	}
	if u, ok := r.o.Find(code); ok {
		return node{no: u.No}, true
	}
	if x := r.codes[org.CanonicalCode(code)]; x != nil {
		return r.settled(x), true
	}
	return node{}, false
}

// settled is what a row turned out to be.
func (r *resolver) settled(x *listed) node {
	r.row(x)
	if x.state == visiting {
		return node{row: x}
	}
	return x.node
}

// called lists the units of a name, those of the list with them, each once.
func (r *resolver) called(l *listed, name string) []node {
	name = strings.Join(strings.Fields(name), " ")
	var list []node
	for _, n := range r.units[name] {
		list = append(list, node{no: n})
	}
	for _, x := range r.names[name] {
		if n := r.settled(x); x != l && (l == nil || n.row != l) && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	if good := r.only(list, func(n node) bool { return n.row == nil || n.row.fault == nil }); len(good) > 0 {
		return good // a row that is refused is no second unit
	}
	return list
}

func (r *resolver) kind(n node) org.Type {
	if n.row != nil {
		return n.row.kind
	}
	u, _ := r.o.Unit(n.no)
	return u.Type
}

// under reports whether a unit stands under another by that name, code or path.
func (r *resolver) under(n node, text string) bool {
	code, _ := digits(text)
	code = org.CanonicalCode(code)
	parts := strings.FieldsFunc(separators.Replace(text), func(c rune) bool { return c == '/' })
	if len(parts) == 0 {
		return true
	}
	name := parts[len(parts)-1]
	for depth := 0; n.row != nil && depth < 50; depth++ {
		if depth > 0 && (n.row.Name == name || n.row.code == code && code != "") {
			return true
		}
		n = n.row.parent
	}
	u, _ := r.o.Unit(n.no)
	for _, at := range r.o.Chain(n.no, max(r.from, u.From)) {
		if x, _ := r.o.Unit(at); x.Name == name || x.Name == text || x.Code == code && code != "" {
			return true
		}
	}
	return false
}

// near is the one unit that a text may mean: the place whose body it names, else the one whose name is part of the text or has
// it as a part. types is what it can be; nil is anything. "" unless there is one alone.
func (r *resolver) near(text string, types []org.Type) string {
	text = strings.TrimSpace(sheet.NormaliseDigits(text))
	fits := func(t org.Type) bool { return len(types) == 0 || slices.Contains(types, t) }
	if place := org.Place(text); place != "" {
		for _, n := range r.called(nil, place) {
			if fits(r.kind(n)) {
				return place
			}
		}
	}
	found := ""
	for _, u := range r.o.Units() {
		if text == "" || u.Until <= r.from || u.No == r.o.Root || !fits(u.Type) || !strings.Contains(u.Name, text) && !strings.Contains(text, u.Name) {
			continue
		}
		if found != "" {
			return ""
		}
		found = u.Name
	}
	return found
}
