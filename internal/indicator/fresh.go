package indicator

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/docx/typed"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/pack"
	"sifen/internal/unit"
)

// tagWords are what templates name that is no figure.
var tagWords = []string{"单位", "期间", "日期", "文号", "名称", "序号", "编号", "数据来源"}

// tagNames are the names by which templates may call a figure, with the key of the definition each stands under.
func tagNames(d Definition) [][2]string {
	out := [][2]string{{"key", d.Key}, {"title", d.Title.Zh}}
	for _, n := range d.Names {
		out = append(out, [2]string{"names", n})
	}
	return out
}

// fresh holds new and changed definitions to what those of old may lack: one name for one figure, a unit that is that of
// the number, a key that can be counted.
func (r *Keepers) fresh(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
	d := o.Value.(Definition)
	bad := func(key, zh, en string) { faults = append(faults, o.Fault(key, zh, en)) }
	r.names(set, o, d, bad)
	if d.Decimals < 0 || d.Decimals > 6 {
		bad("decimals", "小数位应为 0 至 6", "decimals must be 0 to 6")
		return faults
	}
	k := r.Kind(set, d.Kind)
	if k != nil {
		fields := k.Fields
		if g, ok := k.Field(d.Group); ok && d.Group != "" {
			fields = g.Fields
		}
		countable := func(key, name string, fields []kind.Field) {
			i := slices.IndexFunc(fields, func(f kind.Field) bool { return f.Key == name })
			if i < 0 || slices.Contains(keyed, fields[i].Type) || fields[i].Type == "kind" {
				return
			}
			known := pack.Known(name, append(kind.FieldKeys(fields, keyed...), "unit"))
			bad(key, fmt.Sprintf("字段 %s 是 %s，分不出相同和不同%s", name, fields[i].Type, known.Zh),
				fmt.Sprintf("field %s is of type %s: equal ones cannot be told from different ones%s", name, fields[i].Type, known.En))
		}
		switch d.Measure {
		case Distinct:
			countable("key_field", d.KeyField, fields)
		case Level:
			countable("subject", d.Subject, k.Fields)
		}
	}
	if say := r.scale(set, d); say != nil {
		key := "unit"
		if d.Unit == nil {
			key = "measure"
		}
		bad(key, say.Zh, say.En)
	}
	return faults
}

// names finds names that templates could not tell from those of another figure. Of two fresh figures the later one is told.
func (r *Keepers) names(set *pack.Set, o *pack.Object, d Definition, bad func(key, zh, en string)) {
	taken := map[string]string{}
	for _, w := range tagWords {
		taken[typed.Fold(w)] = ""
	}
	for _, x := range set.List("indicators") {
		other, ok := x.Value.(Definition)
		if !ok || x == o || x.Version == 0 && x.Key > o.Key {
			continue
		}
		for _, n := range tagNames(other) {
			taken[typed.Fold(n[1])] = other.Key
		}
	}
	said := map[string]bool{}
	for _, n := range tagNames(d) {
		by, clash := taken[typed.Fold(n[1])]
		if !clash || n[1] == "" || said[n[1]] {
			continue
		}
		said[n[1]] = true
		if by == "" {
			bad(n[0], "名字 "+n[1]+" 在模板里另有所指，指标要用别的名字", "templates call something else "+n[1]+"; the figure needs another name")
			continue
		}
		bad(n[0], "名字 "+n[1]+" 已是指标 "+by+" 的，模板里的 {{"+n[1]+"}} 分不清是哪一个；请改名",
			"the name "+n[1]+" is that of figure "+by+": {{"+n[1]+"}} in a template could be either; choose another")
	}
}

// Recounts reports whether a change of a definition makes other numbers: more than its words changed. What cannot be read
// counts as changed.
func Recounts(before, after string) bool {
	var a, b Definition
	if yaml.Unmarshal([]byte(before), &a) != nil || yaml.Unmarshal([]byte(after), &b) != nil {
		return true
	}
	for _, d := range []*Definition{&a, &b} {
		d.Title, d.Names, d.Source = i18n.Label{}, nil, nil
	}
	return !reflect.DeepEqual(a, b)
}

// measured is a unit with the decimals of a number in it; free says that it is the program's own, as grams are.
type measured struct {
	unit.Measure
	decimals int
	word     string
	free     bool
}

// physical are the dimensions that a word of counting never stands for.
var physical = []string{"money", "mass", "length", "area", "volume"}

// scale says what is wrong with the unit and the decimals of a definition over what it adds up: a number that is printed
// must be that many of the unit behind it. nil where nothing is.
func (r *Keepers) scale(set *pack.Set, d Definition) *i18n.Label {
	switch d.Measure {
	case Formula, Gap:
		return nil // a formula makes its own scale
	case Count, Sum, Stock, Level, Distinct, Coverage:
	case Ratio:
		a, okA := figureUnit(set, d.Part)
		b, okB := figureUnit(set, d.OfKey())
		if okA && okB && apart(a, b) {
			return &i18n.Label{Zh: "两项的单位（" + a.word + "、" + b.word + "）不同，不能直接相比；请换成同一单位的指标",
				En: "the terms are in " + a.word + " and " + b.word + " and cannot be compared; choose terms of one unit"}
		}
		return nil
	case Mean:
		of, ok := figureUnit(set, d.OfKey())
		own, has := unitOf(d)
		if ok && has && apart(of, own) {
			return &i18n.Label{Zh: "平均数的单位应与 " + d.OfKey() + " 的相同：" + of.word + "，不是 " + own.word,
				En: "a mean is in the unit of " + d.OfKey() + ": " + of.word + ", not " + own.word}
		}
		return nil
	default:
		return nil
	}
	field := r.stored(set, d)
	if field == nil {
		return nil
	}
	own, has := unitOf(d)
	if !has {
		if field.free {
			if d.Unit == nil {
				return right(*field, "没有写单位", "has no unit")
			}
			return right(*field, "的单位 "+d.Unit.Zh+" 不认识", "has the unit "+d.Unit.Zh+", which is not known")
		}
		if d.Decimals != field.decimals {
			return &i18n.Label{Zh: fmt.Sprintf("小数位应为 %d，与字段相同；写的是 %d", field.decimals, d.Decimals),
				En: fmt.Sprintf("decimals must be %d, as the field has; it says %d", field.decimals, d.Decimals)}
		}
		return nil
	}
	if fits(*field, own, d.Decimals) {
		return nil
	}
	return right(*field, fmt.Sprintf("的单位 %s、小数位 %d 与所加的数不符，会印错", own.word, d.Decimals),
		fmt.Sprintf("in %s with %d decimals contradicts what it adds up: a wrong number would be printed", own.word, d.Decimals))
}

