package id_test

import (
	"testing"
	"time"

	"sifen/internal/id"
)

// Ids ascend with time, also within a millisecond; an instant that is none lifts no later id.
func TestIDsAscend(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	last := ""
	for range 5000 {
		x := id.New(now)
		if !id.Valid(x) || x <= last {
			t.Fatalf("%s after %s", x, last)
		}
		last = x
	}
	for what, x := range map[string]string{"the zero time": id.New(time.Time{}), "before 1970": id.New(time.Unix(-1, 0)), "the next": id.Next()} {
		if !id.Valid(x) {
			t.Errorf("%s: %s", what, x)
		}
	}
	later := id.New(now.Add(time.Minute))
	if want := id.New(now.Add(time.Minute)); later[:8] != want[:8] || later >= want {
		t.Errorf("%s, then %s", later, want)
	}
	if later[:4] != "01a2" {
		t.Errorf("an id of 2026 begins %s", later[:8])
	}
	for _, bad := range []string{"", "x", "019AD4C7-0000-7000-8000-000000000000", "019ad4c7-0000-1000-8000-000000000000",
		"019ad4c7_0000-7000-8000-000000000000"} {
		if id.Valid(bad) {
			t.Errorf("%q is taken for an id", bad)
		}
	}
}
