package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/sheet"
	"sifen/internal/unit"
)

// column is one column of a kind's workbook.
type column struct {
	role  string // number, rev, state, unit, value, basis
	field kind.Field
	group string // of a repetition
	item  int
	key   string
	title i18n.Label
}

const groupColumns = 4 // repetitions a workbook has room for

var basisTitles = map[string]i18n.Label{"counted": {Zh: "清点", En: "counted"}, "estimated": {Zh: "估计", En: "estimated"}}

// columns lists the columns of a kind. An export adds state and revision.
func columnsOf(k *kind.Kind, export bool) []column {
	out := []column{
		{role: "number", key: "entry", title: i18n.Label{Zh: "编号", En: "Number"}},
		{role: "unit", key: "unit", title: i18n.Label{Zh: "单位", En: "Unit"}},
	}
	add := func(f kind.Field, group string, item int, prefix i18n.Label) {
		key := f.Key
		if group != "" {
			key = fmt.Sprintf("%s[%d].%s", group, item+1, f.Key)
		}
		t := i18n.Label{Zh: prefix.Zh + f.Title.Zh, En: prefix.En + f.Title.En}
		if f.Type == "weight" {
			t.Zh, t.En = t.Zh+"（千克）", t.En+" (kg)"
		} else if f.Unit != nil {
			t.Zh, t.En = t.Zh+"（"+f.Unit.Zh+"）", t.En+" ("+f.Unit.En+")"
		}
		out = append(out, column{role: "value", field: f, group: group, item: item, key: key, title: t})
		if len(f.Basis) > 0 {
			out = append(out, column{role: "basis", field: f, group: group, item: item, key: key + ".basis",
				title: i18n.Label{Zh: prefix.Zh + f.Title.Zh + "计数方式", En: prefix.En + f.Title.En + " basis"}})
		}
	}
	for _, f := range k.Fields {
		if f.Type != "group" {
			add(f, "", 0, i18n.Label{})
			continue
		}
		n := groupColumns
		if f.Max != nil {
			n = min(n, int(*f.Max))
		}
		for i := range n {
			for _, g := range f.Fields {
				g.Required = false
				add(g, f.Key, i, i18n.Label{Zh: fmt.Sprintf("%s%d·", f.Title.Zh, i+1), En: fmt.Sprintf("%s %d: ", f.Title.En, i+1)})
			}
		}
	}
	if export {
		out = append(out, column{role: "state", key: "state", title: i18n.Label{Zh: "状态", En: "State"}}, column{role: "rev", key: "rev", title: i18n.Label{Zh: "版本", En: "Revision"}})
	}
	return out
}

// sheetColumn describes a column to the workbook.
func (c column) sheetColumn(k *kind.Kind) sheet.Column {
	s := sheet.Column{Key: c.key, Title: c.title.Zh, Second: c.title.En, Required: c.field.Required || c.role == "unit"}
	switch c.role {
	case "number":
		s.Note = "新登记不填；更正已有记录时保留编号。Leave empty for new entries; keep it to correct one."
		s.Width = 14
	case "unit":
		s.Note = "填单位代码、名称或「镇街/社区」。Code, name or path of the unit."
		s.Width = 22
	case "basis":
		for _, b := range c.field.Basis {
			s.Options = append(s.Options, basisTitles[b].Zh)
		}
		s.Width = 10
	case "value":
		f := c.field
		switch f.Type {
		case "date":
			s.Kind, s.Note, s.Width = sheet.Day, "如 2020-08-02。For example 2020-08-02.", 12
			if k.State != nil && f.Key == k.State.Until {
				s.Note = "最后一天；仍在使用的不填。The last day in force; empty while it lasts."
			}
		case "count":
			s.Kind, s.Width = sheet.Integer, 10
		case "number":
			s.Kind, s.Decimals, s.Width = sheet.Decimal, f.Decimals, 12
		case "money":
			s.Kind, s.Decimals, s.Width = sheet.Decimal, 2, 14
		case "weight":
			s.Kind, s.Decimals, s.Width = sheet.Decimal, 3, 12
		case "choice":
			for _, o := range f.Options {
				s.Options = append(s.Options, o.Title.Zh)
			}
		case "bool":
			s.Options, s.Width = []string{"是", "否"}, 8
		case "ref":
			s.Note, s.Width = "填编号或名称。Number or title of the record.", 18
		case "unit":
			s.Note, s.Width = "填代码、名称或路径。Code, name or path.", 20
		case "photo", "file":
			s.Note, s.Width = "文件名，多个用分号隔开；文件与表格放在一起。File names beside the workbook, separated by semicolons.", 24
		case "geo":
			s.Note = "纬度,经度（WGS-84），如 31.3512,118.4321。Latitude, longitude."
		case "long-text":
			s.Width = 40
		default:
			s.Width = 20
		}
		if f.Help != nil {
			s.Note = f.Help.Zh + " " + f.Help.En
		}
	}
	return s
}

// cellFault is what is wrong with one cell.
type cellFault struct {
	code       string
	args       map[string]any
	suggestion string
}

