package inspect

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// The verbs of inspections.
const (
	Read  access.Verb = "inspect.read"
	Visit access.Verb = "inspect.visit"
	Void  access.Verb = "inspect.void"
)

// The kinds of visits.
const (
	Routine = "routine"
	Special = "special"
	Self    = "self" // by the unit itself, or by who answers for it: it opens no case
)

// The states of a visit.
const (
	Done   = "done"
	Voided = "void"
)

// The kinds of records that figures count.
const (
	KindVisit   = "visit"
	KindFinding = "finding"
)

// Problems of this package.
var (
	ErrVisit     = problem.New(problem.NotFound, "inspect.no-visit", nil)
	ErrPlace     = problem.New(problem.NotFound, "inspect.no-place", nil)
	ErrForbidden = problem.New(problem.Forbidden, "inspect.forbidden", nil)
	ErrInvalid   = problem.New(problem.Invalid, "inspect.invalid", nil)
	ErrStale     = problem.New(problem.Stale, "inspect.changed", nil)
	ErrForm      = problem.New(problem.Conflict, "inspect.form", nil)
	ErrSent      = problem.New(problem.Conflict, "inspect.sent-already", nil)
	ErrVoided    = problem.New(problem.Conflict, "inspect.voided", nil)
	ErrReason    = problem.New(problem.Invalid, "rectify.reason", nil)
)

// Subject is a point or an object that a section was answered for.
type Subject struct {
	Section string `json:"section" maxLength:"60"`
	ID      string `json:"id" maxLength:"60"`
	Name    string `json:"name" maxLength:"60"`
	Kind    string `json:"kind,omitempty" maxLength:"40"` // of an object
}

// Look is what was seen of a problem that was open before.
type Look struct {
	Case   string   `json:"case" maxLength:"40"`
	Passed bool     `json:"passed"`
	Words  string   `json:"words,omitempty" maxLength:"500"`
	Photos []string `json:"photos,omitempty" maxItems:"9"`
}

// Body is what a visit says.
type Body struct {
	Present  string    `json:"present" maxLength:"120"` // names of those of the place who were there
	Words    string    `json:"words" maxLength:"500"`
	Photos   []string  `json:"photos" maxItems:"9"`
	Handouts []string  `json:"handouts" maxItems:"20"`
	Subjects []Subject `json:"subjects" maxItems:"200"`
	Answers  []Answer  `json:"answers" maxItems:"2000"`
	Looks    []Look    `json:"looks" maxItems:"100"`
	Sum      string    `json:"sum,omitempty"`    // of what was handed in
	Reason   string    `json:"reason,omitempty"` // of the voiding
	Voider   string    `json:"voider,omitempty"`
	VoidAt   int64     `json:"void_at,omitempty"`
}

// Record is a visit as it stands.
type Record struct {
	ID, No     string
	Place      string // unit:12, point:ID, object:ID
	PlaceName  string
	Unit       org.No
	Checklist  string
	Version    int64
	Form       string // what the checklist said then
	Kind       string
	Account    string
	Day        period.Day
	MadeAt     int64
	ReceivedAt int64
	State      string
	Counted    bool
	Asked      int64
	Answered   int64
	Failed     int64
	Rev        int64
	Campaign   string // "" for a visit that nobody drew
	Role       string // of a drawn one: first, second
	Body       Body
}

// counted is what figures count of a visit; nil where nothing.
func (v *Record) counted() *indicator.Record {
	if v.State != Done || !v.Counted {
		return nil
	}
	return &indicator.Record{Kind: KindVisit, ID: v.ID, Rev: v.Rev, Unit: v.Unit, From: v.Day, Until: v.Day + 1, Fields: kind.Fields{
		"kind": v.Kind, "checklist": v.Checklist, "place": v.Place, "items": v.Answered, "failed": v.Failed, "clean": v.Failed == 0 && v.Answered > 0}}
}

