package indicator_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/pack"
)

const lots = `
key: lot
title: {zh: 批次, en: Lot}
prefix: PC
group: {zh: 测试, en: Test}
day: day
entered_by: [community]
fields:
  - {key: day, type: date, required: true, title: {zh: 日期, en: Day}}
  - {key: load, type: weight, title: {zh: 重量, en: Load}}
  - {key: cost, type: money, title: {zh: 费用, en: Cost}}
  - {key: people, type: count, unit: {zh: 人, en: people}, title: {zh: 人数, en: People}}
  - {key: hours, type: number, decimals: 1, unit: {zh: 小时, en: h}, title: {zh: 时长, en: Hours}}
  - {key: plain, type: number, decimals: 2, title: {zh: 数, en: Number}}
  - {key: plate, type: text, title: {zh: 车牌, en: Plate}}
  - {key: photos, type: photo, title: {zh: 照片, en: Photos}}
  - {key: papers, type: file, title: {zh: 附件, en: Papers}}
`

// freshFaults checks figures over lots.
func freshFaults(t *testing.T, figures string) []pack.Fault {
	t.Helper()
	r := pack.NewRegistry(kind.Type(), indicator.Type(indicator.NewKeepers()))
	p, faults := r.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: own\n")}, "kinds/lot.yaml": {Data: []byte(lots)},
		"indicators/own.yaml": {Data: []byte(figures)}})
	if len(faults) == 0 {
		_, faults = r.Build(p)
	}
	return faults
}

// A figure is printed in a unit that is that of the number, or it is refused with what is right.
func TestUnitsOfFigures(t *testing.T) {
	for name, c := range map[string]struct{ def, zh, en string }{
		"grams as tonnes":    {"measure: sum, field: load, unit: {zh: 吨, en: t}", "的单位 吨、小数位 0 与所加的数不符", "右"},
		"grams in tonnes":    {"measure: sum, field: load, decimals: 6, unit: {zh: 吨, en: t}", "", ""},
		"grams in kilograms": {"measure: sum, field: load, decimals: 3, unit: {zh: 千克, en: kg}", "", ""},
		"grams":              {"measure: sum, field: load, unit: {zh: 克, en: g}", "", ""},
		"a weight without a unit": {"measure: sum, field: load", "没有写单位；可用：克（decimals: 0）、千克（decimals: 3）、吨（decimals: 6）",
			"has no unit; right are: 克 (decimals: 0)"},
		"a weight in a word unknown": {"measure: sum, field: load, unit: {zh: 车皮, en: cars}", "的单位 车皮 不认识", "which is not known"},
		"a weight in people":         {"measure: sum, field: load, unit: {zh: 人, en: people}", "会印错", "a wrong number would be printed"},
		"fen as yuan": {"measure: sum, field: cost, unit: {zh: 元, en: yuan}", "可用：分（decimals: 0）、元（decimals: 2）、万元（decimals: 6）",
			"元 (decimals: 2)"},
		"fen in yuan":                {"measure: sum, field: cost, decimals: 2, unit: {zh: 元, en: yuan}", "", ""},
		"fen in ten thousand yuan":   {"measure: sum, field: cost, decimals: 6, unit: {zh: 万元, en: 10k yuan}", "", ""},
		"yuan as ten thousands":      {"measure: sum, field: cost, decimals: 2, unit: {zh: 万元, en: 10k yuan}", "会印错", "wrong number"},
		"people":                     {"measure: sum, field: people, unit: {zh: 人次, en: people}", "", ""},
		"people without a unit":      {"measure: sum, field: people", "", ""},
		"people in ten thousands":    {"measure: sum, field: people, decimals: 4, unit: {zh: 万人次, en: 10k people}", "", ""},
		"people as ten thousands":    {"measure: sum, field: people, unit: {zh: 万人, en: 10k people}", "会印错", "wrong number"},
		"people with decimals":       {"measure: sum, field: people, decimals: 1, unit: {zh: 人, en: people}", "会印错", "wrong number"},
		"people as money":            {"measure: sum, field: people, unit: {zh: 元, en: yuan}", "会印错", "wrong number"},
		"hours":                      {"measure: sum, field: hours, decimals: 1, unit: {zh: 小时, en: h}", "", ""},
		"tenths of hours as hours":   {"measure: sum, field: hours, unit: {zh: 小时, en: h}", "会印错", "wrong number"},
		"hours as minutes":           {"measure: sum, field: hours, decimals: 1, unit: {zh: 分钟, en: min}", "会印错", "wrong number"},
		"hundredths without decimal": {"measure: sum, field: plain", "小数位应为 2", "decimals must be 2"},
		"hundredths":                 {"measure: sum, field: plain, decimals: 2, unit: {zh: 公里, en: km}", "", ""},
		"a count of records":         {"measure: count, unit: {zh: 批, en: lots}", "", ""},
		"a count of records as mass": {"measure: count, unit: {zh: 吨, en: t}", "会印错", "wrong number"},
		"a count with decimals":      {"measure: count, decimals: 2, unit: {zh: 批, en: lots}", "会印错", "wrong number"},
		"points for records":         {"measure: count, unit: {zh: 分, en: points}", "", ""},
		"seven decimals":             {"measure: count, decimals: 7", "小数位应为 0 至 6", "decimals must be 0 to 6"},
		"distinct photos":            {"measure: distinct, key_field: photos", "分不出相同和不同；可用：day、hours、people、plain、plate、unit", "cannot be told"},
		"distinct files":             {"measure: distinct, key_field: papers", "分不出相同和不同", "cannot be told"},
		"distinct plates":            {"measure: distinct, key_field: plate, unit: {zh: 辆, en: cars}", "", ""},
		"a measure there is not":     {"measure: summ, field: load", "不认识的度量 summ；可用：count、coverage", "unknown measure summ; there are: count, coverage"},
		"a field that is none":       {"measure: sum, field: lode", "不存在或不是数量；可用：cost、hours、load、people、plain", "there are: cost, hours"},
		"a template's own word":      {"measure: count, names: [单位]", "名字 单位 在模板里另有所指", "templates call something else 单位"},
	} {
		t.Run(name, func(t *testing.T) {
			faults := freshFaults(t, "key: own.x\nkind: lot\ntitle: {zh: 某数, en: Some}\n"+strings.ReplaceAll(flow(c.def), ", ", "\n")+"\n")
			if c.zh == "" {
				if len(faults) > 0 {
					t.Errorf("refused: %v", faults)
				}
				return
			}
			if c.en == "右" {
				c.en = "right are: 克 (decimals: 0), 千克 (decimals: 3), 吨 (decimals: 6)"
			}
			if len(faults) != 1 || !strings.Contains(faults[0].Message.Zh, c.zh) || !strings.Contains(faults[0].Message.En, c.en) {
				t.Errorf("%v", faults)
			}
		})
	}
}

