package sheet

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Form is a sheet as offices print it: a title across the page, lines below it, a table whose cells may run over several
// rows, and lines at the end for signatures.
type Form struct {
	Sheet   string
	Title   string
	Above   []string
	Columns []FormColumn
	Rows    [][]string
	Below   []string
	Meta    map[string]string // goes to the hidden sheet
}

// FormColumn is one column of a form.
type FormColumn struct {
	Title string
	Width int  // in characters
	Runs  bool // a cell that is empty below a text is one with it
	Apart bool // a text of this column ends what runs down in the others
	Small bool // numbers and single words stand in the middle
	Quiet bool // not printed: shown small and grey
}

// WriteForm writes a form. Texts stay texts: nothing becomes a formula.
//
// Errors: ErrTextTooLong with its cell.
func WriteForm(w io.Writer, form Form) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closing := f.Close(); err == nil && closing != nil {
			err = fmt.Errorf("close workbook: %w", closing)
		}
	}()
	if err := f.SetSheetName("Sheet1", form.Sheet); err != nil {
		return fmt.Errorf("sheet %q: %w", form.Sheet, err)
	}
	b := &formWriter{f: f, form: form}
	for _, step := range []func() error{b.styles, b.top, b.body, b.bottom, b.page, b.meta} {
		if err := step(); err != nil {
			return err
		}
	}
	f.SetActiveSheet(0)
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

type formWriter struct {
	f    *excelize.File
	form Form
	row  int // the last that was written
	head int

	title, line, heads, text, middle, quiet int
}

func (b *formWriter) styles() error {
	box := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		box = append(box, excelize.Border{Type: side, Color: "7F7F7F", Style: 1})
	}
	wrap := func(across string) *excelize.Alignment {
		return &excelize.Alignment{Horizontal: across, Vertical: "center", WrapText: true}
	}
	for _, s := range []struct {
		to *int
		as excelize.Style
	}{
		{&b.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: wrap("center"), NumFmt: 49}},
		{&b.line, excelize.Style{Alignment: wrap("left"), NumFmt: 49}},
		{&b.heads, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7EFEF"}}, Border: box,
			Alignment: wrap("center"), NumFmt: 49}},
		{&b.text, excelize.Style{Border: box, Alignment: wrap("left"), NumFmt: 49}},
		{&b.middle, excelize.Style{Border: box, Alignment: wrap("center"), NumFmt: 49}},
		{&b.quiet, excelize.Style{Font: &excelize.Font{Size: 8, Color: "7F7F7F"}, Alignment: wrap("left"), NumFmt: 49}},
	} {
		id, err := b.f.NewStyle(&s.as)
		if err != nil {
			return fmt.Errorf("style: %w", err)
		}
		*s.to = id
	}
	for i, c := range b.form.Columns {
		if err := b.f.SetColWidth(b.form.Sheet, columnName(i), columnName(i), float64(max(c.Width, 4))); err != nil {
			return fmt.Errorf("width: %w", err)
		}
	}
	return nil
}

func (b *formWriter) put(column, row, style int, text string) error {
	if len([]rune(text)) > 32767 {
		return ErrTextTooLong.at(address(column, row))
	}
	at := address(column, row)
	return errors.Join(b.f.SetCellStr(b.form.Sheet, at, text), b.f.SetCellStyle(b.form.Sheet, at, at, style))
}

// printed is how many columns go to paper.
func (b *formWriter) printed() int {
	return len(slices.DeleteFunc(slices.Clone(b.form.Columns), func(c FormColumn) bool { return c.Quiet }))
}

// across writes a line over the whole width.
func (b *formWriter) across(text string, style int, height float64) error {
	b.row++
	last := address(b.printed()-1, b.row)
	return errors.Join(b.put(0, b.row, style, text), b.f.MergeCell(b.form.Sheet, address(0, b.row), last),
		b.f.SetCellStyle(b.form.Sheet, address(0, b.row), last, style), b.f.SetRowHeight(b.form.Sheet, b.row, height))
}

