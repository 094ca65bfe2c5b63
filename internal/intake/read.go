package intake

import (
	"context"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/intake/heading"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/sheet"
)

// chunkRows is how many rows are looked at and stored together.
const chunkRows = 2000

// opened is what the head of a file says.
type opened struct {
	head     []string // with the titles of assigned texts
	headRow  int
	date1904 bool
	samples  [][]string // the first rows of a file whose columns are not known
	faults   []Fault    // of the file as a whole
	facts    facts
	notes    []Fault // what is told of it and holds nothing up
}

// reader checks rows of one file against a kind.
type reader struct {
	s        *Service
	by       access.Scope
	org      *org.Org
	day      period.Day
	k        *kind.Kind
	lay      *layout
	look     *lookup
	date1904 bool
	often    map[[16]byte]saidBy // what rows say → how often, and first where
	head     []string            // titles by column, with those of assigned texts
	width    int                 // titles of the file itself
	counts   []bool              // columns that number the rows
	fixed    []sheet.Cell        // texts that stand in every row; set while a file is read
	facts    facts
	seen     observed
	below    int // row from which on another table stands; 0 for none
	like     map[likeKey]titledRow
	locks    closing.Locks
}

func (s *Service) reader(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, o opened, list []Assigned, at []int) (*reader, error) {
	head := o.head
	units, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	day := period.Of(s.Clock.Now())
	r := &reader{s: s, by: by, org: units, day: day, k: k, head: head, width: len(head) - len(fixedTexts(list)),
		lay: newLayout(readable(k), at, head, o.facts.Units), look: newLookup(s, q, by, units, day), date1904: o.date1904,
		often: map[[16]byte]saidBy{}, counts: make([]bool, len(head)+sheet.MostColumns), facts: o.facts, like: map[likeKey]titledRow{}}
	if !k.Lasting() {
		if r.locks, err = closing.InForce(ctx, q, by.District); err != nil {
			return nil, err
		}
	}
	for j, h := range head[:r.width] {
		if !slices.Contains(at, j) && numbersRows(h) {
			r.counts[j] = true
		}
	}
	return r, nil
}

// again is a reader for rows that wait: their columns were found before.
func (s *Service) again(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, im *Import, fail report) (*reader, error) {
	o := opened{head: im.head, date1904: im.date1904, facts: im.facts}
	return s.reader(ctx, q, by, k, o, im.assigned, match(readable(k), im.head, im.assigned, fail))
}

// book opens a file and matches its columns.
func (s *Service) book(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, content []byte, opt Options) (*sheet.Table, *reader, opened, error) {
	var o opened
	cols := readable(k)
	o.facts.Said = opt.said
	t, err := sheet.Open(content, sheet.ReadOptions{Head: known(cols), Sheets: opt.said.Sheets, HeadRow: opt.said.HeadRow,
		Says: func(name string, above []sheet.Row, titles []string) string {
			return unitsSaid(cols, titles, heading.Said(name, above))
		}})
	if err != nil {
		o.faults, err = fileFault(err)
		return nil, nil, o, err
	}
	o.headRow, o.date1904 = t.HeadRow, t.Date1904
	o.facts.Sheets, o.facts.Read, o.facts.Units = t.Sheets, t.Read, heading.Said(t.Name(), t.Above)
	fail := func(column int, field, code string, args map[string]any, suggestion string) {
		o.faults = append(o.faults, newFault(sheet.Row{Index: t.HeadRow}.Address(column), column, field, code, args, suggestion))
	}
	var head []string
	for _, c := range t.Head {
		head = append(head, strings.TrimSpace(c.Text))
	}
	o.head = widen(cols, head, opt.assigned)
	if other := t.Meta["kind"]; other != "" && other != k.Key {
		fail(0, "", "import.other-kind", map[string]any{"have": other, "want": k.Key}, "")
		return t, nil, o, nil
	}
	at := match(cols, o.head, opt.assigned, fail)
	if len(o.faults) > 0 {
		return t, nil, o, nil
	}
	r, err := s.reader(ctx, q, by, k, o, opt.assigned, at)
	if err != nil {
		return t, nil, o, err
	}
	r.look.open = opt.Open
	for _, a := range fixedTexts(opt.assigned) {
		r.fixed = append(r.fixed, sheet.Cell{Text: a.Text})
	}
	return t, r, o, nil
}

