package score

import (
	"slices"
	"strings"

	"sifen/internal/formula"
	"sifen/internal/unit"
)

func (c *checker) key(path []string, key string) {
	if !keyForm.MatchString(key) {
		c.say(path, "key“%s”应为小写字母、数字，用点或短横相连", "the key “%s” must be lower-case words joined by dots or dashes", key)
	}
	if c.keys[key] {
		c.say(path, "key“%s”用了两次", "the key “%s” is used twice", key)
	}
	c.keys[key] = true
}

func (c *checker) block(b *Block) {
	path := []string{"blocks", b.Key}
	if !keyForm.MatchString(b.Key) {
		c.say(path, "key“%s”应为小写字母、数字，用点或短横相连", "the key “%s” must be lower-case words joined by dots or dashes", b.Key)
	}
	sum := zero
	for i := range b.Items {
		c.key([]string{"blocks", b.Key, "items", b.Items[i].Key}, b.Items[i].Key)
		c.item(b, &b.Items[i])
		sum = sum.Add(b.Items[i].Max)
	}
	switch {
	case len(b.Items) == 0:
		c.say(path, "“%s”一项也没有", "“%s” has no item", b.Title.Zh)
	case b.Extra != nil:
		if b.Extra.Up.Sign() < 0 || b.Extra.Down.Sign() < 0 || b.Max.Sign() != 0 {
			c.at(path, "加减分的 up、down 写正数，不写 max", "up and down of plus and minus are positive, and there is no max")
		}
	case sum.Cmp(b.Max) != 0:
		c.say(path, "“%s”各项满分合计 %s，块写的是 %s", "the items of “%[4]s” sum to %[2]s, the block says %[3]s",
			b.Title.Zh, sum.Short(4), b.Max.Short(4), b.Title.In("en"))
	}
	for i := range b.ZeroIf {
		c.cond(append(path, "zero_if"), &b.ZeroIf[i])
	}
}

func (c *checker) item(b *Block, it *Item) {
	path := []string{"blocks", b.Key, "items", it.Key}
	title := it.Title.Zh
	n := 0
	for _, has := range []bool{len(it.Deduct) > 0, len(it.Earn) > 0, it.Ratio != nil, it.Bands != nil, it.Rank != nil, it.Judged != nil, it.Formula != nil} {
		if has {
			n++
		}
	}
	if n != 1 {
		c.say(path, "“%s”要写一种办法：deduct、earn、ratio、bands、rank、judged 或 formula，现在有 %d 种",
			"“%[3]s” needs one method: deduct, earn, ratio, bands, rank, judged or formula; there are %[2]d", title, n, it.Title.In("en"))
		return
	}
	if it.Max.Sign() < 0 || b.Extra == nil && it.Max.Sign() == 0 && c.scored() {
		c.say(path, "“%s”没有满分 max", "“%s” has no max", title)
	}
	c.one(append(path, "without"), it.Without, "na", "full", "zero", "no-score")
	c.one(append(path, "how"), it.How, "look", "ask", "papers", "data")
	c.places(append(path, "decimals"), it.Decimals)
	if it.NA != nil && it.NA.Where != "" {
		c.where(append(path, "na"), it.NA.Where)
	}
	if it.PlaceCap != nil && len(it.Deduct) == 0 {
		c.at(path, "place_cap 只用于 deduct", "place_cap goes with deduct only")
	}
	for i := range it.ZeroIf {
		c.cond(append(path, "zero_if"), &it.ZeroIf[i])
	}
	most := zero
	open := false
	for i := range it.lines() {
		l := &it.lines()[i]
		c.line(path, title, l, len(it.Earn) > 0)
		switch {
		case l.Full, l.Each == nil, l.Cap == nil && len(l.N) > 0 && !c.single(l.N), l.Cap == nil && l.Every != nil:
			open = true
		case l.Cap != nil:
			most = most.Add(*l.Cap)
		default:
			most = most.Add(l.Each.Mul(unit.Int(int64(max(len(l.Value), len(l.N), 1)))).Max(zero))
		}
	}
	if len(it.Earn) > 0 && b.Extra == nil && !open && most.Cmp(it.Max) < 0 {
		c.say(path, "“%s”最多得 %s，够不到 %s", "“%[4]s” gives %[2]s at most and never reaches %[3]s", title, most.Short(4), it.Max.Short(4), it.Title.In("en"))
	}
	c.rows(path, it)
	c.terms(path, it)
}

