package rectify

import "sifen/internal/problem"

// How a case leaves the office and comes back, changes its party, and ends other than by being put right.

func (t *turn) transfer(_ Step, i *Instrument) error {
	if err := t.from(Sent, Fixing); err != nil {
		return err
	}
	if t.owed(DutyExtension, DutyObjection) {
		return ErrAnswer
	}
	need := int64(2)
	if i.Refused != nil {
		need = i.Refused.Failed
	}
	if t.c.Failed < need {
		return ErrFailed.With("need", need, "failed", t.c.Failed)
	}
	days := int64(20)
	if to, ok := instrumentOf(t.set, "transfer"); ok && to.Result > 0 {
		days = to.Result
	}
	t.c.State = Transferred
	t.fall(DutySign)
	t.owe(DutyResult, t.c.Office, days, 0)
	return nil
}

func (t *turn) result(st Step, _ *Instrument) error {
	if err := t.from(Transferred); err != nil {
		return err
	}
	if st.Result == nil {
		return ErrInvalid.At(problem.Field{Pointer: "/result/decision", Code: "value.required"})
	}
	if err := st.Result.faults(t.day()); err != nil {
		return err
	}
	t.done(DutyResult)
	return nil
}

func (t *turn) back(st Step, i *Instrument) error {
	if err := t.from(Transferred); err != nil {
		return err
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	at, err := t.deadline(i, max(i.Return, 1))
	if err != nil {
		return err
	}
	t.c.State, t.c.RepliedAt = Fixing, 0
	t.later(at)
	t.fall(DutyResult)
	return nil
}

func (t *turn) reopen(st Step, _ *Instrument) error {
	if err := t.from(Closed); err != nil {
		return err
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	c := &t.c
	c.State, c.Open, c.Round = Draft, true, c.Round+1
	c.ClosedAt, c.RepliedAt, c.Body.InTime = 0, 0, false
	t.promiseAnew()
	t.fall(DutyLook)
	t.owe(DutyIssue, c.Office, 1, 0)
	return nil
}

func (t *turn) readdress(st Step, _ *Instrument) error {
	if err := t.from(Draft, Sent, Fixing); err != nil {
		return err
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	if st.Party == 0 || st.Party == t.c.Party {
		return ErrInvalid.At(problem.Field{Pointer: "/party", Code: "value.required"})
	}
	c := &t.c
	c.Party, c.State, c.RepliedAt, c.AskedUntil, c.Objected = st.Party, Draft, 0, 0, 0
	t.promiseAnew()
	t.fall()
	t.owe(DutyIssue, c.Office, 1, 0)
	return nil
}

// promiseAnew lets the next issue set another promise, unless this one has passed: what was late stays late.
func (t *turn) promiseAnew() {
	if t.now < t.c.PromiseAt {
		t.c.PromiseAt = 0
	}
}

func (t *turn) revoke(st Step, _ *Instrument) error {
	if err := t.from(Draft, Sent, Fixing, Replied); err != nil {
		return err
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	t.over(Revoked)
	return nil
}
