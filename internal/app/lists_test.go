package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

func (w *world) found(as, query string) []string {
	w.t.Helper()
	var out []string
	for _, r := range list(w.get(as, "/entries?kind=publicity-session&sort=day&q="+query).ok(), "rows") {
		out = append(out, text(r, "values.topic"))
	}
	return out
}

// TestSearch: words of any length are found in Chinese and in letters, in every revision's newest text, and nowhere else.
func TestSearch(t *testing.T) {
	each(t, func(w *world) {
		topics := []string{"厨余垃圾分类讲座", "垃圾不落地宣讲", "厨余桶边督导 Bin-7 号", "入户宣传"}
		var ids []string
		for i, topic := range topics {
			v := session(fmt.Sprintf("2020-11-%02d", i+1), 3)
			v["topic"] = topic
			id, _ := w.enter("clerk1", "publicity-session", "桂花社区", v)
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
			w.expect(query, w.found("clerk1", query), want)
		}
		// a correction is found by its new words only
		e := w.get("clerk1", "/entries/"+ids[3]).ok()
		w.post("clerk1", "/entries/"+ids[3]+"/withdraw", nil, 0).ok()
		v := session("2020-11-04", 3)
		v["topic"] = "楼道宣传"
		w.do(ask{as: "clerk1", method: "PUT", path: "/entries/" + ids[3], match: num(e, "rev"), body: vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": v, "submit": true}}).ok()
		w.expect("the old words", w.found("clerk1", "入户"), []string(nil))
		w.expect("the new words", w.found("clerk1", "楼道"), []string{"楼道宣传"})
		// what lies before the index is given its place
		must(t, w.app.DB.Exec(context.Background(), `UPDATE entry SET doc = 0`))
		w.expect("not indexed", w.found("clerk1", "垃圾"), []string(nil))
		done, err := w.app.Ledger.IndexOld(context.Background(), w.district)
		must(t, err)
		w.expect("indexed", done, true)
		w.expect("found again", w.found("clerk1", "垃圾"), []string{topics[0], topics[1]})
		// an index of an older version is made anew, with the initials that texts did not hold then; numbers stay
		docs := w.scalar(`SELECT sum(doc) FROM entry`)
		must(t, w.app.DB.Exec(context.Background(), `UPDATE entry SET doc = -doc, search = ''`))
		clear := `INSERT INTO entry_text (entry_text) VALUES ('delete-all')`
		if w.app.DB.Postgres {
			clear = `DELETE FROM entry_text`
		}
		must(t, w.app.DB.Exec(context.Background(), clear))
		w.expect("an older index", w.found("clerk1", "cylj"), []string(nil))
		done, err = w.app.Ledger.IndexOld(context.Background(), w.district)
		must(t, err)
		w.expect("made anew", [2]any{done, w.scalar(`SELECT sum(doc) FROM entry`)}, [2]any{true, docs})
		w.expect("found by initials", w.found("clerk1", "cylj"), []string{topics[0]})
		// newer entries of another kind that hold the word do not push out those of the list
		w.app.Ledger.MaxHits = 2
		for i := range 4 {
			day := fmt.Sprintf("2020-11-%02d", i+1)
			w.enter("clerk1", "household-visit", "桂花社区", vals{"began_on": day, "ended_on": day, "round": fmt.Sprint(i + 1), "estate": w.units["桂园"], "households": 9, "people": 2})
		}
		w.expect("of its kind", w.found("clerk1", "ghsq"), []string{topics[2], "楼道宣传"})
		w.expect("more than a search looks at", at(w.get("clerk1", "/entries?kind=publicity-session&q=ghsq").ok(), "capped"), true)
		w.expect("all that hold the words", at(w.get("clerk1", "/entries?kind=publicity-session&q=cylj").ok(), "capped"), false)
		w.app.Ledger.MaxHits = 0
		// fields of the kind
		door := session("2020-11-09", 3)
		door["form"] = "door"
		w.enter("clerk1", "publicity-session", "桂花社区", door)
		l := w.get("clerk1", "/entries?kind=publicity-session&is=form:door").ok()
		w.expect("by a field", [2]any{num(l, "total"), len(list(l, "rows"))}, [2]any{1, 1})
		w.get("clerk1", "/entries?kind=publicity-session&is=topic:x").refused(422, "http.input")
	})
}

func TestManyDecisionsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		var ids []string
		for i := range 7 {
			id, _ := w.enter("clerk1", "publicity-session", "桂花社区", session(fmt.Sprintf("2020-11-%02d", i+1), 3))
			ids = append(ids, id)
		}
		own, _ := w.enter("manager1", "publicity-session", "桂花社区", session("2020-11-20", 3))
		else1, _ := w.enter("clerk3", "publicity-session", "荷花社区", session("2020-11-20", 3))
		_ = else1
		p := w.post("manager1", "/bulk/preview", vals{"all": true, "kind": "publicity-session", "period": "2020"}, 0).ok()
		w.expect("of the whole list", [4]int64{num(p, "chosen"), num(p, "eligible"), num(p, "own"), num(p, "other")}, [4]int64{8, 7, 1, 0})
		w.post("manager1", "/bulk", vals{"op": "return", "ids": ids}, 0).refused(422, "ledger.reason")
		w.post("manager1", "/bulk", vals{"op": "verify", "ids": []string{own}}, 0).refused(409, "bulk.nothing")

		// called off in time, nothing happens
		b := w.post("manager1", "/bulk", vals{"op": "verify", "ids": ids}, 0).ok()
		w.jobs() // it has not begun: the moment of grace runs
		w.do(ask{as: "manager1", method: "DELETE", path: "/bulk/" + text(b, "id")}).ok()
		w.clock.Advance(7 * time.Second)
		w.jobs()
		w.expect("nothing verified", w.scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`), 0)

		// two people in the same queue: what one decided meanwhile stays as he decided it
		b = w.post("manager1", "/bulk", vals{"op": "verify", "ids": ids}, 0).ok()
		one := w.get("office", "/entries/"+ids[2]).ok()
		w.post("office", "/entries/"+ids[2]+"/return", vals{"reason": "照片不清楚"}, num(one, "rev")).ok()
		w.clock.Advance(7 * time.Second)
		w.jobs()
		r := w.get("manager1", "/bulk/"+text(b, "id")).ok()
		w.expect("done", [3]any{text(r, "state"), num(r, "done"), num(r, "passed")}, [3]any{"done", 7, 6})
		stayed, _ := at(r, "stayed").(map[string]any)
		w.expect("one stayed, with a sentence", len(stayed), 1)
		for why := range stayed {
			if strings.Contains(why, "ledger.") || why == "" {
				t.Errorf("the reason is a code: %q", why)
			}
		}
		w.do(ask{as: "manager1", method: "DELETE", path: "/bulk/" + text(b, "id")}).refused(409, "bulk.too-late")
		w.get("manager2", "/bulk/"+text(b, "id")).refused(404, "bulk.none")
		w.expect("verified", w.scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`), 6)
		w.settled()
	})
}

