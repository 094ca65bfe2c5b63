package paper

import (
	"bytes"
	"context"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/httpapi"
	"sifen/internal/inspect"
	"sifen/internal/module"
)

// mostBytes is the largest sheet that is read.
const mostBytes = 5 << 20

// Module is what paper forms give to the whole.
func (s *Service) Module() module.Module { return module.Module{Name: "paper", Register: s.Register} }

// Register adds the way out and the way back.
func (s *Service) Register(k *httpapi.Kit) {
	type outIn struct {
		Key  string `query:"key" maxLength:"60" doc:"a place; empty is all that were drawn for oneself today"`
		Form string `query:"form" maxLength:"60"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "paper-form", Route: "GET /inspect-paper", Verb: inspect.Visit,
		Summary: "A check as a sheet to print and fill in"},
		func(ctx context.Context, by access.Scope, in *outIn) (*huma.StreamResponse, error) {
			list := []Want{{in.Key, in.Form}}
			if in.Key == "" {
				var err error
				if list, err = s.Own(ctx, s.DB.Read, by); err != nil {
					return nil, err
				}
			}
			var b bytes.Buffer
			if err := s.Write(ctx, s.DB.Read, by, httpapi.CallerOf(ctx).Lang, list, &b); err != nil {
				return nil, err
			}
			return httpapi.Download(b.Bytes(), httpapi.XLSX, "检查表.xlsx"), nil
		})
	type backIn struct {
		Keep    bool   `query:"keep" doc:"keep the visits; otherwise only say what would become of the sheet"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	httpapi.Write(k, httpapi.Operation{ID: "paper-read", Route: "POST /inspect-paper", Verb: inspect.Visit, MaxBody: mostBytes,
		Summary: "Read a filled sheet: all of its visits, or none"},
		func(ctx context.Context, by access.Scope, in *backIn) (*httpapi.Answer[Read], error) {
			v, err := s.Take(ctx, by, in.RawBody, in.Keep)
			return &httpapi.Answer[Read]{Body: v}, err
		})
}
