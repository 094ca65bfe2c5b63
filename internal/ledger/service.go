package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/kind"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/pinyin"
	"sifen/internal/problem"
)

// Service changes and reads entries. Its commands run in the caller's transaction, which began with indicator.Shared.
type Service struct {
	module.Platform
	Accounts *account.Service // whose rights a job acts with
	Notify   *notify.Service
	MaxHits  int // the entries a search looks at, the newest first; 0 for the usual 5,000
}

const (
	kindLate   = "ledger-late"
	kindReturn = "ledger-return"
)

// Changed is the fact that an entry changed its state.
type Changed struct {
	Entry string `json:"entry"`
	Type  string `json:"kind"`
}

// Kind names the fact.
func (Changed) Kind() string { return "ledger.changed" }

// Input is what a person gives for one revision.
type Input struct {
	ID     string // for a new entry: made by the client, or ""
	Kind   string
	Unit   org.No
	Values map[string]any
	Source string // "" form, else where it was imported from
	Import string // the import that writes it, and its row
	Line   int
	Reason string
	Spent  int // seconds the form was open, for the burden of its role
}

// work is the context of one command.
type work struct {
	set *pack.Set
	org *org.Org
	now time.Time
	day period.Day
}

func (s *Service) work(ctx context.Context, q db.Querier, by access.Scope) (work, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return work{}, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	now := s.Clock.Now()
	return work{set, o, now, period.Of(now)}, err
}

// fill derives the columns of an entry from its values.
func (s *Service) fill(k *kind.Kind, e *Entry, unit org.No, v kind.Values) {
	e.Unit, e.Values = unit, v
	e.From, e.Until = k.Days(v)
	e.Subject = k.Subject(unit, v)
	e.Title, _ = v[k.TitleOf].(string)
	e.Photos, e.Thumb = 0, ""
	for _, f := range k.Fields {
		if list, ok := v[f.Key].([]string); ok && f.Type == "photo" {
			e.Photos += int64(len(list))
			if e.Thumb == "" && len(list) > 0 {
				e.Thumb = list[0]
			}
		}
	}
}

// searchText is the lower-case text a keyword is looked for in: number, units, texts and choices, and the pinyin initials of
// units and title.
func searchText(w work, k *kind.Kind, e *Entry) string {
	path := w.org.Path(e.Unit, e.From)
	parts := []string{e.Number, path, w.org.PathInitials(e.Unit, e.From)}
	for _, f := range k.Fields {
		if t, ok := e.Values[f.Key].(string); ok && (f.Type == "text" || f.Type == "long-text") && !f.Personal {
			parts = append(parts, t)
			if f.Key == k.TitleOf {
				parts = append(parts, pinyin.Words(t))
			}
		}
		for _, o := range f.Options {
			if o.Key == e.Values[f.Key] {
				parts = append(parts, o.Title.Zh, o.Title.En)
			}
		}
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

// Create makes a draft.
//
// Errors: kind.ErrUnknown, ErrForbidden, ErrInvalid with a fault per field.
func (s *Service) Create(ctx context.Context, tx *db.Tx, by access.Scope, in Input) (Entry, error) {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return Entry{}, err
	}
	k, err := kind.Of(w.set, in.Kind)
	if err != nil {
		return Entry{}, err
	}
	return s.create(ctx, tx, by, w, k, in)
}

func (s *Service) create(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, in Input) (Entry, error) {
	if err := s.Takes(ctx, tx, by.District, k); err != nil {
		return Entry{}, err
	}
	v, faults, err := s.judge(ctx, tx, by, w, k, in, "")
	if err != nil {
		return Entry{}, err
	}
	if len(faults) > 0 {
		return Entry{}, ErrInvalid.At(faults...)
	}
	if !by.Can(Enter, w.org.Targets(in.Unit, w.day), k.ByLine()) {
		return Entry{}, ErrForbidden
	}
	e := Entry{ID: in.ID, Kind: k.Key, State: Draft, Rev: 1, Account: by.Account, Reviser: by.Account, CreatedAt: w.now.UnixMilli()}
	if e.ID == "" {
		e.ID = id.New(w.now)
	} else if !id.Valid(e.ID) {
		return Entry{}, ErrInvalid.At(problem.Field{Pointer: "/id", Code: "value.reference"})
	}
	s.fill(k, &e, in.Unit, v)
	y, _, _ := e.From.YMD()
	n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("entry:%s:%d", k.Prefix, y))
	if err != nil {
		return e, err
	}
	e.Number = fmt.Sprintf("%s-%d-%04d", k.Prefix, y, n)
	if err := insertEntry(ctx, tx, by.District, e, searchText(w, k, &e)); err != nil {
		return e, err
	}
	if err := insertRev(ctx, tx, by.District, e, k, by.Account, w.now.UnixMilli(), in); err != nil {
		return e, err
	}
	if err := effort(ctx, tx, by, w, k, in, 1, len(v)); err != nil {
		return e, err
	}
	op := OpCreate
	if in.Source != "" {
		op = OpImport
	}
	return e, s.after(ctx, tx, by, w, k, &e, op, "", "")
}

