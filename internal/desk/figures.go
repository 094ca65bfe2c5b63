package desk

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
	"sifen/internal/problem"
	"sifen/internal/unit"
)

const readFigure access.Verb = "figure.read"

// Figure is a figure of one unit and period.
type Figure struct {
	Key       string      `json:"key"`
	Title     i18n.Label  `json:"title"`
	UnitOf    *i18n.Label `json:"unit_of"`
	Unit      UnitRef     `json:"unit"`
	Period    string      `json:"period"`
	Measure   string      `json:"measure"`
	Value     *int64      `json:"value"`
	Decimals  int         `json:"decimals"`
	Display   string      `json:"display"`
	Part      *int64      `json:"part"`
	Of        *int64      `json:"of"`
	Estimated int64       `json:"estimated"`
	Undefined bool        `json:"undefined"`
}

// Of turns a value into what pages show.
func figure(o *org.Org, v indicator.Value) Figure {
	f := Figure{Key: v.Def.Key, Title: v.Def.Title, UnitOf: v.Def.Unit, Unit: unitRef(o, v.Unit, v.Period.Last()), Period: v.Period.String(), Measure: v.Def.Measure,
		Decimals: v.Def.Decimals, Display: v.Screen(), Estimated: v.Est, Undefined: !v.Defined}
	if v.HasTerms {
		part, of := v.Part, v.Of
		f.Part, f.Of = &part, &of
	}
	if v.Defined && v.Def.Measure != indicator.Ratio && v.Def.Measure != indicator.Coverage {
		a := v.A
		f.Value = &a
	}
	return f
}

// Previous compares with the same period a year earlier.
type Previous struct {
	Period     string  `json:"period"`
	Value      *int64  `json:"value"`
	Display    string  `json:"display"`
	Part       *int64  `json:"part"`
	Of         *int64  `json:"of"`
	Change     *int64  `json:"change"`
	ChangeText string  `json:"change_text"`
	ChangePct  *string `json:"change_pct"`
	Since      string  `json:"since"` // the month in which the records begin, where it lies inside the earlier period: there is no whole base to compare with
}

// recordedSince is the month in which a figure's records begin at its unit, where that lies inside an earlier period; ""
// where the period is whole, and for figures that are not sums over days.
func recordedSince(x *indicator.Query, b indicator.Value) (string, error) {
	first, ok, err := x.Since(b.Def, b.Unit)
	if err != nil || !ok || first <= b.Period.From || first >= b.Period.Until {
		return "", err
	}
	return first.String()[:7], nil
}

// Month is one bar.
type Month struct {
	Period  string `json:"period"`
	Value   int64  `json:"value"`
	Display string `json:"display"`
	Partial bool   `json:"partial"`
}

// Child is a figure of a unit below.
type Child struct {
	Unit    UnitRef `json:"unit"`
	Value   int64   `json:"value"`
	Display string  `json:"display"`
	Part    *int64  `json:"part"`
	Of      *int64  `json:"of"`
}

// Panel is everything a figure opens into.
type Panel struct {
	Figure
	Definition i18n.Label  `json:"definition"`
	Source     *i18n.Label `json:"source"`
	Version    int64       `json:"version"`
	Kind       string      `json:"kind"`
	Previous   *Previous   `json:"previous"`
	Months     []Month     `json:"months"`
	Children   []Child     `json:"children"`
	Own        *Child      `json:"own"` // booked at the unit itself
	Behind
	Terms        []Figure  `json:"terms"`
	NotDone      []UnitRef `json:"not_done"`
	NotDoneTotal int64     `json:"not_done_total"`
	Digest       string    `json:"digest"`
	AsOf         int64     `json:"as_of"`
}

// Behind is what stands behind a figure: the records that count, and those that do not yet or no longer.
type Behind struct {
	Counted struct {
		Records int64 `json:"records"`
		Value   int64 `json:"value"`
	} `json:"counted"`
	NotCounted struct {
		Draft     int64 `json:"draft"`
		Submitted int64 `json:"submitted"`
		Returned  int64 `json:"returned"`
		Void      int64 `json:"void"`
	} `json:"not_counted"`
	Registered   int64        `json:"registered"` // counted and not counted together
	Records      []ledger.Row `json:"records"`
	RecordsTotal int64        `json:"records_total"`
	Outside      int64        `json:"outside"`
	Keeper       string       `json:"keeper"` // "place" where places keep the records, else "" for a ledger
}

// FigureIn is the figure, unit and period of a request.
type FigureIn struct {
	Key    string `path:"key"`
	Unit   int64  `query:"unit"`
	Period string `query:"period"`
}

