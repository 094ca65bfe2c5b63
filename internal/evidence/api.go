package evidence

import (
	"context"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/blob"
	"sifen/internal/httpapi"
)

// Kept is the answer to an upload.
type Kept struct {
	SHA string `json:"sha"`
	Facts
	AlsoIn any `json:"also_in"`
}

// Register adds upload and download. alsoIn tells where a file already stands.
func (s *Service) Register(k *httpapi.Kit, alsoIn AlsoIn) {
	type putIn struct {
		SHA     string `path:"sha"`
		Name    string `query:"name" maxLength:"200"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type putOut struct{ Body Kept }
	httpapi.Query(k, httpapi.Operation{ID: "put-blob", Route: "PUT /blobs/{sha}", Verb: "ledger.enter|" + Put,
		Summary: "Upload a photo or file under its SHA-256; the address is the operation's id", MaxBody: MaxBytes + 1024},
		func(ctx context.Context, by access.Scope, in *putIn) (*putOut, error) {
			if !blob.ValidSum(in.SHA) {
				return nil, ErrSum
			}
			info, err := s.Keep(ctx, by, in.RawBody, in.SHA, in.Name)
			if err != nil {
				return nil, err
			}
			out := &putOut{Kept{SHA: info.SHA, Facts: info.Facts}}
			out.Body.AlsoIn, err = alsoIn(ctx, s.DB.Read, by, info.SHA)
			return out, err
		})
	type getIn struct {
		SHA  string `path:"sha"`
		Size string `query:"size" enum:"thumb,view,original" default:"view"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-blob", Route: "GET /blobs/{sha}", Verb: "ledger.read",
		Summary: "A photo without its metadata, or the unaltered original"},
		func(ctx context.Context, by access.Scope, in *getIn) (*huma.StreamResponse, error) {
			ok, err := MayRead(ctx, s.DB.Read, by, in.SHA)
			if err != nil {
				return nil, err
			}
			info, found, err := Get(ctx, s.DB.Read, by.District, in.SHA)
			if err != nil {
				return nil, err
			}
			if !ok || !found {
				return nil, ErrNone
			}
			if in.Size == "original" || info.Width == 0 {
				f, err := s.file(in.SHA)
				if err != nil {
					return nil, err
				}
				defer f.Close()
				raw, err := io.ReadAll(f)
				if err != nil {
					return nil, err
				}
				return httpapi.Download(raw, info.Mime, info.Name), nil
			}
			raw, err := s.Copy(ctx, in.SHA, in.Size)
			if err != nil {
				return nil, err
			}
			return &huma.StreamResponse{Body: func(ctx huma.Context) {
				ctx.SetHeader("Content-Type", "image/jpeg")
				ctx.SetHeader("Cache-Control", "private, max-age=86400")
				_, _ = ctx.BodyWriter().Write(raw) // the client is gone if this fails
			}}, nil
		})
}
