package assess_test

import (
	"context"
	"testing"
	"time"

	"sifen/internal/apptest"
)

// TestTheRunOfTheDay: on the day that the sheet names the month over is computed by itself, once, however many nodes look and whoever
// begins it by hand at the same moment; a sheet that builds on it waits until somebody has checked it.
func TestTheRunOfTheDay(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		inspected(w)
		on := func(day int) func(string) string {
			return later(w, time.Date(2021, 1, day, 7, 0, 0, 0, apptest.Start.Location()))
		}
		tick := func() { apptest.Must(w.T, w.App.Scores.Tick(ctx, w.District)) }
		runs := `SELECT count(*) FROM score_run`
		on(2)
		tick()
		w.Expect("the day before", w.Scalar(runs), int64(0))
		as := on(3)
		errs := make(chan error, 3)
		for range 2 {
			go func() { errs <- w.App.Scores.Tick(ctx, w.District) }()
		}
		token := as("office")
		hand := make(chan string, 1)
		go func() {
			r := w.Post(token, "/scores", vals{"sheet": "estate-site", "from": "2020-12-01"}, 0)
			hand <- apptest.Text(r.JSON(), "id")
		}()
		for range 2 {
			apptest.Must(w.T, <-errs)
		}
		mine := <-hand
		w.Expect("one run", w.Scalar(runs), int64(1))
		w.Expect("units once", w.Scalar(`SELECT count(*) FROM score_unit`), int64(4))
		as = on(9)
		tick()
		w.Expect("streets wait for their estates", w.Scalar(runs), int64(1))
		run := w.Get(as("leader"), "/scores/"+mine).OK()
		act(w, as("leader"), run, "check", nil).OK()
		tick()
		w.Expect("streets follow", w.Scalar(runs), int64(2))
		w.Expect("of themselves", w.Scalar(`SELECT count(*) FROM score_run WHERE sheet = 'street-month' AND actor = ''`), int64(1))
		tick()
		w.Expect("once", w.Scalar(runs), int64(2))
	})
}

// TestTheRunOnALastDay: on the last day of a month, which is not over, it is still the month before that is computed.
func TestTheRunOnALastDay(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		inspected(w)
		later(w, time.Date(2021, 1, 31, 7, 0, 0, 0, apptest.Start.Location()))
		apptest.Must(w.T, w.App.Scores.Tick(context.Background(), w.District))
		w.Expect("December", w.Scalar(`SELECT count(*) FROM score_run WHERE period_from = 18597`), int64(1))
	})
}
