package template

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sifen/internal/docx"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/pack"
	"sifen/internal/unit"
)

// A template prints a number between words that its author typed: 资金{{到位资金：万}}万元 says ten thousand times too much.
// What stands behind, before or above a tag is compared with what the tag prints.

// onPaper is what a tag puts on paper: a number in a unit, and which part of the unit it writes behind the number itself.
type onPaper struct {
	docx.Use
	own    string // the unit of the number, "%" for shares; empty where its definition has none
	brings string // written with the number: 万, %, the whole unit, or nothing
	record bool   // of a record in a loop; the others are figures
	base   bool   // a figure that can be printed as a share too
}

// Faults are the units around a template's tags that make a wrong number of what is printed; told are those that are only
// written twice.
func Faults(set *pack.Set, word *docx.Template, c *docx.Catalogue) (faults, told []docx.Fault) {
	figures, headers := word.Uses(c)
	var all []onPaper
	for _, u := range figures {
		if d, ok := definition(set, u.Key); ok && !u.Test {
			all = append(all, figure(u, d))
		}
	}
	loops := Loops(set)
	for _, u := range headers {
		if l := loops[u.Loop]; l.Kind != nil {
			if f, ok := l.Kind.Field(fieldNames(l.Kind)[u.Name]); ok && slices.Contains([]string{"count", "number", "weight", "money"}, f.Type) {
				all = append(all, value(u, f))
			}
		}
	}
	for _, p := range all {
		f, t := p.judge()
		faults, told = append(faults, f...), append(told, t...)
	}
	return faults, told
}

func definition(set *pack.Set, key string) (indicator.Definition, bool) {
	o := set.Get("indicators", key)
	if o == nil {
		return indicator.Definition{}, false
	}
	d, ok := o.Value.(indicator.Definition)
	return d, ok
}

// figure says what Value.Display prints in a form.
func figure(u docx.Use, d indicator.Definition) onPaper {
	p := onPaper{Use: u, base: d.Measure == indicator.Coverage}
	if d.Unit != nil {
		p.own = d.Unit.Zh
	}
	ratio := d.Measure == indicator.Ratio
	switch {
	case u.Form == "terms" && (ratio || p.base):
		p.brings = p.own
	case u.Form == "growth" || ratio && u.Form != "diff" || u.Form == "percent" && p.base:
		p.own, p.brings = unit.Hundredths, unit.Hundredths
	case u.Form == "wan":
		p.brings = "万"
	}
	return p
}

// value says what a field of a record prints: its unit stands with it.
func value(u docx.Use, f kind.Field) onPaper {
	own := ""
	if f.Unit != nil {
		own = f.Unit.Zh
	}
	switch f.Type {
	case "weight":
		own = "千克"
	case "money":
		own = cmp.Or(own, "元")
	}
	return onPaper{Use: u, own: own, brings: own, record: true}
}

// judge compares a tag with what stands behind it, before it, and at the head of its row, column or table.
func (p onPaper) judge() (faults, told []docx.Fault) {
	behind := behindOf(p.Sides.After)
	if behind != "" {
		switch p.against(behind) {
		case wrong:
			faults = append(faults, p.wrongBehind(behind))
		case twice:
			told = append(told, p.Fault("docx.unit-twice", "“"+p.Raw+"”自己带“"+p.brings+"”，后面又写了“"+behind+"”；请删去后面的，只写 "+p.Raw,
				"“"+p.Raw+"” brings “"+p.brings+"” and “"+behind+"” stands behind it; delete what stands behind and write "+p.Raw))
		}
	}
	if before := strings.TrimSpace(norm.NFKC.String(p.Sides.Before)); moneySign.MatchString(before) {
		sign := moneySign.FindString(before)
		own, known := measure(p.own)
		switch {
		case known && own.Dimension != "money" || p.own == unit.Hundredths:
			faults = append(faults, p.Fault("docx.unit-other", "前面的“"+sign+"”说的是钱，这个数"+p.named()+"；请删去“"+sign+"”，或换成资金的标签",
				"“"+sign+"” before it says money, and this number is "+p.namedEn()+"; delete “"+sign+"” or use a tag of money"))
		case p.record && p.brings != "":
			told = append(told, p.Fault("docx.unit-twice", "“"+p.Raw+"”自己带“"+p.brings+"”，前面又写了“"+sign+"”；请删去一处",
				"“"+p.Raw+"” brings “"+p.brings+"” and “"+sign+"” stands before it; delete it"))
		}
	}
	if p.Form == "yu" && (strings.HasPrefix(p.Sides.After, "余") || about.MatchString(p.Sides.Before)) {
		told = append(told, p.Fault("docx.about-twice", "“"+p.Raw+"”自己会写“余”，请删去旁边的“约”“余”等字",
			"“"+p.Raw+"” says “余” (more than) itself; delete the word for it beside the tag"))
	}
	f, t := p.heads(behind)
	return append(faults, f...), append(told, t...)
}

