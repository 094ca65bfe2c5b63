package kind_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// visits is a kind with a field of every type.
const visits = `
key: visit
title: {zh: 走访, en: Visit}
prefix: ZF
group: {zh: 测试, en: Test}
day: held_on
entered_by: [community, village]
about: [estate, "line:department"]
levels: [street]
due: {every: month, by: 5}
fields:
  - {key: held_on, type: date, required: true, title: {zh: 日期, en: Day}}
  - {key: topic, type: text, max: 4, title: {zh: 主题, en: Topic}}
  - {key: remark, type: long-text, title: {zh: 备注, en: Remark}}
  - {key: people, type: count, min: 1, max: 50, basis: [counted, estimated], title: {zh: 人数, en: People}}
  - {key: share, type: number, decimals: 2, title: {zh: 比例, en: Share}}
  - {key: load, type: weight, max: 5000, title: {zh: 重量, en: Load}}
  - {key: cost, type: money, title: {zh: 费用, en: Cost}}
  - {key: form, type: choice, title: {zh: 形式, en: Form}, options: [{key: door, title: {zh: 入户, en: Door}}, {key: talk, title: {zh: 座谈, en: Talk}}]}
  - {key: base, type: ref, of: visit, title: {zh: 上次, en: Last}}
  - {key: where, type: unit, types: [estate], title: {zh: 小区, en: Estate}}
  - {key: host, type: person, title: {zh: 接待人, en: Host}}
  - {key: photos, type: photo, max: 2, title: {zh: 照片, en: Photos}}
  - {key: papers, type: file, title: {zh: 附件, en: Papers}}
  - {key: spot, type: geo, title: {zh: 位置, en: Spot}}
  - {key: paid, type: bool, title: {zh: 已付, en: Paid}}
  - key: gifts
    type: group
    max: 2
    title: {zh: 礼品, en: Gifts}
    fields:
      - {key: what, type: text, required: true, title: {zh: 名称, en: What}}
      - {key: n, type: count, title: {zh: 数量, en: Number}}
checks:
  - {when: "people > 40", say: {zh: 人数偏多, en: many people}, level: warn}
  - {when: 'paid && cost == 0', say: {zh: 已付要写费用, en: paid needs a cost}, level: error}
  - {when: 'people_basis == "estimated"', say: {zh: 是估计, en: an estimate}, level: warn}
`

func load(t *testing.T, yaml ...string) (*kind.Kind, []pack.Fault) {
	t.Helper()
	r := pack.NewRegistry(kind.Type())
	files := fstest.MapFS{"pack.yaml": {Data: []byte("key: test\nversion: \"1\"\n")}}
	for i, y := range yaml {
		files[fmt.Sprintf("kinds/%d.yaml", i)] = &fstest.MapFile{Data: []byte(y)}
	}
	p, faults := r.Load(files)
	if len(faults) > 0 {
		return nil, faults
	}
	set, faults := r.Build(p)
	if len(faults) > 0 {
		return nil, faults
	}
	all := kind.All(set)
	if k, err := kind.Of(set, all[0].Key); err != nil || k != all[0] {
		t.Fatalf("%v is not found by its key: %v", all[0].Key, err)
	}
	if _, err := kind.Of(set, "party"); err == nil {
		t.Error("a kind that is none is found")
	}
	return all[0], nil
}

func visit(t *testing.T) *kind.Kind {
	t.Helper()
	k, faults := load(t, visits)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return k
}

var today = period.Date(2020, 12, 31)

