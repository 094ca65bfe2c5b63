package due_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/period"
)

// TestOwedItemsBehindFigures opens the figures of what is owed down to their items: rows with a way to their list, the
// ledgers they are of, those that are exempt, and only what one may see.
func TestOwedItemsBehindFigures(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-20", 3))
		sweep(w)
		f := w.Get("office", "/figures/due.owed?period=2020-11").OK()
		w.Expect("the figure", [4]any{apptest.Num(f, "value"), apptest.Text(f, "keeper"), len(apptest.List(f, "records")), apptest.Num(f, "outside")}, [4]any{int64(2), "due", 2, int64(0)})
		row := apptest.List(f, "records")[0]
		w.Expect("a row", [3]any{strings.Contains(apptest.Text(row, "title"), "2020年11月"), strings.HasPrefix(apptest.Text(row, "link"), "/due?kind=publicity-session&unit="), apptest.Text(row, "kind_title.zh")}, [3]any{true, true, "应报事项"})
		en := w.Do(apptest.Ask{As: "office", Path: "/figures/due.owed?period=2020-11", Lang: "en"}).OK()
		w.Expect("in English", strings.Contains(apptest.Text(en, "records.0.title"), "November 2020"), true)
		street := w.Get("manager1", fmt.Sprintf("/figures/due.owed?period=2020-11&unit=%d", w.Units["东街"])).OK()
		w.Expect("a street", [2]any{apptest.Num(street, "value"), apptest.Text(street, "records.0.unit.name")}, [2]any{int64(1), "东街"})
		b := w.Get("office", "/figures/due.owed/breakdown?period=2020-11&field=kind").OK()
		w.Expect("by ledger", [3]any{apptest.Text(b, "field.title.zh"), apptest.Text(b, "items.0.title.zh"), apptest.Num(b, "items.0.value")}, [3]any{"台账", "宣传培训场次", int64(2)})

		var id string
		for _, ln := range apptest.List(w.Get("office", "/due?period=2020-11&kind=publicity-session").OK(), "lines") {
			if apptest.Text(ln, "unit.name") == "西镇" {
				id = apptest.Text(ln, "items.0.id")
			}
		}
		w.Post("office", "/due/"+id+"/exempt", apptest.Vals{"exempt": true, "reason": "十一月拆迁停办"}, 0).OK()
		f = w.Get("office", "/figures/due.owed?period=2020-11").OK()
		w.Expect("exempt", [4]any{apptest.Num(f, "value"), apptest.Text(f, "uncounted.0.why"), apptest.Num(f, "uncounted.0.n"), apptest.Num(f, "registered")}, [4]any{int64(1), "exempt", int64(1), int64(2)})
		w.Settled()
	})
}

// TestDifferenceOfWhatIsOwed: a document that cites what is owed tells who exempted a unit since, and why.
func TestDifferenceOfWhatIsOwed(t *testing.T) {
	w := apptest.New(t, false)
	w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-20", 3))
	sweep(w)
	doc, rev := w.Draft("", "2020")
	page := apptest.Text(w.Get("office", "/documents/"+doc).OK(), "html")
	key, _, _ := strings.Cut(page[strings.Index(page, `data-p="`)+len(`data-p="`):], `"`)
	texts := apptest.Vals{"own": apptest.Vals{key: "应报{{应报件数}}件。"}, "texts": apptest.Vals{"下一步打算": "继续"}}
	rev = apptest.Num(w.Do(apptest.Ask{As: "office", Method: "PUT", Path: "/documents/" + doc + "/texts", Match: rev, Body: texts}).OK(), "rev")
	w.Post("leader", "/documents/"+doc+"/issue", nil, rev).OK()
	w.Jobs()
	w.Clock.Advance(time.Minute)
	var id string
	for _, ln := range apptest.List(w.Get("office", "/due?period=2020-11&kind=publicity-session").OK(), "lines") {
		if apptest.Text(ln, "unit.name") == "西镇" {
			id = apptest.Text(ln, "items.0.id")
		}
	}
	w.Post("office", "/due/"+id+"/exempt", apptest.Vals{"exempt": true, "reason": "停办"}, 0).OK()
	for _, d := range apptest.List(w.Get("office", "/documents/"+doc+"/differences").OK(), "items") {
		if apptest.Text(d, "key") == "due.owed" {
			c := apptest.At(d, "records.0")
			w.Expect("the cause", [5]string{apptest.Text(c, "keeper"), apptest.Text(c, "change"), apptest.Text(c, "op"), apptest.Text(c, "reason"), apptest.Text(c, "by")}, [5]string{"due", "removed", "exempt", "停办", "甲office"})
			return
		}
	}
	t.Error("the difference is not told")
}

// TestNag: Sifen itself reminds shortly before the due day and on the day after it, once each.
func TestNag(t *testing.T) {
	w := apptest.New(t, false)
	w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-20", 3))
	sweep(w)
	about := func(what string) (n int) {
		token, _, err := w.App.Accounts.SignIn(context.Background(), "manager2", apptest.Password, "192.0.2.1:1") // days pass: a session ends
		apptest.Must(t, err)
		for _, x := range apptest.List(w.Get(token, "/notices").OK(), "items") {
			if strings.Contains(apptest.Text(x, "title.zh"), what) {
				n++
			}
		}
		return n
	}
	w.Expect("long before", about("2020年12月"), 0)
	for _, c := range []struct {
		day          period.Day
		soon, missed int
	}{{period.Date(2021, 1, 2), 0, 0}, {period.Date(2021, 1, 5), 1, 0}, {period.Date(2021, 1, 6), 1, 1}, {period.Date(2021, 1, 7), 1, 1}} {
		w.Clock.Set(c.day.Start().Add(9 * time.Hour))
		sweep(w)
		sweep(w)
		w.Expect("on "+c.day.String(), [2]int{about("还没有报送"), about("已过截止日")}, [2]int{c.soon, c.missed})
	}
}

// TestBurden counts what entering cost, by role and kind, and never by person.
func TestBurden(t *testing.T) {
	w := apptest.New(t, false)
	for i := range 3 {
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session(fmt.Sprintf("2020-12-%02d", i+1), 3))
	}
	b := w.Get("admin", "/burden?period=2020").OK()
	entries := int64(0)
	for _, r := range apptest.List(b, "roles") {
		if apptest.Text(r, "role") == "clerk" {
			entries = apptest.Num(r, "entries")
		}
	}
	w.Expect("of clerks", entries, int64(3))
	w.Expect("of sessions", apptest.Text(b, "kinds.0.title.zh"), "宣传培训场次")
	if strings.Contains(fmt.Sprint(b), "甲clerk1") {
		t.Error("a person is named")
	}
	w.Get("clerk1", "/burden?period=2020").Refused(403, "http.forbidden")
}
