package ledger_test

import (
	"context"
	"fmt"
	"testing"

	"sifen/internal/apptest"
)

// TestSearch: words of any length are found in Chinese and in letters, in every revision's newest text, and nowhere else.
func TestSearch(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		topics := []string{"厨余垃圾分类讲座", "垃圾不落地宣讲", "厨余桶边督导 Bin-7 号", "入户宣传"}
		var ids []string
		for i, topic := range topics {
			v := apptest.Session(fmt.Sprintf("2020-11-%02d", i+1), 3)
			v["topic"] = topic
			id, _ := w.Enter("clerk1", "publicity-session", "桂花社区", v)
			ids = append(ids, id)
		}
		for query, want := range map[string][]string{
			"厨余":                     {topics[0], topics[2]},
			"垃圾":                     {topics[0], topics[1]},
			"垃圾分类":                   {topics[0]},
			"圾分":                     {topics[0]},
			"分":                      {topics[0]},
			"bin":                    {topics[2]},
			"BIN-7":                  {topics[2]},
			"桂花社区":                   topics,
			"%E5%8E%A8%E4%BD%99+bin": {topics[2]},
			"没有这个词":                  nil,
			"%25":                    nil,
			"%22%20OR%20x":           nil,
			"XC-2020-0001":           {topics[0]},
			"xc-2020-000":            topics,
			"ghsq":                   topics, // 桂花社区
			"GH":                     topics,
			"cylj":                   {topics[0]},
			"rhxc+ghsq":              {topics[3]},
			"hsq":                    nil,
		} {
			w.Expect(query, w.Topics("clerk1", query), want)
		}
		// a correction is found by its new words only
		e := w.Get("clerk1", "/entries/"+ids[3]).OK()
		w.Post("clerk1", "/entries/"+ids[3]+"/withdraw", nil, 0).OK()
		v := apptest.Session("2020-11-04", 3)
		v["topic"] = "楼道宣传"
		w.Do(apptest.Ask{As: "clerk1", Method: "PUT", Path: "/entries/" + ids[3], Match: apptest.Num(e, "rev"),
			Body: apptest.Vals{"kind": "publicity-session", "unit": w.Units["桂花社区"], "values": v, "submit": true}}).OK()
		w.Expect("the old words", w.Topics("clerk1", "入户"), []string(nil))
		w.Expect("the new words", w.Topics("clerk1", "楼道"), []string{"楼道宣传"})
		// what lies before the index is given its place
		apptest.Must(t, w.App.DB.Exec(context.Background(), `UPDATE entry SET doc = 0`))
		w.Expect("not indexed", w.Topics("clerk1", "垃圾"), []string(nil))
		done, err := w.App.Ledger.IndexOld(context.Background(), w.District)
		apptest.Must(t, err)
		w.Expect("indexed", done, true)
		w.Expect("found again", w.Topics("clerk1", "垃圾"), []string{topics[0], topics[1]})
		// an index of an older version is made anew, with the initials that texts did not hold then; numbers stay
		docs := w.Scalar(`SELECT sum(doc) FROM entry`)
		apptest.Must(t, w.App.DB.Exec(context.Background(), `UPDATE entry SET doc = -doc, search = ''`))
		clear := `INSERT INTO entry_text (entry_text) VALUES ('delete-all')`
		if w.App.DB.Postgres {
			clear = `DELETE FROM entry_text`
		}
		apptest.Must(t, w.App.DB.Exec(context.Background(), clear))
		w.Expect("an older index", w.Topics("clerk1", "cylj"), []string(nil))
		done, err = w.App.Ledger.IndexOld(context.Background(), w.District)
		apptest.Must(t, err)
		w.Expect("made anew", [2]any{done, w.Scalar(`SELECT sum(doc) FROM entry`)}, [2]any{true, docs})
		w.Expect("found by initials", w.Topics("clerk1", "cylj"), []string{topics[0]})
		// newer entries of another kind that hold the word do not push out those of the list
		w.App.Ledger.MaxHits = 2
		for i := range 4 {
			day := fmt.Sprintf("2020-11-%02d", i+1)
			w.Enter("clerk1", "household-visit", "桂花社区", apptest.Vals{"began_on": day, "ended_on": day, "round": fmt.Sprint(i + 1), "estate": w.Units["桂园"],
				"households": 9, "people": 2})
		}
		w.Expect("of its kind", w.Topics("clerk1", "ghsq"), []string{topics[2], "楼道宣传"})
		w.Expect("more than a search looks at", apptest.At(w.Get("clerk1", "/entries?kind=publicity-session&q=ghsq").OK(), "capped"), true)
		w.Expect("all that hold the words", apptest.At(w.Get("clerk1", "/entries?kind=publicity-session&q=cylj").OK(), "capped"), false)
		w.App.Ledger.MaxHits = 0
		// fields of the kind
		door := apptest.Session("2020-11-09", 3)
		door["form"] = "door"
		w.Enter("clerk1", "publicity-session", "桂花社区", door)
		l := w.Get("clerk1", "/entries?kind=publicity-session&is=form:door").OK()
		w.Expect("by a field", [2]any{apptest.Num(l, "total"), len(apptest.List(l, "rows"))}, [2]any{1, 1})
		w.Get("clerk1", "/entries?kind=publicity-session&is=topic:x").Refused(422, "http.input")
	})
}

