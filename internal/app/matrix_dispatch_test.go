package app_test

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/db"
	"sifen/internal/dispatch"
	"sifen/internal/id"
	"sifen/internal/period"
)

// meeting keeps one of a unit, whatever type of unit that is.
func (m *matrix) meeting(unit, state string, day period.Day) string {
	meeting := id.New(m.clock.Now())
	must(m.t, m.write(func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), `INSERT INTO meeting (district, id, no, unit, type, day, title, place, state, people, pack, minutes,
			minutes_no, has_minutes, behind, origin, account, created_at, rev, body)
			VALUES ($1, $2, $3, $4, 'dispatch', $5, '调度会', '', $6, 0, '', '', '', 0, 0, '', '', 0, 1, '{"agenda":[]}')`, m.district, meeting,
			fmt.Sprintf("M%05d", m.next()), m.units[unit], int64(day), state)
		return err
	}))
	return meeting
}

// decision keeps one that a unit gave itself.
func (m *matrix) decision(unit, state string) string {
	meeting, decision := m.meeting(unit, dispatch.Held, period.Date(2020, 12, 1)), id.New(m.clock.Now())
	must(m.t, m.write(func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), `INSERT INTO meeting_decision (district, id, meeting, nth, office, unit, person, words, proof_asked,
			decided, deadline, state, done, settled, outcome, proof, reporter, reason, carried_from, carried_to, behind, created_at, rev)
			VALUES ($1, $2, $3, 1, $4, $4, '', '摸底', 0, $5, $6, $7, 0, 0, '', '[]', '', '', '', '', 0, 0, 1)`, m.district, decision, meeting, m.units[unit],
			int64(period.Date(2020, 12, 1)), int64(period.Date(2020, 12, 31)), state)
		return err
	}))
	return decision
}

// alsoWrites lets in who is told that documents of the unit are not his to write: another verb decides that.
func alsoWrites(r reply) reply {
	if r.status == 403 && strings.Contains(string(r.body), "document.forbidden") {
		r.status = 201
	}
	return r
}

func init() {
	said := func(m *matrix, unit string) vals {
		return vals{"unit": m.units[unit], "type": "dispatch", "day": "2020-12-30", "title": "调度会"}
	}
	task := func(m *matrix, unit string) vals {
		return vals{"words": "摸底", "unit": m.units[unit], "deadline": "2020-12-31", "reason": "改期"}
	}
	onMeeting := func(path, state string, body func(m *matrix, unit string) vals) rule {
		return rule{"dispatch.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
			a := ask{as: as, method: "POST", path: "/meetings/" + m.meeting(unit, state, period.Date(2020, 12, 30)) + path, match: 1}
			if path == "" {
				a.method = "PUT"
			}
			if body != nil {
				a.body = body(m, unit)
			}
			return alsoWrites(m.do(a))
		}}
	}
	onDecision := func(verb, path, state string, body func(m *matrix, unit string) vals) rule {
		return rule{verb, writes, func(m *matrix, as, unit string, _ bool) reply {
			a := ask{as: as, method: "POST", path: "/decisions/" + m.decision(unit, state) + path, match: 1}
			if path == "" {
				a.method = "PUT"
			}
			if body != nil {
				a.body = body(m, unit)
			}
			return m.do(a)
		}}
	}
	because := func(*matrix, string) vals { return vals{"reason": "天气原因"} }
	for op, r := range map[string]rule{
		"list-meetings":   read("dispatch.read", "/meetings?unit=%u", reads),
		"list-decisions":  read("dispatch.read", "/decisions?unit=%u", reads),
		"list-bulletins":  read("dispatch.read", "/bulletins?unit=%u", reads),
		"decision-people": read("dispatch.edit", "/decision-people?unit=%u", byPlace(allow, forbidden, unseen)),
		"get-meeting": {"dispatch.read", reads, func(m *matrix, as, unit string, _ bool) reply {
			return m.get(as, "/meetings/"+m.meeting(unit, dispatch.Held, period.Date(2020, 12, 30)))
		}},
		"get-decision": {"dispatch.read", reads, func(m *matrix, as, unit string, _ bool) reply {
			return m.get(as, "/decisions/"+m.decision(unit, dispatch.Open))
		}},
		"plan-meeting": {"dispatch.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
			r := m.post(as, "/meetings", said(m, unit), 0)
			if r.status == 422 && strings.Contains(string(r.body), "dispatch.unit-type") { // let in, then told that such units hold none
				r.status = 201
			}
			return r
		}},
		"edit-meeting":      onMeeting("", dispatch.Planned, said),
		"hold-meeting":      onMeeting("/hold", dispatch.Planned, said),
		"cancel-meeting":    onMeeting("/cancel", dispatch.Planned, because),
		"draft-agenda-pack": onMeeting("/pack", dispatch.Planned, nil),
		"draft-minutes":     onMeeting("/minutes", dispatch.Held, nil),
		"add-decision":      onMeeting("/decisions", dispatch.Held, task),
		"amend-decision":    onDecision("dispatch.edit", "", dispatch.Open, task),
		"report-decision":   onDecision("plan.report", "/report", dispatch.Open, func(*matrix, string) vals { return vals{"words": "已做完"} }),
		"accept-decision":   onDecision("dispatch.edit", "/accept", dispatch.Reported, nil),
		"return-decision":   onDecision("dispatch.edit", "/return", dispatch.Reported, because),
		"drop-decision":     onDecision("dispatch.edit", "/drop", dispatch.Open, because),
		"reopen-decision":   onDecision("dispatch.edit", "/reopen", dispatch.Dropped, because),
		"carry-decision": onDecision("dispatch.edit", "/carry", dispatch.Open, func(m *matrix, unit string) vals {
			return vals{"words": "摸底", "unit": m.units[unit], "deadline": "2021-01-31", "meeting": m.meeting(unit, dispatch.Held, period.Date(2020, 12, 30))}
		}),
		"draft-bulletin": {"dispatch.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
			return alsoWrites(m.post(as, "/bulletins", vals{"unit": m.units[unit], "month": "2020-11"}, 0))
		}},
		"take-over-meetings": {"dispatch.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			r := m.post(as, "/meeting-takeover", nil, 0)
			if r.status == 409 { // let in, then told that they are here
				r.status = 200
			}
			return r
		}},
	} {
		rules[op] = r
	}
}
