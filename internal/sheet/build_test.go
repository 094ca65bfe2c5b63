package sheet

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sifen/internal/ziptest"
)

const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// workbook builds a file around the XML of a worksheet, as other programs
// write it; extra parts replace or add.
func workbook(sheetXML string, extra map[string]string) []byte {
	const relationship = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	const ct = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	parts := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ` +
			`ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + ct + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` +
			ct + `worksheet+xml"/></Types>`,
		"_rels/.rels":                relationship + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook ` + ns + `><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relationship + `worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet ` + ns + `><sheetData>` + sheetXML + `</sheetData></worksheet>`,
	}
	return ziptest.Pack(parts, extra)
}

// text is a cell with its text inside.
func text(ref, s string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>`
}

func num(ref, s string) string { return `<c r="` + ref + `"><v>` + s + `</v></c>` }

func row(n int, cells ...string) string {
	return fmt.Sprintf(`<row r="%d">%s</row>`, n, strings.Join(cells, ""))
}

// dump is the table as text: head, then each row with its number; ^ marks
// merged and ? uncached cells.
func dump(t *testing.T, table *Table) string {
	t.Helper()
	var b strings.Builder
	line := func(cells []Cell) {
		for i, c := range cells {
			if i > 0 {
				b.WriteByte('|')
			}
			b.WriteString(c.Text)
			if c.Merged {
				b.WriteByte('^')
			}
			if c.Uncached {
				b.WriteByte('?')
			}
		}
		b.WriteByte('\n')
	}
	line(table.Head)
	for r, err := range table.Rows(context.Background()) {
		if err != nil {
			fmt.Fprintf(&b, "%v\n", err)
			break
		}
		fmt.Fprintf(&b, "%d:", r.Index)
		line(r.Cells)
	}
	if err := table.Close(); err != nil {
		t.Error(err)
	}
	return strings.TrimSpace(b.String())
}
