package fund

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/outbox"
	"sifen/internal/pack"
)

// Module is what awards give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "fund",
		Verbs: []module.Verb{
			{Verb: Read, Title: i18n.Label{Zh: "看奖补资金", En: "See award money"}},
			{Verb: Enter, Title: i18n.Label{Zh: "录入预算、测算奖补", En: "Enter budgets and compute awards"}},
			{Verb: Approve, Title: i18n.Label{Zh: "审核、公示和批准奖补", En: "Review, publicise and approve awards"}},
			{Verb: Pay, Title: i18n.Label{Zh: "拨付和追回奖补", En: "Pay and recover award money"}},
		},
		Types:    []pack.Type{Awards()},
		News:     []outbox.News{Changed{}},
		Search:   s.findAll,
		Counts:   s.counts,
		Checks:   []module.Check{{Name: i18n.Label{Zh: "奖补", En: "Awards"}, Run: s.check}},
		Register: s.Register,
	}
}

// counts are the runs that wait for the caller, for the badge.
func (s *Service) counts(ctx context.Context, q db.Querier, by access.Scope) (map[string]int64, error) {
	if !by.Has(Approve) {
		return nil, nil
	}
	var n int64
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM award_run AS r WHERE r.district = $1 AND r.state IN ('draft', 'reviewed') AND r.actor <> $2 AND `+
		by.Reach("r.district", "r.root", Approve), by.District, by.Account).Scan(&n)
	return map[string]int64{"awards": n}, err
}

// findAll finds runs by the title of their rule.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	text := strings.ToLower(strings.TrimSpace(a.Text))
	if !a.By.Has(Read) || text == "" {
		return nil, nil
	}
	list, err := s.List(ctx, q, a.By)
	var out []module.Hit
	for _, r := range list.Runs {
		if len(out) < a.Limit && r.Latest && strings.Contains(strings.ToLower(r.Title.Zh+" "+r.Title.En), text) {
			out = append(out, module.Hit{Kind: "award", ID: r.ID, Title: r.Title.In(a.Lang), Note: r.Period.Title.In(a.Lang),
				Of: i18n.Label{Zh: "奖补", En: "Awards"}, Link: "/awards/" + r.ID})
		}
	}
	return out, err
}

// check reckons every run again that was reviewed or is beyond, from what it froze and the rule it keeps, and tells where it
// comes to something else than what is stored.
func (s *Service) check(ctx context.Context, q db.Querier, district int64, _ module.Depth) (found []i18n.Label, err error) {
	w, err := s.Moment(ctx, q, district)
	if err != nil {
		return nil, err
	}
	list, err := runs(ctx, q, `r.state <> 'draft' ORDER BY r.period_from, r.rule, r.rev`, district)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		v, err := parse(w.Set, r.Body)
		if err != nil {
			return found, err
		}
		claims, stored, err := frozen(ctx, q, district, r.ID)
		if err != nil {
			return found, err
		}
		for i, d := range reckon(v, claims, r).Due {
			if c := stored[i]; fen(d.Amount) != c.Amount || fen(d.Held) != c.Held || fen(d.Claim) != c.Claim {
				found = append(found, i18n.Label{Zh: "奖补 " + r.Rule + " " + r.Period.String() + " " + d.Name + "：重算结果不同",
					En: "award " + r.Rule + " " + r.Period.String() + " " + d.Name + ": comes to something else"})
			}
		}
	}
	return found, nil
}
