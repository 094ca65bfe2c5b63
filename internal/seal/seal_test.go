package seal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsSealed(t *testing.T) {
	b := &Box{File: filepath.Join(t.TempDir(), "secret.key")}
	one, id, err := b.Seal("https://robot.test/?key=secret", "channel 1", "")
	if err != nil {
		t.Fatal(err)
	}
	two, same, err := b.Seal("https://robot.test/?key=secret", "channel 1", id)
	if err != nil || same != id || one == two || strings.Contains(one, "secret") || !Sealed(one) {
		t.Fatalf("%q, %q, %s, %s, %v", one, two, id, same, err)
	}
	if st, err := os.Stat(b.File); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v, %v", st, err)
	}
	other := &Box{File: filepath.Join(t.TempDir(), "secret.key")}
	if _, _, err := other.Seal("x", "y", ""); err != nil {
		t.Fatal(err)
	}
	gone := &Box{File: filepath.Join(t.TempDir(), "secret.key")}
	changed := []byte(one)
	changed[len(one)-2] ^= 1 // never the same by chance: a neighbour in the alphabet, or no letter of it
	for what, c := range map[string]struct {
		box           *Box
		sealed, place string
		want          string
		lost, wrong   bool
	}{
		"with its key":             {b, one, "channel 1", "https://robot.test/?key=secret", false, false},
		"after a restart":          {&Box{File: b.File}, two, "channel 1", "https://robot.test/?key=secret", false, false},
		"never sealed":             {b, "as it was", "channel 1", "as it was", false, false},
		"carried to another place": {b, one, "channel 2", "", false, true},
		"one character changed":    {b, string(changed), "channel 1", "", false, true},
		"cut off":                  {b, one[:20], "channel 1", "", false, true},
		"with another key":         {other, one, "channel 1", "", true, true},
		"without the key":          {gone, one, "channel 1", "", true, true},
	} {
		got, err := c.box.Open(c.sealed, c.place)
		if got != c.want || (err != nil) != c.wrong || errors.Is(err, ErrKey) != c.lost {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	if _, _, err := gone.Seal("x", "y", id); !errors.Is(err, ErrKey) {
		t.Errorf("a new key is made beside things sealed with another: %v", err)
	}
	if err := errors.Join(b.Check(id), gone.Check("")); err != nil {
		t.Error(err)
	}
	if err := gone.Check(id); !errors.Is(err, ErrKey) {
		t.Errorf("a lost key is not told: %v", err)
	}
	fresh, err := other.Renew()
	if err != nil || fresh == "" || fresh == id {
		t.Errorf("renewed: %q, %v", fresh, err)
	}
	if kept, err := filepath.Glob(other.File + ".*"); err != nil || len(kept) != 1 {
		t.Errorf("the old key is kept beside it: %v, %v", kept, err)
	}
}
