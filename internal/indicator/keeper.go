package indicator

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Keeper is whoever keeps records that figures count. Figure pages, differences of documents and pages of sources ask
// keepers through this port and know none by name.
type Keeper interface {
	// Name is that of the keeper's module: pages open its records.
	Name() string
	// Verb is what it takes to see a record.
	Verb() access.Verb
	// Own are the kinds the keeper makes by itself, beside those of packs.
	Own() []*kind.Kind
	// Scan gives the counted records of a kind in ascending order of id, for building and for verification.
	Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]Record, error)
	// Fields gives the values of some records by id, for compositions.
	Fields(ctx context.Context, q db.Querier, district int64, key string, ids []string) (map[string]kind.Fields, error)
	// Rows shows records inside the caller's reach, in the order of their ids here; others are left out.
	Rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string) ([]Row, error)
	// Uncounted says what a figure of a kind, a unit and a period does not count yet or any more, and why.
	Uncounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]Uncounted, error)
	// LastChanges tells of records inside the caller's reach who changed each last since an instant; others are left out.
	LastChanges(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string, since int64) (map[string]LastChange, error)
}

// Row is a record behind a figure.
type Row struct {
	ID        string     `json:"id"`
	Number    string     `json:"number"`
	Kind      string     `json:"kind"`
	KindTitle i18n.Label `json:"kind_title"`
	Title     string     `json:"title"`
	Unit      org.Ref    `json:"unit"`
	From      string     `json:"from"`
	Until     *string    `json:"until"` // the last day; null is open
	Photos    int64      `json:"photos"`
	Thumb     string     `json:"thumb"`
	Counted   bool       `json:"counted"`
	Link      string     `json:"link"` // path of its page
}

// Uncounted is a number of records that a figure does not count.
type Uncounted struct {
	Why   string     `json:"why"` // a state; stands in addresses of lists
	Title i18n.Label `json:"title"`
	N     int64      `json:"n"`
}

// Stays words how many records of each state are not counted, in the order of the states that can be; none are left out.
func Stays(n map[string]int64, states ...Uncounted) []Uncounted {
	var out []Uncounted
	for _, x := range states {
		if x.N = n[x.Why]; x.N > 0 {
			out = append(out, x)
		}
	}
	return out
}

// LastChange is what happened last to a record. By is "" and At 0 where nothing did since the instant asked for.
type LastChange struct {
	Row
	By     string
	At     int64
	Op     string
	Reason string
}

// Keeping is a keeper with the kinds of packs it takes over from the default keeper, and since when: Since says whether it
// has in a district.
type Keeping struct {
	Keeper
	Default bool     // keeps every kind of packs that no other one has taken
	Takes   []string // kinds of packs
	Since   func(ctx context.Context, q db.Querier, district int64) (bool, error)
}

// Keepers knows who keeps what. It is filled once and sealed before anything is asked.
type Keepers struct {
	all    []Keeping
	own    map[string]*kind.Kind
	ownBy  map[string]Keeper
	takes  map[string]Keeping
	rest   Keeper
	sealed bool
}

// NewKeepers makes an empty registry.
func NewKeepers() *Keepers {
	return &Keepers{own: map[string]*kind.Kind{}, ownBy: map[string]Keeper{}, takes: map[string]Keeping{}}
}

// Add puts keepers in. A kind kept twice, two defaults, or one after Seal panics: it is a mistake in the program.
func (r *Keepers) Add(list ...Keeping) {
	for _, k := range list {
		if r.sealed {
			panic("indicator: keeper " + k.Name() + " is added too late")
		}
		r.all = append(r.all, k)
		for _, own := range k.Own() {
			if r.own[own.Key] != nil {
				panic("indicator: two keepers of " + own.Key)
			}
			r.own[own.Key], r.ownBy[own.Key] = own, k.Keeper
		}
		for _, key := range k.Takes {
			if _, twice := r.takes[key]; twice {
				panic("indicator: two keepers take " + key)
			}
			r.takes[key] = k
		}
		if k.Default {
			if r.rest != nil {
				panic("indicator: two default keepers")
			}
			r.rest = k.Keeper
		}
	}
}

// Seal ends the adding.
func (r *Keepers) Seal() { r.sealed = true }

// Of is the keeper of a kind in a district today.
func (r *Keepers) Of(ctx context.Context, q db.Querier, district int64, key string) (Keeper, error) {
	if k, ok := r.ownBy[key]; ok {
		return k, nil
	}
	if k, ok := r.takes[key]; ok {
		if since, err := k.Since(ctx, q, district); err != nil || since {
			return k.Keeper, err
		}
	}
	if r.rest == nil {
		return nil, fmt.Errorf("nobody keeps records of %s", key)
	}
	return r.rest, nil
}

