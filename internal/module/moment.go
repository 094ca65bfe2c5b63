package module

import (
	"context"
	"time"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Moment is what a district is at the time of one act: its rules and its units, the time and its business day.
type Moment struct {
	Set *pack.Set
	Org *org.Org
	Now time.Time
	Day period.Day
}

// Moment reads what a district is now.
func (p Platform) Moment(ctx context.Context, q db.Querier, district int64) (m Moment, err error) {
	m.Now = p.Clock.Now()
	m.Day = period.Of(m.Now)
	if m.Set, err = p.Packs.Current(ctx, q, district); err != nil {
		return m, err
	}
	m.Org, err = p.Orgs.Current(ctx, q, district)
	return m, err
}
