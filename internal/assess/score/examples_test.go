package score

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sifen/internal/formula"
	"sifen/internal/unit"
)

// The examples of the design: sheets, what was frozen of units, and what must come of it, to the word.

type inputFile struct {
	Title      string
	Attributes map[string]string
	Params     map[string]typedNum
	Runs       []struct {
		Sheet    string
		Nobody   []string `yaml:"separates_nobody"`
		Units    []unitIn
		Comments string
	}
}

type typedNum struct {
	Value
	text string
}

func (n *typedNum) UnmarshalYAML(node *yaml.Node) (err error) {
	n.text = node.Value
	n.Percent = percent(node.Value)
	if a, b, ok := strings.Cut(node.Value, "/"); ok {
		n.Terms = true
		if n.Part, err = unit.ParseNum(a); err == nil {
			n.Of, err = unit.ParseNum(b)
		}
	}
	if err == nil {
		n.Num, err = unit.ParseNum(node.Value)
	}
	return err
}

type unitIn struct {
	Unit, Type, Parent string
	Attrs              map[string]string
	Month              int
	Visits             []struct {
		Day, Place, Kind string
		Found            map[string]typedNum
		NA               []string `yaml:"na"`
	}
	Values  map[string]typedNum
	Series  map[string][]typedNum
	History map[string][]typedNum
	Judged  map[string]Num
	Self    map[string]Num
	NA      []string `yaml:"na"`
	Expect  *struct {
		Total *Num
		Max   *Num
		Grade *string
		Rank  *int
		Items map[string]Num
		Lists *[]string
		None  bool
	}
}

func loadSheets(t testing.TB) map[string]*Sheet {
	t.Helper()
	out := map[string]*Sheet{}
	files, _ := filepath.Glob("testdata/sheets/*.yaml")
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var list []*Sheet
		dec := yaml.NewDecoder(bytes.NewReader(raw))
		dec.KnownFields(true)
		if strings.HasPrefix(strings.TrimSpace(dropComments(string(raw))), "- ") {
			err = dec.Decode(&list)
		} else {
			list = []*Sheet{{}}
			err = dec.Decode(list[0])
		}
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for _, s := range list {
			out[s.Key] = s
		}
	}
	return out
}

func dropComments(s string) string {
	for strings.HasPrefix(s, "#") {
		_, s, _ = strings.Cut(s, "\n")
	}
	return s
}

func loadInputs(t testing.TB, path string) (in inputFile) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &in); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return in
}

func (in *inputFile) attrs() map[string]formula.Type {
	out := map[string]formula.Type{}
	for k, t := range in.Attributes {
		out[k] = map[string]formula.Type{"number": formula.Exact, "text": formula.Text}[t]
	}
	return out
}

// earlier are the results of earlier runs, by sheet, with the unit each belongs to.
type earlier struct {
	unitIn
	result *Result
}

func (in *inputFile) facts(t testing.TB, s *Sheet, u unitIn, done map[string][]earlier) *Facts {
	t.Helper()
	f := &Facts{Unit: u.Unit, Name: u.Unit, Attrs: map[string]Attr{}, Values: map[string]Value{}, Series: map[string][]Num{}, Months: map[string]int{},
		NA: u.NA, Judged: map[string]Judgement{}, Self: u.Self}
	for k, text := range u.Attrs {
		if n, err := unit.ParseNum(text); err == nil {
			f.Attrs[k] = Attr{Num: n}
		} else {
			f.Attrs[k] = Attr{Text: text, Word: true}
		}
	}
	if u.Month > 0 {
		f.Months["contract_start"] = u.Month
	}
	for k, n := range u.Judged {
		f.Judged[k] = Judgement{Points: n}
	}
	for k, list := range u.Series {
		for _, n := range list {
			f.Series[k] = append(f.Series[k], n.Num)
		}
	}
	for i, v := range u.Visits {
		visit := Visit{ID: fmt.Sprint(i), Day: int64(i), Place: v.Place, Kind: v.Kind, Found: map[string]Value{}, NA: v.NA}
		for k, n := range v.Found {
			visit.Found[k] = n.Value
		}
		f.Visits = append(f.Visits, visit)
	}
	for name, x := range s.Inputs {
		if n, ok := u.Values[name]; ok {
			f.Values[name] = n.Value
			continue
		}
		switch {
		case x.Parameter != "":
			if n, ok := in.Params[x.Parameter]; ok {
				f.Values[name] = n.Value
			}
		case x.Score != "" && x.Over == "self":
			v := Value{}
			for _, h := range u.History[x.Score] {
				v.Children = append(v.Children, Child{Unit: u.Unit, Scored: true, Share: h.Num})
			}
			f.Values[name] = v
			if len(v.Children) == 0 {
				delete(f.Values, name)
			}
		case x.Score != "":
			v := Value{}
			for _, e := range done[x.Score] {
				if e.Parent == u.Unit && e.Type == x.Over {
					v.Children = append(v.Children, Child{Unit: e.Unit, Scored: e.result.Scored, Share: e.result.Share(), Grade: e.result.Grade})
				}
			}
			sort.Slice(v.Children, func(i, j int) bool { return v.Children[i].Unit < v.Children[j].Unit })
			if len(v.Children) > 0 {
				f.Values[name] = v
			}
		}
	}
	return f
}

