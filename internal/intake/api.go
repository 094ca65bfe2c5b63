package intake

import (
	"bytes"
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/ledger"
	"sifen/internal/sheet"

	"github.com/danielgtaylor/huma/v2"
)

// API serves the operations of importing.
type API struct{ *Service }

type imports struct {
	Items []Import `json:"items"`
}

type mended struct {
	Import
	Changed int `json:"changed"`
}

type dropped struct {
	Deleted bool `json:"deleted"`
}

// Register adds the operations.
func (a *API) Register(k *httpapi.Kit) {
	a.registerWorkbooks(k)

	type startIn struct {
		httpapi.OperationID
		Kind    string `query:"kind"`
		Name    string `query:"name" maxLength:"200"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "start-import", Route: "POST /import-runs", Verb: ledger.Enter,
		Summary: "Take a workbook in; its rows are read and checked in the background", MaxBody: sheet.MaxFile},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *startIn) (*httpapi.Reply[Import], error) {
			im, err := a.Start(ctx, tx, by, in.Kind, in.Name, in.RawBody)
			return &httpapi.Reply[Import]{Status: http.StatusCreated, Body: im}, err
		})
	type listOut struct{ Body imports }
	httpapi.Query(k, httpapi.Operation{ID: "list-imports", Route: "GET /import-runs", Verb: ledger.Enter,
		Summary: "One's own imports, newest first"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*listOut, error) {
			all, err := a.List(ctx, a.DB.Read, by, 20)
			return &listOut{imports{append([]Import{}, all...)}}, err
		})
	type viewIn struct {
		ID    string `path:"id"`
		State string `query:"state" doc:"bad, good, same, kept or aside; empty for all"`
		Page  int    `query:"page" default:"1" minimum:"1" maximum:"10000"`
	}
	type viewOut struct{ Body View }
	httpapi.Query(k, httpapi.Operation{ID: "get-import", Route: "GET /import-runs/{id}", Verb: ledger.Enter,
		Summary: "An import with its rows and what is wrong with them"},
		func(ctx context.Context, by access.Scope, in *viewIn) (*viewOut, error) {
			out := &viewOut{}
			err := a.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = a.view(ctx, q, by, in.ID, in.State, in.Page)
				return err
			})
			return out, err
		})
	onRows(k, "mend-import", "mend", "Write a cell of a waiting row, or of all rows that say the same", a.Mend)
	onRows(k, "act-on-import-rows", "rows", "Leave waiting rows out, or say what they are", a.Act)
	type chooseIn struct {
		httpapi.ActOn
		Body struct {
			Sheets  []string `json:"sheets" nullable:"false" maxItems:"200" doc:"Names of the sheets to read; none for those the product chooses"`
			HeadRow int      `json:"head_row" minimum:"0" maximum:"200" doc:"Row of the titles; 0 to look for it"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "choose-import-sheets", Route: "POST /import-runs/{id}/source", Verb: ledger.Enter,
		Summary: "Say which sheets of a waiting file are read and where the titles stand; it is read again"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *chooseIn) (*httpapi.Reply[Import], error) {
			im, err := a.Choose(ctx, tx, by, in.ID, in.Body.Sheets, in.Body.HeadRow)
			return &httpapi.Reply[Import]{Body: im}, err
		})
	type assignIn struct {
		httpapi.ActOn
		Body struct {
			Columns []Assigned `json:"columns" nullable:"false" maxItems:"400"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "assign-import", Route: "POST /import-runs/{id}/columns", Verb: ledger.Enter,
		Summary: "Say which column of a waiting file is which; it is read again"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *assignIn) (*httpapi.Reply[Import], error) {
			im, err := a.Assign(ctx, tx, by, in.ID, in.Body.Columns)
			return &httpapi.Reply[Import]{Body: im}, err
		})
	type keepIn struct {
		httpapi.ActOn
		Body struct {
			CleanOnly bool `json:"clean_only,omitempty" doc:"Keep the good rows and leave the bad ones waiting"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "keep-import", Route: "POST /import-runs/{id}/keep", Verb: ledger.Enter,
		Summary: "Make the good rows records and submit them, together, in the background"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *keepIn) (*httpapi.Reply[Import], error) {
			im, err := a.Keep(ctx, tx, by, in.ID, in.Body.CleanOnly)
			return &httpapi.Reply[Import]{Body: im}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "undo-import", Route: "POST /import-runs/{id}/undo", Verb: ledger.Enter,
		Summary: "Take an import back as one act, while nobody has decided on it"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[Import], error) {
			im, err := a.Undo(ctx, tx, by, in.ID)
			return &httpapi.Reply[Import]{Body: im}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "drop-import", Route: "DELETE /import-runs/{id}", Verb: ledger.Enter,
		Summary: "Throw waiting rows away"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[dropped], error) {
			return &httpapi.Reply[dropped]{Body: dropped{true}}, a.Drop(ctx, tx, by, in.ID)
		})
	httpapi.Query(k, httpapi.Operation{ID: "rejected-rows", Route: "GET /import-runs/{id}/rejected", Verb: ledger.Enter,
		Summary: "The bad rows as a workbook with what is wrong"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*huma.StreamResponse, error) {
			book, err := a.Rejected(ctx, by, in.ID, httpapi.CallerOf(ctx).Lang)
			if err != nil {
				return nil, err
			}
			var im bytes.Buffer
			if err := sheet.Write(&im, book); err != nil {
				return nil, err
			}
			return httpapi.Download(im.Bytes(), httpapi.XLSX, book.Sheet+"待改.xlsx"), nil
		})
}

// onRows registers an act on waiting rows: it answers with the import and how many rows it met.
func onRows[B any](k *httpapi.Kit, id, last, summary string,
	act func(ctx context.Context, tx *db.Tx, by access.Scope, imp string, body B) (Import, int, error),
) {
	httpapi.Command(k, httpapi.Operation{ID: id, Route: "POST /import-runs/{id}/" + last, Verb: ledger.Enter, Summary: summary},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenOn[B]) (*httpapi.Reply[mended], error) {
			im, n, err := act(ctx, tx, by, in.ID, in.Body)
			return &httpapi.Reply[mended]{Body: mended{im, n}}, err
		})
}
