package figure

import (
	"context"
	"sort"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Opened is a figure with what it is and where its numbers come from: panel and page begin with it.
type Opened struct {
	Figure
	Definition i18n.Label  `json:"definition"`
	Source     *i18n.Label `json:"source"`
	Version    int64       `json:"version"`
	Kind       string      `json:"kind"` // of the records; "" for a figure computed from others
}

// Panel is everything a figure opens into.
type Panel struct {
	Opened
	Before  *Against   `json:"before"`
	Trend   []Point    `json:"trend"`
	Units   []UnitLine `json:"units"`
	Own     *UnitLine  `json:"own"` // booked at the unit itself
	Terms   []Term     `json:"terms"`
	NotDone NotDone    `json:"not_done"`
	Behind
	Digest string `json:"digest"` // "" where the records are too many to digest on demand
	AsOf   int64  `json:"as_of"`
}

// Page is a figure with everything its page shows besides its composition.
type Page struct {
	Opened
	Group    i18n.Label           `json:"group"`
	Expr     string               `json:"expr"`
	Flow     bool                 `json:"flow"`     // of a period; otherwise as of its last day
	Additive bool                 `json:"additive"` // the units and the unit itself add up to the figure
	Before   *Against             `json:"before"`
	Plan     *Plan                `json:"plan"` // nil without the right to plans
	Terms    []Term               `json:"terms"`
	Trend    []Point              `json:"trend"`
	Units    []UnitLine           `json:"units"`
	Own      *UnitLine            `json:"own"`
	Columns  []string             `json:"columns"` // periods of the lines' parts
	Fields   []indicator.FieldRef `json:"fields"`  // by which the figure can be broken down
	NotDone  NotDone              `json:"not_done"`
	UsedBy   []Name               `json:"used_by"` // figures computed from this one
	Behind
	AsOf int64 `json:"as_of"`
}

// Term is a figure another one is computed from, with its name in the formula.
type Term struct {
	Figure
	Name   string   `json:"name"`
	Before *Against `json:"before"`
}

// Name names a figure.
type Name struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

// NotDone are the units of a coverage's base that have not done it.
type NotDone struct {
	Total int64     `json:"total"`
	Units []org.Ref `json:"units"`
}

// reading is one value of a figure, with the figures of its moment and the rules of its district.
type reading struct {
	x   *indicator.Query
	v   indicator.Value
	set *pack.Set
}

func (s *Service) read(ctx context.Context, q db.Querier, by access.Scope, key string, n org.No, p period.Period) (r reading, err error) {
	if r.x, err = s.Figures.At(ctx, q, by.District); err != nil {
		return r, err
	}
	if r.v, err = r.x.Value(key, n, p); err != nil {
		return r, err
	}
	r.set, err = s.Packs.Current(ctx, q, by.District)
	return r, err
}

// opened words a figure for its unit and period.
func (s *Service) opened(r reading) (Opened, error) {
	def := r.v.Def
	words := def.Words(r.v.Period, r.x.Org().UnitName(r.v.Unit), s.Figures.Keepers.Words(r.set))
	f, err := recorded(r.x, r.v)
	return Opened{f, words, def.Source, def.Version, def.RecordKind()}, err
}

// PanelOf reads a figure with everything it opens into.
func (s *Service) PanelOf(
	ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, n org.No, p period.Period,
) (Panel, error) {
	r, err := s.read(ctx, q, by, key, n, p)
	if err != nil {
		return Panel{}, err
	}
	x, v := r.x, r.v
	out := Panel{AsOf: s.Clock.Now().UnixMilli()}
	if out.Opened, err = s.opened(r); err != nil {
		return out, err
	}
	if out.Before, err = yearBefore(x, v); err != nil {
		return out, err
	}
	if out.Trend, err = months(x, v, period.Day(by.Today)); err != nil {
		return out, err
	}
	if out.Units, out.Own, err = someUnits(x, v); err != nil {
		return out, err
	}
	if out.Terms, err = terms(x, v); err != nil {
		return out, err
	}
	if out.NotDone, err = notDone(x, v, 50); err != nil {
		return out, err
	}
	if out.Behind, err = s.behind(ctx, q, by, lang, x, v, 20); err != nil {
		return out, err
	}
	if out.Unrecorded {
		emptyLines(out.Units, out.Own)
		emptyPoints(out.Trend)
	}
	if out.RecordsTotal <= indicator.DigestLimit {
		if out.Digest, err = x.DigestOf(key, n, p); err != nil {
			return out, err
		}
	}
	return out, nil
}

// PageOf reads the page of a figure. by is "month", "quarter" or "year".
func (s *Service) PageOf(
	ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, n org.No, p period.Period, grain string,
) (Page, error) {
	r, err := s.read(ctx, q, by, key, n, p)
	if err != nil {
		return Page{}, err
	}
	x, v, keepers := r.x, r.v, s.Figures.Keepers
	out := Page{Group: keepers.Group(r.set, v.Def.Definition), Expr: v.Def.Expr, Flow: flowing(x, v.Def, p),
		Fields: keepers.Breakable(r.set, v.Def), AsOf: s.Clock.Now().UnixMilli()}
	if out.Opened, err = s.opened(r); err != nil {
		return out, err
	}
	if out.Before, err = yearBefore(x, v); err != nil {
		return out, err
	}
	if out.Terms, err = terms(x, v); err != nil {
		return out, err
	}
	if out.Trend, err = trend(x, v, grain, period.Day(by.Today)); err != nil {
		return out, err
	}
	if err := unitLines(x, &out, v); err != nil {
		return out, err
	}
	if err := s.planOf(ctx, q, by, x, &out, v, grain); err != nil {
		return out, err
	}
	if out.Unrecorded {
		emptyLines(out.Units, out.Own)
		emptyPoints(out.Trend)
	}
	if out.NotDone, err = notDone(x, v, 2000); err != nil {
		return out, err
	}
	all, err := s.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	for _, other := range all {
		for _, t := range x.Terms(other) {
			if t == key {
				out.UsedBy = append(out.UsedBy, Name{other.Key, other.Title})
				break
			}
		}
	}
	out.Behind, err = s.behind(ctx, q, by, lang, x, v, 50)
	return out, err
}

// terms reads both terms of a ratio, and every operand of a formula under its name.
func terms(x *indicator.Query, v indicator.Value) ([]Term, error) {
	var out []Term
	names := map[string]string{}
	for name, key := range v.Def.OfMap() {
		names[key] = strings.TrimPrefix(names[key]+"、"+name, "、")
	}
	for _, key := range x.Terms(v.Def) {
		t, err := x.Value(key, v.Unit, v.Period)
		if err != nil {
			return nil, err
		}
		was, err := yearBefore(x, t)
		if err != nil {
			return nil, err
		}
		out = append(out, Term{figure(x.Org(), t), names[key], was})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}

// notDone lists the units of a coverage's base that have not done it, limit at most.
func notDone(x *indicator.Query, v indicator.Value, limit int) (NotDone, error) {
	units, total, err := x.NotDone(v.Def.Key, v.Unit, v.Period, limit)
	out := NotDone{Total: total}
	for _, u := range units {
		out.Units = append(out.Units, x.Org().Ref(u, v.Period.Last()))
	}
	return out, err
}
