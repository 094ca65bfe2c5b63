// Package special keeps special inspections (专项检查): a campaign is one once it is over, with how many places were visited and
// what was wrong there; the office says which bulletin or prompt notice came of it. What was inspected without a campaign is
// entered here too. Figures count them as they counted the ledger's entries before: same keys, ids and history.
package special

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/inspect"
	"sifen/internal/inspect/seen"
	"sifen/internal/journal"
	"sifen/internal/kept"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Kind is that of packs which these records are.
const Kind = "special-inspection"

// The verbs are those of inspections: whoever plans campaigns enters what came of them.
const (
	Read = inspect.Read
	Edit = inspect.Plan
)

// The outcomes, as the kind of packs has them; "" is none yet.
const (
	Bulletin = "bulletin"
	Prompt   = "prompt"
)

// The states.
const (
	Held = "held"
	Void = "void" // with a reason; counts no more
)

// Problems of this package.
var (
	ErrNone      = problem.New(problem.NotFound, "special.none", nil)
	ErrForbidden = problem.New(problem.Forbidden, "http.forbidden", nil)
	ErrStale     = problem.New(problem.Stale, "special.changed", nil)
	ErrInvalid   = problem.New(problem.Invalid, "http.input", nil)
	ErrVoid      = problem.New(problem.Conflict, "special.void", nil)
	ErrTaken     = problem.New(problem.Conflict, "special.taken", nil)
	ErrWaiting   = problem.New(problem.Conflict, "special.waiting", nil)
	ErrTakeover  = problem.New(problem.Conflict, "special.takeover", nil)
	ErrNotOver   = problem.New(problem.Conflict, "special.not-over", nil)
	ErrKept      = problem.New(problem.Conflict, "special.kept", nil)
)

// Inspection is one special inspection.
type Inspection struct {
	ID, No    string
	Campaign  string // "" where there was none
	Unit      org.No
	Day       period.Day
	Topic     string
	Sites     int64
	Problems  int64
	Outcome   string
	OutcomeNo string
	State     string
	Behind    bool   // a locked period keeps what it counted
	Origin    string // number of the ledger's entry that it was
	Reason    string
	Fields    kind.Fields // as the ledger had counted it
	Photos    []string
	Account   string
	Created   int64
	Op, By    string // the last step
	At        int64
	Rev       int64
}

// Service keeps special inspections.
type Service struct {
	module.Platform
	Ledger *ledger.Service
}

// New makes the service.
func New(p module.Platform, entries *ledger.Service) *Service { return &Service{p, entries} }

// Changed is the fact that a special inspection changed.
type Changed struct {
	Inspection string          `json:"inspection"`
	At         []access.Target `json:"at"`
}

// Kind names the fact.
func (Changed) Kind() string { return "special.changed" }

// News tells those whom it concerns: which one is told by the page that may read it.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "special", struct{}{}, by.Has(Read) && by.Sees(c.At)
}

func (s *Service) store() *kept.Store {
	return &kept.Store{Table: "special_record", Object: "object", Figures: s.Figures}
}

// records is what an inspection gives to figures: itself, on its day, unless it is void. What was said of it as an entry stays.
func (x Inspection) records() []kept.Record {
	if x.State != Held {
		return nil
	}
	f := maps.Clone(x.Fields)
	if f == nil {
		f = kind.Fields{}
	}
	f["held_on"], f["topic"] = int64(x.Day), x.Topic
	for k, n := range map[string]int64{"sites": x.Sites, "problems": x.Problems} {
		if _, was := f[k]; n > 0 || was {
			f[k] = n
		}
	}
	for k, t := range map[string]string{"outcome": x.Outcome, "outcome_number": x.OutcomeNo} {
		if f[k] = t; t == "" {
			delete(f, k)
		}
	}
	return []kept.Record{{ID: x.ID, Kind: Kind, Object: x.ID, Rev: x.Rev, Unit: x.Unit, From: x.Day, Until: x.Day + 1, Fields: f}}
}

const columns = `s.id, s.no, s.campaign, s.unit, s.day, s.topic, s.sites, s.problems, s.outcome, s.outcome_no, s.state, s.behind, s.origin, s.reason,
	s.fields, s.photos, s.account, s.created_at, s.changed_op, s.changed_by, s.changed_at, s.rev`

