package indicator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"

	"sifen/internal/formula"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
)

var (
	measures   = []string{Count, Sum, Stock, Level, Distinct, Ratio, Mean, Formula, Coverage, Gap}
	quantities = []string{"count", "number", "weight", "money"}
	// keyed are the types of fields whose values can be told apart and counted.
	keyed = []string{"text", "choice", "ref", "unit", "person", "date", "count", "number"}
)

func listed(set *pack.Set, typ string) []string {
	var out []string
	for _, o := range set.List(typ) {
		out = append(out, o.Key)
	}
	return out
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
			known := pack.Known(name, listed(set, "indicators"))
			bad(key, "没有指标 "+name+known.Zh, "there is no indicator "+name+known.En)
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
			known := pack.Known(name, append(listed(set, "kinds"), slices.Collect(maps.Keys(r.own))...))
			bad(key, "没有台账种类 "+name+known.Zh, "there is no kind "+name+known.En)
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
			zh, en := formula.Words(err)
			bad("expr", "算式有误："+zh+"；可用的名字："+strings.Join(names, "、")+"，只能用整数运算（+ - * / % 和括号、条件 a > b ? x : y）",
				"the expression is wrong: "+en+"; it may use "+strings.Join(names, ", ")+" in whole numbers (+ - * / %, brackets, a > b ? x : y)")
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
					known := pack.Known(t, kind.UnitWords())
					bad("must", "没有单位类型 "+t+known.Zh, "there is no unit type "+t+known.En)
				}
			}
		}
	case Count, Sum, Stock, Level, Distinct:
		k := records("kind", d.Kind)
		if k == nil {
			return faults
		}
		field, fields := k.Field, k.Fields
		if d.Group != "" {
			g, _ := k.Field(d.Group)
			if g.Type != "group" {
				known := pack.Known(d.Group, kind.FieldKeys(k.Fields, "group"))
				bad("group", "种类 "+d.Kind+" 没有名为 "+d.Group+" 的分组"+known.Zh, "kind "+d.Kind+" has no group "+d.Group+known.En)
			}
			field, fields = g.Field, g.Fields
		}
		if k.Lasting() && (d.Measure == Count || d.Measure == Sum) {
			bad("measure", "持续状态的种类要用 stock", "a kind with a state is measured by stock")
		}
		if !k.Lasting() && d.Measure == Stock {
			bad("measure", "stock 只能用于持续状态的种类", "stock needs a kind with a state")
		}
		if d.Measure == Sum || d.Measure == Level || d.Measure == Stock && d.Field != "" {
			f, _ := field(d.Field)
			if f.Compared {
				bad("field", d.Field+" 只能比较，不能相加；请在 where 里用它来数单位", d.Field+" is compared, never added; count units by it in “where”")
			} else if !contains(quantities, f.Type) {
				known := pack.Known(d.Field, kind.FieldKeys(fields, quantities...))
				bad("field", "字段 "+d.Field+" 不存在或不是数量"+known.Zh, "field "+d.Field+" does not exist or is no quantity"+known.En)
			}
		}
		if d.Measure == Distinct && d.KeyField != "unit" {
			if _, ok := field(d.KeyField); !ok {
				known := pack.Known(d.KeyField, append(kind.FieldKeys(fields, keyed...), "unit"))
				bad("key_field", "没有字段 "+d.KeyField+known.Zh, "there is no field "+d.KeyField+known.En)
			}
		}
		if d.Measure == Level && d.Subject != "unit" {
			if _, ok := k.Field(d.Subject); !ok {
				known := pack.Known(d.Subject, append(kind.FieldKeys(k.Fields, keyed...), "unit"))
				bad("subject", "没有字段 "+d.Subject+known.Zh, "there is no field "+d.Subject+known.En)
			}
		}
		if d.Where != "" {
			if _, err := formula.Compile(d.Where, k.InputsIn(d.Group), formula.Bool); err != nil {
				zh, en := formula.Words(err)
				bad("where", "条件有误："+zh, "the condition is wrong: "+en)
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
		known := pack.Known(d.Measure, measures)
		bad("measure", "不认识的度量 "+d.Measure+known.Zh, "unknown measure "+d.Measure+known.En)
	}
	return faults
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
