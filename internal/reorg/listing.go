package reorg

import (
	"context"
	"math/big"
	"regexp"
	"strings"
	"unicode"

	"sifen/internal/attribute"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/sheet"
)

// RowError is one cell of an import that is wrong, or of which something is told.
type RowError struct {
	Cell       string `json:"cell"`
	Field      string `json:"field"`
	Code       string `json:"code"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
}

// Result says what an import of units did.
type Result struct {
	Rows      int        `json:"rows"`
	Accepted  int        `json:"accepted"`
	Unchanged int        `json:"unchanged"`
	Values    int        `json:"values"` // attributes of units that the list changes
	DryRun    bool       `json:"dry_run"`
	Errors    []RowError `json:"errors"` // stop the import
	Told      []RowError `json:"told"`   // what was read otherwise than written, or not at all; stops nothing
}

// listed is a row of a unit list on its way to a unit.
type listed struct {
	Added
	above  []said // the superior and what stands above it, the nearest last
	row    sheet.Row
	cols   *columns
	code   string // canonical
	kind   org.Type
	parent node
	node   node // what the row is of: an existing unit, an earlier row, or itself
	state  int
	fault  *fault
	left   bool // of another district
	attrs  []typed
}

type said struct {
	text  string
	level []org.Type // what it can be, where anything says so
}

// cell is the address that a person looks for a field at.
func (l *listed) cell(field string) string {
	if c, ok := l.cols.of[field]; ok {
		return l.row.Address(c.at)
	}
	if field == "parent" && len(l.cols.parents) > 0 {
		for i := len(l.cols.parents) - 1; i >= 0; i-- {
			if c := l.cols.parents[i]; l.row.Text(c.at) != "" {
				return l.row.Address(c.at)
			}
		}
		return l.row.Address(l.cols.parents[len(l.cols.parents)-1].at)
	}
	return l.row.Address(l.cols.of["name"].at)
}

// listing is a unit list as it was read.
type listing struct {
	res   *Result
	lang  i18n.Lang
	lines []*listed
	defs  []*attribute.Definition
	since bool // days count from 1904
}

const maxTold = 1000

func (g *listing) fail(cell string, f fault) {
	if len(g.res.Errors) < maxTold {
		g.res.Errors = append(g.res.Errors, RowError{cell, f.field, f.code, i18n.Sentence(f.code, f.args, g.lang), f.suggestion})
	}
}

func (g *listing) tell(cell, field, code string, args map[string]any) {
	if len(g.res.Told) < maxTold {
		g.res.Told = append(g.res.Told, RowError{cell, field, code, i18n.Sentence(code, args, g.lang), ""})
	}
}

func (g *listing) unreadable(e *sheet.Error) {
	g.res.Errors = append(g.res.Errors, RowError{e.Cell, "", e.Code, i18n.Label{Zh: e.Zh, En: e.En}.In(g.lang), ""})
}

// read goes through a file. What is no unit is told; what cannot be read is a fault.
func (g *listing) read(ctx context.Context, content []byte) error {
	opt := sheet.ReadOptions{Head: known}
	t, err := sheet.Open(content, opt)
	if e, ok := err.(*sheet.Error); ok { //nolint:errorlint // the reader returns it unwrapped
		g.unreadable(e)
		return nil
	}
	if err != nil {
		return err
	}
	defer t.Close()
	for _, other := range t.Sheets {
		if !other.Read {
			g.tell("", "", "reorg.sheet-unread", map[string]any{"name": other.Name, "n": other.Rows})
		}
	}
	cols := columnsOf(t.Head, g.defs)
	g.since = t.Date1904
	head := sheet.Row{Index: t.HeadRow}
	if _, ok := cols.of["name"]; !ok {
		g.fail(head.Address(0), fault{"name", "reorg.no-name-column", map[string]any{"row": t.HeadRow}, ""})
	}
	for _, d := range cols.double {
		g.fail(head.Address(d[1].at), fault{"", "reorg.two-columns", map[string]any{"one": d[0].title, "first": head.Address(d[0].at),
			"other": d[1].title, "cell": head.Address(d[1].at)}, ""})
	}
	for _, c := range cols.foreign {
		own := i18n.Label{Zh: "不带单位的数", En: "a plain number"}
		if c.def.Unit != nil {
			own = *c.def.Unit
		}
		g.fail(head.Address(c.at), fault{c.def.Key, "reorg.attribute-unit", map[string]any{"title": c.title, "unit": c.unit, "own": own}, ""})
	}
	if len(g.res.Errors) > 0 {
		return nil
	}
	used := map[int]bool{}
	for row, err := range t.Rows(ctx) {
		if e, ok := err.(*sheet.Error); ok { //nolint:errorlint // the reader returns it unwrapped
			g.unreadable(e)
			return nil
		}
		if err != nil {
			return err
		}
		g.take(&cols, t.Head, row, used)
	}
	for _, c := range cols.unread {
		if used[c.at] {
			g.tell(head.Address(c.at), "", "reorg.column-unread", map[string]any{"title": c.title})
		}
	}
	for i := range used {
		if i >= len(t.Head) || t.Head[i].Text == "" {
			g.tell(head.Address(i), "", "reorg.column-untitled", nil)
		}
	}
	return nil
}

// take makes a line of a row, unless it is a total, a note or nothing.
func (g *listing) take(cols *columns, head []sheet.Cell, row sheet.Row, used map[int]bool) {
	mine := map[int]bool{}
	for _, c := range cols.of {
		mine[c.at] = true
	}
	for _, c := range cols.parents {
		mine[c.at] = true
	}
	values := map[int]bool{} // beside mine: 合计 in such a cell is a wrong value, not a total
	for _, c := range cols.attrs {
		values[c.at] = true
	}
	own, first, again := 0, -1, 0
	for i, c := range row.Cells {
		text := strings.TrimSpace(c.Text)
		if text == "" && !c.Uncached {
			continue
		}
		if i < len(head) && plainTitle(text) == plainTitle(head[i].Text) {
			again++
		}
		if c.Merged {
			continue
		}
		if no, ok := cols.of["no"]; ok && no.at == i && numberText.MatchString(squeezed(text)) {
			continue
		}
		own++
		if first < 0 {
			first = i
		}
	}
	if own == 0 {
		return
	}
	g.res.Rows++
	name := oneName(row.Text(cols.of["name"].at))
	for i := range row.Cells {
		text := row.Text(i)
		left := i <= cols.of["name"].at || mine[i]
		switch {
		case text == "" || row.Cells[i].Merged && i != first:
		case left && isTotal(text):
			g.tell(row.Address(i), "", "reorg.total-row", map[string]any{"text": text})
			return
		case (i == first || i == cols.of["name"].at) && isNote(text):
			g.tell(row.Address(i), "", "reorg.note-row", map[string]any{"text": text})
			return
		}
	}
	if again > 1 && again >= own {
		g.tell(row.Address(first), "", "reorg.head-again", nil)
		return
	}
	for i := range row.Cells {
		if !mine[i] && !values[i] && (row.Text(i) != "" || row.Cells[i].Uncached) {
			used[i] = true
		}
	}
	get := func(f string) string {
		c, ok := cols.of[f]
		if !ok {
			return ""
		}
		text := row.Text(c.at)
		if nothing.MatchString(squeezed(text)) {
			return ""
		}
		return text
	}
	if nothing.MatchString(squeezed(name)) {
		name = ""
	}
	l := &listed{Added: Added{Code: get("code"), Name: name, Type: get("type"), Line: get("line"), Scheme: get("scheme")}, row: row, cols: cols}
	for _, c := range cols.parents {
		if text := row.Text(c.at); !nothing.MatchString(squeezed(text)) {
			l.above = append(l.above, said{text, c.level})
		}
	}
	for _, c := range cols.attrs {
		if text := strings.TrimSpace(row.Text(c.at)); text != "" && !(nothing.MatchString(squeezed(text)) && c.def.Type != attribute.Bool) {
			l.attrs = append(l.attrs, typed{c, text})
		}
	}
	code, ok := digits(l.Code)
	switch n := len([]rune(l.Name)); {
	case l.Name == "":
		l.fault = &fault{"name", "value.required", nil, ""}
	case n > maxName:
		l.fault = &fault{"name", "value.too-long", map[string]any{"max": maxName, "have": n}, ""}
	case numberText.MatchString(squeezed(l.Name)):
		l.fault = &fault{"name", "reorg.number-name", map[string]any{"text": l.Name}, ""}
	case strings.ContainsAny(l.Name, org.Slashes):
		l.fault = &fault{"name", "org.slash", map[string]any{"name": l.Name}, ""}
	case !ok:
		l.fault = &fault{"code", "reorg.code-shortened", map[string]any{"text": l.Code}, ""}
	}
	l.Code, l.code = code, org.CanonicalCode(code)
	g.lines = append(g.lines, l)
}

var (
	power   = regexp.MustCompile(`^([0-9])(?:\.([0-9]+))?[eE](\+?)([0-9]{1,2})$`)
	decimal = regexp.MustCompile(`^[0-9]+\.0+$`)
)

// shownDigits is how many digits a spreadsheet shows of a long number: with no more than these, the others may be lost.
const shownDigits = 6

// digits reads a code that a spreadsheet made a number: 9.90106002078E11 is 990106002078. ok is false where digits may be
// lost: 9.90106E+11 is what a person sees, not what stands in the cell.
func digits(s string) (code string, ok bool) {
	s = strings.TrimLeft(strings.Join(strings.Fields(sheet.NormaliseDigits(s)), ""), "'’")
	if decimal.MatchString(s) {
		s = s[:strings.IndexByte(s, '.')]
	}
	m := power.FindStringSubmatch(s)
	if m == nil {
		return s, true
	}
	if len(m[1]+m[2]) <= shownDigits && m[3] != "" {
		return s, false
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok || !r.IsInt() {
		return s, false
	}
	return r.Num().String(), true
}

// oneName is a name as it is kept: blanks and line breaks inside a Chinese name are how somebody filled a cell, and make no
// other unit.
func oneName(text string) string {
	parts := strings.Fields(text)
	if strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts, " ")
}
