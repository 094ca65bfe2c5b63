package field

import (
	"context"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/inspect"
	"sifen/internal/rectify"
)

// Register adds what phones ask for and send.
func (s *Service) Register(k *httpapi.Kit) {
	type dayIn struct {
		Phone string `query:"phone" maxLength:"36" required:"true"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "field-day", Route: "GET /field/day", Verb: inspect.Visit, Summary: "What a phone should have with it today"},
		func(ctx context.Context, by access.Scope, in *dayIn) (*httpapi.Answer[DayView], error) {
			v, err := s.Day(ctx, by, in.Phone)
			return &httpapi.Answer[DayView]{Body: v}, err
		})
	type partIn struct {
		Name string `path:"name" maxLength:"40"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "field-part", Route: "GET /field/parts/{name}", Verb: inspect.Visit, Summary: "One part of what a phone carries",
		Answer: reflect.TypeFor[PartBody]()},
		func(ctx context.Context, by access.Scope, in *partIn) (*huma.StreamResponse, error) {
			var raw []byte
			err := s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				raw, err = s.part(ctx, q, by, in.Name)
				return err
			})
			if err != nil {
				return nil, err
			}
			return &huma.StreamResponse{Body: func(ctx huma.Context) {
				ctx.SetHeader("Content-Type", "application/json")
				_, _ = ctx.BodyWriter().Write(raw) // the client is gone if this fails
			}}, nil
		})
	httpapi.Command(k, httpapi.Operation{ID: "field-op", Route: "POST /field/ops", Verb: inspect.Visit + "|" + rectify.Reply,
		Summary: "Hand in one thing that was done on a phone; its key is the id of the operation"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[Op]) (*httpapi.Reply[Taken], error) {
			v, err := s.Take(ctx, tx, by, in.Key, in.Body)
			status := 200
			if v.State == Look {
				status = 202
			}
			return &httpapi.Reply[Taken]{Status: status, Body: v}, err
		})
	type photoIn struct {
		SHA string `path:"sha" maxLength:"64"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "field-photo", Route: "GET /field/photos/{sha}", Verb: inspect.Visit + "|" + rectify.Reply,
		Summary: "How much of one's photo has come"},
		func(ctx context.Context, by access.Scope, in *photoIn) (*httpapi.Answer[PhotoState], error) {
			v, err := s.Photo(ctx, by, in.SHA)
			return &httpapi.Answer[PhotoState]{Body: v}, err
		})
	type pieceIn struct {
		SHA     string `path:"sha" maxLength:"64"`
		Name    string `query:"name" maxLength:"200"`
		Size    int64  `query:"size" minimum:"1"`
		Offset  int64  `query:"offset" minimum:"0"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	httpapi.Write(k, httpapi.Operation{ID: "field-piece", Route: "PUT /field/photos/{sha}", Verb: inspect.Visit + "|" + rectify.Reply, MaxBody: Piece + 1024,
		Summary: "The next piece of a photo, from where the last one ended"},
		func(ctx context.Context, by access.Scope, in *pieceIn) (*httpapi.Answer[PhotoState], error) {
			v, err := s.Add(ctx, by, in.SHA, in.Name, in.Size, in.Offset, in.RawBody)
			return &httpapi.Answer[PhotoState]{Body: v}, err
		})
	type exportIn struct {
		RawBody []byte `contentType:"application/octet-stream"`
	}
	httpapi.Write(k, httpapi.Operation{ID: "field-receive", Route: "POST /field/exports", Verb: Receive, MaxBody: Export,
		Summary: "Take in what a phone has exported whose owner cannot send it any more"},
		func(ctx context.Context, by access.Scope, in *exportIn) (*httpapi.Answer[Received], error) {
			v, err := s.Receive(ctx, by, in.RawBody)
			return &httpapi.Answer[Received]{Body: v}, err
		})
}
