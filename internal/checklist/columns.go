package checklist

import (
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/intake/heading"
	"sifen/internal/sheet"
)

// Role is what a column of a form holds.
type Role string

// The roles of columns.
const (
	roleNo         Role = "no"
	roleSection    Role = "section"
	roleItem       Role = "item"
	roleRule       Role = "rule"
	rolePoints     Role = "points"
	roleAnswer     Role = "answer"
	rolePhrases    Role = "phrases"
	roleCount      Role = "count"
	roleSeverity   Role = "severity"
	roleInstrument Role = "instrument"
	roleAnswers    Role = "answers"
	roleHow        Role = "how"
	rolePapers     Role = "papers" // what has to be shown or sent
	roleKey        Role = "key"
	roleFilled     Role = "filled" // what inspectors fill in: scores, findings
	roleSkip       Role = "skip"   // left out by a person's decision
)

// Roles lists them as a person chooses, with their names.
var Roles = []struct {
	Role  Role
	Title i18n.Label
}{
	{roleSection, i18n.Label{Zh: "检查项目（部分）", En: "Section"}}, {roleItem, i18n.Label{Zh: "检查内容（项）", En: "Item"}},
	{roleRule, i18n.Label{Zh: "评分细则", En: "Rule"}}, {rolePoints, i18n.Label{Zh: "分值", En: "Points"}},
	{roleAnswer, i18n.Label{Zh: "回答方式", En: "Answer"}}, {rolePhrases, i18n.Label{Zh: "不合格说法", En: "Wordings"}},
	{roleCount, i18n.Label{Zh: "数什么", En: "What is counted"}}, {roleSeverity, i18n.Label{Zh: "轻重", En: "Severity"}},
	{roleInstrument, i18n.Label{Zh: "不合格时出具", En: "Instrument"}}, {roleAnswers, i18n.Label{Zh: "责任人", En: "Who answers"}},
	{roleHow, i18n.Label{Zh: "检查方式", En: "How"}}, {rolePapers, i18n.Label{Zh: "要看的材料", En: "Papers to show"}},
	{roleNo, i18n.Label{Zh: "序号", En: "No."}}, {roleFilled, i18n.Label{Zh: "检查时填写", En: "Filled in at the check"}},
	{roleSkip, i18n.Label{Zh: "不要这一列", En: "Leave out"}}, {roleKey, i18n.Label{Zh: "编号（不要改）", En: "Key (keep)"}},
}

func titleOf(r Role) i18n.Label {
	for _, x := range Roles {
		if x.Role == r {
			return x.Title
		}
	}
	return i18n.Label{}
}

// level is how deep a title that names sections or items stands: 一级指标 above 二级指标.
type level struct {
	role Role
	deep int
}

// titles are the words that offices write above their columns. A deeper level is an item where there is a higher one.
var titles = map[string]level{}

func init() {
	for _, x := range []struct {
		role  Role
		deep  int
		words string
	}{
		{roleNo, 0, "序号 编号 项次 项号 序 no no. 号"},
		{roleSection, 1, "一级指标 类别 检查类别 项目类别 指标类别 考核类别 评价类别 大类 分类 板块 部分 方面 section class block"},
		{roleSection, 2, "检查项目 项目 考核项目 评分项目 考评项目 评价项目 测评项目 检查项目/类别 检查项目类别 project indicator"},
		{roleItem, 3, "二级指标 指标 考核指标 评价指标 指标名称 检查事项 事项"},
		{roleItem, 4, "检查内容 内容 考核内容 评价内容 考评内容 检查内容/标准 检查内容标准 检查内容及标准 检查内容和标准 具体内容 项目内容 content item"},
		{roleItem, 5, "三级指标 子项 分项 小项 细项 检查要点 要点 具体指标 检查细项 测评内容 sub-item"},
		{roleRule, 0, "评分细则 评分标准 扣分标准 评分细则/扣分标准 评分办法 计分办法 评分规则 计分规则 扣分细则 赋分标准 标准 检查标准 考核标准 要求 检查要求 工作要求 细则 " +
			"评价标准 考评标准 达标要求 rule standard rules scoring"},
		{rolePoints, 0, "分值 分数 满分 标准分 标准分值 权重 总分 基本分 分值设置 points pts maximum"},
		{roleAnswer, 0, "回答方式 回答 检查结果 是否符合 answer"},
		{rolePhrases, 0, "不合格说法 常见问题 问题类型 扣分情形 问题说法 wordings"},
		{roleCount, 0, "数什么 计数 计量单位 whatiscounted"},
		{roleSeverity, 0, "轻重 严重程度 问题等级 等级 severity"},
		{roleInstrument, 0, "不合格时出具 出具文书 处理方式 文书 instrument"},
		{roleAnswers, 0, "责任人 责任单位 责任部门 整改责任人 整改责任单位 牵头单位 whoanswers responsibleunit"},
		{roleHow, 0, "检查方式 检查方法 考核方式 考核方法 评分方法 评价方式 评价方法 方法 方式 how method"},
		{rolePapers, 0, "要看的材料 佐证材料 提供材料 上报材料 报送材料 印证材料 材料清单 档案资料 材料 paperstoshow filematerial whattosend"},
		{roleFilled, 0, "得分 自评分 自评得分 自查得分 考核得分 实得分 扣分 评分 考评得分 检查得分 存在问题 发现问题 问题描述 检查情况 现场情况 扣分原因 扣分说明 扣分情况 整改情况 " +
			"整改期限 备注 说明 filledinatthecheck score findings findingsonsite problemfound rectificationstate remarks"},
		{roleKey, 0, "编号(不要改) key(keep)"},
	} {
		for w := range strings.FieldsSeq(x.words) {
			titles[w] = level{x.role, x.deep}
		}
	}
	for _, x := range Roles { // the form's own titles
		if _, have := titles[flat(x.Title.Zh)]; !have {
			titles[flat(x.Title.Zh)] = level{role: x.Role}
		}
		if _, have := titles[flat(x.Title.En)]; !have {
			titles[flat(x.Title.En)] = level{role: x.Role}
		}
	}
	titles[flat(titleOf(roleSection).Zh)], titles[flat(titleOf(roleItem).Zh)] = level{roleSection, 2}, level{roleItem, 4}
	titles[flat(titleOf(roleSection).En)], titles[flat(titleOf(roleItem).En)] = level{roleSection, 2}, level{roleItem, 4}
}

