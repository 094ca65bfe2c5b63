//lint:file-ignore SA1019 the old DOS date alone leaves out the extra time field, so that equal documents are equal bytes

package docx

import (
	"archive/zip"
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files and the shipped template anew")

var shipped = filepath.Join("..", "..", "packs", "base", "templates", "annual-summary.docx")

// TestShippedTemplateIsGenerated keeps the committed Word file reviewable: its
// text and layout are in this file, byte for byte.
func TestShippedTemplateIsGenerated(t *testing.T) {
	generated(t, shipped, annualSummary(t))
}

// generated demands that a committed file is what its generator makes, and returns it; -update writes it anew.
func generated(t *testing.T, file string, want []byte) []byte {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from its generator; run go test ./internal/docx -run Generated -update", file)
	}
	return got
}

// annualSummaryText is the summary line by line: style, then text.
var annualSummaryText = [][2]string{
	{"DocNumber", "{{文号}}"},
	{"Normal", ""},
	{"Title", "{{单位}}{{期间}}生活垃圾分类工作总结"},
	{"Normal", ""},
	{"Body", "{{期间}}，{{单位}}把生活垃圾分类作为改善人居环境、提升治理水平的一件实事来办，坚持区级统筹、镇街主责、部门分线、群众参与，建体系、补设施、抓督导、强宣传，各项工作稳步推进。现将有关情况总结如下。"},
	{"Heading1", "一、主要做法及成效"},
	{"Heading2", "（一）加强组织领导，压实工作责任"},
	{"Body", "印发工作方案{{印发工作方案}}个、工作通知{{印发通知}}份，明确年度目标、任务分工和完成时限。因地制宜建立分类体系{{分类体系}}套，城区推行“四分法”，农村推行“二次四分法”。成立生活垃圾分类工作领导小组，由{{领导小组组长}}名负责同志担任组长，" +
		"召开动员会{{动员会}}次，对全年工作作出部署。属地责任落实到镇街和开发区，城管、住建、教育、卫健、商务等部门各管一线，区、镇街、村居、物业企业、业主委员会五方共管的格局初步形成。"},
	{"Heading2", "（二）健全制度机制，从严督促检查"},
	{"Body", "建立工作调度制度，召开调度会{{调度会}}次，形成会议纪要{{会议纪要}}份，议定事项逐项跟踪办理。组织专项检查{{专项检查}}次，印发通报和提示单{{通报和提示单}}份，对查出的问题列明清单、限期整改、到期复核。起草考核、奖补资金管理等办法{{起草办法}}项，" +
		"推动奖惩有据可依。在公共服务场所和居民小区开展智能分类试点{{智能试点}}处，探索投放可追溯、数据可核对的管理方式。"},
	{"Heading2", "（三）深化宣传引导，营造浓厚氛围"},
	{"Body", "建成示范教育基地{{教育基地}}个，接待参观团体{{接待批次：余}}批次。组建宣讲队{{宣讲队}}支，选聘讲师{{讲师}}名，开展宣传培训{{宣传培训场次}}场次，覆盖{{宣传人数：余}}人次。发放海报、手册等宣传品{{宣传品：万}}份，设置街头展示、" +
		"户外广告和公示栏{{宣传展示}}处，市级媒体刊发报道{{媒体报道：余}}篇。组织“三件套三入户”活动，走进居民小区{{入户小区：余}}个，入户宣传{{入户人数：余}}人，面对面讲清楚怎么分、往哪投。"},
	{"Heading2", "（四）完善设施设备，畅通收运链条"},
	{"Body", "改造转运站{{改造转运站}}座，实施厨余垃圾卸料口、有害垃圾暂存间、厨余破袋点、计量点等改造项目{{转运站改造项目}}项。配置分类收运车辆{{收运车辆}}辆，分类收集、分类运输、分类处置的链条基本贯通。分{{建设批次}}批建成集中投放点{{投放点}}处，方便居民就近投放、定点投放。"},
	{"Heading2", "（五）扩大覆盖范围，推进重点区域"},
	{"Body", "实行生活垃圾分类的公共机构{{公共机构}}家、学校{{学校}}所、居民小区{{居民小区}}个。对照应当覆盖的范围，公共机构为{{公共机构：分子分母}}，学校为{{学校：分子分母}}，居民小区为{{居民小区：分子分母}}，尚未覆盖的逐一列入名单，明确责任单位和推进时间。"},
	{"Heading1", "二、存在的问题"},
	{"Body", "在看到成效的同时，对照上级要求和群众期盼，工作中还有不少差距和不足。"},
	{"Heading2", "（一）责任落实不够到位"},
	{"Body", "有的单位登记不及时、不准确，逾期登记{{逾期登记}}条，退回更正{{退回登记}}条，任务还没有真正落到岗位、落到人头。"},
	{"Heading2", "（二）分类覆盖尚有空白"},
	{"Body", "应当实行而尚未实行分类的，有公共机构{{未分类公共机构}}家、学校{{未分类学校}}所、居民小区{{未分类小区}}个，其中居民小区的推进任务最重。"},
	{"Heading2", "（三）资金保障不够充足"},
	{"Body", "到位生活垃圾分类资金{{到位资金：万}}元，与设施建设、日常运行的实际需要相比仍有缺口，区对镇街的奖补机制有待落地见效。"},
	{"Heading2", "（四）共治合力有待增强"},
	{"Body", "{{文 存在问题}}"},
	{"Heading1", "三、下一步打算"},
	{"Body", "{{#如果 计划任务>0}}本年度计划任务{{计划任务}}项，办结{{完成任务}}项；到期末逾期未办结的{{逾期任务}}项，逐项明确责任单位，转入下一年度计划继续推进。{{/如果}}"},
	{"Body", "{{文 下一步打算}}"},
	{"Heading2", "（一）压紧责任链条"},
	{"Body", "把生活垃圾分类融入基层党建和行业管理，谁管行业、谁管分类，逐级明确目标、任务和责任人，情况按月通报，落后单位说明原因、限期赶上。"},
	{"Heading2", "（二）补齐设施短板"},
	{"Body", "巩固公共机构、学校和已建小区的成果，在其他小区广泛征求意见、合理选定位置，有序建设集中投放点；在农村因地制宜建设阳光堆肥房，让厨余垃圾就近就地变成肥料。"},
	{"Heading2", "（三）严格督查执法"},
	{"Body", "坚持每月检查考核，问题及时通报，整改全程跟踪，到期复核、逐项销号。对混合投放、混合装运和无证收运等行为，依法立案查处，公开曝光典型案例。"},
	{"Heading2", "（四）广泛发动群众"},
	{"Body", "在小区办好主题宣传活动，带着分类用品上门走访，听取居民意见；在中小学布置每周一次的“绿色作业”，由孩子带动家长，由家庭影响邻里，让分类成为自觉习惯。"},
	{"Normal", ""},
	{"Body", "附件：数字来源表"},
	{"Normal", ""},
	{"Normal", ""},
	{"Signature", "{{单位}}生活垃圾分类工作领导小组办公室"},
	{"SignatureDate", "{{日期}}"},
	{"AnnexLabel", "附件"},
	{"Normal", ""},
	{"AnnexTitle", "数字来源表"},
	{"Normal", ""},
	{"AnnexCell", "{{附表 数据来源}}"},
}

