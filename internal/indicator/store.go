package indicator

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/outbox"
)

// Shared takes the district's lock for a transaction that may call Apply. It must be the first statement.
func Shared(ctx context.Context, tx *db.Tx, district int64) error {
	return lock(ctx, tx, district, "pg_advisory_xact_lock_shared")
}

// Exclusive takes the lock for moves, line changes, builds and period locks. It must be the first statement.
func Exclusive(ctx context.Context, tx *db.Tx, district int64) error {
	return lock(ctx, tx, district, "pg_advisory_xact_lock")
}

const partColumns = `def, unit, day, record, item, rev, span_from, span_until, a, b, est, keyno`

func scanParts(ctx context.Context, q db.Querier, byNo map[int64]*Def, query string, args ...any) ([]part, error) {
	all, err := db.All(ctx, q, func(r *sql.Rows) (part, error) {
		var p part
		var def int64
		var key sql.NullInt64
		err := r.Scan(&def, &p.unit, &p.day, &p.record, &p.item, &p.rev, &p.from, &p.until, &p.a, &p.b, &p.est, &key)
		p.def, p.keyno, p.hasKey, p.count = byNo[def], key.Int64, key.Valid, 1
		return p, err
	}, query, args...)
	out := all[:0]
	for _, p := range all {
		if p.def != nil {
			out = append(out, p)
		}
	}
	return out, err
}

func insertPart(ctx context.Context, tx *db.Tx, district int64, p part) error {
	return insertParts(ctx, tx, district, []part{p})
}

// insertParts writes parts, 32 to a statement.
func insertParts(ctx context.Context, tx *db.Tx, district int64, parts []part) error {
	for len(parts) > 0 {
		n := 1
		if len(parts) >= 32 {
			n = 32
		}
		args := make([]any, 0, n*13)
		for _, p := range parts[:n] {
			var key any
			if p.hasKey {
				key = p.keyno
			}
			args = append(args, district, p.def.No, int64(p.unit), int64(p.day), p.record, p.item, p.rev, int64(p.from), int64(p.until), p.a, p.b, p.est, key)
		}
		st, err := tx.Prepared(ctx, partInsert[n])
		if err != nil {
			return err
		}
		if _, err := st.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("book %s of %s: %w", parts[0].record, parts[0].def.Key, err)
		}
		parts = parts[n:]
	}
	return nil
}

func (b *batch) reachOf(ctx context.Context, tx *db.Tx, unit org.No) ([]reachRow, error) {
	if rows, ok := b.reach[unit]; ok {
		return rows, nil
	}
	rows, err := db.All(ctx, tx, func(r *sql.Rows) (reachRow, error) {
		var x reachRow
		err := r.Scan(&x.target, &x.from, &x.until)
		return x, err
	}, `SELECT target, day_from, day_until FROM org_reach WHERE district = $1 AND unit = $2`, b.district, int64(unit))
	if err == nil {
		b.reach[unit] = rows
	}
	return rows, err
}

func keyNumber(ctx context.Context, tx *db.Tx, district, def int64, value string) (int64, error) {
	var n int64
	err := tx.QueryRowContext(ctx, `SELECT keyno FROM figure_keyno WHERE district = $1 AND def = $2 AND value = $3`, district, def, value).Scan(&n)
	found, err := db.One(err)
	if found || err != nil {
		return n, err
	}
	if n, err = org.Next(ctx, tx, district, fmt.Sprintf("keyno:%d", def)); err != nil {
		return 0, err
	}
	// the counter's row lock keeps two writers apart; who came second finds the first one's number
	err = tx.QueryRowContext(ctx, `INSERT INTO figure_keyno (district, def, value, keyno) VALUES ($1, $2, $3, $4)
		ON CONFLICT (district, def, value) DO UPDATE SET keyno = figure_keyno.keyno RETURNING keyno`, district, def, value, n).Scan(&n)
	return n, err
}

// Changed is the fact that figures moved. Pages refresh on it, documents compare.
type Changed struct {
	Keys  []string `json:"keys"`
	Units []int64  `json:"units"` // whose records moved them; none where they are too many to name
	Above []int64  `json:"above"` // those and all that they ever counted in
}

// Kind names the fact.
func (Changed) Kind() string { return "figure.changed" }

// flush writes what the transaction collected: sets first, then cells, each sorted by key so that
// two transactions lock in one order.
func (b *batch) flush(ctx context.Context, tx *db.Tx) error {
	if err := b.flushSets(ctx, tx); err != nil {
		return err
	}
	if err := b.flushCells(ctx, tx); err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(b.kinds)) { // what was read of figures of these kinds is not kept any longer
		if _, err := org.Next(ctx, tx, b.district, "figures:"+k); err != nil {
			return err
		}
	}
	if len(b.facts) > 0 {
		f := Changed{}
		for k := range b.facts {
			f.Keys = append(f.Keys, k)
		}
		above := map[int64]bool{}
		for u := range b.units {
			f.Units = append(f.Units, int64(u))
			rows, err := b.reachOf(ctx, tx, u)
			if err != nil {
				return err
			}
			for _, r := range rows {
				above[int64(r.target)] = true
			}
		}
		f.Above = slices.Sorted(maps.Keys(above))
		sort.Strings(f.Keys)
		sort.Slice(f.Units, func(i, j int) bool { return f.Units[i] < f.Units[j] })
		if len(f.Units) > 200 {
			f.Units, f.Above = nil, nil // too many to name: everyone looks
		}
		if b.at.IsZero() { // a fact without a time is never heard by another node
			return errors.New("figures moved without a business time: indicator.WithTime is missing")
		}
		if err := outbox.Emit(ctx, tx, b.district, b.at, f); err != nil {
			return err
		}
	}
	b.cells, b.sets, b.units = map[cellKey]cell{}, map[setKey]map[int64]bool{}, map[org.No]bool{}
	b.facts, b.kinds = map[string]bool{}, map[string]bool{}
	return nil
}

