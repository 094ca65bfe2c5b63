package app_test

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/fund"
	"sifen/internal/fund/award"
	"sifen/internal/id"
	"sifen/internal/period"
	"sifen/internal/unit"
)

const flatRule = `key: %s
title: 试奖
for: {types: [community]}
period: month
budget: %s
inputs: {n: {entry: n, title: 数}}
parts: [{key: p, title: 项, class: operation, per: [{n: n, rate: 1}]}]
`

// award keeps a run over a unit, whatever type of unit that is, with one claimant: itself, 100 yuan, of which some are paid,
// withheld or in a batch.
func (m *matrix) award(unitName, state string, paid, held int64, batch bool) string {
	m.t.Helper()
	run, key := id.New(m.clock.Now()), fmt.Sprintf("a%d", m.next())
	c := award.Claim{Facts: &score.Facts{Unit: fmt.Sprint(m.units[unitName]), Name: unitName, Values: map[string]score.Value{"n": {Num: unit.Int(100)}}}}
	lines := c.Frozen().Lines()
	packed, err := new(score.Packer).Pack(lines)
	must(m.t, err)
	must(m.t, m.write(func(tx *db.Tx) error {
		exec := func(text string, args ...any) {
			if err == nil {
				_, err = tx.ExecContext(context.Background(), text, args...)
			}
		}
		exec(`INSERT INTO award_run (district, run, rule, version, period_from, period_until, rev, state, attempt, public_until, digest, latest, root, body,
			bound, budget, reason, actor, made_at, reviewer, reviewed_at, publisher, published_at, approver, approved_at, settled_at)
			VALUES ($1, $2, $3, 1, $4, $5, 1, $6, 1, 0, '', 1, $7, $8, 1, 1000000, '', '', 0, '', 0, '', 0, '', 0, 0)`, m.district, run, key,
			int64(period.Date(2020, 11, 1)), int64(period.Date(2020, 12, 1)), state, m.units[unitName], fmt.Sprintf(flatRule, key, key))
		exec(`INSERT INTO award_unit (district, run, unit, claim, amount, held, owed, earlier, missing, inputs, sha) VALUES ($1, $2, $3, 10000,
			10000, $4, 0, 0,
			0, $5, $6)`, m.district, run, m.units[unitName], held, packed, score.Sum(lines))
		exec(`INSERT INTO fund_budget (district, id, purpose, year, level, source, kind, fen, note, actor, at)
			VALUES ($1, $2, $3, 2020, '区级', '', 'in', 1000000, '', '', 0)`, m.district, run, key)
		if paid > 0 {
			exec(`INSERT INTO award_pay (district, id, run, unit, kind, fen, batch, settles, reason, actor, at)
				VALUES ($1, $2, $2, $3, 'pay', $4, '', '', '', '', 0)`,
				m.district, run, m.units[unitName], paid)
		}
		if batch {
			exec(`INSERT INTO award_batch (district, batch, run, num, state, rev, actor, at, reason)
				VALUES ($1, $2, $2, 1, 'ordered', 1, '', 0, '')`, m.district, run)
			exec(`INSERT INTO award_line (district, batch, unit, fen, owed, state, reason) VALUES ($1, $2, $3, 10000, 0, 'ordered', '')`, m.district, run,
				m.units[unitName])
		}
		return err
	}))
	return run
}

func init() {
	type made struct {
		state      string
		paid, held int64
		batch      bool
	}
	on := func(verb, path string, x made, at func(from, unit string) string, body func(m *matrix, unit string) vals) rule {
		return rule{verb, at, func(m *matrix, as, unit string, _ bool) reply {
			a := ask{as: as, method: "POST", path: "/awards/" + m.award(unit, x.state, x.paid, x.held, x.batch) + path, match: 1}
			if body != nil {
				a.body = body(m, unit)
			}
			return m.do(a)
		}}
	}
	because := func(*matrix, string) vals { return vals{"reason": "材料不实"} }
	unitBecause := func(m *matrix, unit string) vals { return vals{"unit": m.units[unit], "reason": "已经销号"} }
	hidden := byPlace(allow, unseen, unseen)       // what is not public yet nobody else knows of
	public := byPlace(allow, forbidden, forbidden) // what is public everybody may know of
	everywhere := byPlace(allow, allow, allow)     // and read, each the rows of his reach
	for op, r := range map[string]rule{
		"list-awards": read("fund.read", "/awards", everywhere),
		"get-award": {"fund.read", everywhere, func(m *matrix, as, unit string, _ bool) reply {
			return m.get(as, "/awards/"+m.award(unit, fund.Public, 0, 0, false))
		}},
		"explain-award": {"fund.read", reads, func(m *matrix, as, unit string, _ bool) reply {
			return m.get(as, fmt.Sprintf("/awards/%s/units/%d", m.award(unit, fund.Public, 0, 0, false), m.units[unit]))
		}},
		"award-payment-list": {"fund.read", reads, func(m *matrix, as, unit string, _ bool) reply {
			return m.get(as, "/awards/"+m.award(unit, fund.Approved, 0, 0, true)+"/batches/1/list")
		}},
		"compute-award": {"fund.enter", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			return m.post(as, "/awards", vals{"rule": "street-award", "from": "2020-11-01"}, 0)
		}},
		"add-award-budget": {"fund.enter", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			return m.post(as, "/award-budgets", vals{"purpose": "streets", "year": 2020, "level": "区级", "source": "财政", "kind": "plan", "amount": "10万"}, 0)
		}},
		"enter-award": on("fund.enter", "/values", made{state: fund.Draft}, hidden, func(m *matrix, unit string) vals {
			return vals{"values": []vals{{"unit": m.units[unit], "name": "n", "value": "90"}}, "reason": "街道核实"}
		}),
		"review-award":  on("fund.approve", "/review", made{state: fund.Draft}, hidden, nil),
		"publish-award": on("fund.approve", "/publish", made{state: fund.Reviewed}, hidden, nil),
		"return-award":  on("fund.approve", "/return", made{state: fund.Reviewed}, hidden, because),
		"approve-award": {"fund.approve", public, func(m *matrix, as, unit string, _ bool) reply {
			r := m.do(ask{as: as, method: "POST", path: "/awards/" + m.award(unit, fund.Public, 0, 0, false) + "/approve", match: 1})
			if r.status == 409 && strings.Contains(string(r.body), "fund.used") { // let in, then told that other awards used the budget up
				r.status = 200
			}
			return r
		}},
		"release-award": on("fund.approve", "/release", made{state: fund.Approved, held: 2000}, public, unitBecause),
		"settle-award":  on("fund.approve", "/settle", made{state: fund.Approved, paid: 10000}, public, nil),
		"revise-award":  on("fund.enter", "/revise", made{state: fund.Approved}, public, because),
		"order-award":   on("fund.pay", "/batches", made{state: fund.Approved}, public, func(*matrix, string) vals { return vals{"units": []int64{}} }),
		"report-award": on("fund.pay", "/batches/1/report", made{state: fund.Approved, batch: true}, public, func(*matrix, string) vals {
			return vals{"answers": []vals{}, "all": true}
		}),
		"cancel-award-batch": on("fund.pay", "/batches/1/cancel", made{state: fund.Approved, batch: true}, public, because),
		"recover-award": on("fund.pay", "/recover", made{state: fund.Approved, paid: 10000}, public, func(m *matrix, unit string) vals {
			return vals{"unit": m.units[unit], "amount": "50", "reason": "虚报户数"}
		}),
	} {
		rules[op] = r
	}
}
