package strangers

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// TestFiles: every file is read for what it means, or asked about, or held with the place named. What must not happen is that
// another value, a lost row or a wrong cure comes without a word.
func TestFiles(t *testing.T) {
	each(t, "import-*.yaml", 90, func(w *world, s *stranger) {
		name, content := s.content(w.T)
		b := &brought{world: w, s: s, before: w.submitted(s.Kind), was: w.grown(s)}
		v := w.upload(s.As, s.Kind, name, content)
		b.offered(v)
		b.sees(v)
		if v.Assign != nil && !v.Assigned && s.Answer != nil {
			v = b.answer(v)
			b.sees(v)
		}
		b.read, b.kept = v, v
		if v.Good > 0 {
			b.kept = w.keep(s.As, v)
		}
		b.told = v.told()
		if b.kept != v {
			b.told = append(b.told, b.kept.told()...)
		}
		b.records = w.fresh(s.Kind, b.before)
		b.shown()
		b.cured()
		b.rows()
		b.counted()
		b.said()
		b.finished()
		w.Settled()
	})
}

// brought is what came of a file.
type brought struct {
	*world
	s          *stranger
	before     []entry
	was        int64
	read, kept *view
	told       said
	records    []entry
	seen       map[string]string // texts by cell
}

func (b *brought) wrong(format string, args ...any) {
	b.T.Helper()
	b.T.Errorf(format, args...)
}

func (w *world) grown(s *stranger) int64 {
	w.T.Helper()
	if s.Figure == nil {
		return 0
	}
	return w.Figure(s.Figure.Key, "", "2020")
}

// offered: no column is offered for what it is not.
func (b *brought) offered(v *view) {
	b.T.Helper()
	for key, title := range b.s.NotLikely {
		if v.Assign == nil {
			b.wrong("it is asked which column is %s: nothing is asked", key)
			continue
		}
		for _, f := range v.Assign.Fields {
			for _, c := range v.Assign.Columns {
				if f.Key == key && (f.Likely == c.At || f.At == c.At) && c.Title == title {
					b.wrong("%s is offered as “%s”", key, title)
				}
			}
		}
	}
}

// sees takes down what the page shows of the file.
func (b *brought) sees(v *view) {
	if b.seen == nil {
		b.seen = map[string]string{}
	}
	for _, l := range v.Lines {
		for i, text := range l.Cells {
			if i < 26 {
				b.seen[fmt.Sprintf("%c%d", 'A'+i, l.Line)] = text
			}
		}
	}
}

func bare(title string) string { return strings.NewReplacer("\n", "", " ", "").Replace(title) }

// answer says which column is which, as a person does who was asked; all others are not read.
func (b *brought) answer(v *view) *view {
	b.T.Helper()
	at := map[string]int{}
	for _, c := range v.Assign.Columns {
		at[bare(c.Title)] = c.At
	}
	columns, taken := []apptest.Vals{}, map[int]bool{}
	for key, title := range b.s.Answer {
		text, every := strings.CutPrefix(title, "=")
		i, ok := at[bare(title)]
		switch {
		case every:
			columns = append(columns, apptest.Vals{"key": key, "at": -1, "text": text})
		case ok && key == "-1":
			columns, taken[i] = append(columns, apptest.Vals{"key": "", "at": i}), true
		case ok:
			columns, taken[i] = append(columns, apptest.Vals{"key": key, "at": i}), true
		case key != "-1":
			b.wrong("“%s” is not among the titles that are offered: %v", title, v.Assign.Columns)
			return v
		}
	}
	for _, f := range v.Assign.Fields {
		taken[f.At] = true
	}
	for _, c := range v.Assign.Columns {
		if !taken[c.At] && c.Title != "" {
			columns = append(columns, apptest.Vals{"key": "", "at": c.At})
		}
	}
	answered := b.post(b.s.As, v, "columns", apptest.Vals{"columns": columns})
	if answered.refused {
		b.wrong("the answer is taken: %v", answered.told())
	}
	return b.look(b.s.As, answered)
}