// after writes what every change leaves behind: history, evidence uses, journal and fact.
func (s *Service) after(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, e *Entry, op, level, reason string) error {
	ev := Event{ID: id.New(w.now), Entry: e.ID, At: w.now.UnixMilli(), Account: by.Account, Op: op, Rev: e.Rev, Level: level, Reason: reason,
		Unit: e.Unit, Day: w.day}
	if op == OpSubmit {
		ev.LateDays = e.lateNow
	}
	if err := insertEvent(ctx, tx, by.District, k.Key, ev); err != nil {
		return err
	}
	// the files of a draft are its author's business until he hands it in
	if op == OpSubmit || e.CountedRev > 0 && (op == OpEdit || op == OpImport) {
		if err := evidence.SetUses(ctx, tx, by.District, k.Key, e.ID, e.Unit, k.Files(e.Values)); err != nil {
			return err
		}
	}
	kind := ""
	if op == OpReturn {
		kind = kindReturn
	} else if ev.LateDays > 0 {
		kind = kindLate
	}
	if kind != "" {
		if err := s.Figures.Apply(indicator.WithTime(ctx, w.now), tx, by.District, []indicator.Change{{After: eventRecord(kind, k.Key, ev)}}); err != nil {
			return err
		}
	}
	if err := journal.Write(ctx, tx, by, w.now, access.Verb("ledger."+op), e.ID, e.Rev, map[string]any{"state": e.State, "kind": k.Key, "unit": e.Unit,
		"from": e.From, "until": e.Until}); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, by.District, w.now, Changed{e.ID, k.Key})
}

func eventRecord(event, of string, ev Event) *indicator.Record {
	f := kind.Fields{"kind": of}
	if event == kindLate {
		f["days"] = ev.LateDays
	}
	return &indicator.Record{Kind: event, ID: ev.ID, Rev: 1, Unit: ev.Unit, From: ev.Day, Until: ev.Day + 1, Fields: f}
}

// seen loads an entry that the scope may see; outside the scope it does not exist.
func (s *Service) seen(ctx context.Context, q db.Querier, by access.Scope, entry string) (Entry, *kind.Kind, work, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return Entry{}, nil, w, err
	}
	e, k, err := s.seenIn(ctx, q, by, w, entry)
	return e, k, w, err
}

func (s *Service) seenIn(ctx context.Context, q db.Querier, by access.Scope, w work, entry string) (Entry, *kind.Kind, error) {
	e, k, err := load(ctx, q, w.set, by.District, entry)
	if err != nil {
		return e, k, err
	}
	if !visible(by, w, e) {
		return Entry{}, nil, ErrEntry
	}
	return e, k, nil
}

// visible reports whether a scope may see an entry: it reads there, and another's draft is nobody's business.
func visible(by access.Scope, w work, e Entry) bool {
	return by.Can(Read, w.org.Targets(e.Unit, w.day), true) && (e.State != Draft || e.CountedRev > 0 || e.Account == by.Account || by.IsSystem())
}

// save stores a transition by compare-and-set.
func (s *Service) save(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, before, e Entry) error {
	return saveEntry(ctx, tx, by.District, e, searchText(w, k, &e), before.Rev, before.State, before.Level)
}

