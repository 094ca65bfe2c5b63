package score

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sifen/internal/formula"
)

// Fault is one thing wrong with a sheet: where, by keys from the outside in, and what would be right.
type Fault struct {
	Path   []string
	Zh, En string
}

// Env is what a sheet may refer to. A nil function means that nothing is known of such things, and nothing is said of them.
type Env struct {
	Attrs     map[string]formula.Type                           // of units
	Days      map[string]bool                                   // the attributes that are days; nil asks nothing of since
	Types     []string                                          // of units
	Figure    func(key string) (shown string, ok bool)          // the unit it is shown in
	Sheet     func(key string) (*Sheet, bool)                   // another sheet
	Checklist func(key string) (items map[string]bool, ok bool) // item → it is answered with a share
	Parameter func(key string) bool
	Known     func(what, name string) (zh, en string) // what would be right instead of a name that is none; may be nil
}

type checker struct {
	*Sheet
	env    Env
	faults []Fault
	items  map[string]bool // of the checklist
	keys   map[string]bool
}

func (c *checker) at(path []string, zh, en string) {
	c.faults = append(c.faults, Fault{slices.Clone(path), zh, en})
}

// say is at with the same arguments in both languages.
func (c *checker) say(path []string, zh, en string, args ...any) {
	words := func(text string) string {
		if strings.Contains(text, "%[") {
			return fmt.Sprintf(text, args...)
		}
		return fmt.Sprintf(text, args[:min(len(args), strings.Count(text, "%"))]...)
	}
	c.at(path, words(zh), words(en))
}

func (c *checker) one(path []string, have string, options ...string) {
	if have != "" && !slices.Contains(options, have) {
		c.say(path, "“%s”读不懂，可用：%s", "“%s” is not known; there are: %s", have, strings.Join(options, " "))
	}
}

var (
	minuteForm = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
	keyForm    = regexp.MustCompile(`^[a-z][a-z0-9]*([._-][a-z0-9]+)*$`)
)

// Check says what is wrong with a sheet; none of it keeps Eval from being exact, all of it would surprise somebody.
func (s *Sheet) Check(env Env) []Fault {
	c := &checker{Sheet: s, env: env, keys: map[string]bool{}}
	c.head()
	c.inputs()
	sum := zero
	for b := range s.Blocks {
		c.block(&s.Blocks[b])
		if s.Blocks[b].Extra == nil {
			sum = sum.Add(s.Blocks[b].Max)
		}
	}
	if len(s.Blocks) == 0 {
		c.at([]string{"blocks"}, "一块也没有：至少写一块", "there is no block: write one at least")
	} else if s.scored() && sum.Cmp(s.Max) != 0 {
		c.say([]string{"max"}, "各块满分合计 %s，表写的是 %s", "the blocks sum to %s, the sheet says %s", sum.Short(4), s.Max.Short(4))
	}
	c.tail()
	return c.faults
}

func (c *checker) head() {
	if len(c.For.Types)+len(c.For.Objects) == 0 {
		c.at([]string{"for"}, "写明评谁：for: {types: [...]}", "say whom it scores: for: {types: [...]}")
	}
	for _, t := range c.For.Types {
		if c.env.Types != nil && !slices.Contains(c.env.Types, t) {
			c.unknown([]string{"for", "types"}, "单位类型", "type of units", t, c.env.Types)
		}
	}
	if c.Period == "" {
		c.at([]string{"period"}, "写明期间：month、2-months、quarter、half-year 或 year", "say the period: month, 2-months, quarter, half-year or year")
	}
	if c.Run != nil && (c.Run.Day < 1 || c.Run.Day > 28) {
		c.at([]string{"run", "day"}, "写每个月都有的日子：1 到 28", "write a day that every month has: 1 to 28")
	}
	c.one([]string{"period"}, c.Period, "month", "2-months", "quarter", "half-year", "year")
	c.one([]string{"rescale"}, c.Rescale, "sheet", "block", "none")
	c.one([]string{"status"}, c.Status, "trial")
	c.places([]string{"decimals"}, c.Decimals)
	if c.Visits != nil {
		c.one([]string{"visits", "several"}, c.Visits.Several, "mean", "last", "worst", "best", "sum")
		if c.env.Checklist != nil {
			var ok bool
			if c.items, ok = c.env.Checklist(c.Visits.Checklist); !ok {
				c.unknown([]string{"visits", "checklist"}, "检查表", "checklist", c.Visits.Checklist, nil)
			}
		}
		if c.Visits.Min < 0 || c.Visits.Window < 0 || c.Visits.Window > 12 {
			c.at([]string{"visits"}, "min 和 window 不能为负，window 最多 12 个月", "min and window are not negative, window at most 12 months")
		}
	}
}

