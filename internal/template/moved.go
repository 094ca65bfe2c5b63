package template

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/pack"
)

// Moved is a name that stood for one figure and stands for another under new rules, as when two figures swap their titles.
type Moved struct {
	Name, Was, Now string
	Templates      []string // unchanged ones that print it: they would print the other figure without a word
}

// MovedNames finds the names of figures that new rules give to another figure.
func MovedNames(before, after *pack.Set) []Moved {
	was, now := figureNames(before), figureNames(after)
	var out []Moved
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if now[name] == "" || now[name] == was[name] {
			continue
		}
		m := Moved{Name: name, Was: was[name], Now: now[name]}
		for _, t := range All(after) {
			if same(before, after, t) && slices.Contains(t.names(after), name) {
				m.Templates = append(m.Templates, t.Key)
			}
		}
		out = append(out, m)
	}
	return out
}

// same reports whether a template stays as it was: whoever changed it with the rules has seen what it names.
func same(before, after *pack.Set, t *Template) bool {
	old := before.Get("templates", t.Key)
	a, had := before.Files["templates/"+t.File]
	b, has := after.Files["templates/"+t.File]
	return old != nil && old.Sum() == after.Get("templates", t.Key).Sum() && had == has && bytes.Equal(a, b)
}

// names are the names by which a template calls figures.
func (t *Template) names(set *pack.Set) []string {
	var out []string
	for _, u := range t.word.Figures(Catalogue(set, t)) {
		out = append(out, u.Name)
	}
	return out
}

// Say words it.
func (m Moved) Say() i18n.Label {
	return i18n.Label{Zh: fmt.Sprintf("名字 %s 原指指标 %s，现在成了 %s 的", m.Name, m.Was, m.Now),
		En: fmt.Sprintf("the name %s was that of figure %s and becomes that of %s", m.Name, m.Was, m.Now)}
}

// MovedFaults refuses a name that moves to another figure under a template that prints it.
func MovedFaults(before, after *pack.Set) (faults []pack.Fault) {
	for _, m := range MovedNames(before, after) {
		if len(m.Templates) == 0 {
			continue
		}
		say, list := m.Say(), strings.Join(m.Templates, ", ")
		faults = append(faults, after.Get("indicators", m.Now).Fault("title",
			say.Zh+"；模板 "+list+" 里的 {{"+m.Name+"}} 会悄悄换成另一个数。请用别的名字，或同时把模板改成写 key",
			say.En+"; {{"+m.Name+"}} in "+list+" would print another number. Choose another name, or change the template to the key together with it"))
	}
	return faults
}

func held(_ context.Context, _ db.Querier, _ int64, before, after *pack.Set) ([]pack.Fault, error) {
	return append(MovedFaults(before, after), unitFaults(before, after)...), nil
}

// unitFaults refuses rules under which a template that stays as it is would print a wrong number: a figure counted in 万元 from
// now on, behind which the template says 元.
func unitFaults(before, after *pack.Set) (faults []pack.Fault) {
	for _, t := range All(after) {
		if !same(before, after, t) {
			continue
		}
		was, _ := Faults(before, t.word, Catalogue(before, t))
		now, _ := Faults(after, t.word, Catalogue(after, t))
		for _, f := range now {
			if !slices.Contains(was, f) {
				faults = append(faults, after.Get("templates", t.Key).Fault("file", t.File+"："+f.String(), t.File+": "+f.English()))
			}
		}
	}
	return faults
}
