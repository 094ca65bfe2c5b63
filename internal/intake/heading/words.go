package heading

import "strings"

// turning are characters that turn a word into another when one of them is added or changed.
const turning = "不非无未有除上下大小男女市区省县乡镇村内外前后东西南北一二三四五六七八九十甲乙丙丁"

// Holds reports whether a holds b and what it holds beside does not turn its meaning: 不可回收物 is not 可回收物.
func Holds(a, b string) bool {
	before, after, ok := strings.Cut(a, b)
	long, short := len([]rune(a)), len([]rune(b))
	return ok && short >= 2 && (long < 3 || short*2 >= long) && !strings.Contains(before, "取消") && !strings.ContainsAny(before+after, turning)
}

// Slip reports whether two names of four characters or more differ in one, as a slip of the keyboard leaves it.
func Slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) != len(y) || len(x) < 4 {
		return false
	}
	at := -1
	for i := range x {
		if x[i] != y[i] {
			if at >= 0 || strings.ContainsRune(turning, x[i]) || strings.ContainsRune(turning, y[i]) {
				return false
			}
			at = i
		}
	}
	return at >= 0
}
