package assess

import (
	"sifen/internal/access"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// The verbs of scores. Whoever entered something of a run does not approve it; whoever objected does not decide.
const (
	Read    access.Verb = "assess.read"
	Enter   access.Verb = "assess.enter"
	Approve access.Verb = "assess.approve"
	Object  access.Verb = "assess.object"
)

// The states of a run, in their order.
const (
	Draft   = "draft"
	Checked = "checked"
	Public  = "public"
	Final   = "final"
)

// Problems of this package.
var (
	ErrRun       = problem.New(problem.NotFound, "assess.no-run", nil)
	ErrSheet     = problem.New(problem.NotFound, "assess.no-sheet", nil)
	ErrUnit      = problem.New(problem.NotFound, "assess.no-unit", nil)
	ErrForbidden = problem.New(problem.Forbidden, "assess.forbidden", nil)
	ErrOwn       = problem.New(problem.Forbidden, "assess.own", nil)
	ErrInvalid   = problem.New(problem.Invalid, "assess.invalid", nil)
	ErrStale     = problem.New(problem.Stale, "assess.changed", nil)
	ErrState     = problem.New(problem.Conflict, "assess.state", nil)
	ErrPeriod    = problem.New(problem.Invalid, "assess.period", nil)
	ErrOpen      = problem.New(problem.Conflict, "assess.open-period", nil)
	ErrNobody    = problem.New(problem.Conflict, "assess.nobody", nil)
	ErrGroups    = problem.New(problem.Conflict, "assess.two-groups", nil)
	ErrBelow     = problem.New(problem.Conflict, "assess.below-first", nil)
	ErrWaiting   = problem.New(problem.Conflict, "assess.waiting", nil)
	ErrObjecting = problem.New(problem.Conflict, "assess.objecting", nil)
	ErrRevised   = problem.New(problem.Conflict, "assess.revised", nil)
	ErrOver      = problem.New(problem.Conflict, "assess.over", nil)
	ErrTwice     = problem.New(problem.Conflict, "assess.twice", nil)
	ErrObjected  = problem.New(problem.Conflict, "assess.objected", nil)
	ErrDecided   = problem.New(problem.Conflict, "assess.decided", nil)
	ErrParty     = problem.New(problem.Forbidden, "assess.party", nil)
	ErrObjection = problem.New(problem.NotFound, "assess.no-objection", nil)
	ErrItem      = problem.New(problem.Invalid, "assess.no-item", nil)
	ErrReason    = problem.New(problem.Invalid, "rectify.reason", nil)
	ErrName      = problem.New(problem.Invalid, "assess.no-name", nil)
	ErrNumber    = problem.New(problem.Invalid, "assess.number", nil)
)

// Run is a sheet over the units of a district in a period. Another revision of it is another run.
type Run struct {
	ID          string
	Sheet       string
	Version     int64
	Period      period.Period
	Rev         int64
	State       string
	Attempt     int64 // how often it was computed or entered into: what a change expects
	ObjectUntil int64 // instant; 0 before it is public
	Digest      string
	Latest      bool // the revision that counts: the last that was checked, or the first
	Root        org.No
	Body        string // the sheet as it was
	Reason      string // of a revision
	Actor       string
	MadeAt      int64
	Checker     string
	CheckedAt   int64
	Publisher   string
	PublishedAt int64
	FinalAt     int64
}

// UnitScore is what a unit scored in a run.
type UnitScore struct {
	Unit    org.No
	Group   string
	Scored  bool
	Points  int64 // at 10⁻⁴
	Max     int64 // at 10⁻⁴
	Place   int64
	Tied    bool
	Grade   string
	Lists   []string
	Waiting int64
	WhyZh   string
	WhyEn   string
	Inputs  []byte
	Sha     string
	Open    bool // inside the reach of whoever asked for it
}

// Fix is something that a person entered beside the records; Objection is the one that it upholds.
type Fix struct {
	Unit      org.No
	Visit     string
	Name      string
	Num       string
	Reason    string
	Actor     string
	At        int64
	Objection string
}
