package ledger

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

func (a *API) registerEntries(k *httpapi.Kit) {
	type entryOut struct {
		ETag string `header:"ETag"`
		Body View
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-entry", Route: "GET /entries/{id}", Verb: Read,
		Summary: "A record with history, evidence and where it counts"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*entryOut, error) {
			out := &entryOut{}
			err := a.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = a.page(ctx, q, by, in.ID)
				return err
			})
			out.ETag = tag(out.Body.Rev)
			return out, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "create-entry", Route: "POST /entries", Verb: Enter, Summary: "Enter a record"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[entryBody]) (*httpapi.Reply[View], error) {
			e, err := a.Create(ctx, tx, by, Input{ID: in.Body.ID, Kind: in.Body.Kind, Unit: org.No(in.Body.Unit), Values: in.Body.Values, Spent: in.Body.Spent})
			if err == nil && in.Body.Submit {
				e, err = a.Submit(ctx, tx, by, e.ID)
			}
			if err != nil {
				return nil, err
			}
			return a.reply(ctx, tx, by, e, http.StatusCreated)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "edit-entry", Route: "PUT /entries/{id}", Verb: Enter,
		Summary: "Make a new revision of a record"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[entryBody], rev int64) (*httpapi.Reply[View], error) {
			e, err := a.Edit(ctx, tx, by, in.ID, rev, Input{Unit: org.No(in.Body.Unit), Values: in.Body.Values, Reason: in.Body.Reason, Spent: in.Body.Spent})
			if err == nil && in.Body.Submit && e.State != Verified {
				e, err = a.Submit(ctx, tx, by, e.ID)
			}
			if err != nil {
				return nil, a.stale(ctx, tx, by, in.ID, err)
			}
			return a.reply(ctx, tx, by, e, http.StatusOK)
		})
	type deleted struct {
		Deleted bool `json:"deleted"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "delete-entry", Route: "DELETE /entries/{id}", Verb: Enter, Summary: "Delete one's own draft"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[deleted], error) {
			return &httpapi.Reply[deleted]{Body: deleted{true}}, a.Delete(ctx, tx, by, in.ID)
		})
	type checkIn struct{ Body entryBody }
	type checkOut struct {
		Body struct {
			Errors []httpapi.ProblemField `json:"errors"`
			Hints  []i18n.Label           `json:"hints"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "check-entry", Route: "POST /entries/check", Verb: Enter,
		Summary: "Check values without keeping them"},
		func(ctx context.Context, by access.Scope, in *checkIn) (*checkOut, error) {
			w, err := a.work(ctx, a.DB.Read, by)
			if err != nil {
				return nil, err
			}
			of, err := kind.Of(w.Set, in.Body.Kind)
			if err != nil {
				return nil, err
			}
			v, faults, err := a.judge(ctx, a.DB.Read, by, w, of, Input{Kind: in.Body.Kind, Unit: org.No(in.Body.Unit), Values: in.Body.Values}, in.Body.ID)
			out := &checkOut{}
			out.Body.Errors, out.Body.Hints = []httpapi.ProblemField{}, []i18n.Label{}
			lang := httpapi.CallerOf(ctx).Lang
			for _, f := range faults {
				out.Body.Errors = append(out.Body.Errors, httpapi.ProblemField{Pointer: f.Pointer, Code: f.Code, Detail: i18n.Sentence(f.Code, f.Args, lang)})
			}
			hints, refusals := of.Evaluate(v)
			out.Body.Hints = append(append(out.Body.Hints, hints...), refusals...)
			if err != nil || v == nil {
				return out, err
			}
			e := Entry{ID: in.Body.ID, Kind: of.Key, Unit: org.No(in.Body.Unit), Values: v}
			e.From, e.Until = of.Days(v)
			warnings, err := a.warnings(ctx, a.DB.Read, by, w, []asked{{e, of}})
			if err == nil {
				out.Body.Hints = append(out.Body.Hints, warnings[0]...)
			}
			return out, err
		})
	httpapi.Query(k, httpapi.Operation{ID: "entry-impact", Route: "GET /entries/{id}/impact", Verb: Verify,
		Summary: "What verification would change"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*httpapi.Listed[Impact], error) {
			out := &httpapi.Listed[Impact]{}
			var err error
			out.Body.Items, err = a.ImpactOf(ctx, by, httpapi.CallerOf(ctx).Lang, in.ID)
			return out, err
		})
}

// registerActs adds what is done with an entry as it was seen.
func (a *API) registerActs(k *httpapi.Kit) {
	type reasonIn struct {
		httpapi.ActAt
		Body struct {
			Reason string `json:"reason" maxLength:"500"`
		}
	}
	act := func(id, path string, verb access.Verb, summary string, matched bool, do func(context.Context, *db.Tx, access.Scope, string, int64) (Entry, error)) {
		httpapi.Command(k, httpapi.Operation{ID: id, Route: "POST /entries/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt) (*httpapi.Reply[View], error) {
				var rev int64
				if matched {
					var err error
					if rev, err = in.Rev(); err != nil {
						return nil, err
					}
				}
				e, err := do(ctx, tx, by, in.ID, rev)
				if err != nil {
					return nil, a.stale(ctx, tx, by, in.ID, err)
				}
				return a.reply(ctx, tx, by, e, http.StatusOK)
			})
	}
	act("submit-entry", "submit", Enter, "Hand a draft in", false, func(ctx context.Context, tx *db.Tx, by access.Scope, id string, _ int64) (Entry, error) {
		return a.Submit(ctx, tx, by, id)
	})
	act("withdraw-entry", "withdraw", Enter, "Take a submission back", false,
		func(ctx context.Context, tx *db.Tx, by access.Scope, id string, _ int64) (Entry, error) {
			return a.Withdraw(ctx, tx, by, id)
		})
	act("verify-entry", "verify", Verify, "Pass a submission", true, a.Verify)
	reasoned := func(id, path string, verb access.Verb, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64, string) (Entry, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: "POST /entries/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *reasonIn, rev int64) (*httpapi.Reply[View], error) {
				e, err := do(ctx, tx, by, in.ID, rev, in.Body.Reason)
				if err != nil {
					return nil, a.stale(ctx, tx, by, in.ID, err)
				}
				return a.reply(ctx, tx, by, e, http.StatusOK)
			})
	}
	reasoned("return-entry", "return", Verify, "Give a submission back with a reason", a.Return)
	reasoned("void-entry", "void", Voids, "Take a record out for good, with a reason", a.Void)
	type succeedIn struct {
		httpapi.ActAt
		Body struct {
			From   string         `json:"from"`
			Values map[string]any `json:"values"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "succeed-entry", Route: "POST /entries/{id}/succeed", Verb: Enter,
		Summary: "Change a lasting thing from a day"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *succeedIn, rev int64) (*httpapi.Reply[View], error) {
			from, err := period.ParseDay(in.Body.From)
			if err != nil {
				return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/from", Code: "value.date"})
			}
			e, err := a.Succeed(ctx, tx, by, in.ID, rev, from, in.Body.Values)
			if err != nil {
				return nil, a.stale(ctx, tx, by, in.ID, err)
			}
			return a.reply(ctx, tx, by, e, http.StatusCreated)
		})
}