// flow keeps the commas inside braces and brackets.
func flow(def string) string { return strings.ReplaceAll(def, ", en", " ,en") }

// Two figures of one name, two terms of two units: neither is printed.
func TestFiguresThatCouldBeTakenForAnother(t *testing.T) {
	a := "- {key: own.a, kind: lot, measure: count, names: [批数], title: {zh: 甲数, en: A}, unit: {zh: 批, en: lots}}\n"
	for name, c := range map[string]struct{ more, zh, en string }{
		"the title of another": {"- {key: own.b, kind: lot, measure: count, title: {zh: 甲数, en: B}}",
			"名字 甲数 已是指标 own.a 的", "the name 甲数 is that of figure own.a"},
		"a further name as a title": {"- {key: own.b, kind: lot, measure: count, title: {zh: 批数, en: B}}",
			"名字 批数 已是指标 own.a 的", "choose another"},
		"a further name twice": {"- {key: own.b, kind: lot, measure: count, names: [批数], title: {zh: 乙数, en: B}}",
			"名字 批数", "批数"},
		"a key as a title": {"- {key: own.b, kind: lot, measure: count, title: {zh: own.a, en: B}}",
			"名字 own.a", "own.a"},
		"a title with blanks": {"- {key: own.b, kind: lot, measure: count, title: {zh: '甲数 ', en: B}}",
			"甲数", "甲数"},
		"the same English": {"- {key: own.b, kind: lot, measure: count, title: {zh: 乙数, en: A}}", "", ""},
		"a mean in another unit": {"- {key: own.s, kind: lot, measure: sum, field: load, decimals: 6, " +
			"title: {zh: 重, en: L}, unit: {zh: 吨, en: t}}\n" +
			"- {key: own.m, measure: mean, of: own.s, per: own.a, decimals: 2, " +
			"title: {zh: 均, en: M}, unit: {zh: 千克, en: kg}}",
			"平均数的单位应与 own.s 的相同：吨", "a mean is in the unit of own.s: 吨, not 千克"},
		"a mean in the unit of its terms": {"- {key: own.s, kind: lot, measure: sum, field: load, decimals: 6, " +
			"title: {zh: 重, en: L}, unit: {zh: 吨, en: t}}\n" +
			"- {key: own.m, measure: mean, of: own.s, per: own.a, decimals: 2, " +
			"title: {zh: 均, en: M}, unit: {zh: 吨, en: t}}",
			"", ""},
		"a rate of people and yuan": {"- {key: own.p, kind: lot, measure: sum, field: people, title: {zh: 人, en: P}, unit: {zh: 人, en: people}}\n" +
			"- {key: own.c, kind: lot, measure: sum, field: cost, title: {zh: 钱, en: C}, unit: {zh: 分, en: fen}}\n" +
			"- {key: own.r, measure: ratio, part: own.p, of: own.c, " +
			"title: {zh: 率, en: R}}",
			"两项的单位（人、分）不同", "the terms are in 人 and 分"},
	} {
		t.Run(name, func(t *testing.T) {
			faults := freshFaults(t, a+c.more)
			if c.zh == "" && len(faults) > 0 || c.zh != "" && (len(faults) != 1 || !strings.Contains(faults[0].Message.Zh, c.zh) ||
				!strings.Contains(faults[0].Message.En, c.en)) {
				t.Errorf("%v", faults)
			}
		})
	}
}
