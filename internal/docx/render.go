package docx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/docx/safe"
)

// Filled is a rendered template.
type Filled struct {
	t     *Template
	parts map[string]*node // by part name, the document and every header and footer
	main  string
	rels  map[string]*rels
	media []media
}

// maxRendered bounds what loops can make of a small template.
const maxRendered = 1_000_000

var errTooMuch = safe.Fail("docx.too-much", "生成的文件过大，请减少循环的内容或分成几份", "the document would become too large; repeat less or split it")

// mark says what a node shows, for the HTML view and the outline.
type mark struct {
	figure bool
	n      int
	gap    bool
	text   string // name of a text or picture that is missing
	key    string // of a paragraph of the template, see Own
	own    bool   // a paragraph the source added below it
}

// env is where names are looked up.
type env struct {
	src   Source
	scope *scope
	outer *env
}

type renderer struct {
	t     *Template
	out   *Filled
	left  int
	links *rels
	width int64 // of the text, EMU
}

// Render fills the template. A template with faults gives a *FaultsError;
// an error of the source is returned wrapped with the name it was asked for.
func (t *Template) Render(c *Catalogue, s Source) (*Filled, error) {
	if faults := t.Check(c); len(faults) > 0 {
		return nil, &FaultsError{faults}
	}
	f := &Filled{t: t, parts: map[string]*node{}, main: t.parts[0].name, rels: map[string]*rels{}}
	r := &renderer{t: t, out: f, left: maxRendered, width: t.textWidth()}
	root := &env{src: s, scope: newScope(c, nil)}
	for _, p := range t.parts {
		r.links = f.relsOf(p.name)
		kids, err := r.list(p.tree.kids, root, false)
		if err != nil {
			return nil, err
		}
		f.parts[p.name] = &node{kind: groupNode, kids: kids}
	}
	f.tidy()
	return f, nil
}

