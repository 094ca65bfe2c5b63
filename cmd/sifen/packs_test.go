package main

import (
	"testing"

	"sifen/internal/pack"
)

// TestRecounted: only figures that were there and are counted in another way need a day.
func TestRecounted(t *testing.T) {
	was := "key: a\nkind: k\nmeasure: count\ntitle: {zh: 甲, en: A}\n"
	for name, x := range map[string]struct {
		typ     string
		version int64
		now     string
		want    int
	}{
		"another condition":    {"indicators", 2, was + "where: n > 1\n", 1},
		"another title":        {"indicators", 2, "key: a\nkind: k\nmeasure: count\ntitle: {zh: 乙, en: B}\nnames: [丙]\n", 0},
		"a new figure":         {"indicators", 1, was + "where: n > 1\n", 0},
		"another sort of rule": {"templates", 2, was + "where: n > 1\n", 0},
	} {
		if got := recounted([]pack.Change{{Object: &pack.Object{Type: x.typ, Key: "a", Body: x.now}, Version: x.version, Before: was}}); len(got) != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
