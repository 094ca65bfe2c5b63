package plan

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
)

// TargetInput is what a person gives for a target.
type TargetInput struct {
	Unit   int64   `json:"unit"`
	Figure string  `json:"figure" maxLength:"80"`
	Value  int64   `json:"value" doc:"at the figure's own scale"`
	AtMost bool    `json:"at_most,omitempty"`
	Months []int64 `json:"months,omitempty" maxItems:"12" doc:"what it shall be at the end of each month"`
}

func (a *API) registerTargets(k *httpapi.Kit) {
	type addIn struct {
		httpapi.ActOn
		Body TargetInput
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-target", Method: http.MethodPost, Path: "/plans/{id}/targets", Verb: Edit,
		Summary: "Bind a figure to a target"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[made], error) {
			t, err := a.SetTarget(ctx, tx, by, in.ID, 0, in.Body.target())
			return reply(t.ID, t.Rev), err
		})
	type editIn struct {
		httpapi.ActAt
		Body TargetInput
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "edit-target", Method: http.MethodPut, Path: "/targets/{id}", Verb: Edit, Summary: "Change a target"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *editIn, rev int64) (*httpapi.Reply[made], error) {
			_, y, err := targetByID(ctx, tx, by, in.ID)
			if err != nil {
				return nil, err
			}
			t := in.Body.target()
			t.ID = in.ID
			t, err = a.SetTarget(ctx, tx, by, y.ID, rev, t)
			return reply(t.ID, t.Rev), err
		})
	httpapi.Command(k, httpapi.Operation{ID: "drop-target", Method: http.MethodDelete, Path: "/targets/{id}", Verb: Edit,
		Summary: "Take a target out of its plan"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[made], error) {
			return reply(in.ID, 0), a.DropTarget(ctx, tx, by, in.ID)
		})
}

func (in TargetInput) target() Target {
	return Target{Unit: org.No(in.Unit), Figure: in.Figure, Value: in.Value, AtMost: in.AtMost, Months: in.Months}
}
