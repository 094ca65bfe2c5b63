package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
)

func (w *world) upload0(as, unit, kind, title, query string) (string, int64) {
	w.t.Helper()
	r := w.do(ask{as: as, method: "POST", path: fmt.Sprintf("/documents/file?kind=%s&unit=%d&title=%s&name=a.pdf%s", kind, w.units[unit], title, query), body: []byte("%PDF-1.4 " + title + query)}).ok()
	return text(r, "id"), num(r, "rev")
}

func (w *world) recipients(as, doc string, rev int64, units ...string) int64 {
	w.t.Helper()
	var list []int64
	for _, u := range units {
		list = append(list, w.units[u])
	}
	return num(w.do(ask{as: as, method: "PUT", path: "/documents/" + doc + "/recipients", match: rev, body: vals{"units": list}}).ok(), "rev")
}

// TestNoticeIsDeliveredAndSigned follows a notice: put forward, sent back, approved, issued, read, signed, reminded.
func TestNoticeIsDeliveredAndSigned(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		doc, rev := w.upload0("office", "", "notice", "notice-one", "")
		rev = w.recipients("office", doc, rev, "东街", "西镇", "教育局")
		step := func(as, path string, rev int64, body any) reply {
			return w.do(ask{as: as, method: "POST", path: "/documents/" + doc + "/" + path, match: rev, body: body})
		}
		// before issue nobody else sees it
		w.bad(ask{as: "clerk1", method: "GET", path: "/documents/" + doc}, 404, "document.none", "", "")
		// the drafter does not approve himself
		w.bad(ask{as: "office", method: "POST", path: "/documents/" + doc + "/issue", match: rev}, 403, "document.own-approval", "", "")
		rev = num(step("office", "submit", rev, nil).ok(), "rev")
		w.bad(ask{as: "office", method: "POST", path: "/documents/" + doc + "/approve", match: rev}, 403, "document.own-approval", "", "")
		w.bad(ask{as: "leader", method: "POST", path: "/documents/" + doc + "/send-back", match: rev, body: vals{"reason": " "}}, 422, "document.no-words", "", "")
		w.bad(ask{as: "office", method: "DELETE", path: "/documents/" + doc, match: rev}, 409, "document.in-review", "", "")
		rev = num(step("leader", "send-back", rev, vals{"reason": "缺少附件"}).ok(), "rev")
		step("leader", "comments", 0, vals{"text": "附件请用表格"}).ok()
		rev = num(step("office", "submit", rev, nil).ok(), "rev")
		w.bad(ask{as: "leader", method: "POST", path: "/documents/" + doc + "/approve", match: rev - 1}, 412, "document.changed", "", "")
		rev = num(step("office2", "approve", rev, nil).ok(), "rev")
		got := step("office", "issue", rev, nil).ok() // approved by another, so the drafter may
		if n := text(got, "number"); n != "四方区分类办通〔2020〕1号" || text(got, "state") != "issued" {
			t.Fatalf("number %q, state %v", n, got["state"])
		}
		w.bad(ask{as: "leader", method: "POST", path: "/documents/" + doc + "/issue", match: rev}, 409, "document.wrong-state", "", "")

		// history tells who did what, in order, to those within reach alone
		full := w.get("leader", "/documents/"+doc).ok()
		var ops []string
		for _, e := range list(full, "events") {
			ops = append(ops, text(e, "op"))
		}
		if s := strings.Join(ops, " "); s != "create recipients submit return comment submit approve issue" {
			t.Errorf("history: %s", s)
		}

		// the street reads and signs; who only sits above does not sign for it
		if l := list(w.get("manager1", "/deliveries/unsigned").ok(), "items"); len(l) != 1 || text(l[0], "id") != doc || text(l[0], "unit.name") != "东街" {
			t.Errorf("waiting for 东街: %v", l)
		}
		mine := w.get("manager1", "/documents/"+doc).ok()
		if len(list(mine, "deliveries")) != 1 || len(list(mine, "events")) != 0 || at(mine, "within") != false {
			t.Errorf("a recipient sees too much: %v %v", mine["deliveries"], mine["events"])
		}
		w.bad(ask{as: "manager1", method: "POST", path: "/documents/" + doc + "/comments", body: vals{"text": "?"}}, 403, "document.forbidden", "", "")
		if r := w.get("manager1", "/documents/"+doc+"/file"); r.status != 200 {
			t.Errorf("the file: %d", r.status)
		}
		w.post("manager1", "/documents/"+doc+"/read", nil, 0).ok()
		w.bad(ask{as: "office", method: "POST", path: "/documents/" + doc + "/sign", body: vals{"unit": w.units["东街"]}}, 403, "document.sign-own-unit", "", "")
		w.bad(ask{as: "manager1", method: "POST", path: "/documents/" + doc + "/sign", body: vals{"unit": w.units["西镇"]}}, 404, "document.no-recipient", "", "")
		w.post("manager1", "/documents/"+doc+"/sign", vals{"unit": w.units["东街"]}, 0).ok()
		w.bad(ask{as: "manager1", method: "POST", path: "/documents/" + doc + "/sign", body: vals{"unit": w.units["东街"]}}, 409, "document.signed", "", "")
		if l := list(w.get("manager1", "/deliveries/unsigned").ok(), "items"); len(l) != 0 {
			t.Errorf("still waiting: %v", l)
		}
		// the clerk of a community below has nothing of it
		w.bad(ask{as: "clerk1", method: "GET", path: "/documents/" + doc}, 404, "document.none", "", "")

		full = w.get("office", "/documents/"+doc).ok()
		if num(full, "recipients") != 3 || num(full, "read") != 1 || num(full, "signed") != 1 {
			t.Errorf("recipients %v read %v signed %v", full["recipients"], full["read"], full["signed"])
		}
		if n := num(w.post("office", "/documents/"+doc+"/remind", nil, 0).ok(), "units"); n != 2 {
			t.Errorf("%d reminded", n)
		}
		w.bad(ask{as: "office", method: "POST", path: "/documents/" + doc + "/remind"}, 409, "document.nothing-to-remind", "", "")
		// a unit may be added later and gets it at once; none is taken back
		rev = num(full, "rev")
		w.bad(ask{as: "office", method: "PUT", path: "/documents/" + doc + "/recipients", match: rev, body: vals{"units": []int64{w.units["西镇"]}}}, 409, "document.delivered", "", "")
		w.recipients("office", doc, rev, "东街", "西镇", "教育局", "桂花社区")
		if l := list(w.get("clerk1", "/deliveries/unsigned").ok(), "items"); len(l) != 1 {
			t.Errorf("the added unit: %v", l)
		}
		w.get("clerk1", "/documents/"+doc).ok()

		// both sides of the register
		count := func(as, q string) int64 { return num(w.get(as, "/documents?"+q).ok(), "total") }
		for q, want := range map[string]int64{
			"box=sent&kind=notice&year=2020&state=unsigned": 1, "box=sent&kind=minutes": 0, "box=sent&q=notice-one": 1, "box=sent&year=2019": 0, "box=sent&q=100%25": 0,
		} {
			if got := count("office", q); got != want {
				t.Errorf("%s: %d, want %d", q, got, want)
			}
		}
		inbox := fmt.Sprintf("box=received&unit=%d", w.units["东街"])
		if count("manager1", inbox) != 1 || count("manager1", inbox+"&state=unsigned") != 0 || count("manager1", inbox+"&state=signed") != 1 || count("manager2", inbox) != 0 {
			t.Error("the inbox of 东街 is wrong")
		}
	})
}

