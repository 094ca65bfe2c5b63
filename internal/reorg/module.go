package reorg

import (
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/pack"
	"sifen/internal/scheme"
)

// Module is what the organisation and its changes give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "org",
		Verbs: []module.Verb{
			{Verb: "org.read", Title: i18n.Label{Zh: "看单位", En: "See units"}},
			{Verb: "org.edit", Title: i18n.Label{Zh: "改单位", En: "Change units"}},
		},
		Types:    []pack.Type{scheme.Type()},
		Search:   s.findAll,
		Register: func(k *httpapi.Kit) { Register(k, s, s.Orgs, s.Packs) },
	}
}
