package docx

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The shipped templates besides the summary, line by line: style, then text. A line of the style Table is a table: rows
// are parted by "/", cells by "|"; the first row is its head.
var officialTemplates = map[string]struct {
	title string
	lines [][2]string
}{
	"monthly-bulletin": {"生活垃圾分类工作通报", [][2]string{
		{"Letterhead", "{{单位}}生活垃圾分类工作领导小组办公室文件"},
		{"Normal", ""}, {"Normal", ""},
		{"DocNumber", "{{文号}}"},
		{"RedRule", ""},
		{"Normal", ""},
		{"Title", "关于{{期间}}生活垃圾分类工作情况的通报"},
		{"Normal", ""},
		{"MainTo", "各镇人民政府、街道办事处，开发区管委会，区有关部门："},
		{"Body", "现将{{单位}}{{期间}}生活垃圾分类工作情况通报如下。"},
		{"Heading1", "一、总体情况"},
		{"Body", "{{期间}}，全区开展宣传培训{{宣传培训场次}}场次，覆盖{{宣传人数}}人次，发放宣传品{{宣传品}}份；入户宣传{{入户人数}}人；组织专项检查{{专项检查}}次，印发通报和提示单{{通报和提示单}}份。本年累计开展宣传培训{{宣传培训场次@累计}}场次，" +
			"覆盖{{宣传人数@累计}}人次。"},
		{"Body", "到期末，集中投放点{{投放点}}处，分类收运车辆{{收运车辆}}辆；实行分类的公共机构{{公共机构：分子分母}}、学校{{学校：分子分母}}、居民小区{{居民小区：分子分母}}。"},
		{"Heading1", "二、检查与整改结果"},
		{"Body", "{{期间}}，区分类办、镇街和部门共检查{{检查次数}}次，覆盖点位{{检查点位}}处，发现问题{{发现问题}}个，其中严重问题{{严重问题}}个；没有问题的检查{{没有问题的检查}}次。另有单位自查{{自查次数}}次，不计入检查次数。"},
		{"Body", "交办问题{{交办问题}}件；到期问题{{到期问题}}件，其中已销号{{已销号}}件，整改率{{整改率}}；按期整改{{按期整改}}件，按期整改率{{按期整改率}}；首次复查{{首次复查}}件次，一次通过{{一次复查通过}}件次，" +
			"一次复查通过率{{一次复查通过率}}。各镇街情况见下表。"},
		{"Table", "镇街|检查|发现|到期|其中销号|按期|首查|通过/{{#每个 镇街}}{{名称}}|{{检查次数}}|{{发现问题}}|{{到期问题}}|{{已销号}}|{{按期整改}}|{{首次复查}}|{{一次复查通过}}{{/每个}}/" +
			"{{#每条 其他单位}}{{名称}}|{{检查}}|{{发现}}|{{到期}}|{{销号}}|{{按期}}|{{首查}}|{{通过}}{{/每条}}/" +
			"合计|{{检查次数}}|{{发现问题}}|{{到期问题}}|{{已销号}}|{{按期整改}}|{{首次复查}}|{{一次复查通过}}"},
		{"Heading1", "三、问题类型"},
		{"Body", "发现的{{发现问题}}个问题，按类型统计如下。"},
		{"Table", "不符合的检查项|件数|占比|其中严重/{{#每条 问题类型}}{{问题}}|{{件数}}|{{占比}}|{{其中严重}}{{/每条}}"},
		{"Body", "各单位交办、销号和逾期情况如下；本期销号包括以前到期的；期末未销号是到{{期间}}末还没有销号的，其中逾期是到期没有回复、至今没有销号的。"},
		{"Table", "单位|本期交办|本期销号|期末未销号|其中逾期/{{#每条 分单位整改}}{{所属单位}}|{{本期交办}}|{{本期销号}}|{{期末未销号}}|{{其中逾期}}{{/每条}}"},
		{"Heading1", "四、典型"},
		{"Body", "做得好的："},
		{"Table", "地点|所属单位|理由/{{#每条 好的典型}}{{地点}}|{{所属单位}}|{{理由}}{{/每条}}"},
		{"Body", "问题突出的："},
		{"Table", "地点|所属单位|理由/{{#每条 差的典型}}{{地点}}|{{所属单位}}|{{理由}}{{/每条}}"},
		{"Heading1", "五、逾期案件"},
		{"Table", "编号|地点|问题|责任单位|期限|逾期天数/{{#每条 逾期案件}}{{案件编号}}|{{地点}}|{{问题}}|{{责任单位}}|{{期限}}|{{逾期天数}}{{/每条}}"},
		{"Heading1", "六、本办欠账"},
		{"Body", "到期末，本办应复查、应答复而逾期未办的有{{本办欠账}}件，逐件列出。"},
		{"Table", "编号|事项|地点|期限|逾期天数/{{#每条 本办欠账清单}}{{案件编号}}|{{事项}}|{{地点}}|{{期限}}|{{逾期天数}}{{/每条}}"},
		{"Heading1", "七、宣传和登记情况"},
		{"Table", "镇街|宣传场次|宣传人数|宣传品|入户人数|投放点|逾期登记/{{#每个 镇街}}{{名称}}|{{宣传培训场次}}|{{宣传人数}}|{{宣传品}}|{{入户人数}}|{{投放点}}|{{逾期登记}}{{/每个}}"},
		{"Body", "本期逾期登记{{逾期登记}}条，退回更正{{退回登记}}条。"},
		{"Heading1", "八、存在的问题"},
		{"Body", "{{文 存在问题}}"},
		{"Heading1", "九、下步要求"},
		{"Body", "{{文 下步要求}}"},
		{"Body", "本期会议议定、尚未办结的事项，按下列责任单位和期限办理。"},
		{"Table", "序号|事项|责任单位|期限/{{#每条 要求}}{{序号}}|{{事项}}|{{责任单位}}|{{期限}}{{/每条}}"},
		{"Normal", ""},
		{"Body", "附件：检查点位、数字来源表"},
		{"Normal", ""}, {"Normal", ""},
		{"Signature", "{{单位}}生活垃圾分类工作领导小组办公室"},
		{"SignatureDate", "{{日期}}"},
		{"AnnexLabel", "附件"},
		{"Normal", ""},
		{"AnnexTitle", "检查点位"},
		{"Normal", ""},
		{"Table", "序号|检查日期|地点|所属单位|检查方式|发现问题/{{#每条 检查点位清单}}{{序号}}|{{检查日期}}|{{地点}}|{{所属单位}}|{{检查方式}}|{{发现问题}}{{/每条}}"},
		{"Normal", ""},
		{"AnnexTitle", "数字来源表"},
		{"Normal", ""},
		{"AnnexCell", "{{附表 数据来源}}"},
		{"Normal", ""},
		{"Copies", "抄送：区委办公室，区政府办公室，区生活垃圾分类工作领导小组成员。"},
		{"Imprint", "{{单位}}生活垃圾分类工作领导小组办公室　　{{日期}}印发"},
	}},
	"dispatch-pack": {"生活垃圾分类工作调度会材料", [][2]string{
		{"Normal", ""},
		{"Title", "{{单位}}生活垃圾分类工作调度会材料"},
		{"Center", "（{{期间}}）"},
		{"Normal", ""},
		{"Heading1", "一、会议议程"},
		{"Body", "{{文 会议议程}}"},
		{"Heading1", "二、上次议定事项办理情况"},
		{"Body", "{{文 上次事项}}"},
		{"Table", "序号|事项|责任单位|期限|办理情况/{{#每条 上次议定事项}}{{序号}}|{{事项}}|{{责任单位}}|{{期限}}|{{办理情况}}{{/每条}}"},
		{"Heading1", "三、还没有办结的议定事项"},
		{"Table", "序号|事项|责任单位|期限|办理情况/{{#每条 未办结事项}}{{序号}}|{{事项}}|{{责任单位}}|{{期限}}|{{办理情况}}{{/每条}}"},
		{"Heading1", "四、计划进度"},
		{"Table", "指标|全年计划|已完成|完成率/{{#每条 计划进度}}{{指标}}|{{全年计划}}|{{已完成}}|{{完成率}}{{/每条}}"},
		{"Heading1", "五、主要数字"},
		{"Table", "指标|上月|本月|本年累计/检查（次）|{{检查次数@上期}}|{{检查次数}}|{{检查次数@累计}}/发现问题（个）|{{发现问题@上期}}|{{发现问题}}|{{发现问题@累计}}/" +
			"到期问题（件）|{{到期问题@上期}}|{{到期问题}}|{{到期问题@累计}}/已销号（件）|{{已销号@上期}}|{{已销号}}|{{已销号@累计}}/" +
			"按期整改（件）|{{按期整改@上期}}|{{按期整改}}|{{按期整改@累计}}/宣传培训（场次）|{{宣传培训场次@上期}}|{{宣传培训场次}}|{{宣传培训场次@累计}}/" +
			"宣传人数（人次）|{{宣传人数@上期}}|{{宣传人数}}|{{宣传人数@累计}}/入户宣传（人）|{{入户人数@上期}}|{{入户人数}}|{{入户人数@累计}}/" +
			"逾期登记（条）|{{逾期登记@上期}}|{{逾期登记}}|{{逾期登记@累计}}"},
		{"Heading1", "六、各镇街进度"},
		{"Table", "镇街|检查|到期问题|已销号|公共机构|学校|居民小区/{{#每个 镇街}}{{名称}}|{{检查次数@累计}}|{{到期问题@累计}}|{{已销号@累计}}|{{公共机构：分子分母}}|{{学校：分子分母}}|{{居民小区：分子分母}}{{/每个}}"},
		{"Heading1", "七、逾期案件"},
		{"Table", "编号|地点|问题|责任单位|期限|逾期天数/{{#每条 逾期案件}}{{案件编号}}|{{地点}}|{{问题}}|{{责任单位}}|{{期限}}|{{逾期天数}}{{/每条}}"},
		{"Heading1", "八、本办欠账"},
		{"Table", "编号|事项|地点|期限|逾期天数/{{#每条 本办欠账清单}}{{案件编号}}|{{事项}}|{{地点}}|{{期限}}|{{逾期天数}}{{/每条}}"},
		{"Heading1", "九、需要会议研究的问题"},
		{"Body", "{{文 研究事项}}"},
		{"AnnexLabel", "附件"},
		{"Normal", ""},
		{"AnnexTitle", "数字来源表"},
		{"Normal", ""},
		{"AnnexCell", "{{附表 数据来源}}"},
	}},
	"dispatch-minutes": {"生活垃圾分类工作调度会会议纪要", [][2]string{
		{"Letterhead", "会　议　纪　要"},
		{"Normal", ""},
		{"DocNumber", "{{文号}}"},
		{"MinutesHead", "{{单位}}生活垃圾分类工作领导小组办公室　　{{日期}}"},
		{"RedRule", ""},
		{"Normal", ""},
		{"Title", "{{单位}}生活垃圾分类工作调度会会议纪要"},
		{"Normal", ""},
		{"Body", "{{文 会议情况}}"},
		{"Body", "会议听取了{{期间}}工作情况：开展宣传培训{{宣传培训场次}}场次，覆盖{{宣传人数}}人次；检查{{检查次数}}次，到期问题{{到期问题}}件、已销号{{已销号}}件；逾期登记{{逾期登记}}条。会议议定事项如下。"},
		{"Heading1", "一、议定事项"},
		{"Body", "{{文 议定事项}}"},
		{"Heading1", "二、责任分工和时限"},
		{"Body", "{{文 责任分工}}"},
		{"Normal", ""},
		{"Attend", "出席：{{文 出席人员}}"},
		{"Normal", ""},
		{"Copies", "分送：区生活垃圾分类工作领导小组成员，各镇街、开发区，区有关部门。"},
		{"Imprint", "{{单位}}生活垃圾分类工作领导小组办公室　　{{日期}}印发"},
	}},
	"notice": {"生活垃圾分类工作通知", [][2]string{
		{"Letterhead", "{{单位}}生活垃圾分类工作领导小组办公室文件"},
		{"Normal", ""}, {"Normal", ""},
		{"DocNumber", "{{文号}}"},
		{"RedRule", ""},
		{"Normal", ""},
		{"Title", "{{文 标题}}"},
		{"Normal", ""},
		{"MainTo", "{{文 主送}}："},
		{"Body", "{{文 正文}}"},
		{"Normal", ""}, {"Normal", ""},
		{"Signature", "{{单位}}生活垃圾分类工作领导小组办公室"},
		{"SignatureDate", "{{日期}}"},
		{"Normal", ""},
		{"Copies", "抄送：区生活垃圾分类工作领导小组成员。"},
		{"Imprint", "{{单位}}生活垃圾分类工作领导小组办公室　　{{日期}}印发"},
	}},
}

