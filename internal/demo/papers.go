package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dispatch"
	"sifen/internal/document"
	"sifen/internal/docx"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/template"
)

// papers are the official documents of the last days of the year: a notice to all towns and departments that not everybody
// signs for, a bulletin, minutes that wait for approval, and a paper from the city. They happen between the other acts.
func (r *runner) papers(ctx context.Context, c *clock.Manual) *press {
	p := &press{runner: r, ctx: ctx, clock: c}
	var notice, bulletin, meeting, minutes string
	p.plans()
	p.at(11, 13, 10, 0, func() {
		bulletin = p.draft("monthly-bulletin", period.MonthOf(period.Date(2020, 10, 1)), map[string]string{
			"存在问题": "部分镇街宣传活动集中在月末，登记不够及时；个别小区投放点周边环境有待改善。"})
		p.recipients(bulletin, p.towns)
	})
	p.at(11, 13, 15, 30, func() { p.issue("leader", bulletin) })
	for i, login := range []string{"linting", "yuxiang", "wanghe", "qiaonan", "liutang", "shidu", "jingkai"} {
		p.at(11, 16, 8, 40+2*i, func() { p.sign(login, bulletin) })
	}
	p.at(12, 28, 15, 20, p.received)
	p.at(12, 29, 9, 40, func() {
		notice = p.draft("notice", period.MonthOf(period.Date(2020, 12, 1)), map[string]string{
			"标题": "关于做好2020年度生活垃圾分类台账归档工作的通知",
			"主送": "各镇人民政府、街道办事处，经开区管委会，区有关部门",
			"正文": "为做好本年度生活垃圾分类工作收尾，现就台账归档有关事项通知如下。\n一是各单位于12月31日前完成本年度记录的登记和审核，逾期未登记的逐条说明原因。\n二是对退回的记录逐条核对更正，照片、签到表等佐证材料一并补齐。\n三是请各单位收到本通知后及时签收，并明确一名联系人。",
		})
		p.recipients(notice, append(append([]org.No{}, p.towns...), p.departments...))
	})
	p.at(12, 29, 10, 5, func() { p.step("office", notice, p.r().Submit) })
	p.at(12, 29, 14, 30, func() { p.step("leader", notice, p.r().Approve) })
	p.at(12, 29, 15, 0, func() { p.issue("office", notice) })
	for i, login := range []string{"linting", "wanghe", "qiaonan", "liutang", "jingkai", "jiaoyu2"} {
		p.at(12, 29, 15, 7+6*i, func() { p.sign(login, notice) })
	}
	p.at(12, 29, 17, 10, func() { p.read("beigeng", notice) })
	year := convened{people: 11, title: "区分类办年末工作例会", place: "区分类办会议室"}
	p.at(12, 28, 9, 0, func() { meeting = p.convene("office", dispatch.Other, "", year, period.Date(2020, 12, 30)) })
	p.at(12, 30, 9, 50, func() { p.hold("office", "", meeting, year, period.Date(2020, 12, 30)) })
	p.at(12, 30, 10, 0, func() {
		minutes = p.minutes(meeting)
		p.texts(minutes, map[string]string{
			"会议情况": "12月30日上午，区生活垃圾分类工作领导小组办公室召开年末工作例会，梳理全年工作，研究下一步安排。",
			"议定事项": "会议议定，各镇街于一月底前完成未分类小区摸底，逐一明确推进时间。\n会议议定，经开区、北埂街道对逾期登记较多的单位约谈一次。",
			"责任分工": "未分类小区摸底由各镇街负责，区住建局配合，一月三十一日前完成。\n投放点周边环境整治由区城管局牵头，二月底前完成。",
			"出席人员": "谭振邦、沈知远，各镇街、有关部门负责同志。",
		})
		p.step("office", minutes, p.r().Submit)
	})
	p.at(12, 30, 11, 0, func() { p.say("leader", minutes, "第二项请写明由哪个科室跟踪。") })
	p.scores()
	p.meetings()
	return p
}

type press struct {
	*runner
	ctx         context.Context
	clock       *clock.Manual
	org         *org.Org
	towns       []org.No
	departments []org.No
	todo        []moment
	err         error
}

// moment is one thing that happens to the papers.
type moment struct {
	at time.Time
	do func()
}

func (p *press) r() *document.Service { return p.s.Documents }

func (p *press) at(month, day, hour, minute int, do func()) {
	p.todo = append(p.todo, moment{at(period.Date(2020, month, day), hour, minute), do})
}

// until lets happen what is due by then.
func (p *press) until(t time.Time) error {
	for len(p.todo) > 0 && p.todo[0].at.Before(t) && p.err == nil {
		if p.org == nil {
			if p.org, p.err = p.s.Orgs.Current(p.ctx, p.s.DB.Read, p.district); p.err != nil {
				return p.err
			}
			for _, u := range p.org.Units() {
				switch u.Type {
				case org.Street, org.Zone:
					p.towns = append(p.towns, u.No)
				case org.Department:
					p.departments = append(p.departments, u.No)
				}
			}
			if p.err = p.s.DB.Write(p.ctx, func(tx *db.Tx) error {
				return org.SetSetting(p.ctx, tx, p.district, fmt.Sprintf("series:%d", p.org.Root), "云分类办")
			}); p.err != nil {
				return p.err
			}
		}
		p.clock.Set(p.todo[0].at)
		p.todo[0].do()
		p.todo = p.todo[1:]
	}
	return p.err
}

