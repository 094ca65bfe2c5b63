package template

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/unit"
)

// Turn is one turn of a loop: a unit, or a record with what it says.
type Turn struct {
	Unit   org.No            `json:"unit,omitempty"` // 0 for a record
	Says   map[string]string `json:"says"`           // by key of the field
	Hidden bool              `json:"hidden,omitempty"`
}

// hidden stands where a reader may not see a record that belongs into the document.
const hidden = "〔无权查看〕"

// Reader reads what loops go through, for one person at one moment.
type Reader struct {
	Ctx     context.Context
	Q       db.Querier
	By      access.Scope
	Set     *pack.Set
	Org     *org.Org
	Keepers *indicator.Keepers

	loops   map[string]Loop
	figures map[string]string
	scanned map[string][]indicator.Record
}

// Loop finds a loop by one of its names.
func (r *Reader) Loop(name string) (Loop, bool) {
	if r.loops == nil {
		r.loops = Loops(r.Set)
	}
	l, ok := r.loops[name]
	return l, ok
}

// Figure finds the key of a figure by one of its names.
func (r *Reader) Figure(name string) (string, bool) {
	if r.figures == nil {
		r.figures = figureNames(r.Set)
	}
	key, ok := r.figures[name]
	return key, ok
}

// Names tells under which key a turn of a loop says what a template calls by a name.
func (l Loop) Names() map[string]string {
	if l.Kind == nil {
		return map[string]string{sayName: sayName, sayCount: sayCount}
	}
	return fieldNames(l.Kind)
}

// Turns are what a loop goes through inside a unit: the units of a type below it, as it stands on the last day of the period,
// or the counting records of a kind that belong to it, in the order of their days. A record counts in a period as it does
// in figures: what happened by its last day, what lasts where it is in force on the last day of the period.
func (r *Reader) Turns(name string, at org.No, p period.Period) ([]Turn, error) {
	l, ok := r.Loop(name)
	switch {
	case !ok:
		return nil, nil
	case l.Kind == nil:
		return r.units(l.Type, at, p.Last()), nil
	case isList(l.Kind):
		return r.listed(l.Kind, at, p)
	}
	return r.records(l.Kind, at, p)
}

func (r *Reader) units(t org.Type, at org.No, day period.Day) []Turn {
	var out []Turn
	for _, u := range r.Org.Units() {
		if u.No != at && u.Type.Matches(string(t)) && u.Open(day) && r.Org.Reaches(u.No, at, day, day+1) {
			out = append(out, Turn{Unit: u.No, Says: map[string]string{sayName: u.Name, sayCount: strconv.Itoa(len(out) + 1)}})
		}
	}
	return out
}

// scan reads the counted records of a kind that count in a period, once for all turns that ask.
func (r *Reader) scan(k *kind.Kind, p period.Period) ([]indicator.Record, indicator.Keeper, error) {
	keeper, err := r.Keepers.Of(r.Ctx, r.Q, r.By.District, k.Key)
	if err != nil {
		return nil, nil, err
	}
	if list, ok := r.scanned[k.Key]; ok {
		return list, keeper, nil
	}
	var out []indicator.Record
	for after := ""; ; {
		some, err := keeper.Scan(r.Ctx, r.Q, r.By.District, k.Key, after, batch)
		if err != nil {
			return nil, nil, err
		}
		for _, x := range some {
			if d := x.Until - 1; k.Lasting() && x.From <= p.Last() && p.Last() < x.Until || !k.Lasting() && p.From <= d && d < p.Until {
				out = append(out, x)
			}
		}
		if len(some) < batch {
			break
		}
		after = some[len(some)-1].ID
	}
	slices.SortFunc(out, func(a, b indicator.Record) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID)) })
	if r.scanned == nil {
		r.scanned = map[string][]indicator.Record{}
	}
	r.scanned[k.Key] = out
	return out, keeper, nil
}

const batch = 2000

func (r *Reader) records(k *kind.Kind, at org.No, p period.Period) ([]Turn, error) {
	all, keeper, err := r.scan(k, p)
	if err != nil {
		return nil, err
	}
	var list []indicator.Record
	var ids []string
	for _, x := range all {
		day := x.Until - 1
		if k.Lasting() {
			day = p.Last()
		}
		if r.Org.Reaches(x.Unit, at, day, day+1) {
			list, ids = append(list, x), append(ids, x.ID)
		}
	}
	seen, err := r.rows(r.By, keeper, k.Key, ids)
	if err != nil {
		return nil, err
	}
	titles, err := r.titles(k, list)
	if err != nil {
		return nil, err
	}
	out := make([]Turn, 0, len(list))
	for i, x := range list {
		row, ok := seen[x.ID]
		t := Turn{Hidden: !ok, Says: map[string]string{sayCount: strconv.Itoa(i + 1), sayNumber: row.Number,
			sayUnit: r.Org.UnitName(x.Unit), sayDay: x.From.Zh()}}
		for _, f := range printed(k) {
			t.Says[f.Key] = r.text(f, x.Fields, titles)
		}
		if !ok {
			for key := range t.Says {
				t.Says[key] = hidden
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// rows shows records by id; those outside the reach of by are missing.
func (r *Reader) rows(by access.Scope, keeper indicator.Keeper, key string, ids []string) (map[string]indicator.Row, error) {
	out := make(map[string]indicator.Row, len(ids))
	for some := range slices.Chunk(ids, db.Portion) {
		list, err := keeper.Rows(r.Ctx, r.Q, by, i18n.Zh, key, some)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			out[x.ID] = x
		}
	}
	return out, nil
}

// titles names the records that records point at. Whoever sees a record sees what it is called there.
func (r *Reader) titles(k *kind.Kind, list []indicator.Record) (map[string]string, error) {
	out := map[string]string{}
	for _, f := range printed(k) {
		if f.Type != "ref" {
			continue
		}
		var ids []string
		for _, x := range list {
			if s, ok := x.Fields[f.Key].(string); ok && s != "" {
				ids = append(ids, s)
			}
		}
		slices.Sort(ids)
		keeper, err := r.Keepers.Of(r.Ctx, r.Q, r.By.District, f.Of)
		if err != nil {
			return nil, err
		}
		rows, err := r.rows(access.System(r.By.District, r.By.Today, "document"), keeper, f.Of, slices.Compact(ids))
		if err != nil {
			return nil, err
		}
		for id, x := range rows {
			out[id] = x.Title
		}
	}
	return out, nil
}

// text is a value as a document prints it: numbers with their unit, since the line around them is not there to say it.
func (r *Reader) text(f kind.Field, v kind.Fields, titles map[string]string) string {
	in := ""
	if f.Unit != nil {
		in = f.Unit.Zh
	}
	switch x := v[f.Key].(type) {
	case bool:
		if x {
			return "是"
		}
		return "否"
	case string:
		if op, ok := f.Option(x); ok && f.Type == "choice" {
			return op.Title.Zh
		}
		if f.Type == "ref" {
			return titles[x]
		}
		return x
	case int64:
		switch f.Type {
		case "date":
			return period.Day(x).Zh()
		case "unit":
			return r.Org.UnitName(org.No(x))
		case "weight":
			return unit.Decimal(x, 3) + "千克"
		case "money":
			return unit.Decimal(x, 2) + cmp.Or(in, "元")
		}
		if v[f.Key+".basis"] == "estimated" {
			in += "（估计）"
		}
		return unit.Decimal(x, f.Decimals) + in
	}
	return ""
}
