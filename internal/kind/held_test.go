package kind_test

import (
	"strings"
	"testing"

	"sifen/internal/kind"
)

// What a new version of a kind would turn in records of the old one; what turns nothing is let through.
func TestWhatANewVersionTurns(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"nothing":                       {"", "", ""},
		"another title":                 {"zh: 比例", "zh: 占比", ""},
		"required now":                  {"key: topic, type: text", "key: topic, required: true, type: text", ""},
		"a limit":                       {"max: 50", "max: 60", ""},
		"one more option":               {"options: [{", "options: [{key: walk, title: {zh: 巡查, en: Walk}}, {", ""},
		"one more field":                {"fields:\n", "fields:\n  - {key: more, type: count, title: {zh: 另, en: More}}\n", ""},
		"fewer decimals":                {"decimals: 2", "decimals: 1", "the decimals of share change from 2 to 1"},
		"no decimals":                   {", decimals: 2", "", "the decimals of share change from 2 to 0"},
		"another type":                  {"key: topic, type: text", "key: topic, type: long-text", "the type of topic changes from text to long-text"},
		"a weight that becomes a count": {"key: load, type: weight", "key: load, type: count", "the type of load changes from weight to count"},
		"another key":                   {"key: remark", "key: remarks", "field remark is gone"},
		"an option less":                {"{key: door, title: {zh: 入户, en: Door}}, ", "", "option door of form is gone"},
		"another option key":            {"key: door", "key: doors", "option door of form is gone"},
		"a field of a group less":       {"      - {key: n, type: count, title: {zh: 数量, en: Number}}\n", "", "field n is gone"},
		"two options exchange their titles": {"{key: door, title: {zh: 入户, en: Door}}, {key: talk, title: {zh: 座谈, en: Talk}}",
			"{key: door, title: {zh: 座谈, en: Talk}}, {key: talk, title: {zh: 入户, en: Door}}", "option door of form takes the title that option talk had"},
		"an option takes the title of another": {"{key: door, title: {zh: 入户, en: Door}}, {key: talk, title: {zh: 座谈, en: Talk}}",
			"{key: door, title: {zh: 座 谈, en: Talk}}, {key: talk, title: {zh: 座谈（停用）, en: Old}}", "option door of form takes the title that option talk had"},
		"an option is called anew": {"{key: door, title: {zh: 入户,", "{key: door, title: {zh: 入户宣传,", ""},
		"a field takes the title of another": {"title: {zh: 主题, en: Topic}", "title: {zh: 备注, en: Remark}",
			"field topic takes the title that field remark had"},
		"a new field takes an old title": {"{key: remark, type: long-text, title: {zh: 备注, en: Remark}}",
			"{key: remark, type: long-text, title: {zh: 备注（停用）, en: Old}}\n  - {key: note, type: long-text, title: {zh: 备注, en: Note}}", ""},
		"another day":              {"day: held_on", "span: {from: held_on, until: held_on}", "from day(held_on) to span(held_on, held_on)"},
		"a state for a day":        {"day: held_on", "state: {from: held_on, until: held_on}", "from day(held_on) to state(held_on, held_on)"},
		"minutes for hours":        {"decimals: 2", "decimals: 2, unit: {zh: 分钟, en: min}", "the unit of share changes from 小时 to 分钟"},
		"another word for a count": {"max: 50", "max: 50, unit: {zh: 人次, en: people}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			was := visits
			switch name {
			case "minutes for hours":
				was = strings.Replace(was, "decimals: 2", "decimals: 2, unit: {zh: 小时, en: h}", 1)
				c.old = "decimals: 2, unit: {zh: 小时, en: h}"
			case "another word for a count":
				was = strings.Replace(was, "max: 50", "max: 50, unit: {zh: 人, en: people}", 1)
				c.old = "max: 50, unit: {zh: 人, en: people}"
			}
			if !strings.Contains(was, c.old) {
				t.Fatalf("no %q", c.old)
			}
			before, faults := load(t, was)
			after, more := load(t, strings.Replace(was, c.old, c.new, 1))
			if len(faults)+len(more) > 0 {
				t.Fatal(faults, more)
			}
			var said []string
			for _, x := range kind.Turns(before, after) {
				said = append(said, x.String())
			}
			if c.want == "" && len(said) > 0 || c.want != "" && (len(said) != 1+strings.Count(name, "exchange") || !strings.Contains(said[0], c.want)) {
				t.Errorf("%q, want %q", said, c.want)
			}
		})
	}
}

