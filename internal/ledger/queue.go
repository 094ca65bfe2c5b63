package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
)

// ByKind counts entries of one kind.
type ByKind struct {
	Kind  string     `json:"kind"`
	Title i18n.Label `json:"title"`
	N     int64      `json:"n"`
}

// Queue is what waits for one person.
type Queue struct {
	Total     int64    `json:"total"`
	ByKind    []ByKind `json:"by_kind"`
	Rows      []Row    `json:"rows"`
	DoneToday struct {
		Verified int64 `json:"verified"`
		Returned int64 `json:"returned"`
	} `json:"done_today"`
}

// queueWhere selects what waits at a unit ($3) where the caller verifies, never his own revisions.
const queueWhere = `e.district = $1 AND e.state = 'submitted' AND e.wait_unit = $3 AND e.reviser <> $2`

// verifiesAt lists the units where the caller verifies.
func verifiesAt(by access.Scope) []int64 {
	var out []int64
	for _, g := range by.Grants {
		if g.Verbs[Verify] && !slices.Contains(out, g.Unit) {
			out = append(out, g.Unit)
		}
	}
	return out
}

// Waiting counts what waits for the caller.
func (s *Service) Waiting(ctx context.Context, q db.Querier, by access.Scope) (n int64, err error) {
	kinds, err := s.waiting(ctx, q, by)
	for _, k := range kinds {
		n += k.N
	}
	return n, err
}

// waiting counts what waits for the caller by kind.
func (s *Service) waiting(ctx context.Context, q db.Querier, by access.Scope) ([]ByKind, error) {
	n := map[string]int64{}
	for _, unit := range verifiesAt(by) { // one after the other: each is counted from an index in its order
		rows, err := q.QueryContext(ctx, `SELECT e.kind, count(*) FROM entry AS e WHERE `+queueWhere+` GROUP BY e.kind`, by.District, by.Account, unit)
		var b ByKind
		if err := db.Each(rows, err, func() error {
			err := rows.Scan(&b.Kind, &b.N)
			n[b.Kind] += b.N
			return err
		}); err != nil {
			return nil, err
		}
	}
	out := []ByKind{}
	for _, k := range slices.Sorted(maps.Keys(n)) {
		out = append(out, ByKind{Kind: k, N: n[k]})
	}
	return out, nil
}

// QueueOf lists what waits for the caller, late and oldest first.
func (s *Service) QueueOf(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, under org.No, limit int) (Queue, error) {
	out := Queue{Rows: []Row{}}
	w, err := s.work(ctx, q, by)
	if err != nil {
		return out, err
	}
	if out.ByKind, err = s.waiting(ctx, q, by); err != nil {
		return out, err
	}
	for i, b := range out.ByKind {
		if k, err := kind.Of(w.Set, b.Kind); err == nil {
			out.ByKind[i].Title = k.Title
		}
		out.Total += b.N
	}
	if out.Rows, err = s.queued(ctx, q, w, by, lang, key, under, limit); err != nil {
		return out, err
	}
	for op, n := range map[string]*int64{OpVerify: &out.DoneToday.Verified, OpReturn: &out.DoneToday.Returned} {
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry_event WHERE district = $1 AND account = $2 AND op = $3 AND day = $4`, by.District,
			by.Account, op, int64(w.Day)).Scan(n); err != nil {
			return out, err
		}
	}
	return out, nil
}

// queued are the first rows of what waits for the caller: of one kind, or of all (""), below one unit, or anywhere (0).
func (s *Service) queued(ctx context.Context, q db.Querier, w work, by access.Scope, lang i18n.Lang, key string, under org.No, limit int) ([]Row, error) {
	tail, args := queueWhere, []any{by.District, by.Account, int64(0)}
	if key != "" { // as an expression: the rows are read in the order they are worked off, until there are enough
		args = append(args, key)
		tail += fmt.Sprintf(" AND e.kind || '' = $%d", len(args))
	}
	if under != 0 {
		args = append(args, int64(under))
		tail += fmt.Sprintf(` AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = e.district AND r.unit = e.unit AND r.target = $%d
			AND r.day_from <= e.day_from AND e.day_from < r.day_until)`, len(args))
	}
	var list []Entry
	for _, unit := range verifiesAt(by) {
		args[2] = unit
		some, err := s.entries(ctx, q, w.Set, tail+fmt.Sprintf(` ORDER BY CASE WHEN e.late_days > 0 THEN 0 ELSE 1 END, e.submitted_at, e.id LIMIT %d`,
			limit), args...)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, func(a, b Entry) int {
		if late := a.LateDays > 0; late != (b.LateDays > 0) {
			if late {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.SubmittedAt, b.SubmittedAt), strings.Compare(a.ID, b.ID))
	})
	list = list[:min(len(list), limit)]
	return s.Rows(ctx, q, by, lang, list)
}

// Mine lists the caller's own entries in a state, newest first.
func (s *Service) Mine(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, state string, limit int) ([]Row, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	list, err := s.entries(ctx, q, set, fmt.Sprintf(`e.district = $1 AND e.account = $2 AND e.state = $3
		ORDER BY e.submitted_at DESC, e.id DESC LIMIT %d`, limit), by.District, by.Account, state)
	if err != nil {
		return nil, err
	}
	return s.Rows(ctx, q, by, lang, list)
}
