package docx

import (
	"slices"
	"strconv"
	"strings"

	"sifen/internal/docx/typed"
)

// styles is what headings, the HTML view and the outline need of styles.xml.
type styles struct {
	byID     map[string]*style
	standard string // the default paragraph style
}

type style struct {
	name, basedOn string
	level         int // outline level from 1; 0: none
	align         string
	indent        bool // first line
	font          string
	size          int // half points
	bold          bool
	hidden        bool
}

func (t *Template) loadStyles(main string) (*styles, error) {
	s := &styles{byID: map[string]*style{}}
	names := t.arc.related(main, "styles")
	if len(names) == 0 || t.arc.file(names[0]) == nil {
		return s, nil
	}
	tree, err := t.arc.parse(names[0])
	if err != nil {
		return nil, err
	}
	for _, n := range tree.root().kids {
		if !n.is("w:style") {
			continue
		}
		st := &style{name: strings.ToLower(n.child("w:name").get("w:val")), basedOn: n.child("w:basedOn").get("w:val")}
		st.level = headingLevel(n.child("w:pPr"), st.name)
		st.align, st.indent = layout(n.child("w:pPr"))
		st.font, st.size, st.bold = look(n.child("w:rPr"))
		st.hidden = switched(n.child("w:rPr", "w:vanish"))
		id := n.get("w:styleId")
		s.byID[id] = st
		if n.get("w:type") == "paragraph" && n.get("w:default") == "1" {
			s.standard = id
		}
	}
	return s, nil
}

func headingLevel(pPr *node, name string) int {
	if v := pPr.child("w:outlineLvl"); v != nil {
		if n, err := strconv.Atoi(v.get("w:val")); err == nil && n >= 0 && n < 9 {
			return n + 1
		}
		return 0
	}
	if rest, ok := strings.CutPrefix(name, "heading "); ok {
		if n, err := strconv.Atoi(rest); err == nil && n > 0 && n < 10 {
			return n
		}
	}
	return 0
}

func layout(pPr *node) (align string, indent bool) {
	switch pPr.child("w:jc").get("w:val") {
	case "center":
		align = "center"
	case "right", "end":
		align = "right"
	case "left", "start", "both":
		align = "left"
	}
	ind := pPr.child("w:ind")
	for _, a := range []string{"w:firstLineChars", "w:firstLine"} {
		if n, err := strconv.Atoi(ind.get(a)); err == nil && n > 0 {
			indent = true
		}
	}
	return align, indent
}

// look reads font role, size and weight of run properties.
func look(rPr *node) (font string, size int, bold bool) {
	f := rPr.child("w:rFonts")
	font = typed.FontRole(f.get("w:eastAsia"))
	size, _ = strconv.Atoi(rPr.child("w:sz").get("w:val"))
	return font, size, switched(rPr.child("w:b"))
}

// switched reads a toggle property: present means on unless it says otherwise.
func switched(n *node) bool {
	return n != nil && !slices.Contains([]string{"0", "false", "off"}, n.get("w:val"))
}

// of resolves the style of a paragraph with everything it is based on and what
// the paragraph itself says.
func (s *styles) of(p *node) style {
	pPr := p.child("w:pPr")
	id := pPr.child("w:pStyle").get("w:val")
	if id == "" {
		id = s.standard
	}
	var out style
	var chain []*style
	for range 20 { // a chain of styles may be made a circle
		st := s.byID[id]
		if st == nil {
			break
		}
		chain = append(chain, st)
		id = st.basedOn
	}
	for _, st := range slices.Backward(chain) {
		out.name = st.name
		out.bold = out.bold || st.bold
		out.indent = out.indent || st.indent
		if st.level > 0 {
			out.level = st.level
		}
		if st.align != "" {
			out.align = st.align
		}
		if st.font != "" {
			out.font = st.font
		}
		if st.size > 0 {
			out.size = st.size
		}
	}
	if n := headingLevel(pPr, ""); n > 0 {
		out.level = n
	}
	align, indent := layout(pPr)
	if align != "" {
		out.align = align
	}
	if pPr.child("w:ind") != nil {
		out.indent = indent
	}
	return out
}

// level is 1 for 一、 and 2 for （一）, from the outline level or, in templates
// typed without styles, from the number itself; 0 for other text.
func (s *styles) level(p *node, words string) int {
	if s == nil {
		return 0
	}
	if n := s.of(p).level; n > 0 {
		return n
	}
	words = strings.TrimSpace(words)
	if len([]rune(words)) > 40 {
		return 0 // a paragraph that begins with a number is not a heading
	}
	switch {
	case firstLevel.MatchString(words):
		return 1
	case secondLevel.MatchString(words):
		return 2
	}
	return 0
}
