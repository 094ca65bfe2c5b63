package docx

import (
	"slices"
	"strings"
)

// A container's children are turned into events, a block tag or a node, and
// the events into nested loops and conditions. The same builder serves the
// three levels: blocks of a container, rows of a table, runs of a paragraph.

type event struct {
	tag  *tag
	node *node
}

// structure nests the children of a container of blocks.
func (s *scanner) structure(container *node) {
	var events []event
	for _, n := range container.kids {
		switch {
		case n.is("w:p"):
			info := s.info[n]
			if info == nil || len(info.tags) == 0 {
				events = append(events, event{node: n})
				continue
			}
			if info.bare && blocksOnly(info.tags) && !balanced(info.tags) {
				if n.child("w:pPr", "w:sectPr") != nil {
					s.t.report(s.part, info.tags[0].at, problem{"docx.tag-at-section-break",
						"标签所在的段落带有分节符，请把标签另起一段", "the paragraph of the tag holds a section break; give the tag a paragraph of its own"})
				}
				for _, t := range info.tags {
					events = append(events, event{tag: t})
				}
				continue
			}
			n.kids = s.inline(n.kids)
			events = append(events, event{node: n})
		case n.is("w:tbl"):
			s.structureTable(n)
			events = append(events, event{node: n})
		case n.is("w:sdt"), n.is("w:customXml"), n.is("w:sdtContent"):
			s.structure(n)
			events = append(events, event{node: n})
		default:
			events = append(events, event{node: n})
		}
	}
	container.kids = s.nest(events, false)
}

// inline nests within one paragraph, and within what encloses runs there.
func (s *scanner) inline(list []*node) []*node {
	var events []event
	blocks := false
	for _, n := range list {
		if n.kind == tagNode && n.tag.verb.block() && n.tag.usable() {
			blocks = true
			n.tag.inline = true
			events = append(events, event{tag: n.tag})
			continue
		}
		if n.kind == element && (n.name == "w:hyperlink" || n.name == "w:sdt" || n.name == "w:sdtContent" || n.name == "w:bdo" || n.name == "w:dir") {
			n.kids = s.inline(n.kids)
		}
		events = append(events, event{node: n})
	}
	if !blocks {
		return list
	}
	return s.nest(events, true)
}

// usable tells whether a block tag takes part in nesting: also with a bad
// condition or name, lest one mistake be reported as three.
func (t *tag) usable() bool {
	return t.bad == nil || t.bad.code != curedRevision.code && t.bad.code != curedField.code
}

func blocksOnly(tags []*tag) bool {
	return !slices.ContainsFunc(tags, func(t *tag) bool { return !t.verb.block() || !t.usable() })
}

// balanced tells whether the block tags of one paragraph close one another.
func balanced(tags []*tag) bool {
	opens, loose := unmatched(tags)
	return len(opens) == 0 && len(loose) == 0
}

// unmatched lists the opening tags without an end, and the ends and elses
// without a beginning.
func unmatched(tags []*tag) (opens, loose []*tag) {
	for _, t := range tags {
		if !t.verb.block() || !t.usable() {
			continue
		}
		top := verb(0)
		if len(opens) > 0 {
			top = opens[len(opens)-1].verb
		}
		switch {
		case t.verb.open():
			opens = append(opens, t)
		case t.verb == ifElse && top == ifOpen:
		case t.verb == loopEnd && top == loopOpen, t.verb == ifEnd && top == ifOpen:
			opens = opens[:len(opens)-1]
		default:
			loose = append(loose, t)
		}
	}
	return opens, loose
}

