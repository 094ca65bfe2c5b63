package demo

import (
	"sort"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/dispatch"
	"sifen/internal/org"
	"sifen/internal/period"
)

// given is what a meeting decides and what becomes of it. Days are month and day of 2020; a month of 0 is never, or from 13 on
// in the year after.
type given struct {
	unit, words    string
	m, d           int // deadline
	by             string
	rm, rd         int // reported
	outcome        string
	returned       string // why it was sent back the day after, and reported again two days later
	am, ad         int    // accepted
	drop           string
	dm, dd         int
	proof          bool
	carry          bool // taken up by the next meeting
	carryM, carryD int  // its new deadline
}

// convened is a meeting of the year.
type convened struct {
	m, d, people int
	title, place string
	agenda       []string
	absent       map[string]string // unit to reason
	stood        map[string]string // unit to who came instead
	words        string
	decided      []given
}

var convenedNames = []string{"第一次", "第二次", "第三次", "第四次"}

var dispatches = []convened{
	{5, 27, 34, "", "区政府第二会议室", []string{"区分类办通报前期工作", "各镇街汇报台账和选址进展", "研究第一批投放点选址"},
		map[string]string{"青埠镇": "防汛值守"}, map[string]string{"区卫健局": "办公室副主任裴宁"}, "会议听取了前期工作情况，要求先把台账建起来，再谈进度。",
		[]given{
			{unit: "临汀街道", words: "第一批8个小区投放点选址6月底前完成", m: 6, d: 30, by: "linting", rm: 6, rd: 28, outcome: "8个小区全部完成公示和选址", am: 6, ad: 29},
			{unit: "区教育局", words: "学校分类台账6月10日前建齐", m: 6, d: 10, by: "jiaoyu", rm: 6, rd: 15, outcome: "149所学校建账149所", am: 6, ad: 16},
			{unit: "榆巷街道", words: "每月前3个工作日报送台账，明确一名经办人", m: 6, d: 5, by: "yuxiang", rm: 6, rd: 4, outcome: "已明确经办人，五月台账已报", am: 6, ad: 5},
			{unit: "北埂街道", words: "上报未开展分类的小区名单和原因", m: 6, d: 20, by: "beigeng", carry: true, carryM: 7, carryD: 31, rm: 8, rd: 5, outcome: "21个小区，逐个写明原因",
				am: 8, ad: 6},
		}},
	{7, 9, 38, "", "区政府第二会议室", []string{"转运站改造进度", "物业管理责任落实", "农村二次四分法推进"}, map[string]string{"区卫健局": "全市疫情防控会议冲突"},
		map[string]string{"石渡镇": "副镇长秦川"}, "会议指出，转运站改造慢于计划，物业责任要落到具体企业。",
		[]given{
			{unit: "区城管局", words: "转运站改造8月底前投用", m: 8, d: 31, by: "chengguan", rm: 9, rd: 10, outcome: "9月8日试运行，比计划晚十天", am: 9, ad: 11},
			{unit: "区住建局", words: "约谈整改不力的物业企业，督促落实管理责任", m: 8, d: 15, by: "zhujian", rm: 8, rd: 12, outcome: "约谈6家，均已签责任书", returned: "缺约谈记录",
				am: 8, ad: 17},
			{unit: "石渡镇", words: "阳光堆肥房选址论证", m: 8, d: 20, by: "shidu", drop: "改由区农业农村局统一选址论证", dm: 8, dd: 18},
		}},
	{9, 17, 41, "", "区政府第一会议室", []string{"第二批投放点建设", "“小手拉大手”进校园", "考核和奖补办法起草"}, nil, map[string]string{"青埠镇": "城建办主任吕航"},
		"会议要求第二批小区按期建成，办法起草要听镇街意见。",
		[]given{
			{unit: "望禾街道", words: "第二批9个小区投放点10月底前建成", m: 10, d: 31, by: "wanghe", rm: 11, rd: 3, outcome: "9个小区全部建成，其中2个晚三天", am: 11, ad: 4},
			{unit: "区教育局", words: "“小手拉大手”进校园，每校至少两场", m: 11, d: 30, by: "jiaoyu", rm: 11, rd: 27, outcome: "126所学校各办两场以上", am: 11, ad: 30},
			{unit: "", words: "考核办法、奖补办法11月底前成稿", m: 11, d: 30, by: "office2", rm: 11, rd: 27, outcome: "两个办法送审稿已报领导小组", am: 11, ad: 30},
			{unit: "云汀经开区", words: "企业食堂餐厨垃圾去向逐家排查", m: 10, d: 15, by: "jingkai"},
		}},
	{12, 10, 36, "", "区政府第二会议室", []string{"年度台账归档", "未开展分类的公共机构", "明年一季度选址"}, map[string]string{"区商务局": "参加市里会议"}, nil,
		"会议通报了逾期登记情况，要求年底前把账对清。",
		[]given{
			{unit: "北埂街道", words: "年度台账12月29日前交齐", m: 12, d: 29, by: "beigeng"},
			{unit: "柳塘镇", words: "未开展分类的公共机构逐家说明原因", m: 12, d: 25, by: "liutang", rm: 12, rd: 28, outcome: "4家，均因搬迁或合并"},
			{unit: "桥南街道", words: "明年一季度完成6个小区投放点选址", m: 15, d: 31, by: "qiaonan"},
			{unit: "区商务局", words: "拿出农贸市场果蔬垃圾分流方案，附现场照片", m: 13, d: 15, by: "shangwu", proof: true},
		}},
}

