package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

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
		{Key: kindLate, Title: i18n.Label{Zh: "逾期提交", En: "late submissions"}, Group: group, Fields: []kind.Field{{Key: "days", Type: "count",
			Title: i18n.Label{Zh: "逾期天数", En: "Days late"}}, of}},
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

// Scan gives the counted records of a kind for building and verifying figures, and the ledger's own events.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]indicator.Record, error) {
	if key == kindLate || key == kindReturn {
		op := OpSubmit
		if key == kindReturn {
			op = OpReturn
		}
		return db.All(ctx, q, func(r *sql.Rows) (indicator.Record, error) {
			var ev Event
			var of string
			err := r.Scan(&ev.ID, &of, &ev.Unit, &ev.Day, &ev.LateDays)
			return *eventRecord(key, of, ev), err
		}, `SELECT id, kind, unit, day, late_days FROM entry_event WHERE district = $1 AND op = $2 AND id > $3 AND (op = 'return' OR late_days > 0)
			ORDER BY id LIMIT $4`, district, op, after, limit)
	}
	k, err := s.kindOf(ctx, q, district, key)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, q, func(r *sql.Rows) (indicator.Record, error) {
		var entry string
		var v revision
		if err := r.Scan(&entry, &v.Rev, &v.Unit, &v.From, &v.Until, &v.body); err != nil {
			return indicator.Record{}, err
		}
		var err error
		v.Values, err = k.Decode(v.body)
		return *v.record(k, entry), err
	}, `SELECT e.id, v.rev, v.unit, v.day_from, v.day_until, v.body FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id
		AND v.rev = e.counted_rev
	     WHERE e.district = $1 AND e.kind = $2 AND e.counted_rev > 0 AND e.id > $3 ORDER BY e.id LIMIT $4`, district, key, after, limit)
}

// kindOf reads a kind from the rules of a district.
func (s *Service) kindOf(ctx context.Context, q db.Querier, district int64, key string) (*kind.Kind, error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return nil, err
	}
	return kind.Of(set, key)
}

// Fields gives the counted values of some records of a kind; of the ledger's own events, what the event says.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, key string, ids []string) (map[string]kind.Fields, error) {
	out := make(map[string]kind.Fields, len(ids))
	event := key == kindLate || key == kindReturn
	var k *kind.Kind
	if !event {
		var err error
		if k, err = s.kindOf(ctx, q, district, key); err != nil {
			return nil, err
		}
	}
	for some := range slices.Chunk(ids, db.Portion) {
		in := db.In(2, len(some))
		query := `SELECT e.id, v.body FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id AND v.rev = e.counted_rev
			WHERE e.district = $1 AND e.id IN (` + in + `)`
		if event {
			query = `SELECT id, kind FROM entry_event WHERE district = $1 AND id IN (` + in + `)`
		}
		rows, err := q.QueryContext(ctx, query, db.Args([]any{district}, some)...)
		var entry, body string
		if err := db.Each(rows, err, func() error {
			if err := rows.Scan(&entry, &body); err != nil {
				return err
			}
			if event {
				out[entry] = kind.Fields{"kind": body}
				return nil
			}
			v, err := k.Decode(body)
			out[entry] = kind.FieldsOf(k.Fields, v)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// CountedEntry is a verified entry with the revision that counts.
type CountedEntry struct {
	ID, Number, Account string
	Rev, At             int64
	Unit                org.No
	From, Until         period.Day
	Values              kind.Values
	Fields              kind.Fields
}

// CountedEntries lists the counted entries of a kind by id, and how many entries of it wait for a decision.
func (s *Service) CountedEntries(ctx context.Context, q db.Querier, district int64, key string) (list []CountedEntry, waiting int64, err error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return nil, 0, err
	}
	k, err := kind.Of(set, key)
	if err != nil {
		return nil, 0, err
	}
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE district = $1 AND kind = $2 AND state = 'submitted'`, district,
		key).Scan(&waiting); err != nil {
		return nil, 0, err
	}
	list, err = db.All(ctx, q, func(r *sql.Rows) (CountedEntry, error) {
		var e CountedEntry
		var v revision
		if err := r.Scan(&e.ID, &e.Number, &e.Account, &e.Rev, &e.At, &e.Unit, &e.From, &e.Until, &v.body); err != nil {
			return e, err
		}
		var err error
		e.Values, err = k.Decode(v.body)
		e.Fields = kind.FieldsOf(k.Fields, e.Values)
		return e, err
	}, `SELECT e.id, e.number, e.account, v.rev, e.created_at, v.unit, v.day_from, v.day_until, v.body
		FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id AND v.rev = e.counted_rev
	     WHERE e.district = $1 AND e.kind = $2 AND e.counted_rev > 0 ORDER BY e.id`, district, key)
	return list, waiting, err
}

// CountedOf tells how many entries of a kind are counted, and how many wait for a decision.
func (s *Service) CountedOf(ctx context.Context, q db.Querier, district int64, key string) (counted, waiting int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT coalesce(sum(CASE WHEN counted_rev > 0 THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN state = 'submitted' THEN 1 ELSE 0 END), 0) FROM entry WHERE district = $1 AND kind = $2`, district, key).Scan(&counted, &waiting)
	return counted, waiting, err
}

// latest is the last day up to today that anything was recorded of, drafts apart; 0 where nothing was. Kind by kind: each is
// one step in an index, the whole would be all entries.
func (s *Service) latest(ctx context.Context, q db.Querier, district int64, today period.Day) (last period.Day, err error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return 0, err
	}
	args, rows := []any{district, int64(today)}, []string(nil)
	for _, k := range kind.All(set) {
		args = append(args, k.Key)
		rows = append(rows, fmt.Sprintf("(CAST($%d AS TEXT))", len(args)))
	}
	if len(rows) == 0 {
		return 0, nil
	}
	err = q.QueryRowContext(ctx, `SELECT coalesce(max((SELECT e.day_from FROM entry AS e WHERE e.district = $1 AND e.kind = k.column1 AND e.day_from <= $2
		AND e.state <> 'draft' ORDER BY e.day_from DESC LIMIT 1)), 0) FROM (VALUES `+strings.Join(rows, ", ")+`) AS k`, args...).Scan(&last)
	return last, err
}

