package document

import (
	"encoding/json"

	"sifen/internal/access"
	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/template"
)

// The states of a document.
const (
	Draft    = "draft"
	Review   = "review"   // put forward, waits for a superior
	Approved = "approved" // a superior agreed; only issue or taking it back is left
	Issuing  = "issuing"  // number and figures are fixed, the file is being rendered
	Issued   = "issued"
	Received = "received" // came from outside and is registered here
)

// Where a document comes from.
const (
	FromTemplate = "template"
	FromFile     = "file"    // finished elsewhere, numbered and issued here
	FromOutside  = "outside" // received
)

// Verbs of this package.
const (
	Read    access.Verb = "document.read"
	Edit    access.Verb = "document.edit"
	Issue   access.Verb = "document.issue"
	Receive access.Verb = "document.receive" // read what was delivered to one's unit
	Sign    access.Verb = "document.sign"    // sign for it, at one's own unit only
)

// Problems of this package.
var (
	ErrNone      = problem.New(problem.NotFound, "document.none", nil)
	ErrState     = problem.New(problem.Conflict, "document.wrong-state", nil)
	ErrStale     = problem.New(problem.Stale, "document.changed", nil)
	ErrForbidden = problem.New(problem.Forbidden, "document.forbidden", nil)
	ErrGaps      = problem.New(problem.Conflict, "document.gaps", nil)
	ErrNoFile    = problem.New(problem.NotFound, "document.no-file", nil)
	ErrHidden    = problem.New(problem.Forbidden, "document.hidden-records", nil)
	ErrReview    = problem.New(problem.Conflict, "document.in-review", nil)
	ErrNotSent   = problem.New(problem.Conflict, "document.not-in-review", nil)
	ErrSelf      = problem.New(problem.Forbidden, "document.own-approval", nil)
	ErrFile      = problem.New(problem.Invalid, "document.not-office-file", nil)
	ErrBig       = problem.New(problem.TooLarge, "document.too-big", nil)
	ErrDelivered = problem.New(problem.Conflict, "document.delivered", nil)
	ErrRecipient = problem.New(problem.NotFound, "document.no-recipient", nil)
	ErrSignHere  = problem.New(problem.Forbidden, "document.sign-own-unit", nil)
	ErrSigned    = problem.New(problem.Conflict, "document.signed", nil)
	ErrPassage   = problem.New(problem.Invalid, "document.passage", nil)
	ErrNothing   = problem.New(problem.Conflict, "document.nothing-to-remind", nil)
	ErrEmpty     = problem.New(problem.Invalid, "document.no-words", nil)
)

// Document is one official document of one unit and period.
type Document struct {
	ID          string
	Template    string
	Version     int64
	Unit        org.No
	Period      period.Period
	Title       string
	State       string
	Rev         int64
	Texts       map[string]string
	Number      string
	IssuedAt    int64
	IssuedBy    string
	SHA         string
	HTML        string
	Outline     string
	PublicURL   string
	CreatedAt   int64
	CheckedAt   int64
	Differences int64

	Kind        string            // of the pack's document kinds
	Origin      string            // FromTemplate, FromFile or FromOutside
	Mime        string            // of a document that is a file
	FileName    string            // as it was uploaded
	CreatedBy   string            // account
	SentBy      string            // account that put it forward
	SentAt      int64             // 0: not put forward
	ApprovedBy  string            // account
	ApprovedAt  int64             // 0: not approved
	Sender      string            // of a received document
	ReceivedDay period.Day        // of a received document
	Own         map[string]string // paragraphs of the drafter's own, by the paragraph of the template above them

	Tested map[string]docx.Number // what the conditions of the template compared at issue, by figure, unit and period

	Turns map[string][]template.Turn // what its loops went through at issue, by loop and unit

	Ended       string // "", Revoked or Repealed; the state of an ended document stays Issued
	EndedAt     int64
	EndedBy     string // account
	EndedReason string

	Within bool // read over one's reach, not only as a recipient
}

// Figure is one figure a document cites under a number that is given once and never again.
type Figure struct {
	N      int64
	Key    string
	Unit   org.No
	Period period.Period
	Tree   string
	Frozen *Frozen
}

// Frozen is what an issued document says of a figure.
type Frozen struct {
	Title    i18n.Label            `json:"title"`
	UnitOf   i18n.Label            `json:"unit_of"`
	Words    i18n.Label            `json:"words"`
	Measure  string                `json:"measure"`
	Version  int64                 `json:"version"`
	Decimals int                   `json:"decimals"`
	A        int64                 `json:"a"`
	Est      int64                 `json:"est"`
	Part     int64                 `json:"part"`
	Of       int64                 `json:"of"`
	HasTerms bool                  `json:"has_terms"`
	Defined  bool                  `json:"defined"`
	Displays map[string]i18n.Label `json:"displays"` // by form
	Screen   string                `json:"screen"`
	Records  int64                 `json:"records"`
	Digest   string                `json:"digest"`
}

func (f *Frozen) encode() string {
	if f == nil {
		return ""
	}
	raw, err := json.Marshal(f)
	if err != nil {
		panic(err) // plain data
	}
	return string(raw)
}
