// Package field is how phones without a network take part: what they carry away in the morning, what they send when there is a
// signal again, and their photos, which come after the records that name them.
package field

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/module"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/rectify"
)

// Current is the version of what phones send; Oldest the oldest that is still understood: a phone that was not updated since
// the release before this one can hand its work in.
const (
	Current = 1
	Oldest  = 1
)

// slack is how far a corrected time may lie outside what is possible without anybody being asked, in milliseconds: clocks drift
// and answers take their time.
const slack = 2 * 60 * 1000

// Problems of this package.
var (
	ErrVersion = problem.New(problem.Outdated, "field.version", nil)
	ErrKind    = problem.New(problem.Invalid, "field.kind", nil)
	ErrClock   = problem.New(problem.Invalid, "field.clock", nil)
	ErrPart    = problem.New(problem.NotFound, "field.no-part", nil)
	ErrOffset  = problem.New(problem.Conflict, "field.offset", nil)
	ErrStore   = problem.New(problem.TooLarge, "field.store", nil)
	ErrOther   = problem.New(problem.Invalid, "field.other-photo", nil)
	ErrAuthor  = problem.New(problem.Conflict, "field.author", nil)
	ErrReused  = problem.New(problem.Conflict, "field.reused", nil)
	ErrZip     = problem.New(problem.Invalid, "field.zip", nil)
)

// Receive lets a person take in at a desk what somebody else's phone has exported.
const Receive access.Verb = "inspect.receive"

// Service serves phones.
type Service struct {
	module.Platform
	Visits *inspect.Service
	Cases  *rectify.Service
	Files  *evidence.Service
	Parts  string // folder of photos of which a part has come, shared by all nodes
}

// New makes the service.
func New(p module.Platform, visits *inspect.Service, cases *rectify.Service, files *evidence.Service, parts string) *Service {
	return &Service{p, visits, cases, files, parts}
}

// Op is one thing that was done on a phone.
type Op struct {
	V      int64  `json:"v" doc:"version of this format"`
	Phone  string `json:"phone" maxLength:"36"`
	Seq    int64  `json:"seq" doc:"of the phone, growing"`
	Kind   string `json:"kind" enum:"visit,miss,step"`
	MadeAt int64  `json:"made_at" doc:"by the phone's clock, in milliseconds"`
	Anchor Anchor `json:"anchor"`
	Day    string `json:"day,omitempty" maxLength:"10" doc:"the day as a person confirmed it, where the phone's clock cannot be right"`

	Visit *inspect.Input `json:"visit,omitempty"`
	Miss  *Miss          `json:"miss,omitempty"`
	Step  *StepOf        `json:"step,omitempty"`
}

// Anchor is the last moment at which phone and server spoke: what each clock said. Zero is never.
type Anchor struct {
	Phone  int64 `json:"phone"`
	Server int64 `json:"server"`
}

// Miss says why a place that was drawn for the day was not visited.
type Miss struct {
	Campaign string `json:"campaign" maxLength:"40"`
	Place    string `json:"place" maxLength:"60"`
	Reason   string `json:"reason" maxLength:"300"`
}

// StepOf is a step on a case.
type StepOf struct {
	Case string `json:"case" maxLength:"40"`
	rectify.StepBody
}

// Taken is the answer to an operation. That it repeats the operation's id is the proof that the district has it: the page of a
// portal in between does not.
type Taken struct {
	Op    string       `json:"op"`
	State string       `json:"state" enum:"taken,look"` // look: it is kept, and a person has to look at it
	Say   []i18n.Label `json:"say"`                     // what the sender should know
	At    int64        `json:"at"`                      // when the district received it
	Made  int64        `json:"made"`                    // when it was done, by the server's clock
	No    string       `json:"no"`
	Link  string       `json:"link"`
	Found []Outcome    `json:"found"` // what became of what was wrong and of old problems
}

