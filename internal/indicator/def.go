// Package indicator computes figures over records. Keepers of records call Apply in the transaction that changes
// what counts, so a figure is never behind its records; nothing else in Sifen sums over records.
package indicator

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"

	"sifen/internal/db"
	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Definition is a figure's rule as packs write it.
type Definition struct {
	Key      string      `yaml:"key" json:"key"`
	Title    i18n.Label  `yaml:"title" json:"title"`
	Names    []string    `yaml:"names,omitempty" json:"names,omitempty"` // further Chinese names for templates
	Unit     *i18n.Label `yaml:"unit,omitempty" json:"unit,omitempty"`
	Source   *i18n.Label `yaml:"source,omitempty" json:"source,omitempty"`
	Decimals int         `yaml:"decimals,omitempty" json:"decimals,omitempty"`
	Kind     string      `yaml:"kind,omitempty" json:"kind,omitempty"`
	Measure  string      `yaml:"measure" json:"measure"`
	Field    string      `yaml:"field,omitempty" json:"field,omitempty"`
	Group    string      `yaml:"group,omitempty" json:"group,omitempty"` // a repeated group: every repetition is an item
	Where    string      `yaml:"where,omitempty" json:"where,omitempty"`
	Subject  string      `yaml:"subject,omitempty" json:"subject,omitempty"`
	KeyField string      `yaml:"key_field,omitempty" json:"key_field,omitempty"`
	Done     string      `yaml:"done,omitempty" json:"done,omitempty"`
	Must     *Must       `yaml:"must,omitempty" json:"must,omitempty"`
	Part     string      `yaml:"part,omitempty" json:"part,omitempty"`
	Of       any         `yaml:"of,omitempty" json:"of,omitempty"` // a key; for a formula a map of names to keys
	Per      string      `yaml:"per,omitempty" json:"per,omitempty"`
	Expr     string      `yaml:"expr,omitempty" json:"expr,omitempty"`
}

// Must is the base of a coverage: the unit types that have to do it.
type Must struct {
	Types []string `yaml:"types" json:"types"`
}

// The measures.
const (
	Count    = "count"
	Sum      = "sum"
	Stock    = "stock"
	Level    = "level"
	Distinct = "distinct"
	Ratio    = "ratio"
	Mean     = "mean"
	Formula  = "formula"
	Coverage = "coverage"
	Gap      = "gap" // the units of a coverage's base that have not done it
)

// derived reports whether a measure is computed from others when read and has no parts of its own.
func derived(measure string) bool {
	return measure == Ratio || measure == Mean || measure == Formula || measure == Gap
}

// OfKey is the key a ratio, mean or gap refers to.
func (d Definition) OfKey() string { s, _ := d.Of.(string); return s }

// OfMap is the map of a formula's inputs.
func (d Definition) OfMap() map[string]string {
	out := map[string]string{}
	switch m := d.Of.(type) {
	case map[string]any:
		for k, v := range m {
			out[k] = fmt.Sprint(v)
		}
	case map[any]any:
		for k, v := range m {
			out[fmt.Sprint(k)] = fmt.Sprint(v)
		}
	}
	return out
}

// Type is the pack object type "indicators"; keepers knows the kinds that no pack defines.
func Type(keepers *Keepers) pack.Type {
	return pack.Type{
		Dir: "indicators",
		Decode: func(o *pack.Object) (any, error) {
			var d Definition
			return d, pack.Strict(o, &d)
		},
		Check:  keepers.check,
		Schema: schema,
	}
}

var literal = regexp.MustCompile(`(\w+)\s*(?:==|!=)\s*["']([^"']*)["']`)

// operand is how a formula may call a figure; reserved are words of the expression language.
var (
	operand  = regexp.MustCompile(`^[a-z_][a-zA-Z0-9_]*$`)
	reserved = map[string]bool{"in": true, "true": true, "false": true, "null": true, "as": true, "break": true, "const": true, "continue": true,
		"else": true, "for": true, "function": true, "if": true,
		"import": true, "let": true, "loop": true, "package": true, "namespace": true, "return": true, "var": true, "void": true, "while": true,
		"int": true, "uint": true, "double": true, "bool": true, "string": true, "bytes": true, "list": true, "map": true, "type": true}
)

