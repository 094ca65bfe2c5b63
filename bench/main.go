// Command bench measures Sifen on a generated database of 1,000,000 verified entries in a year and writes
// bench/results.json and docs/performance.md. Each figure stands beside a baseline taken in the same run.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
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
	"sifen/internal/i18n"
	"sifen/internal/indicator"
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
		r, err := run(e, *entries, *keep, *only, map[string]string{"postgres": *database}[e])
		if err != nil {
			log.Fatalf("%s: %v", e, err)
		}
		all = append(all, r...)
	}
	dbtest.Stop()
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

func run(engine string, entries int, keep, only, url string) ([]Result, error) {
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
	b.add("start of an existing database", time.Since(start).Seconds(), "s", 0, "≤ 1 s", 1)
	for _, step := range []struct {
		name string
		run  func() error
	}{{"figures", b.figures}, {"children", b.children}, {"figurepage", b.figurePage}, {"distinct", b.distinct}, {"lists", b.lists}, {"verifying", b.verifying}, {"many", b.many}, {"summary", b.summary}, {"excel", b.excel}, {"queue", b.queue}, {"page", b.page}} {
		if only != "" && !slices.Contains(strings.Split(only, ","), step.name) {
			continue
		}
		if err := step.run(); err != nil {
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

// figures reads random figures of random units and periods, warm, against the same aggregate written by hand.
func (b *bench) figures() error {
	units := append(append([]org.No{1}, b.streets...), b.leaves...)
	periods := []string{"2020", "2020-03", "2020-Q2", "2020-01-15..2020-11-20"}
	var took []float64
	for i := range 400 {
		p, err := period.Parse(periods[i%len(periods)])
		if err != nil {
			return err
		}
		u := units[b.rnd.IntN(len(units))]
		x, err := b.a.Figures.At(b.ctx, b.a.DB.Read, b.district)
		if err != nil {
			return err
		}
		key := []string{"publicity.sessions", "publicity.audience", "campaign.people", "fleet.vehicles"}[i/4%4]
		start := time.Now()
		if _, err := x.Value(key, u, p); err != nil {
			return err
		}
		if i >= 40 {
			took = append(took, ms(time.Since(start)))
		}
	}
	hand, want, err := b.byHand()
	if err != nil {
		return err
	}
	x, err := b.a.Figures.At(b.ctx, b.a.DB.Read, b.district)
	if err != nil {
		return err
	}
	v, err := x.Value("publicity.sessions", 1, b.year)
	if err != nil {
		return err
	}
	if v.A != want {
		return fmt.Errorf("the figure says %d, the hand-written query %d", v.A, want)
	}
	mid := median(took)
	b.add("a figure of any unit and period, warm, median", mid, "ms", hand, "≤ 2 ms", 2)
	b.add("the same, slowest of 360", took[len(took)-1], "ms", 0, "reported", 1e9)
	r := Result{Name: b.engine + ": hand-written aggregate over a figure", Value: hand / mid, Unit: "times slower", Limit: "≥ 100", OK: hand/mid >= 100}
	b.results = append(b.results, r)
	return nil
}

// byHand counts the district's sessions of the year from the entries themselves.
func (b *bench) byHand() (took float64, n int64, err error) {
	var times []float64
	for range 3 {
		start := time.Now()
		err := b.a.DB.Read.QueryRowContext(b.ctx, `SELECT count(*) FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id AND v.rev = e.counted_rev
			JOIN org_reach AS r ON r.district = v.district AND r.unit = v.unit AND r.target = $2 AND r.day_from <= v.day_from AND v.day_from < r.day_until
			WHERE e.district = $1 AND e.kind = 'publicity-session' AND e.counted_rev > 0 AND v.day_from >= $3 AND v.day_from < $4`,
			b.district, 1, int64(b.year.From), int64(b.year.Until)).Scan(&n)
		if err != nil {
			return 0, 0, err
		}
		times = append(times, ms(time.Since(start)))
	}
	return median(times), n, nil
}

func (b *bench) children() error {
	var took []float64
	for range 7 {
		x, err := b.a.Figures.At(b.ctx, b.a.DB.Read, b.district)
		if err != nil {
			return err
		}
		start := time.Now()
		n := 0
		for _, s := range b.streets {
			list, _, err := x.Children("publicity.sessions", s, b.year)
			if err != nil {
				return err
			}
			n += len(list)
		}
		took = append(took, ms(time.Since(start)))
		if n < 1000 {
			return fmt.Errorf("only %d units", n)
		}
	}
	b.add("1,000 units × a year", median(took), "ms", 0, "≤ 60 ms", 60)
	return nil
}

// figurePage reads the page of the busiest figure: trend, units with the year before and quarters, records.
func (b *bench) figurePage() error {
	if err := b.plan(); err != nil {
		return err
	}
	by := access.System(b.district, int64(period.Date(2020, 12, 31)), "bench")
	var took []float64
	for range 7 {
		start := time.Now()
		if err := b.a.DB.Snapshot(b.ctx, func(q db.Querier) error {
			_, err := b.a.Figured.PageOf(b.ctx, q, by, i18n.Zh, "publicity.sessions", 1, b.year, "month")
			return err
		}); err != nil {
			return err
		}
		took = append(took, ms(time.Since(start)))
	}
	b.add("a figure's page", median(took), "ms", 0, "≤ 200 ms", 200)
	return nil
}

func (b *bench) distinct() error {
	var took []float64
	for range 15 {
		x, err := b.a.Figures.At(b.ctx, b.a.DB.Read, b.district)
		if err != nil {
			return err
		}
		start := time.Now()
		if _, err := x.Value("campaign.estates", 1, b.year); err != nil {
			return err
		}
		took = append(took, ms(time.Since(start)))
	}
	b.add("a distinct over a year", median(took), "ms", 0, "≤ 40 ms", 40)
	return nil
}

// verifying enters and verifies entries one by one, each commit flushed to disk.
func (b *bench) verifying() error {
	var took []float64
	other := b.by
	for i := range 120 {
		var id string
		if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(b.ctx, tx, b.district); err != nil {
				return err
			}
			e, err := b.a.Ledger.Create(b.ctx, tx, other, sessionInput(b.leaves[i%len(b.leaves)], "2020-11-11", i))
			if err == nil {
				_, err = b.a.Ledger.Submit(b.ctx, tx, other, e.ID)
			}
			id = e.ID
			return err
		}); err != nil {
			return err
		}
		start := time.Now()
		if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(b.ctx, tx, b.district); err != nil {
				return err
			}
			_, err := b.a.Ledger.Verify(b.ctx, tx, b.by, id, 1)
			return err
		}); err != nil {
			return err
		}
		took = append(took, ms(time.Since(start)))
	}
	limit := 5.0
	if b.engine == "postgres" {
		limit = 10
	}
	b.add("verifying an entry, with flush, median", median(took), "ms", 0, fmt.Sprintf("≤ %.0f ms", limit), limit)
	return nil
}

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
	var took []float64
	for range 15 {
		start := time.Now()
		err := b.a.DB.Snapshot(b.ctx, func(q db.Querier) error {
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
		took = append(took, ms(time.Since(start)))
	}
	b.add(fmt.Sprintf("the %d figures of the summary", len(list)), median(took), "ms", 0, "≤ 25 ms", 25)
	// the Word file of a unit whose records are listed, not digested by the million: a street's
	if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
		d, err := b.a.Documents.Create(b.ctx, tx, b.by, "annual-summary", b.leaves[0], b.year)
		doc = d.ID
		return err
	}); err != nil {
		return err
	}
	took = took[:0]
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
		b.add("first desk page, compressed", worst, "KiB", 0, "≤ 450 KiB", 450)
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
	}{{"answer to a tap in the scripted jobs, drawn in software", taps, 100, 1e9}, {"answer to a key in them, drawn in software", keys, 1e9, 1e9}, {"the page's own work for either", work, 100, 100}} {
		all := slices.Sorted(maps.Values(of.all))
		if len(all) == 0 {
			return nil, fmt.Errorf("%s: nothing of the %s", file, of.name)
		}
		b.add(fmt.Sprintf("%s, median of %d above 16 ms", of.name, len(all)), median(all), "ms", 0, limit(of.mid), of.mid)
		b.add(of.name+", 95 of 100 within", all[len(all)*95/100], "ms", 0, limit(of.most), of.most)
	}
	return b.results, nil
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
	fmt.Fprintf(&s, "# Performance\n\nMeasured by `make bench` on a generated database of %d verified entries in a year (1,000 communities in 20 streets), %d cores, %s. Written by the run; do not edit.\n\n",
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
