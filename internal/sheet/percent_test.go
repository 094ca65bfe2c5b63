package sheet

import "testing"

// A share that a sheet rounds for the eye is read as it is stored.
func TestSharesAreNotRounded(t *testing.T) {
	for raw, want := range map[string]string{"0.85": "85%", "0.8567": "85.67%", "0.07": "7%", "1": "100%", "0.005": "0.5%", "-0.25": "-25%"} {
		if got := (format{kind: percent}).show(raw, false); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
	if got := (format{kind: percent, decimals: 2}).show("0.855", false); got != "85.50%" {
		t.Error(got)
	}
}
