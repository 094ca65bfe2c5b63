package draw

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func golden(t testing.TB) (Base, string, []string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/base.txt")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	seeds, err := os.ReadFile("testdata/seeds.txt")
	if err != nil {
		t.Fatal(err)
	}
	return b, string(raw), strings.Fields(string(seeds))
}

// TestGolden draws three days from a list that another program sealed and drew from.
func TestGolden(t *testing.T) {
	b, text, seeds := golden(t)
	if d := Digest(text); d != "2e619c55345eb8fce9c1b15a3d5b00d041c57a78675aa26d23fd677fa4e1ac22" {
		t.Errorf("the list is sealed as %s", d)
	}
	out := "day|stratum|key|hash|why|counts|second\n"
	for d, slots := range Days(b, seeds) {
		for _, s := range slots {
			out += fmt.Sprintf("%d|%s|%s|%s|%s|%v|%v\n", d+1, s.Stratum, s.Key, s.Hash, s.Why, s.Counts, s.Second)
		}
	}
	want, err := os.ReadFile("testdata/drawn.txt")
	if err != nil {
		t.Fatal(err)
	}
	if out != string(want) {
		t.Errorf("drawn:\n%s\nwanted:\n%s", out, want)
	}
}

// TestShellPutsTheSameOrder works the order out again with the line that is published, and with the one of the design.
func TestShellPutsTheSameOrder(t *testing.T) {
	b, _, seeds := golden(t)
	b.Places = append(b.Places, Place{Stratum: "临汀街道", Key: "LT99", LeftOut: true, Name: "在建小区", Reason: "还没有交付"})
	for d := range seeds {
		on := On(b, seeds, d)
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "base.txt"), []byte(on.Text()), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-c", Shell)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "S="+seeds[d], "C="+b.Campaign)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var want strings.Builder
		for _, r := range Order(on, seeds[d]) {
			fmt.Fprintf(&want, "%s|%d|%s|%s\n", r.Stratum, r.Level, r.Hash, r.Key)
		}
		if string(out) != want.String() {
			t.Errorf("day %d: the shell says\n%s\nwe say\n%s", d+1, out, want.String())
		}
	}
}

// TestSealedFile: what could end a line or a field is a space, and only what Text writes is read.
func TestSealedFile(t *testing.T) {
	b := Base{Campaign: "ZX-2026-12", Sealed: "2026-12-23", Quota: []int{1}, Surprise: 20, Second: 10, Places: []Place{
		{Stratum: "乙", Key: "2", Name: "a|b\r\nc\ufeff"}, {Stratum: "甲", Key: "1", Level: 3, Name: "名"}, {Stratum: "甲", Key: "3", Name: "x: y", LeftOut: true,
			Reason: "在建"}}}
	text := b.Text()
	if want := "sifen-base 1\ncampaign ZX-2026-12\nsealed 2026-12-23\nquota 1\nsurprise 20\nsecond 10\nplaces 2\n\n" +
		"乙|2|0|a b  c\n甲|1|3|名\n甲|3|-|x: y: 在建\n"; text != want {
		t.Errorf("sealed %q", text)
	}
	again, err := Parse(text)
	if err != nil || again.Text() != text || len(again.Drawable()) != 2 {
		t.Errorf("read again: %v %q", err, again.Text())
	}
	for name, bad := range map[string]string{
		"a mark before it": "\ufeff" + text, "lines of Windows": strings.ReplaceAll(text, "\n", "\r\n"),
		"no last line end": strings.TrimSuffix(text, "\n"),
		"a place more":     text + "甲|4|0|多\n",
		"out of order":     strings.Replace(text, "甲|1|3|名\n", "", 1) + "甲|1|3|名\n", "no level": text[:len(text)-1] + "\n丙|9|x|y\n",
		"not UTF-8": text + "\xff|a|0|b\n", "empty": "",
	} {
		if _, err := Parse(bad); !errors.Is(err, ErrBase) {
			t.Errorf("%s is read: %v", name, err)
		}
	}
}

// random is a district: strata of different sizes, one of a single place, levels within one of each other.
func random(r *rand.Rand) (Base, []string) {
	b := Base{Campaign: "ZX-1", Sealed: "2026-01-01", Surprise: r.IntN(50), Second: r.IntN(40)}
	for s := range 2 + r.IntN(8) {
		n := 1 + r.IntN(30)
		if s == 0 {
			n = 1
		}
		low := r.IntN(3)
		for p := range n {
			b.Places = append(b.Places, Place{Stratum: fmt.Sprint("街", s), Key: fmt.Sprintf("k%d-%d", s, p), Level: low + r.IntN(2), Name: "名"})
		}
		Even(b.Places)
	}
	var seeds []string
	for range 1 + r.IntN(6) {
		b.Quota = append(b.Quota, r.IntN(20))
		seeds = append(seeds, Digest(fmt.Sprint(r.Uint64())))
	}
	return b, seeds
}

