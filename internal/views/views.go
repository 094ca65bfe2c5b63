// Package views keeps the lists that people named: filters they come back to, their own or their office's.
package views

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/module"
	"sifen/internal/problem"
)

// Service keeps named lists.
type Service struct{ module.Platform }

// New makes the service.
func New(p module.Platform) *Service { return &Service{p} }

// Module is what named lists give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{Name: "views", Register: (&API{s}).Register}
}

// View is a list that somebody named: his own, or shared by the people of his unit.
type View struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Query  string `json:"query"`
	Shared bool   `json:"shared"`
	Mine   bool   `json:"mine"`
}

// List lists the caller's own views and those of the units where he has a role.
func List(ctx context.Context, q db.Querier, by access.Scope) ([]View, error) {
	units := "0"
	for _, g := range by.Grants {
		units += fmt.Sprintf(",%d", g.Unit)
	}
	out, err := db.All(ctx, q, func(r *sql.Rows) (View, error) {
		var v View
		var unit int64
		var account string
		err := r.Scan(&v.ID, &account, &unit, &v.Kind, &v.Name, &v.Query)
		v.Shared, v.Mine = unit != 0, account == by.Account
		return v, err
	}, `SELECT id, account, unit, kind, name, query FROM list_view WHERE district = $1 AND (account = $2 OR unit <> 0 AND unit IN (`+units+`))
		ORDER BY kind, name, id`, by.District, by.Account)
	if out == nil {
		out = []View{}
	}
	return out, err
}

// Save names a list. A shared one belongs to the first unit where the caller has a role.
func (s *Service) Save(ctx context.Context, tx *db.Tx, by access.Scope, v View) (View, error) {
	unit := int64(0)
	if v.Shared && len(by.Grants) > 0 {
		unit = by.Grants[0].Unit
	}
	now := s.Clock.Now()
	v.ID, v.Name, v.Mine, v.Shared = id.New(now), strings.TrimSpace(v.Name), true, unit != 0
	_, err := tx.ExecContext(ctx, `INSERT INTO list_view (district, id, account, unit, kind, name, query, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		by.District, v.ID, by.Account, unit, v.Kind, v.Name, v.Query, now.UnixMilli())
	return v, err
}

// Drop removes one of the caller's own views.
func (s *Service) Drop(ctx context.Context, tx *db.Tx, by access.Scope, view string) error {
	dropped, err := db.Changed(tx.ExecContext(ctx, `DELETE FROM list_view WHERE district = $1 AND id = $2 AND account = $3`, by.District, view, by.Account))
	if err == nil && !dropped {
		err = ErrNone
	}
	return err
}

// ErrNone says that there is no such view, or that it is another's.
var ErrNone = problem.New(problem.NotFound, "ledger.no-view", nil)

// SchemaName is the public name: programs are typed with it.
func (View) SchemaName() string { return "LedgerSavedView" }
