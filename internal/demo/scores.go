package demo

import (
	"errors"
	"fmt"
	"slices"

	"sifen/internal/access"
	"sifen/internal/assess"
	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// contested is an objection of a street to the score of an estate, and what the office decides; no outcome leaves it open.
type contested struct {
	nth     int // among what estates lost points for, the worst estate first
	words   string
	photo   bool
	outcome string
	reason  string
}

// scores are the months that were scored: August, in which an objection was rejected; September, in which one was upheld, so that its
// second revision is the final one, and the streets on it; November, which is public as the year ends, with one partly upheld and one
// that waits. October nobody has computed.
func (p *press) scores() {
	p.scored(8, 9, 3, []contested{{nth: 0, words: "检查当天小区正在更换垃圾桶，新桶下午到位，请核实。", outcome: assess.Rejected,
		reason: "检查照片拍摄于上午10点，桶内已满溢，更换时间与检查无关。"}}, true)
	p.scored(9, 10, 9, []contested{{nth: 0, words: "扣分的桶属于隔壁在建工地，不在本小区红线内，附施工单位说明。", outcome: assess.Upheld,
		reason: "经现场核对，扣分的桶确属相邻工地，予以更正。"}}, true)
	p.scored(11, 12, 28, []contested{
		{nth: 0, words: "发现的问题里有一处当天已经整改，整改照片已在案件里。", outcome: assess.Partly, reason: "一处属实已当场整改，其余问题维持。"},
		{nth: 1, words: "当天下雨，居民把袋子临时放在雨棚下，保洁半小时后清走，请复核。", photo: true},
	}, false)
}

// scored computes a month of estates on a day, makes it public on the next working day, and lets streets object on the one after.
func (p *press) scored(month, m, d int, list []contested, settles bool) {
	const sheet = "estate-site"
	from := period.Date(2020, month, 1)
	on := period.Date(2020, m, d)
	var run string
	p.day(on, 10, 40, func() { run = p.compute(sheet, from) })
	p.day(on, 16, 10, func() { p.advance(run, assess.Checked) })
	shown := workday(on, 1)
	p.day(shown, 9, 10, func() { p.advance(run, assess.Public) })
	corrected := slices.ContainsFunc(list, func(c contested) bool { return c.outcome == assess.Upheld || c.outcome == assess.Partly })
	for i, c := range list {
		var o assess.Objection
		p.day(workday(shown, 1), 9, 30+i, func() { o = p.object(run, c) })
		if c.outcome != "" {
			p.day(workday(shown, 1), 15, 20+i, func() { p.decide(o, c) })
		}
	}
	if !settles {
		return
	}
	again, revised := workday(shown, 2), false // chance may have left nothing to correct
	if corrected {
		p.day(again, 10, 0, func() {
			if next := p.revision(run); next != run {
				run, revised = next, true
				p.advance(run, assess.Checked)
			}
		})
		p.day(again, 10, 30, func() {
			if revised {
				p.advance(run, assess.Public)
			}
		})
	}
	last := workday(again, 5)
	p.day(last, 9, 0, func() { p.advance(run, assess.Final) })
	if corrected {
		var streets string
		p.day(last, 9, 40, func() { streets = p.compute("street-month", from) })
		p.day(last, 15, 0, func() { p.advance(streets, assess.Checked); p.advance(streets, assess.Public) })
		p.day(workday(last, 7), 9, 0, func() { p.advance(streets, assess.Final) })
	}
}

func (p *press) compute(sheet string, from period.Day) (run string) {
	p.as("office2", func(tx *db.Tx, by access.Scope) error {
		r, err := p.s.Scores.Compute(p.ctx, tx, by, sheet, from)
		run = r.ID
		return err
	})
	return run
}

func (p *press) advance(run, to string) {
	p.as("leader", func(tx *db.Tx, by access.Scope) error {
		v, err := p.s.Scores.Page(p.ctx, tx, by, run)
		if err == nil {
			_, err = p.s.Scores.Advance(p.ctx, tx, by, run, v.Attempt, to)
		}
		return err
	})
}

// revision is the last revision of a run.
func (p *press) revision(run string) (last string) {
	p.as("office", func(tx *db.Tx, by access.Scope) error {
		v, err := p.s.Scores.Page(p.ctx, tx, by, run)
		if err == nil {
			last = v.Revisions[len(v.Revisions)-1].ID
		}
		return err
	})
	return last
}

// object finds the estate and the item, and lets its street object.
func (p *press) object(run string, c contested) (o assess.Objection) {
	var unit org.No
	var item string
	p.as("office", func(tx *db.Tx, by access.Scope) (err error) {
		unit, item, err = p.lost(tx, by, run, c.nth)
		return err
	})
	if p.err != nil {
		return o
	}
	login := ""
	for _, t := range p.org.Targets(unit, period.Of(p.clock.Now())) {
		for _, x := range townNames {
			if p.org.UnitName(org.No(t.Unit)) == x.name {
				login = x.login
			}
		}
	}
	var photos []string
	if c.photo {
		photos = p.picture(login)
	}
	p.as(login, func(tx *db.Tx, by access.Scope) (err error) {
		o, err = p.s.Scores.Object(p.ctx, tx, by, run, assess.Objecting{Unit: unit, Item: item, Words: c.words, Photos: photos})
		return err
	})
	return o
}

// lost is an estate, the worst first, with an item of which it lost points for something that a visit found; nth counts from 0. Where
// there are fewer it is the estate with its score as a whole.
func (p *press) lost(tx *db.Tx, by access.Scope, run string, nth int) (org.No, string, error) {
	v, err := p.s.Scores.Page(p.ctx, tx, by, run)
	if err != nil {
		return 0, "", err
	}
	type loss struct {
		unit org.No
		item string
	}
	var all []loss
	rows := v.Groups[0].Rows
	for i := len(rows) - 1; i >= 0; i-- {
		if !rows[i].Scored {
			continue
		}
		u, err := p.s.Scores.Unit(p.ctx, tx, by, run, org.No(rows[i].Unit.ID))
		if err != nil {
			return 0, "", err
		}
		for _, b := range u.Blocks {
			for _, it := range b.Items {
				if !it.NA && it.Key != "know" && it.Points != it.Max+".00" && len(it.From) > 0 { // what residents said is no finding
					all = append(all, loss{org.No(rows[i].Unit.ID), it.Key})
				}
			}
		}
	}
	if nth < len(all) {
		return all[nth].unit, all[nth].item, nil
	}
	nth -= len(all)
	for _, r := range rows {
		if !r.Scored || slices.ContainsFunc(all, func(x loss) bool { return x.unit == org.No(r.Unit.ID) }) {
			continue
		}
		if nth == 0 {
			return org.No(r.Unit.ID), "", nil
		}
		nth--
	}
	return 0, "", errors.New("no estate has a score that a street could object to")
}

func (p *press) decide(o assess.Objection, c contested) {
	p.as("office", func(tx *db.Tx, by access.Scope) error {
		d := assess.Decision{Outcome: c.outcome, Reason: c.reason}
		u, err := p.s.Scores.Unit(p.ctx, tx, by, o.Run, o.Unit)
		if err != nil {
			return err
		}
		for _, b := range u.Blocks {
			for _, it := range b.Items {
				if it.Key == o.Item && c.outcome != assess.Rejected && len(it.Correct) > 0 {
					d.Fixes = []assess.Correction{{Visit: it.Correct[0].Visit, Name: it.Correct[0].Name, Value: "0"}}
				}
			}
		}
		if d.Outcome != assess.Rejected && len(d.Fixes) == 0 {
			d.Outcome, d.Reason = assess.Rejected, "经复核，检查记录和照片一致，维持原来的结果。"
		}
		_, err = p.s.Scores.Decide(p.ctx, tx, by, o.ID, o.Rev, d)
		return err
	})
}

// picture is a photo that a person brings.
func (p *press) picture(login string) []string {
	by, err := p.s.As(p.ctx, login)
	if err != nil {
		p.err = err
		return nil
	}
	t := p.clock.Now()
	pic := &Photo{Name: "IMG_" + t.Format("20060102_150405") + ".jpg", scene: "bins", taken: t, lat: 30.2, lon: 120.1, model: cameras[0], seed: 60_001}
	raw, err := pic.bytes()
	if err == nil {
		kept, keepErr := p.s.Evidence.Keep(p.ctx, by, raw, "", pic.Name)
		if err = keepErr; err == nil {
			return []string{kept.SHA}
		}
	}
	p.err = fmt.Errorf("a photo of the demonstration: %w", err)
	return nil
}
