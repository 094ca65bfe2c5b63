package intake

import (
	"bytes"
	"context"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/httpapi"
	"sifen/internal/ledger"
)

// registerWorkbooks adds the operations that give and take whole workbooks.
func (a *API) registerWorkbooks(k *httpapi.Kit) {
	type kindIn struct {
		Key string `path:"key"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "kind-template", Route: "GET /kinds/{key}/template", Verb: ledger.Enter,
		Summary: "Empty workbook of a kind"},
		func(ctx context.Context, by access.Scope, in *kindIn) (*huma.StreamResponse, error) {
			var b bytes.Buffer
			if err := a.Template(ctx, by.District, in.Key, &b); err != nil {
				return nil, err
			}
			of, err := a.kindOf(ctx, a.DB.Read, by.District, in.Key)
			if err != nil {
				return nil, err
			}
			return httpapi.Download(b.Bytes(), httpapi.XLSX, of.Title.Zh+"模板.xlsx"), nil
		})
	httpapi.Query(k, httpapi.Operation{ID: "export-entries", Route: "GET /entries/export", Verb: ledger.Read,
		Summary: "A list as a workbook that import reads back"},
		func(ctx context.Context, by access.Scope, in *ledger.FilterIn) (*huma.StreamResponse, error) {
			f, err := a.Ledger.Selection(ctx, a.DB.Read, by, in)
			if err != nil {
				return nil, err
			}
			of, err := a.kindOf(ctx, a.DB.Read, by.District, in.Kind)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			if err := a.Export(ctx, by, f, &b); err != nil {
				return nil, err
			}
			return httpapi.Download(b.Bytes(), httpapi.XLSX, of.Title.Zh+in.Period+".xlsx"), nil
		})
	type importIn struct {
		Kind    string `query:"kind"`
		Name    string `query:"name" maxLength:"200"`
		DryRun  bool   `query:"dry_run"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type importOut struct{ Body Result }
	httpapi.Query(k, httpapi.Operation{ID: "import-entries", Route: "POST /imports", Verb: ledger.Enter,
		Summary: "Import a workbook; any bad cell keeps the whole file out, the same file twice changes nothing", MaxBody: 20 << 20},
		func(ctx context.Context, by access.Scope, in *importIn) (*importOut, error) {
			res, err := a.Import(ctx, by, in.RawBody, Options{Kind: in.Kind, Name: in.Name, DryRun: in.DryRun, Lang: httpapi.CallerOf(ctx).Lang})
			return &importOut{res}, err
		})
}
