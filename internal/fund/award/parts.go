package award

import (
	"slices"

	"sifen/internal/assess/score"
	"sifen/internal/unit"
)

// reckoning is a part of a claimant while it is reckoned.
type reckoning struct {
	*paying
	c       *Claim
	d       *Due
	part    *Part
	why     []Label
	missing bool
}

func (r *reckoning) say(zh, en string, args ...any) { r.why = append(r.why, score.Tr(zh, en, args...)) }

// lack notes that something has no value: the part waits for it.
func (r *reckoning) lack(what Label) {
	r.missing = true
	l := score.Tr("%s：%s没有数", "%s: %s has no value", r.part.Title, what)
	if !slices.Contains(r.d.Missing, l) {
		r.d.Missing = append(r.d.Missing, l)
	}
}

// num is a limit's number; a name without a value makes the part wait.
func (r *reckoning) num(l *Limit) Num {
	n, ok := r.c.number(r.v.Award, l)
	if !ok {
		r.lack(r.v.title(l.Name))
		return zero
	}
	return n
}

func (r *reckoning) named(name string) Num { return r.num(&Limit{Name: name}) }

// part1 is the part up to the fen.
func (r *reckoning) part1() PartDue {
	x := PartDue{Key: r.part.Key, Base: zero, Claim: zero, Amount: zero}
	base := r.base()
	amount := r.own(r.capped(r.times(base)))
	if no, ok := r.v.fails(r.c, r.d, r.part.Needs); ok {
		base, amount = zero, zero
		r.why = append(r.why, no)
	}
	if r.missing {
		base, amount = zero, zero
	}
	x.Why, x.Base = r.why, base
	if r.part.Pool != nil {
		x.Amount = amount // exact until all shares are known
		return x
	}
	x.Claim = amount.Div(r.step).Round(0).Mul(r.step)
	x.Amount = x.Claim
	return x
}

func (r *reckoning) base() Num {
	switch p := r.part; {
	case len(p.Per) > 0:
		return r.per()
	case p.Things != nil:
		return r.things()
	case p.Steps != nil:
		return r.steps()
	case len(p.Grade) > 0:
		n, ok := p.Grade[r.c.Grade]
		if !ok {
			r.noGrade(p.Grade)
			return zero
		}
		r.say("等次%s：%s", "grade %s: %s", r.v.grade(r.c.Grade), Yuan(n))
		return n
	case p.Rank != nil:
		return r.rank()
	case p.Match != nil:
		spent, share := r.named(p.Match.Of), r.num(&p.Match.Share)
		n := spent.Mul(share)
		r.say("%s %s × %s = %s", "%s %s × %s = %s", r.v.title(p.Match.Of), plain(spent), percent(share), plain(n))
		return n
	case p.Pool != nil:
		return r.factors()
	case p.Formula != nil:
		return r.formula()
	}
	return zero
}

// noGrade says that there is no grade, or one that the rule does not know.
func (r *reckoning) noGrade(known map[string]Num) {
	if r.c.Grade == "" {
		r.lack(Label{Zh: "等次", En: "the grade"})
		return
	}
	if _, ok := known[r.c.Grade]; !ok {
		r.lack(score.Tr("等次“%s”", "the grade “%s”", r.v.grade(r.c.Grade)))
	}
}

func (r *reckoning) per() Num {
	sum := zero
	for i := range r.part.Per {
		l := &r.part.Per[i]
		n := r.num(&l.N)
		what := r.v.title(l.N.Name)
		if l.N.Name == "" {
			what = Label{}
		}
		if l.Less != nil {
			n = n.Sub(r.num(l.Less))
			what = score.Tr("%s（减%s）", "%s (less %s)", what, r.v.title(l.Less.Name))
		}
		if l.Quota != nil {
			if q := r.num(l.Quota); n.Cmp(q) > 0 {
				what = score.Tr("%s %s，最多算", "%s %s, counted up to", what, plain(n))
				n = q
			}
		}
		rate := r.num(&l.Rate)
		x := n.Mul(rate)
		arith := score.Tr("%s × %s", "%s × %s", plain(n), plain(rate))
		if l.Times != nil {
			t := r.num(l.Times)
			x, arith = x.Mul(t), score.Tr("%s × %s", "%s × %s", arith, plain(t))
		}
		r.say("%s %s = %s", "%s %s = %s", what, arith, plain(x))
		if l.Most != nil {
			if most := r.num(l.Most); x.Cmp(most) > 0 {
				x = most
				r.say("最多 %s", "at most %s", plain(x))
			}
		}
		sum = sum.Add(x)
	}
	return sum
}

