package fund

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/assess"
	"sifen/internal/assess/score"
	"sifen/internal/attribute"
	"sifen/internal/formula"
	"sifen/internal/fund/award"
	"sifen/internal/pack"
	"sifen/internal/unit"
)

// Awards is the pack object type "awards".
func Awards() pack.Type {
	return pack.Type{
		Dir: "awards", Decode: pack.Decoded[award.Award],
		Check: func(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
			a := o.Value.(*award.Award)
			for _, f := range a.Check(env(set, a)) {
				faults = append(faults, o.FaultIn(f.Path, f.Zh, f.En))
			}
			return faults
		},
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "for", "period", "budget", "parts"}}
		},
	}
}

// env is what a rule may refer to. An attribute that rule packs do not define is entered by hand, so that a rule may name any.
func env(set *pack.Set, a *award.Award) score.Env {
	e := assess.Env(set)
	e.Attrs = attributes(attribute.Rules(set), a)
	return e
}

func attributes(attrs map[string]formula.Type, a *award.Award) map[string]formula.Type {
	for _, in := range a.Inputs {
		if in != nil && in.Attribute != "" {
			if _, ok := attrs[in.Attribute]; !ok {
				attrs[in.Attribute] = formula.Exact
			}
		}
	}
	return attrs
}

// parse reads a rule from the text that a run keeps; grades get their titles from the sheets of the district.
func parse(set *pack.Set, body string) (*award.Version, error) {
	a := &award.Award{}
	dec := yaml.NewDecoder(strings.NewReader(body))
	dec.KnownFields(true)
	if err := dec.Decode(a); err != nil {
		return nil, fmt.Errorf("the rule that a run keeps cannot be read: %w", err)
	}
	rules, err := attribute.Read(dec)
	if err != nil {
		return nil, err
	}
	v, err := award.Compile(a, attributes(rules, a))
	if err != nil {
		return nil, err
	}
	v.Grades = map[string]award.Label{}
	for _, s := range pack.All[score.Sheet](set, "sheets") {
		for _, g := range s.Grades {
			if _, ok := v.Grades[g.Key]; !ok {
				v.Grades[g.Key] = g.Title
			}
		}
	}
	if s, ok := pack.Value[score.Sheet](set, "sheets", graded(set, a)); ok {
		for _, g := range s.Grades {
			v.Grades[g.Key] = g.Title
		}
	}
	return v, nil
}

// graded is the sheet whose grades a rule goes by: the one that it names, else the only one with grades for its types of units
// whose period is that of the rule, else the only one of shorter periods. Empty where none or several fit.
func graded(set *pack.Set, a *award.Award) string {
	if a.Sheet != "" {
		return a.Sheet
	}
	if s := a.RankedBy(); s != "" {
		return s
	}
	var same, shorter []string
	for _, s := range pack.All[score.Sheet](set, "sheets") {
		fits := false
		for _, t := range a.For.Types {
			for _, x := range s.For.Types {
				fits = fits || t == x
			}
		}
		switch {
		case !fits || len(s.Grades) == 0:
		case s.Period == a.Period:
			same = append(same, s.Key)
		default:
			shorter = append(shorter, s.Key)
		}
	}
	switch {
	case len(same) == 1:
		return same[0]
	case len(same) == 0 && len(shorter) == 1:
		return shorter[0]
	}
	return ""
}

// gradeOf is the grade of a mean share by the limits of a sheet: a grade that needs more than points is left to a single score.
func gradeOf(s *score.Sheet, share, most unit.Num) string {
	for _, g := range s.Grades {
		if g.From == nil {
			continue
		}
		at := g.From.Num
		if !g.From.Percent {
			at = at.Div(most)
		}
		if share.Cmp(at) >= 0 {
			return g.Key
		}
	}
	return ""
}
