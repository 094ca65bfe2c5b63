package plan

import (
	"context"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/org"
)

// SetDuty writes a row of the matrix. rev 0 makes a new row; a row without a title is dropped.
func (s *Service) SetDuty(ctx context.Context, tx *db.Tx, by access.Scope, plan string, rev int64, d Duty) (Duty, error) {
	if _, err := s.editable(ctx, tx, by, plan); err != nil {
		return d, err
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return d, err
	}
	for k, v := range d.Roles {
		known := v == Lead || v == Join
		if no, ok := strings.CutPrefix(k, "unit:"); ok {
			n, err := strconv.ParseInt(no, 10, 64)
			_, there := o.Unit(org.No(n))
			known = known && err == nil && there
		} else {
			is := false
			for _, p := range Parties {
				is = is || p == k
			}
			known = known && is
		}
		if !known {
			return d, ErrParty
		}
	}
	if d.Title = strings.TrimSpace(d.Title); d.Title == "" {
		return d, ErrTitle
	}
	d.Plan = plan
	now := s.Clock.Now()
	if rev == 0 {
		d.ID, d.Rev = id.New(now), 1
		_, err = tx.ExecContext(ctx, `INSERT INTO plan_duty (district, id, plan, title, roles, created_at, rev) VALUES ($1, $2, $3, $4, $5, $6, 1)`,
			by.District, d.ID, plan, d.Title, encode(d.Roles), now.UnixMilli())
	} else {
		d.Rev = rev + 1
		err = unlessStale(tx.ExecContext(ctx, `UPDATE plan_duty SET title = $5, roles = $6, rev = $7
			WHERE district = $1 AND id = $2 AND plan = $3 AND rev = $4`, by.District, d.ID, plan, rev, d.Title, encode(d.Roles), d.Rev))
	}
	if err != nil {
		return d, err
	}
	return d, s.told(ctx, tx, by, Edit, plan, d.ID, d.Rev, d)
}

// DropDuty takes a row out of the matrix.
func (s *Service) DropDuty(ctx context.Context, tx *db.Tx, by access.Scope, duty string) error {
	d, y, err := dutyByID(ctx, tx, by, duty)
	if err != nil {
		return err
	}
	if err := s.may(ctx, tx, by, Edit, y.Unit); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM plan_duty WHERE district = $1 AND id = $2`, by.District, duty); err != nil {
		return err
	}
	return s.told(ctx, tx, by, Edit, d.Plan, duty, d.Rev, map[string]string{"op": "drop"})
}
