package ledger

import (
	"errors"
	"testing"

	"sifen/internal/problem"
)

// TestStatesAndDecisions: from which states an entry may take which step, and where it stands then. A step that is refused
// leaves the entry as it was.
func TestStatesAndDecisions(t *testing.T) {
	steps := map[string]func(e *Entry) error{
		"edit":              func(e *Entry) error { return e.editable() },
		"submit":            func(e *Entry) error { return e.submit(9, 0, 1000) },
		"withdraw":          func(e *Entry) error { return e.withdraw() },
		"pass a level":      func(e *Entry) error { return e.pass(8, 1, false) },
		"pass the last":     func(e *Entry) error { return e.pass(0, 1, true) },
		"return":            func(e *Entry) error { return e.giveBack("照片不清楚") },
		"return, no reason": func(e *Entry) error { return e.giveBack("x") },
		"void":              func(e *Entry) error { return e.void("重复登记") },
		"void, no reason":   func(e *Entry) error { return e.void("") },
	}
	type after struct {
		state   string
		wait    int64
		level   int64
		counted int64
		reason  string
	}
	passes := map[string]map[string]after{
		"edit":          {Draft: {Draft, 5, 0, 2, "旧"}, Returned: {Returned, 5, 0, 2, "旧"}, Verified: {Verified, 5, 0, 2, "旧"}},
		"submit":        {Draft: {Submitted, 9, 0, 2, ""}, Returned: {Submitted, 9, 0, 2, ""}},
		"withdraw":      {Submitted: {Draft, 0, 0, 2, "旧"}},
		"pass a level":  {Submitted: {Submitted, 8, 1, 2, "旧"}},
		"pass the last": {Submitted: {Verified, 0, 0, 3, ""}},
		"return":        {Submitted: {Returned, 0, 0, 2, "照片不清楚"}},
		"void":          {Submitted: {Void, 0, 0, 0, "重复登记"}, Returned: {Void, 0, 0, 0, "重复登记"}, Verified: {Void, 0, 0, 0, "重复登记"}},
	}
	reasonless := map[string][]string{"return, no reason": {Submitted}, "void, no reason": {Submitted, Returned, Verified}}
	for step, take := range steps {
		for _, state := range []string{Draft, Submitted, Returned, Verified, Void} {
			t.Run(step+" of a "+state+" one", func(t *testing.T) {
				was := Entry{ID: "e", State: state, Rev: 3, CountedRev: 2, WaitUnit: 5, Reason: "旧"}
				e := was
				err := take(&e)
				if want, ok := passes[step][state]; ok {
					got := after{e.State, int64(e.WaitUnit), e.Level, e.CountedRev, e.Reason}
					if err != nil || got != want {
						t.Errorf("%v, %v, want %v", got, err, want)
					}
					return
				}
				refusal := error(ErrState)
				for _, s := range reasonless[step] {
					if s == state {
						refusal = ErrReason
					}
				}
				if !errors.Is(err, refusal) {
					t.Errorf("%v, want %v", err, refusal)
				}
				e.Values, was.Values = nil, nil
				if e.State != was.State || e.CountedRev != was.CountedRev || e.WaitUnit != was.WaitUnit || e.Reason != was.Reason {
					t.Errorf("a refused step moved it: %+v", e)
				}
			})
		}
	}
	var p *problem.Error
	if err := (&Entry{State: Void}).withdraw(); !errors.As(err, &p) || p.Args["state"] != StateTitle(Void) {
		t.Errorf("the refusal does not name the state: %v", err)
	}
}
