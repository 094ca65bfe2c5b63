package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/outbox"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// ImportJob reads or keeps an import in the background: it can be left and found again, and a restart goes on with it.
const ImportJob = "ledger.import"

type importJob struct {
	Run string `json:"run"`
}

var batchTitle = map[string]i18n.Label{
	BatchReading: {Zh: "正在读取", En: "being read"}, BatchOpen: {Zh: "待核对", En: "waiting"}, BatchKeeping: {Zh: "正在导入", En: "being kept"},
	BatchKept: {Zh: "已导入", En: "kept"}, BatchUndone: {Zh: "已撤销", En: "undone"},
}

// recheckAfter is how old the checks of waiting rows may be when they are kept: units, rules and references change.
const recheckAfter = 5 * time.Minute

// StartImport takes a file in; its rows are read by a job.
//
// Errors: kind.ErrUnknown.
func (s *Service) StartImport(ctx context.Context, tx *db.Tx, by access.Scope, key, name string, content []byte) (Batch, error) {
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return Batch{}, err
	}
	k, err := kind.Of(set, key)
	if err != nil {
		return Batch{}, err
	}
	if err := s.free(ctx, tx, by, k); err != nil {
		return Batch{}, err
	}
	b := Batch{Kind: k.Key, Name: name, Faults: []Fault{}, kindVersion: k.Version}
	if err := s.begin(ctx, tx, by, &b, content, true); err != nil {
		return b, err
	}
	return b, s.enqueue(ctx, tx, by, b.ID)
}

func (s *Service) enqueue(ctx context.Context, tx *db.Tx, by access.Scope, run string) error {
	return outbox.Enqueue(ctx, tx, by.District, s.Clock.Now(), ImportJob, importJob{run})
}

// KeepImport orders the good rows to be kept. With bad rows left it needs cleanOnly.
//
// Errors: ErrBatch, ErrBatchState, import.bad-left.
func (s *Service) KeepImport(ctx context.Context, tx *db.Tx, by access.Scope, run string, cleanOnly bool) (Batch, error) {
	b, err := s.batch(ctx, tx, by, run)
	if err != nil {
		return b, err
	}
	if b.State != BatchOpen || b.Good == 0 {
		return b, ErrBatchState.With("state", batchTitle[b.State])
	}
	if b.Bad > 0 && !cleanOnly {
		return b, problem.New(problem.Conflict, "import.bad-left", map[string]any{"n": b.Bad})
	}
	if err := setBatch(ctx, tx, by.District, run, BatchKeeping, 0, b.Good); err != nil {
		return b, err
	}
	if err := s.enqueue(ctx, tx, by, run); err != nil {
		return b, err
	}
	return s.batch(ctx, tx, by, run)
}

// DropImport throws waiting rows away; what was kept of them stays.
func (s *Service) DropImport(ctx context.Context, tx *db.Tx, by access.Scope, run string) error {
	b, err := s.batch(ctx, tx, by, run)
	if err != nil {
		return err
	}
	if b.State != BatchOpen || b.Accepted > 0 {
		return ErrBatchState.With("state", batchTitle[b.State])
	}
	return s.dropBatch(ctx, tx, by.District, run)
}

