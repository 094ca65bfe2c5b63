// Package ledger keeps entries of every kind that rule packs define: forms, revisions, verification, evidence.
// It computes no figure; it tells package indicator what counts.
package ledger

import (
	"fmt"
	"regexp"
	"strings"

	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Kind is a sort of record as packs write it.
type Kind struct {
	Key       string      `yaml:"key" json:"key"`
	Title     i18n.Label  `yaml:"title" json:"title"`
	Prefix    string      `yaml:"prefix" json:"prefix"` // of entry numbers: XC gives XC-2020-0001
	Group     i18n.Label  `yaml:"group" json:"group_title"`
	Source    *i18n.Label `yaml:"source,omitempty" json:"source,omitempty"`
	Extends   string      `yaml:"extends,omitempty" json:"-"`
	Day       string      `yaml:"day,omitempty" json:"day,omitempty"`
	Span      *Span       `yaml:"span,omitempty" json:"span,omitempty"`
	State     *State      `yaml:"state,omitempty" json:"state,omitempty"`
	TitleOf   string      `yaml:"title_field,omitempty" json:"title_field,omitempty"`
	About     []string    `yaml:"about,omitempty" json:"about"`
	EnteredBy []string    `yaml:"entered_by" json:"entered_by"`
	Levels    []string    `yaml:"levels,omitempty" json:"levels"`
	Due       *Due        `yaml:"due,omitempty" json:"due,omitempty"`
	Fields    []Field     `yaml:"fields" json:"fields"`
	Checks    []Check     `yaml:"checks,omitempty" json:"-"`
	Version   int64       `yaml:"-" json:"version"`
}

// Span names the two fields of work that runs over days; both days are included.
type Span struct {
	From  string `yaml:"from" json:"from"`
	Until string `yaml:"until" json:"until"`
}

// State names the first and the last day in force, and what makes two entries the same thing.
type State struct {
	From    string   `yaml:"from" json:"from"`
	Until   string   `yaml:"until" json:"until"`
	Subject []string `yaml:"subject,omitempty" json:"subject,omitempty"`
}

// Due says what is owed: at least one entry per unit and period, by a working day after the period.
type Due struct {
	Every string   `yaml:"every" json:"every" enum:"month,quarter,year"`
	By    int      `yaml:"by" json:"by"`
	Units []string `yaml:"units,omitempty" json:"units,omitempty"` // unit types that owe it; empty: those that enter it, without district and departments
}

// Field is one field of a kind. Keys and types never change.
type Field struct {
	Key      string      `yaml:"key" json:"key"`
	Type     string      `yaml:"type" json:"type" enum:"date,text,long-text,count,number,weight,money,choice,ref,unit,person,photo,file,bool,group,geo"`
	Title    i18n.Label  `yaml:"title" json:"title"`
	Help     *i18n.Label `yaml:"help,omitempty" json:"help,omitempty"`
	Required bool        `yaml:"required,omitempty" json:"required"`
	Decimals int         `yaml:"decimals,omitempty" json:"decimals"`
	Unit     *i18n.Label `yaml:"unit,omitempty" json:"unit,omitempty"`
	Min      *int64      `yaml:"min,omitempty" json:"min,omitempty"` // for quantities at the field's scale; for photos a number, never above 0
	Max      *int64      `yaml:"max,omitempty" json:"max,omitempty"` // for texts in characters
	Basis    []string    `yaml:"basis,omitempty" json:"basis,omitempty"`
	Options  []Option    `yaml:"options,omitempty" json:"options,omitempty"`
	Of       string      `yaml:"of,omitempty" json:"of,omitempty"`
	Types    []string    `yaml:"types,omitempty" json:"types,omitempty"`
	Personal bool        `yaml:"personal,omitempty" json:"personal,omitempty"`
	Fields   []Field     `yaml:"fields,omitempty" json:"fields,omitempty"`
}

// Option is one choice.
type Option struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
}

