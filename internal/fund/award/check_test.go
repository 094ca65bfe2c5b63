package award

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sifen/internal/assess/score"
	"sifen/internal/formula"
)

func rule(t testing.TB, text string) *Award {
	t.Helper()
	a := &Award{}
	dec := yaml.NewDecoder(strings.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(a); err != nil {
		t.Fatal(err)
	}
	return a
}

var env = score.Env{
	Attrs: map[string]formula.Type{"households": formula.Exact, "type": formula.Text},
	Types: []string{"estate", "street", "district", "firm"},
	Sheet: func(key string) (*score.Sheet, bool) {
		return &score.Sheet{Key: key, Grades: []score.Grade{{Key: "good"}, {Key: "fail"}}}, key == "year"
	},
}

// TestExamplesAreSound finds nothing wrong with the rules of the design.
func TestExamplesAreSound(t *testing.T) {
	e := env
	e.Sheet = nil
	for key, a := range loadAwards(t) {
		for _, f := range a.Check(e) {
			t.Errorf("%s: %s: %s / %s", key, strings.Join(f.Path, "."), f.Zh, f.En)
		}
	}
}

const good = `
key: probe
title: 试奖
for: {types: [estate]}
period: year
budget: probe
sheet: year
scale: [reward, operation]
cap: 50万
quota: {per: street, value: 3, choose: rank}
inputs:
  households: {attribute: households, unit: 户, title: 户数}
  tonnes: {entry: loads, unit: 吨, title: 量}
  organics: {entry: organics, unit: 吨, title: 易腐}
  price: {entry: price, unit: 元/吨, title: 单价}
  own: {entry: own, unit: 元, title: 自筹}
parts:
  - {key: base, title: 基础, class: operation, per: [{n: households, rate: 100}], by: {grade: {good: 1, fail: 0}}, own: {value: own, share: 30%, else: match}}
  - {key: loads, title: 按吨, class: operation, per: [{n: tonnes, less: organics, rate: price}]}
  - {key: built, title: 建设, class: construction, things: {of: points, cost: audited, share: 80%, cap: 2万}}
  - {key: steps, title: 激励, class: operation, steps: {value: households, at: 1000, amount: 10万, every: 100, change: 5%, part: against}}
  - {key: place, title: 名次, class: reward, rank: {sheet: year, ties: same, rows: [{places: 1, amount: 5万}, {places: 2, amount: 3万}]}}
  - {key: pool, title: 因素, class: reward, pool: {of: 100万, factors: [{value: households, weight: 60%}, {value: tonnes, weight: 40%}]}}
  - {key: sum, title: 公式, class: operation, formula: {expr: households * 2.0, say: 算}}
pay: [{key: advance, share: 40%, of: base, by: 03-31}, {key: settle, rest: true}]
withhold: [{share: 20%, while: {n: tonnes}}]
split: [{to: community, share: 60%}, {to: firm, share: 40%}]
publicise: {workdays: 5}
recover: {when: 虚报, bar: 1 year}
reconcile: {input: tonnes, by: 3}
`

func TestCheckNamesThePlaceAndTheCure(t *testing.T) {
	if f := rule(t, good).Check(env); len(f) > 0 {
		t.Fatalf("a sound rule: %v", f)
	}
	for _, c := range []struct{ from, to, path, say string }{
		{"ties: same, ", "", "parts.place.rank", "并列怎么发？写 ties"},
		{"share: 60%}, {to", "share: 70%}, {to", "split", "拆分合计 110%"},
		{", part: against", "", "parts.steps.steps", "不足一档怎么算？写 part"},
		{"part: against", "part: down", "parts.steps.steps.part", "“down”读不懂"},
		{"n: households, rate: 100", "n: house_holds, rate: 100", "parts.base.per", "是否“households”"},
		{"types: [estate]", "types: [estates]", "for.types", "是否“estate”"},
		{"less: organics", "less: households", "parts.loads.per", "吨 − 户"},
		{"unit: 元/吨", "unit: 元/户", "parts.loads.per", "吨 × 元/户"},
		{"rate: 100", "rate: -100", "parts.base.per", "class 应为 charge"},
		{"class: reward, rank", "class: prize, rank", "parts.place.class", "“prize”读不懂"},
		{"scale: [reward, operation]", "scale: [construction]", "scale", "建设承诺不能压缩"},
		{"scale: [reward, operation]", "scale: [reward, reward]", "scale", "写了两次"},
		{"weight: 60%", "weight: 50%", "parts.pool.pool", "合计 90%"},
		{"share: 40%, of: base", "share: 40%, rest: true", "pay", "写 share 或 rest"},
		{"{key: settle, rest: true}", "{key: settle, share: 30%}", "pay", "剩下的什么时候付"},
		{"{key: settle, rest: true}", "{key: settle, share: 80%}", "pay", "分期合计 120%"},
		{"by: 03-31", "by: 31-03", "pay", "03-31"},
		{"good: 1, fail: 0", "good: 1", "parts.base.by", "等次“fail”没有写多少"},
		{"good: 1, fail: 0", "good: 1, fail: 0, best: 2", "parts.base.by", "没有等次“best”"},
		{"rank: {sheet: year", "rank: {sheet: yearly", "parts.place.rank.sheet", "没有评分表“yearly”"},
		{"choose: rank", "choose: \"\"", "quota.choose", "写 choose"},
		{"bar: 1 year", "bar: 一年", "recover.bar", "1 year"},
		{"workdays: 5", "workdays: 0", "publicise", "1 到 60"},
		{"budget: probe", "budget: \"\"", "budget", "从哪笔预算付"},
		{"expr: households * 2.0", "expr: households * twos", "parts.sum.formula.expr", "twos"},
		{"steps: {value: households", "grade: {good: 1}, steps: {value: households", "parts.steps", "现在有 2 种"},
		{"key: built", "key: base", "parts.base", "用了两次"},
		{"share: 80%, cap", "share: 180%, cap", "parts.built.things", "0 到 100%"},
		{"share: 30%, else", "else", "parts.base.own", "at_least 或 share"},
		{"while: {n: tonnes}", "while: {}", "withhold", "条件是空的"},
		{"by: 3}", "by: 31}", "reconcile.by", "对账日"},
		{"entry: loads", "entry: loads, figure: x", "inputs.tonnes", "写且只写一个来源"},
		{"per: street", "per: streets", "quota.per", "是否“street”"},
	} {
		text := strings.Replace(good, c.from, c.to, 1)
		if text == good {
			t.Fatalf("%q is not in the rule", c.from)
		}
		found := false
		faults := rule(t, text).Check(env)
		for _, f := range faults {
			found = found || strings.Join(f.Path, ".") == c.path && strings.Contains(f.Zh, c.say) && f.En != "" && !strings.Contains(f.Zh+f.En, "%!")
		}
		if !found {
			t.Errorf("%s → %s: want at %s: %s; have %v", c.from, c.to, c.path, c.say, faults)
		}
	}
}
