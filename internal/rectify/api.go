package rectify

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

func etag(rev int64) string { return fmt.Sprintf("%q", fmt.Sprint(rev)) }

type listIn struct {
	Unit  int64  `query:"unit"`
	State string `query:"state" enum:"open,draft,sent,fixing,returned,replied,asked,objected,closed,revoked,transferred"`
	Age   string `query:"age" enum:"in,today,d3,d10,more"`
	Mine  bool   `query:"mine"`
	Place string `query:"place" maxLength:"80"`
	Lead  bool   `query:"lead" doc:"those alone that no inspection found"`
	Party int64  `query:"party"`
	Q     string `query:"q" maxLength:"80"`
	Page  int    `query:"page" minimum:"1" default:"1"`
	Size  int    `query:"size" minimum:"1" maximum:"500" default:"50"`
}

// ListBody is a page of cases, with what is open by state and age of the deadline.
type ListBody struct {
	Total  int64  `json:"total"`
	Rows   []Row  `json:"rows"`
	Page   int    `json:"page"`
	Size   int    `json:"size"`
	Matrix []Cell `json:"matrix"`
	Now    int64  `json:"now"`
}

// StepBody is what is said with a step.
type StepBody struct {
	Op         string   `json:"op"`
	Words      string   `json:"words,omitempty" maxLength:"500"`
	Photos     []string `json:"photos,omitempty" maxItems:"9"`
	Fixes      []string `json:"fixes,omitempty" maxItems:"20"`
	Instrument string   `json:"instrument,omitempty" maxLength:"40"`
	Party      int64    `json:"party,omitempty"`
	Result     *Result  `json:"result,omitempty" doc:"what came back from enforcement"`
	Day        string   `json:"day,omitempty" maxLength:"10" doc:"the day asked for, or the last day where the holidays of that year are not published"`
}

func (b StepBody) step() (Step, error) {
	st := Step{Op: b.Op, Words: strings.TrimSpace(b.Words), Photos: b.Photos, Fixes: b.Fixes, Instrument: b.Instrument, Party: org.No(b.Party),
		Result: b.Result}
	if b.Day != "" {
		d, err := period.ParseDay(b.Day)
		if err != nil {
			return st, ErrInvalid.At(problem.Field{Pointer: "/day", Code: "value.date"})
		}
		st.Day = d
	}
	return st, nil
}

// Register adds the operations of cases.
func (s *Service) Register(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "list-cases", Route: "GET /cases", Verb: Read, Summary: "Cases of rectification inside one's reach"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *listIn) (out ListBody, err error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return out, err
			}
			f, err := in.filter(w, by)
			if err != nil {
				return out, err
			}
			now := w.Now.UnixMilli()
			out = ListBody{Rows: []Row{}, Page: in.Page, Size: in.Size, Matrix: []Cell{}, Now: now}
			cells, err := Matrix(ctx, q, by, f, now)
			if err != nil {
				return out, err
			}
			out.Matrix = append(out.Matrix, cells...)
			f.counted(cells)
			list, n, err := List(ctx, q, by, f, now)
			out.Total = n
			for _, c := range list {
				out.Rows = append(out.Rows, s.row(w, c))
			}
			return out, err
		})
	httpapi.List(k, httpapi.Operation{ID: "case-board", Route: "GET /case-board", Verb: Read,
		Summary: "Open cases by state, in each those that wait longest"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *listIn) ([]BoardColumn, error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			f, err := in.filter(w, by)
			if err != nil {
				return nil, err
			}
			return s.Board(ctx, q, by, w, f)
		})
	type oneOut struct {
		ETag string `header:"ETag"`
		Body View
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-case", Route: "GET /cases/{id}", Verb: Read, Summary: "A case with its history and what may be done"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*oneOut, error) {
			out := &oneOut{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Page(ctx, q, by, in.ID)
				out.ETag = etag(out.Body.Rev)
				return err
			})
		})
	type choices struct {
		Instruments []InstrumentView `json:"instruments"`
		Laws        []LawChoice      `json:"laws"`
	}
	httpapi.One(k, httpapi.Operation{ID: "case-choices", Route: "GET /case-choices", Verb: Read, Reference: true,
		Summary: "Instruments and duties of the law to choose from"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) (out choices, err error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return out, err
			}
			return choices{instrumentsView(w.Set, 0), lawChoices(w.Set)}, nil
		})
	s.registerSteps(k)
	s.registerLooks(k)
}

