package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Read opens a workbook. The error is an *Error for whatever is wrong with the
// file itself.
func Read(b []byte, opt ReadOptions) (*Table, error) {
	z, err := checkArchive(b)
	if err != nil {
		return nil, err
	}
	if b, z, err = standard(b, z); err != nil {
		return nil, err
	}
	sheets, err := listSheets(z)
	if err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{
		RawCellValue:      true, // else long codes are rounded and dates read "Jul-26"
		UnzipSizeLimit:    MaxUnzipped,
		UnzipXMLSizeLimit: maxPart,
	})
	if err != nil {
		if f != nil {
			_ = f.Close() // the first error is the one to tell
		}
		return nil, ErrDamaged
	}
	w := &book{zip: z, file: f, styles: formats(z), opt: opt}
	t := &Table{close: f.Close}
	fail := func(err error) (*Table, error) {
		_ = t.Close()
		return nil, err
	}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		t.Date1904 = *p.Date1904
	}
	w.date1904 = t.Date1904
	if slices.ContainsFunc(sheets, func(s sheetRef) bool { return s.name == metaSheet }) {
		if t.Meta, err = readMeta(f); err != nil {
			return fail(err)
		}
	}
	return w.table(t, slices.DeleteFunc(sheets, func(s sheetRef) bool { return s.name == metaSheet }))
}

// rows streams the rows of a sheet that hold something. at is its place among the sheets that are read together.
func (w *book) rows(name string, at int, known facts) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows, err := w.file.Rows(name)
		if err != nil {
			yield(Row{}, ErrDamaged)
			return
		}
		defer rows.Close()
		fill := newFiller(known.merges)
		marks := known.marks
		for index := 1; rows.Next(); index++ {
			texts, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				yield(Row{}, ErrDamaged)
				return
			}
			cells := make([]Cell, len(texts))
			filled := false
			for i, s := range texts {
				cells[i] = Cell{Text: s, Uncached: s == "" && known.uncached[cellAt{index, i}], Sum: s != "" && known.sums[cellAt{index, i}]}
				filled = filled || cells[i].Uncached || s != "" && strings.TrimSpace(s) != ""
			}
			for len(marks) > 0 && int(marks[0].row) <= index {
				if m := marks[0]; int(m.row) == index && int(m.column) < len(cells) {
					c := &cells[m.column]
					switch {
					case m.style == trueOrFalse:
						c.Text = map[bool]string{true: "TRUE", false: "FALSE"}[c.Text == "1" || c.Text == "TRUE"]
					case m.style > 0:
						c.Text = w.styles[m.style-1].show(c.Text, w.date1904)
					default:
						c.Text = format{}.show(c.Text, w.date1904)
					}
				}
				marks = marks[1:]
			}
			cells = fill.row(index, cells)
			// A row that holds only what was merged into it is no row of its own.
			if filled && !yield(Row{Index: at*sheetRows + index, Cells: cells, Hidden: known.hidden[index], Struck: known.struck[index]}, nil) {
				return
			}
		}
		if err := rows.Error(); err != nil {
			yield(Row{}, ErrDamaged)
		}
	}
}

// filler repeats the text of merged ranges in all of their cells.
type filler struct {
	waiting []merge // by top row
	active  []active
}

type active struct {
	merge
	text string
}

func newFiller(merges []merge) *filler {
	sorted := slices.Clone(merges)
	slices.SortFunc(sorted, func(a, b merge) int { return a.top - b.top })
	return &filler{waiting: sorted}
}

func (f *filler) row(index int, cells []Cell) []Cell {
	for len(f.waiting) > 0 && f.waiting[0].top <= index {
		m := f.waiting[0]
		f.waiting = f.waiting[1:]
		if m.top == index && m.left < len(cells) && cells[m.left].Text != "" {
			f.active = append(f.active, active{m, cells[m.left].Text})
		}
	}
	f.active = slices.DeleteFunc(f.active, func(a active) bool { return a.bottom < index })
	for _, a := range f.active {
		for len(cells) <= a.right {
			cells = append(cells, Cell{})
		}
		for i := a.left; i <= a.right; i++ {
			if cells[i].Text == "" {
				cells[i] = Cell{Text: a.text, Merged: true, Across: i != a.left}
			}
		}
	}
	return cells
}

// The hidden sheet of a workbook made by Write.
const (
	metaSheet    = "_sifen"
	metaHeadRows = "head_rows"
	maxMeta      = 1000
)

func readMeta(f *excelize.File) (map[string]string, error) {
	rows, err := f.Rows(metaSheet)
	if err != nil {
		return nil, ErrDamaged
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, ErrDamaged
		}
		if len(cells) >= 2 && cells[0] != "" {
			out[cells[0]] = cells[1]
		}
		if len(out) > maxMeta {
			return nil, ErrDamaged
		}
	}
	return out, nil
}

// ReadMeta reads only the hidden sheet: which template and version a workbook
// is, before deciding how to read it. It is nil for a file not made by Write.
func ReadMeta(b []byte) (map[string]string, error) {
	t, err := Read(b, ReadOptions{MaxColumns: 16384})
	if errors.Is(err, ErrEmpty) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := t.Close(); err != nil {
		return nil, fmt.Errorf("close workbook: %w", err)
	}
	return t.Meta, nil
}
