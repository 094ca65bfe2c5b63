package intake

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/sheet"
)

// ColumnView is a column of a waiting file: its heading, and the field it fills.
type ColumnView struct {
	Title   string     `json:"title"`
	Key     string     `json:"key"`   // empty for a column that is not read
	Field   i18n.Label `json:"field"` // what the kind calls it
	Type    string     `json:"type"`
	Options []string   `json:"options"`
}

// FaultView is what is wrong with a cell, in the caller's language.
type FaultView struct {
	Cell       string `json:"cell"`
	Column     int    `json:"column"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
	Like       bool   `json:"like"` // the row is like a record or another row: it may be another all the same
}

// LineView is a waiting row.
type LineView struct {
	Line   int64       `json:"line"`
	Row    int64       `json:"row"`   // as its sheet numbers it
	Sheet  string      `json:"sheet"` // where several are read
	State  string      `json:"state" enum:"bad,good,same,kept,aside"`
	Like   string      `json:"like"` // number of the record that the row is like
	Cells  []string    `json:"cells"`
	Faults []FaultView `json:"faults"`
	Alike  int64       `json:"alike"` // bad rows whose first bad cell says the same, itself included
}

// SheetView is a sheet of the file.
type SheetView struct {
	Name string `json:"name"`
	Rows int    `json:"rows"`
	Read bool   `json:"read"`
	Same bool   `json:"same"` // it has the titles of the one that is read
}

// View is an import with the rows asked for.
type View struct {
	Import
	KindTitle i18n.Label   `json:"kind_title"`
	Columns   []ColumnView `json:"columns"`
	Lines     []LineView   `json:"lines"`
	Says      []string     `json:"says"`  // what is wrong with the whole file
	Tells     []string     `json:"tells"` // what is told of it and holds nothing up
	Sheets    []SheetView  `json:"sheets"`
	Page      int          `json:"page"`
	Matching  int64        `json:"matching"`
	Assign    *Assign      `json:"assign,omitempty"` // which column is which: to be said, or said already
	Assigned  bool         `json:"assigned"`         // it was said
}

const pageLines = 100

func (a *API) view(ctx context.Context, q db.Querier, by access.Scope, imp, state string, page int) (View, error) {
	lang := httpapi.CallerOf(ctx).Lang
	v := View{Columns: []ColumnView{}, Lines: []LineView{}, Says: []string{}, Tells: []string{}, Sheets: []SheetView{}, Page: page}
	var err error
	if v.Import, err = a.mine(ctx, q, by, imp); err != nil {
		return v, err
	}
	k, err := a.kindOf(ctx, q, by.District, v.Kind)
	if err != nil {
		return v, err
	}
	v.KindTitle = k.Title
	for _, f := range v.Faults {
		v.Says = append(v.Says, strings.TrimSpace(f.Cell+" "+f.Say.In(lang)))
	}
	for _, f := range v.Notes {
		v.Tells = append(v.Tells, strings.TrimSpace(f.Cell+" "+f.Say.In(lang)))
	}
	for _, i := range v.facts.Sheets {
		v.Sheets = append(v.Sheets, SheetView{i.Name, i.Rows, i.Read, i.Same})
	}
	if v.State == Open && v.Accepted == 0 && (assignable(v.Faults) || len(v.assigned) > 0 && len(v.Faults) == 0) {
		v.Assign, v.Assigned = v.Import.assign(k), len(v.assigned) > 0
	}
	cols := readable(k)
	at := match(cols, v.head, v.assigned, ignore)
	for _, h := range v.head {
		v.Columns = append(v.Columns, ColumnView{Title: h, Options: []string{}})
	}
	for i, c := range cols {
		if at[i] >= 0 {
			sc := c.sheetColumn(k)
			cv := &v.Columns[at[i]]
			cv.Key, cv.Field, cv.Type = c.key, c.title, c.field.Type
			if c.role != "value" {
				cv.Type = c.role
			}
			if sc.Options != nil {
				cv.Options = sc.Options
			}
		}
	}
	tail, args := "", []any{}
	switch state {
	case lineBad, lineGood, lineSame, lineKept, lineAside:
		tail, args = "AND state = $3 ", append(args, state)
	}
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM import_line WHERE district = $1 AND run = $2 `+tail, append([]any{by.District, imp},
		args...)...).Scan(&v.Matching); err != nil {
		return v, err
	}
	list, err := linesOf(ctx, q, by.District, imp, tail+fmt.Sprintf("ORDER BY line LIMIT %d OFFSET %d", pageLines, (page-1)*pageLines), args...)
	if err != nil {
		return v, err
	}
	alike := map[string]int64{}
	if v.Bad > 0 && v.Bad <= 20_000 {
		bad, err := linesOf(ctx, q, by.District, imp, "AND state = 'bad'")
		if err != nil {
			return v, err
		}
		for i := range bad {
			alike[bad[i].says()]++
		}
	}
	for i := range list {
		l := &list[i]
		at, n := sheet.Place(l.index)
		lv := LineView{Line: int64(l.index), Row: int64(n), State: l.state, Cells: l.cells, Faults: []FaultView{}, Alike: 1}
		if read := v.facts.Read; len(read) > 1 && at < len(read) {
			lv.Sheet = read[at]
		}
		for j, c := range lv.Cells {
			if c == uncached || strings.HasPrefix(c, merged) {
				lv.Cells[j] = ""
			}
		}
		for _, f := range l.faults {
			if f.Code == "import.like-record" {
				lv.Like = f.Field
			}
			lv.Faults = append(lv.Faults, FaultView{f.Cell, f.Column, f.Say.In(lang), f.Suggestion,
				f.Code == "import.like-record" || f.Code == "import.like-row"})
		}
		if l.state == lineBad {
			lv.Alike = max(alike[l.says()], 1)
		}
		for len(v.Columns) < len(lv.Cells) { // beyond the titles of the file
			v.Columns = append(v.Columns, ColumnView{Options: []string{}})
		}
		v.Lines = append(v.Lines, lv)
	}
	for i := range v.Columns {
		if c := &v.Columns[i]; c.Title == "" {
			if j := i - len(v.head); j >= 0 {
				c.Title = letter(len(v.ownHead()) + j)
			} else {
				c.Title = letter(i)
			}
		}
	}
	return v, nil
}

// says is the first bad cell with its column: rows that share it are mended together.
func (l *line) says() string {
	if len(l.faults) == 0 || l.faults[0].Column < 0 {
		return ""
	}
	c := l.faults[0].Column
	text := ""
	if c < len(l.cells) {
		text = strings.TrimSpace(l.cells[c])
	}
	return fmt.Sprintf("%d %s", c, text)
}