func TestCommentsAndViews(t *testing.T) {
	each(t, func(w *world) {
		e, _ := w.enter("clerk1", "publicity-session", "桂花社区", session("2020-11-03", 3))
		c := w.get("manager1", "/entries/"+e+"/comments").ok()
		to := ""
		for _, p := range list(c, "people") {
			if text(p, "account") == w.accounts["clerk1"] {
				to = text(p, "account")
			}
		}
		if to == "" {
			t.Fatalf("the author cannot be addressed: %v", c)
		}
		w.post("manager1", "/entries/"+e+"/comments", vals{"body": "  "}, 0).refused(422, "ledger.empty-comment")
		w.post("manager1", "/entries/"+e+"/comments", vals{"body": "人数怎么数的？", "to": to}, 0).ok()
		w.post("manager1", "/entries/"+e+"/comments", vals{"body": "x", "to": w.accounts["clerk3"]}, 0).refused(403, "ledger.forbidden")
		w.get("manager2", "/entries/"+e+"/comments").refused(404, "ledger.no-entry")
		w.expect("said", text(w.get("clerk1", "/entries/"+e+"/comments").ok(), "items.0.body"), "人数怎么数的？")
		n := w.get("clerk1", "/notices").ok()
		w.expect("on the bench", [2]any{text(n, "items.0.link"), num(n, "unread")}, [2]any{"/entry/" + e, 1})

		w.post("clerk1", "/views", vals{"kind": "publicity-session", "name": "退回给我的", "query": "mine=returned"}, 0).ok()
		v := w.post("clerk1", "/views", vals{"kind": "publicity-session", "name": "本月", "query": "period=2020-12", "shared": true}, 0).ok()
		w.expect("mine", len(list(w.get("clerk1", "/views").ok(), "items")), 2)
		w.expect("a colleague's", len(list(w.get("clerk1b", "/views").ok(), "items")), 1)
		w.expect("another unit's", len(list(w.get("clerk3", "/views").ok(), "items")), 0)
		w.do(ask{as: "clerk1b", method: "DELETE", path: "/views/" + text(v, "id")}).refused(404, "ledger.no-view")
		w.do(ask{as: "clerk1", method: "DELETE", path: "/views/" + text(v, "id")}).ok()
	})
}
