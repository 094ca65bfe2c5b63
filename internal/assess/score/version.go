package score

import (
	"fmt"
	"slices"

	"sifen/internal/formula"
)

// Version is a sheet whose formulas are compiled: once, for all units of all runs.
type Version struct {
	*Sheet
	where    map[string]*formula.ExactProgram // by text
	formulas map[string]*formula.ExactProgram // by item
}

// Compile compiles the formulas of a sheet; attrs are the attributes of units with their types.
func Compile(s *Sheet, attrs map[string]formula.Type) (*Version, error) {
	v := &Version{s, map[string]*formula.ExactProgram{}, map[string]*formula.ExactProgram{}}
	for _, text := range s.conditions() {
		p, err := formula.CompileExact(text, attrs, formula.Bool)
		if err != nil {
			return nil, fmt.Errorf("%s: where %s: %w", s.Key, text, err)
		}
		v.where[text] = p
	}
	in := s.formulaInputs()
	for b := range s.Blocks {
		for i := range s.Blocks[b].Items {
			it := &s.Blocks[b].Items[i]
			if it.Formula == nil {
				continue
			}
			p, err := formula.CompileExact(it.Formula.Expr, in, formula.Exact)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", s.Key, it.Key, err)
			}
			v.formulas[it.Key] = p
		}
	}
	return v, nil
}

// formulaInputs are the names that a formula may use: the declared inputs and the maximum of its item.
func (s *Sheet) formulaInputs() map[string]formula.Type {
	in := map[string]formula.Type{"max": formula.Exact}
	for name := range s.Inputs {
		in[name] = formula.Exact
	}
	return in
}

// conditions are the texts of all conditions over attributes.
func (s *Sheet) conditions() (out []string) {
	add := func(cs []Cond) {
		for _, c := range cs {
			if c.Where != "" {
				out = append(out, c.Where)
			}
		}
	}
	for _, g := range s.Groups {
		out = append(out, g.Where)
	}
	add(s.CapIf)
	add(s.ZeroIf)
	for _, b := range s.Blocks {
		add(b.ZeroIf)
		for _, it := range b.Items {
			add(it.ZeroIf)
			if it.NA != nil && it.NA.Where != "" {
				out = append(out, it.NA.Where)
			}
		}
	}
	for _, g := range s.Grades {
		add(g.Needs)
	}
	return out
}

// holds evaluates a condition over attributes; one over an absent attribute does not hold.
func (v *Version) holds(text string, f *facts) bool {
	p := v.where[text]
	if p == nil {
		return false
	}
	ok, err := p.Holds(f.attrs())
	return ok && err == nil
}

// Names are the names whose numbers an item comes from: of its lines, limits, formula and gates.
func (v *Version) Names(it *Item) []string {
	out := slices.Clone(it.names())
	if p := v.formulas[it.Key]; p != nil {
		out = slices.DeleteFunc(slices.Clone(p.Uses()), func(n string) bool { return n == "max" })
	}
	for _, c := range it.ZeroIf {
		out = append(append(append(append(out, c.N...), c.All...), c.Lack...), c.Value...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(n string) bool { was := seen[n]; seen[n] = true; return was })
}

// Counts reports whether a name is a finding that the sheet counts: used by its lines or conditions and no declared input.
func (v *Version) Counts(name string) bool {
	if _, ok := v.Inputs[name]; ok {
		return false
	}
	is := func(cs []Cond) bool {
		for _, c := range cs {
			if slices.Contains(c.N, name) || slices.Contains(c.All, name) || slices.Contains(c.Lack, name) {
				return true
			}
		}
		return false
	}
	if is(v.CapIf) || is(v.ZeroIf) {
		return true
	}
	for _, b := range v.Blocks {
		for i := range b.Items {
			if slices.Contains(b.Items[i].names(), name) || is(b.Items[i].ZeroIf) {
				return true
			}
		}
		if is(b.ZeroIf) {
			return true
		}
	}
	return false
}
