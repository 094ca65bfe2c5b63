package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/sheet"
)

// States of a row of an import.
const (
	lineGood = "good"
	lineBad  = "bad"
	lineSame = "same" // says what is kept already
	lineKept = "kept"
	// lineAside is no record: a total, a note, or left out by a person.
	lineAside = "aside"
)

// Marks of cells in a waiting row: a formula without a stored result, and an amount that stands in another row and was
// merged into this one.
const (
	uncached = "\x00"
	merged   = "\x01"
)

// line is one row of a file: its cells as they stand, what is wrong with them, and what they say as far as it is good.
type line struct {
	index   int // row of the file
	state   string
	cells   []string
	faults  []Fault
	unit    org.No
	raw     string // values as JSON: 100,000 rows of maps would take a gigabyte
	number  string // of the entry it corrects
	rev     int64
	persons map[string]string // field → name of a person still to be made
	hash    string            // of what it says, for a row that makes an entry
	ordinal int64             // among the rows of the file that say the same
	said    string            // what a person said of the row: see act.go
	clean   kind.Values       // of a good row, until it is stored
}

// alone reports whether a good row can be staged: it corrects nothing, makes no person and has no neighbour in time to
// look at.
func (l *line) alone(k *kind.Kind) bool {
	return l.state == lineGood && l.number == "" && len(l.persons) == 0 && !neighbours(k)
}

// neighbours reports whether entries of a kind are compared with others of their subject.
func neighbours(k *kind.Kind) bool { return k.State != nil && len(k.State.Subject) > 0 }

// values decodes the row's raw values.
func (l *line) values() (map[string]any, error) {
	dec := json.NewDecoder(strings.NewReader(l.raw))
	dec.UseNumber()
	var v map[string]any
	return v, dec.Decode(&v)
}

func (l *line) fail(address string, column int, field, code string, args map[string]any, suggestion string) {
	l.faults = append(l.faults, newFault(address, column, field, code, args, suggestion))
}

// saidBy is how many rows of a file say the same, and the first of them.
type saidBy struct {
	n     int64
	first int
}

// reading is one row on its way to a line.
type reading struct {
	*reader
	row    sheet.Row
	said   string
	line   line
	good   bool
	told   map[string]bool // pointers whose cell already has its fault
	values map[string]any
	groups map[string]map[int]map[string]any // group → repetition → values
}

