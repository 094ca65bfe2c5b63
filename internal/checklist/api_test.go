package checklist_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/packs"
)

type vals = apptest.Vals

// rule is a checklist as the editor gets it.
func rule(w *apptest.World, key string) (view, form map[string]any) {
	view = w.Get("office", "/checklist-rules/"+key).OK()
	form = apptest.At(view, "checklist").(map[string]any)
	delete(form, "version")
	delete(form, "form")
	return view, form
}

func item(form map[string]any, section, n int) map[string]any {
	return apptest.At(form, fmt.Sprintf("sections.%d.items.%d", section, n)).(map[string]any)
}

func put(w *apptest.World, as, key string, rev int64, form map[string]any, from string) apptest.Reply {
	return w.Do(apptest.Ask{As: as, Method: "PUT", Path: "/checklist-rules/" + key, Body: vals{"from": from, "checklist": form}, Match: rev})
}

// later lets time pass; the office signs in again.
func later(w *apptest.World, at time.Time) {
	w.Clock.Set(at)
	var err error
	w.Tokens["office"], _, err = w.App.Accounts.SignIn(context.Background(), "office", apptest.Password, "192.0.2.1:1000")
	apptest.Must(w.T, err)
}

// lids is what the checklist of estates asks about lids today.
func lids(w *apptest.World) string {
	for _, c := range apptest.List(w.Get("office", "/checklists").OK(), "items") {
		if apptest.Text(c, "key") == "estate" {
			return apptest.Text(c, "sections.1.items.2.ask.zh")
		}
	}
	return ""
}

// visit hands in a visit of an estate that found the lids wrong.
func visit(w *apptest.World, n int, form string, at time.Time, answers ...vals) map[string]any {
	if answers == nil {
		answers = []vals{{"item": "lids", "value": "no", "phrases": []string{"full"}}}
	}
	return w.Post("office", "/visits", vals{"id": fmt.Sprintf("01920000-0000-7000-8000-%012d", n), "place": fmt.Sprintf("unit:%d", w.Units["桂园"]),
		"checklist": "estate", "form": form, "made_at": at.UnixMilli(), "answers": answers}, 0).OK()
}

// TestAChecklistHoldsFromItsDay: a new version is asked from its day on, on every node and without a restart; visits keep the
// version they were answered with, also those that phones still carry.
func TestAChecklistHoldsFromItsDay(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		view, form := rule(w, "estate")
		old := apptest.Text(apptest.At(view, "checklist").(map[string]any), "title.zh")
		carried := ""
		for _, c := range apptest.List(w.Get("office", "/checklists").OK(), "items") {
			if apptest.Text(c, "key") == "estate" {
				carried = apptest.Text(c, "form")
			}
		}
		before := visit(w, 1, "", w.Clock.Now())
		item(form, 1, 2)["ask"] = vals{"zh": "桶盖完好，不满溢", "en": "Lids whole"}
		item(form, 1, 2)["phrases"] = []vals{{"key": "over", "zh": "溢出", "en": ""}}
		got := put(w, "office", "estate", 1, form, "2021-01-05").OK()
		w.Expect("newest", apptest.Num(got, "newest"), int64(2))
		w.Expect("in force", apptest.Num(got, "current"), int64(1))
		w.Expect("state", apptest.Text(got, "versions.0.state")+" "+apptest.Text(got, "versions.1.state"), "coming current")
		w.Expect("until", apptest.Text(got, "versions.1.until"), "2021-01-04")
		w.Expect("asked today", lids(w), "桶盖完好，无满溢")
		other := &pack.Store{Registry: w.App.Registry, Today: func() period.Day { return period.Of(w.Clock.Now()) }} // another node
		title := func() string {
			set, err := other.Current(context.Background(), w.App.DB.Read, w.District)
			apptest.Must(w.T, err)
			return set.Get("checklists", "estate").Body
		}
		if strings.Contains(title(), "不满溢") {
			w.T.Error("the other node asks it before its day")
		}
		later(w, time.Date(2021, 1, 5, 0, 0, 1, 0, period.Zone))
		w.Expect("asked on its day", lids(w), "桶盖完好，不满溢")
		if !strings.Contains(title(), "不满溢") {
			w.T.Error("the other node does not know it on its day")
		}
		// What a phone carried away before is taken in and judged by what it said then.
		late := visit(w, 2, carried, w.Clock.Now().Add(-20*time.Hour))
		w.Expect("wording of then", apptest.Text(late, "findings.0.title.zh"), "满溢")
		fresh := visit(w, 3, "", w.Clock.Now(), vals{"item": "lids", "value": "no", "phrases": []string{"over"}})
		w.Expect("wording of now", apptest.Text(fresh, "findings.0.title.zh"), "溢出")
		w.Expect("versions of visits", w.Scalar(`SELECT count(*) FROM visit WHERE version = 1`)*10+
			w.Scalar(`SELECT count(*) FROM visit WHERE version = 2`), int64(21))
		w.Expect("the old visit", apptest.Text(w.Get("office", "/visits/"+apptest.Text(before, "id")).OK(), "findings.0.title.zh"), "满溢")
		w.Expect("title", old, "居民小区检查")
		w.Settled()
	})
}