// Edit makes a new revision of a draft, a returned or a verified entry. What counts stays the last verified revision.
// rev is the revision the person saw.
//
// Errors: ErrEntry, ErrStale, ErrState, ErrForbidden, ErrInvalid.
func (s *Service) Edit(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64, in Input) (Entry, error) {
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return e, err
	}
	if err := s.Takes(ctx, tx, by.District, k); err != nil {
		return e, err
	}
	if e.Rev != rev {
		return e, ErrStale
	}
	if err := e.editable(); err != nil {
		return e, err
	}
	v, faults, err := s.judge(ctx, tx, by, w, k, in, e.ID)
	if err != nil {
		return e, err
	}
	if len(faults) > 0 {
		return e, ErrInvalid.At(faults...)
	}
	for _, u := range []org.No{e.Unit, in.Unit} {
		if !by.Can(Enter, w.org.Targets(u, w.day), k.ByLine()) {
			return e, ErrForbidden
		}
	}
	if e.State == Draft && e.CountedRev == 0 && e.Account != by.Account {
		return e, ErrNotOwn
	}
	before := e
	if e.Unit == in.Unit && e.Values.Encode() == v.Encode() {
		return e, nil
	}
	if e.CountedRev == 0 && e.Account != by.Account && !by.IsSystem() {
		e.Account = by.Account // a colleague takes over what came back: the draft is his business now
	}
	e.Rev++
	e.State, e.Reviser = Draft, by.Account
	s.fill(k, &e, in.Unit, v)
	if err := s.save(ctx, tx, by, w, k, before, e); err != nil {
		return e, err
	}
	if err := insertRev(ctx, tx, by.District, e, k, by.Account, w.now.UnixMilli(), in); err != nil {
		return e, err
	}
	if err := effort(ctx, tx, by, w, k, in, 1, len(v)); err != nil {
		return e, err
	}
	op := OpEdit
	if in.Source != "" {
		op = OpImport
	}
	return e, s.after(ctx, tx, by, w, k, &e, op, "", in.Reason)
}

// levels lists who verifies, bottom up: the nearest units of the kind's levels that exist; none left means the district.
func (s *Service) levels(w work, k *kind.Kind, unit org.No) []org.No {
	var out []org.No
	for _, l := range k.Levels {
		if n, ok := w.org.Level(unit, l, w.day); ok && (len(out) == 0 || out[len(out)-1] != n) {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		out = append(out, w.org.Root)
	}
	return out
}

// Submit hands a draft to its first level.
//
// Errors: ErrEntry, ErrState, ErrForbidden, ErrRefused when a check of the kind refuses it.
func (s *Service) Submit(ctx context.Context, tx *db.Tx, by access.Scope, entry string) (Entry, error) {
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return e, err
	}
	if !by.Can(Enter, w.org.Targets(e.Unit, w.day), k.ByLine()) {
		return e, ErrForbidden
	}
	if err := s.Takes(ctx, tx, by.District, k); err != nil {
		return e, err
	}
	if _, refusals := k.Evaluate(e.Values); len(refusals) > 0 {
		return e, ErrRefused.With("say", refusals[0])
	}
	before := e
	if err := e.submit(s.levels(w, k, e.Unit)[0], 0, w.now.UnixMilli()); err != nil {
		return e, err
	}
	if before.SubmittedAt == 0 { // lateness is judged once, at the first submission
		e.lateNow = k.Late(e.From, w.day)
		e.LateDays = e.lateNow
	}
	if err := s.save(ctx, tx, by, w, k, before, e); err != nil {
		return e, err
	}
	return e, s.after(ctx, tx, by, w, k, &e, OpSubmit, "", "")
}

// Withdraw takes a submission back.
func (s *Service) Withdraw(ctx context.Context, tx *db.Tx, by access.Scope, entry string) (Entry, error) {
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return e, err
	}
	if !by.Can(Enter, w.org.Targets(e.Unit, w.day), k.ByLine()) {
		return e, ErrForbidden
	}
	if e.CountedRev == 0 && e.Account != by.Account && !by.IsSystem() {
		return e, ErrNotOwn
	}
	before := e
	if err := e.withdraw(); err != nil {
		return e, err
	}
	if err := s.save(ctx, tx, by, w, k, before, e); err != nil {
		return e, err
	}
	return e, s.after(ctx, tx, by, w, k, &e, OpWithdraw, "", "")
}

