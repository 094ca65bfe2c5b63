package sheet

import (
	"context"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/unit"
)

// Limits of every file.
const (
	MaxFile     = 20 << 20
	MaxUnzipped = 256 << 20
	MaxRows     = 100_000 + 2 // of rows that hold anything; two of them may be titles

	// MostColumns is how wide a sheet may be where nothing else is said.
	MostColumns = 200
)

// ReadOptions says what is expected.
type ReadOptions struct {
	// MaxColumns is the width of the template; content beyond it is
	// ErrTooWide. 0 means 200.
	MaxColumns int
	// Sheets names the worksheets to read, all with the titles of the first;
	// empty means those that Table.Sheets says are chosen.
	Sheets []string
	// HeadRow points at the row of the titles, from 1; 0 looks for it.
	HeadRow int
	// Head tells how many titles it knows among the texts of a row. Of the first
	// rows the one with the most is the head: what people write above it, a
	// heading or who fills in the form, is left out. If none is known, the first
	// row of several texts is the head. nil: the first row that holds anything.
	Head func(texts []string) int
	// Says is what the numbers of a sheet are in by its name, the lines above its
	// titles and these. Sheets that say something else are not read together.
	Says func(name string, above []Row, titles []string) string
}

// HeadWithin is how many rows are looked at for the titles.
const HeadWithin = 30

func (o ReadOptions) columns() int {
	if o.MaxColumns <= 0 {
		return MostColumns
	}
	return o.MaxColumns
}

// Table is an opened sheet. Close it: large files lie in temporary files.
type Table struct {
	// Head is the first row that holds anything, its titles without the mark
	// of a required column; Second is the row of titles in the other language
	// of a workbook written with one.
	Head, Second []Cell
	// HeadRow is the row of the titles, from 1; of a head of two rows the lower.
	HeadRow int
	// Meta holds the pairs of the hidden sheet of a workbook made by Write, nil
	// for any other file.
	Meta map[string]string
	// Above are the rows above the titles: headings, who fills in the form, the
	// unit of all numbers.
	Above []Row
	// Sheets are the worksheets that hold anything, in their order; none for a
	// text file.
	Sheets []SheetInfo
	// Read names the sheets whose rows the table gives, in their order.
	Read []string
	// Date1904 tells which day serial numbers count from; pass it to Date.
	Date1904 bool

	source func(ctx context.Context, yield func(Row, error) bool)
	close  func() error
	pulled bool
}

// SheetInfo is one worksheet of a file.
type SheetInfo struct {
	Name   string
	Rows   int  // that hold anything
	Read   bool // its rows are among those of the table
	Same   bool // it has the titles of the one that is read
	Hidden bool
}

// sheetRows is more than the rows of any worksheet: rows of the second sheet that is read go on from there.
const sheetRows = 1 << 20

// Place splits the index of a row: which of the sheets that are read together, from 0, and its number there.
func Place(index int) (sheet, row int) { return index / sheetRows, index % sheetRows }

// Row is one row that holds something.
type Row struct {
	// Index is the number of the row as its sheet counts, from 1; of the second
	// and later sheets that are read together see Place.
	Index  int
	Cells  []Cell
	Hidden bool // by hand or by a filter
	Struck bool // a line goes through one of its cells
}

// Cell is the content of a cell as the sheet shows it; see the package.
type Cell struct {
	Text string
	// Merged: the text stands in another cell of a merged range and was
	// repeated here, because whoever merged them meant all.
	Merged bool
	// Across: that other cell stands in another column.
	Across bool
	// Uncached: a formula whose value the program that wrote it left out.
	Uncached bool
	// Sum: a formula that adds up other cells of the column.
	Sum bool
}

// Address names the cell of column i, from 0, as the user sees it: "B7".
func (r Row) Address(i int) string { _, n := Place(r.Index); return address(i, n) }

func address(column, row int) string { return columnName(column) + strconv.Itoa(row) }

func columnName(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// Name is the name of the first worksheet that is read; "" for a file without sheets.
func (t *Table) Name() string {
	if len(t.Read) == 0 {
		return ""
	}
	return t.Read[0]
}

// Text is the trimmed text of column i, empty beyond the end of the row.
func (r Row) Text(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[i].Text)
}

// Rows goes through the rows below the titles once; empty rows are left out.
// An error ends it.
func (t *Table) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if t.pulled {
			return
		}
		t.pulled = true
		t.source(ctx, yield)
	}
}

