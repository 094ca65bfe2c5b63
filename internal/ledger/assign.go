package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// Assigned says what a column of a file is, or what every row holds in a column that the file lacks.
type Assigned struct {
	Key  string `json:"key" maxLength:"200" doc:"Column of the kind; empty for a column of the file that is not read"`
	At   int64  `json:"at" minimum:"-1" maximum:"300" doc:"Place in the file, from 0; -1 for a text that stands in every row"`
	Text string `json:"text,omitempty" maxLength:"2000"`
}

// Problems of assigning.
var (
	ErrAssign     = problem.New(problem.Invalid, "import.assign", nil)
	ErrAssignLate = problem.New(problem.Conflict, "import.assign-late", nil)
)

// assignable reports whether a person can mend the faults of a file by saying which column is which.
func assignable(faults []Fault) bool {
	return len(faults) > 0 && !slices.ContainsFunc(faults, func(f Fault) bool {
		return f.Code != "import.no-titles" && f.Code != "import.column-missing" && f.Code != "import.column-unknown"
	})
}

// fixedTexts are the texts that stand in every row, in their order: their columns follow those of the file.
func fixedTexts(list []Assigned) []Assigned {
	var out []Assigned
	for _, a := range list {
		if a.At < 0 {
			out = append(out, a)
		}
	}
	return out
}

// widen gives a head the titles of the columns that the file lacks.
func widen(cols []column, head []string, list []Assigned) []string {
	out := slices.Clone(head)
	for _, a := range fixedTexts(list) {
		title := a.Key
		for _, c := range cols {
			if c.key == a.Key {
				title = c.title.Zh
			}
		}
		out = append(out, title)
	}
	return out
}

// rowNumbers are titles of columns that number the rows of a sheet and say nothing of the records.
var rowNumbers = []string{"序号", "顺序号", "行号", "no", "no.", "#"}

// match finds for every column of the kind its place in the file: as it was assigned, else by titles in either language
// or field keys. head holds the titles of assigned texts at its end.
func match(cols []column, head []string, list []Assigned, fail func(column int, field, code string, args map[string]any, suggestion string)) []int {
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
			for j := 0; at[i] < 0 && j < len(head); j++ {
				if !used[j] && is(c, head[j]) {
					at[i], used[j] = j, true
				}
			}
		}
	}
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
		if used[j] || t == "" || t == problemColumn.Zh || t == problemColumn.En || slices.Contains(rowNumbers, strings.ToLower(t)) {
			continue
		}
		best := ""
		for i, c := range cols {
			if at[i] < 0 && (best == "" || distance(h, c.title.Zh) < distance(h, best)) {
				best = c.title.Zh
			}
		}
		fail(j, "", "import.column-unknown", map[string]any{"column": h}, best)
	}
	return at
}

// needed reports whether no row can be read without the column.
func (c column) needed() bool { return c.role == "unit" || c.field.Required && c.group == "" }

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

// headKey names a head: the same titles in the same order.
func headKey(head []string) string {
	sum := sha256.Sum256([]byte(strings.Join(head, "\x00")))
	return hex.EncodeToString(sum[:])
}

// remembered is what the person said of the same head before.
func remembered(ctx context.Context, q db.Querier, district int64, account, kind string, head []string) ([]Assigned, error) {
	var raw string
	err := q.QueryRowContext(ctx, `SELECT assigned FROM import_layout WHERE district = $1 AND account = $2 AND kind = $3 AND head = $4`, district, account, kind, headKey(head)).Scan(&raw)
	found, err := db.One(err)
	if err != nil || !found {
		return nil, err
	}
	var out []Assigned
	return out, decodeJSON(raw, &out)
}

