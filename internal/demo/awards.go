package demo

import (
	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/fund"
	"sifen/internal/org"
	"sifen/internal/period"
)

// awards are the money of one month: the streets are paid for September, whose scores are final at the end of October, by another
// than approved, and one of them gives money back.
func (x *rounds) awards() {
	month := period.Date(2020, 9, 1)
	var run fund.Run
	x.plan(at(period.Date(2020, 11, 2), 14, 10), func() {
		for _, b := range []fund.BudgetLine{{Level: "区级", Source: "区财政", Kind: "plan", Fen: 2160_0000}, {Level: "市级", Source: "市级补助",
			Kind: "plan", Fen: 1080_0000},
			{Level: "镇街", Source: "镇街配套", Kind: "plan", Fen: 360_0000}, {Level: "区级", Source: "区财政", Kind: "in", Fen: 2160_0000},
			{Level: "市级", Source: "市级补助", Kind: "in", Fen: 1080_0000}} {
			b.Purpose, b.Year = "streets", 2020
			x.as("office", func(tx *db.Tx, by access.Scope) error { return x.s.Funds.AddBudget(x.ctx, tx, by, b) })
		}
		x.as("office", func(tx *db.Tx, by access.Scope) (err error) {
			run, err = x.s.Funds.Compute(x.ctx, tx, by, "street-award", month)
			return err
		})
		for _, to := range []string{fund.Reviewed, fund.Public, fund.Approved} {
			x.as("leader", func(tx *db.Tx, by access.Scope) (err error) {
				run, err = x.s.Funds.Advance(x.ctx, tx, by, run.ID, run.Attempt, to)
				return err
			})
		}
	})
	x.plan(at(period.Date(2020, 11, 4), 10, 15), func() {
		x.as("office2", func(tx *db.Tx, by access.Scope) (err error) {
			run, err = x.s.Funds.Order(x.ctx, tx, by, run.ID, run.Attempt, nil)
			return err
		})
	})
	x.plan(at(period.Date(2020, 11, 6), 15, 20), func() {
		x.as("office2", func(tx *db.Tx, by access.Scope) (err error) {
			run, err = x.s.Funds.Report(x.ctx, tx, by, run.ID, run.Attempt, 1, nil, true)
			return err
		})
	})
	x.plan(at(period.Date(2020, 11, 17), 16, 5), func() {
		x.as("office2", func(tx *db.Tx, by access.Scope) error {
			v, err := x.s.Funds.Page(x.ctx, tx, by, run.ID)
			if err != nil {
				return err
			}
			for _, row := range v.Rows {
				if row.Paid != "0.00" {
					run, err = x.s.Funds.Recover(x.ctx, tx, by, run.ID, run.Attempt, org.No(row.Unit.ID), 500_000, "两处投放点的清运数据重复填报，核减后退回")
					return err
				}
			}
			return nil
		})
	})
}
