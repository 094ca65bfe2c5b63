package ledger

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
)

// sitting is one or many decisions of a person in one transaction: what they share is looked up once, and the figures are
// brought up to date together before the transaction ends.
type sitting struct {
	w       work
	kept    map[string]error
	changes []indicator.Change
	entry   string   // whose revision was looked at last
	seen    revision // that one
}

func (s *Service) sit(ctx context.Context, q db.Querier, by access.Scope) (*sitting, error) {
	w, err := s.work(ctx, q, by)
	return &sitting{w: w, kept: map[string]error{}}, err
}

// free is Takes, asked once for a kind.
func (sit *sitting) free(ctx context.Context, q db.Querier, s *Service, by access.Scope, k *kind.Kind) error {
	err, asked := sit.kept[k.Key]
	if !asked {
		err = s.Takes(ctx, q, by.District, k)
		sit.kept[k.Key] = err
	}
	return err
}

// seenAt loads an entry as it was seen: at that revision still.
func (s *Service) seenAt(ctx context.Context, q db.Querier, by access.Scope, w work, entry string, rev int64) (Entry, *kind.Kind, error) {
	e, k, err := s.seenIn(ctx, q, by, w, entry)
	if err == nil && e.Rev != rev {
		err = ErrStale
	}
	return e, k, err
}

// rise ends a sitting: what was decided counts now. Without it the transaction must not commit.
func (s *Service) rise(ctx context.Context, tx *db.Tx, by access.Scope, sit *sitting) error {
	changes := sit.changes
	sit.changes = nil
	if len(changes) == 0 {
		return nil
	}
	return s.Figures.Apply(indicator.WithTime(ctx, sit.w.now), tx, by.District, changes)
}

// mayVerify reports whether the scope may decide at the level where the entry waits: it holds the verb at that
// unit or above. Nobody verifies a revision he wrote.
func (s *Service) mayVerify(ctx context.Context, q db.Querier, by access.Scope, sit *sitting, k *kind.Kind, e *Entry) error {
	w := sit.w
	if e.State != Submitted {
		return ErrState.With("state", stateTitle[e.State])
	}
	if !by.Can(Verify, w.org.Targets(e.WaitUnit, w.day), false) || !by.Can(Verify, w.org.Targets(e.Unit, w.day), true) {
		return ErrForbidden
	}
	v, err := revisionOf(ctx, q, k, by.District, e.ID, e.Rev)
	if err != nil {
		return err
	}
	sit.entry, sit.seen = e.ID, v
	if v.Account == by.Account && !by.IsSystem() {
		return ErrOwn
	}
	return nil
}

// Verify passes a submission; at its last level the revision begins to count. rev is the revision the person saw.
//
// Errors: ErrEntry, ErrStale, ErrState, ErrForbidden, ErrOwn, closing.ErrLocked.
func (s *Service) Verify(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64) (Entry, error) {
	sit, err := s.sit(ctx, tx, by)
	if err != nil {
		return Entry{}, err
	}
	e, err := s.verify(ctx, tx, by, sit, entry, rev)
	if err != nil {
		return e, err
	}
	return e, s.rise(ctx, tx, by, sit)
}

func (s *Service) verify(ctx context.Context, tx *db.Tx, by access.Scope, sit *sitting, entry string, rev int64) (Entry, error) {
	w := sit.w
	e, k, err := s.seenAt(ctx, tx, by, w, entry, rev)
	if err != nil {
		return e, err
	}
	if err := sit.free(ctx, tx, s, by, k); err != nil {
		return e, err
	}
	if err := s.mayVerify(ctx, tx, by, sit, k, &e); err != nil {
		return e, err
	}
	before := e
	at := w.org.UnitName(e.WaitUnit)
	chain := s.levels(w, k, e.Unit)
	next := e.Level + 1
	last := next >= int64(len(chain))
	to := org.No(0)
	if !last {
		to = chain[next]
	}
	if err := e.pass(to, next, last); err != nil {
		return e, err
	}
	return e, s.recount(ctx, tx, by, sit, k, before, &e, OpVerify, at)
}

// recount saves a transition that changes what counts. Locks are looked at before anything is written, so that a
// refusal leaves the transaction as it was.
func (s *Service) recount(ctx context.Context, tx *db.Tx, by access.Scope, sit *sitting, k *kind.Kind, was Entry, e *Entry, op, level string) error {
	w := sit.w
	var ch indicator.Change
	var before, after *closing.Contribution
	side := func(rev int64) (*indicator.Record, *closing.Contribution, error) {
		if rev == 0 {
			return nil, nil, nil
		}
		v := sit.seen
		if sit.entry != e.ID || v.Rev != rev {
			var err error
			if v, err = revisionOf(ctx, tx, k, by.District, e.ID, rev); err != nil {
				return nil, nil, err
			}
		}
		return v.record(k, e.ID), contribution(k, v), nil
	}
	var err error
	if was.CountedRev != e.CountedRev {
		if ch.Before, before, err = side(was.CountedRev); err != nil {
			return err
		}
		if ch.After, after, err = side(e.CountedRev); err != nil {
			return err
		}
		if err := closing.Check(ctx, tx, by.District, k.Key, before, after); err != nil {
			return err
		}
	}
	if err := s.save(ctx, tx, by, w, k, was, *e); err != nil {
		return err
	}
	if ch != (indicator.Change{}) {
		sit.changes = append(sit.changes, ch)
	}
	return s.after(ctx, tx, by, w, k, e, op, level, e.Reason)
}

// contribution leaves the dates out of the values: they are the span.
func contribution(k *kind.Kind, v revision) *closing.Contribution {
	rest := kind.Values{}
	for key, x := range v.Values {
		if k.State != nil && (key == k.State.From || key == k.State.Until) || key == k.Day || k.Span != nil && (key == k.Span.From || key == k.Span.Until) {
			continue
		}
		rest[key] = x
	}
	return &closing.Contribution{Unit: v.Unit, From: v.From, Until: v.Until, Values: rest.Encode()}
}

// Return gives a submission back with a reason. What counted before goes on counting.
func (s *Service) Return(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64, reason string) (Entry, error) {
	sit, err := s.sit(ctx, tx, by)
	if err != nil {
		return Entry{}, err
	}
	return s.giveBack(ctx, tx, by, sit, entry, rev, reason)
}

func (s *Service) giveBack(ctx context.Context, tx *db.Tx, by access.Scope, sit *sitting, entry string, rev int64, reason string) (Entry, error) {
	w := sit.w
	e, k, err := s.seenAt(ctx, tx, by, w, entry, rev)
	if err != nil {
		return e, err
	}
	if err := s.mayVerify(ctx, tx, by, sit, k, &e); err != nil {
		return e, err
	}
	before := e
	at := w.org.UnitName(e.WaitUnit)
	if err := e.giveBack(strings.TrimSpace(reason)); err != nil {
		return e, err
	}
	if err := s.save(ctx, tx, by, w, k, before, e); err != nil {
		return e, err
	}
	return e, s.after(ctx, tx, by, w, k, &e, OpReturn, at, e.Reason)
}