func (r *Keepers) check(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
	d := o.Value.(Definition)
	bad := func(key, zh, en string) { faults = append(faults, o.Fault(key, zh, en)) }
	if d.Title.Zh == "" || d.Title.En == "" {
		bad("title", "标题要有中文和英文", "the title needs zh and en")
	}
	ref := func(key, name string) *Definition {
		x := set.Get("indicators", name)
		if x == nil || x == o {
			bad(key, "没有指标 "+name, "there is no indicator "+name)
			return nil
		}
		if v, ok := x.Value.(Definition); ok {
			return &v
		}
		return nil
	}
	records := func(key, name string) *kind.Kind {
		k := r.Kind(set, name)
		if k == nil {
			bad(key, "没有台账种类 "+name, "there is no kind "+name)
		}
		return k
	}
	if ring := circle(set, d.Key, d.Key, nil); ring != nil {
		bad("of", "指标互相引用成了一个圈："+strings.Join(ring, " → "), "the figures refer to one another in a circle: "+strings.Join(ring, " → "))
		return faults
	}
	// whole names a term that has a whole value of its own: a ratio has none.
	whole := func(key, name string) *Definition {
		x := ref(key, name)
		if x != nil && x.Measure == Ratio {
			bad(key, "指标 "+name+" 是比率，没有整数值；请用它的两项", "figure "+name+" is a ratio and has no whole value; use its two terms")
		}
		return x
	}
	switch d.Measure {
	case Ratio:
		a, b := whole("part", d.Part), whole("of", d.OfKey())
		if a != nil && b != nil && a.Decimals != b.Decimals {
			bad("of", fmt.Sprintf("两项的小数位数不同（%d 和 %d），不能相比；请换成同样小数位数的指标，或改用 formula", a.Decimals, b.Decimals),
				fmt.Sprintf("the terms have %d and %d decimals and cannot be compared; choose terms of the same scale, or write a formula", a.Decimals,
					b.Decimals))
		}
	case Mean:
		whole("of", d.OfKey())
		whole("per", d.Per)
	case Gap:
		if x := ref("of", d.OfKey()); x != nil && x.Measure != Coverage {
			bad("of", "缺口只能取自覆盖指标", "a gap is taken from a coverage")
		}
	case Formula:
		of := d.OfMap()
		if len(of) == 0 {
			bad("of", "算式要写明用到哪些指标，例如 of: {a: 指标}", "name the figures the expression uses, for example of: {a: figure}")
			return faults
		}
		in, names := map[string]formula.Type{}, []string{}
		for name := range of {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			if !operand.MatchString(name) || reserved[name] {
				bad("of", "名字 "+name+" 不能用在算式里；请用小写字母开头的字母、数字和下划线，且不用 in、true 这类保留字",
					"the name "+name+" cannot stand in an expression; use lower-case letters, digits and underscores, and no reserved word")
				return faults
			}
			whole("of", of[name])
			in[name] = formula.Int
		}
		prog, err := formula.Compile(d.Expr, in, formula.Int)
		if err != nil {
			bad("expr", "算式有误："+err.Error()+"；可用的名字："+strings.Join(names, "、")+"，只能用整数运算（+ - * / % 和括号、条件 a > b ? x : y）",
				"the expression is wrong: "+err.Error()+"; it may use "+strings.Join(names, ", ")+" in whole numbers (+ - * / %, brackets, a > b ? x : y)")
			return faults
		}
		for _, name := range names {
			if !prog.Uses(name) {
				bad("of", "名字 "+name+"（指标 "+of[name]+"）在算式里没有用到；请用上它，或从 of 里去掉",
					"the expression does not use "+name+" (figure "+of[name]+"); use it or take it out of “of”")
			}
		}
	case Coverage:
		if k := records("done", d.Done); k != nil && !k.Lasting() {
			bad("done", "覆盖指标要用持续状态的种类", "coverage needs a kind with a state")
		}
		if d.Must == nil || len(d.Must.Types) == 0 {
			bad("must", "要写明哪些类型的单位应当做到", "say which unit types have to do it")
		} else {
			for _, t := range d.Must.Types {
				if _, ok := org.ParseType(t); !ok {
					bad("must", "没有单位类型 "+t, "there is no unit type "+t)
				}
			}
		}
	case Count, Sum, Stock, Level, Distinct:
		k := records("kind", d.Kind)
		if k == nil {
			return faults
		}
		field := k.Field
		if d.Group != "" {
			g, _ := k.Field(d.Group)
			if g.Type != "group" {
				bad("group", "种类 "+d.Kind+" 没有名为 "+d.Group+" 的分组", "kind "+d.Kind+" has no group "+d.Group)
			}
			field = g.Field
		}
		if k.Lasting() && (d.Measure == Count || d.Measure == Sum) {
			bad("measure", "持续状态的种类要用 stock", "a kind with a state is measured by stock")
		}
		if !k.Lasting() && d.Measure == Stock {
			bad("measure", "stock 只能用于持续状态的种类", "stock needs a kind with a state")
		}
		if d.Measure == Sum || d.Measure == Level || d.Measure == Stock && d.Field != "" {
			f, _ := field(d.Field)
			switch f.Type {
			case "count", "number", "weight", "money":
			default:
				bad("field", "字段 "+d.Field+" 不存在或不是数量", "field "+d.Field+" does not exist or is no quantity")
			}
		}
		if d.Measure == Distinct && d.KeyField != "unit" {
			if _, ok := field(d.KeyField); !ok {
				bad("key_field", "没有字段 "+d.KeyField, "there is no field "+d.KeyField)
			}
		}
		if d.Measure == Level && d.Subject != "unit" {
			if _, ok := k.Field(d.Subject); !ok {
				bad("subject", "没有字段 "+d.Subject, "there is no field "+d.Subject)
			}
		}
		if d.Where != "" {
			if _, err := formula.Compile(d.Where, k.InputsIn(d.Group), formula.Bool); err != nil {
				bad("where", "条件有误："+err.Error(), "the condition is wrong: "+err.Error())
			}
			for _, m := range literal.FindAllStringSubmatch(d.Where, -1) {
				f, ok := field(m[1])
				if !ok {
					f, _ = k.Field(m[1])
				}
				if _, ok := f.Option(m[2]); f.Type == "choice" && !ok {
					var keys []string
					for _, o := range f.Options {
						keys = append(keys, o.Key)
					}
					bad("where", fmt.Sprintf("字段 %s 没有选项 %s，可用：%s", m[1], m[2], strings.Join(keys, "、")),
						fmt.Sprintf("field %s has no option %s; it has %s", m[1], m[2], strings.Join(keys, ", ")))
				}
			}
		}
	default:
		bad("measure", "不认识的度量 "+d.Measure, "unknown measure "+d.Measure)
	}
	return faults
}

