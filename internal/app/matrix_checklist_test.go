package app_test

import "sifen/internal/apptest"

// form is the checklist of estates as its editor gets it.
func (m *matrix) form() vals {
	f := apptest.At(m.get("office", "/checklist-rules/estate").OK(), "checklist").(map[string]any)
	delete(f, "version")
	delete(f, "form")
	return f
}

// upload hands in a form, and is let in by being told what it says.
func (m *matrix) upload(as string) reply {
	return m.do(ask{as: as, method: "POST", path: "/checklist-rules/read", body: []byte("检查项目,检查内容\n设施,四类桶\n")})
}

func init() {
	for op, r := range map[string]rule{
		"list-checklist-rules": read("inspect.read", "/checklist-rules", everywhere),
		"get-checklist-rule":   read("inspect.read", "/checklist-rules/estate", everywhere),
		"checklist-sheet":      read("inspect.read", "/checklist-rules/estate/sheet", everywhere),
		"check-checklist": {"checklist.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			return m.post(as, "/checklist-rules/check?key=estate", vals{"checklist": m.form()}, 0)
		}},
		"read-checklist": {"checklist.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply { return m.upload(as) }},
		"add-checklist": {"checklist.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			return m.post(as, "/checklist-rules", vals{"from": "2021-02-01", "checklist": m.form()}, 0)
		}},
		"set-checklist": {"checklist.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			// A revision that is none: let in is who is told that somebody else was faster.
			r := m.do(ask{as: as, method: "PUT", path: "/checklist-rules/estate", body: vals{"from": "2021-02-01", "checklist": m.form()}, match: 999})
			if r.status == 412 {
				r.status = 200
			}
			return r
		}},
		"take-back-checklist": {"checklist.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			r := m.post(as, "/checklist-rules/estate/take-back", nil, 1)
			if r.status == 409 { // let in, then told that it is in force
				r.status = 200
			}
			return r
		}},
	} {
		rules[op] = r
	}
}