// Finding is something wrong that a visit found.
type Finding struct {
	ID          string
	Visit       string
	Subject     string
	SubjectName string
	Item        string
	Nth         int64
	Severity    string
	Case        string
	Joined      bool
	Body        FindingBody
}

// FindingBody is what a finding says.
type FindingBody struct {
	Title  i18n.Label `json:"title"`
	Words  string     `json:"words,omitempty"`
	Photos []string   `json:"photos,omitempty"`
	Count  int64      `json:"count,omitempty"`
}

// counted is what figures count of a finding of a visit.
func (f *Finding) counted(v *Record) *indicator.Record {
	if v.State != Done || !v.Counted {
		return nil
	}
	return &indicator.Record{Kind: KindFinding, ID: f.ID, Rev: v.Rev, Unit: v.Unit, From: v.Day, Until: v.Day + 1, Fields: kind.Fields{
		"item": v.Checklist + "/" + f.Item, "severity": f.Severity, "kind": v.Kind, "checklist": v.Checklist}}
}

const columns = `v.id, v.no, v.place, v.place_name, v.unit, v.checklist, v.version, v.form, v.kind, v.account, v.day, v.made_at,
	v.received_at, v.state, v.counted,
	v.asked, v.answered, v.failed, v.rev, v.campaign, v.role, v.body`

func scan(r *sql.Rows) (Record, error) {
	var v Record
	var counted int64
	var body string
	if err := r.Scan(&v.ID, &v.No, &v.Place, &v.PlaceName, &v.Unit, &v.Checklist, &v.Version, &v.Form, &v.Kind, &v.Account, &v.Day, &v.MadeAt, &v.ReceivedAt,
		&v.State, &counted, &v.Asked, &v.Answered, &v.Failed, &v.Rev, &v.Campaign, &v.Role,
		&body); err != nil {
		return v, err
	}
	v.Counted = counted == 1
	return v, json.Unmarshal([]byte(body), &v.Body)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func load(ctx context.Context, q db.Querier, district int64, id string) (Record, bool, error) {
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM visit AS v WHERE v.district = $1 AND v.id = $2`, district, id)
	if err != nil || len(list) != 1 {
		return Record{}, false, err
	}
	return list[0], true, nil
}

// Known reports whether a visit of an id was handed in already.
func Known(ctx context.Context, q db.Querier, district int64, id string) (bool, error) {
	_, ok, err := load(ctx, q, district, id)
	return ok, err
}

func insert(ctx context.Context, tx *db.Tx, district int64, v Record, search string) error {
	raw, err := json.Marshal(v.Body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO visit (district, id, no, place, place_name, unit, checklist, version, form, kind, account, day, made_at,
		received_at, state, counted, asked, answered, failed, rev, body, search, campaign, role)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		district, v.ID, v.No, v.Place, v.PlaceName, int64(v.Unit), v.Checklist, v.Version, v.Form, v.Kind, v.Account, int64(v.Day), v.MadeAt,
		v.ReceivedAt, v.State,
		flag(v.Counted), v.Asked, v.Answered, v.Failed, v.Rev, string(raw), search, v.Campaign, v.Role)
	return err
}

func insertAnswer(ctx context.Context, tx *db.Tx, district int64, visit string, a Answer, fails bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO visit_answer (district, visit, subject, item, value, part, of_all, fails) VALUES ($1, $2, $3, $4,
		$5, $6, $7, $8)`,
		district, visit, a.Subject, a.Item, a.Value, a.Part, a.Of, flag(fails))
	return err
}

