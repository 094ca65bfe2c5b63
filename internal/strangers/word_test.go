package strangers

import (
	"fmt"
	"strings"
	"testing"
)

// relation binds the body of a Word file to another part, or to something outside.
type relation struct {
	ID, Type, Target string
	Outside          bool
}

const (
	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	coreType = "application/vnd.openxmlformats-package.core-properties+xml"
	coreBind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
	// wordSpaces stands in tables as @ns
	wordSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="` + office + `"` +
		` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
		` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"` +
		` xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"` +
		` xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"`
	paperA4 = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>` +
		`<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>`
)

// wordFile writes a Word file round its body.
func wordFile(t testing.TB, body string, binds []relation, more []part) []byte {
	t.Helper()
	var kinds, outer, inner strings.Builder
	for _, p := range more {
		fmt.Fprintf(&kinds, `<Override PartName="/%s" ContentType="%s"/>`, p.Name, p.Type)
		if p.Type == coreType {
			fmt.Fprintf(&outer, `<Relationship Id="rId2" Type="%s" Target="%s"/>`, coreBind, p.Name)
		}
	}
	for _, r := range binds {
		outside := ""
		if r.Outside {
			outside = ` TargetMode="External"`
		}
		fmt.Fprintf(&inner, `<Relationship Id="%s" Type="%s/%s" Target="%s"%s/>`, r.ID, office, r.Type, r.Target, outside)
	}
	parts := []part{
		{Name: "[Content_Types].xml", XML: declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/>` + kinds.String() + `</Types>`},
		{Name: "_rels/.rels", XML: declaration + `<Relationships xmlns="` + relations + `"><Relationship Id="rId1" Type="` + office +
			`/officeDocument" Target="word/document.xml"/>` + outer.String() + `</Relationships>`},
		{Name: "word/_rels/document.xml.rels", XML: declaration + `<Relationships xmlns="` + relations + `">` + inner.String() + `</Relationships>`},
		{Name: "word/document.xml", XML: declaration + `<w:document ` + wordSpaces + `><w:body>` + strings.TrimSpace(body) + paperA4 +
			`</w:body></w:document>`},
	}
	for _, p := range more {
		parts = append(parts, part{Name: p.Name, XML: strings.TrimSpace(strings.ReplaceAll(p.XML, "@ns", wordSpaces))})
	}
	return zipped(t, parts)
}
