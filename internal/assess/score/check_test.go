package score

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sifen/internal/formula"
)

func sheet(t testing.TB, text string) *Sheet {
	t.Helper()
	s := &Sheet{}
	if err := yaml.Unmarshal([]byte(text), s); err != nil {
		t.Fatal(err)
	}
	return s
}

var env = Env{
	Attrs: map[string]formula.Type{"area": formula.Text, "households": formula.Exact, "allowance": formula.Exact, "kitchen_target": formula.Exact,
		"recyclable_target": formula.Exact},
	Types: []string{"estate", "street", "institution", "school", "carrier", "community", "village", "district", "firm", "station"},
}

// TestExamplesAreSound finds nothing wrong with the sheets of the design.
func TestExamplesAreSound(t *testing.T) {
	all := loadSheets(t)
	e := env
	e.Sheet = func(key string) (*Sheet, bool) { s, ok := all[key]; return s, ok }
	for key, s := range all {
		for _, f := range s.Check(e) {
			t.Errorf("%s: %s: %s / %s", key, strings.Join(f.Path, "."), f.Zh, f.En)
		}
	}
}

const good = `
key: probe
title: 试表
for: {types: [estate]}
period: month
visits: {checklist: estate}
max: 30
inputs:
  kitchen_share: {figure: food.share, unit: "%", title: 分出率}
  kitchen: {figure: food.weight, unit: 千克, title: 厨余}
  all: {figure: waste.weight, unit: 吨, title: 全部}
  aware: {survey: residents, unit: "%", title: 知晓率}
  letter: {document: letter, by: estate, title: 责任书}
blocks:
  - key: a
    title: 宣传
    max: 20
    items:
      - {key: board, title: 公示牌, max: 5, deduct: [{n: board, what: 没有公示牌, zero: true}]}
      - {key: aware, title: 知晓率, max: 10, deduct: [{value: aware, below: 90%, every: 1%, each: 1, part: up}]}
      - {key: paper, title: 责任书, max: 5, earn: [{n: letter, each: 5}]}
  - key: b
    title: 实效
    max: 10
    items: [{key: share, title: 分出率, max: 10, bands: {value: kitchen_share, rows: [{from: 20%, points: 10}, {from: 10%, points: 5}]}}]
cap_if: [{n: fake, to: 18}]
grades: [{key: good, title: 好, from: 90%}, {key: bad, title: 差, from: 0%}]
lists: [{key: red, title: 红榜, first: 3}]
groups: [{key: town, title: 城区, where: area == "urban"}]
objection: {workdays: 3, until: "17:30"}
`

func TestCheckNamesThePlaceAndTheCure(t *testing.T) {
	e := env
	e.Checklist = func(key string) (map[string]bool, bool) {
		return map[string]bool{"board": false, "fake": false, "residents": true}, key == "estate"
	}
	e.Figure = func(key string) (string, bool) {
		u, ok := map[string]string{"food.share": "%", "food.weight": "千克", "waste.weight": "吨"}[key]
		return u, ok
	}
	e.Parameter = func(string) bool { return false }
	self := sheet(t, good)
	e.Sheet = func(key string) (*Sheet, bool) { return self, key == "probe" }
	if f := self.Check(e); len(f) > 0 {
		t.Fatalf("a sound sheet: %v", f)
	}
	for _, c := range []struct{ from, to, path, say string }{
		{"max: 5, earn", "max: 3, earn", "blocks.a", "“宣传”各项满分合计 18，块写的是 20"},
		{"max: 30", "max: 100", "max", "各块满分合计 30，表写的是 100"},
		{", part: up", "", "blocks.a.items.aware", "“知晓率”不足 1 个百分点怎么算？写 part"},
		{"n: letter, each: 5", "n: letter, each: 3", "blocks.a.items.paper", "“责任书”最多得 3，够不到 5"},
		{"from: 10%, points: 5", "from: 10%, points: 12", "blocks.b.items.share", "第 2 档 12 分超过满分 10"},
		{"from: 10%, points: 5", "from: 30%, points: 5", "blocks.b.items.share", "第 2 档永远到不了"},
		{"value: kitchen_share", "value: kitchen_rate", "blocks.b.items.share", "是否“kitchen_share”"},
		{"bands: {value: kitchen_share, rows: [{from: 20%, points: 10}, {from: 10%, points: 5}]}", "ratio: {value: kitchen, to: all}",
			"blocks.b.items.share", "千克 ÷ 吨"},
		{"figure: food.weight, unit: 千克", "figure: food.weight, unit: 吨", "inputs.kitchen", "单位是千克，这里写的是吨"},
		{"figure: food.share", "figure: food.shares", "inputs.kitchen_share", "没有指标“food.shares”"},
		{"survey: residents", "survey: board", "inputs.aware", "没有问几人几人的项目“board”"},
		{"survey: residents", "survey: estate", "inputs.aware", "没有问几人几人的项目“aware”"},
		{"checklist: estate", "checklist: estates", "visits.checklist", "没有检查表“estates”"},
		{"period: month", "period: fortnight", "period", "“fortnight”读不懂"},
		{"types: [estate]", "types: [estates]", "for.types", "是否“estate”"},
		{"n: fake, to: 18", "n: fake", "cap_if", "写 to"},
		{"n: fake, to: 18", "n: faked, to: 18", "cap_if", "是否“fake”"},
		{`area == "urban"`, `area == 3`, "groups.town", "条件第 6 个字符"},
		{`17:30`, `25:30`, "objection.until", "17:30"},
		{"key: bad, title: 差, from: 0%", "key: bad, title: 差, from: 95%", "grades.bad", "永远到不了"},
		{"first: 3", "grade: [best]", "lists.red", "没有等次“best”"},
		{"key: paper", "key: board", "blocks.a.items.board", "用了两次"},
		{"earn: [{n: letter", "judged: {}, earn: [{n: letter", "blocks.a.items.paper", "现在有 2 种"},
		{"figure: waste.weight", "score: probe, over: self", "inputs.all", "绕成一圈"},
		{"bands: {value: kitchen_share, rows: [{from: 20%, points: 10}, {from: 10%, points: 5}]}",
			"formula: {expr: max * kitchen_share + kitchens, say: 算}", "blocks.b.items.share.formula.expr", "公式第 23 个字符处没有名为 kitchens 的名字"},
		{"bands: {value: kitchen_share, rows: [{from: 20%, points: 10}, {from: 10%, points: 5}]}",
			"formula: {expr: \"max * 0.25 + kitchens\", say: 算}", "blocks.b.items.share.formula.expr", "公式第 14 个字符处没有名为 kitchens 的名字"},
	} {
		text := strings.Replace(good, c.from, c.to, 1)
		if text == good {
			t.Fatalf("%q is not in the sheet", c.from)
		}
		faults := sheet(t, text).Check(e)
		found := false
		for _, f := range faults {
			found = found || strings.Join(f.Path, ".") == c.path && strings.Contains(f.Zh, c.say) && f.En != "" && !strings.Contains(f.Zh+f.En, "%!")
		}
		if !found {
			t.Errorf("%s → %s: want at %s: %s; have %v", c.from, c.to, c.path, c.say, faults)
		}
	}
}