// Check is a rule over one entry: a hint (warn) or a refusal (error).
type Check struct {
	When  string     `yaml:"when"`
	Say   i18n.Label `yaml:"say"`
	Level string     `yaml:"level"`
}

// Lasting reports whether entries are states rather than events of a day.
func (k *Kind) Lasting() bool { return k.State != nil }

// Units are the words of unit types an entry may be about.
func (k *Kind) Units() []string {
	if len(k.About) > 0 {
		return k.About
	}
	return k.EnteredBy
}

// TakesUnit reports whether an entry may be about a unit of type t.
func (k *Kind) TakesUnit(t org.Type) bool {
	for _, w := range k.Units() {
		if t.Matches(w) {
			return true
		}
	}
	return len(k.Units()) == 0
}

// ByLine reports whether the kind lets line heads enter or verify.
func (k *Kind) ByLine() bool {
	for _, list := range [][]string{k.Levels, k.EnteredBy} {
		for _, w := range list {
			if strings.HasPrefix(w, "line:") {
				return true
			}
		}
	}
	return false
}

// Field finds a field by key.
func (k *Kind) Field(key string) (Field, bool) {
	for _, f := range k.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Owes reports whether units of type t owe the kind.
func (k *Kind) Owes(t org.Type) bool {
	if k.Due == nil {
		return false
	}
	if len(k.Due.Units) > 0 {
		return matchesAny(t, k.Due.Units)
	}
	return t != org.District && t != org.Department && enters(k, t)
}

// DueDay is the last day on which an entry dated day is in time, and the period it is owed for; ok is false when nothing is owed.
func (k *Kind) DueDay(day period.Day) (due period.Day, p period.Period, ok bool) {
	if k.Due == nil {
		return 0, p, false
	}
	y, m, _ := day.YMD()
	switch k.Due.Every {
	case "month":
		p = period.MonthOf(day)
	case "quarter":
		q := (m-1)/3*3 + 1
		p = period.Period{From: period.Date(y, q, 1), Until: period.Date(y, q+3, 1)}
	default:
		p = period.Year(y)
	}
	return period.WorkingDay(p.Until, max(k.Due.By, 1)), p, true
}

// Type is the pack object type "kinds".
func Type() pack.Type {
	return pack.Type{
		Dir: "kinds",
		Decode: func(o *pack.Object) (any, error) {
			k := &Kind{Version: o.Version}
			if err := pack.Strict(o, k); err != nil {
				return nil, err
			}
			if k.TitleOf == "" {
				for _, f := range k.Fields {
					if f.Type == "text" {
						k.TitleOf = f.Key
						break
					}
				}
			}
			return k, nil
		},
		Check:  checkKind,
		Schema: kindSchema,
	}
}

var (
	fieldKey  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	prefixKey = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,5}$`)
	unitWords = map[string]bool{}
)

func init() {
	for _, t := range org.Types {
		unitWords[string(t.Type)] = true
	}
}

var fieldTypes = []string{"date", "text", "long-text", "count", "number", "weight", "money", "choice", "ref", "unit", "person", "photo", "file", "geo", "bool", "group"}

func checkKind(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
	k := o.Value.(*Kind)
	bad := func(key, zh, en string) { faults = append(faults, o.Fault(key, zh, en)) }
	if k.Title.Zh == "" || k.Title.En == "" {
		bad("title", "标题要有中文和英文", "the title needs zh and en")
	}
	if !prefixKey.MatchString(k.Prefix) {
		bad("prefix", "编号前缀应为 2 至 6 个大写字母或数字", "the number prefix must be 2 to 6 capital letters or digits")
	}
	for _, other := range set.List("kinds") {
		if v, ok := other.Value.(*Kind); ok && other != o && v.Prefix == k.Prefix && other.Key < o.Key {
			bad("prefix", "编号前缀 "+k.Prefix+" 已用于 "+other.Key, "number prefix "+k.Prefix+" is used by "+other.Key)
		}
	}
	modes := 0
	date := func(key, name string) {
		if f, ok := k.Field(name); !ok || f.Type != "date" {
			bad(key, "没有日期字段 "+name, "there is no date field "+name)
		}
	}
	if k.Day != "" {
		modes++
		date("day", k.Day)
	}
	if k.Span != nil {
		modes++
		date("span", k.Span.From)
		date("span", k.Span.Until)
	}
	if k.State != nil {
		modes++
		date("state", k.State.From)
		date("state", k.State.Until)
		for _, s := range k.State.Subject {
			if _, ok := k.Field(s); !ok && s != "unit" {
				bad("state", "没有字段 "+s, "there is no field "+s)
			}
		}
	}
	if modes != 1 {
		bad("day", "day、span、state 三者写一个", "write exactly one of day, span and state")
	}
	if k.Due != nil && k.Due.Every != "month" && k.Due.Every != "quarter" && k.Due.Every != "year" {
		bad("due", "every 只能是 month、quarter、year", "every must be month, quarter or year")
	}
	lists := map[string][]string{"about": k.About, "entered_by": k.EnteredBy, "levels": k.Levels}
	if k.Due != nil {
		lists["due"] = k.Due.Units
	}
	for key, list := range lists {
		for _, w := range list {
			if !unitWords[strings.TrimPrefix(w, "line:")] {
				bad(key, "没有单位类型 "+w, "there is no unit type "+w)
			}
		}
	}
	in := map[string]formula.Type{}
	seen := map[string]bool{}
	for i, f := range k.Fields {
		faults = append(faults, checkField(set, o, i, f, true)...)
		if seen[f.Key] || f.Key == "unit" {
			faults = append(faults, o.FaultAt("fields", i, "key", "字段 "+f.Key+" 重复或与内置字段同名", "field "+f.Key+" is repeated or built in"))
		}
		seen[f.Key] = true
		switch f.Type {
		case "count", "number", "weight", "money", "date", "unit":
			in[f.Key] = formula.Int
		case "bool":
			in[f.Key] = formula.Bool
		case "text", "long-text", "choice", "ref", "person":
			in[f.Key] = formula.Text
		}
		if len(f.Basis) > 0 {
			in[f.Key+"_basis"] = formula.Text
		}
	}
	if k.TitleOf != "" {
		if _, ok := k.Field(k.TitleOf); !ok {
			bad("title_field", "没有字段 "+k.TitleOf, "there is no field "+k.TitleOf)
		}
	}
	for i, c := range k.Checks {
		if _, err := formula.Compile(c.When, in, formula.Bool); err != nil {
			faults = append(faults, o.FaultAt("checks", i, "when", "条件有误："+err.Error(), "the condition is wrong: "+err.Error()))
		}
		if c.Level != "warn" && c.Level != "error" {
			faults = append(faults, o.FaultAt("checks", i, "level", "level 只能是 warn 或 error", "level must be warn or error"))
		}
	}
	return faults
}

func checkField(set *pack.Set, o *pack.Object, i int, f Field, top bool) (faults []pack.Fault) {
	bad := func(key, zh, en string) { faults = append(faults, o.FaultAt("fields", i, key, zh, en)) }
	if !fieldKey.MatchString(f.Key) {
		bad("key", "字段 key 应为小写字母、数字和下划线", "a field key is lower-case letters, digits and underscores")
	}
	if f.Title.Zh == "" || f.Title.En == "" {
		bad("title", "标题要有中文和英文", "the title needs zh and en")
	}
	known := false
	for _, t := range fieldTypes {
		known = known || t == f.Type
	}
	switch {
	case !known:
		bad("type", "没有字段类型 "+f.Type, "there is no field type "+f.Type)
	case f.Type == "choice" && len(f.Options) == 0:
		bad("options", "choice 要列出选项", "a choice needs options")
	case f.Type == "ref" && set.Get("kinds", f.Of) == nil:
		bad("of", "没有台账种类 "+f.Of, "there is no kind "+f.Of)
	case f.Type == "group" && !top:
		bad("type", "分组只能有一层", "groups are one level deep")
	case f.Type == "photo" && (f.Required || f.Min != nil && *f.Min > 0):
		bad("min", "照片不得强制（国办函〔2026〕12号）", "a photo is never forced (国办函〔2026〕12号)")
	case f.Decimals < 0 || f.Decimals > 6:
		bad("decimals", "小数位应为 0 至 6", "decimals must be 0 to 6")
	}
	for _, b := range f.Basis {
		if b != "counted" && b != "estimated" {
			bad("basis", "basis 只能是 counted、estimated", "basis is counted or estimated")
		}
	}
	for _, t := range f.Types {
		if !unitWords[t] {
			bad("types", "没有单位类型 "+t, "there is no unit type "+t)
		}
	}
	for _, g := range f.Fields {
		for _, x := range checkField(set, o, i, g, false) {
			x.Key += "." + g.Key
			faults = append(faults, x)
		}
	}
	return faults
}

func kindSchema() map[string]any {
	str := map[string]any{"type": "string"}
	list := map[string]any{"type": "array", "items": str}
	label := map[string]any{"type": "object", "required": []string{"zh", "en"}, "properties": map[string]any{"zh": str, "en": str}, "additionalProperties": false}
	option := map[string]any{"type": "object", "required": []string{"key", "title"}, "properties": map[string]any{"key": str, "title": label}, "additionalProperties": false}
	field := map[string]any{"type": "object", "required": []string{"key", "type", "title"}, "additionalProperties": false, "properties": map[string]any{
		"key": str, "type": map[string]any{"enum": fieldTypes}, "title": label, "help": label, "required": map[string]any{"type": "boolean"},
		"decimals": map[string]any{"type": "integer"}, "unit": label, "min": map[string]any{"type": "integer"}, "max": map[string]any{"type": "integer"},
		"basis": list, "options": map[string]any{"type": "array", "items": option}, "of": str, "types": list, "personal": map[string]any{"type": "boolean"},
		"fields": map[string]any{"type": "array"}}}
	return map[string]any{"type": "object", "required": []string{"key", "title", "prefix", "fields"}, "additionalProperties": false, "properties": map[string]any{
		"key": str, "title": label, "prefix": str, "group": label, "source": label, "extends": str, "day": str,
		"span":        map[string]any{"type": "object", "properties": map[string]any{"from": str, "until": str}},
		"state":       map[string]any{"type": "object", "properties": map[string]any{"from": str, "until": str, "subject": list}},
		"title_field": str, "about": list, "entered_by": list, "levels": list,
		"due":    map[string]any{"type": "object", "properties": map[string]any{"every": map[string]any{"enum": []string{"month", "quarter", "year"}}, "by": map[string]any{"type": "integer"}, "units": list}},
		"fields": map[string]any{"type": "array", "items": field},
		"checks": map[string]any{"type": "array", "items": map[string]any{"type": "object", "properties": map[string]any{"when": str, "say": label, "level": map[string]any{"enum": []string{"warn", "error"}}}}},
	}}
}

// KindOf finds a kind in the effective set.
func KindOf(set *pack.Set, key string) (*Kind, error) {
	o := set.Get("kinds", key)
	if o == nil {
		return nil, ErrKind.With("kind", key)
	}
	k, ok := o.Value.(*Kind)
	if !ok {
		return nil, fmt.Errorf("kind %s was not decoded", key)
	}
	return k, nil
}

// Kinds lists all kinds by key.
func Kinds(set *pack.Set) []*Kind {
	var out []*Kind
	for _, o := range set.List("kinds") {
		if k, ok := o.Value.(*Kind); ok {
			out = append(out, k)
		}
	}
	return out
}