// others are the meetings that are no dispatch meetings, by whoever held them.
var others = []struct {
	m, d, people      int
	by, unit          string
	kind, title, said string
}{
	{6, 3, 22, "jiaoyu", "区教育局", dispatch.Other, "学校生活垃圾分类工作推进会", ""},
	{6, 18, 28, "yuxiang", "榆巷街道", dispatch.Other, "榆巷街道小区投放点建设协调会", ""},
	{8, 2, 286, "office", "", dispatch.Mobilisation, "全区生活垃圾分类工作动员大会", "区委、区政府主要负责同志讲话，临汀街道、柳塘镇、区教育局作表态发言，与镇街、部门签订责任书。"},
	{9, 23, 19, "nongye", "区农业农村局", dispatch.Other, "农村堆肥房选址论证会", ""},
	{11, 5, 25, "shangwu", "区商务局", dispatch.Other, "农贸市场果蔬垃圾处理座谈会", ""},
}

// meetings are the meetings of the year with what they decided, the bulletins of its months, and what nobody got round to.
func (p *press) meetings() {
	last := map[string]string{} // decisions to be taken up, by words
	for i, x := range dispatches {
		x.title = convenedNames[i] + "生活垃圾分类工作调度会"
		var id, minutes string
		on := period.Date(2020, x.m, x.d)
		p.day(workday(on-10, 1), 10, 5, func() { id = p.convene("office", dispatch.Dispatch, "", x, on) })
		if i > 0 {
			p.day(on-2, 9, 20, func() { p.pack(id) })
		}
		p.day(on, 11, 30, func() { p.hold("office", "", id, x, on) })
		for j, g := range x.decided {
			p.day(on, 11, 31+j, func() { p.follow(id, g, last) })
		}
		if i > 0 {
			p.day(on, 11, 50, func() { p.takeUp(id, dispatches[i-1].decided, last) })
		}
		p.day(workday(on+2, 1), 9, 15, func() { minutes = p.minutes(id) })
		p.day(workday(on+4, 1), 16, 0, func() { p.issue("leader", minutes); p.tick() })
	}
	// The next one is planned and its pack begun.
	next := convened{title: "2021年第一次生活垃圾分类工作调度会", place: "区政府第二会议室", agenda: []string{"通报2020年度工作", "开发区、北埂街道说明逾期原因", "部署一季度选址"}}
	var id string
	p.day(period.Date(2020, 12, 29), 16, 40, func() { id = p.convene("office", dispatch.Dispatch, "", next, period.Date(2021, 1, 14)) })
	p.day(period.Date(2020, 12, 30), 15, 10, func() { p.pack(id) })
	for _, x := range others {
		on := period.Date(2020, x.m, x.d)
		var id string
		c := convened{people: x.people, title: x.title, words: x.said}
		p.day(on-3, 9, 40, func() { id = p.convene(x.by, x.kind, x.unit, c, on) })
		p.day(on, 17, 5, func() { p.hold(x.by, x.unit, id, c, on) })
	}
	// The first bulletins were begun by hand; since there are visits they are there by themselves. August was forgotten,
	// November waits for its passages.
	for m := 1; m <= 12; m++ {
		month := period.MonthOf(period.Date(2020, m, 1))
		on := workday(month.Until, 3)
		if m == 12 {
			on = period.Date(2020, 12, 30)
		}
		if m < 3 || m == 12 {
			p.day(on, 9, 5, func() { p.draft(dispatch.BulletinTemplate, month, nil) })
		} else {
			p.day(month.Until, 0, 30, func() { p.tick() })
		}
		if m < 10 && m != 8 {
			p.day(workday(on+14, 1), 15, 10+m, func() { p.issue("leader", p.draft(dispatch.BulletinTemplate, month, bulletinWords(m))) })
		}
	}
	sort.SliceStable(p.todo, func(i, j int) bool { return p.todo[i].at.Before(p.todo[j].at) })
}

