package org

import (
	"regexp"
	"strings"
)

var (
	belongs = regexp.MustCompile(`^(所属|所在|隶属|归属|上级|属地)`)
	namedBy = regexp.MustCompile(`(名称|名单|全称|名)$`)
	joints  = strings.NewReplacer("(", "", ")", "", "/", "", "、", "", "或", "")
)

// levels are the words of titles that name units of a type, or of several.
var levels = map[string][]Type{
	"镇街": {Street, Zone}, "街镇": {Street, Zone}, "街道": {Street, Zone}, "乡镇": {Street, Zone}, "镇": {Street, Zone},
	"镇街道": {Street, Zone}, "街道镇": {Street, Zone}, "街道乡镇": {Street, Zone}, "乡镇街道": {Street, Zone},
	"街道办": {Street, Zone}, "街道办事处": {Street, Zone}, "社区": {Community}, "居委会": {Community}, "村": {Village},
	"行政村": {Village}, "村委会": {Village}, "村社区": {Community, Village}, "社区村": {Community, Village},
	"村居": {Community, Village}, "村居社区": {Community, Village},
	"小区": {Estate}, "居民小区": {Estate}, "住宅小区": {Estate}, "学校": {School},
	"公共机构": {Institution}, "物业企业": {Firm}, "物业公司": {Firm}, "物业": {Firm}, "业委会": {Committee}, "收运单位": {Carrier},
	"转运站": {Station}, "部门": {Department}, "开发区": {Zone},
}

// Called says which types of unit the title of a column names; nil for one that names none. belong: the title says that what
// it is of lies in them (所属街道); byName: that they stand by name (社区名称). The title has no blanks and half-width marks.
func Called(title string) (types []Type, belong, byName bool) {
	title = joints.Replace(title)
	belong = belongs.MatchString(title)
	title = belongs.ReplaceAllString(title, "")
	if types = levels[title]; types == nil {
		types, byName = levels[namedBy.ReplaceAllString(title, "")], true
	}
	return types, belong && types != nil, byName && types != nil
}

// Rank is how high units of a type stand: streets and zones 1, communities and villages 2, what lies in them 3; 4 for what
// may stand beside them.
func (t Type) Rank() int {
	switch t {
	case Street, Zone:
		return 1
	case Community, Village:
		return 2
	case Estate, School, Institution:
		return 3
	}
	return 4
}

// bodies are what runs a unit, as its name ends, and what the unit itself is called.
var bodies = []struct{ body, place string }{
	{"街道办事处", "街道"}, {"街道办", "街道"}, {"办事处", "街道"}, {"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"居民委员会", "社区"},
	{"居委会", "社区"}, {"村民委员会", "村"}, {"村委会", "村"}, {"人民政府", ""}, {"政府", ""},
}

// Place is the unit that a body of its name runs: 榆巷街道办事处 runs 榆巷街道. "" where a name is of no such body.
func Place(name string) string {
	for _, b := range bodies {
		if rest, ok := strings.CutSuffix(name, b.body); ok && rest != "" {
			if b.place == "" || strings.HasSuffix(rest, b.place) {
				return rest
			}
			return rest + b.place
		}
	}
	return ""
}
