package award

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sifen/internal/assess/score"
	"sifen/internal/formula"
)

// Fault is one thing wrong with a rule: where, by keys from the outside in, and what would be right.
type Fault = score.Fault

type checker struct {
	*Award
	env    score.Env
	faults []Fault
}

func (c *checker) say(path []string, zh, en string, args ...any) {
	c.faults = append(c.faults, Fault{Path: slices.Clone(path), Zh: fill(zh, args), En: fill(en, args)})
}

func fill(text string, args []any) string {
	return fmt.Sprintf(text, args[:min(len(args), strings.Count(text, "%s")+strings.Count(text, "%d"))]...)
}

func (c *checker) one(path []string, have string, options ...string) {
	if have != "" && !slices.Contains(options, have) {
		c.say(path, "“%s”读不懂，可用：%s", "“%s” is not known; there are: %s", have, strings.Join(options, " "))
	}
}

var (
	keyForm  = regexp.MustCompile(`^[a-z][a-z0-9]*([._-][a-z0-9]+)*$`)
	dayForm  = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	spanForm = regexp.MustCompile(`^([1-9]\d?) (year|years|month|months)$`)
	classes  = []string{"construction", "operation", "reward", "charge"}
)

func (c *checker) key(path []string, key string) {
	if !keyForm.MatchString(key) {
		c.say(path, "key“%s”应为小写字母、数字，用点或短横相连", "the key “%s” must be lower-case words joined by dots or dashes", key)
	}
}

// Check says what is wrong with a rule; none of it keeps Pay from being exact, all of it would surprise somebody.
func (a *Award) Check(env score.Env) []Fault {
	c := &checker{Award: a, env: env}
	c.faults = append(c.faults, score.CheckInputs(a.Inputs, env)...)
	c.head()
	keys := map[string]bool{}
	for i := range a.Parts {
		p := &a.Parts[i]
		path := []string{"parts", p.Key}
		c.key(path, p.Key)
		if keys[p.Key] {
			c.say(path, "key“%s”用了两次", "the key “%s” is used twice", p.Key)
		}
		keys[p.Key] = true
		c.part(path, p)
	}
	if len(a.Parts) == 0 {
		c.say([]string{"parts"}, "一项也没有：至少写一项", "there is no part: write one at least")
	}
	c.stages([]string{"pay"}, a.Pay)
	for i := range a.Withhold {
		w := &a.Withhold[i]
		path := []string{"withhold"}
		c.share(path, &w.Share)
		c.cond(path, &w.While)
	}
	c.split([]string{"split"}, a.Split)
	return c.faults
}

