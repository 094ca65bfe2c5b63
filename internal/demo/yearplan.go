package demo

import (
	"fmt"
	"sort"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
)

// planTargets are the figures the district bound itself to, with the value it wanted by the end of the year.
var planTargets = []struct {
	unit, figure string
	value        int64
	most         bool
}{
	{"", "publicity.sessions", 320, false}, {"", "publicity.audience", 60000, false}, {"", "publicity.materials", 200000, false}, {"", "campaign.people",
		90000, false},
	{"", "places.dropoff", 45, false}, {"", "fleet.vehicles", 100, false}, {"", "coverage.institutions", 301, false}, {"", "coverage.schools", 140, false},
	{"", "coverage.estates", 30, false}, {"", "inspections.special", 12, false}, {"", "records.late", 60, true}, {"榆巷街道", "publicity.sessions", 40, false},
}

// planTasks are what was to be done: by whom, by when, and how it went. done is the day it was reported, as month and day;
// 0 says that it was not.
var planTasks = []struct {
	unit, title, duty string
	month, day        int
	doneM, doneD      int
	login, note       string
}{
	{"", "印发年度工作方案", "统筹部署", 3, 31, 3, 24, "office", "方案已印发，任务分解到各镇街和部门。"},
	{"", "成立宣讲队并完成讲师培训", "宣传引导", 5, 31, 5, 20, "office", "宣讲队全部组建，讲师已培训上岗。"},
	{"", "起草考核办法和奖补资金管理办法", "统筹部署", 9, 30, 10, 15, "office", "两项办法已起草，正在征求意见。"},
	{"", "召开全区动员会", "统筹部署", 4, 30, 4, 21, "office", "动员会已召开。"},
	{"", "新增分类收运车辆", "分类收运", 10, 31, 0, 0, "", ""},
	{"区教育局", "中小学分类教育覆盖全部在建校", "公共机构和学校", 11, 30, 11, 26, "jiaoyu2", "已纳入各校课程安排。"},
	{"区住建局", "物业企业签订分类责任书", "居民小区", 6, 30, 0, 0, "", ""},
	{"区城管局", "改造转运站", "分类收运", 9, 30, 9, 18, "", "两座转运站改造完成。"},
	{"区卫健局", "医疗机构生活垃圾分类检查", "公共机构和学校", 10, 31, 0, 0, "", ""},
	{"区商务局", "再生资源回收网点摸底", "分类收运", 12, 31, 0, 0, "", ""},
	{"临汀街道", "第一批集中投放点建成", "居民小区", 8, 31, 8, 25, "linting", "投放点已建成并投用。"},
	{"榆巷街道", "第二批集中投放点建成", "居民小区", 11, 30, 12, 8, "yuxiang", "受雨天影响晚了一周，已全部建成。"},
	{"望禾街道", "未分类小区摸底造册", "居民小区", 7, 31, 7, 29, "wanghe", "摸底完成，名册已报区分类办。"},
	{"北埂街道", "未分类小区摸底造册", "居民小区", 7, 31, 0, 0, "", ""},
	{"桥南街道", "入户宣传覆盖在建小区", "宣传引导", 10, 31, 10, 30, "qiaonan", "入户宣传完成一轮。"},
	{"柳塘镇", "阳光堆肥房选址", "农村分类", 9, 30, 9, 27, "liutang", "已选定四处地块。"},
	{"青埠镇", "阳光堆肥房选址", "农村分类", 9, 30, 0, 0, "", ""},
	{"石渡镇", "农村保洁员分类培训", "农村分类", 11, 30, 11, 20, "shidu", "保洁员培训两期。"},
	{"云汀经开区", "企业园区分类投放点设置", "居民小区", 12, 31, 12, 18, "jingkai", "园区投放点设置完成。"},
	{"", "编制下一年度设施建设计划", "统筹部署", 12, 31, 0, 0, "", ""},
}