// shown: a cell looks as people know it.
func (b *brought) shown() {
	b.T.Helper()
	for cell, pattern := range b.s.Shows {
		if text, ok := b.seen[cell]; !ok || !regexp.MustCompile(pattern).MatchString(text) {
			b.wrong("%s is shown as %s: it is shown as %q", cell, pattern, text)
		}
	}
}

// cured: no cure is another value.
func (b *brought) cured() {
	b.T.Helper()
	for _, l := range b.read.Lines {
		for _, f := range l.Faults {
			right, ok := b.s.Cures[f.Cell]
			if ok && f.Suggestion != "" && !slices.ContainsFunc(right, func(r string) bool { return plain(r) == plain(f.Suggestion) }) {
				b.wrong("no cure for %s but %v: it is %q", f.Cell, right, f.Suggestion)
			}
		}
	}
}

// rows: each has its record with the right values, or is named.
func (b *brought) rows() {
	b.T.Helper()
	if b.s.Rows == nil {
		return
	}
	free := slices.Clone(b.records)
	for n, row := range b.s.Rows {
		var mine []entry
		for _, e := range b.records {
			if fits(e.Values, row.Mark) {
				mine = append(mine, e)
				free = slices.DeleteFunc(free, func(f entry) bool { return f.ID == e.ID })
			}
		}
		named := b.told.row(n) || b.told.any(row.NamedBy) || b.told.any(b.s.NamedBy)
		for _, e := range mine {
			if row.Read == nil {
				b.wrong("row %d makes no record: record %v", n, e.Values)
			} else if !fits(e.Values, row.Read) {
				b.wrong("row %d is read as %v: kept as %v", n, row.Read, e.Values)
			}
		}
		switch {
		case len(mine) > 1:
			b.wrong("row %d makes one record: it makes %d", n, len(mine))
		case len(mine) == 0 && row.Read != nil && !row.MayWait:
			b.wrong("row %d is read as %v: not kept, %s", n, row.Read, b.read.why(n))
		case !named && (len(mine) == 0 || row.Told):
			b.wrong("row %d is told, or one of %v %v: not a word, told was %v", n, row.NamedBy, b.s.NamedBy, b.told)
		}
	}
	for _, e := range free {
		b.wrong("no other record comes of the file: record %v", e.Values)
	}
}

// counted: sums and figures grow by what the file means.
func (b *brought) counted() {
	b.T.Helper()
	if s := b.s.Sum; s != nil {
		var got int64
		for _, e := range b.records {
			n, _ := e.Values[s.Field].(float64)
			got += int64(n)
		}
		if got != s.Is {
			b.wrong("%s in all is %d: %d", s.Field, s.Is, got)
		}
	}
	if f := b.s.Figure; f != nil {
		b.verify(b.records)
		if got := b.grown(b.s) - b.was; got != f.Plus {
			b.wrong("%s grows by %d: it grew by %d", f.Key, f.Plus, got)
		}
	}
}

// said: what must be told is told, what must not be said is not.
func (b *brought) said() {
	b.T.Helper()
	if b.s.Told != nil && !b.told.any(b.s.Told) {
		b.wrong("one of %v is told: %v", b.s.Told, b.told)
	}
	if n := b.s.Records; n != nil && len(b.records) != *n {
		b.wrong("%d records: %d, told was %v", *n, len(b.records), b.told)
	}
	all := slices.Clone(b.told)
	for _, l := range b.read.Lines {
		for _, f := range l.Faults {
			all = append(all, f.Suggestion)
		}
	}
	for _, pattern := range b.s.NotTold {
		if text, ok := all.matching(pattern); ok {
			b.wrong("nothing says %s: %s", pattern, text)
		}
	}
}

// finished: rows that are no records can be left out, and nothing waits any more.
func (b *brought) finished() {
	b.T.Helper()
	if !b.s.Finishes || b.kept.State == "kept" {
		return
	}
	v := b.look(b.s.As, b.kept)
	if lines := v.waiting(); len(lines) > 0 {
		b.post(b.s.As, v, "rows", apptest.Vals{"lines": lines, "do": "leave"})
		v = b.look(b.s.As, v)
	}
	if v.State != "kept" {
		b.wrong("rows that are no records can be left out: the file is still %s, rows %v wait", v.State, v.waiting())
	}
}
