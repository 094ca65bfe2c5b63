package docx

import (
	"strings"
	"testing"
)

const box1 = `<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>{{宣传场次}}</w:t></w:r></w:p>` +
	`</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>`

// TestEveryMessage gives each fault its template and the line a clerk reads.
func TestEveryMessage(t *testing.T) {
	merged := func(val string) string { return `<w:tc><w:tcPr><w:vMerge` + val + `/></w:tcPr><w:p/></w:tc>` }
	tests := map[string]struct{ body, code, want string }{
		"unknown name, near one": {para("一") + table([]string{"开展{{宣传场次数}}场"}), "docx.unknown-name",
			"第2段（表1 第1行 第1格）“开展{{宣传场次数}}场”：没有“宣传场次数”，您是否要用“宣传场次”？"},
		"unknown name, none near": {para("{{天气}}"), "docx.unknown-name", "第1段“{{天气}}”：没有“天气”，请从目录中复制名称"},
		"unknown text":            {para("{{文 存在的问题}}"), "docx.unknown-name", "第1段“{{文 存在的问题}}”：没有“存在的问题”，您是否要用“存在问题”？"},
		"unknown picture":         {para("{{图 现场图片}}"), "docx.unknown-name", "第1段“{{图 现场图片}}”：没有“现场图片”，您是否要用“现场照片”？"},
		"unknown annex":           {para("{{附表 数字来源}}"), "docx.unknown-name", "第1段“{{附表 数字来源}}”：没有“数字来源”，您是否要用“数据来源”？"},
		"unknown loop":            {para("{{#每个 镇}}{{宣传场次}}{{/每个}}"), "docx.unknown-name", "第1段“{{#每个 镇}}{{宣传场次}}{{/每个}}”：没有“镇”，您是否要用“镇街”？"},
		"unknown loop, none near": {para("{{#每条 宣传活动}}{{主题}}{{/每条}}"), "docx.unknown-name",
			"第1段“{{#每条 宣传活动}}{{主题}}{{/每条}}”：这里没有可循环的“宣传活动”；可循环的有：空、镇街"},
		"loop of the outside in a loop": {para("{{#每个 镇街}}") + para("{{#每个 公共机构}}") + para("{{/每个}}") + para("{{/每个}}"), "docx.unknown-name",
			"第2段“{{#每个 公共机构}}”：这里没有可循环的“公共机构”；可循环的有：社区"},
		"name of the outside in loop": {para("{{#每个 镇街}}{{宣传人数}}{{/每个}}"), "docx.unknown-name", "第1段“{{#每个 镇街}}{{宣传人数}}{{/每个}}”：没有“宣传人数”，您是否要用“宣传场次”？"},
		"unknown name in a test":      {para("{{#如果 整改>3}}a{{/如果}}"), "docx.unknown-name", "第1段“{{#如果 整改>3}}a{{/如果}}”：没有“整改”，您是否要用“整改率”？"},
		"unknown presence":            {para("{{#如果 有 现场照}}a{{/如果}}"), "docx.unknown-name", "第1段“{{#如果 有 现场照}}a{{/如果}}”：没有“现场照”，您是否要用“现场照片”？"},
		"unknown form":                {para("{{宣传场次：大写}}"), "docx.unknown-form", "第1段“{{宣传场次：大写}}”：不认识写法“大写”，可用的有 余、万、百分比、分子分母、原值、差、增幅"},
		"unknown period":              {para("{{宣传场次@去年}}"), "docx.unknown-period", "第1段“{{宣传场次@去年}}”：不认识期间“去年”，可用的有 上年、上期、本月、累计"},
		"form on header data":         {para("{{单位：余}}"), "docx.form-on-header", "第1段“{{单位：余}}”：“单位”不是数字，不能写“：”或“@”"},
		"form in a test":              {para("{{#如果 整改率:余>3}}a{{/如果}}"), "docx.form-in-test", "第1段“{{#如果 整改率:余>3}}a{{/如果}}”：比较时不写“：余”等写法，直接写名称"},
		"condition of two comparisons": {para("{{#如果 整改率>3 且 5}}a{{/如果}}"), "docx.bad-condition",
			"第1段“{{#如果 整改率>3 且 5}}a{{/如果}}”：条件只能是一个比较或有无，例如 整改率<90%、有 现场照片"},
		"condition without comparison": {para("{{#如果 整改率}}a{{/如果}}"), "docx.bad-condition", "第1段“{{#如果 整改率}}a{{/如果}}”：条件只能是一个比较或有无，例如 整改率<90%、有 现场照片"},
		"unknown keyword":              {para("{{#循环 镇街}}"), "docx.unknown-keyword", "第1段“{{#循环 镇街}}”：不认识“循环 镇街”，可用的有 #每个、/每个、#每条、/每条、#如果、#否则、/如果"},
		"no name":                      {para("{{文}}"), "docx.no-name", "第1段“{{文}}”：缺少名称，例如 {{文 存在问题}}、{{#每个 镇街}}"},
		"empty tag":                    {para("a{{ }}b"), "docx.empty-tag", "第1段“a{{ }}b”：标签里没有名称，请填写名称或删去括号"},
		"size of a picture":            {para("{{图 现场照片 宽8公分}}"), "docx.picture-size", "第1段“{{图 现场照片 宽8公分}}”：图片尺寸写法不对，例如 {{图 现场照片 宽8厘米}}"},
		"unclosed tag":                 {para("开展{{宣传场次场"), "docx.unclosed-tag", "第1段“开展{{宣传场次场”：“{{”没有配对的“}}”，请补上"},
		"stray close":                  {para("开展宣传场次}}场"), "docx.stray-close", "第1段“开展宣传场次}}场”：多了“}}”，前面没有“{{”"},
		"unclosed loop":                {para("{{#每个 镇街}}") + para("a"), "docx.unclosed", "第1段“{{#每个 镇街}}”：没有配对的“{{/每个}}”；首尾必须都在正文里，或都在同一个单元格、同一张表里"},
		"loop opened in a sentence":    {para("有{{#每个 镇街}}"), "docx.unclosed", "第1段“有{{#每个 镇街}}”：没有配对的“{{/每个}}”；首尾要么在同一段里，要么各自单独成段"},
		"unopened condition":           {para("{{/如果}}"), "docx.unopened", "第1段“{{/如果}}”：前面没有“{{#如果 …}}”；首尾必须都在正文里，或都在同一个单元格、同一张表里"},
		"loop closed in the table": {table([]string{"a", "{{/每个}}"}), "docx.unopened",
			"第2段（表1 第1行 第2格）“{{/每个}}”：前面没有“{{#每个 …}}”；首尾必须都在正文里，或都在同一个单元格、同一张表里"},
		"stray else": {para("{{#否则}}"), "docx.stray-else", "第1段“{{#否则}}”：“{{#否则}}”不在“{{#如果}}”里，或写了两次"},
		"crossed": {para("{{#每个 镇街}}{{#如果 整改率>1}}{{/每个}}{{/如果}}"), "docx.crossed",
			"第1段“{{#如果 整改率>1}}{{/每个}}{{/如果}}”：与“{{#如果 整改率>1}}”交叉，请先结束里面的一个"},
		"annex in a sentence": {para("见{{附表 数据来源}}"), "docx.annex-place", "第1段“见{{附表 数据来源}}”：附表要在正文里单独成段"},
		"annex in a cell":     {table([]string{"{{附表 数据来源}}"}), "docx.annex-place", "第1段（表1 第1行 第1格）“{{附表 数据来源}}”：附表要在正文里单独成段"},
		"text box":            {box1, "docx.tag-in-text-box", "第1段“{{宣传场次}}”：标签在文本框里，请移到正文或表格中"},
		"shape in a loop": {para("{{#每个 镇街}}") + `<w:p><w:r><w:pict/></w:r></w:p>` + para("{{/每个}}"), "docx.shape-in-loop",
			"第1段“{{#每个 镇街}}”：循环里有图形或文本框，请移到循环外"},
		"section break in a loop": {para("{{#每个 镇街}}") + `<w:p><w:pPr><w:sectPr/></w:pPr></w:p>` + para("{{/每个}}"), "docx.section-in-loop",
			"第1段“{{#每个 镇街}}”：循环里有分节符，请移到循环外"},
		"tag at a section break": {`<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{{#每个 镇街}}</w:t></w:r></w:p>` + para("{{/每个}}"),
			"docx.tag-at-section-break", "第1段“{{#每个 镇街}}”：标签所在的段落带有分节符，请把标签另起一段"},
		"merge across a loop": {`<w:tbl><w:tr>` + merged(` w:val="restart"`) + `</w:tr><w:tr><w:tc>` + para("{{#每个 镇街}}") + `</w:tc>` + merged("") +
			`<w:tc>` + para("{{/每个}}") + `</w:tc></w:tr></w:tbl>`, "docx.merge-across-loop", "第2段（表1 第2行 第1格）“{{#每个 镇街}}”：上下合并的单元格跨过了循环的边界，请拆分"},
		"tracked change": {`<w:p><w:r><w:t>{{宣传</w:t></w:r><w:ins w:id="1"><w:r><w:t>场次}}</w:t></w:r></w:ins></w:p>`, "docx.tag-in-revision",
			"第1段“{{宣传场次}}”：标签在修订痕迹里，请先接受修订"},
		"deletion inside a tag": {`<w:p><w:r><w:t>{{宣传</w:t></w:r><w:del w:id="1"><w:r><w:delText>人</w:delText></w:r></w:del><w:r><w:t>场次}}</w:t></w:r>` +
			`</w:p>`, "docx.tag-in-revision", "第1段“{{宣传人场次}}”：标签在修订痕迹里，请先接受修订"},
		"field": {`<w:p><w:fldSimple w:instr="X"><w:r><w:t>{{宣传场次}}</w:t></w:r></w:fldSimple></w:p>`, "docx.tag-in-field",
			"第1段“{{宣传场次}}”：标签在域里，请删去域后直接输入标签"},
		"complex field": {`<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>{{宣传场次}}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>` +
			`</w:p>`, "docx.tag-in-field", "第1段“{{宣传场次}}”：标签在域里，请删去域后直接输入标签"},
		"line break in a tag": {`<w:p><w:r><w:t>{{宣传</w:t><w:br/><w:t>场次}}</w:t></w:r></w:p>`, "docx.tag-broken",
			"第1段“{{宣传 场次}}”：标签中间有换行、制表符或图形，请在一行内重新输入"},
		"figure in a link": {`<w:p><w:hyperlink w:anchor="a"><w:r><w:t>{{宣传场次}}</w:t></w:r></w:hyperlink></w:p>`, "docx.figure-in-link",
			"第1段“{{宣传场次}}”：数字放在了超链接里，请取消超链接，数字自带来源链接"},
		"nesting without end": {para(strings.Repeat("{{#每个 镇街}}", 21) + strings.Repeat("{{/每个}}", 21)), "docx.nested-too-deep",
			"第1段“{{#每个 镇街}}{{#每个 镇街}}{{/每个}}{{/”：循环和条件嵌套过多，请简化"},
		"annex in a loop": {para("{{#每个 镇街}}") + para("{{附表 数据来源}}") + para("{{/每个}}"), "docx.annex-in-loop", "第2段“{{附表 数据来源}}”：附表不能放在循环里，请移到循环外"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tpl, err := Open(pack(tt.body, nil))
			if err != nil {
				t.Fatal(err)
			}
			faults := tpl.Check(testCatalogue())
			for _, f := range faults {
				if f.Code == tt.code && f.String() == tt.want && f.En != "" && f.Zh != "" {
					return
				}
			}
			t.Errorf("want %s %s\ngot %v", tt.code, tt.want, faults)
		})
	}
}

