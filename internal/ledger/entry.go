// Package ledger keeps entries of every kind that rule packs define: forms, revisions, verification, evidence.
// It computes no figure; it tells package indicator what counts.
package ledger

import (
	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// The states of an entry, those of its latest revision.
const (
	Draft     = "draft"
	Submitted = "submitted"
	Returned  = "returned"
	Verified  = "verified"
	Void      = "void"
)

// The operations of an entry's history.
const (
	OpCreate   = "create"
	OpEdit     = "edit"
	OpImport   = "import"
	OpSubmit   = "submit"
	OpWithdraw = "withdraw"
	OpVerify   = "verify"
	OpReturn   = "return"
	OpVoid     = "void"
	OpSucceed  = "succeed"
)

// Verbs of this package.
const (
	Read   access.Verb = "ledger.read"
	Enter  access.Verb = "ledger.enter"
	Verify access.Verb = "ledger.verify"
	Voids  access.Verb = "ledger.void"
)

// Entry is a record at its latest revision.
type Entry struct {
	ID          string
	Kind        string
	Number      string
	Unit        org.No
	State       string
	Rev         int64
	CountedRev  int64 // the last verified revision, which figures count; 0 for none
	Level       int64 // index into the kind's levels at which a submission waits
	WaitUnit    org.No
	From, Until period.Day
	Title       string
	Subject     string
	Photos      int64
	Thumb       string
	Account     string // who made it
	Reviser     string // who wrote its latest revision
	CreatedAt   int64
	SubmittedAt int64
	LateDays    int64 // working out of the first submission; 0 in time
	Reason      string
	Values      kind.Values
	lateNow     int64 // days late of the submission being made
}

// Event is one line of history.
type Event struct {
	ID       string
	Entry    string
	At       int64
	Account  string
	Op       string
	Rev      int64
	Level    string
	Reason   string
	Unit     org.No
	Day      period.Day
	LateDays int64
}

// Problems of this package.
var (
	ErrEntry     = problem.New(problem.NotFound, "ledger.no-entry", nil)
	ErrInvalid   = problem.New(problem.Invalid, "ledger.invalid", nil)
	ErrRefused   = problem.New(problem.Invalid, "ledger.refused", nil)
	ErrForbidden = problem.New(problem.Forbidden, "ledger.forbidden", nil)
	ErrState     = problem.New(problem.Conflict, "ledger.wrong-state", nil)
	ErrStale     = problem.New(problem.Stale, "ledger.changed", nil)
	ErrOwn       = problem.New(problem.Forbidden, "ledger.own-revision", nil)
	ErrReason    = problem.New(problem.Invalid, "ledger.reason", nil)
	ErrNotOwn    = problem.New(problem.Forbidden, "ledger.not-own", nil)
	ErrKept      = problem.New(problem.Conflict, "ledger.kept-elsewhere", nil)
	ErrLasting   = problem.New(problem.Conflict, "ledger.not-lasting", nil)
)

// stateTitle names a state for messages.
var stateTitle = map[string]i18n.Label{
	Draft:     {Zh: "草稿", En: "draft"},
	Submitted: {Zh: "待审核", En: "awaiting verification"},
	Returned:  {Zh: "已退回", En: "returned"},
	Verified:  {Zh: "已核实", En: "verified"},
	Void:      {Zh: "已作废", En: "void"},
}

// StateTitle names the state of an entry.
func StateTitle(state string) i18n.Label { return stateTitle[state] }

// The transitions. Each names the states it may start from; everything else is ErrState.

func (e *Entry) from(states ...string) error {
	for _, s := range states {
		if e.State == s {
			return nil
		}
	}
	return ErrState.With("state", stateTitle[e.State])
}

// editable reports whether a new revision may be made.
func (e *Entry) editable() error { return e.from(Draft, Returned, Verified) }

func (e *Entry) submit(wait org.No, level int64, at int64) error {
	if err := e.from(Draft, Returned); err != nil {
		return err
	}
	e.State, e.WaitUnit, e.Level, e.SubmittedAt, e.Reason = Submitted, wait, level, at, ""
	return nil
}

func (e *Entry) withdraw() error {
	if err := e.from(Submitted); err != nil {
		return err
	}
	e.State, e.WaitUnit, e.Level = Draft, 0, 0
	return nil
}

// pass moves a submission to its next level, or verifies it when there is none.
func (e *Entry) pass(next org.No, level int64, last bool) error {
	if err := e.from(Submitted); err != nil {
		return err
	}
	if !last {
		e.WaitUnit, e.Level = next, level
		return nil
	}
	e.State, e.WaitUnit, e.Level, e.CountedRev, e.Reason = Verified, 0, 0, e.Rev, ""
	return nil
}

func (e *Entry) giveBack(reason string) error {
	if err := e.from(Submitted); err != nil {
		return err
	}
	if len([]rune(reason)) < 2 {
		return ErrReason
	}
	e.State, e.WaitUnit, e.Level, e.Reason = Returned, 0, 0, reason
	return nil
}

func (e *Entry) void(reason string) error {
	if err := e.from(Submitted, Returned, Verified); err != nil {
		return err
	}
	if len([]rune(reason)) < 2 {
		return ErrReason
	}
	e.State, e.WaitUnit, e.Level, e.CountedRev, e.Reason = Void, 0, 0, 0, reason
	return nil
}