// TestValuesAndTheirLimits: what is taken for a value, in which form it is kept, and what is said of one that is none.
func TestValuesAndTheirLimits(t *testing.T) {
	k := visit(t)
	sum := strings.Repeat("a", 64)
	const ref = "0176b64f-0280-70b8-b172-12c8e16a6afa"
	geo := func(lat, lon any) map[string]any { return map[string]any{"lat": lat, "lon": lon} }
	for name, c := range map[string]struct {
		field string
		raw   any
		want  string // the kept form
		code  string // of the fault at the field
	}{
		"a day":                              {"held_on", "2020-12-05", "2020-12-05", ""},
		"a day that is none":                 {"held_on", "2020-02-30", "", "value.date"},
		"a number for a day":                 {"held_on", 20201205, "", "value.date"},
		"tomorrow":                           {"held_on", "2021-01-01", "2021-01-01", "value.future"},
		"the last century":                   {"held_on", "1999-12-31", "1999-12-31", "value.too-early"},
		"no day":                             {"held_on", "", "", "value.required"},
		"as many characters as fit":          {"topic", " 四个汉字 ", "四个汉字", ""},
		"one character too many":             {"topic", "五个汉字了", "", "value.too-long"},
		"a number for a text":                {"topic", 7, "", "value.text"},
		"a text with a zero byte":            {"topic", "a\x00", "", "value.characters"},
		"only spaces":                        {"topic", "   ", "", ""},
		"lines of another system":            {"remark", "a\r\nb", "a\nb", ""},
		"4,000 characters":                   {"remark", strings.Repeat("长", 4000), strings.Repeat("长", 4000), ""},
		"4,001 characters":                   {"remark", strings.Repeat("长", 4001), "", "value.too-long"},
		"the least":                          {"people", 1, "1", ""},
		"less than the least":                {"people", 0, "", "value.too-small"},
		"the most":                           {"people", 50.0, "50", ""},
		"more than the most":                 {"people", 51, "", "value.too-large"},
		"half a person":                      {"people", 1.5, "", "value.number"},
		"a number in words":                  {"people", "三十", "", "value.number"},
		"zero where no least is named":       {"share", 0, "0", ""},
		"below zero where no least is named": {"share", -1, "", "value.too-small"},
		"more than a province's year":        {"share", kind.MaxQuantity + 1, "", "value.too-large"},
		"a heavy load":                       {"load", 5000, "5000", ""},
		"a load too heavy":                   {"load", 5001, "", "value.too-large"},
		"fen":                                {"cost", int64(1250), "1250", ""},
		"a choice":                           {"form", "talk", "talk", ""},
		"a choice by its title":              {"form", "座谈", "", "value.option"},
		"a reference":                        {"base", ref, ref, ""},
		"a title for a reference":            {"base", "上次走访", "", "value.reference"},
		"a unit's number":                    {"where", 12, "12", ""},
		"no unit's number":                   {"where", 0, "", "value.unit"},
		"a person's name":                    {"host", "王五", "", "value.reference"},
		"two photos, one of them twice":      {"photos", []any{sum, strings.Repeat("b", 64), sum}, "[" + sum + " " + strings.Repeat("b", 64) + "]", ""},
		"three photos":                       {"photos", []any{sum, strings.Repeat("b", 64), strings.Repeat("c", 64)}, "", "value.too-many"},
		"a photo's name":                     {"photos", []any{"a.jpg"}, "", "value.files"},
		"one photo without a list":           {"photos", sum, "", "value.files"},
		"no photos":                          {"photos", []any{}, "", ""},
		"a place":                            {"spot", geo(313512000, 1184321000), "map[lat:313512000 lon:1184321000]", ""},
		"a place beyond the pole":            {"spot", geo(900000001, 0), "", "value.geo"},
		"half a place":                       {"spot", geo(1, nil), "", "value.geo"},
		"yes":                                {"paid", true, "true", ""},
		"yes in words":                       {"paid", "是", "", "value.bool"},
		"repetitions":                        {"gifts", []any{map[string]any{"what": "桶", "n": 2}}, "[map[n:2 what:桶]]", ""},
		"one repetition too many": {"gifts", []any{map[string]any{"what": "a"}, map[string]any{"what": "b"}, map[string]any{"what": "c"}},
			"[map[what:a] map[what:b] map[what:c]]", "value.too-many"},
		"a repetition that is none":              {"gifts", "桶", "", "value.group"},
		"a basis that was chosen":                {"people.basis", "estimated", "estimated", ""},
		"a basis that is none":                   {"people.basis", "guessed", "", "value.option"},
		"a field that is none":                   {"colour", "red", "", "value.unknown-field"},
		"a field that differs in capitals":       {"Topic", "x", "", "value.unknown-field"},
		"nothing where nothing has to be":        {"topic", nil, "", ""},
		"a basis without saying so is the first": {"people", 3, "3", ""},
	} {
		t.Run(name, func(t *testing.T) {
			raw := map[string]any{"held_on": "2020-12-05", "people": 7}
			raw[c.field] = c.raw
			v, faults := kind.Clean(k, raw, today)
			code := ""
			for _, f := range faults {
				if f.Pointer == "/values/"+c.field {
					code = f.Code
				}
			}
			if code != c.code || len(faults) > 0 != (c.code != "") {
				t.Errorf("faults %v, want %q", faults, c.code)
			}
			got := ""
			if x, ok := v[c.field]; ok {
				got = fmt.Sprint(x)
			}
			if got != c.want {
				t.Errorf("kept as %q, want %q", got, c.want)
			}
			if _, has := v["people"]; has && c.field != "people.basis" && v["people.basis"] != "counted" {
				t.Errorf("a count that says nothing else was %v", v["people.basis"])
			}
		})
	}
}

