// Package unitname finds the unit that a cell of a stranger's sheet names.
package unitname

import (
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/intake/heading"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/pinyin"
)

// Miss says why a text names no unit, as a sentence with its values, and the one text that would be right.
type Miss struct {
	Code       string
	Args       map[string]any
	Suggestion string
}

// Index knows the names of the units within a reach. It is not for several goroutines.
type Index struct {
	org   *org.Org
	by    access.Scope
	day   period.Day
	units map[string][]org.No
	names []string
	asked map[string][]org.No
}

// New indexes the units that lie in the caller's reach on a day.
func New(o *org.Org, by access.Scope, day period.Day) *Index {
	x := &Index{org: o, by: by, day: day, units: map[string][]org.No{}, asked: map[string][]org.No{}}
	for _, u := range o.Units() {
		if !by.Sees(o.Targets(u.No, day)) {
			continue
		}
		path := o.Path(u.No, day)
		for _, k := range []string{u.Name, path, strings.ReplaceAll(path, "/", ""), o.Name + "/" + path, o.Name + strings.ReplaceAll(path, "/", "")} {
			k = strings.ReplaceAll(k, " ", "")
			if list := x.units[k]; len(list) == 0 || list[len(list)-1] != u.No {
				x.units[k] = append(list, u.No)
			}
		}
		x.names = append(x.names, u.Name, path)
	}
	return x
}

// Find finds a unit by code, path or name. types, if any, are those it may have. above is what other cells of the row say
// that it lies in, the nearest first; of several units of one name the one that lies there is meant, and a unit that does
// not is a fault. on is the day of the row, 0 where it says none: of units that followed each other under one name the one
// open then is meant.
func (x *Index) Find(text string, types, above []string, on period.Day) (org.No, *Miss) {
	above = slices.DeleteFunc(slices.Clone(above), func(s string) bool { return s == "" })
	if text == "" {
		return 0, x.missing(above)
	}
	found, known := x.called(text, types)
	if dir, name, ok := cutLast(text); !known && ok { // the path of another day than today
		if moved, there := x.called(name, types); there {
			found, known, above = moved, true, append(dir, above...)
		}
	}
	if len(found) > 0 && len(above) > 0 {
		in := slices.DeleteFunc(slices.Clone(found), func(n org.No) bool { return !x.lies(n, above, on) })
		if len(in) == 0 {
			return 0, &Miss{Code: "import.unit-elsewhere", Args: map[string]any{"unit": x.org.UnitName(found[0]), "above": path(above)}}
		}
		found = in
	}
	if len(found) > 1 && on > 0 {
		open := slices.DeleteFunc(slices.Clone(found), func(n org.No) bool { u, _ := x.org.Unit(n); return !u.Open(on) })
		if len(open) > 0 {
			found = open
		}
	}
	switch {
	case len(found) == 1:
		u, _ := x.org.Unit(found[0])
		if len(types) > 0 && !kind.MatchesAny(u.Type, types) {
			return 0, &Miss{Code: "ledger.unit-type", Args: map[string]any{"unit": u.Name, "types": kind.TypeTitles(types)}}
		}
		return found[0], nil
	case !known:
		return 0, &Miss{"value.unit-unknown", map[string]any{"text": text}, x.nearest(text)}
	}
	var exact []org.No
	for _, n := range found { // the one whose path is written just so
		if x.org.Path(n, x.day) == strings.Trim(text, "/") && x.org.UnitName(n) == text[strings.LastIndex(text, "/")+1:] {
			exact = append(exact, n)
		}
	}
	if len(exact) == 1 {
		return exact[0], nil
	}
	return 0, &Miss{Code: "value.unit-several", Args: map[string]any{"text": text, "n": len(found)}}
}

// cutLast takes a path apart: its last name, and what it lies in, the nearest first.
func cutLast(text string) (above []string, name string, ok bool) {
	parts := strings.Split(strings.Trim(strings.ReplaceAll(text, "／", "/"), "/ "), "/")
	name = parts[len(parts)-1]
	above = parts[:len(parts)-1]
	slices.Reverse(above)
	return above, name, len(above) > 0
}

// path writes what a unit lies in as paths are written, the highest first.
func path(above []string) string {
	slices.Reverse(above)
	return strings.Join(above, "/")
}

