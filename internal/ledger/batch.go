package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// States of an import.
const (
	BatchReading = "reading" // its rows are being read and checked
	BatchOpen    = "open"    // waits for mending and for keeping
	BatchKeeping = "keeping"
	BatchKept    = "kept"
	BatchUndone  = "undone"
)

// States of a row of an import.
const (
	lineGood = "good"
	lineBad  = "bad"
	lineSame = "same" // says what is kept already
	lineKept = "kept"
)

// Problems of imports.
var (
	ErrBatch      = problem.New(problem.NotFound, "import.no-batch", nil)
	ErrBatchState = problem.New(problem.Conflict, "import.state", nil)
	ErrUndo       = problem.New(problem.Conflict, "import.undo-late", nil)
)

// problemColumn is the heading under which rejected rows carry their faults; a file that has it is read without it.
var problemColumn = i18n.Label{Zh: "问题", En: "Problem"}

// uncached marks a formula cell without a stored result in a waiting row.
const uncached = "\x00"

// ImportResult says what an import did.
type ImportResult struct {
	ID        string     `json:"id,omitempty"`
	Rows      int        `json:"rows"`
	Accepted  int        `json:"accepted"`
	Unchanged int        `json:"unchanged"`
	DryRun    bool       `json:"dry_run"`
	Errors    []RowError `json:"errors"`
}

// Clean reports whether every row was good.
func (r ImportResult) Clean() bool { return len(r.Errors) == 0 }

// ImportOptions say how to import.
type ImportOptions struct {
	Kind   string
	Name   string // of the file, for history
	DryRun bool
	Lang   i18n.Lang
	Open   func(name string) ([]byte, error) // photo files beside the workbook

	assigned []Assigned
}

const (
	maxRowErrors = 1000
	chunkRows    = 2000
)

// line is one row of a file: its cells as they stand, what is wrong with it, and the entry it would make.
type line struct {
	staged
	state  string
	cells  []string
	faults []Fault
	clean  kind.Values // of a good row
}

// alone reports whether a good row can be staged: it corrects nothing, makes no person and has no neighbour in time to
// look at.
func (l *line) alone(k *kind.Kind) bool {
	return l.state == lineGood && l.number == "" && len(l.persons) == 0 && !neighbours(k)
}

// neighbours reports whether entries of a kind are compared with others of their subject.
func neighbours(k *kind.Kind) bool { return k.State != nil && len(k.State.Subject) > 0 }

// opened is what the head of a file says.
type opened struct {
	head     []string // with the titles of assigned texts
	headRow  int
	date1904 bool
	samples  [][]string // the first rows of a file whose columns are not known
	faults   []Fault    // of the file as a whole
}

// reader checks rows of one file against a kind.
type reader struct {
	s        *Service
	by       access.Scope
	w        work
	k        *kind.Kind
	lay      *layout
	look     *lookup
	date1904 bool
	seen     map[[16]byte]int64
	head     []string     // titles by column, with those of assigned texts
	width    int          // titles of the file itself
	fixed    []sheet.Cell // texts that stand in every row; set while a file is read
}

// book opens a file and matches its columns.
func (s *Service) book(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, content []byte, opt ImportOptions) (*sheet.Table, *reader, opened, error) {
	var o opened
	cols := columnsOf(k, true)
	how := sheet.ReadOptions{Head: known(cols)}
	open := sheet.ReadCSV
	if bytes.HasPrefix(content, []byte("PK")) || bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")) {
		open = sheet.Read
	}
	t, err := open(content, how)
	if err != nil {
		o.faults, err = fileFault(err)
		return nil, nil, o, err
	}
	o.headRow, o.date1904 = t.HeadRow, t.Date1904
	fail := func(column int, field, code string, args map[string]any, suggestion string) {
		o.faults = append(o.faults, newFault(sheet.Row{Index: t.HeadRow}.Address(column), column, field, code, args, suggestion))
	}
	var head []string
	for _, c := range t.Head {
		head = append(head, strings.TrimSpace(c.Text))
	}
	o.head = widen(cols, head, opt.assigned)
	r := &reader{}
	if other := t.Meta["kind"]; other != "" && other != k.Key {
		fail(0, "", "import.other-kind", map[string]any{"have": other, "want": k.Key}, "")
		return t, r, o, nil
	}
	at := match(cols, o.head, opt.assigned, fail)
	if len(o.faults) > 0 {
		return t, r, o, nil
	}
	if r, err = s.reader(ctx, q, by, k, o.head, opt.assigned, at, t.Date1904); err != nil {
		return t, r, o, err
	}
	r.look.open, r.look.dry = opt.Open, opt.DryRun
	for _, a := range fixedTexts(opt.assigned) {
		r.fixed = append(r.fixed, sheet.Cell{Text: a.Text})
	}
	return t, r, o, nil
}