// Even pulls levels down so that each stratum begins at its own floor.
func Even(places []Place) {
	known := map[string]int{}
	for _, p := range places {
		known[p.Key] = p.Level
	}
	Enter(places, known)
}

// TestLawsOfTheDraw holds in random districts: nothing is drawn twice, levels of a stratum differ by one at most, the number
// of surprises and second looks is that of the percentages, strata are covered in proportion, and a later day changes nothing
// of an earlier one.
func TestLawsOfTheDraw(t *testing.T) {
	for n := range uint64(600) {
		r := rand.New(rand.NewPCG(7, n))
		b, seeds := random(r)
		days := Days(b, seeds)
		levels, strata, size, given, sum := map[string]int{}, map[string][]string{}, map[string]int{}, map[string]int{}, map[string]int{}
		for _, p := range b.Places {
			levels[p.Key] = p.Level
			strata[p.Stratum] = append(strata[p.Stratum], p.Key)
			size[p.Stratum]++
			sum[p.Stratum] += p.Level
		}
		drawn := map[string]bool{}
		slots, surprises, looks := 0, 0, 0
		for d, day := range days {
			for _, s := range day {
				if drawn[s.Key] {
					t.Fatalf("%d: %s was drawn twice", n, s.Key)
				}
				drawn[s.Key] = true
				given[s.Stratum]++
				slots++
				if s.Why == Surprise {
					surprises++
				}
				if s.Counts {
					levels[s.Key]++
				}
				if s.Second {
					looks++
				}
			}
			if want := min(b.Quota[d], len(b.Places)-slots+len(day)); len(day) != want {
				t.Fatalf("%d: day %d has %d places, wanted %d", n, d, len(day), want)
			}
			if want := int(math.Ceil(float64(slots*b.Second) / 100)); looks != want {
				t.Fatalf("%d: %d second looks of %d, wanted %d", n, looks, slots, want)
			}
			if want := slots * b.Surprise / 100; surprises != want {
				t.Fatalf("%d: %d surprises of %d, wanted %d", n, surprises, slots, want)
			}
			for s, keys := range strata {
				low, high := levels[keys[0]], levels[keys[0]]
				for _, k := range keys {
					low, high = min(low, levels[k]), max(high, levels[k])
				}
				if high-low > 1 {
					t.Fatalf("%d: levels of %s lie from %d to %d", n, s, low, high)
				}
			}
			// nobody who got a slot would still have been behind without it by more than somebody who got none
			for x := range strata {
				for y := range strata {
					behind := (2*(sum[y]+given[y])+1)*size[x] < (2*(sum[x]+given[x]-1)+1)*size[y]
					if given[x] > 0 && given[y] < size[y] && behind {
						t.Fatalf("%d: %s got a slot before %s", n, x, y)
					}
				}
			}
			if again := Days(b, seeds[:d+1]); !reflect.DeepEqual(again[d], day) {
				t.Fatalf("%d: day %d is another when it is the last", n, d)
			}
		}
	}
}

// TestAStratumOfOneGetsItsTurn about half way through, and not at the very end as by the largest remainder; second looks of
// the board: 14, 11 and 11 places have 2, 1 and 1.
func TestAStratumOfOneGetsItsTurn(t *testing.T) {
	b := Base{Campaign: "ZX", Quota: []int{14, 11, 11, 14}, Surprise: 20, Second: 10, Places: []Place{{Stratum: "小", Key: "s", Name: "s"}}}
	for p := range 95 {
		b.Places = append(b.Places, Place{Stratum: fmt.Sprint("大", p%2), Key: fmt.Sprint(p), Name: "大"})
	}
	var looks []int
	turn := -1
	for d, day := range Days(b, []string{Digest("1"), Digest("2"), Digest("3"), Digest("4")}) {
		n := 0
		for _, s := range day {
			if s.Second {
				n++
			}
			if s.Key == "s" {
				turn = d
			}
		}
		looks = append(looks, n)
	}
	if !reflect.DeepEqual(looks, []int{2, 1, 1, 1}) {
		t.Errorf("second looks %v", looks)
	}
	if turn != 3 { // the 47th to 49th of 50
		t.Errorf("the stratum of one has its turn on day %d", turn+1)
	}
}

