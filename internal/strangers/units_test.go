package strangers

import (
	"encoding/json"
	"net/url"
	"testing"

	"sifen/internal/apptest"
)

// TestUnitLists: a unit list makes its units once; totals become no units, and what is not read is told.
func TestUnitLists(t *testing.T) {
	each(t, "units.yaml", 12, func(w *world, s *stranger) {
		name, content := s.content(w.T)
		q := url.Values{"from": {"2019-01-01"}, "name": {name}}
		told := w.unitsSaid(w.zh("admin", "POST", "/units/import?"+q.Encode(), content))
		have, codes := map[string]int{}, map[string]string{}
		for _, u := range apptest.List(w.Get("admin", "/units").OK(), "items") {
			have[apptest.Text(u, "name")]++
			codes[apptest.Text(u, "name")] = apptest.Text(u, "code")
		}
		for row, unit := range s.Made {
			if n := have[unit]; n != 1 {
				w.T.Errorf("row %d makes %s once: it is there %d times, told was %v", row, unit, n, told)
			}
		}
		for unit, code := range s.Codes {
			w.Expect("the code of "+unit, codes[unit], code)
		}
		for _, unit := range s.Never {
			if have[unit] > 0 {
				w.T.Errorf("“%s” is no unit: it was made one", unit)
			}
		}
		if s.Told != nil && !told.any(s.Told) {
			w.T.Errorf("one of %v is told: %v", s.Told, told)
		}
		for _, pattern := range s.NotTold {
			if text, ok := told.matching(pattern); ok {
				w.T.Errorf("nothing says %s: %s", pattern, text)
			}
		}
	})
}

// unitsSaid is what an import of units tells.
func (w *world) unitsSaid(r apptest.Reply) said {
	w.T.Helper()
	type place struct{ Cell, Message, Detail string }
	var v struct {
		Title, Detail string
		Errors, Told  []place
	}
	if err := json.Unmarshal(r.Body, &v); err != nil {
		w.T.Fatalf("%d %.300s: %v", r.Status, r.Body, err)
	}
	out := said{v.Title, v.Detail}
	for _, p := range append(v.Errors, v.Told...) {
		out = append(out, p.Cell, p.Message, p.Detail)
	}
	return out
}
