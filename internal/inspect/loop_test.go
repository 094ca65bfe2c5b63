package inspect_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/id"
)

type vals = apptest.Vals

// visit hands in a visit and returns it.
func visit(w *apptest.World, as, unit string, answers []vals, more vals) map[string]any {
	w.T.Helper()
	return hand(w, as, unit, answers, more).OK()
}

func hand(w *apptest.World, as, unit string, answers []vals, more vals) apptest.Reply {
	w.T.Helper()
	body := vals{"id": id.New(w.Clock.Now()), "place": fmt.Sprintf("unit:%d", w.Units[unit]), "checklist": "estate", "answers": answers}
	for k, v := range more {
		body[k] = v
	}
	return w.Post(as, "/visits", body, 0)
}

func no(item string, phrases ...string) vals {
	return vals{"item": item, "value": "no", "phrases": phrases, "count": 2}
}

func step(w *apptest.World, as, kase, path string, body vals) apptest.Reply {
	w.T.Helper()
	v := w.Get(as, "/cases/"+kase)
	if v.Status != 200 {
		return v
	}
	return w.Post(as, "/cases/"+kase+"/"+path, body, apptest.Num(v.JSON(), "rev"))
}

// later moves the clock; sessions run out meanwhile, so everybody signs in again.
func later(w *apptest.World, to time.Time) func(login string) string {
	w.T.Helper()
	w.Clock.Set(to)
	tokens := map[string]string{}
	return func(login string) string {
		w.T.Helper()
		if tokens[login] == "" {
			token, _, err := w.App.Accounts.SignIn(context.Background(), login, apptest.Password, "192.0.2.1:1000")
			apptest.Must(w.T, err)
			tokens[login] = token
		}
		return tokens[login]
	}
}

func tick(w *apptest.World) {
	w.T.Helper()
	apptest.Must(w.T, w.App.Cases.Pass(context.Background(), w.District))
}

// TestFromFindingToClosing goes the whole way: found, issued on the spot, replied, returned, replied again, closed, and what
// figures say of it at each step.
func TestFromFindingToClosing(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		v := visit(w, "office", "桂园", []vals{no("lids", "full", "ground"), {"item": "board", "value": "yes"}}, vals{"present": "王师傅"})
		w.Expect("failed", apptest.Num(v, "failed"), int64(1))
		w.Expect("title", apptest.Text(v, "findings.0.title.zh"), "满溢、垃圾落地，2 个桶")
		kase := apptest.Text(v, "findings.0.case.id")
		c := w.Get("office", "/cases/"+kase).OK()
		for path, want := range map[string]string{"state": "sent", "party.name": "桂花社区", "waits.name": "桂花社区", "instrument.zh": "现场交办", "source": "visit"} {
			w.Expect(path, apptest.Text(c, path), want)
		}
		// 31 December is a Thursday; the next working day is 4 January, until six
		due := time.Date(2021, 1, 4, 18, 0, 0, 0, apptest.Start.Location()).UnixMilli()
		w.Expect("due", apptest.Num(c, "due"), due)

		// the same again on the same day joins
		again := visit(w, "office2", "桂园", []vals{no("lids", "open")}, nil)
		w.Expect("joined", apptest.Text(again, "findings.0.case.id"), kase)
		other := visit(w, "office2", "桂园", []vals{{"item": "lids", "value": "no", "another": true}}, nil)
		if apptest.Text(other, "findings.0.case.id") == kase {
			t.Error("another one joined")
		}

		for as, body := range map[string]vals{"clerk2": {"op": "reply", "words": "已清运"}, "manager1": {"op": "reply", "words": "已清运"}} {
			if r := step(w, as, kase, "reply", body); r.Status != 403 && r.Status != 404 {
				t.Errorf("%s replies for another: %d %s", as, r.Status, r.Body)
			}
		}
		step(w, "clerk1", kase, "reply", vals{"op": "sign"}).OK()
		step(w, "clerk1", kase, "reply", vals{"op": "reply"}).Refused(422, "rectify.invalid")
		w.Clock.Advance(3 * time.Hour)
		step(w, "clerk1", kase, "reply", vals{"op": "reply", "words": "已清运", "fixes": []string{"emptied"}}).OK()
		w.Expect("waits", apptest.Text(w.Get("office", "/cases/"+kase).OK(), "waits.name"), "四方区")
		step(w, "clerk1", kase, "recheck", vals{"op": "pass"}).Refused(403, "http.forbidden")
		as := later(w, apptest.Start.Add(27*time.Hour))
		step(w, as("office"), kase, "recheck", vals{"op": "fail", "words": "第二天又满"}).OK()
		c = w.Get(as("office"), "/cases/"+kase).OK()
		w.Expect("returned", apptest.Text(c, "state"), "returned")
		w.Expect("round", apptest.Num(c, "round"), int64(2))
		w.Expect("promise stays", apptest.Num(c, "promise"), due)
		step(w, as("clerk1"), kase, "reply", vals{"op": "reply", "words": "加了一个桶"}).OK()
		w.Clock.Advance(time.Hour)
		c = step(w, as("office2"), kase, "recheck", vals{"op": "pass"}).OK()
		w.Expect("closed", apptest.Text(c, "state"), "closed")
		w.Expect("in time", c["in_time"], true)
		figure := func(key, unit, period string) int64 {
			return apptest.Num(w.Get(as("office"), fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.Units[unit], period)).OK(), "value")
		}
		w.Expect("rechecks", figure("rechecks.first", "", "2021"), int64(1))
		w.Expect("first passed", figure("rechecks.first_passed", "", "2021"), int64(0))
		w.Expect("due before its day", figure("cases.due", "", "2021"), int64(0))
		as = later(w, time.Date(2021, 1, 5, 9, 0, 0, 0, apptest.Start.Location()))
		tick(w)
		w.Expect("due", figure("cases.due", "", "2021"), int64(2))
		w.Expect("closed", figure("cases.closed", "", "2021"), int64(1))
		w.Expect("in time", figure("cases.in_time", "", "2021"), int64(1))
		w.Expect("opened", figure("cases.opened", "东街", "2020"), int64(2))
		w.Expect("visits", figure("visits.all", "", "2020"), int64(3))
		w.Expect("places", figure("visits.places", "", "2020"), int64(1))
		w.Expect("findings", figure("findings.all", "", "2020"), int64(3))
		late := w.Get(as("office"), "/cases/"+apptest.Text(other, "findings.0.case.id")).OK()
		w.Expect("late", apptest.Num(late, "late"), int64(1))
		w.Expect("told", w.Scalar(`SELECT count(*) FROM rcase_event WHERE op = 'overdue'`), int64(1))
		tick(w)
		w.Expect("told once", w.Scalar(`SELECT count(*) FROM rcase_event WHERE op = 'overdue'`), int64(1))
		w.Settled()
	})
}

