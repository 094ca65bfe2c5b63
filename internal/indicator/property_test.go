package indicator_test

import (
	"context"
	"fmt"
	"os"
	"sort"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/reorg"
)

// kinds of the property test, as far as figures look at them.
const kindsYAML = `
- {key: event, fields: [{key: n, type: count}, {key: who, type: text}, {key: shift, type: choice, options: [{key: day}, {key: night}]}]}
- {key: thing, state: {from: a, until: b}, fields: [{key: n, type: count}, {key: lot, type: text}]}
- {key: reading, fields: [{key: bin, type: text}, {key: n, type: count}, {key: ok, type: bool}]}
`

const figuresYAML = `
- {key: f.count, kind: event, measure: count, title: {zh: a, en: a}}
- {key: f.night, kind: event, measure: count, where: shift == "night", title: {zh: a, en: a}}
- {key: f.sum, kind: event, measure: sum, field: n, title: {zh: a, en: a}}
- {key: f.people, kind: event, measure: distinct, key_field: who, title: {zh: a, en: a}}
- {key: f.units, kind: event, measure: distinct, key_field: unit, title: {zh: a, en: a}}
- {key: s.count, kind: thing, measure: stock, title: {zh: a, en: a}}
- {key: s.sum, kind: thing, measure: stock, field: n, title: {zh: a, en: a}}
- {key: s.lots, kind: thing, measure: distinct, key_field: lot, title: {zh: a, en: a}}
- {key: l.sum, kind: reading, measure: level, subject: bin, field: n, where: ok, title: {zh: a, en: a}}
- {key: c.all, measure: coverage, done: thing, must: {types: [community, village]}, title: {zh: a, en: a}}
- {key: c.gap, measure: gap, of: c.all, title: {zh: a, en: a}}
- {key: r.mean, measure: mean, of: f.sum, per: f.count, title: {zh: a, en: a}}
- {key: r.share, measure: ratio, part: f.night, of: f.count, title: {zh: a, en: a}}
- {key: x.each, measure: formula, expr: 'a * 100 / b + m', of: {a: s.sum, b: f.people, m: r.mean}, title: {zh: a, en: a}}
`

// keeper holds the records of the test: what counts now.
type keeper struct {
	indicator.Keeper // nothing else is asked of it here
	records          map[string]indicator.Record
}

func (k *keeper) Name() string { return "test" }

func (k *keeper) Own() []*kind.Kind { return nil }

