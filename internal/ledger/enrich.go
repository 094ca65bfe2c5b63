package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

// enrich adds to a record page the figures that count it, of the widest unit around it whose figures the reader may see, and
// the documents it stands behind.
func (s *Service) enrich(ctx context.Context, q db.Querier, by access.Scope, v *View) error {
	x, err := s.Figures.At(ctx, q, by.District)
	if err != nil {
		return err
	}
	shares, err := x.ByRecord(v.ID)
	if err != nil {
		return err
	}
	o := x.Org()
	for _, sh := range shares {
		y, _, _ := sh.Day.YMD()
		if sh.Def.Lasting {
			y, _, _ = period.Day(by.Today).YMD()
		}
		p := period.Year(y)
		widest, ok := indicator.Widest(o, by, org.No(v.Unit.ID), p)
		if !ok {
			continue
		}
		val, err := x.Value(sh.Def.Key, widest, p)
		if err != nil {
			return err
		}
		mine := val
		mine.A = sh.A
		v.CountsIn = append(v.CountsIn, Share{Key: sh.Def.Key, Title: sh.Def.Title, Unit: o.Ref(widest, p.Last()), Period: p.String(),
			Value: val.A, Display: val.Screen(), Mine: sh.A, MineText: mine.Screen()})
		if !by.Has(document.Read) {
			continue
		}
		cites, err := document.Cites(ctx, q, by, sh.Def.Key)
		if err != nil {
			return err
		}
		for _, c := range cites {
			if c.Period == p {
				v.Documents = append(v.Documents, Cited{ID: c.Document, Title: c.Title, State: c.State, N: c.N, Figure: sh.Def.Title})
			}
		}
	}
	return nil
}
