package rectify

import (
	"sifen/internal/calendar"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// What the party may ask for and object to, and how that is answered.

func (t *turn) ask(st Step, i *Instrument) error {
	if err := t.from(Sent, Fixing); err != nil {
		return err
	}
	c := &t.c
	switch {
	case i.Extend == nil:
		return ErrNone.With("instrument", i.Title)
	case c.AskedUntil > 0:
		return ErrAnswer
	case c.Body.Asks >= i.Extend.Times:
		return ErrTimes.With("times", i.Extend.Times)
	case c.DueAt == 0 || t.late():
		return ErrLate
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	due := period.Of(instant(c.DueAt - 1))
	most, err := t.cal.After(due, int(i.Extend.Most))
	if err != nil { // holidays are not published: twice the days hold as many working days
		most = due + 2*period.Day(i.Extend.Most)
	}
	if works, known := t.cal.Works(st.Day); known && !works {
		return ErrInvalid.At(problem.Field{Pointer: "/day", Code: "rectify.day-off", Args: map[string]any{"day": st.Day.String()}})
	}
	if st.Day <= due || st.Day > most {
		return ErrInvalid.At(problem.Field{Pointer: "/day", Code: "rectify.day-range", Args: map[string]any{"from": (due + 1).String(),
			"until": most.String()}})
	}
	c.AskedUntil = calendar.End(st.Day, i.minute())
	c.Body.Asks++
	t.owe(DutyExtension, c.Office, max(i.Extend.Answer, 1), 0)
	return nil
}

func (t *turn) grant(_ Step, _ *Instrument) error {
	if t.c.AskedUntil == 0 {
		return ErrState.With("state", Titles[t.c.State], "no", t.c.No)
	}
	t.later(t.c.AskedUntil)
	if t.now < t.c.PromiseAt { // one that has passed was broken
		t.c.PromiseAt = max(t.c.PromiseAt, t.c.DueAt)
	}
	t.c.AskedUntil = 0
	t.done(DutyExtension)
	return nil
}

func (t *turn) refuse(st Step, i *Instrument) error {
	if t.c.AskedUntil == 0 {
		return ErrState.With("state", Titles[t.c.State], "no", t.c.No)
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	t.c.AskedUntil = 0
	t.aDay(i)
	t.done(DutyExtension)
	return nil
}

func (t *turn) object(st Step, i *Instrument) error {
	if err := t.from(Sent, Fixing, Replied, Closed); err != nil {
		return err
	}
	c := &t.c
	switch {
	case i.Object == nil:
		return ErrNone.With("instrument", i.Title)
	case c.Objected == 1:
		return ErrAnswer
	case c.Body.ObjectAt >= c.Rank:
		return ErrTimes.With("times", int64(1))
	}
	if until, err := t.end(period.Of(instant(c.Body.SentAt)), i.Object.Within, 0); err == nil && t.now >= until {
		return ErrLate
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	c.Objected, c.Body.ObjectAt = 1, c.Rank
	t.owe(DutyObjection, c.Office, max(i.Object.Answer, 1), 0)
	return nil
}

func (t *turn) uphold(st Step, _ *Instrument) error {
	if t.c.Objected == 0 {
		return ErrState.With("state", Titles[t.c.State], "no", t.c.No)
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	t.done(DutyObjection)
	t.over(Revoked)
	return nil
}

func (t *turn) over(state string) {
	t.c.State, t.c.Open, t.c.Objected, t.c.AskedUntil = state, false, 0, 0
	t.fall()
}

func (t *turn) dismiss(st Step, i *Instrument) error {
	if t.c.Objected == 0 {
		return ErrState.With("state", Titles[t.c.State], "no", t.c.No)
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	t.c.Objected = 0
	if t.c.running() {
		t.aDay(i)
	}
	t.done(DutyObjection)
	return nil
}