// Measures in twips. 579 gives 22 lines where 580 gives 21; 28 characters of
// 16 pt need 5 twentieths of a point less each. A footer 1446 above the edge
// puts the dash of the page number 7 mm below the text. Editors would space
// digits from characters by a quarter and so leave the grid: autoSpace is off,
// which Word and WPS obey and LibreOffice 7.4 does not read.
const (
	sectPr = `<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1446" w:gutter="0"/>` +
		`<w:cols w:space="425"/><w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>`
	indent = `<w:ind w:firstLineChars="200" w:firstLine="630"/>`
)

func fonts(eastAsia string) string {
	return `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="` + eastAsia + `" w:cs="Times New Roman"/>`
}

func paraStyle(id, name, pPr, rPr string) string {
	based := `<w:basedOn w:val="Normal"/>`
	kind := `<w:style w:type="paragraph" w:customStyle="1" w:styleId="` + id + `">`
	switch id {
	case "Normal":
		kind, based = `<w:style w:type="paragraph" w:default="1" w:styleId="Normal">`, ""
	case "Title", "Heading1", "Heading2", "Footer":
		kind = `<w:style w:type="paragraph" w:styleId="` + id + `">`
	}
	if strings.HasPrefix(id, "Heading") {
		based += `<w:next w:val="Body"/>`
	}
	s := kind + `<w:name w:val="` + name + `"/>` + based + `<w:qFormat/>`
	if pPr != "" {
		s += `<w:pPr>` + pPr + `</w:pPr>`
	}
	if rPr != "" {
		s += `<w:rPr>` + rPr + `</w:rPr>`
	}
	return s + `</w:style>`
}

