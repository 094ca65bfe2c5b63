package checklist

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/module"
	"sifen/internal/outbox"
)

// Module is what the writing of checklists gives to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:     "checklist",
		Verbs:    []module.Verb{{Verb: Edit, Title: i18n.Label{Zh: "改检查表", En: "Edit checklists"}}},
		News:     []outbox.News{Changed{}},
		Register: s.Register,
	}
}

func etag(rev int64) string { return fmt.Sprintf("%q", fmt.Sprint(rev)) }

type draft struct {
	Checklist inspect.Checklist `json:"checklist"`
}

type dated struct {
	From      string            `json:"from" maxLength:"10" doc:"the first day on which it holds: today or later"`
	Checklist inspect.Checklist `json:"checklist"`
}

// assigned reads what a person said of columns: 0:section,2:item.
func assigned(text string) (map[int]Role, error) {
	out := map[int]Role{}
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		at, role, ok := strings.Cut(part, ":")
		n, err := strconv.Atoi(at)
		if !ok || err != nil || n < 0 || n >= mostColumns || role != "" && titleOf(Role(role)).IsZero() {
			return nil, httpapi.ErrInput.At(malformed)
		}
		out[n] = Role(role)
	}
	return out, nil
}

// Register adds the operations.
func (s *Service) Register(k *httpapi.Kit) {
	s.registerReading(k)
	reply := func(ctx context.Context, tx *db.Tx, by access.Scope, key string, status int, err error) (*httpapi.Reply[View], error) {
		if err != nil {
			return nil, err
		}
		page, err := s.Page(ctx, tx, by, key, 0)
		return &httpapi.Reply[View]{Status: status, ETag: etag(page.Newest), Body: page}, err
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-checklist", Route: "POST /checklist-rules", Verb: Edit, Summary: "A checklist of the district's own"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[dated]) (*httpapi.Reply[View], error) {
			key, err := s.Save(ctx, tx, by, "", 0, in.Body.Checklist, in.Body.From)
			return reply(ctx, tx, by, key, http.StatusCreated, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "set-checklist", Route: "PUT /checklist-rules/{id}", Verb: Edit,
		Summary: "A new version of a checklist from a day; visits keep theirs"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[dated], rev int64) (*httpapi.Reply[View], error) {
			key, err := s.Save(ctx, tx, by, in.ID, rev, in.Body.Checklist, in.Body.From)
			return reply(ctx, tx, by, key, 0, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "take-back-checklist", Route: "POST /checklist-rules/{id}/take-back", Verb: Edit,
		Summary: "Drop the newest version of a checklist before its day"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[TakenBack], error) {
			left, err := s.TakeBack(ctx, tx, by, in.ID, rev)
			return &httpapi.Reply[TakenBack]{Body: TakenBack{left}}, err
		})
}

func (s *Service) registerReading(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "list-checklist-rules", Route: "GET /checklist-rules", Verb: inspect.Read,
		Summary: "The checklists of the district with their versions' days"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) (ListBody, error) {
			return s.List(ctx, q, by)
		})
	type oneIn struct {
		httpapi.ByID
		Version int64 `query:"version" minimum:"0" doc:"0 is the newest"`
	}
	type oneOut struct {
		ETag string `header:"ETag"`
		Body View
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-checklist-rule", Route: "GET /checklist-rules/{id}", Verb: inspect.Read,
		Summary: "A checklist in one of its versions"},
		func(ctx context.Context, by access.Scope, in *oneIn) (*oneOut, error) {
			out := &oneOut{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Page(ctx, q, by, in.ID, in.Version)
				out.ETag = etag(out.Body.Newest)
				return err
			})
		})
	httpapi.Query(k, httpapi.Operation{ID: "checklist-sheet", Route: "GET /checklist-rules/{id}/sheet", Verb: inspect.Read,
		Summary: "A checklist as a form in Excel that reads back as the same"},
		func(ctx context.Context, by access.Scope, in *oneIn) (*huma.StreamResponse, error) {
			var b bytes.Buffer
			lang := httpapi.CallerOf(ctx).Lang
			name := ""
			err := s.DB.Snapshot(ctx, func(q db.Querier) error {
				page, err := s.Page(ctx, q, by, in.ID, in.Version)
				if err != nil {
					return err
				}
				set, err := s.Packs.Current(ctx, q, by.District)
				if err != nil {
					return err
				}
				name = page.Checklist.Title.In(lang)
				return write(&b, set, &page.Checklist.Checklist, lang)
			})
			if err != nil {
				return nil, err
			}
			return httpapi.Download(b.Bytes(), httpapi.XLSX, name+".xlsx"), nil
		})
	type checkIn struct {
		Key  string `query:"key" maxLength:"60" doc:"the checklist that it is a draft of; empty is a new one"`
		Body draft
	}
	httpapi.Write(k, httpapi.Operation{ID: "check-checklist", Route: "POST /checklist-rules/check", Verb: Edit,
		Summary: "What a draft would be refused for, and what it changes"},
		func(ctx context.Context, by access.Scope, in *checkIn) (*httpapi.Answer[Checked], error) {
			out := &httpapi.Answer[Checked]{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Check(ctx, q, by, in.Key, in.Body.Checklist)
				return err
			})
		})
	type readIn struct {
		Key     string `query:"key" maxLength:"60" doc:"the checklist that it is to be a new version of; empty is a new one"`
		Columns string `query:"columns" maxLength:"1200" doc:"what columns hold, where their titles do not tell: 0:section,2:item"`
		HeadRow int    `query:"head_row" minimum:"0" maximum:"1000" doc:"of the titles; 0 looks for it"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	httpapi.Write(k, httpapi.Operation{ID: "read-checklist", Route: "POST /checklist-rules/read", Verb: Edit, MaxBody: mostBytes,
		Summary: "Read a form in Excel as a draft, with everything that is not understood"},
		func(ctx context.Context, by access.Scope, in *readIn) (*httpapi.Answer[Read], error) {
			columns, err := assigned(in.Columns)
			if err != nil {
				return nil, err
			}
			out := &httpapi.Answer[Read]{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Upload(ctx, q, by, in.Key, columns, in.HeadRow, slices.Clone(in.RawBody))
				return err
			})
		})
}
