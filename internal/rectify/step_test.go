package rectify

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"sifen/internal/calendar"
	"sifen/internal/pack"
	"sifen/internal/penalty"
	"sifen/internal/period"
	"sifen/internal/problem"
)

func rules(t *testing.T) *pack.Set {
	t.Helper()
	files := fstest.MapFS{"pack.yaml": {Data: []byte("key: t\ntitle: {zh: 试, en: Try}\nversion: 1.0.0\n")}}
	for _, f := range []string{"calendars/cn.yaml", "instruments/instruments.yaml", "penalties/national.yaml"} {
		raw, err := os.ReadFile("../../packs/base/" + f)
		if err != nil {
			t.Fatal(err)
		}
		files[f] = &fstest.MapFile{Data: raw}
	}
	r := pack.NewRegistry(calendar.Type(), Instruments(), penalty.Type())
	p, faults := r.Load(files)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	set, faults := r.Build(p)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return set
}

var fined = &Result{No: "云综执罚〔2020〕12号", Decision: Fined, Amount: 2000, Day: "2020-03-01"}

// TestResults: what came back says its number, its decision and its day, and a fine its amount.
func TestResults(t *testing.T) {
	today := day(t, "2020-12-30")
	for name, c := range map[string]struct {
		r    Result
		want string
	}{
		"a fine":                   {*fined, ""},
		"not taken on":             {Result{Decision: Declined, Day: "2020-12-30"}, ""},
		"a fine without an amount": {Result{No: "12号", Decision: Fined, Day: "2020-12-30"}, "/result/amount"},
		"an amount without a fine": {Result{No: "12号", Decision: Warned, Amount: 5, Day: "2020-12-30"}, "/result/amount"},
		"a day to come":            {Result{No: "12号", Decision: Spared, Day: "2020-12-31"}, "/result/day"},
		"no day":                   {Result{No: "12号", Decision: Spared}, "/result/day"},
		"no number":                {Result{Decision: Spared, Day: "2020-12-30"}, "/result/no"},
		"another decision":         {Result{No: "12号", Decision: "jailed", Day: "2020-12-30"}, "/result/decision"},
	} {
		err := c.r.faults(today)
		var p *problem.Error
		if got := ""; errors.As(err, &p) {
			if got = p.Fields[0].Pointer; got != c.want || len(p.Fields) != 1 {
				t.Errorf("%s: %v, want %s", name, p.Fields, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%s is let through", name)
		}
	}
}

// life is a case and the time in it.
type life struct {
	t *testing.T
	turn
}

func begin(t *testing.T, set *pack.Set, instrument, now string) *life {
	t.Helper()
	l := &life{t: t, turn: turn{set: set, cal: calendar.Of(set), c: Case{
		ID: "c", State: Draft, Open: true, Instrument: instrument, Round: 1, Party: 7, Office: 1}}}
	l.at(now)
	l.owe(DutyIssue, 1, 1, 0)
	l.waits()
	return l
}

func (l *life) at(now string) *life {
	l.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", now, period.Day(0).Start().Location())
	if err != nil {
		l.t.Fatal(err)
	}
	l.now = at.UnixMilli()
	return l
}

func (l *life) do(st Step) error {
	next := l.turn
	next.duties = append([]Duty(nil), l.duties...)
	next.typed, next.look = 0, false
	if st.Op != OpAsk {
		next.typed = st.Day
	}
	if err := next.take(st); err != nil {
		return err
	}
	l.turn = next
	return nil
}

func (l *life) ok(op string) *life {
	l.t.Helper()
	if err := l.do(Step{Op: op, Words: "已办", Result: fined}); err != nil {
		l.t.Fatalf("%s: %v", op, err)
	}
	return l
}

func (l *life) says(what string, have, want any) {
	l.t.Helper()
	if fmt.Sprint(have) != fmt.Sprint(want) {
		l.t.Errorf("%s: %v, want %v", what, have, want)
	}
}

func end(at int64) string {
	if at == 0 {
		return ""
	}
	return instant(at).In(period.Day(0).Start().Location()).Format("2006-01-02 15:04")
}

// TestDeadlines: they fall on working days, move only later, and the promise stays.
func TestDeadlines(t *testing.T) {
	set := rules(t)
	for name, f := range map[string]func(){
		"a holiday between": func() {
			l := begin(t, set, "order", "2020-09-30 10:00").ok(OpIssue)
			l.says("due", end(l.c.DueAt), "2020-10-14 18:00") // 1 to 8 October are off, the 10th is worked
		},
		"a recheck that fails gives more time, not another promise": func() {
			l := begin(t, set, "onsite", "2020-12-14 10:00").ok(OpIssue).ok(OpSign)
			l.at("2020-12-15 09:00").ok(OpReply)
			l.at("2020-12-16 09:00").ok(OpFail)
			l.says("due", end(l.c.DueAt), "2020-12-21 18:00")
			l.says("promise", end(l.c.PromiseAt), "2020-12-15 18:00")
			l.says("round", l.c.Round, 2)
			l.at("2020-12-17 09:00").ok(OpReply).at("2020-12-18 09:00").ok(OpPass)
			l.says("in time", l.c.Body.InTime, false) // the reply that passed came after the promise
		},
		"a look older than the reply changes nothing": func() {
			l := begin(t, set, "prompt", "2020-12-14 10:00").ok(OpIssue).at("2020-12-15 12:00").ok(OpReply)
			l.at("2020-12-15 11:00").ok(OpFail)
			l.says("look", l.look, true)
			l.says("state", l.c.State, Replied)
		},
		"more time moves both": func() {
			l := begin(t, set, "prompt", "2020-12-14 10:00").ok(OpIssue)
			if err := l.do(Step{Op: OpAsk, Words: "等配件", Day: day(t, "2020-12-18")}); err != nil {
				t.Fatal(err)
			}
			l.says("waits for the office", l.c.Waits, 1)
			l.ok(OpGrant)
			l.says("due", end(l.c.DueAt), "2020-12-18 18:00")
			l.says("promise", l.c.PromiseAt, l.c.DueAt)
			refused(t, l.do(Step{Op: OpAsk, Words: "再等等", Day: day(t, "2020-12-21")}), ErrTimes)
		},
		"a refusal leaves a day": func() {
			l := begin(t, set, "prompt", "2020-12-14 10:00").ok(OpIssue)
			if err := l.do(Step{Op: OpAsk, Words: "等配件", Day: day(t, "2020-12-18")}); err != nil {
				t.Fatal(err)
			}
			l.at("2020-12-17 17:00").ok(OpRefuse)
			l.says("due", end(l.c.DueAt), "2020-12-18 18:00")
			l.says("promise", end(l.c.PromiseAt), "2020-12-17 18:00")
		},
		"too far": func() {
			l := begin(t, set, "prompt", "2020-12-14 10:00").ok(OpIssue)
			refused(t, l.do(Step{Op: OpAsk, Words: "等配件", Day: day(t, "2021-02-01")}), ErrInvalid)
			refused(t, l.at("2020-12-17 18:00").do(Step{Op: OpAsk, Words: "等配件", Day: day(t, "2020-12-18")}), ErrLate)
		},
		"a year that is not published": func() {
			l := begin(t, set, "prompt", "2027-12-30 10:00")
			refused(t, l.do(Step{Op: OpIssue}), ErrYear)
			l.says("state", l.c.State, Draft)
			if err := l.do(Step{Op: OpIssue, Day: day(t, "2028-01-04")}); err != nil {
				t.Fatal(err)
			}
			l.says("due", end(l.c.DueAt), "2028-01-04 18:00")
			l.says("nobody owes a day nobody knows", l.duties[len(l.duties)-1].DueAt > 0, true)
		},
		"escalated": func() {
			l := begin(t, set, "onsite", "2020-12-14 10:00").ok(OpIssue)
			refused(t, l.do(Step{Op: OpEscalate}), ErrEarly)
			l.at("2020-12-15 18:00").ok(OpOverdue)
			refused(t, l.do(Step{Op: OpOverdue}), ErrEarly)
			l.ok(OpEscalate)
			l.says("instrument", l.c.Instrument, "prompt")
			l.says("due", end(l.c.DueAt), "2020-12-18 18:00")
			l.says("promise", end(l.c.PromiseAt), "2020-12-15 18:00")
		},
		"an objection after closing": func() {
			l := begin(t, set, "prompt", "2020-12-14 10:00").ok(OpIssue).ok(OpReply).at("2020-12-15 10:00").ok(OpPass).ok(OpObject)
			l.says("waits", l.c.Waits, 1)
			l.ok(OpUphold)
			l.says("state", l.c.State, Revoked)
			l = begin(t, set, "prompt", "2020-12-14 10:00").ok(OpIssue)
			refused(t, l.at("2020-12-18 00:00").do(Step{Op: OpObject, Words: "不是我们"}), ErrLate)
		},
		"handed over after two failed rechecks": func() {
			l := begin(t, set, "supervise", "2020-12-14 10:00").ok(OpIssue).ok(OpReply).at("2020-12-15 10:00").ok(OpFail)
			refused(t, l.do(Step{Op: OpTransfer}), ErrFailed)
			l.ok(OpReply)
			refused(t, l.do(Step{Op: OpTransfer}), ErrState) // a reply waits
			l.at("2020-12-16 10:00").ok(OpFail).ok(OpTransfer)
			l.says("result owed", end(l.c.WaitUntil), "2021-01-15 00:00")
			l.ok(OpResult).ok(OpBack)
			l.says("state", l.c.State, Fixing)
		},
		"a late recheck fails once a deadline": func() {
			l := begin(t, set, "order", "2020-12-14 10:00").ok(OpIssue).at("2020-12-16 10:00").ok(OpFail)
			l.says("a look", l.look, true)
			l.at("2020-12-22 10:00").ok(OpFail)
			l.says("failed", l.c.Failed, 1)
			l.at("2020-12-23 10:00").ok(OpFail)
			l.says("failed", l.c.Failed, 1)
		},
		"what was late stays late": func() {
			late := func() *life {
				l := begin(t, set, "prompt", "2020-12-14 10:00").ok(OpIssue)
				return l.at("2021-01-05 10:00")
			}
			l := late().ok(OpEscalate)
			if err := l.do(Step{Op: OpAsk, Words: "等配件", Day: day(t, "2021-01-13")}); err != nil {
				t.Fatal(err)
			}
			l.ok(OpGrant)
			l.says("more time does not mend a promise", end(l.c.PromiseAt), "2020-12-17 18:00")
			l = late()
			if err := l.do(Step{Op: OpReaddr, Words: "换了物业", Party: 9}); err != nil {
				t.Fatal(err)
			}
			l.ok(OpIssue)
			l.says("nor does another party", end(l.c.PromiseAt), "2020-12-17 18:00")
			l = late().ok(OpReply).ok(OpPass).ok(OpReopen).ok(OpIssue)
			l.says("nor opening it again", end(l.c.PromiseAt), "2020-12-17 18:00")
		},
		"a hand-over is no instrument to choose": func() {
			l := begin(t, set, "order", "2020-12-14 10:00")
			refused(t, l.do(Step{Op: OpIssue, Instrument: "transfer"}), ErrInvalid)
			refused(t, l.ok(OpIssue).at("2020-12-30 10:00").do(Step{Op: OpEscalate, Instrument: "transfer"}), ErrInvalid)
		},
		"a day off": func() {
			l := begin(t, set, "order", "2020-12-14 10:00").ok(OpIssue)
			refused(t, l.do(Step{Op: OpAsk, Words: "等配件", Day: day(t, "2020-12-26")}), ErrInvalid)
		},
		"a request that a reply ends was not answered": func() {
			l := begin(t, set, "order", "2020-12-14 10:00").ok(OpIssue)
			if err := l.do(Step{Op: OpAsk, Words: "等配件", Day: day(t, "2020-12-22")}); err != nil {
				t.Fatal(err)
			}
			l.ok(OpReply).at("2020-12-15 10:00").ok(OpPass)
			for _, r := range records(l.c, l.duties, nil, l.now+1<<40) {
				if r.Kind == KindOffice && r.Fields["what"] != DutyRecheck {
					t.Errorf("the office is told to have done %v", r.Fields)
				}
			}
			late := begin(t, set, "order", "2020-12-14 10:00").ok(OpIssue)
			if err := late.do(Step{Op: OpAsk, Words: "等配件", Day: day(t, "2020-12-22")}); err != nil {
				t.Fatal(err)
			}
			late.at("2020-12-17 10:00").ok(OpReply)
			n := 0
			for _, r := range records(late.c, late.duties, nil, late.now) {
				if r.Kind == KindOffice && r.Fields["what"] == DutyExtension && r.Fields["in_time"] == false {
					n++
				}
			}
			late.says("one that was late by then stays late", n, 1)
		},
		"a fix that nobody offers": func() {
			l := begin(t, set, "order", "2020-12-14 10:00").ok(OpIssue)
			refused(t, l.do(Step{Op: OpReply, Fixes: []string{"junk"}}), ErrInvalid)
		},
		"reopened": func() {
			l := begin(t, set, "onsite", "2020-12-14 10:00").ok(OpIssue).ok(OpReply).ok(OpPass)
			refused(t, l.do(Step{Op: OpReply, Words: "又改了"}), ErrState)
			refused(t, l.do(Step{Op: OpReopen}), ErrReason)
			l.ok(OpReopen)
			l.says("state", l.c.State, Draft)
			l.says("open", l.c.Open, true)
			l.says("promise anew", l.c.PromiseAt, 0)
		},
		"to another party": func() {
			l := begin(t, set, "prompt", "2020-12-14 10:00").ok(OpIssue)
			refused(t, l.do(Step{Op: OpReaddr, Words: "换了物业", Party: 7}), ErrInvalid)
			if err := l.do(Step{Op: OpReaddr, Words: "换了物业", Party: 9}); err != nil {
				t.Fatal(err)
			}
			l.at("2020-12-16 10:00").ok(OpIssue)
			l.says("promise", end(l.c.PromiseAt), "2020-12-21 18:00")
		},
	} {
		t.Run(name, func(*testing.T) { f() })
	}
}

func day(t *testing.T, s string) period.Day {
	t.Helper()
	d, err := period.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func refused(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%v, want %v", err, want)
	}
}

// written is a step as it was written down, or the draw of a look-back.
type written struct {
	now  int64
	st   Step
	look bool
}

// TestLaws walks cases at random: due, rank, round and failed never fall; a look changes nothing but what was seen; who is
// open has somebody who owes; what is refused changes nothing.
func TestLaws(t *testing.T) {
	set := rules(t)
	r := rand.New(rand.NewPCG(7, 1))
	ops := make([]string, 0, len(rights)+1)
	for op := range rights {
		ops = append(ops, op)
	}
	ops = append(ops, OpOverdue)
	steps, taken := 0, map[string]int{}
	for range 1500 {
		l := begin(t, set, []string{"onsite", "prompt", "order", "supervise", "supervise"}[r.IntN(5)], "2020-03-02 10:00")
		first, done := *l, []written{}
		for range 120 {
			l.now += int64(r.IntN(60)) * 3_600_000
			before := l.c
			op := ops[r.IntN(len(ops))]
			if r.IntN(3) == 0 { // the way to enforcement is long
				op = map[string]string{Draft: OpIssue, Sent: OpReply, Fixing: OpReply, Replied: OpFail, Transferred: OpResult}[l.c.State]
				if l.c.Failed >= 2 && l.c.State == Fixing {
					op = OpTransfer
				}
			}
			st := Step{Op: op, Words: "已办", Result: fined}
			if st.Op == OpAsk && l.c.DueAt > 0 {
				st.Day = dayOf(l.c.DueAt) + period.Day(1+r.IntN(5))
			}
			if st.Op == OpReaddr {
				st.Party = l.c.Party + 1
			}
			if l.c.State == Closed && !l.owed(DutyLook) && r.IntN(4) == 0 { // the month is over, and it was drawn
				l.owe(DutyLook, l.c.Office, lookDays, 0)
				done = append(done, written{now: l.now, look: true})
			}
			err := l.do(st)
			var p *problem.Error
			if err != nil && !errors.As(err, &p) {
				t.Fatal(err)
			}
			if err != nil {
				if fmt.Sprint(before) != fmt.Sprint(l.c) {
					t.Fatalf("%s was refused (%v) and changed %+v to %+v", st.Op, err, before, l.c)
				}
				continue
			}
			steps++
			taken[st.Op]++
			done = append(done, written{now: l.now, st: st})
			c := l.c
			if (c.State == Closed || c.State == Revoked) && c.Rank > 0 && before.IssuedAt > 0 && c.IssuedAt != before.IssuedAt {
				t.Fatalf("%s changes when it was first issued", st.Op)
			}
			if c.DueAt < before.DueAt || c.Rank < before.Rank || c.Round < before.Round || c.Failed < before.Failed {
				t.Fatalf("%s: fell from %+v to %+v", st.Op, before, c)
			}
			if l.look {
				c.SeenAt = before.SeenAt
				if c.State != before.State || c.DueAt != before.DueAt || c.Round != before.Round || c.Failed != before.Failed {
					t.Fatalf("a look changed %+v to %+v", before, c)
				}
			}
			if c.Open && c.Waits == 0 {
				t.Fatalf("%s leaves a case that waits for nobody: %+v", st.Op, c)
			}
			if c.Open == (c.State == Closed || c.State == Revoked) {
				t.Fatalf("%s leaves %s open: %v", st.Op, c.State, c.Open)
			}
			for _, d := range l.duties {
				if d.DoneAt == 0 && d.What == DutyLook && c.State != Closed {
					t.Fatalf("%s leaves a look-back owed while it is %s", st.Op, c.State)
				}
				if !c.Open && d.DoneAt == 0 && d.What != DutyObjection && d.What != DutyLook {
					t.Fatalf("%s closes and leaves %s owed", st.Op, d.What)
				}
			}
		}
		again := &life{t: t, turn: turn{set: first.set, cal: first.cal, c: first.c, duties: append([]Duty(nil), first.duties...)}}
		for _, d := range done { // what was written down leads to the same case
			if again.now = d.now; d.look {
				again.owe(DutyLook, again.c.Office, lookDays, 0)
			} else if err := again.do(d.st); err != nil {
				t.Fatalf("%s was taken and is refused when it is replayed: %v", d.st.Op, err)
			}
		}
		if fmt.Sprint(again.c, again.duties) != fmt.Sprint(l.c, l.duties) {
			t.Fatalf("replayed to %+v, want %+v", again.c, l.c)
		}
	}
	for _, op := range ops {
		if taken[op] == 0 {
			t.Errorf("%s was never taken", op)
		}
	}
	if steps < 3000 {
		t.Errorf("only %d steps", steps)
	}
}
