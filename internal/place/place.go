// Package place keeps drop-off points, transfer stations and compost houses from proposal to retirement. It is a record
// keeper: from the day it takes over, the figures of these kinds count places and no generic entry.
package place

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// The verbs of places.
const (
	Read    access.Verb = "place.read"
	Propose access.Verb = "place.propose"
	Approve access.Verb = "place.approve"
)

// Kinds are the kinds of records places keep; each is also a type of place. Those of taken were kept by the ledger before.
var (
	Kinds = append(taken[:len(taken):len(taken)], compostHouse)
	taken = []string{"dropoff-point", "transfer-station"}
)

const compostHouse = "compost-house"

// The states of a place's life.
const (
	Proposed  = "proposed"
	Consulted = "consulted"
	Approved  = "approved"
	Open      = "open"
	Suspended = "suspended"
	Retired   = "retired"
	Dropped   = "dropped" // given up before it opened
)

// The steps from state to state; StepPropose and StepEdit and StepCarry leave history lines only.
const (
	StepPropose = "propose"
	StepEdit    = "edit"
	StepCarry   = "carry"
	StepConsult = "consult"
	StepApprove = "approve"
	StepOpen    = "open"
	StepSuspend = "suspend"
	StepResume  = "resume"
	StepRetire  = "retire"
	StepDrop    = "drop"
)

// moves says from which states a step leads where.
var moves = map[string]struct {
	from []string
	to   string
}{
	StepConsult: {[]string{Proposed, Consulted}, Consulted},
	StepApprove: {[]string{Consulted}, Approved},
	StepOpen:    {[]string{Approved}, Open},
	StepSuspend: {[]string{Open}, Suspended},
	StepResume:  {[]string{Suspended}, Open},
	StepRetire:  {[]string{Open, Suspended}, Retired},
	StepDrop:    {[]string{Proposed, Consulted, Approved}, Dropped},
}

// Titles of states, for messages and files.
var Titles = map[string]i18n.Label{
	Proposed: {Zh: "已提议", En: "proposed"}, Consulted: {Zh: "已征求意见", En: "consulted"}, Approved: {Zh: "已定点", En: "approved"}, Open: {Zh: "在用", En: "open"},
	Suspended: {Zh: "暂停", En: "suspended"}, Retired: {Zh: "已停用", En: "retired"}, Dropped: {Zh: "已放弃", En: "dropped"},
}

// Problems of this package.
var (
	ErrPlace      = problem.New(problem.NotFound, "place.no-place", nil)
	ErrForbidden  = problem.New(problem.Forbidden, "place.forbidden", nil)
	ErrInvalid    = problem.New(problem.Invalid, "place.invalid", nil)
	ErrState      = problem.New(problem.Conflict, "place.wrong-state", nil)
	ErrStale      = problem.New(problem.Stale, "place.changed", nil)
	ErrOwn        = problem.New(problem.Forbidden, "place.own-proposal", nil)
	ErrNotice     = problem.New(problem.Conflict, "place.notice-too-short", nil)
	ErrTurnout    = problem.New(problem.Conflict, "place.turnout", nil)
	ErrAgree      = problem.New(problem.Conflict, "place.agreement", nil)
	ErrAnswer     = problem.New(problem.Conflict, "place.objections-open", nil)
	ErrReason     = problem.New(problem.Invalid, "place.reason", nil)
	ErrTakeover   = problem.New(problem.Conflict, "place.takeover-first", nil)
	ErrTaken      = problem.New(problem.Conflict, "place.taken-over", nil)
	ErrWaiting    = problem.New(problem.Conflict, "place.entries-waiting", nil)
	ErrOutline    = problem.New(problem.Invalid, "place.outline", nil)
	ErrNoShape    = problem.New(problem.Invalid, "place.outline-empty", nil)
	ErrShapeUnit  = problem.New(problem.Invalid, "place.outline-unit", nil)
	ErrShapeNames = problem.New(problem.Invalid, "place.outline-names", nil)
	ErrShapeTwice = problem.New(problem.Invalid, "place.outline-twice", nil)
	ErrShape      = problem.New(problem.Invalid, "place.outline-shape", nil)
	ErrRing       = problem.New(problem.Invalid, "place.outline-ring", nil)
	ErrDegrees    = problem.New(problem.Invalid, "place.outline-degrees", nil)
	ErrCorners    = problem.New(problem.Invalid, "place.outline-corners", nil)
)