// untitled reports whether a column has no title and is nothing else either: what stands there would be lost.
func (r *reader) untitled(column int) bool {
	return (column >= len(r.head) || r.head[column] == "") && !slices.Contains(r.lay.at, column)
}

// letter is the column of the file for one of a row, which may hold texts of every row before what is too much.
func (r *reader) letter(column int) int {
	if column >= len(r.head) {
		return column - len(r.head) + r.width
	}
	return column
}

// complete gives a row the texts that stand in every row, before what stands beyond the titles.
func (r *reader) complete(row sheet.Row) sheet.Row {
	if len(r.fixed) == 0 {
		return row
	}
	cells := make([]sheet.Cell, r.width, len(row.Cells)+len(r.head))
	n := copy(cells, row.Cells)
	cells = append(cells, r.fixed...)
	row.Cells = append(cells, row.Cells[n:]...)
	return row
}

func fileFault(err error) ([]Fault, error) {
	var e *sheet.Error
	if !errors.As(err, &e) {
		return nil, err
	}
	return []Fault{{Cell: e.Cell, Column: -1, Code: e.Code, Say: i18n.Label{Zh: e.Zh, En: e.En}}}, nil
}

func (s *Service) reader(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, head []string, list []Assigned, at []int, date1904 bool) (*reader, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	return &reader{s: s, by: by, w: w, k: k, head: head, width: len(head) - len(fixedTexts(list)), lay: newLayout(columnsOf(k, true), at), look: s.lookup(ctx, q, by, w.org, w.day),
		date1904: date1904, seen: map[[16]byte]int64{}}, nil
}

// check reads one row.
func (r *reader) check(ctx context.Context, q db.Querier, row sheet.Row) (line, error) {
	l := line{cells: make([]string, len(row.Cells))}
	for i, c := range row.Cells {
		l.cells[i] = c.Text
		if c.Uncached {
			l.cells[i] = uncached
		}
	}
	fail := func(column int, field, code string, args map[string]any, suggestion string) {
		l.faults = append(l.faults, newFault(row.Address(column), column, field, code, args, suggestion))
	}
	st, v, ok := r.s.stageRow(ctx, q, r.by, r.w, r.k, r.lay, r.date1904, row, r.look, fail)
	l.staged, l.state = st, lineBad
	if r.look.failed != nil {
		return l, r.look.failed
	}
	for i, c := range row.Cells {
		switch {
		case !r.untitled(i) || strings.TrimSpace(c.Text) == "":
		case c.Merged: // only merged into it: the text stands where it belongs
			l.cells[i] = ""
		default:
			ok = false
			l.faults = append(l.faults, newFault(row.Address(r.letter(i)), i, "", "import.untitled", map[string]any{"text": c.Text}, ""))
		}
	}
	if !ok {
		return l, nil
	}
	l.state = lineGood
	l.staged.index = row.Index
	if l.number != "" {
		return l, nil
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d\n%s\n%s", l.unit, l.raw, mustJSON(l.persons))))
	l.hash = hex.EncodeToString(sum[:])
	r.seen[[16]byte(sum[:16])]++
	l.ordinal = r.seen[[16]byte(sum[:16])]
	l.clean = v
	return l, nil
}

// same marks rows that say what is kept already.
func (r *reader) same(ctx context.Context, q db.Querier, lines []line) error {
	kept, err := importedAs(ctx, q, r.by.District, r.k.Key, lines)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		switch {
		case l.state != lineGood:
		case l.number != "":
			there, same, err := r.s.sameAsKept(ctx, r.by, r.k, &l.staged)
			switch {
			case err != nil:
				return err
			case !there:
				at := r.lay.at[slices.IndexFunc(r.lay.cols, func(c column) bool { return c.role == "number" })]
				l.state = lineBad
				l.faults = append(l.faults, newFault(sheet.Row{Index: l.index}.Address(at), at, "number", "import.no-number", map[string]any{"number": l.number}, ""))
			case same:
				l.state = lineSame
			}
		case kept[rowKey{l.hash, l.ordinal}]:
			l.state = lineSame
		}
	}
	return nil
}

