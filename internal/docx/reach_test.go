package docx

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"sifen/internal/docx/safe"
)

// Texts outside ordinary runs.
const (
	mathNS   = ` xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"`
	vmlNS    = ` xmlns:v="urn:schemas-microsoft-com:vml"`
	equation = `<w:p><m:oMath` + mathNS + `><m:r><m:t>{{宣传</m:t></m:r><m:r><m:t>场次}}/2</m:t></m:r></m:oMath></w:p>`
	ruby     = `<w:p><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>a</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>{{宣传</w:t></w:r><w:r><w:t>场次}}场</w:t></w:r>` +
		`</w:rubyBase></w:ruby></w:r></w:p>`
	drawn = `<w:p><w:r><w:drawing xmlns:wp="wp"><wp:inline><wp:docPr id="1" name="图" descr="{{单位}}的{{文 存在问题}}"/></wp:inline></w:drawing></w:r></w:p>`
)

func watermark(words string) string {
	return `<w:p><w:r><w:pict><v:shape` + vmlNS + ` alt="a"><v:textpath string="` + words + `"/></v:shape></w:pict></w:r></w:p>`
}

// withParts is a document that has these parts in relationship to it, by part name and kind.
func withParts(body string, parts ...[3]string) []byte {
	extra, rels := map[string]string{}, ""
	for i, p := range parts {
		extra[p[0]] = p[2]
		rels += `<Relationship Id="rId` + string(rune('1'+i)) + `" Type="` + relBase + p[1] + `" Target="/` + p[0] + `"/>`
	}
	extra["word/_rels/document.xml.rels"] = relsWith(rels)
	return pack(body, extra)
}

func header(body string) [3]string {
	return [3]string{"word/header1.xml", "header", `<w:hdr ` + testNS + `>` + body + `</w:hdr>`}
}

// everything is the text of a finished file with its attributes, part by part.
func everything(t *testing.T, f *Filled) string {
	t.Helper()
	b, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, p := range z.File {
		r, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(body)
	}
	return all.String()
}

