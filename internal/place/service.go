package place

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/period"
	"sifen/internal/pinyin"
	"sifen/internal/problem"
)

// Service changes and reads places. Its commands run in the caller's transaction, which began with indicator.Shared.
type Service struct {
	module.Platform
	Ledger *ledger.Service // kept the same kinds until places took over
}

// Changed is the fact that a place changed, or what the map shows of all.
type Changed struct {
	Place string          `json:"place"`
	At    []access.Target `json:"at"` // who is reached; none where everyone is
}

// Kind names the fact.
func (Changed) Kind() string { return "place.changed" }

type work = module.Moment

func (s *Service) work(ctx context.Context, q db.Querier, by access.Scope) (work, error) {
	return s.Moment(ctx, q, by.District)
}

// create gives a place its code and stores it.
func (s *Service) create(ctx context.Context, tx *db.Tx, by access.Scope, w work, t *Type, p *Place) error {
	n, err := org.Next(ctx, tx, by.District, "place:"+t.Letter)
	if err != nil {
		return err
	}
	p.Code = code(t.Letter, n)
	return insert(ctx, tx, by.District, *p, searchText(w, p))
}

func searchText(w work, p *Place) string {
	return strings.ToLower(strings.Join([]string{p.Code, p.Name, p.Body.Address, p.Origin, w.Org.Path(p.Unit, w.Day), pinyin.Initials(p.Name),
		pinyin.Initials(w.Org.UnitName(p.Unit))}, "\n"))
}

// seen loads a place that the scope may see; outside the scope it does not exist.
func (s *Service) seen(ctx context.Context, q db.Querier, by access.Scope, place string) (Place, *Type, work, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return Place{}, nil, w, err
	}
	p, err := load(ctx, q, by.District, place)
	if err != nil {
		return p, nil, w, err
	}
	if !by.Can(Read, w.Org.Targets(p.Unit, w.Day), true) {
		return Place{}, nil, w, ErrPlace
	}
	t, ok := TypeOf(w.Set, p.Type)
	if !ok {
		return p, nil, w, fmt.Errorf("no rule for places of type %s", p.Type)
	}
	return p, t, w, nil
}

// Input is what a person proposes or corrects.
type Input struct {
	Type  string
	Unit  org.No
	Point *Point
	Body  Body
	// Outside says that the position is right though it lies outside the outline of the unit.
	Outside bool
}