// TestReceivedDocument is a paper from outside: registered with its file, sender, number and day, and handed on.
// TestDocumentIsEnded: an issued document is repealed or revoked with a reason; nothing of it is lost, nobody signs any
// more, its number is not drawn again, and another summary of the same period can be drafted.
func TestDocumentIsEnded(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		doc, rev := w.upload0("office", "", "notice", "notice-one", "")
		rev = w.recipients("office", doc, rev, "东街", "西镇")
		end := func(as string, rev int64, how, reason string) ask {
			return ask{as: as, method: "POST", path: "/documents/" + doc + "/end", match: rev, body: vals{"how": how, "reason": reason}}
		}
		w.bad(end("leader", rev, "repealed", "x"), 409, "document.wrong-state", "", "")
		number := text(w.do(ask{as: "leader", method: "POST", path: "/documents/" + doc + "/issue", match: rev}).ok(), "number")
		w.post("manager1", "/documents/"+doc+"/sign", vals{"unit": w.units["东街"]}, 0).ok()
		full := w.get("leader", "/documents/"+doc).ok()
		rev = num(full, "rev")
		w.expect("may end", at(full, "may.end"), true)
		w.bad(end("clerk1", rev, "repealed", "x"), 403, "http.forbidden", "", "")
		w.bad(end("manager1", rev, "repealed", "x"), 403, "http.forbidden", "", "")
		w.bad(end("leader", rev, "repealed", "  "), 422, "document.no-words", "", "")
		w.bad(end("leader", rev-1, "repealed", "x"), 412, "document.changed", "", "")
		w.bad(end("leader", rev, "burnt", "x"), 422, "http.input", "", "")
		w.do(end("leader", rev, "repealed", "已有新通知")).ok()
		full = w.get("leader", "/documents/"+doc).ok()
		rev = num(full, "rev")
		w.bad(end("leader", rev, "revoked", "x"), 409, "document.ended", "", "")
		w.expect("what is told", [4]any{text(full, "state"), text(full, "ended"), text(full, "ended_reason"), text(full, "number")}, [4]any{"issued", "repealed", "已有新通知", number})
		if r := w.get("manager2", "/documents/"+doc+"/file"); r.status != 200 {
			t.Errorf("the file of an ended document: %d", r.status)
		}
		// nobody signs, reminds or adds recipients any more; the recipients were told
		w.bad(ask{as: "manager2", method: "POST", path: "/documents/" + doc + "/sign", body: vals{"unit": w.units["西镇"]}}, 409, "document.ended", "", "")
		w.bad(ask{as: "office", method: "POST", path: "/documents/" + doc + "/remind"}, 409, "document.ended", "", "")
		w.bad(ask{as: "office", method: "PUT", path: "/documents/" + doc + "/recipients", match: rev, body: vals{"units": []int64{w.units["教育局"]}}}, 409, "document.ended", "", "")
		w.expect("waiting for 西镇", len(list(w.get("manager2", "/deliveries/unsigned").ok(), "items")), 0)
		told := false
		for _, n := range list(w.get("manager2", "/notices").ok(), "items") {
			told = told || strings.Contains(text(n, "title.zh"), "已废止："+number)
		}
		w.expect("told", told, true)
		count := func(q string) int64 { return num(w.get("office", "/documents?box=sent&"+q).ok(), "total") }
		w.expect("in the register", [3]int64{count("state=ended"), count("state=issued"), count("state=unsigned")}, [3]int64{1, 0, 0})
		// its number stays used
		next, rev2 := w.upload0("office", "", "notice", "notice-two", "")
		got := text(w.do(ask{as: "leader", method: "POST", path: "/documents/" + next + "/issue", match: rev2}).ok(), "number")
		w.expect("the next number", got, strings.Replace(number, "1号", "2号", 1))

		// a revoked summary makes room for another of the same unit and period
		first := w.post("office", "/documents", vals{"template": "annual-summary", "unit": w.units[""], "period": "2020"}, 0).ok()
		must(t, w.app.DB.Exec(context.Background(), `UPDATE document SET state = 'issued' WHERE id = $1`, text(first, "id")))
		doc = text(first, "id")
		w.do(end("leader", num(first, "rev"), "revoked", "数字有误")).ok()
		second := w.post("office", "/documents", vals{"template": "annual-summary", "unit": w.units[""], "period": "2020"}, 0).ok()
		if text(second, "id") == doc {
			t.Error("the revoked summary is still the one of the year")
		}
	})
}

