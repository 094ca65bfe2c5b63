package app_test

import (
	"context"
	"fmt"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/org"
)

// alsoNeeds are the operations whose gate a recipient passes. Who only receives sees no draft: it was not delivered.
var alsoNeeds = map[string]string{"get-document": "document.read", "document-file": "document.read", "source": "document.read"}

// waiting is a document of a unit that was put forward by somebody else.
func (m *matrix) waiting(unit string) (string, int64) {
	var d document.Document
	must(m.t, m.write(func(tx *db.Tx) (err error) {
		ctx := context.Background()
		if d, err = m.app.Documents.AddFile(ctx, tx, m.sys, document.Upload{Kind: "notice", Unit: org.No(m.units[unit]), Title: "通知", Name: "a.pdf",
			Content: []byte("%PDF-1.4")}); err != nil {
			return err
		}
		d, err = m.app.Documents.Submit(ctx, tx, m.sys, d.ID, d.Rev)
		return err
	}))
	m.objects["waiting "+unit] = [2]any{d.ID, d.Rev}
	return d.ID, d.Rev
}

func onWaiting(verb, path string, at func(from, unit string) string, body any) rule {
	return rule{verb, at, func(m *matrix, as, unit string, allowed bool) reply {
		o, ok := m.objects["waiting "+unit]
		if !ok {
			m.waiting(unit)
			o = m.objects["waiting "+unit]
		}
		if allowed {
			delete(m.objects, "waiting "+unit)
		}
		return m.do(ask{as: as, method: "POST", path: "/documents/" + o[0].(string) + path, match: o[1].(int64), body: body})
	}}
}

// sent is an issued file of the district delivered to a unit and not signed for yet.
func (m *matrix) sent(from, unit string) string {
	var id string
	must(m.t, m.write(func(tx *db.Tx) error {
		ctx := context.Background()
		d, err := m.app.Documents.AddFile(ctx, tx, m.sys, document.Upload{Kind: "notice", Unit: org.No(m.units[from]), Title: "通知", Name: "a.pdf",
			Content: []byte("%PDF-1.4 " + fmt.Sprint(m.next()))})
		if err != nil {
			return err
		}
		if d, err = m.app.Documents.SetRecipients(ctx, tx, m.sys, d.ID, d.Rev, []org.No{org.No(m.units[unit])}); err != nil {
			return err
		}
		id = d.ID
		_, err = m.app.Documents.Issue(ctx, tx, m.sys, d.ID, d.Rev)
		return err
	}))
	return id
}

// toUnit is a rule on a document of another unit delivered to this one; the sender is the district, or for it 西镇.
func toUnit(verb, method, path string, at func(from, unit string) string, body func(m *matrix, unit string) any) rule {
	return rule{verb, at, func(m *matrix, as, unit string, _ bool) reply {
		from := ""
		if unit == "" {
			from = "西镇"
		}
		var b any
		if body != nil {
			b = body(m, unit)
		}
		return m.do(ask{as: as, method: method, path: "/documents/" + m.sent(from, unit) + path, body: b})
	}}
}

// signs: only who sits at the recipient itself signs; who reads it otherwise may not; others do not know of it.
func signs(from, unit string) string {
	switch {
	case from == unit:
		return allow
	case lies(from, unit) == "tree", from == "":
		return forbidden
	}
	return unseen
}

