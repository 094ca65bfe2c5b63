package words

import (
	"slices"
	"strings"
	"testing"
)

// TestAsked: the words of a search as each database takes them. Only what can be the end of a number is compared with ends.
func TestAsked(t *testing.T) {
	for _, c := range []struct{ query, sqlite, postgres string }{
		{"宣传97", `"宣 传 97" *`, `(宣 <-> 传 <-> 97:*)`},
		{"社区7-1300", `"社 区 7 1300" *`, `(社 <-> 区 <-> 7 <-> 1300:*)`},
		{"1234", `("1234" * OR "ǂ1234" *)`, `((1234:*) | (ǂ1234:*))`},
		{"886挂 清运", `("886 挂" * OR "ǂ886 挂" *) AND "清 运" *`, `((886 <-> 挂:*) | (ǂ886 <-> 挂:*)) & (清 <-> 运:*)`},
		{"12", `"12" *`, `(12:*)`},
		{"ＡＢ", `"ab" *`, `(ab:*)`},
		{"，。", ``, ``},
	} {
		if got := Asked("", c.query, false); got != c.sqlite {
			t.Errorf("%s: %s, want %s", c.query, got, c.sqlite)
		}
		if got := Asked("", c.query, true); got != c.postgres {
			t.Errorf("%s: %s, want %s", c.query, got, c.postgres)
		}
	}
	if got := Asked("meeting", "会", false); !strings.HasPrefix(got, `"会" * AND ǁ`) {
		t.Errorf("of one kind: %s", got)
	}
}

// TestIndexed: a number is found by its ends, a short one only whole; the kind stands beside the words.
func TestIndexed(t *testing.T) {
	got := strings.Fields(Indexed("meeting", "皖E·12345 电话 13900 2020年"))
	for _, w := range []string{"皖", "e12345", "ǂ345", "ǂ12345", "13900", "ǂ900", "2020", "年", kindToken("meeting")} {
		if !slices.Contains(got, w) {
			t.Errorf("%s is missing among %q", w, got)
		}
	}
	for _, w := range []string{"345", "ǂ45", "ǂ020", "ǂe12345"} {
		if slices.Contains(got, w) {
			t.Errorf("%s stands among %q", w, got)
		}
	}
}
