package document_test

import (
	"context"
	"fmt"
	"sifen/internal/apptest"
	"sifen/internal/ziptest"
	"strings"
	"sync"
	"testing"
)

func upload0(w *apptest.World, as, unit, kind, title, query string) (string, int64) {
	w.T.Helper()
	r := w.Do(apptest.Ask{As: as, Method: "POST", Path: fmt.Sprintf("/documents/file?kind=%s&unit=%d&title=%s&name=a.pdf%s", kind, w.Units[unit], title,
		query), Body: []byte("%PDF-1.4 " + title + query)}).OK()
	return apptest.Text(r, "id"), apptest.Num(r, "rev")
}

func recipients(w *apptest.World, as, doc string, rev int64, units ...string) int64 {
	w.T.Helper()
	var list []int64
	for _, u := range units {
		list = append(list, w.Units[u])
	}
	return apptest.Num(w.Do(apptest.Ask{As: as, Method: "PUT", Path: "/documents/" + doc + "/recipients", Match: rev,
		Body: apptest.Vals{"units": list}}).OK(), "rev")
}

// TestNoticeIsDeliveredAndSigned follows a notice: put forward, sent back, approved, issued, read, signed, reminded.
func TestNoticeIsDeliveredAndSigned(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		doc, rev := upload0(w, "office", "", "notice", "notice-one", "")
		rev = recipients(w, "office", doc, rev, "东街", "西镇", "教育局")
		step := func(as, path string, rev int64, body any) apptest.Reply {
			return w.Do(apptest.Ask{As: as, Method: "POST", Path: "/documents/" + doc + "/" + path, Match: rev, Body: body})
		}
		// before issue nobody else sees it
		w.Bad(apptest.Ask{As: "clerk1", Method: "GET", Path: "/documents/" + doc}, 404, "document.none", "", "")
		// the drafter does not approve himself
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/documents/" + doc + "/issue", Match: rev}, 403, "document.own-approval", "", "")
		rev = apptest.Num(step("office", "submit", rev, nil).OK(), "rev")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/documents/" + doc + "/approve", Match: rev}, 403, "document.own-approval", "", "")
		w.Bad(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + doc + "/send-back", Match: rev, Body: apptest.Vals{"reason": " "}}, 422,
			"document.no-words", "", "")
		w.Bad(apptest.Ask{As: "office", Method: "DELETE", Path: "/documents/" + doc, Match: rev}, 409, "document.in-review", "", "")
		rev = apptest.Num(step("leader", "send-back", rev, apptest.Vals{"reason": "缺少附件"}).OK(), "rev")
		step("leader", "comments", 0, apptest.Vals{"text": "附件请用表格"}).OK()
		rev = apptest.Num(step("office", "submit", rev, nil).OK(), "rev")
		w.Bad(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + doc + "/approve", Match: rev - 1}, 412, "document.changed", "", "")
		rev = apptest.Num(step("office2", "approve", rev, nil).OK(), "rev")
		got := step("office", "issue", rev, nil).OK() // approved by another, so the drafter may
		if n := apptest.Text(got, "number"); n != "四方区分类办通〔2020〕1号" || apptest.Text(got, "state") != "issued" {
			t.Fatalf("number %q, state %v", n, got["state"])
		}
		w.Bad(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + doc + "/issue", Match: rev}, 409, "document.wrong-state", "", "")

		// history tells who did what, in order, to those within reach alone
		full := w.Get("leader", "/documents/"+doc).OK()
		var ops []string
		for _, e := range apptest.List(full, "events") {
			ops = append(ops, apptest.Text(e, "op"))
		}
		if s := strings.Join(ops, " "); s != "create recipients submit return comment submit approve issue" {
			t.Errorf("history: %s", s)
		}

		// the street reads and signs; who only sits above does not sign for it
		if l := apptest.List(w.Get("manager1", "/deliveries/unsigned").OK(), "items"); len(l) != 1 || apptest.Text(l[0], "id") != doc ||
			apptest.Text(l[0], "unit.name") != "东街" {
			t.Errorf("waiting for 东街: %v", l)
		}
		mine := w.Get("manager1", "/documents/"+doc).OK()
		if len(apptest.List(mine, "deliveries")) != 1 || len(apptest.List(mine, "events")) != 0 || apptest.At(mine, "within") != false {
			t.Errorf("a recipient sees too much: %v %v", mine["deliveries"], mine["events"])
		}
		w.Bad(apptest.Ask{As: "manager1", Method: "POST", Path: "/documents/" + doc + "/comments", Body: apptest.Vals{"text": "?"}}, 403,
			"document.forbidden", "", "")
		if r := w.Get("manager1", "/documents/"+doc+"/file"); r.Status != 200 {
			t.Errorf("the file: %d", r.Status)
		}
		w.Post("manager1", "/documents/"+doc+"/read", nil, 0).OK()
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/documents/" + doc + "/sign", Body: apptest.Vals{"unit": w.Units["东街"]}}, 403,
			"document.sign-own-unit", "", "")
		w.Bad(apptest.Ask{As: "manager1", Method: "POST", Path: "/documents/" + doc + "/sign", Body: apptest.Vals{"unit": w.Units["西镇"]}}, 404,
			"document.no-recipient", "", "")
		w.Post("manager1", "/documents/"+doc+"/sign", apptest.Vals{"unit": w.Units["东街"]}, 0).OK()
		w.Bad(apptest.Ask{As: "manager1", Method: "POST", Path: "/documents/" + doc + "/sign", Body: apptest.Vals{"unit": w.Units["东街"]}}, 409,
			"document.signed", "", "")
		if l := apptest.List(w.Get("manager1", "/deliveries/unsigned").OK(), "items"); len(l) != 0 {
			t.Errorf("still waiting: %v", l)
		}
		// the clerk of a community below has nothing of it
		w.Bad(apptest.Ask{As: "clerk1", Method: "GET", Path: "/documents/" + doc}, 404, "document.none", "", "")

		full = w.Get("office", "/documents/"+doc).OK()
		if apptest.Num(full, "recipients") != 3 || apptest.Num(full, "read") != 1 || apptest.Num(full, "signed") != 1 {
			t.Errorf("recipients %v read %v signed %v", full["recipients"], full["read"], full["signed"])
		}
		if n := apptest.Num(w.Post("office", "/documents/"+doc+"/remind", nil, 0).OK(), "units"); n != 2 {
			t.Errorf("%d reminded", n)
		}
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/documents/" + doc + "/remind"}, 409, "document.nothing-to-remind", "", "")
		// a unit may be added later and gets it at once; none is taken back
		rev = apptest.Num(full, "rev")
		w.Bad(apptest.Ask{As: "office", Method: "PUT", Path: "/documents/" + doc + "/recipients", Match: rev,
			Body: apptest.Vals{"units": []int64{w.Units["西镇"]}}}, 409, "document.delivered", "", "")
		recipients(w, "office", doc, rev, "东街", "西镇", "教育局", "桂花社区")
		if l := apptest.List(w.Get("clerk1", "/deliveries/unsigned").OK(), "items"); len(l) != 1 {
			t.Errorf("the added unit: %v", l)
		}
		w.Get("clerk1", "/documents/"+doc).OK()

		// both sides of the register
		count := func(as, q string) int64 { return apptest.Num(w.Get(as, "/documents?"+q).OK(), "total") }
		for q, want := range map[string]int64{
			"box=sent&kind=notice&year=2020&state=unsigned": 1, "box=sent&kind=minutes": 0, "box=sent&q=notice-one": 1, "box=sent&year=2019": 0,
			"box=sent&q=100%25": 0,
		} {
			if got := count("office", q); got != want {
				t.Errorf("%s: %d, want %d", q, got, want)
			}
		}
		inbox := fmt.Sprintf("box=received&unit=%d", w.Units["东街"])
		if count("manager1", inbox) != 1 || count("manager1", inbox+"&state=unsigned") != 0 || count("manager1", inbox+"&state=signed") != 1 ||
			count("manager2", inbox) != 0 {
			t.Error("the inbox of 东街 is wrong")
		}
	})
}