func documentRules() map[string]rule {
	return map[string]rule{
		"list-documents": read("document.receive", "/documents?unit=%u", everywhere),
		"get-document":   onDocument("document.receive", "GET", "", reads, nil),
		"summary": {"document.read", reads, func(m *matrix, as, unit string, _ bool) reply {
			m.document(unit)
			return m.get(as, fmt.Sprintf("/summary?unit=%d&period=2020", m.units[unit]))
		}},
		"create-document": {"document.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.post(as, "/documents", vals{"template": "annual-summary", "unit": m.units[unit], "period": "2020"}, 0)
		}},
		"edit-document":        onDocument("document.edit", "PUT", "/texts", writes, vals{"texts": vals{"下一步打算": "继续"}}),
		"issue-document":       onWaiting("document.issue", "/issue", writes, nil),
		"document-file":        onDocument("document.receive", "GET", "/file", reads, nil),
		"document-differences": onDocument("document.read", "GET", "/differences", reads, nil),
		"source": {"document.receive", reads, func(m *matrix, as, unit string, _ bool) reply {
			id, _ := m.document(unit)
			return m.get(as, "/source/"+id+"/1")
		}},

		"submit-document":  onDocument("document.edit", "POST", "/submit", writes, nil),
		"discard-document": onDocument("document.edit", "DELETE", "", writes, nil),
		"renew-document": {"document.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
			id, rev := m.document(unit)
			r := m.post(as, "/documents/"+id+"/renew", vals{"anew": false}, rev)
			if r.status == 409 { // let in, then told that its template is the same
				r.status = 200
			}
			return r
		}},
		"comment-document":   onDocument("document.read", "POST", "/comments", reads, vals{"text": "请核对"}),
		"document-changes":   onDocument("document.read", "GET", "/changes", reads, nil),
		"document-figures":   onDocument("document.read", "GET", "/figures", reads, nil),
		"set-recipients":     onDocument("document.edit", "PUT", "/recipients", writes, vals{"units": []int64{}}),
		"withdraw-document":  onWaiting("document.edit", "/withdraw", writes, nil),
		"approve-document":   onWaiting("document.issue", "/approve", writes, nil),
		"send-back-document": onWaiting("document.issue", "/send-back", writes, vals{"reason": "请补充"}),
		"add-document-file": {"document.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.do(ask{as: as, method: "POST", path: fmt.Sprintf("/documents/file?kind=notice&unit=%d&title=%s&name=a.pdf", m.units[unit], "t"),
				body: []byte("%PDF-1.4 x")})
		}},
		"end-document": {"document.issue", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.post(as, "/documents/"+m.sent(unit, "西镇卫生院")+"/end", vals{"how": "repealed", "reason": "已有新通知"},
				m.scalar("SELECT rev FROM document ORDER BY created_at DESC, id DESC LIMIT 1"))
		}},
		"unsigned-documents": read("document.sign", "/deliveries/unsigned", everywhere),
		"read-document": toUnit("document.receive", "POST", "/read", func(from, unit string) string {
			if lies(from, unit) == "tree" || from == "" {
				return allow
			}
			return unseen
		}, nil),
		"sign-document": toUnit("document.sign", "POST", "/sign", signs, func(m *matrix, unit string) any { return vals{"unit": m.units[unit]} }),
		"remind-recipients": {"document.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
			return m.post(as, "/documents/"+m.sent(unit, "西镇卫生院")+"/remind", nil, 0)
		}},
		"list-templates": read("document.read", "/templates", everywhere),
		"template-file":  read("document.read", "/templates/annual-summary/file?unit=%u&period=2020", reads),
		"check-template": {"document.edit", everywhere, func(m *matrix, as, _ string, _ bool) reply {
			return m.do(ask{as: as, method: "POST", path: "/templates/check?key=annual-summary", body: apptest.WordFile(m.t)})
		}},
		"try-template": {"document.edit", reads, func(m *matrix, as, unit string, _ bool) reply {
			return m.do(ask{as: as, method: "POST", path: fmt.Sprintf("/templates/trial?key=annual-summary&unit=%d&period=2020", m.units[unit]),
				body: apptest.WordFile(m.t)})
		}},
		"add-template": {"document.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			return m.do(ask{as: as, method: "POST", path: fmt.Sprintf("/templates?key=trial-%d&title=t&period=year&kind=summary", m.next()),
				body: apptest.WordFile(m.t)})
		}},
	}
}
