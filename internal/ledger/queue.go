package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

func msTime(ms int64) time.Time { return time.UnixMilli(ms) }

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
		if k, err := kind.Of(w.set, b.Kind); err == nil {
			out.ByKind[i].Title = k.Title
		}
		out.Total += b.N
	}
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
		some, err := s.entries(ctx, q, w.set, tail+fmt.Sprintf(` ORDER BY CASE WHEN e.late_days > 0 THEN 0 ELSE 1 END, e.submitted_at, e.id LIMIT %d`,
			limit), args...)
		if err != nil {
			return out, err
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
	if out.Rows, err = s.Rows(ctx, q, by, lang, list); err != nil {
		return out, err
	}
	for op, n := range map[string]*int64{OpVerify: &out.DoneToday.Verified, OpReturn: &out.DoneToday.Returned} {
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry_event WHERE district = $1 AND account = $2 AND op = $3 AND day = $4`, by.District,
			by.Account, op, int64(w.day)).Scan(n); err != nil {
			return out, err
		}
	}
	return out, nil
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

// Impact is what verifying an entry would change.
type Impact struct {
	Key    string     `json:"key"`
	Title  i18n.Label `json:"title"`
	Unit   UnitRef    `json:"unit"`
	Before string     `json:"before"`
	After  string     `json:"after"`
}

// ImpactOf tells how the district's figures of the year would move if the entry were verified now. It runs the
// verification in a transaction that is rolled back, so that it can never say anything else than what would happen.
func (s *Service) ImpactOf(ctx context.Context, by access.Scope, lang i18n.Lang, entry string) ([]Impact, error) {
	e, k, w, err := s.seen(ctx, s.DB.Read, by, entry)
	if err != nil {
		return nil, err
	}
	if e.State != Submitted {
		return []Impact{}, nil
	}
	y, _, _ := e.From.YMD()
	if k.Lasting() {
		y, _, _ = w.day.YMD()
	}
	p := period.Year(y)
	var keys []string
	catalogue, err := s.Figures.Catalogue(ctx, s.DB.Read, by.District)
	if err != nil {
		return nil, err
	}
	for _, d := range catalogue {
		if d.Kind == k.Key || d.Done == k.Key {
			keys = append(keys, d.Key)
		}
	}
	read := func(q db.Querier) (map[string]indicator.Value, error) {
		x, err := s.Figures.At(ctx, q, by.District)
		if err != nil {
			return nil, err
		}
		out := map[string]indicator.Value{}
		for _, key := range keys {
			if out[key], err = x.Value(key, w.org.Root, p); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	before, err := read(s.DB.Read)
	if err != nil {
		return nil, err
	}
	rev, err := revisionOf(ctx, s.DB.Read, k, by.District, e.ID, e.Rev)
	if err != nil {
		return nil, err
	}
	var after map[string]indicator.Value
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(ctx, tx, by.District); err != nil {
			return err
		}
		ch := indicator.Change{After: rev.record(k, e.ID)}
		if e.CountedRev > 0 {
			old, err := revisionOf(ctx, tx, k, by.District, e.ID, e.CountedRev)
			if err != nil {
				return err
			}
			ch.Before = old.record(k, e.ID)
		}
		if err := s.Figures.Apply(indicator.WithTime(ctx, w.now), tx, by.District, []indicator.Change{ch}); err != nil {
			return err
		}
		tx.BeforeCommit(func(ctx context.Context) error { // after the cells were written
			var err error
			if after, err = read(tx); err == nil {
				err = errRollback
			}
			return err
		})
		return nil
	})
	if err != errRollback { //nolint:errorlint // the very value made above
		return nil, err
	}
	out := []Impact{}
	for _, key := range keys {
		b, a := before[key], after[key]
		if b.Screen() == a.Screen() && b.Part == a.Part && b.Of == a.Of {
			continue
		}
		out = append(out, Impact{key, a.Def.Title, s.unitRef(w.org, w.org.Root, w.day), b.Screen(), a.Screen()})
	}
	return out, nil
}

type rollback struct{}

func (rollback) Error() string { return "rolled back on purpose" }

var errRollback error = rollback{}

// NotCounted counts the entries of a kind that a figure of a unit and period does not count, by state. Another's
// drafts are not told.
func (s *Service) NotCounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) (map[string]int64, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	k, err := kind.Of(set, key)
	if err != nil {
		return nil, err
	}
	days := `e.day_until - 1 >= $4 AND e.day_until - 1 < $5`
	if k.Lasting() {
		days = `e.day_from < $5 AND e.day_until >= $5 AND $4 <= $5`
	}
	// grouped by an expression: in the order of states an index over the whole kind would be read instead of the uncounted few
	rows, err := q.QueryContext(ctx, `SELECT e.state || '', count(*) FROM entry AS e WHERE e.district = $1 AND e.kind = $2 AND e.counted_rev = 0
		AND (e.state <> 'draft' OR e.account = $6)
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = e.district AND r.unit = e.unit AND r.target = $3 AND r.day_from <= e.day_from
			AND e.day_from < r.day_until) AND `+days+` GROUP BY e.state || ''`,
		by.District, key, int64(unit), int64(p.From), int64(p.Until), by.Account)
	out := map[string]int64{}
	var state string
	var n int64
	return out, db.Each(rows, err, func() error {
		err := rows.Scan(&state, &n)
		out[state] = n
		return err
	})
}