// TestReceivedDocument is a paper from outside: registered with its file, sender, number and day, and handed on.
// TestDocumentIsEnded: an issued document is repealed or revoked with a reason; nothing of it is lost, nobody signs any
// more, its number is not drawn again, and another summary of the same period can be drafted.
func TestDocumentIsEnded(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		doc, rev := upload0(w, "office", "", "notice", "notice-one", "")
		rev = recipients(w, "office", doc, rev, "东街", "西镇")
		end := func(as string, rev int64, how, reason string) apptest.Ask {
			return apptest.Ask{As: as, Method: "POST", Path: "/documents/" + doc + "/end", Match: rev, Body: apptest.Vals{"how": how, "reason": reason}}
		}
		w.Bad(end("leader", rev, "repealed", "x"), 409, "document.wrong-state", "", "")
		number := apptest.Text(w.Do(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + doc + "/issue", Match: rev}).OK(), "number")
		w.Post("manager1", "/documents/"+doc+"/sign", apptest.Vals{"unit": w.Units["东街"]}, 0).OK()
		full := w.Get("leader", "/documents/"+doc).OK()
		rev = apptest.Num(full, "rev")
		w.Expect("may end", apptest.At(full, "may.end"), true)
		w.Bad(end("clerk1", rev, "repealed", "x"), 403, "http.forbidden", "", "")
		w.Bad(end("manager1", rev, "repealed", "x"), 403, "http.forbidden", "", "")
		w.Bad(end("leader", rev, "repealed", "  "), 422, "document.no-words", "", "")
		w.Bad(end("leader", rev-1, "repealed", "x"), 412, "document.changed", "", "")
		w.Bad(end("leader", rev, "burnt", "x"), 422, "http.input", "", "")
		w.Do(end("leader", rev, "repealed", "已有新通知")).OK()
		full = w.Get("leader", "/documents/"+doc).OK()
		rev = apptest.Num(full, "rev")
		w.Bad(end("leader", rev, "revoked", "x"), 409, "document.ended", "", "")
		w.Expect("what is told", [4]any{apptest.Text(full, "state"), apptest.Text(full, "ended"), apptest.Text(full, "ended_reason"),
			apptest.Text(full, "number")}, [4]any{"issued", "repealed", "已有新通知", number})
		if r := w.Get("manager2", "/documents/"+doc+"/file"); r.Status != 200 {
			t.Errorf("the file of an ended document: %d", r.Status)
		}
		// nobody signs, reminds or adds recipients any more; the recipients were told
		w.Bad(apptest.Ask{As: "manager2", Method: "POST", Path: "/documents/" + doc + "/sign", Body: apptest.Vals{"unit": w.Units["西镇"]}}, 409,
			"document.ended", "", "")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/documents/" + doc + "/remind"}, 409, "document.ended", "", "")
		w.Bad(apptest.Ask{As: "office", Method: "PUT", Path: "/documents/" + doc + "/recipients", Match: rev,
			Body: apptest.Vals{"units": []int64{w.Units["教育局"]}}}, 409, "document.ended", "", "")
		w.Expect("waiting for 西镇", len(apptest.List(w.Get("manager2", "/deliveries/unsigned").OK(), "items")), 0)
		told := false
		for _, n := range apptest.List(w.Get("manager2", "/notices").OK(), "items") {
			told = told || strings.Contains(apptest.Text(n, "title.zh"), "已废止："+number)
		}
		w.Expect("told", told, true)
		count := func(q string) int64 { return apptest.Num(w.Get("office", "/documents?box=sent&"+q).OK(), "total") }
		w.Expect("in the register", [3]int64{count("state=ended"), count("state=issued"), count("state=unsigned")}, [3]int64{1, 0, 0})
		// its number stays used
		next, rev2 := upload0(w, "office", "", "notice", "notice-two", "")
		got := apptest.Text(w.Do(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + next + "/issue", Match: rev2}).OK(), "number")
		w.Expect("the next number", got, strings.Replace(number, "1号", "2号", 1))

		// a revoked summary makes room for another of the same unit and period
		first := w.Post("office", "/documents", apptest.Vals{"template": "annual-summary", "unit": w.Units[""], "period": "2020"}, 0).OK()
		apptest.Must(t, w.App.DB.Exec(context.Background(), `UPDATE document SET state = 'issued' WHERE id = $1`, apptest.Text(first, "id")))
		doc = apptest.Text(first, "id")
		w.Do(end("leader", apptest.Num(first, "rev"), "revoked", "数字有误")).OK()
		second := w.Post("office", "/documents", apptest.Vals{"template": "annual-summary", "unit": w.Units[""], "period": "2020"}, 0).OK()
		if apptest.Text(second, "id") == doc {
			t.Error("the revoked summary is still the one of the year")
		}
	})
}

