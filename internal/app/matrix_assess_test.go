package app_test

import (
	"context"
	"fmt"

	"sifen/internal/assess"
	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/period"
)

const judgedSheet = `key: %s
title: 试表
for: {types: [community]}
period: month
max: 10
blocks: [{key: a, title: 甲, max: 10, items: [{key: i, title: 项, max: 10, judged: {}}]}]
`

// scores keeps a run over a unit, whatever type of unit that is, with one score: its own.
func (m *matrix) scores(unit, state string) string {
	m.t.Helper()
	run, n := id.New(m.clock.Now()), m.next()
	facts := score.Facts{Unit: fmt.Sprint(m.units[unit]), Name: unit}
	waiting := 0
	if state != assess.Draft {
		facts.Judged = map[string]score.Judgement{"i": {Points: score.Stored(50000)}}
	}
	lines := facts.Lines()
	packed, err := new(score.Packer).Pack(lines)
	must(m.t, err)
	must(m.t, m.write(func(tx *db.Tx) error {
		ctx := context.Background()
		if _, err := tx.ExecContext(ctx, `INSERT INTO score_run (district, run, sheet, version, period_from, period_until, rev, state, attempt, object_until,
			digest, latest, root, body, reason, actor, made_at, checker, checked_at, publisher, published_at, final_at)
			VALUES ($1, $2, $3, 1, $4, $5, 1, $6, 1, 0, '', 1, $7, $8, '', '', 0, '', 0, '', 0, 0)`, m.district, run, fmt.Sprintf("m%d", n),
			int64(period.Date(2020, 11, 1)), int64(period.Date(2020, 12, 1)), state, m.units[unit],
			fmt.Sprintf(judgedSheet, fmt.Sprintf("m%d", n))); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO score_unit (district, run, unit, grp, scored, points, max, place, tied, grade, lists, waiting, why,
			inputs, sha) VALUES ($1, $2, $3, '', 1, 50000, 100000, 1, 0, '', '', $4, '', $5, $6)`,
			m.district, run, m.units[unit], waiting, packed, score.Sum(lines))
		return err
	}))
	return run
}

// objection keeps one of a unit to its own score.
func (m *matrix) objection(unit string) string {
	m.t.Helper()
	o := id.New(m.clock.Now())
	run := m.scores(unit, assess.Public)
	must(m.t, m.write(func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), `INSERT INTO objection (district, id, run, unit, item, words, photos, actor, at, state, reason, decider,
			decided_at, revision, rev) VALUES ($1, $2, $3, $4, 'i', '当天有施工', '', 'x', 1, 'open', '', '', 0, '', 1)`, m.district, o, run, m.units[unit])
		return err
	}))
	return o
}

func init() {
	on := func(verb, path, state string, at func(from, unit string) string, body func(m *matrix, unit string) vals) rule {
		return rule{verb, at, func(m *matrix, as, unit string, _ bool) reply {
			a := ask{as: as, method: "POST", path: "/scores/" + m.scores(unit, state) + path, match: 1}
			if body != nil {
				a.body = body(m, unit)
			}
			return m.do(a)
		}}
	}
	because := func(*matrix, string) vals { return vals{"reason": "算错了"} }
	hidden := byPlace(allow, unseen, unseen)       // what is not public yet nobody else knows of
	public := byPlace(allow, forbidden, forbidden) // what is public everybody may know of
	everywhere := byPlace(allow, allow, allow)     // and read, each the rows of his reach
	for op, r := range map[string]rule{
		"list-scores": read("assess.read", "/scores", everywhere),
		"get-scores": {"assess.read", everywhere, func(m *matrix, as, unit string, _ bool) reply {
			return m.get(as, "/scores/"+m.scores(unit, assess.Public))
		}},
		"explain-score": {"assess.read", reads, func(m *matrix, as, unit string, _ bool) reply {
			return m.get(as, fmt.Sprintf("/scores/%s/units/%d", m.scores(unit, assess.Public), m.units[unit]))
		}},
		"compute-scores": {"assess.enter", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			return m.post(as, "/scores", vals{"sheet": "estate-site", "from": "2020-11-01"}, 0)
		}},
		"enter-score": on("assess.enter", "/values", assess.Draft, hidden, func(m *matrix, unit string) vals {
			return vals{"unit": m.units[unit], "name": "i", "value": "5", "reason": "现场评定"}
		}),
		"check-scores":   on("assess.approve", "/check", assess.Draft, hidden, nil),
		"publish-scores": on("assess.approve", "/publish", assess.Checked, hidden, nil),
		"return-scores":  on("assess.approve", "/return", assess.Checked, hidden, because),
		"settle-scores":  on("assess.approve", "/settle", assess.Public, public, nil),
		"object-score": {"assess.object", writes, func(m *matrix, as, unit string, _ bool) reply {
			run := m.scores(unit, assess.Public)
			must(m.t, m.write(func(tx *db.Tx) error {
				_, err := tx.ExecContext(context.Background(), `UPDATE score_run SET object_until = $3 WHERE district = $1 AND run = $2`, m.district, run,
					m.clock.Now().UnixMilli()+1)
				return err
			}))
			return m.post(as, "/scores/"+run+"/objections", vals{"unit": m.units[unit], "item": "i", "words": "当天有施工"}, 0)
		}},
		"decide-objection": {"assess.enter", byPlace(allow, forbidden, unseen), func(m *matrix, as, unit string, _ bool) reply {
			o := m.objection(unit)
			return m.post(as, "/objections/"+o+"/decide", vals{"outcome": "rejected", "reason": "照片清楚"}, 1)
		}},
		"revise-scores": on("assess.enter", "/revise", assess.Final, public, because),
	} {
		rules[op] = r
	}
}
