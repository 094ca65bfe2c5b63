package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/period"
)

// enrich adds to a record page the figures that count it and the documents it stands behind.
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
		val, err := x.Value(sh.Def.Key, o.Root, p)
		if err != nil {
			return err
		}
		mine := val
		mine.A = sh.A
		v.CountsIn = append(v.CountsIn, Share{Key: sh.Def.Key, Title: sh.Def.Title, Unit: o.Ref(o.Root, p.Last()), Period: p.String(),
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
