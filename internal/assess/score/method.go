package score

import (
	"strings"

	"sifen/internal/unit"
)

var hundred = unit.Int(100)

// lines adds up what the lines of an item take (sign −1) or give (+1), and says each that did. decided is true where a
// line makes the item nothing, or everything, at once.
func (v *Version) lines(f *facts, it *Item, sign int, r *ItemResult, place string) (sum Num, decided bool) {
	sum = zero
	say := func(l Label) {
		if place != "" {
			l = tr("%s：%s", "%s: %s", place, l)
		}
		r.Sum = append(r.Sum, l)
	}
	for i := range it.lines() {
		l := &it.lines()[i]
		x, text, hit := v.line(f, l, sign)
		if !hit {
			continue
		}
		switch {
		case l.Zero:
			decided = true
			say(tr("%s，得 0", "%s: 0", text))
			continue
		case l.Full:
			decided = true
			say(tr("%s，得满分", "%s: full points", text))
			continue
		}
		sum = sum.Add(x)
		shown := x
		if sign < 0 {
			shown = x.Neg()
		}
		mark := signed(shown)
		if sign < 0 && shown.Sign() == 0 {
			mark = "−0"
		}
		say(tr("%s %s", "%s %s", text, mark))
	}
	return sum, decided
}

// line is what one line takes or gives, and its words; hit is false where it does not speak.
func (v *Version) line(f *facts, l *Line, sign int) (x Num, text Label, hit bool) {
	each := zero
	if l.Each != nil {
		each = *l.Each
	}
	capped := func(x Num) Num {
		if l.Cap != nil {
			return x.Min(*l.Cap)
		}
		return x
	}
	switch {
	case len(l.Lack) > 0:
		for _, n := range l.Lack {
			if y, ok := f.number(n); ok && y.Sign() == 0 {
				return capped(each), tr("没有%s", "no %s", v.what(l, l.Lack)), true
			}
		}
	case len(l.Value) > 0:
		return v.valueLine(f, l, each)
	case len(l.N) > 0:
		n := zero
		for _, name := range l.N {
			if y, ok := f.number(name); ok {
				n = n.Add(y)
			}
		}
		if len(l.Judged) == 2 {
			if n.Sign() <= 0 {
				return zero, text, false
			}
			return n.Max(l.Judged[0]).Min(l.Judged[1]), v.what(l, l.N), true
		}
		if l.Free != nil {
			if free, ok := f.limit(l.Free); ok {
				n = n.Sub(free)
			}
		}
		if n.Sign() <= 0 {
			return zero, text, false
		}
		raw := n.Mul(each)
		x = capped(raw)
		return x, v.counted(l, n, x.Cmp(raw) != 0), true
	}
	return zero, text, false
}

// counted says how many of what: 缺少的桶 1 类.
func (v *Version) counted(l *Line, n Num, capped bool) Label {
	what, in := v.what(l, l.N), v.unitOf(l, l.N)
	if l.Zero || l.Full {
		return what
	}
	text := what
	switch {
	case l.Free != nil:
		text = tr("超出 %s%s", "%s%s beyond it", n.Short(4), spaced(in))
	case in.Zh != "" || v.isNumber(l.N):
		text = tr("%s %s%s", "%s × %s%s", what, n.Short(4), spaced(in))
	case l.Each != nil && n.Cmp(unit.Int(1)) != 0:
		text = tr("%s × %s", "%s × %s", what, n.Short(4))
	}
	if capped {
		text = and(text, tr("最多 %s", "at most %s", l.Cap.Short(4)))
	}
	return text
}

// isNumber reports whether the first name is an input that counts, not one that is there or not.
func (v *Version) isNumber(names []string) bool {
	in := v.Inputs[names[0]]
	return in != nil && in.Document == "" && in.Unit.Zh != ""
}

// valueLine takes for each step that a value lies beyond its limit, or gives where it is reached.
func (v *Version) valueLine(f *facts, l *Line, each Num) (x Num, text Label, hit bool) {
	steps := zero
	var parts []Label
	for _, name := range l.Value {
		y, ok := f.value(name)
		if !ok {
			continue
		}
		off := zero
		at, is := f.limit(first(l.Below, l.Above, l.AtLeast))
		switch {
		case !is:
		case l.AtLeast != nil:
			if y.Num.Cmp(at) >= 0 {
				off = unit.Int(1)
			}
		case l.Below != nil:
			off = at.Sub(y.Num)
		default:
			off = y.Num.Sub(at)
		}
		if off.Sign() <= 0 {
			continue
		}
		said := tr("%s %s", "%s %s", v.title(name), v.shown(name, y))
		n := unit.Int(1)
		if l.Every != nil && l.AtLeast == nil {
			n = off.Div(l.Every.Num)
			switch l.Part {
			case "up":
				n = n.Ceil()
			case "none":
				n = n.Floor()
			}
			if n.Sign() == 0 {
				continue
			}
			said = and(said, tr("差 %s 档%s", "%s %s off", n.Short(4), pair{en: plural(n, "step")}))
		}
		steps = steps.Add(n)
		parts = append(parts, said)
	}
	if len(parts) == 0 {
		return zero, text, false
	}
	x = steps.Mul(each)
	if l.Cap != nil {
		x = x.Min(*l.Cap)
	}
	return x, join("，", parts...), true
}

func first(ls ...*Limit) *Limit {
	for _, l := range ls {
		if l != nil {
			return l
		}
	}
	return nil
}

