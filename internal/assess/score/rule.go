package score

import (
	"slices"

	"sifen/internal/unit"
)

// Rule says the rule of an item as the paper form words it.
func (v *Version) Rule(block *Block, it *Item) Label {
	var parts []Label
	add := func(l Label) {
		if !l.IsZero() {
			parts = append(parts, l)
		}
	}
	top := it.Max.Short(4)
	tail := Label{}
	switch {
	case it.Ratio != nil:
		add(v.ratioRule(it, top))
	case it.Bands != nil:
		rule := v.title(it.Bands.Value)
		for i, row := range it.Bands.Rows {
			sign := map[bool]string{true: "≤", false: "≥"}[it.Bands.Less]
			x := tr("%s%s 得 %s 分", "%s%s: %s", sign, v.limitText(&row.From), row.Points.Short(4))
			if i == 0 {
				rule = tr("%s %s", "%s %s", rule, x)
			} else {
				rule = and(rule, x)
			}
		}
		add(and(rule, Label{Zh: "其余 0 分", En: "otherwise 0"}))
	case it.Rank != nil:
		rule, from := Label{}, 1
		for _, row := range it.Rank.Rows {
			x := tr("第 %s 名 %s 分", "place %s: %s", n0(from), row.Points.Short(4))
			if row.To > from {
				x = tr("第 %s 至 %s 名 %s 分", "places %s to %s: %s", n0(from), n0(row.To), row.Points.Short(4))
			}
			rule, from = and(rule, x), row.To+1
		}
		add(and(tr("%s在组内%s", "%s in the group: %s", v.title(it.Rank.Value), rule), Label{Zh: "其余 0 分", En: "otherwise 0"}))
	case it.Judged != nil:
		add(tr("评定人评 0 到 %s 分，写明理由", "judged from 0 to %s by a person, with the reason", top))
	case it.Formula != nil:
		rule := it.Formula.Say
		for _, name := range sorted(it.Formula.Default) {
			rule = and(rule, tr("没有%s的按 %s", "without %s it counts as %s", v.title(name), v.share(name, it.Formula.Default[name])))
		}
		add(rule)
	default:
		for i := range it.lines() {
			add(v.lineRule(&it.lines()[i], len(it.Earn) > 0))
		}
		if len(it.Deduct) > 0 && v.scored() {
			tail = Label{Zh: "扣完为止", En: "not below 0"}
		}
	}
	if it.PlaceCap != nil {
		add(tr("每处最多扣 %s 分", "at most −%s at each place", it.PlaceCap.Short(4)))
	}
	for i := range it.ZeroIf {
		add(tr("%s的，本项得 0 分", "%s: this item is 0", v.say(nil, &it.ZeroIf[i])))
	}
	add(tail)
	switch it.Without {
	case "full":
		add(Label{Zh: "没有数得满分", En: "full points without a value"})
	case "zero":
		add(Label{Zh: "没有数得 0 分", En: "0 without a value"})
	case "no-score":
		add(Label{Zh: "没有数不评分", En: "no score without a value"})
	}
	if it.NA != nil {
		add(Label{Zh: "不涉及时移出，其余按比例放大", En: "left out where it does not apply, the rest is scaled up"})
	}
	return join("；", parts...)
}

func n0(n int) string { return unit.Int(int64(n)).Short(0) }

func (v *Version) ratioRule(it *Item, top string) Label {
	of, to := v.title(it.Ratio.Value), v.limitText(&it.Ratio.To)
	switch {
	case it.Ratio.Less:
		return tr("%s 分 ×（%s ÷ %s），最多 %s 分", "%s × (%s ÷ %s), at most %s", top, to, of, top)
	case it.Ratio.To.Name == "" && it.Ratio.To.Num.Cmp(unit.Int(1)) == 0:
		return tr("%s 分 × %s", "%s × %s", top, of)
	}
	return tr("%s 分 ×（%s ÷ %s），最多 %s 分", "%s × (%s ÷ %s), at most %s", top, of, to, top)
}

