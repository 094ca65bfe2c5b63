package document

import (
	"context"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/unit"
)

// Said is what a document says of a figure.
type Said struct {
	Display string `json:"display"`
	Value   *int64 `json:"value"`
	Part    *int64 `json:"part"`
	Of      *int64 `json:"of"`
	Records int64  `json:"records"`
	Digest  string `json:"digest"`
}

// Said is what a document says of a figure by what it froze.
func (z *Frozen) Said() Said {
	s := Said{Display: z.Screen, Records: z.Records, Digest: z.Digest}
	if z.HasTerms {
		part, of := z.Part, z.Of
		s.Part, s.Of = &part, &of
	} else if z.Defined {
		a := z.A
		s.Value = &a
	}
	return s
}

// CausedBy is a record that made a figure differ, and who changed it when and why.
type CausedBy struct {
	Record string `json:"record"`
	Number string `json:"number"`
	Title  string `json:"title"`
	Unit   string `json:"unit"`
	Change string `json:"change" enum:"added,removed,changed"`
	Old    string `json:"old"`
	New    string `json:"new"`
	By     string `json:"by"`
	At     int64  `json:"at"`
	Op     string `json:"op"`
	Reason string `json:"reason"`
	Keeper string `json:"keeper"` // the module that opens the record; "" for a unit of a coverage's base
	Link   string `json:"link"`   // path of the record's page
}

// DifferenceView is a figure that is no longer what the document says.
type DifferenceView struct {
	N         int64      `json:"n"`
	Key       string     `json:"key"`
	Title     i18n.Label `json:"title"`
	UnitOf    i18n.Label `json:"unit_of"`
	Issued    Said       `json:"issued"`
	Now       Said       `json:"now"`
	Delta     *int64     `json:"delta"`
	DeltaText string     `json:"delta_text"`
	Records   []CausedBy `json:"records"`
	Outside   int64      `json:"outside"`
}

func (a *API) differences(ctx context.Context, by access.Scope, lang i18n.Lang, doc string) ([]DifferenceView, int, error) {
	list, same, err := a.Differences(ctx, by, doc)
	if err != nil || len(list) == 0 {
		return nil, same, err
	}
	view, err := get(ctx, a.DB.Read, by, doc)
	if err != nil {
		return nil, 0, err
	}
	out := make([]DifferenceView, 0, len(list))
	err = a.DB.Snapshot(ctx, func(q db.Querier) error {
		out = out[:0]
		x, err := a.Figures.At(ctx, q, by.District)
		if err != nil {
			return err
		}
		for _, d := range list {
			y := DifferenceView{N: d.N, Key: d.Key, Title: d.Title, UnitOf: d.Frozen.UnitOf, Issued: d.Frozen.Said(), Now: d.Now.Said()}
			if d.HasDelta {
				delta := d.Delta
				y.Delta, y.DeltaText = &delta, unit.Group(delta, d.Frozen.Decimals)
				if delta > 0 {
					y.DeltaText = "+" + y.DeltaText
				}
			}
			if y.Records, y.Outside, err = a.causes(ctx, q, by, lang, x, d, view.IssuedAt); err != nil {
				return err
			}
			out = append(out, y)
		}
		return nil
	})
	return out, same, err
}

// causes tells of the records of a difference who changed each last since an instant, and how many lie outside the
// caller's reach. A figure computed from others has records of several kinds: each kind's keeper is asked for those that
// no other one knew.
func (a *API) causes(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, x *indicator.Query, d Difference, since int64) (out []CausedBy,
	outside int64, err error) {
	var ids []string
	for _, c := range d.Records {
		if !c.Must {
			ids = append(ids, c.Record)
		}
	}
	type known struct {
		indicator.LastChange
		keeper string
	}
	found := map[string]known{}
	kinds, err := x.RecordKinds(d.Key, d.Period)
	if err != nil {
		return nil, 0, err
	}
	for _, kind := range kinds {
		var rest []string
		for _, id := range ids {
			if _, ok := found[id]; !ok {
				rest = append(rest, id)
			}
		}
		if len(rest) == 0 {
			break
		}
		keeper, err := a.Figures.Keepers.Of(ctx, q, by.District, kind)
		if err != nil {
			return nil, 0, err
		}
		changes, err := keeper.LastChanges(ctx, q, by, lang, kind, rest, since)
		if err != nil {
			return nil, 0, err
		}
		for id, c := range changes {
			found[id] = known{c, keeper.Name()}
		}
	}
	o := x.Org()
	for _, c := range d.Records {
		if c.Must {
			n, err := strconv.ParseInt(c.Record, 10, 64)
			if err != nil {
				return nil, 0, err
			}
			name := o.UnitName(org.No(n))
			out = append(out, CausedBy{Title: name, Unit: name, Change: c.Change})
			continue
		}
		k, ok := found[c.Record]
		if !ok {
			outside++
			continue
		}
		out = append(out, CausedBy{Record: k.ID, Number: k.Number, Title: k.Title, Unit: k.Unit.Name, Change: c.Change, Old: c.Old, New: c.New, By: k.By,
			At: k.At, Op: k.Op, Reason: k.Reason, Keeper: k.keeper, Link: k.Link})
	}
	return out, outside, nil
}
