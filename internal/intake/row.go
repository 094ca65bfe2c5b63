package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// States of a row of an import.
const (
	lineGood = "good"
	lineBad  = "bad"
	lineSame = "same" // says what is kept already
	lineKept = "kept"
)

// uncached marks a formula cell without a stored result in a waiting row.
const uncached = "\x00"

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

// reading is one row on its way to a line.
type reading struct {
	*reader
	row    sheet.Row
	line   line
	good   bool
	told   map[string]bool // pointers whose cell already has its fault
	values map[string]any
	groups map[string]map[int]map[string]any // group → repetition → values
}

// check reads one row. What its values point at is looked for later, for many rows together.
func (r *reader) check(ctx context.Context, row sheet.Row) (line, error) {
	x := reading{reader: r, row: row, good: true, values: map[string]any{}}
	x.line = line{index: row.Index, state: lineBad, cells: make([]string, len(row.Cells))}
	for i, c := range row.Cells {
		x.line.cells[i] = c.Text
		if c.Uncached {
			x.line.cells[i] = uncached
		}
	}
	if r.lay.titlesAgain(row) {
		x.fail(0, "", "import.titles-again", nil, "")
	} else {
		if err := x.read(ctx); err != nil {
			return x.line, err
		}
		x.judge()
	}
	x.untitled()
	l := x.line
	if !x.good {
		return l, nil
	}
	l.state = lineGood
	if l.number != "" {
		return l, nil
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d\n%s\n%s", l.unit, l.raw, mustJSON(l.persons))))
	l.hash = hex.EncodeToString(sum[:])
	r.seen[[16]byte(sum[:16])]++
	l.ordinal = r.seen[[16]byte(sum[:16])]
	return l, nil
}

func (x *reading) fail(column int, field, code string, args map[string]any, suggestion string) {
	x.good = false
	x.line.fail(x.row.Address(column), column, field, code, args, suggestion)
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
	for i, c := range x.lay.cols {
		at := x.lay.at[i]
		if at < 0 {
			continue
		}
		text := x.row.Text(at)
		switch {
		case at < len(x.row.Cells) && x.row.Cells[at].Uncached:
			x.bad(c, &cellFault{code: "import.formula"})
		case text == "":
		case c.role == "number":
			x.line.number = text
		case c.role == "rev":
			if _, err := fmt.Sscan(text, &x.line.rev); err != nil {
				x.bad(c, &cellFault{code: "value.number"})
			}
		case c.role == "state": // says nothing that an import could change
		case c.role == "unit":
			n, f := x.look.unit(text, nil)
			if f != nil {
				x.fail(x.lay.column("/values/unit"), "unit", f.code, f.args, f.suggestion)
				continue
			}
			x.line.unit = n
		case c.role == "value" && c.field.Type == "person":
			if x.line.persons == nil {
				x.line.persons = map[string]string{}
			}
			x.line.persons[c.field.Key] = text
		default:
			v, f, err := c.parse(ctx, text, x.date1904, x.look)
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
	l.raw = mustJSON(x.values)
	for key := range l.persons {
		x.values[key] = nobody
	}
	clean, faults := kind.Clean(x.k, x.values, x.day)
	if from, until := x.k.Days(clean); x.good && len(faults) == 0 && (!u.Open(from) || !x.k.Lasting() && !u.Open(until-1)) {
		x.fail(unitCell, "unit", "ledger.unit-life", map[string]any{"unit": u.Name, "from": u.From.String(), "until": u.Until.String()}, "")
		return
	}
	for _, f := range faults {
		x.good = false
		if !x.told[f.Pointer] {
			x.fail(x.lay.column(f.Pointer), strings.TrimPrefix(f.Pointer, "/values/"), f.Code, f.Args, suggestFor(f))
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
			x.line.fail(x.row.Address(x.letter(i)), i, "", "import.untitled", map[string]any{"text": c.Text}, "")
		}
	}
}

func suggestFor(f problem.Field) string {
	switch f.Code {
	case "value.date":
		return "2020-08-02"
	case "value.too-small":
		return fmt.Sprint(f.Args["min"])
	case "value.future", "value.too-early":
		return fmt.Sprint(f.Args["day"])
	}
	return ""
}

// rowOf is a waiting row as a sheet would give it.
func rowOf(l *line) sheet.Row {
	r := sheet.Row{Index: l.index, Cells: make([]sheet.Cell, len(l.cells))}
	for i, t := range l.cells {
		if r.Cells[i].Text = t; t == uncached {
			r.Cells[i] = sheet.Cell{Uncached: true}
		}
	}
	return r
}
