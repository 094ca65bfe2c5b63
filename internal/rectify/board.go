package rectify

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/org"
)

// boardTop is how many cases a column of the board shows: those that wait longest.
const boardTop = 12

// boardStates are the columns of the board, in the order in which a case passes them.
var boardStates = []string{Draft, Sent, Fixing, "returned", "asked", "objected", Replied, Transferred}

// BoardColumn is a state on the board with the cases in it that wait longest.
type BoardColumn struct {
	State string `json:"state"`
	N     int64  `json:"n"` // all of them
	Rows  []Row  `json:"rows"`
}

// Board sorts what is open by state, those longest past their deadline first.
func (s *Service) Board(ctx context.Context, q db.Querier, by access.Scope, w work, f Filter) ([]BoardColumn, error) {
	now := w.Now.UnixMilli()
	cells, err := Matrix(ctx, q, by, f, now)
	if err != nil {
		return nil, err
	}
	out := make([]BoardColumn, 0, len(boardStates))
	for _, state := range boardStates {
		c := BoardColumn{State: state, Rows: []Row{}}
		for _, x := range cells {
			if x.State == state {
				c.N += x.N
			}
		}
		if c.N > 0 {
			f.State, f.Age = state, ""
			where, args := f.where(by, now)
			waiting := " AND c.open = 1"
			if state == "objected" { // an objection outlives the closing
				waiting = " AND (c.open = 1 OR c.waits <> 0) AND c.wait_until >= 0"
			}
			const order = `CASE WHEN c.wait_until = 0 THEN 1 ELSE 0 END, c.wait_until, c.no`
			list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND c.id IN (SELECT c.id FROM rcase AS c WHERE `+where+
				waiting+` ORDER BY `+order+fmt.Sprintf(" LIMIT %d", boardTop)+`) ORDER BY `+order, args...)
			if err != nil {
				return nil, err
			}
			for _, x := range list {
				c.Rows = append(c.Rows, s.row(w, x))
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// AtPlace is what is open at a place.
type AtPlace struct {
	Place string
	Name  string
	Unit  org.No
	N     int64
	Late  int64 // of them past their deadline
	Since int64 // the earliest deadline, an instant in milliseconds; 0 is none known
}

// ByPlace counts the cases of a filter by place, the places with the earliest deadline first.
func ByPlace(ctx context.Context, q db.Querier, by access.Scope, f Filter, now int64, limit int) ([]AtPlace, error) {
	where, args := f.where(by, now)
	return db.All(ctx, q, func(r *sql.Rows) (p AtPlace, err error) {
		err = r.Scan(&p.Place, &p.Name, &p.Unit, &p.N, &p.Late, &p.Since)
		if p.Since == 1<<60 {
			p.Since = 0
		}
		return p, err
	}, `SELECT min(c.place), min(c.place_name), min(c.unit), count(*),
		CAST(sum(CASE WHEN c.wait_until > 0 AND c.wait_until <= `+fmt.Sprint(now)+` THEN 1 ELSE 0 END) AS BIGINT),
		min(CASE WHEN c.wait_until = 0 THEN 1152921504606846976 ELSE c.wait_until END) FROM rcase AS c WHERE `+where+` GROUP BY c.place || ''
		ORDER BY 6, 1`+fmt.Sprintf(" LIMIT %d", limit), args...)
}

// filter is that of a query, inside the caller's reach, or org.ErrUnit.
func (in *listIn) filter(w work, by access.Scope) (Filter, error) {
	if in.Unit != 0 {
		if _, ok := w.Org.Unit(org.No(in.Unit)); !ok || !by.Can(Read, w.Org.Targets(org.No(in.Unit), w.Day), true) {
			return Filter{}, org.ErrUnit
		}
		if org.No(in.Unit) == w.Org.Root {
			in.Unit = 0
		}
	}
	return Filter{All: by.Can(Read, w.Org.Targets(w.Org.Root, w.Day), true), Unit: in.Unit, State: in.State, Age: in.Age,
		Mine: in.Mine, Place: in.Place, Party: in.Party, Lead: in.Lead,
		Query: strings.ToLower(strings.TrimSpace(in.Q)), Limit: in.Size, Offset: (in.Page - 1) * in.Size}, nil
}
