package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/intake"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
)

// office is a person at the district, who sees everything.
func (b *bench) office() (access.Scope, error) {
	by, err := b.a.As(b.ctx, "bench.office")
	if err == nil {
		return by, nil
	}
	if _, err := b.a.NewAccount(b.ctx, b.by, "分类办", "bench.office", "office", 1, period.Date(2020, 1, 1), "bench of the office 2020"); err != nil {
		return by, err
	}
	return b.a.As(b.ctx, "bench.office")
}

// lists reads what people look at all day: pages, total lines, searches, the workbench.
func (b *bench) lists() error {
	by, err := b.office()
	if err != nil {
		return err
	}
	for done := false; !done; {
		if done, err = b.a.Ledger.IndexOld(b.ctx, b.district); err != nil {
			return err
		}
	}
	if b.a.DB.Postgres { // as autovacuum does within minutes of so many changes
		if err := b.a.DB.Exec(b.ctx, "VACUUM (ANALYZE)"); err != nil {
			return err
		}
	}
	page := func(f ledger.Filter) (ms1 float64, total int64, err error) {
		f.Limit, f.Sort = 50, "-day"
		ms1, err = b.moments(9, func(q db.Querier) error {
			p, err := b.a.Ledger.List(b.ctx, q, by, "zh", f, 1)
			total = p.Total
			return err
		})
		return ms1, total, err
	}
	month, err := period.Parse("2020-06")
	if err != nil {
		return err
	}
	t, n, err := page(ledger.Filter{Kind: "publicity-session", Unit: b.streets[3], Period: month, State: ledger.Verified})
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("a filtered list page with its counts (%d records)", n), t, "ms", 0, "≤ 150 ms", 150)
	if t, n, err = page(ledger.Filter{Kind: "publicity-session", Period: b.year}); err != nil {
		return err
	}
	b.add(fmt.Sprintf("page and total line of the longest list (%d records)", n), t, "ms", 0, "≤ 300 ms", 300)
	for _, q := range []string{"宣传97", "社区7-13", "宣传"} {
		if t, n, err = page(ledger.Filter{Kind: "publicity-session", Period: b.year, Query: q}); err != nil {
			return err
		}
		b.add(fmt.Sprintf("search for %s (%d records)", q, n), t, "ms", 0, "≤ 200 ms", 200)
	}
	if err := b.plan(); err != nil {
		return err
	}
	t, _, err = b.workbench(by)
	b.add("the workbench of the district office, twelve figures against their targets", t, "ms", 0, "≤ 150 ms", 150)
	return err
}

// workbench opens the workbench of the district office; the median of nine, in milliseconds, and what waits there.
func (b *bench) workbench(by access.Scope) (took float64, waiting int64, err error) {
	took, err = b.moments(9, func(q db.Querier) error {
		w, err := b.a.Bench.Load(b.ctx, q, module.Asked{By: by, Unit: 1, Period: b.year})
		waiting, _ = w["queue_total"].(int64)
		return err
	})
	return took, waiting, err
}

// queue opens what waits for the district office after an import of 100,000 rows.
func (b *bench) queue() error {
	by, err := b.office()
	if err != nil {
		return err
	}
	t, n, err := b.workbench(by)
	if err != nil {
		return err
	}
	if n < sheetRows {
		return fmt.Errorf("%d records wait, %d were imported", n, sheetRows)
	}
	b.add(fmt.Sprintf("the same workbench while %d records wait", n), t, "ms", 0, "≤ 150 ms", 150)
	if t, err = b.moments(9, func(q db.Querier) error {
		_, err := b.a.Ledger.QueueOf(b.ctx, q, by, "zh", "", b.streets[3], 300)
		return err
	}); err != nil {
		return err
	}
	b.add("the first 300 of that queue below one street", t, "ms", 0, "≤ 150 ms", 150)
	return nil
}

// plan gives the district twelve targets with monthly steps and every street one, unless they are there.
func (b *bench) plan() error {
	return b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
		y, err := b.a.Plans.Start(b.ctx, tx, b.by, 1, 2020)
		if err != nil {
			return err
		}
		set := func(unit org.No, figure string) error {
			t := plan.Target{Unit: unit, Figure: figure, Value: 1200}
			for m := range int64(12) {
				t.Months = append(t.Months, 100*(m+1))
			}
			if _, err := b.a.Plans.SetTarget(b.ctx, tx, b.by, y.ID, 0, t); err != nil && !errors.Is(err, plan.ErrTwice) {
				return err
			}
			return nil
		}
		for _, f := range []string{"publicity.sessions", "publicity.audience", "publicity.materials", "publicity.displays", "publicity.media",
			"campaign.estates", "campaign.households", "campaign.people", "coverage.estates", "coverage.schools", "fleet.vehicles", "base.visits"} {
			if err := set(1, f); err != nil {
				return err
			}
		}
		for _, s := range b.streets {
			if err := set(s, "publicity.sessions"); err != nil {
				return err
			}
		}
		return nil
	})
}

// many verifies 5,000 entries as one order.
func (b *bench) many() error {
	by, err := b.office()
	if err != nil {
		return err
	}
	var csv strings.Builder
	csv.WriteString("unit,held_on,topic,audience,audience.basis\n")
	for i := range 5000 {
		fmt.Fprintf(&csv, "#%d,2020-12-%02d,批量%d,%d,counted\n", b.leaves[i%len(b.leaves)], i%28+1, time.Now().UnixNano()+int64(i), i%50)
	}
	start := time.Now()
	res, err := b.a.Intake.Import(b.ctx, b.by, []byte(csv.String()), intake.Options{Kind: "publicity-session", Name: "bulk.csv", Lang: "zh"})
	if err != nil || res.Accepted != 5000 {
		return fmt.Errorf("import for the bulk: %w %+v", err, res)
	}
	b.add("5,000 rows read, checked, kept and submitted", time.Since(start).Seconds(), "s", 0, "reported", 1e9)
	if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(b.ctx, tx, b.district); err != nil {
			return err
		}
		_, err := b.a.Orders.Order(b.ctx, tx, by, ledger.OpVerify, "", nil, ledger.Filter{Kind: "publicity-session",
			Period: period.Period{From: period.Date(2020, 12, 1), Until: period.Date(2021, 1, 1)}, State: ledger.Submitted})
		return err
	}); err != nil {
		return err
	}
	b.clock.Advance(10 * time.Second)
	start = time.Now()
	if _, err := b.a.Jobs.RunDue(b.ctx); err != nil {
		return err
	}
	took := time.Since(start).Seconds()
	var left int64
	if err := b.a.DB.Read.QueryRowContext(b.ctx, `SELECT count(*) FROM bulk_item WHERE outcome <> 'ok'`).Scan(&left); err != nil || left > 0 {
		return fmt.Errorf("%d of the order were not verified: %w", left, err)
	}
	b.add("5,000 entries verified in one order", took, "s", 0, "≤ 10 s", 10)
	return nil
}
