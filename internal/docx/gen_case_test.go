package docx

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The papers of a case of rectification that no document kind stands behind: the report of a party, the file handed over to
// enforcement, the pictures that go with a notice. Written like officialTemplates.
var caseTemplates = map[string]struct {
	title string
	lines [][2]string
}{
	"report": {"整改情况报告", [][2]string{
		{"Normal", ""},
		{"Title", "整改情况报告"},
		{"Normal", ""},
		{"MainTo", "{{主送}}："},
		{"Body", "{{发现}}，检查发现{{地点}}存在“{{问题}}”的问题（整改编号{{编号}}{{#如果 有 文号}}，{{文号}}{{/如果}}）。我单位已整改，现将情况报告如下。"},
		{"Heading1", "一、存在的问题"},
		{"Body", "{{文 存在问题}}"},
		{"Heading1", "二、整改措施"},
		{"Body", "{{文 整改措施}}"},
		{"Heading1", "三、整改前后照片"},
		{"Pairs", "整改前|整改后/{{#每个 照片}}{{#如果 有 整改前}}{{图 整改前 宽7厘米}}{{#否则}}（无照片）{{/如果}}|{{#如果 有 整改后}}{{图 整改后 宽7厘米}}{{#否则}}（无照片）{{/如果}}/{{前说明}}|{{后说明}}{{/每个}}"},
		{"Normal", ""},
		{"Body", "以上情况属实，照片为现场拍摄。"},
		{"Normal", ""},
		{"Body", "负责人（签字）：＿＿＿＿＿＿＿＿　　联系电话：＿＿＿＿＿＿＿＿"},
		{"Normal", ""},
		{"Signature", "{{责任单位}}（盖章）"},
		{"SignatureDate", "{{日期}}"},
	}},
	"transfer": {"案件移送单", [][2]string{
		{"Normal", ""},
		{"Title", "涉嫌违法案件移送单"},
		{"Center", "{{编号}}"},
		{"Normal", ""},
		{"Facts", "事项|内容/移送单位|{{移送单位}}/接收单位|＿＿＿＿＿＿＿＿＿＿/责任单位|{{责任单位}}/地点|{{地点}}/问题|{{问题}}/发现时间|{{发现}}/移送时间|{{移送}}/复查不合格|{{不合格}}次/移送理由|{{理由}}"},
		{"Heading1", "一、查处经过"},
		{"Course", "时间|事项|经办|说明/{{#每个 经过}}{{时间}}|{{事项}}|{{经办}}|{{说明}}{{/每个}}"},
		{"Heading1", "二、法律依据和处罚幅度"},
		{"Law", "违法情形|行为时（{{行为日}}）|移送时（{{移送日}}）/{{#每个 依据}}{{情形}}|{{行为时}}|{{移送时}}{{/每个}}"},
		{"Body", "两个日期的规定都列出。作出处罚决定时的规定由执法部门补列；哪一项较轻、适用哪一项，由执法部门认定。"},
		{"Heading1", "三、照片"},
		{"Pairs", "照片|照片/{{#每个 照片}}{{#如果 有 左}}{{图 左 宽7厘米}}{{/如果}}|{{#如果 有 右}}{{图 右 宽7厘米}}{{/如果}}/{{左说明}}|{{右说明}}{{/每个}}"},
		{"Heading1", "四、随案材料"},
		{"Course", "序号|材料|来源|摘要（SHA-）/{{#每个 材料}}{{序号}}|{{材料}}|{{来源}}|{{摘要}}{{/每个}}"},
		{"Normal", ""},
		{"Body", "移送人（签字）：＿＿＿＿＿＿＿＿　　接收人（签字）：＿＿＿＿＿＿＿＿"},
		{"Normal", ""},
		{"Signature", "{{移送单位}}（盖章）"},
		{"SignatureDate", "{{移送}}"},
	}},
	"photos": {"现场照片", [][2]string{
		{"Normal", ""},
		{"Title", "现场照片"},
		{"Center", "{{文书}}"},
		{"Normal", ""},
		{"Pairs", "照片|照片/{{#每个 照片}}{{#如果 有 左}}{{图 左 宽7厘米}}{{/如果}}|{{#如果 有 右}}{{图 右 宽7厘米}}{{/如果}}/{{左说明}}|{{右说明}}{{/每个}}"},
	}},
}

// caseWidths are the columns of the tables of these papers, in twips; together 8844.
var caseWidths = map[string][]int{"Pairs": {4422, 4422}, "Facts": {1900, 6944}, "Course": {1700, 2000, 1500, 3644}, "Law": {2600, 3122, 3122}}

func caseDocument(lines [][2]string) string {
	var b strings.Builder
	b.WriteString(`<w:document xmlns:w="` + nsW + `" xmlns:r="` + nsR + `"><w:body>`)
	for _, l := range lines {
		if widths, ok := caseWidths[l[0]]; ok {
			b.WriteString(caseTable(l[1], l[0], widths))
			continue
		}
		b.WriteString(officialParagraph(l[0], l[1]))
	}
	return b.String() + sectPr + `</w:body></w:document>`
}