func TestReceivedDocument(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		for query, code := range map[string]string{"&origin=outside": "http.input", "&origin=outside&received=2020-12-30": "document.no-words"} {
			w.Bad(apptest.Ask{As: "office", Method: "POST", Path: fmt.Sprintf("/documents/file?kind=notice&unit=%d&title=x&name=a.pdf%s", w.Units[""],
				query), Body: []byte("%PDF-1.4")}, 422, code, "", "")
		}
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: fmt.Sprintf("/documents/file?kind=notice&unit=%d&title=x&name=a.pdf", w.Units[""]),
			Body: []byte("hello")}, 422, "document.not-office-file", "", "")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: fmt.Sprintf("/documents/file?kind=decree&unit=%d&title=x&name=a.pdf", w.Units[""]),
			Body: []byte("%PDF-1.4")}, 422, "document.no-kind", "", "")
		doc, rev := upload0(w, "office", "", "notice", "from-city", "&origin=outside&sender=city&number=7&received=2020-12-28")
		d := w.Get("office", "/documents/"+doc).OK()
		if apptest.Text(d, "state") != "received" || apptest.Text(d, "number") != "7" || apptest.Text(d, "sender") != "city" ||
			apptest.Text(d, "received_day") != "2020-12-28" {
			t.Errorf("registered as %v", d)
		}
		w.Bad(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + doc + "/issue", Match: rev}, 409, "document.wrong-state", "", "")
		w.Bad(apptest.Ask{As: "manager1", Method: "GET", Path: "/documents/" + doc}, 404, "document.none", "", "")
		recipients(w, "office", doc, rev, "东街")
		w.Get("manager1", "/documents/"+doc).OK()
		if n := apptest.Num(w.Get("office", fmt.Sprintf("/documents?box=received&unit=%d&state=received", w.Units[""])).OK(), "total"); n != 1 {
			t.Errorf("%d received", n)
		}
	})
}

