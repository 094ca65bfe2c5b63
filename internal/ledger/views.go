package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/problem"
)

// SavedView is a list that somebody named: his own, or shared by the people of his unit.
type SavedView struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Query  string `json:"query"`
	Shared bool   `json:"shared"`
	Mine   bool   `json:"mine"`
}

// Views lists the caller's own views and those of the units where he has a role.
func Views(ctx context.Context, q db.Querier, by access.Scope) ([]SavedView, error) {
	units := "0"
	for _, g := range by.Grants {
		units += fmt.Sprintf(",%d", g.Unit)
	}
	out, err := db.All(ctx, q, func(r *sql.Rows) (SavedView, error) {
		var v SavedView
		var unit int64
		var account string
		err := r.Scan(&v.ID, &account, &unit, &v.Kind, &v.Name, &v.Query)
		v.Shared, v.Mine = unit != 0, account == by.Account
		return v, err
	}, `SELECT id, account, unit, kind, name, query FROM list_view WHERE district = $1 AND (account = $2 OR unit <> 0 AND unit IN (`+units+`))
		ORDER BY kind, name, id`, by.District, by.Account)
	if out == nil {
		out = []SavedView{}
	}
	return out, err
}

// SaveView names a list. A shared one belongs to the first unit where the caller has a role.
func (s *Service) SaveView(ctx context.Context, tx *db.Tx, by access.Scope, v SavedView) (SavedView, error) {
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

// DropView removes one of the caller's own views.
func (s *Service) DropView(ctx context.Context, tx *db.Tx, by access.Scope, view string) error {
	dropped, err := db.Changed(tx.ExecContext(ctx, `DELETE FROM list_view WHERE district = $1 AND id = $2 AND account = $3`, by.District, view, by.Account))
	if err == nil && !dropped {
		err = ErrNoView
	}
	return err
}

// ErrNoView says that there is no such view, or that it is another's.
var ErrNoView = problem.New(problem.NotFound, "ledger.no-view", nil)