// Share is a fraction that must be reached or passed.
type Share struct {
	Part int64 `yaml:"part" json:"part"`
	Of   int64 `yaml:"of" json:"of"`
}

// Consent is what a type of place asks of those who live there.
type Consent struct {
	NoticeDays int64  `yaml:"notice_days" json:"notice_days"`
	Turnout    *Share `yaml:"turnout,omitempty" json:"turnout,omitempty"` // answers of those asked: at least
	Agree      *Share `yaml:"agree,omitempty" json:"agree,omitempty"`     // consents of the answers: more than
}

// Batch is a building batch of a type.
type Batch struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
}

// Type is a type of place as packs write it.
type Type struct {
	Key     string      `yaml:"key" json:"key"`
	Title   i18n.Label  `yaml:"title" json:"title"`
	Letter  string      `yaml:"letter" json:"letter"` // of codes
	About   []string    `yaml:"about" json:"about"`   // unit types that may have one
	Batches []Batch     `yaml:"batches,omitempty" json:"batches"`
	Consent Consent     `yaml:"consent" json:"consent"`
	Source  *i18n.Label `yaml:"source,omitempty" json:"source,omitempty"`
}

// PackType is the pack object type "places".
func PackType() pack.Type {
	return pack.Type{
		Dir:    "places",
		Decode: pack.Decoded[Type],
		Check: func(_ *pack.Set, o *pack.Object) (faults []pack.Fault) {
			t := o.Value.(*Type)
			known := false
			for _, k := range Kinds {
				known = known || k == t.Key
			}
			if !known {
				faults = append(faults, o.Fault("key", "点位类型只能是 "+strings.Join(Kinds, "、"), "a type of place is one of "+strings.Join(Kinds, ", ")))
			}
			if len(t.Letter) != 1 || t.Letter[0] < 'A' || t.Letter[0] > 'Z' {
				faults = append(faults, o.Fault("letter", "编号字母是一个大写字母", "the letter of codes is one capital letter"))
			}
			for _, a := range t.About {
				if _, ok := org.ParseType(a); !ok {
					faults = append(faults, o.Fault("about", "没有单位类型 "+a, "there is no unit type "+a))
				}
			}
			for _, s := range []*Share{t.Consent.Turnout, t.Consent.Agree} {
				if s != nil && (s.Of <= 0 || s.Part < 0 || s.Part > s.Of) {
					faults = append(faults, o.Fault("consent", "比例要写成 {part: 1, of: 2}", "a share is written {part: 1, of: 2}"))
				}
			}
			return faults
		},
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "letter", "about", "consent"}}
		},
	}
}

// TypeOf returns a type of place.
func TypeOf(set *pack.Set, key string) (*Type, bool) { return pack.Value[Type](set, "places", key) }

// Container is one sort of bins.
type Container struct {
	Category string `json:"category" enum:"food,recyclable,hazard,other"`
	Litres   int64  `json:"litres" minimum:"1" maximum:"30000"`
	Number   int64  `json:"number" minimum:"1" maximum:"200"`
}

// Hours are daily opening hours in minutes of the day.
type Hours struct {
	From  int64 `json:"from" minimum:"0" maximum:"1439"`
	Until int64 `json:"until" minimum:"1" maximum:"1440"`
}

// Body is what a person says of a place. Fields keeps what a carried entry counted as.
type Body struct {
	Name       string      `json:"name" maxLength:"60"`
	Address    string      `json:"address" maxLength:"120"`
	Batch      string      `json:"batch" maxLength:"40"`
	Households int64       `json:"households" minimum:"0" maximum:"100000"`
	Containers []Container `json:"containers" maxItems:"20"`
	Hours      []Hours     `json:"hours" maxItems:"8"`
	Photos     []string    `json:"photos" maxItems:"9"`
	Fields     kind.Fields `json:"-"`
}

