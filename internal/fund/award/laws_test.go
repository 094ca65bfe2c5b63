package award

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sifen/internal/assess/score"
	"sifen/internal/unit"
)

func claimant(name string, values map[string]int64) *Claim {
	f := &score.Facts{Unit: name, Name: name, Attrs: map[string]score.Attr{}, Values: map[string]score.Value{}}
	for k, n := range values {
		f.Values[k] = score.Value{Num: unit.Int(n)}
	}
	return &Claim{Facts: f, Things: map[string][]Thing{}, Receivers: map[string][]Receiver{}}
}

func compiled(t testing.TB, a *Award) *Version {
	t.Helper()
	v, err := Compile(a, env.Attrs)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestLaws holds the engine to what must be true of every award, over claims and budgets by chance: parts sum to the total,
// the total stays in the budget, splits sum, the order of claims changes nothing, twice is the same to the byte.
func TestLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 7))
	a := rule(t, good)
	a.Quota = nil
	a.Split = append(a.Split[:1:1], Share{To: "firm", Share: a.Split[1].Share, By: "weight", Onward: []Share{{To: "work", Share: a.Split[0].Share}}})
	v := compiled(t, a)
	for round := range 60 {
		var claims []*Claim
		for i := range 1 + r.IntN(12) {
			c := claimant(fmt.Sprint(i), map[string]int64{"households": r.Int64N(3000), "tonnes": 3 + r.Int64N(3)*r.Int64N(500), "organics": r.Int64N(3),
				"price": r.Int64N(300), "own": r.Int64N(80000)})
			c.Grade, c.Rank = []string{"good", "fail"}[r.IntN(2)], 1+r.IntN(4)
			c.Paid, c.Owed = unit.Frac(r.Int64N(900000), 100), unit.Int(r.Int64N(2)*r.Int64N(500))
			for n := range r.IntN(3) {
				c.Things["points"] = append(c.Things["points"], Thing{fmt.Sprint(n), map[string]Num{"audited": unit.Frac(r.Int64N(4000000), 100)}})
				c.Receivers["firm"] = append(c.Receivers["firm"], Receiver{fmt.Sprint(n), unit.Int(1 + r.Int64N(5))})
			}
			claims = append(claims, c)
		}
		budget := unit.Frac(r.Int64N(400000000), 100)
		res := Pay(v, claims, budget)
		total, positive := zero, zero
		for i, d := range res.Due {
			sum := zero
			for _, p := range d.Parts {
				sum, positive = sum.Add(p.Amount), positive.Add(p.Amount.Max(zero))
				stages := zero
				for _, s := range p.Stages {
					stages = stages.Add(s.Amount)
				}
				if stages.Cmp(p.Amount) != 0 {
					t.Fatalf("round %d: stages of %s sum to %s, not %s", round, p.Key, stages, p.Amount)
				}
				if p.Amount.Mul(unit.Int(100)).Floor().Div(unit.Int(100)).Cmp(p.Amount) != 0 || p.Amount.Sign() < 0 {
					t.Fatalf("round %d: %s is no money", round, p.Amount)
				}
			}
			if sum.Cmp(d.Amount) != 0 {
				t.Fatalf("round %d: parts sum to %s, not %s", round, sum, d.Amount)
			}
			if d.Amount.Cmp(*v.Cap) > 0 && len(res.Faults) == 0 {
				t.Fatalf("round %d: %s is above the cap", round, d.Amount)
			}
			split := zero
			for _, x := range d.Split {
				split = split.Add(x.Amount)
			}
			if len(d.Split) > 0 && split.Cmp(d.Amount) != 0 {
				t.Fatalf("round %d: the split sums to %s of %s", round, split, d.Amount)
			}
			if d.Batch.Add(d.Paid).Add(d.Held).Add(claims[i].Owed).Cmp(d.Amount) != 0 {
				t.Fatalf("round %d: batch %s, paid %s, held %s do not make %s", round, d.Batch, d.Paid, d.Held, d.Amount)
			}
			total = total.Add(d.Amount)
		}
		if total.Cmp(res.Amount) != 0 || positive.Cmp(budget) > 0 && len(res.Faults) == 0 {
			t.Fatalf("round %d: %s of a budget of %s, faults %v", round, positive, budget, res.Faults)
		}
		page := map[string]string{}
		for i, d := range res.Due {
			page[d.Unit] = Page(v, &Result{Due: res.Due[i : i+1]}, "en")
		}
		turned := slices.Clone(claims)
		r.Shuffle(len(turned), func(i, j int) { turned[i], turned[j] = turned[j], turned[i] })
		for i, d := range Pay(v, turned, budget).Due {
			if have := Page(v, &Result{Due: []*Due{d}}, "en"); have != page[d.Unit] {
				t.Fatalf("round %d, claim %d: in another order\n%s\nnot\n%s", round, i, have, page[d.Unit])
			}
		}
		frozen(t, v, claims, budget, res)
	}
}

