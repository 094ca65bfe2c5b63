package dispatch

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/evidence"
	"sifen/internal/inspect"
	"sifen/internal/journal"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/rectify"
)

// Service keeps meetings and what they decide. Its commands run in the caller's transaction, which began with
// indicator.Shared.
type Service struct {
	module.Platform
	Accounts  *account.Service
	Notify    *notify.Service
	Documents *document.Service
	Ledger    *ledger.Service // kept meetings until they came over
	Cases     *rectify.Service
	Visits    *inspect.Service
}

// New makes the service.
func New(p module.Platform, people *account.Service, news *notify.Service, docs *document.Service, entries *ledger.Service, cases *rectify.Service,
	visits *inspect.Service) *Service {
	return &Service{p, people, news, docs, entries, cases, visits}
}

// Changed is the fact that a meeting or one of its decisions changed.
type Changed struct {
	Meeting string          `json:"meeting"`
	At      []access.Target `json:"at"` // whom the units concerned reach
}

// Kind names the fact.
func (Changed) Kind() string { return "dispatch.changed" }

// News tells those whom it concerns: which meeting is told by the pages that may read it.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "meeting", struct{}{}, by.Has(Read) && by.Sees(c.At)
}

type work = module.Moment

// may checks a verb over a unit inside whose reach the caller is already known to be.
func may(w work, by access.Scope, verb access.Verb, unit org.No) bool {
	return by.Can(verb, w.Org.Targets(unit, w.Day), false)
}

// held loads a meeting for somebody who changes it, as he saw it.
func (s *Service) held(ctx context.Context, tx *db.Tx, by access.Scope, id string, rev int64) (Meeting, work, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Meeting{}, w, err
	}
	m, err := meetingByID(ctx, tx, by, id)
	switch {
	case err != nil:
	case !may(w, by, Edit, m.Unit):
		err = ErrForbidden
	case m.Rev != rev:
		err = ErrStale
	}
	return m, w, err
}

// tell writes what every change of a meeting leaves behind: history, journal and fact.
func (s *Service) tell(ctx context.Context, tx *db.Tx, by access.Scope, w work, m Meeting, op, words string) error {
	if err := insertEvent(ctx, tx, by.District, m.ID, Event{op, w.Now.UnixMilli(), by.Account, words}); err != nil {
		return err
	}
	at := slices.Clone(w.Org.Targets(m.Unit, w.Day))
	seats, err := seatsOf(ctx, tx, by.District, m.ID, "1 = 1")
	if err != nil {
		return err
	}
	for _, x := range seats {
		at = append(at, w.Org.Targets(x.Unit, w.Day)...)
	}
	if err := outbox.Emit(ctx, tx, by.District, w.Now, Changed{m.ID, at}); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, w.Now, access.Verb("dispatch."+op), m.ID, m.Rev, map[string]any{"state": m.State, "unit": m.Unit, "day": m.Day,
		"words": words})
}

// tellOf is the same of a decision.
func (s *Service) tellOf(ctx context.Context, tx *db.Tx, by access.Scope, w work, d Decision, op, words string) error {
	if err := insertEvent(ctx, tx, by.District, d.ID, Event{op, w.Now.UnixMilli(), by.Account, words}); err != nil {
		return err
	}
	at := append(slices.Clone(w.Org.Targets(d.Unit, w.Day)), w.Org.Targets(d.Office, w.Day)...)
	if err := outbox.Emit(ctx, tx, by.District, w.Now, Changed{d.Meeting, at}); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, w.Now, access.Verb("dispatch."+op), d.ID, d.Rev, map[string]any{"state": d.State, "unit": d.Unit,
		"deadline": d.Deadline, "words": words})
}

// storeMeeting saves a change of a meeting and moves the figures with it.
func (s *Service) storeMeeting(ctx context.Context, tx *db.Tx, by access.Scope, w work, m Meeting, op, words string, strict bool) (Meeting, error) {
	was := m.Rev
	m.Rev++
	behind, err := s.recount(ctx, tx, by.District, m.ID, m.records(), strict)
	if err != nil {
		return m, err
	}
	m.Behind = behind
	if err := saveMeeting(ctx, tx, by.District, m, was); err != nil {
		return m, err
	}
	if err := evidence.SetUses(ctx, tx, by.District, KindMeeting, m.ID, m.Unit, map[string][]string{"photos": m.Body.Photos,
		"scans": m.Body.Scans}); err != nil {
		return m, err
	}
	return m, s.tell(ctx, tx, by, w, m, op, words)
}

// storeDecision saves a change of a decision. A locked period keeps what it counted: the work goes on, and Behind says so.
func (s *Service) storeDecision(ctx context.Context, tx *db.Tx, by access.Scope, w work, d Decision, op, words string) (Decision, error) {
	was := d.Rev
	d.Rev++
	behind, err := s.recount(ctx, tx, by.District, d.ID, d.records(), false)
	if err != nil {
		return d, err
	}
	d.Behind = behind
	if err := saveDecision(ctx, tx, by.District, d, was); err != nil {
		return d, err
	}
	if err := evidence.SetUses(ctx, tx, by.District, KindDecision, d.ID, d.Unit, map[string][]string{"proof": d.Proof}); err != nil {
		return d, err
	}
	return d, s.tellOf(ctx, tx, by, w, d, op, words)
}

// unseen reports whether an error says that something does not exist for the caller, or is not his.
func unseen(err error) bool {
	return errors.Is(err, document.ErrNone) || errors.Is(err, document.ErrForbidden) || errors.Is(err, org.ErrUnit)
}

func trim(s string) string { return strings.TrimSpace(s) }

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
