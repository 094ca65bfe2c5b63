package inspect

import (
	"context"
	"time"

	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Module is what inspections give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "inspect",
		Verbs: []module.Verb{
			{Verb: Read, Title: i18n.Label{Zh: "看检查", En: "See inspections"}},
			{Verb: Visit, Title: i18n.Label{Zh: "检查", En: "Inspect"}},
			{Verb: Plan, Title: i18n.Label{Zh: "安排专项检查", En: "Plan campaigns of inspections"}},
			{Verb: Calibrate, Title: i18n.Label{Zh: "看检查员之间的差异", En: "See how inspectors differ"}},
			{Verb: Void, Title: i18n.Label{Zh: "作废检查记录", En: "Void visits"}},
		},
		Types:   []pack.Type{ObjectKinds(), Checklists()},
		Keepers: []indicator.Keeping{{Keeper: s}},
		News:    []outbox.News{Changed{}, Drawn{}},
		Ticks: []module.Tick{{Name: "inspect-forms", Every: 10 * time.Minute, Run: s.Remember},
			{Name: "inspect-draws", Every: time.Minute, Run: s.Pass}},
		Latest: func(ctx context.Context, q db.Querier, district int64, today period.Day) (day period.Day, err error) {
			err = q.QueryRowContext(ctx, `SELECT coalesce(max(day), 0) FROM visit WHERE district = $1 AND day <= $2`, district, int64(today)).Scan(&day)
			return day, err
		},
		Search: s.findAll,
		Register: func(k *httpapi.Kit) {
			s.Register(k)
			s.registerCampaigns(k)
		},
	}
}

// findAll finds visits by number and place.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	if !a.By.Has(Read) {
		return nil, nil
	}
	list, _, err := List(ctx, q, a.By, Filter{Query: a.Text, Limit: a.Limit})
	out := make([]module.Hit, 0, len(list))
	for _, v := range list {
		out = append(out, module.Hit{Kind: "visit", ID: v.ID, Title: v.No + " " + v.PlaceName, Note: v.Day.String(), Link: "/visits/" + v.ID})
	}
	return out, err
}