// single reports whether names are there or not and no more than once.
func (c *checker) single(names []string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { in := c.Inputs[n]; return in == nil || in.Document == "" || in.By == "" })
}

// rows checks bands and places.
func (c *checker) rows(path []string, it *Item) {
	if it.Bands != nil {
		for i, r := range it.Bands.Rows {
			if r.Points.Cmp(it.Max) > 0 {
				c.say(path, "第 %d 档 %s 分超过满分 %s", "row %d gives %s, more than the maximum %s", i+1, r.Points.Short(4), it.Max.Short(4))
			}
			if i > 0 && r.From.Name == "" && r.From.Since == "" {
				if d := r.From.Num.Cmp(it.Bands.Rows[i-1].From.Num); d >= 0 && !it.Bands.Less || d <= 0 && it.Bands.Less {
					c.say(path, "第 %d 档永远到不了：档次从好到差写", "row %d is never reached: write the rows from the best down", i+1)
				}
			}
			c.limit(path, &r.From)
		}
	}
	if it.Rank != nil {
		for i, r := range it.Rank.Rows {
			if r.Points.Cmp(it.Max) > 0 {
				c.say(path, "第 %d 档 %s 分超过满分 %s", "row %d gives %s, more than the maximum %s", i+1, r.Points.Short(4), it.Max.Short(4))
			}
			if r.To < 1 || i > 0 && r.To <= it.Rank.Rows[i-1].To {
				c.say(path, "第 %d 档的名次应比上一档大", "the places of row %d must lie beyond those of the row before", i+1)
			}
		}
	}
}

// terms checks the values of ratio, bands, rank and formula.
func (c *checker) terms(path []string, it *Item) {
	switch {
	case it.Ratio != nil:
		c.name(path, it.Ratio.Value)
		c.limit(path, &it.Ratio.To)
		if it.Ratio.To.Name == "" && it.Ratio.To.Since == "" && it.Ratio.To.Num.Sign() <= 0 {
			c.at(path, "ratio 的 to 应大于 0", "to of a ratio must be above 0")
		}
		a, b := c.Inputs[it.Ratio.Value], c.Inputs[it.Ratio.To.Name]
		if a != nil && b != nil && a.Unit.Zh != "" && b.Unit.Zh != "" && a.Unit.Zh != b.Unit.Zh {
			c.say(path, "%s ÷ %s：两个单位不同，不能相除", "%[3]s ÷ %[4]s: of different units, they cannot be divided",
				a.Unit.Zh, b.Unit.Zh, a.Unit.In("en"), b.Unit.In("en"))
		}
	case it.Bands != nil:
		c.name(path, it.Bands.Value)
	case it.Rank != nil:
		c.name(path, it.Rank.Value)
	case it.Formula != nil:
		if it.Formula.Say.IsZero() {
			c.at(path, "公式要写 say：用话说一遍", "a formula needs say: the rule in words")
		}
		p, err := formula.CompileExact(it.Formula.Expr, c.formulaInputs(), formula.Exact)
		if err != nil {
			zh, en := formula.Words(err)
			c.at(append(path, "formula", "expr"), "公式"+zh, "formula: "+en)
			return
		}
		for _, name := range sorted(it.Formula.Default) {
			if !slices.Contains(p.Uses(), name) {
				c.say(append(path, "formula", "default"), "公式里没有用到“%s”", "the formula does not use “%s”", name)
			}
		}
	}
}

