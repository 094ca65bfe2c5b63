package penalty

import (
	"os"
	"testing"
	"testing/fstest"

	"sifen/internal/pack"
	"sifen/internal/period"
)

// base reads the shipped table.
func base(t *testing.T) *pack.Set {
	t.Helper()
	raw, err := os.ReadFile("../../packs/base/penalties/national.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"pack.yaml": {Data: []byte("key: t\ntitle: {zh: 试, en: Try}\nversion: 1.0.0\n")}, "penalties/national.yaml": {Data: raw}}
	r := pack.NewRegistry(Type())
	p, faults := r.Load(files)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	set, faults := r.Build(p)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return set
}

// TestLawOfTheDay: what was done under the old law is shown by it, beside today's.
func TestLawOfTheDay(t *testing.T) {
	set := base(t)
	p, ok := pack.Value[Penalty](set, "penalties", "dumping-unit")
	if !ok {
		t.Fatal("no such duty")
	}
	last, first := period.Date(2026, 8, 14), period.Date(2026, 8, 15)
	if a, b := p.On(last), p.On(first); a == nil || b == nil || a.Fine[0] != 50000 || b.Fine[0] != 100000 || a.Law == b.Law {
		t.Errorf("%+v, %+v", a, b)
	}
	if x := p.On(period.Date(2020, 8, 31)); x != nil {
		t.Errorf("in force before it was: %+v", x)
	}
	list := Laws(set, []string{"dumping-unit", "duty-manager", "nothing"}, last, first)
	if len(list) != 2 || list[0].Now == nil || list[1].Act != nil {
		t.Errorf("%+v", list)
	}
	if same := Laws(set, []string{"dumping-unit"}, first, first+9); same[0].Now != nil {
		t.Errorf("one law twice: %+v", same)
	}
}
