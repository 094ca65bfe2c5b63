package docx

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"sifen/internal/docx/typed"
	"sifen/internal/spelling"
)

// Catalogue is the closed list of names a template may use. The zero value
// knows nothing.
type Catalogue struct {
	Figures  map[string]string     // every accepted name (Chinese title, alias, or key) → key
	Texts    []string              // names for {{文 X}}
	Pictures []string              // names for {{图 X}}
	Headers  []string              // 单位 期间 日期 文号, and the fields of a record in a loop
	Loops    map[string]*Catalogue // {{#每个 X}}: what is known inside
	Annexes  []string              // names for {{附表 X}}
}

// Ref names a figure as the source is asked for it.
type Ref struct {
	Name string // as the catalogue spells it
	Key  string
	// Form is the canonical display form: "", yu, wan, percent, terms, raw, diff, growth.
	Form string
	// Period is the canonical period: "" for the document's own, last-year, previous, month, cumulative.
	Period string
	// Test: only Figure.Value is wanted, for a condition; nothing is printed
	// and the figure needs no number.
	Test bool
}

// scope is a catalogue indexed by folded names. Inside a loop names mean the
// unit or record of that turn; only header data are also looked for outside.
type scope struct {
	cat    *Catalogue
	outer  *scope
	byName map[role]map[string]string // folded → as spelled
}

type role uint8

const (
	asFigure role = iota
	asHeader
	asText
	asPicture
	asAnnex
	asLoop
)

func newScope(c *Catalogue, outer *scope) *scope {
	if c == nil {
		c = &Catalogue{}
	}
	s := &scope{cat: c, outer: outer, byName: map[role]map[string]string{}}
	add := func(r role, name string) {
		if s.byName[r] == nil {
			s.byName[r] = map[string]string{}
		}
		f := typed.Fold(name)
		if old, taken := s.byName[r][f]; !taken || name < old { // maps come in any order, answers must not
			s.byName[r][f] = name
		}
	}
	for n := range c.Figures {
		add(asFigure, n)
	}
	for n := range c.Loops {
		add(asLoop, n)
	}
	for r, list := range map[role][]string{asHeader: c.Headers, asText: c.Texts, asPicture: c.Pictures, asAnnex: c.Annexes} {
		for _, n := range list {
			add(r, n)
		}
	}
	return s
}

func (s *scope) find(r role, name string) (string, bool) {
	n, ok := s.byName[r][name]
	return n, ok
}

// header finds header data here or around; up is how many loops outward.
func (s *scope) header(name string) (spelled string, up int, ok bool) {
	for at := s; at != nil; at = at.outer {
		if n, ok := at.find(asHeader, name); ok {
			return n, up, true
		}
		up++
	}
	return "", 0, false
}

func (s *scope) ref(t *tag, spelled string) Ref {
	return Ref{Name: spelled, Key: s.cat.Figures[spelled], Form: t.form, Period: t.period, Test: t.test != nil}
}

// anyName finds what 有 and 无 may ask for.
func (s *scope) anyName(name string) (string, bool) {
	for _, r := range []role{asFigure, asText, asPicture, asLoop, asAnnex, asHeader} {
		if n, ok := s.find(r, name); ok {
			return n, true
		}
	}
	return "", false
}

// near is the nearest known name among the roles, when at most half of the
// characters differ.
func (s *scope) near(name string, roles ...role) string {
	type candidate struct {
		name string
		dist int
	}
	var all []candidate
	n := utf8.RuneCountInString(name)
	if n > 60 { // what is so long is no name
		return ""
	}
	for _, r := range roles {
		for at := s; at != nil; at = at.outer {
			for folded, spelled := range at.byName[r] {
				if d := spelling.Distance(name, folded); d <= max(n, utf8.RuneCountInString(folded))/2 {
					all = append(all, candidate{spelled, d})
				}
			}
			if r != asHeader {
				break
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	return slices.MinFunc(all, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(x.dist, y.dist), strings.Compare(x.name, y.name))
	}).name
}
