package docx

import (
	"bytes"
	"encoding/base64"
	"html"
	"image"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Heading is one line of the outline.
type Heading struct {
	ID    string // of the element in HTML
	Level int    // from 1
	Text  string
	// Figures are the numbers of the figures between this heading and the
	// next, in the order of the text, each once.
	Figures []int
}

// HTML shows the body of the filled document: paragraphs, headings, tables,
// pictures, links, numbers. Headers, footers and sections are left out.
// Figures are buttons with data-n, gaps carry the class gap. There are no
// inline styles; classes are title, h1, h2, body, blank, indent, center, right,
// fonts that differ from the style's are kai, hei, song, fang.
func (f *Filled) HTML() string {
	v := newView(f)
	v.blocks(f.parts[f.main].root().child("w:body").kids)
	return v.b.String()
}

// Outline lists the headings in order. Figures before the first heading belong
// to none.
func (f *Filled) Outline() []Heading {
	v := newView(f)
	v.blocks(f.parts[f.main].root().child("w:body").kids)
	return v.outline
}

// view writes HTML and the outline in one walk, so that their ids agree.
type view struct {
	f       *Filled
	b       strings.Builder
	para    int
	section int
	titled  bool
	outline []Heading
	numbers *numbering
}

func newView(f *Filled) *view { return &view{f: f, numbers: f.t.numbering()} }

func (v *view) blocks(list []*node) {
	for _, n := range list {
		switch {
		case n.is("w:p"):
			v.paragraph(n)
		case n.is("w:tbl"):
			v.table(n)
		case n.is("w:sdt"):
			if c := n.child("w:sdtContent"); c != nil {
				v.blocks(c.kids)
			}
		case n.is("w:customXml"), n.kind == groupNode, n.is("w:ins"), n.is("w:moveTo"):
			v.blocks(n.kids)
		}
	}
}

// plain is the text of a subtree as it reads.
func plain(n *node) string {
	var b strings.Builder
	n.walk(func(k *node) bool {
		switch {
		case k.is("w:t"):
			b.WriteString(k.content())
		case k.is("w:tab") && k.attrs == nil, k.is("w:br"):
			b.WriteByte(' ')
		case k.is("w:del"), k.is("w:moveFrom"), k.is("mc:Fallback"), k.is("w:pPr"), k.is("w:txbxContent"):
			return false
		}
		return true
	})
	return b.String()
}

// official are the styles of what stands around the text of an official document, GB/T 9704, by their name.
var official = map[string]string{"发文机关标志": "letterhead", "红色分隔线": "redrule", "抄送": "imprint", "印发": "imprint last"}

func (v *view) paragraph(p *node) {
	v.para++
	st := v.f.t.styles.of(p)
	words := strings.TrimSpace(plain(p))
	number := v.numbers.next(p)
	level := v.f.t.styles.level(p, words)
	tag, class, id := "p", "body", "p"+strconv.Itoa(v.para)
	switch {
	case official[st.name] != "": // parts of an official document outside its text
		class = official[st.name]
	case words == "" && !p.contains("w:drawing"):
		class = "blank"
	case level > 0:
		v.section++
		id = "s" + strconv.Itoa(v.section)
		tag, class = "h"+strconv.Itoa(min(level+1, 6)), "h"+strconv.Itoa(level)
		v.outline = append(v.outline, Heading{ID: id, Level: level, Text: number + words})
	case !v.titled && (st.name == "title" || st.align == "center" && v.size(p, st) >= 36):
		v.titled = true
		tag, class = "h1", "title"
	}
	classes := []string{class}
	if st.indent && class == "body" {
		classes = append(classes, "indent")
	}
	if st.align == "center" || st.align == "right" {
		classes = append(classes, st.align)
	}
	where := ""
	if p.mark != nil && p.mark.key != "" {
		where = ` data-p="` + p.mark.key + `"`
		if p.mark.own {
			classes = append(classes, "own")
		}
	}
	v.b.WriteString("<" + tag + ` id="` + id + `" class="` + strings.Join(classes, " ") + `"` + where + `>`)
	v.b.WriteString(html.EscapeString(number))
	v.runs(p.kids, st)
	v.b.WriteString("</" + tag + ">\n")
}

// size is the type size of a paragraph, from its first run if that says so.
func (v *view) size(p *node, st style) int {
	size := st.size
	found := false
	p.walk(func(k *node) bool {
		if k.is("w:r") && !found {
			found = true
			if _, s, _ := look(k.child("w:rPr")); s > 0 {
				size = s
			}
		}
		return !found
	})
	return size
}

func (v *view) runs(list []*node, st style) {
	for _, n := range list {
		switch {
		case n.mark != nil && n.mark.figure:
			v.figure(n)
		case n.mark != nil && n.mark.gap:
			v.b.WriteString(`<span class="gap" data-text="` + html.EscapeString(n.mark.text) + `">` + html.EscapeString(plain(n)) + `</span>`)
		case n.is("w:r"):
			v.run(n, st)
		case n.is("w:hyperlink"):
			v.link(n, st)
		case n.is("w:sdt"):
			if c := n.child("w:sdtContent"); c != nil {
				v.runs(c.kids, st)
			}
		case n.is("w:ins"), n.is("w:moveTo"), n.is("w:fldSimple"), n.is("w:smartTag"), n.is("w:customXml"), n.is("w:bdo"), n.is("w:dir"), n.kind == groupNode:
			v.runs(n.kids, st)
		}
	}
}

func (v *view) figure(n *node) {
	class := "fig"
	if n.mark.gap {
		class = "fig gap"
	}
	num := strconv.Itoa(n.mark.n)
	v.b.WriteString(`<button type="button" class="` + class + `" data-n="` + num + `"`)
	if tip := n.get("w:tooltip"); tip != "" {
		v.b.WriteString(` title="` + html.EscapeString(tip) + `"`)
	}
	v.b.WriteString(">" + html.EscapeString(plain(n)) + "</button>")
	if i := len(v.outline) - 1; i >= 0 && !slices.Contains(v.outline[i].Figures, n.mark.n) {
		v.outline[i].Figures = append(v.outline[i].Figures, n.mark.n)
	}
}

func (v *view) run(r *node, st style) {
	rPr := r.child("w:rPr")
	if switched(rPr.child("w:vanish")) {
		return
	}
	font, _, bold := look(rPr)
	open, end := "", ""
	if font != "" && font != st.font {
		open, end = `<span class="`+font+`">`, "</span>"
	}
	if bold && !st.bold {
		open, end = open+"<strong>", "</strong>"+end
	}
	var in strings.Builder
	for _, k := range r.kids {
		switch {
		case k.is("w:t"):
			in.WriteString(html.EscapeString(k.content()))
		case k.is("w:br") && k.get("w:type") == "", k.is("w:cr"):
			in.WriteString("<br>")
		case k.is("w:tab"):
			in.WriteString("\u2003")
		case k.is("w:noBreakHyphen"):
			in.WriteString("\u2011")
		case k.is("w:drawing"):
			in.WriteString(v.image(k))
		}
	}
	if in.Len() > 0 {
		v.b.WriteString(open + in.String() + end)
	}
}

func (v *view) link(n *node, st style) {
	href := v.target(n.get("r:id"), "hyperlink")
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") {
		v.runs(n.kids, st)
		return
	}
	v.b.WriteString(`<a href="` + html.EscapeString(href) + `" rel="noopener noreferrer" target="_blank">`)
	v.runs(n.kids, st)
	v.b.WriteString("</a>")
}

