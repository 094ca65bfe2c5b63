package award

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sifen/internal/assess/score"
	"sifen/internal/unit"
)

// The examples of the design: rules, what was frozen of claimants, and what must come of it, to the fen and to the word.

type inputFile struct {
	Title  string
	Params map[string]Num
	Awards []struct {
		Award  string
		Budget *Num
		Expect *struct {
			Claim, Total, Batch *Num
			Fault               string
		}
		Claimants []claimIn
	}
}

type claimIn struct {
	Unit, Grade string
	Rank        int
	Paid        Num
	Values      map[string]Num
	Things      map[string][]map[string]Num
	Expect      *struct {
		Claim, Amount, Batch *Num
		Parts, Pay, Split    map[string]Num
	} `yaml:"expect_award"`
}

func loadAwards(t testing.TB) map[string]*Award {
	t.Helper()
	out := map[string]*Award{}
	files, _ := filepath.Glob("testdata/awards/*.yaml")
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var list []*Award
		dec := yaml.NewDecoder(bytes.NewReader(raw))
		dec.KnownFields(true)
		if bytes.Contains(raw, []byte("\n- key:")) {
			err = dec.Decode(&list)
		} else {
			list = []*Award{{}}
			err = dec.Decode(list[0])
		}
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for _, a := range list {
			out[a.Key] = a
		}
	}
	if len(out) == 0 {
		t.Fatal("no awards")
	}
	return out
}

func (c *claimIn) claim(a *Award, params map[string]Num) *Claim {
	f := &score.Facts{Unit: c.Unit, Name: c.Unit, Attrs: map[string]score.Attr{}, Values: map[string]score.Value{}}
	for k, n := range c.Values {
		f.Values[k] = score.Value{Num: n, Part: unit.Undefined, Of: unit.Undefined}
	}
	for name, in := range a.Inputs {
		if n, ok := params[in.Parameter]; ok && in.Parameter != "" {
			f.Values[name] = score.Value{Num: n, Part: unit.Undefined, Of: unit.Undefined}
		}
	}
	out := &Claim{Facts: f, Grade: c.Grade, Rank: c.Rank, Paid: c.Paid, Things: map[string][]Thing{}, Receivers: map[string][]Receiver{}}
	for of, list := range c.Things {
		for i, costs := range list {
			out.Things[of] = append(out.Things[of], Thing{fmt.Sprint(i + 1), costs})
		}
	}
	return out
}

func TestExamples(t *testing.T) {
	awards := loadAwards(t)
	files, _ := filepath.Glob("testdata/inputs/*.yaml")
	var zh, en strings.Builder
	used := map[string]bool{}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var in inputFile
		if err := yaml.Unmarshal(raw, &in); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		fmt.Fprintf(&zh, "== %s %s\n", filepath.Base(path), in.Title)
		fmt.Fprintf(&en, "== %s %s\n", filepath.Base(path), in.Title)
		for _, run := range in.Awards {
			used[run.Award] = true
			v, err := Compile(awards[run.Award], nil)
			if err != nil {
				t.Fatal(err)
			}
			var claims []*Claim
			for i := range run.Claimants {
				claims = append(claims, run.Claimants[i].claim(v.Award, in.Params))
			}
			budget := unit.Undefined
			if run.Budget != nil {
				budget = *run.Budget
			}
			r := Pay(v, claims, budget)
			for i := range run.Claimants {
				run.Claimants[i].check(t, run.Award, r.Due[i])
			}
			if e := run.Expect; e != nil {
				same(t, run.Award+" claim", e.Claim, r.Claim)
				same(t, run.Award+" total", e.Total, r.Amount)
				same(t, run.Award+" batch", e.Batch, r.Batch)
				if e.Fault != "" != (len(r.Faults) > 0) || e.Fault != "" && !strings.Contains(r.Faults[0].Zh, e.Fault) {
					t.Errorf("%s: faults %v, want %q", run.Award, r.Faults, e.Fault)
				}
			} else if len(r.Faults) > 0 {
				t.Errorf("%s: %v", run.Award, r.Faults)
			}
			zh.WriteString(Page(v, r, "zh"))
			en.WriteString(Page(v, r, "en"))
			frozen(t, v, claims, budget, r)
		}
	}
	for key := range awards {
		if !used[key] {
			t.Errorf("%s is not tried", key)
		}
	}
	for name, have := range map[string]string{"words.txt": zh.String(), "words.en.txt": en.String()} {
		path := filepath.Join("testdata", name)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(path, []byte(have), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		w, h := strings.Split(string(want), "\n"), strings.Split(have, "\n")
		for i := range max(len(w), len(h)) {
			if i >= len(w) || i >= len(h) || w[i] != h[i] {
				t.Errorf("%s:%d differs: %q", name, i+1, append(h, make([]string, len(w))...)[i])
				break
			}
		}
	}
}

func same(t *testing.T, what string, want *Num, have Num) {
	t.Helper()
	if want != nil && want.Cmp(have) != 0 {
		t.Errorf("%s: %s, want %s", what, have, want)
	}
}

func (c *claimIn) check(t *testing.T, where string, d *Due) {
	t.Helper()
	e := c.Expect
	if e == nil {
		return
	}
	where += " " + c.Unit
	if len(d.Missing) > 0 {
		t.Errorf("%s: %v", where, d.Missing)
	}
	same(t, where, e.Claim, d.Claim)
	same(t, where, e.Amount, d.Amount)
	same(t, where+" batch", e.Batch, d.Batch)
	stages := map[string]Num{}
	parts := map[string]Num{}
	for _, p := range d.Parts {
		parts[p.Key] = p.Amount
		for _, s := range p.Stages {
			stages[s.Key] = stages[s.Key].Add(s.Amount)
		}
	}
	split := map[string]Num{}
	var flat func(list []Received)
	flat = func(list []Received) {
		for _, x := range list {
			split[x.To] = split[x.To].Add(x.Amount)
			flat(x.Onward)
		}
	}
	flat(d.Split)
	for _, x := range []struct {
		what       string
		want, have map[string]Num
	}{{"part", e.Parts, parts}, {"stage", e.Pay, stages}, {"split", e.Split, split}} {
		for k, n := range x.want {
			have, ok := x.have[k]
			if !ok {
				t.Errorf("%s: no %s %s", where, x.what, k)
			}
			same(t, where+" "+k, &n, have)
		}
	}
}

// frozen evaluates claims again from the bytes that a run would keep: the same result, and the same bytes.
func frozen(t *testing.T, v *Version, claims []*Claim, budget Num, want *Result) {
	t.Helper()
	again := make([]*Claim, len(claims))
	var p score.Packer
	for i, c := range claims {
		lines := c.Frozen().Lines()
		packed, err := p.Pack(lines)
		if err != nil {
			t.Fatal(err)
		}
		back, err := score.Unpack(packed)
		if err != nil {
			t.Fatal(err)
		}
		f, err := score.ReadFacts(back)
		if err != nil {
			t.Fatal(err)
		}
		again[i] = Thaw(f)
		if !slices.Equal(again[i].Frozen().Lines(), lines) {
			t.Errorf("%s freezes to other bytes the second time", c.Name)
		}
	}
	if have := Page(v, Pay(v, again, budget), "zh"); have != Page(v, want, "zh") {
		t.Errorf("from what was frozen:\n%s", have)
	}
}
