package demo

import (
	"fmt"

	"sifen/internal/period"
)

type vals = map[string]any

func day(y, m, d int) period.Day { return period.Date(y, m, d) }

// report lays a row of the district office into its workbook of the month, which is handed in when the month is over.
func (d *district) report(kind string, u *Unit, on period.Day, v vals) *Row {
	y, m, _ := on.YMD()
	sent := workday(period.Date(y, m+1, 1)-1, 2)
	if y == 2020 && m == 12 {
		sent = day(2020, 12, 29)
	}
	return d.put(kind, d.officer(m+len(kind)), at(sent, 9+len(kind)%7, 10+len(kind)*7%45), &Row{Unit: u, Day: on, Values: v})
}

// leaders are the members of the leading group; the first two are its heads.
var leaders = []struct{ name, role, post string }{
	{"荣定国", "组长", "区委书记"},
	{"卓远航", "组长", "区委副书记、区长"},
	{"谭振邦", "副组长", "区委常委、副区长"},
	{"解春华", "副组长", "副区长"},
	{"顾长宁", "成员", "区分类办主任"},
	{"甘棠", "成员", "区住建局局长"},
	{"傅立言", "成员", "区教育局局长"},
	{"柏岳", "成员", "区卫健局局长"},
	{"卢定坤", "成员", "区商务局局长"},
	{"费明达", "成员", "区城管局局长"},
	{"谷雨生", "成员", "区农业农村局局长"},
	{"钱有余", "成员", "区财政局局长"},
	{"贝宁", "成员", "区委宣传部副部长"},
	{"江流", "成员", "临汀街道办事处主任"},
	{"石敬亭", "成员", "柳塘镇镇长"},
}

var notices = []struct {
	m, d  int
	title string
}{
	{3, 16, "关于做好疫情防控期间废弃口罩收集和生活垃圾分类工作的通知"},
	{4, 20, "关于开展公共机构生活垃圾分类自查的通知"},
	{5, 18, "关于建立生活垃圾分类工作台账和月报制度的通知"},
	{6, 22, "关于开展“三件套三入户”宣传活动的通知"},
	{7, 13, "关于召开全区生活垃圾分类工作动员会的通知"},
	{8, 24, "关于在全区中小学开展“小手拉大手”活动的通知"},
	{9, 21, "关于加强国庆中秋期间生活垃圾分类收运工作的通知"},
	{11, 9, "关于报送第四季度生活垃圾分类工作情况的通知"},
}

var inspections = []struct {
	m, d     int
	topic    string
	where    string
	sites    int
	problems int
	outcome  string
}{
	{4, 14, "公共机构分类容器配置专项检查", "", 36, 21, "通报"},
	{5, 20, "农贸市场果蔬垃圾分流专项检查", "区商务局", 12, 9, "提示单"},
	{6, 11, "第一批集中投放点建设进度检查", "", 18, 7, "通报"},
	{6, 30, "中小学校园分类设施专项检查", "区教育局", 24, 11, "通报"},
	{7, 22, "收运车辆混装混运专项检查", "", 31, 14, "通报"},
	{8, 19, "榆巷街道小区投放点运行检查", "榆巷街道", 16, 12, "提示单"},
	{9, 9, "开学季校园餐厨垃圾去向检查", "区教育局", 20, 5, "提示单"},
	{9, 28, "节前转运站和收运保障检查", "", 9, 4, "通报"},
	{10, 28, seasonTitle, "", 0, 0, "提示单"}, // a campaign: what it found is counted from its visits
	{11, 18, "第二批集中投放点验收检查", "", 20, 6, "通报"},
	{12, 10, "年末公共机构和物业小区综合检查", "", 42, 17, "通报"},
}

