package assess

import (
	"context"
	"strings"
	"time"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/outbox"
	"sifen/internal/pack"
)

// Module is what scores give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "assess",
		Verbs: []module.Verb{
			{Verb: Read, Title: i18n.Label{Zh: "看评分和名次", En: "See scores and ranks"}},
			{Verb: Enter, Title: i18n.Label{Zh: "计算评分、评定和更正", En: "Compute scores, judge and correct"}},
			{Verb: Object, Title: i18n.Label{Zh: "对本单位评分提出异议", En: "Object to the scores of one's units"}},
			{Verb: Approve, Title: i18n.Label{Zh: "审核、公示和定稿评分", En: "Check, publicise and settle scores"}},
		},
		Types:   []pack.Type{Parameters(), Sheets()},
		Keepers: []indicator.Keeping{{Keeper: s}},
		News:    []outbox.News{Changed{}},
		Bench: []module.Part{{Name: "objections", Zero: []BenchRow{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
			if !a.By.Has(Read) || !a.By.Has(Enter) && !a.By.Has(Object) {
				return nil, nil
			}
			return s.onBench(ctx, q, a.By)
		}}},
		Ticks:    []module.Tick{{Name: "assess", Every: time.Hour, Run: s.Tick}},
		Search:   s.findAll,
		Counts:   s.counts,
		Checks:   []module.Check{{Name: i18n.Label{Zh: "评分", En: "Scores"}, Run: s.check}},
		Register: s.Register,
	}
}

// findAll finds runs by the title of their sheet.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	text := strings.ToLower(strings.TrimSpace(a.Text))
	if !a.By.Has(Read) || text == "" {
		return nil, nil
	}
	list, err := s.List(ctx, q, a.By)
	var out []module.Hit
	for _, r := range list.Runs {
		if len(out) < a.Limit && r.Latest && strings.Contains(strings.ToLower(r.Title.Zh+" "+r.Title.En), text) {
			out = append(out, module.Hit{Kind: "score", ID: r.ID, Title: r.Title.In(a.Lang), Note: r.Period.Title.In(a.Lang),
				Of: i18n.Label{Zh: "考核评分", En: "Scores"}, Link: "/scores/" + r.ID})
		}
	}
	return out, err
}