func (r *reckoning) things() Num {
	t, sum := r.part.Things, zero
	share := r.num(&t.Share)
	for _, thing := range r.c.Things[t.Of] {
		cost, ok := thing.Cost[t.Cost]
		if !ok || !cost.Defined() {
			r.lack(Label{Zh: "“" + thing.Ref + "”的" + t.Cost, En: t.Cost + " of “" + thing.Ref + "”"})
			continue
		}
		x := cost.Mul(share)
		line := score.Tr("%s × %s = %s", "%s × %s = %s", plain(cost), percent(share), plain(x))
		if t.Cap != nil {
			if most := r.num(t.Cap); x.Cmp(most) > 0 {
				x = most
				line = score.Tr("%s，最多 %s", "%s, at most %s", line, plain(x))
			}
		}
		r.why, sum = append(r.why, line), sum.Add(x)
	}
	return sum
}

func (r *reckoning) steps() Num {
	s := r.part.Steps
	value, at, amount, change := r.named(s.Value), r.num(&s.At), r.num(&s.Amount), r.num(&s.Change)
	k := value.Sub(at).Div(s.Every)
	switch s.Part {
	case "against": // a part of a step counts against whoever asks: rounded down on both sides
		k = k.Floor()
	case "up": // away from the middle
		if k.Sign() < 0 {
			k = k.Floor()
		} else {
			k = k.Ceil()
		}
	case "none":
		if k.Sign() < 0 {
			k = k.Ceil()
		} else {
			k = k.Floor()
		}
	}
	x := amount.Mul(one.Add(k.Mul(change))).Max(zero)
	sign := plain(k)
	if k.Sign() >= 0 {
		sign = "+" + sign
	}
	r.say("%s %s：%s ×（1 %s × %s）= %s", "%s %s: %s × (1 %s × %s) = %s", r.v.title(s.Value), plain(value), plain(amount), sign, percent(change), plain(x))
	if s.Cap != nil {
		if most := r.num(s.Cap); x.Cmp(most) > 0 {
			x = most
			r.say("最多 %s", "at most %s", plain(x))
		}
	}
	return x
}

// rank is the money of the place; equals get the same, or share what the places that they hold are worth.
func (r *reckoning) rank() Num {
	if r.c.Rank == 0 {
		r.lack(Label{Zh: "名次", En: "the place"})
		return zero
	}
	at := func(place int) Num {
		for _, row := range r.part.Rank.Rows {
			if place <= row.Places {
				return row.Amount
			}
			place -= row.Places
		}
		return zero
	}
	place, n := count(int64(r.c.Rank)), r.c.Tied
	if n == 0 {
		n = r.tied[r.c.Rank]
	}
	if n < 2 || r.part.Rank.Ties == "same" {
		x := at(r.c.Rank)
		if n < 2 {
			r.say("第 %s 名：%s", "place %s: %s", place, Yuan(x))
		} else {
			r.say("第 %s 名，%s 个并列，各得 %s", "place %s, shared by %s: %s each", place, count(int64(n)), Yuan(x))
		}
		return x
	}
	sum := zero
	for i := range n {
		sum = sum.Add(at(r.c.Rank + i))
	}
	x := sum.Div(unit.Int(int64(n)))
	r.say("第 %s 名，%s 个并列，合计 %s 平分：%s", "place %s, shared by %s: %s divided, %s each", place, count(int64(n)), Yuan(sum), Yuan(x))
	return x
}

