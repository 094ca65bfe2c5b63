package ledger

import (
	"context"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/problem"
)

// API serves the ledger's operations.
type API struct{ *Service }

type entryBody struct {
	ID     string         `json:"id,omitempty" doc:"a new entry may bring its own, so that a second try is the same entry"`
	Kind   string         `json:"kind"`
	Unit   int64          `json:"unit"`
	Values map[string]any `json:"values"`
	Submit bool           `json:"submit,omitempty"`
	Reason string         `json:"reason,omitempty" maxLength:"500"`
	Spent  int            `json:"spent,omitempty" minimum:"0" maximum:"86400" doc:"seconds the form was open"`
}

// Register adds the ledger's operations.
func (a *API) Register(k *httpapi.Kit) {
	a.registerRefs(k)
	a.registerLists(k)
	a.registerEntries(k)
	a.registerActs(k)
	a.registerComments(k)
}

// EntryReply answers with an entry page and its revision as entity tag.
func (a *API) reply(ctx context.Context, tx *db.Tx, by access.Scope, e Entry, status int) (*httpapi.Reply[View], error) {
	v, err := a.page(ctx, tx, by, e.ID)
	if err != nil {
		return nil, err
	}
	return &httpapi.Reply[View]{Status: status, ETag: tag(e.Rev), Body: v}, nil
}

func tag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

func (a *API) page(ctx context.Context, q db.Querier, by access.Scope, entry string) (View, error) {
	v, err := a.Open(ctx, q, by, httpapi.CallerOf(ctx).Lang, entry)
	if err == nil {
		err = a.enrich(ctx, q, by, &v)
	}
	return v, err
}

// stale attaches the entry as it is now, so that a person sees what changed and can apply his edit again.
func (a *API) stale(ctx context.Context, tx *db.Tx, by access.Scope, entry string, err error) error {
	if p, ok := err.(*problem.Error); ok && p.Is(ErrStale) { //nolint:errorlint // returned unwrapped by the service
		if v, verr := a.page(ctx, tx, by, entry); verr == nil {
			return p.Attach("current", v)
		}
	}
	return err
}
