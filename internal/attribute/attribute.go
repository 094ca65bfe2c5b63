// Package attribute holds what is known of units from a day on: households, floor area, what sort of institution it is. Which
// attributes there are, and of which types of units, is data of rule packs; the values are kept here, each with the day from
// which it is true, so that a rule of last year sees what was true last year.
package attribute

import (
	"regexp"
	"slices"
	"strings"

	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/pack"
)

// Definition is one attribute.
type Definition struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
	Type  string     `yaml:"type" json:"type" enum:"choice,count,number,money,day,bool"`
	// Of are the types of units that have it; empty is all.
	Of       []string    `yaml:"of,omitempty" json:"of"`
	Unit     *i18n.Label `yaml:"unit,omitempty" json:"unit,omitempty"`
	Decimals int         `yaml:"decimals,omitempty" json:"decimals"` // of a number, at most 4
	Options  []Option    `yaml:"options,omitempty" json:"options"`   // of a choice
	Help     *i18n.Label `yaml:"help,omitempty" json:"help,omitempty"`
	// Called are other titles that a column of it has in lists of offices.
	Called []string `yaml:"called,omitempty" json:"-"`
}

// Option is one choice.
type Option struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
}

// The types of attributes. Money is in yuan with two decimals, a day is written 2020-01-01, a bool is "yes" or "no".
const (
	Choice = "choice"
	Count  = "count"
	Number = "number"
	Money  = "money"
	Day    = "day"
	Bool   = "bool"
)

var types = []string{Choice, Count, Number, Money, Day, Bool}

const maxDecimals = 4

// IsOf reports whether units of a type have the attribute.
func (d *Definition) IsOf(t org.Type) bool { return len(d.Of) == 0 || slices.Contains(d.Of, string(t)) }

// names are all titles that a column of it may have.
func (d *Definition) names() []string {
	return append([]string{d.Title.Zh, d.Title.En}, d.Called...)
}

// Means reports whether the title of a column, without what stands in brackets, is of the attribute.
func (d *Definition) Means(title string) bool {
	p := Plain(title)
	return p != "" && (p == d.Key || slices.ContainsFunc(d.names(), func(s string) bool { return Plain(s) == p }))
}

// Rule is the type that the attribute has in conditions and formulas: a number where it is one, otherwise a text.
func (d *Definition) Rule() formula.Type {
	switch d.Type {
	case Count, Number, Money:
		return formula.Exact
	}
	return formula.Text
}

// List returns the effective attributes by key.
func List(set *pack.Set) []*Definition { return pack.All[Definition](set, "attributes") }

// Get finds an attribute by its key.
func Get(set *pack.Set, key string) (*Definition, bool) {
	return pack.Value[Definition](set, "attributes", key)
}

// Built in are the names that conditions may use of any unit.
const (
	TypeName   = "type"
	SchemeName = "scheme"
)

// Rules are the names that conditions over units may use, with their types.
func Rules(set *pack.Set) map[string]formula.Type {
	out := map[string]formula.Type{TypeName: formula.Text, SchemeName: formula.Text}
	for _, d := range List(set) {
		out[d.Key] = d.Rule()
	}
	return out
}

// Days are the attributes that are days, from which stages may count months.
func Days(set *pack.Set) map[string]bool {
	out := map[string]bool{}
	for _, d := range List(set) {
		if d.Type == Day {
			out[d.Key] = true
		}
	}
	return out
}

var key = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Type is the pack object type "attributes".
func Type() pack.Type {
	return pack.Type{
		Dir: "attributes", Decode: pack.Decoded[Definition], Check: check,
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "type"},
				"properties": map[string]any{"type": map[string]any{"enum": types}}}
		},
	}
}

func check(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
	d := o.Value.(*Definition)
	at := func(path, zh, en string) { faults = append(faults, o.Fault(path, zh, en)) }
	switch {
	case !key.MatchString(d.Key):
		at("key", "key 用小写字母、数字和下划线，字母开头，不超过 40 个字符", "a key has small letters, digits and _, begins with a letter, at most 40 characters")
	case d.Key == TypeName || d.Key == SchemeName:
		at("key", "“"+d.Key+"”每个单位本来就有，请换一个 key", d.Key+" every unit has already; take another key")
	}
	if !slices.Contains(types, d.Type) {
		at("type", "没有“"+d.Type+"”这种属性，可以写 "+strings.Join(types, "、"), "there is no type "+d.Type+": write "+strings.Join(types, ", "))
	}
	if d.Type == Choice && len(d.Options) == 0 {
		at("options", "选项至少写一个", "write at least one option")
	}
	if d.Type != Choice && len(d.Options) > 0 {
		at("options", "只有 choice 有选项", "only a choice has options")
	}
	if d.Decimals < 0 || d.Decimals > maxDecimals || d.Decimals > 0 && d.Type != Number {
		at("decimals", "小数位数只写给 number，0 到 4", "decimals are for a number, 0 to 4")
	}
	seen := map[string]bool{}
	for i, x := range d.Options {
		for _, name := range []string{x.Key, x.Title.Zh, x.Title.En} {
			if seen[name] && name != "" {
				faults = append(faults, o.FaultAt("options", i, "key", "选项“"+name+"”写了两次", "option "+name+" stands twice"))
			}
		}
		seen[x.Key], seen[x.Title.Zh], seen[x.Title.En] = true, true, true
	}
	for i, t := range d.Of {
		if !known(t) {
			faults = append(faults, o.FaultAt("of", i, "", "没有单位类型“"+t+"”", "there is no type of units "+t))
		}
	}
	for _, other := range List(set) { // a column of a list would be of both
		if other.Key >= d.Key {
			continue
		}
		for _, name := range d.names() {
			if other.Means(name) {
				at("title", "属性“"+other.Key+"”也叫“"+name+"”，请换一个名称", "attribute "+other.Key+" is called "+name+" too; take another title")
			}
		}
	}
	return faults
}

func known(t string) bool {
	for _, x := range org.Types {
		if string(x.Type) == t {
			return true
		}
	}
	return false
}
