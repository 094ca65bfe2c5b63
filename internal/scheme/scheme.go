// Package scheme holds sorting schemes: which categories there are, in what stages they are split, where they go.
// Schemes are data of rule packs; a unit's scheme is bound in package org.
package scheme

import (
	"sifen/internal/i18n"
	"sifen/internal/pack"
)

// Scheme is one way of sorting, such as 四分法.
type Scheme struct {
	Key        string      `yaml:"key" json:"key"`
	Title      i18n.Label  `yaml:"title" json:"title"`
	Source     *i18n.Label `yaml:"source,omitempty" json:"source,omitempty"`
	Categories []Category  `yaml:"categories" json:"categories"`
	Stages     []Stage     `yaml:"stages" json:"stages"`
}

// Category is one class of waste. Its colour marks waste and nothing else.
type Category struct {
	Key     string       `yaml:"key" json:"key"`
	Title   i18n.Label   `yaml:"title" json:"title"`
	Colour  string       `yaml:"colour" json:"colour"`
	Classes []i18n.Label `yaml:"classes,omitempty" json:"classes,omitempty"`
}

// Stage is one split and what becomes of each outcome.
type Stage struct {
	Key      string     `yaml:"key" json:"key"`
	Title    i18n.Label `yaml:"title" json:"title"`
	Outcomes []Outcome  `yaml:"outcomes" json:"outcomes"`
}

// Outcome sends a category somewhere.
type Outcome struct {
	Category string     `yaml:"category" json:"category"`
	To       i18n.Label `yaml:"to" json:"to"`
}

// Type is the pack object type "schemes".
func Type() pack.Type {
	return pack.Type{
		Dir:    "schemes",
		Decode: pack.Decoded[Scheme],
		Check: func(_ *pack.Set, o *pack.Object) (faults []pack.Fault) {
			s := o.Value.(*Scheme)
			known := map[string]bool{}
			for _, c := range s.Categories {
				known[c.Key] = true
			}
			if len(known) == 0 {
				faults = append(faults, o.Fault("categories", "方案没有类别", "the scheme has no categories"))
			}
			for i, st := range s.Stages {
				for _, out := range st.Outcomes {
					if !known[out.Category] {
						faults = append(faults, o.FaultAt("stages", i, "outcomes", "没有类别 "+out.Category, "there is no category "+out.Category))
					}
				}
			}
			return faults
		},
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "categories", "stages"}}
		},
	}
}

// List returns the effective schemes by key.
func List(set *pack.Set) []*Scheme { return pack.All[Scheme](set, "schemes") }
