// Package indicator computes figures over records. Keepers of records call Apply in the transaction that changes
// what counts, so a figure is never behind its records; nothing else in Sifen sums over records.
package indicator

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"sync"

	"sifen/internal/db"
	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/memo"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Definition is a figure's rule as packs write it.
type Definition struct {
	Key      string      `yaml:"key" json:"key"`
	Title    i18n.Label  `yaml:"title" json:"title"`
	Names    []string    `yaml:"names,omitempty" json:"names,omitempty"` // further Chinese names for templates
	Unit     *i18n.Label `yaml:"unit,omitempty" json:"unit,omitempty"`
	Source   *i18n.Label `yaml:"source,omitempty" json:"source,omitempty"`
	Decimals int         `yaml:"decimals,omitempty" json:"decimals,omitempty"`
	Kind     string      `yaml:"kind,omitempty" json:"kind,omitempty"`
	Measure  string      `yaml:"measure" json:"measure"`
	Field    string      `yaml:"field,omitempty" json:"field,omitempty"`
	Group    string      `yaml:"group,omitempty" json:"group,omitempty"` // a repeated group: every repetition is an item
	Where    string      `yaml:"where,omitempty" json:"where,omitempty"`
	Subject  string      `yaml:"subject,omitempty" json:"subject,omitempty"`
	KeyField string      `yaml:"key_field,omitempty" json:"key_field,omitempty"`
	Done     string      `yaml:"done,omitempty" json:"done,omitempty"`
	Must     *Must       `yaml:"must,omitempty" json:"must,omitempty"`
	Part     string      `yaml:"part,omitempty" json:"part,omitempty"`
	Of       any         `yaml:"of,omitempty" json:"of,omitempty"` // a key; for a formula a map of names to keys
	Per      string      `yaml:"per,omitempty" json:"per,omitempty"`
	Expr     string      `yaml:"expr,omitempty" json:"expr,omitempty"`
}

// Must is the base of a coverage: the unit types that have to do it.
type Must struct {
	Types []string `yaml:"types" json:"types"`
}

// The measures.
const (
	Count    = "count"
	Sum      = "sum"
	Stock    = "stock"
	Level    = "level"
	Distinct = "distinct"
	Ratio    = "ratio"
	Mean     = "mean"
	Formula  = "formula"
	Coverage = "coverage"
	Gap      = "gap" // the units of a coverage's base that have not done it
)

// derived reports whether a measure is computed from others when read and has no parts of its own.
func derived(measure string) bool {
	return measure == Ratio || measure == Mean || measure == Formula || measure == Gap
}

// OfKey is the key a ratio, mean or gap refers to.
func (d Definition) OfKey() string { s, _ := d.Of.(string); return s }

// OfMap is the map of a formula's inputs.
func (d Definition) OfMap() map[string]string {
	out := map[string]string{}
	switch m := d.Of.(type) {
	case map[string]any:
		for k, v := range m {
			out[k] = fmt.Sprint(v)
		}
	case map[any]any:
		for k, v := range m {
			out[fmt.Sprint(k)] = fmt.Sprint(v)
		}
	}
	return out
}

// Type is the pack object type "indicators"; keepers knows the kinds that no pack defines.
func Type(keepers *Keepers) pack.Type {
	return pack.Type{
		Dir: "indicators",
		Decode: func(o *pack.Object) (any, error) {
			var d Definition
			return d, pack.Strict(o, &d)
		},
		Check:  keepers.check,
		Fresh:  keepers.fresh,
		Schema: schema,
	}
}

// Terms are the figures a definition is computed from, in the order they are shown; none for one with records of its own.
func (d Definition) Terms() []string {
	switch d.Measure {
	case Ratio:
		return []string{d.Part, d.OfKey()}
	case Mean:
		return []string{d.OfKey(), d.Per}
	case Gap:
		return []string{d.OfKey()}
	case Formula:
		var out []string
		for _, k := range d.OfMap() {
			if !contains(out, k) {
				out = append(out, k)
			}
		}
		sort.Strings(out)
		return out
	}
	return nil
}

// stored is the body of figure_def: the definition and the types of its inputs at that time.
type stored struct {
	Definition
	Inputs  map[string]formula.Type `json:"inputs,omitempty"`
	Lasting bool                    `json:"lasting,omitempty"`
}

// Def is one version of a definition at work.
type Def struct {
	Definition
	No        int64
	Version   int64
	From      period.Day
	State     string // building, active
	Watermark string
	Lasting   bool
	where     *formula.Program
}

