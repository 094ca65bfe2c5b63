package attribute

import (
	"strings"

	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/sheet"
	"sifen/internal/unit"
)

// What is wrong with a typed value; each sentence says what to write instead.
var (
	ErrNumber   = problem.New(problem.Invalid, "attribute.number", nil)
	ErrWhole    = problem.New(problem.Invalid, "attribute.whole", nil)
	ErrNegative = problem.New(problem.Invalid, "attribute.negative", nil)
	ErrDecimals = problem.New(problem.Invalid, "attribute.decimals", nil)
	ErrLarge    = problem.New(problem.Invalid, "attribute.large", nil)
	ErrOption   = problem.New(problem.Invalid, "attribute.option", nil)
	ErrBool     = problem.New(problem.Invalid, "attribute.bool", nil)
	ErrDay      = problem.New(problem.Invalid, "attribute.day", nil)
)

// largest bounds every number, so that sums over a province stay exact.
var largest = unit.Int(1_000_000_000_000)

// Reading says how a text is to be read: what the title of its column multiplies by, 10,000 for 万户 and 0 like 1, and from
// which day its workbook counts days.
type Reading struct {
	Factor   int64
	Date1904 bool
}

// Parse reads what somebody typed or a cell holds, as it is kept: 540, 12.5, an option's key, 2020-01-01, yes. A number may be
// followed by the attribute's own unit. "" is no value.
func (d *Definition) Parse(text string, how Reading) (string, error) {
	s := strings.TrimSpace(sheet.NormaliseDigits(text))
	if s == "" {
		return "", nil
	}
	switch d.Type {
	case Choice:
		plain := Plain(s)
		for _, o := range d.Options {
			if plain == Plain(o.Key) || plain == Plain(o.Title.Zh) || plain == Plain(o.Title.En) {
				return o.Key, nil
			}
		}
		return "", ErrOption.With("text", text, "options", i18n.Label{Zh: d.titles(i18n.Zh), En: d.titles(i18n.En)})
	case Bool:
		switch strings.ToLower(s) {
		case "yes", "y", "true", "是", "有", "√", "✓", "1":
			return "yes", nil
		case "no", "n", "false", "否", "无", "没有", "×", "✗", "0":
			return "no", nil
		}
		return "", ErrBool.With("text", text)
	case Day:
		t, err := sheet.Date(s, how.Date1904)
		if err != nil {
			return "", ErrDay.With("text", text)
		}
		return t.Format("2006-01-02"), nil
	}
	s = strings.Join(strings.Fields(s), "")
	if d.Unit != nil {
		for _, u := range []string{d.Unit.Zh, d.Unit.En} {
			if u != "" {
				s = strings.TrimSuffix(s, u)
			}
		}
	}
	n, err := unit.ParseNum(s)
	switch {
	case err != nil || strings.ContainsAny(s, "%/"):
		return "", ErrNumber.With("text", text)
	case n.Sign() < 0:
		return "", ErrNegative.With("text", text)
	}
	n = n.Mul(unit.Int(max(how.Factor, 1)))
	switch places := d.places(); {
	case n.Cmp(largest) > 0:
		return "", ErrLarge.With("text", text)
	case n.Round(places).Cmp(n) != 0 && places == 0:
		return "", ErrWhole.With("text", text)
	case n.Round(places).Cmp(n) != 0:
		return "", ErrDecimals.With("text", text, "n", places)
	}
	return n.Short(d.places()), nil
}

func (d *Definition) places() int {
	switch d.Type {
	case Money:
		return 2
	case Number:
		return d.Decimals
	}
	return 0
}

func (d *Definition) titles(lang i18n.Lang) string {
	out := make([]string, 0, len(d.Options))
	for _, o := range d.Options {
		out = append(out, o.Title.In(lang))
	}
	return strings.Join(out, map[bool]string{true: "、", false: ", "}[lang == i18n.Zh])
}

// Num is a kept value as rules reckon with it; undefined where it is no number, or was kept before the attribute was one.
func (d *Definition) Num(kept string) unit.Num {
	switch d.Type {
	case Count, Number, Money:
		if n, err := unit.ParseNum(kept); err == nil {
			return n
		}
	}
	return unit.Undefined
}

// Date is the day that a kept value is; ok is false where it is none.
func (d *Definition) Date(kept string) (day period.Day, ok bool) {
	if d.Type != Day {
		return 0, false
	}
	day, err := period.ParseDay(kept)
	return day, err == nil
}

// Fits reports whether a kept value is still one of the attribute: an option may have gone from the pack since.
func (d *Definition) Fits(kept string) bool {
	again, err := d.Parse(kept, Reading{})
	return err == nil && again == kept
}

// Show is a kept value as people read it, with its unit.
func (d *Definition) Show(kept string, lang i18n.Lang) string {
	if kept == "" {
		return ""
	}
	switch d.Type {
	case Choice:
		for _, o := range d.Options {
			if o.Key == kept {
				return o.Title.In(lang)
			}
		}
		return kept
	case Bool:
		return i18n.Label{Zh: map[bool]string{true: "是", false: "否"}[kept == "yes"], En: kept}.In(lang)
	case Day:
		return kept
	}
	n := d.Num(kept)
	if !n.Defined() {
		return kept
	}
	text := n.Fixed(d.places())
	if d.Type != Money {
		text = n.Short(d.places())
	}
	whole, rest, point := strings.Cut(text, ".")
	text = grouped(whole)
	if point {
		text += "." + rest
	}
	switch {
	case d.Unit != nil:
		return text + " " + d.Unit.In(lang)
	case d.Type == Money:
		return text + " " + yuan.In(lang)
	}
	return text
}

var yuan = i18n.Label{Zh: "元", En: "yuan"}

// Heading is the title of a column of the attribute, as a list of units has it: 户数（户）.
func (d *Definition) Heading(lang i18n.Lang) string {
	switch {
	case d.Rule() != formula.Exact || d.Unit == nil:
		return d.Title.In(lang)
	case lang == i18n.Zh:
		return d.Title.Zh + "（" + d.Unit.Zh + "）"
	}
	return d.Title.In(lang) + " (" + d.Unit.In(lang) + ")"
}

// grouped puts a comma before each three digits.
func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Plain is a title without blanks, brackets and case, as columns are compared.
func Plain(s string) string {
	name, _ := Titled(s)
	return name
}

// Titled splits the title of a column into its name and what stands in brackets behind it: 户数（万户） is 户数 and 万户.
func Titled(s string) (name, inside string) {
	s = strings.ToLower(strings.Join(strings.Fields(sheet.NormaliseDigits(s)), ""))
	s = strings.TrimRight(s, "*:")
	s = strings.NewReplacer("（", "(", "）", ")", "【", "(", "】", ")", "[", "(", "]", ")").Replace(s)
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		return s[:i], s[i+1 : len(s)-1]
	}
	return s, ""
}

// Factor is what a column multiplies by whose title names a unit: 1 for the attribute's own or none, 10,000 for 万 before it.
// ok is false for another unit, which nobody converts by guess.
func (d *Definition) Factor(inside string) (factor int64, ok bool) {
	if inside == "" {
		return 1, true
	}
	own := []string{""}
	if d.Unit != nil {
		own = append(own, strings.ToLower(d.Unit.Zh), strings.ToLower(d.Unit.En))
	}
	if d.Type == Money {
		own = append(own, yuan.Zh, yuan.En)
	}
	for _, u := range own {
		switch {
		case u != "" && inside == u:
			return 1, true
		case inside == "万"+u && d.Rule() == formula.Exact:
			return 10000, true
		}
	}
	return 0, false
}
