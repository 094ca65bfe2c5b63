package docx

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sifen/internal/docx/safe"
	"sifen/internal/docx/typed"
)

// Template is an opened file with its tags cut out. It is never changed after
// Open and may be used by several goroutines.
type Template struct {
	arc    *archive
	parts  []*part // the document first, then headers and footers
	styles *styles
	faults []found         // of the tags and blocks themselves; names are Check's
	told   []found         // what a person should know before it is used
	noted  map[string]spot // where a comment is attached, by its id
	linked map[*node]bool  // relationships that were told of
}

// part is one part that is scanned for tags.
type part struct {
	name string
	tree *node
	// place of its paragraphs, for messages; empty for the document
	place Place
}

// found is a fault with its order of appearance.
type found struct {
	Fault
	part int
}

// Open reads a template. Its error is an *Error; faults of the tags inside are
// reported by Check, all at once.
func Open(b []byte) (*Template, error) {
	a, err := openArchive(bytes.Clone(b))
	if err != nil {
		return nil, err
	}
	mains := a.related("", "officeDocument")
	if len(mains) == 0 {
		// Strict files use another address for the same relationship.
		if rels := a.parsed["_rels/.rels"]; rels != nil {
			for _, r := range rels.root().kids {
				if strings.HasPrefix(r.get("Type"), "http://purl.oclc.org/ooxml/") {
					return nil, safe.ErrStrict
				}
			}
		}
		return nil, safe.ErrNotDocx
	}
	t := &Template{arc: a, noted: map[string]spot{}, linked: map[*node]bool{}}
	main := mains[0]
	tree, err := t.load(main, Place{})
	if err != nil {
		return nil, err
	}
	root := tree.root()
	if slices.ContainsFunc(root.attrs, func(a attr) bool { return strings.HasPrefix(a.value, "http://purl.oclc.org/ooxml/") }) {
		return nil, safe.ErrStrict
	}
	if root.name != "w:document" || root.child("w:body") == nil || root.get("xmlns:w") != nsW {
		return nil, safe.ErrNotDocx
	}
	for _, h := range []struct {
		rel   string
		place Place
	}{{"header", Place{Zh: "页眉", En: "header"}}, {"footer", Place{Zh: "页脚", En: "footer"}}} {
		for _, name := range a.related(main, h.rel) {
			if slices.ContainsFunc(t.parts, func(p *part) bool { return p.name == name }) {
				continue
			}
			if _, err := t.load(name, h.place); err != nil {
				return nil, err
			}
		}
	}
	if t.styles, err = t.loadStyles(main); err != nil {
		return nil, err
	}
	for _, name := range a.related(main, "numbering") {
		if a.file(name) != nil {
			if _, err := a.parse(name); err != nil {
				return nil, err
			}
		}
	}
	text := len(t.parts)
	t.loadProperties()
	for i, p := range t.parts {
		if i >= text {
			(&sweep{t: t, part: i, name: p.name, info: map[*node]*paraInfo{}, fill: true, at: spot{place: p.place}}).visit(p.tree, Place{})
			continue
		}
		s := &scanner{t: t, part: i, base: p.place, info: map[*node]*paraInfo{}}
		root := p.tree.root()
		if body := root.child("w:body"); body != nil {
			root = body
		}
		s.blocks(root, p.place, i == 0)
		(&sweep{t: t, part: i, name: p.name, info: s.info, fill: true, at: spot{place: p.place}}).visit(p.tree, Place{})
		s.structure(root)
	}
	t.sweepRest()
	if err := t.tellRest(main); err != nil {
		return nil, err
	}
	return t, nil
}

// loadProperties takes the properties of the file along when they hold a tag: editors make the first line its title.
func (t *Template) loadProperties() {
	for _, f := range t.arc.files {
		if !strings.HasPrefix(f.Name, "docProps/") || !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		if tree, err := t.arc.parse(f.Name); err == nil && braces(string(serialize(tree))) {
			t.parts = append(t.parts, &part{name: f.Name, tree: tree, place: Place{Zh: "文件属性", En: "properties of the file"}})
		}
	}
}

func (t *Template) load(name string, place Place) (*node, error) {
	if t.arc.file(name) == nil {
		return nil, safe.ErrNotDocx
	}
	tree, err := t.arc.parse(name)
	if err != nil {
		return nil, err
	}
	t.parts = append(t.parts, &part{name: name, tree: tree, place: place})
	return tree, nil
}

// refuse reports each tag in the plain text of n, once per spelling.
func (t *Template) refuse(n *node, at spot, part int, why *problem) {
	var b strings.Builder
	n.walk(func(k *node) bool {
		if k.is("w:t") || k.is("w:delText") || k.is("w:instrText") {
			b.WriteString(k.content())
		}
		return true
	})
	seen := map[string]bool{}
	for _, c := range findTags(b.String()) {
		if seen[c.tag.raw] {
			continue // mc:AlternateContent says everything twice
		}
		seen[c.tag.raw] = true
		at.context = typed.Around(b.String(), c.start, c.end)
		t.report(part, at, *why)
	}
}

// maxFaults of one kind are listed; nobody reads more before putting some right.
const maxFaults = 500