// parse reads a cell's text as the raw JSON value of its field. Names of units, refs and persons are looked up by look.
func (c column) parse(text string, date1904 bool, look *lookup) (any, *cellFault) {
	f := c.field
	switch f.Type {
	case "text", "long-text":
		if c.role == "value" {
			return text, nil
		}
	}
	plainText := text
	if !ascii(text) {
		plainText = sheet.NormaliseDigits(text)
	}
	if c.role == "basis" {
		for _, b := range f.Basis {
			if t := basisTitles[b]; text == t.Zh || strings.EqualFold(text, t.En) || text == b {
				return b, nil
			}
		}
		return nil, &cellFault{code: "value.option", args: map[string]any{"options": "清点、估计"}, suggestion: "清点"}
	}
	quantity := func(decimals int) (any, *cellFault) {
		s := strings.TrimSpace(plainText)
		if n, ok := unit.ParseDecimal(s, decimals); ok {
			return n, nil
		}
		for _, suffix := range []string{"人次", "人", "份", "户", "套", "处", "元", "个", "组", "kg", "千克"} {
			s = strings.TrimSuffix(s, suffix)
		}
		n, err := sheet.Number(s, decimals)
		if err != nil {
			return nil, &cellFault{code: "value.number", suggestion: digitsOf(plainText)}
		}
		return n, nil
	}
	switch f.Type {
	case "date":
		t, err := sheet.Date(text, date1904)
		if err != nil {
			return nil, &cellFault{code: "value.date"}
		}
		y, m, d := t.Date()
		return period.Date(y, int(m), d).String(), nil
	case "count":
		return quantity(0)
	case "number":
		return quantity(f.Decimals)
	case "money":
		return quantity(2)
	case "weight":
		return quantity(3)
	case "choice":
		var best string
		for _, o := range f.Options {
			if text == o.Title.Zh || strings.EqualFold(text, o.Title.En) || text == o.Key {
				return o.Key, nil
			}
			if best == "" || distance(text, o.Title.Zh) < distance(text, best) {
				best = o.Title.Zh
			}
		}
		return nil, &cellFault{code: "value.option", args: map[string]any{"options": f.OptionTitles()}, suggestion: best}
	case "bool":
		switch strings.ToLower(plainText) {
		case "是", "yes", "y", "true", "1", "有", "√":
			return true, nil
		case "否", "no", "n", "false", "0", "无", "×":
			return false, nil
		}
		return nil, &cellFault{code: "value.bool", suggestion: "是"}
	case "unit":
		n, fault := look.unit(text, f.Types)
		if fault != nil {
			return nil, fault
		}
		return int64(n), nil
	case "ref":
		return look.ref(f.Of, text)
	case "photo", "file":
		var out []any
		for _, name := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '；' || r == '、' || r == '\n' || r == ',' || r == '，' }) {
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			sha, fault := look.file(name, f.Type == "photo")
			if fault != nil {
				return nil, fault
			}
			out = append(out, sha)
		}
		return out, nil
	case "geo":
		a, b, ok := strings.Cut(strings.ReplaceAll(plainText, " ", ","), ",")
		lat, ok1 := unit.ParseDecimal(strings.TrimSpace(a), 7)
		lon, ok2 := unit.ParseDecimal(strings.Trim(strings.TrimSpace(b), ","), 7)
		if !ok || !ok1 || !ok2 {
			return nil, &cellFault{code: "value.geo"}
		}
		return map[string]any{"lat": lat, "lon": lon}, nil
	}
	return text, nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] <= ' ' {
			return false
		}
	}
	return true
}

func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' || r == '.' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// value writes a field for an export in the form parse reads.
func (c column) value(v kind.Values, o *org.Org, n names, unitText func(org.No) string) any {
	if c.group != "" {
		items, _ := v[c.group].([]kind.Values)
		if c.item >= len(items) {
			return nil
		}
		v = items[c.item]
	}
	f := c.field
	if c.role == "basis" {
		b, _ := v[f.Key+".basis"].(string)
		if b == "" {
			return nil
		}
		return basisTitles[b].Zh
	}
	x, ok := v[f.Key]
	if !ok {
		return nil
	}
	switch f.Type {
	case "count", "number", "money", "weight":
		return x
	case "date":
		d, err := period.ParseDay(fmt.Sprint(x))
		if err != nil {
			return fmt.Sprint(x)
		}
		return d.Start()
	case "photo", "file":
		list, _ := x.([]string)
		return strings.Join(list, ";")
	case "unit":
		no, _ := x.(int64)
		return unitText(org.No(no))
	case "geo":
		return strings.ReplaceAll(n.text(o, f, v, i18n.Zh), " ", "")
	}
	return n.text(o, f, v, i18n.Zh)
}

// unitTexts writes units for a workbook: by their path, which people read and import finds again; where two share one
// path by code or number.
func unitTexts(o *org.Org, day period.Day) func(org.No) string {
	paths, seen := map[org.No]string{}, map[string]int{}
	for _, u := range o.Units() {
		paths[u.No] = o.Path(u.No, day)
		seen[paths[u.No]]++
	}
	return func(n org.No) string {
		u, ok := o.Unit(n)
		switch {
		case !ok:
			return ""
		case seen[paths[n]] == 1:
			return paths[n]
		case u.Code != "":
			return u.Code
		}
		return "#" + strconv.FormatInt(int64(n), 10)
	}
}

// distance is the edit distance of two short texts in characters.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	prev := make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
		}
		prev = row
	}
	return prev[len(y)]
}
