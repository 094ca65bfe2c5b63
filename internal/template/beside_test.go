package template

import (
	"strings"
	"testing"

	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/pack"
	"sifen/internal/ziptest"
)

func word(body string) []byte {
	const ns = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
	return ziptest.Pack(map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ` +
			`ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ` +
			`ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + rel +
			`" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": `<w:document` + ns + `><w:body>` + body + `</w:body></w:document>`,
	}, nil)
}

func para(s string) string {
	return `<w:p><w:r><w:t xml:space="preserve">` + strings.NewReplacer("<", "&lt;").Replace(s) + `</w:t></w:r></w:p>`
}

// grid makes a table of rows by "\n" and cells by "|"; "金额（万元）*2" spans two columns.
func grid(text string) string {
	var b strings.Builder
	b.WriteString(`<w:tbl>`)
	for _, row := range strings.Split(text, "\n") {
		b.WriteString(`<w:tr>`)
		for _, c := range strings.Split(row, "|") {
			words, span := c, ""
			if w, ok := strings.CutSuffix(c, "*2"); ok {
				words, span = w, `<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>`
			}
			b.WriteString(`<w:tc>` + span + para(words) + `</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	return b.String() + `</w:tbl>`
}

func rules() *pack.Set {
	set := pack.NewSet()
	for _, d := range []struct{ key, title, unit, measure string }{
		{"funds", "到位资金", "元", indicator.Sum}, {"people", "宣传人数", "人次", indicator.Sum}, {"estates", "居民小区", "个", indicator.Coverage},
		{"rate", "参与率", "", indicator.Ratio}, {"waste", "厨余垃圾", "千克", indicator.Sum}, {"plan", "计划投资", "万元", indicator.Sum},
		{"bare", "活动数", "", indicator.Count}, {"score", "得分", "分", indicator.Mean},
	} {
		def := indicator.Definition{Key: d.key, Title: i18n.Label{Zh: d.title}, Measure: d.measure}
		if d.unit != "" {
			def.Unit = &i18n.Label{Zh: d.unit}
		}
		set.Put(&pack.Object{Type: "indicators", Key: d.key, Value: def})
	}
	set.Put(&pack.Object{Type: "kinds", Key: "meeting", Value: &kind.Kind{Key: "meeting", Title: i18n.Label{Zh: "会议"}, Fields: []kind.Field{
		{Key: "name", Type: "text", Title: i18n.Label{Zh: "会议名称"}},
		{Key: "people", Type: "count", Title: i18n.Label{Zh: "参会人数"}, Unit: &i18n.Label{Zh: "人"}},
		{Key: "cost", Type: "money", Title: i18n.Label{Zh: "费用"}}, {Key: "load", Type: "weight", Title: i18n.Label{Zh: "重量"}},
	}}})
	return set
}

// What an author types around a tag against what the tag prints: another number is a fault with what would be right, a unit
// written twice is told, anything else passes.
func TestUnitsBesideTags(t *testing.T) {
	set := rules()
	for name, c := range map[string]struct{ body, fault, told string }{
		"ten thousand twice":       {para("资金{{到位资金：万}}万元"), "请写成 {{到位资金：万}}元", ""},
		"full units in 万":          {para("资金{{到位资金}}万元；"), "请写成 {{到位资金：万}}元 或 {{到位资金}}元", ""},
		"of another year":          {para("资金{{到位资金@上年}}万元"), "请写成 {{到位资金@上年：万}}元 或 {{到位资金@上年}}元", ""},
		"cut over runs":            {strings.Replace(para("资金{{到位资金}}万元"), "资金}}万", `资金}}</w:t></w:r><w:r><w:t>万</w:t></w:r><w:r><w:t>`, 1), "或 {{到位资金}}元", ""},
		"a hundred million":        {para("{{到位资金}}亿元"), "请写成 {{到位资金：万}}元 或 {{到位资金}}元", ""},
		"persons in 万":             {para("{{宣传人数}}万人次"), "请写成 {{宣传人数：万}}人次 或 {{宣传人数}}人次", ""},
		"persons in 万, by another": {para("{{宣传人数}}万人"), "请写成 {{宣传人数：万}}人次", ""},
		"万 alone":                  {para("约{{宣传人数}}万。"), "{{宣传人数：万}}人次", ""},
		"余 between":                {para("{{宣传人数}}余万人次"), "{{宣传人数：万}}人次", ""},
		"a thing without a unit":   {para("{{活动数}}万场"), "请写成 {{活动数：万}}场 或 {{活动数}}场", ""},
		"tons for kilograms":       {para("{{厨余垃圾}}吨"), "请写成 {{厨余垃圾}}千克", ""},
		"jin for kilograms":        {para("{{厨余垃圾}} 斤"), "请写成 {{厨余垃圾}}千克", ""},
		"tons of money":            {para("{{到位资金}}吨"), "请写成 {{到位资金}}元", ""},
		"yuan for 万元":              {para("{{计划投资}}元"), "请写成 {{计划投资}}万元", ""},
		"万 of 万元":                  {para("{{计划投资：万}}万元"), "自己会写“万”", ""},
		"a number as a share":      {para("{{宣传人数}}%"), "请写成 {{宣传人数}}人次", ""},
		"a coverage as a share":    {para("{{居民小区}}%"), "请写成 {{居民小区：百分比}} 或 {{居民小区}}个", ""},
		"per mille":                {para("{{参与率}}‰"), "请写成 {{参与率}}", ""},
		"behind a loop's end":      {para("{{#每个 镇街}}{{到位资金}}{{/每个}}万元"), "{{到位资金：万}}元", ""},
		"in a bracket":             {para("资金{{到位资金}}（万元）"), "{{到位资金：万}}元", ""},
		"a sign of money":          {para("￥{{宣传人数}}"), "请删去“¥”", ""},
		"a field of a record":      {para("{{#每条 会议}}{{参会人数}}万人{{/每条}}"), "请写成 {{参会人数}}", ""},
		"a weight of a record":     {para("{{#每条 会议}}{{重量}}吨{{/每条}}"), "请写成 {{重量}}", ""},

		"percent twice":           {para("率{{居民小区：百分比}}%"), "", "请删去后面的，只写 {{居民小区：百分比}}"},
		"percent twice, full":     {para("{{参与率}}％"), "", "只写 {{参与率}}"},
		"growth":                  {para("增长{{到位资金：增幅}}%"), "", "只写 {{到位资金：增幅}}"},
		"terms":                   {para("{{居民小区：分子分母}}个"), "", "自己带“个”"},
		"the unit of a record":    {para("{{#每条 会议}}（{{参会人数}}人）{{/每条}}"), "", "只写 {{参会人数}}"},
		"the money of a record":   {para("{{#每条 会议}}{{费用}}元{{/每条}}"), "", "只写 {{费用}}"},
		"the sign of a record":    {para("{{#每条 会议}}￥{{费用}}{{/每条}}"), "", "请删去一处"},
		"about, twice":            {para("约{{宣传人数：余}}人次"), "", "自己会写“余”"},
		"the head of a record":    {grid("名称|费用（万元）\n{{#每条 会议}}{{会议名称}}|{{费用}}{{/每条}}"), "", "请把表头的单位改成“元”"},
		"a unit against its head": {grid("资金（万元）\n{{到位资金}}元"), "", "请把表头的单位改成“元”"},

		"a column":                   {grid("镇街|资金（万元）\n{{#每个 镇街}}{{名称}}|{{到位资金}}{{/每个}}"), "表头“资金（万元）”的单位是“万元”", ""},
		"a column of 万":              {grid("资金（万元）\n{{到位资金：万}}"), "请把表头的单位改成“元”", ""},
		"a column of another":        {grid("重量（吨）\n{{厨余垃圾}}"), "请把表头的单位改成“千克”", ""},
		"a column of a share":        {grid("参与率（%）\n{{宣传人数}}"), "请把表头的单位改成“人次”", ""},
		"under two columns":          {grid("镇街|资金（万元）*2\n|市级|区级\na|1|{{到位资金}}"), "表头“资金（万元）”", ""},
		"a row":                      {grid("资金（万元）|{{到位资金}}|人数|{{宣传人数}}"), "表头“资金（万元）”", ""},
		"a line above":               {para("单位：万元") + grid("镇街|资金|人数\n{{#每个 镇街}}{{名称}}|{{到位资金}}|{{宣传人数}}{{/每个}}"), "表头“单位：万元”", ""},
		"a line of two above":        {para("单位：万元、吨") + grid("资金\n{{到位资金}}"), "的单位是“万元”", ""},
		"a line in the table":        {grid("单位：万元*2\n镇街|资金\n{{#每个 镇街}}{{名称}}|{{到位资金}}{{/每个}}"), "表头“单位：万元”", ""},
		"a title that ends in 万元":    {grid("到账金额万元\n{{到位资金}}"), "的单位是“万元”", ""},
		"the right column":           {grid("资金（元）|人数（人）|率（%）|重量（千克）\n{{到位资金：万}}|{{宣传人数}}|{{参与率}}|{{厨余垃圾}}"), "", ""},
		"the right column of 万元":     {grid("计划（万元）\n{{计划投资}}"), "", ""},
		"a row that says its own":    {para("单位：万元") + grid("项目（元）|{{到位资金}}"), "", ""},
		"a second head below":        {grid("资金（万元）\n{{计划投资}}\n人数\n{{宣传人数}}"), "", ""},
		"points are no cents":        {grid("得分（分）\n{{得分}}"), "", ""},
		"an issuer is no unit":       {para("单位：{{单位}}") + grid("资金\n{{到位资金}}"), "", ""},
		"a sentence above the table": {para("到位资金10万元。") + grid("资金\n{{到位资金}}"), "", ""},

		"right":                 {para("{{到位资金：万}}元，{{到位资金}}元，{{宣传人数：万}}人次，{{居民小区}}个小区，率{{居民小区：百分比}}"), "", ""},
		"another word":          {para("{{居民小区}}处，{{宣传人数}}人，{{宣传人数}}名群众"), "", ""},
		"words that begin so":   {para("{{到位资金：万}}，分别为{{宣传人数}}，{{到位资金}}分三年拨付，{{到位资金}}两项，{{厨余垃圾}}克服困难"), "", ""},
		"in words behind":       {para("{{宣传人数}}，万人空巷"), "", ""},
		"the sign of a figure":  {para("￥{{到位资金}}，人民币{{到位资金：万}}元"), "", ""},
		"a name, no number":     {para("{{#每条 会议}}{{会议名称}}万元{{/每条}}"), "", ""},
		"a comparison":          {para("{{#如果 到位资金>1000万}}元{{/如果}}"), "", ""},
		"the next number's own": {para("{{宣传人数}}{{到位资金}}元"), "", ""},
	} {
		w, err := docx.Open(word(c.body))
		if err != nil {
			t.Fatal(name, err)
		}
		faults, told := Look(set, w, nil)
		check := func(what, want string, got []docx.Fault) {
			if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0].Zh, want)) {
				t.Errorf("%s: %s %v, want %q", name, what, got, want)
			}
			for _, f := range got {
				if f.Paragraph == 0 || f.Context == "" || f.En == "" {
					t.Errorf("%s: without its place: %+v", name, f)
				}
			}
		}
		check("faults", c.fault, faults)
		check("told", c.told, told)
	}
}

// A figure that changes its unit under a template that stays would print another number.
func TestUnitsUnderATemplateThatStays(t *testing.T) {
	file := word(para("资金{{到位资金}}元"))
	with := func(unit string) *pack.Set {
		set := rules()
		set.Put(&pack.Object{Type: "indicators", Key: "funds", Value: indicator.Definition{Key: "funds", Title: i18n.Label{Zh: "到位资金"},
			Unit: &i18n.Label{Zh: unit}}})
		w, err := docx.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		set.Put(&pack.Object{Type: "templates", Key: "a", Value: &Template{Key: "a", File: "a.docx", word: w}})
		set.Files = map[string][]byte{"templates/a.docx": file}
		return set
	}
	for unit, want := range map[string]int{"元": 0, "万元": 1} {
		if got := unitFaults(with("元"), with(unit)); len(got) != want {
			t.Errorf("%s: %v", unit, got)
		}
	}
}
