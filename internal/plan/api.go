package plan

import (
	"context"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
)

// API serves plans.
type API struct {
	*Service
	Entries *ledger.Service // what tasks name as proof
}

type made struct {
	ID  string `json:"id"`
	Rev int64  `json:"rev"`
}

func tag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

func reply(id string, rev int64) *httpapi.Reply[made] {
	return &httpapi.Reply[made]{ETag: tag(rev), Body: made{id, rev}}
}

// Register adds the operations of plans.
func (a *API) Register(k *httpapi.Kit) {
	type viewIn struct {
		Unit int64 `query:"unit"`
		Year int   `query:"year" minimum:"2000" maximum:"2100"`
	}
	httpapi.One(k, httpapi.Operation{ID: "get-plan", Route: "GET /plan", Verb: Read,
		Summary: "The plan of a unit for a year: targets with their figures, tasks, matrix of duties"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *viewIn) (View, error) {
			if in.Year == 0 {
				in.Year, _, _ = period.Day(by.Today).YMD()
			}
			return a.view(ctx, q, by, in.Unit, in.Year)
		})
	httpapi.List(k, httpapi.Operation{ID: "open-tasks", Route: "GET /tasks/open", Verb: Report,
		Summary: "Open tasks of my units, the nearest deadline first"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]TaskView, error) {
			o, err := a.Orgs.Current(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			list, err := OpenOf(ctx, q, by, 50)
			if err != nil {
				return nil, err
			}
			out := make([]TaskView, len(list))
			for i, t := range list {
				if out[i], err = a.task(ctx, q, by, o, t); err != nil {
					return nil, err
				}
			}
			return out, nil
		})
	type peopleIn struct {
		Unit int64 `query:"unit"`
	}
	httpapi.List(k, httpapi.Operation{ID: "task-people", Route: "GET /plan/people", Verb: Edit,
		Summary: "Who of a unit can be named for a task"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *peopleIn) (out []Person, err error) {
			if err := a.may(ctx, q, by, Edit, org.No(in.Unit)); err != nil {
				return nil, err
			}
			list, err := account.PeopleOf(ctx, q, by.District, org.No(in.Unit), period.Day(by.Today))
			for _, p := range list {
				out = append(out, Person{p.ID, p.Name})
			}
			return out, err
		})
	type startIn struct {
		httpapi.OperationID
		Body struct {
			Unit int64 `json:"unit"`
			Year int   `json:"year"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "start-plan", Route: "POST /plans", Verb: Edit, Summary: "Start the plan of a unit for a year"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *startIn) (*httpapi.Reply[made], error) {
			y, err := a.Start(ctx, tx, by, org.No(in.Body.Unit), in.Body.Year)
			return reply(y.ID, 1), err
		})
	type carried struct {
		Tasks int `json:"tasks"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "carry-plan", Route: "POST /plans/{id}/carry", Verb: Edit,
		Summary: "Take the open tasks over into the next year's plan"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[carried], error) {
			n, err := a.Carry(ctx, tx, by, in.ID)
			return &httpapi.Reply[carried]{Body: carried{n}}, err
		})
	a.registerTargets(k)
	a.registerTasks(k)
	a.registerDuties(k)
}

// TargetInput is what a person gives for a target.
type TargetInput struct {
	Unit   int64   `json:"unit"`
	Figure string  `json:"figure" maxLength:"80"`
	Value  int64   `json:"value" doc:"at the figure's own scale"`
	AtMost bool    `json:"at_most,omitempty"`
	Months []int64 `json:"months,omitempty" maxItems:"12" doc:"what it shall be at the end of each month"`
}

func (a *API) registerTargets(k *httpapi.Kit) {
	httpapi.Command(k, httpapi.Operation{ID: "add-target", Route: "POST /plans/{id}/targets", Verb: Edit,
		Summary: "Bind a figure to a target"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenOn[TargetInput]) (*httpapi.Reply[made], error) {
			t, err := a.SetTarget(ctx, tx, by, in.ID, 0, in.Body.target())
			return reply(t.ID, t.Rev), err
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "edit-target", Route: "PUT /targets/{id}", Verb: Edit, Summary: "Change a target"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[TargetInput], rev int64) (*httpapi.Reply[made], error) {
			_, y, err := targetByID(ctx, tx, by, in.ID)
			if err != nil {
				return nil, err
			}
			t := in.Body.target()
			t.ID = in.ID
			t, err = a.SetTarget(ctx, tx, by, y.ID, rev, t)
			return reply(t.ID, t.Rev), err
		})
	httpapi.Command(k, httpapi.Operation{ID: "drop-target", Route: "DELETE /targets/{id}", Verb: Edit,
		Summary: "Take a target out of its plan"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[made], error) {
			return reply(in.ID, 0), a.DropTarget(ctx, tx, by, in.ID)
		})
}

func (in TargetInput) target() Target {
	return Target{Unit: org.No(in.Unit), Figure: in.Figure, Value: in.Value, AtMost: in.AtMost, Months: in.Months}
}

func (a *API) registerDuties(k *httpapi.Kit) {
	type body struct {
		Title string            `json:"title" maxLength:"120"`
		Roles map[string]string `json:"roles"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-duty", Route: "POST /plans/{id}/duties", Verb: Edit,
		Summary: "Add a row to the matrix of duties"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenOn[body]) (*httpapi.Reply[made], error) {
			d, err := a.SetDuty(ctx, tx, by, in.ID, 0, Duty{Title: in.Body.Title, Roles: in.Body.Roles})
			return reply(d.ID, d.Rev), err
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "edit-duty", Route: "PUT /duties/{id}", Verb: Edit,
		Summary: "Say who leads a duty and who joins in"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[body], rev int64) (*httpapi.Reply[made], error) {
			d, y, err := dutyByID(ctx, tx, by, in.ID)
			if err != nil {
				return nil, err
			}
			d, err = a.SetDuty(ctx, tx, by, y.ID, rev, Duty{ID: d.ID, Title: in.Body.Title, Roles: in.Body.Roles})
			return reply(d.ID, d.Rev), err
		})
	httpapi.Command(k, httpapi.Operation{ID: "drop-duty", Route: "DELETE /duties/{id}", Verb: Edit,
		Summary: "Take a row out of the matrix of duties"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[made], error) {
			return reply(in.ID, 0), a.DropDuty(ctx, tx, by, in.ID)
		})
}