// served reports whether Apply must serve this version for a record.
func (d *Def) served(record string) bool {
	return d.State == "active" || d.Watermark != "" && record <= d.Watermark
}

type defs struct {
	stamp  int64
	all    []*Def
	byKind map[string][]*Def
	byKey  map[string][]*Def // ascending versions
}

// kindsOf are the kinds of records that any version of a figure counts, itself or over its terms.
func (c *defs) kindsOf(key string) (out []string) {
	for _, d := range c.byKey[key] {
		if k := d.RecordKind(); k != "" {
			out = append(out, k)
		}
		for _, t := range d.Terms() {
			out = append(out, c.kindsOf(t)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Engine computes figures.
type Engine struct {
	Keepers *Keepers
	Orgs    *org.Store
	mu      sync.Mutex
	cache   map[int64]*defs
	memo    *memo.Memo
}

// New makes an engine over the records of keepers.
func New(orgs *org.Store, keepers *Keepers) *Engine {
	return &Engine{Keepers: keepers, Orgs: orgs, memo: memo.New(keptBytes)}
}

// ErrFigure says that no figure has this key.
var ErrFigure = problem.New(problem.NotFound, "indicator.no-figure", nil)

func (e *Engine) defs(ctx context.Context, q db.Querier, district int64) (*defs, error) {
	var stamp int64
	err := q.QueryRowContext(ctx, `SELECT value FROM counter WHERE district = $1 AND name = 'figure-stamp'`, district).Scan(&stamp)
	if _, err = db.One(err); err != nil {
		return nil, err
	}
	e.mu.Lock()
	c := e.cache[district]
	e.mu.Unlock()
	if c != nil && c.stamp == stamp {
		return c, nil
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (*Def, error) {
		d := &Def{}
		var body, kind string
		if err := r.Scan(&d.No, &d.Version, &body, &kind, &d.From, &d.State, &d.Watermark); err != nil {
			return nil, err
		}
		var s stored
		if err := json.Unmarshal([]byte(body), &s); err != nil {
			return nil, err
		}
		d.Definition, d.Lasting = s.Definition, s.Lasting
		if d.Where != "" {
			p, err := formula.Compile(d.Where, s.Inputs, formula.Bool)
			if err != nil {
				return nil, fmt.Errorf("stored definition %s: %w", d.Key, err)
			}
			d.where = p
		}
		return d, nil
	}, `SELECT def, version, body, kind, in_force_from, state, watermark FROM figure_def WHERE district = $1 ORDER BY key, version`, district)
	if err != nil {
		return nil, err
	}
	c = &defs{stamp: stamp, all: list, byKind: map[string][]*Def{}, byKey: map[string][]*Def{}}
	for _, d := range list {
		c.byKey[d.Key] = append(c.byKey[d.Key], d)
		if k := d.RecordKind(); k != "" {
			c.byKind[k] = append(c.byKind[k], d)
		}
	}
	if _, tx := q.(*db.Tx); !tx {
		e.mu.Lock()
		if e.cache == nil {
			e.cache = map[int64]*defs{}
		}
		e.cache[district] = c
		e.mu.Unlock()
	}
	return c, nil
}

// RecordKind is the kind of the records a figure counts; "" for one computed from others.
func (d *Def) RecordKind() string {
	if d.Measure == Coverage {
		return d.Done
	}
	return d.Kind
}

// at returns the version in force on the last day of p.
func (c *defs) at(key string, p period.Period) (*Def, error) {
	var best *Def
	for _, d := range c.byKey[key] {
		if d.State == "active" && (best == nil || d.From <= p.Last()) {
			best = d
		}
	}
	if best == nil {
		return nil, ErrFigure.With("key", key)
	}
	return best, nil
}

// Catalogue lists the newest active version of every figure, by key.
func (e *Engine) Catalogue(ctx context.Context, q db.Querier, district int64) ([]*Def, error) {
	c, err := e.defs(ctx, q, district)
	if err != nil {
		return nil, err
	}
	newest := map[string]*Def{}
	var order []string
	for _, d := range c.all {
		if d.State != "active" {
			continue
		}
		if newest[d.Key] == nil {
			order = append(order, d.Key)
		}
		newest[d.Key] = d
	}
	out := make([]*Def, len(order))
	for i, k := range order {
		out[i] = newest[k]
	}
	return out, nil
}

// DefFor returns the version of a figure that a period uses.
func (e *Engine) DefFor(ctx context.Context, q db.Querier, district int64, key string, p period.Period) (*Def, error) {
	c, err := e.defs(ctx, q, district)
	if err != nil {
		return nil, err
	}
	return c.at(key, p)
}