// TestOneVisitOnce: a phone that is not sure sends again.
func TestOneVisitOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		same := vals{"id": id.New(w.Clock.Now())}
		a := visit(w, "office", "桂园", []vals{no("lids")}, same)
		b := visit(w, "office", "桂园", []vals{no("lids")}, same)
		w.Expect("number", apptest.Text(b, "no"), apptest.Text(a, "no"))
		w.Expect("visits", w.Scalar(`SELECT count(*) FROM visit`), int64(1))
		w.Expect("cases", w.Scalar(`SELECT count(*) FROM rcase`), int64(1))
		for as, answers := range map[string][]vals{"office2": {no("lids")}, "office": {no("lids"), no("signs")}} { // another person's, another content
			hand(w, as, "桂园", answers, same).Refused(409, "inspect.sent-already")
		}
		w.Expect("still", w.Scalar(`SELECT count(*) FROM visit`), int64(1))
		hand(w, "office", "桂园", []vals{}, nil).Refused(422, "inspect.invalid") // nothing was looked at
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/visits", Body: vals{"id": id.New(w.Clock.Now()), "made_at": 1,
			"place": fmt.Sprintf("unit:%d", w.Units["桂园"]), "checklist": "estate", "answers": []vals{no("lids")}}}, 422, "inspect.invalid",
			"/made_at", "inspect.long-ago")
		na := visit(w, "office", "兰园", []vals{{"item": "lids", "value": "na"}, {"item": "signs", "value": "yes"}}, nil)
		w.Expect("not applicable is no answer", fmt.Sprint(apptest.Num(na, "answered"), apptest.Num(na, "failed")), "1 0")
	})
}

// TestSelfCheckOpensNoCase: whoever answers for a place may look at it himself, and gives nobody a notice.
func TestSelfCheckOpensNoCase(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		v := visit(w, "clerk1", "桂园", []vals{no("lids")}, nil)
		w.Expect("kind", apptest.Text(v, "kind"), "self")
		w.Expect("cases", w.Scalar(`SELECT count(*) FROM rcase`), int64(0))
		w.Expect("self", w.Figure("visits.self", "", "2020"), int64(1))
		w.Expect("visits", w.Figure("visits.all", "", "2020"), int64(0))
		hand(w, "clerk2", "桂园", []vals{}, nil).Refused(404, "inspect.no-place")
		w.Settled()
	})
}