// IsOwn reports whether a keeper makes a kind by itself: no pack defines it.
func (r *Keepers) IsOwn(key string) bool { return r.own[key] != nil }

// Kind finds a kind of records, of a keeper or of the packs; nil when there is none.
func (r *Keepers) Kind(set *pack.Set, key string) *kind.Kind {
	if k, ok := r.own[key]; ok {
		return k
	}
	k, err := kind.Of(set, key)
	if err != nil {
		return nil
	}
	return k
}

func same(s string) i18n.Label { return i18n.Label{Zh: s, En: s} }

// Words tells the names of kinds, fields, options, figures and unit types.
func (r *Keepers) Words(set *pack.Set) Titles {
	t := Titles{
		Kind: func(key string) i18n.Label {
			if k := r.Kind(set, key); k != nil && k.Title != (i18n.Label{}) {
				return k.Title
			}
			return same(key)
		},
		Field: func(key, field string) i18n.Label {
			if k := r.Kind(set, key); k != nil {
				if f, ok := fieldIn(k, "", field); ok {
					return f.Title
				}
			}
			return same(field)
		},
		Figure: func(key string) i18n.Label {
			if o := set.Get("indicators", key); o != nil {
				if def, ok := o.Value.(Definition); ok {
					return def.Title
				}
			}
			return same(key)
		},
		Type: func(t string) i18n.Label { return org.Type(t).Title() },
	}
	t.Option = func(key, field, option string) i18n.Label {
		if k := r.Kind(set, key); k != nil {
			if f, ok := fieldIn(k, "", field); ok {
				if f.Type == "kind" {
					return t.Kind(option)
				}
				if o, ok := f.Option(option); ok {
					return o.Title
				}
			}
		}
		return same(option)
	}
	return t
}

// fieldIn finds a field of a kind: of a group first, then of the record, then inside any other group.
func fieldIn(k *kind.Kind, group, key string) (kind.Field, bool) {
	if g, ok := k.Field(group); ok && group != "" {
		if f, ok := g.Field(key); ok {
			return f, true
		}
	}
	if f, ok := k.Field(key); ok {
		return f, true
	}
	for _, g := range k.Fields {
		if f, ok := g.Field(key); ok {
			return f, true
		}
	}
	return kind.Field{}, false
}

// Group is the heading a figure stands under: that of the kind of its records, or of its first term.
func (r *Keepers) Group(set *pack.Set, d Definition) i18n.Label { return r.group(set, d, 0) }

func (r *Keepers) group(set *pack.Set, d Definition, depth int) i18n.Label {
	key := d.Kind
	if d.Done != "" {
		key = d.Done
	}
	if k := r.Kind(set, key); k != nil {
		return k.Group
	}
	for _, term := range d.Terms() {
		if o := set.Get("indicators", term); o != nil && depth < 8 {
			if t, ok := o.Value.(Definition); ok {
				return r.group(set, t, depth+1)
			}
		}
	}
	return i18n.Label{Zh: "其他", En: "Other"}
}

// FieldRef names a field by which a figure can be broken down.
type FieldRef struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

// Breakable lists the choices of a kind by which a figure can be broken down; one that its condition fixes says nothing.
func (r *Keepers) Breakable(set *pack.Set, d *Def) []FieldRef {
	out := []FieldRef{}
	switch d.Measure {
	case Count, Sum, Stock, Level:
	default:
		return out
	}
	k := r.Kind(set, d.Kind)
	if k == nil {
		return out
	}
	add := func(fields []kind.Field) {
		for _, f := range fields {
			switch f.Type {
			case "choice", "bool", "kind":
				if !fixes(d.Where, f) {
					out = append(out, FieldRef{f.Key, f.Title})
				}
			}
		}
	}
	if d.Group != "" {
		if g, ok := k.Field(d.Group); ok {
			add(g.Fields)
		}
	}
	add(k.Fields)
	return out
}

// fixes reports whether a condition leaves a field one value.
func fixes(where string, f kind.Field) bool {
	if strings.Contains(where, f.Key+" ==") {
		return true
	}
	if f.Type != "bool" {
		return false
	}
	for _, term := range strings.Split(where, "&&") {
		if strings.TrimPrefix(strings.TrimSpace(term), "!") == f.Key {
			return true
		}
	}
	return false
}

// OptionOf names a value of a field by which a figure is broken down.
func (r *Keepers) OptionOf(set *pack.Set, d *Def, field, option string) i18n.Label {
	k := r.Kind(set, d.Kind)
	if k == nil {
		return same(option)
	}
	f, ok := fieldIn(k, d.Group, field)
	if !ok {
		return same(option)
	}
	if f.Type == "kind" {
		return r.Words(set).Kind(option)
	}
	if o, ok := f.Option(option); ok {
		return o.Title
	}
	return same(option)
}