// LawChoice is a duty of the law to choose from.
type LawChoice struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

// LeadBody is a problem that no inspection found: a complaint, a lead, a letter of another body.
type LeadBody struct {
	Unit       int64    `json:"unit" doc:"where it is"`
	Title      string   `json:"title" maxLength:"80"`
	Words      string   `json:"words,omitempty" maxLength:"500"`
	Photos     []string `json:"photos,omitempty" maxItems:"9"`
	Severity   string   `json:"severity" enum:"minor,major"`
	Origin     string   `json:"origin,omitempty" enum:"resident,body,media,other" doc:"from whom the lead came"`
	Instrument string   `json:"instrument" maxLength:"40"`
	Party      int64    `json:"party,omitempty" doc:"who answers for it; the firm, the committee or the community by rule"`
	Basis      []string `json:"basis,omitempty" maxItems:"5"`
}

func (s *Service) registerSteps(k *httpapi.Kit) {
	reply := func(ctx context.Context, tx *db.Tx, by access.Scope, c Case, status int, err error) (*httpapi.Reply[View], error) {
		if err != nil {
			return nil, err
		}
		v, err := s.Page(ctx, tx, by, c.ID)
		return &httpapi.Reply[View]{Status: status, ETag: etag(v.Rev), Body: v}, err
	}
	httpapi.Command(k, httpapi.Operation{ID: "open-case", Route: "POST /cases", Verb: Issue, Summary: "Open a case for a problem that no inspection found"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[LeadBody]) (*httpapi.Reply[View], error) {
			c, err := s.Lead(ctx, tx, by, in.Body)
			return reply(ctx, tx, by, c, http.StatusCreated, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "draft-notice", Route: "POST /cases/{id}/notice", Verb: Issue,
		Summary: "Write the official notice of a case, which is issued with it"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[View], error) {
			c, err := s.DraftNotice(ctx, tx, by, in.ID, rev)
			return reply(ctx, tx, by, c, 0, err)
		})
	for _, o := range []struct {
		id, path, summary string
		verb              access.Verb
	}{
		{"issue-case", "issue", "Put a case to the party that answers for it, by an instrument; escalate it; address it to another party", Issue},
		{"reply-case", "reply", "Sign for a case, reply, ask for more time, object: the party", Reply},
		{"recheck-case", "recheck", "Recheck a case: it passes and is closed, or is returned", Recheck},
		{"decide-case", "decide", "Answer a request for time or an objection", Decide},
		{"transfer-case", "transfer", "Hand a case over to enforcement, note the result, take it back", Transfer},
		{"reopen-case", "reopen", "Open a closed case again", Reopen},
		{"revoke-case", "revoke", "Revoke a case with a reason", Revoke},
	} {
		httpapi.CommandAt(k, httpapi.Operation{ID: o.id, Route: "POST /cases/{id}/" + o.path, Verb: o.verb, Summary: o.summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[StepBody], rev int64) (*httpapi.Reply[View], error) {
				st, err := in.Body.step()
				if err == nil && rights[st.Op] != o.verb {
					err = ErrInvalid.At(problem.Field{Pointer: "/op", Code: "value.choice"})
				}
				if err != nil {
					return nil, err
				}
				c, err := s.Act(ctx, tx, by, in.ID, rev, st)
				return reply(ctx, tx, by, c, 0, err)
			})
	}
}