func (c *checker) head() {
	if len(c.For.Types) == 0 {
		c.say([]string{"for"}, "写明给谁：for: {types: [...]}", "say who gets it: for: {types: [...]}")
	}
	for _, t := range c.For.Types {
		c.typ([]string{"for", "types"}, t)
	}
	if c.Period == "" {
		c.say([]string{"period"}, "写明期间：month、2-months、quarter、half-year 或 year", "say the period: month, 2-months, quarter, half-year or year")
	}
	c.one([]string{"period"}, c.Period, "month", "2-months", "quarter", "half-year", "year")
	c.one([]string{"status"}, c.Status, "trial")
	c.one([]string{"round"}, c.Round, "fen", "yuan")
	if c.Budget == "" {
		c.say([]string{"budget"}, "写明从哪笔预算付：budget", "say which budget pays it: budget")
	}
	have := map[string]bool{}
	for _, p := range c.Parts {
		have[p.Class] = true
	}
	for i, s := range c.Scale {
		switch {
		case !slices.Contains(classes, s):
			c.one([]string{"scale"}, s, "operation", "reward")
		case s == "construction":
			c.say([]string{"scale"}, "建设承诺不能压缩：从 scale 中去掉 construction", "what was promised for building is never cut: take construction out of scale")
		case s == "charge":
			c.say([]string{"scale"}, "缴款不能压缩：从 scale 中去掉 charge", "charges are never cut: take charge out of scale")
		case slices.Contains(c.Scale[:i], s):
			c.say([]string{"scale"}, "“%s”写了两次", "“%s” is written twice", s)
		case !have[s]:
			c.say([]string{"scale"}, "没有 %s 类的项可压缩", "there is no part of class %s to cut", s)
		}
	}
	if c.Cap != nil && c.Cap.Sign() <= 0 {
		c.say([]string{"cap"}, "每家上限应大于 0", "the cap of a claimant is above 0")
	}
	if c.Sheet != "" {
		c.sheet([]string{"sheet"}, c.Sheet)
	}
	if q := c.Quota; q != nil {
		c.typ([]string{"quota", "per"}, q.Per)
		if q.Choose == "" {
			c.say([]string{"quota", "choose"}, "名额不够时怎么选？写 choose: rank 或 chosen", "who is in when there is no room for all? write choose: rank or chosen")
		}
		c.one([]string{"quota", "choose"}, q.Choose, "rank", "chosen")
		if q.Value.Name == "" && q.Value.Num.Sign() <= 0 {
			c.say([]string{"quota", "value"}, "写明名额：一个数，或上级单位的属性", "say how many: a number, or an attribute of the unit above")
		}
	}
	if c.Publicise != nil && (c.Publicise.Workdays < 1 || c.Publicise.Workdays > 60) {
		c.say([]string{"publicise"}, "公示应为 1 到 60 个工作日", "it is publicised for 1 to 60 working days")
	}
	if r := c.Recover; r != nil {
		if r.When.IsZero() {
			c.say([]string{"recover"}, "写明什么情形追回：when", "say when it is taken back: when")
		}
		if r.Bar != "" && !spanForm.MatchString(r.Bar) {
			c.say([]string{"recover", "bar"}, "禁止期写成 1 year 或 6 months", "write the bar as 1 year or 6 months")
		}
	}
	if r := c.Reconcile; r != nil {
		c.name([]string{"reconcile", "input"}, r.Input)
		if r.By < 1 || r.By > 28 {
			c.say([]string{"reconcile", "by"}, "对账日应为次月 1 到 28 日", "the day of reconciliation is from 1 to 28 of the next month")
		}
	}
}

func (c *checker) typ(path []string, t string) {
	if c.env.Types != nil && !slices.Contains(c.env.Types, t) {
		c.unknown(path, "单位类型", "type of units", t, c.env.Types)
	}
}

func (c *checker) unknown(path []string, zh, en, name string, have []string) {
	z, e := "", ""
	if near := score.Nearest(name, have); near != "" {
		z, e = "，是否“"+near+"”", "; perhaps “"+near+"”"
	} else if c.env.Known != nil && have == nil {
		z, e = c.env.Known(en, name)
	}
	c.say(path, "没有"+zh+"“%s”%s", "", name, z)
	c.faults[len(c.faults)-1].En = fmt.Sprintf("there is no %s “%s”%s", en, name, e)
}

func (c *checker) name(path []string, name string) {
	if _, ok := c.Inputs[name]; !ok {
		c.unknown(path, "", "input", name, sortedKeys(c.Inputs))
	}
}

func (c *checker) limit(path []string, l *Limit) {
	switch {
	case l == nil:
	case l.Since != "":
		c.say(path, "这里写一个数或一个输入，不分阶段", "write a number or an input here, no stages")
	case l.Name != "":
		c.name(path, l.Name)
	}
}

// share is a limit between 0 and 100%.
func (c *checker) share(path []string, l *Limit) {
	c.limit(path, l)
	if l != nil && l.Name == "" && (l.Num.Sign() <= 0 || l.Num.Cmp(one) > 0) {
		c.say(path, "比例 %s 应在 0 到 100%% 之间", "the share %s must lie between 0 and 100%%", percent(l.Num))
	}
}

