package due

import (
	"context"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Name is that of the module.
func (s *Service) Name() string { return "due" }

// Verb is what it takes to see what is owed.
func (s *Service) Verb() access.Verb { return ledger.Read }

// Own is the item that is owed.
func (s *Service) Own() []*kind.Kind {
	return []*kind.Kind{{Key: ItemKind, Title: i18n.Label{Zh: "应报事项", En: "deliveries owed"}, Group: i18n.Label{Zh: "台账管理", En: "Record keeping"},
		Fields: []kind.Field{
			{Key: "kind", Type: "kind", Title: i18n.Label{Zh: "台账", En: "Ledger"}},
			{Key: "done", Type: "bool", Title: i18n.Label{Zh: "已报", En: "Delivered"}},
			{Key: "late", Type: "bool", Title: i18n.Label{Zh: "逾期报送", En: "Delivered late"}},
		}}}
}

// byIDs loads items inside a scope.
func byIDs(ctx context.Context, q db.Querier, by access.Scope, ids []string) (map[string]Item, error) {
	list, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([]Item, error) {
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM due_item WHERE district = $1
			AND `+by.ReachAt("due_item.district", "due_item.unit", "due_item.day_until - 1", ledger.Read)+` AND id IN (`+in+`)`, args...)
	})
	out := make(map[string]Item, len(list))
	for _, i := range list {
		out[i.ID] = i
	}
	return out, err
}

// shown words items as the records they are.
func (s *Service) shown(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, ids []string) (map[string]indicator.Row, map[string]Item, error) {
	items, err := byIDs(ctx, q, by, ids)
	if err != nil || len(items) == 0 {
		return nil, nil, err
	}
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	words := s.Figures.Keepers.Words(set)
	out := make(map[string]indicator.Row, len(items))
	for id, i := range items {
		when := i.Period.Zh()
		if lang == i18n.En {
			when = i.Period.En()
		}
		out[id] = indicator.Row{ID: id, Kind: ItemKind, KindTitle: words.Kind(ItemKind), Title: words.Kind(i.Kind).In(lang) + " " + when,
			Unit: o.Ref(i.Unit, i.Period.Last()), From: i.Period.Last().String(),
			Counted: i.State != Exempt, Link: fmt.Sprintf("/due?kind=%s&unit=%d&period=%s", i.Kind, i.Unit, i.Period)}
	}
	return out, items, nil
}

// Rows shows the items behind a figure.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, _ string, ids []string) ([]indicator.Row, error) {
	rows, _, err := s.shown(ctx, q, by, lang, ids)
	if err != nil {
		return nil, err
	}
	out := make([]indicator.Row, 0, len(rows))
	for _, id := range ids {
		if r, ok := rows[id]; ok {
			out = append(out, r)
		}
	}
	return out, nil
}

// Uncounted are the items a superior has exempted.
func (s *Service) Uncounted(ctx context.Context, q db.Querier, by access.Scope, _ string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM due_item AS d WHERE d.district = $1 AND d.state = 'exempt' AND d.day_until > $3 AND d.day_until <= $4
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = d.district AND r.unit = d.unit AND r.target = $2 AND r.day_from < d.day_until
			AND d.day_until <= r.day_until)`,
		by.District, int64(unit), int64(p.From), int64(p.Until)).Scan(&n)
	if err != nil || n == 0 {
		return nil, err
	}
	return []indicator.Uncounted{{Why: Exempt, Title: i18n.Label{Zh: "免报", En: "exempt"}, N: n}}, nil
}

// LastChanges tells the exemption of items; a delivery is told by the ledger.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, _ string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	rows, items, err := s.shown(ctx, q, by, lang, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]indicator.LastChange, len(rows))
	for id, r := range rows {
		c, i := indicator.LastChange{Row: r}, items[id]
		if i.At >= since && i.Account != "" {
			c.At, c.Op, c.Reason = i.At, i.State, i.Reason
			if c.By, err = account.NameOf(ctx, q, by.District, i.Account); err != nil {
				return nil, err
			}
		}
		out[id] = c
	}
	return out, nil
}
