// Command bench measures Sifen on a generated database of 1,000,000 verified entries in a year and writes
// bench/results.json and docs/performance.md. Each figure stands beside a baseline taken in the same run.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"sort"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/app"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Result is one measured line.
type Result struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Baseline float64 `json:"baseline,omitempty"`
	Ratio    float64 `json:"ratio,omitempty"`
	Limit    string  `json:"limit"`
	OK       bool    `json:"ok"`
}

type bench struct {
	ctx      context.Context
	a        *app.App
	engine   string
	district int64
	by       access.Scope
	leaves   []org.No
	streets  []org.No
	results  []Result
	year     period.Period
	rnd      *rand.Rand
	clock    *clock.Manual
}

func main() {
	entries := flag.Int("entries", 1_000_000, "verified entries in the year")
	postgres := flag.Bool("postgres", os.Getenv("SIFEN_POSTGRES") != "", "measure PostgreSQL too")
	database := flag.String("database", "", "measure PostgreSQL at this address, alone unless -postgres is said, and keep it")
	keep := flag.String("dir", "", "keep the database here and use it again")
	only := flag.String("only", "", "run only these steps, by name, separated by commas; writes no results; answers: only those of -answers, and writes them")
	answers := flag.String("answers", "", "take the times of taps and keys from here, as the browser journeys wrote them")
	profile := flag.String("cpuprofile", "", "write a CPU profile here")
	flag.Parse()
	log.SetFlags(0)
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	var all []Result
	engines := []string{"sqlite"}
	if *database != "" && !*postgres {
		engines = []string{"postgres"}
	} else if *postgres {
		engines = append(engines, "postgres")
	}
	if *only == "answers" {
		engines, *only = nil, ""
	}
	for _, e := range engines {
		for _, part := range [][]step{reckoning, serving} {
			chosen := slices.DeleteFunc(slices.Clone(part), func(s step) bool { return *only != "" && !slices.Contains(strings.Split(*only, ","), s.name) })
			if len(chosen) == 0 {
				continue
			}
			n, dir := *entries, *keep
			if part[0].name == serving[0].name && n > servedEntries {
				if n = servedEntries; dir != "" {
					dir += "-served"
				}
			}
			r, err := run(e, n, dir, chosen, map[string]string{"postgres": *database}[e])
			dbtest.Stop()
			if err != nil {
				log.Fatalf("%s: %v", e, err)
			}
			all = append(all, r...)
		}
	}
	if *answers != "" {
		r, err := browser(*answers)
		if err != nil {
			log.Fatal(err)
		}
		all, engines = append(all, r...), append(engines, "browser")
	}
	if *only != "" {
		return
	}
	rest, err := others(engines)
	if err == nil {
		err = write(append(all, rest...), *entries)
	}
	if err != nil {
		log.Fatal(err)
	}
	bad := 0
	for _, r := range all {
		if !r.OK {
			bad++
			log.Printf("over its limit: %s %.3g %s (limit %s)", r.Name, r.Value, r.Unit, r.Limit)
		}
	}
	if bad > 0 {
		pprof.StopCPUProfile()
		os.Exit(1)
	}
}

// step is one part of the measurement.
type step struct {
	name string
	run  func(*bench) error
}

// servedEntries is a year of a busy district; so many are there when pages are served over HTTP. What a page costs with a
// million is measured one by one, in reckoning.
const servedEntries = 60_000

var (
	reckoning = []step{{"figures", (*bench).figures}, {"children", (*bench).children}, {"figurepage", (*bench).figurePage}, {"distinct", (*bench).distinct},
		{"lists", (*bench).lists}, {"verifying", (*bench).verifying}, {"many", (*bench).many}, {"summary", (*bench).summary}, {"excel", (*bench).excel},
		{"queue", (*bench).queue}, {"page", (*bench).page}}
	serving = []step{{"pages", (*bench).pages}, {"load", (*bench).load}}
)

func run(engine string, entries int, keep string, steps []step, url string) ([]Result, error) {
	dir := keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "sifen-bench-"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
	}
	if engine == "postgres" && url == "" {
		var err error
		if url, err = dbtest.Server(); err != nil {
			return nil, err
		}
	}
	b := &bench{ctx: context.Background(), engine: engine, year: period.Year(2020), rnd: rand.New(rand.NewPCG(1, 2))}
	clk := clock.At(time.Date(2020, 12, 31, 1, 0, 0, 0, time.UTC))
	b.clock = clk
	open := func() (err error) {
		b.a, err = app.Open(b.ctx, app.Options{Data: dir, Database: url, Clock: clk})
		return err
	}
	if err := open(); err != nil {
		return nil, err
	}
	start := time.Now()
	if err := b.generate(entries); err != nil {
		return nil, err
	}
	log.Printf("%s: %d entries generated in %s", engine, entries, time.Since(start).Round(time.Second))
	if err := b.a.Close(); err != nil {
		return nil, err
	}
	start = time.Now()
	if err := open(); err != nil {
		return nil, err
	}
	if _, err := b.a.Figures.At(b.ctx, b.a.DB.Read, b.district); err != nil {
		return nil, err
	}
	if steps[0].name == reckoning[0].name {
		b.add("start of an existing database", time.Since(start).Seconds(), "s", 0, "≤ 1 s", 1)
	}
	for _, s := range steps {
		if err := s.run(b); err != nil {
			return nil, err
		}
	}
	return b.results, b.a.Close()
}

