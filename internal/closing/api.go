package closing

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// View is a lock as the page shows it.
type View struct {
	ID   string `json:"id"`
	Unit struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"unit"`
	Kind   *string `json:"kind"`
	From   string  `json:"from"`
	Until  string  `json:"until"` // the last locked day
	By     string  `json:"by"`
	At     int64   `json:"at"`
	Reason string  `json:"reason"`
}

// Register adds the operations of period locks.
func Register(k *httpapi.Kit, c clock.Clock, orgs *org.Store, nameOf NameOf) {
	httpapi.List(k, httpapi.Operation{ID: "list-locks", Route: "GET /locks", Verb: "closing.read", Summary: "Locked periods"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]View, error) {
			locks, err := List(ctx, q, by)
			if err != nil {
				return nil, err
			}
			o, err := orgs.Current(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			out := make([]View, len(locks))
			for i, l := range locks {
				v := View{ID: l.ID, From: l.From.String(), Until: (l.Until - 1).String(), At: l.At, Reason: l.Reason}
				v.Unit.ID, v.Unit.Name = int64(l.Unit), o.UnitName(l.Unit)
				if l.Kind != "" {
					v.Kind = &l.Kind
				}
				if v.By, err = nameOf(ctx, q, by.District, l.Account); err != nil {
					return nil, err
				}
				out[i] = v
			}
			return out, nil
		})
	type addIn struct {
		httpapi.OperationID
		Body struct {
			Unit   int64  `json:"unit"`
			Kind   string `json:"kind,omitempty"`
			From   string `json:"from"`
			Until  string `json:"until" doc:"the last locked day"`
			Reason string `json:"reason" maxLength:"200"`
		}
	}
	type made struct {
		ID string `json:"id"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-lock", Route: "POST /locks", Verb: "closing.edit", Alone: true, Summary: "Lock a period"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[made], error) {
			from, err1 := period.ParseDay(in.Body.From)
			until, err2 := period.ParseDay(in.Body.Until)
			if err1 != nil || err2 != nil || until < from {
				return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/until", Code: "value.date"})
			}
			o, err := orgs.Current(ctx, tx, by.District)
			if err != nil {
				return nil, err
			}
			targets := o.Targets(org.No(in.Body.Unit), period.Day(by.Today))
			if !by.Sees(targets) {
				return nil, org.ErrUnit
			}
			if !by.Can("closing.edit", targets, false) {
				return nil, httpapi.ErrForbidden
			}
			id, err := Add(ctx, tx, by, Lock{Unit: org.No(in.Body.Unit), Kind: in.Body.Kind, From: from, Until: until + 1, Reason: in.Body.Reason}, c.Now())
			return &httpapi.Reply[made]{Status: http.StatusCreated, Body: made{id}}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "lift-lock", Route: "DELETE /locks/{id}", Verb: "closing.edit", Alone: true,
		Summary: "Open a locked period again"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[made], error) {
			locks, err := List(ctx, tx, by)
			if err != nil {
				return nil, err
			}
			o, err := orgs.Current(ctx, tx, by.District)
			if err != nil {
				return nil, err
			}
			for _, l := range locks {
				if l.ID != in.ID {
					continue
				}
				if !by.Can("closing.edit", o.Targets(l.Unit, period.Day(by.Today)), false) {
					return nil, httpapi.ErrForbidden
				}
				return &httpapi.Reply[made]{Body: made{in.ID}}, Lift(ctx, tx, by, in.ID, c.Now())
			}
			return nil, httpapi.ErrNotFound
		})
}
