package checklist

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/pack"
	"sifen/internal/penalty"
	"sifen/internal/rectify"
	"sifen/packs"
)

// shipped are the rules that a checklist may name.
func shipped(t testing.TB) *pack.Set {
	t.Helper()
	set := pack.NewSet()
	p, _ := pack.NewRegistry(inspect.Checklists(), inspect.ObjectKinds(), rectify.Instruments(), penalty.Type()).Load(packs.Base())
	for _, o := range p.Objects {
		set.Put(o)
	}
	pack.NewRegistry(inspect.ObjectKinds(), rectify.Instruments(), penalty.Type(), inspect.Checklists()).Resolve(set)
	return set
}

func textOf(t testing.TB, c *inspect.Checklist) string {
	t.Helper()
	raw, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// there writes a form and reads it back.
func there(t testing.TB, set *pack.Set, c *inspect.Checklist, lang i18n.Lang) Read {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, set, c, lang); err != nil {
		t.Fatal(err)
	}
	got, err := read(context.Background(), set, b.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func differs(t testing.TB, what string, have, want *inspect.Checklist) bool {
	t.Helper()
	a, b := textOf(t, have), textOf(t, want)
	if a == b {
		return false
	}
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			t.Errorf("%s: line %d: %s, want %s\n%s", what, i, la[i], lb[i], strings.Join(lb[max(0, i-6):i+1], "\n"))
			break
		}
	}
	return true
}

// TestShippedChecklistsComeBack: each shipped checklist goes to Excel and comes back as it is, in both languages.
func TestShippedChecklistsComeBack(t *testing.T) {
	set := shipped(t)
	list := pack.All[inspect.Checklist](set, typ)
	if len(list) < 8 {
		t.Fatalf("%d checklists", len(list))
	}
	for _, c := range list {
		own := *c
		Tidy(&own)
		if faults := Faults(set, &own); len(faults) > 0 {
			t.Errorf("%s: %v", c.Key, faults)
		}
		for _, lang := range []i18n.Lang{i18n.Zh, i18n.En} {
			got := there(t, set, &own, lang)
			differs(t, c.Key+" "+string(lang), &got.Checklist, &own)
			signature := func(n Note) bool { return strings.Contains(n.Text, "签字") || strings.Contains(n.Text, "ignature") }
			for _, n := range append(got.Asked, slices.DeleteFunc(got.Left, signature)...) {
				t.Errorf("%s %s: %s %q %s", c.Key, lang, n.Cell, n.Text, n.Say.Zh)
			}
			if !got.Own {
				t.Errorf("%s: not known as our own", c.Key)
			}
		}
	}
}

// made is a random checklist.
func made(r *rand.Rand) *inspect.Checklist {
	n := 0
	word := func(zh string) i18n.Label {
		n++
		l := i18n.Label{Zh: fmt.Sprintf("%s%d", zh, n)}
		switch r.IntN(4) {
		case 0:
			l.Zh += "，（" + zh + "）；1. 不满溢\n第二行 a=b"
		case 1:
			l.Zh = "1、" + l.Zh
		}
		if r.IntN(2) == 0 {
			l.En = fmt.Sprintf("word %d; %s", n, zh)
		}
		return l
	}
	some := func(zh string) *i18n.Label {
		if r.IntN(2) == 0 {
			return nil
		}
		l := word(zh)
		return &l
	}
	phrases := func() (out []inspect.Phrase) {
		for k := range r.IntN(4) {
			w := word("说法")
			out = append(out, inspect.Phrase{Key: fmt.Sprintf("p-%d", 7*k), Zh: w.Zh, En: w.En})
		}
		return out
	}
	no := false
	c := &inspect.Checklist{Key: "own-x", Title: word("检查表"), About: []string{"estate"}, Answers: []string{"firm", "community"}, Sample: some("抽样"),
		Source:     some("来源"),
		Instrument: []string{"", "onsite", "none"}[r.IntN(3)]}
	for s := range 1 + r.IntN(4) {
		x := inspect.Section{Key: fmt.Sprintf("part-%d", s), Title: word("部分"), Points: int64(r.IntN(3) * 15)}
		if r.IntN(6) == 0 {
			x.Title = i18n.Label{Zh: "同名部分"}
		}
		switch r.IntN(5) {
		case 0:
			x.Each = &inspect.Each{Of: "point", N: inspect.Number{All: true}}
		case 1:
			x.Each = &inspect.Each{Of: "object", N: inspect.Number{Of: []inspect.Sample{{Kind: "shop", N: 3}}}}
		}
		for k := range 1 + r.IntN(5) {
			i := inspect.Item{Key: fmt.Sprintf("k%d-%d", s, k), Ask: word("要求"), Rule: some("细则"), Phrases: phrases(), Fixes: phrases(),
				Passing: r.IntN(2) == 0, Count: some("个"),
				Severity: []string{"", "major"}[r.IntN(2)], Instrument: []string{"", "none", "order", "prompt"}[r.IntN(4)],
				How: []string{"", "seen", "asked", "papers"}[r.IntN(4)]}
			if r.IntN(3) == 0 {
				i.Answers = []string{"carrier", "street"}
			}
			if r.IntN(3) == 0 {
				i.Basis = []string{"unsorted-unit"}
			}
			if r.IntN(4) == 0 {
				i.NA = &no
			}
			switch r.IntN(7) {
			case 0:
				i.Answer, i.Fails, i.Unit = inspect.Amount, []string{"", "value > 3", "value < 2 || value > 9"}[r.IntN(3)], some("次")
			case 1:
				i.Answer, i.Of = inspect.Share, int64(r.IntN(2)*10)
				i.Fails = []string{"", "part * 100 < of * 85", "part * 10 < of * 9", "part + 1 < of"}[r.IntN(4)]
			case 2:
				i.Answer = inspect.Select
				for o := range 2 + r.IntN(3) {
					i.Options = append(i.Options, inspect.Option{Key: fmt.Sprintf("op-%d", o), Title: word("选项"), Fails: r.IntN(2) == 0})
				}
			case 3:
				i.Answer = inspect.Text
			}
			if r.IntN(5) == 0 && k > 0 {
				i.When = fmt.Sprintf(`a["k%d-%d"] == "yes"`, s, k-1)
			}
			x.Items = append(x.Items, i)
		}
		c.Sections = append(c.Sections, x)
	}
	Tidy(c)
	return c
}

