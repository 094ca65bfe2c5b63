package intake

import (
	"slices"
	"strconv"
	"strings"

	"sifen/internal/intake/heading"
	"sifen/internal/kind"
	"sifen/internal/sheet"
)

// own are the cells that say something in the file itself: no numbers of rows, nothing merged into them.
func (r *reader) own(row sheet.Row) []int {
	var out []int
	for i, c := range row.Cells {
		if i >= r.width && i < len(r.head) || c.Merged || r.counts[i] {
			continue
		}
		if c.Uncached || strings.TrimSpace(c.Text) != "" {
			out = append(out, i)
		}
	}
	return out
}

// aside says why a row is no record, whatever its other cells hold: a total, a note, the titles again, only its number. The
// code is empty for a row that is to be read.
func (r *reader) aside(row sheet.Row, own []int) (code string, column int) {
	if r.below > 0 && row.Index > r.below {
		return "import.aside-below", 0
	}
	if r.lay.titlesAgain(row) {
		return "import.titles-again", 0
	}
	if len(own) == 0 {
		return "import.aside-empty", 0
	}
	zero := true
	for _, i := range own {
		text := row.Text(i)
		if row.Cells[i].Sum && r.quantityAt(i) {
			return "import.aside-total", i
		}
		if len(text) > 100 {
			zero = false
			continue
		}
		if zero = zero && r.zero(i, text); zero || !wordy(text) {
			continue
		}
		if sheet.IsTotal(text) {
			return "import.aside-total", i
		}
		if sheet.IsSample(text) {
			return "import.aside-sample", i
		}
		if i == own[0] && sheet.IsNote(text) {
			if r.seen.unitNote == "" && len(heading.UnitsIn(text)) > 0 {
				r.seen.unitNote, r.seen.unitNoteText = r.address(row.Index, i), text
			}
			return "import.aside-note", i
		}
	}
	// a total without its text of another column: 合计 stands where the file numbers its rows
	for i, c := range row.Cells {
		if r.counts[i] && !c.Merged && wordy(c.Text) && sheet.IsTotal(c.Text) {
			return "import.aside-total", i
		}
	}
	if zero {
		return "import.aside-zero", own[0]
	}
	if r.otherTitles(row, own) {
		r.below = row.Index
		return "import.aside-table", own[0]
	}
	return "", 0
}

// wordy reports whether a text may be words: totals and notes are.
func wordy(text string) bool {
	for _, c := range text {
		if c >= 0x80 || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return true
		}
	}
	return false
}

func (r *reader) quantityAt(column int) bool {
	at := slices.Index(r.lay.at, column)
	return at >= 0 && r.lay.cols[at].quantity()
}

// zero reports whether a cell is a number that is nothing, as formulas over empty rows leave.
func (r *reader) zero(column int, text string) bool {
	n, err := strconv.ParseFloat(text, 64)
	return err == nil && n == 0 && r.quantityAt(column)
}

// otherTitles reports whether a second table begins: its first cell says what its column is called, the others something
// else that is no number and no day.
func (r *reader) otherTitles(row sheet.Row, own []int) bool {
	if len(own) < 2 {
		return false
	}
	at, text := slices.Index(r.lay.at, own[0]), row.Text(own[0])
	if at < 0 || !r.lay.cols[at].is(text) || r.lay.cols[at].isOption(text) {
		return false
	}
	for _, i := range own {
		if _, err := sheet.Date(row.Text(i), r.date1904); err == nil || !wordy(row.Text(i)) {
			return false
		}
	}
	return true
}

// isOption reports whether a text is a value of the column, however much it looks like its title.
func (c column) isOption(text string) bool {
	return slices.ContainsFunc(c.field.Options, func(o kind.Option) bool { return o.Title.Zh == text })
}

// heading reports whether a row that cannot be read is only a heading of those below it: one text in all its cells.
func (r *reader) heading(row sheet.Row, own []int) bool {
	if len(own) != 1 {
		return false
	}
	for _, c := range row.Cells {
		if c.Merged && c.Text != row.Cells[own[0]].Text {
			return false // it goes on what stands above it
		}
	}
	at := slices.Index(r.lay.at, own[0])
	return at < 0 || !r.lay.cols[at].quantity() && wordy(row.Text(own[0]))
}
