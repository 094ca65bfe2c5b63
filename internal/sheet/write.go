package sheet

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Kind is the type of a column.
type Kind uint8

// Kinds of columns and the Go type of their values; nil is an empty cell.
const (
	Text    Kind = iota // string
	Integer             // int64
	Decimal             // int64 at the column's Decimals: 1250 is 12.50
	Day                 // time.Time, of which the calendar day counts
)

// Column describes one column of a Book.
type Column struct {
	Key   string // stable; kept in the hidden sheet as "column.1", "column.2", …
	Title string // shown; required columns get a " *" behind it
	// Second is the title in the other language; a second title row is written
	// when any column has one.
	Second   string
	Note     string // shown when a cell of the column is selected, up to 255 characters
	Kind     Kind
	Decimals int      // of Decimal
	Options  []string // a drop-down list of any length; other texts are refused by the editor
	Width    int      // in characters; 0 follows the title
	Required bool
}

// Book is a workbook of one sheet to fill in or to hand out.
type Book struct {
	Sheet   string
	Columns []Column
	// Rows yields one value per column; nil for an empty template.
	Rows iter.Seq2[[]any, error]
	// Print lays the sheet out for paper: across, as wide as the page, the titles on top of each.
	Print bool
	// Meta goes to the hidden sheet with the column keys: kind key, version, …
	Meta map[string]string
}

const listSheet = "_lists"

// Write writes a workbook. Rows are streamed through a temporary file.
func Write(w io.Writer, book Book) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closing := f.Close(); err == nil && closing != nil {
			err = fmt.Errorf("close workbook: %w", closing)
		}
	}()
	if err := f.SetSheetName("Sheet1", book.Sheet); err != nil {
		return fmt.Errorf("sheet %q: %w", book.Sheet, err)
	}
	b := &writer{f: f, book: book, head: 1}
	if slices.ContainsFunc(book.Columns, func(c Column) bool { return c.Second != "" }) {
		b.head = 2
	}
	// Validations added after the rows are flushed are lost without an error.
	for _, step := range []func() error{b.styles, b.validations, b.meta, b.page, b.rows} {
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

type writer struct {
	f        *excelize.File
	book     Book
	head     int // title rows
	title    int // styles
	required int
	second   int
	text     int
	columns  []int
}

func (b *writer) styles() error {
	style := func(s *excelize.Style) (int, error) {
		id, err := b.f.NewStyle(s)
		if err != nil {
			return 0, fmt.Errorf("style: %w", err)
		}
		return id, nil
	}
	titleStyle := func(fill string, bold bool) *excelize.Style {
		line := excelize.Border{Color: "BFBFBF", Style: 1}
		var borders []excelize.Border
		for _, side := range []string{"left", "right", "top", "bottom"} {
			line.Type = side
			borders = append(borders, line)
		}
		return &excelize.Style{Font: &excelize.Font{Bold: bold}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}, Border: borders,
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}, NumFmt: 49}
	}
	var err error
	if b.title, err = style(titleStyle("E7EFEF", true)); err != nil {
		return err
	}
	if b.required, err = style(titleStyle("FBEFD0", true)); err != nil {
		return err
	}
	if b.second, err = style(titleStyle("F5F5F2", false)); err != nil {
		return err
	}
	if b.text, err = style(&excelize.Style{NumFmt: 49}); err != nil {
		return err
	}
	for _, c := range b.book.Columns {
		s := &excelize.Style{NumFmt: 49} // text: a long code typed in stays as typed
		switch c.Kind {
		case Integer:
			s = &excelize.Style{NumFmt: 1}
		case Decimal:
			format := "0"
			if c.Decimals > 0 {
				format = "0." + strings.Repeat("0", c.Decimals)
			}
			s = &excelize.Style{CustomNumFmt: &format}
		case Day:
			format := "yyyy-mm-dd"
			s = &excelize.Style{CustomNumFmt: &format}
		}
		id, err := style(s)
		if err != nil {
			return err
		}
		b.columns = append(b.columns, id)
	}
	return nil
}

