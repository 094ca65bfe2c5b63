package award

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/unit"
)

var (
	zero = unit.Int(0)
	one  = unit.Int(1)
	fen  = unit.Frac(1, 100)
)

// floorTo is the largest multiple of a step that is not above a number.
func floorTo(n, step Num) Num { return n.Div(step).Floor().Mul(step) }

// apportion divides a total by weights into multiples of a step that sum to it: floors first, then one step each to the
// largest fractions, equals in the order of their codes. Without any weight nobody gets anything.
func apportion(total Num, weights []Num, codes []string, step Num) []Num {
	out := make([]Num, len(weights))
	sum := zero
	for _, w := range weights {
		sum = sum.Add(w)
	}
	if sum.Sign() <= 0 {
		return out
	}
	total = floorTo(total, step)
	left, fractions, order := total, make([]Num, len(weights)), make([]int, len(weights))
	for i, w := range weights {
		x := total.Mul(w).Div(sum)
		out[i] = floorTo(x, step)
		fractions[i], order[i] = x.Sub(out[i]), i
		left = left.Sub(out[i])
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if c := fractions[b].Cmp(fractions[a]); c != 0 {
			return c
		}
		return byCode(codes[a], codes[b])
	})
	for _, i := range order {
		if left.Sign() <= 0 {
			break
		}
		out[i], left = out[i].Add(step), left.Sub(step)
	}
	return out
}

// byCode orders codes of units: numbers as numbers, the rest as text.
func byCode(a, b string) int {
	x, err1 := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	if err1 == nil && err2 == nil {
		return cmp.Compare(x, y)
	}
	return strings.Compare(a, b)
}

// Yuan writes money to the fen with groups of three: 1,171,840.00. A minus is a minus, not a hyphen.
func Yuan(n Num) string {
	s := n.Fixed(2)
	neg := strings.HasPrefix(s, "-")
	whole, rest, ok := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !ok {
		return s
	}
	var b strings.Builder
	if neg {
		b.WriteString("−")
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String() + "." + rest
}

// plain writes a number of the arithmetic, without groups.
func plain(n Num) string { return strings.ReplaceAll(n.Short(4), "-", "−") }

// percent writes a share.
func percent(n Num) string { return plain(n.Mul(unit.Int(100))) + "%" }

// Fen is money as it is stored; ok is false where it is undefined or beyond 64 bits.
func Fen(n Num) (int64, bool) { return n.Scaled(2) }

// FromFen is stored money as yuan.
func FromFen(n int64) Num { return unit.Frac(n, 100) }
