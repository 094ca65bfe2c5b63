package dispatch

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
)

// TaskBody is what a decision asks of whom until when.
type TaskBody struct {
	Words      string `json:"words" maxLength:"1000"`
	Unit       int64  `json:"unit,omitempty" doc:"that has to do it"`
	Person     string `json:"person,omitempty" maxLength:"40" doc:"who answers for it by name"`
	Deadline   string `json:"deadline,omitempty" maxLength:"10"`
	ProofAsked bool   `json:"proof_asked,omitempty" doc:"a report needs a file"`
	Reason     string `json:"reason,omitempty" maxLength:"400" doc:"why its deadline moves on"`
}

func (b TaskBody) task() (Task, error) {
	t := Task{Words: b.Words, Unit: org.No(b.Unit), Person: b.Person, ProofAsked: b.ProofAsked, Reason: b.Reason}
	var err error
	if b.Deadline != "" { // none is told with everything else that is missing
		t.Deadline, err = dayAt("/deadline", b.Deadline)
	}
	return t, err
}

// CarryBody is a decision as a later meeting takes it up.
type CarryBody struct {
	TaskBody
	Meeting string `json:"meeting" maxLength:"40"`
}

// ReportBody is what a unit says of a decision it carried out.
type ReportBody struct {
	Words string   `json:"words" maxLength:"1000"`
	Proof []string `json:"proof,omitempty" maxItems:"9" doc:"files by SHA-256"`
}

type decisionsIn struct {
	Unit    int64  `query:"unit"`
	State   string `query:"state" enum:"running,late,open,reported,done,carried,dropped"`
	Meeting string `query:"meeting" maxLength:"40"`
	Mine    bool   `query:"mine"`
	Q       string `query:"q" maxLength:"80"`
	Page    int    `query:"page" minimum:"1" default:"1"`
	Size    int    `query:"size" minimum:"1" maximum:"200" default:"50"`
}

// DecisionsBody is a page of decisions, with how many there are in each state and how many are late.
type DecisionsBody struct {
	Total  int64            `json:"total"`
	Rows   []DecisionView   `json:"rows"`
	Page   int              `json:"page"`
	Size   int              `json:"size"`
	Counts map[string]int64 `json:"counts"`
}

