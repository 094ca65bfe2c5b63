package sheet

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// What people write into the rows of a list that are no records.
var (
	// longestBefore characters may stand before the word of a total: 2020年8月全区合计.
	total = regexp.MustCompile(`^(.{0,8})(小计|合计|总计|共计|累计|总合计|subtotal|grandtotal|total|sum)[:：]?([0-9][0-9.,]*[^0-9]{0,9})?$`)
	// alone are words that make a total or a remark only when nothing else stands in the cell.
	alone = regexp.MustCompile(`^\(?(合计|小计|总计|计|平均|平均值|平均每场|均值|占比|比例|总数|总量|总人数|总人次|总户数|总份数|总场次|累计人次|累计场次|人次合计|` +
		`完成率|参与率|同比|环比|同比增长|环比增长|上月结转|上年结转|本月发生|∑|以下空白|以下无正文|其中|[0-9]{1,2}月小结|.{1,6}平均数)\)?[:：]?$`)
	counted   = regexp.MustCompile(`^[共计]([0-9]+(场次|人次|[^0-9]{0,6}))+$`)
	partOf    = regexp.MustCompile(`^(其中|大写)[:：].*$`)
	several   = regexp.MustCompile(`^[0-9]+[辆台]$|[a-z0-9]{4}[-~—至、,;/][a-z0-9\p{Han}]{3,}|[(（].*[)）]`)
	sample    = regexp.MustCompile(`^\(?(示例|样例|举例|范例)([):].*)?$|^\(?例[):].+|(^|[^a-z0-9])x{3,}([^a-z0-9]|$)|×{2,}`)
	cancelled = regexp.MustCompile(`^\(?(因.{1,10})?(已?取消|已?作废|未开展|未举办|未进行|延期|推迟|改期|停办)\)?$`)
	note      = regexp.MustCompile(`^[*※]?(备注|附注|注|注意|说明|填表说明|填报说明|填表人|填报人|制表人|制表|经办人|审核人|审核|负责人|单位负责人|` +
		`联系人|联系电话|电话|填表日期|填报日期|填报时间|填表时间|填报单位|填表单位|notes?|remarks?)(\([^)]*\))?[:：]`)
)

// IsTotal reports whether a text is that of a row of totals, or of a remark on the rows above, and no name of a thing: 合计,
// 8月小计, 共3处, 其中：讲座, 平均. 小计步器健步走 is none.
func IsTotal(text string) bool {
	if len(text) > 100 || !strings.ContainsAny(text, "计共均占比例总完参同环上本∑以其小大tTsS") {
		return false
	}
	p := squeeze(text)
	return total.MatchString(p) || alone.MatchString(p) || counted.MatchString(p) || partOf.MatchString(p)
}

// IsNote reports whether a text is a note below a list, or who filled it in: 备注：…, 填表人：….
func IsNote(text string) bool {
	return len(text) < 2000 && strings.ContainsAny(text, ":：") && note.MatchString(squeeze(text))
}

// IsSample reports whether a text says that its row shows how to fill in the list: （示例）…, 例：…, XXX活动.
func IsSample(text string) bool {
	return len(text) < 200 && strings.ContainsAny(text, "例xX×") && sample.MatchString(squeeze(text))
}

// IsDitto reports whether a text means what stands above it.
func IsDitto(text string) bool {
	switch strings.TrimSpace(text) {
	case `"`, "“", "”", "〃", "″", "''", "〃〃", "同上", "同前", "同左":
		return true
	}
	return false
}

// IsSeveral reports whether a text in the place of one plate is none, or more than one: 3辆, 云AC9003-9005, 云AC9006（已报废）.
func IsSeveral(text string) bool { return several.MatchString(squeeze(text)) }

// IsCancelled reports whether a text says that what the row tells did not take place.
func IsCancelled(text string) bool {
	return len(text) < 60 && strings.ContainsAny(text, "取作未延推改停") && cancelled.MatchString(squeeze(text))
}

// squeeze is a text as the patterns have it: half width, lower case, without blanks.
func squeeze(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(text)), ""))
}

// HalfWidth writes the digits and signs of an East Asian keyboard as those of a program.
func HalfWidth(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 || text[i] <= ' ' {
			return NormaliseDigits(text)
		}
	}
	return text
}