// RunImport is the job.
func (s *Service) RunImport(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error {
	var j importJob
	if err := json.Unmarshal(body, &j); err != nil {
		return err
	}
	b, err := scanBatch(s.DB.Read.QueryRowContext(ctx, `SELECT `+batchColumns+` FROM import_run WHERE district = $1 AND id = $2`, district, j.Run))
	found, err := db.One(err)
	if err != nil {
		return err
	}
	if !found || b.State != BatchReading && b.State != BatchKeeping {
		return s.DB.Write(ctx, done)
	}
	acc, err := s.Accounts.ByID(ctx, s.DB.Read, district, b.account)
	if err != nil {
		return err
	}
	by, err := s.Accounts.Scope(ctx, s.DB.Read, acc)
	if err != nil {
		return err
	}
	set, err := s.Packs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	k, err := kind.Of(set, b.Kind)
	if err != nil {
		return err
	}
	if b.State == BatchReading {
		return s.readImport(ctx, by, k, &b, done)
	}
	return s.keepImport(ctx, by, k, &b, done)
}

func (s *Service) readImport(ctx context.Context, by access.Scope, k *kind.Kind, b *Batch, done func(*db.Tx) error) error {
	var content []byte
	if err := s.DB.Read.QueryRowContext(ctx, `SELECT content FROM import_file WHERE district = $1 AND run = $2`, by.District, b.ID).Scan(&content); err != nil {
		return fmt.Errorf("read the file of import %s: %w", b.ID, err)
	}
	rows := int64(0)
	opt := ImportOptions{Kind: k.Key, Name: b.Name, assigned: b.assigned}
	read := func() (opened, error) {
		return s.scan(ctx, by, k, content, opt, func(o opened) error {
			return s.DB.Write(ctx, func(tx *db.Tx) error {
				// what an interrupted or an earlier reading left behind is read again
				if _, err := tx.ExecContext(ctx, `DELETE FROM import_line WHERE district = $1 AND run = $2`, by.District, b.ID); err != nil {
					return err
				}
				if err := s.Unstage(ctx, tx, by.District, b.ID, nil); err != nil {
					return err
				}
				return setHead(ctx, tx, by.District, b.ID, k, o, opt.assigned)
			})
		}, func(lines []line) error {
			rows += int64(len(lines))
			return s.DB.Write(ctx, func(tx *db.Tx) error {
				if err := s.insertLines(ctx, tx, by, k, b.ID, lines); err != nil {
					return err
				}
				return setBatch(ctx, tx, by.District, b.ID, BatchReading, rows, 0)
			})
		})
	}
	o, err := read()
	if err == nil && len(opt.assigned) == 0 && assignable(o.faults) {
		before, asked := remembered(ctx, s.DB.Read, by.District, by.Account, k.Key, o.head)
		if asked != nil {
			return asked
		}
		if cols := columnsOf(k, true); len(before) > 0 && len(checkAssigned(cols, o.head, before)) == 0 {
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
			if err := setHead(ctx, tx, by.District, b.ID, k, o, opt.assigned); err != nil {
				return err
			}
		} else if len(opt.assigned) == 0 {
			if _, err := tx.ExecContext(ctx, `DELETE FROM import_file WHERE district = $1 AND run = $2`, by.District, b.ID); err != nil {
				return err
			}
		}
		if err := s.settle(ctx, tx, by.District, b.ID, o.faults); err != nil {
			return err
		}
		return done(tx)
	})
}

// setHead stores what the head of a file says and what was assigned to it.
func setHead(ctx context.Context, tx *db.Tx, district int64, run string, k *kind.Kind, o opened, assigned []Assigned) error {
	said, sample := "", ""
	if len(assigned) > 0 {
		said = mustJSON(assigned)
	}
	if len(o.samples) > 0 {
		sample = mustJSON(o.samples)
	}
	_, err := tx.ExecContext(ctx, `UPDATE import_run SET head = $3, date1904 = $4, kind_version = $5, head_row = $6, assigned = $7, sample = CASE WHEN $8 = '' THEN sample ELSE $8 END WHERE district = $1 AND id = $2`,
		district, run, mustJSON(o.head), bit(o.date1904), k.Version, int64(o.headRow), said, sample)
	return err
}

