package plan

import (
	"context"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/period"
)

// Service keeps plans.
type Service struct {
	module.Platform
	Notify *notify.Service // nil: nobody is told
}

// Changed is the fact that a plan, a task or a target changed.
type Changed struct {
	Plan string `json:"plan"`
}

// Kind names the fact.
func (Changed) Kind() string { return "plan.changed" }

// may checks a verb over a unit that the scope must see.
func (s *Service) may(ctx context.Context, q db.Querier, by access.Scope, verb access.Verb, unit org.No) error {
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return err
	}
	targets := o.Targets(unit, period.Day(by.Today))
	if _, ok := o.Unit(unit); !ok || !by.Can(Read, targets, true) {
		return org.ErrUnit
	}
	if !by.Can(verb, targets, false) {
		return ErrForbidden
	}
	return nil
}

func (s *Service) told(ctx context.Context, tx *db.Tx, by access.Scope, verb access.Verb, plan, object string, rev int64, content any) error {
	now := s.Clock.Now()
	if err := outbox.Emit(ctx, tx, by.District, now, Changed{plan}); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, now, verb, object, rev, content)
}

// Start makes the plan of a unit for a year, or returns the one there is.
func (s *Service) Start(ctx context.Context, tx *db.Tx, by access.Scope, unit org.No, year int) (Year, error) {
	if err := s.may(ctx, tx, by, Edit, unit); err != nil {
		return Year{}, err
	}
	if year < 2000 || year > 2100 {
		return Year{}, ErrYear
	}
	if y, found, err := yearOf(ctx, tx, by.District, unit, year); err != nil || found {
		return y, err
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return Year{}, err
	}
	now := s.Clock.Now()
	y := Year{ID: id.New(now), Unit: unit, Year: year, Title: o.UnitName(unit) + strconv.Itoa(year) + "年生活垃圾分类工作计划"}
	if _, err := tx.ExecContext(ctx, `INSERT INTO plan_year (district, id, unit, year, title, account, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		by.District, y.ID, int64(unit), year, y.Title, by.Account, now.UnixMilli()); err != nil {
		return y, err
	}
	return y, s.told(ctx, tx, by, Edit, y.ID, y.ID, 1, map[string]any{"unit": unit, "year": year})
}

// editable loads a plan the person may change.
func (s *Service) editable(ctx context.Context, tx *db.Tx, by access.Scope, plan string) (Year, error) {
	y, err := planByID(ctx, tx, by, plan)
	if err != nil {
		return y, err
	}
	return y, s.may(ctx, tx, by, Edit, y.Unit)
}

// bearer checks that a unit stands under a plan: its own unit, one below it, or one of the same district for the root's.
func (s *Service) bearer(ctx context.Context, tx *db.Tx, by access.Scope, y Year, unit org.No) error {
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return err
	}
	if _, ok := o.Unit(unit); !ok {
		return org.ErrUnit
	}
	for _, t := range o.Targets(unit, period.Day(by.Today)) {
		if t.Unit == int64(y.Unit) && !t.Line {
			return nil
		}
	}
	return org.ErrUnit
}