// Close frees temporary files.
func (t *Table) Close() error {
	if t.close == nil {
		return nil
	}
	return t.close()
}

// opened is one sheet whose titles were taken off.
type opened struct {
	head  []Cell
	row   int // of the titles, the lowest of several
	above []Row
	first []Row // rows that were looked at and are none of the titles
	next  func() (Row, error, bool)
	stop  func()
}

// open takes the titles off the rows of one sheet; what follows stays to be pulled. Stop what was opened.
func open(rows iter.Seq2[Row, error], opt ReadOptions, own bool) (*opened, error) {
	next, stop := iter.Pull2(rows)
	o := &opened{next: next, stop: stop}
	var first []Row
	for most := 1; len(first) < most; {
		row, err, ok := next()
		if err != nil {
			stop()
			return nil, err
		}
		if !ok {
			break
		}
		first = append(first, row)
		if opt.Head != nil && !own {
			most = max(HeadWithin, opt.HeadRow) + 2 // a head may have three rows
		}
	}
	if len(first) == 0 {
		stop()
		return nil, ErrEmpty
	}
	at := 0
	if len(first) > 1 {
		at = headOf(first[:min(len(first), HeadWithin)], opt.Head)
	}
	if at > 0 && underHead(titles(first[at-1]), first[at]) {
		at-- // the lower half of the titles is the better known
	}
	for i, r := range first {
		if _, n := Place(r.Index); opt.HeadRow > 0 && n == opt.HeadRow {
			at = i
		}
	}
	o.head, o.row, o.above, o.first = titles(first[at]), first[at].Index, first[:at], first[at+1:]
	if opt.Head == nil || own {
		return o, nil
	}
	for range 2 {
		switch {
		case len(o.first) == 0:
			return o, nil
		case len(o.first) > 1 && numbersColumns(o.first[0]) && unitsUnder(o.first[1]):
			o.first = o.first[1:] // 1 2 3 4 between the titles and their units
			o.take(units(o.first[0]))
		case unitsUnder(o.first[0]):
			o.take(units(o.first[0]))
		case underHead(o.head, o.first[0]):
			o.take(titles(o.first[0]))
		default:
			return o, nil
		}
	}
	return o, nil
}

// take joins the row below the titles to them.
func (o *opened) take(below []Cell) {
	o.head, o.row, o.first = joined(o.head, below), o.first[0].Index, o.first[1:]
}

// each goes through the rows below the titles; done is false when the caller had enough.
func (o *opened) each(ctx context.Context, yield func(Row, error) bool) (done bool) {
	defer o.stop()
	for _, row := range o.first {
		if !yield(row, nil) {
			return false
		}
	}
	for {
		if err := ctx.Err(); err != nil {
			yield(Row{}, err)
			return false
		}
		row, err, ok := o.next()
		if !ok {
			return true
		}
		if !yield(row, err) || err != nil {
			return false
		}
	}
}

// newTable takes the titles off the rows of the first sheet; the others follow with theirs passed over.
func newTable(t *Table, sheets []iter.Seq2[Row, error], opt ReadOptions) (*Table, error) {
	inner := t.close
	o, err := open(sheets[0], opt, t.Meta[metaHeadRows] != "")
	if err != nil {
		if inner != nil {
			_ = inner() // the first error is the one to tell
		}
		return nil, err
	}
	t.close = func() error {
		o.stop()
		if inner == nil {
			return nil
		}
		return inner()
	}
	t.Head, t.HeadRow, t.Above = o.head, o.row, o.above
	if t.Meta[metaHeadRows] == "2" {
		second, err, ok := o.next()
		if err != nil {
			_ = t.Close()
			return nil, err
		}
		if ok {
			t.Second = titles(second)
		}
	}
	t.source = func(ctx context.Context, yield func(Row, error) bool) {
		if !o.each(ctx, yield) {
			return
		}
		for _, rows := range sheets[1:] {
			more, err := open(rows, opt, false)
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !more.each(ctx, yield) {
				return
			}
		}
	}
	return t, nil
}

func titles(r Row) []Cell {
	out := make([]Cell, len(r.Cells))
	for i, c := range r.Cells {
		c.Text = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(c.Text), "*＊"))
		out[i] = c
	}
	return out
}