// TestFaultsInRepetitions: a fault points into the repetition it is in.
func TestFaultsInRepetitions(t *testing.T) {
	_, faults := kind.Clean(visit(t), map[string]any{"held_on": "2020-12-05", "gifts": []any{map[string]any{"what": "桶"}, map[string]any{"n": -1}}}, today)
	var got []string
	for _, f := range faults {
		got = append(got, f.Pointer+" "+f.Code)
	}
	if want := "[/values/gifts/1/n value.too-small /values/gifts/1/what value.required]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestStoredValuesComeBack: what was kept reads back as it was, also when a limit was tightened since.
func TestStoredValuesComeBack(t *testing.T) {
	k := visit(t)
	sum := strings.Repeat("a", 64)
	raw := map[string]any{"held_on": "2020-12-05", "people": 50, "people.basis": "estimated", "share": 7, "form": "door", "where": 12,
		"photos": []any{sum}, "paid": true,
		"spot": map[string]any{"lat": int64(1), "lon": int64(2)}, "gifts": []any{map[string]any{"what": "桶", "n": 2}}}
	v, faults := kind.Clean(k, raw, today)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	few := int64(3)
	for i := range k.Fields {
		if k.Fields[i].Key == "people" {
			k.Fields[i].Max = &few
		}
	}
	back, err := k.Decode(v.Encode())
	if err != nil || back.Encode() != v.Encode() || fmt.Sprintf("%#v", back["gifts"]) != fmt.Sprintf("%#v", v["gifts"]) {
		t.Errorf("%s came back as %s: %v", v.Encode(), back.Encode(), err)
	}
	again, faults := kind.Clean(visit(t), v.Raw(), today)
	if len(faults) > 0 || again.Encode() != v.Encode() {
		t.Errorf("raw values are not taken again: %v %s", faults, again.Encode())
	}
	if _, err := k.Decode("{"); err == nil {
		t.Error("half a body is read")
	}
	f := kind.FieldsOf(k.Fields, v)
	if f["held_on"] != int64(period.Date(2020, 12, 5)) || f["people.basis"] != "estimated" || f["photos"] != nil ||
		f["gifts"].([]kind.Fields)[0]["n"] != int64(2) {
		t.Errorf("figures see %v", f)
	}
	if got := k.Files(v); len(got) != 1 || got["photos"][0] != sum || !k.HoldsFiles() {
		t.Errorf("files: %v", got)
	}
}

// TestChecksOfAKind: a hint is shown, a refusal stops, and what is not there holds nothing.
func TestChecksOfAKind(t *testing.T) {
	k := visit(t)
	for name, c := range map[string]struct {
		values  kind.Values
		hints   string
		refusal string
	}{
		"nothing to say":  {kind.Values{"people": int64(40), "people.basis": "counted", "paid": false, "cost": int64(0)}, "", ""},
		"a hint":          {kind.Values{"people": int64(41), "people.basis": "counted"}, "many people", ""},
		"a refusal":       {kind.Values{"paid": true, "cost": int64(0)}, "", "paid needs a cost"},
		"how it was seen": {kind.Values{"people": int64(1), "people.basis": "estimated"}, "an estimate", ""},
		"nothing entered": {kind.Values{}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			hints, refusals := k.Evaluate(c.values)
			if en(hints) != c.hints || en(refusals) != c.refusal {
				t.Errorf("hints %q, refusals %q", en(hints), en(refusals))
			}
		})
	}
}