// target resolves a relationship of the main part.
func (v *view) target(id, kind string) string {
	r := v.f.relsOf(v.f.main)
	if id == "" || r.tree == nil {
		return ""
	}
	for _, k := range r.tree.root().kids {
		if k.get("Id") == id && k.get("Type") == relBase+kind {
			return k.get("Target")
		}
	}
	return ""
}

// maxInlineImage keeps a page with the pictures of a template usable.
const maxInlineImage = 4 << 20

func (v *view) image(drawing *node) string {
	id, alt := "", ""
	drawing.walk(func(k *node) bool {
		if k.is("a:blip") && id == "" {
			id = k.get("r:embed")
		}
		if k.is("wp:docPr") {
			alt = k.get("descr")
		}
		return true
	})
	target := v.target(id, "image")
	if target == "" {
		return ""
	}
	name := resolve(v.f.main, target)
	var body []byte
	for _, m := range v.f.media {
		if m.name == name {
			body = m.bytes
		}
	}
	if file := v.f.t.arc.file(name); body == nil && file != nil && file.UncompressedSize64 <= maxInlineImage {
		if r, err := file.Open(); err == nil {
			body, _ = io.ReadAll(io.LimitReader(r, maxInlineImage)) // an unreadable picture shows as its description
			r.Close()
		}
	}
	_, format, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		return `<span class="picture">` + html.EscapeString(alt+path.Ext(name)) + `</span>`
	}
	return `<img alt="` + html.EscapeString(alt) + `" src="data:image/` + format + `;base64,` + base64.StdEncoding.EncodeToString(body) + `">`
}

