package indicator

import (
	"fmt"
	"sort"

	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Portion is what the records with one value of a field give to a figure.
type Portion struct {
	Value string // the value as text; "" where the field was left empty
	N     int64  // parts
	A     int64
}

// CompositionLimit is the number of parts up to which a figure is broken down on demand.
const CompositionLimit = 20_000

// Composition breaks a figure down by a field of its records, largest first. The quantities add up to the figure's
// value. ok is false where the figure has no parts of its own, counts different keys, or has more than
// CompositionLimit parts.
func (x *Query) Composition(key string, unit org.No, p period.Period, field string) (list []Portion, ok bool, err error) {
	d, err := x.defs.at(key, p)
	if err != nil {
		return nil, false, err
	}
	switch d.Measure {
	case Count, Sum, Stock, Level:
	default:
		return nil, false, nil
	}
	v, err := x.value(d, unit, p)
	if err != nil || v.N > CompositionLimit {
		return nil, false, err
	}
	parts, err := x.Parts(d, unit, p, 0, 0, nil)
	if err != nil {
		return nil, false, err
	}
	ids := make([]string, 0, len(parts))
	seen := map[string]bool{}
	for _, q := range parts {
		if !seen[q.Record] {
			seen[q.Record] = true
			ids = append(ids, q.Record)
		}
	}
	keeper, err := x.e.Keepers.Of(x.ctx, x.q, x.district, d.RecordKind())
	if err != nil {
		return nil, false, err
	}
	records, err := keeper.Fields(x.ctx, x.q, x.district, d.RecordKind(), ids)
	if err != nil {
		return nil, false, err
	}
	sums := map[string]*Portion{}
	for _, q := range parts {
		f := records[q.Record]
		v, has := f[field]
		if items, _ := f[d.Group].([]kind.Fields); d.Group != "" && q.Item < int64(len(items)) {
			if w, in := items[q.Item][field]; in {
				v, has = w, true
			}
		}
		name := ""
		if has {
			name = fmt.Sprint(v)
		}
		if sums[name] == nil {
			sums[name] = &Portion{Value: name}
		}
		sums[name].N++
		sums[name].A += q.A
	}
	for _, s := range sums {
		list = append(list, *s)
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].A != list[j].A {
			return list[i].A > list[j].A
		}
		return list[i].Value < list[j].Value
	})
	return list, true, nil
}