func scan(r *sql.Rows) (x Inspection, err error) {
	var fields, photos string
	if err = r.Scan(&x.ID, &x.No, &x.Campaign, &x.Unit, &x.Day, &x.Topic, &x.Sites, &x.Problems, &x.Outcome, &x.OutcomeNo, &x.State, &x.Behind, &x.Origin,
		&x.Reason, &fields, &photos, &x.Account, &x.Created, &x.Op, &x.By, &x.At, &x.Rev); err != nil {
		return x, err
	}
	x.Fields = kept.Decode(fields)
	return x, json.Unmarshal([]byte(photos), &x.Photos)
}

// reach is the condition that a scope may see an inspection, today or by whom its unit reached on its day.
func reach(by access.Scope) string { return by.ReachAt("s.district", "s.unit", "s.day", Read) }

func list(ctx context.Context, q db.Querier, where string, args ...any) ([]Inspection, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM special_inspection AS s WHERE s.district = $1 AND `+where, args...)
}

// may loads an inspection for somebody who changes it, as he saw it.
func (s *Service) may(ctx context.Context, tx *db.Tx, by access.Scope, id string, rev int64) (x Inspection, w module.Moment, err error) {
	if w, err = s.Moment(ctx, tx, by.District); err != nil {
		return x, w, err
	}
	found, err := list(ctx, tx, `s.id = $2 AND `+reach(by), by.District, id)
	switch {
	case err != nil:
		return x, w, err
	case len(found) == 0:
		return x, w, ErrNone
	case !by.Can(Edit, w.Org.Targets(found[0].Unit, w.Day), false):
		return x, w, ErrForbidden
	case found[0].Rev != rev:
		return x, w, ErrStale
	}
	return found[0], w, nil
}

// keep stores an inspection, what figures count of it, and what every change leaves behind. was is the revision it had, 0 for a
// new one. strict refuses what a locked period holds.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, x Inspection, was int64, op string, strict bool) (Inspection, error) {
	behind, err := s.store().Recount(ctx, tx, by.District, x.ID, x.records(), strict, w.Now)
	if err != nil {
		return x, err
	}
	x.Behind, x.Op, x.By, x.At = behind, op, by.Account, w.Now.UnixMilli()
	if err := s.write(ctx, tx, by.District, x, was); err != nil {
		return x, err
	}
	if err := outbox.Emit(ctx, tx, by.District, w.Now, Changed{x.ID, w.Org.Targets(x.Unit, w.Day)}); err != nil {
		return x, err
	}
	return x, journal.Write(ctx, tx, by, w.Now, access.Verb("special."+op), x.ID, x.Rev, map[string]any{"no": x.No, "campaign": x.Campaign, "unit": x.Unit,
		"day": x.Day, "topic": x.Topic, "sites": x.Sites, "problems": x.Problems, "outcome": x.Outcome, "number": x.OutcomeNo, "state": x.State,
		"reason": x.Reason})
}

func (s *Service) write(ctx context.Context, tx *db.Tx, district int64, x Inspection, was int64) error {
	photos, err := json.Marshal(slices.Concat([]string{}, x.Photos))
	if err != nil {
		return err
	}
	behind := 0
	if x.Behind {
		behind = 1
	}
	args := []any{district, x.ID, x.No, x.Campaign, int64(x.Unit), int64(x.Day), x.Topic, x.Sites, x.Problems, x.Outcome, x.OutcomeNo, x.State, behind,
		x.Origin, x.Reason, kept.Encode(x.Fields), string(photos), x.Account, x.Created, x.Op, x.By, x.At, x.Rev}
	if was == 0 {
		_, err := tx.ExecContext(ctx, `INSERT INTO special_inspection (district, id, no, campaign, unit, day, topic, sites, problems, outcome, outcome_no,
			state, behind, origin, reason, fields, photos, account, created_at, changed_op, changed_by, changed_at, rev)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`, args...)
		return err
	}
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE special_inspection SET day = $4, topic = $5, sites = $6, problems = $7, outcome = $8,
		outcome_no = $9, state = $10, behind = $11, reason = $12, changed_op = $13, changed_by = $14, changed_at = $15, rev = $16
		WHERE district = $1 AND id = $2 AND rev = $3`, district, x.ID, was, int64(x.Day), x.Topic, x.Sites, x.Problems, x.Outcome, x.OutcomeNo, x.State,
		behind, x.Reason, x.Op, x.By, x.At, x.Rev))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

// Said is what a person says of a special inspection. Of one with a campaign, topic, day, sites and problems are the campaign's.
type Said struct {
	Unit      org.No
	Day       period.Day
	Topic     string
	Sites     int64
	Problems  int64
	Outcome   string
	OutcomeNo string
}

const (
	maxTopic  = 120
	maxNumber = 40
	maxCount  = 100_000
)

