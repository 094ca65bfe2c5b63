package evidence

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/module"
)

// Put lets people bring files who enter no records: inspectors, and parties that reply with a photo.
const Put access.Verb = "evidence.put"

// AlsoIn tells where a file already stands: of whom uses files, what the caller may see.
type AlsoIn func(ctx context.Context, q db.Querier, by access.Scope, sha string) (any, error)

// Module is what files give to the whole.
func (s *Service) Module(also AlsoIn) module.Module {
	return module.Module{Name: "evidence", Verbs: []module.Verb{{Verb: Put, Title: i18n.Label{Zh: "上传照片和附件", En: "Upload photos and files"}}},
		Jobs:     []module.Job{{Kind: jobLook, Run: s.lookLater}},
		Register: func(k *httpapi.Kit) { s.Register(k, also) },
		Checks:   []module.Check{{Name: i18n.Label{Zh: "照片和附件", En: "photos and files"}, Run: s.check}}}
}
