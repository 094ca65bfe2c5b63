package sheet

import (
	"context"
	"iter"
	"strconv"
	"strings"
)

// Limits of every file.
const (
	MaxFile     = 20 << 20
	MaxUnzipped = 256 << 20
	MaxRows     = 100_000 + 2 // of rows that hold anything; two of them may be titles

	defaultColumns = 200
)

// ReadOptions says what is expected.
type ReadOptions struct {
	// MaxColumns is the width of the template; content beyond it is
	// ErrTooWide. 0 means 200.
	MaxColumns int
	// Sheet names the worksheet; empty means the first visible one.
	Sheet string
}

func (o ReadOptions) columns() int {
	if o.MaxColumns <= 0 {
		return defaultColumns
	}
	return o.MaxColumns
}

// Table is an opened sheet. Close it: large files lie in temporary files.
type Table struct {
	// Head is the first row that holds anything, its titles without the mark
	// of a required column; Second is the row of titles in the other language
	// of a workbook written with one.
	Head, Second []Cell
	// Meta holds the pairs of the hidden sheet of a workbook made by Write, nil
	// for any other file.
	Meta map[string]string
	// Date1904 tells which day serial numbers count from; pass it to Date.
	Date1904 bool

	source func(ctx context.Context, yield func(Row, error) bool)
	close  func() error
	pulled bool
}

// Row is one row that holds something.
type Row struct {
	Index int // as the sheet numbers it, from 1
	Cells []Cell
}

// Cell is the raw content of a cell.
type Cell struct {
	Text string
	// Merged: the text stands in another cell of a merged range and was
	// repeated here, because whoever merged them meant all.
	Merged bool
	// Uncached: a formula whose value the program that wrote it left out.
	Uncached bool
}

// Address names the cell of column i, from 0, as the user sees it: "B7".
func (r Row) Address(i int) string { return address(i, r.Index) }

func address(column, row int) string { return columnName(column) + strconv.Itoa(row) }

func columnName(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
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

// newTable takes the titles off the rows of source; what follows stays to be
// pulled.
func newTable(t *Table, rows iter.Seq2[Row, error]) (*Table, error) {
	next, stop := iter.Pull2(rows)
	inner := t.close
	t.close = func() error {
		stop()
		if inner == nil {
			return nil
		}
		return inner()
	}
	fail := func(err error) (*Table, error) {
		_ = t.Close() // the first error is the one to tell
		return nil, err
	}
	head, err, ok := next()
	if !ok {
		return fail(ErrEmpty)
	}
	if err != nil {
		return fail(err)
	}
	t.Head = titles(head)
	if t.Meta[metaHeadRows] == "2" {
		second, err, ok := next()
		if err != nil {
			return fail(err)
		}
		if ok {
			t.Second = titles(second)
		}
	}
	t.source = func(ctx context.Context, yield func(Row, error) bool) {
		for {
			if err := ctx.Err(); err != nil {
				yield(Row{}, err)
				return
			}
			row, err, ok := next()
			if !ok || !yield(row, err) || err != nil {
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
