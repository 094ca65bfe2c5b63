package intake

import (
	"math/big"
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/intake/heading"
	"sifen/internal/sheet"
	"sifen/internal/unit"
)

// nothings are what people write into a cell that has nothing to say.
var nothings = []string{"/", "-", "--", "——", "—", "－", "／", "\\"}

// saysNothing reports whether a text means that there is nothing. 无 is a text under a column of texts.
func (c column) saysNothing(text string) bool {
	if slices.Contains(nothings, text) {
		return true
	}
	t := c.field.Type
	return (text == "无" || text == "暂无") && c.role == "value" && t != "text" && t != "long-text" && t != "choice" && t != "bool"
}

// decimals is the scale of a field's stored numbers.
func (c column) decimals() int {
	switch c.field.Type {
	case "money":
		return 2
	case "weight":
		return 3
	case "number":
		return c.field.Decimals
	}
	return 0
}

// parseQuantity reads an amount as it stands, in the unit that stands in the cell, else in that of the column, else in the
// field's own. A cure is offered only for a calculated number, rounded to what the column asks for: any other text holds
// more than one reading.
func (c column) parseQuantity(text string, in columnUnit) (any, *cellFault) {
	decimals := c.decimals()
	if in.factor == nil {
		if n, ok := unit.ParseDecimal(text, decimals); ok {
			return n, nil
		}
	}
	n, err := sheet.Exact(text)
	factor := in.factor
	if err != nil {
		var behind string
		var ok bool
		if n, behind, ok = unit.Written(text); !ok {
			return nil, &cellFault{code: "value.number"}
		}
		m, known := unit.MeasureOf(behind)
		f, fits := c.factor(m)
		switch {
		case behind == "", behind == unit.Hundredths && c.field.Percent():
		case !known:
			return nil, &cellFault{code: "value.number"}
		case !fits:
			return nil, &cellFault{code: "value.other-unit", args: map[string]any{"unit": behind}}
		case m.Dimension != "":
			factor = f
		case in.numeral > 1: // 1.2万 under 万元
			return nil, &cellFault{code: "value.unit-twice", args: map[string]any{"unit": in.name}}
		case factor != nil:
			factor = new(big.Rat).Mul(factor, f)
		default:
			factor = f
		}
	}
	exact := n
	if factor != nil {
		exact = new(big.Rat).Mul(n, factor)
	}
	v := new(big.Rat).Mul(exact, new(big.Rat).SetInt64(unit.Pow10(decimals)))
	switch {
	case !v.IsInt():
		f := &cellFault{code: "value.decimals", args: map[string]any{"n": unit.DecimalsIn(factor, decimals)}}
		if _, after, _ := strings.Cut(text, "."); len(after) > 5 && factor == nil {
			f.suggestion = n.FloatString(decimals)
		}
		return nil, f
	case !v.Num().IsInt64():
		return nil, &cellFault{code: "value.number"}
	}
	return v.Num().Int64(), nil
}

// ownUnit is the unit that the numbers of a field are read in when nothing is said.
func (c column) ownUnit() i18n.Label {
	switch {
	case c.field.Type == "money":
		return i18n.Label{Zh: "元", En: "yuan"}
	case c.field.Type == "weight":
		return i18n.Label{Zh: "千克", En: "kg"}
	case c.field.Unit != nil:
		return *c.field.Unit
	}
	return i18n.Label{Zh: "个", En: "ones"}
}

// same reports whether two columns count alike.
func (u columnUnit) same(other columnUnit) bool {
	one := big.NewRat(1, 1)
	a, b := one, one
	if u.factor != nil {
		a = u.factor
	}
	if other.factor != nil {
		b = other.factor
	}
	return a.Cmp(b) == 0
}

// noteUnit tells that the numbers of a column are converted.
func noteUnit(cell string, column int, title string, c column, u columnUnit) Fault {
	return newFault(cell, column, c.key, "import.note-unit",
		map[string]any{"title": title, "unit": u.name, "own": c.ownUnit(), "factor": heading.Factor(u.factor)}, "")
}