// settle opens an import to its person again, with the faults of the whole file.
func (s *Service) settle(ctx context.Context, tx *db.Tx, district int64, run string, faults []Fault) error {
	raw := ""
	if len(faults) > 0 {
		raw = mustJSON(faults)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE import_run SET fault = $3, checked_at = $4 WHERE district = $1 AND id = $2`, district, run, raw, s.Clock.Now().UnixMilli()); err != nil {
		return err
	}
	if err := setBatch(ctx, tx, district, run, BatchOpen, 0, 0); err != nil {
		return err
	}
	return tally(ctx, tx, district, run)
}

func (s *Service) keepImport(ctx context.Context, by access.Scope, k *kind.Kind, b *Batch, done func(*db.Tx) error) error {
	if b.kindVersion != k.Version || s.Clock.Now().UnixMilli()-b.checkedAt > recheckAfter.Milliseconds() {
		ok, err := s.recheck(ctx, by, k, b, done)
		if err != nil || !ok {
			return err
		}
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, _, err := s.keep(ctx, tx, by, k, b); err != nil {
			return err
		}
		return done(tx)
	})
	var at *lineError
	var p *problem.Error
	if !errors.As(err, &at) && !errors.As(err, &p) {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { // nothing was kept: the person sees where it stopped
		var faults []Fault
		if at != nil {
			if _, err := tx.ExecContext(ctx, `UPDATE import_line SET state = 'bad', faults = $4 WHERE district = $1 AND run = $2 AND line = $3`, by.District, b.ID, int64(at.line), mustJSON([]Fault{at.fault()})); err != nil {
				return err
			}
			if err := s.Unstage(ctx, tx, by.District, b.ID, []int{at.line}); err != nil {
				return err
			}
		} else {
			faults = []Fault{newFault("", -1, "", p.Code, p.Args, "")}
		}
		if err := s.settle(ctx, tx, by.District, b.ID, faults); err != nil {
			return err
		}
		return done(tx)
	})
}

// recheck looks at every waiting row again before it is kept. A row that has become bad opens the import to its person.
func (s *Service) recheck(ctx context.Context, by access.Scope, k *kind.Kind, b *Batch, done func(*db.Tx) error) (ok bool, err error) {
	var faults []Fault
	at := match(columnsOf(k, true), b.head, b.assigned, func(column int, field, code string, args map[string]any, suggestion string) {
		faults = append(faults, newFault(sheet.Row{Index: int(b.HeadRow)}.Address(column), column, field, code, args, suggestion))
	})
	worse := len(faults) > 0
	if !worse {
		r, err := s.reader(ctx, s.DB.Read, by, k, b.head, b.assigned, at, b.date1904)
		if err != nil {
			return false, err
		}
		for last := -1; ; {
			some, err := linesOf(ctx, s.DB.Read, by.District, b.ID, fmt.Sprintf(`AND state = 'good' AND line > $3 ORDER BY line LIMIT %d`, chunkRows), last)
			if err != nil {
				return false, err
			}
			if len(some) == 0 {
				break
			}
			last = some[len(some)-1].index
			bad := false
			if err := s.DB.Write(ctx, func(tx *db.Tx) error {
				lines := make([]line, 0, len(some))
				for i := range some {
					l, err := r.check(ctx, tx, rowOf(some[i].index, some[i].cells))
					if err != nil {
						return err
					}
					l.index = some[i].index
					bad = bad || l.state == lineBad
					lines = append(lines, l)
				}
				if err := s.updateLines(ctx, tx, by, k, b.ID, lines); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, `UPDATE import_run SET done = done + $3 WHERE district = $1 AND id = $2`, by.District, b.ID, int64(len(some)))
				return err
			}); err != nil {
				return false, err
			}
			worse = worse || bad
		}
	}
	if !worse {
		return true, nil
	}
	return false, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.settle(ctx, tx, by.District, b.ID, faults); err != nil {
			return err
		}
		return done(tx)
	})
}

// Mend is a change of cells: of one row, or of every row whose cell says Was.
type Mend struct {
	Line   int64  `json:"line,omitempty" doc:"Row of the file; 0 for every row whose cell says was"`
	Column int64  `json:"column" minimum:"0" maximum:"300"`
	Was    string `json:"was,omitempty" maxLength:"2000"`
	Text   string `json:"text" maxLength:"2000"`
}

// MendImport writes cells of waiting rows and checks the rows again. It returns how many rows it changed.
//
// Errors: ErrBatch, ErrBatchState.
func (s *Service) MendImport(ctx context.Context, tx *db.Tx, by access.Scope, run string, m Mend) (Batch, int, error) {
	b, err := s.batch(ctx, tx, by, run)
	if err != nil {
		return b, 0, err
	}
	if b.State != BatchOpen {
		return b, 0, ErrBatchState.With("state", batchTitle[b.State])
	}
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return b, 0, err
	}
	k, err := kind.Of(w.set, b.Kind)
	if err != nil {
		return b, 0, err
	}
	at := match(columnsOf(k, true), b.head, b.assigned, func(int, string, string, map[string]any, string) {})
	r, err := s.reader(ctx, tx, by, k, b.head, b.assigned, at, b.date1904)
	if err != nil {
		return b, 0, err
	}
	tail, args := `AND state <> 'kept' AND line = $3`, []any{m.Line}
	if m.Line == 0 {
		tail, args = `AND state = 'bad' ORDER BY line`, nil
	}
	list, err := linesOf(ctx, tx, by.District, run, tail, args...)
	if err != nil {
		return b, 0, err
	}
	n := 0
	var changed []line
	for i := range list {
		cells := list[i].cells
		for int64(len(cells)) <= m.Column {
			cells = append(cells, "")
		}
		if m.Line == 0 && strings.TrimSpace(cells[m.Column]) != strings.TrimSpace(m.Was) {
			continue
		}
		cells[m.Column] = m.Text
		l, err := r.check(ctx, tx, rowOf(list[i].index, cells))
		if err != nil {
			return b, 0, err
		}
		l.index = list[i].index
		changed = append(changed, l)
		n++
	}
	if err := r.same(ctx, tx, changed); err != nil {
		return b, 0, err
	}
	if err := s.updateLines(ctx, tx, by, k, run, changed); err != nil {
		return b, 0, err
	}
	if err := tally(ctx, tx, by.District, run); err != nil {
		return b, 0, err
	}
	b, err = s.batch(ctx, tx, by, run)
	return b, n, err
}

// Rejected writes the bad rows as a workbook with their faults, to be mended elsewhere and handed in again.
func (s *Service) Rejected(ctx context.Context, by access.Scope, run string, lang i18n.Lang) (sheet.Book, error) {
	b, err := s.batch(ctx, s.DB.Read, by, run)
	if err != nil {
		return sheet.Book{}, err
	}
	set, err := s.Packs.Current(ctx, s.DB.Read, by.District)
	if err != nil {
		return sheet.Book{}, err
	}
	k, err := kind.Of(set, b.Kind)
	if err != nil {
		return sheet.Book{}, err
	}
	list, err := linesOf(ctx, s.DB.Read, by.District, run, `AND state = 'bad' ORDER BY line`)
	if err != nil {
		return sheet.Book{}, err
	}
	name := []rune(k.Title.Zh)
	book := sheet.Book{Sheet: string(name[:min(len(name), 20)]), Meta: map[string]string{"kind": k.Key}}
	// of a file whose columns were assigned, what was read, under the titles of the kind: it is handed in again like any other
	cols := columnsOf(k, true)
	at := match(cols, b.head, b.assigned, func(int, string, string, map[string]any, string) {})
	var from []int
	for j, h := range b.head {
		if len(b.assigned) > 0 {
			i := slices.Index(at, j)
			if i < 0 {
				continue
			}
			h = cols[i].title.Zh
		}
		from = append(from, j)
		book.Columns = append(book.Columns, sheet.Column{Key: fmt.Sprintf("c%d", j), Title: h, Width: 16})
	}
	book.Columns = append(book.Columns, sheet.Column{Key: "problem", Title: problemColumn.Zh, Width: 60})
	book.Rows = iter.Seq2[[]any, error](func(yield func([]any, error) bool) {
		for _, l := range list {
			row := make([]any, len(book.Columns))
			for i, j := range from {
				if j < len(l.cells) && l.cells[j] != uncached && l.cells[j] != "" {
					row[i] = l.cells[j]
				}
			}
			var say []string
			for _, f := range l.faults {
				text := f.Cell + " " + f.Say.In(lang)
				if f.Suggestion != "" {
					text += " → " + f.Suggestion
				}
				say = append(say, text)
			}
			row[len(row)-1] = strings.Join(say, "；")
			if !yield(row, nil) {
				return
			}
		}
	})
	return book, nil
}
