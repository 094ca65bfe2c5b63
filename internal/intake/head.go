package intake

import (
	"fmt"
	"slices"
	"strings"

	"sifen/internal/intake/heading"
	"sifen/internal/sheet"
	"sifen/internal/spelling"
	"sifen/internal/unit"
)

// numbersRows reports whether a title is that of a column that numbers the rows of a sheet and says nothing of the records.
func numbersRows(title string) bool { return slices.Contains(heading.RowNumbers, titled(title)) }

// match finds for every column of the kind its place in the file: as it was assigned, else by titles in either language
// or field keys. head holds the titles of assigned texts at its end.
func match(cols []column, head []string, list []Assigned, fail report) []int {
	at := make([]int, len(cols))
	used := map[int]bool{}
	fixed := len(head) - len(fixedTexts(list))
	for i := range cols {
		at[i] = -1
	}
	for _, a := range list {
		j := int(a.At)
		if j < 0 {
			j = fixed
			fixed++
		}
		used[j] = true
		for i, c := range cols {
			if a.Key != "" && c.key == a.Key {
				at[i] = j
			}
		}
	}
	for _, is := range []func(column, string) bool{column.is, column.isBelow} {
		for i, c := range cols {
			for j := 0; !c.joins() && at[i] < 0 && j < len(head); j++ {
				if !used[j] && is(c, head[j]) {
					at[i], used[j] = j, true
				}
			}
		}
	}
	join(cols, at, head, used)
	if len(used) == 0 {
		fail(0, "", "import.no-titles", nil, "")
		return at
	}
	for i, c := range cols {
		if at[i] < 0 && c.needed() {
			fail(0, c.key, "import.column-missing", map[string]any{"column": c.title}, c.title.Zh)
		}
	}
	for j, h := range head {
		t := strings.TrimSpace(h)
		if used[j] || t == "" || t == problemColumn.Zh || t == problemColumn.En || numbersRows(t) {
			continue
		}
		best := ""
		for i, c := range cols {
			if at[i] < 0 && (best == "" || spelling.Distance(h, c.title.Zh) < spelling.Distance(h, best)) {
				best = c.title.Zh
			}
		}
		fail(j, "", "import.column-unknown", map[string]any{"column": h}, best)
	}
	return at
}

// needed reports whether no row can be read without the column.
func (c column) needed() bool {
	return c.role == "unit" || c.role == "value" && c.field.Required && c.group == ""
}

func (c column) is(title string) bool {
	if c.joins() {
		return c.isJoined(title) || title == c.key
	}
	if upper, lower, two := strings.Cut(title, sheet.HeadMark); two {
		if name, inner := heading.Split(lower); name == "" { // （万元）
			lower = inner
		}
		m, ok := unit.MeasureOf(lower) // a row of units below the titles
		return ok && c.quantity() && c.measures(m) && c.is(upper)
	}
	name, inner := heading.Split(title)
	if name == "" {
		return false
	}
	if title == c.key {
		return true
	}
	for _, own := range c.names {
		if name == own[0] && c.allows(inner, own[1]) {
			return true
		}
	}
	return false
}

// isBelow reports whether the lower of two titles names the column.
func (c column) isBelow(title string) bool {
	_, lower, two := strings.Cut(title, sheet.HeadMark)
	return two && c.is(lower)
}

// known counts the titles of a kind in a row.
func known(cols []column) func([]string) int {
	return func(texts []string) int {
		n := 0
		for i := range cols {
			if slices.ContainsFunc(texts, func(t string) bool { return t != "" && (cols[i].is(t) || cols[i].isBelow(t)) }) {
				n++
			}
		}
		return n
	}
}

// layout is where the columns of a kind stand in one file.
type layout struct {
	cols []column
	at   []int           // place in the file, -1 for a column that is not there
	unit []columnUnit    // that the file says its numbers are in
	by   map[string]int  // pointer of a fault → column
	not  map[string]bool // texts that are no title: a unit's name stands in every row
}

func newLayout(cols []column, at []int, head, above []string) *layout {
	l := &layout{cols, at, make([]columnUnit, len(cols)), map[string]int{}, map[string]bool{}}
	for i, c := range cols {
		if at[i] >= 0 && at[i] < len(head) {
			l.unit[i] = c.unitOf(head[at[i]], above)
		}
		l.by["/values/"+c.key] = i
		if c.role == "lat" && at[i] >= 0 {
			l.by["/values/"+c.field.Key] = i
		}
		if c.group != "" {
			l.by[fmt.Sprintf("/values/%s/%d/%s", c.group, c.item, strings.TrimPrefix(c.key, fmt.Sprintf("%s[%d].", c.group, c.item+1)))] = i
		}
	}
	return l
}

// column is the place in the file of what a pointer is about; 0 when it has none.
func (l *layout) column(pointer string) int {
	if i, ok := l.by[pointer]; ok && l.at[i] >= 0 {
		return l.at[i]
	}
	return 0
}

// titlesAgain reports whether a row repeats the titles: at least two cells, and none that says anything else.
func (l *layout) titlesAgain(row sheet.Row) bool {
	n := 0
	for i, c := range l.cols {
		if l.at[i] < 0 {
			continue
		}
		if text := row.Text(l.at[i]); text != "" {
			if n == 0 && l.not[text] {
				return false
			}
			if !c.is(text) {
				if n == 0 && len(l.not) < 5000 && !slices.ContainsFunc(l.cols, func(c column) bool { return c.is(text) }) {
					l.not[text] = true
				}
				return false
			}
			n++
		}
	}
	return n >= 2
}
