package strangers

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"sifen/internal/apptest"
)

// view is an import as its page shows it, or the refusal of its file.
type view struct {
	ID, State   string
	Good, Bad   int64
	Says, Tells []string
	Lines       []line
	Assign      *assign
	Assigned    bool
	Title       string
	Detail      string
	Errors      []struct{ Detail string }
	refused     bool
}

type line struct {
	Line   int
	State  string
	Cells  []string
	Faults []struct{ Cell, Message, Suggestion string }
}

type assign struct {
	Columns []struct {
		At      int
		Title   string
		Samples []string
	}
	Fields []struct {
		Key        string
		At, Likely int
	}
}

func (w *world) decoded(r apptest.Reply) *view {
	w.T.Helper()
	v := &view{refused: r.Status/100 != 2}
	if err := json.Unmarshal(r.Body, v); err != nil {
		w.T.Fatalf("%d %.300s: %v", r.Status, r.Body, err)
	}
	return v
}

// look runs what is due and opens the page of an import; a refusal has no page.
func (w *world) look(as string, v *view) *view {
	w.T.Helper()
	if v.refused {
		return v
	}
	w.Jobs()
	return w.decoded(w.zh(as, "GET", "/import-runs/"+v.ID, nil))
}

func (w *world) upload(as, kind, name string, content []byte) *view {
	w.T.Helper()
	q := url.Values{"kind": {kind}, "name": {name}}
	return w.look(as, w.decoded(w.zh(as, "POST", "/import-runs?"+q.Encode(), content)))
}

// post does something with an import.
func (w *world) post(as string, v *view, act string, body any) *view {
	w.T.Helper()
	return w.decoded(w.zh(as, "POST", "/import-runs/"+v.ID+"/"+act, body))
}

func (w *world) keep(as string, v *view) *view {
	w.T.Helper()
	return w.look(as, w.post(as, v, "keep", apptest.Vals{"clean_only": true}))
}

// told is what an import says of its file and its rows. Good rows without a remark are not named.
func (v *view) told() said {
	out := said{}
	for _, s := range append([]string{v.Title, v.Detail}, append(v.Says, v.Tells...)...) {
		if s != "" {
			out = append(out, s)
		}
	}
	for _, e := range v.Errors {
		out = append(out, e.Detail)
	}
	for _, l := range v.Lines {
		for _, f := range l.Faults {
			out = append(out, f.Cell, f.Message)
		}
		if len(l.Faults) > 0 || l.State == "bad" || l.State == "aside" {
			out = append(out, fmt.Sprintf("第 %d 行", l.Line))
		}
	}
	return out
}

// waiting are the rows that cannot be kept as they are.
func (v *view) waiting() (lines []int) {
	for _, l := range v.Lines {
		if l.State == "bad" {
			lines = append(lines, l.Line)
		}
	}
	return lines
}

func (v *view) states() string {
	var out []string
	for _, l := range v.Lines {
		out = append(out, l.State)
	}
	return strings.Join(out, " ")
}

// why says what became of a row.
func (v *view) why(row int) string {
	for _, l := range v.Lines {
		if l.Line == row {
			return fmt.Sprint(l.State, " ", l.Faults)
		}
	}
	return fmt.Sprint("no such row ", v.told())
}

// entry is a record of a list.
type entry struct {
	ID     string
	Rev    int64
	Title  string
	Values map[string]any
}

// submitted are the records that wait to be verified.
func (w *world) submitted(kind string) []entry {
	w.T.Helper()
	var list struct{ Rows []entry }
	r := w.Get("office", "/entries?state=submitted&size=200&kind="+kind)
	r.OK()
	apptest.Must(w.T, json.Unmarshal(r.Body, &list))
	return list.Rows
}

// fresh are the records that were not there before.
func (w *world) fresh(kind string, before []entry) []entry {
	w.T.Helper()
	return slices.DeleteFunc(w.submitted(kind), func(e entry) bool {
		return slices.ContainsFunc(before, func(b entry) bool { return b.ID == e.ID })
	})
}

func (w *world) verify(list []entry) {
	w.T.Helper()
	for _, e := range list {
		w.Verify("office", e.ID, e.Rev)
	}
}