func (c *checker) places(path []string, d *int) {
	if d != nil && (*d < 0 || *d > 4) {
		c.at(path, "小数位数应为 0 到 4", "decimals lie between 0 and 4")
	}
}

func (c *checker) unknown(path []string, zh, en, name string, have []string) {
	z, e := "", ""
	if have != nil {
		if near := nearest(name, have); near != "" {
			z, e = "，是否“"+near+"”", "; perhaps “"+near+"”"
		}
	} else if c.env.Known != nil {
		z, e = c.env.Known(en, name)
	}
	c.say(path, "没有"+zh+"“%s”%s", "there is no "+en+" “%[1]s”%[3]s", name, z, e)
}

// nearest is the name that is spelt most alike, if it is alike at all.
func nearest(name string, have []string) string {
	best, at := "", len(name)/2+1
	for _, h := range have {
		if d := distance(name, h); d < at || d == at && h < best {
			best, at = h, d
		}
	}
	return best
}

func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before, row[j+1] = row[j+1], min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func (c *checker) inputs() {
	for _, name := range sorted(c.Inputs) {
		in := c.Inputs[name]
		path := []string{"inputs", name}
		if in == nil {
			c.at(path, "写明取什么", "say what it takes")
			continue
		}
		if !nameForm.MatchString(name) || name == "max" {
			c.say(path, "输入名“%s”应为小写字母、数字和 _，不能叫 max", "the input “%s” must be lower-case letters, digits and _, and not max", name)
		}
		n := 0
		for _, source := range []string{in.Figure, in.Score, in.Days, in.Document, in.Survey, in.Entry, in.Attribute, in.Parameter} {
			if source != "" {
				n++
			}
		}
		if n != 1 {
			c.at(path, "写且只写一个来源：figure、score、days、document、survey、entry、attribute 或 parameter",
				"write exactly one source: figure, score, days, document, survey, entry, attribute or parameter")
		}
		if in.Title.IsZero() {
			c.at(path, "没有名称 title，页面和文件里没法说它", "it has no title: pages and papers could not say it")
		}
		c.source(path, in)
	}
}

func (c *checker) source(path []string, in *Input) {
	c.one(append(path, "per"), in.Per, "day")
	c.one(append(path, "take"), in.Take, "mean", "min", "max", "sum", "share")
	if key := in.Figure + in.Days; (in.Figure != "" || in.Days != "") && c.env.Figure != nil {
		shown, ok := c.env.Figure(key)
		switch {
		case !ok:
			c.unknown(path, "指标", "figure", key, nil)
		case in.Figure != "" && in.Unit.Zh != "" && shown != "" && strings.TrimSuffix(in.Unit.Zh, "/日") != shown && in.Unit.Zh != shown:
			c.say(path, "指标“%s”的单位是%s，这里写的是%s", "the figure “%s” is in %s, here it says %s", key, shown, in.Unit.Zh)
		}
	}
	if in.Days != "" && (in.Below == nil) == (in.Above == nil) {
		c.at(path, "写 below 或 above：哪些日子算", "write below or above: which days count")
	}
	if in.Score != "" {
		if in.Over == "" {
			c.at(path, "写 over：哪一类下级，或 self", "write over: which type below, or self")
		} else if in.Over != "self" && c.env.Types != nil && !slices.Contains(c.env.Types, in.Over) {
			c.unknown(append(path, "over"), "单位类型", "type of units", in.Over, c.env.Types)
		}
		if in.Take == "share" && len(in.Grade) == 0 {
			c.at(path, "take: share 要写 grade：哪些等次算", "take: share needs grade: which grades count")
		}
		if c.env.Sheet != nil {
			of, ok := c.env.Sheet(in.Score)
			switch {
			case !ok:
				c.unknown(path, "评分表", "sheet", in.Score, nil)
			case c.circle(of, map[string]bool{}):
				c.say(path, "评分表“%s”又取这张表的分：绕成一圈", "the sheet “%s” takes its scores from this one: a circle", in.Score)
			}
		}
	}
	if in.Survey != "" && c.items != nil && c.Visits != nil {
		asked := in.Asked(path[len(path)-1], c.Visits)
		if share, ok := c.items[asked]; !ok || !share {
			c.say(path, "检查表“%s”里没有问几人几人的项目“%s”", "the checklist “%s” has no item “%s” that asks so many of so many", c.Visits.Checklist, asked)
		}
	}
	if in.Attribute != "" && c.env.Attrs != nil {
		if t, ok := c.env.Attrs[in.Attribute]; !ok || t != formula.Exact {
			c.unknown(path, "数字属性", "attribute that is a number", in.Attribute, sorted(c.env.Attrs))
		}
	}
	if in.Parameter != "" && c.env.Parameter != nil && !c.env.Parameter(in.Parameter) {
		c.unknown(path, "参数", "parameter", in.Parameter, nil)
	}
}

