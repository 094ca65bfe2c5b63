package org

import (
	"strings"

	"sifen/internal/i18n"
)

// Type is what a unit is. Street includes towns and townships.
type Type string

// The unit types; packs name them by these words.
const (
	District    Type = "district"
	Department  Type = "department"
	Street      Type = "street"
	Zone        Type = "zone"
	Community   Type = "community"
	Village     Type = "village"
	Estate      Type = "estate"
	Institution Type = "institution"
	School      Type = "school"
	Firm        Type = "firm"
	Committee   Type = "committee"
	Carrier     Type = "carrier"
	Station     Type = "station"
)

// Types lists every type with its name, in the order menus show.
var Types = []struct {
	Type  Type
	Title i18n.Label
}{
	{District, i18n.Label{Zh: "区", En: "District"}},
	{Department, i18n.Label{Zh: "部门", En: "Department"}},
	{Street, i18n.Label{Zh: "镇街", En: "Street or town"}},
	{Zone, i18n.Label{Zh: "开发区", En: "Development zone"}},
	{Community, i18n.Label{Zh: "社区", En: "Community"}},
	{Village, i18n.Label{Zh: "村", En: "Village"}},
	{Estate, i18n.Label{Zh: "小区", En: "Estate"}},
	{Institution, i18n.Label{Zh: "公共机构", En: "Public institution"}},
	{School, i18n.Label{Zh: "学校", En: "School"}},
	{Firm, i18n.Label{Zh: "物业企业", En: "Property firm"}},
	{Committee, i18n.Label{Zh: "业委会", En: "Owners' committee"}},
	{Carrier, i18n.Label{Zh: "收运单位", En: "Carrier"}},
	{Station, i18n.Label{Zh: "转运站", En: "Transfer station"}},
}

// spoken are the words by which offices name the types, besides the types' own.
var spoken = map[string]Type{}

func init() {
	for t, words := range map[Type]string{
		District:    "区县 县区 县 市辖区 县级市 旗",
		Street:      "街道 镇 乡 乡镇 街镇 镇乡 街道办 街道办事处 镇政府 乡政府 镇人民政府 乡人民政府 town",
		Zone:        "经济开发区 经开区 高新区 园区 工业园 工业园区 产业园区 管委会",
		Community:   "居委会 社区居委会 居民委员会 城市社区 社区居民委员会",
		Village:     "村居 行政村 村委会 村民委员会 建制村 农村",
		Estate:      "居民小区 住宅小区 商品房小区 商住小区 物业小区 楼盘 居住小区 生活小区 老旧小区 居住区",
		Institution: "机关 党政机关 机关单位 事业单位 机关事业单位 医院 卫生院 医疗机构 公共机构单位",
		School:      "幼儿园 小学 中学 初中 高中 中小学 职校 职业学校 大学 高校 院校 教育机构",
		Firm:        "物业 物业公司 物业服务企业 物业服务公司 物业单位 物业管理公司",
		Committee:   "业主委员会 业主大会 物管会 物业管理委员会",
		Carrier:     "收运企业 收运公司 清运单位 清运公司 运输单位 收集运输单位",
		Station:     "中转站 垃圾中转站 垃圾转运站 转运站点",
		Department:  "区直部门 区级部门 职能部门 委办局 行业主管部门 主管部门",
	} {
		for _, w := range strings.Fields(words) {
			spoken[w] = t
		}
	}
}

// ParseType reads a type by its word, its Chinese name, or another word that offices use for it.
func ParseType(s string) (Type, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	if t, ok := spoken[s]; ok {
		return t, true
	}
	for _, t := range Types {
		if s == string(t.Type) || s == t.Title.Zh || s == strings.ToLower(t.Title.En) {
			return t.Type, true
		}
	}
	return "", false
}

// Matches reports whether t is meant by a word of levels, entered_by or about: street includes zones.
func (t Type) Matches(word string) bool {
	return string(t) == word || word == "street" && t == Zone
}

// Holds reports whether a unit of type t can stand above one of type child: a street above a community, never an institution.
// What is no place of its own may stand anywhere.
func (t Type) Holds(child Type) bool {
	switch child {
	case Street, Zone:
		return t == District || t == Zone || t == Street && child == Zone
	case Community, Village:
		return t == District || t.Rank() == 1
	case Estate:
		return t == District || t == Estate || t.Rank() <= 2
	}
	return true
}

// Holders are the types that can stand above a type.
func Holders(child Type) (out []Type) {
	for _, t := range Types {
		if t.Type.Holds(child) {
			out = append(out, t.Type)
		}
	}
	return out
}

// Title names the type.
func (t Type) Title() i18n.Label {
	for _, x := range Types {
		if x.Type == t {
			return x.Title
		}
	}
	return i18n.Label{Zh: string(t), En: string(t)}
}