// Titles tells the names of kinds, fields, figures and unit types.
func (d *Desk) Titles(ctx context.Context, q db.Querier, district int64) (document.Words, error) {
	set, err := d.Packs.Current(ctx, q, district)
	if err != nil {
		return document.Words{}, err
	}
	return document.Words{
		Kind: func(key string) i18n.Label {
			switch key {
			case "ledger-late":
				return i18n.Label{Zh: "逾期提交", En: "late submissions"}
			case "ledger-return":
				return i18n.Label{Zh: "审核退回", En: "returns"}
			case plan.KindTask:
				return i18n.Label{Zh: "计划任务", En: "planned tasks"}
			case plan.KindArrears:
				return i18n.Label{Zh: "逾期未办结的任务", En: "tasks in arrears"}
			case "compost-house":
				return i18n.Label{Zh: "阳光堆肥房", En: "Compost house"}
			}
			if k, err := kind.Of(set, key); err == nil {
				return k.Title
			}
			return i18n.Label{Zh: key, En: key}
		},
		Field: func(key, field string) i18n.Label {
			if key == plan.KindTask && field == "state" {
				return i18n.Label{Zh: "办理情况", En: "state"}
			}
			if k, err := kind.Of(set, key); err == nil {
				for _, f := range k.Fields {
					if f.Key == field {
						return f.Title
					}
					for _, g := range f.Fields {
						if g.Key == field {
							return g.Title
						}
					}
				}
			}
			return i18n.Label{Zh: field, En: field}
		},
		Option: func(key, field, option string) i18n.Label {
			if key == plan.KindTask && option == plan.Done {
				return i18n.Label{Zh: "已办结", En: "done"}
			}
			if k, err := kind.Of(set, key); err == nil {
				if f, ok := k.Field(field); ok {
					for _, o := range f.Options {
						if o.Key == option {
							return o.Title
						}
					}
				}
			}
			return i18n.Label{Zh: option, En: option}
		},
		Figure: func(key string) i18n.Label {
			if o := set.Get("indicators", key); o != nil {
				if def, ok := o.Value.(indicator.Definition); ok {
					return def.Title
				}
			}
			return i18n.Label{Zh: key, En: key}
		},
		Type: func(t string) i18n.Label { return org.Type(t).Title() },
	}, nil
}

// place reads unit and period of a request and checks the right to figures there.
func (d *Desk) place(ctx context.Context, q db.Querier, by access.Scope, unitNo int64, per string) (org.No, period.Period, *org.Org, error) {
	o, err := d.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return 0, period.Period{}, nil, err
	}
	p, err := period.Parse(per)
	if err != nil {
		return 0, p, nil, httpapi.ErrInput.At(problem.Field{Pointer: "/period", Code: "value.period"})
	}
	n := org.No(unitNo)
	if n == 0 {
		n = o.Root
	}
	if _, ok := o.Unit(n); !ok || !by.Can(readFigure, o.Targets(n, period.Day(by.Today)), true) {
		return 0, p, nil, org.ErrUnit
	}
	return n, p, o, nil
}