// structureTable finds the block tags that repeat or guard rows: what opens in
// the first cell of a row and closes in the last cell of the same or a later
// one. A row of nothing but block tags vanishes with them.
func (s *scanner) structureTable(tbl *node) {
	var events []event
	for _, tr := range tbl.kids {
		if !tr.is("w:tr") {
			if tr.is("w:sdt") || tr.is("w:sdtContent") || tr.is("w:customXml") {
				s.structureTable(tr)
			}
			events = append(events, event{node: tr})
			continue
		}
		list := cells(tr)
		if len(list) == 0 {
			events = append(events, event{node: tr})
			continue
		}
		var before, after []*tag
		if all := s.onlyBlocks(list); all != nil && !balanced(all) {
			for _, t := range all {
				events = append(events, event{tag: t})
			}
			continue
		}
		first, last := s.tagsOf(list[0]), s.tagsOf(list[len(list)-1])
		opens, loose := unmatched(first)
		before = opens
		for _, t := range loose {
			if t.verb == ifElse {
				before = append([]*tag{t}, before...)
			}
		}
		_, loose = unmatched(last)
		for _, t := range loose {
			if t.verb != ifElse {
				after = append(after, t)
			}
		}
		for _, t := range before {
			s.pull(list[0], t)
			events = append(events, event{tag: t})
		}
		for _, t := range after {
			s.pull(list[len(list)-1], t)
		}
		for _, tc := range list {
			s.structure(tc)
		}
		events = append(events, event{node: tr})
		for _, t := range after {
			events = append(events, event{tag: t})
		}
	}
	tbl.kids = s.nest(events, false)
}

// onlyBlocks returns the tags of a row that holds nothing but block tags.
func (s *scanner) onlyBlocks(list []*node) []*tag {
	var all []*tag
	for _, tc := range list {
		for _, p := range tc.kids {
			if p.is("w:tbl") || p.is("w:sdt") {
				return nil
			}
			info := s.info[p]
			if info == nil {
				continue
			}
			if len(info.tags) == 0 && hasWords(p) || len(info.tags) > 0 && !(info.bare && blocksOnly(info.tags)) {
				return nil
			}
			all = append(all, info.tags...)
		}
	}
	return all
}

func hasWords(p *node) bool {
	return strings.TrimSpace(plain(p)) != "" || p.contains("w:drawing", "w:pict", "w:object", "mc:AlternateContent")
}

func (s *scanner) tagsOf(tc *node) []*tag {
	var out []*tag
	for _, p := range tc.kids {
		if info := s.info[p]; info != nil {
			out = append(out, info.tags...)
		}
	}
	return out
}

// pull takes a tag out of its cell; a paragraph that held nothing else goes
// too, unless the cell would be left without one.
func (s *scanner) pull(tc *node, t *tag) {
	for i, p := range tc.kids {
		info := s.info[p]
		if info == nil || !slices.Contains(info.tags, t) {
			continue
		}
		info.tags = slices.DeleteFunc(slices.Clone(info.tags), func(o *tag) bool { return o == t })
		p.walk(func(n *node) bool {
			n.kids = slices.DeleteFunc(n.kids, func(k *node) bool { return k.kind == tagNode && k.tag == t })
			return true
		})
		if info.bare && len(info.tags) == 0 {
			rest := 0
			for _, k := range tc.kids {
				if k.is("w:p") {
					rest++
				}
			}
			if rest > 1 {
				tc.kids = slices.Delete(tc.kids, i, i+1)
			}
		}
		return
	}
}

// maxNesting is far beyond what a clerk can follow.
const maxNesting = 20

// frame is an opened block that waits for its end.
type frame struct {
	node   *node
	inElse bool
}

// nest turns events into nested nodes and reports what does not pair up.
func (s *scanner) nest(events []event, inline bool) []*node {
	var out []*node
	var stack []*frame
	forgiven := map[kind]int{} // ended by force when crossed; their own ends follow
	put := func(n *node) {
		if len(stack) == 0 {
			out = append(out, n)
			return
		}
		top := stack[len(stack)-1]
		if top.inElse {
			top.node.alt = append(top.node.alt, n)
		} else {
			top.node.kids = append(top.node.kids, n)
		}
	}
	for i, e := range events {
		if e.node != nil {
			put(e.node)
			continue
		}
		switch v := e.tag.verb; {
		case v.open():
			k := loopNode
			if v == ifOpen {
				k = condNode
			}
			if len(stack) == maxNesting {
				s.complain(e.tag, "docx.nested-too-deep", "循环和条件嵌套过多，请简化", "loops and conditions nest too deep; simplify")
				forgiven[k]++
				continue
			}
			stack = append(stack, &frame{node: &node{kind: k, tag: e.tag}})
		case v == ifElse:
			if top := lastFrame(stack); top == nil || top.node.kind != condNode || top.inElse {
				s.complain(e.tag, "docx.stray-else", "“{{#否则}}”不在“{{#如果}}”里，或写了两次", "“{{#else}}” stands outside “{{#if}}” or twice")
			} else {
				top.inElse = true
			}
		default:
			want := loopNode
			if v == ifEnd {
				want = condNode
			}
			at := len(stack) - 1
			for at >= 0 && stack[at].node.kind != want {
				at--
			}
			if at < 0 && forgiven[want] > 0 {
				forgiven[want]--
				continue
			}
			if at < 0 {
				s.unpaired(e.tag, inline)
				continue
			}
			if at < len(stack)-1 {
				s.complain(e.tag, "docx.crossed", "与“"+stack[len(stack)-1].node.tag.raw+"”交叉，请先结束里面的一个",
					"it crosses “"+stack[len(stack)-1].node.tag.raw+"”; end the inner one first")
			}
			for len(stack) > at {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if len(stack) > at {
					forgiven[top.node.kind]++
				}
				if top.node.kind == loopNode {
					s.checkLoop(top.node, after(events, i))
				}
				put(top.node)
			}
		}
	}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		s.unpaired(top.node.tag, inline)
		put(top.node)
	}
	return out
}

