// Package heading reads the titles of a stranger's table: what is named, in which unit, and which field of ours may be meant.
package heading

import (
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sifen/internal/sheet"
	"sifen/internal/unit"
)

// Split takes a title apart: its name without blanks, marks and line breaks, and what stands behind it in brackets,
// after a slash or a colon: 金额（万元） is 金额 and 万元. What follows a slash or colon is the inner part only if it is a unit.
func Split(title string) (name, inner string) {
	s := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '*', '\u200b', '\ufeff':
			return -1
		case '【', '〔', '[', '{':
			return '('
		case '】', '〕', ']', '}':
			return ')'
		case '：':
			return ':'
		}
		return r
	}, norm.NFKC.String(title))
	s = strings.ToLower(s)
	if i := strings.IndexByte(s, '('); i >= 0 {
		inner, after, _ := strings.Cut(s[i+1:], ")")
		for _, word := range []string{"金额", "计量", "单位", ":", "人民币"} {
			inner = strings.TrimPrefix(inner, word)
		}
		if one, _, more := strings.Cut(inner, ","); more {
			if _, ok := unit.MeasureOf(one); ok {
				inner = one // 万元，含税
			}
		}
		return s[:i] + after, inner
	}
	if i := strings.LastIndexAny(s, "/:"); i > 0 {
		if _, ok := unit.MeasureOf(s[i+1:]); ok {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// Ending is the unit that a title ends with: 到账金额万元.
func Ending(name string) string {
	r := []rune(name)
	for i := 1; i < len(r); i++ {
		if m, ok := unit.MeasureOf(string(r[i:])); ok && m.Numeral > 1 && m.Dimension != "" {
			return string(r[i:])
		}
	}
	return ""
}

// Said are the units that a sheet names for all its numbers: in the lines above its titles, else in its own name.
func Said(sheetName string, above []sheet.Row) []string {
	if out := UnitsAbove(above); len(out) > 0 {
		return out
	}
	return UnitsIn(sheetName)
}

// UnitsAbove are the units that lines above the titles name for all numbers: 单位：万元, 金额单位：人民币万元, （万元）.
func UnitsAbove(rows []sheet.Row) []string {
	var out []string
	for _, r := range rows {
		var texts []string
		for i, c := range r.Cells {
			if !c.Merged && r.Text(i) != "" {
				texts = append(texts, r.Text(i))
			}
		}
		for i, text := range texts {
			if strings.HasSuffix(folded(text), "单位:") && i+1 < len(texts) {
				text += texts[i+1]
			}
			for _, name := range UnitsIn(text) {
				if !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
		}
	}
	return out
}

func folded(text string) string { return strings.ReplaceAll(norm.NFKC.String(text), " ", "") }

// UnitsIn are the units that a line above or below a list names: behind 单位, or alone in brackets or in the cell.
func UnitsIn(text string) []string {
	var out []string
	add := func(name string) {
		for _, n := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("、,/;()[]。", r) }) {
			n = strings.TrimPrefix(n, "人民币")
			if m, ok := unit.MeasureOf(n); ok && m.Dimension != "" && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	text = folded(text)
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, "单位")
		if !ok {
			break
		}
		rest = strings.TrimLeft(after, ":为是均按")
		add(until(rest))
	}
	if _, after, ok := strings.Cut(text, "("); ok {
		inner, _, _ := strings.Cut(after, ")")
		add(inner)
	}
	add(text)
	return out
}

// until is a text up to its first mark of the end of a unit: 万元  2020年8月.
func until(text string) string {
	for i, r := range text {
		if r >= '0' && r <= '9' && i > 0 || r == '\t' || r == '\n' {
			return text[:i]
		}
	}
	return text
}

// synonyms are titles that offices write for what a field holds; they are proposed, never taken unasked. A field is meant by
// a part of its own title.
var synonyms = []struct{ field, titles []string }{
	{[]string{"单位"}, []string{"社区", "村", "村居", "所属社区", "所属街道", "街道", "镇街", "所属单位", "填报单位", "单位名称", "主办单位", "实施单位", "小区", "小区名称"}},
	{[]string{"日期", "时间", "日"}, []string{"时间", "活动时间", "活动日期", "开展时间", "举办时间", "日期", "发生日期", "实施时间"}},
	{[]string{"主题", "名称", "题目", "内容"}, []string{"活动名称", "活动内容", "活动主题", "内容", "名称", "标题", "主题"}},
	{[]string{"受众", "人数", "人次"}, []string{"参加人数", "参与人数", "参加人次", "参与人次", "人数", "人次", "受众人数", "宣传人数", "覆盖人数"}},
	{[]string{"地点", "位置", "地址"}, []string{"活动地点", "地址", "位置", "场所", "地点", "点位"}},
	{[]string{"份数", "数量"}, []string{"发放数量", "发放份数", "数量", "份数", "个数", "处数"}},
	{[]string{"金额"}, []string{"金额", "资金", "经费", "到账金额", "拨付金额", "款项"}},
	{[]string{"车牌"}, []string{"车牌号", "车牌号码", "车号", "牌照"}},
	{[]string{"备注", "说明"}, []string{"备注", "说明", "附言"}},
}

// otherDays are days of one record that are never taken for each other: what falls due is not what was paid.
var otherDays = []string{"到期", "截止", "计划", "预计", "结束", "终止", "停用", "下次", "有效"}

// Synonym reports whether offices call a field by a title.
func Synonym(field, title string) bool {
	for _, s := range synonyms {
		if slices.ContainsFunc(s.field, func(w string) bool { return strings.HasSuffix(field, w) || strings.HasPrefix(field, w) }) &&
			slices.Contains(s.titles, title) {
			return true
		}
	}
	return false
}

// OtherDay reports whether one of two titles says what kind of day it is and the other does not.
func OtherDay(a, b string) bool {
	return slices.ContainsFunc(otherDays, func(w string) bool { return strings.Contains(a, w) != strings.Contains(b, w) })
}

// Alike is the share of the pairs of characters of the shorter text that the longer has too, from 0 to 1.
func Alike(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 2 {
		return 0
	}
	n := 0
	for i := range len(x) - 1 {
		if strings.Contains(string(y), string(x[i:i+2])) {
			n++
		}
	}
	return float64(n) / float64(len(x)-1)
}

// Factor writes how many of one unit another is.
func Factor(f *big.Rat) string {
	if f.IsInt() {
		return f.Num().String()
	}
	return strings.TrimRight(strings.TrimRight(f.FloatString(6), "0"), ".")
}
