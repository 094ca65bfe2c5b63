package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/inspect"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/rectify"
)

// rounds are the inspections of the year and what became of them: inspectors go round, parties sign, reply, ask for time and
// object, or do not; the office rechecks, most of it in time. They happen between the other acts.
type rounds struct {
	*runner
	ctx    context.Context
	clock  *clock.Manual
	r      *rand.Rand
	org    *org.Org
	places map[string][]org.Unit
	logins map[org.No]string // who replies for a unit
	todo   []moment
	photos int
	drawn  int    // places of campaigns so far
	looks  int    // look-backs so far
	season string // the campaign of autumn
	waits  bool
	handed int // cases handed over so far
	err    error
}

func (r *runner) rounds(ctx context.Context, c *clock.Manual) *rounds {
	x := &rounds{runner: r, ctx: ctx, clock: c, r: dice(41)}
	for d := period.Date(2020, 3, 2); d <= period.Date(2020, 12, 30); d++ {
		if !works(d) {
			continue
		}
		x.plan(at(d, 8, 0), x.pass)
		for i := range x.r.IntN(3) {
			x.plan(at(d, 9+3*i+x.r.IntN(2), x.r.IntN(60)), x.visit)
		}
	}
	x.campaigns()
	x.leads()
	x.awards()
	return x
}

// plan puts something behind what happens before it.
func (x *rounds) plan(t time.Time, do func()) {
	if t.After(End) {
		return // what the year leaves open
	}
	i := sort.Search(len(x.todo), func(i int) bool { return x.todo[i].at.After(t) })
	x.todo = slices.Insert(x.todo, i, moment{t, do})
}

// soon is office time some working days from now.
func (x *rounds) soon(days int) time.Time {
	return at(workday(period.Of(x.clock.Now())+1, max(days, 1)), 9+x.r.IntN(8), x.r.IntN(60))
}

// until lets happen what is due by then.
func (x *rounds) until(t time.Time) error {
	for len(x.todo) > 0 && x.todo[0].at.Before(t) && x.err == nil {
		if x.org == nil {
			x.look()
		}
		next := x.todo[0]
		x.todo = x.todo[1:]
		x.clock.Set(next.at)
		if x.err == nil {
			next.do()
		}
	}
	return x.err
}

