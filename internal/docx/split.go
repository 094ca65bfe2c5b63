package docx

import (
	"strings"

	"sifen/internal/docx/typed"
)

// Editors cut the text of a paragraph into runs wherever a cursor once stood,
// so a tag may be spread over many runs, with spelling marks and bookmarks in
// between. splitTags puts one tagNode where each tag begins.

// piece is one stretch of a paragraph's text and the node that holds it.
type piece struct {
	node       *node // w:t, or nil for a character that is no text
	start, end int   // byte offsets in the joined text
	run        *node
	cure       *problem // why a tag must not touch it
	link       bool     // inside a hyperlink of the template
}

// strip is an element without text, known by its offset.
type strip struct {
	node   *node
	offset int
}

type paragraph struct {
	text   strings.Builder
	pieces []piece
	strips []strip
	fields *fieldState
}

// fieldState follows complex fields, which may run over paragraphs.
type fieldState struct{ depth int }

var (
	curedRevision = &problem{"docx.tag-in-revision", "标签在修订痕迹里，请先接受修订", "the tag is in a tracked change; accept the changes first"}
	curedField    = &problem{"docx.tag-in-field", "标签在域里，请删去域后直接输入标签", "the tag is in a field; delete the field and type the tag as plain text"}
	curedBox      = &problem{"docx.tag-in-text-box", "标签在文本框里，请移到正文或表格中", "the tag is in a text box; move it into the text or a table"}
	curedBreak    = &problem{"docx.tag-broken", "标签中间有换行、制表符或图形，请在一行内重新输入", "the tag holds a line break, tab or graphic; type it again on one line"}
)

// collect lists the text of a paragraph, descending into what an editor wraps
// around runs.
func (p *paragraph) collect(list []*node, cure *problem, link bool) {
	for _, n := range list {
		if n.kind != element {
			continue
		}
		switch n.name {
		case "w:r":
			p.collectRun(n, cure, link)
		case "w:smartTag", "w:customXml", "w:bdo", "w:dir", "w:sdtContent":
			p.collect(n.kids, cure, link)
		case "w:sdt":
			if c := n.child("w:sdtContent"); c != nil {
				p.collect(c.kids, cure, link)
			}
		case "w:hyperlink":
			p.collect(n.kids, cure, true)
		case "w:ins", "w:del", "w:moveFrom", "w:moveTo":
			p.collect(n.kids, curedRevision, link)
		case "w:fldSimple":
			p.collect(n.kids, curedField, link)
		case "w:pPr":
		default:
			p.strips = append(p.strips, strip{n, p.text.Len()})
		}
	}
}

func (p *paragraph) collectRun(run *node, cure *problem, link bool) {
	for _, k := range run.kids {
		if k.kind != element {
			continue
		}
		at := cure
		if p.fields.depth > 0 {
			at = curedField
		}
		add := func(n *node, s string) {
			start := p.text.Len()
			p.text.WriteString(s)
			p.pieces = append(p.pieces, piece{n, start, p.text.Len(), run, at, link})
		}
		switch k.name {
		case "w:t":
			add(k, k.content())
		case "w:delText", "w:instrText":
			add(nil, k.content())
		case "w:fldChar":
			switch k.get("w:fldCharType") {
			case "begin":
				p.fields.depth++
			case "end":
				p.fields.depth = max(0, p.fields.depth-1)
			}
		case "w:tab", "w:ptab":
			add(nil, "\t")
		case "w:br", "w:cr":
			add(nil, "\n")
		case "w:rPr", "w:lastRenderedPageBreak", "w:annotationRef", "w:softHyphen":
		default:
			add(nil, "\ufffc")
		}
	}
}

// content is the character data directly inside n.
func (n *node) content() string {
	if len(n.kids) == 1 && n.kids[0].kind == charData {
		return n.kids[0].text
	}
	var b strings.Builder
	for _, k := range n.kids {
		if k.kind == charData {
			b.WriteString(k.text)
		}
	}
	return b.String()
}

// cut is one tag found in the joined text.
type cut struct {
	start, end int
	tag        *tag
}

// findTags cuts a text at its tags. A brace without its partner is a fault.
func findTags(s string) []cut {
	var out []cut
	for i := 0; i < len(s); {
		if n := typed.Brace(s[i:], '}', '｝'); n > 0 {
			out = append(out, cut{i, i + n, &tag{raw: s[i : i+n],
				bad: &problem{"docx.stray-close", "多了“}}”，前面没有“{{”", "“}}” without “{{” before it"}}})
			i += n
			continue
		}
		n := typed.Brace(s[i:], '{', '｛')
		if n == 0 {
			i++
			continue
		}
		end, stop := -1, len(s)
		for j := i + n; j < len(s); j++ {
			if m := typed.Brace(s[j:], '}', '｝'); m > 0 {
				end, stop = j, j+m
				break
			}
			if m := typed.Brace(s[j:], '{', '｛'); m > 0 && j > i+n {
				stop = j
				break
			}
		}
		if end < 0 {
			out = append(out, cut{i, i + n, &tag{raw: s[i : i+n],
				bad: &problem{"docx.unclosed-tag", "“{{”没有配对的“}}”，请补上", "“{{” without its “}}”"}}})
			i = stop
			continue
		}
		t := parseTag(s[i+n : end])
		t.raw = s[i:stop]
		out = append(out, cut{i, stop, t})
		i = stop
	}
	return out
}

