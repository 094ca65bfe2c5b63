package intake

import (
	"context"
	"errors"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
)

// Result says what an import did.
type Result struct {
	ID        string     `json:"id,omitempty"`
	Rows      int        `json:"rows"`
	Accepted  int        `json:"accepted"`
	Unchanged int        `json:"unchanged"`
	DryRun    bool       `json:"dry_run"`
	Aside     int        `json:"aside"`  // rows that are no records
	Notes     []RowError `json:"notes"`  // what is told and holds nothing up
	Errors    []RowError `json:"errors"` // any of them keeps the whole file out
}

// Clean reports whether every row was good.
func (r Result) Clean() bool { return len(r.Errors) == 0 }

// Options say how to import.
type Options struct {
	Kind   string
	Name   string // of the file, for history
	DryRun bool
	// Another keeps rows that are like a record, or like a row before them, as other records; else each is a fault.
	Another bool
	Lang    i18n.Lang
	Open    func(name string) ([]byte, error) // photo files beside the workbook

	assigned []Assigned
	said     said
}

// maxRowErrors bounds the faults that one answer tells.
const maxRowErrors = 1000

// Import reads a workbook of a kind. Any bad cell keeps the whole file out; a clean file is kept and submitted in one
// transaction. Rows that were imported before change nothing.
func (s *Service) Import(ctx context.Context, by access.Scope, content []byte, opt Options) (Result, error) {
	res := Result{DryRun: opt.DryRun, Errors: []RowError{}, Notes: []RowError{}}
	k, err := s.kindOf(ctx, s.DB.Read, by.District, opt.Kind)
	if err != nil {
		return res, err
	}
	tell := func(faults []Fault) {
		for _, f := range faults {
			if len(res.Errors) < maxRowErrors {
				res.Errors = append(res.Errors, f.row(k, opt.Lang))
			}
		}
	}
	good := 0
	im := Import{Kind: k.Key, Name: opt.Name}
	o, err := s.scan(ctx, by, k, content, opt, func(o opened) error {
		im.head, im.HeadRow, im.date1904, im.kindVersion, im.facts = o.head, int64(o.headRow), o.date1904, k.Version, o.facts
		if opt.DryRun {
			return nil
		}
		return s.DB.Write(ctx, func(tx *db.Tx) error { return s.begin(ctx, tx, by, &im, content, false) })
	}, func(lines []line) error {
		for _, l := range lines {
			res.Rows++
			switch l.state {
			case lineGood:
				good++
			case lineSame:
				res.Unchanged++
			case lineAside:
				res.Aside++
				for _, f := range l.faults {
					res.Notes = append(res.Notes, f.row(k, opt.Lang))
				}
				continue
			}
			tell(l.faults)
		}
		if opt.DryRun || len(res.Errors) > 0 {
			return nil
		}
		return s.DB.Write(ctx, func(tx *db.Tx) error { return s.insertLines(ctx, tx, by, k, im.ID, lines) })
	})
	tell(o.faults)
	for _, f := range o.notes {
		res.Notes = append(res.Notes, f.row(k, opt.Lang))
	}
	drop := func() error {
		if im.ID == "" {
			return nil
		}
		return s.DB.Write(ctx, func(tx *db.Tx) error { return s.drop(ctx, tx, by.District, im.ID) })
	}
	if err != nil || len(res.Errors) > 0 {
		return res, errors.Join(err, drop())
	}
	if res.Accepted = good; opt.DryRun {
		return res, nil
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tally(ctx, tx, by.District, im.ID); err != nil {
			return err
		}
		res.Accepted, res.Unchanged, err = s.keep(ctx, tx, by, k, &im)
		return err
	})
	var at *lineError
	if errors.As(err, &at) { // the row it stopped at stands in the list
		res.Accepted, res.Unchanged = 0, 0
		tell([]Fault{at.fault()})
		return res, drop()
	}
	if err != nil {
		return res, errors.Join(err, drop())
	}
	res.ID = im.ID
	return res, nil
}