func (in *Said) judge(w module.Moment, campaign bool) error {
	var f []problem.Field
	add := func(pointer, code string, args map[string]any) {
		f = append(f, problem.Field{Pointer: pointer, Code: code, Args: args})
	}
	in.Topic, in.OutcomeNo = strings.TrimSpace(in.Topic), strings.TrimSpace(in.OutcomeNo)
	if !campaign {
		switch n := utf8.RuneCountInString(in.Topic); {
		case n == 0:
			add("/topic", "value.required", nil)
		case n > maxTopic:
			add("/topic", "value.too-long", map[string]any{"max": maxTopic, "have": n})
		}
		u, _ := w.Org.Unit(in.Unit)
		switch {
		case in.Day > w.Day:
			add("/day", "value.future", map[string]any{"day": w.Day.String()})
		case in.Day < kind.Earliest:
			add("/day", "value.too-early", map[string]any{"day": kind.Earliest.String()})
		case !u.Open(in.Day):
			add("/day", "special.outside-unit", map[string]any{"unit": u.Name})
		}
		for pointer, n := range map[string]int64{"/sites": in.Sites, "/problems": in.Problems} {
			if n < 0 || n > maxCount {
				add(pointer, "value.range", map[string]any{"min": 0, "max": maxCount})
			}
		}
	}
	if in.Outcome != "" && in.Outcome != Bulletin && in.Outcome != Prompt {
		add("/outcome", "value.choice", nil)
	}
	switch n := utf8.RuneCountInString(in.OutcomeNo); {
	case n > maxNumber:
		add("/outcome_number", "value.too-long", map[string]any{"max": maxNumber, "have": n})
	case n > 0 && in.Outcome == "":
		add("/outcome", "special.number-of-none", nil)
	}
	if len(f) > 0 {
		return ErrInvalid.At(f...)
	}
	return nil
}

// Add enters a special inspection that had no campaign.
//
// Errors: org.ErrUnit, ErrForbidden, ErrTakeover while entries of the ledger wait to come over, ErrInvalid, closing.ErrLocked.
func (s *Service) Add(ctx context.Context, tx *db.Tx, by access.Scope, in Said) (Inspection, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Inspection{}, err
	}
	if _, ok := w.Org.Unit(in.Unit); !ok || !by.Can(Read, w.Org.Targets(in.Unit, w.Day), true) {
		return Inspection{}, org.ErrUnit
	}
	if !by.Can(Edit, w.Org.Targets(in.Unit, w.Day), false) {
		return Inspection{}, ErrForbidden
	}
	if err := in.judge(w, false); err != nil {
		return Inspection{}, err
	}
	if err := s.begin(ctx, tx, by, w); err != nil {
		return Inspection{}, err
	}
	y, _, _ := in.Day.YMD()
	n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("special:%d", y))
	if err != nil {
		return Inspection{}, err
	}
	x := Inspection{ID: id.New(w.Now), No: fmt.Sprintf("ZJ-%d-%03d", y, n), Unit: in.Unit, State: Held, Account: by.Account, Created: w.Now.UnixMilli(), Rev: 1}
	x.say(in)
	return s.keep(ctx, tx, by, w, x, 0, "add", true)
}

func (x *Inspection) say(in Said) {
	x.Day, x.Topic, x.Sites, x.Problems, x.Outcome, x.OutcomeNo = in.Day, in.Topic, in.Sites, in.Problems, in.Outcome, in.OutcomeNo
}

// Correct changes what is said of an inspection; of one with a campaign only what came of it.
//
// Errors: ErrNone, ErrForbidden, ErrStale, ErrVoid, ErrInvalid, closing.ErrLocked.
func (s *Service) Correct(ctx context.Context, tx *db.Tx, by access.Scope, inspection string, rev int64, in Said) (Inspection, error) {
	x, w, err := s.may(ctx, tx, by, inspection, rev)
	if err != nil {
		return x, err
	}
	if x.State == Void {
		return x, ErrVoid
	}
	in.Unit = x.Unit
	if x.Campaign != "" {
		in.Day, in.Topic, in.Sites, in.Problems = x.Day, x.Topic, x.Sites, x.Problems
	}
	if err := in.judge(w, x.Campaign != ""); err != nil {
		return x, err
	}
	x.say(in)
	x.Rev++
	return s.keep(ctx, tx, by, w, x, rev, "edit", true)
}

