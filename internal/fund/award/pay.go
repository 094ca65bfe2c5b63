package award

import (
	"slices"

	"sifen/internal/assess/score"
	"sifen/internal/formula"
	"sifen/internal/unit"
)

// Version is a rule whose formulas are compiled: once, for all claimants of all runs.
type Version struct {
	*Award
	Grades   map[string]Label // titles of grades, for words; may be nil
	where    map[string]*formula.ExactProgram
	formulas map[string]*formula.ExactProgram
}

// Compile compiles the formulas of a rule; attrs are the attributes of units with their types.
func Compile(a *Award, attrs map[string]formula.Type) (*Version, error) {
	v := &Version{a, nil, map[string]*formula.ExactProgram{}, map[string]*formula.ExactProgram{}}
	for _, c := range a.conditions() {
		if c.Where == "" {
			continue
		}
		p, err := formula.CompileExact(c.Where, attrs, formula.Bool)
		if err != nil {
			return nil, err
		}
		v.where[c.Where] = p
	}
	for _, p := range a.Parts {
		if p.Formula == nil {
			continue
		}
		f, err := formula.CompileExact(p.Formula.Expr, a.formulaInputs(), formula.Exact)
		if err != nil {
			return nil, err
		}
		v.formulas[p.Key] = f
	}
	return v, nil
}

func (a *Award) formulaInputs() map[string]formula.Type {
	in := map[string]formula.Type{}
	for name := range a.Inputs {
		in[name] = formula.Exact
	}
	return in
}

// conditions are all of a rule's.
func (a *Award) conditions() (out []score.Cond) {
	stages := func(list []Stage) {
		for _, s := range list {
			out = append(out, s.Needs...)
		}
	}
	for _, p := range a.Parts {
		out = append(out, p.Needs...)
		stages(p.Pay)
	}
	stages(a.Pay)
	for _, w := range a.Withhold {
		out = append(out, w.While)
	}
	return out
}

// Result is what a run comes to.
type Result struct {
	Due    []*Due // in the order of the claims
	Cuts   []Cut
	Faults []Label // why it cannot be paid as it is, with the remedy
	Claim  Num
	Amount Num
	Batch  Num
}

// Cut is a class of parts that gave way to the budget.
type Cut struct {
	Class    string
	From, To Num
}

// Due is what a claimant is due.
type Due struct {
	Unit, Name string
	Out        Label // why it is not in; empty where it is
	Missing    []Label
	Parts      []PartDue
	Claim      Num // asked for
	Amount     Num // after quota, cap and budget
	Held       Num // withheld, and stages whose condition does not hold yet
	Holds      []Hold
	Paid       Num
	Owed       Num
	Batch      Num // amount − paid − held − owed; below 0 it is offset next time
	Split      []Received
}

// PartDue is a part of it with its arithmetic.
type PartDue struct {
	Key    string
	Base   Num // before the coefficient
	Claim  Num
	Amount Num
	Why    []Label
	Stages []StageDue
}

// StageDue is the money of a stage; Waits says why it is not paid yet.
type StageDue struct {
	Key    string
	Amount Num
	Waits  Label
}

// Hold is money that is kept back, and why.
type Hold struct {
	Amount Num
	Why    Label
}

// Received is what a receiver gets of the amount, and passes on.
type Received struct {
	To, Name string
	Amount   Num
	Onward   []Received
}

// paying is one evaluation of all claims.
type paying struct {
	v      *Version
	claims []*Claim
	budget Num
	step   Num
	out    *Result
	tied   map[int]int
}

// Pay evaluates the claims of a run within a budget, in yuan; an undefined budget bounds nothing. The order is that of the
// design: who is in, base, coefficient, cap and own share of the part, fen, pools, cap of the claimant, budget, stages, what is
// withheld, batch, split.
func Pay(v *Version, claims []*Claim, budget Num) *Result {
	p := &paying{v: v, claims: claims, budget: budget, step: fen, out: &Result{Claim: zero, Amount: zero, Batch: zero}, tied: map[int]int{}}
	if v.Round == "yuan" {
		p.step = one
	}
	for _, c := range claims {
		p.out.Due = append(p.out.Due, &Due{Unit: c.Unit, Name: c.Name, Paid: c.Paid, Owed: c.Owed})
		p.tied[c.Rank]++
	}
	p.quota()
	for i, c := range claims {
		p.claim(c, p.out.Due[i])
	}
	for k := range v.Parts {
		p.pool(k)
	}
	for _, d := range p.out.Due {
		d.Claim = zero
		for k := range d.Parts {
			d.Claim = d.Claim.Add(d.Parts[k].Claim)
		}
		p.out.Claim = p.out.Claim.Add(d.Claim)
		p.capped(d)
	}
	p.within()
	for i, c := range claims {
		p.settle(c, p.out.Due[i])
	}
	return p.out
}

