package unit

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// numBits is the length of a term at which a number stops being one: no paper rule comes near it, and a formula that
// squares itself would otherwise fill the memory.
const numBits = 256

// Num is an exact fraction, for points and money of rules: nothing is rounded until it is printed. The zero value is 0.
// A number that divides by zero or outgrows 256 bits is undefined, and whatever is made of it is too.
type Num struct {
	n, d int64    // d > 0, lowest terms; d = 0 is written for 1 in the zero value
	r    *big.Rat // instead of n and d where they do not fit
	none bool
}

// Undefined is the number that there is none of.
var Undefined = Num{none: true}

// Int is a whole number.
func Int(n int64) Num { return Num{n: n, d: 1} }

// Frac is n ÷ d exactly; undefined where d is 0.
func Frac(n, d int64) Num {
	switch {
	case d == 0:
		return Undefined
	case n == math.MinInt64 || d == math.MinInt64:
		return lower(big.NewRat(n, d))
	case d < 0:
		n, d = -n, -d
	}
	g := gcd(abs(n), d)
	return Num{n: n / g, d: d / g}
}

// FracOf is n ÷ d whatever their size; undefined where d is 0.
func FracOf(n, d *big.Int) Num {
	if d.Sign() == 0 {
		return Undefined
	}
	return lower(new(big.Rat).SetFrac(n, d))
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, 1)
}

// lower brings a big fraction back to 64 bits where it fits, and gives it up above the limit.
func lower(r *big.Rat) Num {
	if r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != math.MinInt64 {
		return Num{n: r.Num().Int64(), d: r.Denom().Int64()}
	}
	if r.Num().BitLen() > numBits || r.Denom().BitLen() > numBits {
		return Undefined
	}
	return Num{r: r}
}

func (a Num) rat() *big.Rat {
	if a.r != nil {
		return a.r
	}
	return big.NewRat(a.n, max(a.d, 1))
}

// Defined reports whether there is a number.
func (a Num) Defined() bool { return !a.none }

// Terms are numerator and denominator in lowest terms.
func (a Num) Terms() (n, d *big.Int) { r := a.rat(); return r.Num(), r.Denom() }

// times multiplies within 64 bits, through the 128 bits of the product.
func times(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(abs(a)), uint64(abs(b)))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if a < 0 != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

// Add is a + b.
func (a Num) Add(b Num) Num {
	if a.none || b.none {
		return Undefined
	}
	if a.r == nil && b.r == nil {
		ad, bd := max(a.d, 1), max(b.d, 1)
		x, ok1 := times(a.n, bd)
		y, ok2 := times(b.n, ad)
		d, ok3 := times(ad, bd)
		if s := x + y; ok1 && ok2 && ok3 && (x^s)&(y^s) >= 0 && s != math.MinInt64 {
			return Frac(s, d)
		}
	}
	return lower(new(big.Rat).Add(a.rat(), b.rat()))
}

// Neg is −a.
func (a Num) Neg() Num {
	if a.r != nil {
		return lower(new(big.Rat).Neg(a.r))
	}
	a.n = -a.n
	return a
}

// Sub is a − b.
func (a Num) Sub(b Num) Num { return a.Add(b.Neg()) }

// Mul is a × b.
func (a Num) Mul(b Num) Num {
	if a.none || b.none {
		return Undefined
	}
	if a.r == nil && b.r == nil {
		n, ok1 := times(a.n, b.n)
		d, ok2 := times(max(a.d, 1), max(b.d, 1))
		if ok1 && ok2 {
			return Frac(n, d)
		}
	}
	return lower(new(big.Rat).Mul(a.rat(), b.rat()))
}

// Div is a ÷ b; undefined where b is 0.
func (a Num) Div(b Num) Num {
	if a.none || b.none || b.Sign() == 0 {
		return Undefined
	}
	if b.r == nil {
		return a.Mul(Frac(max(b.d, 1), b.n))
	}
	return lower(new(big.Rat).Quo(a.rat(), b.rat()))
}

// Sign is −1, 0 or 1; 0 of an undefined number.
func (a Num) Sign() int {
	switch {
	case a.none:
		return 0
	case a.r != nil:
		return a.r.Sign()
	case a.n > 0:
		return 1
	case a.n < 0:
		return -1
	}
	return 0
}

// Cmp compares two defined numbers; an undefined one lies below every other.
func (a Num) Cmp(b Num) int {
	switch {
	case a.none || b.none:
		switch {
		case a.none && b.none:
			return 0
		case a.none:
			return -1
		}
		return 1
	case a.r == nil && b.r == nil:
		ah, al := bits.Mul64(uint64(abs(a.n)), uint64(max(b.d, 1)))
		bh, bl := bits.Mul64(uint64(abs(b.n)), uint64(max(a.d, 1)))
		switch sa, sb := a.Sign(), b.Sign(); {
		case sa != sb:
			return map[bool]int{true: 1, false: -1}[sa > sb]
		case ah == bh && al == bl:
			return 0
		case ah > bh || ah == bh && al > bl:
			return sa
		default:
			return -sa
		}
	}
	return a.rat().Cmp(b.rat())
}