func (d *district) organise() {
	for _, x := range leaders {
		d.report("leading-group-member", d.root, day(2020, 3, 18), vals{"member": x.name, "role": x.role, "post": x.post, "since": day(2020, 3, 18)})
	}
	for _, x := range []struct{ name, scheme string }{{"城区生活垃圾“四分法”", "城区四分法"}, {"农村生活垃圾“二次四分法”", "农村二次四分法"}} {
		d.report("sorting-scheme", d.root, day(2020, 4, 8), vals{"name": x.name, "scheme": x.scheme, "since": day(2020, 4, 8)})
	}
	number := 3
	paper := func(on period.Day, typ, title string) string {
		number++
		no := fmt.Sprintf("云分类办〔2020〕%d号", number)
		d.report("issued-document", d.root, on, vals{"issued_on": on, "title": title, "type": typ, "number": no})
		return no
	}
	for _, x := range []struct {
		m, d         int
		title, goals string
	}{
		{4, 8, "云汀区2020年生活垃圾分类工作实施方案", "年底前公共机构和学校基本实现分类，17 个小区分两批建成集中投放点，转运站具备厨余垃圾分流条件。"},
		{7, 20, "云汀区农村生活垃圾“二次四分法”推进方案", "以柳塘、青埠、石渡三镇为重点，农户初分、保洁员再分，会烂的就地堆肥，不会烂的分类转运。"},
	} {
		on := day(2020, x.m, x.d)
		no := paper(on, "工作方案", x.title)
		d.report("work-plan", d.root, on, vals{"issued_on": on, "title": x.title, "number": no, "goals": x.goals})
	}
	for _, x := range notices {
		paper(day(2020, x.m, x.d), "通知", x.title)
	}
	for _, x := range []struct {
		m, d  int
		title string
	}{{3, 18, "关于成立云汀区生活垃圾分类工作领导小组的函"}, {8, 10, "云汀区生活垃圾分类宣传口径（第一版）"}, {10, 30, "云汀区生活垃圾分类工作简报（第六期）"}} {
		paper(day(2020, x.m, x.d), "其他", x.title)
	}
	for _, x := range inspections {
		on, u := day(2020, x.m, x.d), d.root
		if x.where != "" {
			u = d.byName[x.where]
		}
		title := "关于" + x.topic + "情况的" + x.outcome
		no := paper(workday(on, 1), x.outcome, title)
		if x.topic == seasonTitle {
			d.seasonPaper = no
			continue
		}
		d.report("special-inspection", u, on, vals{"held_on": on, "topic": x.topic, "sites": x.sites, "problems": x.problems, "outcome": x.outcome,
			"outcome_number": no})
	}
	for _, x := range []struct {
		m, d  int
		title string
	}{{11, 20, "云汀区生活垃圾分类工作考核办法（送审稿）"}, {11, 27, "云汀区生活垃圾分类奖补资金管理办法（送审稿）"}} {
		on := day(2020, x.m, x.d)
		d.report("drafted-measure", d.root, on, vals{"drafted_on": on, "title": x.title, "approval": "待审批"})
	}
	for _, x := range []struct {
		unit, name string
		since      period.Day
		devices    int
	}{
		{"区政务服务中心", "政务服务中心智能分类箱", day(2020, 5, 25), 2},
		{"区人民政府机关", "区政府机关院智能分类箱", day(2020, 6, 8), 3},
		{"书院雅居", "书院雅居智能投放亭", day(2020, 9, 14), 2},
	} {
		d.report("smart-pilot", d.byName[x.unit], x.since, vals{"name": x.name, "devices": x.devices, "since": x.since})
	}
}

// teams are eleven lecture teams with 114 lecturers: the district's, the schools', and one of every town.
func (d *district) teams() {
	r := dice(5)
	type team struct {
		name string
		unit *Unit
		n    int
	}
	list := []team{{"云汀区讲师团", d.root, 16}, {"“小手拉大手”教师宣讲队", d.offices["教育"], 14}}
	sizes := []int{13, 13, 11, 9, 9, 9, 7, 7, 6} // 84, with the two above 114
	for i, t := range townNames {
		list = append(list, team{t.short + "宣讲队", d.towns[i], sizes[i]})
	}
	skills := []string{"四分类基础知识", "厨余垃圾处理", "有害垃圾识别", "物业管理责任", "青少年课程", "农村二次四分法", "入户沟通", "装修垃圾和大件垃圾", "公共机构分类", "堆肥技术"}
	when := at(day(2019, 11, 12), 10, 20)
	later := at(day(2019, 11, 26), 15, 5)
	known := map[string][]string{"临汀宣讲队": {"陈望舒"}, "榆巷宣讲队": {"宋知夏"}}
	for _, n := range []string{"陈望舒", "宋知夏"} {
		d.taken[n] = true
	}
	for _, t := range list {
		since := day(2019, 10, 15) + period.Day(r.IntN(20))
		d.put("lecture-team", d.office[0], when, &Row{Unit: t.unit, Day: since, Values: vals{"name": t.name, "since": since}})
		for i := range t.n {
			n := ""
			if i < len(known[t.name]) {
				n = known[t.name][i]
			} else {
				n = d.name(r)
			}
			d.put("lecturer", d.office[0], later, &Row{Unit: t.unit, Day: since, Values: vals{"person": n, "team": t.name, "speciality": pick(r, skills),
				"since": since + period.Day(r.IntN(5))}})
		}
	}
}

