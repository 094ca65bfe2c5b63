// Package dispatch keeps the meetings at which a district steers its work: what the last one decided and what became of
// it, who came, what was decided, by whom and until when it is to be done; and the monthly bulletin. It computes no figure:
// meetings and decisions are records that the figure engine counts, and documents are made by package document.
package dispatch

import (
	"encoding/json"

	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Verbs of this package. A decision is reported by whoever may report tasks of its unit: plan.report.
const (
	Read access.Verb = "dispatch.read"
	Edit access.Verb = "dispatch.edit" // plan and hold meetings, write down and settle decisions
)

// The types of meetings, as the kind of records of packs has them.
const (
	Dispatch     = "dispatch"
	Mobilisation = "mobilisation"
	Other        = "other"
)

// The states of a meeting.
const (
	Planned   = "planned"
	Held      = "held"
	Cancelled = "cancelled" // with a reason; counts no more
)

// Whether a unit came.
const (
	Asked       = "asked" // nobody has said yet
	Present     = "present"
	Represented = "represented" // by somebody who is named
	Absent      = "absent"      // with a reason
)

// The states of a decision.
const (
	Open     = "open"
	Reported = "reported" // its unit says that it is done; the office looks
	Done     = "done"
	Carried  = "carried" // a later meeting gave it another deadline
	Dropped  = "dropped" // with a reason; counts no more
)

// Kinds of records for the figures.
const (
	KindMeeting  = "meeting"       // of packs; on the day of a meeting that was held
	KindDecision = "decision"      // on its deadline: done, and in time
	KindOpen     = "decision-open" // in force from the meeting until it is settled
)

// Problems of this package.
var (
	ErrMeeting   = problem.New(problem.NotFound, "dispatch.no-meeting", nil)
	ErrDecision  = problem.New(problem.NotFound, "dispatch.no-decision", nil)
	ErrForbidden = problem.New(problem.Forbidden, "dispatch.forbidden", nil)
	ErrNotOwner  = problem.New(problem.Forbidden, "dispatch.not-owner", nil)
	ErrOwn       = problem.New(problem.Forbidden, "dispatch.own-report", nil)
	ErrStale     = problem.New(problem.Stale, "dispatch.changed", nil)
	ErrState     = problem.New(problem.Conflict, "dispatch.wrong-state", nil)
	ErrSettled   = problem.New(problem.Conflict, "dispatch.settled", nil)
	ErrDecided   = problem.New(problem.Conflict, "dispatch.has-decisions", nil)
	ErrWritten   = problem.New(problem.Conflict, "dispatch.minutes-there", nil)
	ErrInvalid   = problem.New(problem.Invalid, "dispatch.invalid", nil)
	ErrReason    = problem.New(problem.Invalid, "dispatch.no-reason", nil)
	ErrWords     = problem.New(problem.Invalid, "dispatch.no-words", nil)
	ErrProof     = problem.New(problem.Invalid, "dispatch.no-proof", nil)
	ErrFile      = problem.New(problem.Invalid, "dispatch.not-your-file", nil)
	ErrPerson    = problem.New(problem.Invalid, "dispatch.no-person", nil)
	ErrMonth     = problem.New(problem.Invalid, "dispatch.month", nil)
	ErrTakeover  = problem.New(problem.Conflict, "dispatch.takeover-first", nil)
	ErrTaken     = problem.New(problem.Conflict, "dispatch.taken-over", nil)
	ErrWaiting   = problem.New(problem.Conflict, "dispatch.entries-waiting", nil)
)

func label(zh, en string) i18n.Label { return i18n.Label{Zh: zh, En: en} }

// StateTitles word the states of meetings and decisions.
var StateTitles = map[string]i18n.Label{Planned: label("已安排", "planned"), Held: label("已召开", "held"), Cancelled: label("已取消", "cancelled"),
	Open: label("未办结", "open"), Reported: label("待核实", "reported"), Done: label("已办结", "done"), Carried: label("已结转", "carried over"),
	Dropped: label("已撤销", "dropped")}

// Seat is a unit's place at a meeting.
type Seat struct {
	Unit     org.No
	Presence string // asked, present, represented, absent
	Who      string // came for the unit; needed where it was represented
	Reason   string // why nobody came; needed where nobody did
}

// Agenda is one item of a meeting's agenda.
type Agenda struct {
	Title string `json:"title"`
	Unit  int64  `json:"unit,omitempty"` // whose item it is; 0 is nobody's
}

// Body is what is said of a meeting and nothing asks for by query.
type Body struct {
	Agenda []Agenda    `json:"agenda"`
	Words  string      `json:"words,omitempty"`  // of the record: course of the meeting
	Reason string      `json:"reason,omitempty"` // why it was cancelled
	Photos []string    `json:"photos,omitempty"` // files by SHA-256
	Scans  []string    `json:"scans,omitempty"`
	Fields kind.Fields `json:"fields,omitempty"` // of the entry it was carried over from
}

// Meeting is one meeting of a unit.
type Meeting struct {
	ID         string
	No         string
	Unit       org.No // that holds it
	Type       string
	Day        period.Day
	Title      string
	Place      string
	State      string
	People     int64  // who came, in persons; 0: not said
	Pack       string // document of the agenda pack; "" is none
	Minutes    string // document of the minutes; "" is none
	MinutesNo  string // number of the minutes once issued
	HasMinutes bool   // minutes were issued
	Behind     bool   // a locked period keeps the figures from following
	Origin     string // number of the entry it was carried over from
	Account    string
	Created    int64
	Rev        int64
	Body       Body
}

// Decision is what a meeting gave a unit to do.
type Decision struct {
	ID          string
	Meeting     string
	Nth         int64
	Office      org.No // that held the meeting
	Unit        org.No // that has to do it
	Person      string // id of whoever answers for it by name; "" is the unit
	Words       string
	ProofAsked  bool       // a report needs a file
	Decided     period.Day // of the meeting
	Deadline    period.Day
	State       string
	Done        period.Day // on which its unit said that it was done; 0: it has not
	Settled     period.Day // on which it was done, carried or dropped for the office; 0: it is open
	Outcome     string     // what came of it
	Proof       []string   // files by SHA-256
	Reporter    string     // account
	Reason      string     // why it was returned, carried, dropped or opened again
	CarriedFrom string
	CarriedTo   string
	Behind      bool
	Created     int64
	Rev         int64
}

// Running reports whether somebody still owes something.
func (d Decision) Running() bool { return d.State == Open || d.State == Reported }

// Late is the number of days by which a decision is or was behind its deadline on a day; 0 when it is not.
func (d Decision) Late(today period.Day) int64 {
	until := today
	switch {
	case d.State == Dropped:
		return 0
	case d.Done > 0:
		until = d.Done
	case d.Settled > 0:
		until = d.Settled
	}
	return max(int64(until-d.Deadline), 0)
}

func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data
	}
	return string(raw)
}
