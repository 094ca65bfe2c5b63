package outline

import (
	"testing"

	"sifen/internal/org"
)

// TestOutside: metres from the nearest edge of the nearest unit above that has an outline; a hole is outside.
func TestOutside(t *testing.T) {
	square := func(lat, lon, size int64) [][]int64 {
		return [][]int64{{lon, lat}, {lon + size, lat}, {lon + size, lat + size}, {lon, lat + size}, {lon, lat}}
	}
	const e7 = 10_000_000
	s := Set{3: {square(31*e7, 118*e7, e7/10), square(31*e7+e7/25, 118*e7+e7/25, e7/50)}}
	for _, c := range []struct {
		name     string
		chain    []org.No
		lat, lon int64
		metres   int64
		outside  bool
	}{
		{"inside", []org.No{7, 3, 1}, 31*e7 + 1000, 118*e7 + 1000, 0, false},
		{"in the hole", []org.No{3}, 31*e7 + e7/20, 118*e7 + e7/20, 954, true},
		{"60 m south of the edge", []org.No{3}, 31*e7 - 5390, 118*e7 + e7/20, 60, false},
		{"1 km south", []org.No{7, 3}, 31*e7 - 89_830, 118*e7 + e7/20, 1000, true},
		{"latitude and longitude exchanged", []org.No{3}, 118 * e7, 31 * e7, -1, true},
		{"nobody drew one", []org.No{7, 1}, 0, 0, 0, false},
	} {
		far, outside := s.Outside(c.chain, c.lat, c.lon)
		if outside != c.outside || c.metres >= 0 && far.Metres != c.metres || outside && far.Unit != 3 {
			t.Errorf("%s: %+v %v", c.name, far, outside)
		}
	}
}
