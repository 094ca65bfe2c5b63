package document

import (
	"encoding/json"

	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// The states of a document.
const (
	Draft   = "draft"
	Issuing = "issuing" // number and figures are fixed, the file is being rendered
	Issued  = "issued"
)

// Verbs of this package.
const (
	Read  access.Verb = "document.read"
	Edit  access.Verb = "document.edit"
	Issue access.Verb = "document.issue"
)

// Problems of this package.
var (
	ErrTemplate  = problem.New(problem.NotFound, "document.no-template", nil)
	ErrNone      = problem.New(problem.NotFound, "document.none", nil)
	ErrState     = problem.New(problem.Conflict, "document.wrong-state", nil)
	ErrStale     = problem.New(problem.Stale, "document.changed", nil)
	ErrForbidden = problem.New(problem.Forbidden, "document.forbidden", nil)
	ErrGaps      = problem.New(problem.Conflict, "document.gaps", nil)
	ErrNoFile    = problem.New(problem.NotFound, "document.no-file", nil)
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
