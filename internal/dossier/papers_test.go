package dossier_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// parts reads a zip: names and contents.
func parts(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	apptest.Must(t, err)
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		apptest.Must(t, err)
		b, err := io.ReadAll(r)
		apptest.Must(t, err)
		out[f.Name] = string(b)
	}
	return out
}

func pictures(word map[string]string) (n int) {
	for name := range word {
		if strings.HasPrefix(name, "word/media/") {
			n++
		}
	}
	return n
}

func step(w *apptest.World, as, kase, path string, body vals) apptest.Reply {
	w.T.Helper()
	v := w.Get(as, "/cases/"+kase)
	if v.Status != 200 {
		return v
	}
	return w.Post(as, "/cases/"+kase+"/"+path, body, apptest.Num(v.JSON(), "rev"))
}

// TestHandOver: what is handed over is one file with everything in it and the digest of each, by the law of both days; what came
// back stands in the list and in the figures; a phone number is whole in the file alone.
func TestHandOver(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		photo := apptest.Photo(1)
		v := w.Post("office2", "/cases", vals{"unit": w.Units["桂园"], "title": "倾倒垃圾，联系 13912345678", "words": "居民来电 13812345678", "severity": "major",
			"instrument": "supervise", "basis": []string{"dumping-unit"}, "origin": "resident", "photos": []string{w.Upload("office2", photo)}}, 0).OK()
		id, no := apptest.Text(v, "id"), apptest.Text(v, "no")
		w.Get("office", "/cases/"+id+"/transfer-file").Refused(409, "rectify.not-transferred")
		step(w, "office", id, "issue", vals{"op": "issue"}).OK()
		for range 2 {
			step(w, "clerk1", id, "reply", vals{"op": "reply", "words": "已清运"}).OK()
			step(w, "office", id, "recheck", vals{"op": "fail", "words": "还在倾倒"}).OK()
		}
		step(w, "office", id, "transfer", vals{"op": "transfer", "words": "两次复查不合格"}).OK()
		list := apptest.List(w.Get("office", "/transfers").OK(), "items")
		w.Expect("handed over", len(list), 1)
		w.Expect("no answer", apptest.At(list[0], "result"), nil)
		w.Expect("figure", w.Figure("transfers.all", "", "2020"), int64(1))
		w.Expect("the party sees the number masked", apptest.Text(w.Get("clerk1", "/cases/"+id).OK(), "words"), "居民来电 138****5678")
		w.Expect("the office whole", apptest.Text(w.Get("office", "/cases/"+id).OK(), "words"), "居民来电 13812345678")
		w.Expect("its title whole", apptest.Text(w.Get("office", "/cases/"+id).OK(), "title.zh"), "倾倒垃圾，联系 13912345678")
		w.Expect("a list shows no number", apptest.Text(w.Get("office", "/cases?size=1&q=倾倒").OK(), "rows.0.title.zh"), "倾倒垃圾，联系 139****5678")
		if news := string(w.Get("office", "/search?q=倾倒").Body); strings.Contains(news, "13912345678") || !strings.Contains(news, "139****5678") {
			w.T.Errorf("the search tells %s", news)
		}
		w.Expect("a lead", apptest.Text(apptest.List(w.Get("office", "/cases?lead=true").OK(), "rows")[0], "origin"), "resident")

		file := w.Get("office", "/cases/"+id+"/transfer-file")
		w.Get("clerk1", "/cases/"+id+"/transfer-file").Refused(403, "http.forbidden")
		if file.Status != 200 {
			w.T.Fatalf("%d %s", file.Status, file.Body)
		}
		in := parts(w.T, file.Body)
		letter := parts(w.T, []byte(in["01 涉嫌违法案件移送单 "+no+".docx"]))["word/document.xml"]
		for _, want := range []string{"倾倒垃圾", "两次复查不合格", "复查不合格", "罚款 50000 元至", "2020年12月31日", "由执法部门认定", "还在倾倒", "13812345678"} {
			if !strings.Contains(letter, want) {
				w.T.Errorf("the letter does not say %q", want)
			}
		}
		found := false
		for name, content := range in {
			if strings.HasPrefix(name, "照片/") {
				found = true
				w.Expect("the photo as it came", content, string(photo))
				if !strings.Contains(in["清单.csv"], name) || !strings.Contains(in["清单.csv"], apptest.Sum(photo)) {
					w.T.Error("the list lacks the photo or its digest")
				}
			}
		}
		if !found {
			w.T.Error("the file lacks the photo")
		}

		step(w, "office", id, "transfer", vals{"op": "result"}).Refused(422, "rectify.invalid")
		step(w, "office", id, "transfer", vals{"op": "result", "result": vals{"no": "云综执罚〔2020〕12号", "decision": "fined", "amount": 60000,
			"day": "2020-12-31"}}).OK()
		list = apptest.List(w.Get("office", "/transfers").OK(), "items")
		w.Expect("the decision", apptest.Text(list[0], "result.decision"), "fined")
		w.Expect("laws are those of its day", apptest.Text(w.Get("office", "/cases/"+id).OK(), "judged"), "2020-12-31")
		w.Expect("answered", w.Figure("transfers.answered", "", "2020"), int64(1))
		w.Expect("fines", w.Figure("transfers.fines", "", "2020"), int64(60000))
		w.Expect("the other street has none", len(apptest.List(w.Get("manager2", "/transfers").OK(), "items")), 0)
		w.Settled()
	})
}

// TestReport: the party prints what it did, before and after side by side; before it replied there is nothing to sign.
func TestReport(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		v := w.Post("office2", "/cases", vals{"unit": w.Units["桂园"], "title": "满溢", "severity": "minor", "instrument": "prompt",
			"photos": []string{w.Upload("office2", apptest.Photo(1))}}, 0).OK()
		id := apptest.Text(v, "id")
		step(w, "office", id, "issue", vals{"op": "issue"}).OK()
		w.Get("clerk1", "/cases/"+id+"/report").Refused(409, "rectify.no-reply")
		step(w, "clerk1", id, "reply", vals{"op": "reply", "words": "加了一个桶", "photos": []string{w.Upload("clerk1", apptest.Photo(2))}}).OK()
		word := parts(w.T, w.Get("clerk1", "/cases/"+id+"/report").Body)
		text := word["word/document.xml"]
		for _, want := range []string{"加了一个桶", "桂花社区", apptest.Text(v, "no"), "负责人（签字）"} {
			if !strings.Contains(text, want) {
				w.T.Errorf("the report does not say %q", want)
			}
		}
		w.Expect("pictures", pictures(word), 2)
		if i, j := strings.Index(text, "整改前"), strings.Index(text, "整改后"); i < 0 || j < i {
			w.T.Error("before does not stand left of after")
		}
		w.Get("clerk3", "/cases/"+id+"/report").Refused(404, "rectify.no-case")
	})
}
