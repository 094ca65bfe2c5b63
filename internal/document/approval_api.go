package document

import (
	"context"

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

type stepped struct {
	ID    string `json:"id"`
	Rev   int64  `json:"rev"`
	State string `json:"state"`
}

func steppedOn(d Document, err error) (*httpapi.Reply[stepped], error) {
	return &httpapi.Reply[stepped]{ETag: tag(d.Rev), Body: stepped{d.ID, d.Rev, d.State}}, err
}

// withReason registers a decision against a document that gives its reason.
func withReason[B any](k *httpapi.Kit, id, last, summary string,
	do func(ctx context.Context, tx *db.Tx, by access.Scope, id string, rev int64, in B) (Document, error),
) {
	httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: "POST /documents/{id}/" + last, Verb: Issue, Summary: summary},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[B], rev int64) (*httpapi.Reply[stepped], error) {
			return steppedOn(do(ctx, tx, by, in.ID, rev, in.Body))
		})
}

func (a *API) registerApproval(k *httpapi.Kit) {
	step := func(id, last, summary string, verb access.Verb, do func(context.Context, *db.Tx, access.Scope, string, int64) (Document, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: "POST /documents/{id}/" + last, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[stepped], error) {
				return steppedOn(do(ctx, tx, by, in.ID, rev))
			})
	}
	step("submit-document", "submit", "Put a draft forward for approval", Edit, a.Submit)
	step("withdraw-document", "withdraw", "Take back what was put forward", Edit, a.Withdraw)
	step("approve-document", "approve", "Approve what another put forward", Issue, a.Approve)
	type because struct {
		Reason string `json:"reason" maxLength:"500"`
	}
	withReason(k, "send-back-document", "send-back", "Return what was put forward, with a reason",
		func(ctx context.Context, tx *db.Tx, by access.Scope, id string, rev int64, in because) (Document, error) {
			return a.SendBack(ctx, tx, by, id, rev, in.Reason)
		})
	type ending struct {
		How    string `json:"how" enum:"revoked,repealed" doc:"revoked: void from the beginning; repealed: void from today"`
		Reason string `json:"reason" maxLength:"500"`
	}
	withReason(k, "end-document", "end", "Revoke or repeal an issued document, with a reason; its number stays used",
		func(ctx context.Context, tx *db.Tx, by access.Scope, id string, rev int64, in ending) (Document, error) {
			return a.End(ctx, tx, by, id, rev, in.How, in.Reason)
		})
	type renewIn struct {
		httpapi.ActAt
		Body struct {
			Anew bool `json:"anew" doc:"begin again from the words of the template instead of keeping those written"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "renew-document", Route: "POST /documents/{id}/renew", Verb: Edit,
		Summary: "Take a draft over to the newest version of its template"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *renewIn, rev int64) (*httpapi.Reply[documentMade], error) {
			x, err := a.Renew(ctx, tx, by, in.ID, rev, in.Body.Anew)
			return &httpapi.Reply[documentMade]{ETag: tag(x.Rev), Body: documentMade{x.ID, x.Rev}}, err
		})
	type gone struct {
		Done bool `json:"done"`
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "discard-document", Route: "DELETE /documents/{id}", Verb: Edit,
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
	httpapi.Command(k, httpapi.Operation{ID: "comment-document", Route: "POST /documents/{id}/comments", Verb: Read,
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
	httpapi.Query(k, httpapi.Operation{ID: "document-changes", Route: "GET /documents/{id}/changes", Verb: Read,
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
	httpapi.List(k, httpapi.Operation{ID: "document-figures", Route: "GET /documents/{id}/figures", Verb: Read,
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