func TestCommentsAndViews(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		e, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 3))
		c := w.Get("manager1", "/entries/"+e+"/comments").OK()
		to := ""
		for _, p := range apptest.List(c, "people") {
			if apptest.Text(p, "account") == w.Accounts["clerk1"] {
				to = apptest.Text(p, "account")
			}
		}
		if to == "" {
			t.Fatalf("the author cannot be addressed: %v", c)
		}
		w.Post("manager1", "/entries/"+e+"/comments", apptest.Vals{"body": "  "}, 0).Refused(422, "ledger.empty-comment")
		w.Post("manager1", "/entries/"+e+"/comments", apptest.Vals{"body": "人数怎么数的？", "to": to}, 0).OK()
		w.Post("manager1", "/entries/"+e+"/comments", apptest.Vals{"body": "x", "to": w.Accounts["clerk3"]}, 0).Refused(403, "ledger.forbidden")
		w.Get("manager2", "/entries/"+e+"/comments").Refused(404, "ledger.no-entry")
		w.Expect("said", apptest.Text(w.Get("clerk1", "/entries/"+e+"/comments").OK(), "items.0.body"), "人数怎么数的？")
		n := w.Get("clerk1", "/notices").OK()
		w.Expect("on the bench", [2]any{apptest.Text(n, "items.0.link"), apptest.Num(n, "unread")}, [2]any{"/entry/" + e, 1})

		w.Post("clerk1", "/views", apptest.Vals{"kind": "publicity-session", "name": "退回给我的", "query": "mine=returned"}, 0).OK()
		v := w.Post("clerk1", "/views", apptest.Vals{"kind": "publicity-session", "name": "本月", "query": "period=2020-12", "shared": true}, 0).OK()
		w.Expect("mine", len(apptest.List(w.Get("clerk1", "/views").OK(), "items")), 2)
		w.Expect("a colleague's", len(apptest.List(w.Get("clerk1b", "/views").OK(), "items")), 1)
		w.Expect("another unit's", len(apptest.List(w.Get("clerk3", "/views").OK(), "items")), 0)
		w.Do(apptest.Ask{As: "clerk1b", Method: "DELETE", Path: "/views/" + apptest.Text(v, "id")}).Refused(404, "ledger.no-view")
		w.Do(apptest.Ask{As: "clerk1", Method: "DELETE", Path: "/views/" + apptest.Text(v, "id")}).OK()
	})
}