// caseTable is a table whose cells grow with what is in them: a line of exact height would cut pictures off.
func caseTable(text, name string, widths []int) string {
	keep := strings.NewReplacer("{{/每个}}", "{{\x00每个}}", "{{/如果}}", "{{\x00如果}}")
	var b strings.Builder
	line := func(side string) string {
		return `<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`
	}
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="8844" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>` + line("top") + line("left") + line("bottom") +
		line("right") + line("insideH") + line("insideV") + `</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		b.WriteString(`<w:gridCol w:w="` + strconv.Itoa(w) + `"/>`)
	}
	b.WriteString(`</w:tblGrid>`)
	for i, r := range strings.Split(keep.Replace(text), "/") {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if i == 0 {
			b.WriteString(`<w:tblHeader/>`)
		}
		b.WriteString(`</w:trPr>`)
		for j, c := range strings.Split(r, "|") {
			style := "CaseCell"
			if i == 0 {
				style = "TableHead"
			} else if name == "Pairs" || j == 0 {
				style = "CaseMiddle"
			}
			b.WriteString(`<w:tc><w:tcPr><w:tcW w:w="` + strconv.Itoa(widths[j]) + `" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>` +
				officialParagraph(style, strings.ReplaceAll(c, "\x00", "/")) + `</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	return b.String() + `</w:tbl>`
}

func caseStyles() string {
	cell := func(id, name, align string) string {
		return paraStyle(id, name, `<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="300" w:lineRule="auto"/><w:jc w:val="`+align+`"/>`,
			`<w:spacing w:val="0"/><w:sz w:val="21"/><w:szCs w:val="21"/>`)
	}
	return strings.Replace(officialStyles(), `</w:styles>`, cell("CaseCell", "案卷表格", "left")+cell("CaseMiddle", "案卷表格居中", "center")+`</w:styles>`, 1)
}

func TestCaseTemplatesAreGenerated(t *testing.T) {
	for key, o := range caseTemplates {
		want := officialFile(t, o.title, caseDocument(o.lines), caseStyles())
		if _, err := Open(generated(t, filepath.Join("..", "dossier", "papers", key+".docx"), want)); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// caseSource answers every name of a catalogue with itself, every loop with two turns, the second without its second picture.
type caseSource struct {
	nth int
	jpg []byte
}

func (c caseSource) Figure(Ref) (Figure, error) { return Figure{Missing: true}, nil }
func (c caseSource) Has(name string) bool       { _, ok := c.Picture(name); return ok }
func (c caseSource) Text(name string) []string  { return []string{name} }
func (c caseSource) Header(name string) string  { return name }
func (c caseSource) Each(string) ([]Source, error) {
	return []Source{caseSource{1, c.jpg}, caseSource{2, c.jpg}}, nil
}
func (c caseSource) Annex(string) Annex { return Annex{} }
func (c caseSource) Picture(name string) (Picture, bool) {
	return Picture{Bytes: c.jpg, Alt: name}, c.nth > 0 && !(c.nth == 2 && (name == "右" || name == "整改后"))
}

// TestCasePapersAreSound fills each of them: an editor opens it without repair, pictures stand side by side, and LibreOffice
// lays it out where it is there.
func TestCasePapersAreSound(t *testing.T) {
	var pic bytes.Buffer
	if err := jpeg.Encode(&pic, image.NewRGBA(image.Rect(0, 0, 800, 600)), nil); err != nil {
		t.Fatal(err)
	}
	two := &Catalogue{Headers: []string{"左说明", "右说明"}, Pictures: []string{"左", "右"}}
	for key, c := range map[string]*Catalogue{
		"photos": {Headers: []string{"文书"}, Loops: map[string]*Catalogue{"照片": two}},
		"report": {Headers: []string{"主送", "发现", "地点", "问题", "编号", "文号", "责任单位", "日期"}, Texts: []string{"存在问题", "整改措施"},
			Loops: map[string]*Catalogue{"照片": {Headers: []string{"前说明", "后说明"}, Pictures: []string{"整改前", "整改后"}}}},
		"transfer": {Headers: []string{"编号", "移送单位", "责任单位", "地点", "问题", "发现", "移送", "不合格", "理由", "行为日", "移送日"},
			Loops: map[string]*Catalogue{"经过": {Headers: []string{"时间", "事项", "经办", "说明"}},
				"依据": {Headers: []string{"情形", "行为时", "移送时"}}, "照片": two, "材料": {Headers: []string{"序号", "材料", "来源", "摘要"}}}},
	} {
		raw, err := os.ReadFile(filepath.Join("..", "dossier", "papers", key+".docx"))
		if err != nil {
			t.Fatal(err)
		}
		tpl, err := Open(raw)
		if err != nil {
			t.Fatal(err)
		}
		filled, err := tpl.Render(c, caseSource{0, pic.Bytes()})
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		out, err := filled.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		validate(t, out)
		html := filled.HTML()
		if n := strings.Count(html, "<img"); n != 3 {
			t.Errorf("%s shows %d pictures, want 3", key, n)
		}
		if os.Getenv("SIFEN_SOFFICE") != "" {
			convert(t, t.TempDir(), key, out)
		}
	}
}