// called lists the units that a text may mean.
func (x *Index) called(text string, types []string) (found []org.No, known bool) {
	key := text + "|" + strings.Join(types, ",")
	if found, ok := x.asked[key]; ok {
		return found, len(found) > 0
	}
	if u, ok := x.org.Find(text); ok && x.by.Sees(x.org.Targets(u.No, x.day)) {
		found = []org.No{u.No}
	} else {
		for _, n := range x.units[strings.Trim(strings.ReplaceAll(strings.ReplaceAll(text, "／", "/"), " ", ""), "/")] {
			if u, _ := x.org.Unit(n); len(types) == 0 || kind.MatchesAny(u.Type, types) {
				found = append(found, n)
			}
		}
	}
	x.asked[key] = found
	return found, len(found) > 0
}

// lies reports whether a unit lies in, or is, each of what cells name, on the day or now. A street may stand by the first
// characters of its name (东街 for 东街街道).
func (x *Index) lies(n org.No, above []string, on period.Day) bool {
	chain := x.org.Chain(n, x.day)
	if on > 0 {
		chain = append(slices.Clone(chain), x.org.Chain(n, on)...)
	}
	for _, text := range above {
		text = strings.ReplaceAll(text, " ", "")
		if !slices.ContainsFunc(chain, func(a org.No) bool {
			u, _ := x.org.Unit(a)
			name := strings.ReplaceAll(u.Name, " ", "")
			return u.Code == text || name == text || len([]rune(text)) > 1 && strings.HasPrefix(name, text) ||
				u.Type == org.District && strings.HasSuffix(text, name)
		}) {
			return false
		}
	}
	return true
}

// missing is the fault of a row that names no unit, or only what its unit lies in.
func (x *Index) missing(above []string) *Miss {
	if len(above) == 0 {
		return &Miss{Code: "value.required"}
	}
	m := &Miss{Code: "import.unit-only-above", Args: map[string]any{"above": above[0]}}
	if found, _ := x.called(above[0], nil); len(found) == 1 && found[0] != x.org.Root { // the district stands in every row
		m.Suggestion = x.org.UnitName(found[0])
	}
	return m
}

// usual are the words behind the names of units, as people write them: the ends of one type stand for each other.
var usual = []struct {
	ends  []string
	types []org.Type
}{
	{[]string{"街道办事处", "街道办", "街道", "镇人民政府", "镇政府", "镇"}, []org.Type{org.Street, org.Zone}},
	{[]string{"社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区"}, []org.Type{org.Community}},
	{[]string{"村民委员会", "村委会", "村"}, []org.Type{org.Village}},
}

// stem is a name without its usual end, and the types that the end means; none where it has no such end.
func stem(name string) (string, []org.Type) {
	for _, u := range usual {
		for _, end := range u.ends {
			if s, ok := strings.CutSuffix(name, end); ok && len([]rune(s)) > 1 {
				return s, u.types
			}
		}
	}
	return name, nil
}

// named is the one unit that a text calls by a usual name: 榆巷街道办, 古槐居委会, 古槐.
func (x *Index) named(text string) string {
	want, types := stem(text)
	if len([]rune(want)) < 2 {
		return ""
	}
	found := ""
	for _, u := range x.org.Units() {
		s, of := stem(u.Name)
		if s != want || of == nil || types != nil && !slices.Contains(types, u.Type) || !x.by.Sees(x.org.Targets(u.No, x.day)) {
			continue
		}
		if found != "" {
			return ""
		}
		found = x.org.Path(u.No, x.day)
	}
	return found
}

// nearest is the one unit that a text can only mean: a name that sounds the same and differs in one character, as a slip of
// the keyboard leaves it. 南门社区 is not 南窗社区, and another street's community is nobody else's.
func (x *Index) nearest(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "／", "/"), " ", "")
	if one := x.named(text); one != "" {
		return one
	}
	found, sound := "", pinyin.Initials(text)
	for _, n := range x.names {
		if n != text && len([]rune(n)) == len([]rune(text)) && heading.Slip(text, n) && pinyin.Initials(n) == sound {
			if found != "" && found != n {
				return ""
			}
			found = n
		}
	}
	return found
}