// TestADayThatIsTakenBack leaves what was in force, and a version before another one's day replaces it.
func TestADayThatIsTakenBack(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		_, form := rule(w, "estate")
		say := func(text string) map[string]any {
			item(form, 1, 2)["ask"] = vals{"zh": text, "en": text}
			return form
		}
		put(w, "office", "estate", 1, say("一月二十日起"), "2021-01-20").OK()
		put(w, "office", "estate", 2, say("一月十日起"), "2021-01-10").OK()
		back := w.Post("office", "/checklist-rules/estate/take-back", nil, 2)
		back.Refused(412, "checklist.changed")
		page := w.Get("office", "/checklist-rules/estate").OK()
		w.Expect("states", apptest.Text(page, "versions.0.state")+apptest.Text(page, "versions.1.state")+apptest.Text(page, "versions.2.state"),
			"comingreplacedcurrent")
		later(w, time.Date(2021, 1, 25, 9, 0, 0, 0, period.Zone))
		w.Expect("the later decision stands", lids(w), "一月十日起")
		w.Post("office", "/checklist-rules/estate/take-back", nil, 3).Refused(409, "checklist.in-force")
		put(w, "office", "estate", 3, say("二月起"), "2021-02-01").OK()
		w.Expect("left", apptest.Num(w.Post("office", "/checklist-rules/estate/take-back", nil, 4).OK(), "version"), int64(3))
		later(w, time.Date(2021, 2, 2, 9, 0, 0, 0, period.Zone))
		w.Expect("taken back", lids(w), "一月十日起")
		w.Post("office", "/checklist-rules/estate/take-back", nil, 3).Refused(409, "checklist.in-force")
		// A new checklist may be taken back whole.
		form["title"] = vals{"zh": "试行检查表", "en": ""}
		made := w.Post("office", "/checklist-rules", vals{"from": "2021-03-01", "checklist": form}, 0).OK()
		key := apptest.Text(made, "checklist.key")
		w.Expect("not yet in force", apptest.Num(made, "current"), int64(0))
		for _, c := range apptest.List(w.Get("office", "/checklists").OK(), "items") {
			if apptest.Text(c, "key") == key {
				w.T.Error("it is asked before its day")
			}
		}
		w.Expect("none left", apptest.Num(w.Post("office", "/checklist-rules/"+key+"/take-back", nil, 1).OK(), "version"), int64(0))
		w.Get("office", "/checklist-rules/"+key).Refused(404, "checklist.none")
	})
}

