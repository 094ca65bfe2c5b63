package field

import (
	"time"

	"sifen/internal/i18n"
	"sifen/internal/module"
)

// Module is what phones give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:     "field",
		Verbs:    []module.Verb{{Verb: Receive, Title: i18n.Label{Zh: "代收手机导出的检查", En: "Take in what phones have exported"}}},
		Ticks:    []module.Tick{{Name: "field-photos", Every: 6 * time.Hour, Run: s.Tidy}},
		Register: s.Register,
	}
}
