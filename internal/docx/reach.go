package docx

import (
	"bytes"
	"io"
	"net/url"
	"path"
	"strings"

	"sifen/internal/docx/safe"
	"sifen/internal/docx/typed"
)

// Tags also stand where no run can be put: in equations, phonetic guides, properties of the file, and attributes such as
// the words of a watermark. There a value becomes bare text without a link. Anywhere else a tag would be printed as it was
// typed, which is a fault.

// said is an attribute that holds tags.
type said struct {
	name string
	kids []*node
}

// sweep goes through a part after the tags in its text were cut out.
type sweep struct {
	t      *Template
	part   int
	name   string
	info   map[*node]*paraInfo // of paragraphs that were scanned; nil in parts where nothing can be filled
	fill   bool
	at     spot
	count  int // paragraphs of a part that was not scanned
	inPara bool
	box    bool
}

func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

func braces(s string) bool { return strings.ContainsAny(s, "{}｛｝") }

// groups are the elements whose text is read as one.
func groups(n *node) bool {
	switch n.name {
	case "w:p", "a:p", "m:oMath", "w:rubyBase", "w:rt", "w:txbxContent":
		return n.kind == element
	}
	return false
}

func (s *sweep) visit(n *node, where Place) {
	if n.kind == tagNode {
		return
	}
	if n.kind == element {
		if p, ok := typed.Places[local(n.name)]; ok {
			where = p
		}
		if n.is("w:p") || n.is("a:p") {
			outer := *s
			defer func() { s.at, s.inPara = outer.at, outer.inPara }()
			if i := s.info[n]; i != nil {
				s.at = i.at
			} else if s.info == nil && !s.inPara {
				s.count++
				s.at.paragraph = s.count
			}
			if !s.inPara {
				s.tell(n)
			}
			s.inPara = true
		}
		if n.is("w:txbxContent") && !s.box {
			s.box = true
			defer func() { s.box = false }()
		}
		if !s.inPara {
			s.aside(n)
		}
		for _, a := range n.attrs {
			s.attribute(n, a, where)
		}
		if n.is("m:oMath") {
			s.delimiters(n, where)
		}
		switch {
		case groups(n):
			s.text(s.leaves(n, nil), where)
		case leaf(n) && !s.inPara:
			s.text([]*node{n}, where)
		}
	}
	for _, k := range n.kids {
		s.visit(k, where)
	}
}

func leaf(n *node) bool {
	return n.kind == element && len(n.kids) == 1 && n.kids[0].kind == charData
}

// leaves lists what holds the text of a group; nil stands for what is no text.
func (s *sweep) leaves(n *node, out []*node) []*node {
	for _, k := range n.kids {
		switch {
		case k.kind == tagNode, k.is("w:tab"), k.is("w:br"), k.is("w:cr"):
			out = append(out, nil)
		case groups(k), s.info != nil && (k.is("w:delText") || k.is("w:instrText") || s.box && k.is("w:t")): // these were told
		case leaf(k):
			out = append(out, k)
		default:
			out = s.leaves(k, out)
		}
	}
	return out
}

// text puts tags into the elements that hold one text, or tells of them.
func (s *sweep) text(list []*node, where Place) {
	var b strings.Builder
	for _, n := range list {
		if n == nil {
			b.WriteString("\ufffc")
		} else {
			b.WriteString(n.kids[0].text)
		}
	}
	if !braces(b.String()) {
		return
	}
	cuts := s.cuts(b.String(), where, s.fill)
	base := 0
	for _, n := range list {
		if n == nil {
			base += len("\ufffc")
			continue
		}
		words := n.kids[0].text
		if kids := pieces(words, base, cuts); len(kids) > 0 {
			n.kids = kids
			n.set("xml:space", "preserve")
		}
		base += len(words)
	}
}

// pieces are the text that begins at base with the tags that begin in it; nil when no tag touches it.
func pieces(words string, base int, cuts []cut) []*node {
	var out []*node
	pos, touched := 0, false
	for _, c := range cuts {
		from, to := c.start-base, min(c.end-base, len(words))
		if from >= len(words) || to <= 0 {
			continue
		}
		touched = true
		out = append(out, &node{kind: charData, text: words[pos:max(from, 0)]})
		if from >= 0 {
			out = append(out, &node{kind: tagNode, tag: c.tag})
		}
		pos = to
	}
	if !touched {
		return nil
	}
	return append(out, &node{kind: charData, text: words[pos:]})
}

