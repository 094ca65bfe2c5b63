package place

import (
	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/outbox"
	"sifen/internal/pack"
)

// New makes the service. entries kept the same kinds until places took over.
func New(p module.Platform, entries *ledger.Service) *Service { return &Service{p, entries} }

// Module is what points and stations give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "place",
		Verbs: []module.Verb{
			{Verb: Read, Title: i18n.Label{Zh: "看点位", En: "See places"}},
			{Verb: Propose, Title: i18n.Label{Zh: "提议点位", En: "Propose places"}},
			{Verb: Approve, Title: i18n.Label{Zh: "定点、启用、停用点位", En: "Approve, open and retire places"}},
		},
		Types:    []pack.Type{PackType()},
		Keepers:  []indicator.Keeping{s.keeping()},
		News:     []outbox.News{Changed{}},
		Search:   s.findAll,
		Register: s.Register,
	}
}

// News tells those whom a place reaches: which place is told by the pages that may read it.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "place", struct{}{}, by.Has(Read) && (len(c.At) == 0 || by.Sees(c.At))
}