// entriesOf finds the entries behind records: an event's is the one it happened to.
func entriesOf(ctx context.Context, q db.Querier, district int64, key string, records []string) (entries []string, of map[string]string, err error) {
	if !isEvent(key) {
		return records, nil, nil
	}
	of = make(map[string]string, len(records))
	for some := range slices.Chunk(records, db.Portion) {
		events, err := db.Pairs[string, string](ctx, q, `SELECT id, entry FROM entry_event WHERE district = $1 AND id IN (`+db.In(2, len(some))+`)`,
			db.Args([]any{district}, some)...)
		if err != nil {
			return nil, nil, err
		}
		maps.Copy(of, events)
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
		k, err := kind.Of(w.Set, e.Kind)
		if err != nil {
			return nil, err
		}
		r := indicator.Row{ID: e.ID, Number: e.Number, Kind: e.Kind, KindTitle: k.Title, Title: e.Title, Unit: w.Org.Ref(e.Unit, e.From),
			From: e.From.String(), Photos: e.Photos, Thumb: e.Thumb,
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
	return indicator.Stays(n,
		indicator.Uncounted{Why: Submitted, Title: i18n.Label{Zh: "待审核", En: "waiting"}},
		indicator.Uncounted{Why: Returned, Title: i18n.Label{Zh: "已退回", En: "returned"}},
		indicator.Uncounted{Why: Draft, Title: i18n.Label{Zh: "草稿", En: "drafts"}},
		indicator.Uncounted{Why: Void, Title: i18n.Label{Zh: "已作废", En: "void"}}), nil
}

// LastChanges tells who changed entries last.
func (s keeper) LastChanges(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	entries, of, err := entriesOf(ctx, q, by.District, key, ids)
	if err != nil {
		return nil, err
	}
	byEntry := map[string]indicator.LastChange{}
	for some := range slices.Chunk(entries, db.Portion) {
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

// NotCounted counts the entries of a kind that a figure of a unit and period does not count, by state. Another's
// drafts are not told.
func (s *Service) NotCounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) (map[string]int64, error) {
	k, err := s.kindOf(ctx, q, by.District, key)
	if err != nil {
		return nil, err
	}
	days := `e.day_until - 1 >= $4 AND e.day_until - 1 < $5`
	if k.Lasting() {
		days = `e.day_from < $5 AND e.day_until >= $5 AND $4 <= $5`
	}
	// grouped by an expression: in the order of states an index over the whole kind would be read instead of the uncounted few
	return db.Pairs[string, int64](ctx, q, `SELECT e.state || '', count(*) FROM entry AS e WHERE e.district = $1 AND e.kind = $2 AND e.counted_rev = 0
		AND (e.state <> 'draft' OR e.account = $6)
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = e.district AND r.unit = e.unit AND r.target = $3 AND r.day_from <= e.day_from
			AND e.day_from < r.day_until) AND `+days+` GROUP BY e.state || ''`,
		by.District, key, int64(unit), int64(p.From), int64(p.Until), by.Account)
}