var visitors = []string{"区实验小学三年级师生", "榆巷街道人大代表小组", "望禾街道楼栋长", "区直机关工委党员志愿者", "石渡镇村“两委”干部", "邻市分类办考察组", "汀岸社区老年大学学员", "云汀区第一中学环保社团",
	"柳塘镇保洁员培训班", "区政协委员视察组", "北埂街道物业企业负责人", "市城管局调研组", "区妇联巾帼志愿队", "书院社区亲子家庭", "经开区企业安全环保员", "青埠镇网格员", "区人民医院后勤人员", "区融媒体中心小记者",
	"桥南街道业委会主任", "区师范附属小学少先队员", "退役军人志愿服务队", "外区街道分类专干", "区工商联餐饮商会", "古槐社区退休党支部", "区外国语学校师生", "农商银行青年职工", "望湖社区残疾人之家", "区特殊教育学校师生",
	"云汀高校志愿者联盟", "石榴园社区居民代表", "省环卫协会专家组", "幼儿园园长培训班", "龙潭村党员冬训班", "区财政局党支部"}

const baseName = "云汀区生活垃圾分类示范教育基地"

// base is the education base and its 34 groups of visitors.
func (d *district) base() {
	r := dice(6)
	since := day(2019, 11, 18)
	d.report("education-base", d.root, since, vals{"name": baseName, "area": 420, "since": since})
	months := []int{1, 1, 4, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 12, 12, 12, 12}
	for i, m := range months {
		on := dayIn(r, 2020, m, 3, min(26, lastDay(2020, m)))
		n := 18 + r.IntN(45)
		basis := "清点"
		if i%6 == 5 {
			n, basis = (n+9)/10*10, "估计"
		}
		d.report("base-visit", d.root, on, vals{"visited_on": on, "base": baseName, "visitors": visitors[i], "people": n, "people.basis": basis})
	}
	for i, g := range []string{"区委党校中青班学员", "市文明办督查组", "云汀区第二小学四年级师生"} {
		on := dayIn(r, 2019, 12, 2+i*8, 9+i*8)
		d.report("base-visit", d.root, on, vals{"visited_on": on, "base": baseName, "visitors": g, "people": 25 + 11*i, "people.basis": "清点"})
	}
}

// funds are what was paid in: 1286.4 万元 over the year.
func (d *district) funds() {
	for _, x := range []struct {
		m, d          int
		unit, purpose string
		from          string
		wan           int64 // in 100 yuan
	}{
		{3, 20, "", "公共机构分类容器采购", "区级", 9800}, {4, 28, "", "转运站改造首付款", "区级", 21000}, {5, 15, "", "市级生活垃圾分类专项补助（第一批）", "市级", 30000},
		{6, 9, "榆巷街道", "第一批投放点建设配套", "镇街", 3200}, {6, 12, "临汀街道", "第一批投放点建设配套", "镇街", 3600}, {6, 24, "", "宣传品印制", "区级", 4850},
		{7, 17, "区教育局", "校园分类设施", "区级", 3750}, {8, 21, "", "转运站改造进度款", "区级", 14200}, {9, 11, "", "收运车辆购置", "区级", 18600},
		{10, 15, "", "第二批投放点建设", "区级", 9700}, {10, 27, "柳塘镇", "农村分类桶配置", "镇街", 1640}, {11, 12, "", "市级生活垃圾分类专项补助（第二批）", "市级", 6000},
		{11, 25, "望禾街道", "第二批投放点建设配套", "镇街", 1300}, {12, 16, "", "第三方巡查服务费", "区级", 1000},
	} {
		u := d.root
		if x.unit != "" {
			u = d.byName[x.unit]
		}
		on := day(2020, x.m, x.d)
		d.report("fund-paid", u, on, vals{"paid_on": on, "purpose": x.purpose, "from": x.from, "amount": x.wan * 100 * 100})
	}
}