// PanelOf reads a figure with everything it opens into.
func (d *Desk) PanelOf(ctx context.Context, q db.Querier, by access.Scope, key string, n org.No, p period.Period) (Panel, error) {
	lang := httpapi.CallerOf(ctx).Lang
	x, err := d.Figures.At(ctx, q, by.District)
	if err != nil {
		return Panel{}, err
	}
	o := x.Org()
	v, err := x.Value(key, n, p)
	if err != nil {
		return Panel{}, err
	}
	out := Panel{Figure: figure(o, v), Source: v.Def.Source, Version: v.Def.Version, Kind: v.Def.Kind, Months: []Month{}, Children: []Child{}, Terms: []Figure{}, NotDone: []UnitRef{},
		AsOf: d.Clock.Now().UnixMilli()}
	if v.Def.Done != "" {
		out.Kind = v.Def.Done
	}
	words, err := d.Titles(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	out.Definition = v.Def.Words(p, o.UnitName(n), words)
	if err := d.compare(x, &out, v, p.YearBefore()); err != nil {
		return out, err
	}
	if err := d.months(by, x, &out, v); err != nil {
		return out, err
	}
	if err := d.children(x, &out, v); err != nil {
		return out, err
	}
	for _, t := range x.Terms(v.Def) {
		tv, err := x.Value(t, n, p)
		if err != nil {
			return out, err
		}
		out.Terms = append(out.Terms, figure(o, tv))
	}
	missing, total, err := x.NotDone(key, n, p, 50)
	if err != nil {
		return out, err
	}
	for _, u := range missing {
		out.NotDone = append(out.NotDone, unitRef(o, u, p.Last()))
	}
	out.NotDoneTotal = total
	if err := d.records(ctx, q, by, lang, x, &out.Behind, v, 20); err != nil {
		return out, err
	}
	if out.RecordsTotal <= indicator.DigestLimit {
		file, err := x.DigestFile(key, n, p)
		if err != nil {
			return out, err
		}
		out.Digest = indicator.Digest(file)
	}
	return out, nil
}

// compare reads an earlier period. Where nothing at all was booked then there is nothing to compare with.
func (d *Desk) compare(x *indicator.Query, out *Panel, v indicator.Value, before period.Period) error {
	b, err := x.Value(v.Def.Key, v.Unit, before)
	if err != nil {
		return err
	}
	if b.N == 0 && b.A == 0 && b.Part == 0 {
		return nil
	}
	pr := &Previous{Period: before.String(), Display: b.Screen()}
	f := figure(x.Org(), b)
	pr.Value, pr.Part, pr.Of = f.Value, f.Part, f.Of
	if pr.Since, err = recordedSince(x, b); err != nil {
		return err
	}
	if v.Defined && b.Defined && v.Def.Measure != indicator.Ratio {
		c := v.A - b.A
		pr.Change, pr.ChangeText = &c, unit.Group(c, v.Def.Decimals)
		if b.A > 0 && pr.Since == "" {
			pct := unit.Percent(c, b.A, 1)
			if c > 0 {
				pct = "+" + pct
			}
			pr.ChangePct = &pct
		}
	}
	out.Previous = pr
	return nil
}

func (d *Desk) months(by access.Scope, x *indicator.Query, out *Panel, v indicator.Value) error {
	if v.Def.Measure == indicator.Ratio || v.Def.Measure == indicator.Mean || v.Def.Measure == indicator.Formula {
		return nil
	}
	today := period.Day(by.Today)
	var ps []period.Period
	for _, m := range v.Period.Months() {
		if m.From > today || len(ps) == 24 {
			break
		}
		ps = append(ps, m)
	}
	if len(ps) == 0 {
		return nil
	}
	vs, err := x.Series(v.Def.Key, v.Unit, ps)
	for i, mv := range vs {
		out.Months = append(out.Months, Month{ps[i].String(), mv.A, mv.Screen(), today < ps[i].Last()})
	}
	return err
}

func (d *Desk) children(x *indicator.Query, out *Panel, v indicator.Value) error {
	list, own, err := x.Children(v.Def.Key, v.Unit, v.Period)
	if err != nil {
		return err
	}
	for _, c := range list {
		u, _ := x.Org().Unit(c.Unit)
		if c.Value.A == 0 && c.Value.Of == 0 && (u.Type != org.Street && u.Type != org.Zone && u.Type != org.Community && u.Type != org.Village) {
			continue // hundreds of units without anything would hide those with something
		}
		y := Child{Unit: unitRef(x.Org(), c.Unit, v.Period.Last()), Value: c.Value.A, Display: c.Value.Screen()}
		if c.Value.HasTerms {
			part, of := c.Value.Part, c.Value.Of
			y.Part, y.Of = &part, &of
		}
		out.Children = append(out.Children, y)
	}
	if own.A != 0 || own.N != 0 {
		out.Own = &Child{Unit: unitRef(x.Org(), v.Unit, v.Period.Last()), Value: own.A, Display: own.Screen()}
	}
	return nil
}

// records fills counted and not counted, and up to limit of the latest counted records inside the caller's reach.
func (d *Desk) records(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, x *indicator.Query, out *Behind, v indicator.Value, limit int) error {
	out.Records = []ledger.Row{}
	_, records, err := x.CountParts(v.Def, v.Unit, v.Period)
	if err != nil {
		return err
	}
	out.RecordsTotal, out.Counted.Records, out.Counted.Value = records, records, v.A
	defs := []*indicator.Def{v.Def}
	if ts := x.Terms(v.Def); len(ts) > 0 {
		defs = nil
		for _, t := range ts {
			td, err := d.Figures.DefFor(ctx, q, by.District, t, v.Period)
			if err != nil {
				return err
			}
			defs = append(defs, td)
		}
	}
	def := defs[0]
	if len(x.Terms(def)) > 0 {
		return nil
	}
	reach := by.Reach("p.district", "p.unit", ledger.Read)
	parts, err := x.Latest(def, v.Unit, v.Period, 2*limit, reach)
	if err != nil {
		return err
	}
	var ids []string
	seen := map[string]bool{}
	for _, p := range parts {
		entry := p.Record
		if strings.HasPrefix(def.Kind, "ledger-") {
			if entry, err = ledger.EntryOfEvent(ctx, q, by.District, p.Record); err != nil {
				return err
			}
		}
		if !seen[entry] && len(ids) < limit {
			ids = append(ids, entry)
			seen[entry] = true
		}
	}
	kept, err := d.Places.Keeps(ctx, q, by.District, def.Kind)
	if err != nil {
		return err
	}
	if kept {
		out.Keeper = "place"
		if out.Records, err = d.placeRows(ctx, q, by, x.Org(), ids); err != nil {
			return err
		}
	} else {
		entries, err := d.Ledger.ByIDs(ctx, q, by, ids)
		if err != nil {
			return err
		}
		if out.Records, err = d.Ledger.Rows(ctx, q, by, lang, entries); err != nil {
			return err
		}
	}
	if !by.Can(ledger.Read, x.Org().Targets(x.Org().Root, period.Day(by.Today)), true) { // from the top nothing lies outside
		outside, err := x.Parts(def, v.Unit, v.Period, 0, 0, "NOT ("+reach+")")
		if err != nil {
			return err
		}
		out.Outside = int64(len(outside))
	}
	kind := def.Kind
	if def.Done != "" {
		kind = def.Done
	}
	if _, event := indicator.EventKinds[kind]; !event && !kept {
		states, err := d.Ledger.NotCounted(ctx, q, by, kind, v.Unit, v.Period)
		if err != nil {
			return err
		}
		out.NotCounted.Draft, out.NotCounted.Submitted, out.NotCounted.Returned, out.NotCounted.Void = states[ledger.Draft], states[ledger.Submitted], states[ledger.Returned], states[ledger.Void]
	}
	out.Registered = records + out.NotCounted.Draft + out.NotCounted.Submitted + out.NotCounted.Returned + out.NotCounted.Void
	return nil
}

func (d *Desk) registerFigures(k *httpapi.Kit) {
	type item struct {
		Key     string      `json:"key"`
		Title   i18n.Label  `json:"title"`
		Measure string      `json:"measure"`
		Kind    string      `json:"kind"`
		UnitOf  *i18n.Label `json:"unit_of"`

		Decimals int `json:"decimals"`
	}
	type listOut struct {
		Body struct {
			Items []item `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-figures", Method: http.MethodGet, Path: "/figures", Verb: readFigure, Summary: "Figures there are"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*listOut, error) {
			list, err := d.Figures.Catalogue(ctx, d.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			out := &listOut{}
			for _, x := range list {
				out.Body.Items = append(out.Body.Items, item{x.Key, x.Title, x.Measure, x.Kind, x.Unit, x.Decimals})
			}
			return out, nil
		})
	type panelOut struct{ Body Panel }
	httpapi.Query(k, httpapi.Operation{ID: "get-figure", Method: http.MethodGet, Path: "/figures/{key}", Verb: readFigure, Summary: "A figure with its definition, terms and records"},
		func(ctx context.Context, by access.Scope, in *FigureIn) (*panelOut, error) {
			out := &panelOut{}
			err := d.DB.Snapshot(ctx, func(q db.Querier) error {
				n, p, _, err := d.place(ctx, q, by, in.Unit, in.Period)
				if err != nil {
					return err
				}
				out.Body, err = d.PanelOf(ctx, q, by, in.Key, n, p)
				return err
			})
			return out, err
		})
	httpapi.Query(k, httpapi.Operation{ID: "download-figure", Method: http.MethodGet, Path: "/figures/{key}/download", Verb: readFigure, Summary: "The bytes whose SHA-256 is the figure's digest"},
		func(ctx context.Context, by access.Scope, in *FigureIn) (*huma.StreamResponse, error) {
			var file []byte
			err := d.DB.Snapshot(ctx, func(q db.Querier) error {
				n, p, _, err := d.place(ctx, q, by, in.Unit, in.Period)
				if err != nil {
					return err
				}
				x, err := d.Figures.At(ctx, q, by.District)
				if err != nil {
					return err
				}
				file, err = x.DigestFile(in.Key, n, p)
				return err
			})
			if err != nil {
				return nil, err
			}
			return httpapi.Download(file, "text/plain; charset=utf-8", fmt.Sprintf("%s %s.txt", in.Key, in.Period)), nil
		})
}