// fault says why the run cannot be paid.
func (p *paying) fault(l Label) { p.out.Faults = append(p.out.Faults, l) }

// quota leaves out those who are barred, and those beyond the number that the unit above them has room for.
func (p *paying) quota() {
	groups := map[string][]int{}
	for i, c := range p.claims {
		if !c.Barred.IsZero() {
			p.out.Due[i].Out = c.Barred
		} else if p.v.Quota != nil {
			groups[c.Group] = append(groups[c.Group], i)
		}
	}
	for _, g := range sortedKeys(groups) {
		list := groups[g]
		room := p.claims[list[0]].Room
		if p.v.Quota.Value.Name == "" {
			room = p.v.Quota.Value.Num
		}
		n, ok := room.Floor().Scaled(0)
		if !ok {
			p.fault(score.Tr("%s的上级没有名额数：请填写名额", "the unit above %s has no quota: enter one", p.claims[list[0]].Name))
			continue
		}
		if p.v.Quota.Choose == "chosen" {
			chosen := int64(0)
			for _, i := range list {
				if p.claims[i].Chosen {
					chosen++
				} else {
					p.out.Due[i].Out = Label{Zh: "没有入选", En: "not chosen"}
				}
			}
			if chosen > n {
				p.fault(score.Tr("入选 %s 个，名额 %s 个：请减少入选", "%s are chosen, there is room for %s: choose fewer", count(chosen), count(n)))
			}
			continue
		}
		for _, i := range list {
			c, better, equal := p.claims[i], int64(0), int64(0)
			for _, j := range list {
				switch o := p.claims[j]; {
				case o.Rank > 0 && (c.Rank == 0 || o.Rank < c.Rank):
					better++
				case o.Rank == c.Rank:
					equal++
				}
			}
			switch {
			case c.Rank == 0:
				p.out.Due[i].Out = Label{Zh: "没有名次", En: "it has no place"}
			case better >= n:
				p.out.Due[i].Out = score.Tr("名额 %s 个，名次在后", "there is room for %s, its place lies behind", count(n))
			case better+equal > n:
				p.out.Due[i].Out = Label{Zh: "名额处并列", En: "tied at the last place with room"}
				p.fault(score.Tr("%s在名额 %s 个处并列：请增加名额，或改为由人选定", "%s is tied at the last of %s places: make room, or let a person choose",
					c.Name, count(n)))
			}
		}
	}
}

func count(n int64) string { return unit.Int(n).Short(0) }

// claim reckons the parts of a claimant up to the fen.
func (p *paying) claim(c *Claim, d *Due) {
	for k := range p.v.Parts {
		part := &p.v.Parts[k]
		x := PartDue{Key: part.Key, Base: zero, Claim: zero, Amount: zero}
		if d.Out.IsZero() {
			r := &reckoning{paying: p, c: c, d: d, part: part}
			x = r.part1()
		}
		d.Parts = append(d.Parts, x)
	}
}

// pool shares pools: of a match where all that was asked for is more, and the factors of a pool, so that they sum to it.
func (p *paying) pool(k int) {
	part := &p.v.Parts[k]
	codes, claims, sum := make([]string, len(p.claims)), make([]Num, len(p.claims)), zero
	for i, d := range p.out.Due {
		codes[i], claims[i] = d.Unit, d.Parts[k].Claim
		sum = sum.Add(claims[i])
	}
	switch {
	case part.Pool != nil: // the shares are exact; together they are rounded once
		exact := make([]Num, len(p.claims))
		all := zero
		for i, d := range p.out.Due {
			exact[i] = d.Parts[k].Amount
			all = all.Add(exact[i])
		}
		if all.Sign() <= 0 {
			return
		}
		for i, n := range apportion(floorTo(all, p.step), exact, codes, p.step) {
			p.out.Due[i].Parts[k].Claim, p.out.Due[i].Parts[k].Amount = n, n
		}
	case part.Match != nil && part.Match.Pool != nil && len(p.claims) > 0:
		pool, ok := p.poolOf(part.Match.Pool)
		if !ok {
			p.fault(score.Tr("“%s”的总额没有数：请填写", "the pool of “%s” has no value: enter one", part.Title))
			return
		}
		if sum.Cmp(pool) <= 0 {
			return
		}
		for i, n := range apportion(pool, claims, codes, p.step) {
			x := &p.out.Due[i].Parts[k]
			if x.Claim.Sign() > 0 {
				x.Amount = n
				x.Why = append(x.Why, score.Tr("总额 × %s ÷ %s = %s", "pool × %s ÷ %s = %s", Yuan(pool), Yuan(sum), Yuan(n)))
			}
		}
	}
}

