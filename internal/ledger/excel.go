package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"sort"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// Template writes the empty workbook of a kind.
func (s *Service) Template(ctx context.Context, district int64, key string, w io.Writer) error {
	set, err := s.Packs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	k, err := kind.Of(set, key)
	if err != nil {
		return err
	}
	return sheet.Write(w, bookOf(k, false, nil))
}

func bookOf(k *kind.Kind, export bool, rows iter.Seq2[[]any, error]) sheet.Book {
	name := []rune(k.Title.Zh)
	b := sheet.Book{Sheet: string(name[:min(len(name), 20)]), Rows: rows, Meta: map[string]string{"kind": k.Key, "version": fmt.Sprint(k.Version)}}
	for _, c := range columnsOf(k, export) {
		b.Columns = append(b.Columns, c.sheetColumn(k))
	}
	return b
}

// Export writes the entries a filter selects as a workbook that Import reads back.
func (s *Service) Export(ctx context.Context, by access.Scope, f Filter, w io.Writer) error {
	wk, err := s.work(ctx, s.DB.Read, by)
	if err != nil {
		return err
	}
	k, err := kind.Of(wk.set, f.Kind)
	if err != nil {
		return err
	}
	f.Limit, f.Offset = sheet.MaxRows-2, 0
	if f.Sort == "" {
		f.Sort = "day"
	}
	list, err := s.find(ctx, s.DB.Read, wk, by, f)
	if err != nil {
		return err
	}
	n, err := resolve(ctx, s.DB.Read, wk.set, by.District, list)
	if err != nil {
		return err
	}
	cols := columnsOf(k, true)
	unitText := unitTexts(wk.org, wk.day)
	return sheet.Write(w, bookOf(k, true, func(yield func([]any, error) bool) {
		for _, e := range list {
			row := make([]any, len(cols))
			for i, c := range cols {
				switch c.role {
				case "number":
					row[i] = e.Number
				case "rev":
					row[i] = fmt.Sprint(e.Rev)
				case "state":
					row[i] = stateTitle[e.State].Zh
				case "unit":
					row[i] = unitText(e.Unit)
				default:
					row[i] = c.value(e.Values, wk.org, n, unitText)
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}))
}

// RowError is one bad cell: where, what is wrong, what would be right.
type RowError struct {
	Sheet      string `json:"sheet"`
	Cell       string `json:"cell"`
	Field      string `json:"field"`
	Code       string `json:"code"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
}

// Fault is a bad cell as a waiting row keeps it: its sentence in both languages. Column counts from 0 in the file; -1
// is the whole row.
type Fault struct {
	Cell       string     `json:"cell"`
	Column     int        `json:"column"`
	Field      string     `json:"field"`
	Code       string     `json:"code"`
	Say        i18n.Label `json:"say"`
	Suggestion string     `json:"suggestion"`
}

func (f Fault) row(k *kind.Kind, lang i18n.Lang) RowError {
	return RowError{k.Title.Zh, f.Cell, f.Field, f.Code, f.Say.In(lang), f.Suggestion}
}

func newFault(cell string, column int, field, code string, args map[string]any, suggestion string) Fault {
	return Fault{cell, column, field, code, i18n.Label{Zh: i18n.Sentence(code, args, i18n.Zh), En: i18n.Sentence(code, args, i18n.En)}, suggestion}
}

// staged is what one row says, as far as it is good.
type staged struct {
	index   int
	unit    org.No
	raw     string // values as JSON: 100,000 rows of maps would take a gigabyte
	number  string
	rev     int64
	persons map[string]string // field → name of a person still to be made
	hash    string
	ordinal int64
}

// values decodes the row's raw values.
func (r *staged) values() (map[string]any, error) {
	dec := json.NewDecoder(strings.NewReader(r.raw))
	dec.UseNumber()
	var v map[string]any
	return v, dec.Decode(&v)
}

// titled is a column's title without what does not tell it from others: spaces, marks, its unit.
func titled(s string) string {
	s = strings.NewReplacer(" ", "", "*", "", "（", "(", "）", ")").Replace(sheet.NormaliseDigits(s))
	if i := strings.Index(s, "("); i > 0 {
		s = s[:i]
	}
	return strings.ToLower(s)
}

func (c column) is(title string) bool {
	t := titled(title)
	return t != "" && (t == titled(c.title.Zh) || t == titled(c.title.En) || title == c.key)
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

// layout is where the columns of a kind stand in one file.
type layout struct {
	cols []column
	at   []int           // place in the file, -1 for a column that is not there
	by   map[string]int  // pointer of a fault → column
	not  map[string]bool // texts that are no title: a unit's name stands in every row
}

func newLayout(cols []column, at []int) *layout {
	l := &layout{cols, at, map[string]int{}, map[string]bool{}}
	for i, c := range cols {
		l.by["/values/"+c.key] = i
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

// stageRow reads one row; clean holds its canonical values when it is good.
func (s *Service) stageRow(ctx context.Context, q db.Querier, by access.Scope, w work, k *kind.Kind, l *layout, date1904 bool, row sheet.Row, look *lookup, fail func(column int, field, code string, args map[string]any, suggestion string)) (_ staged, clean kind.Values, _ bool) {
	r := staged{index: row.Index}
	values := map[string]any{}
	good := true
	var told map[string]bool // pointers whose cell already has its fault
	bad := func(c column, f *cellFault) {
		good = false
		if told == nil {
			told = map[string]bool{}
		}
		told["/values/"+c.key] = true
		fail(l.column("/values/"+c.key), c.key, f.code, f.args, f.suggestion)
	}
	if l.titlesAgain(row) {
		fail(0, "", "import.titles-again", nil, "")
		return r, nil, false
	}
	var groups map[string]map[int]map[string]any
	unitCell := l.column("/values/unit")
	for i, c := range l.cols {
		if l.at[i] < 0 {
			continue
		}
		text := row.Text(l.at[i])
		if l.at[i] < len(row.Cells) && row.Cells[l.at[i]].Uncached {
			bad(c, &cellFault{code: "import.formula"})
			continue
		}
		if text == "" {
			continue
		}
		switch c.role {
		case "number":
			r.number = text
		case "rev":
			if _, err := fmt.Sscan(text, &r.rev); err != nil {
				bad(c, &cellFault{code: "value.number"})
			}
		case "state":
		case "unit":
			n, f := look.unit(text, nil)
			if f != nil {
				good = false
				fail(unitCell, "unit", f.code, f.args, f.suggestion)
				continue
			}
			r.unit = n
		default:
			if c.field.Type == "person" && c.role == "value" {
				if r.persons == nil {
					r.persons = map[string]string{}
				}
				r.persons[c.field.Key] = text
				continue
			}
			v, f := c.parse(text, date1904, look)
			if look.failed != nil {
				return r, nil, false
			}
			if f != nil {
				bad(c, f)
				continue
			}
			key := c.field.Key
			if c.role == "basis" {
				key += ".basis"
			}
			if c.group == "" {
				values[key] = v
				continue
			}
			if groups == nil {
				groups = map[string]map[int]map[string]any{}
			}
			if groups[c.group] == nil {
				groups[c.group] = map[int]map[string]any{}
			}
			if groups[c.group][c.item] == nil {
				groups[c.group][c.item] = map[string]any{}
			}
			groups[c.group][c.item][key] = v
		}
	}
	for g, items := range groups {
		var order []int
		for i := range items {
			order = append(order, i)
		}
		sort.Ints(order)
		var list []any
		for _, i := range order {
			list = append(list, items[i])
		}
		values[g] = list
	}
	if r.unit == 0 && good {
		fail(unitCell, "unit", "value.required", nil, "")
		return r, nil, false
	}
	if u, _ := w.org.Unit(r.unit); r.unit == 0 {
		good = false
	} else if !k.TakesUnit(u.Type) {
		fail(unitCell, "unit", "ledger.unit-type", map[string]any{"unit": u.Name, "types": kind.TypeTitles(k.Units())}, "")
		return r, nil, false
	} else if !by.Can(Enter, w.org.Targets(r.unit, w.day), k.ByLine()) {
		fail(unitCell, "unit", "import.unit-rights", map[string]any{"unit": u.Name}, "")
		return r, nil, false
	}
	// persons are made when the file is kept; until then a stand-in satisfies the check of required fields
	r.raw = mustJSON(values)
	for key := range r.persons {
		values[key] = "00000000-0000-7000-8000-000000000000"
	}
	clean, faults := kind.Clean(k, values, w.day)
	if from, until := k.Days(clean); good && len(faults) == 0 {
		if u, _ := w.org.Unit(r.unit); !u.Open(from) || !k.Lasting() && !u.Open(until-1) {
			fail(unitCell, "unit", "ledger.unit-life", map[string]any{"unit": u.Name, "from": u.From.String(), "until": u.Until.String()}, "")
			return r, nil, false
		}
	}
	for _, f := range faults {
		if told[f.Pointer] {
			continue
		}
		fail(l.column(f.Pointer), strings.TrimPrefix(f.Pointer, "/values/"), f.Code, f.Args, suggestFor(k, f))
	}
	if _, refusals := k.Evaluate(clean); good && len(faults) == 0 && len(refusals) > 0 {
		fail(0, "", "ledger.refused", map[string]any{"say": refusals[0]}, "")
		return r, nil, false
	}
	if !good || len(faults) > 0 {
		return r, nil, false
	}
	for key := range r.persons {
		delete(clean, key)
	}
	err := s.exist(ctx, q, by, w, k.Fields, clean, "/values", func(pointer, code string, args map[string]any) {
		good = false
		fail(l.column(pointer), strings.TrimPrefix(pointer, "/values/"), code, args, "")
	})
	if err != nil {
		look.failed = err
		return r, nil, false
	}
	return r, clean, good
}

func suggestFor(k *kind.Kind, f problem.Field) string {
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

// correct applies a row that carries an entry number: a new revision when it differs. A revision column must still be current.
func (s *Service) correct(ctx context.Context, tx *db.Tx, by access.Scope, r *staged, in Input) (entry string, changed bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT id FROM entry WHERE district = $1 AND number = $2 AND kind = $3`, by.District, r.number, in.Kind).Scan(&entry)
	found, err := db.One(err)
	if err != nil {
		return entry, false, err
	}
	if !found {
		return entry, false, ErrInvalid.At(problem.Field{Pointer: "/values/number", Code: "import.no-number", Args: map[string]any{"number": r.number}})
	}
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return entry, false, err
	}
	v, faults, err := s.judge(ctx, tx, by, w, k, in, e.ID)
	if err != nil {
		return entry, false, err
	}
	if len(faults) > 0 {
		return entry, false, ErrInvalid.At(faults...)
	}
	if e.Unit == in.Unit && v.Encode() == e.Values.Encode() {
		return entry, false, nil
	}
	if r.rev != 0 && r.rev != e.Rev {
		return entry, false, ErrStale
	}
	if e.State == Submitted {
		if _, err := s.Withdraw(ctx, tx, by, e.ID); err != nil {
			return entry, false, err
		}
	}
	if _, err := s.Edit(ctx, tx, by, e.ID, e.Rev, in); err != nil {
		return entry, false, err
	}
	_, err = s.Submit(ctx, tx, by, e.ID)
	return entry, true, err
}