func en(list []i18n.Label) string { return kind.Join(list).En }

// TestDaysOfRecords: one day, a run of days with both ends, days in force.
func TestDaysOfRecords(t *testing.T) {
	d := period.Date
	span := &kind.Kind{Span: &kind.Span{From: "a", Until: "b"}}
	state := &kind.Kind{State: &kind.State{From: "a", Until: "b", Subject: []string{"unit", "x"}}}
	for name, c := range map[string]struct {
		k           *kind.Kind
		values      kind.Values
		from, until period.Day
		subject     string
	}{
		"a day":            {&kind.Kind{Day: "a"}, kind.Values{"a": "2020-12-05"}, d(2020, 12, 5), d(2020, 12, 6), ""},
		"a run of days":    {span, kind.Values{"a": "2020-12-05", "b": "2020-12-07"}, d(2020, 12, 5), d(2020, 12, 8), ""},
		"still in force":   {state, kind.Values{"a": "2020-12-05", "x": "甲"}, d(2020, 12, 5), period.Open, "7|甲"},
		"no more in force": {state, kind.Values{"a": "2020-12-05", "b": "2020-12-31", "x": "乙"}, d(2020, 12, 5), d(2021, 1, 1), "7|乙"},
	} {
		t.Run(name, func(t *testing.T) {
			from, until := c.k.Days(c.values)
			if from != c.from || until != c.until || c.k.Subject(7, c.values) != c.subject || c.k.Lasting() != (c.k.State != nil) {
				t.Errorf("%s to %s of %q", from, until, c.k.Subject(7, c.values))
			}
		})
	}
	for name, c := range map[string]struct {
		k    *kind.Kind
		raw  map[string]any
		code string
	}{
		"a run that ends before it begins":      {span, map[string]any{"a": "2020-12-05", "b": "2020-12-04"}, "value.before-start"},
		"a run without an end":                  {span, map[string]any{"a": "2020-12-05"}, "value.required"},
		"in force from next year's end":         {state, map[string]any{"a": "2022-01-02"}, "value.future"},
		"in force a year from now":              {state, map[string]any{"a": "2022-01-01"}, ""},
		"in force until a day before the first": {state, map[string]any{"a": "2020-12-05", "b": "2020-12-04"}, "value.before-start"},
	} {
		t.Run(name, func(t *testing.T) {
			c.k.Fields = []kind.Field{{Key: "a", Type: "date"}, {Key: "b", Type: "date"}, {Key: "x", Type: "text"}}
			_, faults := kind.Clean(c.k, c.raw, today)
			if code := fmt.Sprint(faults); c.code == "" && len(faults) > 0 || !strings.Contains(code, c.code) {
				t.Errorf("%v, want %q", faults, c.code)
			}
		})
	}
}