// TestAnyChecklistComesBack: whatever a checklist says, its form in Excel says the same, in either language.
func TestAnyChecklistComesBack(t *testing.T) {
	set := shipped(t)
	for seed := range uint64(150) {
		c := made(rand.New(rand.NewPCG(seed, 1)))
		for _, lang := range []i18n.Lang{i18n.Zh, i18n.En} {
			got := there(t, set, c, lang)
			if differs(t, fmt.Sprintf("seed %d %s", seed, lang), &got.Checklist, c) || len(got.Asked) > 0 {
				t.Fatalf("seed %d %s: asked %v", seed, lang, got.Asked)
			}
		}
	}
}

// edited changes cells of a form by their text.
func edited(t *testing.T, raw []byte, change func(f *excelize.File, name string)) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	change(f, f.GetSheetName(0))
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func cellOf(t *testing.T, f *excelize.File, name, text string) string {
	t.Helper()
	at, err := f.SearchSheet(name, text)
	if err != nil || len(at) == 0 {
		t.Fatalf("no cell says %s: %v", text, err)
	}
	return at[0]
}

// TestWhatPeopleChangeInTheForm counts, and everything else stays as it was, also what the form does not show.
func TestWhatPeopleChangeInTheForm(t *testing.T) {
	set := shipped(t)
	was, _ := pack.Value[inspect.Checklist](set, typ, "estate")
	var b bytes.Buffer
	if err := write(&b, set, was, i18n.Zh); err != nil {
		t.Fatal(err)
	}
	raw := edited(t, b.Bytes(), func(f *excelize.File, name string) {
		lids := cellOf(t, f, name, "桶盖完好，无满溢")
		_ = f.SetCellStr(name, lids, "桶盖完好，不满溢，不落地")
		row := lids[1:]
		_ = f.SetCellStr(name, "G"+row, "满溢\n桶盖破损\n没套袋")
		_ = f.SetCellStr(name, "I"+row, "严重")
		_ = f.SetCellStr(name, "F"+cellOf(t, f, name, "标志正确，与桶色一致")[1:], "数字（个）\n大于 2 不合格")
		_ = f.SetCellStr(name, "J"+cellOf(t, f, name, "没有混装混运")[1:], "罚单")
	})
	got, err := read(context.Background(), set, raw, Options{Base: was})
	if err != nil {
		t.Fatal(err)
	}
	at := func(key string) *inspect.Item {
		for si := range got.Checklist.Sections {
			for ii := range got.Checklist.Sections[si].Items {
				if got.Checklist.Sections[si].Items[ii].Key == key {
					return &got.Checklist.Sections[si].Items[ii]
				}
			}
		}
		t.Fatalf("%s is gone", key)
		return nil
	}
	lids := at("lids")
	if lids.Ask.Zh != "桶盖完好，不满溢，不落地" || lids.Severity != "major" || len(lids.Phrases) != 3 || lids.Phrases[0].Key != "full" || lids.Phrases[2].Zh != "没套袋" ||
		len(lids.Fixes) != 4 || !lids.Passing {
		t.Errorf("%+v", lids)
	}
	if s := at("signs"); s.Answer != inspect.Amount || s.Fails != "value > 2" || s.Unit.Zh != "个" {
		t.Errorf("%+v", s)
	}
	if at("board-current").When == "" || at("board").Basis[0] != "duty-manager" || at("purity").Ask.En == "" {
		t.Error("what the form does not show is lost")
	}
	if len(got.Asked) != 1 || !strings.HasSuffix(got.Asked[0].Pointer, "/instrument") || got.Asked[0].Text != "罚单" ||
		!strings.HasPrefix(got.Asked[0].Cell, "J") {
		t.Errorf("asked %v", got.Asked)
	}
}
