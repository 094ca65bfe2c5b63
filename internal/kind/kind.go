// Package kind knows the kinds of records that rule packs define: their fields, the values those take, the checks over
// them, the units that enter and verify them, and the names they have in formulas.
package kind

import (
	"fmt"

	"sifen/internal/i18n"
	"sifen/internal/pack"
	"sifen/internal/problem"
	"sifen/internal/unit"
)

// ErrUnknown says that the district has no kind of this key.
var ErrUnknown = problem.New(problem.NotFound, "ledger.no-kind", nil)

// Kind is a sort of record as packs write it.
type Kind struct {
	Key       string      `yaml:"key" json:"key"`
	Title     i18n.Label  `yaml:"title" json:"title"`
	Prefix    string      `yaml:"prefix" json:"prefix"` // of entry numbers: XC gives XC-2020-0001
	Group     i18n.Label  `yaml:"group" json:"group_title"`
	Source    *i18n.Label `yaml:"source,omitempty" json:"source,omitempty"`
	Extends   string      `yaml:"extends,omitempty" json:"-"`
	Day       string      `yaml:"day,omitempty" json:"day,omitempty"`
	Span      *Span       `yaml:"span,omitempty" json:"span,omitempty"`
	State     *State      `yaml:"state,omitempty" json:"state,omitempty"`
	TitleOf   string      `yaml:"title_field,omitempty" json:"title_field,omitempty"`
	About     []string    `yaml:"about,omitempty" json:"about"`
	EnteredBy []string    `yaml:"entered_by" json:"entered_by"`
	Levels    []string    `yaml:"levels,omitempty" json:"levels"`
	Due       *Due        `yaml:"due,omitempty" json:"due,omitempty"`
	Fields    []Field     `yaml:"fields" json:"fields"`
	Checks    []Check     `yaml:"checks,omitempty" json:"-"`
	Version   int64       `yaml:"-" json:"version"`
}

// Span names the two fields of work that runs over days; both days are included.
type Span struct {
	From  string `yaml:"from" json:"from"`
	Until string `yaml:"until" json:"until"`
}

// State names the first and the last day in force, and what makes two entries the same thing.
type State struct {
	From    string   `yaml:"from" json:"from"`
	Until   string   `yaml:"until" json:"until"`
	Subject []string `yaml:"subject,omitempty" json:"subject,omitempty"`
}

// Due says what is owed: at least one entry per unit and period, by a working day after the period.
type Due struct {
	Every string   `yaml:"every" json:"every" enum:"month,quarter,year"`
	By    int      `yaml:"by" json:"by"`
	Units []string `yaml:"units,omitempty" json:"units,omitempty"` // unit types that owe it; empty: those that enter it, without district and departments
}

// Field is one field of a kind. Keys and types never change.
type Field struct {
	Key      string      `yaml:"key" json:"key"`
	Type     string      `yaml:"type" json:"type" enum:"date,text,long-text,count,number,weight,money,choice,ref,unit,person,photo,file,bool,group,geo"`
	Title    i18n.Label  `yaml:"title" json:"title"`
	Help     *i18n.Label `yaml:"help,omitempty" json:"help,omitempty"`
	Required bool        `yaml:"required,omitempty" json:"required"`
	Decimals int         `yaml:"decimals,omitempty" json:"decimals"`
	Unit     *i18n.Label `yaml:"unit,omitempty" json:"unit,omitempty"`
	Min      *int64      `yaml:"min,omitempty" json:"min,omitempty"` // for quantities at the field's scale; for photos a number, never above 0
	Max      *int64      `yaml:"max,omitempty" json:"max,omitempty"` // for texts in characters
	Basis    []string    `yaml:"basis,omitempty" json:"basis,omitempty"`
	Options  []Option    `yaml:"options,omitempty" json:"options,omitempty"`
	Of       string      `yaml:"of,omitempty" json:"of,omitempty"`
	Types    []string    `yaml:"types,omitempty" json:"types,omitempty"`
	Personal bool        `yaml:"personal,omitempty" json:"personal,omitempty"`
	Compared bool        `yaml:"-" json:"-"` // a number of a keeper's own kind that is compared and never added, such as points
	Fields   []Field     `yaml:"fields,omitempty" json:"fields,omitempty"`
}

// Option is one choice.
type Option struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
}

// Check is a rule over one entry: a hint (warn) or a refusal (error).
type Check struct {
	When  string     `yaml:"when"`
	Say   i18n.Label `yaml:"say"`
	Level string     `yaml:"level"`
}

// Lasting reports whether entries are states rather than events of a day.
func (k *Kind) Lasting() bool { return k.State != nil }

// Field finds a field by key.
func (k *Kind) Field(key string) (Field, bool) {
	return find(k.Fields, key)
}

// Field finds a field of a group by key.
func (f Field) Field(key string) (Field, bool) { return find(f.Fields, key) }

func find(fields []Field, key string) (Field, bool) {
	for _, f := range fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Option finds a choice by key.
func (f Field) Option(key string) (Option, bool) {
	for _, o := range f.Options {
		if o.Key == key {
			return o, true
		}
	}
	return Option{}, false
}

// Scale is the number of decimals of a quantity's stored integer; a weight is stored in grams.
func (f Field) Scale() int {
	if f.Type == "money" {
		return 2
	}
	return f.Decimals
}

// Percent reports whether a number of the field is in hundredths: 85% is 85 there and nowhere else.
func (f Field) Percent() bool {
	return (f.Type == "number" || f.Type == "count") && f.Unit != nil && (f.Unit.Zh == unit.Hundredths || f.Unit.Zh == "％")
}

// Type is the pack object type "kinds".
func Type() pack.Type {
	return pack.Type{
		Dir: "kinds",
		Decode: func(o *pack.Object) (any, error) {
			k := &Kind{Version: o.Version}
			if err := pack.Strict(o, k); err != nil {
				return nil, err
			}
			if k.TitleOf == "" {
				for _, f := range k.Fields {
					if f.Type == "text" {
						k.TitleOf = f.Key
						break
					}
				}
			}
			return k, nil
		},
		Check:  check,
		Fresh:  fresh,
		Held:   held,
		Schema: schema,
	}
}

// Of finds a kind in the effective set.
func Of(set *pack.Set, key string) (*Kind, error) {
	o := set.Get("kinds", key)
	if o == nil {
		return nil, ErrUnknown.With("kind", key)
	}
	k, ok := o.Value.(*Kind)
	if !ok {
		return nil, fmt.Errorf("kind %s was not decoded", key)
	}
	return k, nil
}

// All lists all kinds by key.
func All(set *pack.Set) []*Kind { return pack.All[Kind](set, "kinds") }