func TestReceivedDocument(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		for query, code := range map[string]string{"&origin=outside": "http.input", "&origin=outside&received=2020-12-30": "document.no-words"} {
			w.bad(ask{as: "office", method: "POST", path: fmt.Sprintf("/documents/file?kind=notice&unit=%d&title=x&name=a.pdf%s", w.units[""], query), body: []byte("%PDF-1.4")}, 422, code, "", "")
		}
		w.bad(ask{as: "office", method: "POST", path: fmt.Sprintf("/documents/file?kind=notice&unit=%d&title=x&name=a.pdf", w.units[""]), body: []byte("hello")}, 422, "document.not-office-file", "", "")
		w.bad(ask{as: "office", method: "POST", path: fmt.Sprintf("/documents/file?kind=decree&unit=%d&title=x&name=a.pdf", w.units[""]), body: []byte("%PDF-1.4")}, 422, "document.no-kind", "", "")
		doc, rev := w.upload0("office", "", "notice", "from-city", "&origin=outside&sender=city&number=7&received=2020-12-28")
		d := w.get("office", "/documents/"+doc).ok()
		if text(d, "state") != "received" || text(d, "number") != "7" || text(d, "sender") != "city" || text(d, "received_day") != "2020-12-28" {
			t.Errorf("registered as %v", d)
		}
		w.bad(ask{as: "leader", method: "POST", path: "/documents/" + doc + "/issue", match: rev}, 409, "document.wrong-state", "", "")
		w.bad(ask{as: "manager1", method: "GET", path: "/documents/" + doc}, 404, "document.none", "", "")
		w.recipients("office", doc, rev, "东街")
		w.get("manager1", "/documents/"+doc).ok()
		if n := num(w.get("office", fmt.Sprintf("/documents?box=received&unit=%d&state=received", w.units[""])).ok(), "total"); n != 1 {
			t.Errorf("%d received", n)
		}
	})
}