// scan reads a file in chunks of checked rows. The faults it returns are those of the whole file: then no row was read, or
// the file broke off at the row named.
func (s *Service) scan(ctx context.Context, by access.Scope, k *kind.Kind, content []byte, opt ImportOptions, started func(opened) error, each func([]line) error) (opened, error) {
	q := s.DB.Read
	t, r, o, err := s.book(ctx, q, by, k, content, opt)
	if t != nil {
		defer t.Close()
	}
	if err != nil {
		return o, err
	}
	if len(o.faults) > 0 {
		if t != nil && assignable(o.faults) {
			o.samples = samples(ctx, t)
		}
		return o, nil
	}
	if err := started(o); err != nil {
		return o, err
	}
	var chunk []line
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		if err := r.same(ctx, q, chunk); err != nil {
			return err
		}
		err := each(chunk)
		chunk = chunk[:0]
		return err
	}
	for row, err := range t.Rows(ctx) {
		if err != nil {
			o.faults, err = fileFault(err)
			return o, err
		}
		l, err := r.check(ctx, q, r.complete(row))
		if err != nil {
			return o, err
		}
		if chunk = append(chunk, l); len(chunk) == chunkRows {
			if err := flush(); err != nil {
				return o, err
			}
		}
	}
	return o, flush()
}

// samples are the first rows of a file; one that cannot be read ends them.
func samples(ctx context.Context, t *sheet.Table) [][]string {
	var out [][]string
	for row, err := range t.Rows(ctx) {
		if err != nil || len(out) == 5 {
			break
		}
		texts := make([]string, len(row.Cells))
		for i := range texts {
			texts[i] = row.Text(i)
		}
		out = append(out, texts)
	}
	return out
}

