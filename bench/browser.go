package main

import (
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func (b *bench) page() error {
	raw, err := os.ReadFile(filepath.Join("web", "dist", "budget.json"))
	if err != nil {
		log.Printf("first desk page: not measured, build the front end first (%v)", err)
		return nil
	}
	var sizes map[string]float64
	if err := json.Unmarshal(raw, &sizes); err != nil {
		return err
	}
	worst := 0.0
	for _, s := range sizes {
		worst = max(worst, s)
	}
	if b.engine == "sqlite" {
		b.add("first desk page, compressed", worst, "KiB", 0, "≤ 320 KiB", 320)
	}
	return nil
}

// browser reads how long pages took to answer in the jobs of the journeys: for every tap and key the longest of its
// events, until the picture that answers it and until the page's own work was done. What took less than 16 ms is not in
// the file. The machine draws without a graphics processor; keys are pressed one upon another, so they are only reported.
func browser(file string) ([]Result, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	type interaction struct {
		id   int64
		path string
	}
	taps, keys, work := map[interaction]float64{}, map[interaction]float64{}, map[interaction]float64{}
	for line := range strings.Lines(string(raw)) {
		var a struct {
			ID          int64
			MS, Handled float64
			Path, Event string
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		k := interaction{a.ID, a.Path}
		into := taps
		if strings.HasPrefix(a.Event, "key") {
			into = keys
		}
		into[k] = max(into[k], a.MS)
		work[k] = max(work[k], a.Handled)
	}
	b := &bench{engine: "browser"}
	limit := func(max float64) string {
		if max > 100 {
			return "reported"
		}
		return "≤ 100 ms"
	}
	for _, of := range []struct {
		name      string
		all       map[interaction]float64
		mid, most float64 // limits of the median and of 95 in 100
	}{{"answer to a tap in the scripted jobs, drawn in software", taps, 100, 1e9}, {"answer to a key in them, drawn in software", keys, 1e9,
		1e9}, {"the page's own work for either", work, 100, 100}} {
		all := slices.Sorted(maps.Values(of.all))
		if len(all) == 0 {
			return nil, fmt.Errorf("%s: nothing of the %s", file, of.name)
		}
		b.add(fmt.Sprintf("%s, median of %d above 16 ms", of.name, len(all)), median(all), "ms", 0, limit(of.mid), of.mid)
		b.add(of.name+", 95 of 100 within", all[len(all)*95/100], "ms", 0, limit(of.most), of.most)
	}
	return b.results, nil
}