// same compares numbers as papers print them.
func same(a, b Num) bool { return a.Round(2).Cmp(b.Round(2)) == 0 }

func TestExamples(t *testing.T) {
	sheets := loadSheets(t)
	files, _ := filepath.Glob("testdata/inputs/*.yaml")
	var zh, en strings.Builder
	for _, path := range files {
		in := loadInputs(t, path)
		fmt.Fprintf(&zh, "== %s %s\n", filepath.Base(path), in.Title)
		fmt.Fprintf(&en, "== %s %s\n", filepath.Base(path), in.Title)
		done := map[string][]earlier{}
		for _, run := range in.Runs {
			v, err := Compile(sheets[run.Sheet], in.attrs())
			if err != nil {
				t.Fatal(err)
			}
			var units []*Facts
			for _, u := range run.Units {
				units = append(units, in.facts(t, v.Sheet, u, done))
			}
			results := Run(v, units)
			for i, u := range run.Units {
				u.check(t, filepath.Base(path)+" "+run.Sheet, results[i])
				done[run.Sheet] = append(done[run.Sheet], earlier{u, results[i]})
			}
			if run.Nobody != nil && !slices.Equal(run.Nobody, SeparatesNobody(v, results)) {
				t.Errorf("%s: separates nobody: %v, want %v", run.Sheet, SeparatesNobody(v, results), run.Nobody)
			}
			zh.WriteString(Page(v, results, "zh"))
			en.WriteString(Page(v, results, "en"))
			frozen(t, v, units, results)
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
		diff(t, name, string(want), have)
	}
}

func (u *unitIn) check(t *testing.T, where string, r *Result) {
	t.Helper()
	e := u.Expect
	if e == nil {
		return
	}
	if e.None != !r.Scored {
		t.Errorf("%s %s: scored %v (%s)", where, u.Unit, r.Scored, r.Why.Zh)
		return
	}
	if e.Total != nil && !same(*e.Total, r.Points) {
		t.Errorf("%s %s: %s, want %s", where, u.Unit, r.Points, e.Total)
	}
	if e.Max != nil && !same(*e.Max, r.Max) {
		t.Errorf("%s %s: of %s, want %s", where, u.Unit, r.Max, e.Max)
	}
	if e.Grade != nil && *e.Grade != r.Grade {
		t.Errorf("%s %s: grade %s, want %s", where, u.Unit, r.Grade, *e.Grade)
	}
	if e.Rank != nil && *e.Rank != r.Rank {
		t.Errorf("%s %s: rank %d, want %d", where, u.Unit, r.Rank, *e.Rank)
	}
	if e.Lists != nil && !slices.Equal(*e.Lists, append([]string{}, r.Lists...)) {
		t.Errorf("%s %s: lists %v, want %v", where, u.Unit, r.Lists, *e.Lists)
	}
	for key, want := range e.Items {
		got, ok := r.Item(key)
		if b, is := r.Block(key); is && (!ok || !same(got.Points, want)) {
			got.Points, ok = b.Points, true
		}
		if !ok || !same(got.Points, want) {
			t.Errorf("%s %s: %s has %s, want %s", where, u.Unit, key, got.Points, want)
		}
	}
}

func diff(t *testing.T, name, want, have string) {
	t.Helper()
	w, h := strings.Split(want, "\n"), strings.Split(have, "\n")
	for i := range max(len(w), len(h)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(h) {
			b = h[i]
		}
		if strings.TrimRight(a, " ") != strings.TrimRight(b, " ") {
			t.Errorf("%s:%d\n want %q\n have %q", name, i+1, a, b)
			return
		}
	}
}
