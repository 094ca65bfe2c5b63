package ledger

import (
	"context"
	"net/http"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/kind"
	"sifen/internal/problem"
)

// fieldFilters reads "field:value" conditions; only choices, yes-no fields and references of the kind are looked at.
func (s *Service) fieldFilters(ctx context.Context, q db.Querier, by access.Scope, key string, is []string) ([]FieldIs, error) {
	if len(is) == 0 {
		return nil, nil
	}
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	k, err := kind.Of(set, key)
	if err != nil {
		return nil, err
	}
	var out []FieldIs
	for _, x := range is {
		field, value, _ := strings.Cut(x, ":")
		f, ok := k.Field(field)
		if !ok || value == "" || f.Type != "choice" && f.Type != "bool" && f.Type != "ref" {
			return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/is", Code: "value.choice"})
		}
		out = append(out, FieldIs{field, value})
	}
	return out, nil
}

func (a *API) registerLists(k *httpapi.Kit) {
	type bulkIn struct {
		httpapi.OperationID
		Body struct {
			Op     string   `json:"op" enum:"verify,return"`
			Reason string   `json:"reason,omitempty" maxLength:"500"`
			IDs    []string `json:"ids,omitempty" maxItems:"1000"`
			All    bool     `json:"all,omitempty" doc:"everything the filter selects"`
			Kind   string   `json:"kind,omitempty"`
			Unit   int64    `json:"unit,omitempty"`
			Period string   `json:"period,omitempty"`
			Q      string   `json:"q,omitempty" maxLength:"100"`
			Is     []string `json:"is,omitempty" maxItems:"10"`
		}
	}
	chosen := func(ctx context.Context, q db.Querier, by access.Scope, in *bulkIn) ([]string, Filter, error) {
		if !in.Body.All {
			ids := in.Body.IDs
			if ids == nil {
				ids = []string{}
			}
			return ids, Filter{}, nil
		}
		f, err := a.Selection(ctx, q, by, &FilterIn{Kind: in.Body.Kind, Unit: in.Body.Unit, Period: in.Body.Period, Q: in.Body.Q, Is: in.Body.Is,
			State: Submitted, Size: 1})
		return nil, f, err
	}
	type previewOut struct{ Body Eligible }
	httpapi.Query(k, httpapi.Operation{ID: "preview-bulk", Method: http.MethodPost, Path: "/bulk/preview", Verb: Verify,
		Summary: "Of what was chosen, how much one may decide on"},
		func(ctx context.Context, by access.Scope, in *struct {
			Body struct {
				IDs    []string `json:"ids,omitempty" maxItems:"1000"`
				All    bool     `json:"all,omitempty"`
				Kind   string   `json:"kind,omitempty"`
				Unit   int64    `json:"unit,omitempty"`
				Period string   `json:"period,omitempty"`
				Q      string   `json:"q,omitempty" maxLength:"100"`
				Is     []string `json:"is,omitempty" maxItems:"10"`
			}
		}) (*previewOut, error) {
			b := &bulkIn{}
			b.Body.IDs, b.Body.All, b.Body.Kind, b.Body.Unit, b.Body.Period, b.Body.Q, b.Body.Is = in.Body.IDs, in.Body.All, in.Body.Kind, in.Body.Unit,
				in.Body.Period, in.Body.Q, in.Body.Is
			ids, f, err := chosen(ctx, a.DB.Read, by, b)
			if err != nil {
				return nil, err
			}
			_, e, err := a.choose(ctx, a.DB.Read, by, ids, f)
			return &previewOut{e}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "order-bulk", Method: http.MethodPost, Path: "/bulk", Verb: Verify,
		Summary: "Verify or return many records; for a few seconds it can be called off"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *bulkIn) (*httpapi.Reply[Bulk], error) {
			ids, f, err := chosen(ctx, tx, by, in)
			if err != nil {
				return nil, err
			}
			b, err := a.Order(ctx, tx, by, in.Body.Op, in.Body.Reason, ids, f)
			return &httpapi.Reply[Bulk]{Status: http.StatusCreated, Body: b}, err
		})
	type runIn struct {
		ID string `path:"id"`
	}
	type runOut struct{ Body Bulk }
	httpapi.Query(k, httpapi.Operation{ID: "get-bulk", Method: http.MethodGet, Path: "/bulk/{id}", Verb: Verify,
		Summary: "How far an order is, and what stayed and why"},
		func(ctx context.Context, by access.Scope, in *runIn) (*runOut, error) {
			b, err := a.bulk(ctx, a.DB.Read, by, in.ID)
			b.Stayed = sayStayed(b.Stayed, httpapi.CallerOf(ctx).Lang)
			return &runOut{b}, err
		})
	type offIn struct {
		httpapi.OperationID
		ID string `path:"id"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "call-off-bulk", Method: http.MethodDelete, Path: "/bulk/{id}", Verb: Verify,
		Summary: "Call an order off before it begins"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *offIn) (*httpapi.Reply[Bulk], error) {
			b, err := a.CallOff(ctx, tx, by, in.ID)
			return &httpapi.Reply[Bulk]{Body: b}, err
		})
	type commentsOut struct {
		Body struct {
			Items  []CommentView `json:"items"`
			People []Person      `json:"people" doc:"who can be addressed"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-comments", Method: http.MethodGet, Path: "/entries/{id}/comments", Verb: Read,
		Summary: "What was said about a record"},
		func(ctx context.Context, by access.Scope, in *runIn) (*commentsOut, error) {
			out := &commentsOut{}
			var err error
			if out.Body.Items, err = a.Comments(ctx, a.DB.Read, by, in.ID); err != nil {
				return nil, err
			}
			out.Body.People, err = a.Addressees(ctx, a.DB.Read, by, in.ID)
			return out, err
		})
	type sayIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body struct {
			Body string `json:"body" maxLength:"1000"`
			To   string `json:"to,omitempty" doc:"account of the person addressed"`
		}
	}
	type done struct {
		OK bool `json:"ok"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-comment", Method: http.MethodPost, Path: "/entries/{id}/comments", Verb: Read,
		Summary: "Say something about a record, to a person or to all"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *sayIn) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Status: http.StatusCreated, Body: done{true}}, a.Comment(ctx, tx, by, in.ID, in.Body.Body, in.Body.To)
		})
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
