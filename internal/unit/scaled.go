package unit

import "math/big"

// ScaledDiv is a·10^shift / b, rounded half away from zero; ok is false where that leaves the range of integers.
func ScaledDiv(a, b int64, shift int) (n int64, ok bool) {
	up, down := big.NewInt(a), big.NewInt(b)
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(shift, -shift))), nil)
	if shift >= 0 {
		up.Mul(up, ten)
	} else {
		down.Mul(down, ten)
	}
	negative := up.Sign()*down.Sign() < 0
	up.Abs(up)
	down.Abs(down)
	up.Add(up.Lsh(up, 1), down).Quo(up, down.Lsh(down, 1))
	if negative {
		up.Neg(up)
	}
	return up.Int64(), up.IsInt64()
}
