// Package rectify keeps cases of rectification: a problem at a place, who answers for it and until when, what was replied,
// who rechecked, and how it ended. Cases open from inspections above or from a list; nothing is ever taken out of one.
package rectify

import (
	"encoding/json"

	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// The verbs of cases.
const (
	Read     access.Verb = "rectify.read"
	Issue    access.Verb = "rectify.issue"
	Reply    access.Verb = "rectify.reply"
	Recheck  access.Verb = "rectify.recheck"
	Decide   access.Verb = "rectify.decide"
	Reopen   access.Verb = "rectify.reopen"
	Revoke   access.Verb = "rectify.revoke"
	Transfer access.Verb = "rectify.transfer"
)

// The states of a case. Overdue is none of them: it is a deadline that has passed.
const (
	Draft       = "draft"
	Sent        = "sent"
	Fixing      = "fixing"
	Replied     = "replied"
	Closed      = "closed"
	Revoked     = "revoked"
	Transferred = "transferred"
)

// Titles of states.
var Titles = map[string]i18n.Label{
	Draft: {Zh: "待交办", En: "to be issued"}, Sent: {Zh: "待签收", En: "to be signed for"}, Fixing: {Zh: "整改中", En: "being put right"},
	Replied: {Zh: "待复查", En: "to be rechecked"}, Closed: {Zh: "已销号", En: "closed"}, Revoked: {Zh: "已撤销", En: "revoked"},
	Transferred: {Zh: "已移送", En: "handed over"},
}

// What is done to a case.
const (
	OpOpen     = "open"
	OpFind     = "find" // found again by a visit while open
	OpIssue    = "issue"
	OpSign     = "sign"
	OpReply    = "reply"
	OpPass     = "pass"
	OpFail     = "fail"
	OpAsk      = "ask"     // for more time
	OpGrant    = "grant"   // the request
	OpRefuse   = "refuse"  // the request
	OpObject   = "object"  // to the case
	OpUphold   = "uphold"  // the objection: the case is revoked
	OpDismiss  = "dismiss" // the objection: the case stands
	OpOverdue  = "overdue" // noted by the clock, once a deadline
	OpEscalate = "escalate"
	OpTransfer = "transfer"
	OpResult   = "result"
	OpBack     = "back" // from enforcement
	OpReopen   = "reopen"
	OpReaddr   = "readdress"
	OpRevoke   = "revoke"
	OpStands   = "stands" // a look-back: it is still in order
	OpAgain    = "again"  // a look-back: it is not, the case is opened again
)

// rights is the verb of what people do by hand.
var rights = map[string]access.Verb{
	OpIssue: Issue, OpEscalate: Issue, OpReaddr: Issue, OpSign: Reply, OpReply: Reply, OpAsk: Reply, OpObject: Reply, OpPass: Recheck, OpFail: Recheck,
	OpGrant: Decide, OpRefuse: Decide, OpUphold: Decide, OpDismiss: Decide, OpTransfer: Transfer, OpResult: Transfer, OpBack: Transfer,
	OpReopen: Reopen, OpRevoke: Revoke, OpStands: Recheck, OpAgain: Recheck,
}

// What somebody owes.
const (
	DutyIssue     = "issue"
	DutySign      = "sign"
	DutyRecheck   = "recheck"
	DutyExtension = "extension" // an answer
	DutyObjection = "objection" // an answer
	DutyResult    = "result"
	DutyLook      = "lookback" // to look back at a closed case
)

// Sources of cases.
const (
	ByVisit = "visit"
	ByList  = "list" // a lead, a complaint, another body's letter
)

// Severities of a problem.
const (
	Minor = "minor"
	Major = "major"
)

// Problems of this package.
var (
	ErrCase      = problem.New(problem.NotFound, "rectify.no-case", nil)
	ErrForbidden = problem.New(problem.Forbidden, "rectify.forbidden", nil)
	ErrOwn       = problem.New(problem.Forbidden, "rectify.own", nil)        // seated at the party
	ErrReplier   = problem.New(problem.Forbidden, "rectify.replier", nil)    // replied, now rechecks
	ErrChecker   = problem.New(problem.Forbidden, "rectify.checker", nil)    // closed it, now looks back
	ErrSelf      = problem.New(problem.Forbidden, "rectify.self-found", nil) // found or issued it, now decides
	ErrFinder    = problem.New(problem.Forbidden, "rectify.finder", nil)     // issues what he found himself
	ErrParty     = problem.New(problem.Forbidden, "rectify.party", nil)      // not the party
	ErrState     = problem.New(problem.Conflict, "rectify.state", nil)
	ErrStale     = problem.New(problem.Stale, "rectify.changed", nil)
	ErrInvalid   = problem.New(problem.Invalid, "rectify.invalid", nil)
	ErrReason    = problem.New(problem.Invalid, "rectify.reason", nil)
	ErrAnswer    = problem.New(problem.Conflict, "rectify.answer-first", nil)
	ErrTimes     = problem.New(problem.Conflict, "rectify.asked-already", nil)
	ErrLate      = problem.New(problem.Conflict, "rectify.too-late", nil)
	ErrNone      = problem.New(problem.Conflict, "rectify.not-offered", nil)
	ErrEarly     = problem.New(problem.Conflict, "rectify.not-overdue", nil)
	ErrFailed    = problem.New(problem.Conflict, "rectify.not-failed", nil)
	ErrNewer     = problem.New(problem.Conflict, "rectify.newer", nil)
	ErrNobody    = problem.New(problem.Conflict, "rectify.no-party", nil)
	ErrWritten   = problem.New(problem.Conflict, "rectify.notice-written", nil)
	ErrNotDrawn  = problem.New(problem.Conflict, "rectify.not-drawn", nil)
	ErrYear      = problem.New(problem.Conflict, "rectify.year", nil)
)

// Case is a problem at a place, as it stands.
type Case struct {
	ID, No    string
	Place     string // unit:12, point:ID, object:ID
	PlaceName string
	Unit      org.No // where it lies
	Subject   string // a point or object below the place; "" is the place itself
	Item      string // checklist/item; "" where no checklist led to it
	Nth       int64  // above 0 only where somebody said that it is another one
	Source    string
	Party     org.No // who answers for it; 0 is nobody yet
	Office    org.No // whose people work it and owe its rechecks and answers
	Issuer    string // accounts
	Finder    string

	Instrument string
	Rank       int64
	State      string
	Severity   string
	Round      int64 // from 1
	Failed     int64 // rechecks
	AskedUntil int64 // an extension asked for; 0 is none
	Objected   int64 // 1 while an objection waits

	// Instants in milliseconds; 0 is not yet, for Due also not known.
	SeenAt, IssuedAt, DueAt, PromiseAt, RepliedAt, ClosedAt int64
	ToldAt                                                  int64 // the deadline whose passing was noted

	Open      bool
	Rev       int64
	CreatedAt int64
	Waits     org.No // who has to act now; 0 is nobody
	WaitUntil int64  // until when; 0 is not known

	Body Body
}

// Body is what a case says, and what its rules have to remember.
type Body struct {
	Title    i18n.Label `json:"title"`
	Words    string     `json:"words,omitempty"`
	Photos   []string   `json:"photos,omitempty"` // of the finding
	Basis    []string   `json:"basis,omitempty"`  // keys of penalties
	Fixes    []Choice   `json:"fixes,omitempty"`  // what the party may tap
	Visit    string     `json:"visit,omitempty"`
	Before   string     `json:"before,omitempty"` // the case of the same problem before
	Asks     int64      `json:"asks,omitempty"`   // requests under this instrument
	ObjectAt int64      `json:"object_at,omitempty"`
	FailedAt int64      `json:"failed_at,omitempty"` // the deadline at which a late recheck failed: once each
	SentAt   int64      `json:"sent_at,omitempty"`   // under this instrument
	InTime   bool       `json:"in_time,omitempty"`
	Origin   string     `json:"origin,omitempty"` // of a lead: from whom it came
	FoundAt  int64      `json:"found_at"`         // when it was first seen: the day by whose law it is judged
}

// Choice is something to tap.
type Choice struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

func (b Body) encode() string {
	raw, _ := json.Marshal(b) // strings and integers always marshal
	return string(raw)
}

// running reports whether the party has to act.
func (c *Case) running() bool { return c.State == Sent || c.State == Fixing }

// Late is by how many calendar days whoever has to act is late; 0 is in time.
func (c *Case) Late(now int64) int64 {
	if !c.Open || c.WaitUntil == 0 || now < c.WaitUntil {
		return 0
	}
	last := period.Of(instant(c.WaitUntil - 1))
	return max(int64(period.Of(instant(now))-last), 1)
}

// Duty is something owed.
type Duty struct {
	What   string
	Nth    int64
	Unit   org.No
	From   period.Day
	Days   int64 // working days from From; below 0 where it fell and nobody had to do it any more
	DueAt  int64 // 0 where the year's holidays are not published
	DoneAt int64
}

// Event is a line of a case's history.
type Event struct {
	Seq        int64
	Op         string
	At         int64 // when it happened
	ReceivedAt int64 // when the district received it
	Account    string
	Look       bool // recorded, and changed nothing
	State      string
	Round      int64
	DueAt      int64
	Calendar   int64
	Body       Note
}

// Note is what an event says.
type Note struct {
	Words      string   `json:"words,omitempty"`
	Photos     []string `json:"photos,omitempty"`
	Fixes      []string `json:"fixes,omitempty"`
	Instrument string   `json:"instrument,omitempty"`
	Party      org.No   `json:"party,omitempty"`
	Day        string   `json:"day,omitempty"` // asked for, typed
	Visit      string   `json:"visit,omitempty"`
	Result     *Result  `json:"result,omitempty"` // of enforcement
}
