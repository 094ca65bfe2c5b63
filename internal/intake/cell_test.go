package intake

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/sheet"
)

func label(zh, en string) i18n.Label { return i18n.Label{Zh: zh, En: en} }

// visits is a kind whose workbook has columns of every sort that needs no look into the district.
func visits() *kind.Kind {
	two := int64(2)
	unit := label("人次", "people")
	return &kind.Kind{Key: "visit", Title: label("走访", "Visit"), Prefix: "ZF", Day: "day", Fields: []kind.Field{
		{Key: "day", Type: "date", Required: true, Title: label("日期", "Day")},
		{Key: "topic", Type: "text", Title: label("主题", "Topic")},
		{Key: "people", Type: "count", Unit: &unit, Basis: []string{"counted", "estimated"}, Title: label("受众", "Audience")},
		{Key: "load", Type: "weight", Title: label("重量", "Load")},
		{Key: "spot", Type: "geo", Title: label("位置", "Place")},
		{Key: "gifts", Type: "group", Max: &two, Title: label("礼品", "Gifts"), Fields: []kind.Field{
			{Key: "what", Type: "text", Required: true, Title: label("名称", "What")}, {Key: "n", Type: "count", Title: label("数量", "Number")},
		}},
	}}
}

// TestCells: what a cell says is read as it is meant, or the fault says what to write.
func TestCells(t *testing.T) {
	choice := kind.Field{Type: "choice", Options: []kind.Option{{Key: "door", Title: label("入户宣传", "Door to door")}, {Key: "talk", Title: label("座谈", "Talk")}}}
	basis := kind.Field{Type: "count", Basis: []string{"counted", "estimated"}}
	hundredths, people := label("%", "%"), label("人次", "people")
	percent := kind.Field{Type: "number", Decimals: 1, Unit: &hundredths}
	for name, c := range map[string]struct {
		field   kind.Field
		role    string
		text    string
		d1904   bool
		want    string
		code    string
		suggest string
	}{
		"a text as it is":                {field: kind.Field{Type: "text"}, text: "１２ 楼", want: "１２ 楼"},
		"a day":                          {field: kind.Field{Type: "date"}, text: "2020-8-2", want: "2020-08-02"},
		"a day in Chinese":               {field: kind.Field{Type: "date"}, text: "2020年8月2日", want: "2020-08-02"},
		"a day as a number":              {field: kind.Field{Type: "date"}, text: "44045", want: "2020-08-02"},
		"a day as a number of a Mac":     {field: kind.Field{Type: "date"}, text: "42583", d1904: true, want: "2020-08-02"},
		"a day that is none":             {field: kind.Field{Type: "date"}, text: "2020-13-02", code: "value.date"},
		"a number":                       {field: kind.Field{Type: "count"}, text: "1,200", want: "1200"},
		"full-width digits":              {field: kind.Field{Type: "count"}, text: "５６", want: "56"},
		"a number with its unit":         {field: kind.Field{Type: "count"}, text: "56人次", want: "56"},
		"half a count":                   {field: kind.Field{Type: "count"}, text: "5.5", code: "value.decimals"},
		"about a number":                 {field: kind.Field{Type: "count"}, text: "约30人", code: "value.number"},
		"a number in words":              {field: kind.Field{Type: "count"}, text: "三十", code: "value.number"},
		"a share of a percentage":        {field: percent, text: "85.5%", want: "855"},
		"a share in full width":          {field: percent, text: "８５％", want: "850"},
		"a share of something else":      {field: kind.Field{Type: "number", Decimals: 2}, text: "85%", code: "value.number"},
		"a share of persons":             {field: kind.Field{Type: "count", Unit: &people}, text: "85%", code: "value.number"},
		"a share of nothing said":        {field: percent, text: "85‰", code: "value.number"},
		"two decimals":                   {field: kind.Field{Type: "number", Decimals: 2}, text: "3.14", want: "314"},
		"yuan and fen":                   {field: kind.Field{Type: "money"}, text: "12.5元", want: "1250"},
		"kilograms":                      {field: kind.Field{Type: "weight"}, text: "1.25千克", want: "1250"},
		"a choice":                       {field: choice, text: "座谈", want: "talk"},
		"a choice in English":            {field: choice, text: "door TO door", want: "door"},
		"a choice by its key":            {field: choice, text: "talk", want: "talk"},
		"a choice mistyped":              {field: choice, text: "入户宣穿", code: "value.option", suggest: "入户宣传"},
		"yes":                            {field: kind.Field{Type: "bool"}, text: "√", want: "true"},
		"no":                             {field: kind.Field{Type: "bool"}, text: "无", want: "false"},
		"perhaps":                        {field: kind.Field{Type: "bool"}, text: "大概", code: "value.bool"},
		"a place":                        {field: kind.Field{Type: "geo"}, text: "31.3512，118.4321", want: "map[lat:313512000 lon:1184321000]"},
		"half a place":                   {field: kind.Field{Type: "geo"}, text: "31.3512", code: "value.geo"},
		"how it was counted":             {field: basis, role: "basis", text: "估计", want: "estimated"},
		"how it was counted, in English": {field: basis, role: "basis", text: "Counted", want: "counted"},
		"guessed":                        {field: basis, role: "basis", text: "猜的", code: "value.option"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.role == "" {
				c.role = "value"
			}
			v, fault, err := column{role: c.role, field: c.field}.parse(context.Background(), c.text, columnUnit{}, c.d1904, nil)
			if err != nil {
				t.Fatal(err)
			}
			if fault == nil {
				fault = &cellFault{}
			}
			if v == nil {
				v = ""
			}
			if fmt.Sprint(v) != c.want || fault.code != c.code || fault.suggestion != c.suggest {
				t.Errorf("%v, %q → %q, want %q, %q → %q", v, fault.code, fault.suggestion, c.want, c.code, c.suggest)
			}
		})
	}
}