// Withdraw makes an inspection void: it was entered by mistake.
func (s *Service) Withdraw(ctx context.Context, tx *db.Tx, by access.Scope, inspection string, rev int64, reason string) (Inspection, error) {
	x, w, err := s.may(ctx, tx, by, inspection, rev)
	if err != nil {
		return x, err
	}
	if x.State == Void {
		return x, ErrVoid
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return x, ErrInvalid.At(problem.Field{Pointer: "/reason", Code: "value.required"})
	}
	x.State, x.Reason, x.Rev = Void, reason, x.Rev+1
	return s.keep(ctx, tx, by, w, x, rev, "void", true)
}

// Adopt counts a campaign that was over before the district kept its special inspections here, so that nothing says whether the
// ledger had it. It is for whoever knows that it had not.
//
// Errors: ErrNotOver, ErrKept, ErrForbidden, ErrTakeover.
func (s *Service) Adopt(ctx context.Context, tx *db.Tx, by access.Scope, campaign string) (Inspection, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Inspection{}, err
	}
	all, err := seen.Campaigns(ctx, tx, by.District, 0, w.Day)
	if err != nil {
		return Inspection{}, err
	}
	i := slices.IndexFunc(all, func(c seen.Campaign) bool { return c.ID == campaign && counts(c) })
	if i < 0 || !by.Can(Read, w.Org.Targets(all[i].Unit, w.Day), true) {
		return Inspection{}, ErrNotOver
	}
	if !by.Can(Edit, w.Org.Targets(all[i].Unit, w.Day), false) {
		return Inspection{}, ErrForbidden
	}
	if err := s.begin(ctx, tx, by, w); err != nil {
		return Inspection{}, err
	}
	have, err := list(ctx, tx, `s.campaign = $2`, by.District, campaign)
	if err != nil {
		return Inspection{}, err
	}
	if len(have) > 0 {
		return Inspection{}, ErrKept.With("no", have[0].No)
	}
	return s.follow(ctx, tx, by, w, all[i], Inspection{}, true)
}

// counts reports whether a campaign is a special inspection: routine cycles are not.
func counts(c seen.Campaign) bool { return c.Kind != inspect.KindRoutine }

// follow brings an inspection in line with its campaign; the zero Inspection is made.
func (s *Service) follow(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, c seen.Campaign, x Inspection, strict bool) (Inspection, error) {
	was, op := x.Rev, "follow"
	if was == 0 {
		op = "over"
		x = Inspection{ID: id.New(w.Now), No: c.No, Campaign: c.ID, Unit: c.Unit, State: Held, Account: by.Account, Created: w.Now.UnixMilli()}
	}
	if was > 0 && x.Day == c.Last && x.Topic == c.Title && x.Sites == c.Sites && x.Problems == c.Problems && !x.Behind {
		return x, nil
	}
	x.Day, x.Topic, x.Sites, x.Problems, x.Rev = c.Last, c.Title, c.Sites, c.Problems, was+1
	return s.keep(ctx, tx, by, w, x, was, op, strict)
}

// followed is how long after its end a campaign may still change: photos and checks of phones that had no signal arrive late.
const followed = 60

// Tick makes an inspection of every campaign that is over since the district keeps them here, and follows those of the last two
// months. A locked period keeps what it counted.
func (s *Service) Tick(ctx context.Context, district int64) error {
	since, done, err := TakenOver(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(ctx, tx, district); err != nil {
			return err
		}
		w, err := s.Moment(ctx, tx, district)
		if err != nil {
			return err
		}
		by := access.System(district, int64(w.Day), "special")
		all, err := seen.Campaigns(ctx, tx, district, w.Day-followed, w.Day)
		if err != nil || len(all) == 0 {
			return err
		}
		if !done { // a district that never entered any begins with its first campaign
			if err := s.begin(ctx, tx, by, w); err != nil {
				if errors.Is(err, ErrTakeover) {
					return nil
				}
				return err
			}
			since = 0
		}
		for _, c := range all {
			have, err := list(ctx, tx, `s.campaign = $2`, district, c.ID)
			if err != nil {
				return err
			}
			switch {
			case !counts(c) || len(have) == 0 && c.Last < since || len(have) > 0 && have[0].State == Void:
				continue
			case len(have) == 0:
				have = []Inspection{{}}
			}
			if _, err := s.follow(ctx, tx, by, w, c, have[0], false); err != nil {
				return err
			}
		}
		return nil
	})
}

// Titles of states and outcomes.
var (
	StateTitles   = map[string]i18n.Label{Held: {Zh: "已计入", En: "counted"}, Void: {Zh: "已作废", En: "void"}}
	OutcomeTitles = map[string]i18n.Label{Bulletin: {Zh: "通报", En: "bulletin"}, Prompt: {Zh: "提示单", En: "prompt notice"}}
)

// every is how often campaigns are looked at.
const every = time.Hour
