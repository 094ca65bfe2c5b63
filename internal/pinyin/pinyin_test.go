package pinyin

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"榆巷街道":    "yxjd yhjd",
		"重庆":      "zq cq",
		"长兴":      "zx cx",
		"厦门":      "sm xm",
		"A3号楼":    "a3hl",
		"绿地·香树花城": "ldxshc",
		"𠮷野":      "y", // a rare character without a reading is left out
		"No. 7":   "",
		"":        "",
	} {
		if got := Initials(name); got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"榆巷街道/半亩社区":             "yxjd yhjd bmsq bmso",
		"厨余桶边督导 Bin-7 号":        "cytbdd h",
		"重庆长乐朝曾":                "zqzlcc cqzlcc zqclcc cqclcc",
		strings.Repeat("一", 30): strings.Repeat("y", 20),
		"7-13，":                 "",
	} {
		if got := Words(text); got != want {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name, q string
		want    bool
	}{
		{"长乐坊", "clf", true}, {"长乐坊", "CYF", true}, {"长乐坊", "lf", true}, {"长乐坊", "yy", false},
		{"长乐坊", "", false}, {"长乐坊", "长", false}, {"长乐坊", "%", false}, {"7号院", "7h", false},
	} {
		if got := Match(c.name, c.q); got != c.want {
			t.Errorf("%s by %q: %v", c.name, c.q, got)
		}
	}
}

// Every way is as long as the name has readable characters, and there are never more than the bound.
func TestEveryWayIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune("重长厦朝乐曾单解区行榆巷街道社A7·堡")), 0, 14, -1).Draw(t, "name")
		ways := strings.Fields(Initials(name))
		if len(ways) > maxVariants {
			t.Fatalf("%d ways", len(ways))
		}
		n := 0
		for _, r := range name {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				n++
			}
		}
		seen := map[string]bool{}
		for _, w := range ways {
			if len(w) != n {
				t.Fatalf("%q for %q", w, name)
			}
			if seen[w] {
				t.Fatalf("%q twice for %q", w, name)
			}
			seen[w] = true
		}
	})
}