// TestColumnsOfAKind: a workbook has a column for each field, with its unit, its basis, and room for repetitions.
func TestColumnsOfAKind(t *testing.T) {
	var got []string
	for _, c := range columnsOf(visits(), true) {
		got = append(got, c.key+" "+c.title.Zh)
	}
	want := []string{"entry 编号", "unit 单位", "day 日期", "topic 主题", "people 受众（人次）", "people.basis 受众计数方式", "load 重量（千克）", "spot 位置",
		"gifts[1].what 礼品1·名称", "gifts[1].n 礼品1·数量", "gifts[2].what 礼品2·名称", "gifts[2].n 礼品2·数量", "state 状态", "rev 版本"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if cols := columnsOf(visits(), false); cols[len(cols)-1].role == "rev" {
		t.Error("an empty workbook asks for a revision")
	}
	for _, c := range columnsOf(visits(), true) {
		s := c.sheetColumn(visits())
		if s.Required != (c.key == "unit" || c.key == "day") {
			t.Errorf("%s: required is %v", c.key, s.Required)
		}
		if c.key == "people.basis" && strings.Join(s.Options, " ") != "清点 估计" {
			t.Errorf("options of a basis: %v", s.Options)
		}
	}
}

// TestHeads: which column of a file is which, and what is said of a head that does not do.
func TestHeads(t *testing.T) {
	for name, c := range map[string]struct {
		head     []string
		assigned []Assigned
		at       string // key=place
		faults   string // code@place
	}{
		"titles in Chinese":                    {head: []string{"单位", "日期", "主题"}, at: "unit=0 day=1 topic=2"},
		"titles in English":                    {head: []string{"Day", "Unit"}, at: "unit=1 day=0"},
		"titles as a person writes them":       {head: []string{" 单 位 *", "日期(年月日)", "受众"}, at: "unit=0 day=1 people=2"},
		"keys of fields":                       {head: []string{"unit", "day", "gifts[2].n"}, at: "unit=0 day=1 gifts[2].n=2"},
		"the lower of two titles":              {head: []string{"基本情况" + sheet.HeadMark + "单位", "基本情况" + sheet.HeadMark + "日期"}, at: "unit=0 day=1"},
		"numbers of rows and faults of before": {head: []string{"序号", "单位", "日期", "问题"}, at: "unit=1 day=2"},
		"the community beside its street":      {head: []string{"街道（镇）", "社区（村）", "日期"}, at: "unit=1 day=2 unit.street=0"},
		"the street and district of a unit":    {head: []string{"区县", "所属街道", "单位", "日期"}, at: "unit=2 day=3 unit.street=1 unit.district=0"},
		"two streets say nothing": {head: []string{"街道", "镇街", "单位", "日期"}, at: "unit=2 day=3",
			faults: "import.column-unknown@0 import.column-unknown@1"},
		"a place in two columns": {head: []string{"单位", "日期", "经度", "纬度（WGS-84）"}, at: "unit=0 day=1 spot.lat=3 spot.lon=2"},
		"a place of a map service": {head: []string{"单位", "日期", "经度（百度）", "纬度（百度）"}, at: "unit=0 day=1",
			faults: "import.column-unknown@2 import.column-unknown@3"},
		"half a place":        {head: []string{"单位", "日期", "经度"}, at: "unit=0 day=1", faults: "import.column-unknown@2"},
		"no title at all":     {head: []string{"甲", "乙"}, faults: "import.no-titles@0"},
		"the day is missing":  {head: []string{"单位", "主题"}, at: "unit=0 topic=1", faults: "import.column-missing@0"},
		"a column of nothing": {head: []string{"单位", "日期", "天气"}, at: "unit=0 day=1", faults: "import.column-unknown@2"},
		"as it was assigned": {head: []string{"哪里", "哪天", "天气"}, assigned: []Assigned{{Key: "unit", At: 0}, {Key: "day", At: 1}, {At: 2}},
			at: "unit=0 day=1"},
		"a text of every row stands behind": {head: []string{"哪天", "单位"}, assigned: []Assigned{{Key: "day", At: 0}, {Key: "unit", At: -1, Text: "桂花社区"}},
			at: "unit=1 day=0"},
	} {
		t.Run(name, func(t *testing.T) {
			cols := readable(visits())
			var faults []string
			at := match(cols, c.head, c.assigned, func(column int, _, code string, _ map[string]any, _ string) {
				faults = append(faults, fmt.Sprintf("%s@%d", code, column))
			})
			var got []string
			for i, col := range cols {
				if at[i] >= 0 {
					got = append(got, fmt.Sprintf("%s=%d", col.key, at[i]))
				}
			}
			if strings.Join(got, " ") != c.at || strings.Join(faults, " ") != c.faults {
				t.Errorf("%s, %s, want %s, %s", got, faults, c.at, c.faults)
			}
		})
	}
}

// TestLikelyColumns: what may be meant is offered, what only shares a character is not.
func TestLikelyColumns(t *testing.T) {
	im := Import{head: []string{"活动主题", "举办日期", "所属单位名", "题"}}
	got := map[string]int{}
	for _, f := range im.assign(visits()).Fields {
		got[f.Key] = f.Likely
	}
	for key, want := range map[string]int{"topic": 0, "day": 1, "unit": 2, "load": -1} {
		if got[key] != want {
			t.Errorf("%s may be column %d, want %d", key, got[key], want)
		}
	}
}

// TestFaultsOfAssigning: each is told at the column it is about.
func TestFaultsOfAssigning(t *testing.T) {
	head := []string{"哪里", "哪天"}
	for name, c := range map[string]struct {
		list []Assigned
		want string
	}{
		"all that is needed":        {[]Assigned{{Key: "unit", At: 0}, {Key: "day", At: 1}}, ""},
		"a column of no kind":       {[]Assigned{{Key: "colour", At: 0}}, "/columns/colour import.assign-unknown"},
		"a place of no column":      {[]Assigned{{Key: "unit", At: 7}}, "/columns/unit import.assign-unknown"},
		"one thing from two places": {[]Assigned{{Key: "unit", At: 0}, {Key: "unit", At: 1}}, "/columns/unit import.assign-twice"},
		"two things from one place": {[]Assigned{{Key: "unit", At: 0}, {Key: "day", At: 0}}, "/columns/day import.assign-twice"},
		"an empty text":             {[]Assigned{{Key: "unit", At: -1}}, "/columns/unit import.assign-empty"},
		"the day is missing":        {[]Assigned{{Key: "unit", At: 0}}, "/columns/day import.column-missing"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, f := range checkAssigned(readable(visits()), head, c.list) {
				got += f.Pointer + " " + f.Code
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestFaultsInBothLanguages: a fault keeps its sentence in both, and a file that cannot be read says where.
func TestFaultsInBothLanguages(t *testing.T) {
	f := newFault("B3", 1, "day", "value.date", nil, "2020-08-02")
	if f.Say.Zh == "" || f.Say.En == "" || f.Say.Zh == f.Say.En {
		t.Errorf("says %q and %q", f.Say.Zh, f.Say.En)
	}
	if row := f.row(visits(), i18n.En); row.Cell != "B3" || row.Message != f.Say.En || row.Sheet != "走访" {
		t.Errorf("a row's error is %+v", row)
	}
	list, err := fileFault(&sheet.Error{Cell: "A9", Code: "sheet.broken", Zh: "坏了", En: "broken"})
	if err != nil || len(list) != 1 || list[0].Column != -1 || list[0].Cell != "A9" {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := fileFault(context.Canceled); err == nil {
		t.Error("another error is taken for the file's")
	}
}

// Too many decimals are told by how many there may be in the unit that the number is written in.
func TestDecimalsOfAColumn(t *testing.T) {
	for _, c := range []struct {
		field  kind.Field
		title  string
		text   string
		digits any
	}{
		{kind.Field{Type: "money"}, "金额", "5.123", 2},
		{kind.Field{Type: "money"}, "金额（万元）", "5.123456789", 6}, {kind.Field{Type: "money"}, "金额（万元）", "5.123456", nil},
		{kind.Field{Type: "money"}, "金额", "5.1234567万元", 6}, {kind.Field{Type: "weight"}, "重量（吨）", "0.1234567", 6},
		{kind.Field{Type: "weight"}, "重量（斤）", "0.333", 2}, {kind.Field{Type: "count"}, "数量", "5.5", 0},
	} {
		col := column{role: "value", field: c.field}
		_, fault := col.parseQuantity(c.text, col.unitOf(c.title, nil))
		if c.digits == nil && fault != nil || c.digits != nil && (fault == nil || fault.code != "value.decimals" || fault.args["n"] != c.digits) {
			t.Errorf("%s under %s: %+v, want %v", c.text, c.title, fault, c.digits)
		}
	}
}
