package dispatch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/period"
)

// newYear lets the night pass; people stay signed in.
func newYear(w *apptest.World) {
	for range 4 {
		w.Clock.Advance(4 * time.Hour)
		for _, who := range []string{"office", "office2", "manager1"} {
			w.Get(who, "/me").OK()
		}
	}
}

// On the first of a month the bulletin of the month before and the packs of its meetings are there, once.
func TestPapersOfTheMonth(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		tick := func() {
			t.Helper()
			apptest.Must(t, w.App.Tick(t.Context(), "dispatch"))
		}
		count := func(template string) int64 {
			return w.Scalar(`SELECT count(*) FROM document WHERE district = $1 AND template = $2`, w.District, template)
		}
		tick()
		if count("monthly-bulletin") != 0 {
			t.Error("a bulletin of a district that neither inspects nor meets")
		}
		first, _ := meeting(w, "office", "", "2020-12-30", true)
		decided(w, "office", first, "东街", "未分类小区摸底", "2020-12-31")
		own, _ := meeting(w, "manager1", "东街", "2021-01-06", false)
		id, _ := meeting(w, "office", "", "2021-01-05", false)
		later, _ := meeting(w, "office", "", "2021-02-05", false)
		newYear(w)
		tick()
		tick()
		if count("monthly-bulletin") != 1 || count("dispatch-pack") != 1 {
			t.Errorf("%d bulletins, %d packs", count("monthly-bulletin"), count("dispatch-pack"))
		}
		for _, c := range []struct {
			meeting string
			want    bool
		}{{id, true}, {later, false}, {own, false}} {
			if got := apptest.At(w.Get("office", "/meetings/"+c.meeting).OK(), "pack") != nil; got != c.want {
				t.Errorf("the pack of %s: %v", c.meeting, got)
			}
		}
		months := apptest.List(w.Get("office", "/bulletins?year=2020").OK(), "months")
		if len(months) != 12 || apptest.Text(months[0], "month") != "2020-12" || apptest.Text(months[0], "papers.0.state") != "draft" {
			t.Errorf("the months: %v", months[0])
		}
		news := fmt.Sprint(w.Get("office", "/notices").OK())
		if !strings.Contains(news, "草稿已备好") {
			t.Errorf("the office is told nothing: %s", news)
		}
		doc := apptest.Text(w.Get("office", "/meetings/"+id).OK(), "pack.id")
		d := w.Get("office", "/documents/"+doc).OK()
		for _, part := range []string{"上次会议（2020年12月30日）议定的事项", "未分类小区摸底", "未办结，逾期1天"} {
			if !strings.Contains(fmt.Sprint(d["html"]), part) {
				t.Errorf("the pack lacks %q", part)
			}
		}
		// asked for again its texts follow what was done since
		m := w.Get("office", "/meetings/"+id).OK()
		again := w.Post("office", "/meetings/"+id+"/pack", nil, apptest.Num(m, "rev")).OK()
		if apptest.Text(again, "pack.id") != doc || count("dispatch-pack") != 1 {
			t.Error("another pack beside the draft")
		}
		// a bulletin of a month that lies ahead is refused, one of a month that runs is not
		w.Post("office", "/bulletins", vals{"unit": w.Units[""], "month": "2021-02"}, 0).Refused(422, "dispatch.month")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/bulletins", Body: vals{"unit": w.Units[""], "month": "2020-Q1"}}, 422, "dispatch.invalid",
			"/month", "value.date")
		w.Post("office", "/bulletins", vals{"unit": w.Units[""], "month": "2021-01"}, 0).OK()
		w.Post("manager1", "/bulletins", vals{"unit": w.Units[""], "month": "2021-01"}, 0).Refused(404, "org.no-unit")
	})
}

// Two nodes at the same moment draft one bulletin.
func TestOneBulletinOnTwoNodes(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		meeting(w, "office", "", "2020-12-30", true)
		newYear(w)
		done := make(chan error, 4)
		for range cap(done) {
			go func() { done <- w.App.Tick(w.T.Context(), "dispatch") }()
		}
		for range cap(done) {
			apptest.Must(w.T, <-done)
		}
		if n := w.Scalar(`SELECT count(*) FROM document WHERE district = $1 AND template = 'monthly-bulletin'`, w.District); n != 1 {
			w.T.Errorf("%d bulletins", n)
		}
		month := period.MonthOf(period.Date(2020, 12, 1))
		if n := w.Scalar(`SELECT count(*) FROM meeting_month WHERE district = $1 AND month = $2 AND document <> ''`, w.District, int64(month.From)); n != 1 {
			w.T.Errorf("%d months noted", n)
		}
	})
}
