package score

import (
	"slices"

	"sifen/internal/unit"
)

// Facts are what a run freezes of a unit: all that Eval looks at.
type Facts struct {
	Unit   string // number of the unit
	Name   string
	Attrs  map[string]Attr
	Values map[string]Value // by input
	Series map[string][]Num // a figure's days
	Months map[string]int   // since the day of an attribute; its own month is 1
	Visits []Visit
	NA     []string // items that do not apply, said by whoever may
	Judged map[string]Judgement
	Self   map[string]Num // the unit's own answers
}

// Attr is an attribute of a unit: a number or a text.
type Attr struct {
	Num  Num
	Text string
	Word bool // it is a text
}

// Value is what an input was: a number, perhaps with its terms, or the children that it is made of.
type Value struct {
	Num      Num // undefined where there is none
	Part, Of Num
	Terms    bool
	Percent  bool  // typed as a share
	N        int64 // records, or people asked
	Digest   string
	Children []Child
}

// Child is a score that a score is made of: a unit below, or the unit itself in another period.
type Child struct {
	Unit, Name string
	Run        string
	Scored     bool
	Share      Num // of its maximum
	Weight     Num
	Grade      string
}

// Visit is what a visit found.
type Visit struct {
	ID    string
	Day   int64
	Place string
	Kind  string           // of place
	Found map[string]Value // number found by name; what is not there is 0
	NA    []string         // names that the inspector left out
}

// Judgement is what a person gave.
type Judgement struct {
	Points Num
	Reason string
	By     string
}

// number is the number that a name stands for; ok is false where it is undefined.
func (f *facts) number(name string) (Num, bool) {
	v, ok := f.value(name)
	return v.Num, ok && v.Num.Defined()
}

// facts are those of a unit as seen by one visit or by the sum of all.
type facts struct {
	*Facts
	sheet *Sheet
	found map[string]Value
	na    []string
	place map[string]int // by item: place in the group
}

// value is an input's or a finding's; ok is false where it is undefined.
func (f *facts) value(name string) (Value, bool) {
	in, declared := f.sheet.Inputs[name]
	if !declared {
		v, ok := f.found[name]
		if !ok {
			v = Value{Num: unit.Int(0)}
		}
		return v, true
	}
	if v, ok := f.Values[name]; ok {
		if len(v.Children) > 0 {
			return in.fold(v)
		}
		return v, v.Num.Defined()
	}
	switch {
	case in.Survey != "":
		v, ok := f.found[name]
		return v, ok && v.Num.Defined()
	case in.Document != "":
		return Value{Num: unit.Int(0)}, true
	case in.Days != "":
		return Value{Num: f.days(in)}, true
	case in.Attribute != "":
		a, ok := f.Attrs[in.Attribute]
		return Value{Num: a.Num}, ok && !a.Word && a.Num.Defined()
	}
	return Value{Num: unit.Undefined}, false
}

// days counts the days on which a figure fails; days without the figure are not counted.
func (f *facts) days(in *Input) Num {
	n := int64(0)
	for _, x := range f.Series[in.Days] {
		if !x.Defined() {
			continue
		}
		if at, ok := f.limit(in.Below); in.Below != nil && ok && x.Cmp(at) < 0 {
			n++
		} else if at, ok := f.limit(in.Above); in.Above != nil && ok && x.Cmp(at) > 0 {
			n++
		}
	}
	return unit.Int(n)
}

// fold makes one share of the children that have a score; those that have none are left out.
func (in *Input) fold(v Value) (Value, bool) {
	sum, weights, n, best := unit.Int(0), unit.Int(0), 0, Num{}
	for _, c := range v.Children {
		if !c.Scored {
			continue
		}
		w := unit.Int(1)
		if in.Weight != "" {
			w = c.Weight
			if !w.Defined() {
				continue
			}
		}
		x := c.Share
		if in.Take == "share" {
			x = unit.Int(0)
			if slices.Contains(in.Grade, c.Grade) {
				x = unit.Int(1)
			}
		}
		switch {
		case n == 0:
			best = x
		case in.Take == "min":
			best = best.Min(x)
		case in.Take == "max":
			best = best.Max(x)
		}
		sum, weights, n = sum.Add(x.Mul(w)), weights.Add(w), n+1
	}
	v.N = int64(n)
	if n == 0 || n < in.Min {
		v.Num = unit.Undefined
		return v, false
	}
	switch in.Take {
	case "min", "max":
		v.Num = best
	case "sum":
		v.Num = sum
	default:
		v.Num = sum.Div(weights)
	}
	return v, v.Num.Defined()
}

// limit is a number, the value of a name, or the stage of the month; ok is false where it is undefined.
func (f *facts) limit(l *Limit) (Num, bool) {
	switch {
	case l == nil:
		return unit.Undefined, false
	case l.Name != "":
		return f.number(l.Name)
	case l.Since != "":
		month, ok := f.Months[l.Since]
		if !ok {
			return unit.Undefined, false
		}
		at, found := unit.Undefined, false
		for _, s := range l.Stages {
			if month >= s.Month {
				at, found = f.limit(&s.At)
			}
		}
		return at, found
	}
	return l.Num, l.Num.Defined()
}

// undefined names the first input among some that has no value.
func (f *facts) undefined(names []string) (string, bool) {
	for _, n := range names {
		if _, ok := f.value(n); !ok {
			return n, true
		}
	}
	return "", false
}

// attrs are the values that conditions over attributes name.
func (f *facts) attrs() map[string]any {
	out := make(map[string]any, len(f.Attrs))
	for k, a := range f.Attrs {
		if a.Word {
			out[k] = a.Text
		} else {
			out[k] = a.Num
		}
	}
	return out
}
