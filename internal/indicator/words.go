package indicator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/period"
	"sifen/internal/unit"
)

// Display writes a value in the forms official texts use. form is "", "yu", "wan", "percent", "terms" or "raw".
// An undefined value is "—".
func (v Value) Display(form string) i18n.Label {
	same := func(s string) i18n.Label { return i18n.Label{Zh: s, En: s} }
	d := v.Def
	if !v.Defined && form != "terms" {
		return same("—")
	}
	switch {
	case form == "terms" && v.HasTerms:
		return same(unit.Decimal(v.Part, 0) + "/" + unit.Decimal(v.Of, 0))
	case form == "percent" && v.HasTerms || d.Measure == Ratio:
		return same(unit.Percent(v.Part, v.Of, 1))
	case form == "yu":
		zh, en := unit.Yu(v.A, d.Decimals)
		return i18n.Label{Zh: zh, En: en}
	case form == "wan":
		zh, en := unit.Wan(v.A, d.Decimals)
		return i18n.Label{Zh: zh, En: en}
	case form == "raw":
		return same(unit.Decimal(v.A, d.Decimals))
	}
	return i18n.Label{Zh: unit.Decimal(v.A, d.Decimals), En: unit.Group(v.A, d.Decimals)}
}

// Screen writes a value for a page, with thousands separators; a coverage shows its part.
func (v Value) Screen() string {
	switch {
	case !v.Defined:
		return "—"
	case v.Def.Measure == Ratio:
		return unit.Percent(v.Part, v.Of, 1)
	}
	return unit.Group(v.A, v.Def.Decimals)
}

// Titles name what definitions are about: kinds, fields, options of choices, other figures, unit types.
type Titles struct {
	Kind   func(kind string) i18n.Label
	Field  func(kind, field string) i18n.Label
	Option func(kind, field, option string) i18n.Label
	Figure func(key string) i18n.Label
	Type   func(unitType string) i18n.Label
}

var comparison = regexp.MustCompile(`^(\w+)\s*(==|!=|>=|<=|>|<)\s*(?:"([^"]*)"|'([^']*)'|(\d+))$`)

// condition words a where of comparisons joined by && or ||; anything richer is shown as it is written.
func (d *Def) condition(t Titles) i18n.Label {
	if d.Where == "" {
		return i18n.Label{}
	}
	raw := i18n.Label{Zh: "，条件：" + d.Where, En: ", where " + d.Where}
	if strings.Contains(d.Where, "&&") && strings.Contains(d.Where, "||") || strings.ContainsAny(d.Where, "()[]+*") {
		return raw
	}
	join, sep := i18n.Label{Zh: "且", En: " and "}, "&&"
	if strings.Contains(d.Where, "||") {
		join, sep = i18n.Label{Zh: "或", En: " or "}, "||"
	}
	signs := map[string]i18n.Label{"==": {Zh: "为", En: "is"}, "!=": {Zh: "不是", En: "is not"}, ">": {Zh: "大于", En: "is more than"},
		"<":  {Zh: "小于", En: "is less than"},
		">=": {Zh: "不小于", En: "is at least"}, "<=": {Zh: "不大于", En: "is at most"}}
	var zh, en []string
	for _, c := range strings.Split(d.Where, sep) {
		c = strings.TrimSpace(c)
		m := comparison.FindStringSubmatch(c)
		if m == nil {
			if f := t.Field(d.RecordKind(), c); f.Zh != c {
				zh, en = append(zh, "「"+f.Zh+"」"), append(en, "“"+f.En+"”")
				continue
			}
			return raw
		}
		f, v := t.Field(d.RecordKind(), m[1]), i18n.Label{Zh: m[5], En: m[5]}
		if m[5] == "" {
			v = t.Option(d.RecordKind(), m[1], m[3]+m[4])
		}
		zh, en = append(zh, "「"+f.Zh+"」"+signs[m[2]].Zh+"「"+v.Zh+"」"), append(en, "“"+f.En+"” "+signs[m[2]].En+" “"+v.En+"”")
	}
	return i18n.Label{Zh: "，" + strings.Join(zh, join.Zh), En: ", where " + strings.Join(en, join.En)}
}

