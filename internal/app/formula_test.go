package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/packs"
)

// stranger loads a pack a district wrote by itself, and checks it over the shipped one, as pack check does.
func (w *world) stranger(yaml string) (*pack.Pack, []pack.Fault) {
	w.t.Helper()
	p, faults := w.app.Registry.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: own\nversion: \"1\"\ntitle: {zh: 本区, en: Own}\n")}, "indicators/own.yaml": {Data: []byte(yaml)}})
	if len(faults) > 0 {
		return p, faults
	}
	base, _ := w.app.Registry.Load(packs.Base())
	_, faults = w.app.Registry.Build(base, p)
	return p, faults
}

func (w *world) adopt(yaml string) error {
	p, faults := w.stranger(yaml)
	if len(faults) > 0 {
		return fmt.Errorf("%s", faults[0])
	}
	_, err := w.app.ApplyPack(context.Background(), w.district, p, period.Date(2019, 1, 1))
	return err
}

// saying is the shipped summary with another text, as a template.
func saying(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "packs", "base", "templates", "annual-summary.docx"))
	must(t, err)
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		must(t, err)
		body, err := io.ReadAll(r)
		must(t, err)
		if f.Name == "word/document.xml" {
			s := string(body)
			from, to := strings.Index(s, "<w:body>")+len("<w:body>"), strings.LastIndex(s, "<w:sectPr")
			body = []byte(s[:from] + "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" + s[to:])
		}
		x, err := z.Create(f.Name)
		must(t, err)
		_, err = x.Write(body)
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

const ownFigures = `
- {key: own.each, measure: formula, expr: 'people * 10 / visits', of: {people: base.visitors, visits: base.visits}, decimals: 1, title: {zh: 每批人数, en: People a visit}}
- {key: own.points, measure: formula, expr: 'sessions * 3 + each', of: {sessions: publicity.sessions, each: own.each}, title: {zh: 得分, en: Points}}
- {key: own.plain, measure: formula, expr: 'sessions * 2', of: {sessions: publicity.sessions}, title: {zh: 两倍, en: Twice}}
- {key: own.mean, measure: mean, of: publicity.audience, per: publicity.sessions, decimals: 2, title: {zh: 场均人次, en: Mean audience}}
`

// A district adds figures over figures by a pack. Their operands show; without a base there is no value; every place
// says the same.
func TestFormulaFigures(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		must(t, w.adopt(ownFigures))
		w.figureYear()
		page := func(key string) map[string]any {
			t.Helper()
			return w.get("office", "/figures/"+key+"/page?period=2020").ok()
		}
		if p := page("own.plain"); num(p, "value") != 12 || text(p, "terms.0.name") != "sessions" || text(p, "terms.0.key") != "publicity.sessions" || text(p, "expr") != "sessions * 2" {
			t.Errorf("twice the sessions: %v", p)
		}
		if p := page("own.mean"); num(p, "value") != 4167 || text(p, "display") != "41.67" || num(p, "part") != 250 || num(p, "of") != 6 { // 250 ÷ 6
			t.Errorf("a mean with two decimals: %v", p)
		}
		said := func(key string) string {
			t.Helper()
			r := w.do(ask{as: "office", method: "POST", path: fmt.Sprintf("/templates/trial?key=annual-summary&unit=%d&period=2020", w.units[""]), body: saying(t, "共〔{{"+key+"}}〕。")}).ok()
			html := text(r, "html")
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
			if p := page(key); p["undefined"] != true || p["value"] != nil || text(p, "display") != "—" || len(list(p, "terms")) != 2 {
				t.Errorf("%s without a base: %v", key, p)
			}
			panel := w.get("office", "/figures/"+key+"?period=2020").ok()
			if panel["undefined"] != true || panel["value"] != nil || len(list(panel, "terms")) != 2 {
				t.Errorf("the panel of %s without a base: %v", key, panel)
			}
			if s := said(key); s == "0" || strings.ContainsAny(s, "0123456789") {
				t.Errorf("a document says %q of %s without a base", s, key)
			}
		}
		w.counted("office2", "office", "base-visit", "", vals{"visited_on": "2020-03-03", "visitors": "一批", "people": 25})
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
			p, panel := page(key), w.get("office", "/figures/"+key+"?period=2020").ok()
			if num(p, "value") != want.value || num(panel, "value") != want.value || text(p, "display") != text(panel, "display") {
				t.Errorf("%s: page %v, panel %v, want %d", key, p["value"], panel["value"], want.value)
			}
			for what, where := range map[string]map[string]any{"page": p, "panel": panel} {
				keys := map[string]bool{}
				for _, x := range list(where, "terms") {
					keys[text(x, "key")] = true
					if term := page(text(x, "key")); num(term, "value") != num(x, "value") {
						t.Errorf("%s of %s: its term %s says %v, its own page %v", what, key, text(x, "key"), at(x, "value"), term["value"])
					}
				}
				for _, k := range want.terms {
					if !keys[k] || len(keys) != len(want.terms) {
						t.Errorf("the %s of %s shows %v as terms", what, key, keys)
					}
				}
			}
			// the document, the Excel table and the page say one thing
			if s := said(key); s != want.plain && s != text(p, "display") {
				t.Errorf("a document says %q of %s, the page %q", s, key, text(p, "display"))
			}
			r := w.get("office", "/figures/"+key+"/export?period=2020&format=csv&table=units")
			rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(r.body, []byte("\ufeff")))).ReadAll()
			must(t, err)
			if last := rows[len(rows)-1]; strings.TrimSuffix(last[2], ".0") != strings.TrimSuffix(text(p, "display"), ".0") {
				t.Errorf("the file says %q of %s, the page %q", last[2], key, text(p, "display"))
			}
			// the digest is that of the terms, one after the other
			var files []byte
			for _, term := range want.terms {
				files = append(files, w.get("office", "/figures/"+term+"/download?period=2020").body...)
			}
			if file := w.get("office", "/figures/"+key+"/download?period=2020").body; len(file) == 0 || !bytes.Equal(file, files) {
				t.Errorf("the digest file of %s is not that of its terms", key)
			}
		}
		// shipped: undefined without people reached, then rounded
		if p := page("publicity.copies_per_thousand"); p["undefined"] != true || len(list(p, "terms")) != 2 {
			t.Errorf("copies per thousand without people: %v", p)
		}
		w.settled()
	})
}

