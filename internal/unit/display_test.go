package unit

import (
	"testing"

	"pgregory.net/rapid"
)

func TestYu(t *testing.T) {
	for v, want := range map[int64]string{0: "0", 9: "9", 10: "10", 13: "10余", 34: "30余", 40: "40", 53: "50余", 338: "330余", 9999: "9900余",
		10000: "1万", 68214: "6.8万余", 82000: "8.2万", 82345: "8.2万余", 1234567: "123万余"} {
		if got, _ := Yu(v, 0); got != want {
			t.Errorf("Yu(%d) = %s, want %s", v, got, want)
		}
	}
	if _, en := Yu(68214, 0); en != "more than 68,000" {
		t.Errorf("English: %s", en)
	}
}

func TestWan(t *testing.T) {
	for v, want := range map[int64]string{239000: "23.9万", 9999: "9999", 10000: "1万", 123456: "12.3456万"} {
		if got, _ := Wan(v, 0); got != want {
			t.Errorf("Wan(%d) = %s, want %s", v, got, want)
		}
	}
	if got, _ := Wan(1234560000, 2); got != "1234.56万" {
		t.Errorf("money in fen: %s", got)
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, of int64
		want     string
	}{{1, 3, "33.3%"}, {2, 3, "66.7%"}, {0, 5, "0.0%"}, {5, 0, ""}, {282, 301, "93.7%"}, {1 << 62, 1 << 62, "100.0%"}, {-1, 4, "−25.0%"}} {
		if got := Percent(c.part, c.of, 1); got != c.want {
			t.Errorf("Percent(%d, %d) = %q, want %q", c.part, c.of, got, c.want)
		}
	}
}

func TestDecimalReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64Range(-1e15, 1e15).Draw(t, "v")
		d := rapid.IntRange(0, 6).Draw(t, "decimals")
		if got, ok := ParseDecimal(Decimal(v, d), d); !ok || got != v {
			t.Fatalf("%d at %d printed %q reads back %d %v", v, d, Decimal(v, d), got, ok)
		}
	})
}

func TestYuNeverSaysMoreThanThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64Range(0, 1e12).Draw(t, "v")
		zh, _ := Yu(v, 0)
		s, cut := zh, false
		if n := len(s) - len("余"); n > 0 && s[n:] == "余" {
			s, cut = s[:n], true
		}
		scale := 0
		if n := len(s) - len("万"); n > 0 && s[n:] == "万" {
			s, scale = s[:n], 4
		}
		base, ok := ParseDecimal(s, scale)
		if !ok || base > v || cut != (base < v) {
			t.Fatalf("%d is written %s (%d)", v, zh, base)
		}
	})
}
