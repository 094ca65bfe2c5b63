package intake

import (
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sifen/internal/kind"
	"sifen/internal/sheet"
	"sifen/internal/unit"
)

// splitTitle takes a title apart: its name without blanks, marks and line breaks, and what stands behind it in brackets,
// after a slash or a colon: 金额（万元） is 金额 and 万元. What follows a slash or colon is the inner part only if it is a unit.
func splitTitle(title string) (name, inner string) {
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
	if i := strings.IndexByte(s, '('); i > 0 {
		inner, _, _ = strings.Cut(s[i+1:], ")")
		inner = strings.TrimPrefix(strings.TrimPrefix(inner, "单位:"), "单位")
		return s[:i], inner
	}
	if i := strings.LastIndexAny(s, "/:"); i > 0 {
		if _, ok := unit.MeasureOf(s[i+1:]); ok {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// titled is a column's title without what does not tell it from others.
func titled(s string) string { name, _ := splitTitle(s); return name }

// otherNumbers are words behind a title that make it another number or day than the one that was: they are asked about.
var otherNumbers = []string{"计划", "预计", "目标", "库存", "上年", "去年", "同期", "累计", "应", "拟", "预算", "下达", "申请", "待", "剩余", "结余", "planned", "plan", "target",
	"stock", "budget", "expected", "last year"}

// allows reports whether a title's inner part leaves its meaning as it is.
func (c column) allows(inner, own string) bool {
	if inner == "" || inner == own {
		return true
	}
	if slices.ContainsFunc(otherNumbers, func(w string) bool { return strings.Contains(inner, w) }) {
		return false
	}
	if !c.quantity() {
		return true
	}
	if m, ok := unit.MeasureOf(inner); ok {
		return c.measures(m)
	}
	return slices.ContainsFunc([]string{"填", "数字", "整数", "required", "optional", "number"}, func(w string) bool { return strings.Contains(inner, w) })
}

// quantity reports whether the column holds amounts.
func (c column) quantity() bool {
	return c.role == "value" && slices.Contains([]string{"count", "number", "money", "weight"}, c.field.Type)
}

// measure is what the numbers of a field are read in when nothing is said: 元, 千克, else the field's own unit. It is the
// zero Measure where a field has none.
func measureOf(f kind.Field) unit.Measure {
	name := ""
	switch {
	case f.Type == "money":
		name = "元"
	case f.Type == "weight":
		name = "千克"
	case f.Unit != nil:
		name = f.Unit.Zh
	}
	m, _ := unit.MeasureOf(name)
	return m
}

// measures reports whether an amount in m can be one of the column's field: of the same dimension, a bare numeral, or a word
// for single things where the field has no unit.
func (c column) measures(m unit.Measure) bool {
	_, ok := c.factor(m)
	return ok
}

// factor is how many of the field's own unit one m is.
func (c column) factor(m unit.Measure) (*big.Rat, bool) {
	own := measureOf(c.field)
	if m.Dimension == "" {
		return new(big.Rat).SetInt64(m.Numeral), m.Numeral > 0
	}
	if own.Dimension == "" {
		single := m.Size.Cmp(new(big.Rat).SetInt64(m.Numeral)) == 0 // 份, 万户: nothing but counted
		return new(big.Rat).SetInt64(m.Numeral), single && m.Dimension != "money" && m.Dimension != "mass"
	}
	return m.In(own)
}

// columnUnit is the unit that a column of a file says its numbers are in. The zero value says nothing: they are in the
// field's own.
type columnUnit struct {
	name    string // as the file writes it
	factor  *big.Rat
	numeral int64
}

// unitOf finds the unit of a column: behind its title, or in a line above the titles that names the unit of all numbers.
func (c column) unitOf(title string, above []string) columnUnit {
	if !c.quantity() {
		return columnUnit{}
	}
	parts := strings.Split(title, sheet.HeadMark)
	slices.Reverse(parts)
	for _, p := range parts {
		if _, inner := splitTitle(p); inner != "" {
			if u, ok := c.in(inner); ok {
				return u
			}
		}
	}
	for _, name := range above {
		if m, ok := unit.MeasureOf(name); ok && m.Dimension == measureOf(c.field).Dimension && m.Dimension != "" {
			if u, ok := c.in(name); ok {
				return u
			}
		}
	}
	return columnUnit{}
}

func (c column) in(name string) (columnUnit, bool) {
	m, ok := unit.MeasureOf(name)
	if !ok {
		return columnUnit{}, false
	}
	f, ok := c.factor(m)
	if !ok {
		return columnUnit{}, false
	}
	if f.Cmp(big.NewRat(1, 1)) == 0 {
		return columnUnit{}, true
	}
	return columnUnit{name, f, m.Numeral}, true
}

// unitsAbove are the units that lines above the titles name for all numbers: 单位：万元.
func unitsAbove(rows []sheet.Row) []string {
	var out []string
	for _, r := range rows {
		for i := range r.Cells {
			text := strings.ReplaceAll(norm.NFKC.String(r.Text(i)), " ", "")
			for {
				_, rest, ok := strings.Cut(text, "单位:")
				if !ok {
					break
				}
				text = rest
				for _, name := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("、,/;()[]", r) }) {
					if _, ok := unit.MeasureOf(name); ok && !slices.Contains(out, name) {
						out = append(out, name)
					}
				}
			}
		}
	}
	return out
}
