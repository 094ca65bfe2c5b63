package figure

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Panel is everything a figure opens into.
type Panel struct {
	Figure
	Definition i18n.Label  `json:"definition"`
	Source     *i18n.Label `json:"source"`
	Version    int64       `json:"version"`
	Kind       string      `json:"kind"` // of the records; "" for a figure computed from others
	Before     *Against    `json:"before"`
	Trend      []Point     `json:"trend"`
	Units      []UnitLine  `json:"units"`
	Own        *UnitLine   `json:"own"` // booked at the unit itself
	Terms      []Term      `json:"terms"`
	NotDone    NotDone     `json:"not_done"`
	Behind
	Digest string `json:"digest"` // "" where the records are too many to digest on demand
	AsOf   int64  `json:"as_of"`
}

// NotDone are the units of a coverage's base that have not done it.
type NotDone struct {
	Total int64     `json:"total"`
	Units []org.Ref `json:"units"`
}

// PanelOf reads a figure with everything it opens into.
func (s *Service) PanelOf(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, n org.No, p period.Period) (Panel, error) {
	x, err := s.Figures.At(ctx, q, by.District)
	if err != nil {
		return Panel{}, err
	}
	o := x.Org()
	v, err := x.Value(key, n, p)
	if err != nil {
		return Panel{}, err
	}
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return Panel{}, err
	}
	out := Panel{Figure: figure(o, v), Source: v.Def.Source, Version: v.Def.Version, Kind: v.Def.RecordKind(), AsOf: s.Clock.Now().UnixMilli()}
	out.Definition = v.Def.Words(p, o.UnitName(n), s.Figures.Keepers.Words(set))
	b, err := x.Value(key, n, p.YearBefore())
	if err != nil {
		return out, err
	}
	if out.Before, err = yearBefore(x, v, b); err != nil {
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
	if out.RecordsTotal <= indicator.DigestLimit {
		file, err := x.DigestFile(key, n, p)
		if err != nil {
			return out, err
		}
		out.Digest = indicator.Digest(file)
	}
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

// months are the months of a period up to today, twenty-four at most.
func months(x *indicator.Query, v indicator.Value, today period.Day) ([]Point, error) {
	if v.Def.Measure == indicator.Ratio || v.Def.Measure == indicator.Mean || v.Def.Measure == indicator.Formula {
		return nil, nil
	}
	var ps []period.Period
	for _, m := range v.Period.Months() {
		if m.From > today || len(ps) == 24 {
			break
		}
		ps = append(ps, m)
	}
	if len(ps) == 0 {
		return nil, nil
	}
	vs, err := x.Series(v.Def.Key, v.Unit, ps)
	out := make([]Point, 0, len(vs))
	for i, m := range vs {
		f := figure(x.Org(), m)
		out = append(out, Point{Period: ps[i].String(), Value: measured(m), Display: f.Display, Part: f.Part, Of: f.Of, Partial: today < ps[i].Last(),
			In: true})
	}
	return out, err
}

// someUnits are the units below that have a part in a figure, the administrative ones always, and the unit itself.
func someUnits(x *indicator.Query, v indicator.Value) (units []UnitLine, own *UnitLine, err error) {
	list, mine, err := x.Children(v.Def.Key, v.Unit, v.Period)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range list {
		if c.Value.A == 0 && c.Value.Of == 0 {
			switch u, _ := x.Org().Unit(c.Unit); u.Type {
			case org.Street, org.Zone, org.Community, org.Village:
			default:
				continue // hundreds of units without anything would hide those with something
			}
		}
		units = append(units, line(x.Org(), c.Value))
	}
	if mine.A != 0 || mine.N != 0 {
		l := line(x.Org(), mine)
		own = &l
	}
	return units, own, nil
}
