package access

import (
	"cmp"
	"slices"
)

// Judgement is one thing a caller was found to reach: a unit, by a verb or merely by seeing it.
type Judgement struct {
	Unit int64 `json:"u"`
	Verb Verb  `json:"v,omitempty"`
	Line bool  `json:"l,omitempty"` // also over a line
}

// Judged notes what a scope was judged by, so that the same caller can be judged again later: for an answer that was kept.
type Judged struct {
	verb Verb
	list map[Judgement]bool
	many bool
}

// most is how many judgements are worth keeping; a command over more units is judged again by the grants it was given under.
const most = 50

// Watched is the scope whose judgements are noted: those by verb, and which units it saw.
func (s Scope) Watched(verb Verb) (Scope, *Judged) {
	s.judged = &Judged{verb: verb, list: map[Judgement]bool{}}
	return s, s.judged
}

func (j *Judged) note(v Verb, targets []Target, line bool) {
	if j == nil || j.many {
		return
	}
	for _, t := range targets {
		if !t.Self {
			continue
		}
		n := Judgement{Unit: t.Unit}
		if v == j.verb {
			n.Verb, n.Line = v, line
		}
		if j.list[n] = true; len(j.list) > most {
			j.many = true
		}
	}
}

// List is what has to hold again: what was noted, else the units of the grants that gave the verb.
func (j *Judged) List(s Scope) []Judgement {
	list := j.list
	if len(list) == 0 || j.many {
		list = map[Judgement]bool{}
		for _, g := range s.Grants {
			if g.Verbs[j.verb] {
				list[Judgement{Unit: g.Unit, Verb: j.verb}] = true
			}
		}
	}
	out := []Judgement{}
	for n := range list {
		if n.Verb != "" || !list[Judgement{Unit: n.Unit, Verb: j.verb}] { // whom the verb reaches is seen
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b Judgement) int { return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Verb, b.Verb)) })
	return out
}
