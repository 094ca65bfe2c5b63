package unit

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestParseNum(t *testing.T) {
	for text, want := range map[string]string{"0.5": "0.5", "90%": "0.9", "2万": "20000", "1,200": "1200", "10/12": "5/6", "９０％": "0.9", "１，２００": "1200",
		"-3": "-3", "−1.5": "-1.5", "1.2亿": "120000000", "0": "0", "33.33%": "0.3333", "1,234,567.5": "1234567.5"} {
		if n, err := ParseNum(text); err != nil || n.String() != want {
			t.Errorf("%s is %s, %v; want %s", text, n, err, want)
		}
	}
	for _, text := range []string{"", "1e3", "0x10", "1_000", "a", "1.", ".5", "1,20", "1,2000", "+1", "1/0", "1/2/3", "--1", "1 2", "NaN", "Inf", "%", "1%%"} {
		if n, err := ParseNum(text); err == nil {
			t.Errorf("%q was read as %s", text, n)
		}
	}
}

// TestNumAgainstBigRat compares every operation with exact arithmetic of any size.
func TestNumAgainstBigRat(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func() (Num, *big.Rat) {
		size := []int64{10, 1000, 1 << 31, math.MaxInt64}[r.IntN(4)]
		n, d := r.Int64N(size), 1+r.Int64N(size)
		if r.IntN(2) == 0 {
			n = -n
		}
		return Frac(n, d), big.NewRat(n, d)
	}
	for range 20000 {
		a, x := draw()
		b, y := draw()
		for name, c := range map[string]struct {
			have Num
			want *big.Rat
		}{"+": {a.Add(b), new(big.Rat).Add(x, y)}, "−": {a.Sub(b), new(big.Rat).Sub(x, y)}, "×": {a.Mul(b), new(big.Rat).Mul(x, y)}} {
			if c.have.Defined() && c.have.rat().Cmp(c.want) != 0 {
				t.Fatalf("%s %s %s = %s, want %s", a, name, b, c.have, c.want)
			}
			if !c.have.Defined() && c.want.Num().BitLen() <= numBits && c.want.Denom().BitLen() <= numBits {
				t.Fatalf("%s %s %s is undefined", a, name, b)
			}
		}
		if y.Sign() != 0 && a.Div(b).rat().Cmp(new(big.Rat).Quo(x, y)) != 0 {
			t.Fatalf("%s ÷ %s = %s", a, b, a.Div(b))
		}
		if a.Cmp(b) != x.Cmp(y) {
			t.Fatalf("%s and %s compare as %d", a, b, a.Cmp(b))
		}
		if f := a.Floor().rat(); f.Cmp(x) > 0 || new(big.Rat).Sub(x, f).Cmp(big.NewRat(1, 1)) >= 0 {
			t.Fatalf("the floor of %s is %s", a, a.Floor())
		}
	}
}

func TestRoundingIsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		n    Num
		d    int
		want string
	}{{Frac(1, 2), 0, "1"}, {Frac(-1, 2), 0, "-1"}, {Frac(25, 1000), 2, "0.03"}, {Frac(-25, 1000), 2, "-0.03"}, {Frac(24999, 1000000), 2, "0.02"},
		{Frac(2, 3), 2, "0.67"}, {Int(7), 2, "7.00"}, {Frac(8205, 100).Mul(Int(1)), 1, "82.1"}} {
		if have := c.n.Fixed(c.d); have != c.want {
			t.Errorf("%s at %d digits is %s, want %s", c.n, c.d, have, c.want)
		}
		if x, ok := c.n.Scaled(c.d); !ok || Decimal(x, c.d) != c.n.Round(c.d).Short(9) {
			t.Errorf("%s scaled by %d is %d, %v", c.n, c.d, x, ok)
		}
	}
	if s := Frac(2, 3).Short(4); s != "0.6667…" {
		t.Errorf("two thirds are %s", s)
	}
}

// TestNumGivesUpAboveItsLimit squares until there is no number: a formula cannot fill the memory.
func TestNumGivesUpAboveItsLimit(t *testing.T) {
	a := Frac(3, 7)
	for range 40 {
		a = a.Mul(a)
	}
	if a.Defined() || a.Add(Int(1)).Defined() || Int(1).Div(Int(0)).Defined() {
		t.Errorf("%s is still a number", a)
	}
	if n := Frac(math.MinInt64, 1).Neg(); n.String() != "9223372036854775808" {
		t.Errorf("−MinInt64 is %s", n)
	}
}