// TestVoidedVisit: what it opened and nobody issued falls, what was issued stays.
func TestVoidedVisit(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		v := visit(w, "office", "桂园", []vals{no("lids"), no("purity")}, nil) // purity: a reminder, which somebody else issues
		w.Expect("before", w.Figure("findings.all", "", "2020"), int64(2))
		void := func(as string, rev int64, reason string) apptest.Reply {
			return w.Post(as, "/visits/"+apptest.Text(v, "id")+"/void", vals{"reason": reason}, rev)
		}
		void("clerk1", 1, "走错了").Refused(403, "http.forbidden")
		void("office2", 1, "").Refused(422, "rectify.reason")
		void("office2", 1, "走错了小区").OK()
		void("office2", 2, "走错了小区").Refused(409, "inspect.voided")
		w.Expect("visits", w.Figure("visits.all", "", "2020"), int64(0))
		w.Expect("findings", w.Figure("findings.all", "", "2020"), int64(0))
		w.Expect("sent stays", w.Scalar(`SELECT count(*) FROM rcase WHERE state = 'sent'`), int64(1))
		w.Expect("draft falls", w.Scalar(`SELECT count(*) FROM rcase WHERE state = 'revoked'`), int64(1))
		w.Settled()
	})
}

// TestAnswersThatAreNone names the answer and says what would be right.
func TestAnswersThatAreNone(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		for name, x := range map[string]struct {
			answer vals
			code   string
		}{
			"an item that is not there":  {vals{"item": "nothing", "value": "yes"}, "inspect.no-item"},
			"neither yes nor no":         {vals{"item": "lids", "value": "maybe"}, "value.choice"},
			"a phrase that is not there": {vals{"item": "lids", "value": "no", "phrases": []string{"x"}}, "value.choice"},
			"more right than asked":      {vals{"item": "aware", "value": "", "part": 11, "of": 10}, "inspect.share"},
			"a photo nobody brought":     {vals{"item": "lids", "value": "no", "photos": []string{"00"}}, "value.file-missing"},
		} {
			r := hand(w, "office", "桂园", []vals{x.answer}, nil)
			if got := apptest.Text(r.JSON(), "errors.0.code"); r.Status != 422 || got != x.code {
				w.T.Errorf("%s: %d %s", name, r.Status, r.Body)
			}
		}
		w.Expect("kept", w.Scalar(`SELECT count(*) FROM visit`), int64(0))
		v := visit(w, "office", "桂园", []vals{{"item": "aware", "value": "", "part": 8, "of": 10}}, nil)
		w.Expect("share", apptest.Text(v, "findings.0.title.zh"), "知道怎么分的居民：8 / 10")
	})
}

// TestNoticeIsADocument: what one visit found for one party stands in one notice; when somebody else issues it, the cases are
// issued with it and their days run from then.
func TestNoticeIsADocument(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		v := visit(w, "office", "桂园", []vals{no("purity"), {"item": "purity", "value": "no", "another": true, "subject": ""}}[:1], nil)
		kase := apptest.Text(v, "findings.0.case.id")
		c := w.Get("office", "/cases/"+kase).OK()
		w.Expect("not yet", apptest.Text(c, "state"), "draft")
		step(w, "office", kase, "issue", vals{"op": "issue"}).Refused(403, "rectify.finder") // who found it does not issue it
		c = w.Get("office2", "/cases/"+kase).OK()
		w.Expect("may write", c["may_notice"], true)
		c = w.Post("office2", "/cases/"+kase+"/notice", nil, apptest.Num(c, "rev")).OK()
		doc := apptest.Text(c, "notices.0.id")
		w.Post("office2", "/cases/"+kase+"/notice", nil, apptest.Num(c, "rev")).Refused(409, "rectify.notice-written")
		d := w.Get("office2", "/documents/"+doc).OK()
		if text := fmt.Sprint(d); !strings.Contains(text, "桂花社区") || !strings.Contains(text, "3 个工作日内改正") {
			t.Errorf("the notice says %.600s", text)
		}
		d = w.Post("office2", "/documents/"+doc+"/submit", nil, apptest.Num(d, "rev")).OK()
		d = w.Post("leader", "/documents/"+doc+"/approve", nil, apptest.Num(d, "rev")).OK()
		w.Clock.Advance(2 * time.Hour)
		w.Post("leader", "/documents/"+doc+"/issue", nil, apptest.Num(d, "rev")).OK()
		w.Jobs()
		apptest.Must(t, w.App.Cases.Noticed(context.Background(), w.District))
		c = w.Get("office", "/cases/"+kase).OK()
		w.Expect("sent", apptest.Text(c, "state"), "sent")
		w.Expect("state of the notice", apptest.Text(c, "notices.0.state"), "issued")
		w.Expect("due", apptest.Num(c, "due"), time.Date(2021, 1, 6, 18, 0, 0, 0, apptest.Start.Location()).UnixMilli())
		if number := apptest.Text(c, "notices.0.number"); !strings.Contains(number, "改〔2020〕1号") {
			t.Errorf("number %q", number)
		}
		w.Expect("once", w.Scalar(`SELECT count(*) FROM rcase_event WHERE op = 'issue'`), int64(1))
		w.Get("clerk1", "/documents/"+doc).OK() // the party has it
		w.Settled()
	})
}