func TestOfficialTemplatesAreGenerated(t *testing.T) {
	for key, o := range officialTemplates {
		want := officialFile(t, o.title, officialDocument(o.lines), officialStyles())
		file := filepath.Join("..", "..", "packs", "base", "templates", key+".docx")
		if _, err := Open(generated(t, file, want)); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		for _, l := range o.lines {
			if strings.ContainsAny(regexp.MustCompile(`{{.*?}}`).ReplaceAllString(l[1], ""), "0123456789") {
				t.Errorf("%s: a number is typed into the template: %s", key, l[1])
			}
		}
	}
}

func officialStyles() string {
	red := `<w:color w:val="C4161C"/>`
	small := `<w:spacing w:val="0"/><w:sz w:val="28"/><w:szCs w:val="28"/>`
	border := func(side, size string) string {
		return `<w:` + side + ` w:val="single" w:sz="` + size + `" w:space="1" w:color="000000"/>`
	}
	more := paraStyle("Letterhead", "发文机关标志", `<w:spacing w:before="900" w:line="800" w:lineRule="exact"/><w:jc w:val="center"/>`, fonts("方正小标宋简体")+red+
		`<w:spacing w:val="0"/><w:sz w:val="42"/><w:szCs w:val="42"/>`) +
		// 4 mm below the number, as wide as the text
		paraStyle("RedRule", "红色分隔线", `<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="1" w:color="C4161C"/></w:pBdr><w:spacing w:line="227" `+
			`w:lineRule="exact"/>`, "") +
		paraStyle("MainTo", "主送机关", "", "") +
		paraStyle("Center", "居中", `<w:jc w:val="center"/>`, "") +
		paraStyle("MinutesHead", "纪要版头", `<w:jc w:val="center"/>`, small) +
		paraStyle("Attend", "出席", indent, fonts("黑体")) +
		paraStyle("Copies", "抄送", `<w:pBdr>`+border("top", "8")+border("bottom", "6")+
			`</w:pBdr><w:ind w:leftChars="100" w:left="280" w:rightChars="100" w:right="280"/>`, small) +
		paraStyle("Imprint", "印发", `<w:pBdr>`+border("bottom", "8")+`</w:pBdr><w:ind w:leftChars="100" w:left="280" w:rightChars="100" w:right="280"/>`,
			small) +
		paraStyle("TableHead", "表头", `<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="320" w:lineRule="exact"/><w:jc `+
			`w:val="center"/>`, fonts("黑体")+`<w:spacing w:val="0"/><w:sz w:val="21"/><w:szCs w:val="21"/>`) +
		paraStyle("TableCell", "表格", `<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="320" w:lineRule="exact"/><w:jc `+
			`w:val="center"/>`, `<w:spacing w:val="0"/><w:sz w:val="21"/><w:szCs w:val="21"/>`)
	return strings.Replace(annualStyles(), `</w:styles>`, more+`</w:styles>`, 1)
}