func bulletinWords(m int) map[string]string {
	problems := []string{"一些小区投放点撤桶后周边仍有散放垃圾，保洁没有跟上。", "部分公共机构有桶无人管，标识和分类指引更换不及时。", "个别物业对整改事项拖延回复，复查发现只改了表面。"}
	asked := []string{"各镇街对照逾期案件逐件督办，下月通报前销号。", "各部门对本行业单位再走一遍，没有问题的也要留照片。", "区分类办当月清完本办欠账，复查不过夜。"}
	return map[string]string{"存在问题": problems[m%3], "下步要求": asked[(m+1)%3]}
}

func (p *press) day(on period.Day, hour, minute int, do func()) {
	if t := at(on, hour, minute); !t.After(End) {
		p.todo = append(p.todo, moment{t, do})
	}
}

func (p *press) tick() {
	if p.err == nil {
		p.err = p.s.Meetings.Tick(p.ctx, p.district)
	}
}

func (p *press) unit(name string) org.No {
	if name == "" {
		return p.org.Root
	}
	for _, u := range p.org.Units() { // a bureau is a line department, and an institution of the same name
		if u.Name == name && (u.Type == org.Department || u.Type == org.Street || u.Type == org.Zone) {
			return u.No
		}
	}
	return 0
}

func (p *press) said(kind, unit string, x convened, on period.Day, held bool) dispatch.Input {
	in := dispatch.Input{Unit: p.unit(unit), Type: kind, Day: on, Title: x.title, Place: x.place}
	for _, a := range x.agenda {
		in.Agenda = append(in.Agenda, dispatch.Agenda{Title: a})
	}
	if held {
		in.People, in.Words = int64(x.people), x.words
	}
	if kind != dispatch.Dispatch {
		return in
	}
	for _, n := range append(append([]org.No{}, p.towns...), p.departments...) {
		s := dispatch.Seat{Unit: n, Presence: dispatch.Asked}
		name := p.org.UnitName(n)
		switch {
		case !held:
		case x.absent[name] != "":
			s.Presence, s.Reason = dispatch.Absent, x.absent[name]
		case x.stood[name] != "":
			s.Presence, s.Who = dispatch.Represented, x.stood[name]
		default:
			s.Presence = dispatch.Present
		}
		in.Seats = append(in.Seats, s)
	}
	return in
}

func (p *press) convene(login, kind, unit string, x convened, on period.Day) (id string) {
	p.as(login, func(tx *db.Tx, by access.Scope) error {
		m, err := p.s.Meetings.Plan(p.ctx, tx, by, p.said(kind, unit, x, on, false))
		id = m.ID
		return err
	})
	return id
}

// on does something to a meeting as it stands.
func (p *press) on(login, id string, do func(tx *db.Tx, by access.Scope, v dispatch.View) error) {
	p.as(login, func(tx *db.Tx, by access.Scope) error {
		v, err := p.s.Meetings.Page(p.ctx, tx, by, id)
		if err != nil {
			return err
		}
		return do(tx, by, v)
	})
}