// Min is the smaller, Max the larger of two; undefined where one is.
func (a Num) Min(b Num) Num {
	if a.none || b.none {
		return Undefined
	}
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// Max is the larger of two; undefined where one is.
func (a Num) Max(b Num) Num {
	if a.none || b.none {
		return Undefined
	}
	if a.Cmp(b) >= 0 {
		return a
	}
	return b
}

// Floor is the largest whole number that is not above a.
func (a Num) Floor() Num {
	if a.none {
		return a
	}
	n, d := a.Terms()
	q := new(big.Int).Div(n, d) // Euclidean, and d > 0: the floor
	return lower(new(big.Rat).SetInt(q))
}

// Ceil is the smallest whole number that is not below a.
func (a Num) Ceil() Num { return a.Neg().Floor().Neg() }

// Scaled is a at 10^-decimals as an integer, half away from zero; ok is false for what is undefined or does not fit.
func (a Num) Scaled(decimals int) (v int64, ok bool) {
	r := a.Round(decimals).Mul(Int(Pow10(decimals)))
	if r.none || r.r != nil {
		return 0, false
	}
	return r.n, true
}

// Round is the number that is printed with so many digits after the point: half away from zero.
func (a Num) Round(decimals int) Num {
	if a.none || a.r == nil && a.d <= 1 {
		return a
	}
	p := Int(Pow10(decimals))
	x := a.Mul(p)
	if x.none {
		return x
	}
	half := Frac(1, 2)
	if x.Sign() < 0 {
		return x.Sub(half).Ceil().Div(p)
	}
	return x.Add(half).Floor().Div(p)
}

// Fixed writes a with exactly so many digits after the point: 72.00. An undefined number is "—".
func (a Num) Fixed(decimals int) string {
	if a.none {
		return "—"
	}
	return a.Round(decimals).rat().FloatString(decimals)
}

// Short writes a without superfluous zeros, cut to at most so many digits, with … where more would follow: 86.2867…
func (a Num) Short(decimals int) string {
	if a.none {
		return "—"
	}
	r := a.Round(decimals)
	s := r.rat().FloatString(decimals)
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	if r.Cmp(a) != 0 {
		s += "…"
	}
	return s
}

// String writes a decimal where it ends within nine digits, else the fraction.
func (a Num) String() string {
	if a.none {
		return "—"
	}
	if a.Round(9).Cmp(a) == 0 {
		return a.Short(9)
	}
	n, d := a.Terms()
	return n.String() + "/" + d.String()
}

var wide = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"．", ".", "％", "%", "，", ",", "／", "/", "－", "-", "−", "-")

// ParseNum reads a number as rules write it: 0.5, 90%, 2万, 1,200, 10/12, full-width equal. Exponents, hexadecimal
// and underscores are refused, and so is what is no number.
func ParseNum(text string) (Num, error) {
	s := strings.TrimSpace(wide.Replace(text))
	if top, bottom, ok := strings.Cut(s, "/"); ok {
		a, err := ParseNum(top)
		if err != nil {
			return Undefined, err
		}
		b, err := ParseNum(bottom)
		if err == nil && (b.Sign() == 0 || strings.Contains(bottom, "/")) {
			err = fmt.Errorf("%q divides by nothing", text)
		}
		return a.Div(b), err
	}
	factor := Int(1)
	switch {
	case strings.HasSuffix(s, "%"):
		s, factor = strings.TrimSuffix(s, "%"), Frac(1, 100)
	case strings.HasSuffix(s, "万"):
		s, factor = strings.TrimSuffix(s, "万"), Int(10000)
	case strings.HasSuffix(s, "亿"):
		s, factor = strings.TrimSuffix(s, "亿"), Int(100000000)
	}
	body := strings.TrimPrefix(s, "-")
	whole, frac, point := strings.Cut(body, ".")
	if groups := strings.Split(whole, ","); len(groups) > 1 {
		for i, g := range groups {
			if len(g) != 3 && (i > 0 || len(g) == 0 || len(g) > 3) {
				return Undefined, fmt.Errorf("%q is not a number", text)
			}
		}
		whole = strings.Join(groups, "")
	}
	if whole == "" || point && frac == "" || len(whole)+len(frac) > 100 || strings.Trim(whole+frac, "0123456789") != "" {
		return Undefined, fmt.Errorf("%q is not a number", text)
	}
	r, ok := new(big.Rat).SetString(whole + "." + frac + "0")
	if !ok {
		return Undefined, fmt.Errorf("%q is not a number", text)
	}
	if s != body {
		r.Neg(r)
	}
	return lower(r).Mul(factor), nil
}

// UnmarshalText reads the text of a rule, never a float.
func (a *Num) UnmarshalText(text []byte) (err error) {
	*a, err = ParseNum(string(text))
	return err
}

// MarshalText writes what UnmarshalText reads; an undefined number is empty.
func (a Num) MarshalText() ([]byte, error) {
	if a.none {
		return nil, nil
	}
	return []byte(a.String()), nil
}
