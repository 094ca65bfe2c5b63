package docx

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// cutRuns splits the text of a paragraph into runs at random, with what editors
// leave between them.
func cutRuns(r *rand.Rand, text string) string {
	var b strings.Builder
	b.WriteString("<w:p>")
	mark := 0
	var open []int
	for rest := []rune(text); len(rest) > 0; {
		n := min(len(rest), 1+r.IntN(4))
		run := fmt.Sprintf(`<w:r w:rsidR="%08X">`, r.Uint32())
		if r.IntN(2) == 0 {
			run += `<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>`
		}
		if r.IntN(4) == 0 {
			run += `<w:lastRenderedPageBreak/>`
		}
		var t strings.Builder
		escape(&t, string(rest[:n]), false)
		run += `<w:t xml:space="preserve">` + t.String() + `</w:t></w:r>`
		rest = rest[n:]
		switch r.IntN(6) {
		case 0:
			run = `<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="chsdate">` + run + `</w:smartTag>`
		case 1:
			run = `<w:proofErr w:type="spellStart"/>` + run + `<w:proofErr w:type="spellEnd"/>`
		case 2:
			mark++
			open = append(open, mark)
			run += fmt.Sprintf(`<w:bookmarkStart w:id="%d" w:name="_Toc%d"/>`, mark, mark)
		case 3:
			if len(open) > 0 {
				run += fmt.Sprintf(`<w:bookmarkEnd w:id="%d"/>`, open[0])
				open = open[1:]
			}
		}
		b.WriteString(run)
	}
	for _, id := range open {
		fmt.Fprintf(&b, `<w:bookmarkEnd w:id="%d"/>`, id)
	}
	return b.String() + "</w:p>"
}

// TestCutsDoNotMatter: however an editor cuts the runs, the text is the same
// and the file still valid.
func TestCutsDoNotMatter(t *testing.T) {
	paragraphs := []string{
		"{{单位}}{{期间}}开展宣传培训{{宣传场次}}场次，覆盖{{宣传人数：余}}人次，比上年{{宣传场次@上年：差}}。",
		"各镇街：{{#每个 镇街}}{{名称}}{{宣传场次}}场（{{#每个 社区}}{{名称}}{{/每个}}）{{/每个}}。",
		"整改{{#如果 整改率<90%}}不力，仅{{整改率：百分比}}{{#否则}}有力{{/如果}}，{{文 下一步打算}}",
		"{{#如果 有 存在问题}}", "{{文 存在问题}}", "{{/如果}}",
		"｛｛宣传人数＠累计：万｝｝份 & <b> “引号”",
	}
	build := func(one func(string) string) []byte {
		var b strings.Builder
		for _, p := range paragraphs {
			b.WriteString(one(p))
		}
		return pack(b.String(), nil)
	}
	whole := func(s string) string {
		var t strings.Builder
		escape(&t, s, false)
		return `<w:p><w:r><w:t xml:space="preserve">` + t.String() + `</w:t></w:r></w:p>`
	}
	want := lines(fill(t, build(whole), newSource()))
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		got := lines(fill(t, build(func(s string) string { return cutRuns(r, s) }), newSource()))
		if got != want {
			t.Fatalf("seed %d\ngot\n%s\nwant\n%s", seed, got, want)
		}
	}
}

// TestShippedTemplateCut does the same with the sentences we ship.
func TestShippedTemplateCut(t *testing.T) {
	want, err := openShipped(t).Render(summaryCatalogue(), summarySample())
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		var b strings.Builder
		for _, l := range annualSummaryText {
			b.WriteString(cutRuns(r, l[1]))
		}
		got, _ := filledSummary(t, opened(t, pack(b.String(), nil)), summarySample())
		if lines(got) != lines(want) {
			t.Fatalf("seed %d: text differs", seed)
		}
	}
}

// TestValueTakesTheLookOfTheFirstBrace and the other runs keep theirs.
func TestValueTakesTheLookOfTheFirstBrace(t *testing.T) {
	b := pack(`<w:p><w:r><w:rPr><w:i/></w:rPr><w:t>共</w:t></w:r><w:r><w:rPr><w:b/><w:sz w:val="44"/></w:rPr><w:t>{</w:t></w:r><w:r><w:t>{宣传</w:t></w:r>`+
		`<w:r><w:rPr><w:i/></w:rPr><w:t>场次}}场</w:t></w:r></w:p>`, nil)
	s := newSource()
	s.href = "https://a.example/f/1/1?a=1&b=2"
	f := fill(t, b, s)
	got := string(serialize(f.parts[f.main]))
	for _, want := range []string{
		`<w:r><w:rPr><w:i/></w:rPr><w:t>共</w:t></w:r><w:hyperlink r:id="rIdS1" w:tooltip="宣传场次 · 2020年" w:history="1"><w:r><w:rPr><w:b/><w:color ` +
			`w:val="000000"/><w:sz w:val="44"/><w:u w:val="none"/></w:rPr><w:t xml:space="preserve">338</w:t></w:r></w:hyperlink>`,
		`</w:hyperlink><w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">场</w:t></w:r></w:p>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s\n%s", want, got)
		}
	}
	if rels := string(serialize(f.rels[f.main].tree)); !strings.Contains(rels, `Target="https://a.example/f/1/1?a=1&amp;b=2" TargetMode="External"`) {
		t.Error(rels)
	}
}

// golden compares with a file of testdata, one element a line.
func golden(t *testing.T, name string, tree *node) {
	t.Helper()
	got := strings.ReplaceAll(string(serialize(tree)), "><", ">\n<")
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the difference", file)
	}
}
