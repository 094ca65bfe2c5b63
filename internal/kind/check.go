package kind

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"sifen/internal/formula"
	"sifen/internal/org"
	"sifen/internal/pack"
)

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

var fieldTypes = []string{
	"date", "text", "long-text", "count", "number", "weight", "money", "choice", "ref", "unit", "person", "photo", "file", "geo", "bool", "group",
}

// UnitWords are the words for unit types.
func UnitWords() []string { return slices.Sorted(maps.Keys(unitWords)) }

// FieldKeys lists the keys of fields of some types; no type is every one.
func FieldKeys(fields []Field, types ...string) (keys []string) {
	for _, f := range fields {
		if len(types) == 0 || slices.Contains(types, f.Type) {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

func check(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
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
			known := pack.Known(name, FieldKeys(k.Fields, "date"))
			bad(key, "没有日期字段 "+name+known.Zh, "there is no date field "+name+known.En)
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
				known := pack.Known(s, append(FieldKeys(k.Fields), "unit"))
				bad("state", "没有字段 "+s+known.Zh, "there is no field "+s+known.En)
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
				known := pack.Known(w, UnitWords())
				bad(key, "没有单位类型 "+w+known.Zh, "there is no unit type "+w+known.En)
			}
		}
	}
	in := Inputs(k.Fields)
	seen := map[string]bool{}
	for i, f := range k.Fields {
		faults = append(faults, checkField(set, o, i, f, true)...)
		if seen[f.Key] || f.Key == "unit" {
			faults = append(faults, o.FaultAt("fields", i, "key", "字段 "+f.Key+" 重复或与内置字段同名", "field "+f.Key+" is repeated or built in"))
		}
		seen[f.Key] = true
	}
	if k.TitleOf != "" {
		if _, ok := k.Field(k.TitleOf); !ok {
			known := pack.Known(k.TitleOf, FieldKeys(k.Fields))
			bad("title_field", "没有字段 "+k.TitleOf+known.Zh, "there is no field "+k.TitleOf+known.En)
		}
	}
	for i, c := range k.Checks {
		if _, err := formula.Compile(c.When, in, formula.Bool); err != nil {
			zh, en := formula.Words(err)
			faults = append(faults, o.FaultAt("checks", i, "when", "条件有误："+zh, "the condition is wrong: "+en))
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
	switch {
	case !slices.Contains(fieldTypes, f.Type):
		known := pack.Known(f.Type, fieldTypes)
		bad("type", "没有字段类型 "+f.Type+known.Zh, "there is no field type "+f.Type+known.En)
	case f.Type == "choice" && len(f.Options) == 0:
		bad("options", "choice 要列出选项", "a choice needs options")
	case f.Type == "ref" && set.Get("kinds", f.Of) == nil:
		var kinds []string
		for _, k := range set.List("kinds") {
			kinds = append(kinds, k.Key)
		}
		known := pack.Known(f.Of, kinds)
		bad("of", "没有台账种类 "+f.Of+known.Zh, "there is no kind "+f.Of+known.En)
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
			known := pack.Known(t, UnitWords())
			bad("types", "没有单位类型 "+t+known.Zh, "there is no unit type "+t+known.En)
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
