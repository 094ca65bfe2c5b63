package intake

import (
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/sheet"
)

// AssignColumn is a column of the file with what stands in its first rows.
type AssignColumn struct {
	At      int      `json:"at"`
	Letter  string   `json:"letter"`
	Title   string   `json:"title"`
	Samples []string `json:"samples"`
}

// AssignField is a column of the kind: where it is read from, or the text of every row.
type AssignField struct {
	Key     string     `json:"key"`
	Title   i18n.Label `json:"title"`
	Type    string     `json:"type"`
	Needed  bool       `json:"needed"`
	Options []string   `json:"options"`
	At      int        `json:"at"`     // -1: nowhere
	Likely  int        `json:"likely"` // the column that may be meant; -1 for none
	Text    string     `json:"text"`
}

// Assign is what a person needs to say which column is which.
type Assign struct {
	Columns []AssignColumn `json:"columns"`
	Fields  []AssignField  `json:"fields"`
}

// letter is the letter of a column, from 0.
func letter(column int) string { return strings.TrimRight(sheet.Row{Index: 1}.Address(column), "1") }

// ownHead is the head as the file has it.
func (im *Import) ownHead() []string { return im.head[:len(im.head)-len(fixedTexts(im.assigned))] }

// assign tells the columns of a waiting file and those of its kind.
func (im *Import) assign(k *kind.Kind) *Assign {
	cols, head := columnsOf(k, true), im.ownHead()
	out := &Assign{Columns: []AssignColumn{}, Fields: []AssignField{}}
	for j, h := range head {
		c := AssignColumn{At: j, Letter: letter(j), Title: h, Samples: []string{}}
		for _, row := range im.sample {
			if j < len(row) && row[j] != "" && len(c.Samples) < 3 {
				c.Samples = append(c.Samples, row[j])
			}
		}
		out.Columns = append(out.Columns, c)
	}
	at := match(cols, im.head, im.assigned, ignore)
	free := map[int]bool{}
	for j := range head {
		free[j] = !slices.Contains(at, j)
	}
	for i, c := range cols {
		if c.role == "rev" || c.role == "state" {
			continue
		}
		f := AssignField{Key: c.key, Title: c.title, Type: c.field.Type, Needed: c.needed(), Options: []string{}, At: at[i], Likely: -1}
		if c.role != "value" {
			f.Type = c.role
		}
		if o := c.sheetColumn(k).Options; o != nil {
			f.Options = o
		}
		if f.At >= len(head) {
			f.Text, f.At = fixedTexts(im.assigned)[f.At-len(head)].Text, -1
		} else if f.At < 0 && c.role != "number" {
			f.Likely = likely(c, head, free)
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

// synonyms are titles that offices write for what a field holds; they are proposed, never taken unasked. A field is meant by
// a part of its own title.
var synonyms = []struct{ field, titles []string }{
	{[]string{"单位"}, []string{"社区", "村", "村居", "所属社区", "所属街道", "街道", "镇街", "所属单位", "填报单位", "单位名称", "主办单位", "实施单位", "小区", "小区名称"}},
	{[]string{"日期", "时间", "日"}, []string{"时间", "活动时间", "活动日期", "开展时间", "举办时间", "日期", "发生日期", "实施时间"}},
	{[]string{"主题", "名称", "题目", "内容"}, []string{"活动名称", "活动内容", "活动主题", "内容", "名称", "标题", "主题"}},
	{[]string{"受众", "人数", "人次"}, []string{"参加人数", "参与人数", "参加人次", "参与人次", "人数", "人次", "受众人数", "宣传人数", "覆盖人数"}},
	{[]string{"地点", "位置", "地址"}, []string{"活动地点", "地址", "位置", "场所", "地点", "点位"}},
	{[]string{"份数", "数量"}, []string{"发放数量", "发放份数", "数量", "份数", "个数", "处数"}},
	{[]string{"金额"}, []string{"金额", "资金", "经费", "到账金额", "拨付金额", "款项"}},
	{[]string{"车牌"}, []string{"车牌号", "车牌号码", "车号", "牌照"}},
	{[]string{"备注", "说明"}, []string{"备注", "说明", "附言"}},
}

// otherDays are days of one record that are never taken for each other: what falls due is not what was paid.
var otherDays = []string{"到期", "截止", "计划", "预计", "结束", "终止", "停用", "下次", "有效"}

// likely is the free column whose title most probably names that of the kind: a known synonym, or one that shares most of
// its pairs of characters.
func likely(c column, head []string, free map[int]bool) int {
	best, most := -1, 0.0
	for j, h := range head {
		if !free[j] || h == "" || numbersRows(h) {
			continue
		}
		name, inner := splitTitle(h)
		if at := strings.LastIndex(h, sheet.HeadMark); at >= 0 {
			name, inner = splitTitle(h[at+len(sheet.HeadMark):])
		}
		if !c.allows(inner, "") {
			continue
		}
		for _, own := range c.names {
			n := alike(own[0], name)
			if n < 1 && otherDay(own[0], name) {
				n = 0
			} else if synonym(own[0], name) {
				n = max(n, 0.9)
			}
			if n > most {
				best, most = j, n
			}
		}
	}
	if most < 0.5 {
		return -1
	}
	return best
}

func synonym(field, title string) bool {
	for _, s := range synonyms {
		if slices.ContainsFunc(s.field, func(w string) bool { return strings.HasSuffix(field, w) || strings.HasPrefix(field, w) }) &&
			slices.Contains(s.titles, title) {
			return true
		}
	}
	return false
}

// otherDay reports whether one of two titles says what kind of day it is and the other does not.
func otherDay(a, b string) bool {
	return slices.ContainsFunc(otherDays, func(w string) bool { return strings.Contains(a, w) != strings.Contains(b, w) })
}

// alike is the share of the pairs of characters of the shorter text that the longer has too, from 0 to 1.
func alike(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 2 {
		return 0
	}
	n := 0
	for i := range len(x) - 1 {
		if strings.Contains(string(y), string(x[i:i+2])) {
			n++
		}
	}
	return float64(n) / float64(len(x)-1)
}
