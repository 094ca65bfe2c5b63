package docx

import (
	"bytes"
	"image"
	"image/png"
	"strconv"
	"strings"
	"testing"
)

func pngOf(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestGolden holds the XML of one document with a bit of everything.
func TestGolden(t *testing.T) {
	s := newSource()
	s.missing = map[string]bool{"publicity.audience": true}
	s.pictures = map[string]Picture{"现场照片": {Bytes: pngOf(t, 800, 400), Alt: "分类投放点“现场”"}}
	body := `<w:p w14:paraId="11111111"><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>{{单位}}</w:t></w:r></w:p>` +
		para("{{宣传场次}}场，{{宣传人数}}人，{{文 下一步打算}}") +
		para("{{#每个 镇街}}") + `<w:p w14:paraId="22222222"><w:commentRangeStart w:id="3"/><w:bookmarkStart w:id="7" w:name="镇"/><w:r><w:t>{{名称}}</w:t>` +
		`</w:r><w:bookmarkEnd w:id="7"/><w:commentRangeEnd w:id="3"/></w:p>` + para("{{/每个}}") +
		para("{{文 存在问题}}") +
		`<w:p><w:r><w:rPr><w:sz w:val="20"/></w:rPr><w:t>{{图 现场照片 宽8厘米}}</w:t></w:r></w:p>` + para("{{图 现场照片 高1厘米}}") +
		`<w:p><w:pPr><w:spacing w:line="240"/></w:pPr><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>{{附表 数据来源}}</w:t></w:r></w:p>`
	f := fill(t, pack(body, nil), s)
	golden(t, "everything.xml", f.parts[f.main])
	golden(t, "everything.rels", f.rels[f.main].tree)
	got := f.HTML()
	for _, want := range []string{
		`<button type="button" class="fig gap" data-n="2" title="宣传人数 · 2020年">〔待补：宣传人数〕</button>`,
		`<span class="gap" data-text="下一步打算">〔待补：下一步打算〕</span>`,
		`alt="分类投放点“现场”" src="data:image/png;base64,`, `<thead>`, `<th>`,
		`<strong>云汀区</strong>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("page lacks %s\n%s", want, got)
		}
	}
	if len(f.media) != 1 {
		t.Errorf("%d files for one picture", len(f.media))
	}
}

func TestPictureSizes(t *testing.T) {
	const cm = 360000 // EMU
	tests := map[string]struct {
		w, h   int
		tag    string
		cx, cy int64
	}{
		"natural size":                {100, 50, "{{图 现场照片}}", 100 * emuPerPixel, 50 * emuPerPixel},
		"never enlarged":              {100, 50, "{{图 现场照片 宽8厘米}}", 100 * emuPerPixel, 50 * emuPerPixel},
		"shrunk to the width":         {1600, 800, "{{图 现场照片 宽8厘米}}", 8 * cm, 4 * cm},
		"shrunk to the height":        {1600, 800, "{{picture 现场照片 height 2 cm}}", 4 * cm, 2 * cm},
		"never wider than the text":   {9000, 90, "{{图 现场照片}}", 11906 * emuPerTwip, 11906 * emuPerTwip / 100},
		"width with a decimal number": {1600, 800, "{{图 现场照片 宽７.5厘米}}", 75 * cm / 10, 375 * cm / 100},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSource()
			s.pictures = map[string]Picture{"现场照片": {Bytes: pngOf(t, tt.w, tt.h)}}
			f := fill(t, pack(para(tt.tag), nil), s)
			var cx, cy string
			f.parts[f.main].walk(func(n *node) bool {
				if n.is("wp:extent") {
					cx, cy = n.get("cx"), n.get("cy")
				}
				return true
			})
			wantX, wantY := strconv.FormatInt(tt.cx, 10), strconv.FormatInt(tt.cy, 10)
			if cx != wantX || cy != wantY {
				t.Errorf("got %s × %s, want %s × %s", cx, cy, wantX, wantY)
			}
		})
	}
}

func TestPictureThatIsNone(t *testing.T) {
	tpl, err := Open(pack(para("{{图 现场照片}}"), nil))
	if err != nil {
		t.Fatal(err)
	}
	s := newSource()
	s.pictures = map[string]Picture{"现场照片": {Bytes: []byte("<svg/>")}}
	if _, err := tpl.Render(testCatalogue(), s); err == nil {
		t.Error("an SVG was embedded")
	}
}

// TestEverythingEscaped: what users write reaches neither XML nor HTML as markup.
func TestEverythingEscaped(t *testing.T) {
	s := newSource()
	s.texts["存在问题"] = []string{"<script>alert(1)</script> & \x01\"'\nb"}
	s.name = `<img src=x onerror="a">`
	f := fill(t, pack(para("{{单位}}")+para("问题：{{文 存在问题}}"), nil), s)
	got := f.HTML()
	if strings.Contains(got, "<script") || strings.Contains(got, "<img") || !strings.Contains(got,
		"&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;&#39;<br>b") {
		t.Error(got)
	}
}

func TestHTMLOfTables(t *testing.T) {
	cell := func(pr, s string) string { return `<w:tc><w:tcPr>` + pr + `</w:tcPr>` + para(s) + `</w:tc>` }
	b := pack(`<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:trPr><w:tblHeader/></w:trPr>`+cell(`<w:gridSpan w:val="2"/>`, "头")+`</w:tr>`+
		`<w:tr>`+cell(`<w:vMerge w:val="restart"/>`, "并")+cell("", "一")+`</w:tr><w:tr>`+cell(`<w:vMerge/>`, "")+cell("", "二")+`</w:tr></w:tbl>`, nil)
	got := strings.ReplaceAll(fill(t, b, newSource()).HTML(), "\n", "")
	want := `<table><thead><tr><th colspan="2"><p id="p1" class="body">头</p></th></tr></thead><tbody>` +
		`<tr><td rowspan="2"><p id="p2" class="body">并</p></td><td><p id="p3" class="body">一</p></td></tr><tr><td><p id="p4" class="body">二</p></td></tr>` +
		`</tbody></table>`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestHTMLOfNumbering(t *testing.T) {
	num := func(level, s string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>` + s + `</w:t></w:r></w:p>`
	}
	lvl := func(i, format, text string) string {
		return `<w:lvl w:ilvl="` + i + `"><w:start w:val="1"/><w:numFmt w:val="` + format + `"/><w:lvlText w:val="` + text + `"/></w:lvl>`
	}
	b := pack(num("0", "甲")+num("1", "乙")+num("1", "丙")+num("0", "丁")+num("1", "戊"), map[string]string{
		"word/numbering.xml": `<w:numbering ` + testNS + `><w:abstractNum w:abstractNumId="5">` + lvl("0", "chineseCounting", "第%1条 ") + lvl("1", "decimal",
			"%1.%2 ") +
			`</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num></w:numbering>`,
		"word/_rels/document.xml.rels": relsWith(`<Relationship Id="rId1" Type="` + relBase + `numbering" Target="numbering.xml"/>`)})
	got := fill(t, b, newSource()).HTML()
	for _, want := range []string{"第一条 甲", "一.1 乙", "一.2 丙", "第二条 丁", "二.1 戊"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s\n%s", want, got)
		}
	}
}
