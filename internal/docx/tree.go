package docx

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"sifen/internal/docx/safe"
)

// Limits on one XML part. The node limit bounds memory: 64 MB of empty
// elements would otherwise become gigabytes of tree.
const (
	maxDepth = 100
	maxNodes = 600_000
)

type kind uint8

const (
	element   kind = iota // name, attrs, kids
	charData              // text
	procInst              // name, text
	tagNode               // tag; stands where a run stood
	loopNode              // tag, kids
	condNode              // tag, kids, alt
	groupNode             // kids only; mark
)

// node is one piece of a part. Prefixes, attribute order and namespaces are
// kept as written: encoding/xml would rename prefixes and thereby break
// mc:Ignorable, so both directions are done here.
type node struct {
	kind  kind
	name  string // with prefix, "w:p"
	attrs []attr
	kids  []*node
	text  string

	tag  *tag
	alt  []*node // what follows {{#否则}}
	mark *mark   // what HTML shows specially
	said []said  // attributes with tags
}

type attr struct{ name, value string }

// parseXML reads one part into a tree. nodes is the number of nodes still
// allowed and is counted down.
func parseXML(r io.Reader, nodes *int) (*node, error) {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		return nil, errors.New("encoding other than UTF-8")
	}
	root := &node{kind: groupNode}
	stack := []*node{root}
	names := map[xml.Name]string{}
	full := func(n xml.Name) string {
		s, ok := names[n]
		if !ok {
			s = n.Local
			if n.Space != "" {
				s = n.Space + ":" + n.Local
			}
			names[n] = s
		}
		return s
	}
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, safe.ErrBadXML
		}
		top := stack[len(stack)-1]
		if *nodes--; *nodes < 0 {
			return nil, safe.ErrTooManyNodes
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(stack) > maxDepth {
				return nil, safe.ErrTooDeep
			}
			n := &node{name: full(t.Name)}
			if len(t.Attr) > 0 {
				n.attrs = make([]attr, len(t.Attr))
				for i, a := range t.Attr {
					n.attrs[i] = attr{full(a.Name), a.Value}
				}
			}
			top.kids = append(top.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) == 1 || top.name != full(t.Name) {
				return nil, safe.ErrBadXML
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 1 {
				top.kids = append(top.kids, &node{kind: charData, text: string(t)})
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				top.kids = append(top.kids, &node{kind: procInst, name: t.Target, text: string(t.Inst)})
			}
		case xml.Directive:
			return nil, safe.ErrDTD
		}
	}
	if len(stack) != 1 {
		return nil, safe.ErrBadXML
	}
	for _, k := range root.kids {
		if k.kind == element {
			return root, nil
		}
	}
	return nil, safe.ErrBadXML
}

// root returns the document element of a parsed part.
func (n *node) root() *node {
	for _, k := range n.kids {
		if k.kind == element {
			return k
		}
	}
	return nil
}

// serialize writes a part as it goes into the archive.
func serialize(n *node) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	n.write(&b)
	return []byte(b.String())
}

func (n *node) write(b *strings.Builder) {
	switch n.kind {
	case charData:
		escape(b, n.text, false)
	case procInst:
		b.WriteString("<?" + n.name + " " + n.text + "?>")
	case element:
		b.WriteByte('<')
		b.WriteString(n.name)
		for _, a := range n.attrs {
			b.WriteByte(' ')
			b.WriteString(a.name)
			b.WriteString(`="`)
			escape(b, a.value, true)
			b.WriteByte('"')
		}
		if len(n.kids) == 0 {
			b.WriteString("/>")
			return
		}
		b.WriteByte('>')
		for _, k := range n.kids {
			k.write(b)
		}
		b.WriteString("</" + n.name + ">")
	default:
		for _, k := range n.kids {
			k.write(b)
		}
	}
}

// escape writes s as character data or attribute value and leaves out what XML
// 1.0 cannot hold at all.
func escape(b *strings.Builder, s string, inAttr bool) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && inAttr:
			b.WriteString("&quot;")
		case (r == '\n' || r == '\t') && inAttr:
			b.WriteString(map[rune]string{'\n': "&#10;", '\t': "&#9;"}[r])
		case r == '\r':
			b.WriteString("&#13;")
		case legalXML(r):
			b.WriteRune(r)
		}
	}
}

func legalXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r < utf8.RuneError ||
		r >= 0x10000 && r <= 0x10FFFF
}

func (n *node) is(name string) bool { return n != nil && n.kind == element && n.name == name }

func (n *node) get(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

func (n *node) set(name, value string) {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			n.attrs[i].value = value
			return
		}
	}
	n.attrs = append(n.attrs, attr{name, value})
}