// TestNumbersAreGaplessUnderConcurrency draws numbers of one series and of two kinds at once, some of them in
// transactions that fail after the draw.
func TestNumbersAreGaplessUnderConcurrency(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		const n = 12
		type made struct {
			id  string
			rev int64
		}
		var notices, minutes []made
		for i := range n {
			id, rev := upload0(w, "office", "", "notice", fmt.Sprint("n", i), "")
			notices = append(notices, made{id, rev})
			if i%2 == 0 {
				id, rev = upload0(w, "office", "", "minutes", fmt.Sprint("m", i), "")
				minutes = append(minutes, made{id, rev})
			}
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		got := map[string]int{}
		issue := func(d made) {
			r := w.Post("leader", "/documents/"+d.id+"/issue", nil, d.rev)
			if r.Status == 200 {
				mu.Lock()
				got[apptest.Text(r.JSON(), "number")]++
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
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-05", 31))
		doc, rev := w.Draft("", "2020")
		page := apptest.Text(w.Get("office", "/documents/"+doc).OK(), "html")
		i := strings.Index(page, `data-p="`)
		if i < 0 {
			t.Fatal("no paragraph has a key")
		}
		key, _, _ := strings.Cut(page[i+len(`data-p="`):], `"`)
		put := func(own, passage string, match int64) apptest.Ask {
			return apptest.Ask{As: "office", Method: "PUT", Path: "/documents/" + doc + "/texts", Match: match,
				Body: apptest.Vals{"own": apptest.Vals{key: own}, "texts": apptest.Vals{"下一步打算": passage}}}
		}
		w.Bad(put("共{{宣传场次数}}场", "继续", rev), 422, "document.passage", "", "")
		w.Bad(put("{{文 存在问题}}", "继续", rev), 422, "document.passage", "", "")
		rev = apptest.Num(w.Do(put("全年开展宣传培训{{宣传培训场次}}场，去年{{宣传培训场次@上年}}场。", "再办{{宣传培训场次}}场。", rev)).OK(), "rev")
		d := w.Get("office", "/documents/"+doc).OK()
		page = apptest.Text(d, "html")
		if !strings.Contains(page, "own") || !strings.Contains(page, `>1</button>场，去年`) || !strings.Contains(page, "再办<button") {
			t.Fatalf("own text is not in the view")
		}
		lastYear := false
		for _, c := range apptest.List(d, "cited") {
			lastYear = lastYear || apptest.Text(c, "key") == "publicity.sessions" && apptest.Text(c, "period") == "2019"
		}
		if !lastYear {
			t.Error("the figure of last year has no number")
		}
		// a record changes what the draft says; the change shows against the previous draft
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 9))
		ch := w.Get("office", "/documents/"+doc+"/changes").OK()
		var figure, added bool
		for _, f := range apptest.List(ch, "figures") {
			figure = figure || apptest.Text(f, "key") == "publicity.sessions" && apptest.Text(f, "old") == "1" && apptest.Text(f, "new") == "2"
		}
		for _, p := range apptest.List(ch, "paragraphs") {
			added = added || apptest.Text(p, "old") == "" && strings.HasPrefix(apptest.Text(p, "new"), "全年开展宣传培训")
		}
		if !figure || !added {
			t.Errorf("changes since the previous draft: %v", ch)
		}
		w.Post("leader", "/documents/"+doc+"/issue", nil, rev).OK()
		w.Jobs()
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-07", 9))
		if page = apptest.Text(w.Get("office", "/documents/"+doc).OK(), "html"); !strings.Contains(page, `>2</button>场，去年`) {
			t.Error("the figure in own text was not frozen")
		}
	})
}