func (c *checker) line(path []string, title string, l *Line, earn bool) {
	n := 0
	for _, has := range []bool{len(l.N) > 0, len(l.Lack) > 0, len(l.Value) > 0} {
		if has {
			n++
		}
	}
	if n != 1 {
		c.say(path, "“%s”的一行要写 n、lack、value 中的一个", "a line of “%s” needs one of n, lack, value", title)
		return
	}
	for _, names := range []Names{l.N, l.Lack, l.Value} {
		for _, name := range names {
			c.name(path, name)
		}
	}
	for _, lim := range []*Limit{l.Free, l.Below, l.Above, l.AtLeast} {
		c.limit(path, lim)
	}
	gives := l.Each != nil || l.Zero || l.Full || len(l.Judged) > 0
	if !gives && c.scored() {
		c.say(path, "“%s”的一行没有写扣多少、得多少：写 each、zero 或 full", "a line of “%s” does not say how much: write each, zero or full", title)
	}
	if l.Each != nil && l.Each.Sign() < 0 && !earn {
		c.say(path, "“%s”的扣分 each 写正数", "each of a deduction in “%s” is positive", title)
	}
	if len(l.Judged) > 0 && (len(l.Judged) != 2 || l.Judged[0].Cmp(l.Judged[1]) > 0) {
		c.say(path, "“%s”的 judged 写两个数，从小到大", "judged in “%s” takes two numbers, the smaller first", title)
	}
	c.one(path, l.Part, "up", "none", "share")
	if len(l.Value) > 0 {
		limits := 0
		for _, lim := range []*Limit{l.Below, l.Above, l.AtLeast} {
			if lim != nil {
				limits++
			}
		}
		switch {
		case limits != 1:
			c.say(path, "“%s”的一行要写 below、above、at_least 中的一个", "a line of “%s” needs one of below, above, at_least", title)
		case l.Every != nil && l.Every.Num.Sign() <= 0:
			c.say(path, "“%s”的 every 应大于 0", "every in “%s” must be above 0", title)
		case l.Every != nil && l.Part == "":
			width := l.Every.Num.Short(4) + " " + c.unitName(l.Value[0])
			if l.Every.Percent {
				width = l.Every.Num.Mul(hundred).Short(4) + " 个百分点"
			}
			c.say(path, "“%s”不足%s怎么算？写 part：up 按一档、none 不计、share 按比例",
				"“%[3]s”: how does a part of a step count? write part: up as one, none not at all, share in proportion", title, spaceless(width), title)
		}
	}
}

func spaceless(s string) string { return strings.ReplaceAll(" "+s, "  ", " ") }

func (c *checker) unitName(name string) string {
	if in := c.Inputs[name]; in != nil {
		return in.Unit.Zh
	}
	return ""
}

// name checks that a name is an input or something that a visit can find.
func (c *checker) name(path []string, name string) {
	if _, ok := c.Inputs[name]; ok {
		return
	}
	own, _, _ := strings.Cut(name, "/")
	if c.items != nil {
		if _, ok := c.items[own]; ok {
			return
		}
		c.unknown(path, "", "input or item of the checklist", name, append(sorted(c.Inputs), sorted(c.items)...))
		return
	}
	if c.Visits == nil {
		c.unknown(path, "", "input", name, sorted(c.Inputs))
	}
}

func (c *checker) limit(path []string, l *Limit) {
	if l == nil {
		return
	}
	if l.Name != "" {
		c.name(path, l.Name)
	}
	if l.Since != "" {
		if c.env.Days != nil && !c.env.Days[l.Since] {
			c.unknown(path, "日期属性", "attribute that is a day", l.Since, sorted(c.env.Days))
		}
		for i, s := range l.Stages {
			if s.Month < 1 || i > 0 && s.Month <= l.Stages[i-1].Month {
				c.at(path, "分阶段的月份从 1 起，由小到大", "the months of stages begin at 1 and rise")
			}
		}
		if len(l.Stages) == 0 {
			c.at(path, "since 要写 stages", "since needs stages")
		}
	}
}

func (c *checker) where(path []string, text string) {
	if c.env.Attrs == nil {
		return
	}
	if _, err := formula.CompileExact(text, c.env.Attrs, formula.Bool); err != nil {
		zh, en := formula.Words(err)
		c.at(path, "条件"+zh, "condition: "+en)
	}
}

func (c *checker) cond(path []string, x *Cond) {
	for _, names := range []Names{x.N, x.All, x.Lack, x.Value} {
		for _, name := range names {
			c.name(path, name)
		}
	}
	for _, l := range []*Limit{x.Below, x.Above, x.AtLeast} {
		c.limit(path, l)
	}
	if x.Where != "" {
		c.where(path, x.Where)
	}
	if len(x.N)+len(x.All)+len(x.Lack)+len(x.Value) == 0 && x.Where == "" {
		c.at(path, "条件是空的", "the condition is empty")
	}
	if len(x.Value) > 0 && x.Below == nil && x.Above == nil && x.AtLeast == nil {
		c.at(path, "value 要写 below、above 或 at_least", "value needs below, above or at_least")
	}
}