const bare = `
key: probe
title: 试奖
for: {types: [estate]}
period: year
budget: probe
inputs:
  n: {entry: n, title: 数}
  own: {entry: own, title: 自筹}
  flag: {entry: flag, title: 未销号}
parts: [PART]
`

func TestParts(t *testing.T) {
	type want = []string
	for _, c := range []struct {
		situation, part, more string
		claims                []*Claim
		budget                Num
		want                  want
		fault                 string
	}{
		{situation: "a quota and what was spent bound a line",
			part:   "{key: p, title: P, class: operation, per: [{n: n, quota: 10, rate: 3, times: 2, most: own}]}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 12, "own": 55}), claimant("2", map[string]int64{"n": 5, "own": 55})},
			want:   want{"55.00", "30.00"}},
		{situation: "equals share what their places hold",
			part:   "{key: p, title: P, class: reward, rank: {sheet: s, ties: share, rows: [{places: 1, amount: 5}, {places: 2, amount: 2}]}}",
			claims: []*Claim{ranked("1", 1), ranked("2", 1), ranked("3", 3), ranked("4", 4)}, want: want{"3.50", "3.50", "2.00", "0.00"}},
		{situation: "equals get the same",
			part:   "{key: p, title: P, class: reward, rank: {sheet: s, ties: same, rows: [{places: 1, amount: 5}, {places: 2, amount: 2}]}}",
			claims: []*Claim{ranked("1", 1), ranked("2", 1), ranked("3", 3)}, want: want{"5.00", "5.00", "2.00"}},
		{situation: "a pool that binds is shared pro rata, to the fen", part: "{key: p, title: P, class: operation, match: {of: n, share: 50%, pool: 100}}",
			claims: []*Claim{numbered("1", 100), numbered("2", 100), numbered("3", 100)}, want: want{"33.34", "33.33", "33.33"}},
		{situation: "a pool that does not bind", part: "{key: p, title: P, class: operation, match: {of: n, share: 50%, pool: 1000}}",
			claims: []*Claim{numbered("1", 100), numbered("2", 300)}, want: want{"50.00", "150.00"}},
		{situation: "factors share the budget",
			part:   "{key: p, title: P, class: operation, pool: {of: budget, share: 50%, factors: [{value: n, weight: 60%}, {value: own, weight: 40%}]}}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 1, "own": 1}), claimant("2", map[string]int64{"n": 2, "own": 0})}, budget: unit.Int(200),
			want: want{"60.00", "40.00"}},
		{situation: "a factor that sums to 0 leaves its weight to the others",
			part:   "{key: p, title: P, class: operation, pool: {of: 90, factors: [{value: n, weight: 60%}, {value: own, weight: 40%}]}}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 1, "own": 0}), claimant("2", map[string]int64{"n": 2, "own": 0})},
			want:   want{"30.00", "60.00"}},
		{situation: "own money: nothing without", part: "{key: p, title: P, class: operation, per: [{n: n, rate: 1}], own: {value: own, share: 30%}}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 100, "own": 30}), claimant("2", map[string]int64{"n": 100, "own": 29})},
			want: want{"100.00",
				"0.00"}},
		{situation: "own money: as much as it supports",
			part:   "{key: p, title: P, class: operation, per: [{n: n, rate: 1}], own: {value: own, share: 30%, else: match}}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 100, "own": 15})}, want: want{"50.00"}},
		{situation: "a coefficient by rows",
			part: "{key: p, title: P, class: operation, per: [{n: n, rate: 1}], by: {value: own, rows: [{from: 10, times: 2}, {from: 5, times: 1.5}]}}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 10, "own": 10}), claimant("2", map[string]int64{"n": 10, "own": 7}), claimant("3",
				map[string]int64{"n": 10, "own": 1})},
			want: want{"20.00", "15.00", "0.00"}},
		{situation: "up counts a part of a step on both sides",
			part:   "{key: p, title: P, class: operation, steps: {value: n, at: 10, amount: 100, every: 4, change: 10%, part: up}}",
			claims: []*Claim{numbered("1", 11), numbered("2", 9)}, want: want{"110.00", "90.00"}},
		{situation: "none counts whole steps only",
			part:   "{key: p, title: P, class: operation, steps: {value: n, at: 10, amount: 100, every: 4, change: 10%, part: none}}",
			claims: []*Claim{numbered("1", 13), numbered("2", 7), numbered("3", 2)}, want: want{"100.00", "100.00", "80.00"}},
		{situation: "share counts parts of steps",
			part:   "{key: p, title: P, class: operation, steps: {value: n, at: 10, amount: 100, every: 4, change: 10%, part: share}}",
			claims: []*Claim{numbered("1", 11)}, want: want{"102.50"}},
		{situation: "a need that does not hold", part: "{key: p, title: P, class: operation, per: [{n: n, rate: 1}], needs: [{value: n, at_least: 10}]}",
			claims: []*Claim{numbered("1", 10), numbered("2", 9)}, want: want{"10.00", "0.00"}},
		{situation: "charges lift no budget", more: "scale: [operation]",
			part:   "{key: p, title: P, class: operation, per: [{n: n, rate: 1}]}, {key: q, title: Q, class: charge, per: [{n: own, rate: -1}]}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 100, "own": 0}), claimant("2", map[string]int64{"n": 0, "own": 50})}, budget: unit.Int(60),
			want: want{"60.00", "−50.00"}},
		{situation: "one class goes to nothing before the next", more: "scale: [reward, operation]",
			part: "{key: p, title: P, class: operation, per: [{n: n, rate: 1}]}, " +
				"{key: q, title: Q, class: reward, per: [{n: own, rate: 1}]}, " +
				"{key: b, title: B, class: construction, per: [{n: 5, rate: 1}]}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 40, "own": 10}), claimant("2", map[string]int64{"n": 20, "own": 10})},
			budget: unit.Int(40),
			want:   want{"25.00", "15.00"}},
		{situation: "a budget of nothing is refused with what is missing", part: "{key: p, title: P, class: construction, per: [{n: n, rate: 1}]}",
			claims: []*Claim{numbered("1", 10)}, budget: zero, want: want{"10.00"}, fault: "差 10.00"},
		{situation: "a cap takes the first class first", more: "scale: [reward, operation]\ncap: 30",
			part:   "{key: p, title: P, class: operation, per: [{n: n, rate: 1}]}, {key: q, title: Q, class: reward, per: [{n: own, rate: 1}]}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 25, "own": 10})}, want: want{"30.00"}},
		{situation: "whole yuan", more: "round: yuan", part: "{key: p, title: P, class: operation, per: [{n: n, rate: 0.5}]}",
			claims: []*Claim{numbered("1", 3), numbered("2", 4)}, want: want{"2.00", "2.00"}},
		{situation: "a number beyond all bounds is no money", part: "{key: p, title: P, class: operation, per: [{n: n, rate: 9亿, times: n, most: own}]}",
			claims: []*Claim{claimant("1", map[string]int64{"n": 1 << 62, "own": 1 << 62})}, want: want{"4611686018427387904.00"}, fault: "算不出来"},
		{situation: "quota by rank", more: "quota: {per: street, value: 2, choose: rank}",
			part:   "{key: p, title: P, class: operation, per: [{n: 1, rate: 1}]}",
			claims: []*Claim{ranked("1", 2), ranked("2", 1), ranked("3", 3)}, want: want{"1.00", "1.00", "0.00"}},
		{situation: "a tie at the quota is a person's to decide", more: "quota: {per: street, value: 1, choose: rank}",
			part:   "{key: p, title: P, class: operation, per: [{n: 1, rate: 1}]}",
			claims: []*Claim{ranked("1", 1), ranked("2", 1)}, want: want{"0.00", "0.00"}, fault: "名额 1 个处并列"},
	} {
		text := replace(bare, "[PART]", "["+c.part+"]") + c.more + "\n"
		v := compiled(t, rule(t, text))
		budget := unit.Undefined
		if c.budget.Cmp(Num{}) != 0 || c.fault == "差 10.00" {
			budget = c.budget
		}
		res := Pay(v, c.claims, budget)
		var have []string
		for _, d := range res.Due {
			have = append(have, group(d.Amount))
			if len(d.Missing) > 0 {
				t.Errorf("%s: missing %v", c.situation, d.Missing)
			}
		}
		if !slices.Equal(have, c.want) {
			t.Errorf("%s: %v, want %v\n%s", c.situation, have, c.want, Page(v, res, "zh"))
		}
		if c.fault == "" != (len(res.Faults) == 0) || c.fault != "" && !contains(res.Faults[0].Zh, c.fault) {
			t.Errorf("%s: faults %v, want %q", c.situation, res.Faults, c.fault)
		}
	}
}

