// Command faults breaks the real binary while it acknowledges writes: it is killed, its power is cut, its disk fills, its files
// rot, its upgrade is interrupted, one of its nodes dies. An observer keeps every acknowledgement; after each loop every one
// must be there once and whole, and the figures must not drift. It writes docs/reliability.md.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"sifen/internal/dbtest"
)

// tally is what came of a kind of fault.
type tally struct {
	Name, How string
	Loops     int
	Acked     int // writes that were acknowledged
	Lost      int // of those: not there, or not as they were acknowledged
	Double    int // there more than once
	Broken    int // loops after which the figures drifted, the server did not start or damage went unnoticed
	Took      time.Duration
	Note      string
}

func (t *tally) add(o *observer, err error) {
	t.Loops++
	if err != nil {
		t.Broken++
		log.Printf("%s, loop %d: %v", t.Name, t.Loops, err)
	}
	if o != nil {
		t.Acked, t.Lost, t.Double = t.Acked+o.acked, t.Lost+o.lost, t.Double+o.double
		o.acked, o.lost, o.double = 0, 0, 0
	}
}

// red reports whether a promise was broken.
func (t *tally) red() bool { return t.Lost+t.Double+t.Broken > 0 }

// faults, in the order in which they are told.
var faults = []struct {
	name  string
	loops int
	run   func(binary string, n int, t *tally) error
}{
	{"kill", 220, kills},
	{"power", 150, cuts},
	{"full", 20, fills},
	{"flip", 50, flips},
	{"upgrade", 40, upgrades},
	{"node", 60, nodes},
}

func main() {
	log.SetFlags(0)
	scale := flag.Float64("scale", 1, "of the loops of each kind")
	only := flag.String("only", "", "these kinds alone, by name, separated by commas; the report is not written")
	flag.Parse()
	if err := run(*scale, *only); err != nil {
		log.Fatal(err)
	}
}

func run(scale float64, only string) error {
	defer dbtest.Stop()
	dir, err := os.MkdirTemp("", "sifen-faults")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir, "")
	if err != nil {
		return err
	}
	var all []*tally
	for _, f := range faults {
		if only != "" && !strings.Contains(","+only+",", ","+f.name+",") {
			continue
		}
		t := &tally{Name: f.name}
		if err := measured(t, func() error { return f.run(binary, max(1, int(float64(f.loops)*scale)), t) }); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		all = append(all, t)
	}
	controls, err := control(dir, binary, only, 5)
	if err != nil {
		return err
	}
	bad := false
	for _, t := range all {
		bad = bad || t.red()
	}
	for _, t := range controls {
		if !t.red() {
			return errors.New("the control " + t.Name + " stayed green: these loops see nothing")
		}
	}
	if only == "" {
		if err := report(all, controls); err != nil {
			return err
		}
	}
	if bad {
		return errors.New("a promise was broken")
	}
	return nil
}

// control runs the loops with a binary, or an observer, that acknowledges what is not safe: they must turn red.
func control(dir, binary, only string, n int) (all []*tally, err error) {
	if only == "" || strings.Contains(only, "kill") {
		t := &tally{Name: "early", How: "an observer that takes a request for its acknowledgement"}
		if err := measured(t, func() error { return killing(binary, n, t, true) }); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	if only == "" || strings.Contains(only, "power") {
		lazy, err := build(dir, "OFF")
		if err != nil {
			return nil, err
		}
		t := &tally{}
		if err := measured(t, func() error { return cuts(lazy, n, t) }); err != nil {
			return nil, err
		}
		t.Name, t.How = "unflushed", "a binary that flushes nothing (synchronous=OFF), under cuts of power"
		all = append(all, t)
	}
	return all, nil
}

func measured(t *tally, f func() error) error {
	start := time.Now()
	err := f()
	t.Took = time.Since(start)
	log.Printf("%-10s %4d loops, %6d acknowledged, %d lost, %d double, %d broken, %.0f s %s", t.Name, t.Loops, t.Acked, t.Lost, t.Double, t.Broken,
		t.Took.Seconds(), t.Note)
	return err
}

// build makes the binary that is broken; synchronous is for the control alone.
func build(dir, synchronous string) (string, error) {
	out, flags := filepath.Join(dir, "sifen"+synchronous), ""
	if synchronous != "" {
		flags = "-X sifen/internal/db.synchronous=" + synchronous
	}
	cmd := exec.Command("go", "build", "-ldflags", flags, "-o", out, "sifen/cmd/sifen")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, said)
	}
	return out, nil
}