func officialParagraph(style, text string) string {
	p := `<w:p>`
	if style != "Normal" {
		p += `<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`
	}
	if text != "" {
		p += `<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">` + text + `</w:t></w:r>`
	}
	return p + `</w:p>`
}

func officialDocument(lines [][2]string) string {
	var b strings.Builder
	b.WriteString(`<w:document xmlns:w="` + nsW + `" xmlns:r="` + nsR + `"><w:body>`)
	for _, l := range lines {
		if l[0] != "Table" {
			b.WriteString(officialParagraph(l[0], l[1]))
			continue
		}
		b.WriteString(officialTable(l[1]))
	}
	return b.String() + sectPr + `</w:body></w:document>`
}

// officialTable spans the text: 8845 twips.
func officialTable(text string) string {
	const width = 8844
	// "/每个" and "/每条" end a loop; only other slashes part rows
	rows := strings.Split(strings.ReplaceAll(text, "{{/每", "{{\x00每"), "/")
	n := len(strings.Split(rows[0], "|"))
	var b strings.Builder
	line := func(side string) string {
		return `<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`
	}
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="8844" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>` + line("top") + line("left") + line("bottom") +
		line("right") + line("insideH") + line("insideV") + `</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	first := width / n * 5 / 4
	rest := (width - first) / (n - 1)
	w := func(i int) string {
		if i == 0 {
			return strconv.Itoa(first)
		}
		return strconv.Itoa(rest)
	}
	for i := range n {
		b.WriteString(`<w:gridCol w:w="` + w(i) + `"/>`)
	}
	b.WriteString(`</w:tblGrid>`)
	for i, r := range rows {
		style := "TableCell"
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if i == 0 {
			style = "TableHead"
			b.WriteString(`<w:tblHeader/>`)
		}
		b.WriteString(`</w:trPr>`)
		for j, c := range strings.Split(r, "|") {
			b.WriteString(`<w:tc><w:tcPr><w:tcW w:w="` + w(j) + `" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>` +
				officialParagraph(style, strings.ReplaceAll(c, "\x00", "/")) + `</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	return b.String() + `</w:tbl>`
}