// circle reports whether a sheet takes its scores, at some remove, from the one that is checked.
func (c *checker) circle(s *Sheet, seen map[string]bool) bool {
	if s.Key == c.Key {
		return true
	}
	if seen[s.Key] {
		return false
	}
	seen[s.Key] = true
	for _, in := range s.Inputs {
		if in == nil || in.Score == "" {
			continue
		}
		if next, ok := c.env.Sheet(in.Score); ok && c.circle(next, seen) {
			return true
		}
	}
	return false
}

// tail checks gates, grades, lists, groups and objections.
func (c *checker) tail() {
	for i := range c.ZeroIf {
		c.cond([]string{"zero_if"}, &c.ZeroIf[i])
	}
	for i := range c.CapIf {
		c.cond([]string{"cap_if"}, &c.CapIf[i])
		if c.CapIf[i].To == nil {
			c.at([]string{"cap_if"}, "一票否决要写 to：总分不高于多少", "a veto needs to: what the total is at most")
		}
	}
	if c.GradeBy != "" {
		c.name([]string{"grade_by"}, c.GradeBy)
	}
	grades := map[string]bool{}
	for i, g := range c.Grades {
		path := []string{"grades", g.Key}
		if grades[g.Key] {
			c.say(path, "等次“%s”写了两次", "the grade “%s” is written twice", g.Key)
		}
		grades[g.Key] = true
		for n := range g.Needs {
			c.cond(path, &g.Needs[n])
		}
		if i > 0 && g.From != nil && c.Grades[i-1].From != nil && len(c.Grades[i-1].Needs) == 0 && g.From.Num.Cmp(c.Grades[i-1].From.Num) >= 0 {
			c.say(path, "等次“%s”永远到不了：从高到低写", "the grade “%[2]s” is never reached: write them from the highest down", g.Title.Zh, g.Title.In("en"))
		}
	}
	for _, l := range c.Lists {
		path := []string{"lists", l.Key}
		c.one(append(path, "tone"), l.Tone, "good", "bad", "warn")
		if l.First < 0 || l.Last < 0 || l.First == 0 && l.Last == 0 && len(l.Grade) == 0 && !l.Full && l.Below == nil {
			c.say(path, "名单“%s”要写谁上：first、last、grade、full 或 below", "the list “%s” must say who is on it: first, last, grade, full or below", l.Title.Zh)
		}
		for _, g := range l.Grade {
			if !grades[g] {
				c.unknown(path, "等次", "grade", g, sorted(grades))
			}
		}
	}
	for _, g := range c.Groups {
		c.where([]string{"groups", g.Key}, g.Where)
	}
	if o := c.Objection; o != nil {
		if o.Workdays < 1 || o.Workdays > 60 {
			c.at([]string{"objection"}, "异议期应为 1 到 60 个工作日", "objections are open for 1 to 60 working days")
		}
		if o.Until != "" && !minuteForm.MatchString(o.Until) {
			c.at([]string{"objection", "until"}, "截止时间写成 17:30", "write the time as 17:30")
		}
	}
}
