package attribute

import (
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/pack"
	"sifen/internal/problem"
)

var (
	households = &Definition{Key: "households", Title: i18n.Label{Zh: "户数", En: "Households"}, Type: Count, Unit: &i18n.Label{Zh: "户", En: "households"},
		Called: []string{"住户数"}}
	area   = &Definition{Key: "floor_area", Title: i18n.Label{Zh: "建筑面积", En: "Floor area"}, Type: Number, Decimals: 2, Unit: &i18n.Label{Zh: "平方米", En: "m²"}}
	budget = &Definition{Key: "budget", Title: i18n.Label{Zh: "经费", En: "Budget"}, Type: Money}
	sector = &Definition{Key: "sector", Title: i18n.Label{Zh: "类别", En: "Sector"}, Type: Choice,
		Options: []Option{{"market", i18n.Label{Zh: "农贸市场", En: "Farmers' market"}}, {"school", i18n.Label{Zh: "学校", En: "School"}}}}
	gated = &Definition{Key: "gated", Title: i18n.Label{Zh: "封闭", En: "Gated"}, Type: Bool}
	since = &Definition{Key: "since", Title: i18n.Label{Zh: "启用", En: "Since"}, Type: Day}
)

// TestTyped: what people type and cells hold is kept in one way, or refused with a sentence; nothing is guessed.
func TestTyped(t *testing.T) {
	for _, c := range []struct {
		of            *Definition
		text          string
		factor        int64
		kept, refused string
		zh, en        string
	}{
		{households, "540", 1, "540", "", "540 户", "540 households"},
		{households, " ５４０ 户", 1, "540", "", "540 户", "540 households"},
		{households, "1,200户", 1, "1200", "", "1,200 户", "1,200 households"},
		{households, "1.2", 10000, "12000", "", "12,000 户", "12,000 households"},
		{households, "1.2万", 1, "12000", "", "12,000 户", "12,000 households"},
		{households, "", 1, "", "", "", ""},
		{households, "0", 1, "0", "", "0 户", "0 households"},
		{households, "约500", 1, "", "attribute.number", "", ""},
		{households, "500左右", 1, "", "attribute.number", "", ""},
		{households, "3幢120户", 1, "", "attribute.number", "", ""},
		{households, "50%", 1, "", "attribute.number", "", ""},
		{households, "1/2", 1, "", "attribute.number", "", ""},
		{households, "12.5", 1, "", "attribute.whole", "", ""},
		{households, "-3", 1, "", "attribute.negative", "", ""},
		{households, "99999999999999", 1, "", "attribute.large", "", ""},
		{area, "12000.50", 1, "12000.5", "", "12,000.5 平方米", "12,000.5 m²"},
		{area, "0.123", 1, "", "attribute.decimals", "", ""},
		{budget, "12.5", 10000, "125000", "", "125,000.00 元", "125,000.00 yuan"},
		{sector, "农贸市场", 1, "market", "", "农贸市场", "Farmers' market"},
		{sector, "FARMERS' market", 1, "market", "", "农贸市场", "Farmers' market"},
		{sector, "market", 1, "market", "", "农贸市场", "Farmers' market"},
		{sector, "菜场", 1, "", "attribute.option", "", ""},
		{gated, "是", 1, "yes", "", "是", "yes"},
		{gated, "无", 1, "no", "", "否", "no"},
		{gated, "部分", 1, "", "attribute.bool", "", ""},
		{since, "2020年3月1日", 1, "2020-03-01", "", "2020-03-01", "2020-03-01"},
		{since, "20200301", 1, "2020-03-01", "", "2020-03-01", "2020-03-01"},
		{since, "2020-02-30", 1, "", "attribute.day", "", ""},
		{since, "3月1日", 1, "", "attribute.day", "", ""},
	} {
		kept, err := c.of.Parse(c.text, Reading{Factor: c.factor})
		code := ""
		if p, ok := problem.Refusal(err); ok {
			code = p.Code
		}
		if kept != c.kept || code != c.refused {
			t.Errorf("%s %q: kept %q, refused %q", c.of.Key, c.text, kept, code)
			continue
		}
		if zh, en := c.of.Show(kept, i18n.Zh), c.of.Show(kept, i18n.En); zh != c.zh || en != c.en {
			t.Errorf("%s %q: shown as %q and %q", c.of.Key, c.text, zh, en)
		}
		if kept != "" && !c.of.Fits(kept) {
			t.Errorf("%s: %q is kept and does not fit", c.of.Key, kept)
		}
	}
	if sector.Fits("zoo") || gated.Fits("540") || households.Fits("market") {
		t.Error("a value of another attribute fits")
	}
}