func (k *keeper) Scan(_ context.Context, _ db.Querier, _ int64, kind, after string, limit int) ([]indicator.Record, error) {
	var ids []string
	for id, r := range k.records {
		if r.Kind == kind && id > after {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	var out []indicator.Record
	for _, id := range ids[:min(len(ids), limit)] {
		out = append(out, k.records[id])
	}
	return out, nil
}

func (k *keeper) Fields(_ context.Context, _ db.Querier, _ int64, _ string, ids []string) (map[string]kind.Fields, error) {
	out := map[string]kind.Fields{}
	for _, id := range ids {
		out[id] = k.records[id].Fields
	}
	return out, nil
}

// side is one database under the same history.
type side struct {
	d       *db.DB
	engine  *indicator.Engine
	service *reorg.Service
}

type world struct {
	t        *rapid.T
	sides    []*side
	keeper   *keeper
	district int64
	by       access.Scope
	units    []org.No
	packs    int64
	ending   bool // the last step: what costs more is looked at once a history
}

var (
	first = period.Date(2019, 11, 1)
	days  = 500
)

func newWorld(t *rapid.T, dbs []*db.DB) *world {
	ctx := context.Background()
	w := &world{t: t, keeper: &keeper{records: map[string]indicator.Record{}}}
	for _, d := range dbs {
		s := &side{d: d}
		w.restart(s)
		w.sides = append(w.sides, s)
		w.must(d.Write(ctx, func(tx *db.Tx) error {
			var err error
			w.district, err = org.Create(ctx, tx, "990001", "测试区", time.Unix(0, 0))
			return err
		}))
	}
	w.by = access.System(w.district, int64(first), "test")
	w.define(figuresYAML)
	for i := range 2 {
		s := w.add(1, org.Street, fmt.Sprintf("街%d", i))
		for j := range 3 {
			w.add(s, []org.Type{org.Community, org.Village}[j%2], fmt.Sprintf("社区%d-%d", i, j))
		}
	}
	w.add(1, org.Department, "教育局")
	return w
}

// restart forgets everything a process remembers.
func (w *world) restart(s *side) {
	keepers := indicator.NewKeepers()
	keepers.Add(indicator.Keeping{Keeper: w.keeper, Default: true})
	s.engine = indicator.New(&org.Store{}, keepers)
	s.service = reorg.New(module.Platform{DB: s.d, Clock: clock.At(time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)), Figures: s.engine})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) add(parent org.No, typ org.Type, name string) org.No {
	var no org.No
	w.must(w.alone(func(s *side, tx *db.Tx) error {
		return s.service.Do(context.Background(), tx, w.by, 0, "add", 1, func(o *org.Org) error {
			var err error
			no, err = org.Add(context.Background(), tx, o, "", name, typ, parent, 0)
			return err
		})
	}))
	w.units = append(w.units, no)
	return no
}

// alone runs f on every side after the exclusive lock; all sides must agree on whether it is refused.
func (w *world) alone(f func(*side, *db.Tx) error) error {
	var first error
	for i, s := range w.sides {
		err := s.d.Write(context.Background(), func(tx *db.Tx) error {
			if err := indicator.Exclusive(context.Background(), tx, w.district); err != nil {
				return err
			}
			return f(s, tx)
		})
		if i == 0 {
			first = err
		} else if (first == nil) != (err == nil) {
			w.t.Fatalf("one database says %v, the other %v", first, err)
		}
	}
	return first
}

// define makes new versions of figures; they are built batch by batch later.
func (w *world) define(yaml string) {
	reg := pack.NewRegistry(pack.Type{Dir: "kinds", Decode: kind.Type().Decode}, indicator.Type(indicator.NewKeepers()))
	w.packs++
	p, faults := reg.Load(fstest.MapFS{
		"pack.yaml":       {Data: []byte("key: test\nversion: \"" + fmt.Sprint(w.packs) + "\"\n")},
		"kinds/all.yaml":  {Data: []byte(kindsYAML)},
		"indicators.yaml": {Data: []byte("")},
	})
	if yaml != "" {
		p, faults = reg.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: test\n")}, "kinds/all.yaml": {Data: []byte(kindsYAML)},
			"indicators/all.yaml": {Data: []byte(yaml)}})
	}
	if len(faults) > 0 {
		w.t.Fatal(faults)
	}
	w.must(w.alone(func(s *side, tx *db.Tx) error {
		if _, err := pack.Apply(context.Background(), tx, w.district, p, 0, time.Unix(w.packs, 0)); err != nil {
			return err
		}
		set, err := pack.Stored(context.Background(), tx, w.district)
		if err != nil {
			return err
		}
		if faults := reg.Resolve(set); len(faults) > 0 {
			return fmt.Errorf("%s", faults[0])
		}
		return s.engine.Sync(context.Background(), tx, w.district, set)
	}))
}

func (w *world) build(steps int) {
	for _, s := range w.sides {
		for range steps {
			done := false
			w.must(s.d.Write(context.Background(), func(tx *db.Tx) (err error) {
				done, err = s.engine.BuildStep(indicator.WithTime(context.Background(), time.Unix(1, 0)), tx, w.district)
				return err
			}))
			if done {
				break
			}
		}
	}
}

func (w *world) unit(label string) org.No { return rapid.SampledFrom(w.units).Draw(w.t, label) }

func (w *world) day(label string) period.Day {
	return first + period.Day(rapid.IntRange(0, days).Draw(w.t, label))
}

// record draws what an entry counts as.
func (w *world) record(id string, rev int64) *indicator.Record {
	r := &indicator.Record{ID: id, Rev: rev, Unit: w.unit("unit"), From: w.day("from"), Fields: kind.Fields{}}
	switch rapid.IntRange(0, 2).Draw(w.t, "kind") {
	case 0:
		r.Kind, r.Until = "event", r.From+period.Day(rapid.SampledFrom([]int{1, 1, 1, 4, 40}).Draw(w.t, "length"))
		r.Fields["who"] = rapid.SampledFrom([]string{"甲", "乙", "丙"}).Draw(w.t, "who")
		if rapid.Bool().Draw(w.t, "has shift") {
			r.Fields["shift"] = rapid.SampledFrom([]string{"day", "night"}).Draw(w.t, "shift")
		}
		if rapid.Bool().Draw(w.t, "has n") {
			r.Fields["n"] = rapid.Int64Range(0, 50).Draw(w.t, "n")
			r.Fields["n.basis"] = rapid.SampledFrom([]string{"counted", "estimated"}).Draw(w.t, "basis")
		}
	case 1:
		r.Kind, r.Until = "thing", period.Open
		if rapid.Bool().Draw(w.t, "ends") {
			r.Until = r.From + period.Day(rapid.IntRange(1, 300).Draw(w.t, "lasts"))
		}
		r.Fields["n"] = rapid.Int64Range(0, 50).Draw(w.t, "n")
		r.Fields["lot"] = rapid.SampledFrom([]string{"一", "二"}).Draw(w.t, "lot")
	default:
		r.Kind, r.Until = "reading", r.From+1
		r.Fields["bin"] = rapid.SampledFrom([]string{"A", "B"}).Draw(w.t, "bin")
		r.Fields["n"] = rapid.Int64Range(0, 50).Draw(w.t, "n")
		r.Fields["ok"] = rapid.IntRange(0, 3).Draw(w.t, "ok") > 0
	}
	return r
}