// TestWhatIsRefusedNamesItsPlace in the editor.
func TestWhatIsRefusedNamesItsPlace(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		for what, c := range map[string]struct {
			break_  func(form map[string]any)
			pointer string
			zh      string
		}{
			"nothing is asked": {func(f map[string]any) { item(f, 1, 2)["ask"] = vals{"zh": " ", "en": ""} },
				"/checklist/sections/1/items/2/ask", "第 2 部分第 3 项"},
			"a rule of packs": {func(f map[string]any) { item(f, 2, 0)["basis"] = []string{"no-such-law"} },
				"/checklist/sections/2/items/0", "没有罚则 no-such-law"},
			"an expression":   {func(f map[string]any) { item(f, 3, 0)["fails"] = "part <" }, "/checklist/sections/3/items/0", "第 4 部分第 1 项"},
			"a condition":     {func(f map[string]any) { item(f, 0, 1)["when"] = `a["nobody"] == "yes"` }, "/checklist/sections/0/items/1", "第 1 部分第 2 项"},
			"for nothing":     {func(f map[string]any) { f["about"] = []string{} }, "/checklist/about", "表头"},
			"for what is not": {func(f map[string]any) { f["about"] = []string{"castle"} }, "/checklist/about", "castle"},
			"an item twice":   {func(f map[string]any) { item(f, 0, 1)["key"] = "board" }, "/checklist/sections/0/items/1", "用了两次"},
			"a section of none": {func(f map[string]any) { apptest.At(f, "sections.4").(map[string]any)["items"] = []vals{} },
				"/checklist/sections/4", "第 5 部分"},
			"a choice of one": {func(f map[string]any) {
				item(f, 1, 5)["options"] = []vals{{"key": "a", "title": vals{"zh": "甲", "en": ""}, "fails": false}}
			}, "/checklist/sections/1/items/5", "两个选项"},
			"an instrument": {func(f map[string]any) { item(f, 1, 3)["instrument"] = "gallows" }, "/checklist/sections/1/items/3", "gallows"},
			"a kind of premises": {func(f map[string]any) {
				apptest.At(f, "sections.1").(map[string]any)["each"] = vals{"of": "object", "n": vals{"all": false, "of": []vals{{"kind": "pub", "n": 2}}}}
			}, "/checklist/sections/1", "pub"},
			"as many as nothing": {func(f map[string]any) {
				apptest.At(f, "sections.1").(map[string]any)["each"] = vals{"of": "object", "n": vals{"all": false, "of": []vals{}}}
			}, "/checklist/sections/1/each", "第 2 部分"},
			"a key with a capital": {func(f map[string]any) { item(f, 0, 0)["key"] = "Board" }, "/checklist/sections/0/items/0", "小写"},
		} {
			_, form := rule(w, "estate")
			c.break_(form)
			got := put(w, "office", "estate", 1, form, "2021-01-05").Refused(422, "checklist.faults")
			found := false
			for _, f := range apptest.List(got, "errors") {
				if apptest.Text(f, "pointer") == c.pointer && strings.Contains(apptest.Text(f, "detail"), c.zh) {
					found = true
				}
			}
			if !found {
				w.T.Errorf("%s: %v", what, got["errors"])
			}
			checked := w.Post("office", "/checklist-rules/check?key=estate", vals{"checklist": form}, 0).OK()
			if "/checklist"+apptest.Text(checked, "faults.0.pointer") != c.pointer {
				w.T.Errorf("%s: checked %v", what, checked["faults"])
			}
		}
		_, form := rule(w, "estate")
		put(w, "office", "estate", 1, form, "2020-12-30").Refused(422, "checklist.day")
		put(w, "office", "estate", 1, form, "").Refused(422, "checklist.day")
		put(w, "office", "estate", 1, form, "2021-01-01").OK() // written as the desk writes it
		put(w, "office", "estate", 2, form, "2021-01-02").Refused(409, "checklist.same")
		put(w, "office", "estate", 1, form, "2021-01-02").Refused(412, "checklist.changed")
		put(w, "office", "nothing", 1, form, "2021-01-02").Refused(404, "checklist.none")
		put(w, "manager1", "estate", 2, form, "2021-01-02").Refused(403, "http.forbidden")
		put(w, "street.office", "estate", 2, form, "2021-01-02").Refused(403, "http.forbidden")
	})
}

// TestWhatChanges is said before it is saved.
func TestWhatChanges(t *testing.T) {
	w := apptest.New(t, false)
	_, form := rule(w, "estate")
	same := w.Post("office", "/checklist-rules/check?key=estate", vals{"checklist": form}, 0).OK()
	w.Expect("nothing", len(apptest.List(same, "changes"))+len(apptest.List(same, "faults")), 0)
	item(form, 0, 0)["severity"] = "major"
	first := apptest.At(form, "sections.0").(map[string]any)
	first["items"] = append(first["items"].([]any), vals{"key": "fresh", "ask": vals{"zh": "新的一项", "en": ""}, "answer": "", "of": 0, "fails": "", "when": "",
		"severity": "", "instrument": "", "passing": false, "how": ""})
	residents := apptest.At(form, "sections.3").(map[string]any)
	form["sections"] = append(form["sections"].([]any)[:3], form["sections"].([]any)[4:]...)
	got := w.Post("office", "/checklist-rules/check?key=estate", vals{"checklist": form}, 0).OK()
	var said []string
	for _, c := range apptest.List(got, "changes") {
		said = append(said, apptest.Text(c, "kind")+" "+apptest.Text(c, "title.zh")+" "+fmt.Sprint(c.(map[string]any)["fields"]))
	}
	w.Expect("changes", strings.Join(said, "; "), "changed 入口有公示牌 [severity]; added 新的一项 []; removed "+
		apptest.Text(residents, "title.zh")+" []; removed 知道怎么分的居民 []")
}

