package docx

import (
	"cmp"
	"maps"
	"slices"

	"sifen/internal/docx/typed"
)

// Check compares a template with a catalogue and returns every fault at once,
// in the order of the text; nil when the template can be rendered.
func (t *Template) Check(c *Catalogue) []Fault {
	k := &checker{t: t}
	for i, p := range t.parts {
		k.part = i
		k.list(p.tree.kids, newScope(c, nil))
	}
	all := append(slices.Clone(t.faults), k.faults...)
	return inOrder(all)
}

// inOrder sorts what was found into the order of the text.
func inOrder(list []found) []Fault {
	slices.SortStableFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.Paragraph, b.Paragraph))
	})
	var out []Fault
	for _, f := range list {
		out = append(out, f.Fault)
	}
	return out
}

// Use is one place where a template prints or compares a figure.
type Use struct {
	Ref
	// Loop names the loop around it, empty outside loops.
	Loop string
	// Raw is the tag as it was typed, Sides what is printed around it.
	Raw   string
	Sides Sides
	at    spot
}

// Fault is a fault of this use that only the caller can know.
func (u Use) Fault(code, zh, en string) Fault { return faultAt(u.at, problem{code, zh, en}, "") }

// NoValue is the fault of a figure without a value for the period, which only
// the caller can know.
func (u Use) NoValue(periodZh, periodEn string) Fault {
	return u.Fault("docx.no-value", "“"+u.Name+"”在"+periodZh+"没有数，请核对期间或先补登记录",
		"“"+u.Name+"” has no value for "+periodEn+"; check the period or enter the records")
}

// Figures lists every figure a faultless template asks for, in the order of
// the text, so that a caller can look for missing values before rendering.
func (t *Template) Figures(c *Catalogue) []Use {
	figures, _ := t.Uses(c)
	return figures
}

// Uses lists the figures of a template and, apart from them, its header data and fields of records.
func (t *Template) Uses(c *Catalogue) (figures, headers []Use) {
	k := &checker{t: t}
	for _, p := range t.parts {
		k.list(p.tree.kids, newScope(c, nil))
	}
	return k.uses, k.headers
}

type checker struct {
	t      *Template
	part   int
	loops  []string // around, the innermost last
	faults []found

	uses, headers []Use
}

func (k *checker) report(t *tag, near string, p problem) {
	if len(k.faults) >= maxFaults {
		return
	}
	k.faults = append(k.faults, found{faultAt(t.at, p, near), k.part})
}

func (k *checker) unknown(t *tag, s *scope, roles ...role) {
	if len(k.faults) >= maxFaults {
		return
	}
	near := s.near(t.name, roles...)
	p := problem{"docx.unknown-name", "没有“" + t.name + "”", "nothing is called “" + t.name + "”"}
	if near != "" {
		p.zh += "，您是否要用“" + near + "”？"
		p.en += "; did you mean “" + near + "”?"
	} else {
		p.zh += "，请从目录中复制名称"
		p.en += "; copy a name from the catalogue"
	}
	k.report(t, near, p)
}

func (k *checker) list(list []*node, s *scope) {
	for _, n := range list {
		switch n.kind {
		case tagNode:
			if n.tag.bad == nil {
				k.tag(n.tag, s)
			}
		case loopNode:
			k.loopNode(n, s)
		case condNode:
			if n.tag.bad == nil {
				k.condition(n.tag, s)
			}
			k.list(n.kids, s)
			k.list(n.alt, s)
		default:
			for _, a := range n.said {
				k.list(a.kids, s)
			}
			k.list(n.kids, s)
		}
	}
}

func (k *checker) loopNode(n *node, s *scope) {
	if n.tag.bad != nil {
		return
	}
	name, ok := s.find(asLoop, n.tag.name)
	if !ok {
		// What is inside belongs to a loop nobody knows; naming it too would mislead.
		near := s.near(n.tag.name, asLoop)
		zh, en := typed.Some(maps.Keys(s.cat.Loops), true), typed.Some(maps.Keys(s.cat.Loops), false)
		if near != "" || zh+en == "" {
			k.unknown(n.tag, s, asLoop)
			return
		}
		k.report(n.tag, "", problem{"docx.unknown-name", "这里没有可循环的“" + n.tag.name + "”；可循环的有：" + zh,
			"nothing here to go through is called “" + n.tag.name + "”; there are: " + en})
		return
	}
	k.loops = append(k.loops, name)
	k.list(n.kids, newScope(s.cat.Loops[name], s))
	k.loops = k.loops[:len(k.loops)-1]
}

// use is a tag of a name; up is how many loops outward the name belongs.
func (k *checker) use(t *tag, r Ref, up int) Use {
	u := Use{Ref: r, Raw: t.raw, Sides: t.sides, at: t.at}
	if n := len(k.loops) - up; n > 0 {
		u.Loop = k.loops[n-1]
	}
	return u
}

func (k *checker) condition(t *tag, s *scope) {
	if t.test.op == "has" || t.test.op == "none" {
		if _, ok := s.anyName(t.name); !ok {
			k.unknown(t, s, asFigure, asText, asPicture, asLoop, asAnnex, asHeader)
		}
		return
	}
	k.figure(t, s, asFigure)
}

func (k *checker) figure(t *tag, s *scope, roles ...role) {
	name, ok := s.find(asFigure, t.name)
	if !ok {
		k.unknown(t, s, roles...)
		return
	}
	if t.inLink {
		k.report(t, "", problem{"docx.figure-in-link", "数字放在了超链接里，请取消超链接，数字自带来源链接",
			"the figure stands in a hyperlink; remove it, figures link to their source by themselves"})
	}
	k.uses = append(k.uses, k.use(t, s.ref(t, name), 0))
}

func (k *checker) tag(t *tag, s *scope) {
	need := func(r role) {
		if _, ok := s.find(r, t.name); !ok {
			k.unknown(t, s, r)
		}
	}
	switch t.verb {
	case value:
		if name, up, ok := s.header(t.name); ok {
			k.headers = append(k.headers, k.use(t, Ref{Name: name}, up))
			if t.form != "" || t.period != "" {
				k.report(t, "", problem{"docx.form-on-header", "“" + t.name + "”不是数字，不能写“：”或“@”", "“" + t.name + "” is no figure and takes no form or period"})
			}
			return
		}
		k.figure(t, s, asFigure, asHeader)
	case text:
		need(asText)
	case picture:
		need(asPicture)
	case annex:
		need(asAnnex)
		if !t.alone || !t.inBody {
			k.report(t, "", problem{"docx.annex-place", "附表要在正文里单独成段", "an annex stands in the text, alone in its paragraph"})
		}
	}
}
