package ledger

import (
	"context"

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

// Changed is the fact that an entry changed its state, or that many of a kind did.
type Changed struct {
	Entry string          `json:"entry"`
	Type  string          `json:"kind"`
	At    []access.Target `json:"at"` // who is reached; none where they are too many to name
}

// Kind names the fact.
func (Changed) Kind() string { return "ledger.changed" }

// Input is what a person gives for one revision.
type Input struct {
	ID     string // for a new entry: made by the client, so that a second try after a lost answer is the same entry; or ""
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
type work = module.Moment

func (s *Service) work(ctx context.Context, q db.Querier, by access.Scope) (work, error) {
	return s.Moment(ctx, q, by.District)
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
	e, k, err := load(ctx, q, w.Set, by.District, entry)
	if err != nil {
		return e, k, err
	}
	if !visible(by, w, e) {
		return Entry{}, nil, ErrEntry
	}
	return e, k, nil
}

// visible reports whether a scope may see an entry: it reads there, today or on the entry's day, and another's draft is nobody's business.
func visible(by access.Scope, w work, e Entry) bool {
	reads := by.Can(Read, w.Org.Targets(e.Unit, w.Day), true) || e.From <= w.Day && by.Can(Read, w.Org.Targets(e.Unit, e.From), true)
	return reads && (e.State != Draft || e.CountedRev > 0 || e.Account == by.Account || by.IsSystem())
}

// save stores a transition by compare-and-set.
func (s *Service) save(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, before, e Entry) error {
	return saveEntry(ctx, tx, by.District, e, searchText(w, k, &e), before.Rev, before.State, before.Level)
}

// after writes what every change leaves behind: history, evidence uses, journal and fact.
func (s *Service) after(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, e *Entry, op, level, reason string) error {
	ev := Event{ID: id.New(w.Now), Entry: e.ID, At: w.Now.UnixMilli(), Account: by.Account, Op: op, Rev: e.Rev, Level: level, Reason: reason,
		Unit: e.Unit, Day: w.Day}
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
		if err := s.Figures.Apply(indicator.WithTime(ctx, w.Now), tx, by.District, []indicator.Change{{After: eventRecord(kind, k.Key, ev)}}); err != nil {
			return err
		}
	}
	if err := journal.Write(ctx, tx, by, w.Now, access.Verb("ledger."+op), e.ID, e.Rev, map[string]any{"state": e.State, "kind": k.Key, "unit": e.Unit,
		"from": e.From, "until": e.Until}); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, by.District, w.Now, Changed{e.ID, k.Key, w.Org.Targets(e.Unit, w.Day)})
}

func eventRecord(event, of string, ev Event) *indicator.Record {
	f := kind.Fields{"kind": of}
	if event == kindLate {
		f["days"] = ev.LateDays
	}
	return &indicator.Record{Kind: event, ID: ev.ID, Rev: 1, Unit: ev.Unit, From: ev.Day, Until: ev.Day + 1, Fields: f}
}
