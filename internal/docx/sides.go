package docx

import (
	"slices"
	"strconv"
	"strings"

	"sifen/internal/unit"
)

// Sides is what a reader sees around a value: a unit that stands there makes another number of it.
type Sides struct {
	Before, After string   // in its paragraph, up to the next value
	Heads         []string // texts that name the unit of its row, its column, its table: the nearest first
}

// sidesOf is the text around a tag. Block tags print nothing, so what stands beyond a few of them is beside the value too.
func sidesOf(s string, cuts []cut, i int) Sides {
	between := func(j int) string { // before cut j
		from, to := 0, len(s)
		if j > 0 {
			from = cuts[j-1].end
		}
		if j < len(cuts) {
			to = cuts[j].start
		}
		return s[from:to]
	}
	b := Sides{Before: between(i), After: between(i + 1)}
	for j := i - 1; j >= max(0, i-4) && cuts[j].tag.verb.block(); j-- {
		b.Before = between(j) + b.Before
	}
	for j := i + 1; j < min(len(cuts), i+5) && cuts[j].tag.verb.block(); j++ {
		b.After += between(j + 1)
	}
	return b
}

// head follows a table down its rows: which text names the unit of each column of its grid.
type head struct {
	table   string
	columns map[int]string
	beside  string // of the row at hand
	at      int
	filled  bool // the row above holds tags
}

func headOf(line string) *head { return &head{table: line, columns: map[int]string{}} }

// row begins a row and lists its cells. A row of words alone under rows of values heads anew.
func (h *head) row(tr *node) []*node {
	list := cells(tr)
	tags := braces(raw(tr))
	if h.filled && !tags {
		h.columns = map[int]string{}
	}
	h.filled, h.beside, h.at = tags, "", grid(tr.child("w:trPr", "w:gridBefore"), 0)
	return list
}

// over lists what heads a cell and takes the cell as a head of those after it.
func (h *head) over(tc *node) []string {
	span, words := grid(tc.child("w:tcPr", "w:gridSpan"), 1), strings.TrimSpace(raw(tc))
	heads := slices.DeleteFunc([]string{h.beside, h.columns[h.at], h.table}, func(s string) bool { return unit.Named(s) == nil })
	if words != "" && !braces(words) {
		h.beside = words
		for i := range span {
			if unit.Named(words) != nil {
				h.columns[h.at+i] = words
			}
		}
	}
	h.at += span
	return heads
}

// grid is a number of columns, no more than any table has.
func grid(n *node, otherwise int) int {
	if v, err := strconv.Atoi(n.get("w:val")); err == nil && v >= 0 && v <= 200 {
		return v
	}
	return otherwise
}
