package document

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
)

// ChangedParagraph is a paragraph that reads differently than in an earlier draft.
type ChangedParagraph struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// ChangedFigure is a figure that moved since an earlier draft.
type ChangedFigure struct {
	N     int64      `json:"n"`
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
	Old   string     `json:"old"`
	New   string     `json:"new"`
}

// EarlierDraft is a draft to compare with.
type EarlierDraft struct {
	Rev int64  `json:"rev"`
	At  int64  `json:"at"`
	By  string `json:"by"`
}

// Insertable is a figure as it can be named in one's own text.
type Insertable struct {
	Key     string      `json:"key"`
	Title   i18n.Label  `json:"title"`
	UnitOf  *i18n.Label `json:"unit_of"`
	Token   string      `json:"token"`
	Display string      `json:"display"`
}

func (a *API) registerApproval(k *httpapi.Kit) {
	type stepped struct {
		ID    string `json:"id"`
		Rev   int64  `json:"rev"`
		State string `json:"state"`
	}
	step := func(id, path, summary string, verb access.Verb, do func(context.Context, *db.Tx, access.Scope, string, int64) (Document, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Method: http.MethodPost, Path: "/documents/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[stepped], error) {
				x, err := do(ctx, tx, by, in.ID, rev)
				return &httpapi.Reply[stepped]{ETag: tag(x.Rev), Body: stepped{x.ID, x.Rev, x.State}}, err
			})
	}
	step("submit-document", "submit", "Put a draft forward for approval", Edit, a.Submit)
	step("withdraw-document", "withdraw", "Take back what was put forward", Edit, a.Withdraw)
	step("approve-document", "approve", "Approve what another put forward", Issue, a.Approve)
	type backIn struct {
		httpapi.ActAt
		Body struct {
			Reason string `json:"reason" maxLength:"500"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "send-back-document", Method: http.MethodPost, Path: "/documents/{id}/send-back", Verb: Issue,
		Summary: "Return what was put forward, with a reason"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *backIn, rev int64) (*httpapi.Reply[stepped], error) {
			x, err := a.SendBack(ctx, tx, by, in.ID, rev, in.Body.Reason)
			return &httpapi.Reply[stepped]{ETag: tag(x.Rev), Body: stepped{x.ID, x.Rev, x.State}}, err
		})
	type endIn struct {
		httpapi.ActAt
		Body struct {
			How    string `json:"how" enum:"revoked,repealed" doc:"revoked: void from the beginning; repealed: void from today"`
			Reason string `json:"reason" maxLength:"500"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "end-document", Method: http.MethodPost, Path: "/documents/{id}/end", Verb: Issue,
		Summary: "Revoke or repeal an issued document, with a reason; its number stays used"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *endIn, rev int64) (*httpapi.Reply[stepped], error) {
			x, err := a.End(ctx, tx, by, in.ID, rev, in.Body.How, in.Body.Reason)
			return &httpapi.Reply[stepped]{ETag: tag(x.Rev), Body: stepped{x.ID, x.Rev, x.State}}, err
		})
	type renewIn struct {
		httpapi.ActAt
		Body struct {
			Anew bool `json:"anew" doc:"begin again from the words of the template instead of keeping those written"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "renew-document", Method: http.MethodPost, Path: "/documents/{id}/renew", Verb: Edit,
		Summary: "Take a draft over to the newest version of its template"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *renewIn, rev int64) (*httpapi.Reply[documentMade], error) {
			x, err := a.Renew(ctx, tx, by, in.ID, rev, in.Body.Anew)
			return &httpapi.Reply[documentMade]{ETag: tag(x.Rev), Body: documentMade{x.ID, x.Rev}}, err
		})
	type gone struct {
		Done bool `json:"done"`
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "discard-document", Method: http.MethodDelete, Path: "/documents/{id}", Verb: Edit,
		Summary: "Remove a draft that was never issued"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[gone], error) {
			return &httpapi.Reply[gone]{Body: gone{true}}, a.Discard(ctx, tx, by, in.ID, rev)
		})
	type sayIn struct {
		httpapi.ActOn
		Body struct {
			Text  string `json:"text" maxLength:"2000"`
			Place string `json:"place,omitempty" maxLength:"40" doc:"key of a paragraph"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "comment-document", Method: http.MethodPost, Path: "/documents/{id}/comments", Verb: Read,
		Summary: "Say something about a document or one of its paragraphs"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *sayIn) (*httpapi.Reply[gone], error) {
			return &httpapi.Reply[gone]{Body: gone{true}}, a.Comment(ctx, tx, by, in.ID, in.Body.Text, in.Body.Place)
		})
	type sinceIn struct {
		ID  string `path:"id"`
		Rev int64  `query:"rev"`
	}
	type sinceOut struct {
		Body struct {
			Drafts     []EarlierDraft     `json:"drafts"`
			Since      *EarlierDraft      `json:"since"`
			Paragraphs []ChangedParagraph `json:"paragraphs"`
			Figures    []ChangedFigure    `json:"figures"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "document-changes", Method: http.MethodGet, Path: "/documents/{id}/changes", Verb: Read,
		Summary: "What changed since an earlier draft"},
		func(ctx context.Context, by access.Scope, in *sinceIn) (*sinceOut, error) {
			c, err := a.ChangesSince(ctx, by, in.ID, in.Rev)
			if err != nil {
				return nil, err
			}
			out := &sinceOut{}
			out.Body.Drafts, out.Body.Paragraphs, out.Body.Figures = []EarlierDraft{}, []ChangedParagraph{}, []ChangedFigure{}
			for _, s := range c.Drafts {
				e := EarlierDraft{Rev: s.Rev, At: s.At}
				if s.Account != "" {
					if e.By, err = account.NameOf(ctx, a.DB.Read, by.District, s.Account); err != nil {
						return nil, err
					}
				}
				if c.Since != nil && s.Rev == c.Since.Rev {
					x := e
					out.Body.Since = &x
				}
				out.Body.Drafts = append(out.Body.Drafts, e)
			}
			for _, p := range c.Paragraphs {
				out.Body.Paragraphs = append(out.Body.Paragraphs, ChangedParagraph(p))
			}
			for _, f := range c.Figures {
				out.Body.Figures = append(out.Body.Figures, ChangedFigure(f))
			}
			return out, nil
		})
	httpapi.List(k, httpapi.Operation{ID: "document-figures", Method: http.MethodGet, Path: "/documents/{id}/figures", Verb: Read,
		Summary: "The figures that can be inserted into a document, with their value for its unit and period"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *httpapi.ByID) ([]Insertable, error) {
			x, err := a.Get(ctx, q, by, in.ID)
			if err != nil {
				return nil, err
			}
			if !x.Within {
				return nil, ErrNone
			}
			at, err := a.Figures.At(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			list, err := a.Figures.Catalogue(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			out := make([]Insertable, len(list))
			for i, def := range list {
				v, err := at.Value(def.Key, x.Unit, x.Period)
				if err != nil {
					return nil, err
				}
				token := def.Title.Zh
				if len(def.Names) > 0 {
					token = def.Names[0]
				}
				if def.Measure == indicator.Coverage {
					token += "：分子分母"
				}
				out[i] = Insertable{Key: def.Key, Title: def.Title, UnitOf: def.Unit, Token: "{{" + token + "}}", Display: v.Screen()}
			}
			return out, nil
		})
}