// Words says in a sentence what a figure counts.
func (d *Def) Words(p period.Period, unitName string, t Titles) i18n.Label {
	kind, field, figure, types := t.Kind, t.Field, t.Figure, t.Type
	k := kind(d.RecordKind())
	last := p.Last()
	when := i18n.Label{Zh: fmt.Sprintf("%s至%s", p.From.Zh(), last.Zh()), En: fmt.Sprintf("From %s to %s", p.From, last)}
	on := i18n.Label{Zh: last.Zh(), En: "On " + last.String()}
	f := field(d.RecordKind(), d.Field)
	cond := d.condition(t)
	of, part := figure(d.OfKey()), figure(d.Part)
	say := func(zh, en string) i18n.Label { return i18n.Label{Zh: zh, En: en} }
	var out i18n.Label
	switch d.Measure {
	case Count:
		what := say("一条记录计 1", "one record counts 1")
		if d.Group != "" {
			what = say("每条记录的每一项计 1", "every item of a record counts 1")
		}
		out = say(fmt.Sprintf("%s，%s已核实的「%s」条数，%s%s。", when.Zh, unitName, k.Zh, what.Zh, cond.Zh),
			fmt.Sprintf("%s, verified records of “%s” in %s; %s%s.", when.En, k.En, unitName, what.En, cond.En))
	case Sum:
		out = say(fmt.Sprintf("%s，%s已核实的「%s」中「%s」之和%s。", when.Zh, unitName, k.Zh, f.Zh, cond.Zh),
			fmt.Sprintf("%s, sum of “%s” over verified records of “%s” in %s%s.", when.En, f.En, k.En, unitName, cond.En))
	case Stock:
		if d.Field == "" {
			out = say(fmt.Sprintf("%s，%s在册且已核实的「%s」数%s。", on.Zh, unitName, k.Zh, cond.Zh),
				fmt.Sprintf("%s, verified “%s” in force in %s%s.", on.En, k.En, unitName, cond.En))
		} else {
			out = say(fmt.Sprintf("%s，%s在册且已核实的「%s」中「%s」之和%s。", on.Zh, unitName, k.Zh, f.Zh, cond.Zh),
				fmt.Sprintf("%s, sum of “%s” over verified “%s” in force in %s%s.", on.En, f.En, k.En, unitName, cond.En))
		}
	case Level:
		out = say(fmt.Sprintf("%s，%s各对象最近一次「%s」的「%s」之和%s。", on.Zh, unitName, k.Zh, f.Zh, cond.Zh),
			fmt.Sprintf("%s, sum of the latest “%s” of each subject of “%s” in %s%s.", on.En, f.En, k.En, unitName, cond.En))
	case Distinct:
		key := field(d.Kind, d.KeyField)
		if d.KeyField == "unit" {
			key = say("单位", "unit")
		}
		w := when
		if d.Lasting {
			w = on
		}
		out = say(fmt.Sprintf("%s，%s已核实的「%s」中不同「%s」的个数，同一个只计一次%s。", w.Zh, unitName, k.Zh, key.Zh, cond.Zh),
			fmt.Sprintf("%s, number of different “%s” among verified “%s” in %s, each counted once%s.", w.En, key.En, k.En, unitName, cond.En))
	case Coverage:
		var zh, en []string
		if d.Must != nil {
			for _, t := range d.Must.Types {
				l := types(t)
				zh, en = append(zh, l.Zh), append(en, l.En)
			}
		}
		out = say(fmt.Sprintf("%s，%s应做的单位（%s）中，「%s」已核实且在做的个数；两数都列出。", on.Zh, unitName, strings.Join(zh, "、"), k.Zh),
			fmt.Sprintf("%s, of all units that should (%s) in %s, those with verified “%s” in force; both numbers are shown.", on.En,
				strings.Join(en, ", "), unitName, k.En))
	case Gap:
		out = say(fmt.Sprintf("%s，%s「%s」的应做单位中还没有做到的个数。", on.Zh, unitName, of.Zh),
			fmt.Sprintf("%s, units of %s that should be in “%s” and are not yet.", on.En, unitName, of.En))
	case Ratio:
		out = say(fmt.Sprintf("「%s」除以「%s」；底数为空时没有数值。", part.Zh, of.Zh), fmt.Sprintf("“%s” divided by “%s”; without a base there is no value.", part.En, of.En))
	case Mean:
		per := figure(d.Per)
		out = say(fmt.Sprintf("「%s」除以「%s」，四舍五入。", of.Zh, per.Zh), fmt.Sprintf("“%s” divided by “%s”, rounded.", of.En, per.En))
	case Formula:
		var zh, en []string
		of := d.OfMap()
		for _, n := range slices.Sorted(maps.Keys(of)) {
			l := figure(of[n])
			zh, en = append(zh, n+"＝「"+l.Zh+"」"), append(en, n+" = “"+l.En+"”")
		}
		out = say(fmt.Sprintf("按算式 %s 计算，%s。", d.Expr, strings.Join(zh, "，")), fmt.Sprintf("Computed as %s, with %s.", d.Expr, strings.Join(en, ", ")))
	}
	out.Zh += fmt.Sprintf("口径第 %d 版。", d.Version)
	out.En += fmt.Sprintf(" Definition version %d.", d.Version)
	return out
}

func schema() map[string]any {
	label := map[string]any{"type": "object", "required": []string{"zh", "en"}, "properties": map[string]any{"zh": map[string]any{"type": "string"},
		"en": map[string]any{"type": "string"}}, "additionalProperties": false}
	str := map[string]any{"type": "string"}
	return map[string]any{
		"type": "object", "required": []string{"key", "measure", "title"}, "additionalProperties": false,
		"properties": map[string]any{
			"key": str, "title": label, "unit": label, "source": label, "decimals": map[string]any{"type": "integer", "minimum": 0, "maximum": 6},
			"names": map[string]any{"type": "array",
				"items": str}, "kind": str, "field": str, "group": str, "where": str, "subject": str, "key_field": str, "done": str, "part": str,
			"per": str, "expr": str,
			"measure": map[string]any{"enum": []string{Count, Sum, Stock, Level, Distinct, Ratio, Mean, Formula, Coverage, Gap}},
			"must":    map[string]any{"type": "object", "properties": map[string]any{"types": map[string]any{"type": "array", "items": str}}},
			"of":      map[string]any{"oneOf": []any{str, map[string]any{"type": "object", "additionalProperties": str}}},
		},
	}
}