func (t *Template) report(part int, at spot, p problem) {
	if len(t.faults) >= maxFaults {
		return
	}
	t.faults = append(t.faults, found{faultAt(at, p, ""), part})
}

func faultAt(at spot, p problem, near string) Fault {
	return Fault{Paragraph: at.paragraph, Place: at.place, Heading: at.heading, Context: at.context,
		Code: p.code, Zh: p.zh, En: p.en, Near: near}
}

// paraInfo is what the scan of one paragraph found.
type paraInfo struct {
	at   spot
	tags []*tag
	bare bool // nothing but tags and blanks
}

// scanner goes through one part: blocks cuts the tags out and numbers the
// paragraphs, structure then nests what block tags enclose.
type scanner struct {
	t       *Template
	part    int
	base    Place
	para    int
	table   int
	heading string
	fields  fieldState
	info    map[*node]*paraInfo
	heads   []string // the units that head the cell at hand
	line    string   // the last line above
}

func (s *scanner) blocks(container *node, place Place, body bool) {
	for _, n := range container.kids {
		switch {
		case n.is("w:p"):
			s.paragraph(n, place, body)
		case n.is("w:tbl"):
			s.tableCells(n)
		case n.is("w:sdt"):
			if c := n.child("w:sdtContent"); c != nil {
				s.blocks(c, place, body)
			}
		case n.is("w:customXml") || n.is("w:sdtContent"):
			s.blocks(n, place, body)
		case n.is("w:ins") || n.is("w:del") || n.is("w:moveTo") || n.is("w:moveFrom"):
			s.t.refuse(n, spot{paragraph: s.para + 1, place: place, heading: s.heading}, s.part, curedRevision)
		}
	}
}

func (s *scanner) tableCells(tbl *node) {
	s.table++
	number, row := s.table, 0
	h := headOf(s.line)
	outer := s.heads
	rows(tbl, func(tr *node) {
		row++
		cell := 0
		for _, tc := range h.row(tr) {
			cell++
			s.heads = h.over(tc)
			zh := fmt.Sprintf("表%d 第%d行 第%d格", number, row, cell)
			en := fmt.Sprintf("table %d, row %d, cell %d", number, row, cell)
			if s.base.Zh != "" {
				zh, en = s.base.Zh+" "+zh, s.base.En+", "+en
			}
			s.blocks(tc, Place{Zh: zh, En: en}, false)
		}
	})
	s.heads = outer
}

// rows visits the rows of a table, also those in a content control.
func rows(tbl *node, visit func(tr *node)) {
	for _, k := range tbl.kids {
		switch {
		case k.is("w:tr"):
			visit(k)
		case k.is("w:sdt"), k.is("w:sdtContent"), k.is("w:customXml"), k.kind == loopNode, k.kind == groupNode:
			rows(k, visit)
		case k.kind == condNode:
			rows(k, visit)
			rows(&node{kids: k.alt}, visit)
		}
	}
}

// cells lists the cells of a row, also those in a content control.
func cells(tr *node) []*node {
	var out []*node
	for _, k := range tr.kids {
		switch {
		case k.is("w:tc"):
			out = append(out, k)
		case k.is("w:sdt"), k.is("w:sdtContent"), k.is("w:customXml"):
			out = append(out, cells(k)...)
		}
	}
	return out
}

func (s *scanner) paragraph(p *node, place Place, body bool) {
	s.para++
	at := spot{paragraph: s.para, place: place, heading: s.heading}
	if p.contains("w:txbxContent") {
		p.walk(func(k *node) bool {
			if k.is("w:txbxContent") {
				s.t.refuse(k, at, s.part, curedBox)
				return false
			}
			return true
		})
	}
	tags := splitTags(p, &s.fields, at)
	info := &paraInfo{at: at, tags: tags, bare: len(tags) > 0}
	var words strings.Builder
	for _, k := range p.kids {
		if k.is("w:pPr") {
			continue
		}
		k.walk(func(k *node) bool {
			switch {
			case k.kind == tagNode:
				words.WriteString(k.tag.raw)
			case k.is("w:t"):
				words.WriteString(k.content())
				info.bare = info.bare && strings.TrimSpace(k.content()) == ""
			case k.is("w:drawing"), k.is("w:pict"), k.is("w:object"), k.is("mc:AlternateContent"), k.is("w:br"), k.is("w:fldChar"), k.is("w:fldSimple"),
				k.is("w:sym"):
				info.bare = false
				return false
			}
			return true
		})
	}
	s.info[p] = info
	for _, t := range tags {
		t.alone = info.bare && len(tags) == 1
		t.inBody, t.sides.Heads = body, s.heads
		if t.bad != nil {
			s.t.report(s.part, at.with(t), *t.bad)
		}
	}
	if strings.TrimSpace(words.String()) != "" {
		s.line = words.String()
	}
	if level := s.t.styles.level(p, words.String()); level > 0 {
		s.heading = clip(words.String(), 40)
	}
}

func (at spot) with(t *tag) spot {
	at.context = t.at.context
	return at
}

func clip(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) > n {
		return string(r[:n]) + "…"
	}
	return string(r)
}

var (
	firstLevel  = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、`)
	secondLevel = regexp.MustCompile(`^（[一二三四五六七八九十]{1,3}）`)
)
