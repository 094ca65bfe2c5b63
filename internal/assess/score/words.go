package score

import (
	"slices"

	"sifen/internal/unit"
)

// title is how a name is called in words.
func (v *Version) title(name string) Label {
	if in := v.Inputs[name]; in != nil && !in.Title.IsZero() {
		return in.Title
	}
	for b := range v.Blocks { // a finding is called what the line that counts it calls it
		for i := range v.Blocks[b].Items {
			for _, l := range v.Blocks[b].Items[i].lines() {
				if slices.Equal(l.N, []string{name}) && !l.What.IsZero() {
					return l.What
				}
			}
		}
	}
	return Label{Zh: name, En: name}
}

func (v *Version) titles(names []string) Label {
	parts := make([]Label, len(names))
	for i, n := range names {
		parts[i] = v.title(n)
	}
	return join("、", parts...)
}

// what is what a line counts.
func (v *Version) what(l *Line, names []string) Label {
	if !l.What.IsZero() {
		return l.What
	}
	parts := make([]Label, len(names))
	for i, n := range names {
		parts[i] = Label{Zh: n, En: n}
		if in := v.Inputs[n]; in != nil && !in.Title.IsZero() {
			parts[i] = in.Title
		}
	}
	return join("、", parts...)
}

// unitOf is the measure word of a line; an input that is there or not has none.
func (v *Version) unitOf(l *Line, names []string) Label {
	if !l.Unit.IsZero() {
		return l.Unit
	}
	if in := v.Inputs[names[0]]; in != nil && in.Document == "" && in.Unit.Zh != "%" {
		return in.Unit
	}
	return Label{}
}

// pair is a text that is deliberately empty in a language.
type pair struct{ zh, en string }

// spaced is a measure word after a number: Chinese counts with a word where English only counts.
func spaced(in Label) pair {
	if in.Zh == "" {
		return pair{}
	}
	return pair{zh: " " + in.Zh}
}

// plural is an English word for so many.
func plural(n Num, word string) string {
	if n.Cmp(unit.Int(1)) == 0 {
		return word
	}
	return word + "s"
}

// isShare reports whether an input is shown as a percentage.
func (v *Version) isShare(name string) bool {
	in := v.Inputs[name]
	return in != nil && in.Unit.Zh == "%"
}

// share writes a number as its input is shown.
func (v *Version) share(name string, n Num) string {
	if v.isShare(name) {
		return n.Mul(hundred).Short(2) + "%"
	}
	return n.Short(4)
}

// shown writes a value in short.
func (v *Version) shown(name string, val Value) string {
	if v.isShare(name) || val.Percent {
		return trimmed(val.Num.Mul(hundred), 2) + "%"
	}
	return val.Num.Short(4)
}

// trimmed rounds without saying that more would follow.
func trimmed(n Num, decimals int) string { return n.Round(decimals).Short(decimals) }

// terms writes a value with both terms where it has them: 10 ÷ 12 = 83.33%.
func (v *Version) terms(name string, val Value) string {
	if val.Terms && len(val.Children) == 0 {
		return val.Part.Short(4) + " ÷ " + val.Of.Short(4) + " = " + v.shown(name, val)
	}
	return v.shown(name, val)
}

// said writes a value for the arithmetic: that of scores with the scores it is made of.
func (v *Version) said(name string, val Value) Label {
	in := v.Inputs[name]
	if in == nil || in.Score == "" {
		text := v.terms(name, val)
		return Label{Zh: text, En: text}
	}
	take := map[string]Label{"": {Zh: "平均", En: "mean"}, "mean": {Zh: "平均", En: "mean"}, "min": {Zh: "最低", En: "lowest"},
		"max": {Zh: "最高", En: "highest"}, "sum": {Zh: "合计", En: "sum"}, "share": {Zh: "占比", En: "share"}}[in.Take]
	if len(val.Children) == 0 {
		return tr("%s %s", "%s %s", take, v.shown(name, val))
	}
	var list Label
	n, left := 0, 0
	for _, c := range val.Children {
		if !c.Scored {
			left++
			continue
		}
		if n++; n > 12 {
			continue
		}
		x := c.Share.Mul(hundred).Short(4)
		list = joined(list, Label{Zh: x, En: x})
	}
	if n > 12 {
		list = joined(list, Label{Zh: "…", En: "…"})
	}
	out := tr("%s %s（%s，n = %s）", "%s %s (%s; n = %s)", take, val.Num.Mul(hundred).Short(4), list, unit.Int(int64(n)).Short(0))
	if left > 0 {
		out = and(out, tr("另 %s 个没有得分", "%s more without a score", unit.Int(int64(left)).Short(0)))
	}
	return out
}

