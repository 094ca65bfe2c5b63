package memo

import (
	"errors"
	"fmt"
	"testing"
)

// TestKeptUntilChanged: computed once for a stamp, again for another, and never kept after an error.
func TestKeptUntilChanged(t *testing.T) {
	m, n := New(1<<20), 0
	ask := func(key, stamp string) int {
		v, err := Of(m, key, stamp, func() (int, error) { n++; return n, nil })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for i, c := range []struct {
		key, stamp string
		want       int
	}{{"a", "1", 1}, {"a", "1", 1}, {"b", "1", 2}, {"a", "2", 3}, {"a", "2", 3}, {"a", "1", 4}, {"b", "1", 2}} {
		if got := ask(c.key, c.stamp); got != c.want {
			t.Errorf("step %d: computation %d, want %d", i, got, c.want)
		}
	}
	bad := errors.New("no")
	if _, err := Of(m, "c", "1", func() (int, error) { return 0, bad }); !errors.Is(err, bad) {
		t.Error("the error is not told")
	}
	if got := ask("c", "1"); got != 5 {
		t.Errorf("an error was kept: %d", got)
	}
}

// TestBounded: what was asked last stays, and all together takes no more than was given.
func TestBounded(t *testing.T) {
	m := New(100_000)
	for i := range 1000 {
		_, _ = Of(m, "often", "1", func() (string, error) { return "", errors.New("was let go") })
		if _, err := Of(m, fmt.Sprint(i), "1", func() ([]int64, error) { return make([]int64, 100), nil }); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if _, err := Of(m, "often", "1", func() (string, error) { return "x", nil }); err != nil {
				t.Fatal(err)
			}
		}
		if m.held > 100_000 {
			t.Fatalf("%d bytes are held", m.held)
		}
	}
	if v, err := Of(m, "often", "1", func() (string, error) { return "", errors.New("gone") }); v != "x" {
		t.Error("what was asked all the time was let go: ", err)
	}
	if len(m.by) != m.order.Len() || len(m.by) < 50 || len(m.by) > 130 {
		t.Errorf("%d are kept", len(m.by))
	}
	if _, err := Of(m, "huge", "1", func() ([]int64, error) { return make([]int64, 1<<20), nil }); err != nil || m.held > 100_000 {
		t.Errorf("what is larger than all room is kept: %d %v", m.held, err)
	}
}
