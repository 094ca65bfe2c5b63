package docx

import (
	"cmp"
	"slices"
	"strings"

	"sifen/internal/docx/typed"
)

// Warnings are what a person should know before a template is used: it can be filled, but what stands in it would go out
// with the document, or nothing would be filled where something seems meant. In the order of the text.
func (t *Template) Warnings() []Fault {
	return inOrder(slices.Clone(t.told))
}

func (s *sweep) warn(code, zh, en string) {
	f := found{faultAt(s.at, problem{code, zh, en}, ""), s.part}
	if len(s.t.told) < maxFaults && !slices.Contains(s.t.told, f) {
		s.t.told = append(s.t.told, f)
	}
}

// words is every word of a subtree, also deleted ones and tags.
func words(n *node) string {
	var b strings.Builder
	n.walk(func(k *node) bool {
		switch {
		case k.kind == tagNode:
			b.WriteString(k.tag.raw)
		case k.is("w:t"), k.is("w:delText"), k.is("m:t"):
			b.WriteString(k.content())
		}
		return !k.is("mc:Fallback") // it says the same again
	})
	return strings.TrimSpace(b.String())
}

// tell says what a paragraph would carry into the document unseen.
func (s *sweep) tell(p *node) {
	var changed, changedEn []string
	var hidden, fields, text strings.Builder
	format := false
	style := p.child("w:pPr", "w:pStyle").get("w:val")
	p.walk(func(k *node) bool {
		switch {
		case k.kind == tagNode:
			text.WriteString("\ufffc")
			if s.t.styles.hides(k.tag.rPr, style) {
				hidden.WriteString(k.tag.raw)
			}
		case k.is("w:r"):
			if s.t.styles.hides(k.child("w:rPr"), style) {
				hidden.WriteString(words(k))
			}
		case k.is("w:t"):
			text.WriteString(k.content())
		case k.is("w:instrText"):
			fields.WriteString(k.content())
		case k.is("w:fldSimple"):
			fields.WriteString("\n" + k.get("w:instr"))
		case k.is("w:fldChar"):
			fields.WriteString("\n")
		case k.is("w:hyperlink"), k.is("a:hlinkClick"), k.is("a:hlinkHover"):
			s.link(k.get("r:id"), words(k))
		case k.is("w:commentReference"):
			s.t.noted[k.get("w:id")] = s.at
		case typed.Revision(k.name):
			zh, en := typed.Change(k.name, clip(words(k), 40))
			if format = format || zh == ""; zh != "" {
				changed, changedEn = append(changed, zh), append(changedEn, en)
			}
		}
		return !k.is("mc:Fallback")
	})
	if format && len(changed) == 0 {
		changed, changedEn = []string{"格式或段落标记"}, []string{"format or end of paragraph"}
	}
	s.remark(typed.Changed(strings.Join(changed, "、"), strings.Join(changedEn, ", ")))
	s.remark(typed.Hidden(clip(hidden.String(), 40)))
	var rest strings.Builder
	from := 0
	for _, c := range findTags(text.String()) {
		rest.WriteString(text.String()[from:c.start] + "\ufffc")
		from = c.end
	}
	s.remark(typed.Fields(fields.String()))
	s.remark(typed.LikeTags(rest.String()+text.String()[from:], fields.String()))
}

// aside tells of rows, layout and whole paragraphs that are changed or hidden.
func (s *sweep) aside(n *node) {
	row := n.child("w:trPr")
	for _, mark := range []*node{row.child("w:ins"), row.child("w:del")} {
		if mark != nil {
			s.remark(typed.Changed(typed.Change(mark.name, clip(words(n), 40))))
		}
	}
	if switched(row.child("w:hidden")) {
		s.remark(typed.Hidden(clip(words(n), 40)))
	}
	if typed.Revision(n.name) {
		zh, en := typed.Change(n.name, clip(words(n), 40))
		s.remark(typed.Changed(cmp.Or(zh, "表格或版面"), cmp.Or(en, "tables or layout")))
	}
}

func (s *sweep) remark(list []typed.Remark) {
	for _, r := range list {
		s.warn(r.Code, r.Zh, r.En)
	}
}

// link tells of a relationship that leads out of the file.
func (s *sweep) link(id, words string) {
	rels := s.t.arc.parsed[relsName(s.name)]
	if rels == nil {
		return
	}
	for _, r := range rels.root().kids {
		if r.get("Id") == id && r.get("TargetMode") == "External" && (id != "" || words == "") {
			s.t.linked[r] = true
			s.remark(typed.Link(clip(r.get("Target"), 120), clip(words, 40)))
		}
	}
}

// tellRest tells of comments, of links outside the text, and of a file without any tag.
func (t *Template) tellRest(main string) error {
	for _, name := range t.arc.related(main, "comments") {
		if t.arc.file(name) == nil {
			continue
		}
		tree, err := t.arc.parse(name)
		if err != nil {
			return err
		}
		for _, c := range tree.root().kids {
			said := clip(words(c), 40)
			if !c.is("w:comment") {
				continue
			}
			s := &sweep{t: t, part: len(t.parts), at: t.noted[c.get("w:id")]}
			s.warn("docx.comment", "批注“"+said+"”会随文件留下，请先处理并删去", "the comment “"+said+"” would stay in the file; settle and delete it first")
		}
	}
	for _, f := range t.arc.files {
		rels := t.arc.parsed[f.Name]
		if rels == nil || !strings.HasSuffix(strings.ToLower(f.Name), ".rels") {
			continue
		}
		s := &sweep{t: t, part: len(t.parts)}
		for _, r := range rels.root().kids {
			if r.kind == element && r.get("TargetMode") == "External" && !t.linked[r] {
				s.remark(typed.Link(clip(r.get("Target"), 120), ""))
			}
		}
	}
	if len(t.faults) == 0 && !t.anyTag() {
		(&sweep{t: t, part: -1}).warn("docx.no-tag", "文件里没有标签，填写后与原来一样；要填的地方写成 {{单位}} 这样",
			"the file holds no tag and would come out as it is; write {{单位}} where something is to be filled")
	}
	return nil
}

func (t *Template) anyTag() bool {
	some := false
	for _, p := range t.parts {
		p.tree.walk(func(n *node) bool {
			some = some || n.kind == tagNode || n.said != nil || n.kind == loopNode || n.kind == condNode
			return !some
		})
	}
	return some
}

// hides tells whether text with these run properties, in a paragraph of this style, is hidden.
func (s *styles) hides(rPr *node, style string) bool {
	if v := rPr.child("w:vanish"); v != nil || s == nil {
		return switched(v)
	}
	if style == "" {
		style = s.standard
	}
	for _, id := range []string{rPr.child("w:rStyle").get("w:val"), style} {
		for range 20 { // a chain of styles may be made a circle
			st := s.byID[id]
			if st == nil {
				break
			}
			if st.hidden {
				return true
			}
			id = st.basedOn
		}
	}
	return false
}
