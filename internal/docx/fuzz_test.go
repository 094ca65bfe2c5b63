package docx

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"sifen/internal/docx/safe"
)

// FuzzOpen takes whole files: nothing panics, and what renders is valid enough
// to be opened again.
func FuzzOpen(f *testing.F) {
	shippedBytes, err := os.ReadFile(shipped)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shippedBytes)
	f.Add(pack(para("{{宣传场次}}"), nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		tpl, err := Open(b)
		if err != nil {
			return
		}
		exercise(t, tpl)
	})
}

// FuzzBody takes the XML of a body, which the zip would otherwise hide.
func FuzzBody(f *testing.F) {
	for _, s := range []string{
		para("{{单位}}开展{{宣传场次：余}}场", "{{#每个 镇街}}{{名称}}{{/每个}}"),
		para("{{#每个 镇街}}") + para("{{名称}}") + para("{{/每个}}"),
		table([]string{"{{#每个 镇街}}{{名称}}", "{{宣传场次}}{{/每个}}"}),
		para("{{#如果 整改率<90%}}") + para("{{#否则}}") + para("{{/如果}}"),
		para("{{图 现场照片 宽8厘米}}") + para("{{附表 数据来源}}") + para("{{文 存在问题}}"),
		equation, ruby, drawn, watermark("{{单位}}"),
		box1, `<w:p><w:ins><w:r><w:t>{{a</w:t></w:r></w:ins><w:sdt><w:sdtContent><w:r><w:t>}}</w:t></w:r></w:sdtContent></w:sdt></w:p>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		tpl, err := Open(pack(body, nil))
		if err != nil {
			return
		}
		exercise(t, tpl)
	})
}

// FuzzText takes what a clerk types, and cuts it into runs at random.
func FuzzText(f *testing.F) {
	for _, l := range annualSummaryText {
		f.Add(l[1], uint64(1))
	}
	f.Add("{{#如果 有 a}}{{#每个 b}}{{/如果}}{{/每个}}", uint64(2))
	f.Add("{｛}}}{{{{：@@::}}", uint64(3))
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		text = strings.Map(func(r rune) rune {
			if !legalXML(r) || r == '\r' {
				return -1
			}
			return r
		}, text)
		tpl, err := Open(pack(cutRuns(rand.New(rand.NewPCG(seed, 1)), text), nil))
		if err != nil {
			t.Fatal(err)
		}
		exercise(t, tpl)
	})
}

func exercise(t *testing.T, tpl *Template) {
	for _, f := range tpl.Check(testCatalogue()) {
		if f.Code == "" || f.Zh == "" || f.En == "" {
			t.Fatalf("a fault without words: %+v", f)
		}
	}
	filled, err := tpl.Render(testCatalogue(), newSource())
	if err != nil {
		return
	}
	filled.HTML()
	filled.Outline()
	b, err := filled.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(b); err != nil && len(b) < safe.MaxFile {
		t.Fatalf("the output does not open: %v", err)
	}
}
