package strangers

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sifen/internal/apptest"
)

// page is a sheet of a workbook.
type page struct {
	Name  string
	Rows  yaml.Node
	paper `yaml:",inline"`
}

// paper is what a sheet has beside its cells.
type paper struct {
	Merged        []string
	HiddenRows    []int `yaml:"hidden_rows"`
	HiddenColumns []int `yaml:"hidden_columns"`
	Protected     bool
}

func (f *file) pages() []page {
	if len(f.Sheets) > 0 {
		return f.Sheets
	}
	return []page{{"Sheet1", f.Sheet, f.paper}}
}

const (
	declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	office      = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	sheetType   = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	relations   = "http://schemas.openxmlformats.org/package/2006/relationships"
	// the formats that cells point at: a day, a day in Chinese, eight digits
	styles = `<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>` +
		`<numFmt numFmtId="165" formatCode="00000000"/></numFmts><fonts count="1"><font><sz val="11"/></font></fonts>` +
		`<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>` +
		`<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>` +
		`<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs>`
)

var formats = map[string]int{"!day": 1, "!long-day": 2, "!zeros": 3}

// workbook writes a workbook cell by cell, so that nothing is tidied on the way: an empty text stays a cell, a number keeps its
// digits, a formula may lack its result.
func workbook(t testing.TB, pages []page, form string) []byte {
	t.Helper()
	main, doc, folder := spreadsheet, office, "xl/"
	switch form {
	case "strict":
		main, doc = "http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"
	case "root":
		folder = ""
	case "":
	default:
		t.Fatalf("no form is called %s", form)
	}
	ns := fmt.Sprintf(` xmlns=%q xmlns:r=%q`, main, doc)
	var sheets, bind, kinds strings.Builder
	var parts []part
	for i, p := range pages {
		name := fmt.Sprintf("worksheets/sheet%d.xml", i+1)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, p.Name, i+1, i+1)
		fmt.Fprintf(&bind, `<Relationship Id="rId%d" Type="%s/worksheet" Target="%s"/>`, i+1, doc, name)
		fmt.Fprintf(&kinds, `<Override PartName="/%s%s" ContentType="%sworksheet+xml"/>`, folder, name, sheetType)
		parts = append(parts, part{Name: folder + name, XML: declaration + `<worksheet` + ns + `>` + p.xml(t) + `</worksheet>`})
	}
	fmt.Fprintf(&bind, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(pages)+1, doc)
	return zipped(t, append([]part{
		{Name: "[Content_Types].xml", XML: declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/` + folder + `workbook.xml" ContentType="` + sheetType + `sheet.main+xml"/>` +
			`<Override PartName="/` + folder + `styles.xml" ContentType="` + sheetType + `styles+xml"/>` + kinds.String() + `</Types>`},
		{Name: "_rels/.rels", XML: declaration + `<Relationships xmlns="` + relations + `"><Relationship Id="rId1" Type="` + doc +
			`/officeDocument" Target="` + folder + `workbook.xml"/></Relationships>`},
		{Name: folder + "workbook.xml", XML: declaration + `<workbook` + ns + `><sheets>` + sheets.String() + `</sheets></workbook>`},
		{Name: folder + "_rels/workbook.xml.rels", XML: declaration + `<Relationships xmlns="` + relations + `">` + bind.String() + `</Relationships>`},
		{Name: folder + "styles.xml", XML: declaration + `<styleSheet` + ns + `>` + styles + `</styleSheet>`},
	}, parts...))
}

func (p *page) xml(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	for _, c := range p.HiddenColumns {
		fmt.Fprintf(&b, `<cols><col min="%d" max="%d" width="9" hidden="1"/></cols>`, c, c)
	}
	b.WriteString(`<sheetData>`)
	for i, r := range p.Rows.Content {
		if r.ShortTag() == "!!null" {
			continue
		}
		hidden := ""
		if slices.Contains(p.HiddenRows, i+1) {
			hidden = ` hidden="1"`
		}
		fmt.Fprintf(&b, `<row r="%d"%s>`, i+1, hidden)
		for j, c := range r.Content {
			b.WriteString(cell(t, fmt.Sprintf("%c%d", 'A'+j, i+1), c))
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData>`)
	if p.Protected {
		b.WriteString(`<sheetProtection sheet="1" objects="1" scenarios="1"/>`)
	}
	if n := len(p.Merged); n > 0 {
		fmt.Fprintf(&b, `<mergeCells count="%d">`, n)
		for _, m := range p.Merged {
			fmt.Fprintf(&b, `<mergeCell ref="%s"/>`, m)
		}
		b.WriteString(`</mergeCells>`)
	}
	return b.String()
}

// cell writes one cell: a number as its digits stand, anything else as a text, and by its tag a format, an error or a formula.
func cell(t testing.TB, at string, n *yaml.Node) string {
	t.Helper()
	switch tag := n.ShortTag(); tag {
	case "!!null":
		return ""
	case "!!int", "!!float":
		return fmt.Sprintf(`<c r="%s"><v>%s</v></c>`, at, n.Value)
	case "!error":
		return fmt.Sprintf(`<c r="%s" t="e"><v>%s</v></c>`, at, n.Value)
	case "!formula":
		kind, result := "", ""
		if len(n.Content) > 1 {
			result = `<v>` + escaped(n.Content[1].Value) + `</v>`
			if n.Content[1].ShortTag() == "!!str" {
				kind = ` t="str"`
			}
		}
		return fmt.Sprintf(`<c r="%s"%s><f>%s</f>%s</c>`, at, kind, escaped(n.Content[0].Value), result)
	default:
		if s := formats[tag]; s > 0 {
			return fmt.Sprintf(`<c r="%s" s="%d"><v>%s</v></c>`, at, s, n.Value)
		}
		if n.Kind != yaml.ScalarNode || strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") {
			t.Fatalf("%s: no cell is %s", at, tag)
		}
		return fmt.Sprintf(`<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, escaped(n.Value))
	}
}

func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err)
	}
	return b.String()
}

// part is a file in a package.
type part struct {
	Name string
	Type string
	XML  string `yaml:"xml"`
}

func zipped(t testing.TB, parts []part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		f, err := z.Create(p.Name)
		apptest.Must(t, err)
		_, err = f.Write([]byte(p.XML))
		apptest.Must(t, err)
	}
	apptest.Must(t, z.Close())
	return b.Bytes()
}
