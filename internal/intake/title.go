package intake

import (
	"math/big"
	"slices"
	"strings"

	"sifen/internal/intake/heading"
	"sifen/internal/kind"
	"sifen/internal/sheet"
	"sifen/internal/unit"
)

// titled is a column's title without what does not tell it from others.
func titled(s string) string { name, _ := heading.Split(s); return name }

// allows reports whether a title's inner part leaves its meaning as it is.
func (c column) allows(inner, own string) bool {
	if inner == "" || inner == own {
		return true
	}
	if heading.OtherNumber(inner, "") {
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
		name, inner := heading.Split(p)
		for _, said := range []string{inner, name, heading.Ending(name)} {
			if said == "" {
				continue
			}
			if u, ok := c.in(said); ok {
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

// unitsSaid is what the numbers below some titles are in: what a title says stands above what a line says of all.
func unitsSaid(cols []column, titles, lines []string) string {
	said := ""
	for _, t := range titles {
		if at := slices.IndexFunc(cols, func(c column) bool { return c.is(t) || c.isBelow(t) }); at >= 0 {
			said += cols[at].unitOf(t, lines).name + "|"
		} else if t != "" && !numbersRows(t) { // somebody will say which column it is
			said += strings.Join(lines, "、")
		}
	}
	return said
}

// unclear reports whether a title says a unit, or part of one, that is not that of the numbers as they are read.
func (c column) unclear(title string, u columnUnit) bool {
	if !c.quantity() || u.factor != nil {
		return false
	}
	name, inner := heading.Split(title)
	for _, own := range c.names {
		if inner == own[1] && name == own[0] {
			return false
		}
	}
	if m, ok := unit.MeasureOf(inner); ok {
		own := measureOf(c.field)
		return m.Dimension != own.Dimension && (own.Dimension != "" || m.Dimension != "people")
	}
	return inner != "" && !c.allows(inner, "") || strings.ContainsAny(name+inner, "万千百亿吨斤美箱套担") || strings.HasSuffix(name, "w") || strings.HasSuffix(name, "k")
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