// poolOf is the money of a pool: a number, the budget, or an input that is the same for all.
func (p *paying) poolOf(l *Limit) (Num, bool) {
	if l.Name == "budget" {
		return p.budget, p.budget.Defined()
	}
	for _, c := range p.claims {
		if n, ok := c.number(p.v.Award, l); ok {
			return n, true
		}
	}
	return l.Num, l.Name == "" && l.Num.Defined()
}

// capped cuts a claimant to its cap, in the order of the rule's classes; after those the others but construction.
func (p *paying) capped(d *Due) {
	if p.v.Cap == nil {
		return
	}
	order := slices.Clone(p.v.Scale)
	for _, class := range []string{"reward", "operation"} {
		if !slices.Contains(order, class) {
			order = append(order, class)
		}
	}
	sum := zero
	for _, x := range d.Parts {
		sum = sum.Add(x.Amount.Max(zero))
	}
	over := sum.Sub(*p.v.Cap)
	for _, class := range order {
		if over.Sign() <= 0 {
			return
		}
		over = over.Sub(p.cut(class, over, []*Due{d}, func(x *PartDue, from, to Num) Label {
			return score.Tr("每家最多 %s，本项减到 %s", "at most %s each: this part comes to %s", Yuan(*p.v.Cap), Yuan(x.Amount))
		}))
	}
	if over.Sign() > 0 {
		p.fault(score.Tr("%s超过上限 %s，其中 %s 是不能压缩的：请核对建设项目或上限", "%s is above the cap of %s; %s of it is never cut: check what was built, or the cap",
			d.Name, Yuan(*p.v.Cap), Yuan(over)))
	}
}

// cut takes money from a class of some claimants' parts, pro rata, at most all of it; it tells how much it took.
func (p *paying) cut(class string, over Num, dues []*Due, say func(x *PartDue, from, to Num) Label) Num {
	var parts []*PartDue
	var weights []Num
	var codes []string
	from := zero
	for _, d := range dues {
		for k := range d.Parts {
			if p.v.Parts[k].Class == class && d.Parts[k].Amount.Sign() > 0 {
				parts, weights, codes = append(parts, &d.Parts[k]), append(weights, d.Parts[k].Amount), append(codes, d.Unit)
				from = from.Add(d.Parts[k].Amount)
			}
		}
	}
	if len(parts) == 0 {
		return zero
	}
	to := floorTo(from.Sub(over).Max(zero), p.step)
	for i, n := range apportion(to, weights, codes, p.step) {
		parts[i].Amount = n
		parts[i].Why = append(parts[i].Why, say(parts[i], from, to))
	}
	return from.Sub(to)
}

