package indicator_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"sifen/internal/apptest"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/packs"
)

// stranger loads a pack a district wrote by itself, and checks it over the shipped one, as pack check does.
func stranger(w *apptest.World, yaml string) (*pack.Pack, []pack.Fault) {
	w.T.Helper()
	p, faults := w.App.Registry.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: own\nversion: \"1\"\ntitle: {zh: 本区, en: Own}\n")},
		"indicators/own.yaml": {Data: []byte(yaml)}})
	if len(faults) > 0 {
		return p, faults
	}
	base, _ := w.App.Registry.Load(packs.Base())
	_, faults = w.App.Registry.Build(base, p)
	return p, faults
}

func adopt(w *apptest.World, yaml string) error {
	p, faults := stranger(w, yaml)
	if len(faults) > 0 {
		return fmt.Errorf("%s", faults[0])
	}
	_, err := w.App.ApplyPack(context.Background(), w.District, p, period.Date(2019, 1, 1))
	return err
}

// saying is the shipped summary with another text, as a template.
func saying(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "packs", "base", "templates", "annual-summary.docx"))
	apptest.Must(t, err)
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	apptest.Must(t, err)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		apptest.Must(t, err)
		body, err := io.ReadAll(r)
		apptest.Must(t, err)
		if f.Name == "word/document.xml" {
			s := string(body)
			from, to := strings.Index(s, "<w:body>")+len("<w:body>"), strings.LastIndex(s, "<w:sectPr")
			body = []byte(s[:from] + "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" + s[to:])
		}
		x, err := z.Create(f.Name)
		apptest.Must(t, err)
		_, err = x.Write(body)
		apptest.Must(t, err)
	}
	apptest.Must(t, z.Close())
	return out.Bytes()
}

const ownFigures = `
- {key: own.each, measure: formula, expr: 'people * 10 / visits', of: {people: base.visitors, visits: base.visits},
   decimals: 1, title: {zh: 每批人数, en: People a visit}}
- {key: own.points, measure: formula, expr: 'sessions * 3 + each', of: {sessions: publicity.sessions, each: own.each}, title: {zh: 得分, en: Points}}
- {key: own.plain, measure: formula, expr: 'sessions * 2', of: {sessions: publicity.sessions}, title: {zh: 两倍, en: Twice}}
- {key: own.mean, measure: mean, of: publicity.audience, per: publicity.sessions, decimals: 2, title: {zh: 场均人次, en: Mean audience}}
`

// A district adds figures over figures by a pack. Their operands show; without a base there is no value; every place
// says the same.
func TestFormulaFigures(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		apptest.Must(t, adopt(w, ownFigures))
		w.FigureYear()
		page := func(key string) map[string]any {
			t.Helper()
			return w.Get("office", "/figures/"+key+"/page?period=2020").OK()
		}
		if p := page("own.plain"); apptest.Num(p, "value") != 12 || apptest.Text(p, "terms.0.name") != "sessions" ||
			apptest.Text(p, "terms.0.key") != "publicity.sessions" || apptest.Text(p, "expr") != "sessions * 2" {
			t.Errorf("twice the sessions: %v", p)
		}
		if p := page("own.mean"); apptest.Num(p, "value") != 4167 || apptest.Text(p, "display") != "41.67" || apptest.Num(p, "part") != 250 ||
			apptest.Num(p, "of") != 6 { // 250 ÷ 6
			t.Errorf("a mean with two decimals: %v", p)
		}
		said := func(key string) string {
			t.Helper()
			r := w.Do(apptest.Ask{As: "office", Method: "POST", Path: fmt.Sprintf("/templates/trial?key=annual-summary&unit=%d&period=2020", w.Units[""]),
				Body: saying(t, "共〔{{"+key+"}}〕。")}).OK()
			html := apptest.Text(r, "html")
			_, rest, _ := strings.Cut(html, "〔")
			inner, _, ok := strings.Cut(rest, "〕")
			if !ok {
				t.Fatalf("%s in a document: %v", key, r)
			}
			out := ""
			for i, part := range strings.Split(inner, "<") { // without its marks
				if i > 0 {
					_, part, _ = strings.Cut(part, ">")
				}
				out += part
			}
			return strings.TrimSpace(out)
		}
		for _, key := range []string{"own.each", "own.points"} { // no visits: nothing to divide by
			if p := page(key); p["undefined"] != true || p["value"] != nil || apptest.Text(p, "display") != "—" || len(apptest.List(p, "terms")) != 2 {
				t.Errorf("%s without a base: %v", key, p)
			}
			panel := w.Get("office", "/figures/"+key+"?period=2020").OK()
			if panel["undefined"] != true || panel["value"] != nil || len(apptest.List(panel, "terms")) != 2 {
				t.Errorf("the panel of %s without a base: %v", key, panel)
			}
			if s := said(key); s == "0" || strings.ContainsAny(s, "0123456789") {
				t.Errorf("a document says %q of %s without a base", s, key)
			}
		}
		w.Counted("office2", "office", "base-visit", "", apptest.Vals{"visited_on": "2020-03-03", "visitors": "一批", "people": 25})
		for key, want := range map[string]struct {
			value int64
			plain string
			terms []string
		}{
			"own.each":   {250, "25", []string{"base.visitors", "base.visits"}},
			"own.points": {6*3 + 250, "268", []string{"own.each", "publicity.sessions"}},
			"own.plain":  {12, "12", []string{"publicity.sessions"}},
			"own.mean":   {4167, "41.67", []string{"publicity.audience", "publicity.sessions"}},
		} {
			p, panel := page(key), w.Get("office", "/figures/"+key+"?period=2020").OK()
			if apptest.Num(p, "value") != want.value || apptest.Num(panel, "value") != want.value ||
				apptest.Text(p, "display") != apptest.Text(panel, "display") {
				t.Errorf("%s: page %v, panel %v, want %d", key, p["value"], panel["value"], want.value)
			}
			for what, where := range map[string]map[string]any{"page": p, "panel": panel} {
				keys := map[string]bool{}
				for _, x := range apptest.List(where, "terms") {
					keys[apptest.Text(x, "key")] = true
					if term := page(apptest.Text(x, "key")); apptest.Num(term, "value") != apptest.Num(x, "value") {
						t.Errorf("%s of %s: its term %s says %v, its own page %v", what, key, apptest.Text(x, "key"), apptest.At(x, "value"), term["value"])
					}
				}
				for _, k := range want.terms {
					if !keys[k] || len(keys) != len(want.terms) {
						t.Errorf("the %s of %s shows %v as terms", what, key, keys)
					}
				}
			}
			// the document, the Excel table and the page say one thing
			if s := said(key); s != want.plain && s != apptest.Text(p, "display") {
				t.Errorf("a document says %q of %s, the page %q", s, key, apptest.Text(p, "display"))
			}
			lines := w.Get("office", "/figures/"+key+"/export?period=2020&format=csv&table=units").Lines()
			if last := strings.Split(lines[len(lines)-1], ","); strings.TrimSuffix(last[2], ".0") != strings.TrimSuffix(apptest.Text(p, "display"), ".0") {
				t.Errorf("the file says %q of %s, the page %q", last[2], key, apptest.Text(p, "display"))
			}
			// the digest is that of the terms, one after the other
			var files []byte
			for _, term := range want.terms {
				files = append(files, w.Get("office", "/figures/"+term+"/download?period=2020").Body...)
			}
			if file := w.Get("office", "/figures/"+key+"/download?period=2020").Body; len(file) == 0 || !bytes.Equal(file, files) {
				t.Errorf("the digest file of %s is not that of its terms", key)
			}
		}
		// shipped: undefined without people reached, then rounded
		if p := page("publicity.copies_per_thousand"); p["undefined"] != true || len(apptest.List(p, "terms")) != 2 {
			t.Errorf("copies per thousand without people: %v", p)
		}
		w.Settled()
	})
}

