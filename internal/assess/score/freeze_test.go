package score

import (
	"bytes"
	"slices"
	"testing"
)

// frozen checks that a run comes to the same from what it freezes, and that freezing twice gives the same bytes.
func frozen(t *testing.T, v *Version, units []*Facts, results []*Result) {
	t.Helper()
	var p Packer
	var again []*Facts
	for _, f := range units {
		lines := f.Lines()
		packed, err := p.Pack(lines)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := p.Pack(f.Lines()); err != nil || !bytes.Equal(packed, twice) {
			t.Errorf("%s: frozen twice, the bytes differ (%v)", f.Unit, err)
		}
		plain, err := Unpack(packed)
		if err != nil || !bytes.Equal(plain, lines) {
			t.Fatalf("%s: %v", f.Unit, err)
		}
		back, err := ReadFacts(plain)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(back.Lines(), lines) {
			t.Errorf("%s: frozen\n%s\nread back\n%s", f.Unit, lines, back.Lines())
		}
		again = append(again, back)
	}
	if a, b := Page(v, results, "zh"), Page(v, Run(v, again), "zh"); a != b {
		t.Errorf("%s: from what was frozen comes\n%s\ninstead of\n%s", v.Key, b, a)
	}
	// the order of the units changes nothing
	turned := slices.Clone(again)
	slices.Reverse(turned)
	back := Run(v, turned)
	slices.Reverse(back)
	if a, b := Page(v, results, "zh"), Page(v, back, "zh"); a != b {
		t.Errorf("%s: with the units in another order comes\n%s", v.Key, b)
	}
}

func TestFrozenTextKeepsItsTabsAndLines(t *testing.T) {
	f := &Facts{Unit: "1", Name: "a\tb\nc\\t", Judged: map[string]Judgement{"x": {zero, "写\n两行\\n", "p"}}}
	back, err := ReadFacts(f.Lines())
	if err != nil || back.Name != f.Name || back.Judged["x"].Reason != f.Judged["x"].Reason {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := ReadFacts([]byte("unit\t1\tn\nwho knows\t3")); err == nil {
		t.Error("a line that nobody wrote was read")
	}
}