// fits reports whether a stored number, written with some decimals, is that many of a unit.
func fits(stored, own measured, decimals int) bool {
	per := func(size *big.Rat, decimals int) *big.Rat {
		return new(big.Rat).Quo(size, big.NewRat(unit.Pow10(decimals), 1))
	}
	if stored.Dimension == own.Dimension && stored.Size != nil {
		return per(stored.Size, stored.decimals).Cmp(per(own.Size, decimals)) == 0
	}
	if stored.Size != nil && (slices.Contains(physical, own.Dimension) || slices.Contains(physical, stored.Dimension)) {
		return false
	}
	// words of counting stand for each other; what must agree is the 万 before them
	return per(big.NewRat(max(stored.Numeral, 1), 1), stored.decimals).Cmp(per(big.NewRat(max(own.Numeral, 1), 1), decimals)) == 0
}

// apart reports whether numbers of two units cannot stand for each other.
func apart(a, b measured) bool {
	if a.Dimension == b.Dimension {
		return a.Size.Cmp(b.Size) != 0
	}
	return a.Numeral != b.Numeral || slices.Contains(physical, a.Dimension) || slices.Contains(physical, b.Dimension)
}

func figureUnit(set *pack.Set, key string) (measured, bool) {
	if o := set.Get("indicators", key); o != nil {
		if d, ok := o.Value.(Definition); ok {
			return unitOf(d)
		}
	}
	return measured{}, false
}

// unitOf is the unit a figure is printed with. Points (分) of a count are not money.
func unitOf(d Definition) (m measured, ok bool) {
	if d.Unit == nil {
		return m, false
	}
	m.word = d.Unit.Zh
	m.Measure, ok = unit.MeasureOf(m.word)
	if m.Dimension == "money" && strings.HasSuffix(m.word, "分") && d.Measure != Sum && d.Measure != Stock && d.Measure != Level {
		return m, false
	}
	return m, ok
}

// stored is what a figure adds up, as it is stored: grams, fen, steps of a field's decimals, or records.
func (r *Keepers) stored(set *pack.Set, d Definition) *measured {
	count := &measured{Measure: unit.Measure{Dimension: "records", Size: big.NewRat(1, 1), Numeral: 1}}
	k := r.Kind(set, d.Kind)
	if d.Field == "" || d.Measure == Count || d.Measure == Distinct || d.Measure == Coverage {
		return count
	}
	if k == nil {
		return nil
	}
	f, ok := k.Field(d.Field)
	if g, in := k.Field(d.Group); in && d.Group != "" {
		f, ok = g.Field(d.Field)
	}
	if !ok {
		return nil
	}
	base := func(word string, decimals int) *measured {
		m, _ := unit.MeasureOf(word)
		return &measured{Measure: m, decimals: decimals, word: word, free: true}
	}
	switch f.Type {
	case "weight":
		return base("克", 0)
	case "money":
		return base("分", 0)
	case "count", "number":
		m := &measured{decimals: f.Decimals}
		if f.Unit != nil {
			m.word = f.Unit.Zh
			m.Measure, _ = unit.MeasureOf(m.word)
		}
		return m
	}
	return nil
}

// right says which units with which decimals are right for a stored number.
func right(m measured, zh, en string) *i18n.Label {
	var zhs, ens []string
	words := []string{m.word}
	switch m.Dimension {
	case "mass":
		words = []string{"克", "千克", "吨", "万吨"}
	case "money":
		words = []string{"分", "元", "万元", "亿元"}
	}
	for _, w := range words {
		u, ok := unit.MeasureOf(w)
		if !ok || m.Size == nil || u.Dimension != m.Dimension {
			continue
		}
		for n := range 7 {
			step := new(big.Rat).Quo(m.Size, big.NewRat(unit.Pow10(m.decimals), 1))
			if step.Cmp(new(big.Rat).Quo(u.Size, big.NewRat(unit.Pow10(n), 1))) == 0 {
				zhs, ens = append(zhs, fmt.Sprintf("%s（decimals: %d）", w, n)), append(ens, fmt.Sprintf("%s (decimals: %d)", w, n))
			}
		}
	}
	if len(zhs) == 0 {
		zhs, ens = []string{fmt.Sprintf("decimals: %d", m.decimals)}, []string{fmt.Sprintf("decimals: %d", m.decimals)}
	}
	return &i18n.Label{Zh: "指标" + zh + "；可用：" + strings.Join(zhs, "、"), En: "the figure " + en + "; right are: " + strings.Join(ens, ", ")}
}