func (v *view) table(tbl *node) {
	var list []*node
	rows(tbl, func(tr *node) { list = append(list, tr) })
	v.b.WriteString("<table>\n")
	head := false
	for i, tr := range list {
		isHead := tr.child("w:trPr", "w:tblHeader") != nil
		if isHead && i == 0 {
			v.b.WriteString("<thead>\n")
			head = true
		} else if head && !isHead {
			v.b.WriteString("</thead>\n<tbody>\n")
			head = false
		} else if i == 0 {
			v.b.WriteString("<tbody>\n")
		}
		v.b.WriteString("<tr>")
		column := 0
		for _, tc := range cells(tr) {
			span := gridSpan(tc)
			if m := tc.child("w:tcPr", "w:vMerge"); m == nil || m.get("w:val") == "restart" {
				v.cell(tc, isHead, span, height(list[i+1:], column, m != nil))
			}
			column += span
		}
		v.b.WriteString("</tr>\n")
	}
	switch {
	case head:
		v.b.WriteString("</thead>\n")
	case len(list) > 0:
		v.b.WriteString("</tbody>\n")
	}
	v.b.WriteString("</table>\n")
}

func gridSpan(tc *node) int {
	n, err := strconv.Atoi(tc.child("w:tcPr", "w:gridSpan").get("w:val"))
	if err != nil || n < 1 || n > 100 {
		return 1
	}
	return n
}

// height counts the rows a cell that starts a vertical merge reaches over.
func height(below []*node, column int, starts bool) int {
	n := 1
	if !starts {
		return n
	}
	for _, tr := range below {
		at, goesOn := 0, false
		for _, tc := range cells(tr) {
			if at == column {
				m := tc.child("w:tcPr", "w:vMerge")
				goesOn = m != nil && m.get("w:val") != "restart"
			}
			at += gridSpan(tc)
		}
		if !goesOn {
			break
		}
		n++
	}
	return n
}

func (v *view) cell(tc *node, head bool, across, down int) {
	tag := "td"
	if head {
		tag = "th"
	}
	v.b.WriteString("<" + tag)
	if across > 1 {
		v.b.WriteString(` colspan="` + strconv.Itoa(across) + `"`)
	}
	if down > 1 {
		v.b.WriteString(` rowspan="` + strconv.Itoa(down) + `"`)
	}
	v.b.WriteString(">")
	v.blocks(tc.kids)
	v.b.WriteString("</" + tag + ">")
}