// lost reports whether a column has no title and is nothing else either.
func (r *reader) lost(column int) bool {
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

// scan reads a file in chunks of checked rows. The faults it returns are those of the whole file: then no row was read, or
// the file broke off at the row named.
func (s *Service) scan(ctx context.Context, by access.Scope, k *kind.Kind, content []byte, opt Options, started func(opened) error,
	each func([]line) error) (opened, error) {
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
			if len(o.facts.Sheets) > 1 {
				o.notes = (&reader{facts: o.facts, lay: &layout{}}).notes(o.headRow)
			}
		}
		return o, nil
	}
	if err := started(o); err != nil {
		return o, err
	}
	said := ""
	if opt.Another {
		said = saidOther
	}
	var chunk []line
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		if err := r.find(ctx, q, chunk); err != nil {
			return err
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
		l, err := r.check(ctx, r.complete(row), said)
		if err != nil {
			return o, err
		}
		if chunk = append(chunk, l); len(chunk) == chunkRows {
			if err := flush(); err != nil {
				return o, err
			}
		}
	}
	err = flush()
	o.notes = r.notes(o.headRow)
	return o, err
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

// recheck reads waiting rows again from their cells.
func (r *reader) recheck(ctx context.Context, q db.Querier, lines []line) error {
	for i := range lines {
		l, err := r.again(ctx, &lines[i])
		if err != nil {
			return err
		}
		lines[i] = l
	}
	return r.find(ctx, q, lines)
}

// find looks for what good rows point at; a row that points at nothing is bad.
func (r *reader) find(ctx context.Context, q db.Querier, lines []line) error {
	var good []*line
	var values []kind.Values
	for i := range lines {
		if l := &lines[i]; l.state == lineGood {
			good, values = append(good, l), append(values, l.clean)
		}
	}
	missing, err := r.s.Ledger.Missing(ctx, q, r.by, r.k, values...)
	if err != nil {
		return err
	}
	for i, l := range good {
		for _, f := range missing[i] {
			column := r.lay.column(f.Pointer)
			l.state, l.hash, l.ordinal = lineBad, "", 0
			l.fail(r.address(l.index, column), column, strings.TrimPrefix(f.Pointer, "/values/"), f.Code, f.Args, "")
		}
	}
	return nil
}

// same marks rows that say what is kept already.
func (r *reader) same(ctx context.Context, q db.Querier, lines []line) error {
	kept, err := keptBefore(ctx, q, r.by.District, r.k.Key, lines)
	if err != nil {
		return err
	}
	var numbers []string
	for i := range lines {
		if l := &lines[i]; l.state == lineGood && l.number != "" {
			numbers = append(numbers, l.number)
		}
	}
	there, err := r.s.Ledger.Numbered(ctx, q, r.by, r.k, numbers)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		switch {
		case l.state != lineGood:
		case l.number != "":
			e, ok := there[l.number]
			if !ok {
				at := r.lay.column("/values/entry")
				l.state = lineBad
				l.fail(r.address(l.index, at), at, "number", "import.no-number", map[string]any{"number": l.number}, "")
				continue
			}
			same, err := r.says(ctx, q, l, e)
			if err != nil {
				return err
			}
			if same {
				l.state = lineSame
			}
		case kept[rowKey{l.hash, l.ordinal}]:
			l.state = lineSame
		}
	}
	return r.alike(ctx, q, lines)
}

// says reports whether a row says what an entry holds already.
func (r *reader) says(ctx context.Context, q db.Querier, l *line, e ledger.Entry) (bool, error) {
	values, err := l.values()
	if err != nil {
		return false, err
	}
	for field, name := range l.persons {
		p, err := account.FindPerson(ctx, q, r.by.District, name, l.unit)
		if err != nil || p == "" {
			return false, err
		}
		values[field] = p
	}
	v, faults := kind.Clean(r.k, values, r.day)
	return len(faults) == 0 && e.Unit == l.unit && v.Encode() == e.Values.Encode(), nil
}