// check reads one row. What its values point at is looked for later, for many rows together.
func (r *reader) check(ctx context.Context, row sheet.Row, said string) (line, error) {
	x := reading{reader: r, row: row, said: said, good: true, values: map[string]any{}}
	x.line = line{index: row.Index, state: lineBad, cells: make([]string, len(row.Cells)), said: said}
	for i, c := range row.Cells {
		x.line.cells[i] = c.Text
		if c.Uncached {
			x.line.cells[i] = uncached
		}
	}
	own := r.own(row)
	if x.said != saidTake {
		if code, at := r.aside(row, own); code != "" {
			return x.setAside(code, at), nil
		}
	}
	if err := x.read(ctx); err != nil {
		return x.line, err
	}
	x.judge()
	if !x.good && x.said != saidTake && r.heading(row, own) {
		x.line.faults = nil
		return x.setAside("import.aside-heading", own[0]), nil
	}
	x.untitled()
	l := x.line
	if !x.good {
		return l, nil
	}
	l.state = lineGood
	if row.Struck || slices.ContainsFunc(l.cells, sheet.IsCancelled) {
		r.seen.cancelled = append(r.seen.cancelled, row.Index)
	}
	if row.Hidden {
		r.seen.hidden = append(r.seen.hidden, row.Index)
	}
	if from, until := r.k.Days(l.clean); len(r.locks) > 0 {
		if _, _, found := r.locks.Covering(r.org, r.k.Key, l.unit, from, until); found {
			r.seen.locked = append(r.seen.locked, row.Index)
		}
	}
	if number, ok := corrects(said); ok {
		l.number = number
	}
	if l.number != "" {
		return l, nil
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d\n%s\n%s", l.unit, l.raw, mustJSON(l.persons))))
	l.hash = hex.EncodeToString(sum[:])
	before := r.often[[16]byte(sum[:16])]
	if before.n > 0 && before.first != l.index && said == "" {
		first, _ := sheet.Place(before.first)
		if at, _ := sheet.Place(l.index); at != first { // a sheet that repeats another is a summary
			l.state, l.hash = lineBad, ""
			l.fail(r.address(l.index, 0), 0, "", "import.like-row", map[string]any{"row": r.place(before.first)}, "")
			return l, nil
		}
		r.seen.twice = append(r.seen.twice, l.index)
	}
	if before.n == 0 {
		before.first = l.index
	}
	before.n++
	r.often[[16]byte(sum[:16])] = before
	l.ordinal = before.n
	return l, nil
}

func (x *reading) fail(column int, field, code string, args map[string]any, suggestion string) {
	x.good = false
	x.line.fail(x.address(x.row.Index, column), column, field, code, args, suggestion)
}

// setAside ends a row that is no record: it says why.
func (x *reading) setAside(code string, at int) line {
	l := x.line
	l.state = lineAside
	l.fail(x.address(x.row.Index, at), at, "", code, map[string]any{"text": x.row.Text(at)}, "")
	x.seen.aside = append(x.seen.aside, x.row.Index)
	return l
}

func (x *reading) bad(c column, f *cellFault) {
	if x.told == nil {
		x.told = map[string]bool{}
	}
	x.told["/values/"+c.key] = true
	x.fail(x.lay.column("/values/"+c.key), c.key, f.code, f.args, f.suggestion)
}

// read takes the cells one by one.
func (x *reading) read(ctx context.Context) error {
	spots := map[string]int64{} // the two columns of the one place
	for i, c := range x.lay.cols {
		at := x.lay.at[i]
		if at < 0 {
			continue
		}
		text := x.row.Text(at)
		if f := broken(c, text); f != nil {
			x.bad(c, f)
			continue
		}
		switch {
		case at < len(x.row.Cells) && x.row.Cells[at].Uncached:
			x.bad(c, &cellFault{code: "import.formula"})
		case text == "", c.saysNothing(text):
		case x.row.Cells[at].Across && c.role == "value": // one cell over two columns says one thing
			x.line.cells[at] = ""
		case c.quantity() && x.row.Cells[at].Merged:
			x.line.cells[at] = merged + text
			cure := "—"
			if c.field.Required {
				cure = ""
			}
			x.bad(c, &cellFault{code: "import.merged-number", args: map[string]any{"text": text}, suggestion: cure})
		case c.role == "number" && !ownNumber.MatchString(text):
			if x.seen.numbers == "" {
				x.seen.numbers = x.address(x.row.Index, at)
			}
		case c.role == "number":
			x.line.number = text
		case c.role == "rev":
			if _, err := fmt.Sscan(text, &x.line.rev); err != nil {
				x.bad(c, &cellFault{code: "value.number"})
			}
		case c.role == "state": // says nothing that an import could change
			if x.seen.state == "" && !ledger.IsStateTitle(text) {
				x.seen.state, x.seen.stateText = x.address(x.row.Index, at), text
			}
		case c.role == "unit", c.above():
		case c.role == "lat", c.role == "lon":
			n, f := coordinate(text)
			if f != nil {
				x.bad(c, f)
				continue
			}
			spots[c.role] = n
		case c.role == "value" && c.field.Type == "person":
			if x.line.persons == nil {
				x.line.persons = map[string]string{}
			}
			x.line.persons[c.field.Key] = text
		default:
			v, f, err := c.parse(ctx, text, x.lay.unit[i], x.date1904, x.look)
			if err != nil {
				return err
			}
			if f != nil {
				x.bad(c, f)
				continue
			}
			x.put(c, v)
		}
	}
	x.placed(spots)
	x.unit()
	for g, items := range x.groups {
		var list []any
		for _, i := range slices.Sorted(maps.Keys(items)) {
			list = append(list, items[i])
		}
		x.values[g] = list
	}
	return nil
}

func (x *reading) put(c column, v any) {
	key := c.field.Key
	if c.role == "basis" {
		key += ".basis"
	}
	if c.group == "" {
		x.values[key] = v
		return
	}
	if x.groups == nil {
		x.groups = map[string]map[int]map[string]any{}
	}
	if x.groups[c.group] == nil {
		x.groups[c.group] = map[int]map[string]any{}
	}
	if x.groups[c.group][c.item] == nil {
		x.groups[c.group][c.item] = map[string]any{}
	}
	x.groups[c.group][c.item][key] = v
}

// nobody stands in for a person who is made when the import is kept, so that a required field is not missed.
const nobody = "00000000-0000-7000-8000-000000000000"

// judge checks what the cells say together.
func (x *reading) judge() {
	l, unitCell := &x.line, x.lay.column("/values/unit")
	u, _ := x.org.Unit(l.unit)
	switch {
	case l.unit == 0 && x.good:
		x.fail(unitCell, "unit", "value.required", nil, "")
		return
	case l.unit == 0:
	case !x.k.TakesUnit(u.Type):
		x.fail(unitCell, "unit", "ledger.unit-type", map[string]any{"unit": u.Name, "types": kind.TypeTitles(x.k.Units())}, "")
		return
	case !x.by.Can(ledger.Enter, x.org.Targets(l.unit, x.day), x.k.ByLine()):
		x.fail(unitCell, "unit", "import.unit-rights", map[string]any{"unit": u.Name}, "")
		return
	}
	for _, f := range x.k.Fields { // how people were counted stands in no sheet: by counting
		if _, there := x.values[f.Key]; there && len(f.Basis) > 0 && x.values[f.Key+".basis"] == nil && slices.Contains(f.Basis, "counted") {
			x.values[f.Key+".basis"] = "counted"
		}
	}
	l.raw = mustJSON(x.values)
	for key := range l.persons {
		x.values[key] = nobody
	}
	clean, faults := kind.Clean(x.k, x.values, x.day)
	if from, until := x.k.Days(clean); x.good && len(faults) == 0 && (!u.Open(from) || !x.k.Lasting() && !u.Open(until-1)) {
		x.fail(unitCell, "unit", "ledger.unit-life", map[string]any{"unit": u.Name, "life": org.Life(u.From, u.Until)}, "")
		return
	}
	for _, f := range faults {
		x.good = false
		if !x.told[f.Pointer] {
			x.fail(x.lay.column(f.Pointer), strings.TrimPrefix(f.Pointer, "/values/"), f.Code, f.Args, "")
		}
	}
	if !x.good {
		return
	}
	if _, refusals := x.k.Evaluate(clean); len(refusals) > 0 {
		x.fail(0, "", "ledger.refused", map[string]any{"say": refusals[0]}, "")
		return
	}
	for key := range l.persons {
		delete(clean, key)
	}
	l.clean = clean
}

// untitled tells what stands where no column has a title: it would be lost.
func (x *reading) untitled() {
	for i, c := range x.row.Cells {
		switch {
		case !x.lost(i) || strings.TrimSpace(c.Text) == "":
		case c.Merged: // only merged into it: the text stands where it belongs
			x.line.cells[i] = ""
		default:
			x.good = false
			x.line.fail(x.address(x.row.Index, x.letter(i)), i, "", "import.untitled", map[string]any{"text": c.Text}, "")
		}
	}
}

// ownNumber is what numbers of records look like; other numbers under their title are the file's own.
var ownNumber = regexp.MustCompile(`^[A-Za-z]{1,8}-[0-9]{4}-[0-9]{1,9}$`)

// errorValue is what a spreadsheet shows where a formula failed.
var errorValue = regexp.MustCompile(`^#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$`)

// lostDigits is a long number that a spreadsheet kept with its first fifteen digits.
var lostDigits = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?(1[5-9]|2[0-9])$`)

// broken is what no column can hold: an error, a picture set into the cell, a code whose last digits are gone.
func broken(c column, text string) *cellFault {
	if text == "" {
		return nil
	}
	switch {
	case text[0] == '#' && errorValue.MatchString(text):
		return &cellFault{code: "value.error-cell", args: map[string]any{"text": text}}
	case strings.HasPrefix(strings.TrimPrefix(text, "="), "DISPIMG("):
		return &cellFault{code: "value.picture-cell"}
	case text[0] >= '0' && text[0] <= '9' && !c.quantity() && lostDigits.MatchString(text):
		return &cellFault{code: "value.digits-lost"}
	}
	return nil
}

// rowOf is a waiting row as a sheet would give it.
func rowOf(l *line) sheet.Row {
	r := sheet.Row{Index: l.index, Cells: make([]sheet.Cell, len(l.cells))}
	for i, t := range l.cells {
		if r.Cells[i].Text = t; t == uncached {
			r.Cells[i] = sheet.Cell{Uncached: true}
		} else if rest, ok := strings.CutPrefix(t, merged); ok {
			r.Cells[i] = sheet.Cell{Text: rest, Merged: true}
		}
	}
	return r
}