func (n *node) drop(names ...string) {
	keep := n.attrs[:0]
	for _, a := range n.attrs {
		gone := false
		for _, name := range names {
			gone = gone || a.name == name
		}
		if !gone {
			keep = append(keep, a)
		}
	}
	n.attrs = keep
}

// child follows a path of element names and returns nil where it ends early.
func (n *node) child(path ...string) *node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		var next *node
		for _, k := range n.kids {
			if k.is(name) {
				next = k
				break
			}
		}
		n = next
	}
	return n
}

// clone copies a subtree; tags and marks are shared, they do not change.
func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := *n
	c.attrs = append([]attr(nil), n.attrs...)
	c.kids = cloneAll(n.kids)
	c.alt = cloneAll(n.alt)
	return &c
}

func cloneAll(list []*node) []*node {
	if list == nil {
		return nil
	}
	out := make([]*node, len(list))
	for i, k := range list {
		out[i] = k.clone()
	}
	return out
}

// walk visits n and everything below it in document order; a false answer
// keeps it out of that subtree.
func (n *node) walk(visit func(*node) bool) {
	if !visit(n) {
		return
	}
	for _, k := range n.kids {
		k.walk(visit)
	}
	for _, k := range n.alt {
		k.walk(visit)
	}
}

// contains tells whether an element of one of these names is below n.
func (n *node) contains(names ...string) bool {
	found := false
	n.walk(func(k *node) bool {
		for _, name := range names {
			if k != n && k.is(name) {
				found = true
			}
		}
		return !found
	})
	return found
}

// el builds an element; attrs alternate name and value.
func el(name string, attrs []string, kids ...*node) *node {
	n := &node{name: name, kids: kids}
	for i := 0; i+1 < len(attrs); i += 2 {
		n.attrs = append(n.attrs, attr{attrs[i], attrs[i+1]})
	}
	return n
}

// textRun builds runs of text with these run properties: a newline becomes
// w:br and a tab w:tab.
func textRun(rPr *node, s string) *node {
	r := el("w:r", nil)
	if rPr != nil {
		r.kids = append(r.kids, rPr.clone())
	}
	var part strings.Builder
	flush := func() {
		if part.Len() > 0 {
			r.kids = append(r.kids, wText(part.String()))
			part.Reset()
		}
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, c := range s {
		switch {
		case c == '\n' || c == '\r':
			flush()
			r.kids = append(r.kids, el("w:br", nil))
		case c == '\t':
			flush()
			r.kids = append(r.kids, el("w:tab", nil))
		case legalXML(c):
			part.WriteRune(c)
		}
	}
	flush()
	return r
}

func wText(s string) *node {
	return el("w:t", []string{"xml:space", "preserve"}, &node{kind: charData, text: s})
}

// order of the children of w:rPr in the transitional schema; Word repairs or
// refuses files that break it.
var rPrOrder = orderOf("w:rStyle w:rFonts w:b w:bCs w:i w:iCs w:caps w:smallCaps w:strike w:dstrike w:outline " +
	"w:shadow w:emboss w:imprint w:noProof w:snapToGrid w:vanish w:webHidden w:color w:spacing w:w w:kern " +
	"w:position w:sz w:szCs w:highlight w:u w:effect w:bdr w:shd w:fitText w:vertAlign w:rtl w:cs w:em w:lang " +
	"w:eastAsianLayout w:specVanish w:oMath")

// the same of w:pPr.
var pPrOrder = orderOf("w:pStyle w:keepNext w:keepLines w:pageBreakBefore w:framePr w:widowControl w:numPr w:suppressLineNumbers " +
	"w:pBdr w:shd w:tabs w:suppressAutoHyphens w:kinsoku w:wordWrap w:overflowPunct w:topLinePunct w:autoSpaceDE w:autoSpaceDN " +
	"w:bidi w:adjustRightInd w:snapToGrid w:spacing w:ind w:contextualSpacing w:mirrorIndents w:suppressOverlap w:jc " +
	"w:textDirection w:textAlignment w:textboxTightWrap w:outlineLvl w:divId w:cnfStyle w:rPr w:sectPr w:pPrChange")

func orderOf(names string) map[string]int {
	m := map[string]int{}
	for i, n := range strings.Fields(names) {
		m[n] = i
	}
	return m
}

// put replaces or inserts child at its place in the given order.
func (n *node) put(order map[string]int, child *node) {
	at := len(n.kids)
	for i, k := range n.kids {
		if k.kind != element {
			continue
		}
		if k.name == child.name {
			n.kids[i] = child
			return
		}
		if o, known := order[k.name]; at == len(n.kids) && (!known || o > order[child.name]) {
			at = i
		}
	}
	n.kids = append(n.kids[:at:at], append([]*node{child}, n.kids[at:]...)...)
}