// heads compares a tag with the nearest head that names a unit it can be compared with.
func (p onPaper) heads(behind string) (faults, told []docx.Fault) {
	for _, text := range p.Sides.Heads {
		names := unit.Named(text)
		all := unit.NamesAll(text) || len(names) > 1
		if all { // of a table that lists many things: what it says of others says nothing of this
			names = slices.DeleteFunc(names, func(n string) bool { return !p.alike(n) })
		}
		if len(names) != 1 || strings.Contains(ambiguous, names[0]) { // 得分（分）are no cents
			continue
		}
		name := names[0]
		if p.against(name) != wrong {
			return nil, nil
		}
		f := p.Fault("docx.unit-head", "表头“"+short(text)+"”的单位是“"+name+"”，这里填的数"+p.named()+
			"；请把表头的单位改成“"+cmp.Or(p.own, "无")+"”，或换成这个单位的标签",
			"the head “"+short(text)+"” says “"+name+"”, and this number is "+p.namedEn()+
				"; write “"+cmp.Or(p.own, "no unit")+"” in the head, or use a tag in its unit")
		if p.record && p.own != "" || behind != "" && p.against(behind) != wrong { // its own unit stands beside the number
			return nil, []docx.Fault{f}
		}
		return []docx.Fault{f}, nil
	}
	return nil, nil
}

// alike reports whether a unit measures what the tag prints, in whatever size.
func (p onPaper) alike(name string) bool {
	own, ok := measure(p.own)
	m, ok2 := measure(name)
	return ok && ok2 && m.Dimension == own.Dimension
}

// What a unit beside a number makes of it.
const (
	nothing = iota
	twice   // what the tag writes itself
	wrong   // another number
)

// against says what a unit beside the number makes of it. Words for what is only counted may differ: 个 and 处 are one thing.
func (p onPaper) against(name string) int {
	m, _ := measure(name)
	own, known := measure(p.own)
	switch {
	case p.brings == unit.Hundredths && name == unit.Hundredths:
		return twice
	case name == unit.Hundredths || name == "‰" || p.brings == unit.Hundredths && (physical[m.Dimension] || m.Numeral > 1):
		if p.own == name {
			return nothing
		}
		return wrong
	case p.own == unit.Hundredths:
		if physical[m.Dimension] || m.Numeral > 1 {
			return wrong
		}
		return nothing
	case m.Numeral > 1 && p.brings != "":
		return wrong // 1286.4万万元
	case m.Dimension == "" || !known:
		if m.Numeral > 1 || known && own.Numeral > 1 && m.Dimension != "" {
			return wrong
		}
		return nothing
	}
	f, same := m.In(own)
	switch {
	case same && f.Cmp(big.NewRat(1, 1)) != 0:
		return wrong
	case same && p.brings != "" && p.brings != "万":
		return twice
	case same:
		return nothing
	case physical[m.Dimension] || physical[own.Dimension] || m.Numeral != own.Numeral:
		return wrong
	}
	return nothing
}

var physical = map[string]bool{"money": true, "mass": true, "length": true, "area": true, "volume": true, "time": true}

func measure(name string) (unit.Measure, bool) {
	if name == unit.Hundredths {
		return unit.Measure{Dimension: name, Size: big.NewRat(1, 1), Numeral: 1}, true
	}
	return unit.MeasureOf(name)
}