func lastFrame(stack []*frame) *frame {
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// after is the next node behind event i, if no more than a few tags come first.
func after(events []event, i int) *node {
	for _, e := range events[i+1 : min(len(events), i+1+maxNesting)] {
		if e.node != nil {
			return e.node
		}
	}
	return nil
}

func (s *scanner) complain(t *tag, code, zh, en string) {
	s.t.report(s.part, t.at, problem{code, zh, en})
}

// hint tells why a partner may not have been found although it is there.
func hint(inline bool) (zh, en string) {
	if inline {
		return "；首尾要么在同一段里，要么各自单独成段", "; both ends stand in one paragraph, or each alone in its own"
	}
	return "；首尾必须都在正文里，或都在同一个单元格、同一张表里", "; both ends stand in the text, or in one cell, or in one table"
}

// unpaired says that the other end of a loop or condition is missing.
func (s *scanner) unpaired(t *tag, inline bool) {
	zh, en := hint(inline)
	other, otherEn := "{{/每个}}", "{{/each}}"
	switch t.verb {
	case ifOpen:
		other, otherEn = "{{/如果}}", "{{/if}}"
	case ifEnd:
		other, otherEn = "{{#如果 …}}", "{{#if …}}"
	case loopEnd:
		other, otherEn = "{{#每个 …}}", "{{#each …}}"
	}
	if t.verb.open() {
		s.complain(t, "docx.unclosed", "没有配对的“"+other+"”"+zh, "no matching “"+otherEn+"”"+en)
	} else {
		s.complain(t, "docx.unopened", "前面没有“"+other+"”"+zh, "no “"+otherEn+"” before it"+en)
	}
}

// checkLoop refuses what cannot be repeated.
func (s *scanner) checkLoop(loop, next *node) {
	for _, k := range loop.kids {
		k.walk(func(n *node) bool {
			switch {
			case n.is("w:pict"), n.is("w:object"), n.is("mc:AlternateContent"), n.is("w:txbxContent"):
				s.complain(loop.tag, "docx.shape-in-loop", "循环里有图形或文本框，请移到循环外", "a shape or text box stands in the loop; move it out")
				return false
			case n.is("w:sectPr"):
				s.complain(loop.tag, "docx.section-in-loop", "循环里有分节符，请移到循环外", "a section break stands in the loop; move it out")
				return false
			case n.kind == tagNode && n.tag.verb == annex:
				s.complain(n.tag, "docx.annex-in-loop", "附表不能放在循环里，请移到循环外", "an annex cannot stand in a loop; move it out")
			}
			return true
		})
	}
	merged := func(tr *node) bool {
		if !tr.is("w:tr") {
			return false
		}
		return slices.ContainsFunc(cells(tr), func(tc *node) bool {
			v := tc.child("w:tcPr", "w:vMerge")
			return v != nil && v.get("w:val") != "restart"
		})
	}
	if len(loop.kids) > 0 && merged(loop.kids[0]) || next != nil && merged(next) {
		s.complain(loop.tag, "docx.merge-across-loop", "上下合并的单元格跨过了循环的边界，请拆分", "cells merged downwards cross the edge of the loop; split them")
	}
}