// known is what a title says of its column.
func known(title string) (level, bool) {
	if upper, lower, two := strings.Cut(title, sheet.HeadMark); two {
		if l, ok := known(lower); ok {
			return l, true
		}
		return known(upper)
	}
	if l, ok := titles[flat(title)]; ok {
		return l, true
	}
	name, _ := heading.Split(title)
	l, ok := titles[name]
	return l, ok
}

// headOf counts the titles that a row knows.
func headOf(texts []string) int {
	n, items := 0, false
	seen := map[string]bool{}
	for _, t := range texts {
		if l, ok := known(t); ok && t != "" && !seen[t] {
			seen[t] = true
			items = items || l.deep > 0
			n++
		}
	}
	if n < 2 && !items {
		return 0 // a single word such as 备注 stands in any line
	}
	return n
}

// Column is one column of an uploaded form, and what it was taken for.
type Column struct {
	At    int    `json:"at"`
	Cell  string `json:"cell"`
	Title string `json:"title"`
	Role  Role   `json:"role" enum:"no,section,item,rule,points,answer,phrases,count,severity,instrument,answers,how,papers,key,filled,skip,"`
}

// assign says what each column holds: as a person has told, else by its title. merged says which columns hold cells that run
// over several rows.
func assign(head []string, told map[int]Role, merged map[int]bool) []Role {
	roles := make([]Role, len(head))
	var levels []int // columns that name sections or items, by title
	deep := map[int]int{}
	for i, h := range head {
		if r, ok := told[i]; ok {
			roles[i] = r
			continue
		}
		l, ok := known(h)
		if !ok {
			continue
		}
		if l.deep > 0 {
			levels, deep[i] = append(levels, i), l.deep
			continue
		}
		if l.role == roleRule || l.role == rolePapers || l.role == roleFilled || !slices.Contains(roles, l.role) {
			roles[i] = l.role // several columns of rules are one after the other
		}
	}
	if len(levels) == 0 {
		return withoutItems(roles, told, merged)
	}
	if slices.ContainsFunc(roles, func(r Role) bool { return r == roleItem }) { // a person said which is the item
		for _, i := range levels {
			roles[i] = roleSection
		}
		return roles
	}
	lowest := levels[0]
	for _, i := range levels {
		if deep[i] >= deep[lowest] {
			lowest = i
		}
	}
	for _, i := range levels {
		roles[i] = roleSection
	}
	if len(levels) > 1 || !merged[lowest] || !slices.Contains(roles, roleRule) {
		roles[lowest] = roleItem // a name with one rule each is the item; one over several rules is a section of them
	} else {
		return withoutItems(roles, told, merged)
	}
	return roles
}

// withoutItems makes the rules the items where nothing else is one.
func withoutItems(roles []Role, told map[int]Role, _ map[int]bool) []Role {
	for i, r := range roles {
		if _, said := told[i]; r == roleRule && !said && !slices.Contains(roles, roleItem) {
			roles[i] = roleItem
		}
	}
	return roles
}
