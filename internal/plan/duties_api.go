package plan

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
)

func (a *API) registerDuties(k *httpapi.Kit) {
	type body struct {
		Title string            `json:"title" maxLength:"120"`
		Roles map[string]string `json:"roles"`
	}
	type addIn struct {
		httpapi.ActOn
		Body body
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-duty", Method: http.MethodPost, Path: "/plans/{id}/duties", Verb: Edit,
		Summary: "Add a row to the matrix of duties"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[made], error) {
			d, err := a.SetDuty(ctx, tx, by, in.ID, 0, Duty{Title: in.Body.Title, Roles: in.Body.Roles})
			return reply(d.ID, d.Rev), err
		})
	type editIn struct {
		httpapi.ActAt
		Body body
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "edit-duty", Method: http.MethodPut, Path: "/duties/{id}", Verb: Edit,
		Summary: "Say who leads a duty and who joins in"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *editIn, rev int64) (*httpapi.Reply[made], error) {
			d, y, err := dutyByID(ctx, tx, by, in.ID)
			if err != nil {
				return nil, err
			}
			d, err = a.SetDuty(ctx, tx, by, y.ID, rev, Duty{ID: d.ID, Title: in.Body.Title, Roles: in.Body.Roles})
			return reply(d.ID, d.Rev), err
		})
	httpapi.Command(k, httpapi.Operation{ID: "drop-duty", Method: http.MethodDelete, Path: "/duties/{id}", Verb: Edit,
		Summary: "Take a row out of the matrix of duties"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[made], error) {
			return reply(in.ID, 0), a.DropDuty(ctx, tx, by, in.ID)
		})
}
