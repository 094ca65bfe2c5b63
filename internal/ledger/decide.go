package ledger

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/problem"
)

// round is one or many decisions of a person in one transaction: what they share is looked up once, and the figures are
// brought up to date together before the transaction ends.
type round struct {
	w       work
	taken   map[string]error // by kind: what Takes says
	changes []indicator.Change
	entry   string   // whose revision was looked at last
	seen    revision // that one
}

func (s *Service) round(ctx context.Context, q db.Querier, by access.Scope) (*round, error) {
	w, err := s.work(ctx, q, by)
	return &round{w: w, taken: map[string]error{}}, err
}

// takes is Takes, asked once for a kind.
func (r *round) takes(ctx context.Context, q db.Querier, s *Service, district int64, k *kind.Kind) error {
	err, asked := r.taken[k.Key]
	if !asked {
		err = s.Takes(ctx, q, district, k)
		r.taken[k.Key] = err
	}
	return err
}

// count ends a round: what was decided counts now. Without it the transaction must not commit.
func (s *Service) count(ctx context.Context, tx *db.Tx, by access.Scope, r *round) error {
	changes := r.changes
	r.changes = nil
	if len(changes) == 0 {
		return nil
	}
	return s.Figures.Apply(indicator.WithTime(ctx, r.w.Now), tx, by.District, changes)
}

// Decision is what a person says of an entry as he saw it: that it passes, goes back, or is void.
type Decision struct {
	Op     string // OpVerify, OpReturn or OpVoid
	Entry  string
	Rev    int64
	Reason string // of a return or a void
}

// Decide makes many decisions of one person; the figures are brought up to date once. What was refused is told at its
// place, before anything of it was written; any other error must end the transaction.
func (s *Service) Decide(ctx context.Context, tx *db.Tx, by access.Scope, list []Decision) (after []Entry, refused []*problem.Error, err error) {
	r, err := s.round(ctx, tx, by)
	if err != nil {
		return nil, nil, err
	}
	after, refused = make([]Entry, len(list)), make([]*problem.Error, len(list))
	for i, d := range list {
		if after[i], err = s.decide(ctx, tx, by, r, d); err == nil {
			continue
		}
		p, ok := err.(*problem.Error) //nolint:errorlint // a refusal comes unwrapped
		if !ok || p.Kind == problem.Full {
			return nil, nil, fmt.Errorf("decide on %s: %w", d.Entry, err)
		}
		refused[i] = p
	}
	return after, refused, s.count(ctx, tx, by, r)
}

// Verify passes a submission; at its last level the revision begins to count. rev is the revision the person saw.
//
// Errors: ErrEntry, ErrStale, ErrState, ErrForbidden, ErrOwn, closing.ErrLocked.
func (s *Service) Verify(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64) (Entry, error) {
	return s.decideOne(ctx, tx, by, Decision{OpVerify, entry, rev, ""})
}

// Return gives a submission back with a reason. What counted before goes on counting.
func (s *Service) Return(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64, reason string) (Entry, error) {
	return s.decideOne(ctx, tx, by, Decision{OpReturn, entry, rev, reason})
}

// Void takes an entry out for good. It needs the verb and a reason and acts at once.
func (s *Service) Void(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64, reason string) (Entry, error) {
	return s.decideOne(ctx, tx, by, Decision{OpVoid, entry, rev, reason})
}

func (s *Service) decideOne(ctx context.Context, tx *db.Tx, by access.Scope, d Decision) (Entry, error) {
	r, err := s.round(ctx, tx, by)
	if err != nil {
		return Entry{}, err
	}
	e, err := s.decide(ctx, tx, by, r, d)
	if err != nil {
		return e, err
	}
	return e, s.count(ctx, tx, by, r)
}

// decide makes one decision of a round. A refusal leaves the transaction as it was.
func (s *Service) decide(ctx context.Context, tx *db.Tx, by access.Scope, r *round, d Decision) (Entry, error) {
	e, k, err := s.seenIn(ctx, tx, by, r.w, d.Entry)
	if err != nil {
		return e, err
	}
	if e.Rev != d.Rev {
		return e, ErrStale
	}
	if d.Op != OpReturn { // what waits may still be given back when another capability keeps the kind
		if err := r.takes(ctx, tx, s, by.District, k); err != nil {
			return e, err
		}
	}
	if d.Op == OpVoid {
		if !by.Can(Voids, r.w.Org.Targets(e.Unit, r.w.Day), false) {
			return e, ErrForbidden
		}
	} else if err := s.mayVerify(ctx, tx, by, r, k, &e); err != nil {
		return e, err
	}
	before, at, reason := e, "", strings.TrimSpace(d.Reason)
	switch d.Op {
	case OpVerify:
		at = r.w.Org.UnitName(e.WaitUnit)
		err = s.pass(r.w, k, &e)
	case OpReturn:
		at = r.w.Org.UnitName(e.WaitUnit)
		err = e.giveBack(reason)
	case OpVoid:
		if e.State == Draft && e.CountedRev > 0 {
			e.State = Verified // an edit under way does not keep a verified record from being voided
		}
		err = e.void(reason)
	}
	if err != nil {
		return e, err
	}
	return e, s.recount(ctx, tx, by, r, k, before, &e, d.Op, at)
}

// pass moves a submission to the next of its levels, or verifies it after the last.
func (s *Service) pass(w work, k *kind.Kind, e *Entry) error {
	chain, next := s.levels(w, k, e.Unit), e.Level+1
	if next >= int64(len(chain)) {
		return e.pass(0, next, true)
	}
	return e.pass(chain[next], next, false)
}

// verifies reports whether a scope holds the verb where an entry waits and where it belongs.
func verifies(by access.Scope, w work, e *Entry) bool {
	return by.Can(Verify, w.Org.Targets(e.WaitUnit, w.Day), false) && by.Can(Verify, w.Org.Targets(e.Unit, w.Day), true)
}

// mayVerify reports whether the scope may decide at the level where the entry waits: it holds the verb at that
// unit or above. Nobody verifies a revision he wrote.
func (s *Service) mayVerify(ctx context.Context, q db.Querier, by access.Scope, r *round, k *kind.Kind, e *Entry) error {
	w := r.w
	if e.State != Submitted {
		return ErrState.With("state", stateTitle[e.State])
	}
	if !verifies(by, w, e) {
		return ErrForbidden
	}
	v, err := revisionOf(ctx, q, k, by.District, e.ID, e.Rev)
	if err != nil {
		return err
	}
	r.entry, r.seen = e.ID, v
	if v.Account == by.Account && !by.IsSystem() {
		return ErrOwn
	}
	return nil
}

// recount saves a transition that changes what counts. Locks are looked at before anything is written, so that a
// refusal leaves the transaction as it was.
func (s *Service) recount(ctx context.Context, tx *db.Tx, by access.Scope, r *round, k *kind.Kind, was Entry, e *Entry, op, level string) error {
	w := r.w
	var ch indicator.Change
	var before, after *closing.Contribution
	side := func(rev int64) (*indicator.Record, *closing.Contribution, error) {
		if rev == 0 {
			return nil, nil, nil
		}
		v := r.seen
		if r.entry != e.ID || v.Rev != rev {
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
		r.changes = append(r.changes, ch)
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
