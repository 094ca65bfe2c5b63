package dispatch

import (
	"context"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/outbox"
	"sifen/internal/plan"
)

// Module is what meetings give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "dispatch",
		Verbs: []module.Verb{
			{Verb: Read, Title: i18n.Label{Zh: "看会议和议定事项", En: "See meetings and decisions"}},
			{Verb: Edit, Title: i18n.Label{Zh: "安排会议、记录和核实议定事项", En: "Plan meetings, record and settle decisions"}},
		},
		Keepers: []indicator.Keeping{s.keeping()},
		News:    []outbox.News{Changed{}},
		Ticks:   []module.Tick{{Name: "dispatch", Every: time.Hour, Run: s.Tick}},
		Hears: map[string]module.Hearer{document.Changed{}.Kind(): func(ctx context.Context, district int64, _ outbox.Fact) error {
			return s.Minuted(ctx, district)
		}},
		Bench: []module.Part{{Name: "decisions", Zero: []DecisionView{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
			if !a.By.Has(Read) || !a.By.Has(plan.Report) && !a.By.Has(Edit) {
				return nil, nil
			}
			return s.onBench(ctx, q, a.By)
		}}},
		Search:   s.findAll,
		Register: s.Register,
	}
}

// onBench are the decisions that wait for a unit of the caller's own: to be done there, or to be looked at by the office.
func (s *Service) onBench(ctx context.Context, q db.Querier, by access.Scope) ([]DecisionView, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	list, _, err := Decisions(ctx, q, by, Wanted{Mine: true, Limit: 50})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return s.views(ctx, q, by, w, list)
}

// findAll finds meetings by number and title, and decisions by their words.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	text := strings.TrimSpace(a.Text)
	if !a.By.Has(Read) || text == "" {
		return nil, nil
	}
	w, err := s.Moment(ctx, q, a.By.District)
	if err != nil {
		return nil, err
	}
	list, _, err := List(ctx, q, a.By, Filter{Query: text, Limit: a.Limit})
	if err != nil {
		return nil, err
	}
	words := s.Figures.Keepers.Words(w.Set)
	out := make([]module.Hit, 0, len(list))
	for _, m := range list {
		out = append(out, module.Hit{Kind: "meeting", ID: m.ID, Title: m.Title, Note: m.No + " " + m.Day.String(), Of: words.Kind(KindMeeting),
			Link: "/meetings/" + m.ID})
	}
	tasks, _, err := Decisions(ctx, q, a.By, Wanted{Query: text, Limit: a.Limit})
	for _, d := range tasks {
		out = append(out, module.Hit{Kind: "decision", ID: d.ID, Title: d.Words, Note: w.Org.UnitName(d.Unit) + " " + d.Deadline.String(),
			Of: words.Kind(KindDecision), Link: "/decisions?open=" + d.ID})
	}
	return out, err
}

// sees reports whether a scope may see what belongs to a unit.
func sees(w work, by access.Scope, unit int64) bool {
	return by.Can(Read, w.Org.Targets(unitNo(unit), w.Day), true)
}
