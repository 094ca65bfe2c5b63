package assess

import (
	"context"
	"fmt"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// ComputeBody names a sheet and the month with which the period begins.
type ComputeBody struct {
	Sheet string `json:"sheet" maxLength:"80"`
	From  string `json:"from" maxLength:"10" doc:"first day of the period: 2020-11-01"`
}

// EnterBody is a value that a person enters into a draft.
type EnterBody struct {
	Unit   int64  `json:"unit"`
	Visit  string `json:"visit,omitempty" maxLength:"40" doc:"of a finding that a revision corrects"`
	Name   string `json:"name" maxLength:"80" doc:"an item that is judged, an input, or a finding of the visit"`
	Value  string `json:"value" maxLength:"40" doc:"a number as written: 4.5, 90%, 10/12"`
	Reason string `json:"reason" maxLength:"500"`
}

// ReasonBody is why something is done.
type ReasonBody struct {
	Reason string `json:"reason" maxLength:"500"`
}

type unitIn struct {
	ID   string `path:"id"`
	Unit int64  `path:"unit"`
}

// Register adds the operations of scores.
func (s *Service) Register(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "list-scores", Route: "GET /scores", Verb: Read, Summary: "Score sheets and their runs"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) (ListBody, error) {
			return s.List(ctx, q, by)
		})
	httpapi.Query(k, httpapi.Operation{ID: "get-scores", Route: "GET /scores/{id}", Verb: Read, Summary: "A run with its rank tables, inside one's reach"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*runOut, error) {
			out := &runOut{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Page(ctx, q, by, in.ID)
				out.ETag = etag(out.Body.Attempt)
				return err
			})
		})
	httpapi.One(k, httpapi.Operation{ID: "explain-score", Route: "GET /scores/{id}/units/{unit}", Verb: Read,
		Summary: "The score of a unit, item by item, with its arithmetic and what it came from"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *unitIn) (UnitView, error) {
			return s.Unit(ctx, q, by, in.ID, org.No(in.Unit))
		})
	httpapi.Prepared(k, httpapi.Operation{ID: "compute-scores", Route: "POST /scores", Verb: Enter,
		Summary: "Compute the draft of a sheet's period, or compute it anew from the records of now"},
		func(ctx context.Context, by access.Scope, in *httpapi.Given[ComputeBody]) (*computed, error) {
			from, err := period.ParseDay(in.Body.From)
			if err != nil {
				return nil, ErrPeriod.At(problem.Field{Pointer: "/from", Code: "assess.period"})
			}
			return s.ahead(ctx, by, in.Body.Sheet, from)
		},
		func(ctx context.Context, tx *db.Tx, by access.Scope, _ *httpapi.Given[ComputeBody], c *computed) (*httpapi.Reply[RunView], error) {
			r, err := s.keep(ctx, tx, by, c)
			return s.reply(ctx, tx, by, r, http.StatusCreated, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "enter-score", Route: "POST /scores/{id}/values", Verb: Enter,
		Summary: "Enter a judgement, a value that no record holds, or a correction into a draft"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[EnterBody], rev int64) (*httpapi.Reply[RunView], error) {
			r, err := s.Enter(ctx, tx, by, in.ID, rev, Entered{org.No(in.Body.Unit), in.Body.Visit, in.Body.Name, in.Body.Value, in.Body.Reason})
			return s.reply(ctx, tx, by, r, 0, err)
		})
	// alone: whoever still objects has done so, and is seen, before a run is settled or a correction of it checked
	for _, x := range []struct{ id, path, to, summary string }{
		{"check-scores", "check", Checked, "Approve a draft as computed rightly"},
		{"publish-scores", "publish", Public, "Publicise a checked run; units may object for the working days that the sheet names"},
		{"settle-scores", "settle", Final, "Make a publicised run final once its time for objections is over"},
	} {
		httpapi.CommandAt(k, httpapi.Operation{ID: x.id, Route: "POST /scores/{id}/" + x.path, Verb: Approve, Alone: true, Summary: x.summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[RunView], error) {
				r, err := s.Advance(ctx, tx, by, in.ID, rev, x.to)
				return s.reply(ctx, tx, by, r, 0, err)
			})
	}
	say := func(id, path string, verb access.Verb, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64, string) (Run, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: "POST /scores/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[ReasonBody], rev int64) (*httpapi.Reply[RunView], error) {
				r, err := do(ctx, tx, by, in.ID, rev, in.Body.Reason)
				return s.reply(ctx, tx, by, r, 0, err)
			})
	}
	s.registerObjections(k)
	say("return-scores", "return", Approve, "Send a checked run back to draft with a reason", s.Return)
	say("revise-scores", "revise", Enter, "Begin a correction of what is public or final: a revision beside it", s.Revise)
}

type runOut struct {
	ETag string `header:"ETag"`
	Body RunView
}

func etag(rev int64) string { return fmt.Sprintf("%q", fmt.Sprint(rev)) }

func (s *Service) reply(ctx context.Context, tx *db.Tx, by access.Scope, r Run, status int, err error) (*httpapi.Reply[RunView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Page(ctx, tx, by, r.ID)
	return &httpapi.Reply[RunView]{Status: status, ETag: etag(v.Attempt), Body: v}, err
}
