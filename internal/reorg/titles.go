package reorg

import (
	"regexp"
	"slices"
	"strings"

	"sifen/internal/attribute"
	"sifen/internal/org"
	"sifen/internal/sheet"
)

// headings are the titles of a unit list, as offices write them.
var headings = map[string][]string{
	"code": {"code", "代码", "编码", "区划代码", "区划编码", "行政区划代码", "统计用区划代码", "统计代码", "单位代码", "单位编码", "机构代码", "标识码", "unitcode"},
	"name": {"name", "名称", "单位名称", "单位", "单位全称", "全称", "机构名称", "机构", "名字", "点位名称", "unit", "unitname"},
	"type": {"type", "类型", "类别", "单位类型", "单位类别", "机构类型", "机构类别", "单位种类", "种类", "unittype"},
	"parent": {"parent", "上级", "上级单位", "上级代码", "上级编码", "上级名称", "上级单位名称", "上级单位代码", "上级部门", "上级机构", "所属单位", "所属", "隶属", "隶属单位",
		"隶属关系", "归属", "归属单位", "父级", "父级单位", "所属区域", "属地"},
	"line":   {"line", "条线", "主管部门", "行业主管", "行业主管部门", "主管单位"},
	"scheme": {"scheme", "分类方案"},
	"no":     {"序号", "序", "行号", "no", "no.", "#"},
}

var bracketed = regexp.MustCompile(`[(\[【（][^)\]】）]*[)\]】）]$`)

// plainTitle is a title without what people put around it: blanks, brackets, the upper title of two.
func plainTitle(s string) string {
	if i := strings.LastIndex(s, sheet.HeadMark); i >= 0 {
		s = s[i+len(sheet.HeadMark):]
	}
	s = strings.ToLower(strings.Join(strings.Fields(sheet.NormaliseDigits(s)), ""))
	return strings.TrimRight(s, "*:")
}

// title says what a title means: a field of headings, or a kind of units ("level", "named"), which may be what the list is
// of or what stands above.
func title(text string) (field string, level []org.Type) {
	for _, s := range []string{plainTitle(text), bracketed.ReplaceAllString(plainTitle(text), "")} {
		for f, names := range headings {
			if slices.Contains(names, s) {
				return f, nil
			}
		}
		if l, belong, byName := org.Called(s); belong {
			return "parent", l
		} else if byName {
			return "named", l
		} else if l != nil {
			return "level", l
		}
	}
	return "", nil
}

// known counts the titles of a row that a unit list may have.
func known(texts []string) int {
	n := 0
	for _, s := range texts {
		if f, _ := title(s); f != "" {
			n++
		}
	}
	return n
}

type column struct {
	at    int
	title string
	level []org.Type // what stands in it, where the title says so
}

// columns says which column holds what.
type columns struct {
	of      map[string]column
	parents []column // the highest above first
	own     []org.Type
	unread  []column
	double  [][2]column // two columns that say the same
	attrs   []attributed
	foreign []foreign // attributes in a unit that nobody converts
}

// foreign is a column of an attribute whose title names another unit than the attribute is kept in.
type foreign struct {
	column
	def  *attribute.Definition
	unit string
}

func columnsOf(head []sheet.Cell, defs []*attribute.Definition) columns {
	c := columns{of: map[string]column{}}
	var leveled []column
	for i, h := range head {
		if h.Text == "" {
			continue
		}
		field, level := title(h.Text)
		this := column{i, h.Text, level}
		switch {
		case field == "":
			a, d, unit := attributeColumn(defs, i, h.Text)
			switch was := slices.IndexFunc(c.attrs, func(x attributed) bool { return x.def == d }); {
			case d == nil:
				c.unread = append(c.unread, this)
			case unit != "":
				c.foreign = append(c.foreign, foreign{this, d, unit})
			case was >= 0 && h.Merged:
			case was >= 0:
				c.double = append(c.double, [2]column{c.attrs[was].column, this})
			default:
				c.attrs = append(c.attrs, a)
			}
		case field == "parent":
			c.parents = append(c.parents, this)
		case level != nil:
			leveled = append(leveled, this)
		default:
			if was, ok := c.of[field]; ok && field != "no" {
				if !h.Merged {
					c.double = append(c.double, [2]column{was, this})
				}
				continue
			}
			c.of[field] = this
		}
	}
	if _, ok := c.of["name"]; !ok { // the lowest kind of units that has a column is what the list is of
		best := -1
		for i, l := range leveled {
			if best < 0 || l.level[0].Rank()%4 > leveled[best].level[0].Rank()%4 {
				best = i
			}
		}
		for i, l := range leveled {
			if i != best && l.level[0].Rank() == leveled[best].level[0].Rank() {
				c.double = append(c.double, [2]column{leveled[best], l})
			}
		}
		if best >= 0 {
			c.of["name"], c.own = leveled[best], leveled[best].level
			leveled = slices.Delete(leveled, best, best+1)
		}
	}
	for _, l := range leveled {
		if l.level[0].Rank() <= 2 {
			c.parents = append(c.parents, l)
		} else {
			c.unread = append(c.unread, l)
		}
	}
	slices.SortStableFunc(c.parents, func(a, b column) int { return height(a) - height(b) })
	for i := 1; i < len(c.parents); i++ {
		if a, b := c.parents[i-1], c.parents[i]; height(a) == height(b) {
			c.double = append(c.double, [2]column{a, b})
		}
	}
	return c
}

// height orders the columns of what is above: a plain 上级 is the nearest.
func height(c column) int {
	if c.level == nil {
		return 9
	}
	return c.level[0].Rank()
}

var (
	totalText = regexp.MustCompile(`^((本页|本表|全区|区|分)?(合计|小计|总计|共计|累计|总数|总和)([:：(（\d].*)?|(合计|小计|总计|共计|共)[0-9一二三四五六七八九十百千]+.{0,4}|.*(小计|合计|总计|共计))$`)
	noteText  = regexp.MustCompile(`^(备注|附注|注|说明|填表说明|填报说明|填报要求|注意|注意事项|填表人|填报人|制表人|制表|审核人|审核|复核|联系人|联系电话|` +
		`单位负责人|负责人|填报单位|填报日期|填表日期|制表日期|报送单位|单位\(盖章\)|note|remark)s?\d*[:：.、]`)
	numberText = regexp.MustCompile(`^[0-9.,%]+(个|所|家|户|处|人|座|栋|条)?$`)
	nothing    = regexp.MustCompile(`^[-/\\—–_.·无]*$`)
)

func squeezed(s string) string { return strings.Join(strings.Fields(sheet.NormaliseDigits(s)), "") }

func isTotal(s string) bool { return totalText.MatchString(squeezed(s)) || sheet.IsTotal(s) }

func isNote(s string) bool {
	return noteText.MatchString(strings.ToLower(squeezed(s))) || sheet.IsNote(s)
}
