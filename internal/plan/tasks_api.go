package plan

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// TaskInput is what a person gives for a task.
type TaskInput struct {
	Unit     int64  `json:"unit"`
	Title    string `json:"title" maxLength:"200"`
	Duty     string `json:"duty,omitempty" maxLength:"60"`
	Person   string `json:"person,omitempty" maxLength:"60"`
	Deadline string `json:"deadline"`
}

func (a *API) registerTasks(k *httpapi.Kit) {
	httpapi.Command(k, httpapi.Operation{ID: "add-task", Route: "POST /plans/{id}/tasks", Verb: Edit,
		Summary: "Give a unit a task with a deadline"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenOn[TaskInput]) (*httpapi.Reply[made], error) {
			t, err := in.Body.task()
			if err != nil {
				return nil, err
			}
			t, err = a.SetTask(ctx, tx, by, in.ID, 0, t)
			return reply(t.ID, t.Rev), err
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "edit-task", Route: "PUT /tasks/{id}", Verb: Edit, Summary: "Change an open task"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[TaskInput], rev int64) (*httpapi.Reply[made], error) {
			was, err := taskByID(ctx, tx, by, in.ID)
			if err != nil {
				return nil, err
			}
			if err := a.may(ctx, tx, by, Edit, was.PlanUnit); err != nil {
				return nil, ErrForbidden // he sees the task, not the plan it stands in
			}
			t, err := in.Body.task()
			if err != nil {
				return nil, err
			}
			t.ID = in.ID
			t, err = a.SetTask(ctx, tx, by, was.Plan, rev, t)
			return reply(in.ID, t.Rev+1), err
		})
	type finishIn struct {
		httpapi.ActAt
		Body struct {
			Note    string   `json:"note,omitempty" maxLength:"1000"`
			Proof   []string `json:"proof,omitempty" maxItems:"9" doc:"files by SHA-256"`
			Entries []string `json:"entries,omitempty" maxItems:"20" doc:"records by number"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "finish-task", Route: "POST /tasks/{id}/finish", Verb: Report,
		Summary: "Say that a task is done, with its proof"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *finishIn, rev int64) (*httpapi.Reply[made], error) {
			t, err := a.Finish(ctx, tx, by, in.ID, rev, in.Body.Note, in.Body.Proof, in.Body.Entries)
			return reply(t.ID, t.Rev), err
		})
	type reasonIn struct {
		httpapi.ActAt
		Body struct {
			Reason string `json:"reason" maxLength:"500"`
		}
	}
	step := func(id, path, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64, string) (Task, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: "POST /tasks/{id}/" + path, Verb: Edit, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *reasonIn, rev int64) (*httpapi.Reply[made], error) {
				t, err := do(ctx, tx, by, in.ID, rev, in.Body.Reason)
				return reply(t.ID, t.Rev), err
			})
	}
	step("cancel-task", "cancel", "Take a task out of the plan with a reason", a.Cancel)
	step("reopen-task", "reopen", "Open a closed task again with a reason", a.Reopen)
}

func (in TaskInput) task() (Task, error) {
	day, err := period.ParseDay(in.Deadline)
	if err != nil {
		return Task{}, httpapi.ErrInput.At(problem.Field{Pointer: "/deadline", Code: "value.date"})
	}
	return Task{Unit: org.No(in.Unit), Title: in.Title, Duty: in.Duty, Person: in.Person, Deadline: day}, nil
}
