package docx

import (
	"strconv"
	"strings"

	"sifen/internal/docx/typed"
)

// numbering counts the automatic numbers of paragraphs for the HTML view; in
// the Word file the editor itself counts.
type numbering struct {
	levels map[string][]numLevel // numId → its levels
	counts map[string][]int
}

type numLevel struct {
	format, text string
	start        int
}

func (t *Template) numbering() *numbering {
	n := &numbering{levels: map[string][]numLevel{}, counts: map[string][]int{}}
	names := t.arc.related(t.parts[0].name, "numbering")
	if len(names) == 0 {
		return n
	}
	tree := t.arc.parsed[names[0]]
	if tree == nil {
		return n
	}
	abstract := map[string][]numLevel{}
	for _, k := range tree.root().kids {
		switch {
		case k.is("w:abstractNum"):
			list := make([]numLevel, 9)
			for _, l := range k.kids {
				i, err := strconv.Atoi(l.get("w:ilvl"))
				if !l.is("w:lvl") || err != nil || i < 0 || i > 8 {
					continue
				}
				start, err := strconv.Atoi(l.child("w:start").get("w:val"))
				if err != nil {
					start = 1
				}
				list[i] = numLevel{l.child("w:numFmt").get("w:val"), l.child("w:lvlText").get("w:val"), start}
			}
			abstract[k.get("w:abstractNumId")] = list
		case k.is("w:num"):
			n.levels[k.get("w:numId")] = abstract[k.child("w:abstractNumId").get("w:val")]
		}
	}
	return n
}

// next is the number in front of a paragraph, empty when it has none.
func (n *numbering) next(p *node) string {
	pr := p.child("w:pPr", "w:numPr")
	id := pr.child("w:numId").get("w:val")
	levels := n.levels[id]
	if pr == nil || levels == nil {
		return ""
	}
	at, _ := strconv.Atoi(pr.child("w:ilvl").get("w:val"))
	if at < 0 || at > 8 {
		return ""
	}
	counts := n.counts[id]
	if counts == nil {
		counts = make([]int, 9)
		for i := range counts {
			counts[i] = levels[i].start - 1
		}
		n.counts[id] = counts
	}
	counts[at]++
	for i := at + 1; i < 9; i++ {
		counts[i] = levels[i].start - 1
	}
	if levels[at].format == "bullet" {
		return "• "
	}
	s := levels[at].text
	for i := range at + 1 {
		s = strings.ReplaceAll(s, "%"+strconv.Itoa(i+1), typed.Numeral(levels[i].format, counts[i]))
	}
	return s
}
