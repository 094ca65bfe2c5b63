package main

import (
	"fmt"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

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
		err := b.a.DB.Read.QueryRowContext(b.ctx, `SELECT count(*) FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id
			AND v.rev = e.counted_rev
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
	t, err := b.moments(7, func(q db.Querier) error {
		_, err := b.a.Figured.PageOf(b.ctx, q, by, i18n.Zh, "publicity.sessions", 1, b.year, "month")
		return err
	})
	if err != nil {
		return err
	}
	b.add("a figure's page", t, "ms", 0, "≤ 200 ms", 200)
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
