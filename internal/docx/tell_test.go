package docx

import (
	"strings"
	"testing"
)

// TestToldBeforeUse: what would go out with the document unseen, and what looks like a tag but is none.
func TestToldBeforeUse(t *testing.T) {
	revised := `<w:r><w:t>一</w:t></w:r><w:ins w:id="1"><w:r><w:t>待核实</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>原稿</w:delText></w:r></w:del>`
	run := func(props, text string) string {
		return `<w:r><w:rPr>` + props + `</w:rPr><w:t>` + text + `</w:t></w:r>`
	}
	p := func(in string) string { return `<w:p>` + in + `</w:p>` }
	tag := para("{{单位}}")
	comments := [3]string{"word/comments.xml", "comments", `<w:comments ` + testNS + `><w:comment w:id="3">` + para("先别公开") + `</w:comment></w:comments>`}
	styled := [3]string{"word/styles.xml", "styles", `<w:styles ` + testNS + `><w:style w:type="character" w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style>` +
		`<w:style w:type="character" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>`}
	field := func(code, shown string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>` + code +
			`</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` +
			run("", shown) + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	const stays = "会随文件留下，请先接受或拒绝修订"
	for name, tt := range map[string]struct {
		b    []byte
		want string
	}{
		"nothing":   {pack(tag+para("{1, 2}"), nil), ""},
		"revisions": {pack(tag+p(revised), nil), "第2段：有未处理的修订（插入“待核实”、删除“原稿”），" + stays},
		"revisions in a cell": {pack(tag+`<w:tbl><w:tr><w:tc>`+p(revised)+`</w:tc></w:tr></w:tbl>`, nil), "第2段（表1 第1行 第1格）：有未处理的修订（插入“待核实”、删除“原稿”），" +
			stays},
		"revisions in a header": {withParts(tag, header(p(revised))), "第1段（页眉）：有未处理的修订（插入“待核实”、删除“原稿”），" + stays},
		"revisions in a note": {withParts(tag, [3]string{"word/footnotes.xml", "footnotes", `<w:footnotes ` + testNS + `>` + p(revised) +
			`</w:footnotes>`}), "第1段（脚注）：有未处理的修订（插入“待核实”、删除“原稿”），" + stays},
		"revised format": {pack(tag+p(`<w:pPr><w:rPr><w:ins w:id="1"/></w:rPr></w:pPr>`), nil), "第2段：有未处理的修订（格式或段落标记），" + stays},
		"moved text":     {pack(tag+p(`<w:moveFrom w:id="1">`+run("", "甲")+`</w:moveFrom>`), nil), "第2段：有未处理的修订（删除“甲”），" + stays},
		"revised row": {pack(tag+`<w:tbl><w:tr><w:trPr><w:ins w:id="1"/></w:trPr><w:tc>`+para("a")+`</w:tc></w:tr></w:tbl>`, nil),
			"有未处理的修订（插入“a”），" + stays +
				"\n有未处理的修订（表格或版面），" + stays},
		"paragraphs put in": {pack(tag+`<w:ins w:id="1">`+para("待核实")+`</w:ins>`, nil), "有未处理的修订（插入“待核实”），" + stays},
		"hidden row": {pack(tag+`<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>`+para("内部")+`</w:tc></w:tr></w:tbl>`, nil),
			"隐藏文字“内部”会随文件留下，请先删去或取消隐藏"},
		"comment":               {withParts(tag+p(run("", "甲")+`<w:r><w:commentReference w:id="3"/></w:r>`), comments), "第2段：批注“先别公开”会随文件留下，请先处理并删去"},
		"comment nobody refers": {withParts(tag, comments), "批注“先别公开”会随文件留下，请先处理并删去"},
		"hidden text":           {pack(tag+p(run("<w:vanish/>", "内部")+run("", "a")+run("<w:vanish/>", "掌握")), nil), "第2段：隐藏文字“内部掌握”会随文件留下，请先删去或取消隐藏"},
		"hidden tag":            {pack(p(run("<w:vanish/>", "{{单位}}")), nil), "第1段：隐藏文字“{{单位}}”会随文件留下，请先删去或取消隐藏"},
		"hidden by a style":     {withParts(tag+p(run(`<w:rStyle w:val="B"/>`, "内部")), styled), "第2段：隐藏文字“内部”会随文件留下，请先删去或取消隐藏"},
		"shown against a style": {withParts(tag+p(run(`<w:rStyle w:val="B"/><w:vanish w:val="0"/>`, "内部")), styled), ""},
		"no tag":                {pack(para("通知"), nil), "文件里没有标签，填写后与原来一样；要填的地方写成 {{单位}} 这样"},
		"merge field":           {pack(tag+p(field(" MERGEFIELD 居民小区 ", "«居民小区»")), nil), "第2段：邮件合并域“«居民小区»”不是标签，不会填写；请改成 {{居民小区}}"},
		"simple merge field": {pack(tag+p(`<w:fldSimple w:instr=' MERGEFIELD "居民 小区" \* MERGEFORMAT '/>`), nil),
			"第2段：邮件合并域“«居民 小区»”不是标签，不会填写；请改成 {{居民 小区}}"},
		"fetching field":         {pack(tag+p(field(" INCLUDEPICTURE \"http://a/b.png\" ", "图")), nil), "第2段：域 INCLUDEPICTURE 会从别的文件取内容，请改成普通文字或嵌入的图片"},
		"link field":             {pack(tag+p(field(" HYPERLINK \"file:///D:/a.doc\" ", "甲")), nil), "第2段：链接指向 file:///D:/a.doc，收文的人不一定打得开，请确认要保留"},
		"single braces":          {pack(para("{{单位}}共{单位}个"), nil), "第1段：“{单位}”像标签，但不会填写；标签要写两层大括号，例如 {{单位}}"},
		"single braces, key":     {pack(para("{{单位}}{publicity.sessions}"), nil), "第1段：“{publicity.sessions}”像标签，但不会填写；标签要写两层大括号，例如 {{单位}}"},
		"full width, cut in two": {pack(para("{{单位}}｛单", "位｝"), nil), "第1段：“｛单位｝”像标签，但不会填写；标签要写两层大括号，例如 {{单位}}"},
		"other signs":            {pack(para("{{单位}}[[单位]]"), nil), "第1段：“[[单位]]”像标签，但不会填写；标签要写两层大括号，例如 {{单位}}"},
	} {
		t.Run(name, func(t *testing.T) {
			tpl, err := Open(tt.b)
			if err != nil {
				t.Fatal(err)
			}
			if faults := tpl.Check(testCatalogue()); len(faults) > 0 {
				t.Errorf("faults: %v", faults)
			}
			var got []string
			for _, w := range tpl.Warnings() {
				if got = append(got, w.String()); w.Code == "" || w.En == "" {
					t.Errorf("%+v", w)
				}
			}
			if all := strings.Join(got, "\n"); all != tt.want {
				t.Errorf("got  %s\nwant %s", all, tt.want)
			}
		})
	}
}