// Point is a position in WGS84, in units of 1e-7 degrees.
type Point struct {
	Lat int64 `json:"lat" minimum:"-900000000" maximum:"900000000"`
	Lon int64 `json:"lon" minimum:"-1800000000" maximum:"1800000000"`
}

// Place is a place at its latest revision.
type Place struct {
	ID      string
	Type    string
	Kind    string
	Unit    org.No
	Code    string
	Name    string
	State   string
	Rev     int64
	Counted int64 // the revision since which it counts as it does
	Point   *Point
	From    period.Day // opened; period.Open while it has not
	Until   period.Day // retired; period.Open while it has not
	Body    Body
	Origin  string // number of the entry it was carried over from
	Account string // who proposed it
	Created int64
}

// ConsentRecord is how those who live there were asked.
type ConsentRecord struct {
	From     string `json:"from" doc:"first day of the notice"`
	Until    string `json:"until" doc:"last day of the notice"`
	Asked    int64  `json:"asked" minimum:"0" maximum:"1000000"`
	Agreed   int64  `json:"agreed" minimum:"0" maximum:"1000000"`
	Objected int64  `json:"objected" minimum:"0" maximum:"1000000"`
	Answer   string `json:"answer" maxLength:"500" doc:"what was answered to the objections"`
	File     string `json:"file,omitempty" maxLength:"64"`
	FileName string `json:"file_name,omitempty" maxLength:"200"`
}

// Step is one line of a place's history.
type Step struct {
	ID      string
	Step    string
	Day     period.Day
	At      int64
	Account string
	Rev     int64
	Note    string
	Detail  string
}

// next returns the state a step leads to.
func (p *Place) next(step string) (string, error) {
	m, ok := moves[step]
	if ok {
		for _, s := range m.from {
			if s == p.State {
				return m.to, nil
			}
		}
	}
	return "", ErrState.With("state", Titles[p.State])
}

// Record is what a place counts as; nil before it opens. It counts from the day it opens until the day it retires,
// also while it is suspended: it still stands in the register.
func (p *Place) Record() *indicator.Record {
	switch p.State {
	case Open, Suspended, Retired:
	default:
		return nil
	}
	f := kind.Fields{}
	for k, v := range p.Body.Fields {
		f[k] = v
	}
	f["name"], f["since"] = p.Body.Name, int64(p.From)
	if p.Body.Batch != "" {
		f["batch"] = p.Body.Batch
	}
	if p.Body.Households > 0 {
		f["households"] = p.Body.Households
	}
	if p.Until < period.Open {
		f["until"] = int64(p.Until - 1)
	}
	return &indicator.Record{Kind: p.Kind, ID: p.ID, Rev: p.Counted, Unit: p.Unit, From: p.From, Until: p.Until, Fields: f}
}

// judge checks what a person says of a place.
func (b *Body) judge(t *Type) []problem.Field {
	var faults []problem.Field
	bad := func(pointer, code string, args map[string]any) {
		faults = append(faults, problem.Field{Pointer: pointer, Code: code, Args: args})
	}
	b.Name, b.Address = strings.TrimSpace(b.Name), strings.TrimSpace(b.Address)
	if b.Name == "" {
		bad("/body/name", "value.required", nil)
	}
	if n := utf8.RuneCountInString(b.Name); n > 60 {
		bad("/body/name", "value.too-long", map[string]any{"max": 60, "have": n})
	}
	if b.Batch != "" || len(t.Batches) > 0 {
		ok := false
		for _, x := range t.Batches {
			ok = ok || x.Key == b.Batch
		}
		if !ok {
			bad("/body/batch", "value.choice", nil)
		}
	}
	for i, c := range b.Containers {
		switch c.Category {
		case "food", "recyclable", "hazard", "other":
		default:
			bad(fmt.Sprintf("/body/containers/%d/category", i), "value.choice", nil)
		}
		if c.Litres < 1 || c.Number < 1 {
			bad(fmt.Sprintf("/body/containers/%d/number", i), "value.too-small", map[string]any{"min": 1})
		}
	}
	for i, h := range b.Hours {
		if h.From < 0 || h.Until > 1440 || h.From >= h.Until || i > 0 && h.From < b.Hours[i-1].Until {
			bad(fmt.Sprintf("/body/hours/%d/until", i), "place.hours", nil)
		}
	}
	return faults
}

