package docx

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"sifen/internal/docx/typed"
)

// Own is a Source that adds paragraphs of its own below those of the template.
type Own interface {
	// After returns the paragraphs that stand below the paragraph with this key; none is usual.
	After(key string) []string
}

// Passage checks a text written by hand: figures and header data may be named in it as in a template. Every fault comes
// at once; nothing else of a template is known here.
func Passage(c *Catalogue, s string) []Fault {
	k := &checker{t: &Template{}}
	sc := newScope(c, nil)
	for i, line := range strings.Split(s, "\n") {
		for _, cut := range findTags(line) {
			t := cut.tag
			t.at = spot{paragraph: i + 1, context: typed.Around(line, cut.start, cut.end)}
			switch {
			case t.bad != nil:
				k.report(t, "", *t.bad)
			case t.verb != value:
				k.report(t, "", problem{"docx.only-figures", "自己写的文字里只能插入数字，不能用其他标签", "only figures can be inserted into one's own text, no other tags"})
			default:
				k.tag(t, sc)
			}
		}
	}
	var out []Fault
	for _, f := range k.faults {
		out = append(out, f.Fault)
	}
	return out
}

// words are the runs of a text written by hand; the figures it names are links like those of the template.
func (r *renderer) words(rPr *node, s string, e *env) ([]*node, error) {
	var out []*node
	from := 0
	for _, c := range findTags(s) {
		t := c.tag
		if t.bad != nil || t.verb != value {
			continue // stays as it was typed
		}
		_, _, isHeader := e.scope.header(t.name)
		if _, isFigure := e.scope.find(asFigure, t.name); !isHeader && !isFigure {
			continue
		}
		if from < c.start {
			out = append(out, textRun(rPr, s[from:c.start]))
		}
		from = c.end
		t.rPr = rPr
		list, err := r.tag(t, e)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	if from < len(s) {
		out = append(out, textRun(rPr, s[from:]))
	}
	return out, nil
}

// body renders the paragraphs of the text and puts below each what the source adds there.
func (r *renderer) body(n *node, e *env) (*node, error) {
	own, _ := e.src.(Own)
	c := &node{name: n.name, attrs: n.attrs}
	seen := map[string]int{}
	for _, k := range n.kids {
		if r.left--; r.left < 0 {
			return nil, errTooMuch
		}
		list, err := r.node(k, e, false)
		if err != nil {
			return nil, err
		}
		key := paragraphKey(k, seen)
		if key != "" && len(list) > 0 {
			list[len(list)-1].mark = &mark{key: key}
		}
		c.kids = append(c.kids, list...)
		if own == nil || key == "" {
			continue
		}
		for _, s := range written(own.After(key)) {
			p, err := r.below(k, s, e)
			if err != nil {
				return nil, err
			}
			p.mark = &mark{key: key, own: true}
			c.kids = append(c.kids, p)
		}
	}
	return c, nil
}

// below is a paragraph of the person's own after a paragraph of the template: it looks like that one, or like the text
// under a heading.
func (r *renderer) below(p *node, s string, e *env) (*node, error) {
	c := el("w:p", nil)
	var rPr *node
	if r.t.styles.level(p, strings.TrimSpace(plain(p))) > 0 {
		if id := r.t.styles.text(); id != "" {
			c.kids = append(c.kids, el("w:pPr", nil, el("w:pStyle", []string{"w:val", id})))
		}
	} else if pPr := p.child("w:pPr"); pPr != nil {
		pPr = pPr.clone()
		var keep []*node
		for _, k := range pPr.kids {
			if !k.is("w:sectPr") && !k.is("w:pageBreakBefore") && !k.is("w:numPr") {
				keep = append(keep, k)
			}
		}
		pPr.kids = keep
		c.kids = append(c.kids, pPr)
		if run := p.child("w:r"); run != nil {
			rPr = run.child("w:rPr")
		}
	}
	kids, err := r.words(rPr, s, e)
	if err != nil {
		return nil, fmt.Errorf("own text: %w", err)
	}
	c.kids = append(c.kids, kids...)
	return c, nil
}

// text is the style of ordinary text in an official document: the first that indents its first line and is no heading.
func (s *styles) text() string {
	best := ""
	for id, st := range s.byID {
		if st.indent && st.level == 0 && (best == "" || id < best) {
			best = id
		}
	}
	return best
}

// paragraphKey names a paragraph of a template by its words, so that what stands below it survives a new version of the
// template. Empty paragraphs have none.
func paragraphKey(p *node, seen map[string]int) string {
	if !p.is("w:p") {
		return ""
	}
	words := strings.TrimSpace(raw(p))
	if words == "" || strings.Contains(words, "附表") {
		return ""
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(words)) // a hash takes everything
	key := strconv.FormatUint(h.Sum64(), 36)
	seen[key]++
	if n := seen[key]; n > 1 {
		key += "." + strconv.Itoa(n)
	}
	return key
}

// raw is the text of a subtree with its tags as they were typed.
func raw(n *node) string {
	var b strings.Builder
	n.walk(func(k *node) bool {
		switch {
		case k.kind == tagNode:
			b.WriteString(k.tag.raw)
		case k.is("w:t"):
			b.WriteString(k.content())
		case k.is("w:pPr"):
			return false
		}
		return true
	})
	return b.String()
}

// Texts lists the names of the passages a template asks for, in the order of the text.
func (t *Template) Texts() []string {
	var out []string
	seen := map[string]bool{}
	for _, p := range t.parts {
		var visit func(n *node) bool
		visit = func(n *node) bool {
			if n.kind == tagNode && n.tag.bad == nil && n.tag.verb == text && !seen[n.tag.name] {
				seen[n.tag.name] = true
				out = append(out, n.tag.name)
			}
			for _, a := range n.said {
				(&node{kind: groupNode, kids: a.kids}).walk(visit)
			}
			return true
		}
		p.tree.walk(visit)
	}
	return out
}
