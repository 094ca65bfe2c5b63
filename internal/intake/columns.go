package intake

import (
	"fmt"

	"sifen/internal/i18n"
	"sifen/internal/intake/heading"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/sheet"
)

// column is one column of a kind's workbook.
type column struct {
	role  string // number, rev, state, unit, value, basis; street, district, lat, lon: see joined.go
	field kind.Field
	group string // of a repetition
	item  int
	key   string
	title i18n.Label
	names [][2]string         // its titles in both languages, taken apart
	takes func(org.Type) bool // of the unit's column: the types of unit it may name
}

const groupColumns = 4 // repetitions a workbook has room for

// columnsOf lists the columns of a kind. An export adds state and revision.
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
		out = append(out, column{role: "state", key: "state", title: i18n.Label{Zh: "状态", En: "State"}}, column{role: "rev", key: "rev",
			title: i18n.Label{Zh: "版本", En: "Revision"}})
	}
	for i := range out {
		for _, t := range []string{out[i].title.Zh, out[i].title.En} {
			name, inner := heading.Split(t)
			out[i].names = append(out[i].names, [2]string{name, inner})
		}
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