// TestNumbersAreGaplessUnderConcurrency draws numbers of one series and of two kinds at once, some of them in
// transactions that fail after the draw.
func TestNumbersAreGaplessUnderConcurrency(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		const n = 12
		type made struct {
			id  string
			rev int64
		}
		var notices, minutes []made
		for i := range n {
			id, rev := w.upload0("office", "", "notice", fmt.Sprint("n", i), "")
			notices = append(notices, made{id, rev})
			if i%2 == 0 {
				id, rev = w.upload0("office", "", "minutes", fmt.Sprint("m", i), "")
				minutes = append(minutes, made{id, rev})
			}
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		got := map[string]int{}
		issue := func(d made) {
			r := w.post("leader", "/documents/"+d.id+"/issue", nil, d.rev)
			if r.status == 200 {
				mu.Lock()
				got[text(r.json(), "number")]++
				mu.Unlock()
			}
		}
		for _, d := range notices {
			wg.Go(func() { issue(d) })
			wg.Go(func() { issue(made{d.id, d.rev + 5}) }) // fails: somebody changed it
		}
		for _, d := range minutes {
			wg.Go(func() { issue(d) })
			wg.Go(func() { issue(d) }) // the second finds it issued
		}
		wg.Wait()
		if len(got) != n+n/2 {
			t.Errorf("%d numbers", len(got))
		}
		for i := 1; i <= n; i++ {
			if got[fmt.Sprintf("四方区分类办通〔2020〕%d号", i)] != 1 {
				t.Errorf("notice %d drawn %d times", i, got[fmt.Sprintf("四方区分类办通〔2020〕%d号", i)])
			}
			if k := got[fmt.Sprintf("四方区分类办纪〔2020〕%d号", i)]; i <= n/2 && k != 1 {
				t.Errorf("minutes %d drawn %d times", i, k)
			}
		}
	})
}

// TestOwnTextWithFigures inserts a figure into own text below a paragraph: live in the draft, numbered, frozen by issue.
func TestOwnTextWithFigures(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-05", 31))
		doc, rev := w.draft("", "2020")
		page := text(w.get("office", "/documents/"+doc).ok(), "html")
		i := strings.Index(page, `data-p="`)
		if i < 0 {
			t.Fatal("no paragraph has a key")
		}
		key, _, _ := strings.Cut(page[i+len(`data-p="`):], `"`)
		put := func(own, passage string, match int64) ask {
			return ask{as: "office", method: "PUT", path: "/documents/" + doc + "/texts", match: match, body: vals{"own": vals{key: own}, "texts": vals{"下一步打算": passage}}}
		}
		w.bad(put("共{{宣传场次数}}场", "继续", rev), 422, "document.passage", "", "")
		w.bad(put("{{文 存在问题}}", "继续", rev), 422, "document.passage", "", "")
		rev = num(w.do(put("全年开展宣传培训{{宣传培训场次}}场，去年{{宣传培训场次@上年}}场。", "再办{{宣传培训场次}}场。", rev)).ok(), "rev")
		d := w.get("office", "/documents/"+doc).ok()
		page = text(d, "html")
		if !strings.Contains(page, "own") || !strings.Contains(page, `>1</button>场，去年`) || !strings.Contains(page, "再办<button") {
			t.Fatalf("own text is not in the view")
		}
		lastYear := false
		for _, c := range list(d, "cited") {
			lastYear = lastYear || text(c, "key") == "publicity.sessions" && text(c, "period") == "2019"
		}
		if !lastYear {
			t.Error("the figure of last year has no number")
		}
		// a record changes what the draft says; the change shows against the previous draft
		w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-06", 9))
		ch := w.get("office", "/documents/"+doc+"/changes").ok()
		var figure, added bool
		for _, f := range list(ch, "figures") {
			figure = figure || text(f, "key") == "publicity.sessions" && text(f, "old") == "1" && text(f, "new") == "2"
		}
		for _, p := range list(ch, "paragraphs") {
			added = added || text(p, "old") == "" && strings.HasPrefix(text(p, "new"), "全年开展宣传培训")
		}
		if !figure || !added {
			t.Errorf("changes since the previous draft: %v", ch)
		}
		w.post("leader", "/documents/"+doc+"/issue", nil, rev).ok()
		w.jobs()
		w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-07", 9))
		if page = text(w.get("office", "/documents/"+doc).ok(), "html"); !strings.Contains(page, `>2</button>场，去年`) {
			t.Error("the figure in own text was not frozen")
		}
	})
}