func (c *checker) sheet(path []string, key string) (*score.Sheet, bool) {
	if c.env.Sheet == nil {
		return nil, false
	}
	s, ok := c.env.Sheet(key)
	if !ok {
		c.unknown(path, "评分表", "sheet", key, nil)
	}
	return s, ok
}

func (c *checker) part(path []string, p *Part) {
	if p.Title.IsZero() {
		c.say(path, "没有名称 title，页面和文件里没法说它", "it has no title: pages and papers could not say it")
	}
	if p.Class == "" {
		c.say(path, "写明哪一类：class: %s", "say its class: %s", strings.Join(classes, " "))
	}
	c.one(append(path, "class"), p.Class, classes...)
	n := 0
	for _, has := range []bool{len(p.Per) > 0, p.Things != nil, p.Steps != nil, len(p.Grade) > 0, p.Rank != nil, p.Match != nil, p.Pool != nil,
		p.Formula != nil} {
		if has {
			n++
		}
	}
	if n != 1 {
		c.say(path, "要写一种办法：per、things、steps、grade、rank、match、pool 或 formula，现在有 %d 种",
			"it needs one method: per, things, steps, grade, rank, match, pool or formula; there are %d", n)
		return
	}
	c.method(path, p)
	for i := range p.Needs {
		c.cond(append(path, "needs"), &p.Needs[i])
	}
	if b := p.By; b != nil {
		switch {
		case len(b.Grade) > 0 == (len(b.Rows) > 0):
			c.say(append(path, "by"), "系数写 grade，或 value 和 rows，二选一", "the coefficient goes by grade, or by value and rows: one of the two")
		case len(b.Grade) > 0:
			c.grades(append(path, "by"), b.Grade)
		default:
			c.name(append(path, "by"), b.Value)
			for i := range b.Rows {
				c.limit(append(path, "by"), &b.Rows[i].From)
				if i > 0 && b.Rows[i].From.Name == "" && b.Rows[i-1].From.Name == "" {
					if d := b.Rows[i].From.Num.Cmp(b.Rows[i-1].From.Num); d >= 0 && !b.Less || d <= 0 && b.Less {
						c.say(append(path, "by"), "第 %d 档永远到不了：档次从好到差写", "row %d is never reached: write the rows from the best down", i+1)
					}
				}
			}
		}
	}
	c.limit(append(path, "cap"), p.Cap)
	if o := p.Own; o != nil {
		c.name(append(path, "own"), o.Value)
		c.limit(append(path, "own"), o.AtLeast)
		c.limit(append(path, "own"), o.Per)
		c.share(append(path, "own"), o.Share)
		c.one(append(path, "own", "else"), o.Else, "none", "match")
		if (o.AtLeast == nil) == (o.Share == nil) {
			c.say(append(path, "own"), "自筹写 at_least 或 share：至少多少，或占本项的比例", "own money needs at_least or share: how much, or what share of the part")
		}
	}
	c.stages(append(path, "pay"), p.Pay)
}

// grades warns of a grade that no sheet of the units gives.
func (c *checker) grades(path []string, grades map[string]Num) {
	if c.Sheet == "" || c.env.Sheet == nil {
		return
	}
	s, ok := c.env.Sheet(c.Sheet)
	if !ok {
		return
	}
	known := make([]string, 0, len(s.Grades))
	for _, g := range s.Grades {
		known = append(known, g.Key)
		if _, has := grades[g.Key]; !has {
			c.say(path, "等次“%s”没有写多少", "it does not say how much for grade “%s”", g.Key)
		}
	}
	for _, k := range sortedKeys(grades) {
		if !slices.Contains(known, k) {
			c.unknown(path, "等次", "grade", k, known)
		}
	}
}

