package reorg_test

import (
	"fmt"
	"sifen/internal/apptest"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// adds demands that a unit's figure is what its children and itself give, and returns the children by name.
func adds(w *apptest.World, key, unit, per string) map[string]int64 {
	w.T.Helper()
	f := w.Get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.Units[unit], per)).OK()
	out := map[string]int64{"": apptest.Num(f, "own.value")}
	total := apptest.Num(f, "own.value")
	for _, c := range apptest.List(f, "units") {
		out[apptest.Text(c, "unit.name")] = apptest.Num(c, "value")
		total += apptest.Num(c, "value")
	}
	if got := apptest.Num(f, "value"); got != total {
		w.T.Errorf("%s of %q in %s is %d, its children and itself give %d: %v", key, unit, per, got, total, out)
	}
	return out
}

func change(w *apptest.World, unit, what string, body apptest.Vals) {
	w.T.Helper()
	w.Post("admin", fmt.Sprintf("/units/%d/%s", w.Units[unit], what), body, 0).OK()
	w.Settled()
}

func TestMoveMergeClose(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		for i, unit := range []string{"桂花社区", "兰花社区", "柳村", "荷花社区", "东街", ""} {
			by := verifier(unit)
			w.Counted("office", by, "publicity-session", unit, apptest.Session("2019-05-05", 1<<i))
			w.Counted("office", by, "publicity-session", unit, apptest.Session("2020-11-05", 100<<i))
		}
		w.Counted("office", "manager1", "estate-sorting", "桂园", apptest.Vals{"since": "2019-06-01"})
		w.Counted("office", "manager1", "dropoff-point", "桂园", apptest.Vals{"name": "东门", "batch": "b1", "since": "2019-06-01"})
		w.Counted("office", "manager2", "dropoff-point", "荷园", apptest.Vals{"name": "西门", "batch": "b2", "since": "2019-06-01"})
		read := func(per string) string {
			return fmt.Sprint(adds(w, "publicity.audience", "", per), adds(w, "publicity.audience", "东街", per), adds(w, "publicity.audience", "西镇", per),
				adds(w, "places.dropoff", "", per), adds(w, "places.dropoff", "东街", per))
		}
		last := read("2019")
		change(w, "桂花社区", "move", apptest.Vals{"parent": w.Units["西镇"], "from": "2020-07-01"})
		if now := read("2019"); now != last {
			t.Errorf("a move changed last year:\n%s\n%s", last, now)
		}
		if got := adds(w, "publicity.audience", "西镇", "2020")["桂花社区"]; got != 100 {
			t.Errorf("after the move the town counts %d of the community", got)
		}
		if got := adds(w, "places.dropoff", "", "2020"); got["西镇"] != 2 || got["东街"] != 0 {
			t.Errorf("lasting things moved to %v", got)
		}
		read("2020")
		change(w, "兰花社区", "merge", apptest.Vals{"into": w.Units["桂花社区"], "from": "2020-10-01"})
		if now := read("2019"); now != last {
			t.Errorf("a merger changed last year:\n%s\n%s", last, now)
		}
		read("2020")
		w.Bad(apptest.Ask{As: "admin", Method: "POST", Path: fmt.Sprintf("/units/%d/close", w.Units["荷花社区"]), Body: apptest.Vals{"from": "2021-01-01"}},
			409, "org.has-children", "", "")
		change(w, "柳村", "close", apptest.Vals{"from": "2021-01-01"})
		if now := read("2019"); now != last {
			t.Errorf("closing changed last year:\n%s\n%s", last, now)
		}
		read("2020")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/entries", Body: apptest.Vals{"kind": "publicity-session", "unit": w.Units["兰花社区"],
			"values": apptest.Session("2020-12-05", 1)}}, 422, "ledger.invalid", "/unit", "ledger.unit-life")
		w.Bad(apptest.Ask{As: "admin", Method: "POST", Path: fmt.Sprintf("/units/%d/move", w.Units["西镇"]),
			Body: apptest.Vals{"parent": w.Units["荷花社区"], "from": "2021-01-01"}}, 409, "org.cycle", "", "")
		w.Settled()
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
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		imp := func(content []byte) map[string]any {
			t.Helper()
			return w.Do(apptest.Ask{As: "admin", Method: "POST", Path: "/units/import?from=2020-01-01&name=a", Body: content}).OK()
		}
		csv := "区划代码,单位名称,单位类型,上级单位\n340299003000,南街道,,\n340299003001,竹社区,,\n340299003202,梅村,村,\n,竹苑,小区,竹社区\n"
		gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(csv))
		apptest.Must(t, err)
		if r := imp(gbk); apptest.Num(r, "accepted") != 4 || len(apptest.List(r, "errors")) != 0 {
			t.Fatalf("GBK: %v", r)
		}
		spellings := []string{csv, "code,name\n340299003,南街道\n340299003001,竹社区\n", "code,name\n340299003000,南街道\n340299,四方区\n340299000000,四方区\n",
			"\ufeff" + csv}
		before := w.Scalar(`SELECT count(*) FROM unit`)
		for _, s := range spellings {
			if r := imp([]byte(s)); apptest.Num(r, "accepted") != 0 || len(apptest.List(r, "errors")) != 0 || apptest.Num(r, "unchanged") == 0 {
				t.Errorf("again, as %.60q: %v", s, r)
			}
		}
		if r := imp(w.Get("admin", "/units/export?format=csv").Body); apptest.Num(r, "accepted") != 0 || len(apptest.List(r, "errors")) != 0 {
			t.Errorf("the export read back: %v", r)
		}
		if r := imp(w.Get("admin", "/units/export?format=xlsx").Body); apptest.Num(r, "accepted") != 0 || len(apptest.List(r, "errors")) != 0 {
			t.Errorf("the export as a workbook read back: %v", r)
		}
		// names that a spreadsheet would run: harmless in the file, and the same names when it comes back
		for _, name := range []string{"=HYPERLINK(1)", "+甲园", "-乙园", "@丙园", "'=丁园"} {
			w.Post("admin", "/units", apptest.Vals{"name": name, "type": "estate", "parent": w.Units["桂花社区"], "from": "2020-01-01"}, 0).OK()
			before++
		}
		file := w.Get("admin", "/units/export?format=csv")
		for _, line := range file.Lines() {
			if name := strings.Split(line, ",")[1]; strings.ContainsAny(name[:1], "=+-@\t\r") {
				t.Errorf("the export runs %q", name)
			}
		}
		for _, format := range []string{"csv", "xlsx"} {
			r := imp(w.Get("admin", "/units/export?format="+format).Body)
			if apptest.Num(r, "accepted") != 0 || len(apptest.List(r, "errors")) != 0 {
				t.Errorf("such names read back from %s: %v", format, r)
			}
		}
		if after := w.Scalar(`SELECT count(*) FROM unit`); after != before {
			t.Errorf("%d units became %d", before, after)
		}
		for _, code := range []string{"340299003", "340299003000"} {
			p := w.Do(apptest.Ask{As: "admin", Method: "POST", Path: "/units", Body: apptest.Vals{"code": code, "name": "又一个", "type": "street",
				"parent": w.Units[""], "from": "2020-01-01"}}).Refused(409, "org.code-taken")
			if !strings.Contains(apptest.Text(p, "title"), "340299003") {
				t.Errorf("%s: %v", code, p)
			}
		}
		res := imp([]byte("code,name,type,parent\n340299009001,孤社区,,\n,空类型,,\n,错类型,公园,\n"))
		if apptest.Num(res, "accepted") != 0 || len(apptest.List(res, "errors")) != 3 || apptest.Text(res, "errors.0.code") != "reorg.no-parent" ||
			apptest.Text(res, "errors.0.cell") == "" {
			t.Errorf("a bad file: %v", res)
		}
		w.Settled()
	})
}