// TestRecipientOpensTheSource: with the document delivered, its source pages open, without the units that make it up.
func TestRecipientOpensTheSource(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.counted("clerk3", "manager2", "publicity-session", "荷花社区", session("2020-12-05", 31))
		doc, rev := w.draft("", "2020")
		n := numbers(w.get("office", "/documents/"+doc).ok())[fmt.Sprintf("publicity.sessions %d 2020", w.units[""])]
		source := fmt.Sprintf("/source/%s/%d", doc, n)
		w.bad(ask{as: "manager1", method: "GET", path: source}, 404, "document.none", "", "")
		rev = w.recipients("office", doc, rev, "东街")
		w.bad(ask{as: "manager1", method: "GET", path: source}, 404, "document.none", "", "")
		w.post("leader", "/documents/"+doc+"/issue", nil, rev).ok()
		w.jobs()
		s := w.get("manager1", source).ok()
		if text(s, "issued.display") != "1" || text(s, "issued.digest") == "" || text(s, "figure.definition.zh") == "" {
			t.Errorf("source: %v", s)
		}
		if len(list(s, "figure.children")) != 0 || len(list(s, "figure.records")) != 0 || num(s, "figure.outside") != 1 {
			t.Errorf("more than the value: %v", at(s, "figure"))
		}
		w.bad(ask{as: "manager2", method: "GET", path: source}, 404, "document.none", "", "")
	})
}

// TestTemplateComesIn checks, tries and brings in a template, and its next version.
func TestTemplateComesIn(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		good := wordFile(t)
		r := w.do(ask{as: "office", method: "POST", path: "/templates/check?key=", body: good}).ok()
		if len(list(r, "faults")) != 0 || len(list(r, "texts")) != 2 || num(r, "figures") < 30 {
			t.Errorf("check: %v", r)
		}
		w.bad(ask{as: "office", method: "POST", path: "/templates/check?key=", body: []byte("not a file")}, 422, "document.not-word", "", "")
		w.bad(ask{as: "office", method: "POST", path: "/templates?key=Bad%20Key&title=t&period=year&kind=summary", body: good}, 422, "document.template-key", "", "")
		trial := w.do(ask{as: "office", method: "POST", path: fmt.Sprintf("/templates/trial?key=&unit=%d&period=2020", w.units[""]), body: good}).ok()
		if !strings.Contains(text(trial, "html"), "四方区2020年生活垃圾分类工作总结") {
			t.Error("the trial has no text")
		}
		if v := num(w.do(ask{as: "office", method: "POST", path: "/templates?key=half-year&title=half&period=quarter&kind=bulletin", body: good}).ok(), "version"); v != 1 {
			t.Errorf("version %d", v)
		}
		if v := num(w.do(ask{as: "office", method: "POST", path: "/templates?key=half-year&title=half2&period=quarter&kind=bulletin", body: good}).ok(), "version"); v != 2 {
			t.Errorf("version %d", v)
		}
		for _, x := range list(w.get("office", "/templates").ok(), "items") {
			if text(x, "key") == "half-year" && (len(list(x, "versions")) != 2 || text(x, "title.zh") != "half2") {
				t.Errorf("versions: %v", x)
			}
		}
		d := w.post("office", "/documents", vals{"template": "half-year", "unit": w.units[""], "period": "2020-Q4"}, 0).ok()
		if k := text(w.get("office", "/documents/"+text(d, "id")).ok(), "kind"); k != "bulletin" {
			t.Errorf("kind %q", k)
		}
	})
}