// What is wrong with a formula is said with its place and what to do.
func TestFormulaFaults(t *testing.T) {
	w := apptest.New(t, false)

	if _, faults := stranger(w, ownFigures); len(faults) > 0 {
		t.Fatalf("a right pack: %v", faults)
	}
	const title = "title: {zh: 甲, en: A}"
	for what, c := range map[string]struct{ yaml, key, remedy string }{
		"a circle": {"- {key: a.a, measure: formula, expr: b, of: {b: a.b}, " + title +
			"}\n- {key: a.b, measure: formula, expr: a, of: {a: a.a}, " + title + "}", "a.a", "a.a → a.b → a.a"},
		"an unknown operand": {"- {key: a.a, measure: formula, expr: b, of: {b: no.such}, " + title + "}", "a.a", "no.such"},
		"an unknown name":    {"- {key: a.a, measure: formula, expr: c, of: {b: publicity.sessions}, " + title + "}", "a.a", "可用的名字：b"},
		"a float":            {"- {key: a.a, measure: formula, expr: 'double(b) * 1.5', of: {b: publicity.sessions}, " + title + "}", "a.a", "整数运算"},
		"a condition":        {"- {key: a.a, measure: formula, expr: 'b > 3', of: {b: publicity.sessions}, " + title + "}", "a.a", "整数运算"},
		"no operand":         {"- {key: a.a, measure: formula, expr: '1', " + title + "}", "a.a", "of: {a: 指标}"},
		"an operand unused":  {"- {key: a.a, measure: formula, expr: 'b', of: {b: publicity.sessions, c: base.visits}, " + title + "}", "a.a", "从 of 里去掉"},
		"a reserved name":    {"- {key: a.a, measure: formula, expr: 'in', of: {in: publicity.sessions}, " + title + "}", "a.a", "保留字"},
		"a ratio": {"- {key: a.r, measure: ratio, part: base.visits, of: publicity.sessions, " + title +
			"}\n- {key: a.a, measure: formula, expr: 'b * 2', of: {b: a.r}, " + title + "}", "a.a", "用它的两项"},
		"a mean of a ratio": {"- {key: a.r, measure: ratio, part: base.visits, of: publicity.sessions, " + title +
			"}\n- {key: a.a, measure: mean, of: a.r, per: base.visits, " + title + "}", "a.a", "用它的两项"},
		"two scales": {"- {key: a.m, measure: mean, of: publicity.audience, per: publicity.sessions, decimals: 2, " + title +
			"}\n- {key: a.a, measure: ratio, part: a.m, of: base.visits, " + title + "}", "a.a", "小数位数不同"},
	} {
		_, faults := stranger(w, c.yaml)
		found := false
		for _, f := range faults {
			s := f.String()
			found = found || strings.Contains(s, "indicators/own.yaml:") && strings.Contains(s, c.key) && strings.Contains(s, c.remedy)
		}
		if !found {
			t.Errorf("%s: %v", what, faults)
		}
	}
}