func (b *formWriter) top() error {
	if err := b.across(b.form.Title, b.title, 30); err != nil {
		return err
	}
	for _, text := range b.form.Above {
		if err := b.across(text, b.line, 20); err != nil {
			return err
		}
	}
	b.row++
	b.head = b.row
	for i, c := range b.form.Columns {
		style := b.heads
		if c.Quiet {
			style = b.quiet
		}
		if err := b.put(i, b.row, style, c.Title); err != nil {
			return err
		}
	}
	return nil
}

func (b *formWriter) body() error {
	began := make([]int, len(b.form.Columns)) // the row of the text that runs down
	end := func(i int) error {
		if began[i] > 0 && began[i] < b.row {
			return b.f.MergeCell(b.form.Sheet, address(i, began[i]), address(i, b.row))
		}
		return nil
	}
	apart := func(r []string) bool { // a new section begins: what ran down before it ends
		for i, c := range b.form.Columns {
			if c.Apart && r[i] != "" {
				return true
			}
		}
		return false
	}
	for _, r := range b.form.Rows {
		for i, c := range b.form.Columns {
			if c.Runs && (r[i] != "" || apart(r)) {
				if err := end(i); err != nil {
					return err
				}
				began[i] = 0
				if r[i] != "" {
					began[i] = b.row + 1
				}
			}
		}
		b.row++
		lines := 1
		for i, c := range b.form.Columns {
			style := b.text
			switch {
			case c.Quiet:
				style = b.quiet
			case c.Small:
				style = b.middle
			}
			if err := b.put(i, b.row, style, r[i]); err != nil {
				return err
			}
			if !c.Runs && !c.Quiet {
				lines = max(lines, linesOf(r[i], c.Width))
			}
		}
		if err := b.f.SetRowHeight(b.form.Sheet, b.row, float64(min(16*lines+4, 400))); err != nil {
			return fmt.Errorf("height: %w", err)
		}
	}
	for i := range b.form.Columns {
		if err := end(i); err != nil {
			return err
		}
	}
	return nil
}

// linesOf is about how many lines a text takes: a Chinese character is two wide.
func linesOf(text string, width int) (n int) {
	for line := range strings.SplitSeq(text, "\n") {
		wide := 0
		for _, r := range line {
			if wide++; r > 0x2e80 {
				wide++
			}
		}
		n += 1 + max(wide-1, 0)/max(width, 4)
	}
	return n
}

func (b *formWriter) bottom() error {
	for _, text := range b.form.Below {
		if err := b.across(text, b.line, 24); err != nil {
			return err
		}
	}
	return nil
}

func (b *formWriter) page() error {
	yes, across, one, any := true, "landscape", 1, 0
	return errors.Join(b.f.SetSheetProps(b.form.Sheet, &excelize.SheetPropsOptions{FitToPage: &yes}),
		b.f.SetPageLayout(b.form.Sheet, &excelize.PageLayoutOptions{Orientation: &across, FitToWidth: &one, FitToHeight: &any}),
		b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: b.form.Sheet,
			RefersTo: fmt.Sprintf("'%s'!$%d:$%d", b.form.Sheet, b.head, b.head)}),
		b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: b.form.Sheet,
			RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", b.form.Sheet, columnName(b.printed()-1), b.row)}),
		b.f.SetPanes(b.form.Sheet, &excelize.Panes{Freeze: true, YSplit: b.head, TopLeftCell: address(0, b.head+1), ActivePane: "bottomLeft"}))
}

func (b *formWriter) meta() error {
	if len(b.form.Meta) == 0 {
		return nil
	}
	if _, err := b.f.NewSheet(metaSheet); err != nil {
		return fmt.Errorf("hidden sheet: %w", err)
	}
	for i, k := range slices.Sorted(maps.Keys(b.form.Meta)) {
		if len([]rune(b.form.Meta[k])) > 32767 {
			return ErrTextTooLong.at(address(1, i+1))
		}
		if err := errors.Join(b.f.SetCellStr(metaSheet, address(0, i+1), k), b.f.SetCellStr(metaSheet, address(1, i+1), b.form.Meta[k])); err != nil {
			return fmt.Errorf("hidden sheet: %w", err)
		}
	}
	if err := b.f.SetSheetVisible(metaSheet, false, true); err != nil {
		return fmt.Errorf("hidden sheet: %w", err)
	}
	return nil
}