func (c *checker) method(path []string, p *Part) {
	switch {
	case len(p.Per) > 0:
		at := append(path, "per")
		for i := range p.Per {
			l := &p.Per[i]
			c.limit(at, &l.N)
			for _, x := range []*Limit{l.Less, &l.Rate, l.Times, l.Quota, l.Most} {
				c.limit(at, x)
			}
			neg := l.Rate.Name == "" && l.Rate.Num.Sign() < 0
			if neg && p.Class != "charge" {
				c.say(at, "单价 %s 是缴款：class 应为 charge", "a rate of %s is a charge: the class must be charge", plain(l.Rate.Num))
			}
			if !neg && l.Rate.Name == "" && p.Class == "charge" {
				c.say(at, "charge 的单价应为负数", "the rate of a charge is negative")
			}
			c.units(at, l)
		}
	case p.Things != nil:
		at := append(path, "things")
		if p.Things.Of == "" || p.Things.Cost == "" {
			c.say(at, "写明是什么（of）和哪个造价（cost）", "say of what, and by which cost")
		}
		c.share(at, &p.Things.Share)
		c.limit(at, p.Things.Cap)
	case p.Steps != nil:
		at, s := append(path, "steps"), p.Steps
		c.name(at, s.Value)
		for _, x := range []*Limit{&s.At, &s.Amount, &s.Change, s.Cap} {
			c.limit(at, x)
		}
		if s.Every.Sign() <= 0 {
			c.say(at, "每多少一档 every 应大于 0", "every, the width of a step, is above 0")
		}
		if s.Part == "" {
			c.say(at, "“%s”不足一档怎么算？写 part：against、up、none 或 share", "what of a part of a step of “%s”? write part: against, up, none or share", p.Title.Zh)
		}
		c.one(append(at, "part"), s.Part, "against", "up", "none", "share")
	case len(p.Grade) > 0:
		c.grades(append(path, "grade"), p.Grade)
	case p.Rank != nil:
		at := append(path, "rank")
		c.sheet(append(at, "sheet"), p.Rank.Sheet)
		if p.Rank.Ties == "" {
			c.say(at, "并列怎么发？写 ties：same（各得）或 share（平分）", "what do equals get? write ties: same (each) or share (divided)")
		}
		c.one(append(at, "ties"), p.Rank.Ties, "same", "share")
		for i, r := range p.Rank.Rows {
			if r.Places < 1 {
				c.say(at, "第 %d 档的名额应至少为 1", "row %d has at least one place", i+1)
			}
			if i > 0 && r.Amount.Cmp(p.Rank.Rows[i-1].Amount) > 0 {
				c.say(at, "第 %d 档比上一档多：从第一名写起", "row %d gives more than the one before: begin with the first place", i+1)
			}
		}
		if len(p.Rank.Rows) == 0 {
			c.say(at, "写明名次和金额：rows", "say places and amounts: rows")
		}
	case p.Match != nil:
		at := append(path, "match")
		c.name(at, p.Match.Of)
		c.share(at, &p.Match.Share)
		c.pool(at, p.Match.Pool)
	case p.Pool != nil:
		at := append(path, "pool")
		c.pool(at, &p.Pool.Of)
		c.share(at, p.Pool.Share)
		sum := zero
		for _, f := range p.Pool.Factors {
			c.name(at, f.Value)
			sum = sum.Add(f.Weight)
		}
		if sum.Cmp(one) != 0 {
			c.say(at, "因素权重合计 %s，应为 100%%", "the weights of the factors sum to %s, not 100%%", percent(sum))
		}
	case p.Formula != nil:
		if _, err := formula.CompileExact(p.Formula.Expr, c.formulaInputs(), formula.Exact); err != nil {
			zh, en := formula.Words(err)
			c.say(append(path, "formula", "expr"), "公式%s", "", zh)
			c.faults[len(c.faults)-1].En = "formula: " + en
		}
	}
}

func (c *checker) pool(path []string, l *Limit) {
	if l != nil && l.Name != "budget" {
		c.limit(path, l)
	}
}