// What is wrong with a formula is said with its place and what to do.
func TestFormulaFaults(t *testing.T) {
	w := newWorld(t, false)

	if _, faults := w.stranger(ownFigures); len(faults) > 0 {
		t.Fatalf("a right pack: %v", faults)
	}
	const title = "title: {zh: 甲, en: A}"
	for what, c := range map[string]struct{ yaml, key, remedy string }{
		"a circle":           {"- {key: a.a, measure: formula, expr: b, of: {b: a.b}, " + title + "}\n- {key: a.b, measure: formula, expr: a, of: {a: a.a}, " + title + "}", "a.a", "a.a → a.b → a.a"},
		"an unknown operand": {"- {key: a.a, measure: formula, expr: b, of: {b: no.such}, " + title + "}", "a.a", "no.such"},
		"an unknown name":    {"- {key: a.a, measure: formula, expr: c, of: {b: publicity.sessions}, " + title + "}", "a.a", "可用的名字：b"},
		"a float":            {"- {key: a.a, measure: formula, expr: 'double(b) * 1.5', of: {b: publicity.sessions}, " + title + "}", "a.a", "整数运算"},
		"a condition":        {"- {key: a.a, measure: formula, expr: 'b > 3', of: {b: publicity.sessions}, " + title + "}", "a.a", "整数运算"},
		"no operand":         {"- {key: a.a, measure: formula, expr: '1', " + title + "}", "a.a", "of: {a: 指标}"},
		"an operand unused":  {"- {key: a.a, measure: formula, expr: 'b', of: {b: publicity.sessions, c: base.visits}, " + title + "}", "a.a", "从 of 里去掉"},
		"a reserved name":    {"- {key: a.a, measure: formula, expr: 'in', of: {in: publicity.sessions}, " + title + "}", "a.a", "保留字"},
		"a ratio":            {"- {key: a.r, measure: ratio, part: base.visits, of: publicity.sessions, " + title + "}\n- {key: a.a, measure: formula, expr: 'b * 2', of: {b: a.r}, " + title + "}", "a.a", "用它的两项"},
		"a mean of a ratio":  {"- {key: a.r, measure: ratio, part: base.visits, of: publicity.sessions, " + title + "}\n- {key: a.a, measure: mean, of: a.r, per: base.visits, " + title + "}", "a.a", "用它的两项"},
		"two scales":         {"- {key: a.m, measure: mean, of: publicity.audience, per: publicity.sessions, decimals: 2, " + title + "}\n- {key: a.a, measure: ratio, part: a.m, of: base.visits, " + title + "}", "a.a", "小数位数不同"},
	} {
		_, faults := w.stranger(c.yaml)
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
