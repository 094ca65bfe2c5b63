// Package plan owns yearly plans: targets bound to figures, tasks with owner, deadline and proof, and the matrix of duties.
// It computes no progress itself: a target's progress is its figure, and tasks are records that the figure engine counts.
package plan

import (
	"sifen/internal/access"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Verbs of this package.
const (
	Read   access.Verb = "plan.read"
	Edit   access.Verb = "plan.edit"   // make plans, targets, tasks and duties
	Report access.Verb = "plan.report" // say that a task of one's unit is done
)

// The states of a task.
const (
	Open      = "open"
	Done      = "done"
	Cancelled = "cancelled" // with a reason; counts no more
	Carried   = "carried"   // goes on in the next year's plan
)

// Kinds of records that tasks are for the figures.
const (
	KindTask    = "plan-task"    // on the day of its deadline, with its state
	KindArrears = "plan-arrears" // in force from the day after a missed deadline until it is closed
)

// Problems of this package.
var (
	ErrNone      = problem.New(problem.NotFound, "plan.none", nil)
	ErrForbidden = problem.New(problem.Forbidden, "plan.forbidden", nil)
	ErrStale     = problem.New(problem.Stale, "plan.changed", nil)
	ErrState     = problem.New(problem.Conflict, "plan.closed", nil)
	ErrTitle     = problem.New(problem.Invalid, "plan.no-title", nil)
	ErrYear      = problem.New(problem.Invalid, "plan.outside-year", nil)
	ErrFigure    = problem.New(problem.Invalid, "plan.no-figure", nil)
	ErrTwice     = problem.New(problem.Conflict, "plan.target-twice", nil)
	ErrProof     = problem.New(problem.Invalid, "plan.no-proof", nil)
	ErrFile      = problem.New(problem.Invalid, "plan.not-your-file", nil)
	ErrEntry     = problem.New(problem.Invalid, "plan.no-entry", nil)
	ErrReason    = problem.New(problem.Invalid, "plan.no-reason", nil)
	ErrMonths    = problem.New(problem.Invalid, "plan.months", nil)
	ErrNegative  = problem.New(problem.Invalid, "plan.month-negative", nil) // with the month
	ErrFalls     = problem.New(problem.Invalid, "plan.month-falls", nil)    // with the month and the one before
	ErrEnd       = problem.New(problem.Invalid, "plan.month-end", nil)      // December is not the year's value
	ErrPerson    = problem.New(problem.Invalid, "plan.no-person", nil)
	ErrParty     = problem.New(problem.Invalid, "plan.no-party", nil)
	ErrCarried   = problem.New(problem.Conflict, "plan.nothing-to-carry", nil)
)

// Year is the plan of one unit for one year.
type Year struct {
	ID    string
	Unit  org.No
	Year  int
	Title string
}

// Target says what a figure shall be at the end of the year.
type Target = indicator.Target

// Task is one piece of work with a deadline.
type Task struct {
	ID          string
	Plan        string
	PlanUnit    org.No
	Unit        org.No // that has to do it
	Title       string
	Duty        string // of the matrix, or ""
	Person      string // id, or ""
	Deadline    period.Day
	State       string
	Note        string   // what came of it, or why not
	Proof       []string // files by SHA-256
	Entries     []string // records that prove it
	ClosedDay   period.Day
	ClosedBy    string     // account
	LateFrom    period.Day // the first day in arrears; 0: never
	CarriedFrom string
	CarriedTo   string
	Rev         int64
}

// Late is the number of days a task is behind on a day; 0 when it is not.
func (t Task) Late(today period.Day) int64 {
	until := today
	if t.State != Open {
		until = t.ClosedDay
	}
	if t.State == Cancelled || until <= t.Deadline {
		return 0
	}
	return int64(until - t.Deadline)
}

// Duty is a row of the matrix: who leads it and who joins in.
type Duty struct {
	ID    string
	Plan  string
	Title string
	Roles map[string]string // party, or "unit:17", to Lead or Join
	Rev   int64
}

// Parts in a duty.
const (
	Lead = "lead"
	Join = "join"
)

// Parties bear the work together: government, street and community, property firm, owners' committee, residents.
var Parties = []string{"government", "community", "firm", "committee", "resident"}
