// Package fund keeps the money of awards: budgets, runs of award rules over what is final, their way from draft through
// publication to payment by batches, and what is withheld, offset and recovered. The arithmetic is that of award.
package fund

import (
	"sifen/internal/access"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// The verbs of money. Whoever computed or entered something of a run does not approve it, and whoever approved does not pay.
const (
	Read    access.Verb = "fund.read"
	Enter   access.Verb = "fund.enter"
	Approve access.Verb = "fund.approve"
	Pay     access.Verb = "fund.pay"
)

// The states of a run, in their order.
const (
	Draft    = "draft"
	Reviewed = "reviewed"
	Public   = "public"
	Approved = "approved"
	Settled  = "settled"
)

// The states of a batch and of its lines.
const (
	Ordered   = "ordered"
	Paid      = "paid"
	Refused   = "refused"
	Cancelled = "cancelled"
)

// Problems of this package.
var (
	ErrRun       = problem.New(problem.NotFound, "fund.no-run", nil)
	ErrRule      = problem.New(problem.NotFound, "fund.no-rule", nil)
	ErrUnit      = problem.New(problem.NotFound, "fund.no-unit", nil)
	ErrBatch     = problem.New(problem.NotFound, "fund.no-batch", nil)
	ErrForbidden = problem.New(problem.Forbidden, "fund.forbidden", nil)
	ErrOwn       = problem.New(problem.Forbidden, "fund.own", nil)
	ErrApprover  = problem.New(problem.Forbidden, "fund.approver", nil)
	ErrStale     = problem.New(problem.Stale, "fund.changed", nil)
	ErrState     = problem.New(problem.Conflict, "fund.state", nil)
	ErrPeriod    = problem.New(problem.Invalid, "fund.period", nil)
	ErrOpen      = problem.New(problem.Conflict, "fund.open-period", nil)
	ErrNobody    = problem.New(problem.Conflict, "fund.nobody", nil)
	ErrWaiting   = problem.New(problem.Conflict, "fund.waiting", nil)
	ErrBudget    = problem.New(problem.Conflict, "fund.no-budget", nil)
	ErrUsed      = problem.New(problem.Conflict, "fund.used", nil)
	ErrFault     = problem.New(problem.Conflict, "fund.fault", nil)
	ErrReconcile = problem.New(problem.Conflict, "fund.reconcile", nil)
	ErrPublic    = problem.New(problem.Conflict, "fund.publicised", nil)
	ErrRevised   = problem.New(problem.Conflict, "fund.revised", nil)
	ErrName      = problem.New(problem.Invalid, "fund.no-name", nil)
	ErrNumber    = problem.New(problem.Invalid, "fund.number", nil)
	ErrTwice     = problem.New(problem.Conflict, "fund.twice", nil)
	ErrNothing   = problem.New(problem.Conflict, "fund.nothing", nil)
	ErrShort     = problem.New(problem.Conflict, "fund.short", nil)
	ErrOver      = problem.New(problem.Conflict, "fund.batch-over", nil)
	ErrLine      = problem.New(problem.Conflict, "fund.line", nil)
	ErrTooMuch   = problem.New(problem.Conflict, "fund.too-much", nil)
	ErrDue       = problem.New(problem.Conflict, "fund.still-due", nil)
	ErrReason    = problem.New(problem.Invalid, "rectify.reason", nil)
)

// Run is an award rule over the claimants of a district in a period. Another revision of it is another run.
type Run struct {
	ID          string
	Rule        string
	Version     int64
	Period      period.Period
	Rev         int64
	State       string
	Attempt     int64 // how often it was computed or entered into: what a change expects
	PublicUntil int64 // instant; 0 before it is public
	Digest      string
	Latest      bool // the revision that counts
	Root        org.No
	Body        string // the rule as it was
	Bound       bool   // there is a budget
	Budget      int64  // fen
	Reason      string // of a revision
	Actor       string
	MadeAt      int64
	Reviewer    string
	ReviewedAt  int64
	Publisher   string
	PublishedAt int64
	Approver    string
	ApprovedAt  int64
	SettledAt   int64
}

// Claimed is what a claimant is due in a run, in fen, with what was frozen of it.
type Claimed struct {
	Unit    org.No
	Claim   int64
	Amount  int64
	Held    int64
	Owed    int64 // that an earlier settlement paid too much
	Earlier int64 // paid before, outside this system
	Missing int64
	Inputs  []byte
	Sha     string
}

// Balance is where a claimant stands now, in fen.
type Balance struct {
	Amount   int64 // approved, less what was forfeited
	Held     int64 // still withheld
	Paid     int64 // paid and not come back
	Offset   int64 // set off against an earlier overpayment
	Owed     int64 // of an earlier overpayment, not set off yet
	Ordered  int64 // in a batch that the bank has not answered for
	Forfeit  int64
	Returned int64
}

// Due is what is to be paid now, before what is owed is set off; below 0 it was paid too much, which the next award offsets.
func (b Balance) Due() int64 { return b.Amount - b.Held - b.Paid - b.Offset - b.Ordered }

// Input is something that a person entered beside the records.
type Input struct {
	Unit   org.No
	Name   string
	Ref    string
	Num    string
	Reason string
	Actor  string
	At     int64
}