func annualStyles() string {
	const center = `<w:jc w:val="center"/>`
	return `<w:styles xmlns:w="` + nsW + `"><w:docDefaults><w:rPrDefault><w:rPr>` + fonts("仿宋_GB2312") +
		`<w:color w:val="000000"/><w:spacing w:val="-5"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>` +
		`</w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:widowControl w:val="0"/><w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/><w:jc w:val="both"/>` +
		`</w:pPr></w:pPrDefault></w:docDefaults>` +
		paraStyle("Normal", "Normal", `<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>`, "") +
		paraStyle("Body", "公文正文", indent, "") +
		paraStyle("Heading1", "heading 1", `<w:keepNext/>`+indent+`<w:outlineLvl w:val="0"/>`, fonts("黑体")) +
		paraStyle("Heading2", "heading 2", `<w:keepNext/>`+indent+`<w:outlineLvl w:val="1"/>`, fonts("楷体_GB2312")) +
		paraStyle("Title", "Title", center, fonts("方正小标宋简体")+`<w:spacing w:val="0"/><w:sz w:val="44"/><w:szCs w:val="44"/>`) +
		paraStyle("DocNumber", "发文字号", center, "") +
		paraStyle("Signature", "署名", `<w:keepNext/><w:ind w:rightChars="200" w:right="630"/><w:jc w:val="right"/>`, "") +
		paraStyle("SignatureDate", "成文日期", `<w:ind w:rightChars="400" w:right="1260"/><w:jc w:val="right"/>`, "") +
		paraStyle("AnnexLabel", "附件标注", `<w:pageBreakBefore/>`, fonts("黑体")) +
		paraStyle("AnnexTitle", "附件标题", center, fonts("方正小标宋简体")+`<w:spacing w:val="0"/><w:sz w:val="44"/><w:szCs w:val="44"/>`) +
		paraStyle("AnnexCell", "附表文字", `<w:snapToGrid w:val="0"/><w:spacing w:before="20" w:after="20" w:line="250" w:lineRule="exact"/><w:jc w:val="left"/>`,
			fonts("宋体")+`<w:spacing w:val="0"/><w:sz w:val="18"/><w:szCs w:val="18"/>`) +
		paraStyle("Footer", "footer", `<w:snapToGrid w:val="0"/><w:spacing w:line="280" w:lineRule="exact"/>`,
			`<w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:cs="宋体"/><w:spacing w:val="0"/><w:sz w:val="28"/><w:szCs w:val="28"/>`) +
		`</w:styles>`
}

func pageNumber(pPr string) string {
	run := func(s string) string { return `<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>` + s + `</w:r>` }
	return `<w:ftr xmlns:w="` + nsW + `"><w:p><w:pPr><w:pStyle w:val="Footer"/>` + pPr + `</w:pPr>` +
		run(`<w:t xml:space="preserve">— </w:t>`) +
		run(`<w:fldChar w:fldCharType="begin"/>`) + run(`<w:instrText xml:space="preserve"> PAGE </w:instrText>`) +
		run(`<w:fldChar w:fldCharType="separate"/>`) + run(`<w:t>1</w:t>`) + run(`<w:fldChar w:fldCharType="end"/>`) +
		run(`<w:t xml:space="preserve"> —</w:t>`) + `</w:p></w:ftr>`
}