// TestAFormGoesOutAndComesBack over the API, is refused with a reason where it is none, and a sheet of its own is the same.
func TestAFormGoesOutAndComesBack(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		up := func(as, query string, raw []byte) apptest.Reply {
			return w.Do(apptest.Ask{As: as, Method: "POST", Path: "/checklist-rules/read" + query, Body: raw})
		}
		out := w.Get("office", "/checklist-rules/shops/sheet")
		w.Expect("status", out.Status, 200)
		got := up("office", "?key=shops", out.Body).OK()
		_, form := rule(w, "shops")
		w.Expect("asked", len(apptest.List(got, "asked")), 0)
		checked := w.Post("office", "/checklist-rules/check?key=shops", vals{"checklist": apptest.At(got, "checklist")}, 0).OK()
		w.Expect("differences", len(apptest.List(checked, "changes"))+len(apptest.List(checked, "faults")), 0)
		w.Expect("key", apptest.Text(got, "checklist.key"), apptest.Text(form, "key"))

		csv := []byte("农贸市场检查表\n序号,检查项目,奇怪,检查内容,分值\n1,设施,看,四类桶齐全,20\n2,设施,听,标志正确,\n")
		odd := up("office", "", csv).OK()
		w.Expect("an odd column is asked", apptest.Text(odd, "asked.0.cell"), "C2")
		told := up("office", "?columns=2:skip", csv).OK()
		w.Expect("left", apptest.Text(told, "left.0.cell")+apptest.Text(told, "left.1.cell"), "C3C4")
		draft := apptest.At(told, "checklist").(map[string]any)
		w.Post("office", "/checklist-rules", vals{"from": "2020-12-31", "checklist": draft}, 0).Refused(422, "checklist.faults") // for what?
		draft["about"] = []string{"community"}
		made := w.Post("office", "/checklist-rules", vals{"from": "2020-12-31", "checklist": draft}, 0).OK()
		w.Expect("made", apptest.Text(made, "checklist.sections.0.items.1.ask.zh"), "标志正确")
		w.Expect("points", apptest.Num(made, "checklist.sections.0.points"), int64(20))
		w.Expect("in force today", apptest.Num(made, "current"), int64(1))
		spot := w.Get("office", fmt.Sprintf("/inspect-place?key=unit:%d", w.Units["桂花社区"])).OK()
		found := false
		for _, f := range apptest.List(spot, "forms") {
			found = found || apptest.Text(f, "key") == apptest.Text(made, "checklist.key")
		}
		w.Expect("asked at once", found, true)

		up("office", "", []byte("\x00\x01 no sheet")).Refused(422, "checklist.file")
		up("office", "?columns=2:hat", csv).Refused(422, "http.input")
		up("office", "?key=nothing", csv).Refused(404, "checklist.none")
		up("clerk1", "", csv).Refused(403, "http.forbidden")
		var long strings.Builder
		long.WriteString("检查项目,检查内容\n")
		for i := range 500 {
			fmt.Fprintf(&long, "设施,要求 %d 项\n", i)
		}
		up("office", "", []byte(long.String())).Refused(422, "checklist.too-many")
		w.Get("clerk1", "/checklist-rules").OK()
		w.Get("leader", "/checklist-rules/estate").OK()
	})
}

// TestTheShippedPackDoesNotCoverTheDistrictsOwn when a later program brings it again.
func TestTheShippedPackDoesNotCoverTheDistrictsOwn(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		_, form := rule(w, "estate")
		item(form, 1, 2)["ask"] = vals{"zh": "本区的说法", "en": ""}
		put(w, "office", "estate", 1, form, "2020-12-31").OK()
		ctx := context.Background()
		base, faults := w.App.Registry.Load(packs.Base())
		w.Expect("faults", len(faults), 0)
		changes, err := w.App.ApplyPack(ctx, w.District, base, period.Date(2021, 1, 1))
		apptest.Must(w.T, err)
		w.Expect("changes", len(changes), 0)
		set, err := pack.Stored(ctx, w.App.DB.Read, w.District)
		apptest.Must(w.T, err)
		w.Expect("covered", len(base.Covered(set)), 1)
		w.Expect("asked", lids(w), "本区的说法")
		list := apptest.List(w.Get("office", "/checklist-rules").OK(), "items")
		own := ""
		for _, c := range list {
			if apptest.At(c, "own") == true {
				own += apptest.Text(c, "key")
			}
		}
		w.Expect("own", own, "estate")
	})
}