// A new or changed kind is held to what could not be told later: each fault at its line, with what would be right.
func TestFaultsOfFreshKinds(t *testing.T) {
	for name, c := range map[string]struct{ old, new, zh, en string }{
		"an option twice":            {"key: talk", "key: door", "选项 door 在这个字段里写了两次", "option door stands twice"},
		"a day that is not required": {"type: date, required: true", "type: date", "要写 required: true", "needs required: true"},
		"a due of units it is not about": {"by: 5}", "by: 5, units: [school]}", "永远报不上来；可用：community、estate、line:department、village",
			"could never deliver; there are: community, estate"},
		"a due of units it is about":     {"by: 5}", "by: 5, units: [estate]}", "", ""},
		"a due of units that enter it":   {"by: 5}", "by: 5, units: [village]}", "", ""},
		"a key of every workbook":        {"key: remark", "key: state", "是表格自带的列", "a column that every workbook has"},
		"the revision of every workbook": {"key: remark", "key: rev", "是表格自带的列", "a column that every workbook has"},
		"a reserved word":                {"key: remark", "key: import", "算式的保留字", "a reserved word of formulas"},
		"how another field was taken":    {"key: remark", "key: people_basis", "是字段 people 的计数方式", "is how people was taken"},
		"a field twice in a group":       {"{key: n, type: count", "{key: what, type: count", "在这个分组里写了两次", "stands twice in this group"},
		"money in fen":                   {"type: money", "type: money, unit: {zh: 分, en: fen}", "单位只能是 元，不是 分", "its unit must be 元, not 分"},
		"money in yuan":                  {"type: money", "type: money, unit: {zh: 元, en: yuan}", "", ""},
		"a weight in tonnes":             {"type: weight", "type: weight, unit: {zh: 吨, en: t}", "单位只能是 千克，不是 吨", "the unit must be 千克, not 吨"},
		"a weight in cartloads":          {"type: weight", "type: weight, unit: {zh: 车, en: loads}", "单位只能是 千克，不是 车", "the unit must be 千克"},
		"a weight in kilograms":          {"type: weight", "type: weight, unit: {zh: 公斤, en: kg}", "", ""},
		"a title in 万": {"{zh: 人数, en: People}", "{zh: 人数（万人次）, en: People}, unit: {zh: 人次, en: people}",
			"标题里的单位 万人次 与字段的单位 人次 不一致", "in the title"},
		"a title in 万 without a unit":     {"{zh: 人数, en: People}", "{zh: 人数（万人）, en: People}", "字段的单位 （没有写） 不一致", "the field, none"},
		"a title of persons":              {"{zh: 人数, en: People}", "{zh: 受众（人）, en: People}, unit: {zh: 人次, en: people}", "", ""},
		"a title in tonnes":               {"{zh: 重量, en: Load}", "{zh: 重量（吨）, en: Load}", "标题里的单位 吨 与字段的单位 千克 不一致", "the field, 千克"},
		"a title in kilograms":            {"{zh: 重量, en: Load}", "{zh: 重量（公斤）, en: Load}", "", ""},
		"a title in 万元":                   {"{zh: 费用, en: Cost}", "{zh: 费用（万元）, en: Cost}", "标题里的单位 万元 与字段的单位 元 不一致", "the field, 元"},
		"a title in percent":              {"{zh: 比例, en: Share}", "{zh: 比例（%）, en: Share}", "", ""},
		"a title in percent over a count": {"{zh: 人数, en: People}", "{zh: 占比（%）, en: People}, unit: {zh: 人, en: people}", "标题里的单位 % 与字段的单位 人", "the field, 人"},
		"a title with a remark":           {"{zh: 人数, en: People}", "{zh: 人数（含志愿者）, en: People}", "", ""},
		"a type there is not":             {"type: geo", "type: gps", "没有字段类型 gps；可用：bool、choice", "there is no field type gps; there are: bool, choice"},
		"a unit type there is not":        {"types: [estate]", "types: [estat]", "没有单位类型 estat；可用：", "there is no unit type estat; there are:"},
		"a day there is not":              {"day: held_on", "day: held", "没有日期字段 held；可用：held_on", "there is no date field held; there are: held_on"},
		"a formula over a name there not": {"people > 40", "peple > 40", "没有名为 peple 的名字，可用：base、", "there is no name peple; there are: base, "},
		"a name that is free":             {"key: remark", "key: number", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(visits, c.old) {
				t.Fatalf("no %q", c.old)
			}
			line := strings.Count(visits[:strings.Index(visits, c.old)], "\n") + 1
			_, faults := load(t, strings.Replace(visits, c.old, c.new, 1))
			if c.zh == "" {
				if len(faults) > 0 {
					t.Errorf("refused: %v", faults)
				}
				return
			}
			if len(faults) != 1 || !strings.Contains(faults[0].Message.Zh, c.zh) || !strings.Contains(faults[0].Message.En, c.en) {
				t.Fatalf("%v", faults)
			}
			if got := faults[0].Line; got != line {
				t.Errorf("line %d, want %d: %v", got, line, faults[0])
			}
		})
	}
}