// page lays the sheet out for paper where that is wanted.
func (b *writer) page() error {
	if !b.book.Print {
		return nil
	}
	yes, across, one, any := true, "landscape", 1, 0
	if err := b.f.SetSheetProps(b.book.Sheet, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	if err := b.f.SetPageLayout(b.book.Sheet, &excelize.PageLayoutOptions{Orientation: &across, FitToWidth: &one, FitToHeight: &any}); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: b.book.Sheet,
		RefersTo: fmt.Sprintf("'%s'!$1:$%d", b.book.Sheet, b.head)})
}

// validations give each column its hint, its type and its list.
func (b *writer) validations() error {
	lists := 0
	for i, c := range b.book.Columns {
		name := columnName(i)
		dv := excelize.NewDataValidation(true)
		dv.SetSqref(fmt.Sprintf("%s%d:%s%d", name, b.head+1, name, MaxRows))
		refuse := func(msg string) { dv.SetError(excelize.DataValidationErrorStyleStop, "", msg) }
		var err error
		switch {
		case len(c.Options) > 0:
			lists++
			if err = b.list(lists, c.Options); err != nil {
				return err
			}
			column := columnName(lists - 1)
			dv.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d", listSheet, column, column, len(c.Options)))
			refuse("请从列表中选择 Choose from the list")
		case c.Kind == Integer:
			err = dv.SetRange(-999_999_999_999, 999_999_999_999, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween)
			refuse("请填写整数 Enter a whole number")
		case c.Kind == Decimal:
			err = dv.SetRange(-999_999_999_999, 999_999_999_999, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
			refuse("请填写数字 Enter a number")
		case c.Kind == Day:
			err = dv.SetRange(1, lastSerial, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
			refuse("请填写日期，如 2020-08-02 Enter a date such as 2020-08-02")
		}
		if err != nil {
			return fmt.Errorf("column %s: %w", c.Key, err)
		}
		if c.Note != "" {
			dv.SetInput(limit(c.Title, 32), limit(c.Note, 255))
		}
		if c.Note != "" || dv.Type != "" {
			if err := b.f.AddDataValidation(b.book.Sheet, dv); err != nil {
				return fmt.Errorf("column %s: %w", c.Key, err)
			}
		}
		if c.Note != "" {
			hint := excelize.NewDataValidation(true)
			hint.SetSqref(fmt.Sprintf("%s1:%s%d", name, name, b.head))
			hint.SetInput(limit(c.Title, 32), limit(c.Note, 255))
			if err := b.f.AddDataValidation(b.book.Sheet, hint); err != nil {
				return fmt.Errorf("column %s: %w", c.Key, err)
			}
		}
	}
	return nil
}

// limit cuts a text to what the editor takes, counted as it counts.
func limit(s string, n int) string {
	u := utf16.Encode([]rune(s))
	if len(u) <= n {
		return s
	}
	return strings.TrimRight(string(utf16.Decode(u[:n-1])), "\ufffd") + "…"
}

// list writes the options of one column to the hidden sheet: a list inside the
// validation may hold 255 characters only, and no commas.
func (b *writer) list(n int, options []string) error {
	if n == 1 {
		if _, err := b.f.NewSheet(listSheet); err != nil {
			return fmt.Errorf("list sheet: %w", err)
		}
		if err := b.f.SetSheetVisible(listSheet, false); err != nil {
			return fmt.Errorf("list sheet: %w", err)
		}
	}
	for i, o := range options {
		if err := b.f.SetCellStr(listSheet, address(n-1, i+1), o); err != nil {
			return fmt.Errorf("option %q: %w", o, err)
		}
	}
	return nil
}

func (b *writer) meta() error {
	if _, err := b.f.NewSheet(metaSheet); err != nil {
		return fmt.Errorf("hidden sheet: %w", err)
	}
	pairs := [][2]string{{metaHeadRows, strconv.Itoa(b.head)}}
	for _, k := range slices.Sorted(maps.Keys(b.book.Meta)) {
		pairs = append(pairs, [2]string{k, b.book.Meta[k]})
	}
	for i, c := range b.book.Columns {
		pairs = append(pairs, [2]string{"column." + strconv.Itoa(i+1), c.Key})
	}
	for i, p := range pairs {
		for j, s := range p {
			if err := b.f.SetCellStr(metaSheet, address(j, i+1), s); err != nil {
				return fmt.Errorf("hidden sheet: %w", err)
			}
		}
	}
	if err := b.f.SetSheetVisible(metaSheet, false, true); err != nil {
		return fmt.Errorf("hidden sheet: %w", err)
	}
	return nil
}

// rows streams titles and values. Widths and panes come before the first row,
// or the stream refuses them.
func (b *writer) rows() error {
	sw, err := b.f.NewStreamWriter(b.book.Sheet)
	if err != nil {
		return fmt.Errorf("stream: %w", err)
	}
	heads := make([][]any, 2)
	for _, c := range b.book.Columns {
		style, title := b.title, c.Title
		if c.Required {
			style, title = b.required, c.Title+" *"
		}
		heads[0] = append(heads[0], excelize.Cell{StyleID: style, Value: title})
		heads[1] = append(heads[1], excelize.Cell{StyleID: b.second, Value: c.Second})
	}
	// The stream puts each new column before the others, and Excel wants them
	// ascending: last column first.
	for i, c := range slices.Backward(b.book.Columns) {
		width := c.Width
		if width <= 0 {
			width = min(40, 4+2*len([]rune(c.Title)))
		}
		if err := errors.Join(sw.SetColWidth(i+1, i+1, float64(min(width, 255))), sw.SetColStyle(i+1, i+1, b.columns[i])); err != nil {
			return fmt.Errorf("column %s: %w", c.Key, err)
		}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: b.head, TopLeftCell: address(0, b.head+1), ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("panes: %w", err)
	}
	for i := range b.head {
		if err := sw.SetRow(address(0, i+1), heads[i]); err != nil {
			return fmt.Errorf("titles: %w", err)
		}
	}
	if b.book.Rows != nil {
		if err := b.body(sw); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return fmt.Errorf("flush rows: %w", err)
	}
	return nil
}

func (b *writer) body(sw *excelize.StreamWriter) error {
	index := b.head
	cells := make([]any, len(b.book.Columns))
	for values, err := range b.book.Rows {
		if err != nil {
			return err
		}
		if index++; index-b.head > MaxRows-b.head {
			return ErrTooManyRows
		}
		for i, c := range b.book.Columns {
			cells[i] = nil
			if i >= len(values) || values[i] == nil {
				continue
			}
			v, err := cellValue(c, values[i])
			if err != nil {
				var e *Error
				if errors.As(err, &e) {
					return e.at(address(i, index))
				}
				return fmt.Errorf("%s: %w", address(i, index), err)
			}
			style := b.columns[i]
			if _, ok := v.(string); ok {
				style = b.text // also in a column of numbers: what is edited in a text cell becomes no formula
			}
			cells[i] = excelize.Cell{StyleID: style, Value: v}
		}
		if err := sw.SetRow(address(0, index), cells); err != nil {
			return fmt.Errorf("row %d: %w", index, err)
		}
	}
	return nil
}

// cellValue turns a value into what the stream writes exactly.
func cellValue(c Column, v any) (any, error) {
	switch v := v.(type) {
	case string:
		if len(utf16.Encode([]rune(v))) > excelize.TotalCellChars {
			return nil, ErrTextTooLong // the library would cut it silently
		}
		return v, nil
	case int64:
		if c.Kind == Decimal && c.Decimals > 0 {
			return float64(v) / math.Pow10(c.Decimals), nil // the nearest double prints as the same decimal up to 15 digits
		}
		return v, nil
	case time.Time:
		day := time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)
		n := int64(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
		if n < 61 || n > lastSerial {
			return nil, ErrNotDate
		}
		return n, nil
	}
	return nil, fmt.Errorf("column %s cannot hold a %T", c.Key, v)
}
