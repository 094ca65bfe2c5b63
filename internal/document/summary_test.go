package document_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"sifen/internal/apptest"
	"strings"
	"sync"
	"testing"
)

// numbers are the numbers under which a document cites its figures.
func numbers(doc map[string]any) map[string]int64 {
	out := map[string]int64{}
	for _, c := range apptest.List(doc, "cited") {
		out[fmt.Sprint(apptest.Text(c, "key"), " ", apptest.Num(c, "unit.id"), " ", apptest.Text(c, "period"))] = apptest.Num(c, "n")
	}
	return out
}

func TestDocumentLife(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		first, firstRev := w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-05", 31))
		doc, rev := w.Draft("", "2020")
		again, _ := w.Draft("", "2020")
		if again != doc {
			t.Error("a second draft of the same summary was made")
		}
		ns := numbers(w.Get("office", "/documents/"+doc).OK())
		write := func(match int64, body string) apptest.Reply {
			return w.Do(apptest.Ask{As: "office", Method: "PUT", Path: "/documents/" + doc + "/texts", Match: match,
				Body: apptest.Vals{"texts": apptest.Vals{"下一步打算": body}}})
		}
		rev2 := apptest.Num(write(rev, "继续推进。").OK(), "rev")
		w.Bad(apptest.Ask{As: "office", Method: "PUT", Path: "/documents/" + doc + "/texts", Match: rev,
			Body: apptest.Vals{"texts": apptest.Vals{"下一步打算": "旧的"}}}, 412, "document.changed", "", "")
		w.Bad(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + doc + "/issue", Match: rev}, 412, "document.changed", "", "")
		rev3 := apptest.Num(write(rev2, "").OK(), "rev")
		w.Bad(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + doc + "/issue", Match: rev3}, 409, "document.gaps", "", "")
		rev4 := apptest.Num(write(rev3, "继续推进。").OK(), "rev")
		if now := numbers(w.Get("office", "/documents/"+doc).OK()); fmt.Sprint(now) != fmt.Sprint(ns) {
			t.Errorf("figures were numbered anew:\n%v\n%v", ns, now)
		}
		got := w.Post("leader", "/documents/"+doc+"/issue", nil, rev4).OK()
		if n := apptest.Text(got, "number"); n != "四方区分类办〔2020〕1号" || apptest.Text(got, "state") != "issuing" {
			t.Errorf("number %q, state %v", n, got["state"])
		}
		// the server goes down between the two transactions and comes back; records change meanwhile
		w.Close()
		w.Open()
		w.Post("manager1", "/entries/"+first+"/void", apptest.Vals{"reason": "重复登记"}, firstRev).OK()
		w.Bad(apptest.Ask{As: "leader", Method: "POST", Path: "/documents/" + doc + "/issue", Match: rev4}, 409, "document.wrong-state", "", "")
		w.Jobs()
		issued := w.Get("office", "/documents/"+doc).OK()
		if apptest.Text(issued, "state") != "issued" || apptest.Text(issued, "number") != "四方区分类办〔2020〕1号" {
			t.Fatalf("after the crash: %v %v", issued["state"], issued["number"])
		}
		for _, c := range apptest.List(issued, "cited") {
			if apptest.Text(c, "key") == "publicity.sessions" && apptest.Text(c, "period") == "2020" && apptest.Num(c, "unit.id") == w.Units[""] &&
				apptest.Num(c, "value") != 1 {
				t.Errorf("the issued document says %v sessions, it was issued with 1", apptest.At(c, "value"))
			}
			if apptest.Text(c, "digest") == "" || apptest.Text(c, "source") == "" || apptest.Text(c, "title.zh") == "" ||
				apptest.Text(c, "display") == "" && apptest.At(c, "missing") != true {
				t.Errorf("an incomplete citation: %v", c)
			}
			s := w.Get("office", fmt.Sprintf("/source/%s/%d", doc, apptest.Num(c, "n"))).OK()
			if apptest.Text(s, "issued.digest") != apptest.Text(c, "digest") || apptest.Text(s, "document.number") != "四方区分类办〔2020〕1号" {
				t.Errorf("the source of %v: %v", c, s["issued"])
			}
		}
		if now := numbers(issued); fmt.Sprint(now) != fmt.Sprint(ns) {
			t.Errorf("figures were numbered anew by issue:\n%v\n%v", ns, now)
		}
		file := w.Get("office", "/documents/"+doc+"/file").Body
		z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		apptest.Must(t, err)
		all := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			apptest.Must(t, err)
			raw, err := io.ReadAll(r)
			apptest.Must(t, err)
			all[f.Name] = string(raw)
		}
		for _, c := range apptest.List(issued, "cited") {
			link := "https://sifen.example" + apptest.Text(c, "source")
			if !strings.Contains(all["word/_rels/document.xml.rels"], link+`"`) {
				t.Errorf("the Word file has no link %s", link)
			}
		}
		if !strings.Contains(all["word/document.xml"], "继续推进。") || !strings.Contains(all["word/document.xml"], "1号") {
			t.Error("the Word file lacks its text or number")
		}
		other, otherRev := w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 7))
		w.Post("manager1", "/entries/"+other+"/void", apptest.Vals{"reason": "又重复了"}, otherRev).OK()
		w.Jobs()
		if later := w.Get("office", "/documents/"+doc+"/file").Body; !bytes.Equal(later, file) {
			t.Error("the issued file changed")
		}
		diff := w.Get("office", "/documents/"+doc+"/differences").OK()
		var r any
		for _, x := range apptest.List(diff, "items") {
			if apptest.Text(x, "key") == "publicity.sessions" {
				r = apptest.At(x, "records.0")
			}
		}
		if len(apptest.List(diff, "items")) == 0 || apptest.Text(r, "record") != first || apptest.Text(r, "change") != "removed" ||
			apptest.Text(r, "op") != "void" || apptest.Text(r, "reason") != "重复登记" || apptest.Text(r, "by") != "甲manager1" {
			t.Errorf("differences: %v", diff)
		}
		second, secondRev := w.Draft("", "2020")
		if second == doc {
			t.Fatal("a correction must be a new document")
		}
		if n := apptest.Text(w.Post("leader", "/documents/"+second+"/issue", nil, secondRev).OK(), "number"); n != "四方区分类办〔2020〕2号" {
			t.Errorf("the second document has number %q", n)
		}
		w.Jobs()
		w.Settled()
	})
}

func TestTwoIssuesAtOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		a, aRev := w.Draft("", "2020")
		b, bRev := w.Draft("", "2019")
		c, cRev := w.Draft("", "2018")
		w.Bad(apptest.Ask{As: "manager1", Method: "POST", Path: "/documents/" + a + "/issue", Match: aRev}, 403, "http.forbidden", "", "")
		var wg sync.WaitGroup
		answers := make([]apptest.Reply, 4)
		for i, d := range []struct {
			id  string
			rev int64
		}{{a, aRev}, {b, bRev}, {b, bRev}, {c, cRev + 9}} {
			wg.Go(func() { answers[i] = w.Post("leader", "/documents/"+d.id+"/issue", nil, d.rev) })
		}
		wg.Wait()
		got := map[string]bool{}
		for _, r := range answers {
			if r.Status == 200 {
				got[apptest.Text(r.JSON(), "number")] = true
			}
		}
		if len(got) != 2 || !got["四方区分类办〔2020〕1号"] || !got["四方区分类办〔2020〕2号"] {
			t.Errorf("numbers drawn: %v", got)
		}
		w.Jobs()
		if n := apptest.Text(w.Post("leader", "/documents/"+c+"/issue", nil, cRev).OK(), "number"); n != "四方区分类办〔2020〕3号" {
			t.Errorf("a refused issue left a gap: %q", n)
		}
	})
}