// TestRecipientOpensTheSource: with the document delivered, its source pages open, without the units that make it up.
func TestRecipientOpensTheSource(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.Counted("clerk3", "manager2", "publicity-session", "荷花社区", apptest.Session("2020-12-05", 31))
		doc, rev := w.Draft("", "2020")
		n := numbers(w.Get("office", "/documents/"+doc).OK())[fmt.Sprintf("publicity.sessions %d 2020", w.Units[""])]
		source := fmt.Sprintf("/source/%s/%d", doc, n)
		w.Bad(apptest.Ask{As: "manager1", Method: "GET", Path: source}, 404, "document.none", "", "")
		rev = recipients(w, "office", doc, rev, "东街")
		w.Bad(apptest.Ask{As: "manager1", Method: "GET", Path: source}, 404, "document.none", "", "")
		w.Post("leader", "/documents/"+doc+"/issue", nil, rev).OK()
		w.Jobs()
		s := w.Get("manager1", source).OK()
		if apptest.Text(s, "issued.display") != "1" || apptest.Text(s, "issued.digest") == "" || apptest.Text(s, "figure.definition.zh") == "" {
			t.Errorf("source: %v", s)
		}
		if len(apptest.List(s, "figure.children")) != 0 || len(apptest.List(s, "figure.records")) != 0 || apptest.Num(s, "figure.outside") != 1 {
			t.Errorf("more than the value: %v", apptest.At(s, "figure"))
		}
		w.Bad(apptest.Ask{As: "manager2", Method: "GET", Path: source}, 404, "document.none", "", "")
	})
}

// TestTemplateComesIn checks, tries and brings in a template, and its next version.
func TestTemplateComesIn(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		good := apptest.WordFile(t)
		r := w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/templates/check?key=", Body: good}).OK()
		if len(apptest.List(r, "faults")) != 0 || len(apptest.List(r, "texts")) != 2 || apptest.Num(r, "figures") < 30 {
			t.Errorf("check: %v", r)
		}
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/templates/check?key=", Body: []byte("not a file")}, 422, "document.not-word", "", "")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/templates?key=Bad%20Key&title=t&period=year&kind=summary", Body: good}, 422,
			"document.template-key", "", "")
		trial := w.Do(apptest.Ask{As: "office", Method: "POST", Path: fmt.Sprintf("/templates/trial?key=&unit=%d&period=2020", w.Units[""]), Body: good}).OK()
		if !strings.Contains(apptest.Text(trial, "html"), "四方区2020年生活垃圾分类工作总结") {
			t.Error("the trial has no text")
		}
		if v := apptest.Num(w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/templates?key=half-year&title=half&period=quarter&kind=bulletin",
			Body: good}).OK(), "version"); v != 1 {
			t.Errorf("version %d", v)
		}
		if v := apptest.Num(w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/templates?key=half-year&title=half2&period=quarter&kind=bulletin",
			Body: good}).OK(), "version"); v != 2 {
			t.Errorf("version %d", v)
		}
		odd := ziptest.Pack(map[string]string{
			"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
			"_rels/.rels": `<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" ` +
				`Target="word/document.xml"/></Relationships>`,
			"word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>` +
				`<w:t>{单位}</w:t></w:r></w:p></w:body></w:document>`}, nil)
		for _, path := range []string{"/templates/check?key=", "/templates?key=odd&title=odd&period=year&kind=bulletin"} {
			r := w.Do(apptest.Ask{As: "office", Method: "POST", Path: path, Body: odd}).OK()
			if list := apptest.List(r, "warnings"); len(list) != 2 || !strings.Contains(apptest.Text(list[1], "message.zh"), "“{单位}”像标签") {
				t.Errorf("%s: what looks like a tag and is none: %v", path, r)
			}
		}
		for _, x := range apptest.List(w.Get("office", "/templates").OK(), "items") {
			if apptest.Text(x, "key") == "half-year" && (len(apptest.List(x, "versions")) != 2 || apptest.Text(x, "title.zh") != "half2") {
				t.Errorf("versions: %v", x)
			}
		}
		d := w.Post("office", "/documents", apptest.Vals{"template": "half-year", "unit": w.Units[""], "period": "2020-Q4"}, 0).OK()
		if k := apptest.Text(w.Get("office", "/documents/"+apptest.Text(d, "id")).OK(), "kind"); k != "bulletin" {
			t.Errorf("kind %q", k)
		}
	})
}
