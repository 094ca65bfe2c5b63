package unit

import (
	"math/big"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Measure is a unit of measure as people write it: 万元, 斤, 吨, 万人次. Two measures of one dimension convert into each
// other by their sizes; measures of different dimensions never do. The zero Measure is none.
type Measure struct {
	// Dimension says what is measured: money, mass, people and so on; of things that are only counted (户, 场) it is
	// the word itself.
	Dimension string
	// Size is how many of the dimension's smallest common unit one is: 1 万元 is 10,000 of 元.
	Size *big.Rat
	// Numeral is the 万 of 万元, 1 where there is none.
	Numeral int64
}

// In is how many of another measure one is; ok is false where they do not measure the same.
func (m Measure) In(other Measure) (factor *big.Rat, ok bool) {
	if m.Dimension != other.Dimension || m.Size == nil || other.Size == nil {
		return nil, false
	}
	return new(big.Rat).Quo(m.Size, other.Size), true
}

// DecimalsIn is how many decimals a number may have whose unit is so many of one that has decimals:
// 万元 has six where 元 has two. No factor is one.
func DecimalsIn(factor *big.Rat, decimals int) int {
	n := decimals
	if factor == nil {
		return n
	}
	whole := func(n int) bool {
		return new(big.Rat).Mul(factor, big.NewRat(Pow10(decimals), Pow10(n))).IsInt()
	}
	for n > 0 && !whole(n) {
		n--
	}
	for whole(n + 1) {
		n++
	}
	return n
}

var numerals = []struct {
	word string
	n    int64
}{
	{"百万", 1e6}, {"千万", 1e7}, {"十万", 1e5}, {"亿", 1e8}, {"万", 1e4}, {"千", 1e3}, {"百", 100}, {"十", 10},
}

// measures are units with another name or another size beside them. Sizes are decimals or fractions.
var measures = func() map[string]Measure {
	out := map[string]Measure{}
	add := func(dimension string, sizes ...string) {
		for i := 0; i < len(sizes); i += 2 {
			size, _ := new(big.Rat).SetString(sizes[i])
			for _, name := range strings.Fields(sizes[i+1]) {
				out[name] = Measure{dimension, size, 1}
			}
		}
	}
	add("money", "1", "元 块钱 圆 rmb cny yuan", "1/10", "角", "1/100", "分")
	add("mass", "1/1000", "克 g", "1", "千克 公斤 kg", "1/2", "斤 市斤", "1/20", "两", "1000", "吨 公吨 t")
	add("length", "1", "米 m", "1000", "公里 千米 km", "1/100", "厘米 cm")
	add("area", "1", "平方米 平米 ㎡ m2 平方", "2000/3", "亩", "10000", "公顷 ha", "1000000", "平方公里 平方千米 km2")
	add("volume", "1", "升 l", "1000", "立方米 立方 m3 方", "1/1000", "毫升 ml")
	add("time", "1", "分钟 min", "60", "小时 h 课时")
	add("people", "1", "人 人次 名 位 persons people person 人数")
	for _, name := range strings.Fields("户 户次 份 套 处 个 组 场 场次 次 辆 台 座 件 篇 条 期 只 张 本 册 家 栋 幢 块 遍 批 支 队 项 所 间 起 桶 站 例 天 日 月 年 名次 面 幅 车 趟 桶次 户数 次数") {
		out[name] = Measure{name, big.NewRat(1, 1), 1}
	}
	return out
}()

// MeasureOf reads the name of a unit, with a numeral before it or alone: 万元, kg, 万人次, 万. A numeral alone has no
// dimension.
func MeasureOf(name string) (Measure, bool) {
	s := strings.ToLower(strings.ReplaceAll(norm.NFKC.String(name), " ", ""))
	if m, ok := measures[s]; ok {
		return m, true
	}
	for _, n := range numerals {
		rest, ok := strings.CutPrefix(s, n.word)
		if !ok {
			continue
		}
		if rest == "" {
			return Measure{"", big.NewRat(n.n, 1), n.n}, true
		}
		if m, ok := measures[rest]; ok {
			return Measure{m.Dimension, new(big.Rat).Mul(m.Size, big.NewRat(n.n, 1)), n.n}, true
		}
	}
	return Measure{}, false
}

var written = regexp.MustCompile(`^(人民币|RMB|rmb|¥|￥)?([-+]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([^\d,.].*)?$`)

var apart, blankGroups = regexp.MustCompile(`[0-9.]\s+[0-9]`), regexp.MustCompile(`^\D{0,4}[0-9]{1,3}(\s[0-9]{3})+(\D|$)`)

// Written is a number as people write it in a cell, with what stands behind it: 1.2万, 3000万元, 500斤, ¥1,200.50.
// Commas stand in groups of three or not at all. ok is false where anything else stands there, a second number too.
func Written(s string) (n *big.Rat, behind string, ok bool) {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.No, r) }) {
		return nil, "", false // ①20 is not 120, 2² is not 22
	}
	s = norm.NFKC.String(strings.TrimSpace(s))
	if apart.MatchString(s) && !blankGroups.MatchString(s) {
		return nil, "", false // 5 6 is two numbers
	}
	s = strings.ReplaceAll(s, " ", "")
	p := written.FindStringSubmatch(s)
	if p == nil || strings.ContainsAny(p[5], "0123456789") || len(s) > 60 {
		return nil, "", false
	}
	n, ok = new(big.Rat).SetString(strings.TrimPrefix(p[2], "+") + strings.ReplaceAll(p[3], ",", "") + p[4])
	behind = p[5]
	if p[1] != "" {
		switch {
		case behind == "":
			behind = "元"
		case !strings.Contains(behind, "元"):
			behind += "元"
		}
	}
	if cut, found := strings.CutSuffix(behind, "元整"); found {
		behind = cut + "元"
	}
	return n, behind, ok
}