func TestFaultsAllAtOnceInOrder(t *testing.T) {
	foot := `<w:ftr ` + testNS + `>` + para("{{页}}") + `</w:ftr>`
	b := pack(para("一、主要做法")+para("{{甲}}")+para("{{宣传场次：大}}")+para("{{乙}}"), map[string]string{
		"word/footer1.xml":   foot,
		"word/footnotes.xml": `<w:footnotes ` + testNS + `><w:footnote>` + para("{{宣传场次}}") + `</w:footnote></w:footnotes>`,
		"word/_rels/document.xml.rels": relsWith(`<Relationship Id="rId1" Type="` + relBase +
			`footer" Target="footer1.xml"/><Relationship Id="rId2" Type="` + relBase + `footnotes" Target="/word/footnotes.xml"/>`),
	})
	tpl, err := Open(b)
	if err != nil {
		t.Fatal(err)
	}
	faults := tpl.Check(testCatalogue())
	var got []string
	for _, f := range faults {
		got = append(got, f.String())
	}
	want := []string{
		"第2段“{{甲}}”：没有“甲”，请从目录中复制名称",
		"第3段“{{宣传场次：大}}”：不认识写法“大”，可用的有 余、万、百分比、分子分母、原值、差、增幅",
		"第4段“{{乙}}”：没有“乙”，请从目录中复制名称",
		"第1段（页脚）“{{页}}”：没有“页”，请从目录中复制名称",
		"第1段（脚注）“{{宣传场次}}”：标签在脚注里，请移到正文或表格中",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(faults) > 1 && faults[1].Heading != "一、主要做法" {
		t.Errorf("heading above: %q", faults[1].Heading)
	}
	if en := faults[0].English(); en != "paragraph 2 “{{甲}}”: nothing is called “甲”; copy a name from the catalogue" {
		t.Errorf("English: %s", en)
	}
	if _, err := tpl.Render(testCatalogue(), newSource()); err == nil {
		t.Error("a template with faults was rendered")
	}
}

func TestFiguresListed(t *testing.T) {
	tpl, err := Open(pack(para("{{宣传场次@上年}}")+para("{{#每个 镇街}}{{宣传场次:余}}{{/每个}}{{#如果 整改率>1}}a{{/如果}}"), nil))
	if err != nil {
		t.Fatal(err)
	}
	uses := tpl.Figures(testCatalogue())
	if len(uses) != 3 || uses[0].Period != "last-year" || uses[1].Loop != "镇街" || uses[1].Form != "yu" || !uses[2].Test {
		t.Fatalf("uses: %+v", uses)
	}
	want := "第1段“{{宣传场次@上年}}”：“宣传场次”在2019年没有数，请核对期间或先补登记录"
	if got := uses[0].NoValue("2019年", "2019").String(); got != want {
		t.Errorf("got %s", got)
	}
}
