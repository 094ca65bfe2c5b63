package kind

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/unit"
)

// taken are keys that workbooks use for columns of their own.
var taken = []string{"unit", "entry", "state", "rev"}

// formulaWords cannot be names in formulas.
var formulaWords = []string{"in", "true", "false", "null", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
	"package", "namespace", "return", "var", "void", "while"}

// fresh holds new and changed kinds to what those of old may lack.
func fresh(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
	k := o.Value.(*Kind)
	bad := func(zh, en string, path ...string) { faults = append(faults, o.FaultIn(path, zh, en)) }
	needed := func(name string) {
		if f, ok := k.Field(name); ok && f.Type == "date" && !f.Required {
			bad("字段 "+name+" 定记录的日期，要写 required: true", "field "+name+" dates the record: it needs required: true", "fields", name)
		}
	}
	switch {
	case k.Day != "":
		needed(k.Day)
	case k.Span != nil:
		needed(k.Span.From)
		needed(k.Span.Until)
	case k.State != nil:
		needed(k.State.From)
	}
	if k.Due != nil {
		for _, w := range k.Due.Units {
			t, ok := org.ParseType(w)
			if !unitWords[w] || !ok || k.TakesUnit(t) || k.EnteredAt(t) {
				continue
			}
			known := pack.Known(w, append(slices.Clone(k.Units()), k.EnteredBy...))
			bad("应报单位类型 "+w+" 既不是 about 也不是 entered_by 里的，永远报不上来"+known.Zh,
				"unit type "+w+" is neither in about nor in entered_by and could never deliver"+known.En, "due", "units")
		}
	}
	return append(faults, freshFields(o, k.Fields, "fields")...)
}

func freshFields(o *pack.Object, fields []Field, path ...string) (faults []pack.Fault) {
	seen := map[string]bool{}
	for _, f := range fields {
		at := append(slices.Clone(path), f.Key)
		bad := func(zh, en string, more ...string) {
			faults = append(faults, o.FaultIn(append(slices.Clone(at), more...), zh, en))
		}
		if seen[f.Key] && len(path) > 1 {
			bad("字段 "+f.Key+" 在这个分组里写了两次，请改名或删去一处", "field "+f.Key+" stands twice in this group: rename or remove one")
		}
		seen[f.Key] = true
		if slices.Contains(taken, f.Key) && len(path) == 1 && f.Key != "unit" {
			bad("字段 key "+f.Key+" 是表格自带的列，请换一个；"+strings.Join(taken, "、")+" 都不能用",
				f.Key+" is a column that every workbook has: choose another key; none of "+strings.Join(taken, ", ")+" can be used")
		}
		if slices.Contains(formulaWords, f.Key) {
			bad("字段 key "+f.Key+" 是算式的保留字，请换一个", f.Key+" is a reserved word of formulas: choose another key")
		}
		if i := slices.IndexFunc(fields, func(x Field) bool {
			return (x.Type == "count" || len(x.Basis) > 0) && x.Key+"_basis" == f.Key
		}); i >= 0 {
			bad(fmt.Sprintf("字段 key %s 在算式里是字段 %s 的计数方式，请换一个", f.Key, fields[i].Key),
				fmt.Sprintf("in formulas %s is how %s was taken: choose another key", f.Key, fields[i].Key))
		}
		options := map[string]bool{}
		for _, x := range f.Options {
			if x.Key == "" {
				bad("选项要有 key", "an option needs a key", "options")
			} else if options[x.Key] {
				bad("选项 "+x.Key+" 在这个字段里写了两次，请改名或删去一处", "option "+x.Key+" stands twice in this field: rename or remove one", "options", x.Key)
			}
			options[x.Key] = true
		}
		if f.Type == "money" && f.Unit != nil {
			if m, ok := unit.MeasureOf(f.Unit.Zh); ok && (m.Dimension != "money" || m.Size.RatString() != "1") {
				bad("金额按元填写，单位只能是 元，不是 "+f.Unit.Zh, "money is typed in yuan: its unit must be 元, not "+f.Unit.Zh, "unit")
			}
		}
		if f.Type == "weight" && f.Unit != nil {
			if m, ok := unit.MeasureOf(f.Unit.Zh); !ok || m.Dimension != "mass" || m.Size.RatString() != "1" {
				bad("重量按千克填写、按克存放，单位只能是 千克，不是 "+f.Unit.Zh+"；表格的列名写（吨）时导入会换算，要按吨出数，写在指标的 unit 里",
					"weights are typed in kilograms and kept in grams: the unit must be 千克, not "+f.Unit.Zh+
						"; an import converts a column titled (吨), and a figure in tonnes says so in its own unit", "unit")
			}
		}
		titleUnit(f, func(zh, en string) { bad(zh, en, "title") })
		if len(f.Fields) > 0 {
			faults = append(faults, freshFields(o, f.Fields, append(at, "fields")...)...)
		}
	}
	return faults
}

// titleUnit refuses a title whose bracket names another unit than the numbers of the field are in: 受众（万人次） over 人次 would
// be filled in ten thousands and counted one by one.
func titleUnit(f Field, bad func(zh, en string)) {
	own := ""
	switch f.Type {
	case "weight":
		own = "千克"
	case "money":
		own = "元"
	case "count", "number":
		if f.Unit != nil {
			own = f.Unit.Zh
		}
	default:
		return
	}
	have, known := unit.MeasureOf(own)
	for _, said := range unit.Named(f.Title.Zh) {
		m, _ := unit.MeasureOf(said)
		factor, same := m.In(have)
		other := false
		switch share := unit.Hundredths; {
		case said == own || said == share && own == "":
		case said == share || own == share:
			other = true
		case known && same:
			other = factor.RatString() != "1"
		default:
			other = own != "" && (physical(m) || physical(have)) || m.Numeral != max(have.Numeral, 1)
		}
		if other {
			bad("标题里的单位 "+said+" 与字段的单位 "+cmp.Or(own, "（没有写）")+" 不一致，填的人会填成另一个数；请改标题或 unit，使两处相同",
				"the unit "+said+" in the title is not the unit of the field, "+cmp.Or(own, "none")+
					": people would enter another number; make the title and unit agree")
		}
	}
}
