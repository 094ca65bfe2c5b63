package app_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

func (w *world) draft(unit, period string) (string, int64) {
	w.t.Helper()
	d := w.post("office", "/documents", vals{"template": "annual-summary", "unit": w.units[unit], "period": period}, 0).ok()
	return text(d, "id"), num(d, "rev")
}

// numbers are the numbers under which a document cites its figures.
func numbers(doc map[string]any) map[string]int64 {
	out := map[string]int64{}
	for _, c := range list(doc, "cited") {
		out[fmt.Sprint(text(c, "key"), " ", num(c, "unit.id"), " ", text(c, "period"))] = num(c, "n")
	}
	return out
}

func TestDocumentLife(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		first, firstRev := w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-05", 31))
		doc, rev := w.draft("", "2020")
		again, _ := w.draft("", "2020")
		if again != doc {
			t.Error("a second draft of the same summary was made")
		}
		ns := numbers(w.get("office", "/documents/"+doc).ok())
		write := func(match int64, body string) reply {
			return w.do(ask{as: "office", method: "PUT", path: "/documents/" + doc + "/texts", match: match, body: vals{"texts": vals{"下一步打算": body}}})
		}
		rev2 := num(write(rev, "继续推进。").ok(), "rev")
		w.bad(ask{as: "office", method: "PUT", path: "/documents/" + doc + "/texts", match: rev, body: vals{"texts": vals{"下一步打算": "旧的"}}}, 412, "document.changed", "", "")
		w.bad(ask{as: "leader", method: "POST", path: "/documents/" + doc + "/issue", match: rev}, 412, "document.changed", "", "")
		rev3 := num(write(rev2, "").ok(), "rev")
		w.bad(ask{as: "leader", method: "POST", path: "/documents/" + doc + "/issue", match: rev3}, 409, "document.gaps", "", "")
		rev4 := num(write(rev3, "继续推进。").ok(), "rev")
		if now := numbers(w.get("office", "/documents/"+doc).ok()); fmt.Sprint(now) != fmt.Sprint(ns) {
			t.Errorf("figures were numbered anew:\n%v\n%v", ns, now)
		}
		got := w.post("leader", "/documents/"+doc+"/issue", nil, rev4).ok()
		if n := text(got, "number"); n != "四方区分类办〔2020〕1号" || text(got, "state") != "issuing" {
			t.Errorf("number %q, state %v", n, got["state"])
		}
		// the server goes down between the two transactions and comes back; records change meanwhile
		w.close()
		w.open()
		w.post("manager1", "/entries/"+first+"/void", vals{"reason": "重复登记"}, firstRev).ok()
		w.bad(ask{as: "leader", method: "POST", path: "/documents/" + doc + "/issue", match: rev4}, 409, "document.wrong-state", "", "")
		w.jobs()
		issued := w.get("office", "/documents/"+doc).ok()
		if text(issued, "state") != "issued" || text(issued, "number") != "四方区分类办〔2020〕1号" {
			t.Fatalf("after the crash: %v %v", issued["state"], issued["number"])
		}
		for _, c := range list(issued, "cited") {
			if text(c, "key") == "publicity.sessions" && text(c, "period") == "2020" && num(c, "unit.id") == w.units[""] && num(c, "value") != 1 {
				t.Errorf("the issued document says %v sessions, it was issued with 1", at(c, "value"))
			}
			if text(c, "digest") == "" || text(c, "source") == "" || text(c, "title.zh") == "" || text(c, "display") == "" && at(c, "missing") != true {
				t.Errorf("an incomplete citation: %v", c)
			}
			s := w.get("office", fmt.Sprintf("/source/%s/%d", doc, num(c, "n"))).ok()
			if text(s, "issued.digest") != text(c, "digest") || text(s, "document.number") != "四方区分类办〔2020〕1号" {
				t.Errorf("the source of %v: %v", c, s["issued"])
			}
		}
		if now := numbers(issued); fmt.Sprint(now) != fmt.Sprint(ns) {
			t.Errorf("figures were numbered anew by issue:\n%v\n%v", ns, now)
		}
		file := w.get("office", "/documents/"+doc+"/file").body
		z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		must(t, err)
		all := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			must(t, err)
			raw, err := io.ReadAll(r)
			must(t, err)
			all[f.Name] = string(raw)
		}
		for _, c := range list(issued, "cited") {
			link := "https://sifen.example" + text(c, "source")
			if !strings.Contains(all["word/_rels/document.xml.rels"], link+`"`) {
				t.Errorf("the Word file has no link %s", link)
			}
		}
		if !strings.Contains(all["word/document.xml"], "继续推进。") || !strings.Contains(all["word/document.xml"], "1号") {
			t.Error("the Word file lacks its text or number")
		}
		other, otherRev := w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-06", 7))
		w.post("manager1", "/entries/"+other+"/void", vals{"reason": "又重复了"}, otherRev).ok()
		w.jobs()
		if later := w.get("office", "/documents/"+doc+"/file").body; !bytes.Equal(later, file) {
			t.Error("the issued file changed")
		}
		diff := w.get("office", "/documents/"+doc+"/differences").ok()
		var r any
		for _, x := range list(diff, "items") {
			if text(x, "key") == "publicity.sessions" {
				r = at(x, "records.0")
			}
		}
		if len(list(diff, "items")) == 0 || text(r, "record") != first || text(r, "change") != "removed" || text(r, "op") != "void" || text(r, "reason") != "重复登记" || text(r, "by") != "甲manager1" {
			t.Errorf("differences: %v", diff)
		}
		second, secondRev := w.draft("", "2020")
		if second == doc {
			t.Fatal("a correction must be a new document")
		}
		if n := text(w.post("leader", "/documents/"+second+"/issue", nil, secondRev).ok(), "number"); n != "四方区分类办〔2020〕2号" {
			t.Errorf("the second document has number %q", n)
		}
		w.jobs()
		w.settled()
	})
}

func TestTwoIssuesAtOnce(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		a, aRev := w.draft("", "2020")
		b, bRev := w.draft("", "2019")
		c, cRev := w.draft("", "2018")
		w.bad(ask{as: "manager1", method: "POST", path: "/documents/" + a + "/issue", match: aRev}, 403, "http.forbidden", "", "")
		var wg sync.WaitGroup
		answers := make([]reply, 4)
		for i, d := range []struct {
			id  string
			rev int64
		}{{a, aRev}, {b, bRev}, {b, bRev}, {c, cRev + 9}} {
			wg.Go(func() { answers[i] = w.post("leader", "/documents/"+d.id+"/issue", nil, d.rev) })
		}
		wg.Wait()
		got := map[string]bool{}
		for _, r := range answers {
			if r.status == 200 {
				got[text(r.json(), "number")] = true
			}
		}
		if len(got) != 2 || !got["四方区分类办〔2020〕1号"] || !got["四方区分类办〔2020〕2号"] {
			t.Errorf("numbers drawn: %v", got)
		}
		w.jobs()
		if n := text(w.post("leader", "/documents/"+c+"/issue", nil, cRev).ok(), "number"); n != "四方区分类办〔2020〕3号" {
			t.Errorf("a refused issue left a gap: %q", n)
		}
	})
}
