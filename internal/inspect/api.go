package inspect

import (
	"context"
	"fmt"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

func etag(rev int64) string { return fmt.Sprintf("%q", fmt.Sprint(rev)) }

type listIn struct {
	Unit      int64  `query:"unit"`
	Period    string `query:"period" maxLength:"21"`
	Place     string `query:"place" maxLength:"60"`
	Checklist string `query:"checklist" maxLength:"60"`
	Kind      string `query:"kind" maxLength:"20"`
	State     string `query:"state" maxLength:"20"`
	Q         string `query:"q" maxLength:"80"`
	Page      int    `query:"page" minimum:"1" default:"1"`
	Size      int    `query:"size" minimum:"1" maximum:"500" default:"50"`
}

// ListBody is a page of visits.
type ListBody struct {
	Total int64 `json:"total"`
	Rows  []Row `json:"rows"`
	Page  int   `json:"page"`
	Size  int   `json:"size"`
}

// within is the unit a list is about; outside one's reach it does not exist.
func within(w work, by access.Scope, unit int64) (org.No, error) {
	if unit == 0 {
		return w.Org.Root, nil
	}
	if _, ok := w.Org.Unit(org.No(unit)); !ok || !by.Can(Read, w.Org.Targets(org.No(unit), w.Day), true) {
		return 0, org.ErrUnit
	}
	return org.No(unit), nil
}

// Register adds the operations of inspections.
func (s *Service) Register(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "list-visits", Route: "GET /visits", Verb: Read, Summary: "Visits of inspectors inside one's reach"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *listIn) (out ListBody, err error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return out, err
			}
			n, err := within(w, by, in.Unit)
			if err != nil {
				return out, err
			}
			f := Filter{Unit: n, Place: in.Place, Checklist: in.Checklist, Kind: in.Kind, State: in.State, Query: in.Q, Limit: in.Size,
				Offset: (in.Page - 1) * in.Size}
			if in.Period != "" {
				p, err := period.Parse(in.Period)
				if err != nil {
					return out, httpapi.ErrInput.At(problem.Field{Pointer: "/period", Code: "value.malformed"})
				}
				f.From, f.Until = p.From, p.Until
			}
			list, total, err := List(ctx, q, by, f)
			out = ListBody{Total: total, Rows: []Row{}, Page: in.Page, Size: in.Size}
			names := map[string]string{}
			for _, v := range list {
				r, err := s.row(ctx, q, by, w, v, names)
				if err != nil {
					return out, err
				}
				out.Rows = append(out.Rows, r)
			}
			return out, err
		})
	type oneOut struct {
		ETag string `header:"ETag"`
		Body View
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-visit", Route: "GET /visits/{id}", Verb: Read, Summary: "A visit with its answers and what was wrong"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*oneOut, error) {
			out := &oneOut{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Page(ctx, q, by, in.ID)
				out.ETag = etag(out.Body.Rev)
				return err
			})
		})
	type spotsIn struct {
		Unit int64  `query:"unit"`
		Q    string `query:"q" maxLength:"80"`
		Size int    `query:"size" minimum:"1" maximum:"500" default:"60"`
	}
	httpapi.List(k, httpapi.Operation{ID: "list-inspect-places", Route: "GET /inspect-places", Verb: Read,
		Summary: "What can be inspected, longest not visited first"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *spotsIn) ([]SpotView, error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			n, err := within(w, by, in.Unit)
			if err != nil {
				return nil, err
			}
			return s.Spots(ctx, q, by, n, in.Q, in.Size)
		})
	type spotIn struct {
		Key string `query:"key" maxLength:"60" required:"true"`
	}
	httpapi.One(k, httpapi.Operation{ID: "get-inspect-place", Route: "GET /inspect-place", Verb: Read,
		Summary: "A place with its checklists, open problems and last visits"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *spotIn) (SpotPage, error) {
			return s.At(ctx, q, by, in.Key)
		})
	httpapi.List(k, httpapi.Operation{ID: "list-checklists", Route: "GET /checklists", Verb: Read, Reference: true, Summary: "The checklists of inspections"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]FormView, error) {
			set, err := s.Packs.Current(ctx, q, by.District)
			out := []FormView{}
			if err != nil {
				return out, err
			}
			for _, c := range pack.All[Checklist](set, "checklists") {
				out = append(out, FormOf(c))
			}
			return out, nil
		})
	reply := func(ctx context.Context, tx *db.Tx, by access.Scope, v Record, status int, err error) (*httpapi.Reply[View], error) {
		if err != nil {
			return nil, err
		}
		page, err := s.Page(ctx, tx, by, v.ID)
		return &httpapi.Reply[View]{Status: status, ETag: etag(page.Rev), Body: page}, err
	}
	httpapi.Command(k, httpapi.Operation{ID: "take-visit", Route: "POST /visits", Verb: Visit, Summary: "Hand in a visit by a checklist"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[Input]) (*httpapi.Reply[View], error) {
			v, err := s.Take(ctx, tx, by, in.Body)
			return reply(ctx, tx, by, v, http.StatusCreated, err)
		})
	type voidBody struct {
		Reason string `json:"reason" maxLength:"300"`
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "void-visit", Route: "POST /visits/{id}/void", Verb: Void, Summary: "Take a visit back with a reason"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[voidBody], rev int64) (*httpapi.Reply[View], error) {
			v, err := s.Void(ctx, tx, by, in.ID, rev, in.Body.Reason)
			return reply(ctx, tx, by, v, 0, err)
		})
}