// list renders nodes; copied says that they are inside a loop, where ids that
// must be unique are dropped.
func (r *renderer) list(list []*node, e *env, copied bool) ([]*node, error) {
	var out []*node
	for _, n := range list {
		if r.left--; r.left < 0 {
			return nil, errTooMuch
		}
		more, err := r.node(n, e, copied)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

func (r *renderer) node(n *node, e *env, copied bool) ([]*node, error) {
	switch n.kind {
	case tagNode:
		return r.tag(n.tag, e)
	case loopNode:
		return r.loop(n, e)
	case condNode:
		yes, err := r.condition(n.tag, e)
		if err != nil {
			return nil, err
		}
		if yes {
			return r.list(n.kids, e, copied)
		}
		return r.list(n.alt, e, copied)
	case element:
		if n.name == "w:p" {
			return r.paragraph(n, e, copied)
		}
		if n.name == "w:body" {
			c, err := r.body(n, e)
			if err != nil {
				return nil, err
			}
			return []*node{c}, nil
		}
	default:
		return []*node{n}, nil
	}
	c, err := r.copy(n, e, copied)
	if c == nil || err != nil {
		return nil, err
	}
	switch n.name {
	case "w:tbl":
		has := false
		rows(c, func(*node) { has = true })
		if !has {
			return nil, nil // a table without rows does not open
		}
	case "w:tc", "w:hdr", "w:ftr":
		if last := len(c.kids) - 1; last < 0 || !c.kids[last].is("w:p") {
			c.kids = append(c.kids, el("w:p", nil))
		}
	}
	return []*node{c}, nil
}

// copy renders an element with what is below it.
func (r *renderer) copy(n *node, e *env, copied bool) (*node, error) {
	if copied {
		switch n.name {
		case "w:commentRangeStart", "w:commentRangeEnd", "w:commentReference":
			return nil, nil // one comment cannot belong to several copies
		}
	}
	if n.name == "w:dataBinding" || n.name == "w15:dataBinding" {
		return nil, nil // the control would show what stood elsewhere in the file instead of what is filled in
	}
	if n.name == "w:bookmarkStart" && ownBookmark.MatchString(n.get("w:name")) {
		return nil, nil // the template was made from a finished document; its annex is written anew
	}
	c := &node{name: n.name, attrs: n.attrs}
	// The final pass writes ids into these.
	if copied || strings.HasPrefix(n.name, "w:bookmark") || n.name == "wp:docPr" || n.name == "w:document" {
		c.attrs = slices.Clone(n.attrs)
	}
	if copied {
		c.drop("w14:paraId", "w14:textId")
	}
	for _, a := range n.said {
		list, err := r.list(a.kids, e, copied)
		if err != nil {
			return nil, err
		}
		c.attrs = slices.Clone(c.attrs)
		c.set(a.name, (&node{kids: list}).content())
	}
	kids, err := r.list(n.kids, e, copied)
	c.kids = kids
	return c, err
}

func (r *renderer) paragraph(p *node, e *env, copied bool) ([]*node, error) {
	if t := soleTag(p); t != nil {
		switch t.verb {
		case text:
			name, _ := e.scope.find(asText, t.name)
			if list := written(e.src.Text(name)); len(list) > 1 {
				return r.paragraphs(p, t, list, e)
			}
		case annex:
			name, _ := e.scope.find(asAnnex, t.name)
			return r.annex(p, t, e.src.Annex(name))
		}
	}
	c, err := r.copy(p, e, copied)
	if err != nil {
		return nil, err
	}
	if t := soleTag(p); t != nil && t.verb == picture && c.contains("w:drawing") {
		freeHeight(c)
	}
	// A paragraph that was one condition or loop, and came to nothing, goes.
	if onlyVirtual(p) && !slices.ContainsFunc(c.kids, func(k *node) bool { return !k.is("w:pPr") }) && p.child("w:pPr", "w:sectPr") == nil {
		return nil, nil
	}
	return []*node{c}, nil
}

// freeHeight lets a paragraph grow with its picture: the exact line height of
// official documents would show a strip of it.
func freeHeight(p *node) {
	pPr := p.child("w:pPr")
	if pPr == nil {
		pPr = el("w:pPr", nil)
		p.kids = append([]*node{pPr}, p.kids...)
	}
	pPr.put(pPrOrder, el("w:spacing", []string{"w:line", "240", "w:lineRule", "auto"}))
}

// soleTag is the tag of a paragraph that holds nothing else.
func soleTag(p *node) *tag {
	for _, k := range p.kids {
		if k.kind == tagNode && k.tag.alone {
			return k.tag
		}
	}
	return nil
}

// onlyVirtual tells whether a paragraph is nothing but loops and conditions.
func onlyVirtual(p *node) bool {
	some := false
	for _, k := range p.kids {
		switch {
		case k.kind == loopNode || k.kind == condNode:
			some = true
		case !k.is("w:pPr"):
			return false
		}
	}
	return some
}

// written drops blank paragraphs of a text.
func written(list []string) []string {
	var out []string
	for _, s := range list {
		if strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
	}
	return out
}

// paragraphs repeats the paragraph of a text tag for each paragraph of the text.
func (r *renderer) paragraphs(p *node, t *tag, list []string, e *env) ([]*node, error) {
	if r.left -= 4 * len(list); r.left < 0 {
		return nil, errTooMuch
	}
	var out []*node
	for i, s := range list {
		c := el("w:p", nil)
		if i == 0 {
			c.attrs = slices.Clone(p.attrs)
			c.drop("w14:paraId", "w14:textId")
		}
		if pPr := p.child("w:pPr"); pPr != nil {
			pPr = pPr.clone()
			if i < len(list)-1 { // only the last may end a section
				pPr.kids = slices.DeleteFunc(pPr.kids, func(k *node) bool { return k.is("w:sectPr") })
			}
			c.kids = append(c.kids, pPr)
		}
		runs, err := r.words(t.rPr, s, e)
		if err != nil {
			return nil, err
		}
		c.kids = append(c.kids, runs...)
		out = append(out, c)
	}
	return out, nil
}

// bare is a value where no run can stand.
func (r *renderer) bare(t *tag, e *env) ([]*node, error) {
	if name, ok := e.scope.find(asText, t.name); ok && t.verb == text {
		s := strings.Join(written(e.src.Text(name)), "")
		if s == "" {
			s = gapText(name)
		}
		return []*node{{kind: charData, text: s}}, nil
	}
	list, err := r.runs(t, e)
	var b strings.Builder
	for _, n := range list {
		b.WriteString(plain(n))
	}
	return []*node{{kind: charData, text: b.String()}}, err
}

func (r *renderer) tag(t *tag, e *env) ([]*node, error) {
	if t.plain {
		return r.bare(t, e)
	}
	return r.runs(t, e)
}

func (r *renderer) runs(t *tag, e *env) ([]*node, error) {
	switch t.verb {
	case value:
		if name, up, ok := e.scope.header(t.name); ok {
			at := e
			for range up {
				at = at.outer
			}
			s := at.src.Header(name)
			if s == "" {
				return nil, nil
			}
			return []*node{textRun(t.rPr, s)}, nil
		}
		name, _ := e.scope.find(asFigure, t.name)
		fig, err := e.src.Figure(e.scope.ref(t, name))
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", name, err)
		}
		return []*node{r.figure(t, name, fig)}, nil
	case text:
		name, _ := e.scope.find(asText, t.name)
		list := written(e.src.Text(name))
		if len(list) == 0 {
			return []*node{gap(t.rPr, name)}, nil
		}
		return r.words(t.rPr, strings.Join(list, "\n"), e)
	case picture:
		name, _ := e.scope.find(asPicture, t.name)
		pic, ok := e.src.Picture(name)
		if !ok {
			return []*node{gap(t.rPr, name)}, nil
		}
		return r.picture(t, name, pic)
	}
	return nil, nil
}

// gap is 〔待补：X〕, highlighted so that nobody issues it unseen.
func gap(rPr *node, name string) *node {
	return &node{kind: groupNode, mark: &mark{gap: true, text: name},
		kids: []*node{textRun(highlighted(rPr), gapText(name))}}
}

func gapText(name string) string { return "〔待补：" + name + "〕" }

func highlighted(rPr *node) *node {
	rPr = ownProps(rPr)
	rPr.put(rPrOrder, el("w:highlight", []string{"w:val", "yellow"}))
	return rPr
}

func ownProps(rPr *node) *node {
	if rPr == nil {
		return el("w:rPr", nil)
	}
	return rPr.clone()
}

// figure is the display as a link to its source that does not look like one:
// an official document is printed in black without underlines.
func (r *renderer) figure(t *tag, name string, f Figure) *node {
	rPr := ownProps(t.rPr)
	if rPr.child("w:color") == nil {
		rPr.put(rPrOrder, el("w:color", []string{"w:val", "000000"}))
	}
	rPr.put(rPrOrder, el("w:u", []string{"w:val", "none"}))
	show := f.Display
	if f.Missing || show == "" {
		f.Missing = true
		rPr = highlighted(rPr)
		if show == "" {
			show = gapText(name)
		}
	}
	link := el("w:hyperlink", nil, textRun(rPr, show))
	if f.Href != "" {
		link.set("r:id", r.links.link(f.Href))
	} else {
		link.set("w:anchor", anchor(f.N))
	}
	if f.Tooltip != "" {
		link.set("w:tooltip", clip(f.Tooltip, 250)) // Word refuses more than 260
	}
	link.set("w:history", "1")
	link.mark = &mark{figure: true, n: f.N, gap: f.Missing, text: name}
	return link
}

var ownBookmark = regexp.MustCompile(`^src_\d+$`)

func anchor(n int) string { return "src_" + strconv.Itoa(n) }

func (r *renderer) loop(n *node, e *env) ([]*node, error) {
	name, _ := e.scope.find(asLoop, n.tag.name)
	turns, err := e.src.Each(name)
	if err != nil {
		return nil, fmt.Errorf("loop %s: %w", name, err)
	}
	inner := newScope(e.scope.cat.Loops[name], e.scope)
	var out []*node
	for _, src := range turns {
		list, err := r.list(n.kids, &env{src: src, scope: inner, outer: e}, true)
		if err != nil {
			return nil, err
		}
		if n.tag.inline && len(out) > 0 && len(list) > 0 {
			out = append(out, textRun(n.tag.rPr, "、"))
		}
		out = append(out, list...)
	}
	return out, nil
}

func (r *renderer) condition(t *tag, e *env) (bool, error) {
	if t.test.op == "has" || t.test.op == "none" {
		name, _ := e.scope.anyName(t.name)
		return e.src.Has(name) == (t.test.op == "has"), nil
	}
	name, _ := e.scope.find(asFigure, t.name)
	f, err := e.src.Figure(e.scope.ref(t, name))
	if err != nil {
		return false, fmt.Errorf("figure %s: %w", name, err)
	}
	return t.test.holds(f.Value), nil
}
