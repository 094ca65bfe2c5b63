package paper

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/field"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/inspect"
	"sifen/internal/problem"
)

// Read is what became, or would become, of a sheet.
type Read struct {
	Rows   []ReadRow `json:"rows"`
	Faults int       `json:"faults"`
	Kept   bool      `json:"kept"` // the visits are there; otherwise nothing was kept
}

// ReadRow is one place of a sheet.
type ReadRow struct {
	Place    string  `json:"place"`
	Name     string  `json:"name"`
	Day      string  `json:"day"`
	Answered int64   `json:"answered"`
	Wrong    int64   `json:"wrong"`
	Looks    int     `json:"looks"`
	Known    bool    `json:"known"` // handed in before
	No       string  `json:"no"`
	Link     string  `json:"link"`
	Faults   []Fault `json:"faults"`
}

// errTried ends a transaction that only tries.
var errTried = errors.New("tried")

// Take reads a filled sheet and keeps its visits: all, or none where anything has to be put right. Without keep it only says
// what would become of it. Whose sheet it is stands in it; for somebody else's it takes the right to take in.
//
// Errors: ErrFile, ErrNone.
func (s *Service) Take(ctx context.Context, by access.Scope, content []byte, keep bool) (out Read, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		out = Read{Rows: []ReadRow{}}
		if err := indicator.Shared(ctx, tx, by.District); err != nil {
			return err
		}
		w, err := s.Moment(ctx, tx, by.District)
		if err != nil {
			return err
		}
		list, meta, err := read(ctx, w.Set, content, w.Now)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return ErrNone
		}
		author := meta["account"]
		if author == "" || !by.Has(field.Receive) {
			author = by.Account
		}
		for _, f := range list {
			row, err := s.one(ctx, tx, by, f, author)
			if err != nil {
				return err
			}
			out.Rows = append(out.Rows, row)
			out.Faults += len(row.Faults)
		}
		if !keep || out.Faults > 0 {
			return errTried
		}
		out.Kept = true
		return nil
	})
	if errors.Is(err, errTried) {
		err = nil
		for i := range out.Rows { // numbers that were given and taken back
			if !out.Rows[i].Known {
				out.Rows[i].No, out.Rows[i].Link = "", ""
			}
		}
	}
	return out, err
}

func (s *Service) one(ctx context.Context, tx *db.Tx, by access.Scope, f *filled, author string) (ReadRow, error) {
	row := ReadRow{Place: f.place, Name: f.name, Answered: f.answered, Wrong: f.wrong, Looks: len(f.in.Looks), Faults: f.faults}
	if len(f.faults) > 0 {
		return row, nil
	}
	row.Faults = []Fault{}
	var err error
	if row.Known, err = inspect.Known(ctx, tx, by.District, f.in.ID); err != nil {
		return row, err
	}
	v, err := s.Visits.TakeFor(ctx, tx, by, f.in, author)
	var p *problem.Error
	if errors.As(err, &p) {
		refused, ok := problem.Refusal(err)
		if !ok {
			return row, err
		}
		row.Faults = f.faultsOf(refused)
		return row, nil
	}
	if err != nil {
		return row, err
	}
	row.Day, row.Wrong, row.No, row.Link = v.Day.String(), v.Failed, v.No, "/visits/"+v.ID
	return row, nil
}

// faultsOf says of a refusal where on the sheet it is.
func (f *filled) faultsOf(p *problem.Error) (out []Fault) {
	say := func(code string, args map[string]any) i18n.Label {
		return i18n.Label{Zh: i18n.Sentence(code, args, i18n.Zh), En: i18n.Sentence(code, args, i18n.En)}
	}
	for _, x := range p.Fields {
		cell := ""
		parts := strings.Split(strings.TrimPrefix(x.Pointer, "/"), "/")
		if len(parts) == 2 {
			n, err := strconv.Atoi(parts[1])
			switch {
			case err == nil && parts[0] == "answers" && n < len(f.cells):
				cell = f.cells[n]
			case err == nil && parts[0] == "looks" && n < len(f.lookCells):
				cell = f.lookCells[n]
			}
		}
		if x.Pointer == "/made_at" {
			cell = f.dayCell
		}
		out = append(out, Fault{cell, say(x.Code, x.Args)})
	}
	if len(out) == 0 {
		out = append(out, Fault{"", say(p.Code, p.Args)})
	}
	return out
}