// cuts finds the tags that can be filled in place and tells of the others.
func (s *sweep) cuts(words string, where Place, fill bool) []cut {
	var good []cut
	all := findTags(words)
	for i, c := range all {
		at := s.spot(where)
		at.context = typed.Around(words, c.start, c.end)
		switch t := c.tag; {
		case !fill && t.bad != nil && t.bad.code == "docx.stray-close": // as two objects end in some part of the editor's own
		case fill && t.bad != nil:
			s.t.report(s.part, at, *t.bad)
		case !fill || t.verb != value && t.verb != text:
			s.t.report(s.part, at, outOfReach(at.place))
		default:
			t.plain, t.at, t.sides = true, at, sidesOf(words, all, i)
			good = append(good, c)
		}
	}
	return good
}

func outOfReach(where Place) problem {
	if where.Zh == "" {
		where = Place{Zh: "无法填写的地方", En: "place that cannot be filled"}
	}
	return problem{"docx.tag-out-of-reach", "标签在" + where.Zh + "里，请移到正文或表格中", "the tag is in a " + where.En + "; move it into the text or a table"}
}

func (s *sweep) spot(where Place) spot {
	at := s.at
	if where.Zh != "" && where.Zh != at.place.Zh {
		at.place = Place{Zh: strings.TrimSpace(at.place.Zh + " " + where.Zh), En: strings.TrimPrefix(at.place.En+", "+where.En, ", ")}
	}
	return at
}

func (s *sweep) attribute(n *node, a attr, where Place) {
	words := a.value
	if a.name == "Target" && strings.Contains(strings.ToUpper(words), "%7B%7B") {
		if plain, err := url.PathUnescape(words); err == nil {
			words = plain
		}
	}
	if !braces(words) {
		return
	}
	if where.Zh == "" && s.at.place.Zh == "" {
		where = Place{Zh: "属性", En: "attribute"}
	}
	cuts := s.cuts(words, where, s.fill && typed.Fillable[local(n.name)+"@"+local(a.name)])
	if kids := pieces(words, 0, cuts); kids != nil {
		n.said = append(n.said, said{a.name, kids})
	}
}

// delimiters finds the braces that an editor of equations has made of typed ones.
func (s *sweep) delimiters(math *node, where Place) {
	curly := func(n *node) bool { return n.is("m:d") && n.child("m:dPr", "m:begChr").get("m:val") == "{" }
	math.walk(func(n *node) bool {
		if e := n.child("m:e"); curly(n) && e != nil && len(e.kids) > 0 && curly(e.kids[0]) {
			at := s.spot(where)
			at.context = "{{" + words(n) + "}}"
			s.t.report(s.part, at, outOfReach(at.place))
			return false
		}
		return true
	})
}

// sweepRest looks through every part that was not scanned.
func (t *Template) sweepRest() {
	for _, f := range t.arc.files {
		name, ext := f.Name, strings.ToLower(path.Ext(f.Name))
		if ext != ".xml" && ext != ".rels" && ext != ".vml" || t.scanned(name) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		body, err := io.ReadAll(io.LimitReader(r, safe.MaxUnzipped))
		_ = r.Close() // it was only read
		place := Place{Zh: "附属部件 " + name, En: "part " + name}
		if p, ok := typed.PartPlace(name); ok {
			place = p
		}
		if ext == ".rels" {
			place = Place{Zh: "链接", En: "link"}
		}
		notes := strings.HasPrefix(name, "word/footnotes") || strings.HasPrefix(name, "word/endnotes")
		if err != nil || !notes && !bytes.ContainsAny(body, "{｛") && !bytes.Contains(body, []byte("&#")) &&
			!bytes.Contains(bytes.ToUpper(body), []byte("%7B")) {
			continue
		}
		s := &sweep{t: t, part: len(t.parts), name: name, at: spot{place: place}}
		left := maxNodes
		tree, err := parseXML(bytes.NewReader(body), &left)
		if err == nil {
			s.visit(tree, Place{})
		} else if bytes.Contains(body, []byte("{{")) || bytes.Contains(body, []byte("｛｛")) {
			t.report(s.part, s.at, outOfReach(place))
		}
	}
}

func (t *Template) scanned(name string) bool {
	for _, p := range t.parts {
		if p.name == name {
			return true
		}
	}
	return false
}