// Void takes an entry out for good. It needs the verb and a reason and acts at once.
func (s *Service) Void(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64, reason string) (Entry, error) {
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return e, err
	}
	if e.Rev != rev {
		return e, ErrStale
	}
	if err := s.Takes(ctx, tx, by.District, k); err != nil {
		return e, err
	}
	if !by.Can(Voids, w.org.Targets(e.Unit, w.day), false) {
		return e, ErrForbidden
	}
	before := e
	if e.State == Draft && e.CountedRev > 0 {
		e.State = Verified // an edit under way does not keep a verified record from being voided
	}
	if err := e.void(strings.TrimSpace(reason)); err != nil {
		return e, err
	}
	sit := &sitting{w: w}
	if err := s.recount(ctx, tx, by, sit, k, before, &e, OpVoid, ""); err != nil {
		return e, err
	}
	return e, s.rise(ctx, tx, by, sit)
}

// Delete removes one's own draft that was never submitted. Nothing of it remains but the journal.
func (s *Service) Delete(ctx context.Context, tx *db.Tx, by access.Scope, entry string) error {
	e, _, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return err
	}
	if e.Account != by.Account {
		return ErrNotOwn
	}
	if e.State != Draft || e.SubmittedAt != 0 {
		return ErrState.With("state", stateTitle[e.State])
	}
	if err := s.remove(ctx, tx, by.District, e.ID); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, w.now, "ledger.delete", e.ID, e.Rev, nil)
}

// remove takes an entry that never counted out of every table.
func (s *Service) remove(ctx context.Context, tx *db.Tx, district int64, entry string) error {
	var doc int64
	if err := tx.QueryRowContext(ctx, `SELECT doc FROM entry WHERE district = $1 AND id = $2`, district, entry).Scan(&doc); err != nil {
		return err
	}
	if err := dropText(ctx, tx, district, doc); err != nil {
		return err
	}
	if err := evidence.DropUses(ctx, tx, district, entry); err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM entry_comment WHERE district = $1 AND entry = $2`, `DELETE FROM entry_event WHERE district = $1 AND entry = $2`,
		`DELETE FROM entry_rev WHERE district = $1 AND entry = $2`, `DELETE FROM entry WHERE district = $1 AND id = $2`} {
		if _, err := tx.ExecContext(ctx, q, district, entry); err != nil {
			return err
		}
	}
	return nil
}

// Succeed records a change of a lasting thing from a day: it ends the entry's span there and opens a new entry with the
// same subject. Both are submitted together.
func (s *Service) Succeed(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64, from period.Day, values map[string]any) (Entry, error) {
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return e, err
	}
	if !k.Lasting() {
		return e, ErrLasting
	}
	if e.State != Verified {
		return e, ErrState.With("state", stateTitle[e.State])
	}
	if from <= e.From || from >= e.Until {
		return e, ErrInvalid.At(problem.Field{Pointer: "/from", Code: "value.outside-span", Args: map[string]any{"from": e.From.String(), "until": e.Until.String()}})
	}
	ended := e.Values.Raw()
	ended[k.State.Until] = (from - 1).String()
	old, err := s.Edit(ctx, tx, by, entry, rev, Input{Kind: k.Key, Unit: e.Unit, Values: ended})
	if err != nil {
		return e, err
	}
	next := map[string]any{}
	for key, x := range values {
		next[key] = x
	}
	for _, f := range k.State.Subject {
		if x, ok := e.Values.Raw()[f]; ok {
			next[f] = x
		}
	}
	next[k.State.From] = from.String()
	fresh, err := s.create(ctx, tx, by, w, k, Input{Kind: k.Key, Unit: e.Unit, Values: next, Reason: old.Number})
	if err != nil {
		return e, err
	}
	if _, err := s.Submit(ctx, tx, by, old.ID); err != nil {
		return e, err
	}
	return s.Submit(ctx, tx, by, fresh.ID)
}
