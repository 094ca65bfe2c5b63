package heading

import (
	"slices"
	"strings"
)

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

// otherNumbers are words that make a number another one than the one that was: it is asked about.
var otherNumbers = []string{"计划", "预计", "目标", "库存", "上年", "去年", "同期", "累计", "应", "拟", "预算", "下达", "申请", "待", "剩余", "结余", "planned", "plan", "target",
	"stock", "budget", "expected", "last year"}

// OtherNumber reports whether a title says such a word that the own one does not.
func OtherNumber(title, own string) bool {
	return slices.ContainsFunc(otherNumbers, func(w string) bool { return strings.Contains(title, w) && !strings.Contains(own, w) })
}

// RowNumbers are titles of columns that number the rows of a sheet and say nothing of the records.
var RowNumbers = []string{"序号", "顺序号", "行号", "编次", "项次", "no", "no.", "#"}

// Kinds are other names of the four kinds of household waste: those of other cities and of the law before 2019.
var Kinds = map[string]string{
	"干垃圾": "其他垃圾", "其它垃圾": "其他垃圾", "其它": "其他垃圾", "其他": "其他垃圾", "湿垃圾": "厨余垃圾", "餐厨垃圾": "厨余垃圾",
	"易腐垃圾": "厨余垃圾", "厨余": "厨余垃圾", "餐厨": "厨余垃圾", "可回收垃圾": "可回收物", "可回收": "可回收物", "有害": "有害垃圾",
}