// headOf chooses the row of titles.
func headOf(rows []Row, known func([]string) int) int {
	best, most := 0, 0
	for i, r := range rows {
		texts := make([]string, len(r.Cells))
		for j, c := range titles(r) {
			texts[j] = c.Text
		}
		figured := slices.ContainsFunc(texts, figures.MatchString)
		if n := known(texts); n > most && (!figured || 2*n > len(texts)) { // a record may say 主题, but it has its day too
			best, most = i, n
		}
	}
	if most > 0 {
		return best
	}
	// No title is known: titles are words, and there are about as many as anywhere below them. A heading, and a line with the
	// unit and the period above the titles, hold fewer; rows of records hold numbers and days.
	words := make([]int, len(rows))
	for i, r := range rows {
		several := map[string]bool{}
		for _, c := range r.Cells {
			if text := strings.TrimSpace(c.Text); text != "" && !figures.MatchString(text) {
				several[text] = true
			}
		}
		words[i] = len(several)
		most = max(most, words[i])
	}
	for i, n := range words {
		if n > 1 && n*4 >= most*3 {
			return i
		}
	}
	return 0
}

// figures are numbers, days and shares as people write them.
var figures = regexp.MustCompile(`^[-+¥￥]?[0-9][0-9.,，:：/年月日号%％ -]*$`)

// underHead reports whether a row is the lower half of the titles: a title that stands over both rows is merged into it.
func underHead(head []Cell, below Row) bool {
	for i, c := range titles(below) {
		if c.Merged && i < len(head) && c.Text != "" && c.Text == head[i].Text {
			return true
		}
	}
	return false
}

// inBrackets is a text without the brackets round it; false where there are none.
func inBrackets(text string) (string, bool) {
	r := []rune(text)
	if len(r) < 3 || !strings.ContainsRune("(（[【〔", r[0]) || !strings.ContainsRune(")）]】〕", r[len(r)-1]) {
		return text, false
	}
	return string(r[1 : len(r)-1]), true
}

// unitIn is the unit of measure that a cell below a title names: 万元, （万元）, 单位：万元.
func unitIn(text string) (string, bool) {
	text, _ = inBrackets(text)
	for _, word := range []string{"计量单位", "单位"} {
		text = strings.TrimLeft(strings.TrimPrefix(text, word), ":： ")
	}
	m, ok := unit.MeasureOf(text)
	return text, ok && m.Dimension != ""
}

// unitsUnder reports whether a row says the units of the columns above and nothing of a record: beside units only what a
// column is filled with, （名称）, a dash, or that these are units.
func unitsUnder(r Row) bool {
	n := 0
	for i, c := range r.Cells {
		text := r.Text(i)
		if c.Merged || text == "" {
			continue
		}
		if _, ok := unitIn(text); ok {
			n++
			continue
		}
		_, about := inBrackets(text)
		if !about && !slices.Contains([]string{"/", "／", "-", "--", "—", "——", "－", "计量单位", "单位", "计量"}, strings.TrimRight(text, ":：")) {
			return false
		}
	}
	return n > 0
}

// units are the units that such a row names, each below its title.
func units(r Row) []Cell {
	out := make([]Cell, len(r.Cells))
	for i, c := range r.Cells {
		if name, ok := unitIn(r.Text(i)); ok && !c.Merged {
			out[i] = Cell{Text: name}
		}
	}
	return out
}

// numbersColumns reports whether a row numbers its columns: 1 2 3 4.
func numbersColumns(r Row) bool {
	n := 0
	for i, c := range r.Cells {
		if c.Merged || r.Text(i) == "" {
			continue
		}
		text, _ := inBrackets(r.Text(i))
		if n++; text != strconv.Itoa(n) {
			return false
		}
	}
	return n > 1
}

// HeadMark stands between the two titles of a column under a common one.
const HeadMark = "／"

// joined makes one title of two: "受众／居民" under a title over several columns.
func joined(upper, lower []Cell) []Cell {
	out := make([]Cell, max(len(upper), len(lower)))
	for i := range out {
		var u, l Cell
		if i < len(upper) {
			u = upper[i]
		}
		if i < len(lower) {
			l = lower[i]
		}
		switch {
		case l.Text == "" || l.Text == u.Text:
			out[i] = u
		case u.Text == "":
			out[i] = l
		default:
			out[i] = Cell{Text: u.Text + HeadMark + l.Text}
		}
	}
	return out
}
