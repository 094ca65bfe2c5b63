package ledger

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
)

func (a *API) registerViews(k *httpapi.Kit) {
	type offIn struct {
		httpapi.OperationID
		ID string `path:"id"`
	}
	type viewsOut struct {
		Body struct {
			Items []SavedView `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-views", Method: http.MethodGet, Path: "/views", Verb: Read,
		Summary: "Lists that were named: one's own and one's office's"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*viewsOut, error) {
			out := &viewsOut{}
			var err error
			out.Body.Items, err = Views(ctx, a.DB.Read, by)
			return out, err
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
	httpapi.Command(k, httpapi.Operation{ID: "save-view", Method: http.MethodPost, Path: "/views", Verb: Read, Summary: "Name a list"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *viewIn) (*httpapi.Reply[SavedView], error) {
			v, err := a.SaveView(ctx, tx, by, SavedView{Kind: in.Body.Kind, Name: in.Body.Name, Query: in.Body.Query, Shared: in.Body.Shared})
			return &httpapi.Reply[SavedView]{Status: http.StatusCreated, Body: v}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "drop-view", Method: http.MethodDelete, Path: "/views/{id}", Verb: Read, Summary: "Forget a named list"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *offIn) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Body: done{true}}, a.DropView(ctx, tx, by, in.ID)
		})
}
