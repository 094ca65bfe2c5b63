package award

import (
	"slices"

	"sifen/internal/assess/score"
)

// fails says which of some conditions does not hold; ok is false where all do.
func (v *Version) fails(c *Claim, d *Due, needs []score.Cond) (Label, bool) {
	for i := range needs {
		if holds, _ := v.holds(c, d, &needs[i]); !holds {
			return score.Tr("要求%s，还没有达到", "%s is required and not reached yet", v.say(&needs[i])), true
		}
	}
	return Label{}, false
}

// holds evaluates a condition: all that it names must hold. What it asks of an input without a value is noted as missing.
func (v *Version) holds(c *Claim, d *Due, x *score.Cond) (holds, known bool) {
	holds, known = true, true
	read := func(name string) (Num, bool) {
		n, ok := c.value(v.Award, name)
		if !ok {
			known = false
			l := score.Tr("%s没有数", "%s has no value", v.title(name))
			if !slices.Contains(d.Missing, l) {
				d.Missing = append(d.Missing, l)
			}
		}
		return n, ok
	}
	there := func(names []string) (n int) {
		for _, name := range names {
			if v, ok := read(name); ok && v.Sign() > 0 {
				n++
			}
		}
		return n
	}
	if len(x.N) > 0 {
		holds = holds && there(x.N) > 0
	}
	holds = holds && there(x.All) == len(x.All) && there(x.Lack) == 0
	for _, name := range x.Value {
		n, ok := read(name)
		for _, l := range []struct {
			at  *Limit
			met func(int) bool
		}{{x.Below, func(c int) bool { return c < 0 }}, {x.Above, func(c int) bool { return c > 0 }}, {x.AtLeast, func(c int) bool { return c >= 0 }}} {
			if l.at == nil {
				continue
			}
			at, has := c.number(v.Award, l.at)
			holds = holds && ok && has && l.met(n.Cmp(at))
		}
	}
	if len(x.Grade) > 0 {
		holds = holds && slices.Contains(x.Grade, c.Grade)
	}
	if x.Where != "" {
		vals := map[string]any{}
		for k, a := range c.Attrs {
			if a.Word {
				vals[k] = a.Text
			} else {
				vals[k] = a.Num
			}
		}
		ok, err := v.where[x.Where].Holds(vals)
		holds = holds && ok && err == nil
	}
	return holds, known
}

// say words a condition.
func (v *Version) say(x *score.Cond) Label {
	if !x.Say.IsZero() {
		return x.Say
	}
	var parts []Label
	for _, names := range [][]string{x.N, x.All} {
		for _, n := range names {
			parts = append(parts, score.Tr("有%s", "%s", v.title(n)))
		}
	}
	for _, n := range x.Lack {
		parts = append(parts, score.Tr("没有%s", "no %s", v.title(n)))
	}
	for _, n := range x.Value {
		for _, l := range []struct {
			at     *Limit
			zh, en string
		}{{x.Below, "%s低于 %s", "%s below %s"}, {x.Above, "%s高于 %s", "%s above %s"}, {x.AtLeast, "%s达到 %s", "%s at least %s"}} {
			if l.at != nil {
				parts = append(parts, score.Tr(l.zh, l.en, v.title(n), v.limit(l.at)))
			}
		}
	}
	if len(x.Grade) > 0 {
		var grades Label
		for _, g := range x.Grade {
			grades = joined("、", " or ", grades, v.grade(g))
		}
		parts = append(parts, score.Tr("等次为%s", "grade %s", grades))
	}
	if x.Where != "" {
		parts = append(parts, Label{Zh: x.Where, En: x.Where})
	}
	return joined("，", ", ", parts...)
}

func (v *Version) limit(l *Limit) Label {
	if l.Name != "" {
		return v.title(l.Name)
	}
	s := plain(l.Num)
	if l.Percent {
		s = percent(l.Num)
	}
	return Label{Zh: s, En: s}
}

// joined joins the labels that say something.
func joined(zh, en string, parts ...Label) (out Label) {
	for _, p := range parts {
		switch {
		case p.IsZero():
		case out.IsZero():
			out = Label{Zh: p.Zh, En: p.In("en")}
		default:
			out = Label{Zh: out.Zh + zh + p.Zh, En: out.En + en + p.In("en")}
		}
	}
	return out
}