// TestNewcomersEnterAtTheFloor, and one that was missed twice does not tear its stratum apart.
func TestNewcomersEnterAtTheFloor(t *testing.T) {
	list := []Place{{Stratum: "a", Key: "1"}, {Stratum: "a", Key: "2"}, {Stratum: "a", Key: "new"}, {Stratum: "b", Key: "3"}, {Stratum: "a", Key: "4"}}
	Enter(list, map[string]int{"1": 3, "2": 4, "3": 9, "4": 5})
	for i, want := range []int{0, 1, 0, 0, 1} {
		if list[i].Level != want {
			t.Errorf("%s enters at %d, wanted %d", list[i].Key, list[i].Level, want)
		}
	}
}

// TestADayThatWasNeverOpened has no places, and the others go on.
func TestADayThatWasNeverOpened(t *testing.T) {
	b, _, seeds := golden(t)
	seeds[1] = ""
	days := Days(b, seeds)
	if len(days[0]) != 6 || len(days[1]) != 0 || len(days[2]) != 4 {
		t.Errorf("%d, %d and %d places", len(days[0]), len(days[1]), len(days[2]))
	}
}

// TestSeedsOfEveryPart: each of the four parts changes the seed.
func TestSeedsOfEveryPart(t *testing.T) {
	seen := map[string]bool{Seed("s", "b", "w", "c"): true, Seed("x", "b", "w", "c"): true, Seed("s", "x", "w", "c"): true, Seed("s", "b", "x", "c"): true,
		Seed("s", "b", "w", "x"): true}
	if len(seen) != 5 || Seed("s", "b", "w", "c") != Digest("s|b|w|c") {
		t.Error("a part of the seed plays no part")
	}
}

// TestAssign: no forbidden pair where there is another way, loads within one, and reasons where there is none.
func TestAssign(t *testing.T) {
	// one after the other, A would take x and leave y, where B may not go
	for n := range 50 {
		got := Assign(fmt.Sprint(n), "c", []Task{{Key: "x"}, {Key: "y", Not: map[string]string{"B": Seated}}}, []string{"A", "B"}, nil)
		if !reflect.DeepEqual(got, []Given{{"B", ""}, {"A", ""}}) {
			t.Fatalf("%d: %v", n, got)
		}
	}
	all := func(why string) map[string]string { return map[string]string{"A": why, "B": why} }
	got := Assign("s", "c", []Task{{Key: "x", Not: all(Last)}, {Key: "y", Not: all(Seated)}}, []string{"A", "B"}, nil)
	if got[0].Person == "" || got[0].Why != Last || got[1] != (Given{"", Nobody}) {
		t.Errorf("with reasons: %v", got)
	}
	if got := Assign("s", "c", []Task{{Key: "x"}}, nil, nil); got[0].Why != Nobody {
		t.Errorf("a crew of nobody: %v", got)
	}
	for n := range uint64(400) {
		r := rand.New(rand.NewPCG(3, n))
		crew := []string{"A", "B", "C", "D", "E"}[:2+r.IntN(4)]
		var tasks []Task
		for i := range r.IntN(25) {
			x := Task{Key: fmt.Sprint(i), Not: map[string]string{}}
			x.Not[crew[r.IntN(len(crew))]] = []string{Last, Seated, First}[r.IntN(3)]
			tasks = append(tasks, x)
		}
		loads := map[string]int{}
		for i, g := range Assign(fmt.Sprint(n), "c", tasks, crew, nil) {
			if why := tasks[i].Not[g.Person]; g.Person == "" || why == Seated || why == First || why != g.Why {
				t.Fatalf("%d: %v for %v", n, g, tasks[i])
			}
			loads[g.Person]++
		}
		low, high := len(tasks), 0
		for _, p := range crew {
			low, high = min(low, loads[p]), max(high, loads[p])
		}
		if len(crew) > 2 && high-low > 2 {
			t.Fatalf("%d: loads from %d to %d of %d places", n, low, high, len(tasks))
		}
	}
}

func BenchmarkTenThousand(b *testing.B) {
	base := Base{Campaign: "ZX-2026-12", Sealed: "2026-12-23", Quota: []int{14, 11, 11}, Surprise: 20, Second: 10}
	for i := range 10_000 {
		base.Places = append(base.Places, Place{Stratum: fmt.Sprintf("街道%02d", i%20), Key: fmt.Sprintf("unit:%d", i), Name: "小区"})
	}
	seed := Digest("x")
	for b.Loop() {
		Days(base, []string{seed})
	}
}

func BenchmarkParseTenThousand(b *testing.B) {
	base := Base{Campaign: "ZX-2026-12", Sealed: "2026-12-23", Quota: []int{14}, Surprise: 20, Second: 10}
	for i := range 10_000 {
		base.Places = append(base.Places, Place{Stratum: fmt.Sprintf("街道%02d", i%20), Key: fmt.Sprintf("unit:%d", i), Name: "小区"})
	}
	text := base.Text()
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