// TestWhatIsOwedAndWhen: the last working day in time, the period it is owed for, and by how much a day misses it.
func TestWhatIsOwedAndWhen(t *testing.T) {
	for name, c := range map[string]struct {
		every string
		by    int
		day   period.Day
		due   string
		of    string
	}{
		"a month":                       {"month", 5, period.Date(2020, 11, 30), "2020-12-07", "2020-11"},
		"a month before a weekend":      {"month", 1, period.Date(2020, 10, 1), "2020-11-02", "2020-10"},
		"a quarter":                     {"quarter", 1, period.Date(2020, 5, 5), "2020-07-01", "2020-Q2"},
		"a year":                        {"year", 10, period.Date(2020, 5, 5), "2021-01-14", "2020"},
		"no number of days is one day":  {"month", 0, period.Date(2020, 6, 1), "2020-07-01", "2020-06"},
		"the first quarter's first day": {"quarter", 1, period.Date(2020, 1, 1), "2020-04-01", "2020-Q1"},
	} {
		t.Run(name, func(t *testing.T) {
			k := &kind.Kind{Due: &kind.Due{Every: c.every, By: c.by}}
			due, p, ok := k.DueDay(c.day)
			if !ok || due.String() != c.due || p.String() != c.of {
				t.Errorf("due %s for %s, want %s for %s", due, p, c.due, c.of)
			}
			if k.Late(c.day, due) != 0 || k.Late(c.day, due+3) != 3 {
				t.Errorf("on the day %d late, three days later %d", k.Late(c.day, due), k.Late(c.day, due+3))
			}
		})
	}
	if _, _, ok := (&kind.Kind{}).DueDay(today); ok || (&kind.Kind{}).Late(today, today+400) != 0 {
		t.Error("a kind that nobody owes is owed")
	}
}

// TestUnitsOfAKind: which units enter it, which it may be about, which owe it.
func TestUnitsOfAKind(t *testing.T) {
	k := visit(t)
	if k.ByLine() { // it is about a line, but no line enters or verifies it
		t.Error("lines enter or verify where none is named")
	}
	for name, c := range map[string]struct {
		of                  org.Type
		takes, enters, owes bool
	}{
		"who enters":          {"community", false, true, true},
		"whom it is about":    {"estate", true, false, false},
		"a street above":      {"street", false, false, false},
		"the district":        {org.District, false, false, false},
		"another that enters": {"village", false, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			if k.TakesUnit(c.of) != c.takes || k.EnteredAt(c.of) != c.enters || k.Owes(c.of) != c.owes {
				t.Errorf("takes %v, enters %v, owes %v", k.TakesUnit(c.of), k.EnteredAt(c.of), k.Owes(c.of))
			}
		})
	}
	k.About, k.Due.Units = nil, []string{"street"}
	if !k.TakesUnit("village") || !k.Owes("street") || k.Owes("village") {
		t.Error("without a list it is about those who enter it; a list of who owes it stands alone")
	}
	if got := kind.TypeTitles([]string{"community", "village"}); got.Zh != "社区、村" {
		t.Errorf("titles of types: %v", got)
	}
	line := &kind.Kind{Levels: []string{"line:department"}}
	if !line.ByLine() {
		t.Error("a line that verifies is not seen")
	}
}

// TestNamesInFormulas: the one table of what fields are in a formula.
func TestNamesInFormulas(t *testing.T) {
	k := visit(t)
	in := kind.Inputs(k.Fields)
	for name, want := range map[string]formula.Type{"held_on": formula.Int, "people": formula.Int, "people_basis": formula.Text, "cost": formula.Int,
		"form": formula.Text,
		"host": formula.Text, "where": formula.Int, "paid": formula.Bool} {
		if got, ok := in[name]; !ok || got != want {
			t.Errorf("%s is %v, %v", name, got, ok)
		}
	}
	for _, none := range []string{"photos", "papers", "spot", "gifts", "n", "cost_basis"} {
		if _, ok := in[none]; ok {
			t.Errorf("%s is in a formula", none)
		}
	}
	if in := k.InputsIn("gifts"); in["n"] != formula.Int || in["what"] != formula.Text || in["held_on"] != formula.Int {
		t.Errorf("in a group: %v", in)
	}
}

// TestQuantitiesInSentences: a limit is named in the unit people know.
func TestQuantitiesInSentences(t *testing.T) {
	for _, c := range []struct {
		f    kind.Field
		n    int64
		want string
	}{{kind.Field{Type: "count"}, 50, "50"}, {kind.Field{Type: "weight"}, 5500, "5.5 kg"}, {kind.Field{Type: "money"}, 1250, "12.5"},
		{kind.Field{Type: "number", Decimals: 1}, 15, "1.5"}} {
		if got := kind.Scaled(c.f, c.n); got != c.want {
			t.Errorf("%s of a %s is %q, want %q", fmt.Sprint(c.n), c.f.Type, got, c.want)
		}
	}
}

