package rectify

import (
	"testing"

	"sifen/internal/pack"
	"sifen/internal/period"
)

// TestLawOfTheDay: what was done under the old law is shown by it, beside today's.
func TestLawOfTheDay(t *testing.T) {
	set := rules(t)
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
	list := laws(set, []string{"dumping-unit", "duty-manager", "nothing"}, last, first)
	if len(list) != 2 || list[0].Now == nil || list[1].Act != nil {
		t.Errorf("%+v", list)
	}
	if same := laws(set, []string{"dumping-unit"}, first, first+9); same[0].Now != nil {
		t.Errorf("one law twice: %+v", same)
	}
}
