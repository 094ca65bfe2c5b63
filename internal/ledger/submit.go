package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/org"
)

// levels lists who verifies, bottom up: the nearest units of the kind's levels that exist; none left means the district.
func (s *Service) levels(w work, k *kind.Kind, unit org.No) []org.No {
	var out []org.No
	for _, l := range k.Levels {
		if n, ok := w.Org.Level(unit, l, w.Day); ok && (len(out) == 0 || out[len(out)-1] != n) {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		out = append(out, w.Org.Root)
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
	if !by.Can(Enter, w.Org.Targets(e.Unit, w.Day), k.ByLine()) {
		return e, ErrForbidden
	}
	if err := s.Takes(ctx, tx, by.District, k); err != nil {
		return e, err
	}
	if _, refusals := k.Evaluate(e.Values); len(refusals) > 0 {
		return e, ErrRefused.With("say", refusals[0])
	}
	before := e
	if err := e.submit(s.levels(w, k, e.Unit)[0], 0, w.Now.UnixMilli()); err != nil {
		return e, err
	}
	if before.SubmittedAt == 0 { // lateness is judged once, at the first submission
		e.lateNow = k.Late(e.From, w.Day)
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
	if !by.Can(Enter, w.Org.Targets(e.Unit, w.Day), k.ByLine()) {
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