// planDuties is the matrix: who leads, who joins in. Parties by their key, departments by name.
var planDuties = []struct {
	title      string
	lead, join []string
}{
	{"统筹部署", []string{"government"}, []string{"community", "区城管局"}},
	{"宣传引导", []string{"community"}, []string{"government", "firm", "committee", "区教育局"}},
	{"居民小区", []string{"firm"}, []string{"community", "committee", "resident", "区住建局"}},
	{"公共机构和学校", []string{"区教育局", "区卫健局"}, []string{"government", "区商务局"}},
	{"分类收运", []string{"区城管局"}, []string{"government", "firm", "区商务局"}},
	{"农村分类", []string{"community"}, []string{"government", "resident", "区农业农村局"}},
	{"桶边督导", []string{"committee"}, []string{"firm", "community", "resident"}},
	{"检查考核", []string{"government"}, []string{"community", "区城管局", "区住建局"}},
	{"依规投放", []string{"resident"}, []string{"firm", "committee"}},
}

// plans lays the year's plan and what became of it among the moments.
func (p *press) plans() {
	var year plan.Year
	tasks := make([]string, len(planTasks))
	unit := func(name string) org.No {
		if name == "" {
			return p.org.Root
		}
		for _, u := range p.org.Units() {
			if u.Name == name {
				return u.No
			}
		}
		if p.err == nil {
			p.err = fmt.Errorf("the plan names %s, which there is not", name)
		}
		return 0
	}
	p.at(1, 10, 9, 30, func() {
		p.as("office", func(tx *db.Tx, by access.Scope) (err error) {
			if year, err = p.s.Plans.Start(p.ctx, tx, by, p.org.Root, 2020); err != nil {
				return err
			}
			for _, d := range planDuties {
				roles := map[string]string{}
				for role, list := range map[string][]string{plan.Join: d.join, plan.Lead: d.lead} {
					for _, who := range list {
						key := who
						if who[0] >= 0x80 {
							key = fmt.Sprintf("unit:%d", unit(who))
						}
						roles[key] = role
					}
				}
				if _, err := p.s.Plans.SetDuty(p.ctx, tx, by, year.ID, 0, plan.Duty{Title: d.title, Roles: roles}); err != nil {
					return err
				}
			}
			for _, t := range planTargets {
				x := plan.Target{Unit: unit(t.unit), Figure: t.figure, Value: t.value, AtMost: t.most}
				if !t.most {
					for m := range int64(12) {
						x.Months = append(x.Months, t.value*(m+1)/12)
					}
				}
				if _, err := p.s.Plans.SetTarget(p.ctx, tx, by, year.ID, 0, x); err != nil {
					return fmt.Errorf("%s: %w", t.figure, err)
				}
			}
			for i, t := range planTasks {
				x, err := p.s.Plans.SetTask(p.ctx, tx, by, year.ID, 0, plan.Task{Unit: unit(t.unit), Title: t.title, Duty: t.duty,
					Deadline: period.Date(2020, t.month, t.day)})
				if err != nil {
					return fmt.Errorf("%s: %w", t.title, err)
				}
				tasks[i] = x.ID
			}
			return nil
		})
	})
	for i, t := range planTasks {
		if t.doneM == 0 {
			continue
		}
		login := t.login
		if login == "" {
			login = "office" // the district office reports for a department that has nobody at the desk
		}
		p.at(t.doneM, t.doneD, 16, 10+i, func() {
			p.as(login, func(tx *db.Tx, by access.Scope) error {
				// the last look at deadlines may have been long ago: the task is read as it stands
				x, err := p.s.Plans.Task(p.ctx, tx, by, tasks[i])
				if err == nil {
					_, err = p.s.Plans.Finish(p.ctx, tx, by, x.ID, x.Rev, t.note, nil, nil)
				}
				return err
			})
		})
	}
	for m := 2; m <= 12; m++ { // the hourly look, once a month
		p.at(m, 1, 0, 5, func() {
			if p.err == nil {
				p.err = p.s.Tick(p.ctx, "plan")
			}
		})
	}
	sort.SliceStable(p.todo, func(i, j int) bool { return p.todo[i].at.Before(p.todo[j].at) })
}
