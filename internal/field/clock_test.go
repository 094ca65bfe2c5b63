package field

import (
	"errors"
	"testing"
	"time"

	"sifen/internal/period"
)

// TestWhenSomethingWasDone corrects the clocks of phones.
func TestWhenSomethingWasDone(t *testing.T) {
	const minute, day = int64(60_000), int64(86_400_000)
	noon := period.Day(18627).Start().Add(12 * time.Hour).UnixMilli() // 31 December 2020
	seen := noon - 90*minute
	first := period.Date(2020, 10, 1).Start().Add(12 * time.Hour).UnixMilli()
	for what, c := range map[string]struct {
		made   int64
		anchor Anchor
		said   string
		want   int64
		asks   bool
	}{
		"a right clock": {noon - 60*minute, Anchor{seen, seen}, "", noon - 60*minute, false},
		"30 days behind, known since the morning":     {noon - 30*day - 60*minute, Anchor{noon - 30*day - 90*minute, seen}, "", noon - 60*minute, false},
		"30 days ahead, known since the morning":      {noon + 30*day - 60*minute, Anchor{noon + 30*day - 90*minute, seen}, "", noon - 60*minute, false},
		"set back in the field":                       {noon - 30*day, Anchor{seen, seen}, "", 0, true},
		"set ahead in the field":                      {noon + 30*day, Anchor{seen, seen}, "", 0, true},
		"set ahead, and the day said":                 {noon + 30*day, Anchor{seen, seen}, "2020-12-31", noon - 0, false},
		"a day before the phone left":                 {noon + 30*day, Anchor{seen, seen}, "2020-12-30", 0, true},
		"a day that is not yet":                       {noon + 30*day, Anchor{seen, seen}, "2021-01-01", 0, true},
		"no day at all":                               {noon + 30*day, Anchor{seen, seen}, "昨天", 0, true},
		"a few seconds after the receipt":             {noon + 5000, Anchor{seen, seen}, "", noon, false},
		"never spoken, a right clock":                 {noon - 3*day, Anchor{}, "", noon - 3*day, false},
		"never spoken, ahead":                         {noon + 3*day, Anchor{}, "", 0, true},
		"an anchor of the future is none":             {noon - minute, Anchor{noon + day, noon + day}, "", noon - minute, false},
		"the day said that the clock says, too":       {noon - 60*minute, Anchor{seen, seen}, "2020-12-31", noon - 60*minute, false},
		"two nights out, the day of the first said":   {noon + 30*day, Anchor{noon - 2*day, noon - 2*day}, "2020-12-29", noon - 2*day, false},
		"two nights out, the day in between said":     {noon + 30*day, Anchor{noon - 2*day, noon - 2*day}, "2020-12-30", noon - day, false},
		"three months ago, and never spoken, is said": {noon + 30*day, Anchor{}, "2020-10-01", first, false},
	} {
		at, err := when(Op{MadeAt: c.made, Anchor: c.anchor, Day: c.said}, noon)
		if errors.Is(err, ErrClock) != c.asks || err == nil && at != c.want {
			t.Errorf("%s: %d (%+d), %v", what, at, at-c.want, err)
		}
	}
	// What comes out always lies between the last word and the receipt.
	for made := noon - 40*day; made < noon+40*day; made += 7*day/3 + 1 {
		for _, a := range []Anchor{{}, {noon - day, noon - 2*day}, {noon + 9*day, noon - minute}} {
			if at, _ := moment(made, a, noon); at > noon || at < a.Server {
				t.Errorf("made %d with %v: %d", made-noon, a, at-noon)
			}
		}
	}
}