// Import reads a workbook of a kind. Any bad cell keeps the whole file out; a clean file is kept and submitted in one
// transaction. Rows that were imported before change nothing.
func (s *Service) Import(ctx context.Context, by access.Scope, content []byte, opt ImportOptions) (ImportResult, error) {
	res := ImportResult{DryRun: opt.DryRun, Errors: []RowError{}}
	set, err := s.Packs.Current(ctx, s.DB.Read, by.District)
	if err != nil {
		return res, err
	}
	k, err := kind.Of(set, opt.Kind)
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
	b := Batch{Kind: k.Key, Name: opt.Name}
	o, err := s.scan(ctx, by, k, content, opt, func(o opened) error {
		b.head, b.HeadRow, b.date1904, b.kindVersion = o.head, int64(o.headRow), o.date1904, k.Version
		if opt.DryRun {
			return nil
		}
		return s.DB.Write(ctx, func(tx *db.Tx) error { return s.begin(ctx, tx, by, &b, content, false) })
	}, func(lines []line) error {
		for _, l := range lines {
			res.Rows++
			switch l.state {
			case lineGood:
				good++
			case lineSame:
				res.Unchanged++
			}
			tell(l.faults)
		}
		if opt.DryRun || len(res.Errors) > 0 {
			return nil
		}
		return s.DB.Write(ctx, func(tx *db.Tx) error { return s.insertLines(ctx, tx, by, k, b.ID, lines) })
	})
	tell(o.faults)
	drop := func() error {
		if b.ID == "" {
			return nil
		}
		return s.DB.Write(ctx, func(tx *db.Tx) error { return s.dropBatch(ctx, tx, by.District, b.ID) })
	}
	if err != nil || len(res.Errors) > 0 {
		return res, errors.Join(err, drop())
	}
	if res.Accepted = good; opt.DryRun {
		return res, nil
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tally(ctx, tx, by.District, b.ID); err != nil {
			return err
		}
		res.Accepted, res.Unchanged, err = s.keep(ctx, tx, by, k, &b)
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
	res.ID = b.ID
	return res, nil
}

// lineError is a row that could not be kept.
type lineError struct {
	line int
	err  *problem.Error
}

func (e *lineError) Error() string { return fmt.Sprintf("row %d: %v", e.line, e.err) }

func (e *lineError) fault() Fault {
	code, args, field := e.err.Code, e.err.Args, ""
	if len(e.err.Fields) > 0 {
		code, args, field = e.err.Fields[0].Code, e.err.Fields[0].Args, strings.TrimPrefix(e.err.Fields[0].Pointer, "/values/")
	}
	return newFault(sheet.Row{Index: e.line}.Address(0), 0, field, code, args, "")
}

// sameAsKept reports whether there is an entry of a row's number within reach, and whether it says what the row says.
func (s *Service) sameAsKept(ctx context.Context, by access.Scope, k *kind.Kind, r *staged) (there, same bool, err error) {
	var entry string
	err = s.DB.Read.QueryRowContext(ctx, `SELECT id FROM entry WHERE district = $1 AND number = $2 AND kind = $3`, by.District, r.number, k.Key).Scan(&entry)
	if found, err := db.One(err); err != nil || !found {
		return false, false, err
	}
	e, _, w, err := s.seen(ctx, s.DB.Read, by, entry)
	if isReach(err) {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	values, err := r.values()
	if err != nil {
		return true, false, err
	}
	for field, name := range r.persons {
		p, err := account.FindPerson(ctx, s.DB.Read, by.District, name, r.unit)
		if err != nil || p == "" {
			return true, false, err
		}
		values[field] = p
	}
	v, faults := kind.Clean(k, values, w.day)
	return true, len(faults) == 0 && e.Unit == r.unit && v.Encode() == e.Values.Encode(), nil
}

func isReach(err error) bool {
	var p *problem.Error
	return errors.As(err, &p) && p.Kind == problem.NotFound
}

type rowKey struct {
	hash    string
	ordinal int64
}

// importedAs finds which rows were kept by an earlier import.
func importedAs(ctx context.Context, q db.Querier, district int64, kind string, lines []line) (map[rowKey]bool, error) {
	out := map[rowKey]bool{}
	const some = 200
	for at := 0; at < len(lines); at += some {
		args := []any{district, kind}
		var marks []string
		for _, r := range lines[at:min(at+some, len(lines))] {
			if r.hash != "" {
				args = append(args, r.hash)
				marks = append(marks, "$"+strconv.Itoa(len(args)))
			}
		}
		if len(marks) == 0 {
			continue
		}
		var k rowKey
		res, err := q.QueryContext(ctx, `SELECT hash, ordinal FROM import_row WHERE district = $1 AND kind = $2 AND hash IN (`+strings.Join(marks, ",")+`)`, args...)
		if err := db.Each(res, err, func() error {
			err := res.Scan(&k.hash, &k.ordinal)
			out[k] = true
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// rowOf is a waiting row as a sheet would give it.
func rowOf(index int, cells []string) sheet.Row {
	r := sheet.Row{Index: index, Cells: make([]sheet.Cell, len(cells))}
	for i, t := range cells {
		if r.Cells[i].Text = t; t == uncached {
			r.Cells[i] = sheet.Cell{Uncached: true}
		}
	}
	return r
}

func decodeJSON(raw string, into any) error {
	if raw == "" {
		return nil
	}
	return json.Unmarshal([]byte(raw), into)
}
