package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"sort"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// Template writes the empty workbook of a kind.
func (s *Service) Template(ctx context.Context, district int64, kind string, w io.Writer) error {
	set, err := s.Packs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	k, err := KindOf(set, kind)
	if err != nil {
		return err
	}
	return sheet.Write(w, k.book(false, nil))
}

func (k *Kind) book(export bool, rows iter.Seq2[[]any, error]) sheet.Book {
	name := []rune(k.Title.Zh)
	b := sheet.Book{Sheet: string(name[:min(len(name), 20)]), Rows: rows, Meta: map[string]string{"kind": k.Key, "version": fmt.Sprint(k.Version)}}
	for _, c := range k.columns(export) {
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
	k, err := KindOf(wk.set, f.Kind)
	if err != nil {
		return err
	}
	f.Limit, f.Offset = sheet.MaxRows-2, 0
	if f.Sort == "" {
		f.Sort = "day"
	}
	list, err := s.find(ctx, s.DB.Read, wk.set, by, f)
	if err != nil {
		return err
	}
	n, err := resolve(ctx, s.DB.Read, wk.set, by.District, list)
	if err != nil {
		return err
	}
	cols := k.columns(true)
	unitText := unitTexts(wk.org, wk.day)
	return sheet.Write(w, k.book(true, func(yield func([]any, error) bool) {
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

// ImportResult says what an import did.
type ImportResult struct {
	ID        string     `json:"id,omitempty"`
	Rows      int        `json:"rows"`
	Accepted  int        `json:"accepted"`
	Unchanged int        `json:"unchanged"`
	DryRun    bool       `json:"dry_run"`
	Errors    []RowError `json:"errors"`
}

// Clean reports whether every row was good.
func (r ImportResult) Clean() bool { return len(r.Errors) == 0 }

// ImportOptions say how to import.
type ImportOptions struct {
	Kind   string
	Name   string // of the file, for history
	DryRun bool
	Lang   i18n.Lang
	Open   func(name string) ([]byte, error) // photo files beside the workbook
}

const maxRowErrors = 1000

// staged is one good row.
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

// Import reads a workbook of a kind. Any bad cell keeps the whole file out; a clean file is kept and submitted in one
// transaction. Rows that were imported before change nothing.
func (s *Service) Import(ctx context.Context, by access.Scope, content []byte, opt ImportOptions) (ImportResult, error) {
	res := ImportResult{DryRun: opt.DryRun, Errors: []RowError{}}
	w, err := s.work(ctx, s.DB.Read, by)
	if err != nil {
		return res, err
	}
	k, err := KindOf(w.set, opt.Kind)
	if err != nil {
		return res, err
	}
	rows, err := s.stage(ctx, by, w, k, content, opt, &res)
	if err != nil || len(res.Errors) > 0 || opt.DryRun {
		if err == nil && len(res.Errors) == 0 {
			res.Accepted = len(rows) - res.Unchanged
		}
		return res, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		accepted, unchanged, err := s.keep(ctx, tx, by, k, rows, content, opt, &res)
		res.Accepted, res.Unchanged = accepted, unchanged
		return err
	})
	var p *problem.Error
	if errors.As(err, &p) && len(res.Errors) > 0 {
		res.Accepted, res.Unchanged = 0, 0
		return res, nil // the row it stopped at stands in the list
	}
	return res, err
}

func (s *Service) stage(ctx context.Context, by access.Scope, w work, k *Kind, content []byte, opt ImportOptions, res *ImportResult) ([]staged, error) {
	fail := func(cell, field, code string, args map[string]any, suggestion string) {
		if len(res.Errors) < maxRowErrors {
			res.Errors = append(res.Errors, RowError{k.Title.Zh, cell, field, code, i18n.Sentence(code, args, opt.Lang), suggestion})
		}
	}
	sheetFault := func(err error) error {
		var e *sheet.Error
		if !errors.As(err, &e) {
			return err
		}
		msg := i18n.Label{Zh: e.Zh, En: e.En}
		res.Errors = append(res.Errors, RowError{k.Title.Zh, e.Cell, "", e.Code, msg.In(opt.Lang), ""})
		return nil
	}
	cols := k.columns(true)
	var t *sheet.Table
	var err error
	if bytes.HasPrefix(content, []byte("PK")) || bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")) {
		t, err = sheet.Read(content, sheet.ReadOptions{MaxColumns: len(cols) + 4})
	} else {
		t, err = sheet.ReadCSV(content, sheet.ReadOptions{MaxColumns: len(cols) + 4})
	}
	if err != nil {
		return nil, sheetFault(err)
	}
	defer t.Close()
	if other := t.Meta["kind"]; other != "" && other != k.Key {
		fail("A1", "", "import.other-kind", map[string]any{"have": other, "want": k.Key}, "")
		return nil, nil
	}
	at := match(cols, t.Head, fail)
	if len(res.Errors) > 0 {
		return nil, nil
	}
	look := s.lookup(ctx, s.DB.Read, by, w.org, w.day)
	look.open, look.dry = opt.Open, opt.DryRun
	lay := newLayout(cols, at)
	var out []staged
	for row, err := range t.Rows(ctx) {
		if err != nil {
			return nil, sheetFault(err)
		}
		res.Rows++
		r, ok := s.stageRow(by, w, k, lay, t, row, look, fail)
		if look.failed != nil {
			return nil, look.failed
		}
		if ok {
			out = append(out, r)
		}
	}
	if len(res.Errors) > 0 {
		return out, nil
	}
	return out, s.identify(ctx, by, k, out, res)
}

// match finds for every column of the kind its place in the file. Titles in either language or field keys do.
func match(cols []column, head []sheet.Cell, fail func(cell, field, code string, args map[string]any, suggestion string)) []int {
	at := make([]int, len(cols))
	used := map[int]bool{}
	norm := func(s string) string {
		s = strings.NewReplacer(" ", "", "*", "", "（", "(", "）", ")").Replace(sheet.NormaliseDigits(s))
		if i := strings.Index(s, "("); i > 0 {
			s = s[:i]
		}
		return strings.ToLower(s)
	}
	for i, c := range cols {
		at[i] = -1
		for j, h := range head {
			if t := norm(h.Text); !used[j] && t != "" && (t == norm(c.title.Zh) || t == norm(c.title.En) || h.Text == c.key) {
				at[i], used[j] = j, true
				break
			}
		}
		if at[i] < 0 && (c.role == "unit" || c.field.Required && c.group == "") {
			fail("A1", c.key, "import.column-missing", map[string]any{"column": c.title}, c.title.Zh)
		}
	}
	for j, h := range head {
		if !used[j] && strings.TrimSpace(h.Text) != "" {
			best := ""
			for i, c := range cols {
				if at[i] < 0 && (best == "" || distance(h.Text, c.title.Zh) < distance(h.Text, best)) {
					best = c.title.Zh
				}
			}
			fail(sheet.Row{Index: 1}.Address(j), "", "import.column-unknown", map[string]any{"column": h.Text}, best)
		}
	}
	return at
}

// layout is where the columns of a kind stand in one file.
type layout struct {
	cols []column
	at   []int          // place in the file, -1 for a column that is not there
	by   map[string]int // pointer of a fault → column
}

func newLayout(cols []column, at []int) *layout {
	l := &layout{cols, at, map[string]int{}}
	for i, c := range cols {
		l.by["/values/"+c.key] = i
		if c.group != "" {
			l.by[fmt.Sprintf("/values/%s/%d/%s", c.group, c.item, strings.TrimPrefix(c.key, fmt.Sprintf("%s[%d].", c.group, c.item+1)))] = i
		}
	}
	return l
}

// cell is the address of the column a pointer is about; the row's first cell when it has none.
func (l *layout) cell(row sheet.Row, pointer string) string {
	if i, ok := l.by[pointer]; ok && l.at[i] >= 0 {
		return row.Address(l.at[i])
	}
	return row.Address(0)
}

func (s *Service) stageRow(by access.Scope, w work, k *Kind, l *layout, t *sheet.Table, row sheet.Row, look *lookup, fail func(cell, field, code string, args map[string]any, suggestion string)) (staged, bool) {
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
		fail(l.cell(row, "/values/"+c.key), c.key, f.code, f.args, f.suggestion)
	}
	var groups map[string]map[int]map[string]any
	unitCell := l.cell(row, "/values/unit")
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
			v, f := c.parse(text, t.Date1904, look)
			if look.failed != nil {
				return r, false
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
		return r, false
	}
	if u, _ := w.org.Unit(r.unit); r.unit == 0 {
		good = false
	} else if !k.TakesUnit(u.Type) {
		fail(unitCell, "unit", "ledger.unit-type", map[string]any{"unit": u.Name, "types": joinTypes(k.Units())}, "")
		return r, false
	} else if !by.Can(Enter, w.org.Targets(r.unit, w.day), k.ByLine()) {
		fail(unitCell, "unit", "import.unit-rights", map[string]any{"unit": u.Name}, "")
		return r, false
	}
	// persons are made when the file is kept; until then a stand-in satisfies the check of required fields
	r.raw = mustJSON(values)
	for key := range r.persons {
		values[key] = "00000000-0000-7000-8000-000000000000"
	}
	clean, faults := Clean(k, values, w.day)
	if from, until := k.span(clean); good && len(faults) == 0 {
		if u, _ := w.org.Unit(r.unit); !u.Open(from) || !k.Lasting() && !u.Open(until-1) {
			fail(unitCell, "unit", "ledger.unit-life", map[string]any{"unit": u.Name, "from": u.From.String(), "until": u.Until.String()}, "")
			return r, false
		}
	}
	for _, f := range faults {
		if told[f.Pointer] {
			continue
		}
		fail(l.cell(row, f.Pointer), strings.TrimPrefix(f.Pointer, "/values/"), f.Code, f.Args, suggestFor(k, f))
	}
	if _, refusals := k.run(clean); good && len(faults) == 0 && len(refusals) > 0 {
		fail(row.Address(0), "", "ledger.refused", map[string]any{"say": refusals[0]}, "")
		return r, false
	}
	return r, good && len(faults) == 0
}

func suggestFor(k *Kind, f problem.Field) string {
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

// identify gives rows without a number their identity and counts those already kept.
func (s *Service) identify(ctx context.Context, by access.Scope, k *Kind, rows []staged, res *ImportResult) error {
	seen := map[string]int64{}
	for i := range rows {
		r := &rows[i]
		if r.number != "" {
			same, err := s.sameAsKept(ctx, by, k, r)
			if err != nil {
				return err
			}
			if same {
				res.Unchanged++
			}
			continue
		}
		sum := sha256.Sum256([]byte(fmt.Sprintf("%d\n%s\n%s", r.unit, r.raw, mustJSON(r.persons))))
		r.hash = hex.EncodeToString(sum[:])
		seen[r.hash]++
		r.ordinal = seen[r.hash]
	}
	kept, err := importedAs(ctx, s.DB.Read, by.District, k.Key, rows)
	res.Unchanged += len(kept)
	return err
}

// sameAsKept reports whether a row with an entry number says what the entry says already.
func (s *Service) sameAsKept(ctx context.Context, by access.Scope, k *Kind, r *staged) (bool, error) {
	var entry string
	err := s.DB.Read.QueryRowContext(ctx, `SELECT id FROM entry WHERE district = $1 AND number = $2 AND kind = $3`, by.District, r.number, k.Key).Scan(&entry)
	if found, err := db.One(err); err != nil || !found {
		return false, err
	}
	e, _, w, err := s.seen(ctx, s.DB.Read, by, entry)
	if isReach(err) {
		return false, nil // keep tells it with its cell
	}
	if err != nil {
		return false, err
	}
	values, err := r.values()
	if err != nil {
		return false, err
	}
	for field, name := range r.persons {
		p, err := account.FindPerson(ctx, s.DB.Read, by.District, name, r.unit)
		if err != nil || p == "" {
			return false, err
		}
		values[field] = p
	}
	v, faults := Clean(k, values, w.day)
	return len(faults) == 0 && e.Unit == r.unit && v.encode() == e.Values.encode(), nil
}

func isReach(err error) bool {
	var p *problem.Error
	return errors.As(err, &p) && p.Kind == problem.NotFound
}

type rowKey struct {
	hash    string
	ordinal int64
}

// importedAs finds which rows were kept by an earlier import.
func importedAs(ctx context.Context, q db.Querier, district int64, kind string, rows []staged) (map[rowKey]bool, error) {
	out := map[rowKey]bool{}
	const some = 200
	for at := 0; at < len(rows); at += some {
		args := []any{district, kind}
		var marks []string
		for _, r := range rows[at:min(at+some, len(rows))] {
			if r.hash != "" {
				args = append(args, r.hash)
				marks = append(marks, "$"+strconv.Itoa(len(args)))
			}
		}
		if len(marks) == 0 {
			continue
		}
		var k rowKey
		found := map[rowKey]bool{}
		res, err := q.QueryContext(ctx, `SELECT hash, ordinal FROM import_row WHERE district = $1 AND kind = $2 AND hash IN (`+strings.Join(marks, ",")+`)`, args...)
		if err := db.Each(res, err, func() error {
			err := res.Scan(&k.hash, &k.ordinal)
			found[k] = true
			return err
		}); err != nil {
			return nil, err
		}
		for _, r := range rows[at:min(at+some, len(rows))] {
			if k := (rowKey{r.hash, r.ordinal}); found[k] {
				out[k] = true
			}
		}
	}
	return out, nil
}

// keep writes the staged rows, all or none.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by access.Scope, k *Kind, rows []staged, content []byte, opt ImportOptions, res *ImportResult) (accepted, unchanged int, err error) {
	if err := indicator.Shared(ctx, tx, by.District); err != nil {
		return 0, 0, err
	}
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return 0, 0, err
	}
	stop := func(r *staged, err error) error {
		var p *problem.Error
		if errors.As(err, &p) {
			code, args, field := p.Code, p.Args, ""
			if len(p.Fields) > 0 {
				code, args, field = p.Fields[0].Code, p.Fields[0].Args, strings.TrimPrefix(p.Fields[0].Pointer, "/values/")
			}
			res.Errors = append(res.Errors, RowError{k.Title.Zh, sheet.Row{Index: r.index}.Address(0), field, code, i18n.Sentence(code, args, opt.Lang), ""})
		}
		return err
	}
	kept, err := importedAs(ctx, tx, by.District, k.Key, rows)
	if err != nil {
		return 0, 0, err
	}
	for i := range rows {
		r := &rows[i]
		values, err := r.values()
		if err != nil {
			return 0, 0, err
		}
		for field, name := range r.persons {
			p, err := account.FindPerson(ctx, tx, by.District, name, r.unit)
			if err == nil && p == "" {
				p, err = account.AddPerson(ctx, tx, by.District, name, r.unit, w.now)
			}
			if err != nil {
				return 0, 0, err
			}
			values[field] = p
		}
		in := Input{Kind: k.Key, Unit: r.unit, Values: values, Source: fmt.Sprintf("%s 第%d行", opt.Name, r.index)}
		if r.number != "" {
			changed, err := s.correct(ctx, tx, by, r, in)
			if err != nil {
				return 0, 0, stop(r, err)
			}
			if changed {
				accepted++
			} else {
				unchanged++
			}
			continue
		}
		if kept[rowKey{r.hash, r.ordinal}] {
			unchanged++
			continue
		}
		e, err := s.create(ctx, tx, by, w, k, in)
		if err == nil {
			_, err = s.Submit(ctx, tx, by, e.ID)
		}
		if err != nil {
			return 0, 0, stop(r, err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO import_row (district, kind, hash, ordinal, entry) VALUES ($1, $2, $3, $4, $5)`, by.District, k.Key, r.hash, r.ordinal, e.ID); err != nil {
			return 0, 0, err
		}
		accepted++
	}
	sum := sha256.Sum256(content)
	res.ID = id.New(w.now)
	if _, err := tx.ExecContext(ctx, `INSERT INTO import_run (district, id, kind, name, sha, account, at, rows_read, accepted, unchanged) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		by.District, res.ID, k.Key, opt.Name, hex.EncodeToString(sum[:]), by.Account, w.now.UnixMilli(), res.Rows, accepted, unchanged); err != nil {
		return 0, 0, err
	}
	return accepted, unchanged, journal.Write(ctx, tx, by, w.now, "ledger.import", res.ID, 0, map[string]any{"kind": k.Key, "accepted": accepted})
}

// correct applies a row that carries an entry number: a new revision when it differs. A revision column must still be current.
func (s *Service) correct(ctx context.Context, tx *db.Tx, by access.Scope, r *staged, in Input) (bool, error) {
	var entry string
	err := tx.QueryRowContext(ctx, `SELECT id FROM entry WHERE district = $1 AND number = $2 AND kind = $3`, by.District, r.number, in.Kind).Scan(&entry)
	found, err := db.One(err)
	if err != nil {
		return false, err
	}
	if !found {
		return false, ErrInvalid.At(problem.Field{Pointer: "/values/number", Code: "import.no-number", Args: map[string]any{"number": r.number}})
	}
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return false, err
	}
	v, faults, err := s.judge(ctx, tx, by, w, k, in, e.ID)
	if err != nil {
		return false, err
	}
	if len(faults) > 0 {
		return false, ErrInvalid.At(faults...)
	}
	if e.Unit == in.Unit && v.encode() == e.Values.encode() {
		return false, nil
	}
	if r.rev != 0 && r.rev != e.Rev {
		return false, ErrStale
	}
	if e.State == Submitted {
		if _, err := s.Withdraw(ctx, tx, by, e.ID); err != nil {
			return false, err
		}
	}
	if _, err := s.Edit(ctx, tx, by, e.ID, e.Rev, in); err != nil {
		return false, err
	}
	_, err = s.Submit(ctx, tx, by, e.ID)
	return true, err
}