type timeKey struct{}

// WithTime tells the engine the business time of a transaction, for the fact it emits.
func WithTime(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, timeKey{}, t)
}

func txTime(ctx context.Context) time.Time {
	t, _ := ctx.Value(timeKey{}).(time.Time)
	return t
}

func (b *batch) flushSets(ctx context.Context, tx *db.Tx) error {
	keys := make([]setKey, 0, len(b.sets))
	for k := range b.sets {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y setKey) int {
		return cmp.Or(cmp.Compare(x.def, y.def), cmp.Compare(x.target, y.target), cmp.Compare(x.day, y.day))
	})
	for _, k := range keys {
		var raw []byte
		err := tx.QueryRowContext(ctx, `INSERT INTO figure_keys (district, def, target, day, keys) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (district, def, target, day) DO UPDATE SET keys = figure_keys.keys RETURNING keys`,
			b.district, k.def, int64(k.target), int64(k.day), []byte{}).Scan(&raw)
		if err != nil {
			return fmt.Errorf("lock a key set: %w", err)
		}
		set := roaring.New()
		if len(raw) > 0 {
			if err := set.UnmarshalBinary(raw); err != nil {
				return fmt.Errorf("read a key set: %w", err)
			}
		}
		for no, removal := range b.sets[k] {
			if no < 0 || no > 1<<32-1 {
				return fmt.Errorf("key number %d does not fit a set", no)
			}
			present := true
			if removal { // after the lock: another part may still bring the key to this target on this day
				var one int64
				err := tx.QueryRowContext(ctx, `
					SELECT 1 FROM figure_part AS p JOIN org_reach AS r ON r.district = p.district AND r.unit = p.unit
					 WHERE p.district = $1 AND p.def = $2 AND p.keyno = $3 AND p.day = $4
					   AND r.target = $5 AND r.day_from <= p.day AND p.day < r.day_until LIMIT 1`,
					b.district, k.def, no, int64(k.day), int64(k.target)).Scan(&one)
				if present, err = db.One(err); err != nil {
					return err
				}
			}
			if present {
				set.Add(uint32(no))
			} else {
				set.Remove(uint32(no))
			}
		}
		if set.IsEmpty() {
			if _, err := tx.ExecContext(ctx, `DELETE FROM figure_keys WHERE district = $1 AND def = $2 AND target = $3 AND day = $4`,
				b.district, k.def, int64(k.target), int64(k.day)); err != nil {
				return err
			}
			continue
		}
		out, err := set.ToBytes()
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE figure_keys SET keys = $5 WHERE district = $1 AND def = $2 AND target = $3 AND day = $4`,
			b.district, k.def, int64(k.target), int64(k.day), out); err != nil {
			return err
		}
	}
	return nil
}

var cellUpsert, partInsert = map[int]string{}, map[int]string{}

func init() {
	for _, n := range []int{1, 8, 32} {
		cellUpsert[n] = `INSERT INTO figure_cell (district, def, target, grain, bucket, n, a, b, est) VALUES ` + tuples(n, 9) +
			` ON CONFLICT (district, def, target, grain, bucket) DO UPDATE SET n = figure_cell.n + excluded.n,
			a = figure_cell.a + excluded.a, b = figure_cell.b + excluded.b, est = figure_cell.est + excluded.est`
		partInsert[n] = `INSERT INTO figure_part (district, def, unit, day, record, item, rev, span_from, span_until, a, b, est, keyno) VALUES ` + tuples(n, 13)
	}
}

// tuples is ($1,$2),($3,$4) for n rows of some columns.
func tuples(n, columns int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j := range columns {
			if j > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "$%d", i*columns+j+1)
		}
		b.WriteByte(')')
	}
	return b.String()
}

func (b *batch) flushCells(ctx context.Context, tx *db.Tx) error {
	keys := make([]cellKey, 0, len(b.cells))
	for k, c := range b.cells {
		if c != (cell{}) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y cellKey) int {
		return cmp.Or(cmp.Compare(x.def, y.def), cmp.Compare(x.target, y.target), cmp.Compare(x.grain, y.grain), cmp.Compare(x.bucket, y.bucket))
	})
	for len(keys) > 0 {
		n := 1
		if len(keys) >= 32 {
			n = 32
		} else if len(keys) >= 8 {
			n = 8
		}
		args := make([]any, 0, n*9)
		for _, k := range keys[:n] {
			c := b.cells[k]
			args = append(args, b.district, k.def, int64(k.target), k.grain, k.bucket, c.n, c.a, c.b, c.est)
		}
		st, err := tx.Prepared(ctx, cellUpsert[n])
		if err != nil {
			return err
		}
		if _, err := st.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("write cells: %w", err)
		}
		keys = keys[n:]
	}
	return nil
}

// News tells which figures moved to those who may read them where they did.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	for _, g := range by.Grants {
		ok = ok || g.Verbs[Read] && (len(c.Above) == 0 || slices.Contains(c.Above, g.Unit))
	}
	return "figure", map[string][]string{"defs": c.Keys}, ok
}
