package ledger

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
)

// Done answers what has nothing else to say.
type Done struct {
	OK bool `json:"ok"`
}

func (a *API) registerComments(k *httpapi.Kit) {
	type commentsOut struct {
		Body struct {
			Items  []CommentView `json:"items"`
			People []Person      `json:"people" doc:"who can be addressed"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-comments", Route: "GET /entries/{id}/comments", Verb: Read,
		Summary: "What was said about a record"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*commentsOut, error) {
			out := &commentsOut{}
			var err error
			if out.Body.Items, err = a.Comments(ctx, a.DB.Read, by, in.ID); err != nil {
				return nil, err
			}
			out.Body.People, err = a.Addressees(ctx, a.DB.Read, by, in.ID)
			return out, err
		})
	type sayIn struct {
		httpapi.ActOn
		Body struct {
			Body string `json:"body" maxLength:"1000"`
			To   string `json:"to,omitempty" doc:"account of the person addressed"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-comment", Route: "POST /entries/{id}/comments", Verb: Read,
		Summary: "Say something about a record, to a person or to all"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *sayIn) (*httpapi.Reply[Done], error) {
			return &httpapi.Reply[Done]{Status: http.StatusCreated, Body: Done{true}}, a.Comment(ctx, tx, by, in.ID, in.Body.Body, in.Body.To)
		})
}
