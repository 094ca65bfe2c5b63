package app_test

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/inspect"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/rectify"
)

// kase opens a case at a unit and takes it through some steps. The party is a carrier where nobody has a seat, or the unit.
func (m *matrix) kase(unit string, own bool, steps ...rectify.Step) (string, int64) {
	party := org.No(m.units["清运公司"])
	if own {
		party = org.No(m.units[unit])
	}
	var c rectify.Case
	must(m.t, m.write(func(tx *db.Tx) error {
		ctx := context.Background()
		w, err := m.app.Cases.Moment(ctx, tx, m.district)
		if err != nil {
			return err
		}
		o, err := m.app.Cases.Open(ctx, tx, m.sys, w, rectify.Found{Place: "unit:1", PlaceName: "东门", Unit: org.No(m.units[unit]), Source: rectify.ByList,
			Severity: rectify.Minor, Instrument: "supervise", Party: party, Office: w.Org.Root, Title: i18n.Label{Zh: "满溢", En: "full"}})
		c = o.Case
		for _, st := range steps {
			if err != nil {
				return err
			}
			c, err = m.app.Cases.Act(ctx, tx, m.sys, c.ID, c.Rev, st)
		}
		return err
	}))
	return c.ID, c.Rev
}

func onCase(verb, path string, at func(from, unit string) string, own bool, body vals, steps ...rectify.Step) rule {
	return rule{verb, at, func(m *matrix, as, unit string, _ bool) reply {
		id, rev := m.kase(unit, own, steps...)
		if body == nil {
			return m.get(as, "/cases/"+id)
		}
		return m.post(as, "/cases/"+id+path, body, rev)
	}}
}

// onPaper asks for a paper of a case that there is no paper of yet: who is let in is told so.
func onPaper(verb string, at func(from, unit string) string, path, code string) rule {
	return rule{verb, at, func(m *matrix, as, unit string, _ bool) reply {
		id, _ := m.kase(unit, false, rectify.Step{Op: rectify.OpIssue})
		r := m.get(as, "/cases/"+id+path)
		if strings.Contains(string(r.body), code) {
			r.status = 200
		}
		return r
	}}
}

// byParty: the party alone acts for itself.
func byParty(from, unit string) string {
	switch {
	case from == unit:
		return allow
	case lies(from, unit) != "":
		return forbidden
	}
	return unseen
}