// TestColumns: a title names its attribute, and a unit in brackets is converted or refused, never passed over.
func TestColumns(t *testing.T) {
	for _, c := range []struct {
		of     *Definition
		title  string
		means  bool
		factor int64
		ok     bool
	}{
		{households, "户数", true, 1, true}, {households, "户 数（户）", true, 1, true}, {households, "住户数(万户)", true, 10000, true},
		{households, "户数（栋）", true, 0, false}, {households, "households", true, 1, true}, {households, "总户数", false, 1, true},
		{budget, "经费（万元）", true, 10000, true}, {budget, "经费(元)", true, 1, true}, {budget, "经费（美元）", true, 0, false},
		{area, "建筑面积【m²】", true, 1, true}, {area, "建筑面积（亩）", true, 0, false},
	} {
		name, inside := Titled(c.title)
		factor, ok := c.of.Factor(inside)
		if c.of.Means(name) != c.means || factor != c.factor || ok != c.ok {
			t.Errorf("%q: means %v, factor %d %v", c.title, c.of.Means(name), factor, ok)
		}
	}
}

// TestDefinitions: a rule pack is told where an attribute is wrong and what to write.
func TestDefinitions(t *testing.T) {
	for text, want := range map[string]string{
		"{key: a, title: A, type: count}":                                                        "",
		"{key: a, title: {zh: 甲, en: A, b}, type: count}":                                        "", // a comma without quotation marks is one of the text
		"{key: a-b, title: A, type: count}":                                                      "key 用小写字母",
		"{key: type, title: A, type: count}":                                                     "换一个 key",
		"{key: a, title: A, type: text}":                                                         "没有“text”这种属性",
		"{key: a, title: A, type: choice}":                                                       "选项至少写一个",
		"{key: a, title: A, type: count, options: [{key: x, title: X}]}":                         "只有 choice 有选项",
		"{key: a, title: A, type: choice, options: [{key: x, title: X}, {key: y, title: X}]}":    "写了两次",
		"{key: a, title: A, type: count, decimals: 2}":                                           "小数位数",
		"{key: a, title: A, type: count, of: [estates]}":                                         "没有单位类型“estates”",
		"{key: a, title: A, type: count}\n- {key: b, title: B, called: [A], type: count}":        "也叫“A”",
		"{key: a, title: 户数, type: count}\n- {key: b, title: B, called: [户数（户）], type: count}":   "也叫“户数（户）”",
		"{key: a, title: A, type: number, decimals: 2, unit: {zh: 平方米, en: m²}, of: [estate]}\n": "",
	} {
		r := pack.NewRegistry(Type())
		p, faults := r.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: t\nversion: 1.0.0\ntitle: {zh: T, en: T}\n")},
			"attributes/a.yaml": {Data: []byte("- " + text)}})
		if p != nil {
			_, more := r.Build(p)
			faults = append(faults, more...)
		}
		var said []string
		for _, f := range faults {
			said = append(said, f.Message.Zh)
		}
		if got := strings.Join(said, "; "); want == "" && got != "" || want != "" && !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestWhatARunKeeps: a rule is read again with the attributes that it was written with, whatever packs know by then.
func TestWhatARunKeeps(t *testing.T) {
	r := pack.NewRegistry(Type())
	p, faults := r.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: t\nversion: 1.0.0\ntitle: {zh: T, en: T}\n")},
		"attributes/a.yaml": {Data: []byte("- {key: homes, title: A, type: count}\n- {key: sort, title: B, type: bool}\n")}})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	set, _ := r.Build(p)
	for _, at := range []struct {
		set  *pack.Set
		want int
	}{{set, 4}, {pack.NewSet(), 2}} {
		text, err := Append("key: x\n", at.set)
		if err != nil {
			t.Fatal(err)
		}
		var rule struct{ Key string }
		d := yaml.NewDecoder(strings.NewReader(text))
		if err := d.Decode(&rule); err != nil || rule.Key != "x" {
			t.Fatalf("%q: %v", text, err)
		}
		rules, err := Read(d)
		if err != nil || len(rules) != at.want {
			t.Errorf("%q: %v, %v", text, rules, err)
		}
		if at.want == 4 && (rules["homes"] != formula.Exact || rules["sort"] != formula.Text) {
			t.Errorf("types %v", rules)
		}
	}
}
