package app_test

import (
	"fmt"

	"sifen/internal/account"
	"sifen/internal/apptest"
	"sifen/internal/period"
)

var rules = map[string]rule{
	"sign-in": {"public", everywhere, func(m *matrix, _, _ string, _ bool) reply {
		return m.post("", "/session", vals{"login": "office", "password": password}, 0)
	}},
	"demo-accounts": {"public", everywhere, func(m *matrix, _, _ string, _ bool) reply {
		m.app.People.Demo = &account.Demo{} // anywhere else the address is not found
		defer func() { m.app.People.Demo = nil }()
		return m.do(ask{method: "GET", path: "/demo"})
	}},
	"me": read("fresh", "/me", everywhere),
	"sign-out": {"fresh", everywhere, func(m *matrix, as, _ string, _ bool) reply {
		return m.do(ask{as: m.again(as), method: "DELETE", path: "/session"})
	}},
	"change-password": {"fresh", everywhere, func(m *matrix, as, _ string, _ bool) reply {
		return m.do(ask{as: as, method: "PUT", path: "/me/password", body: vals{"old": "not it", "new": "another long one"}})
	}},
	"sign-out-others": {"signed-in", everywhere, func(m *matrix, as, _ string, _ bool) reply {
		return m.do(ask{as: as, method: "DELETE", path: "/me/sessions"})
	}},
	"list-schemes": read("signed-in", "/schemes", everywhere),

	"list-kinds":     read("ledger.read", "/kinds", everywhere),
	"kind-template":  read("ledger.enter", "/kinds/meeting/template", everywhere),
	"list-entries":   read("ledger.read", "/entries?unit=%u", everywhere),
	"export-entries": read("ledger.read", "/entries/export?kind=meeting&unit=%u", everywhere),
	"list-refs":      read("ledger.read", "/refs?kind=lecture-team", everywhere),
	"queue":          read("ledger.verify", "/queue?unit=%u", everywhere),
	"bench":          read("signed-in", "/bench?unit=%u&period=2020", reads),
	"search":         read("signed-in", "/search?q=1", everywhere),
	"count-waiting":  read("ledger.read", "/entries/waiting?unit=%u&from=2020-01-01&until=2020-12-31", everywhere),
	"get-entry":      act("ledger.read", "GET", "", "verified", reads, nil),
	"entry-impact":   act("ledger.verify", "GET", "/impact", "submitted", verifies, nil),
	"create-entry": {"ledger.enter", byPlace(allow, allow, badUnit), func(m *matrix, as, unit string, _ bool) reply {
		return m.post(as, "/entries", vals{"kind": kindAt(unit), "unit": m.units[unit], "values": m.values(unit)}, 0)
	}},
	"check-entry": {"ledger.enter", byPlace(allow, allow, badUnit), func(m *matrix, as, unit string, _ bool) reply {
		r := m.post(as, "/entries/check", vals{"kind": kindAt(unit), "unit": m.units[unit], "values": m.values(unit)}, 0)
		if r.status == 200 && text(r.json(), "errors.0.pointer") == "/unit" {
			r.status = 422
		}
		return r
	}},
	"import-entries": {"ledger.enter", byPlace(allow, allow, badUnit), func(m *matrix, as, unit string, _ bool) reply {
		v := m.values(unit)
		csv := fmt.Sprintf("单位,日期,主题\n#%d,%v,%v\n", m.units[unit], v["held_on"], v["topic"])
		if kindAt(unit) == "school-sorting" {
			csv = fmt.Sprintf("单位,开展日期,开展至\n#%d,%v,%v\n", m.units[unit], v["since"], v["until"])
		}
		r := m.do(ask{as: as, method: "POST", path: "/imports?kind=" + kindAt(unit), body: []byte(csv)})
		if r.status == 200 && text(r.json(), "errors.0.field") == "unit" {
			r.status = 422
		}
		return r
	}},
	"edit-entry": act("ledger.enter", "PUT", "", "verified", enters, func(m *matrix, unit string) any {
		return vals{"kind": kindAt(unit), "unit": m.units[unit], "values": m.values(unit)}
	}),
	"submit-entry":   act("ledger.enter", "POST", "/submit", "returned", enters, nil),
	"withdraw-entry": act("ledger.enter", "POST", "/withdraw", "submitted", enters, nil),
	"verify-entry":   act("ledger.verify", "POST", "/verify", "submitted", verifies, nil),
	"return-entry":   act("ledger.verify", "POST", "/return", "submitted", verifies, reason),
	"void-entry":     act("ledger.void", "POST", "/void", "verified", writes, reason),
	"delete-entry":   act("ledger.enter", "DELETE", "", "draft", enters, nil),
	"succeed-entry": act("ledger.enter", "POST", "/succeed", "lasting", enters, func(m *matrix, unit string) any {
		v := vals{"name": "试点二期"}
		if kindAt(unit) == "school-sorting" {
			v = vals{"contact": "总务处", "until": (period.Date(2019, 1, 5) + period.Day(4*m.lastSpan[unit])).String()}
		}
		from := period.Date(2019, 1, 4) + period.Day(4*m.lastSpan[unit])
		v["until"] = (from + 1).String() // short, so that no other cell's record of the unit overlaps
		return vals{"from": from.String(), "values": v}
	}),

	"put-blob": {"evidence.put", everywhere, func(m *matrix, as, _ string, _ bool) reply {
		p := apptest.Photo(uint8(m.next()))
		return m.do(ask{as: as, method: "PUT", path: "/blobs/" + apptest.Sum(p), body: p})
	}},
	"get-blob": {"ledger.read", reads, func(m *matrix, as, unit string, _ bool) reply {
		key := "blob " + unit
		if _, ok := m.objects[key]; !ok {
			p := apptest.Photo(uint8(len(m.objects)))
			v := m.values(unit)
			v["photos"] = []string{m.Upload("admin", p)}
			m.enter("admin", kindAt(unit), unit, v)
			m.objects[key] = [2]any{apptest.Sum(p), 0}
		}
		sha := m.objects[key][0].(string)
		r := m.get(as, "/blobs/"+sha+"?size=thumb")
		for _, size := range []string{"view", "original"} {
			if other := m.get(as, "/blobs/"+sha+"?size="+size); other.status != r.status {
				m.t.Errorf("%s of %s: %s gives %d, thumb %d", as, unit, size, other.status, r.status)
			}
		}
		return r
	}},

	"list-figures":    read("figure.read", "/figures", everywhere),
	"get-figure":      read("figure.read", "/figures/publicity.sessions?unit=%u&period=2020", reads),
	"download-figure": read("figure.read", "/figures/publicity.sessions/download?unit=%u&period=2020", reads),

	"list-units":   read("org.read", "/units", everywhere),
	"export-units": read("org.read", "/units/export?format=csv", everywhere),
	"get-unit":     read("org.read", "/units/%u", reads),
	"add-unit": {"org.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
		return m.post(as, "/units", vals{"name": fmt.Sprintf("新馆%d", m.next()), "type": "institution", "parent": m.units[unit], "from": "2019-06-01"}, 0)
	}},
	"move-unit":   change("move", func(m *matrix, unit string) vals { return vals{"parent": m.units[unit], "from": "2021-01-01"} }),
	"merge-unit":  change("merge", func(m *matrix, unit string) vals { return vals{"into": m.units[unit], "from": "2021-01-01"} }),
	"close-unit":  change("close", func(*matrix, string) vals { return vals{"from": "2021-01-01"} }),
	"link-unit":   change("line", func(m *matrix, unit string) vals { return vals{"head": m.units[unit], "from": "2021-01-01"} }),
	"unlink-unit": change("unline", func(m *matrix, unit string) vals { return vals{"head": m.units[unit], "from": "2021-01-01"} }),
	"bind-scheme": change("scheme", func(*matrix, string) vals { return vals{"scheme": "urban-4", "from": "2020-01-01"} }),
	"rename-unit": {"org.edit", writes, func(m *matrix, as, unit string, allowed bool) reply {
		return m.do(ask{as: as, method: "PUT", path: fmt.Sprintf("/units/%d", m.victim(unit, allowed)), body: vals{"name": "改名小区"}})
	}},
	"get-unit-attributes": read("org.read", "/units/%u/attributes", reads),
	"list-attributes":     read("signed-in", "/attributes", everywhere),
	"set-unit-attribute": {"org.edit", writes, func(m *matrix, as, unit string, allowed bool) reply {
		return m.do(ask{as: as, method: "PUT", path: fmt.Sprintf("/units/%d/attributes/floor_area", m.victim(unit, allowed)),
			body: vals{"value": "1200", "from": "2021-01-01"}})
	}},
	"import-units": {"org.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
		return m.do(ask{as: as, method: "POST", path: "/units/import?from=2019-06-01&dry_run=true", body: []byte("code,name,type,parent\n,导入苑,estate,桂花社区\n")})
	}},

	"list-locks": read("closing.read", "/locks", everywhere),
	"add-lock": {"closing.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
		return m.post(as, "/locks", vals{"unit": m.units[unit], "from": "1999-01-01", "until": "1999-01-02", "reason": "测试"}, 0)
	}},
	"lift-lock": {"closing.edit", writes, func(m *matrix, as, unit string, allowed bool) reply {
		key := "lock " + unit
		if _, ok := m.objects[key]; !ok {
			r := m.post("office", "/locks", vals{"unit": m.units[unit], "from": "1999-01-01", "until": "1999-01-02", "reason": "测试"}, 0).ok()
			m.objects[key] = [2]any{text(r, "id"), 0}
		}
		id := m.objects[key][0].(string)
		if allowed {
			delete(m.objects, key)
		}
		return m.do(ask{as: as, method: "DELETE", path: "/locks/" + id})
	}},

	"list-people":  read("account.read", "/people", everywhere),
	"list-roles":   read("account.read", "/roles", everywhere),
	"find-persons": read("ledger.enter", "/persons", everywhere),
	"add-person-name": {"ledger.enter", byPlace(allow, allow, unseen), func(m *matrix, as, unit string, _ bool) reply {
		return m.post(as, "/persons", vals{"name": fmt.Sprint("某人", m.next()), "unit": m.units[unit]}, 0)
	}},
	"add-person": {"account.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
		return m.post(as, "/people", vals{"name": "新人", "login": fmt.Sprint("new", m.next()), "role": "clerk", "unit": m.units[unit]}, 0)
	}},
	"add-grant": {"account.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
		return m.post(as, "/people/"+m.person(unit)+"/grants", vals{"role": "firm", "unit": m.units[unit]}, 0)
	}},
	"end-grant": {"account.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
		r := m.post("admin", "/people/"+m.person(unit)+"/grants", vals{"role": "firm", "unit": m.units[unit]}, 0).ok()
		return m.do(ask{as: as, method: "DELETE", path: "/grants/" + text(r, "id")})
	}},
	"reset-password": {"account.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
		return m.post(as, "/people/"+m.person(unit)+"/reset", nil, 0)
	}},
}
