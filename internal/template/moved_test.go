package template

import (
	"testing"

	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/pack"
)

// TestMovedNames: a name that goes from one figure to another is told, by title and by further names; one that is given up or
// stays is not.
func TestMovedNames(t *testing.T) {
	set := func(titles ...string) *pack.Set {
		s := pack.NewSet()
		for i := 0; i+1 < len(titles); i += 2 {
			s.Put(&pack.Object{Type: "indicators", Key: titles[i], Value: indicator.Definition{Key: titles[i], Title: i18n.Label{Zh: titles[i+1]}}})
		}
		return s
	}
	for name, x := range map[string]struct {
		before, after *pack.Set
		want          int
	}{
		"two swap":           {set("a", "甲", "b", "乙"), set("a", "乙", "b", "甲"), 2},
		"one takes over":     {set("a", "甲", "b", "乙"), set("a", "丙", "b", "甲"), 1},
		"a new name":         {set("a", "甲"), set("a", "丁"), 0},
		"nothing of it":      {set("a", "甲", "b", "乙"), set("a", "甲", "b", "乙"), 0},
		"a new figure of it": {set("a", "甲"), set("a", "丁", "c", "甲"), 1},
	} {
		if got := MovedNames(x.before, x.after); len(got) != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
