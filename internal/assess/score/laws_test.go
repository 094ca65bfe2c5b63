package score

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"sifen/internal/unit"
)

// chance makes facts by chance for a sheet of findings.
func chance(r *rand.Rand, name string, s *Sheet) *Facts {
	f := &Facts{Unit: name, Name: name, Attrs: map[string]Attr{"households": {Num: unit.Int(r.Int64N(900))}}}
	for v := range r.IntN(4) {
		visit := Visit{ID: fmt.Sprint(v), Day: r.Int64N(30), Place: fmt.Sprint(r.IntN(3)), Found: map[string]Value{
			"participation": {Num: unit.Frac(r.Int64N(11), 10)}, "satisfaction": {Num: unit.Frac(r.Int64N(101), 100)}}}
		for _, b := range s.Blocks {
			for _, it := range b.Items {
				for _, l := range it.Deduct {
					for _, n := range l.N {
						if r.IntN(3) == 0 {
							visit.Found[n] = Value{Num: unit.Int(r.Int64N(4))}
						}
					}
				}
				if r.IntN(20) == 0 {
					visit.NA = append(visit.NA, it.Key)
				}
			}
		}
		f.Visits = append(f.Visits, visit)
	}
	return f
}

// TestLaws holds the engine to what must be true of every score, over sheets of findings and facts by chance.
func TestLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 5))
	in := inputFile{Attributes: map[string]string{"households": "number"}}
	sheets := loadSheets(t)
	for _, several := range []string{"mean", "sum", "worst", "best", "last"} {
		for _, rescale := range []string{"sheet", "block", "none"} {
			s := *sheets["estate-site"]
			visits := *s.Visits
			visits.Several, s.Visits, s.Rescale = several, &visits, rescale
			s.Lists = []List{{Key: "last", Last: 2}, {Key: "first", First: 2}}
			v, err := Compile(&s, in.attrs())
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				var units []*Facts
				for i := range 12 {
					units = append(units, chance(r, fmt.Sprint(i), &s))
				}
				results := Run(v, units)
				for i, x := range results {
					if x.Scored != (len(units[i].Visits) > 0) {
						t.Fatalf("%s: scored %v after %d visits", several, x.Scored, len(units[i].Visits))
					}
					if x.Scored {
						bounds(t, v, x)
						worse(t, r, v, units[i], x)
					}
				}
				turned := slices.Clone(units)
				r.Shuffle(len(turned), func(i, j int) { turned[i], turned[j] = turned[j], turned[i] })
				ranks := map[string]string{}
				for _, x := range results {
					ranks[x.Unit] = fmt.Sprint(x.Rank, x.Tied, x.Grade, x.Lists)
				}
				for _, x := range Run(v, turned) {
					if have := fmt.Sprint(x.Rank, x.Tied, x.Grade, x.Lists); have != ranks[x.Unit] {
						t.Fatalf("%s has %s, and %s with the units in another order", x.Unit, ranks[x.Unit], have)
					}
				}
			}
		}
	}
}

// bounds holds points between 0 and the maximum, parts to their sum, and printed numbers to two digits.
func bounds(t *testing.T, v *Version, x *Result) {
	t.Helper()
	if x.Points.Sign() < 0 || x.Points.Cmp(x.Max) > 0 || x.Points.Round(2).Cmp(x.Points) != 0 {
		t.Fatalf("%s has %s of %s", x.Unit, x.Points, x.Max)
	}
	sum, of := zero, zero
	for _, b := range x.Blocks {
		parts := zero
		for _, it := range b.Items {
			if it.Points.Sign() < 0 || it.Points.Cmp(it.Max) > 0 || it.Points.Round(2).Cmp(it.Points) != 0 {
				t.Fatalf("%s: %s has %s of %s", x.Unit, it.Key, it.Points, it.Max)
			}
			parts = parts.Add(it.Points)
		}
		if v.Rescale != "block" && parts.Cmp(b.Points) != 0 {
			t.Fatalf("%s: the items of %s sum to %s, it has %s", x.Unit, b.Key, parts, b.Points)
		}
		sum, of = sum.Add(b.Points), of.Add(b.Max)
	}
	if x.Visits == 1 && of.Cmp(x.Max) == 0 && sum.Cmp(x.Points) != 0 {
		t.Fatalf("%s: the blocks sum to %s, the total is %s", x.Unit, sum, x.Points)
	}
}

// worse adds one finding to one visit: no score may rise by it.
func worse(t *testing.T, r *rand.Rand, v *Version, f *Facts, before *Result) {
	t.Helper()
	more := *f
	more.Visits = slices.Clone(f.Visits)
	at := r.IntN(len(more.Visits))
	found := map[string]Value{}
	for k, x := range more.Visits[at].Found {
		found[k] = x
	}
	items := v.Blocks[r.IntN(len(v.Blocks))].Items
	lines := items[r.IntN(len(items))].Deduct
	l := lines[r.IntN(len(lines))]
	if len(l.N) > 0 {
		name := l.N[r.IntN(len(l.N))]
		found[name] = Value{Num: found[name].Num.Add(unit.Int(1))}
	} else {
		name := l.Value[r.IntN(len(l.Value))]
		found[name] = Value{Num: found[name].Num.Sub(unit.Frac(1, 10)).Max(zero)}
	}
	more.Visits[at].Found = found
	after := Eval(v, &more, nil)
	if v.Visits.Several == "last" && !after.Scored {
		return
	}
	if after.Share().Cmp(before.Share()) > 0 { // of visits with different maxima the share counts
		t.Fatalf("%s had %s, with one more finding (%v) %s", f.Unit, before.Points, l.N, after.Points)
	}
}