// inTurn lets happen what is due by then of the papers and of the rounds, whichever comes first.
func inTurn(p *press, x *rounds, t time.Time) error {
	due := func(list []moment) bool { return len(list) > 0 && list[0].at.Before(t) }
	for {
		var err error
		switch {
		case due(p.todo) && (!due(x.todo) || p.todo[0].at.Before(x.todo[0].at)):
			err = p.until(p.todo[0].at.Add(1))
		case due(x.todo):
			err = x.until(x.todo[0].at.Add(1))
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// look finds what can be inspected and who replies for it.
func (x *rounds) look() {
	if x.org, x.err = x.s.Orgs.Current(x.ctx, x.s.DB.Read, x.district); x.err != nil {
		return
	}
	x.places, x.logins = map[string][]org.Unit{}, map[org.No]string{}
	for _, u := range x.org.Units() {
		switch u.Type {
		case org.Estate, org.Institution, org.School, org.Village:
			x.places[string(u.Type)] = append(x.places[string(u.Type)], u)
		}
	}
	for _, p := range x.runner.plan.People {
		if u, ok := x.org.Find(p.Unit.Name); ok && (p.Role == "clerk" || p.Role == "firm" || p.Role == "department") {
			x.logins[u.No] = p.Login
		}
	}
}

// as does something in one transaction as a person.
func (x *rounds) as(login string, do func(tx *db.Tx, by access.Scope) error) {
	if x.err != nil {
		return
	}
	by, err := x.s.As(x.ctx, login)
	if err == nil {
		err = x.s.DB.Write(x.ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(x.ctx, tx, x.district); err != nil {
				return err
			}
			return do(tx, by)
		})
	}
	if err != nil {
		x.err = fmt.Errorf("inspections of the demonstration, %s on %s: %w", login, x.clock.Now().Format("2006-01-02"), err)
	}
}

// leads are problems that no inspection found.
func (x *rounds) leads() {
	for i, l := range []rectify.LeadBody{
		{Title: "路边堆放装修垃圾", Words: "居民来电反映，联系电话 13800001234", Severity: rectify.Major, Instrument: "prompt", Origin: "resident"},
		{Title: "厨余桶倒入其他垃圾车", Words: "城管执法中队巡查发现后转来", Severity: rectify.Major, Instrument: "order", Origin: "body"},
		{Title: "投放点夜间无人清理", Words: "区长信箱转办", Severity: rectify.Minor, Instrument: "prompt", Origin: "other"},
	} {
		x.plan(at(period.Date(2020, 11+i/2, 12+14*(i%2)), 10, 20), func() {
			list := x.places["estate"]
			l.Unit = int64(list[(7+11*i)%len(list)].No)
			x.as("office2", func(tx *db.Tx, by access.Scope) error {
				_, err := x.s.Cases.Lead(x.ctx, tx, by, l)
				return err
			})
			for _, c := range x.cases(`SELECT id FROM rcase WHERE district = $1 AND created_at = $2 ORDER BY no`, x.clock.Now().UnixMilli()) {
				x.react(c)
			}
		})
	}
}

func (x *rounds) pass() {
	x.err = errors.Join(x.err, x.s.Cases.Pass(x.ctx, x.district), x.s.Cases.LookBacks(x.ctx, x.district))
	for _, c := range x.cases(`SELECT l.rcase FROM rcase_lookback AS l JOIN rcase_lookmonth AS m ON m.district = l.district AND m.month = l.month
		WHERE l.district = $1 AND l.nth > 0 AND l.outcome = '' AND m.opened_at = $2 ORDER BY l.nth`, x.clock.Now().UnixMilli()) {
		x.lookBack(c)
	}
}

// lookBack plans that somebody sees again whether a closed case is still in order; of the last month one waits.
func (x *rounds) lookBack(kase string) {
	st := rectify.Step{Op: rectify.OpStands}
	if x.looks++; x.looks%5 == 3 {
		st = rectify.Step{Op: rectify.OpAgain, Words: pick(x.r, []string{"又满溢了", "标志又脱落了", "地面又有散落"}), Photos: x.photo("jiancha2")}
	}
	if x.clock.Now().Month() == time.December && !x.waits {
		x.waits = true
		return // the first of the last list waits
	}
	for i, login := range []string{"jiancha2", "office2", "office"} { // the first who neither replied nor closed it
		x.plan(x.soon(4+i), func() { x.step(login, kase, st) })
	}
}

// photo is a picture of bins, brought by a person; one case in two has some.
func (x *rounds) photo(login string) []string {
	if x.r.IntN(2) == 0 || x.photos >= 90 || x.err != nil {
		return nil
	}
	by, err := x.s.As(x.ctx, login)
	if err != nil {
		x.err = err
		return nil
	}
	x.photos++
	t := x.clock.Now()
	p := &Photo{Name: "IMG_" + t.Format("20060102_150405") + ".jpg", scene: pick(x.r, []string{"bins", "bins", "board"}), taken: t, lat: 30.2, lon: 120.1,
		model: pick(x.r, cameras), seed: uint64(50_000 + x.photos)}
	raw, err := p.bytes()
	if err == nil {
		kept, keepErr := x.s.Evidence.Keep(x.ctx, by, raw, "", p.Name)
		if err = keepErr; err == nil {
			return []string{kept.SHA}
		}
	}
	x.err = err
	return nil
}

// visit is an inspector at a place, most of which is in order.
func (x *rounds) visit() {
	kind := pick(x.r, []string{"estate", "estate", "estate", "institution", "school", "village"})
	list := x.places[kind]
	u := list[x.r.IntN(min(len(list), 60))]
	login := pick(x.r, []string{"jiancha", "jiancha", "jiancha2", "office2"})
	set, err := x.s.Packs.Current(x.ctx, x.s.DB.Read, x.district)
	if err != nil {
		x.err = err
		return
	}
	key := map[string]string{"estate": "estate", "institution": "body", "school": "school", "village": "village"}[kind]
	form, ok := pack.Value[inspect.Checklist](set, "checklists", key)
	if !ok {
		x.err = fmt.Errorf("there is no checklist %s", key)
		return
	}
	now := x.clock.Now()
	in := inspect.Input{ID: id.New(now), Place: rectify.UnitPlace(u.No), Checklist: key, Present: pick(x.r, surnames) + pick(x.r, []string{"主任",
		"经理", "师傅", "老师"}),
		Special: now.Month() == time.November && x.r.IntN(2) == 0}
	bad := 14 + x.r.IntN(30)
	for _, s := range form.Sections {
		subjects := []string{""}
		if s.Each != nil && s.Each.Of == "object" {
			subjects = nil
			for _, want := range s.Each.N.Of {
				for i := range want.N {
					sub := inspect.Subject{Section: s.Key, ID: id.New(now), Name: roomNames[want.Kind][int(i)%2], Kind: want.Kind}
					in.Subjects, subjects = append(in.Subjects, sub), append(subjects, sub.ID)
				}
			}
		}
		for _, subject := range subjects {
			for _, i := range s.Items {
				in.Answers = append(in.Answers, x.answer(i, subject, login, bad))
			}
		}
	}
	for _, c := range x.open(in.Place) {
		if x.r.IntN(3) > 0 {
			in.Looks = append(in.Looks, inspect.Look{Case: c, Passed: x.r.IntN(3) > 0})
		}
	}
	x.as(login, func(tx *db.Tx, by access.Scope) error {
		_, err := x.s.Visits.Take(x.ctx, tx, by, in)
		return err
	})
	for _, c := range x.cases(`SELECT id FROM rcase WHERE district = $1 AND created_at = $2 ORDER BY no`, now.UnixMilli()) {
		x.react(c)
	}
}

var roomNames = map[string][]string{"room-lower": {"一（2）班", "二（1）班"}, "room-upper": {"五（3）班", "六（1）班"}, "office-room": {"综合科", "财务科"}}

// answer is what an inspector says of an item; one in bad is wrong.
func (x *rounds) answer(i inspect.Item, subject, login string, bad int) inspect.Answer {
	a := inspect.Answer{Subject: subject, Item: i.Key}
	wrong := x.r.IntN(bad) == 0
	switch i.Answer {
	case inspect.Share:
		a.Of = max(i.Of, 5)
		a.Part = a.Of - int64(x.r.IntN(2))
		if wrong {
			a.Part = a.Of * 6 / 10
		}
	case inspect.Select:
		a.Value = i.Options[0].Key
	case inspect.Amount:
		a.Value = fmt.Sprint(10 + x.r.IntN(60))
	case inspect.Text:
	default:
		a.Value = inspect.Yes
		if wrong {
			a.Value = inspect.No
			if len(i.Phrases) > 0 {
				a.Phrases = []string{i.Phrases[x.r.IntN(len(i.Phrases))].Key}
			}
			if i.Count != nil {
				a.Count = int64(1 + x.r.IntN(3))
			}
			a.Photos = x.photo(login)
		}
	}
	return a
}

func (x *rounds) cases(query string, args ...any) []string {
	var out []string
	rows, err := x.s.DB.Read.QueryContext(x.ctx, query, append([]any{x.district}, args...)...)
	var one string
	x.err = errors.Join(x.err, db.Each(rows, err, func() error {
		err := rows.Scan(&one)
		out = append(out, one)
		return err
	}))
	return out
}

// open are the cases of a place that were issued.
func (x *rounds) open(place string) []string {
	return x.cases(`SELECT id FROM rcase WHERE district = $1 AND place = $2 AND open = 1 AND state IN ('fixing', 'replied') ORDER BY no`, place)
}

// step does something to a case and plans what follows. What no longer fits, because time or somebody else was faster, is left.
func (x *rounds) step(login, kase string, st rectify.Step) {
	fits := true
	x.as(login, func(tx *db.Tx, by access.Scope) error {
		v, err := x.s.Cases.Page(x.ctx, tx, by, kase)
		if err != nil {
			return err
		}
		_, err = x.s.Cases.Act(x.ctx, tx, by, kase, v.Rev, st)
		var p *problem.Error
		if errors.As(err, &p) {
			fits = false
			return nil
		}
		return err
	})
	if fits && x.err == nil {
		x.react(kase)
	}
}

// react plans what whoever has to act does about a case, or does not.
func (x *rounds) react(kase string) {
	if x.err != nil {
		return
	}
	var state string
	var party org.No
	var failed, rank, asked, objected, round int64
	if err := x.s.DB.Read.QueryRowContext(x.ctx, `SELECT state, party, failed, rank, asked_until, objected, round FROM rcase WHERE district = $1 AND id = $2`,
		x.district, kase).Scan(&state, &party, &failed, &rank, &asked, &objected, &round); err != nil {
		x.err = err
		return
	}
	speaker := x.logins[party]
	if speaker == "" {
		speaker = "office3" // on paper
	}
	luck := x.r.IntN(100)
	then := func(t time.Time, login string, st rectify.Step) { x.plan(t, func() { x.step(login, kase, st) }) }
	switch {
	case asked > 0:
		op, words := rectify.OpGrant, "材料采购需要时间，同意"
		if luck < 35 {
			op, words = rectify.OpRefuse, "可先增加清运次数"
		}
		then(x.soon(1), "office3", rectify.Step{Op: op, Words: words})
		then(x.soon(4), speaker, x.reply(speaker))
	case objected > 0:
		op, words := rectify.OpDismiss, "检查时已拍照，问题属实"
		if luck < 50 {
			op, words = rectify.OpUphold, "当天由市政施工占用，不属物业责任"
		}
		then(x.soon(2), "office3", rectify.Step{Op: op, Words: words})
		then(x.soon(3), speaker, x.reply(speaker))
	case state == rectify.Transferred:
		owed := x.cases(`SELECT rcase FROM rcase_duty WHERE district = $1 AND rcase = $2 AND what = 'result' AND done_at = 0`, kase)
		if x.handed += len(owed); len(owed) == 0 || x.handed%3 == 2 {
			break // it has answered, or has not yet
		}
		t := x.soon(12)
		then(t, "office", rectify.Step{Op: rectify.OpResult, Result: &rectify.Result{No: fmt.Sprintf("云综执罚〔2020〕%d号", 40+x.handed),
			Decision: rectify.Fined, Amount: 1000 * int64(1+x.handed%3), Day: period.Of(t).String()}})
	case state == rectify.Draft:
		if luck < 96 || x.clock.Now().Month() < time.December {
			then(x.soon(1), "office", rectify.Step{Op: rectify.OpIssue})
		}
	case state == rectify.Sent:
		if luck < 92 {
			then(x.clock.Now().Add(time.Duration(20+x.r.IntN(240))*time.Minute), speaker, rectify.Step{Op: rectify.OpSign})
		} else {
			then(x.soon(2), speaker, x.reply(speaker)) // which signs for it, too
		}
	case state == rectify.Fixing && failed >= 2 && rank >= 3:
		then(x.soon(2), "office", rectify.Step{Op: rectify.OpTransfer, Words: "两次复查不合格"})
	case state == rectify.Fixing && rank > 1 && round == 1 && luck < 14:
		then(x.soon(1), speaker, rectify.Step{Op: rectify.OpAsk, Words: "新桶要等到货", Day: workday(period.Of(x.clock.Now())+1, int(rank)*2+2)})
	case state == rectify.Fixing && rank > 1 && round == 1 && luck < 26:
		then(x.soon(1), speaker, rectify.Step{Op: rectify.OpObject, Words: "当天有施工，桶是临时挪开的"})
	case state == rectify.Fixing && luck < 95:
		t := x.soon(1)
		switch {
		case rank == 1 && luck < 60: // on the same day
			t = x.clock.Now().Add(time.Duration(30+x.r.IntN(90)) * time.Minute)
		case rank > 1 && luck < 40:
			t = x.soon(2)
		case luck > 86:
			t = x.soon(7)
		}
		then(t, speaker, x.reply(speaker))
	case state == rectify.Fixing:
		then(x.soon(6), "office", rectify.Step{Op: rectify.OpEscalate})
		then(x.soon(9), speaker, x.reply(speaker))
	case state == rectify.Replied:
		days := 1 + x.r.IntN(3)
		if luck < 6 {
			days = 6 // the office is late too
		}
		op, words := rectify.OpPass, ""
		if luck%8 == 0 || rank >= 3 && luck < 70 {
			op, words = rectify.OpFail, pick(x.r, []string{"第二天早上又满", "照片看不清", "没有改到位"})
		}
		then(x.soon(days), pick(x.r, []string{"office", "office2", "jiancha"}), rectify.Step{Op: op, Words: words})
	}
}

func (x *rounds) reply(login string) rectify.Step {
	return rectify.Step{Op: rectify.OpReply, Words: pick(x.r, []string{"已清运，并通知保洁员每晚再看一次", "已更换", "已补齐标志", "已整改到位", "加了一个桶，清运提前到傍晚"}),
		Photos: x.photo(login)}
}