// Propose makes a place that is to be. In a district without entries of these kinds places take over with the first one.
//
// Errors: ErrForbidden, org.ErrUnit, ErrTakeover, ErrInvalid with a fault per field.
func (s *Service) Propose(ctx context.Context, tx *db.Tx, by access.Scope, in Input) (Place, error) {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return Place{}, err
	}
	u, ok := w.Org.Unit(in.Unit)
	targets := w.Org.Targets(in.Unit, w.Day)
	if !ok || !by.Can(Read, targets, true) {
		return Place{}, org.ErrUnit
	}
	if !by.Can(Propose, targets, false) {
		return Place{}, ErrForbidden
	}
	t, ok := TypeOf(w.Set, in.Type)
	if !ok {
		return Place{}, ErrInvalid.At(problem.Field{Pointer: "/type", Code: "value.choice"})
	}
	faults := in.Body.judge(t)
	if !allowed(t.About, u.Type) {
		faults = append(faults, problem.Field{Pointer: "/unit", Code: "place.unit-type", Args: map[string]any{"type": u.Type.Title()}})
	}
	if far, err := s.outside(ctx, tx, by.District, w, in.Unit, in); err != nil {
		return Place{}, err
	} else if far != nil {
		faults = append(faults, *far)
	}
	if len(faults) > 0 {
		return Place{}, ErrInvalid.At(faults...)
	}
	if _, done, err := TakenOver(ctx, tx, by.District); err != nil {
		return Place{}, err
	} else if !done {
		to, err := s.TakeoverOf(ctx, tx, by.District)
		if err != nil {
			return Place{}, err
		}
		if to.Ready+to.Waiting > 0 {
			return Place{}, ErrTakeover.With("n", to.Ready+to.Waiting)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO place_takeover (district, day, at, account, carried) VALUES ($1, $2, $3, $4, 0)
			ON CONFLICT (district) DO NOTHING`, by.District, int64(w.Day), w.Now.UnixMilli(), by.Account); err != nil {
			return Place{}, err
		}
	}
	p := Place{ID: id.New(w.Now), Type: t.Key, Kind: t.Key, Unit: in.Unit, Name: in.Body.Name, State: Proposed, Rev: 1, Point: in.Point, From: period.Open,
		Until: period.Open, Body: in.Body, Account: by.Account, Created: w.Now.UnixMilli()}
	if err := s.create(ctx, tx, by, w, t, &p); err != nil {
		return p, err
	}
	return p, s.after(ctx, tx, by, w, p, StepPropose, w.Day, "", "")
}

func allowed(types []string, t org.Type) bool {
	for _, x := range types {
		if parsed, ok := org.ParseType(x); ok && (parsed == t || parsed == org.Street && t == org.Zone) {
			return true
		}
	}
	return false
}

// after writes what every change leaves behind: history, uses of files, journal and fact.
func (s *Service) after(ctx context.Context, tx *db.Tx, by access.Scope, w work, p Place, step string, day period.Day, note, detail string) error {
	if err := insertStep(ctx, tx, by.District, p.ID, Step{ID: id.New(w.Now), Step: step, Day: day, At: w.Now.UnixMilli(), Account: by.Account, Rev: p.Rev,
		Note: note, Detail: detail}); err != nil {
		return err
	}
	steps, err := History(ctx, tx, by.District, p.ID)
	if err != nil {
		return err
	}
	files := map[string][]string{"photos": p.Body.Photos}
	for _, x := range steps {
		if c := consentOf(x); c != nil && c.File != "" {
			files["consent"] = append(files["consent"], c.File)
		}
	}
	files["consent"] = unique(files["consent"])
	if err := evidence.SetUses(ctx, tx, by.District, p.Kind, p.ID, p.Unit, files); err != nil {
		return err
	}
	if err := journal.Write(ctx, tx, by, w.Now, access.Verb("place."+step), p.ID, p.Rev, map[string]any{"state": p.State, "type": p.Type, "unit": p.Unit,
		"day": day}); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, by.District, w.Now, Changed{p.ID, w.Org.Targets(p.Unit, w.Day)})
}

func unique(list []string) []string {
	seen, out := map[string]bool{}, list[:0]
	for _, x := range list {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

// consentOf reads the consent record of a step.
func consentOf(s Step) *ConsentRecord {
	if s.Step != StepConsult || s.Detail == "" {
		return nil
	}
	c := &ConsentRecord{}
	if json.Unmarshal([]byte(s.Detail), c) != nil {
		return nil
	}
	return c
}

// recount saves a change and moves the figures with it. Locks are looked at before anything is written.
func (s *Service) recount(ctx context.Context, tx *db.Tx, by access.Scope, w work, was, p Place) error {
	ch := indicator.Change{Before: was.Record(), After: p.Record()}
	before, after := contribution(ch.Before), contribution(ch.After)
	if before != nil && after != nil && *before == *after {
		ch = indicator.Change{} // a new address or new hours move no figure and no digest
	}
	if ch != (indicator.Change{}) {
		p.Counted = p.Rev
		if ch.After != nil {
			ch.After.Rev = p.Rev
		}
		if err := closing.Check(ctx, tx, by.District, p.Kind, before, after); err != nil {
			return err
		}
	}
	if err := save(ctx, tx, by.District, p, searchText(w, &p), was.Rev); err != nil {
		return err
	}
	if ch == (indicator.Change{}) {
		return nil
	}
	return s.Figures.Apply(indicator.WithTime(ctx, w.Now), tx, by.District, []indicator.Change{ch})
}

// contribution leaves the dates out of the values: they are the span.
func contribution(r *indicator.Record) *closing.Contribution {
	if r == nil {
		return nil
	}
	rest := map[string]any{}
	for k, v := range r.Fields {
		if k != "since" && k != "until" {
			rest[k] = v
		}
	}
	raw, _ := json.Marshal(rest) // strings, integers and lists always marshal
	return &closing.Contribution{Unit: r.Unit, From: r.From, Until: r.Until, Values: string(raw)}
}

// held reads a place for somebody who changes it with a verb, as he saw it.
func (s *Service) held(ctx context.Context, q db.Querier, by access.Scope, verb access.Verb, place string, rev int64) (Place, *Type, work, error) {
	p, t, w, err := s.seen(ctx, q, by, place)
	switch {
	case err != nil:
	case !by.Can(verb, w.Org.Targets(p.Unit, w.Day), false):
		err = ErrForbidden
	case p.Rev != rev:
		err = ErrStale
	}
	return p, t, w, err
}

// Edit corrects what is said of a place: name, address, position, containers, hours, photos. rev is the revision the
// person saw.
//
// Errors: ErrPlace, ErrStale, ErrForbidden, ErrState once retired or given up, ErrInvalid, closing.ErrLocked.
func (s *Service) Edit(ctx context.Context, tx *db.Tx, by access.Scope, place string, rev int64, in Input) (Place, error) {
	p, t, w, err := s.held(ctx, tx, by, Propose, place, rev)
	if err != nil {
		return p, err
	}
	if p.State == Retired || p.State == Dropped {
		return p, ErrState.With("state", Titles[p.State])
	}
	faults := in.Body.judge(t)
	if p.Point == nil || in.Point == nil || *p.Point != *in.Point {
		if far, err := s.outside(ctx, tx, by.District, w, p.Unit, in); err != nil {
			return p, err
		} else if far != nil {
			faults = append(faults, *far)
		}
	}
	if len(faults) > 0 {
		return p, ErrInvalid.At(faults...)
	}
	was := p
	in.Body.Fields = p.Body.Fields
	p.Body, p.Name, p.Point = in.Body, in.Body.Name, in.Point
	p.Rev++
	if err := s.recount(ctx, tx, by, w, was, p); err != nil {
		return p, err
	}
	return p, s.after(ctx, tx, by, w, p, StepEdit, w.Day, changes(was, p), "")
}

// changes names what an edit changed.
func changes(a, b Place) string {
	var out []string
	add := func(what string, same bool) {
		if !same {
			out = append(out, what)
		}
	}
	add("name", a.Name == b.Name)
	add("address", a.Body.Address == b.Body.Address)
	add("point", a.Point == nil && b.Point == nil || a.Point != nil && b.Point != nil && *a.Point == *b.Point)
	add("batch", a.Body.Batch == b.Body.Batch)
	add("households", a.Body.Households == b.Body.Households)
	add("containers", fmt.Sprint(a.Body.Containers) == fmt.Sprint(b.Body.Containers))
	add("hours", fmt.Sprint(a.Body.Hours) == fmt.Sprint(b.Body.Hours))
	add("photos", fmt.Sprint(a.Body.Photos) == fmt.Sprint(b.Body.Photos))
	return strings.Join(out, " ")
}

// Consult records how those who live there were asked. It may be recorded again: the latest counts, all are kept.
//
// Errors: ErrPlace, ErrStale, ErrForbidden, ErrState, ErrInvalid, ErrNotice.
func (s *Service) Consult(ctx context.Context, tx *db.Tx, by access.Scope, place string, rev int64, c ConsentRecord) (Place, error) {
	p, t, w, err := s.held(ctx, tx, by, Propose, place, rev)
	if err != nil {
		return p, err
	}
	was := p
	if p.State, err = p.next(StepConsult); err != nil {
		return p, err
	}
	faults, err := c.judge(t, w.Day)
	if err != nil {
		return p, err
	}
	if c.File != "" {
		if may, err := evidence.MayRead(ctx, tx, by, c.File); err != nil {
			return p, err
		} else if !may {
			faults = append(faults, problem.Field{Pointer: "/consent/file", Code: "value.file-missing"})
		}
	}
	if len(faults) > 0 {
		return p, ErrInvalid.At(faults...)
	}
	p.Rev++
	if err := s.recount(ctx, tx, by, w, was, p); err != nil {
		return p, err
	}
	detail, err := json.Marshal(c)
	if err != nil {
		return p, err
	}
	return p, s.after(ctx, tx, by, w, p, StepConsult, w.Day, "", string(detail))
}

// Decide moves a place along: approve, open, suspend, resume, retire, drop. day is the day the step takes effect: the
// day of opening, or the last day in use. Nobody approves what he proposed himself.
//
// Errors: ErrPlace, ErrStale, ErrForbidden, ErrOwn, ErrState, ErrTurnout, ErrAgree, ErrAnswer, ErrReason, ErrInvalid, closing.ErrLocked.
func (s *Service) Decide(ctx context.Context, tx *db.Tx, by access.Scope, place string, rev int64, step string, day period.Day, note string) (Place, error) {
	p, t, w, err := s.held(ctx, tx, by, Approve, place, rev)
	if err != nil {
		return p, err
	}
	was := p
	if p.State, err = p.next(step); err != nil || step == StepConsult {
		if err == nil {
			err = ErrState.With("state", Titles[was.State])
		}
		return p, err
	}
	note = strings.TrimSpace(note)
	switch step {
	case StepApprove:
		if p.Account == by.Account && !by.IsSystem() {
			return p, ErrOwn
		}
		steps, err := History(ctx, tx, by.District, p.ID)
		if err != nil {
			return p, err
		}
		var last *ConsentRecord
		for _, x := range steps {
			if c := consentOf(x); c != nil {
				last = c
			}
		}
		if last == nil {
			return p, ErrState.With("state", Titles[Proposed])
		}
		if err := last.enough(t); err != nil {
			return p, err
		}
	case StepSuspend, StepRetire, StepDrop:
		if utf8.RuneCountInString(note) < 2 {
			return p, ErrReason
		}
	}
	if day > w.Day {
		return p, ErrInvalid.At(problem.Field{Pointer: "/day", Code: "value.future", Args: map[string]any{"day": w.Day.String()}})
	}
	u, _ := w.Org.Unit(p.Unit)
	switch step {
	case StepOpen:
		if day < u.From {
			return p, ErrInvalid.At(problem.Field{Pointer: "/day", Code: "value.too-early", Args: map[string]any{"day": u.From.String()}})
		}
		p.From = day
	case StepRetire:
		if day < p.From {
			return p, ErrInvalid.At(problem.Field{Pointer: "/day", Code: "value.before-start", Args: map[string]any{"day": p.From.String()}})
		}
		p.Until = day + 1
	}
	p.Rev++
	if err := s.recount(ctx, tx, by, w, was, p); err != nil {
		return p, err
	}
	return p, s.after(ctx, tx, by, w, p, step, day, note, "")
}
