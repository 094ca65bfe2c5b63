package account

import (
	"time"

	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/pack"
)

// New makes the service.
func New(p module.Platform) *Service { return &Service{Platform: p} }

// Module is what people, roles and sessions give to the whole.
func (a *API) Module() module.Module {
	return module.Module{
		Name: "account",
		Verbs: []module.Verb{
			{Verb: "account.read", Title: i18n.Label{Zh: "看人员", En: "See people"}},
			{Verb: "account.edit", Title: i18n.Label{Zh: "管人员", En: "Manage people"}},
		},
		Types:    []pack.Type{Type(a.List)},
		Search:   a.findAll,
		Ticks:    []module.Tick{{Name: "forget-tries", Every: time.Hour, Run: a.Forget}},
		Register: a.Register,
	}
}
