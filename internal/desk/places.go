package desk

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
)

// placeRows shows places where a figure lists its records.
func (d *Desk) placeRows(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, ids []string) ([]ledger.Row, error) {
	words, err := d.Titles(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	list, err := d.Places.ByIDs(ctx, q, by, ids)
	out := make([]ledger.Row, 0, len(list))
	for _, p := range list {
		u, _ := o.Unit(p.Unit)
		r := ledger.Row{ID: p.ID, Number: p.Code, Kind: p.Kind, KindTitle: words.Kind(p.Kind), Unit: ledger.UnitRef{ID: int64(p.Unit), Name: u.Name, Short: o.Path(p.Unit, period.Day(by.Today)), Type: string(u.Type)},
			From: p.From.String(), Title: p.Name, State: ledger.Verified, Rev: p.Rev, Counted: true, Values: kind.Values{}, Labels: map[string]string{}, Photos: int64(len(p.Body.Photos)), At: p.Created, Hints: []i18n.Label{}, Link: "/points/" + p.ID}
		if len(p.Body.Photos) > 0 {
			r.Thumb = p.Body.Photos[0]
		}
		if p.Until < period.Open {
			last := (p.Until - 1).String()
			r.Until = &last
		}
		out = append(out, r)
	}
	return out, err
}
