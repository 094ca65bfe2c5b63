package inspect

import (
	"context"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/problem"
)

// Void takes a visit back: figures no longer count it, what it opened and nobody issued falls; what was issued stays and is
// for people to revoke.
//
// Errors: ErrVisit, ErrForbidden, ErrStale, ErrVoided, ErrReason, closing.ErrLocked.
func (s *Service) Void(ctx context.Context, tx *db.Tx, by access.Scope, visit string, rev int64, reason string) (Record, error) {
	v, w, err := s.seen(ctx, tx, by, visit)
	if err != nil {
		return v, err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case !by.Can(Void, w.Org.Targets(v.Unit, w.Day), false):
		return v, ErrForbidden
	case v.State == Voided:
		return v, ErrVoided
	case v.Rev != rev:
		return v, ErrStale
	case utf8.RuneCountInString(reason) < 2:
		return v, ErrReason.At(problem.Field{Pointer: "/reason", Code: "rectify.reason"})
	}
	findings, err := findingsOf(ctx, tx, by.District, []string{v.ID})
	if err != nil {
		return v, err
	}
	changes := []indicator.Change{}
	if r := v.counted(); r != nil {
		if err := closing.Check(ctx, tx, by.District, KindVisit, &closing.Contribution{Unit: v.Unit, From: v.Day, Until: v.Day + 1, Values: v.ID},
			nil); err != nil {
			return v, err
		}
		changes = append(changes, indicator.Change{Before: r})
	}
	for _, f := range findings {
		if r := f.counted(&v); r != nil {
			changes = append(changes, indicator.Change{Before: r})
		}
		if f.Case != "" && !f.Joined {
			if err := s.Cases.Withdraw(ctx, tx, by, f.Case, reason); err != nil {
				return v, err
			}
		}
	}
	v.State, v.Rev = Voided, v.Rev+1
	v.Body.Reason, v.Body.Voider, v.Body.VoidAt = reason, by.Account, w.Now.UnixMilli()
	if err := save(ctx, tx, by.District, v, rev); err != nil {
		return v, err
	}
	if err := freed(ctx, tx, by.District, w, v); err != nil {
		return v, err
	}
	if len(changes) > 0 {
		if err := s.Figures.Apply(indicator.WithTime(ctx, w.Now), tx, by.District, changes); err != nil {
			return v, err
		}
	}
	return v, s.told(ctx, tx, by, w, v, "inspect.void")
}
