package demo

import (
	"errors"
	"fmt"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/inspect"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/special"
)

// campaigns are the two of the year: one of autumn, which is over, with second looks and a place that nobody could get into,
// and one of the last days, of which two are sealed still when the year ends.
func (x *rounds) campaigns() {
	x.campaign(time.Date(2020, 10, 16, 9, 20, 0, 0, Start.Location()), inspect.CampaignInput{Kind: inspect.KindSpecial, Title: seasonTitle,
		Checklist: "estate", Surprise: 20, Second: 20, Days: []inspect.DayInput{{Day: "2020-10-20", Quota: 7}, {Day: "2020-10-22", Quota: 6},
			{Day: "2020-10-27", Quota: 6}}}, "桂香满城 清风徐来")
	x.campaign(time.Date(2020, 12, 23, 9, 30, 0, 0, Start.Location()), inspect.CampaignInput{Kind: inspect.KindSpecial, Title: "岁末小区专项检查",
		Checklist: "estate", Surprise: 20, Second: 10, Days: []inspect.DayInput{{Day: "2020-12-31", Quota: 9}, {Day: "2021-01-05", Quota: 8},
			{Day: "2021-01-07", Quota: 8}}}, "")
	x.takeOver(time.Date(2020, 12, 30, 16, 10, 0, 0, Start.Location()))
}

const seasonTitle = "金秋小区专项检查"

// takeOver lets the special inspections of the ledger be kept with campaigns, at the end of the year, and counts the campaign of
// autumn, which the ledger never had.
func (x *rounds) takeOver(t time.Time) {
	x.plan(t, func() {
		by, err := x.s.As(x.ctx, "office")
		if err == nil {
			err = x.s.DB.Write(x.ctx, func(tx *db.Tx) error {
				if err := indicator.Exclusive(x.ctx, tx, x.district); err != nil {
					return err
				}
				if _, err := x.s.Special.TakeOver(x.ctx, tx, by); err != nil {
					return err
				}
				c, err := x.s.Special.Adopt(x.ctx, tx, by, x.season)
				if err != nil {
					return err
				}
				_, err = x.s.Special.Correct(x.ctx, tx, by, c.ID, c.Rev, special.Said{Outcome: special.Prompt, OutcomeNo: x.runner.plan.seasonPaper})
				return err
			})
		}
		if err != nil {
			x.err = errors.Join(x.err, fmt.Errorf("special inspections of the demonstration: %w", err))
		}
	})
}

// campaign is made and sealed by the office, and goes its way.
func (x *rounds) campaign(t time.Time, in inspect.CampaignInput, words string) {
	var c inspect.Campaign
	x.plan(t, func() {
		in.Unit = int64(x.org.Root)
		for _, login := range []string{"jiancha", "jiancha2", "office2"} {
			in.Crew = append(in.Crew, x.accountOf(login))
		}
		x.as("office", func(tx *db.Tx, by access.Scope) (err error) {
			if c, err = x.s.Visits.SetCampaign(x.ctx, tx, by, "", 0, in); err == nil {
				c, err = x.s.Visits.Seal(x.ctx, tx, by, c.ID, c.Rev)
			}
			if c.Title == seasonTitle {
				x.season = c.ID
			}
			return err
		})
	})
	if words != "" {
		x.plan(t.Add(26*time.Hour), func() {
			x.as("office", func(tx *db.Tx, by access.Scope) error {
				_, err := x.s.Visits.Say(x.ctx, tx, by, c.ID, c.Rev, words)
				return err
			})
		})
	}
	for _, d := range in.Days {
		day, err := period.ParseDay(d.Day)
		if err != nil {
			x.err = errors.Join(x.err, err)
			return
		}
		x.plan(at(day, 6, 0), func() { x.morning(day) })
		x.plan(at(day+1, 0, 30), func() { x.err = errors.Join(x.err, x.s.Visits.Pass(x.ctx, x.district)) })
	}
}

func (x *rounds) accountOf(login string) string {
	a, err := x.s.Accounts.ByLogin(x.ctx, login)
	x.err = errors.Join(x.err, err)
	return a.ID
}

// morning draws the places of the day and lets those whose they are go there, one after the other.
func (x *rounds) morning(day period.Day) {
	x.err = errors.Join(x.err, x.s.Seal(x.ctx), x.s.Visits.Pass(x.ctx, x.district))
	for _, login := range []string{"jiancha", "jiancha2", "office2"} {
		var today []inspect.TodayRow
		x.as(login, func(tx *db.Tx, by access.Scope) (err error) {
			today, err = x.s.Visits.Today(x.ctx, tx, by)
			return err
		})
		for i, row := range today {
			x.drawn++
			t := at(day, 8, 40+x.r.IntN(15)).Add(time.Duration(i*75+x.r.IntN(20)) * time.Minute)
			if x.drawn%8 == 5 {
				x.plan(t, func() {
					x.as(login, func(tx *db.Tx, by access.Scope) error {
						return x.s.Visits.Miss(x.ctx, tx, by, 0, row.Campaign, row.Key, pick(x.r, []string{"小区道路封闭施工", "物业无人，门禁进不去"}))
					})
				})
				continue
			}
			x.plan(t, func() { x.check(login, row) })
		}
	}
}

// check is a drawn visit. One of the inspectors overlooks more than the others.
func (x *rounds) check(login string, row inspect.TodayRow) {
	set, err := x.s.Packs.Current(x.ctx, x.s.DB.Read, x.district)
	if err != nil {
		x.err = err
		return
	}
	form, ok := pack.Value[inspect.Checklist](set, "checklists", row.Checklist)
	if !ok {
		x.err = fmt.Errorf("there is no checklist %s", row.Checklist)
		return
	}
	now := x.clock.Now()
	in := inspect.Input{ID: id.New(now), Place: row.Key, Checklist: row.Checklist, Present: pick(x.r, surnames) + pick(x.r, []string{"主任", "经理", "师傅"})}
	bad := map[string]int{"jiancha": 9, "jiancha2": 24, "office2": 11}[login]
	for _, s := range form.Sections {
		if s.Each != nil && s.Each.Of == "object" {
			continue
		}
		for _, i := range s.Items {
			in.Answers = append(in.Answers, x.answer(i, "", login, bad))
		}
	}
	x.as(login, func(tx *db.Tx, by access.Scope) error {
		_, err := x.s.Visits.Take(x.ctx, tx, by, in)
		var p *problem.Error
		if errors.As(err, &p) {
			return fmt.Errorf("%s at %s: %w", login, row.Name, err)
		}
		return err
	})
	for _, c := range x.cases(`SELECT id FROM rcase WHERE district = $1 AND created_at = $2 ORDER BY no`, now.UnixMilli()) {
		x.react(c)
	}
}
