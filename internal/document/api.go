package document

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

func tag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

type docOut struct {
	ETag string `header:"ETag"`
	Body Page
}

func (a *API) reply(ctx context.Context, by access.Scope, v View, err error) (*docOut, error) {
	if err != nil {
		return nil, err
	}
	body, err := a.document(ctx, by, v)
	return &docOut{tag(v.Rev), body}, err
}

const summaryTemplate = "annual-summary"

// API serves the operations of documents.
type API struct{ *Service }

// Register adds them.
func (a *API) Register(k *httpapi.Kit) {
	a.registerDocuments(k)
	a.registerRegister(k)
	a.registerApproval(k)
	a.registerTemplates(k)
}

func (a *API) registerDocuments(k *httpapi.Kit) {
	httpapi.Query(k, httpapi.Operation{ID: "get-document", Route: "GET /documents/{id}", Verb: Receive,
		Summary: "A document with its text and figures"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*docOut, error) {
			v, err := a.Open(ctx, by, in.ID)
			return a.reply(ctx, by, v, err)
		})
	type summaryIn struct {
		Unit   int64  `query:"unit"`
		Period string `query:"period"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "summary", Route: "GET /summary", Verb: Read,
		Summary: "The summary of a unit and period: its draft, else the issued one"},
		func(ctx context.Context, by access.Scope, in *summaryIn) (*docOut, error) {
			n, p, _, err := a.Figures.Asked(ctx, a.DB.Read, by, in.Unit, in.Period)
			if err != nil {
				return nil, err
			}
			v, err := a.Latest(ctx, by, summaryTemplate, n, p)
			return a.reply(ctx, by, v, err)
		})
	type createIn struct {
		httpapi.OperationID
		Body struct {
			Template string `json:"template"`
			Unit     int64  `json:"unit"`
			Period   string `json:"period"`
		}
	}
	type made = documentMade
	httpapi.Command(k, httpapi.Operation{ID: "create-document", Route: "POST /documents", Verb: Edit,
		Summary: "Start a draft, or find the one there is"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *createIn) (*httpapi.Reply[made], error) {
			p, err := period.Parse(in.Body.Period)
			if err != nil {
				return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/period", Code: "value.period"})
			}
			x, err := a.Create(ctx, tx, by, in.Body.Template, org.No(in.Body.Unit), p)
			return &httpapi.Reply[made]{Status: http.StatusCreated, Body: made{x.ID, x.Rev}}, err
		})
	type textsIn struct {
		httpapi.ActAt
		Body struct {
			Texts map[string]string `json:"texts,omitempty"`
			Own   map[string]string `json:"own,omitempty" doc:"paragraphs of one's own, by the key of the paragraph above; empty takes one away"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "edit-document", Route: "PUT /documents/{id}/texts", Verb: Edit,
		Summary: "Write the passages of one's own"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *textsIn, rev int64) (*httpapi.Reply[made], error) {
			x, err := a.SetTexts(ctx, tx, by, in.ID, rev, in.Body.Texts, in.Body.Own)
			return &httpapi.Reply[made]{ETag: tag(x.Rev), Body: made{x.ID, x.Rev}}, err
		})
	type issued struct {
		ID     string `json:"id"`
		Number string `json:"number"`
		State  string `json:"state"`
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "issue-document", Route: "POST /documents/{id}/issue", Verb: Issue, Alone: true,
		Summary: "Issue: number and figures are fixed for good"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[issued], error) {
			x, err := a.Issue(ctx, tx, by, in.ID, rev)
			return &httpapi.Reply[issued]{Body: issued{x.ID, x.Number, x.State}}, err
		})
	httpapi.Query(k, httpapi.Operation{ID: "document-file", Route: "GET /documents/{id}/file", Verb: Receive, Summary: "The Word file"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*huma.StreamResponse, error) {
			raw, v, err := a.Word(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			name := v.Title
			if v.State != Issued && v.State != Received {
				name += "（草稿）"
			}
			if v.Mime == "application/pdf" {
				return httpapi.Download(raw, v.Mime, name+".pdf"), nil
			}
			return httpapi.Download(raw, httpapi.DOCX, name+".docx"), nil
		})
	type diffsOut struct {
		Body struct {
			Items []DifferenceView `json:"items"`
			Same  int              `json:"same"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "document-differences", Route: "GET /documents/{id}/differences", Verb: Read,
		Summary: "What changed since a document was issued, and by whom"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*diffsOut, error) {
			items, same, err := a.differences(ctx, by, httpapi.CallerOf(ctx).Lang, in.ID)
			out := &diffsOut{}
			out.Body.Items, out.Body.Same = items, same
			return out, err
		})
}