// ratio gives the maximum times the share that was reached.
func (v *Version) ratio(f *facts, it *Item, r *ItemResult) Num {
	val, _ := f.value(it.Ratio.Value)
	to, ok := f.limit(&it.Ratio.To)
	if !ok {
		return zero
	}
	top := it.Max
	var x Num
	said := v.said(it.Ratio.Value, val)
	whole := to.Cmp(unit.Int(1)) == 0 && it.Ratio.To.Name == ""
	switch {
	case it.Ratio.Less && val.Num.Sign() <= 0:
		x = top
	case it.Ratio.Less:
		x = top.Mul(to).Div(val.Num)
	default:
		x = top.Mul(val.Num).Div(to)
	}
	if !x.Defined() { // nothing was to be done: the share has no base
		r.NA, r.Max = true, zero
		r.Note = tr("%s是 0，没有比率", "%s is 0, there is no ratio", v.limitTitle(&it.Ratio.To))
		return zero
	}
	sum := tr("%s × %s ÷ %s", "%s × %s ÷ %s", top.Short(4), val.Num.Short(4), to.Short(4))
	switch in := v.Inputs[it.Ratio.Value]; {
	case it.Ratio.Less:
		sum = tr("%s × %s ÷ %s", "%s × %s ÷ %s", top.Short(4), to.Short(4), val.Num.Short(4))
	case whole && in != nil && in.Score != "":
		sum = tr("%s × %s ÷ 100", "%s × %s ÷ 100", top.Short(4), val.Num.Mul(hundred).Short(4))
	case whole && v.isShare(it.Ratio.Value):
		sum = tr("%s × %s", "%s × %s", top.Short(4), val.Num.Mul(hundred).Short(4)+"%")
	}
	r.Sum = []Label{said, sum}
	if x.Cmp(top) > 0 {
		r.Sum = append(r.Sum, tr("最多 %s", "at most %s", top.Short(4)))
	}
	return x
}

func (v *Version) bands(f *facts, it *Item, r *ItemResult) Num {
	val, _ := f.value(it.Bands.Value)
	said := v.said(it.Bands.Value, val)
	for _, row := range it.Bands.Rows {
		at, ok := f.limit(&row.From)
		if !ok {
			continue
		}
		if c := val.Num.Cmp(at); !it.Bands.Less && c >= 0 || it.Bands.Less && c <= 0 {
			r.Sum = []Label{tr("%s，合 %s 档", "%s, in the band %s", said, v.limitText(&row.From))}
			return row.Points
		}
	}
	r.Sum = []Label{tr("%s，不到最低一档", "%s, below the last band", said)}
	return zero
}

func (v *Version) places(f *facts, it *Item, r *ItemResult) Num {
	at := f.place[it.Key]
	if at == 0 {
		return zero
	}
	r.Sum = []Label{tr("组内第 %s", "place %s in the group", unit.Int(int64(at)).Short(0))}
	for _, row := range it.Rank.Rows {
		if at <= row.To {
			return row.Points
		}
	}
	return zero
}

func (v *Version) formula(f *facts, it *Item, r *ItemResult) Num {
	vals := map[string]any{"max": it.Max}
	var parts []Label
	for _, name := range r.Uses {
		val, ok := f.value(name)
		if !ok {
			n := it.Formula.Default[name]
			vals[name] = n
			parts = append(parts, tr("%s没有数，按 %s", "%s has no value, counted as %s", v.title(name), v.share(name, n)))
			continue
		}
		vals[name] = val.Num
		parts = append(parts, tr("%s %s", "%s %s", v.title(name), v.terms(name, val)))
	}
	x, err := v.formulas[it.Key].Number(vals)
	if err != nil || !x.Defined() {
		r.NA, r.Max = true, zero
		r.Note = Label{Zh: "算式没有结果", En: "the formula has no result"}
		return zero
	}
	r.Sum = []Label{join("，", parts...), {Zh: it.Formula.Expr, En: it.Formula.Expr}}
	if len(parts) == 0 {
		r.Sum = r.Sum[1:]
	}
	return x
}

func signed(n Num) string {
	if n.Sign() < 0 {
		return "−" + n.Neg().Short(4)
	}
	return "+" + n.Short(4)
}

func join(with string, parts ...Label) (out Label) {
	en := map[string]string{"，": ", ", "；": "; ", "、": ", "}[with]
	for i, p := range parts {
		if i > 0 {
			out.Zh, out.En = out.Zh+with, out.En+en
		}
		out.Zh, out.En = out.Zh+p.Zh, out.En+p.In("en")
	}
	return out
}

// and sets two texts beside each other.
func and(a, b Label) Label {
	switch {
	case a.IsZero():
		return b
	case b.IsZero():
		return a
	}
	return join("，", a, b)
}

// tr fills both languages; labels among the arguments follow the language.
func tr(zh, en string, args ...any) Label {
	return Label{Zh: fill(zh, "zh", args), En: fill(en, "en", args)}
}

func fill(text string, lang string, args []any) string {
	var b strings.Builder
	for _, a := range args {
		before, after, _ := strings.Cut(text, "%s")
		b.WriteString(before)
		switch x := a.(type) {
		case string:
			b.WriteString(x)
		case pair:
			if lang == "en" {
				b.WriteString(x.en)
			} else {
				b.WriteString(x.zh)
			}
		case Label:
			if lang == "en" {
				b.WriteString(x.In("en"))
			} else {
				b.WriteString(x.Zh)
			}
		}
		text = after
	}
	b.WriteString(text)
	return b.String()
}
