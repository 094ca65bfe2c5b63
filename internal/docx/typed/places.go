package typed

import "strings"

// Places are what an element makes of where its text stands, by its name without the prefix.
var Places = map[string]Place{
	"oMath": {"公式", "equation"}, "ruby": {"拼音注音", "phonetic guide"}, "textpath": {"水印或艺术字", "watermark or WordArt"},
	"docPr": {"替代文字", "alternative text"}, "cNvPr": {"替代文字", "alternative text"}, "shape": {"图形", "shape"},
	"tblCaption": {"表格的替代文字", "alternative text of a table"}, "tblDescription": {"表格的替代文字", "alternative text of a table"},
	"txbxContent": {"文本框", "text box"}, "sdtPr": {"内容控件", "content control"}, "fldSimple": {"域", "field"},
	"hyperlink": {"链接", "link"}, "drawing": {"图形", "drawing"}, "pict": {"图形", "drawing"},
}

// partPlaces are the parts in which nothing can be filled, by the beginning of their names.
var partPlaces = []struct {
	prefix string
	place  Place
}{
	{"word/diagrams/", Place{"SmartArt 图形", "SmartArt graphic"}}, {"word/charts/", Place{"图表", "chart"}},
	{"word/footnotes", Place{"脚注", "footnote"}}, {"word/endnotes", Place{"尾注", "endnote"}}, {"word/comments", Place{"批注", "comment"}},
	{"docProps/", Place{"文件属性", "properties of the file"}}, {"word/glossary/", Place{"文档部件", "building blocks"}},
	{"word/numbering", Place{"编号", "numbering"}}, {"word/settings", Place{"文档设置", "settings"}}, {"word/styles", Place{"样式", "styles"}},
	{"customXml/", Place{"自定义数据", "custom data"}}, {"word/drawings/", Place{"图形", "drawing"}},
}

// Fillable are the attributes in which a value is put.
var Fillable = map[string]bool{"textpath@string": true, "shape@alt": true, "docPr@descr": true, "docPr@title": true, "docPr@name": true,
	"cNvPr@descr": true, "cNvPr@title": true, "cNvPr@name": true, "tblCaption@val": true, "tblDescription@val": true, "hyperlink@tooltip": true,
	"alias@val": true, "tag@val": true}

// PartPlace is what to call a part in which nothing can be filled.
func PartPlace(name string) (Place, bool) {
	for _, p := range partPlaces {
		if strings.HasPrefix(name, p.prefix) {
			return p.place, true
		}
	}
	return Place{}, false
}

// Forms are the ways to print a figure, by what is typed.
var Forms = map[string]string{
	"余": "yu", "万": "wan", "百分比": "percent", "分子分母": "terms", "原值": "raw", "差": "diff", "增幅": "growth",
	"yu": "yu", "wan": "wan", "percent": "percent", "terms": "terms", "raw": "raw", "diff": "diff", "growth": "growth",
}

// Periods are the other periods of a figure, by what is typed.
var Periods = map[string]string{
	"上年": "last-year", "上期": "previous", "本月": "month", "累计": "cumulative",
	"last-year": "last-year", "previous": "previous", "month": "month", "cumulative": "cumulative",
}
