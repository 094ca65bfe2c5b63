package ledger

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/sheet"
)

// BatchColumn is a column of a waiting file: its heading, and the field it fills.
type BatchColumn struct {
	Title   string     `json:"title"`
	Key     string     `json:"key"`   // empty for a column that is not read
	Field   i18n.Label `json:"field"` // what the kind calls it
	Type    string     `json:"type"`
	Options []string   `json:"options"`
}

// BatchFault is what is wrong with a cell, in the caller's language.
type BatchFault struct {
	Cell       string `json:"cell"`
	Column     int    `json:"column"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
}

// BatchLine is a waiting row.
type BatchLine struct {
	Line   int64        `json:"line"`
	State  string       `json:"state"`
	Cells  []string     `json:"cells"`
	Faults []BatchFault `json:"faults"`
	Alike  int64        `json:"alike"` // bad rows whose first bad cell says the same, itself included
}

// BatchView is an import with the rows asked for.
type BatchView struct {
	Batch
	KindTitle i18n.Label    `json:"kind_title"`
	Columns   []BatchColumn `json:"columns"`
	Lines     []BatchLine   `json:"lines"`
	Says      []string      `json:"says"` // what is wrong with the whole file
	Page      int           `json:"page"`
	Matching  int64         `json:"matching"`
	Assign    *Assign       `json:"assign,omitempty"` // which column is which: to be said, or said already
	Assigned  bool          `json:"assigned"`         // it was said
}

const batchPage = 100

func (a *API) batchView(ctx context.Context, q db.Querier, by access.Scope, run, state string, page int) (BatchView, error) {
	lang := httpapi.CallerOf(ctx).Lang
	v := BatchView{Columns: []BatchColumn{}, Lines: []BatchLine{}, Says: []string{}, Page: page}
	var err error
	if v.Batch, err = a.batch(ctx, q, by, run); err != nil {
		return v, err
	}
	set, err := a.Packs.Current(ctx, q, by.District)
	if err != nil {
		return v, err
	}
	k, err := kind.Of(set, v.Kind)
	if err != nil {
		return v, err
	}
	v.KindTitle = k.Title
	for _, f := range v.Faults {
		v.Says = append(v.Says, strings.TrimSpace(f.Cell+" "+f.Say.In(lang)))
	}
	if v.State == BatchOpen && v.Accepted == 0 && (assignable(v.Faults) || len(v.assigned) > 0 && len(v.Faults) == 0) {
		v.Assign, v.Assigned = v.Batch.assign(k), len(v.assigned) > 0
	}
	cols := columnsOf(k, true)
	at := match(cols, v.head, v.assigned, func(int, string, string, map[string]any, string) {})
	for _, h := range v.head {
		v.Columns = append(v.Columns, BatchColumn{Title: h, Options: []string{}})
	}
	for i, c := range cols {
		if at[i] >= 0 {
			sc := c.sheetColumn(k)
			b := &v.Columns[at[i]]
			b.Key, b.Field, b.Type = c.key, c.title, c.field.Type
			if c.role != "value" {
				b.Type = c.role
			}
			if sc.Options != nil {
				b.Options = sc.Options
			}
		}
	}
	tail, args := "", []any{}
	switch state {
	case lineBad, lineGood, lineSame, lineKept:
		tail, args = "AND state = $3 ", append(args, state)
	}
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM import_line WHERE district = $1 AND run = $2 `+tail, append([]any{by.District, run}, args...)...).Scan(&v.Matching); err != nil {
		return v, err
	}
	list, err := linesOf(ctx, q, by.District, run, tail+fmt.Sprintf("ORDER BY line LIMIT %d OFFSET %d", batchPage, (page-1)*batchPage), args...)
	if err != nil {
		return v, err
	}
	alike := map[string]int64{}
	if v.Bad > 0 && v.Bad <= 20_000 {
		bad, err := linesOf(ctx, q, by.District, run, "AND state = 'bad'")
		if err != nil {
			return v, err
		}
		for i := range bad {
			alike[bad[i].says()]++
		}
	}
	for i := range list {
		l := &list[i]
		b := BatchLine{Line: int64(l.index), State: l.state, Cells: l.cells, Faults: []BatchFault{}, Alike: 1}
		for j, c := range b.Cells {
			if c == uncached {
				b.Cells[j] = ""
			}
		}
		for _, f := range l.faults {
			b.Faults = append(b.Faults, BatchFault{f.Cell, f.Column, f.Say.In(lang), f.Suggestion})
		}
		if l.state == lineBad {
			b.Alike = max(alike[l.says()], 1)
		}
		for len(v.Columns) < len(b.Cells) { // beyond the titles of the file
			v.Columns = append(v.Columns, BatchColumn{Options: []string{}})
		}
		v.Lines = append(v.Lines, b)
	}
	for i := range v.Columns {
		if c := &v.Columns[i]; c.Title == "" {
			if j := i - len(v.head); j >= 0 {
				c.Title = letter(len(v.own()) + j)
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

func (a *API) registerBatches(k *httpapi.Kit) {
	type startIn struct {
		httpapi.OperationID
		Kind    string `query:"kind"`
		Name    string `query:"name" maxLength:"200"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "start-import", Method: http.MethodPost, Path: "/import-runs", Verb: Enter, Summary: "Take a workbook in; its rows are read and checked in the background", MaxBody: sheet.MaxFile},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *startIn) (*httpapi.Reply[Batch], error) {
			b, err := a.StartImport(ctx, tx, by, in.Kind, in.Name, in.RawBody)
			return &httpapi.Reply[Batch]{Status: http.StatusCreated, Body: b}, err
		})
	httpapi.Query(k, httpapi.Operation{ID: "list-imports", Method: http.MethodGet, Path: "/import-runs", Verb: Enter, Summary: "One's own imports, newest first"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*list[Batch], error) {
			out := &list[Batch]{}
			var err error
			out.Body.Items, err = a.Batches(ctx, a.DB.Read, by, 20)
			if out.Body.Items == nil {
				out.Body.Items = []Batch{}
			}
			return out, err
		})
	type viewIn struct {
		ID    string `path:"id"`
		State string `query:"state" doc:"bad, good, same or kept; empty for all"`
		Page  int    `query:"page" default:"1" minimum:"1" maximum:"10000"`
	}
	type viewOut struct{ Body BatchView }
	httpapi.Query(k, httpapi.Operation{ID: "get-import", Method: http.MethodGet, Path: "/import-runs/{id}", Verb: Enter, Summary: "An import with its rows and what is wrong with them"},
		func(ctx context.Context, by access.Scope, in *viewIn) (*viewOut, error) {
			out := &viewOut{}
			err := a.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = a.batchView(ctx, q, by, in.ID, in.State, in.Page)
				return err
			})
			return out, err
		})
	type mendIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body Mend
	}
	type mended struct {
		Batch
		Changed int `json:"changed"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "mend-import", Method: http.MethodPost, Path: "/import-runs/{id}/mend", Verb: Enter, Summary: "Write a cell of a waiting row, or of all rows that say the same"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *mendIn) (*httpapi.Reply[mended], error) {
			b, n, err := a.MendImport(ctx, tx, by, in.ID, in.Body)
			return &httpapi.Reply[mended]{Body: mended{b, n}}, err
		})
	type assignIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body struct {
			Columns []Assigned `json:"columns" nullable:"false" maxItems:"400"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "assign-import", Method: http.MethodPost, Path: "/import-runs/{id}/columns", Verb: Enter, Summary: "Say which column of a waiting file is which; it is read again"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *assignIn) (*httpapi.Reply[Batch], error) {
			b, err := a.AssignImport(ctx, tx, by, in.ID, in.Body.Columns)
			return &httpapi.Reply[Batch]{Body: b}, err
		})
	type keepIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body struct {
			CleanOnly bool `json:"clean_only,omitempty" doc:"Keep the good rows and leave the bad ones waiting"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "keep-import", Method: http.MethodPost, Path: "/import-runs/{id}/keep", Verb: Enter, Summary: "Make the good rows records and submit them, together, in the background"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *keepIn) (*httpapi.Reply[Batch], error) {
			b, err := a.KeepImport(ctx, tx, by, in.ID, in.Body.CleanOnly)
			return &httpapi.Reply[Batch]{Body: b}, err
		})
	type runIn struct {
		httpapi.OperationID
		ID string `path:"id"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "undo-import", Method: http.MethodPost, Path: "/import-runs/{id}/undo", Verb: Enter, Summary: "Take an import back as one act, while nobody has decided on it"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *runIn) (*httpapi.Reply[Batch], error) {
			b, err := a.Undo(ctx, tx, by, in.ID)
			return &httpapi.Reply[Batch]{Body: b}, err
		})
	type dropped struct {
		Deleted bool `json:"deleted"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "drop-import", Method: http.MethodDelete, Path: "/import-runs/{id}", Verb: Enter, Summary: "Throw waiting rows away"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *runIn) (*httpapi.Reply[dropped], error) {
			return &httpapi.Reply[dropped]{Body: dropped{true}}, a.DropImport(ctx, tx, by, in.ID)
		})
	type idIn struct {
		ID string `path:"id"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "rejected-rows", Method: http.MethodGet, Path: "/import-runs/{id}/rejected", Verb: Enter, Summary: "The bad rows as a workbook with what is wrong"},
		func(ctx context.Context, by access.Scope, in *idIn) (*huma.StreamResponse, error) {
			book, err := a.Rejected(ctx, by, in.ID, httpapi.CallerOf(ctx).Lang)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			if err := sheet.Write(&b, book); err != nil {
				return nil, err
			}
			return httpapi.Download(b.Bytes(), httpapi.XLSX, book.Sheet+"待改.xlsx"), nil
		})
}
