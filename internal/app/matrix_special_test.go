package app_test

import (
	"context"
	"fmt"

	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/period"
)

// special keeps a special inspection of a unit, whatever type of unit that is.
func (m *matrix) special(unit string) string {
	x := id.New(m.clock.Now())
	must(m.t, m.write(func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), `INSERT INTO special_inspection (district, id, no, campaign, unit, day, topic, sites, problems, outcome,
			outcome_no, state, behind, origin, reason, fields, photos, account, created_at, changed_op, changed_by, changed_at, rev)
			VALUES ($1, $2, $3, '', $4, $5, '夜查', 3, 1, '', '', 'held', 0, '', '', '{}', '[]', '', 0, 'add', '', 0, 1)`, m.district, x,
			fmt.Sprintf("S%05d", m.next()), m.units[unit], int64(period.Date(2020, 12, 1)))
		return err
	}))
	return x
}

func init() {
	said := func(m *matrix, unit string) vals {
		return vals{"unit": m.units[unit], "day": "2020-12-01", "topic": "夜查", "sites": 3, "problems": 2, "outcome": "bulletin", "outcome_number": "1号"}
	}
	for op, r := range map[string]rule{
		"list-inspections": read("inspect.read", "/special-inspections?unit=%u&year=2020", reads),
		"add-inspection": {"inspect.plan", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.post(as, "/special-inspections", said(m, unit), 0)
		}},
		"correct-inspection": {"inspect.plan", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.do(ask{as: as, method: "PUT", path: "/special-inspections/" + m.special(unit), body: said(m, unit), match: 1})
		}},
		"void-inspection": {"inspect.plan", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.post(as, "/special-inspections/"+m.special(unit)+"/void", vals{"reason": "登记错了"}, 1)
		}},
		"take-over-inspections": {"inspect.plan", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			r := m.post(as, "/special-inspection-takeover", nil, 0)
			if r.status == 409 { // let in, then told that they are here
				r.status = 200
			}
			return r
		}},
	} {
		rules[op] = r
	}
}