// splitTags replaces the tags of one paragraph by nodes and returns them.
func splitTags(para *node, fields *fieldState, at spot) []*tag {
	p := &paragraph{fields: fields}
	p.collect(para.kids, nil, false)
	s := p.text.String()
	if !strings.ContainsAny(s, "{}｛｝") {
		return nil
	}
	cuts := findTags(s)
	if len(cuts) == 0 {
		return nil
	}
	tags := make([]*tag, len(cuts))
	for i, c := range cuts {
		c.tag.at = at
		c.tag.at.context = typed.Around(s, c.start, c.end)
		c.tag.sides = sidesOf(s, cuts, i)
		tags[i] = c.tag
	}
	gone := map[*node]bool{}
	first := 0 // both lists are in order, so neither is gone through twice
	for _, st := range p.strips {
		for first < len(cuts) && cuts[first].end <= st.offset {
			first++
		}
		if first < len(cuts) && cuts[first].start < st.offset {
			gone[st.node] = true
		}
		if st.node.name == "w:proofErr" {
			gone[st.node] = true
		}
	}
	insert := map[*node][]cut{} // w:t → cuts that touch it
	spans := map[*node]piece{}
	first = 0
	for _, pc := range p.pieces {
		for first < len(cuts) && cuts[first].end <= pc.start {
			first++
		}
		for _, c := range cuts[first:] {
			if c.start >= pc.end {
				break
			}
			if c.tag.bad == nil {
				switch {
				case pc.cure != nil:
					c.tag.bad = pc.cure
				case pc.node == nil:
					c.tag.bad = curedBreak
				}
			}
			if c.start >= pc.start && c.start < pc.end {
				c.tag.rPr = pc.run.child("w:rPr")
				c.tag.inLink = pc.link
			}
			if pc.node != nil {
				insert[pc.node] = append(insert[pc.node], c)
				spans[pc.node] = pc
			}
		}
	}
	para.kids = rebuild(para.kids, insert, spans, gone)
	return tags
}

// rebuild copies a list of paragraph children with tags cut out of their runs.
func rebuild(list []*node, insert map[*node][]cut, spans map[*node]piece, gone map[*node]bool) []*node {
	var out []*node
	for _, n := range list {
		switch {
		case gone[n]:
		case n.is("w:smartTag") || n.is("w:customXml"):
			// A wrapper of an old editor; without it both ends of a loop share one parent.
			for _, k := range rebuild(n.kids, insert, spans, gone) {
				if k.kind != element || !strings.HasPrefix(k.name, "w:smartTagPr") && k.name != "w:customXmlPr" {
					out = append(out, k)
				}
			}
		case n.is("w:r"):
			out = append(out, rebuildRun(n, insert, spans)...)
		default:
			if n.kind == element && n.name != "w:pPr" && len(n.kids) > 0 {
				n.kids = rebuild(n.kids, insert, spans, gone)
			}
			out = append(out, n)
		}
	}
	return out
}

func rebuildRun(run *node, insert map[*node][]cut, spans map[*node]piece) []*node {
	touched := false
	for _, k := range run.kids {
		touched = touched || insert[k] != nil
	}
	if !touched {
		return []*node{run}
	}
	var out []*node
	rPr := run.child("w:rPr")
	empty := func() *node { return &node{name: run.name, attrs: run.attrs} }
	cur := empty()
	flush := func() {
		if len(cur.kids) > 0 {
			if rPr != nil {
				cur.kids = append([]*node{rPr.clone()}, cur.kids...)
			}
			out = append(out, cur)
		}
		cur = empty()
	}
	for _, k := range run.kids {
		if k == rPr {
			continue
		}
		cuts := insert[k]
		if cuts == nil {
			cur.kids = append(cur.kids, k)
			continue
		}
		s, base, pos := k.content(), spans[k].start, 0
		for _, c := range cuts {
			from := max(c.start-base, 0)
			if from > pos {
				cur.kids = append(cur.kids, wText(s[pos:from]))
			}
			if c.start >= base {
				flush()
				out = append(out, &node{kind: tagNode, tag: c.tag})
			}
			pos = min(c.end-base, len(s))
		}
		if pos < len(s) {
			cur.kids = append(cur.kids, wText(s[pos:]))
		}
	}
	flush()
	return out
}