// factors is pool × Σ weight × own ÷ all. A factor that sums to 0 leaves its weight to the others.
func (r *reckoning) factors() Num {
	p := r.part.Pool
	pool, ok := r.poolOf(&p.Of)
	if !ok {
		r.lack(Label{Zh: "总额", En: "the pool"})
		return zero
	}
	if p.Share != nil {
		pool = pool.Mul(r.num(p.Share))
	}
	type factor struct{ own, all, weight Num }
	var list []factor
	weights := zero
	for _, f := range p.Factors {
		x := factor{r.named(f.Value), zero, f.Weight}
		for i, c := range r.claims {
			if n, ok := c.value(r.v.Award, f.Value); ok && r.out.Due[i].Out.IsZero() {
				x.all = x.all.Add(n)
			}
		}
		if x.all.Sign() > 0 {
			list, weights = append(list, x), weights.Add(f.Weight)
		}
	}
	sum, words := zero, Label{}
	for _, x := range list {
		w := x.weight.Div(weights)
		sum = sum.Add(w.Mul(x.own).Div(x.all))
		words = joined(" + ", " + ", words, score.Tr("%s × %s ÷ %s", "%s × %s ÷ %s", percent(w), plain(x.own), plain(x.all)))
	}
	n := pool.Mul(sum)
	r.say("总额 %s ×（%s）= %s", "pool of %s × (%s) = %s", Yuan(pool), words, plain(n))
	return n
}

func (r *reckoning) formula() Num {
	f := r.part.Formula
	vals := map[string]any{}
	for _, name := range r.v.formulas[r.part.Key].Uses() {
		n, ok := r.c.value(r.v.Award, name)
		if d, has := f.Default[name]; !ok && has {
			n, ok = d, true
		}
		if !ok {
			r.lack(r.v.title(name))
			return zero
		}
		vals[name] = n
		r.say("%s %s", "%s %s", r.v.title(name), plain(n))
	}
	n, err := r.v.formulas[r.part.Key].Number(vals)
	if err != nil || !n.Defined() {
		r.lack(Label{Zh: "公式的结果", En: "the formula"})
		return zero
	}
	what := f.Say
	if what.IsZero() {
		what = Label{Zh: f.Expr, En: f.Expr}
	}
	r.say("%s = %s", "%s = %s", what, plain(n))
	return n
}

// times applies the coefficient.
func (r *reckoning) times(x Num) Num {
	by := r.part.By
	if by == nil {
		return x
	}
	k, ok := zero, false
	if len(by.Grade) > 0 {
		if k, ok = by.Grade[r.c.Grade]; !ok {
			r.noGrade(by.Grade)
			return x
		}
	} else {
		value := r.named(by.Value)
		for i := range by.Rows {
			at := r.num(&by.Rows[i].From)
			if c := value.Cmp(at); !ok && (c >= 0 && !by.Less || c <= 0 && by.Less) {
				k, ok = by.Rows[i].Times, true
			}
		}
		if in := r.v.Inputs[by.Value]; in != nil && in.Unit.Zh == "%" {
			r.say("%s %s", "%s %s", r.v.title(by.Value), percent(value))
		} else {
			r.say("%s %s", "%s %s", r.v.title(by.Value), plain(value))
		}
	}
	x = x.Mul(k)
	r.say("× 系数 %s = %s", "× coefficient %s = %s", plain(k), plain(x))
	return x
}

func (r *reckoning) capped(x Num) Num {
	if r.part.Cap == nil {
		return x
	}
	if most := r.num(r.part.Cap); x.Cmp(most) > 0 {
		r.say("最多 %s", "at most %s", plain(most))
		return most
	}
	return x
}

// own asks for the claimant's own money.
func (r *reckoning) own(x Num) Num {
	o := r.part.Own
	if o == nil || x.Sign() <= 0 {
		return x
	}
	have, need := r.named(o.Value), zero
	switch {
	case o.Share != nil:
		need = x.Mul(r.num(o.Share))
	case o.AtLeast != nil:
		need = r.num(o.AtLeast)
		if o.Per != nil {
			need = need.Mul(r.num(o.Per))
		}
	}
	if have.Cmp(need) >= 0 {
		return x
	}
	if o.Else == "match" {
		n := x.Mul(have).Div(need)
		r.say("自筹 %s，应 %s：按比例 %s", "own money %s of %s: in proportion %s", plain(have), plain(need), plain(n))
		return n
	}
	r.say("自筹 %s，应 %s：不足，不给", "own money %s, %s is required: nothing", plain(have), plain(need))
	return zero
}

// grade is how a grade is called.
func (v *Version) grade(key string) Label {
	if l, ok := v.Grades[key]; ok {
		return l
	}
	return Label{Zh: key, En: key}
}
