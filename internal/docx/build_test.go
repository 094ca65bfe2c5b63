package docx

import (
	"fmt"
	"strings"
	"testing"

	"sifen/internal/ziptest"
)

// Parts of a small valid document; a test replaces what it is about.
const (
	testNS = `xmlns:w="` + nsW + `" xmlns:r="` + nsR +
		`" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" ` +
		`mc:Ignorable="w14"`
	testTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ` +
		`ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override ` +
		`PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	testRels = `<Relationships xmlns="` + nsPkgRels + `"><Relationship Id="rId1" Type="` + relBase +
		`officeDocument" Target="word/document.xml"/></Relationships>`
)

// pack builds a .docx around a body; extra parts replace or add to the rest.
func pack(body string, extra map[string]string) []byte {
	parts := map[string]string{
		"[Content_Types].xml": testTypes,
		"_rels/.rels":         testRels,
		"word/document.xml":   `<w:document ` + testNS + `><w:body>` + body + `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`,
	}
	return ziptest.Pack(parts, extra)
}

func relsWith(entries string) string {
	return `<Relationships xmlns="` + nsPkgRels + `">` + entries + `</Relationships>`
}

// para is a paragraph of runs.
func para(runs ...string) string {
	var b strings.Builder
	b.WriteString("<w:p>")
	for _, r := range runs {
		b.WriteString(`<w:r><w:t xml:space="preserve">` + strings.ReplaceAll(r, "<", "&lt;") + `</w:t></w:r>`)
	}
	return b.String() + "</w:p>"
}

func table(rows ...[]string) string {
	var b strings.Builder
	b.WriteString("<w:tbl><w:tblPr/><w:tblGrid/>")
	for _, r := range rows {
		b.WriteString("<w:tr>")
		for _, c := range r {
			b.WriteString("<w:tc>" + para(c) + "</w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	return b.String() + "</w:tbl>"
}

// testCatalogue knows a few names of each role.
func testCatalogue() *Catalogue {
	town := &Catalogue{
		Figures:  map[string]string{"宣传场次": "publicity.sessions", "整改率": "rectify.rate"},
		Headers:  []string{"名称"},
		Texts:    []string{"说明"},
		Pictures: []string{"现场照片"},
		Loops:    map[string]*Catalogue{"社区": {Headers: []string{"名称"}}},
	}
	return &Catalogue{
		Figures: map[string]string{"宣传场次": "publicity.sessions", "publicity.sessions": "publicity.sessions",
			"宣传人数": "publicity.audience", "整改率": "rectify.rate", "未知率": "none.rate"},
		Texts:    []string{"存在问题", "下一步打算"},
		Pictures: []string{"现场照片"},
		Headers:  []string{"单位", "期间", "日期", "文号"},
		Loops:    map[string]*Catalogue{"镇街": town, "空": town},
		Annexes:  []string{"数据来源"},
	}
}

// testSource answers the names of testCatalogue.
type testSource struct {
	name     string
	href     string
	texts    map[string][]string
	pictures map[string]Picture
	turns    map[string][]Source
	numbers  map[string]Number
	missing  map[string]bool
	asked    []Ref
	given    map[string]int
}

func newSource() *testSource {
	town := func(name string, sessions int64) Source {
		return &testSource{name: name, numbers: map[string]Number{"publicity.sessions": {sessions, 1, true}, "rectify.rate": {sessions, 100, true}},
			turns: map[string][]Source{"社区": {&testSource{name: name + "一社区"}, &testSource{name: name + "二社区"}}}}
	}
	return &testSource{
		name:    "云汀区",
		texts:   map[string][]string{"存在问题": {"责任落实不够。", "居民参与不够。"}},
		turns:   map[string][]Source{"镇街": {town("柳塘镇", 41), town("石渡镇", 29)}},
		numbers: map[string]Number{"publicity.sessions": {338, 1, true}, "publicity.audience": {68123, 1, true}, "rectify.rate": {89, 100, true}},
	}
}

func (s *testSource) Figure(r Ref) (Figure, error) {
	s.asked = append(s.asked, r)
	v := s.numbers[r.Key]
	if r.Test {
		return Figure{Value: v}, nil
	}
	if s.given == nil {
		s.given = map[string]int{}
	}
	id := fmt.Sprint(r.Key, r.Period)
	if s.given[id] == 0 {
		s.given[id] = len(s.given) + 1
	}
	show := fmt.Sprint(v.Num)
	if v.Den > 1 {
		show = fmt.Sprintf("%d/%d", v.Num, v.Den)
	}
	if r.Form != "" {
		show += "~" + r.Form
	}
	if r.Period != "" {
		show += "@" + r.Period
	}
	if s.missing[r.Key] {
		show = ""
	}
	return Figure{Display: show, N: s.given[id], Href: s.href, Tooltip: r.Name + " · 2020年", Missing: s.missing[r.Key], Value: v}, nil
}

func (s *testSource) Has(name string) bool {
	_, picture := s.pictures[name]
	return picture || len(s.texts[name]) > 0 || len(s.turns[name]) > 0
}
func (s *testSource) Text(name string) []string { return s.texts[name] }
func (s *testSource) Header(name string) string {
	return map[string]string{"单位": s.name, "名称": s.name, "期间": "2020年", "日期": "2020年12月31日"}[name]
}
func (s *testSource) Each(name string) ([]Source, error) { return s.turns[name], nil }
func (s *testSource) Picture(name string) (Picture, bool) {
	p, ok := s.pictures[name]
	return p, ok
}
func (s *testSource) Annex(string) Annex {
	return Annex{Head: []string{"序号", "数字", "口径"}, Widths: []int{1, 2, 5}, Rows: []AnnexRow{
		{1, []string{"1", "338", "已核实的宣传记录"}}, {2, []string{"2", "6.8万", "人数之和"}}, {2, []string{"2", "6.8万余", "同上"}}}}
}

// fill opens, renders and validates; it returns the filled tree.
func fill(t *testing.T, b []byte, s Source) *Filled {
	t.Helper()
	tpl, err := Open(b)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	f, err := tpl.Render(testCatalogue(), s)
	if err != nil {
		t.Fatalf("render: %v", err)
	}
	out, err := f.Bytes()
	if err != nil {
		t.Fatalf("bytes: %v", err)
	}
	validate(t, out)
	return f
}

// lines is the text of the body, one line per paragraph, cells in brackets.
func lines(f *Filled) string {
	var out []string
	var blocks func(list []*node, cell bool)
	blocks = func(list []*node, cell bool) {
		for _, n := range list {
			switch {
			case n.is("w:p"):
				out = append(out, plain(n))
			case n.is("w:tbl"):
				rows(n, func(tr *node) {
					line := ""
					for _, tc := range cells(tr) {
						line += "[" + plain(tc) + "]"
					}
					out = append(out, line)
				})
			case n.is("w:sdt"), n.is("w:sdtContent"):
				blocks(n.kids, cell)
			}
		}
	}
	blocks(f.parts[f.main].root().child("w:body").kids, false)
	return strings.Join(out, "\n")
}