// Terms are the figures a definition is computed from, in the order they are shown; none for one with records of its own.
func (d Definition) Terms() []string {
	switch d.Measure {
	case Ratio:
		return []string{d.Part, d.OfKey()}
	case Mean:
		return []string{d.OfKey(), d.Per}
	case Gap:
		return []string{d.OfKey()}
	case Formula:
		var out []string
		for _, k := range d.OfMap() {
			if !contains(out, k) {
				out = append(out, k)
			}
		}
		sort.Strings(out)
		return out
	}
	return nil
}

// circle follows the terms of a figure and returns the way back to start, or nil.
func circle(set *pack.Set, start, key string, way []string) []string {
	o := set.Get("indicators", key)
	if o == nil || len(way) > 50 {
		return nil
	}
	d, ok := o.Value.(Definition)
	if !ok {
		return nil
	}
	way = append(append([]string(nil), way...), key)
	for _, t := range d.Terms() {
		if t == start {
			return append(way, start)
		}
		if contains(way, t) {
			continue // a circle elsewhere: its own figures say so
		}
		if ring := circle(set, start, t, way); ring != nil {
			return ring
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// stored is the body of figure_def: the definition and the types of its inputs at that time.
type stored struct {
	Definition
	Inputs  map[string]formula.Type `json:"inputs,omitempty"`
	Lasting bool                    `json:"lasting,omitempty"`
}

// Def is one version of a definition at work.
type Def struct {
	Definition
	No        int64
	Version   int64
	From      period.Day
	State     string // building, active
	Watermark string
	Lasting   bool
	where     *formula.Program
}

// served reports whether Apply must serve this version for a record.
func (d *Def) served(record string) bool {
	return d.State == "active" || d.Watermark != "" && record <= d.Watermark
}

type defs struct {
	stamp  int64
	all    []*Def
	byKind map[string][]*Def
	byKey  map[string][]*Def // ascending versions
}

// Engine computes figures.
type Engine struct {
	Keepers *Keepers
	Orgs    *org.Store
	mu      sync.Mutex
	cache   map[int64]*defs
}

// New makes an engine over the records of keepers.
func New(orgs *org.Store, keepers *Keepers) *Engine { return &Engine{Keepers: keepers, Orgs: orgs} }

// ErrFigure says that no figure has this key.
var ErrFigure = problem.New(problem.NotFound, "indicator.no-figure", nil)

func (e *Engine) defs(ctx context.Context, q db.Querier, district int64) (*defs, error) {
	var stamp int64
	err := q.QueryRowContext(ctx, `SELECT value FROM counter WHERE district = $1 AND name = 'figure-stamp'`, district).Scan(&stamp)
	if _, err = db.One(err); err != nil {
		return nil, err
	}
	e.mu.Lock()
	c := e.cache[district]
	e.mu.Unlock()
	if c != nil && c.stamp == stamp {
		return c, nil
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (*Def, error) {
		d := &Def{}
		var body, kind string
		if err := r.Scan(&d.No, &d.Version, &body, &kind, &d.From, &d.State, &d.Watermark); err != nil {
			return nil, err
		}
		var s stored
		if err := json.Unmarshal([]byte(body), &s); err != nil {
			return nil, err
		}
		d.Definition, d.Lasting = s.Definition, s.Lasting
		if d.Where != "" {
			p, err := formula.Compile(d.Where, s.Inputs, formula.Bool)
			if err != nil {
				return nil, fmt.Errorf("stored definition %s: %w", d.Key, err)
			}
			d.where = p
		}
		return d, nil
	}, `SELECT def, version, body, kind, in_force_from, state, watermark FROM figure_def WHERE district = $1 ORDER BY key, version`, district)
	if err != nil {
		return nil, err
	}
	c = &defs{stamp: stamp, all: list, byKind: map[string][]*Def{}, byKey: map[string][]*Def{}}
	for _, d := range list {
		c.byKey[d.Key] = append(c.byKey[d.Key], d)
		if k := d.RecordKind(); k != "" {
			c.byKind[k] = append(c.byKind[k], d)
		}
	}
	if _, tx := q.(*db.Tx); !tx {
		e.mu.Lock()
		if e.cache == nil {
			e.cache = map[int64]*defs{}
		}
		e.cache[district] = c
		e.mu.Unlock()
	}
	return c, nil
}

// RecordKind is the kind of the records a figure counts; "" for one computed from others.
func (d *Def) RecordKind() string {
	if d.Measure == Coverage {
		return d.Done
	}
	return d.Kind
}

// at returns the version in force on the last day of p.
func (c *defs) at(key string, p period.Period) (*Def, error) {
	var best *Def
	for _, d := range c.byKey[key] {
		if d.State == "active" && (best == nil || d.From <= p.Last()) {
			best = d
		}
	}
	if best == nil {
		return nil, ErrFigure.With("key", key)
	}
	return best, nil
}

// Catalogue lists the newest active version of every figure, by key.
func (e *Engine) Catalogue(ctx context.Context, q db.Querier, district int64) ([]*Def, error) {
	c, err := e.defs(ctx, q, district)
	if err != nil {
		return nil, err
	}
	newest := map[string]*Def{}
	var order []string
	for _, d := range c.all {
		if d.State != "active" {
			continue
		}
		if newest[d.Key] == nil {
			order = append(order, d.Key)
		}
		newest[d.Key] = d
	}
	out := make([]*Def, len(order))
	for i, k := range order {
		out[i] = newest[k]
	}
	return out, nil
}

// DefFor returns the version of a figure that a period uses.
func (e *Engine) DefFor(ctx context.Context, q db.Querier, district int64, key string, p period.Period) (*Def, error) {
	c, err := e.defs(ctx, q, district)
	if err != nil {
		return nil, err
	}
	return c.at(key, p)
}
