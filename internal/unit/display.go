// Package unit writes quantities the way Chinese offices read them. Quantities are integers at a
// fixed scale; nothing here uses floating point.
package unit

import (
	"math/bits"
	"strconv"
	"strings"
)

// Pow10 is 10^n for 0 ≤ n ≤ 18.
func Pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// Decimal writes v, an integer at 10^-decimals, exactly and without superfluous zeros: Decimal(1250, 2) is "12.5".
func Decimal(v int64, decimals int) string {
	if decimals == 0 {
		return strconv.FormatInt(v, 10)
	}
	neg := v < 0
	u := uint64(v)
	if neg {
		u = uint64(-v)
	}
	s := strconv.FormatUint(u, 10)
	for len(s) <= decimals {
		s = "0" + s
	}
	s = s[:len(s)-decimals] + "." + s[len(s)-decimals:]
	s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	if neg {
		s = "-" + s
	}
	return s
}

// ParseDecimal reads "12.5" at the given scale. Signs are allowed, exponents are not; ok is false for
// anything that is not a plain decimal, for more digits after the point than the scale has, and on overflow.
func ParseDecimal(s string, decimals int) (v int64, ok bool) {
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	whole, frac, _ := strings.Cut(s, ".")
	frac = strings.TrimRight(frac, "0")
	if whole == "" || len(frac) > decimals {
		return 0, false
	}
	digits := whole + frac + strings.Repeat("0", decimals-len(frac))
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
	}
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, false
	}
	if neg {
		v = -v
	}
	return v, true
}

// Group writes v with thousands separators for a screen: 68,412.
func Group(v int64, decimals int) string {
	s := Decimal(v, decimals)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, frac, has := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		whole += "." + frac
	}
	return sign + whole
}

// Yu writes "more than" (余): the quantity cut to its leading digit below ten thousand, to tenths of 万
// above; exact where nothing is cut. 13 → 10余, 34 → 30余, 40 → 40, 68214 → 6.8万余, 82000 → 8.2万. Below 10 it is exact.
func Yu(v int64, decimals int) (zh, en string) {
	p := Pow10(decimals)
	whole, cut := v/p, v%p != 0
	if whole < 10 {
		return Decimal(v, decimals), Decimal(v, decimals)
	}
	if whole >= 10000 {
		step := int64(1000)
		if whole >= 1000000 {
			step = 10000
		}
		base := whole / step * step
		cut = cut || base != whole
		zh, en = wan(base, 0), Group(base, 0)
	} else {
		step := int64(1)
		for step*10 <= whole {
			step *= 10
		}
		if whole >= 100 {
			step /= 10
		}
		base := whole / step * step
		cut = cut || base != whole
		zh, en = strconv.FormatInt(base, 10), Group(base, 0)
	}
	if cut {
		zh, en = zh+"余", "more than "+en
	}
	return zh, en
}

// Wan writes the quantity in ten thousands (万), exactly: 239000 → 23.9万. Below ten thousand it is written out.
func Wan(v int64, decimals int) (zh, en string) {
	if v/Pow10(decimals) < 10000 && v/Pow10(decimals) > -10000 {
		return Decimal(v, decimals), Group(v, decimals)
	}
	return wan(v, decimals), Group(v, decimals)
}

func wan(v int64, decimals int) string { return Decimal(v, decimals+4) + "万" }

// Percent writes part/of with the given digits after the point, rounded half up, or "" when the base is empty.
// The product is taken in 128 bits.
func Percent(part, of int64, digits int) string {
	if of <= 0 {
		return ""
	}
	neg := part < 0
	u := uint64(part)
	if neg {
		u = uint64(-part)
	}
	hi, lo := bits.Mul64(u, uint64(100*Pow10(digits)))
	lo, carry := bits.Add64(lo, uint64(of)/2, 0)
	hi += carry
	if hi >= uint64(of) {
		return ""
	}
	q, _ := bits.Div64(hi, lo, uint64(of))
	s := strconv.FormatUint(q, 10)
	for len(s) <= digits {
		s = "0" + s
	}
	if digits > 0 {
		s = s[:len(s)-digits] + "." + s[len(s)-digits:]
	}
	if neg {
		s = "−" + s
	}
	return s + "%"
}
