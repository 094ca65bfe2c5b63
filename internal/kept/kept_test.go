package kept

import (
	"testing"

	"sifen/internal/kind"
)

// TestFieldsComeBack: whole numbers stay whole numbers, and what a lock does not hold is no part of what it compares.
func TestFieldsComeBack(t *testing.T) {
	f := kind.Fields{"n": int64(9_007_199_254_740_993), "in_time": true, "title": "“通报”", "since": int64(18262)}
	for k, v := range Decode(Encode(f)) {
		if f[k] != v {
			t.Errorf("%s: %v came back as %v", k, f[k], v)
		}
	}
	if got := Decode("no JSON"); len(got) != 0 {
		t.Errorf("what cannot be read became %v", got)
	}
	s := Store{Aside: []string{"since"}}
	a := s.Contribution(&Record{Fields: f})
	f["since"] = int64(1)
	b := s.Contribution(&Record{Fields: f})
	f["n"] = int64(1)
	if c := s.Contribution(&Record{Fields: f}); *a != *b || *a == *c {
		t.Errorf("%+v, %+v, %+v", a, b, c)
	}
	if f["since"] == nil {
		t.Error("the record lost a field")
	}
}