// as does something in one transaction as a person.
func (p *press) as(login string, do func(tx *db.Tx, by access.Scope) error) {
	if p.err != nil {
		return
	}
	by, err := p.s.As(p.ctx, login)
	if err != nil {
		p.err = err
		return
	}
	p.err = p.s.DB.Write(p.ctx, func(tx *db.Tx) error {
		if err := indicator.Exclusive(p.ctx, tx, p.district); err != nil {
			return err
		}
		return do(tx, by)
	})
	if p.err != nil {
		p.err = fmt.Errorf("documents of the demonstration, %s: %w", login, p.err)
	}
}

func (p *press) rev(tx *db.Tx, by access.Scope, id string) int64 {
	d, err := p.r().Get(p.ctx, tx, by, id)
	if err != nil {
		p.err = errors.Join(p.err, err)
	}
	return d.Rev
}

func (p *press) draft(template string, per period.Period, texts map[string]string) (id string) {
	p.as("office", func(tx *db.Tx, by access.Scope) error {
		d, err := p.r().Create(p.ctx, tx, by, template, p.org.Root, per)
		if err == nil && texts != nil {
			d, err = p.r().SetTexts(p.ctx, tx, by, d.ID, d.Rev, texts, nil)
		}
		id = d.ID
		return err
	})
	return id
}

func (p *press) texts(id string, texts map[string]string) {
	p.as("office", func(tx *db.Tx, by access.Scope) error {
		_, err := p.r().SetTexts(p.ctx, tx, by, id, p.rev(tx, by, id), texts, nil)
		return err
	})
}

func (p *press) recipients(id string, units []org.No) {
	p.as("office", func(tx *db.Tx, by access.Scope) error {
		_, err := p.r().SetRecipients(p.ctx, tx, by, id, p.rev(tx, by, id), units)
		return err
	})
}

func (p *press) step(login, id string, do func(context.Context, *db.Tx, access.Scope, string, int64) (document.Document, error)) {
	p.as(login, func(tx *db.Tx, by access.Scope) error {
		_, err := do(p.ctx, tx, by, id, p.rev(tx, by, id))
		return err
	})
}

func (p *press) issue(login, id string) {
	p.step(login, id, p.r().Issue)
	if p.err == nil {
		_, p.err = p.s.Jobs.RunDue(p.ctx)
	}
}

func (p *press) read(login, id string) {
	p.as(login, func(tx *db.Tx, by access.Scope) error { return p.r().MarkRead(p.ctx, tx, by, id) })
}

func (p *press) sign(login, id string) {
	p.read(login, id)
	p.as(login, func(tx *db.Tx, by access.Scope) error {
		return p.r().SignFor(p.ctx, tx, by, id, org.No(by.Grants[0].Unit))
	})
}

func (p *press) say(login, id, words string) {
	p.as(login, func(tx *db.Tx, by access.Scope) error { return p.r().Comment(p.ctx, tx, by, id, words, "") })
}

// received registers a paper of the city, made with the shipped layout of a notice.
func (p *press) received() {
	p.as("office", func(tx *db.Tx, by access.Scope) error {
		set, err := p.s.Packs.Current(p.ctx, tx, p.district)
		if err != nil {
			return err
		}
		t, err := template.Of(set, "notice")
		if err != nil {
			return err
		}
		raw, _ := template.FileOf(set, t)
		word, err := docx.Open(raw)
		if err != nil {
			return err
		}
		filled, err := word.Render(template.Catalogue(set, t), letter{
			"单位": "汀州市", "日期": "2020年12月25日", "文号": "汀分类办〔2020〕41号", "标题": "关于报送2020年度生活垃圾分类工作总结的通知", "主送": "各县（区）生活垃圾分类工作领导小组办公室",
			"正文": "请各县（区）于2021年1月10日前报送本年度生活垃圾分类工作总结，总结中的数字应当有据可查。"})
		if err != nil {
			return err
		}
		content, err := filled.Bytes()
		if err != nil {
			return err
		}
		_, err = p.r().AddFile(p.ctx, tx, by, document.Upload{Outside: true, Kind: "notice", Unit: p.org.Root, Title: "关于报送2020年度生活垃圾分类工作总结的通知",
			Name:   "汀分类办〔2020〕41号.docx",
			Number: "汀分类办〔2020〕41号", Sender: "汀州市生活垃圾分类工作领导小组办公室", Received: period.Of(p.clock.Now()), Content: content})
		return err
	})
}

// letter answers a template with words alone.
type letter map[string]string

func (l letter) Figure(docx.Ref) (docx.Figure, error) { return docx.Figure{Missing: true}, nil }
func (l letter) Has(name string) bool                 { return l[name] != "" }
func (l letter) Text(name string) []string            { return []string{l[name]} }
func (l letter) Header(name string) string            { return l[name] }
func (l letter) Each(string) ([]docx.Source, error)   { return nil, nil }
func (l letter) Picture(string) (docx.Picture, bool)  { return docx.Picture{}, false }
func (l letter) Annex(string) docx.Annex              { return docx.Annex{} }
