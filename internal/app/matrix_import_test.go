package app_test

import (
	"context"
	"fmt"
	"strings"
)

// An import is its importer's business: everybody who enters may have some, nobody sees another's.
func init() {
	run := func(m *matrix, as string, allowed bool) string {
		owner := as
		if !allowed {
			owner = "admin"
		}
		csv := fmt.Sprintf("单位,日期,主题\n#%d,2020-02-30,第%d次\n", m.units["桂花社区"], m.next())
		r := m.do(ask{as: owner, method: "POST", path: "/import-runs?kind=publicity-session", body: []byte(csv)}).ok()
		_, err := m.app.Jobs.RunDue(context.Background())
		must(m.t, err)
		return text(r, "id")
	}
	on := func(method, path string, body any) rule {
		return rule{"ledger.enter", everywhere, func(m *matrix, as, _ string, allowed bool) reply {
			return m.do(ask{as: as, method: method, path: "/import-runs/" + run(m, as, allowed) + path, body: body})
		}}
	}
	// what cannot be done with a file that waits to be mended is still the importer's to be told
	told := func(r rule) rule {
		inner := r.run
		r.run = func(m *matrix, as, unit string, allowed bool) reply {
			x := inner(m, as, unit, allowed)
			if x.status == 409 && strings.HasPrefix(text(x.json(), "code"), "import.") {
				x.status = 200
			}
			return x
		}
		return r
	}
	rules["start-import"] = rule{"ledger.enter", everywhere, func(m *matrix, as, _ string, _ bool) reply {
		return m.do(ask{as: as, method: "POST", path: "/import-runs?kind=publicity-session", body: []byte("单位\n")})
	}}
	rules["list-imports"] = read("ledger.enter", "/import-runs", everywhere)
	rules["get-import"] = on("GET", "", nil)
	rules["rejected-rows"] = on("GET", "/rejected", nil)
	rules["mend-import"] = on("POST", "/mend", vals{"line": 2, "column": 1, "text": "2020-02-28"})
	rules["assign-import"] = told(on("POST", "/columns", vals{"columns": []vals{{"key": "unit", "at": 0}}}))
	rules["act-on-import-rows"] = on("POST", "/rows", vals{"lines": []int{2}, "do": "leave"})
	rules["choose-import-sheets"] = on("POST", "/source", vals{"sheets": []string{}, "head_row": 0})
	rules["keep-import"] = told(on("POST", "/keep", vals{"clean_only": true}))
	rules["undo-import"] = told(on("POST", "/undo", nil))
	rules["drop-import"] = on("DELETE", "", nil)
}