// lineRule words a line.
func (v *Version) lineRule(l *Line, earn bool) Label {
	take := func(n Num) Label {
		switch {
		case earn && n.Sign() < 0:
			return tr("减 %s 分", "−%s", n.Neg().Short(4))
		case earn:
			return tr("得 %s 分", "+%s", n.Short(4))
		}
		return tr("扣 %s 分", "−%s", n.Short(4))
	}
	most := func(rule Label) Label {
		if l.Cap == nil {
			return rule
		}
		return and(rule, tr("最多 %s 分", "at most %s", l.Cap.Short(4)))
	}
	each := Label{}
	if l.Each != nil {
		each = take(*l.Each)
	}
	beside := func(what, rest Label) Label {
		return Label{Zh: what.Zh + rest.Zh, En: what.In("en") + " " + rest.In("en")}
	}
	switch {
	case len(l.Lack) > 0:
		return most(beside(tr("没有%s", "no %s", v.what(l, l.Lack)), each))
	case len(l.Value) > 0:
		return most(v.valueRule(l, each, earn))
	}
	what := v.what(l, l.N)
	in := v.unitOf(l, l.N)
	per := Label{}
	switch {
	case in.Zh != "" && (in.En == "" || in.En == in.Zh):
		per = Label{Zh: "每" + in.Zh, En: "each"}
	case in.Zh != "":
		per = tr("每%s", "per %s", in)
	}
	switch {
	case l.Zero:
		return tr("%s的，本项得 0 分", "%s: this item is 0", what)
	case l.Full:
		return tr("%s的，得满分", "%s: full points", what)
	case len(l.Judged) == 2:
		return tr("%s酌情扣 %s 到 %s 分", "%s: −%s to −%s at discretion", what, l.Judged[0].Short(4), l.Judged[1].Short(4))
	case l.Free != nil && l.Free.Name != "":
		return most(tr("%s超过 %s%s后%s%s", "%s above %s%s: %s %s", what, v.title(l.Free.Name), spaced(in), per, each))
	case l.Free != nil:
		return most(tr("%s超过 %s%s后%s%s", "%s above %s%s: %s %s", what, typed(l.Free.Num, l.Free.Percent), spaced(in), per, each))
	case l.Each == nil:
		return what
	case per.Zh == "":
		return most(beside(what, each))
	}
	return most(tr("%s%s%s", "%s %s %s", what, per, each))
}

func (v *Version) valueRule(l *Line, each Label, earn bool) Label {
	what := v.titles(l.Value)
	if l.AtLeast != nil {
		return tr("%s达到 %s %s", "%s at least %s: %s", what, v.limitText(l.AtLeast), each)
	}
	at, beyond, more := l.Below, Label{Zh: "低于", En: "below"}, Label{Zh: "每低", En: "for every"}
	if l.Above != nil {
		at, beyond, more = l.Above, Label{Zh: "高于", En: "above"}, Label{Zh: "每高", En: "for every"}
	}
	out := tr("%s%s %s", "%s %s %s", what, beyond, v.limitText(at))
	if l.Every != nil {
		in := Label{}
		if x := v.Inputs[l.Value[0]]; x != nil {
			in = x.Unit
		}
		width := tr("%s %s", "%s %s", l.Every.Num.Short(4), in)
		if l.Every.Percent {
			width = tr("%s 个百分点%s", "%s %s", l.Every.Num.Mul(hundred).Short(4), pair{en: plural(l.Every.Num.Mul(hundred), "point")})
		}
		out = and(out, tr("%s %s%s", "%s %s %s", more, width, each))
		out = and(out, map[string]Label{"up": {Zh: "不足一档按一档", En: "a part of a step counts as one"}, "none": {Zh: "不足一档不计",
			En: "a part of a step does not count"}, "share": {Zh: "按比例", En: "in proportion"}}[l.Part])
	} else {
		out = tr("%s %s", "%s %s", out, each)
	}
	if len(l.Value) > 1 {
		out = and(out, Label{Zh: "各算各的", En: "each by itself"})
	}
	return out
}

func sorted[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