// TestKindsThatAreWrong: a pack's kind is refused with the place that has to change.
func TestKindsThatAreWrong(t *testing.T) {
	for name, c := range map[string]struct{ old, new, say string }{
		"no English title":            {"title: {zh: 走访, en: Visit}", "title: {zh: 走访, en: \"\"}", "标题要有中文和英文"},
		"a prefix in small letters":   {"prefix: ZF", "prefix: zf", "编号前缀"},
		"two ways to be dated":        {"day: held_on", "day: held_on\nspan: {from: held_on, until: held_on}", "三者写一个"},
		"a day that is a text":        {"day: held_on", "day: topic", "没有日期字段 topic"},
		"a state without its subject": {"day: held_on", "state: {from: held_on, until: held_on, subject: [colour]}", "没有字段 colour"},
		"owed every week":             {"every: month", "every: week", "every 只能是"},
		"a unit type that is none":    {"levels: [street]", "levels: [kingdom]", "没有单位类型 kingdom"},
		"a field type that is none":   {"key: topic, type: text", "key: topic, type: poem", "没有字段类型 poem"},
		"a field twice":               {"{key: remark,", "{key: topic,", "重复"},
		"a field called unit":         {"{key: remark,", "{key: unit,", "内置字段"},
		"a key in capitals":           {"{key: remark,", "{key: Remark,", "字段 key"},
		"a choice without options": {"options: [{key: door, title: {zh: 入户, en: Door}}, {key: talk, title: {zh: 座谈, en: Talk}}]", "options: []",
			"choice 要列出选项"},
		"a reference to no kind":          {"of: visit", "of: party", "没有台账种类 party"},
		"a forced photo":                  {"type: photo, max: 2", "type: photo, required: true, max: 2", "照片不得强制"},
		"seven decimals":                  {"decimals: 2", "decimals: 7", "小数位"},
		"a basis that is none":            {"basis: [counted, estimated]", "basis: [guessed]", "basis 只能是"},
		"a unit of no type":               {"types: [estate]", "types: [castle]", "没有单位类型 castle"},
		"a group in a group":              {"{key: n, type: count,", "{key: n, type: group,", "分组只能有一层"},
		"a check of a field that is none": {"people > 40", "persons > 40", "条件有误"},
		"a check of no level":             {"level: warn", "level: shout", "level 只能是"},
		"a title of no field":             {"prefix: ZF", "prefix: ZF\ntitle_field: colour", "没有字段 colour"},
		"a word that is none":             {"prefix: ZF", "prefix: ZF\nprefx: ZF", "prefx"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(visits, c.old) {
				t.Fatalf("%q is not in the kind", c.old)
			}
			_, faults := load(t, strings.Replace(visits, c.old, c.new, 1))
			found := false
			for _, f := range faults {
				found = found || strings.Contains(f.String(), c.say)
			}
			if !found {
				t.Errorf("faults %v, want %q", faults, c.say)
			}
		})
	}
	second := strings.Replace(strings.TrimSpace(visits), "key: visit\n", "key: another\n", 1)
	_, faults := load(t, visits, second)
	if len(faults) != 1 || !strings.Contains(faults[0].Message.Zh, "编号前缀 ZF 已用于 another") {
		t.Errorf("two kinds of one prefix: %v", faults)
	}
}

// TestSchemaOfKinds: an editor knows every type of field, and a word that is none is wrong.
func TestSchemaOfKinds(t *testing.T) {
	s := kind.Type().Schema()
	fields := s["properties"].(map[string]any)["fields"].(map[string]any)["items"].(map[string]any)
	types := fields["properties"].(map[string]any)["type"].(map[string]any)["enum"].([]string)
	for _, f := range visit(t).Fields {
		if !slices.Contains(types, f.Type) {
			t.Errorf("the schema knows no %s: %v", f.Type, types)
		}
	}
	if s["additionalProperties"] != false || fields["additionalProperties"] != false {
		t.Error("a word that is none passes the schema")
	}
}
