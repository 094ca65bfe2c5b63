package main

import (
	"os"
	"testing"

	"sifen/internal/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestAFewOfEach is the short form of make faults: a few loops of each kind, and controls that must turn red.
func TestAFewOfEach(t *testing.T) {
	dir := t.TempDir()
	binary, err := build(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	root := os.Getuid() == 0
	for _, f := range faults {
		switch f.name {
		case "power", "full":
			if !root {
				t.Logf("%s: %v", f.name, errRoot)
				continue
			}
		case "node":
			if os.Getenv("SIFEN_POSTGRES") == "" {
				continue // as all tests of PostgreSQL
			}
		}
		got := &tally{Name: f.name}
		if err := measured(got, func() error { return f.run(binary, 1+f.loops/100, got) }); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		if got.red() || got.Loops == 0 || got.Acked == 0 {
			t.Errorf("%s: %+v", f.name, *got)
		}
	}
	only := "kill,power"
	if !root {
		only = "kill"
	}
	controls, err := control(dir, binary, only, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range controls {
		if !c.red() {
			t.Errorf("the control %s stayed green: %+v", c.Name, *c)
		}
	}
}
