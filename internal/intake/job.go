package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// Job reads or keeps an import in the background: it can be left and found again, and a restart goes on with it.
const Job = "ledger.import"

type job struct {
	Run string `json:"run"`
}

// recheckAfter is how old the checks of waiting rows may be when they are kept: units, rules and references change.
const recheckAfter = 5 * time.Minute

// Run is the job.
func (s *Service) Run(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error {
	var j job
	if err := json.Unmarshal(body, &j); err != nil {
		return err
	}
	im, err := scanImport(s.DB.Read.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import_run WHERE district = $1 AND id = $2`, district, j.Run))
	found, err := db.One(err)
	if err != nil {
		return err
	}
	if !found || im.State != Reading && im.State != Keeping {
		return s.DB.Write(ctx, done)
	}
	acc, err := s.Accounts.ByID(ctx, s.DB.Read, district, im.account)
	if err != nil {
		return err
	}
	by, err := s.Accounts.Scope(ctx, s.DB.Read, acc)
	if err != nil {
		return err
	}
	k, err := s.kindOf(ctx, s.DB.Read, district, im.Kind)
	if err != nil {
		return err
	}
	if im.State == Reading {
		return s.readImport(ctx, by, k, &im, done)
	}
	return s.keepImport(ctx, by, k, &im, done)
}

func (s *Service) readImport(ctx context.Context, by access.Scope, k *kind.Kind, im *Import, done func(*db.Tx) error) error {
	var content []byte
	if err := s.DB.Read.QueryRowContext(ctx, `SELECT content FROM import_file WHERE district = $1 AND run = $2`, by.District,
		im.ID).Scan(&content); err != nil {
		return fmt.Errorf("read the file of import %s: %w", im.ID, err)
	}
	rows := int64(0)
	opt := Options{Kind: k.Key, Name: im.Name, assigned: im.assigned, said: im.facts.Said}
	read := func() (opened, error) {
		return s.scan(ctx, by, k, content, opt, func(o opened) error {
			return s.DB.Write(ctx, func(tx *db.Tx) error {
				// what an interrupted or an earlier reading left behind is read again
				if _, err := tx.ExecContext(ctx, `DELETE FROM import_line WHERE district = $1 AND run = $2`, by.District, im.ID); err != nil {
					return err
				}
				if err := s.Ledger.Unstage(ctx, tx, by.District, im.ID, nil); err != nil {
					return err
				}
				return setHead(ctx, tx, by.District, im.ID, k, o, opt.assigned)
			})
		}, func(lines []line) error {
			rows += int64(len(lines))
			return s.DB.Write(ctx, func(tx *db.Tx) error {
				if err := s.insertLines(ctx, tx, by, k, im.ID, lines); err != nil {
					return err
				}
				return setState(ctx, tx, by.District, im.ID, Reading, rows, 0)
			})
		})
	}
	o, err := read()
	if err == nil && len(opt.assigned) == 0 && assignable(o.faults) {
		before, asked := remembered(ctx, s.DB.Read, by.District, by.Account, k.Key, o.head)
		if asked != nil {
			return asked
		}
		if cols := readable(k); len(before) > 0 && len(checkAssigned(cols, o.head, before)) == 0 {
			opt.assigned = before
			if len(fixedTexts(before)) > 0 { // this file may be another unit's: what was said is offered, not taken
				o.head = widen(cols, o.head, before)
			} else {
				o, err = read()
			}
		}
	}
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if assignable(o.faults) { // the person says which column is which, and the file is read again
			if err := setHead(ctx, tx, by.District, im.ID, k, o, opt.assigned); err != nil {
				return err
			}
		}
		if err := setNotes(ctx, tx, by.District, im.ID, o.notes); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, by.District, im.ID, o.faults); err != nil {
			return err
		}
		return done(tx)
	})
}

func (s *Service) keepImport(ctx context.Context, by access.Scope, k *kind.Kind, im *Import, done func(*db.Tx) error) error {
	if im.kindVersion != k.Version || s.Clock.Now().UnixMilli()-im.checkedAt > recheckAfter.Milliseconds() {
		ok, err := s.recheck(ctx, by, k, im, done)
		if err != nil || !ok {
			return err
		}
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, _, err := s.keep(ctx, tx, by, k, im); err != nil {
			return err
		}
		return done(tx)
	})
	var at *lineError
	p, refused := problem.Refusal(err)
	if !errors.As(err, &at) && !refused {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { // nothing was kept: the person sees where it stopped
		var faults []Fault
		if at != nil {
			if _, err := tx.ExecContext(ctx, `UPDATE import_line SET state = 'bad', faults = $4 WHERE district = $1 AND run = $2 AND line = $3`, by.District,
				im.ID, int64(at.line), mustJSON([]Fault{at.fault()})); err != nil {
				return err
			}
			if err := s.Ledger.Unstage(ctx, tx, by.District, im.ID, []int{at.line}); err != nil {
				return err
			}
		} else {
			faults = []Fault{newFault("", -1, "", p.Code, p.Args, "")}
		}
		if err := s.settle(ctx, tx, by.District, im.ID, faults); err != nil {
			return err
		}
		return done(tx)
	})
}

// recheck looks at every waiting row again before it is kept. A row that has become bad opens the import to its person.
func (s *Service) recheck(ctx context.Context, by access.Scope, k *kind.Kind, im *Import, done func(*db.Tx) error) (ok bool, err error) {
	q := s.DB.Read
	var faults []Fault
	r, err := s.again(ctx, q, by, k, im, func(column int, field, code string, args map[string]any, suggestion string) {
		faults = append(faults, newFault(sheet.Row{Index: int(im.HeadRow)}.Address(column), column, field, code, args, suggestion))
	})
	if err != nil {
		return false, err
	}
	worse := len(faults) > 0
	for last := -1; len(faults) == 0; {
		some, err := linesOf(ctx, q, by.District, im.ID, fmt.Sprintf(`AND state = 'good' AND line > $3 ORDER BY line LIMIT %d`, chunkRows), last)
		if err != nil {
			return false, err
		}
		if len(some) == 0 {
			break
		}
		last = some[len(some)-1].index
		if err := r.recheck(ctx, q, some); err != nil {
			return false, err
		}
		worse = worse || slices.ContainsFunc(some, func(l line) bool { return l.state == lineBad })
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := s.updateLines(ctx, tx, by, k, im.ID, some); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `UPDATE import_run SET done = done + $3 WHERE district = $1 AND id = $2`, by.District, im.ID, int64(len(some)))
			return err
		}); err != nil {
			return false, err
		}
	}
	if !worse {
		return true, nil
	}
	return false, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.settle(ctx, tx, by.District, im.ID, faults); err != nil {
			return err
		}
		return done(tx)
	})
}