// wrongBehind names what would be right in the place of a tag and the unit behind it.
func (p onPaper) wrongBehind(behind string) docx.Fault {
	m, _ := measure(behind)
	own, known := measure(p.own)
	rest := p.own // what is right to write behind the number
	if p.own == "" && m.Numeral > 1 {
		rest = strings.TrimLeft(behind, "百千十万亿")
	}
	if p.brings != "" && p.brings != "万" {
		rest = ""
	}
	cures := []string{p.Raw + rest}
	inWan := m.Numeral > 1 && m.Dimension == own.Dimension || m.Numeral > 1 && (m.Dimension == "" || !known)
	if p.brings == "" && !p.record && inWan && own.Numeral <= 1 {
		cures = slices.Insert(cures, 0, p.as("万")+rest)
	}
	if behind == unit.Hundredths && p.base {
		cures = slices.Insert(cures, 0, p.as("百分比"))
	}
	why, whyEn := "这里填的数"+p.named()+"，后面却写着“"+behind+"”", "this number is "+p.namedEn()+", and “"+behind+"” stands behind it"
	if p.brings == "万" && m.Numeral > 1 {
		why, whyEn = "“"+p.Raw+"”自己会写“万”，后面又写了“"+behind+"”", "“"+p.Raw+"” writes “万” itself, and “"+behind+"” stands behind it"
	}
	return p.Fault("docx.unit-other", why+"，印出来是另一个数；请写成 "+strings.Join(cures, " 或 "),
		whyEn+": it would print another number; write "+strings.Join(cures, " or "))
}

var formPart = regexp.MustCompile(`[:：][^@＠:：{}｛｝]*`)

// as is the tag as it would be typed for another form.
func (p onPaper) as(form string) string {
	s := strings.TrimRight(formPart.ReplaceAllString(p.Raw, ""), "}｝")
	return s + "：" + form + p.Raw[len(strings.TrimRight(p.Raw, "}｝")):]
}

// named says what the number is in.
func (p onPaper) named() string {
	switch p.own {
	case "":
		return "没有单位"
	case unit.Hundredths:
		return "是百分数"
	}
	return "以“" + p.own + "”为单位"
}

func (p onPaper) namedEn() string {
	if p.own == "" {
		return "without a unit"
	}
	return "in “" + p.own + "”"
}

var (
	moneySign = regexp.MustCompile(`(¥|￥|\$|RMB|人民币)$`)
	about     = regexp.MustCompile(`(约|近|超|超过|逾|大约|约为|多达)\s*$`)
	more      = regexp.MustCompile(`^[余多来几]`)
)

// short words of one character that begin others: 分别, 克服, 方面, 两类.
const ambiguous = "分角克米升两方圆块年月日天"

// behindOf is the unit that a text begins with, as an author means it: 万元, 余万元, （吨）, %.
func behindOf(after string) string {
	s := strings.TrimLeft(norm.NFKC.String(strings.ReplaceAll(after, "\ufffc", "")), " \t\n(")
	s = strings.TrimLeft(more.ReplaceAllString(s, ""), " (")
	if strings.HasPrefix(s, "%") || strings.HasPrefix(s, "‰") {
		_, size := utf8.DecodeRuneInString(s)
		return s[:size]
	}
	r := []rune(s)
	for n := min(len(r), 6); n > 0; n-- {
		name := string(r[:n])
		m, ok := unit.MeasureOf(name)
		if !ok || strings.ContainsAny(string(r[n-1]), ambiguous) && (n == 1 || m.Numeral > 1) || m.Numeral > 1 && m.Numeral < 10000 {
			continue
		}
		if r[0] < 0x80 && n < len(r) && r[n] < 0x80 && r[n] > ' ' && r[n] != ')' && r[n] != ',' && r[n] != '.' && r[n] != ';' {
			continue // t of ton
		}
		if m.Dimension == "" { // 万, 万余元, 万(元)
			if rest := behindOf(string(r[n:])); rest != "" {
				if x, ok := unit.MeasureOf(name + rest); ok && x.Dimension != "" {
					return name + rest
				}
			}
		}
		return name
	}
	return ""
}

// short is a head as a message quotes it.
func short(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return string(r)
}