func (p *press) hold(login, unit, id string, x convened, on period.Day) {
	p.on(login, id, func(tx *db.Tx, by access.Scope, v dispatch.View) error {
		_, err := p.s.Meetings.Hold(p.ctx, tx, by, id, v.Rev, p.said(v.Type, unit, x, on, true))
		return err
	})
}

func (p *press) pack(id string) {
	p.on("office", id, func(tx *db.Tx, by access.Scope, v dispatch.View) error {
		_, err := p.s.Meetings.DraftPack(p.ctx, tx, by, id, v.Rev)
		return err
	})
}

func (p *press) minutes(id string) (doc string) {
	p.on("office", id, func(tx *db.Tx, by access.Scope, v dispatch.View) error {
		m, err := p.s.Meetings.DraftMinutes(p.ctx, tx, by, id, v.Rev)
		doc = m.Minutes
		return err
	})
	return doc
}

func deadline(m, d int) period.Day {
	if m > 12 {
		return period.Date(2021, m-12, d)
	}
	return period.Date(2020, m, d)
}

// follow writes a decision down and plans what becomes of it.
func (p *press) follow(meeting string, g given, last map[string]string) {
	var id string
	p.as("office", func(tx *db.Tx, by access.Scope) error {
		d, err := p.s.Meetings.Decide(p.ctx, tx, by, meeting, dispatch.Task{Words: g.words, Unit: p.unit(g.unit), Deadline: deadline(g.m, g.d),
			ProofAsked: g.proof})
		id = d.ID
		return err
	})
	if g.carry {
		last[g.words] = id
		return
	}
	p.course(id, g)
}

// course is what becomes of a decision: reported, sent back, accepted, dropped, or nothing.
func (p *press) course(id string, g given) {
	later := func(m, d, hour int, login string, do func(tx *db.Tx, by access.Scope, rev int64) error) {
		if m == 0 {
			return
		}
		p.day(period.Date(2020, m, d), hour, 12, func() {
			p.as(login, func(tx *db.Tx, by access.Scope) error {
				v, err := p.s.Meetings.Decision(p.ctx, tx, by, id)
				if err != nil {
					return err
				}
				return do(tx, by, v.Rev)
			})
		})
	}
	report := func(tx *db.Tx, by access.Scope, rev int64) error {
		_, err := p.s.Meetings.Report(p.ctx, tx, by, id, rev, g.outcome, nil)
		return err
	}
	later(g.rm, g.rd, 15, g.by, report)
	if g.returned != "" {
		later(g.rm, g.rd+1, 10, "office", func(tx *db.Tx, by access.Scope, rev int64) error {
			_, err := p.s.Meetings.Return(p.ctx, tx, by, id, rev, g.returned)
			return err
		})
		later(g.rm, g.rd+2, 15, g.by, report)
	}
	later(g.am, g.ad, 10, "office", func(tx *db.Tx, by access.Scope, rev int64) error {
		_, err := p.s.Meetings.Accept(p.ctx, tx, by, id, rev)
		return err
	})
	if g.drop != "" {
		later(g.dm, g.dd, 10, "office", func(tx *db.Tx, by access.Scope, rev int64) error {
			_, err := p.s.Meetings.Drop(p.ctx, tx, by, id, rev, g.drop)
			return err
		})
	}
	sort.SliceStable(p.todo, func(i, j int) bool { return p.todo[i].at.Before(p.todo[j].at) })
}

// takeUp gives what the last meeting left another deadline.
func (p *press) takeUp(meeting string, decided []given, last map[string]string) {
	for _, g := range decided {
		old := last[g.words]
		if old == "" {
			continue
		}
		var id string
		p.as("office", func(tx *db.Tx, by access.Scope) error {
			v, err := p.s.Meetings.Decision(p.ctx, tx, by, old)
			if err != nil {
				return err
			}
			d, err := p.s.Meetings.Carry(p.ctx, tx, by, old, v.Rev, meeting, dispatch.Task{Words: g.words, Unit: p.unit(g.unit),
				Deadline: deadline(g.carryM, g.carryD)})
			id = d.ID
			return err
		})
		p.course(id, g)
	}
}
