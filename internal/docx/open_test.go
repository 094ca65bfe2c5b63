package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	"sifen/internal/docx/safe"
)

func TestHostileFilesRefused(t *testing.T) {
	rel := func(kind, target, mode string) map[string]string {
		return map[string]string{"word/_rels/document.xml.rels": relsWith(`<Relationship Id="rId1" Type="` + relBase + kind + `" Target="` + target +
			`"` + mode + `/>`)}
	}
	const external = ` TargetMode="External"`
	doc := func(xml string) map[string]string { return map[string]string{"word/document.xml": xml} }
	var many bytes.Buffer
	z := zip.NewWriter(&many)
	for range safe.MaxParts + 1 {
		if _, err := z.Create(strings.Repeat("a", 1+many.Len()%7)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		b    []byte
		want *Error
	}{
		"larger than 20 MB":          {make([]byte, safe.MaxFile+1), safe.ErrTooLarge},
		"old .doc or locked":         {[]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1}, safe.ErrOldOrLocked},
		"no zip":                     {[]byte("文字"), safe.ErrNotDocx},
		"zip of something else":      {pack("", map[string]string{"_rels/.rels": relsWith("")}), safe.ErrNotDocx},
		"zip bomb":                   {pack("", map[string]string{"word/media/a.bin": strings.Repeat("\x00", safe.MaxUnzipped+1)}), safe.ErrUnzipped},
		"many parts":                 {many.Bytes(), safe.ErrTooManyParts},
		"depth bomb":                 {pack(strings.Repeat("<w:sdt>", 200)+strings.Repeat("</w:sdt>", 200), nil), safe.ErrTooDeep},
		"node bomb":                  {pack(strings.Repeat("<w:p/>", maxNodes+1), nil), safe.ErrTooManyNodes},
		"document type":              {pack("", doc(`<!DOCTYPE a [<!ENTITY b "c">]><w:document `+testNS+`><w:body/></w:document>`)), safe.ErrDTD},
		"entity without declaration": {pack("<w:p>&xxe;</w:p>", nil), safe.ErrBadXML},
		"unclosed element":           {pack("<w:p>", nil), safe.ErrBadXML},
		"macro part":                 {pack("", map[string]string{"word/vbaProject.bin": "x"}), safe.ErrMacro},
		"macro content type": {pack("", map[string]string{"[Content_Types].xml": strings.Replace(testTypes,
			"openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main", 1)}), safe.ErrMacro},
		"embedded object":      {pack("", rel("oleObject", "embeddings/a.bin", "")), safe.ErrEmbedded},
		"embedded part":        {pack("", map[string]string{"word/embeddings/a.xlsx": "x"}), safe.ErrEmbedded},
		"another file inside":  {pack("", rel("aFChunk", "a.html", "")), safe.ErrAltChunk},
		"attached template":    {pack("", rel("attachedTemplate", "http://a/b.dotm", external)), safe.ErrTemplateLink},
		"picture from outside": {pack("", rel("image", "http://a/b.png", external)), safe.ErrExternal},
		"link that runs":       {pack("", rel("hyperlink", "javascript:alert(1)", external)), safe.ErrRunningLink},
		"strict file": {pack("", doc(`<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body/></w:document>`)),
			safe.ErrStrict},
		"another prefix":              {pack("", doc(`<x:document xmlns:x="`+nsW+`"><x:body/></x:document>`)), safe.ErrNotDocx},
		"part outside the archive":    {pack("", map[string]string{"../evil.xml": "x"}), safe.ErrBadXML},
		"two parts of one name":       {pack("", map[string]string{"word/Document.xml": "x"}), safe.ErrBadXML},
		"encoding that is not UTF-8":  {pack("", doc(`<?xml version="1.0" encoding="GBK"?><w:document `+testNS+`><w:body/></w:document>`)), safe.ErrBadXML},
		"header that is not there":    {pack("", rel("header", "header1.xml", "")), safe.ErrNotDocx},
		"relationships not well made": {pack("", map[string]string{"word/_rels/document.xml.rels": "<a>"}), safe.ErrBadXML},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Open(tt.b)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %s", err, tt.want.Code)
			}
		})
	}
}

func TestLinkToTheWebAllowed(t *testing.T) {
	b := pack(`<w:p><w:hyperlink r:id="rId1"><w:r><w:t>国办函〔2026〕12号</w:t></w:r></w:hyperlink></w:p>`, map[string]string{
		"word/_rels/document.xml.rels": relsWith(`<Relationship Id="rId1" Type="` + relBase +
			`hyperlink" Target="https://www.gov.cn/" TargetMode="External"/>`)})
	if got := fill(t, b, newSource()).HTML(); !strings.Contains(got,
		`<a href="https://www.gov.cn/" rel="noopener noreferrer" target="_blank">国办函〔2026〕12号</a>`) {
		t.Error(got)
	}
}

// TestTagsByTheThousand: time grows with the text, not with its square.
func TestTagsByTheThousand(t *testing.T) {
	for name, body := range map[string]string{
		"figures":      strings.Repeat("{{宣传场次}}", 60_000),
		"open braces":  strings.Repeat("{{", 60_000),
		"nested":       strings.Repeat("{{#如果 有 存在问题}}", 60_000),
		"empty loops":  strings.Repeat("{{#每个 镇街}}{{/每个}}", 30_000),
		"closed loops": strings.Repeat("{{/每个}}", 60_000),
	} {
		t.Run(name, func(t *testing.T) {
			tpl, err := Open(pack(para(body), nil))
			if err != nil {
				t.Fatal(err)
			}
			if n := len(tpl.Check(testCatalogue())); n > 2*maxFaults {
				t.Errorf("%d faults", n)
			}
		})
	}
}

// TestLoopBombStopped: a small template may not become a large document.
func TestLoopBombStopped(t *testing.T) {
	tpl, err := Open(pack(para("{{#每个 镇街}}")+strings.Repeat(para("a"), 3000)+para("{{/每个}}"), nil))
	if err != nil {
		t.Fatal(err)
	}
	s := newSource()
	for range 10 {
		s.turns["镇街"] = append(s.turns["镇街"], s.turns["镇街"]...)
	}
	if _, err := tpl.Render(testCatalogue(), s); !errors.Is(err, errTooMuch) {
		t.Errorf("got %v", err)
	}
}
