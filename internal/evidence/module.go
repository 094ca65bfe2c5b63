package evidence

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/module"
)

// AlsoIn tells where a file already stands: of whom uses files, what the caller may see.
type AlsoIn func(ctx context.Context, q db.Querier, by access.Scope, sha string) (any, error)

// Module is what files give to the whole.
func (s *Service) Module(also AlsoIn) module.Module {
	return module.Module{Name: "evidence", Register: func(k *httpapi.Kit) { s.Register(k, also) },
		Checks: []module.Check{{Name: i18n.Label{Zh: "照片和附件", En: "photos and files"}, Run: s.check}}}
}