const probe = `
key: probe
title: 试表
for: {types: [estate]}
period: month
visits: {checklist: x}
max: 10
blocks: [{key: a, title: 甲, max: 10, items: [{key: i, title: 项, max: 10, deduct: [{n: x, each: 1}]}]}]
lists: [{key: last, title: 末位, last: 2}]
`

func scored(t *testing.T, text string, points ...int64) []*Result {
	t.Helper()
	v, err := Compile(sheet(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var units []*Facts
	for i, p := range points {
		units = append(units, &Facts{Unit: fmt.Sprint(i), Visits: []Visit{{Found: map[string]Value{"x": {Num: unit.Int(10 - p)}}}}})
	}
	return Run(v, units)
}

func TestTheLastGoByScore(t *testing.T) {
	for _, c := range []struct {
		points []int64
		want   string
	}{
		{[]int64{9, 8, 7, 6}, "[[] [] [last] [last]]"},
		{[]int64{9, 6, 6, 6}, "[[] [last] [last] [last]]"}, // equals share the place
		{[]int64{9, 8, 8, 6}, "[[] [last] [last] [last]]"},
		{[]int64{9, 9, 9, 6}, "[[] [] [] [last]]"}, // the first are never among the last
		{[]int64{9, 6}, "[[] []]"},                 // two are no field
		{[]int64{6, 6, 6}, "[[] [] []]"},           // of equals nobody is last
	} {
		var have [][]string
		for _, r := range scored(t, probe, c.points...) {
			have = append(have, r.Lists)
		}
		if fmt.Sprint(have) != c.want {
			t.Errorf("%v: %v, want %s", c.points, have, c.want)
		}
	}
}

func TestTiesShareAndTheNextIsSkipped(t *testing.T) {
	have := ""
	for _, r := range scored(t, probe, 9, 9, 8, 10, 8, 1) {
		have += fmt.Sprint(r.Rank, r.Tied, " ")
	}
	if want := "2 true 2 true 4 true 1 false 4 true 6 false "; have != want {
		t.Errorf("%s, want %s", have, want)
	}
}

func TestWithoutAJudgementTheRunWaits(t *testing.T) {
	v, err := Compile(sheet(t, `
key: probe
title: 试表
for: {types: [estate]}
period: month
max: 10
blocks: [{key: a, title: 甲, max: 10, items: [{key: i, title: 项, max: 10, judged: {step: 0.5}}]}]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Run(v, []*Facts{{Unit: "1"}})
	if Waiting(r) != 1 || r[0].Rank != 0 || r[0].Blocks[0].Items[0].NA {
		t.Errorf("%+v", r[0])
	}
	r = Run(v, []*Facts{{Unit: "1", Judged: map[string]Judgement{"i": {Points: unit.Frac(15, 2)}}}})
	if Waiting(r) != 0 || r[0].Rank != 1 || r[0].Points.String() != "7.5" {
		t.Errorf("%+v", r[0])
	}
}

// BenchmarkAMonthOfADistrict is 1,920 units of 60 items with some 100,000 findings, scored and packed.
func BenchmarkAMonthOfADistrict(b *testing.B) {
	s := sheet(b, probe)
	s.Blocks[0].Items = nil
	s.Max, s.Blocks[0].Max = unit.Int(60*5), unit.Int(60*5)
	for i := range 60 {
		s.Blocks[0].Items = append(s.Blocks[0].Items, Item{Key: fmt.Sprintf("i%d", i), Max: unit.Int(5), Deduct: []Line{
			{N: Names{fmt.Sprintf("a%d", i)}, Each: ptr(unit.Int(1))}, {N: Names{fmt.Sprintf("b%d", i)}, Each: ptr(unit.Frac(1, 2))}}})
	}
	v, err := Compile(s, nil)
	if err != nil {
		b.Fatal(err)
	}
	var units []*Facts
	for u := range 1920 {
		f := &Facts{Unit: fmt.Sprint(u), Visits: []Visit{{Found: map[string]Value{}}}}
		for i := range 52 {
			f.Visits[0].Found[fmt.Sprintf("%c%d", 'a'+u%2, i)] = Value{Num: unit.Int(int64((u + i) % 4))}
		}
		units = append(units, f)
	}
	for b.Loop() {
		Run(v, units)
		var p Packer
		for _, f := range units {
			if _, err := p.Pack(f.Lines()); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func ptr[T any](v T) *T { return &v }
