package spelling_test

import (
	"testing"

	"sifen/internal/spelling"
)

// TestDistances: how many characters have to change.
func TestDistances(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"桂花社区", "桂化社区", 1}, {"", "两字", 2}, {"abc", "abc", 0}, {"柳村", "柳村村", 1}, {"ab", "ba", 2}} {
		if got := spelling.Distance(c.a, c.b); got != c.want || spelling.Distance(c.b, c.a) != got {
			t.Errorf("%s to %s is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
