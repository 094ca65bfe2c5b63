package ledger

import (
	"context"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
)

// Page is one page of a list.
type Page struct {
	Total        int64            `json:"total"`
	ByState      map[string]int64 `json:"by_state"`
	ReturnedToMe int64            `json:"returned_to_me"`
	Rows         []Row            `json:"rows"`
	Page         int              `json:"page"`
	Size         int              `json:"size"`
	Capped       bool             `json:"capped"` // the words stand in more entries than a search looks at
}

// List reads one page of entries inside a scope.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, f Filter, page int) (Page, error) {
	p := Page{ByState: map[string]int64{}, Rows: []Row{}, Page: page, Size: f.Limit}
	w, err := s.work(ctx, q, by)
	if err != nil {
		return p, err
	}
	f.Offset = (page - 1) * f.Limit
	if f.docs, p.Capped, err = s.hits(ctx, q, by.District, f.Kind, f.Query); err != nil {
		return p, err
	}
	if f.docs == nil && f.Query != "" {
		f.docs = []int64{-1} // nothing holds the words; 0 is what has no text yet
	}
	if p.ByState, err = s.byState(ctx, q, w, by, f); err != nil {
		return p, err
	}
	for state, n := range p.ByState {
		if f.State == "" || f.State == state {
			p.Total += n
		}
	}
	list, err := s.find(ctx, q, w, by, f)
	if err != nil {
		return p, err
	}
	if p.Rows, err = s.Rows(ctx, q, by, lang, list); err != nil {
		return p, err
	}
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM entry AS e WHERE e.district = $1 AND e.account = $2 AND e.state = 'returned' AND (e.kind = $3
		OR $3 = '')`, by.District, by.Account, f.Kind).Scan(&p.ReturnedToMe)
	return p, err
}

// byState counts how many entries a filter selects, by state: each state is counted from the index alone where it can.
func (s *Service) byState(ctx context.Context, q db.Querier, w work, by access.Scope, f Filter) (map[string]int64, error) {
	if f.Query != "" { // the words are looked up once
		where, args := s.condition(w, by, f, true)
		args = append(args, by.Account)
		return db.Pairs[string, int64](ctx, q, fmt.Sprintf(`SELECT e.state || '', count(*) FROM entry AS e
			WHERE %s AND (e.state <> 'draft' OR e.account = $%d) GROUP BY e.state || ''`, where, len(args)), args...)
	}
	out := map[string]int64{}
	for state := range stateTitle {
		one := f
		one.State = state
		where, args := s.condition(w, by, one, false)
		var n int64
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry AS e WHERE `+where, args...).Scan(&n); err != nil {
			return nil, err
		}
		if n > 0 {
			out[state] = n
		}
	}
	return out, nil
}