// visited keeps a visit to a unit, whatever may be inspected there.
func (m *matrix) visited(unit string) string {
	visit := id.New(m.clock.Now())
	must(m.t, m.write(func(tx *db.Tx) error {
		ctx := context.Background()
		day := int64(period.Of(start))
		if _, err := tx.ExecContext(ctx, `INSERT INTO visit_form (district, form, checklist, version, body) VALUES ($1, 'f', 'estate', 1, '{}')
			ON CONFLICT (district, form) DO NOTHING`, m.district); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO visit (district, id, no, place, place_name, unit, checklist, version, form, kind, account, day, made_at,
			received_at, state, counted, asked, answered, failed, rev, body, search)
			VALUES ($1, $2, $3, $4, '东门', $5, 'estate', 1, 'f', 'routine', '', $6, 0, 0, 'done', 0, 1, 1, 0, 1, '{}', '')`,
			m.district, visit, fmt.Sprintf("X%05d", m.next()), fmt.Sprintf("unit:%d", m.units[unit]), m.units[unit], day)
		return err
	}))
	return visit
}

// noticed: the office of the cases used here is the district, where its documents are written.
func noticed(from, unit string) string {
	if at := writes(from, unit); at != allow {
		return at
	}
	return onlyDistrict(from, unit)
}

// campaign begins one at a unit.
func (m *matrix) campaign(unit string) string {
	var c inspect.Campaign
	must(m.t, m.write(func(tx *db.Tx) (err error) {
		c, err = m.app.Visits.SetCampaign(context.Background(), tx, m.sys, "", 0, inspect.CampaignInput{Kind: "special", Title: "岁末检查", Unit: m.units[unit],
			Checklist: "school", Days: []inspect.DayInput{{Day: "2021-01-05", Quota: 1}}, Crew: []string{m.Accounts["office"]}})
		return err
	}))
	return c.ID
}

// onCampaign is an operation on a campaign; let in is also who is told that its state does not fit.
func onCampaign(verb string, at func(from, unit string) string, path string, body vals) rule {
	return rule{verb, at, func(m *matrix, as, unit string, _ bool) reply {
		path := "/campaigns/" + m.campaign(unit) + path
		var r reply
		switch {
		case body == nil:
			r = m.get(as, path)
		case body["title"] != nil:
			body["unit"], body["crew"] = m.units[unit], []string{m.Accounts["office"]}
			r = m.do(ask{as: as, method: "PUT", path: path, body: body, match: 1})
		default:
			r = m.post(as, path, body, 1)
		}
		if r.status == 409 && strings.Contains(string(r.body), "inspect.") {
			r.status = 200
		}
		return r
	}}
}

// export hands in a file that is no export; let in is who is told so.
func (m *matrix) export(as string) reply {
	r := m.do(ask{as: as, method: "POST", path: "/field/exports", body: []byte("no zip")})
	if r.status == 422 {
		r.status = 200
	}
	return r
}

// sheet hands in a file that is no sheet; let in is who is told so.
func (m *matrix) sheet(as string) reply {
	r := m.do(ask{as: as, method: "POST", path: "/inspect-paper", body: []byte("no sheet")})
	if r.status == 422 {
		r.status = 200
	}
	return r
}

// piece brings a photo that is one piece, and no other operation's.
func (m *matrix) piece(as string) reply {
	p := append(apptest.Photo(1), fmt.Sprint("piece ", m.next())...)
	return m.do(ask{as: as, method: "PUT", path: fmt.Sprintf("/field/photos/%s?size=%d", apptest.Sum(p), len(p)), body: p})
}

func init() {
	campaign := vals{"kind": "special", "title": "岁末检查", "checklist": "school", "days": []vals{{"day": "2021-01-05", "quota": 1}}, "surprise": 0, "second": 0}
	for op, r := range map[string]rule{
		"list-campaigns":  read("inspect.read", "/campaigns", everywhere),
		"get-campaign":    onCampaign("inspect.read", reads, "", nil),
		"campaign-base":   onCampaign("inspect.read", reads, "/base", nil),
		"campaign-looks":  onCampaign("inspect.calibrate", writes, "/looks", nil),
		"campaign-crew":   read("inspect.plan", "/campaign-crew?unit=%u", writes),
		"campaign-places": read("inspect.plan", "/campaign-places?checklist=school&unit=%u", writes),
		"list-today":      read("inspect.visit", "/inspect-today", everywhere),
		"set-campaign":    onCampaign("inspect.plan", writes, "", campaign),
		"seal-campaign":   onCampaign("inspect.plan", writes, "/seal", vals{}),
		"say-campaign":    onCampaign("inspect.plan", writes, "/words", vals{"words": "花开"}),
		"stop-campaign":   onCampaign("inspect.plan", writes, "/stop", vals{"reason": "天气"}),
		"add-campaign": {"inspect.plan", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.post(as, "/campaigns", apptest.With(apptest.With(campaign, "unit", m.units[unit]), "crew", []string{m.Accounts["office"]}), 0)
		}},
		"miss-place": {"inspect.visit", everywhere, func(m *matrix, as, _ string, _ bool) reply {
			r := m.post(as, "/inspect-today/missed", vals{"campaign": "x", "place": "y", "reason": "封闭"}, 0)
			if r.status == 404 { // let in, then told that nothing was drawn for him
				r.status = 200
			}
			return r
		}},
	} {
		rules[op] = r
	}
	issue, said := rectify.Step{Op: rectify.OpIssue}, rectify.Step{Op: rectify.OpReply, Words: "已清运"}
	fail, pass := rectify.Step{Op: rectify.OpFail}, rectify.Step{Op: rectify.OpPass}
	ask := rectify.Step{Op: rectify.OpAsk, Words: "等配件", Day: period.Date(2021, 1, 11)}
	for op, r := range map[string]rule{
		"list-cases":      read("rectify.read", "/cases?unit=%u", reads),
		"list-look-backs": read("rectify.read", "/look-backs?unit=%u", reads),
		"look-back-list": {"rectify.recheck", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			r := m.get(as, "/look-backs/2020-11/list")
			if r.status == 404 && strings.Contains(string(r.body), "rectify.no-month") { // let in, then told that nothing was drawn
				r.status = 200
			}
			return r
		}},
		"case-board":     read("rectify.read", "/case-board?unit=%u", reads),
		"case-map":       read("rectify.read", "/case-map?unit=%u", reads),
		"case-report":    onPaper("rectify.read", reads, "/report", "rectify.no-reply"),
		"notice-photos":  onPaper("rectify.read", reads, "/notice-photos", "rectify.no-notice"),
		"transfer-file":  onPaper("rectify.transfer", writes, "/transfer-file", "rectify.not-transferred"),
		"list-transfers": read("rectify.read", "/transfers?unit=%u", reads),
		"case-choices":   read("rectify.read", "/case-choices", everywhere),
		"get-case":       onCase("rectify.read", "", reads, false, nil, issue),
		"open-case": {"rectify.issue", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.post(as, "/cases", vals{"unit": m.units[unit], "title": "满溢", "severity": "minor", "instrument": "prompt", "party": m.units["住建局"]}, 0)
		}},
		"draft-notice": {"rectify.issue", noticed, func(m *matrix, as, unit string, _ bool) reply {
			id, rev := m.kase(unit, false)
			return m.post(as, "/cases/"+id+"/notice", nil, rev)
		}},
		"issue-case":    onCase("rectify.issue", "/issue", writes, false, vals{"op": "issue"}),
		"reply-case":    onCase("rectify.reply", "/reply", byParty, true, vals{"op": "reply", "words": "已清运"}, issue),
		"recheck-case":  onCase("rectify.recheck", "/recheck", writes, false, vals{"op": "pass"}, issue, said),
		"decide-case":   onCase("rectify.decide", "/decide", writes, false, vals{"op": "grant"}, issue, ask),
		"transfer-case": onCase("rectify.transfer", "/transfer", writes, false, vals{"op": "transfer"}, issue, said, fail, said, fail),
		"reopen-case":   onCase("rectify.reopen", "/reopen", writes, false, vals{"op": "reopen", "words": "又满了"}, issue, said, pass),
		"revoke-case":   onCase("rectify.revoke", "/revoke", writes, false, vals{"op": "revoke", "words": "不是它"}),

		"field-day":   read("inspect.visit", "/field/day?phone=01920000-0000-7000-8000-000000000001", everywhere),
		"field-part":  read("inspect.visit", "/field/parts/forms", everywhere),
		"field-photo": read("inspect.visit|rectify.reply", "/field/photos/"+strings.Repeat("a", 64), everywhere),
		"field-piece": {"inspect.visit|rectify.reply", everywhere, func(m *matrix, as, _ string, _ bool) reply {
			return m.piece(as)
		}},
		"paper-form": {"inspect.visit", writes, func(m *matrix, as, unit string, _ bool) reply {
			r := m.get(as, fmt.Sprintf("/inspect-paper?key=unit:%d", m.units[unit]))
			if r.status == 422 { // let in, then told that no checklist fits
				r.status = 200
			}
			return r
		}},
		"paper-read": {"inspect.visit", everywhere, func(m *matrix, as, _ string, _ bool) reply {
			return m.sheet(as)
		}},
		"field-receive": {"inspect.receive", everywhere, func(m *matrix, as, _ string, _ bool) reply {
			return m.export(as)
		}},
		"field-op": {"inspect.visit", writes, func(m *matrix, as, unit string, _ bool) reply {
			at := m.clock.Now().UnixMilli()
			r := m.post(as, "/field/ops", vals{"v": 1, "phone": "p", "seq": 1, "kind": "visit", "made_at": at, "anchor": vals{"phone": at, "server": at},
				"visit": vals{"id": id.New(m.clock.Now()), "place": fmt.Sprintf("unit:%d", m.units[unit]), "checklist": "school",
					"answers": []vals{{"item": "haz", "value": "yes"}}}}, 0)
			if r.status == 422 && strings.Contains(string(r.body), "/checklist") { // let in, then told that this is no school
				r.status = 201
			}
			return r
		}},

		"list-visits":         read("inspect.read", "/visits?unit=%u", reads),
		"list-inspect-places": read("inspect.read", "/inspect-places?unit=%u", reads),
		"get-inspect-place":   read("inspect.read", "/inspect-place?key=unit:%u", reads),
		"list-checklists":     read("inspect.read", "/checklists", everywhere),
		"get-visit": {"inspect.read", reads, func(m *matrix, as, unit string, _ bool) reply {
			return m.get(as, "/visits/"+m.visited(unit))
		}},
		"void-visit": {"inspect.void", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.post(as, "/visits/"+m.visited(unit)+"/void", vals{"reason": "走错了"}, 1)
		}},
		"take-visit": {"inspect.visit", writes, func(m *matrix, as, unit string, _ bool) reply {
			r := m.post(as, "/visits", vals{"id": id.New(m.clock.Now()), "place": fmt.Sprintf("unit:%d", m.units[unit]), "checklist": "school",
				"answers": []vals{{"item": "haz", "value": "yes"}}}, 0)
			if r.status == 422 && strings.Contains(string(r.body), "/checklist") { // let in, then told that this is no school
				r.status = 201
			}
			return r
		}},
	} {
		rules[op] = r
	}
}