func annualDocument() string {
	var b strings.Builder
	b.WriteString(`<w:document xmlns:w="` + nsW + `" xmlns:r="` + nsR + `"><w:body>`)
	for _, l := range annualSummaryText {
		b.WriteString(`<w:p>`)
		if l[0] != "Normal" {
			b.WriteString(`<w:pPr><w:pStyle w:val="` + l[0] + `"/></w:pPr>`)
		}
		if l[1] != "" {
			// The hint makes curly quotes full-width, in the Chinese font.
			b.WriteString(`<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">` + l[1] + `</w:t></w:r>`)
		}
		b.WriteString(`</w:p>`)
	}
	return b.String() + sectPr + `</w:body></w:document>`
}

func fontTable() string {
	var b strings.Builder
	b.WriteString(`<w:fonts xmlns:w="` + nsW + `">`)
	for _, f := range [][3]string{{"Times New Roman", "", "roman"}, {"仿宋_GB2312", "仿宋", "modern"}, {"楷体_GB2312", "楷体", "modern"},
		{"方正小标宋简体", "宋体", "auto"}, {"黑体", "SimHei", "modern"}, {"宋体", "SimSun", "auto"}} {
		b.WriteString(`<w:font w:name="` + f[0] + `">`)
		charset := "00"
		if f[1] != "" {
			b.WriteString(`<w:altName w:val="` + f[1] + `"/>`)
			charset = "86"
		}
		b.WriteString(`<w:charset w:val="` + charset + `"/><w:family w:val="` + f[2] + `"/><w:pitch w:val="default"/></w:font>`)
	}
	return b.String() + `</w:fonts>`
}

func annualSummary(t *testing.T) []byte {
	t.Helper()
	return officialFile(t, "生活垃圾分类工作总结", annualDocument(), annualStyles())
}

// officialFile is a Word file in the layout of official documents.
func officialFile(t *testing.T, title, document, styles string) []byte {
	t.Helper()
	const wml = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	types := `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ` +
		`ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
	for _, o := range [][2]string{{"document", "document.main"}, {"styles", "styles"}, {"settings", "settings"}, {"fontTable", "fontTable"},
		{"footer1", "footer"}, {"footer2", "footer"}} {
		types += `<Override PartName="/word/` + o[0] + `.xml" ContentType="` + wml + o[1] + `+xml"/>`
	}
	types += `<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`
	rel := func(id, kind, target string) string {
		return `<Relationship Id="` + id + `" Type="` + relBase + kind + `" Target="` + target + `"/>`
	}
	parts := [][2]string{
		{"[Content_Types].xml", types},
		{"_rels/.rels", relsWith(rel("rId1", "officeDocument", "word/document.xml") +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" ` +
			`Target="docProps/core.xml"/>`)},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
			`xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + title + `</dc:title></cp:coreProperties>`},
		{"word/document.xml", document},
		{"word/_rels/document.xml.rels", relsWith(rel("rId1", "styles", "styles.xml") + rel("rId2", "settings", "settings.xml") +
			rel("rId3", "fontTable", "fontTable.xml") + rel("rId4", "footer", "footer1.xml") + rel("rId5", "footer", "footer2.xml"))},
		{"word/styles.xml", styles},
		{"word/settings.xml", `<w:settings xmlns:w="` + nsW + `"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>` +
			`<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" ` +
			`w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
			`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`},
		{"word/fontTable.xml", fontTable()},
		{"word/footer1.xml", pageNumber(`<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>`)},
		{"word/footer2.xml", pageNumber(`<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>`)},
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p[0], Method: zip.Store, ModifiedDate: dosEpoch})
		if err == nil {
			_, err = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+p[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
