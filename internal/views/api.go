package views

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/ledger"
)

// API serves the operations of named lists.
type API struct{ *Service }

// Register adds the operations.
func (a *API) Register(k *httpapi.Kit) {
	httpapi.List(k, httpapi.Operation{ID: "list-views", Route: "GET /views", Verb: ledger.Read,
		Summary: "Lists that were named: one's own and one's office's"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]View, error) {
			return List(ctx, q, by)
		})
	type viewIn struct {
		httpapi.OperationID
		Body struct {
			Kind   string `json:"kind" maxLength:"60"`
			Name   string `json:"name" minLength:"1" maxLength:"40"`
			Query  string `json:"query" maxLength:"500"`
			Shared bool   `json:"shared,omitempty"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "save-view", Route: "POST /views", Verb: ledger.Read, Summary: "Name a list"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *viewIn) (*httpapi.Reply[View], error) {
			v, err := a.Save(ctx, tx, by, View{Kind: in.Body.Kind, Name: in.Body.Name, Query: in.Body.Query, Shared: in.Body.Shared})
			return &httpapi.Reply[View]{Status: http.StatusCreated, Body: v}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "drop-view", Route: "DELETE /views/{id}", Verb: ledger.Read, Summary: "Forget a named list"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[ledger.Done], error) {
			return &httpapi.Reply[ledger.Done]{Body: ledger.Done{OK: true}}, a.Drop(ctx, tx, by, in.ID)
		})
}