func (s *Service) registerDecisions(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "list-decisions", Route: "GET /decisions", Verb: Read, Summary: "Decisions of meetings inside one's reach"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *decisionsIn) (out DecisionsBody, err error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return out, err
			}
			at, err := unitIn(w, by, in.Unit)
			if err != nil {
				return out, err
			}
			f := Wanted{Unit: at, State: in.State, Meeting: in.Meeting, Mine: in.Mine, Query: in.Q, Limit: in.Size, Offset: (in.Page - 1) * in.Size}
			out = DecisionsBody{Page: in.Page, Size: in.Size}
			list, n, err := Decisions(ctx, q, by, f)
			if err != nil {
				return out, err
			}
			out.Total = n
			if out.Rows, err = s.views(ctx, q, by, w, list); err != nil {
				return out, err
			}
			out.Counts, err = CountDecisions(ctx, q, by, f)
			return out, err
		})
	type oneOut struct {
		ETag string `header:"ETag"`
		Body DecisionPage
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-decision", Route: "GET /decisions/{id}", Verb: Read, Summary: "A decision with its history"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*oneOut, error) {
			out := &oneOut{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Decision(ctx, q, by, in.ID)
				out.ETag = etag(out.Body.Rev)
				return err
			})
		})
	httpapi.One(k, httpapi.Operation{ID: "decision-people", Route: "GET /decision-people", Verb: Edit, Summary: "Persons who may be named for a decision"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *struct {
			Unit int64 `query:"unit"`
		}) (out httpapi.Items[PersonView], err error) {
			out.Items, err = s.people(ctx, q, by, org.No(in.Unit))
			return out, err
		})
	reply := func(ctx context.Context, tx *db.Tx, by access.Scope, d Decision, status int, err error) (*httpapi.Reply[DecisionPage], error) {
		if err != nil {
			return nil, err
		}
		v, err := s.Decision(ctx, tx, by, d.ID)
		return &httpapi.Reply[DecisionPage]{Status: status, ETag: etag(v.Rev), Body: v}, err
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-decision", Route: "POST /meetings/{id}/decisions", Verb: Edit, Summary: "Write down what a meeting decided"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *struct {
			httpapi.ActOn
			Body TaskBody
		}) (*httpapi.Reply[DecisionPage], error) {
			t, err := in.Body.task()
			if err != nil {
				return nil, err
			}
			d, err := s.Decide(ctx, tx, by, in.ID, t)
			return reply(ctx, tx, by, d, http.StatusCreated, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "amend-decision", Route: "PUT /decisions/{id}", Verb: Edit, Summary: "Change what an open decision asks"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[TaskBody], rev int64) (*httpapi.Reply[DecisionPage], error) {
			t, err := in.Body.task()
			if err != nil {
				return nil, err
			}
			d, err := s.Amend(ctx, tx, by, in.ID, rev, t)
			return reply(ctx, tx, by, d, 0, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "report-decision", Route: "POST /decisions/{id}/report", Verb: plan.Report,
		Summary: "Say that a decision is carried out: its unit"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[ReportBody], rev int64) (*httpapi.Reply[DecisionPage], error) {
			d, err := s.Report(ctx, tx, by, in.ID, rev, in.Body.Words, in.Body.Proof)
			return reply(ctx, tx, by, d, 0, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "accept-decision", Route: "POST /decisions/{id}/accept", Verb: Edit, Summary: "Accept that a decision is done"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[DecisionPage], error) {
			d, err := s.Accept(ctx, tx, by, in.ID, rev)
			return reply(ctx, tx, by, d, 0, err)
		})
	because := func(id, path, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64, string) (Decision, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: "POST /decisions/{id}/" + path, Verb: Edit, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[ReasonBody], rev int64) (*httpapi.Reply[DecisionPage], error) {
				d, err := do(ctx, tx, by, in.ID, rev, in.Body.Reason)
				return reply(ctx, tx, by, d, 0, err)
			})
	}
	because("return-decision", "return", "Give a reported decision back with what is missing", s.Return)
	because("drop-decision", "drop", "Take back a decision with a reason", s.Drop)
	because("reopen-decision", "reopen", "Open a settled decision again with a reason", s.Reopen)
	httpapi.CommandAt(k, httpapi.Operation{ID: "carry-decision", Route: "POST /decisions/{id}/carry", Verb: Edit,
		Summary: "Let a later meeting give a decision another deadline"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[CarryBody], rev int64) (*httpapi.Reply[DecisionPage], error) {
			t, err := in.Body.task()
			if err != nil {
				return nil, err
			}
			d, err := s.Carry(ctx, tx, by, in.ID, rev, in.Body.Meeting, t)
			return reply(ctx, tx, by, d, http.StatusCreated, err)
		})
}

// DecisionPage is a decision with what happened to it.
type DecisionPage struct {
	DecisionView
	Events []EventView `json:"events"`
	Today  string      `json:"today"`
}

// Decision reads a decision with what happened to it.
func (s *Service) Decision(ctx context.Context, q db.Querier, by access.Scope, id string) (DecisionPage, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return DecisionPage{}, err
	}
	d, err := decisionByID(ctx, q, by, id)
	if err != nil {
		return DecisionPage{}, err
	}
	list, err := s.views(ctx, q, by, w, []Decision{d})
	if err != nil {
		return DecisionPage{}, err
	}
	out := DecisionPage{DecisionView: list[0], Today: period.Day(by.Today).String()}
	out.Events, err = s.eventsOf(ctx, q, by.District, d.ID)
	return out, err
}