// judge checks a consent record against what its type asks.
func (c *ConsentRecord) judge(t *Type, today period.Day) ([]problem.Field, error) {
	var faults []problem.Field
	from, err1 := period.ParseDay(c.From)
	until, err2 := period.ParseDay(c.Until)
	if err1 != nil {
		faults = append(faults, problem.Field{Pointer: "/consent/from", Code: "value.date"})
	}
	if err2 != nil {
		faults = append(faults, problem.Field{Pointer: "/consent/until", Code: "value.date"})
	} else if until > today {
		faults = append(faults, problem.Field{Pointer: "/consent/until", Code: "value.future", Args: map[string]any{"day": today.String()}})
	} else if err1 == nil && until < from {
		faults = append(faults, problem.Field{Pointer: "/consent/until", Code: "value.before-start", Args: map[string]any{"day": from.String()}})
	}
	if c.Agreed+c.Objected > c.Asked {
		faults = append(faults, problem.Field{Pointer: "/consent/asked", Code: "place.more-answers"})
	}
	if c.Asked == 0 {
		faults = append(faults, problem.Field{Pointer: "/consent/asked", Code: "value.too-small", Args: map[string]any{"min": 1}})
	}
	if len(faults) > 0 {
		return faults, nil
	}
	if days := int64(until - from + 1); days < t.Consent.NoticeDays {
		return nil, ErrNotice.With("days", days, "need", t.Consent.NoticeDays)
	}
	return nil, nil
}

// enough reports whether a consent record lets a place be approved.
func (c *ConsentRecord) enough(t *Type) error {
	answers := c.Agreed + c.Objected
	if s := t.Consent.Turnout; s != nil && answers*s.Of < c.Asked*s.Part {
		return ErrTurnout.With("answers", answers, "asked", c.Asked, "part", s.Part, "of", s.Of)
	}
	if s := t.Consent.Agree; s != nil && c.Agreed*s.Of <= answers*s.Part {
		return ErrAgree.With("agreed", c.Agreed, "answers", answers, "part", s.Part, "of", s.Of)
	}
	if c.Objected > 0 && utf8.RuneCountInString(strings.TrimSpace(c.Answer)) < 4 {
		return ErrAnswer.With("objected", c.Objected)
	}
	return nil
}

// checkLetters are those of a code's last sign; none looks like a digit.
const checkLetters = "ABCDEFGHJKLMNPQRSTUVWXY"

// code is a short printable code with a check letter: T0017K.
func code(letter string, n int64) string {
	sum := int64(letter[0])
	for i, r := range fmt.Sprintf("%04d", n) {
		sum += int64(r-'0') * int64(i*2+3)
	}
	return fmt.Sprintf("%s%04d%c", letter, n, checkLetters[sum%int64(len(checkLetters))])
}

// stored is a body on its way into the database.
type stored struct {
	Body
	Counted map[string]any `json:"counted,omitempty"`
}

func (b Body) encode() string {
	s := stored{Body: b, Counted: map[string]any{}}
	for k, v := range b.Fields {
		s.Counted[k] = v
	}
	raw, _ := json.Marshal(s) // strings, integers and lists always marshal
	return string(raw)
}

func decode(text string) (Body, error) {
	var s stored
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&s); err != nil {
		return Body{}, fmt.Errorf("stored place: %w", err)
	}
	b := s.Body
	b.Fields = fieldsOf(s.Counted)
	return b, nil
}

func fieldsOf(m map[string]any) kind.Fields {
	out := kind.Fields{}
	for k, v := range m {
		switch t := v.(type) {
		case json.Number:
			if n, err := t.Int64(); err == nil {
				out[k] = n
			}
		case []any:
			var items []kind.Fields
			for _, x := range t {
				if f, ok := x.(map[string]any); ok {
					items = append(items, fieldsOf(f))
				}
			}
			out[k] = items
		default:
			out[k] = v
		}
	}
	return out
}
