package app_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// adds demands that a unit's figure is what its children and itself give, and returns the children by name.
func (w *world) adds(key, unit, per string) map[string]int64 {
	w.t.Helper()
	f := w.get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.units[unit], per)).ok()
	out := map[string]int64{"": num(f, "own.value")}
	total := num(f, "own.value")
	for _, c := range list(f, "units") {
		out[text(c, "unit.name")] = num(c, "value")
		total += num(c, "value")
	}
	if got := num(f, "value"); got != total {
		w.t.Errorf("%s of %q in %s is %d, its children and itself give %d: %v", key, unit, per, got, total, out)
	}
	return out
}

func (w *world) change(unit, what string, body vals) {
	w.t.Helper()
	w.post("admin", fmt.Sprintf("/units/%d/%s", w.units[unit], what), body, 0).ok()
	w.settled()
}

func TestMoveMergeClose(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		for i, unit := range []string{"桂花社区", "兰花社区", "柳村", "荷花社区", "东街", ""} {
			by := verifier(unit)
			w.counted("office", by, "publicity-session", unit, session("2019-05-05", 1<<i))
			w.counted("office", by, "publicity-session", unit, session("2020-11-05", 100<<i))
		}
		w.counted("office", "manager1", "estate-sorting", "桂园", vals{"since": "2019-06-01"})
		w.counted("office", "manager1", "dropoff-point", "桂园", vals{"name": "东门", "batch": "b1", "since": "2019-06-01"})
		w.counted("office", "manager2", "dropoff-point", "荷园", vals{"name": "西门", "batch": "b2", "since": "2019-06-01"})
		read := func(per string) string {
			return fmt.Sprint(w.adds("publicity.audience", "", per), w.adds("publicity.audience", "东街", per), w.adds("publicity.audience", "西镇", per), w.adds("places.dropoff", "", per), w.adds("places.dropoff", "东街", per))
		}
		last := read("2019")
		w.change("桂花社区", "move", vals{"parent": w.units["西镇"], "from": "2020-07-01"})
		if now := read("2019"); now != last {
			t.Errorf("a move changed last year:\n%s\n%s", last, now)
		}
		if got := w.adds("publicity.audience", "西镇", "2020")["桂花社区"]; got != 100 {
			t.Errorf("after the move the town counts %d of the community", got)
		}
		if got := w.adds("places.dropoff", "", "2020"); got["西镇"] != 2 || got["东街"] != 0 {
			t.Errorf("lasting things moved to %v", got)
		}
		read("2020")
		w.change("兰花社区", "merge", vals{"into": w.units["桂花社区"], "from": "2020-10-01"})
		if now := read("2019"); now != last {
			t.Errorf("a merger changed last year:\n%s\n%s", last, now)
		}
		read("2020")
		w.bad(ask{as: "admin", method: "POST", path: fmt.Sprintf("/units/%d/close", w.units["荷花社区"]), body: vals{"from": "2021-01-01"}}, 409, "org.has-children", "", "")
		w.change("柳村", "close", vals{"from": "2021-01-01"})
		if now := read("2019"); now != last {
			t.Errorf("closing changed last year:\n%s\n%s", last, now)
		}
		read("2020")
		w.bad(ask{as: "office", method: "POST", path: "/entries", body: vals{"kind": "publicity-session", "unit": w.units["兰花社区"], "values": session("2020-12-05", 1)}}, 422, "ledger.invalid", "/unit", "ledger.unit-life")
		w.bad(ask{as: "admin", method: "POST", path: fmt.Sprintf("/units/%d/move", w.units["西镇"]), body: vals{"parent": w.units["荷花社区"], "from": "2021-01-01"}}, 409, "org.cycle", "", "")
		w.settled()
	})
}

func verifier(unit string) string {
	switch {
	case unit == "桂花社区" || unit == "兰花社区" || unit == "东街":
		return "manager1"
	case unit == "":
		return "office2"
	}
	return "manager2"
}

func TestImportUnits(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		imp := func(content []byte) map[string]any {
			t.Helper()
			return w.do(ask{as: "admin", method: "POST", path: "/units/import?from=2020-01-01&name=a", body: content}).ok()
		}
		csv := "区划代码,单位名称,单位类型,上级单位\n340299003000,南街道,,\n340299003001,竹社区,,\n340299003202,梅村,村,\n,竹苑,小区,竹社区\n"
		gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(csv))
		must(t, err)
		if r := imp(gbk); num(r, "accepted") != 4 || len(list(r, "errors")) != 0 {
			t.Fatalf("GBK: %v", r)
		}
		spellings := []string{csv, "code,name\n340299003,南街道\n340299003001,竹社区\n", "code,name\n340299003000,南街道\n340299,四方区\n340299000000,四方区\n", "\ufeff" + csv}
		before := w.scalar(`SELECT count(*) FROM unit`)
		for _, s := range spellings {
			if r := imp([]byte(s)); num(r, "accepted") != 0 || len(list(r, "errors")) != 0 || num(r, "unchanged") == 0 {
				t.Errorf("again, as %.60q: %v", s, r)
			}
		}
		if r := imp(w.get("admin", "/units/export?format=csv").body); num(r, "accepted") != 0 || len(list(r, "errors")) != 0 {
			t.Errorf("the export read back: %v", r)
		}
		if r := imp(w.get("admin", "/units/export?format=xlsx").body); num(r, "accepted") != 0 || len(list(r, "errors")) != 0 {
			t.Errorf("the export as a workbook read back: %v", r)
		}
		if after := w.scalar(`SELECT count(*) FROM unit`); after != before {
			t.Errorf("%d units became %d", before, after)
		}
		for _, code := range []string{"340299003", "340299003000"} {
			p := w.do(ask{as: "admin", method: "POST", path: "/units", body: vals{"code": code, "name": "又一个", "type": "street", "parent": w.units[""], "from": "2020-01-01"}}).refused(409, "org.code-taken")
			if !strings.Contains(text(p, "title"), "340299003") {
				t.Errorf("%s: %v", code, p)
			}
		}
		res := imp([]byte("code,name,type,parent\n340299009001,孤社区,,\n,空类型,,\n,错类型,公园,\n"))
		if num(res, "accepted") != 0 || len(list(res, "errors")) != 3 || text(res, "errors.0.code") != "reorg.no-parent" || text(res, "errors.0.cell") == "" {
			t.Errorf("a bad file: %v", res)
		}
		w.settled()
	})
}
