package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// keeper is the ledger as figures ask it.
type keeper struct{ *Service }

// Name is that of the module.
func (s keeper) Name() string { return moduleName }

// Verb is what it takes to see an entry.
func (s keeper) Verb() access.Verb { return Read }

// Own are the ledger's own events, which figures of record keeping count.
func (s keeper) Own() []*kind.Kind {
	group := i18n.Label{Zh: "台账管理", En: "Record keeping"}
	of := kind.Field{Key: "kind", Type: "kind", Title: i18n.Label{Zh: "台账", En: "Ledger"}}
	return []*kind.Kind{
		{Key: kindLate, Title: i18n.Label{Zh: "逾期提交", En: "late submissions"}, Group: group, Fields: []kind.Field{{Key: "days", Type: "count", Title: i18n.Label{Zh: "逾期天数", En: "Days late"}}, of}},
		{Key: kindReturn, Title: i18n.Label{Zh: "审核退回", En: "returns"}, Group: group, Fields: []kind.Field{of}},
	}
}

func isEvent(key string) bool { return key == kindLate || key == kindReturn }

// Takes refuses a change of a kind that another keeper has taken over: no entry feeds its figures any more.
func (s *Service) Takes(ctx context.Context, q db.Querier, district int64, k *kind.Kind) error {
	who, err := s.Figures.Keepers.Of(ctx, q, district, k.Key)
	if err == nil && who.Name() != moduleName {
		err = ErrKept.With("kind", k.Title)
	}
	return err
}

// entriesOf finds the entries behind records: an event's is the one it happened to.
func entriesOf(ctx context.Context, q db.Querier, district int64, key string, records []string) (entries []string, of map[string]string, err error) {
	if !isEvent(key) {
		return records, nil, nil
	}
	of = make(map[string]string, len(records))
	for rest := records; len(rest) > 0; {
		some := rest[:min(len(rest), 400)]
		rest = rest[len(some):]
		rows, err := q.QueryContext(ctx, `SELECT id, entry FROM entry_event WHERE district = $1 AND id IN (`+db.In(2, len(some))+`)`, db.Args([]any{district}, some)...)
		var event, entry string
		if err := db.Each(rows, err, func() error {
			err := rows.Scan(&event, &entry)
			of[event] = entry
			return err
		}); err != nil {
			return nil, nil, err
		}
	}
	seen := map[string]bool{}
	for _, r := range records {
		if e := of[r]; e != "" && !seen[e] {
			entries, seen[e] = append(entries, e), true
		}
	}
	return entries, of, nil
}

// shown shows entries where a figure lists its records.
func (s *Service) shown(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, ids []string) ([]indicator.Row, error) {
	list, err := s.ByIDs(ctx, q, by, ids)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	out := make([]indicator.Row, 0, len(list))
	for _, e := range list {
		k, err := kind.Of(w.set, e.Kind)
		if err != nil {
			return nil, err
		}
		r := indicator.Row{ID: e.ID, Number: e.Number, Kind: e.Kind, KindTitle: k.Title, Title: e.Title, Unit: w.org.Ref(e.Unit, e.From), From: e.From.String(), Photos: e.Photos, Thumb: e.Thumb,
			Counted: e.CountedRev > 0, Link: "/entry/" + e.ID}
		if r.Title == "" {
			r.Title = k.Title.In(lang)
		}
		if e.Until < period.Open {
			last := (e.Until - 1).String()
			r.Until = &last
		}
		out = append(out, r)
	}
	return out, nil
}

// Rows shows the entries behind a figure.
func (s keeper) Rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string) ([]indicator.Row, error) {
	entries, _, err := entriesOf(ctx, q, by.District, key, ids)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, q, by, lang, entries)
}

// Uncounted are the entries that wait, came back, are drafts of the caller, or were voided.
func (s keeper) Uncounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	if isEvent(key) {
		return nil, nil
	}
	n, err := s.NotCounted(ctx, q, by, key, unit, p)
	if err != nil {
		return nil, err
	}
	var out []indicator.Uncounted
	for _, x := range []struct {
		state string
		title i18n.Label
	}{{Submitted, i18n.Label{Zh: "待审核", En: "waiting"}}, {Returned, i18n.Label{Zh: "已退回", En: "returned"}}, {Draft, i18n.Label{Zh: "草稿", En: "drafts"}}, {Void, i18n.Label{Zh: "已作废", En: "void"}}} {
		if n[x.state] > 0 {
			out = append(out, indicator.Uncounted{Why: x.state, Title: x.title, N: n[x.state]})
		}
	}
	return out, nil
}

// LastChanges tells who changed entries last.
func (s keeper) LastChanges(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string, since int64) (map[string]indicator.LastChange, error) {
	entries, of, err := entriesOf(ctx, q, by.District, key, ids)
	if err != nil {
		return nil, err
	}
	byEntry := map[string]indicator.LastChange{}
	for rest := entries; len(rest) > 0; {
		some := rest[:min(len(rest), 400)]
		rest = rest[len(some):]
		rows, err := s.shown(ctx, q, by, lang, some)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			byEntry[r.ID] = indicator.LastChange{Row: r}
		}
		events, err := q.QueryContext(ctx, `SELECT v.entry, v.at, v.op, v.reason, coalesce(p.name, '') FROM entry_event AS v
			LEFT JOIN account AS a ON a.district = v.district AND a.id = v.account LEFT JOIN person AS p ON p.district = a.district AND p.id = a.person
			WHERE v.district = $1 AND v.at >= $2 AND v.entry IN (`+db.In(3, len(some))+`) ORDER BY v.at, v.id`, db.Args([]any{by.District, since}, some)...)
		var entry, op, reason, name string
		var at int64
		if err := db.Each(events, err, func() error {
			if err := events.Scan(&entry, &at, &op, &reason, &name); err != nil {
				return err
			}
			if c, ok := byEntry[entry]; ok { // the last one stays
				c.At, c.Op, c.Reason, c.By = at, op, reason, name
				byEntry[entry] = c
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	if of == nil {
		return byEntry, nil
	}
	out := make(map[string]indicator.LastChange, len(of))
	for event, entry := range of {
		if c, ok := byEntry[entry]; ok {
			out[event] = c
		}
	}
	return out, nil
}
