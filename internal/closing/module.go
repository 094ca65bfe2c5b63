package closing

import (
	"context"

	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/module"
)

// NameOf tells the name behind an account.
type NameOf func(ctx context.Context, q db.Querier, district int64, account string) (string, error)

// Module is what period locks give to the whole.
func Module(p module.Platform, nameOf NameOf) module.Module {
	return module.Module{
		Name: "closing",
		Verbs: []module.Verb{
			{Verb: "closing.read", Title: i18n.Label{Zh: "看锁定", En: "See locks"}},
			{Verb: "closing.edit", Title: i18n.Label{Zh: "锁定期间", En: "Lock periods"}},
		},
		Register: func(k *httpapi.Kit) { Register(k, p.Clock, p.Orgs, nameOf) },
	}
}