func joined(a, b Label) Label {
	if a.IsZero() {
		return b
	}
	return Label{Zh: a.Zh + " " + b.Zh, En: a.En + " " + b.En}
}

// without says that an input has no value.
func (v *Version) without(name string) Label {
	if in := v.Inputs[name]; in != nil && in.Score != "" {
		return tr("%s一个也没有得分", "%s: none has a score", v.title(name))
	}
	return tr("%s没有数", "%s has no value", v.title(name))
}

// limitText writes a limit.
func (v *Version) limitText(l *Limit) Label {
	switch {
	case l.Name != "":
		return v.title(l.Name)
	case l.Since != "":
		parts := make([]Label, len(l.Stages))
		for i, s := range l.Stages {
			parts[i] = tr("第 %s 个月起 %s", "%s from month %s", unit.Int(int64(s.Month)).Short(0), v.limitText(&s.At))
			parts[i].En = tr("", "%s from month %s", v.limitText(&s.At), unit.Int(int64(s.Month)).Short(0)).En
		}
		return tr("（%s）", "(%s)", join("，", parts...))
	}
	text := typed(l.Num, l.Percent)
	return Label{Zh: text, En: text}
}

func (v *Version) limitTitle(l *Limit) Label {
	if l.Name != "" {
		return v.title(l.Name)
	}
	return v.limitText(l)
}

// say says a condition.
func (v *Version) say(f *facts, c *Cond) Label {
	if !c.Say.IsZero() {
		return c.Say
	}
	var parts []Label
	if len(c.N) > 0 {
		there := slices.DeleteFunc(slices.Clone(c.N), func(n string) bool {
			if f == nil {
				return false
			}
			x, ok := f.number(n)
			return !ok || x.Sign() <= 0
		})
		parts = append(parts, v.titles(there))
	}
	if len(c.All) > 0 {
		parts = append(parts, v.titles(c.All))
	}
	if len(c.Lack) > 0 {
		parts = append(parts, tr("没有%s", "no %s", v.titles(c.Lack)))
	}
	if len(c.Value) > 0 {
		for _, l := range []struct {
			at     *Limit
			zh, en string
		}{{c.Below, "低于 ", " below "}, {c.Above, "高于 ", " above "}, {c.AtLeast, "达到 ", " at least "}} {
			if l.at != nil {
				parts = append(parts, join("", v.titles(c.Value), Label{Zh: l.zh, En: l.en}, v.limitText(l.at)))
			}
		}
	}
	if c.Where != "" {
		parts = append(parts, Label{Zh: c.Where, En: c.Where})
	}
	return join("，", parts...)
}

// sayThere is say with “there is” before what is found.
func (v *Version) sayThere(f *facts, c *Cond) Label {
	if len(c.N) > 0 {
		return tr("有%s", "there is %s", v.say(f, c))
	}
	return v.say(f, c)
}

func rescaled(sum, of, to, is Num) Label {
	return tr("折算：%s ÷ %s × %s = %s", "rescaled: %s ÷ %s × %s = %s", sum.Short(4), of.Short(4), to.Short(4), is.Short(4))
}

func chosen(how string, n int) Label {
	return tr("%s 次检查%s", "%s visits, %s", unit.Int(int64(n)).Short(0), map[string]Label{"worst": {Zh: "取最低一次", En: "the lowest counts"},
		"best": {Zh: "取最高一次", En: "the highest counts"}, "last": {Zh: "取最后一次", En: "the last counts"}}[how])
}

func tooFewVisits(have, need int) Label {
	if have == 0 {
		return Label{Zh: "本期没有检查", En: "not inspected in this period"}
	}
	return tr("本期检查 %s 次，少于 %s 次", "%s visits in this period, fewer than %s", unit.Int(int64(have)).Short(0), unit.Int(int64(need)).Short(0))
}

// quotas says which kinds of places were looked at less often than the sheet asks.
func quotas(want map[string]int, visits []Visit) (out []Label) {
	kinds := make([]string, 0, len(want))
	for k := range want {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		places := map[string]bool{}
		for _, v := range visits {
			if v.Kind == k {
				places[v.Place] = true
			}
		}
		if len(places) < want[k] {
			out = append(out, tr("%s抽了 %s 处，应抽 %s 处", "%s: %s places looked at, %s are asked for", k, unit.Int(int64(len(places))).Short(0),
				unit.Int(int64(want[k])).Short(0)))
		}
	}
	return out
}
