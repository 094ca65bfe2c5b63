// Package assess runs score sheets over the records of a district: it freezes what a unit is scored on, stores the scores,
// takes them from draft to final, and corrects them by numbered revisions. The arithmetic is that of score.
package assess

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/assess/score"
	"sifen/internal/attribute"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/inspect"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Parameter is a number of the district that changes from a day on, with where it comes from.
type Parameter struct {
	Key    string     `yaml:"key" json:"key"`
	Title  i18n.Label `yaml:"title" json:"title"`
	Unit   i18n.Label `yaml:"unit,omitempty" json:"unit"`
	Values []struct {
		From   string      `yaml:"from" json:"from"`
		Value  score.Num   `yaml:"value" json:"value"`
		Source *i18n.Label `yaml:"source,omitempty" json:"source,omitempty"`
	} `yaml:"values" json:"values"`
}

// On is the value in force on a day; ok is false before the first.
func (p *Parameter) On(day period.Day) (n score.Num, ok bool) {
	for _, v := range p.Values {
		if from, err := period.ParseDay(v.From); err == nil && from <= day {
			n, ok = v.Value, true
		}
	}
	return n, ok
}

// Parameters is the pack object type "parameters".
func Parameters() pack.Type {
	return pack.Type{
		Dir: "parameters", Decode: pack.Decoded[Parameter],
		Check: func(_ *pack.Set, o *pack.Object) (faults []pack.Fault) {
			last := period.Day(0)
			for i, v := range o.Value.(*Parameter).Values {
				day, err := period.ParseDay(v.From)
				if err != nil || i > 0 && day <= last {
					faults = append(faults, o.FaultAt("values", i, "from", "写成 2020-01-01 这样的日期，由早到晚", "write a day such as 2020-01-01, from early to late"))
				}
				last = day
			}
			return faults
		},
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "values"}}
		},
	}
}

// Sheets is the pack object type "sheets".
func Sheets() pack.Type {
	return pack.Type{
		Dir: "sheets", Decode: pack.Decoded[score.Sheet],
		Check: func(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
			for _, f := range o.Value.(*score.Sheet).Check(Env(set)) {
				faults = append(faults, o.FaultIn(f.Path, f.Zh, f.En))
			}
			return faults
		},
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "for", "period", "max", "blocks"}}
		},
	}
}

// Env is what the sheets of a set of rules may refer to.
func Env(set *pack.Set) score.Env {
	types := make([]string, 0, len(org.Types))
	for _, t := range org.Types {
		types = append(types, string(t.Type))
	}
	return score.Env{
		Attrs: attribute.Rules(set),
		Days:  attribute.Days(set),
		Types: types,
		Figure: func(key string) (string, bool) {
			d, ok := pack.Value[indicator.Definition](set, "indicators", key)
			switch o := set.Get("indicators", key); {
			case ok:
				return shownIn(*d), true
			case o != nil:
				if d, is := o.Value.(indicator.Definition); is {
					return shownIn(d), true
				}
				return "", true
			}
			return "", false
		},
		Sheet: func(key string) (*score.Sheet, bool) { return pack.Value[score.Sheet](set, "sheets", key) },
		Checklist: func(key string) (map[string]bool, bool) {
			c, ok := pack.Value[inspect.Checklist](set, "checklists", key)
			if !ok {
				return nil, false
			}
			items := map[string]bool{}
			for _, s := range c.Sections {
				for _, i := range s.Items {
					items[i.Key] = i.Answer == inspect.Share
				}
			}
			return items, true
		},
		Parameter: func(key string) bool { return set.Get("parameters", key) != nil },
		Known: func(what, name string) (string, string) {
			dir := map[string]string{"figure": "indicators", "sheet": "sheets", "checklist": "checklists", "parameter": "parameters"}[what]
			var keys []string
			for _, o := range set.List(dir) {
				keys = append(keys, o.Key)
			}
			l := pack.Known(name, keys)
			return l.Zh, l.En
		},
	}
}

// shownIn is the unit in which a figure is shown; "" where it names none.
func shownIn(d indicator.Definition) string {
	switch {
	case d.Unit != nil && d.Unit.Zh != "":
		return d.Unit.Zh
	case d.Measure == indicator.Ratio || d.Measure == indicator.Coverage:
		return "%"
	}
	return ""
}

// parse reads a sheet from the text that a run keeps.
func parse(body string) (*score.Version, error) {
	s := &score.Sheet{}
	dec := yaml.NewDecoder(strings.NewReader(body))
	dec.KnownFields(true)
	if err := dec.Decode(s); err != nil {
		return nil, fmt.Errorf("the sheet that a run keeps cannot be read: %w", err)
	}
	rules, err := attribute.Read(dec)
	if err != nil {
		return nil, err
	}
	return score.Compile(s, rules)
}

// months is how many months a period of a sheet has.
var months = map[string]int{"month": 1, "2-months": 2, "quarter": 3, "half-year": 6, "year": 12}

// periodOf is the period of a sheet that begins with a month; ok is false where none begins with it.
func periodOf(s *score.Sheet, from period.Day) (p period.Period, ok bool) {
	n := months[s.Period]
	m := from.Month()
	if n == 0 || m.First() != from || int(m)%12%n != 0 {
		return p, false
	}
	return period.Period{From: from, Until: (m + period.Month(n)).First()}, true
}

// periodsEnded are the last periods of a sheet that are over on a day, the latest first.
func periodsEnded(s *score.Sheet, today period.Day, n int) (out []period.Period) {
	for m := today.Month(); len(out) < n && m > today.Month()-60; m-- {
		if p, ok := periodOf(s, m.First()); ok && p.Until <= today+1 {
			out = append(out, p)
		}
	}
	return out
}
