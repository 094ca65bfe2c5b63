package rectify

import (
	"context"
	"errors"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/calendar"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/penalty"
)

// Module is what cases give to the whole.
func (s *Service) Module() module.Module {
	verb := func(v access.Verb, zh, en string) module.Verb {
		return module.Verb{Verb: v, Title: i18n.Label{Zh: zh, En: en}}
	}
	return module.Module{
		Name: "rectify",
		Verbs: []module.Verb{
			verb(Read, "看整改", "See cases of rectification"), verb(Issue, "交办、升级", "Issue and escalate cases"),
			verb(Reply, "签收、回复整改", "Sign for and reply to cases"), verb(Recheck, "复查、销号", "Recheck and close cases"),
			verb(Decide, "答复延期和异议", "Decide on requests for time and objections"), verb(Reopen, "重新打开已销号的整改", "Reopen closed cases"),
			verb(Revoke, "撤销整改", "Revoke cases"), verb(Transfer, "移送执法", "Hand cases over to enforcement"),
		},
		Types:   []pack.Type{calendar.Type(), Instruments(), penalty.Type()},
		Keepers: []indicator.Keeping{{Keeper: s}},
		News:    []outbox.News{Changed{}},
		Ticks: []module.Tick{{Name: "rectify", Every: 5 * time.Minute, Run: func(ctx context.Context, district int64) error {
			return errors.Join(s.Noticed(ctx, district), s.Pass(ctx, district), s.LookBacks(ctx, district))
		}}},
		Hears: map[string]module.Hearer{document.Changed{}.Kind(): func(ctx context.Context, district int64, _ outbox.Fact) error {
			return s.Noticed(ctx, district)
		}},
		Bench: []module.Part{{Name: "cases", Zero: []Row{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
			if !a.By.Has(Read) {
				return nil, nil
			}
			return s.onBench(ctx, q, a.By)
		}}, {Name: "look_backs", Zero: []LookRow{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
			return s.LooksOwed(ctx, q, a.By)
		}}},
		Counts: func(ctx context.Context, q db.Querier, by access.Scope) (map[string]int64, error) {
			if !by.Has(Read) {
				return nil, nil
			}
			_, n, err := List(ctx, q, by, Filter{Mine: true, Limit: 1}, s.Platform.Clock.Now().UnixMilli())
			return map[string]int64{"cases": n}, err
		},
		Search:   s.findAll,
		Register: s.Register,
	}
}

// onBench are the cases that wait for the caller's own unit, the longest first.
func (s *Service) onBench(ctx context.Context, q db.Querier, by access.Scope) ([]Row, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	list, _, err := List(ctx, q, by, Filter{Mine: true, Limit: 50}, w.Now.UnixMilli())
	out := make([]Row, 0, len(list))
	for _, c := range list {
		out = append(out, s.row(w, c))
	}
	return out, err
}

// findAll finds cases by number, title, place and party.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	if !a.By.Has(Read) {
		return nil, nil
	}
	w, err := s.Moment(ctx, q, a.By.District)
	if err != nil {
		return nil, err
	}
	list, _, err := List(ctx, q, a.By, Filter{Query: strings.ToLower(strings.TrimSpace(a.Text)), Limit: a.Limit}, w.Now.UnixMilli())
	out := make([]module.Hit, 0, len(list))
	for _, c := range list {
		out = append(out, module.Hit{Kind: "case", ID: c.ID, Title: c.No + " " + c.Body.Shown().In(a.Lang), Note: c.PlaceName, Link: "/cases/" + c.ID})
	}
	return out, err
}
