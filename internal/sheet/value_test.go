package sheet

import (
	"errors"
	"testing"
)

func TestDate(t *testing.T) {
	tests := map[string]struct {
		raw  string
		mac  bool
		want string
	}{
		"serial":                   {"44045", false, "2020-08-02"},
		"serial with a time":       {"44045.999", false, "2020-08-02"},
		"serial of a Mac":          {"42583", true, "2020-08-02"},
		"serial with an exponent":  {"4.4045E4", false, "2020-08-02"},
		"a number, no day":         {"1", false, ""},
		"another":                  {"59", false, ""},
		"the false leap day":       {"60", false, ""},
		"after the false leap":     {"61", false, ""},
		"a day nobody has":         {"2958465", false, ""},
		"beyond the last day":      {"2958466", false, ""},
		"zero":                     {"0", false, ""},
		"negative":                 {"-5", false, ""},
		"ISO":                      {"2020-08-02", false, "2020-08-02"},
		"ISO with a time":          {"2020-08-02T09:30:00", false, "2020-08-02"},
		"slashes":                  {"2020/8/2", false, "2020-08-02"},
		"points":                   {"2020.8.2", false, "2020-08-02"},
		"Chinese":                  {"2020年8月2日", false, "2020-08-02"},
		"Chinese with a time":      {"2020年8月2日 9:30", false, "2020-08-02"},
		"full-width":               {"２０２０－０８－０２", false, "2020-08-02"},
		"full-width points":        {"2020。8。2", false, "2020-08-02"},
		"eight digits":             {"20200802", false, "2020-08-02"},
		"eight digits of no day":   {"20201301", false, ""},
		"no such day":              {"2020-02-30", false, ""},
		"month only":               {"2020-08", false, ""},
		"month and day":            {"8.2", false, ""},
		"month and day in words":   {"12月5日", false, ""},
		"year and month in digits": {"202008", false, ""},
		"a year":                   {"2020", false, ""},
		"two days":                 {"2020.8.2-8.5", false, ""},
		"with its day of the week": {"2020年8月2日（星期日）", false, "2020-08-02"},
		"blanks inside":            {"2020年 8月 2日", false, "2020-08-02"},
		"two digits of a year":     {"20-8-2", false, ""},
		"words":                    {"八月二日", false, ""},
		"empty":                    {"", false, ""},
		"an exponent without end":  {"1e999999999", false, ""},
		"beyond the last of a Mac": {"2957004", true, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Date(tt.raw, tt.mac)
			if tt.want == "" {
				if !errors.Is(err, ErrNotDate) {
					t.Errorf("got %v %v", got, err)
				}
				return
			}
			if err != nil || got.Format("2006-01-02") != tt.want {
				t.Errorf("got %v %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestNumber(t *testing.T) {
	tests := map[string]struct {
		raw      string
		decimals int
		want     int64
		err      *Error
	}{
		"whole":                     {"338", 0, 338, nil},
		"scaled":                    {"12.5", 2, 1250, nil},
		"negative":                  {"-0.05", 2, -5, nil},
		"thousands":                 {"68,123", 0, 68123, nil},
		"full-width":                {"６８，１２３．５", 1, 681235, nil},
		"noise of binary fractions": {"0.30000000000000004", 1, 3, nil},
		"noise below":               {"0.29999999999999999", 1, 3, nil},
		"exponent":                  {"1.5E3", 0, 1500, nil},
		"noise with an exponent":    {"6.9999999999999993E-2", 2, 7, nil},
		"18 digits":                 {"340521199001011234", 0, 340521199001011234, nil},
		"trailing zeros":            {"3.00", 0, 3, nil},
		"too many decimals":         {"12.345", 2, 0, ErrDecimals},
		"a share of a person":       {"3.5", 0, 0, ErrDecimals},
		"words":                     {"三百", 0, 0, ErrNotNumber},
		"unit behind":               {"338场", 0, 0, ErrNotNumber},
		"empty":                     {"", 0, 0, ErrNotNumber},
		"error value":               {"#REF!", 0, 0, ErrNotNumber},
		"too large":                 {"99999999999999999999", 0, 0, ErrNotNumber},
		"an exponent without end":   {"1e99999999", 0, 0, ErrNotNumber},
		"two points":                {"1.2.3", 1, 0, ErrNotNumber},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Number(tt.raw, tt.decimals)
			if tt.err != nil && !errors.Is(err, tt.err) || tt.err == nil && (err != nil || got != tt.want) {
				t.Errorf("got %d %v, want %d %v", got, err, tt.want, tt.err)
			}
		})
	}
}