// Outcome is what became of one problem.
type Outcome struct {
	Title  i18n.Label `json:"title"`
	Case   string     `json:"case"`
	No     string     `json:"no"`
	State  string     `json:"state" enum:"opened,joined,passed,failed,noted"`
	Stage  string     `json:"stage"` // of the case
	Due    *int64     `json:"due"`
	Round  int64      `json:"round"`
	Issued i18n.Label `json:"instrument"`
}

// moment is when something was done by the server's clock: the phone's clock, corrected by how far the two were apart when they
// last spoke. It lies between that moment and the receipt; asks is true where the phone's clock says otherwise, so that only a
// person knows the day.
func moment(made int64, a Anchor, received int64) (at int64, asks bool) {
	at = made - (a.Phone - a.Server)
	if a.Server <= 0 || a.Server > received+slack {
		at, a.Server = made, 0
	}
	asks = at > received+slack || at < a.Server-slack
	return min(max(at, a.Server), received), asks
}

// when decides the instant of an operation.
//
// Errors: ErrClock where the phone's clock cannot be right and nobody has said the day; ErrClock at /day for a day on which it
// cannot have been done.
func when(o Op, received int64) (int64, error) {
	at, asks := moment(o.MadeAt, o.Anchor, received)
	from, until := period.Of(time.UnixMilli(max(o.Anchor.Server, 0))), period.Of(time.UnixMilli(received))
	if o.Anchor.Server <= 0 || o.Anchor.Server > received {
		from = until - 92
	}
	if o.Day == "" {
		if asks {
			return 0, ErrClock.With("from", from.String(), "until", until.String())
		}
		return at, nil
	}
	day, err := period.ParseDay(o.Day)
	if err != nil || day < from || day > until {
		return 0, ErrClock.With("from", from.String(), "until", until.String()).At(problem.Field{Pointer: "/day", Code: "value.date"})
	}
	if period.Of(time.UnixMilli(at)) == day && !asks {
		return at, nil
	}
	noon := day.Start().Add(12 * time.Hour).UnixMilli()
	return min(max(noon, o.Anchor.Server), received), nil
}

// row is an operation as it is kept.
type row struct {
	ID, Account, Bearer, Phone string
	Seq                        int64
	Kind, Object               string
	MadeAt                     int64
	Anchor                     Anchor
	At, ReceivedAt             int64
	State, Say                 string
	Rev                        int64
	Body                       Op
}

const columns = `o.id, o.account, o.bearer, o.phone, o.seq, o.kind, o.object, o.made_at, o.anchor_phone, o.anchor_server, o.at, o.received_at,
	o.state, o.say, o.rev, o.body`

func scan(r *sql.Rows) (row, error) {
	var x row
	var body string
	if err := r.Scan(&x.ID, &x.Account, &x.Bearer, &x.Phone, &x.Seq, &x.Kind, &x.Object, &x.MadeAt, &x.Anchor.Phone, &x.Anchor.Server, &x.At,
		&x.ReceivedAt, &x.State, &x.Say, &x.Rev, &body); err != nil {
		return x, err
	}
	return x, json.Unmarshal([]byte(body), &x.Body)
}

func insert(ctx context.Context, tx *db.Tx, district int64, x row) error {
	body, err := json.Marshal(x.Body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO field_op (district, id, account, bearer, phone, seq, kind, object, made_at, anchor_phone, anchor_server, at,
		received_at, state, say, rev, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		district, x.ID, x.Account, x.Bearer, x.Phone, x.Seq, x.Kind, x.Object, x.MadeAt, x.Anchor.Phone, x.Anchor.Server, x.At, x.ReceivedAt, x.State,
		x.Say, x.Rev, string(body))
	return err
}

func opByID(ctx context.Context, q db.Querier, district int64, id string) (row, bool, error) {
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM field_op AS o WHERE o.district = $1 AND o.id = $2`, district, id)
	if err != nil || len(list) != 1 {
		return row{}, false, err
	}
	return list[0], true, nil
}
