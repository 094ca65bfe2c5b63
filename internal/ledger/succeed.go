package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Succeed records a change of a lasting thing from a day: it ends the entry's span there and opens a new entry with the
// same subject, whose history names the one it follows. Both are submitted together.
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
	if from <= e.From && e.Until >= period.Open {
		return e, ErrInvalid.At(problem.Field{Pointer: "/from", Code: "value.not-after", Args: map[string]any{"from": e.From.String()}})
	}
	if from <= e.From || from >= e.Until {
		return e, ErrInvalid.At(problem.Field{Pointer: "/from", Code: "value.outside-span",
			Args: map[string]any{"from": e.From.String(), "until": e.Until.String()}})
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