// change applies one or more changes in one transaction, as keepers do.
func (w *world) change(n int) {
	var changes []indicator.Change
	next := map[string]indicator.Record{}
	for k, v := range w.keeper.records {
		next[k] = v
	}
	for range n {
		id := fmt.Sprintf("%032d", rapid.IntRange(1, 25).Draw(w.t, "id"))
		var ch indicator.Change
		if old, ok := next[id]; ok {
			o := old
			ch.Before = &o
			delete(next, id)
		}
		if ch.Before == nil || rapid.IntRange(0, 3).Draw(w.t, "void") > 0 {
			rev := int64(1)
			if ch.Before != nil {
				rev = ch.Before.Rev + 1
			}
			ch.After = w.record(id, rev)
			if ch.Before != nil && ch.Before.Kind != ch.After.Kind { // an entry never changes its kind
				ch.After.Kind, ch.After.Fields, ch.After.Until = ch.Before.Kind, ch.Before.Fields, ch.After.From+(ch.Before.Until-ch.Before.From)
				if ch.Before.Until == period.Open {
					ch.After.Until = period.Open
				}
			}
			next[id] = *ch.After
		}
		changes = append(changes, ch)
	}
	for _, s := range w.sides {
		w.must(s.d.Write(context.Background(), func(tx *db.Tx) error {
			if err := indicator.Shared(context.Background(), tx, w.district); err != nil {
				return err
			}
			return s.engine.Apply(indicator.WithTime(context.Background(), time.Unix(1, 0)), tx, w.district, changes)
		}))
	}
	w.keeper.records = next
}

// reorganise moves, merges, closes or links; what the rules refuse is refused.
func (w *world) reorganise() {
	ctx := context.Background()
	u, v, from := w.unit("moved"), w.unit("to"), w.day("from day")
	op := rapid.IntRange(0, 3).Draw(w.t, "reorganisation")
	err := w.alone(func(s *side, tx *db.Tx) error {
		return s.service.Do(ctx, tx, w.by, from, "test", 1, func(o *org.Org) error {
			switch op {
			case 0:
				return org.Move(ctx, tx, o, u, v, from)
			case 1:
				return org.Merge(ctx, tx, o, u, v, from)
			case 2:
				return org.Link(ctx, tx, o, u, v, from, from+200)
			}
			return org.Close(ctx, tx, o, u, from)
		})
	})
	if _, refused := err.(*problem.Error); err != nil && !refused {
		w.t.Fatal(err)
	}
}

// history runs one random history on every database in step.
func history(t *rapid.T, dbs []*db.DB) {
	w := newWorld(t, dbs)
	w.build(100)
	steps := rapid.IntRange(3, 9).Draw(t, "steps")
	for i := range steps {
		w.ending = i == steps-1
		switch rapid.IntRange(0, 5).Draw(t, "step") {
		case 0, 1, 2:
			w.change(rapid.IntRange(1, 6).Draw(t, "changes"))
		case 3, 4:
			w.reorganise()
		default:
			// a new version of one figure, built while records change, with a restart in between
			w.define(fmt.Sprintf("- {key: f.night, kind: event, measure: count, where: shift == %q, title: {zh: a, en: v%d}}",
				rapid.SampledFrom([]string{"day", "night"}).Draw(t, "new where"), w.packs))
			w.change(2)
			for _, s := range w.sides {
				w.restart(s)
			}
			w.build(100)
		}
		w.check()
	}
}

// TestCellsEqualTheOracle is the law of the figure engine: after every step of any history, what is stored equals what
// the records give, children and own equal the parent, and digests agree across databases.
func TestCellsEqualTheOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp("", "prop")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		lite, err := db.Open(context.Background(), dir, "")
		if err != nil {
			rt.Fatal(err)
		}
		defer lite.Close()
		dbs := []*db.DB{lite}
		if os.Getenv("SIFEN_POSTGRES") != "" {
			pg, err := db.Open(context.Background(), "", dbtest.URL(t))
			if err != nil {
				rt.Fatal(err)
			}
			defer pg.Close()
			dbs = append(dbs, pg)
		}
		history(rt, dbs)
	})
}
