package typed

import (
	"fmt"
	"strings"
)

// Place says in words where inside the file a paragraph stands when its number
// alone would not help: a table cell, a header, a footer, a footnote. Both are
// empty for an ordinary paragraph.
type Place struct{ Zh, En string }

// Fault is one thing a clerk has to put right in the template.
type Fault struct {
	// Paragraph counts from 1 through body and cells in document order; in a
	// header, footer or note it counts within that part. 0: no paragraph.
	Paragraph int
	Place     Place
	// Heading is the text of the heading above, empty before the first one.
	Heading string
	// Context is the tag with up to 20 characters around it.
	Context string
	// Code is a stable slug, for example "docx.unknown-name".
	Code   string
	Zh, En string
	// Near is the nearest known name, when one is near enough to be meant.
	Near string
}

// String is the Chinese line shown to a clerk:
//
//	第14段（表2 第3行 第1格）“开展{{宣传场次数}}场”：没有“宣传场次数”，您是否要用“宣传场次”？
func (f Fault) String() string {
	return f.line(f.Place.Zh, "第%d段", "（%s）", "“%s”", "：", f.Zh)
}

// English is the same line in English.
func (f Fault) English() string {
	return f.line(f.Place.En, "paragraph %d", " (%s)", " “%s”", ": ", f.En)
}

func (f Fault) line(place, para, at, quote, colon, text string) string {
	var b strings.Builder
	if f.Paragraph > 0 {
		fmt.Fprintf(&b, para, f.Paragraph)
	}
	if place != "" {
		fmt.Fprintf(&b, at, place)
	}
	if f.Context != "" {
		fmt.Fprintf(&b, quote, f.Context)
	}
	if b.Len() > 0 {
		b.WriteString(colon)
	}
	b.WriteString(text)
	return b.String()
}