func group(n Num) string {
	if n.Sign() < 0 {
		return "−" + n.Neg().Fixed(2)
	}
	return n.Fixed(2)
}

func ranked(name string, place int) *Claim {
	c := claimant(name, nil)
	c.Rank = place
	return c
}

func numbered(name string, n int64) *Claim { return claimant(name, map[string]int64{"n": n}) }

// TestWhatHasNoValueWaits: an input that is not there makes the part wait and says which.
func TestWhatHasNoValueWaits(t *testing.T) {
	v := compiled(t, rule(t, good))
	v.Quota = nil
	r := Pay(v, []*Claim{claimant("1", map[string]int64{"households": 10})}, unit.Undefined)
	var have []string
	for _, m := range r.Due[0].Missing {
		have = append(have, m.Zh)
	}
	if want := []string{"基础：等次没有数", "基础：自筹没有数", "按吨：量没有数", "按吨：易腐没有数", "按吨：单价没有数", "名次：名次没有数", "因素：量没有数", "量没有数"}; !slices.Equal(have, want) {
		t.Errorf("%v, want %v", have, want)
	}
}

// TestStageThatWaits holds back the stage whose condition does not hold yet, and what an open case withholds.
func TestStageThatWaits(t *testing.T) {
	v := compiled(t, rule(t, replace(bare, "[PART]", "[{key: p, title: P, class: construction, per: [{n: n, rate: 1}]}]")+
		"pay: [{key: now, share: 70%}, {key: later, rest: true, needs: [{grade: [good], say: 合格以上}]}]\nwithhold: [{share: 10%, while: {n: flag}}]\n"))
	c := claimant("1", map[string]int64{"n": 100, "flag": 1})
	d := Pay(v, []*Claim{c}, unit.Undefined).Due[0]
	if d.Held.Fixed(2) != "40.00" || d.Batch.Fixed(2) != "60.00" || d.Parts[0].Stages[1].Waits.Zh != "要求合格以上，还没有达到" {
		t.Errorf("held %s, batch %s, %+v", d.Held, d.Batch, d.Parts[0].Stages)
	}
	c.Grade = "good"
	c.Values["flag"] = score.Value{Num: zero}
	if d = Pay(v, []*Claim{c}, unit.Undefined).Due[0]; d.Held.Sign() != 0 || d.Batch.Fixed(2) != "100.00" {
		t.Errorf("held %s, batch %s", d.Held, d.Batch)
	}
}

// BenchmarkAThousandEstates is an award over 1,000 estates within a budget that binds.
func BenchmarkAThousandEstates(b *testing.B) {
	v := compiled(b, loadAwards(b)["estate-award"])
	var claims []*Claim
	for i := range 1000 {
		c := claimant(fmt.Sprint(i), map[string]int64{"households": int64(300 + i*7%1500), "returned": int64(i % 2)})
		c.Grade = []string{"excellent", "good", "pass", "fail"}[i%4]
		claims = append(claims, c)
	}
	for b.Loop() {
		Pay(v, claims, unit.Int(20000000))
	}
}

func replace(text, from, to string) string { return strings.Replace(text, from, to, 1) }

func contains(text, part string) bool { return strings.Contains(text, part) }
