package inspect

import (
	"context"
	"encoding/json"

	"sifen/internal/db"
	"sifen/internal/pack"
)

// checklist is the form by which a visit was answered: it is judged by its own, also when there is a newer one.
//
// Errors: ErrForm where nobody knows that form any more.
func (s *Service) checklist(ctx context.Context, q db.Querier, set *pack.Set, district int64, key, form string) (*Checklist, error) {
	c, ok := pack.Value[Checklist](set, "checklists", key)
	if ok && (form == "" || c.form == form) {
		return c, nil
	}
	var version int64
	var body string
	err := q.QueryRowContext(ctx, `SELECT version, body FROM visit_form WHERE district = $1 AND form = $2 AND checklist = $3`, district, form,
		key).Scan(&version,
		&body)
	if found, err := db.One(err); err != nil || !found {
		if err == nil {
			err = ErrForm
		}
		return nil, err
	}
	old := &Checklist{version: version, form: form}
	return old, json.Unmarshal([]byte(body), old)
}

// remember keeps what a checklist says now.
func remember(ctx context.Context, tx *db.Tx, district int64, c *Checklist) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO visit_form (district, form, checklist, version, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (district, form) DO NOTHING`, district, c.form, c.Key, c.version, c.text())
	return err
}

// Remember keeps what all checklists say: phones carry them away and hand in what was answered by them when they have changed.
func (s *Service) Remember(ctx context.Context, district int64) error {
	set, err := s.Packs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.RememberIn(ctx, tx, district, set) })
}

// RememberIn is Remember inside a transaction, of what a set says: before it is changed.
func (s *Service) RememberIn(ctx context.Context, tx *db.Tx, district int64, set *pack.Set) error {
	for _, c := range pack.All[Checklist](set, "checklists") {
		if err := remember(ctx, tx, district, c); err != nil {
			return err
		}
	}
	return nil
}