// TestFilledOutOfTheText: where no run can stand a value becomes bare text.
func TestFilledOutOfTheText(t *testing.T) {
	core := [3]string{"docProps/core.xml", "core", `<cp:coreProperties xmlns:cp="cp" xmlns:dc="dc"><dc:title>{{单位}}工作总结</dc:title></cp:coreProperties>`}
	for name, tt := range map[string]struct {
		b    []byte
		want string
	}{
		"equation cut in two":      {pack(equation, nil), `<m:t xml:space="preserve">338</m:t></m:r><m:r><m:t xml:space="preserve">/2</m:t>`},
		"base of a phonetic guide": {pack(ruby, nil), `<w:t xml:space="preserve">338</w:t></w:r><w:r><w:t xml:space="preserve">场</w:t>`},
		"alternative text":         {pack(drawn, nil), `descr="云汀区的责任落实不够。居民参与不够。"`},
		"watermark in a header":    {withParts(para("a"), header(watermark("{{单位}}　{{宣传场次}}"))), `string="云汀区　338"`},
		"watermark, full width":    {withParts(para("a"), header(watermark("｛｛单位｝｝"))), `string="云汀区"`},
		"title of the file":        {withParts(para("a"), core), `<dc:title xml:space="preserve">云汀区工作总结</dc:title>`},
		"in a loop":                {pack(para("{{#每个 镇街}}")+strings.ReplaceAll(drawn, "{{文 存在问题}}", "{{名称}}")+para("{{/每个}}"), nil), `descr="云汀区的石渡镇"`},
	} {
		t.Run(name, func(t *testing.T) {
			f := fill(t, tt.b, newSource())
			if got := everything(t, f); !strings.Contains(got, tt.want) || strings.Contains(got, "{{") || strings.Contains(got, "｛｛") {
				t.Errorf("want %s in\n%s", tt.want, got)
			}
		})
	}
	tpl, err := Open(pack(drawn+equation, nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := tpl.Texts(); len(got) != 1 || got[0] != "存在问题" {
		t.Errorf("texts asked for: %v", got)
	}
	if got := tpl.Figures(testCatalogue()); len(got) != 1 {
		t.Errorf("figures: %v", got)
	}
}

// TestNoTagPrintedAsTyped: a tag that cannot be filled is a fault with its place, wherever in the file it stands.
func TestNoTagPrintedAsTyped(t *testing.T) {
	slide := `<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:t><a:p><a:r><a:t>共{</a:t></a:r><a:r><a:t>{宣传场次}}场</a:t></a:r></a:p></dgm:t></dgm:dataModel>`
	curly := func(in string) string {
		return `<m:d><m:dPr><m:begChr m:val="{"/><m:endChr m:val="}"/></m:dPr><m:e>` + in + `</m:e></m:d>`
	}
	for name, tt := range map[string]struct {
		b        []byte
		want, en string
	}{
		"SmartArt": {withParts(para("a"), [3]string{"word/diagrams/data1.xml", "diagramData", slide}),
			"第1段（SmartArt 图形）“共{{宣传场次}}场”：标签在SmartArt 图形里，请移到正文或表格中",
			"paragraph 1 (SmartArt graphic) “共{{宣传场次}}场”: the tag is in a SmartArt graphic; move it into the text or a table"},
		"chart": {withParts(para("a"), [3]string{"word/charts/chart1.xml", "chart", `<c:chart xmlns:c="c"><c:v>{{单位}}</c:v></c:chart>`}),
			"（图表）“{{单位}}”：标签在图表里，请移到正文或表格中", "(chart)"},
		"footnote": {withParts(para("a"), [3]string{"word/footnotes.xml", "footnotes", `<w:footnotes ` + testNS + `>` + equation + `</w:footnotes>`}),
			"第1段（脚注 公式）“{{宣传场次}}/2”：标签在脚注 公式里，请移到正文或表格中", "footnote, equation"},
		"building block": {withParts(para("a"), [3]string{"word/glossary/document.xml", "glossaryDocument", `<w:glossaryDocument ` + testNS + `>` +
			para("{{单位}}") +
			`</w:glossaryDocument>`}), "第1段（文档部件）“{{单位}}”：标签在文档部件里，请移到正文或表格中", "building blocks"},
		"numbering": {withParts(para("a"), [3]string{"word/numbering.xml", "numbering", `<w:numbering ` + testNS +
			`><w:lvlText w:val="{{单位}}%1"/></w:numbering>`}),
			"（编号）“{{单位}}%1”：标签在编号里，请移到正文或表格中", "numbering"},
		"typed braces of an equation": {pack(`<w:p><m:oMath`+mathNS+`>`+curly(curly(`<m:r><m:t>单位</m:t></m:r>`))+`</m:oMath></w:p>`, nil),
			"第1段（公式）“{{单位}}”：标签在公式里，请移到正文或表格中", "equation"},
		"picture in an equation":  {pack(strings.ReplaceAll(equation, "{{宣传", "{{图 宣传"), nil), "标签在公式里，请移到正文或表格中", "equation"},
		"unclosed in a watermark": {withParts(para("a"), header(watermark("{{单位"))), "（页眉 水印或艺术字）“{{单位”：“{{”没有配对的“}}”，请补上", "header, watermark"},
		"unknown in a watermark":  {withParts(para("a"), header(watermark("{{单住}}"))), "第1段（页眉 水印或艺术字）“{{单住}}”：没有“单住”，您是否要用“单位”？", "watermark"},
		"address of a link": {pack(para("a"), map[string]string{"word/_rels/document.xml.rels": relsWith(linkRel("https://a.cn/%7b%7b单位}}"))}),
			"（链接）“https://a.cn/{{单位}}”", "link"},
		"attribute of the text": {pack(`<w:p w:rsidR="{{单位}}"/>`, nil), "第1段（属性）“{{单位}}”：标签在属性里，请移到正文或表格中", "attribute"},
		"field that is one":     {pack(`<w:p><w:fldSimple w:instr=" QUOTE {{单位}} "/></w:p>`, nil), "第1段（域）“QUOTE {{单位}}”：标签在域里，请移到正文或表格中", "field"},
		"deleted in a text box": {pack(strings.NewReplacer("w:t>", "w:delText>").Replace(box1), nil), "标签在文本框里，请移到正文或表格中", "text box"},
		"part of an editor's own": {withParts(para("a"), [3]string{"word/own.xml", "own", `<a b="{{单位}}"/>`}), "（附属部件 word/own.xml）“{{单位}}”",
			"part word/own.xml"},
		"part that does not parse": {withParts(para("a"), [3]string{"customXml/item1.xml", "customXml", `<a>{{单位}}`}), "（自定义数据）：标签在自定义数据里", "custom data"},
	} {
		t.Run(name, func(t *testing.T) {
			tpl, err := Open(tt.b)
			if err != nil {
				t.Fatal(err)
			}
			faults := tpl.Check(testCatalogue())
			if len(faults) != 1 || !strings.Contains(faults[0].String(), tt.want) || !strings.Contains(faults[0].English(), tt.en) {
				t.Errorf("want %s, got %v", tt.want, faults)
			}
		})
	}
}

// TestBindingTakenOff: a bound control would show what stands elsewhere in the file, such as last year's title.
func TestBindingTakenOff(t *testing.T) {
	b := pack(`<w:sdt><w:sdtPr><w:alias w:val="标题"/><w:dataBinding w:xpath="/a" w:storeItemID="{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"/><w:text/></w:sdtPr>`+
		`<w:sdtContent>`+para("共{{宣传场次}}场")+`</w:sdtContent></w:sdt>`, nil)
	if got := everything(t, fill(t, b, newSource())); strings.Contains(got, "dataBinding") || !strings.Contains(got, "338") {
		t.Error(got)
	}
}

func linkRel(target string) string {
	return `<Relationship Id="rId1" Type="` + relBase + `hyperlink" Target="` + target + `" TargetMode="External"/>`
}

// TestLinksAllowed: a link is told of, unless it writes a letter or calls; one that runs a program is refused by name.
func TestLinksAllowed(t *testing.T) {
	open := func(target string) (*Template, error) {
		return Open(pack(`<w:p><w:hyperlink r:id="rId1"><w:r><w:t>联系</w:t></w:r></w:hyperlink><w:r><w:t>{{单位}}</w:t></w:r></w:p>`,
			map[string]string{"word/_rels/document.xml.rels": relsWith(linkRel(target))}))
	}
	for target, n := range map[string]int{"mailto:a@b.cn": 0, "tel:12345": 0, "https://a.cn/": 1, "www.a.cn": 1, "file:///D:/a.doc": 1,
		`\\nas\a.doc`: 1, "D:/a.doc": 1} {
		tpl, err := open(target)
		if err != nil {
			t.Errorf("%s: %v", target, err)
			continue
		}
		if got := tpl.Warnings(); len(got) != n || n > 0 && got[0].Zh != "链接“联系”指向 "+target+"，收文的人不一定打得开，请确认要保留" {
			t.Errorf("%s: %v", target, got)
		}
	}
	for _, target := range []string{"javascript:a()", " Java&#9;Script:a()", "vbscript:a", "data:text/html,a", "ms-word:ofe|u|a", "search-ms:a"} {
		if _, err := open(target); err == nil || err.(*Error).Code != safe.ErrRunningLink.Code {
			t.Errorf("%s: %v", target, err)
		}
	}
}