// within cuts all claims to the budget: the first class down to nothing before the next. What charges bring in does not count.
func (p *paying) within() {
	if p.budget.Defined() {
		sum := zero
		for _, d := range p.out.Due {
			for _, x := range d.Parts {
				sum = sum.Add(x.Amount.Max(zero))
			}
		}
		over := sum.Sub(p.budget)
		for _, class := range p.v.Scale {
			if over.Sign() <= 0 {
				break
			}
			cut := Cut{Class: class, From: zero}
			took := p.cut(class, over, p.out.Due, func(x *PartDue, from, to Num) Label {
				cut.From, cut.To = from, to
				return score.Tr("压缩 × %s ÷ %s = %s", "scaled × %s ÷ %s = %s", Yuan(to), Yuan(from), Yuan(x.Amount))
			})
			if over = over.Sub(took); cut.From.Sign() > 0 {
				p.out.Cuts = append(p.out.Cuts, cut)
			}
		}
		if over.Sign() > 0 {
			p.fault(score.Tr("预算 %s 不够不能压缩的 %s，差 %s：请增加预算或移到下一批",
				"the budget of %s does not cover %s that is never cut; %s are missing: raise the budget, or move claims to the next batch",
				Yuan(p.budget), Yuan(p.budget.Add(over)), Yuan(over)))
		}
	}
	for _, d := range p.out.Due {
		d.Amount = zero
		for _, x := range d.Parts {
			d.Amount = d.Amount.Add(x.Amount)
		}
		if _, ok := Fen(d.Amount); !ok {
			p.fault(score.Tr("%s的金额算不出来（数太大或没有定义）：请核对输入", "the amount of %s cannot be reckoned (too large, or undefined): check its inputs", d.Name))
		}
		p.out.Amount = p.out.Amount.Add(d.Amount)
	}
}

// settle makes stages, what is withheld, the batch and the split of a claimant.
func (p *paying) settle(c *Claim, d *Due) {
	d.Held, d.Owed = zero, d.Owed.Max(zero)
	hold := func(n Num, why Label) {
		if n.Sign() > 0 {
			d.Held, d.Holds = d.Held.Add(n), append(d.Holds, Hold{n, why})
		}
	}
	for k := range d.Parts {
		x := &d.Parts[k]
		earlier := zero
		for i := range p.v.stages(&p.v.Parts[k]) {
			s := &p.v.stages(&p.v.Parts[k])[i]
			of := x.Amount
			if s.Of == "base" {
				of = x.Base
			}
			st := StageDue{Key: s.Key, Amount: zero}
			if s.Rest {
				st.Amount = x.Amount.Sub(earlier)
			} else if n, ok := c.number(p.v.Award, s.Share); ok {
				st.Amount = floorTo(of.Mul(n), fen)
			}
			earlier = earlier.Add(st.Amount)
			if no, ok := p.v.fails(c, d, s.Needs); ok {
				st.Waits = no
				hold(st.Amount, joined(" ", " ", stageTitle(s), no))
			}
			x.Stages = append(x.Stages, st)
		}
	}
	for i := range p.v.Withhold {
		w := &p.v.Withhold[i]
		n, ok := c.number(p.v.Award, &w.Share)
		if holds, _ := p.v.holds(c, d, &w.While); ok && holds {
			hold(floorTo(d.Amount.Mul(n), fen), score.Tr("%s，暂扣 %s", "%s: %s withheld", p.v.say(&w.While), percent(n)))
		}
	}
	d.Held = d.Held.Min(d.Amount.Max(zero))
	d.Batch = d.Amount.Sub(d.Paid).Sub(d.Held).Sub(d.Owed)
	p.out.Batch = p.out.Batch.Add(d.Batch)
	if d.Amount.Defined() {
		d.Split = p.v.split(c, p.v.Split, d.Amount)
	}
}

func stageTitle(s *Stage) Label {
	if s.Title.IsZero() {
		return Label{Zh: s.Key, En: s.Key}
	}
	return s.Title
}

// split divides an amount among receivers; what no share names stays where it is.
func (v *Version) split(c *Claim, shares []Share, amount Num) (out []Received) {
	if len(shares) == 0 {
		return nil
	}
	weights, codes, rest := []Num{}, []string{}, one
	for i := range shares {
		n, ok := c.number(v.Award, &shares[i].Share)
		if !ok {
			n = zero
		}
		weights, codes, rest = append(weights, n), append(codes, shares[i].To), rest.Sub(n)
	}
	weights, codes = append(weights, rest.Max(zero)), append(codes, "\U0010FFFF")
	for i, n := range apportion(amount.Max(zero), weights, codes, fen)[:len(shares)] {
		s := &shares[i]
		if rs := c.Receivers[s.To]; s.By != "" && len(rs) > 0 {
			w, names := make([]Num, len(rs)), make([]string, len(rs))
			for j, r := range rs {
				w[j], names[j] = r.Weight, r.Name
			}
			for j, m := range apportion(n, w, names, fen) {
				out = append(out, Received{s.To, names[j], m, v.split(c, s.Onward, m)})
			}
			continue
		}
		out = append(out, Received{s.To, "", n, v.split(c, s.Onward, n)})
	}
	return out
}