// units holds what is taken off to the unit of what it is taken from, and a price per unit to that unit.
func (c *checker) units(path []string, l *Line) {
	of := func(x *Limit) string {
		if x == nil || c.Inputs[x.Name] == nil {
			return ""
		}
		return c.Inputs[x.Name].Unit.Zh
	}
	n := of(&l.N)
	if less := of(l.Less); n != "" && less != "" && n != less {
		c.say(path, "%s − %s：单位不同", "%s − %s: the units differ", n, less)
	}
	if _, per, ok := strings.Cut(of(&l.Rate), "/"); ok && n != "" && per != n {
		c.say(path, "%s × %s：单价的单位不对", "%s × %s: the price is for another unit", n, of(&l.Rate))
	}
	if q := of(l.Quota); q != "" && n != "" && q != n {
		c.say(path, "%s 与 %s：单位不同", "%s and %s: the units differ", n, q)
	}
}

func (c *checker) stages(path []string, list []Stage) {
	sum, keys, rest := zero, map[string]bool{}, false
	for i := range list {
		s := &list[i]
		c.key(path, s.Key)
		if keys[s.Key] {
			c.say(path, "key“%s”用了两次", "the key “%s” is used twice", s.Key)
		}
		keys[s.Key] = true
		if s.Rest == (s.Share != nil) {
			c.say(path, "“%s”写 share 或 rest：多少，或剩下的", "“%s” needs share or rest: how much, or what remains", s.Key)
		}
		c.share(path, s.Share)
		c.one(append(path, "of"), s.Of, "amount", "base")
		if s.By != "" && !dayForm.MatchString(s.By) {
			c.say(path, "付款日写成 03-31 这样的月和日", "write the day of payment as month and day: 03-31")
		}
		if s.Rest && i < len(list)-1 {
			c.say(path, "“%s”是剩下的，应写在最后", "“%s” is what remains: write it last", s.Key)
		}
		rest = rest || s.Rest
		if s.Share != nil && s.Share.Name == "" {
			sum = sum.Add(s.Share.Num)
		}
		for n := range s.Needs {
			c.cond(path, &s.Needs[n])
		}
	}
	switch {
	case sum.Cmp(one) > 0:
		c.say(path, "分期合计 %s，超过 100%%", "the stages sum to %s, more than 100%%", percent(sum))
	case len(list) > 0 && !rest && sum.Cmp(one) < 0:
		c.say(path, "分期合计 %s，剩下的什么时候付？写 rest: true", "the stages sum to %s; when is the rest paid? write rest: true", percent(sum))
	}
}

func (c *checker) split(path []string, list []Share) {
	sum, keys := zero, map[string]bool{}
	for i := range list {
		s := &list[i]
		c.key(path, s.To)
		if keys[s.To] {
			c.say(path, "“%s”写了两次", "“%s” is written twice", s.To)
		}
		keys[s.To] = true
		c.share(path, &s.Share)
		if s.Share.Name == "" {
			sum = sum.Add(s.Share.Num)
		}
		c.split(append(path, s.To, "onward"), s.Onward)
	}
	if sum.Cmp(one) > 0 {
		c.say(path, "拆分合计 %s", "the split sums to %s", percent(sum))
	}
}

func (c *checker) cond(path []string, x *score.Cond) {
	for _, names := range [][]string{x.N, x.All, x.Lack, x.Value} {
		for _, n := range names {
			c.name(path, n)
		}
	}
	for _, l := range []*Limit{x.Below, x.Above, x.AtLeast} {
		c.limit(path, l)
	}
	if x.Where != "" && c.env.Attrs != nil {
		if _, err := formula.CompileExact(x.Where, c.env.Attrs, formula.Bool); err != nil {
			zh, en := formula.Words(err)
			c.say(path, "条件%s", "", zh)
			c.faults[len(c.faults)-1].En = "condition: " + en
		}
	}
	if len(x.N)+len(x.All)+len(x.Lack)+len(x.Value)+len(x.Grade) == 0 && x.Where == "" {
		c.say(path, "条件是空的", "the condition is empty")
	}
	if len(x.Value) > 0 && x.Below == nil && x.Above == nil && x.AtLeast == nil {
		c.say(path, "value 要写 below、above 或 at_least", "value needs below, above or at_least")
	}
}
