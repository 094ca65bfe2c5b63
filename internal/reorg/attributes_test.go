package reorg_test

import (
	"fmt"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// TestAttributesOfAUnit: a value holds from its day until the next; who may not change a unit may not change what it is; what
// cannot be true is refused at its field.
func TestAttributesOfAUnit(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		var estate, street int64
		for _, u := range apptest.List(w.Get("admin", "/units").OK(), "items") {
			switch apptest.Text(u, "name") {
			case "桂园":
				estate = apptest.Num(u, "id")
			case "东街":
				street = apptest.Num(u, "id")
			}
		}
		path := fmt.Sprintf("/units/%d/attributes", estate)
		put := func(as, name, value, from string) apptest.Ask {
			return apptest.Ask{As: as, Method: "PUT", Path: path + "/" + name, Body: map[string]any{"value": value, "from": from, "note": "核对过"}}
		}
		w.Do(put("admin", "households", "５40户", "2020-01-01")).OK()
		w.Do(put("admin", "households", "560", "2020-07-01")).OK()
		w.Do(put("admin", "households", "560", "2020-09-01")).OK() // nothing new
		w.Do(put("admin", "sector", "居民小区", "2020-01-01")).OK()
		w.Bad(put("admin", "households", "约600", "2020-08-01"), 422, "attribute.number", "/value", "attribute.number")
		w.Bad(put("admin", "sector", "公园", "2020-08-01"), 422, "attribute.option", "/value", "attribute.option")
		w.Bad(put("admin", "area", "城区", "2020-08-01"), 422, "attribute.not-of", "", "")
		w.Bad(put("admin", "households", "1", "1950-01-01"), 422, "attribute.before", "/from", "attribute.before")
		w.Bad(put("admin", "nothing", "1", "2020-08-01"), 404, "attribute.none", "", "")
		w.Bad(put("leader", "households", "1", "2020-08-01"), 403, "http.forbidden", "", "")
		shown := func() string {
			var out []string
			for _, a := range apptest.List(w.Get("admin", path).OK(), "items") {
				for _, h := range apptest.List(a, "history") {
					out = append(out, apptest.Text(a, "key")+" "+apptest.Text(h, "from")+" "+apptest.Text(h, "value"))
				}
			}
			return strings.Join(out, ", ")
		}
		if got, want := shown(), "households 2020-07-01 560, households 2020-01-01 540, sector 2020-01-01 estate"; got != want {
			t.Errorf("kept %q, want %q", got, want)
		}
		w.Do(put("admin", "households", "", "2020-10-01")).OK()
		if got := shown(); !strings.HasPrefix(got, "households 2020-10-01 , households 2020-07-01 560") {
			t.Errorf("an ended one: %q", got)
		}
		if items := apptest.List(w.Get("admin", fmt.Sprintf("/units/%d/attributes", street)).OK(), "items"); len(items) != 5 {
			t.Errorf("a street has %d attributes, not area, people, its contract and two targets", len(items))
		}

		// a list of units says it too, from the day of the list
		file := "名称,类型,上级,户数（百户）\n桂园,小区,桂花社区,6\n"
		list := func(file string) apptest.Ask {
			return apptest.Ask{As: "admin", Method: "POST", Path: "/units/import?from=2020-11-01&name=a", Body: []byte(file)}
		}
		for file, want := range map[string]string{
			file: "D1 reorg.attribute-unit",
			"名称,类型,上级,户数\n桂园,小区,桂花社区,六百\n":                   "D2 attribute.number",
			"名称,类型,上级,户数\n桂园,小区,桂花社区,600\n桂园,小区,桂花社区,620\n":  "D3 reorg.attribute-twice",
			"名称,类型,上级,场所类别\n桂园,小区,桂花社区,公园\n":                 "D2 attribute.option",
			"名称,类型,上级,启用日期\n桂园,小区,桂花社区,3月1日\n":               "D2 attribute.day",
			"名称,类型,上级,户数,住户数\n桂园,小区,桂花社区,600,620\n":          "E1 reorg.two-columns",
			"名称,类型,上级,户数\n桂园,小区,桂花社区,600\n甲园,小区,桂花社区,90.5\n": "D3 attribute.whole",
			"名称,类型,上级,户数\n桂园,小区,桂花社区,600\n甲公园,园子,桂花社区,90\n":  "B3 reorg.type",
			"名称,类型,上级,经费\n桂园,小区,桂花社区,600\n":                  "",
			"名称,类型,上级,户数\n桂园,小区,桂花社区,\n":                     "",
			"名称,类型,上级,户数\n东街,镇街,,4000\n":                     "",
			"名称,类型,上级,常住人口（万人）,户数\n桂园,小区,桂花社区,0.15,600户\n":   "",
		} {
			if got := cells(w.Do(list(file)).OK(), "errors"); got != want {
				t.Errorf("%q: %q, want %q", file, got, want)
			}
		}
		if got := shown(); !strings.Contains(got, "households 2020-11-01 600") || !strings.Contains(got, "people 2020-11-01 1500") {
			t.Errorf("after the list: %q", got)
		}
		res := w.Do(list("名称,类型,上级,户数\n桂园,小区,桂花社区,600\n东街,镇街,,4000\n")).OK()
		if apptest.Num(res, "values") != 0 || cells(res, "told") != "D3 attribute.not-of" {
			t.Errorf("the same again: %v", res)
		}
		out := w.Do(apptest.Ask{As: "admin", Method: "GET", Path: "/units/export?format=csv"})
		if text := string(out.Body); !strings.Contains(text, "户数（户）") || !strings.Contains(text, "居民小区") {
			t.Errorf("exported without attributes: %.300s", text)
		}
	})
}