func insertFinding(ctx context.Context, tx *db.Tx, district int64, f Finding) error {
	raw, err := json.Marshal(f.Body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO finding (district, id, visit, subject, subject_name, item, nth, severity, rcase, joined, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		district, f.ID, f.Visit, f.Subject, f.SubjectName, f.Item, f.Nth, f.Severity, f.Case, flag(f.Joined), string(raw))
	return err
}

func scanFinding(r *sql.Rows) (Finding, error) {
	var f Finding
	var joined int64
	var body string
	if err := r.Scan(&f.ID, &f.Visit, &f.Subject, &f.SubjectName, &f.Item, &f.Nth, &f.Severity, &f.Case, &joined, &body); err != nil {
		return f, err
	}
	f.Joined = joined == 1
	return f, json.Unmarshal([]byte(body), &f.Body)
}

const findingColumns = `f.id, f.visit, f.subject, f.subject_name, f.item, f.nth, f.severity, f.rcase, f.joined, f.body`

// findingsOf are in the order of visits and of ids. An order asked of SQLite would take it through the findings of the district.
func findingsOf(ctx context.Context, q db.Querier, district int64, visits []string) ([]Finding, error) {
	list, err := db.Named(visits, 2, []any{district}, func(in string, args []any) ([]Finding, error) {
		return db.All(ctx, q, scanFinding, `SELECT `+findingColumns+` FROM finding AS f WHERE f.district = $1 AND f.visit IN (`+in+`)`, args...)
	})
	slices.SortFunc(list, func(a, b Finding) int { return cmp.Or(strings.Compare(a.Visit, b.Visit), strings.Compare(a.ID, b.ID)) })
	return list, err
}

// Filter selects visits. The zero Filter selects everything inside the scope.
type Filter struct {
	Unit        org.No
	From, Until period.Day // [From, Until); zero Until is no bound
	Place       string
	Checklist   string
	Kind        string
	State       string
	Account     string
	Query       string
	Limit       int
	Offset      int
}

func (f Filter) where(by access.Scope) (string, []any) {
	args := []any{by.District}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	w := "v.district = $1 AND " + by.ReachAt("v.district", "v.unit", "v.day", Read)
	w += unseenToday(by, arg)
	if f.Unit != 0 {
		w += " AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = v.district AND r.unit = v.unit AND r.target = " + arg(int64(f.Unit)) +
			" AND r.day_from <= v.day AND v.day < r.day_until)"
	}
	if f.Until > 0 {
		w += " AND v.day >= " + arg(int64(f.From)) + " AND v.day < " + arg(int64(f.Until))
	}
	for column, value := range map[string]string{"v.place": f.Place, "v.checklist": f.Checklist, "v.kind": f.Kind, "v.state": f.State, "v.account": f.Account} {
		if value != "" {
			w += " AND " + column + " = " + arg(value)
		}
	}
	if t := strings.ToLower(strings.TrimSpace(f.Query)); t != "" {
		w += " AND v.search LIKE " + arg("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(t)+"%") + ` ESCAPE '\'`
	}
	return w, args
}

// List returns the visits of a filter, the latest first, and how many there are.
func List(ctx context.Context, q db.Querier, by access.Scope, f Filter) (list []Record, n int64, err error) {
	where, args := f.where(by)
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM visit AS v WHERE `+where, args...).Scan(&n); err != nil || n == 0 {
		return nil, n, err
	}
	day := "v.day"
	if f.Place != "" {
		day = "v.day + 0" // the visits of a place are few: SQLite shall not go through the days for their order
	}
	list, err = db.All(ctx, q, scan, `SELECT `+columns+` FROM visit AS v WHERE `+where+` ORDER BY `+day+` DESC, v.id DESC `+
		fmt.Sprintf("LIMIT %d OFFSET %d", max(f.Limit, 1), f.Offset), args...)
	return list, n, err
}

// save stores what changes of a visit by compare-and-set on the revision.
func save(ctx context.Context, tx *db.Tx, district int64, v Record, was int64) error {
	raw, err := json.Marshal(v.Body)
	if err != nil {
		return err
	}
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE visit SET state = $3, rev = $4, body = $5 WHERE district = $1 AND id = $2 AND rev = $6`, district, v.ID,
		v.State, v.Rev, string(raw), was))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

func instant(ms int64) time.Time { return time.UnixMilli(ms) }
