package sheet

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// NormaliseDigits turns what a Chinese input method types into half-width:
// digits, letters, point, comma, signs, slash, colon, brackets, spaces.
func NormaliseDigits(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '　' || r == '\u00a0':
			return ' '
		case r == '。' || r == '·': // for a point, in numbers and dates
			return '.'
		case r == '−' || r == '—' || r == '–':
			return '-'
		case r == '\u200b' || r == '\ufeff':
			return -1
		}
		return r
	}, s))
}

// Serial numbers of the last day of the year 9999 in both date systems.
const (
	lastSerial     = 2958465
	lastSerial1904 = 2957003
)

// firstSerial is the first serial number that is taken for a day, in 1954: 8.2, 2020 and 1231 are no days.
const firstSerial = 20_000

// Date reads a cell as a day, at midnight UTC: a serial number (a time of day
// is cut off) or 2020-08-02, 2020/8/2, 2020.8.2, 2020年8月2日, 20200802. What
// does not name year, month and day is ErrNotDate: 8.2, 202008, 12月5日.
func Date(raw string, date1904 bool) (time.Time, error) {
	s := NormaliseDigits(raw)
	if days, ok := serial(s); ok {
		if len(s) == 8 && days > lastSerial {
			return civil(s[:4], s[4:6], s[6:])
		}
		if days < firstSerial || days > 99_999 {
			return time.Time{}, ErrNotDate
		}
		return fromSerial(days, date1904)
	}
	if i := strings.IndexByte(s, '('); i > 0 && strings.Contains(s[i:], "星期") {
		s = strings.TrimSpace(s[:i])
	}
	if i := strings.Index(s, "星期"); i > 0 {
		s = strings.TrimSpace(s[:i])
	}
	// A time of day behind the date says nothing about the day.
	if i := strings.IndexAny(s, " T"); i > 0 && strings.Contains(s[i:], ":") {
		s = s[:i]
	}
	s = strings.ReplaceAll(s, " ", "")
	s = strings.NewReplacer("年", "-", "月", "-", "日", "", "/", "-", ".", "-").Replace(s)
	p := strings.Split(strings.TrimSuffix(s, "-"), "-")
	if len(p) != 3 || len(p[0]) != 4 {
		return time.Time{}, ErrNotDate
	}
	return civil(p[0], p[1], p[2])
}

func civil(year, month, day string) (time.Time, error) {
	y, err1 := strconv.Atoi(year)
	m, err2 := strconv.Atoi(strings.TrimSpace(month))
	d, err3 := strconv.Atoi(strings.TrimSpace(day))
	if err1 != nil || err2 != nil || err3 != nil || y < 1900 {
		return time.Time{}, ErrNotDate
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return time.Time{}, ErrNotDate // 2020-02-30 is nobody's day
	}
	return t, nil
}

// serial reads the whole days of a serial number.
func serial(s string) (int, bool) {
	r, ok := exact(s)
	if !ok || r.Sign() < 0 {
		return 0, false
	}
	q := new(big.Int).Quo(r.Num(), r.Denom())
	if !q.IsInt64() || q.Int64() > 99_999_999 {
		return 0, false
	}
	return int(q.Int64()), true
}

func fromSerial(days int, date1904 bool) (time.Time, error) {
	if date1904 {
		if days > lastSerial1904 {
			return time.Time{}, ErrNotDate
		}
		return time.Date(1904, 1, 1+days, 0, 0, 0, 0, time.UTC), nil
	}
	switch {
	case days < 1 || days == 60 || days > lastSerial: // 60 is 29 February 1900, which never was
		return time.Time{}, ErrNotDate
	case days < 60:
		return time.Date(1899, 12, 31+days, 0, 0, 0, 0, time.UTC), nil
	}
	return time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC), nil
}

// exact reads a decimal, with an exponent as spreadsheets write it.
func exact(s string) (*big.Rat, bool) {
	if s == "" || len(s) > 40 || strings.Trim(s, "0123456789.eE+-") != "" {
		return nil, false
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if e, err := strconv.Atoi(s[i+1:]); err != nil || e > 30 || e < -30 {
			return nil, false // 1e999999999 would fill the memory
		}
	}
	return new(big.Rat).SetString(s)
}

var grouped = regexp.MustCompile(`^[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)

// Exact reads a cell as an exact number. Thousands separators in groups of
// three and full-width digits are read. A spreadsheet stores 0.3 as
// 0.30000000000000004: beyond 15 digits it is rounded as the user sees it.
func Exact(raw string) (*big.Rat, error) {
	s := NormaliseDigits(raw)
	if strings.Contains(s, ",") {
		if !grouped.MatchString(s) {
			return nil, ErrNotNumber // 1,2 may be 12 or 1.2
		}
		s = strings.ReplaceAll(s, ",", "")
	}
	r, ok := exact(s)
	if !ok {
		return nil, ErrNotNumber
	}
	if i := strings.IndexAny(s, "eE"); significant(s) > 15 && (i >= 0 || strings.Contains(s, ".")) {
		f, _ := new(big.Float).SetPrec(200).SetRat(r).Float64()
		if r, ok = new(big.Rat).SetString(strconv.FormatFloat(f, 'e', 14, 64)); !ok {
			return nil, ErrNotNumber
		}
	}
	return r, nil
}

// Number reads a cell as an integer at a fixed scale: "12.5" with 2 decimals is
// 1250. More decimals than asked for are ErrDecimals.
func Number(raw string, decimals int) (int64, error) {
	r, err := Exact(raw)
	if err != nil {
		return 0, err
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(0, decimals))), nil)
	r.Mul(r, new(big.Rat).SetInt(scale))
	if !r.IsInt() {
		return 0, ErrDecimals
	}
	if !r.Num().IsInt64() {
		return 0, ErrNotNumber
	}
	return r.Num().Int64(), nil
}

// significant counts the digits of a decimal without leading zeros.
func significant(s string) int {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		s = s[:i]
	}
	return len(strings.TrimLeft(strings.NewReplacer(".", "", "-", "", "+", "").Replace(s), "0"))
}