func (b *bench) add(name string, value float64, unit string, baseline float64, limit string, max float64) {
	r := Result{Name: b.engine + ": " + name, Value: value, Unit: unit, Baseline: baseline, Limit: limit, OK: value <= max}
	if baseline > 0 && value > 0 {
		r.Ratio = baseline / value
	}
	b.results = append(b.results, r)
	log.Printf("%-60s %10.3f %s  baseline %.3f  ratio %.0f  %s", r.Name, value, unit, baseline, r.Ratio, limit)
}

func median(v []float64) float64 {
	sort.Float64s(v)
	return v[len(v)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (b *bench) summary() error {
	var doc string
	if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
		d, err := b.a.Documents.Create(b.ctx, tx, b.by, "annual-summary", 1, b.year)
		doc = d.ID
		return err
	}); err != nil {
		return err
	}
	v, err := b.a.Documents.Open(b.ctx, b.by, doc)
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	for _, f := range v.Figures {
		keys[f.Key] = true
	}
	list := make([]string, 0, len(keys))
	for k := range keys {
		list = append(list, k)
	}
	sort.Strings(list)
	t, err := b.moments(15, func(q db.Querier) error {
		x, err := b.a.Figures.At(b.ctx, q, b.district)
		if err != nil {
			return err
		}
		for _, k := range list {
			if _, err := x.Value(k, 1, b.year); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("the %d figures of the summary", len(list)), t, "ms", 0, "≤ 25 ms", 25)
	// the Word file of a unit whose records are listed, not digested by the million: a street's
	if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
		d, err := b.a.Documents.Create(b.ctx, tx, b.by, "annual-summary", b.leaves[0], b.year)
		doc = d.ID
		return err
	}); err != nil {
		return err
	}
	var took []float64
	for range 5 {
		start := time.Now()
		if _, _, err := b.a.Documents.Word(b.ctx, b.by, doc); err != nil {
			return err
		}
		took = append(took, time.Since(start).Seconds())
	}
	b.add("the Word file with annex and digests, a community of 1,000 records", median(took), "s", 0, "≤ 1 s", 1)
	return nil
}

// moments is the median time in milliseconds of n readings, each at a moment of its own.
func (b *bench) moments(n int, read func(q db.Querier) error) (float64, error) {
	var took []float64
	for range n {
		start := time.Now()
		if err := b.a.DB.Snapshot(b.ctx, read); err != nil {
			return 0, err
		}
		took = append(took, ms(time.Since(start)))
	}
	return median(took), nil
}

// others are the lines of earlier runs about engines that this run did not measure: they stay.
func others(measured []string) ([]Result, error) {
	raw, err := os.ReadFile("bench/results.json")
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var before, out []Result
	if err := json.Unmarshal(raw, &before); err != nil {
		return nil, err
	}
	for _, r := range before {
		if engine, _, _ := strings.Cut(r.Name, ":"); !slices.Contains(measured, engine) {
			out = append(out, r)
		}
	}
	return out, nil
}

func write(all []Result, entries int) error {
	raw, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile("bench/results.json", append(raw, '\n'), 0o644); err != nil {
		return err
	}
	var s strings.Builder
	fmt.Fprintf(&s, "# Performance\n\nMeasured by `make bench` on a generated database of %d verified entries in a year (1,000 communities in 20 "+
		"streets), %d cores, %s. Written by the run; do not edit.\n\n",
		entries, runtime.NumCPU(), runtime.Version())
	s.WriteString("| Measure | Value | Baseline in the same run | Limit | |\n|---|---:|---:|---|---|\n")
	for _, r := range all {
		base, ok := "", "met"
		if r.Baseline > 0 {
			base = fmt.Sprintf("%.3g %s (× %.0f)", r.Baseline, r.Unit, r.Ratio)
		}
		if !r.OK {
			ok = "**missed**"
		}
		fmt.Fprintf(&s, "| %s | %.3g %s | %s | %s | %s |\n", r.Name, r.Value, r.Unit, base, r.Limit, ok)
	}
	return os.WriteFile("docs/performance.md", []byte(s.String()), 0o644)
}
