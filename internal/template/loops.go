package template

import (
	"slices"
	"strings"

	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
)

// Loop is what {{#每个 X}} goes through: the units of a type, or the records of a kind.
type Loop struct {
	Type org.Type
	Kind *kind.Kind
}

// rank is how far down a type of units stands: a loop inside a loop goes through what stands lower, never upwards.
var rank = map[org.Type]int{org.District: 0, org.Department: 1, org.Street: 1, org.Zone: 1, org.Community: 2, org.Village: 2, org.Estate: 3,
	org.Institution: lowest, org.School: lowest, org.Firm: lowest, org.Committee: lowest, org.Carrier: lowest, org.Station: lowest}

const lowest = 4

// The words inside a loop that are no field of a record.
const (
	sayName   = "名称"
	sayCount  = "序号"
	sayNumber = "编号"
	sayUnit   = "单位"
	sayDay    = "日期"
)

// unprinted are the types of fields that are no words of a document. Persons and what is personal stay in the records: a
// document goes further than they may.
var unprinted = []string{"photo", "file", "geo", "group", "person"}

// printed are the fields of a kind that a document may print.
func printed(k *kind.Kind) []kind.Field {
	return slices.DeleteFunc(slices.Clone(k.Fields), func(f kind.Field) bool { return f.Personal || slices.Contains(unprinted, f.Type) })
}

func namesOf(key string, title i18n.Label) []string {
	return []string{key, title.Zh, title.En, strings.ToLower(title.En)}
}

// once collects names; one that stands for two things stands for neither, so that a template has to say which it means.
func once[T any](same func(a, b T) bool) (put func(v T, names ...string), all map[string]T) {
	all = map[string]T{}
	torn := map[string]bool{}
	return func(v T, names ...string) {
		for _, n := range names {
			if n == "" || torn[n] {
				continue
			}
			if have, ok := all[n]; ok && !same(have, v) {
				delete(all, n)
				torn[n] = true
				continue
			}
			all[n] = v
		}
	}, all
}

// Loops are all loops there are, by every name.
func Loops(set *pack.Set) map[string]Loop {
	put, all := once(func(a, b Loop) bool { return a == b })
	for _, t := range org.Types {
		if t.Type != org.District {
			put(Loop{Type: t.Type}, namesOf(string(t.Type), t.Title)...)
		}
	}
	for _, k := range slices.Concat(kind.All(set), Lists) {
		put(Loop{Kind: k}, namesOf(k.Key, k.Title)...)
	}
	return all
}

// spoken are the words that every turn over a kind knows beside its fields: rows of a list are no records.
func spoken(k *kind.Kind) []string {
	if isList(k) {
		return []string{sayCount}
	}
	return []string{sayCount, sayNumber, sayUnit, sayDay}
}

// fieldNames tells under which key a turn over records of a kind says what a template calls by a name.
func fieldNames(k *kind.Kind) map[string]string {
	put, all := once(func(a, b string) bool { return a == b })
	for _, f := range printed(k) {
		put(f.Key, namesOf(f.Key, f.Title)...)
	}
	for _, n := range spoken(k) {
		if _, taken := all[n]; !taken {
			all[n] = n
		}
	}
	return all
}

// loopCatalogue is what is known inside the loops of a document.
func loopCatalogue(set *pack.Set, figures map[string]string) map[string]*docx.Catalogue {
	all := Loops(set)
	records := map[*kind.Kind]*docx.Catalogue{}
	for _, l := range all {
		if l.Kind != nil && records[l.Kind] == nil {
			c := &docx.Catalogue{}
			for n := range fieldNames(l.Kind) {
				c.Headers = append(c.Headers, n)
			}
			records[l.Kind] = c
		}
	}
	var below map[string]*docx.Catalogue // inside a unit of the rank at hand
	for at := lowest; at >= 0; at-- {
		inside := map[string]*docx.Catalogue{}
		for n, l := range all {
			switch {
			case l.Kind != nil:
				inside[n] = records[l.Kind]
			case rank[l.Type] > at+1:
				inside[n] = below[n]
			case rank[l.Type] == at+1:
				inside[n] = &docx.Catalogue{Figures: figures, Headers: []string{sayName, sayCount}, Loops: below}
			}
		}
		below = inside
	}
	return below
}

// LoopTag is a loop as an author copies it, with what may stand inside.
type LoopTag struct {
	Tag   string
	Title i18n.Label
}

// LoopTags are the loops a template may use, with every word that is known inside those over records.
func LoopTags(set *pack.Set) []LoopTag {
	all := Loops(set)
	name := func(key string, title i18n.Label) string {
		if _, ok := all[title.Zh]; ok {
			return title.Zh
		}
		return key
	}
	var out []LoopTag
	for _, t := range org.Types {
		if t.Type != org.District {
			out = append(out, LoopTag{"{{#每个 " + name(string(t.Type), t.Title) + "}}{{名称}}{{/每个}}",
				i18n.Label{Zh: "逐个" + t.Title.Zh, En: "Each unit of type: " + t.Title.En}})
		}
	}
	for _, k := range slices.Concat(kind.All(set), Lists) {
		known := fieldNames(k)
		inside := ""
		for _, n := range []string{sayCount, sayNumber, sayUnit, sayDay} {
			if known[n] == n {
				inside += "{{" + n + "}}"
			}
		}
		for _, f := range printed(k) {
			n := f.Title.Zh
			if known[n] != f.Key {
				n = f.Key
			}
			inside += "{{" + n + "}}"
		}
		out = append(out, LoopTag{"{{#每条 " + name(k.Key, k.Title) + "}}" + inside + "{{/每条}}",
			i18n.Label{Zh: "逐条" + k.Title.Zh, En: "Each record of: " + k.Title.En}})
	}
	return out
}
