package template

import (
	"slices"
	"strings"
	"testing"

	"sifen/internal/pack"
)

// A template is checked against the words of a list before anybody makes its rows: a row has its fields and its place in the
// order, and nothing that only a record has.
func TestListsAreLoops(t *testing.T) {
	set := &pack.Set{}
	all := loopCatalogue(set, nil)
	for _, k := range Lists {
		for _, name := range []string{k.Key, k.Title.Zh, k.Title.En} {
			c := all[name]
			if c == nil {
				t.Errorf("%s is no loop", name)
				continue
			}
			for _, f := range k.Fields {
				if !slices.Contains(c.Headers, f.Title.Zh) {
					t.Errorf("%s does not say %s", name, f.Title.Zh)
				}
			}
			if !slices.Contains(c.Headers, sayCount) || slices.Contains(c.Headers, sayNumber) {
				t.Errorf("%s says %v", name, c.Headers)
			}
		}
	}
	tags := 0
	for _, l := range LoopTags(set) {
		if strings.HasPrefix(l.Tag, "{{#每条 问题类型}}") && strings.Contains(l.Tag, "{{占比}}") {
			tags++
		}
	}
	if tags != 1 {
		t.Errorf("authors are offered the list %d times", tags)
	}
}