func remember(ctx context.Context, tx *db.Tx, district int64, account, kind string, head []string, list []Assigned, at int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO import_layout (district, account, kind, head, assigned, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (district, account, kind, head) DO UPDATE SET assigned = excluded.assigned, at = excluded.at`, district, account, kind, headKey(head), mustJSON(list), at)
	return err
}

// AssignImport says which column of a waiting file is which; its rows are read again by a job. Until rows were kept it may
// be said anew.
//
// Errors: ErrBatch, ErrBatchState, ErrAssign naming the column, ErrAssignLate when the file is no longer held.
func (s *Service) AssignImport(ctx context.Context, tx *db.Tx, by access.Scope, run string, list []Assigned) (Batch, error) {
	b, err := s.batch(ctx, tx, by, run)
	if err != nil {
		return b, err
	}
	if b.State != BatchOpen || b.Accepted > 0 {
		return b, ErrBatchState.With("state", batchTitle[b.State])
	}
	var held int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM import_file WHERE district = $1 AND run = $2`, by.District, run).Scan(&held); err != nil {
		return b, err
	}
	if held == 0 {
		return b, ErrAssignLate
	}
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return b, err
	}
	k, err := kind.Of(w.set, b.Kind)
	if err != nil {
		return b, err
	}
	cols := columnsOf(k, true)
	own := b.own()
	if faults := checkAssigned(cols, own, list); len(faults) > 0 {
		return b, ErrAssign.At(faults...)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE import_run SET assigned = $3, fault = '' WHERE district = $1 AND id = $2`, by.District, run, mustJSON(list)); err != nil {
		return b, err
	}
	if err := remember(ctx, tx, by.District, by.Account, k.Key, own, list, s.Clock.Now().UnixMilli()); err != nil {
		return b, err
	}
	if err := setBatch(ctx, tx, by.District, run, BatchReading, 0, 0); err != nil {
		return b, err
	}
	if err := s.enqueue(ctx, tx, by, run); err != nil {
		return b, err
	}
	return s.batch(ctx, tx, by, run)
}

// checkAssigned looks whether every column is there, once, and whether nothing needed is missing.
func checkAssigned(cols []column, head []string, list []Assigned) []problem.Field {
	var out []problem.Field
	add := func(pointer, code string, args map[string]any) {
		out = append(out, problem.Field{Pointer: pointer, Code: code, Args: args})
	}
	keys, places := map[string]bool{}, map[int64]bool{}
	for _, a := range list {
		i := slices.IndexFunc(cols, func(c column) bool { return c.key == a.Key })
		title := i18n.Label{Zh: a.Key, En: a.Key}
		if i >= 0 {
			title = cols[i].title
		}
		switch {
		case a.Key != "" && i < 0, a.Key == "" && a.At < 0, a.At >= int64(len(head)):
			add("/columns/"+a.Key, "import.assign-unknown", map[string]any{"column": title})
		case a.Key != "" && keys[a.Key]:
			add("/columns/"+a.Key, "import.assign-twice", map[string]any{"column": title})
		case a.At >= 0 && places[a.At]:
			add("/columns/"+a.Key, "import.assign-twice", map[string]any{"column": head[a.At]})
		case a.At < 0 && strings.TrimSpace(a.Text) == "":
			add("/columns/"+a.Key, "import.assign-empty", map[string]any{"column": title})
		}
		keys[a.Key], places[a.At] = true, true
	}
	if len(out) > 0 {
		return out
	}
	match(cols, widen(cols, head, list), list, func(_ int, field, code string, args map[string]any, _ string) {
		if code == "import.column-missing" {
			add("/columns/"+field, code, args)
		}
	})
	return out
}

// own is the head as the file has it.
func (b *Batch) own() []string { return b.head[:len(b.head)-len(fixedTexts(b.assigned))] }

// AssignColumn is a column of the file with what stands in its first rows.
type AssignColumn struct {
	At      int      `json:"at"`
	Letter  string   `json:"letter"`
	Title   string   `json:"title"`
	Samples []string `json:"samples"`
}

// AssignField is a column of the kind: where it is read from, or the text of every row.
type AssignField struct {
	Key     string     `json:"key"`
	Title   i18n.Label `json:"title"`
	Type    string     `json:"type"`
	Needed  bool       `json:"needed"`
	Options []string   `json:"options"`
	At      int        `json:"at"`     // -1: nowhere
	Likely  int        `json:"likely"` // the column that may be meant; -1 for none
	Text    string     `json:"text"`
}

// Assign is what a person needs to say which column is which.
type Assign struct {
	Columns []AssignColumn `json:"columns"`
	Fields  []AssignField  `json:"fields"`
}

// letter is the letter of a column, from 0.
func letter(column int) string { return strings.TrimRight(sheet.Row{Index: 1}.Address(column), "1") }

// assign tells the columns of a waiting file and those of its kind.
func (b *Batch) assign(k *kind.Kind) *Assign {
	cols, head := columnsOf(k, true), b.own()
	out := &Assign{Columns: []AssignColumn{}, Fields: []AssignField{}}
	for j, h := range head {
		c := AssignColumn{At: j, Letter: letter(j), Title: h, Samples: []string{}}
		for _, row := range b.sample {
			if j < len(row) && row[j] != "" && len(c.Samples) < 3 {
				c.Samples = append(c.Samples, row[j])
			}
		}
		out.Columns = append(out.Columns, c)
	}
	at := match(cols, b.head, b.assigned, func(int, string, string, map[string]any, string) {})
	free := map[int]bool{}
	for j := range head {
		free[j] = !slices.Contains(at, j)
	}
	for i, c := range cols {
		if c.role == "rev" || c.role == "state" {
			continue
		}
		f := AssignField{Key: c.key, Title: c.title, Type: c.field.Type, Needed: c.needed(), Options: []string{}, At: at[i], Likely: -1}
		if c.role != "value" {
			f.Type = c.role
		}
		if o := c.sheetColumn(k).Options; o != nil {
			f.Options = o
		}
		if f.At >= len(head) {
			f.Text, f.At = fixedTexts(b.assigned)[f.At-len(head)].Text, -1
		} else if f.At < 0 && c.role != "number" {
			f.Likely = likely(c, head, free)
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

// likely is the free column whose title shares the most with that of the kind, if it shares enough.
func likely(c column, head []string, free map[int]bool) int {
	best, most := -1, 0.0
	for j, h := range head {
		if !free[j] || h == "" || slices.Contains(rowNumbers, strings.ToLower(h)) {
			continue
		}
		for _, t := range []string{titled(c.title.Zh), titled(c.title.En)} {
			if n := alike(t, titled(h)); n > most {
				best, most = j, n
			}
		}
	}
	if most <= 0.5 {
		return -1
	}
	return best
}

// alike is the share of the shorter text's characters that the longer has too, from 0 to 1.
func alike(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 2 {
		return 0
	}
	n := 0
	for _, r := range x {
		if i := slices.Index(y, r); i >= 0 {
			n++
			y = slices.Delete(slices.Clone(y), i, i+1)
		}
	}
	return float64(n) / float64(len(x))
}
