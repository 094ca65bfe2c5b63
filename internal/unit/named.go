package unit

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Named are the units that the words of a head or the line above a table name: 资金（万元）, 金额/万元, 单位：万元、吨, 到账金额万元,
// 覆盖率（%）. Percent is such a unit. It is nil where none is named.
func Named(title string) []string {
	if len(title) > longest {
		return nil // a paragraph, no head
	}
	var out []string
	add := func(list string) {
		for _, n := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune("、,;()[]。", r) }) {
			n = strings.TrimPrefix(n, "人民币")
			if _, ok := MeasureOf(n); (ok || n == Hundredths) && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	s := strings.Join(strings.Fields(norm.NFKC.String(title)), "")
	s = strings.NewReplacer("【", "(", "】", ")", "〔", "(", "〕", ")", "[", "(", "]", ")").Replace(s)
	if _, after, ok := strings.Cut(s, "单位:"); ok {
		add(after)
		return out
	}
	if i := strings.IndexByte(s, '('); i >= 0 {
		inner, _, _ := strings.Cut(s[i+1:], ")")
		for _, word := range []string{"金额", "计量", "单位", ":", "为"} {
			inner = strings.TrimPrefix(inner, word)
		}
		add(inner)
		return out
	}
	if add(s); out != nil {
		return out
	}
	if i := strings.LastIndexAny(s, "/:"); i > 0 {
		add(s[i+1:])
		return out
	}
	for i := range s {
		if m, ok := MeasureOf(s[i:]); ok && m.Numeral > 1 && m.Dimension != "" {
			return []string{s[i:]}
		}
	}
	return out
}

// longest is how many bytes a head has at the most.
const longest = 300

// Hundredths is the unit of a number in hundredths.
const Hundredths = "%"

// NamesAll reports whether a text names the unit of every number below it, not of one row or column.
func NamesAll(title string) bool {
	s := strings.TrimLeft(strings.Join(strings.Fields(norm.NFKC.String(title)), ""), "([【")
	return strings.HasPrefix(s, "单位:") || strings.HasPrefix(s, "金额单位:") || strings.HasPrefix(s, "计量单位:")
}
