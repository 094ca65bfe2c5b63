package document

import (
	"context"
	"database/sql"
	"encoding/json"
	"html"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
)

// Snapshot is how a draft read at a revision.
type Snapshot struct {
	Rev        int64
	At         int64
	Account    string
	Paragraphs []string
	Figures    []SnapFigure
}

// SnapFigure is what a draft said of a figure.
type SnapFigure struct {
	N       int64      `json:"n"`
	Key     string     `json:"key"`
	Title   i18n.Label `json:"title"`
	Unit    int64      `json:"unit"`
	Period  string     `json:"period"`
	Display string     `json:"display"`
}

var (
	blockEnd = regexp.MustCompile(`</(?:p|h[1-6]|tr|figcaption)>`)
	cellEnd  = regexp.MustCompile(`</t[dh]>`)
	anyTag   = regexp.MustCompile(`<[^>]*>`)
)

// Paragraphs are the lines of a view without its marks.
func Paragraphs(view string) []string {
	out := []string{}
	for _, block := range blockEnd.Split(cellEnd.ReplaceAllString(view, " "), -1) {
		if t := strings.TrimSpace(html.UnescapeString(anyTag.ReplaceAllString(block, ""))); t != "" {
			out = append(out, strings.Join(strings.Fields(t), " "))
		}
	}
	return out
}

// drawn fills a draft inside a transaction, without giving new numbers.
func (s *Service) drawn(ctx context.Context, q db.Querier, by access.Scope, d Document) (Snapshot, error) {
	f, err := s.begin(ctx, q, by, &d)
	if err != nil {
		return Snapshot{}, err
	}
	filled, err := f.render()
	if err != nil {
		return Snapshot{}, err
	}
	view := filled.HTML()
	if i := strings.Index(view, "<table"); i >= 0 && strings.Contains(view[i:], "口径") {
		view = view[:i] // the annex of sources repeats the figures
	}
	out := Snapshot{Rev: d.Rev, Paragraphs: Paragraphs(view), Figures: []SnapFigure{}}
	for _, c := range f.figures() {
		out.Figures = append(out.Figures, SnapFigure{c.N, c.Key, c.Frozen.Title, int64(c.Unit), c.Period.String(), c.Frozen.Screen})
	}
	sort.Slice(out.Figures, func(i, j int) bool { return out.Figures[i].N < out.Figures[j].N })
	return out, nil
}

// snapshot keeps how a draft reads now under its revision.
func (s *Service) snapshot(ctx context.Context, tx *db.Tx, by access.Scope, d Document) error {
	x, err := s.drawn(ctx, tx, by, d)
	if err != nil {
		return err
	}
	paragraphs, err := json.Marshal(x.Paragraphs)
	if err != nil {
		return err
	}
	figures, err := json.Marshal(x.Figures)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO document_snapshot (district, document, rev, at, account, paragraphs, figures) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (district, document, rev) DO UPDATE
			SET at = excluded.at, account = excluded.account, paragraphs = excluded.paragraphs, figures = excluded.figures`,
		by.District, d.ID, d.Rev, s.Clock.Now().UnixMilli(), by.Account, string(paragraphs), string(figures))
	return err
}

// Change is a paragraph or figure that reads differently. Old is empty for what was added, New for what is gone.
type Change struct {
	Old, New string
}

// FigureChange is a figure whose value moved, that came or went.
type FigureChange struct {
	N        int64
	Key      string
	Title    i18n.Label
	Old, New string
}

// Changes is what differs between an earlier draft and now.
type Changes struct {
	Drafts     []Snapshot // all there are, newest first, without their text
	Since      *Snapshot  // the one compared with; nil when there is none
	Paragraphs []Change
	Figures    []FigureChange
}

// ChangesSince compares a document as it reads now with an earlier draft; rev 0 is the latest.
func (s *Service) ChangesSince(ctx context.Context, by access.Scope, doc string, rev int64) (Changes, error) {
	out := Changes{Drafts: []Snapshot{}, Paragraphs: []Change{}, Figures: []FigureChange{}}
	d, err := get(ctx, s.DB.Read, by, doc)
	if err != nil {
		return out, err
	}
	if !d.Within || d.Origin != FromTemplate {
		return out, nil
	}
	err = s.DB.Snapshot(ctx, func(q db.Querier) error {
		all, err := db.All(ctx, q, func(r *sql.Rows) (Snapshot, error) {
			var x Snapshot
			var paragraphs, figures string
			if err := r.Scan(&x.Rev, &x.At, &x.Account, &paragraphs, &figures); err != nil {
				return x, err
			}
			if err := json.Unmarshal([]byte(paragraphs), &x.Paragraphs); err != nil {
				return x, err
			}
			return x, json.Unmarshal([]byte(figures), &x.Figures)
		}, `SELECT rev, at, account, paragraphs, figures FROM document_snapshot WHERE district = $1 AND document = $2 AND rev < $3
			ORDER BY rev DESC LIMIT 30`, by.District, doc, d.Rev)
		if err != nil || len(all) == 0 {
			return err
		}
		old := all[0]
		for _, x := range all {
			if x.Rev == rev {
				old = x
			}
			out.Drafts = append(out.Drafts, Snapshot{Rev: x.Rev, At: x.At, Account: x.Account})
		}
		out.Since = &Snapshot{Rev: old.Rev, At: old.At, Account: old.Account}
		now, err := s.drawn(ctx, q, by, d)
		if err != nil {
			return err
		}
		out.Paragraphs = compareLines(old.Paragraphs, now.Paragraphs)
		out.Figures = compareFigures(old.Figures, now.Figures)
		return nil
	})
	return out, err
}

func compareFigures(old, now []SnapFigure) []FigureChange {
	out := []FigureChange{}
	was := map[int64]SnapFigure{}
	for _, f := range old {
		was[f.N] = f
	}
	for _, f := range now {
		o, ok := was[f.N]
		delete(was, f.N)
		if !ok || o.Display != f.Display {
			out = append(out, FigureChange{f.N, f.Key, f.Title, o.Display, f.Display})
		}
	}
	for _, o := range was {
		out = append(out, FigureChange{o.N, o.Key, o.Title, o.Display, ""})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].N < out[j].N })
	return out
}

// compareLines pairs what was removed and added at the same place as one change.
func compareLines(old, now []string) []Change {
	n, m := len(old), len(now)
	if n > 2000 || m > 2000 {
		return []Change{}
	}
	lcs := make([][]int32, n+1)
	for i := range lcs {
		lcs[i] = make([]int32, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if old[i] == now[j] {
				lcs[i][j] = lcs[i+1][j+1] + 1
			} else {
				lcs[i][j] = max(lcs[i+1][j], lcs[i][j+1])
			}
		}
	}
	out := []Change{}
	var gone, come []string
	flush := func() {
		for len(gone) > 0 || len(come) > 0 {
			var c Change
			if len(gone) > 0 && (len(come) == 0 || len(gone) >= len(come) || similar(gone[0], come[0])) {
				c.Old, gone = gone[0], gone[1:]
			}
			if len(come) > 0 && (c.Old == "" || similar(c.Old, come[0])) {
				c.New, come = come[0], come[1:]
			}
			out = append(out, c)
		}
	}
	i, j := 0, 0
	for i < n || j < m {
		switch {
		case i < n && j < m && old[i] == now[j]:
			flush()
			i, j = i+1, j+1
		case j < m && (i == n || lcs[i][j+1] > lcs[i+1][j]):
			come = append(come, now[j])
			j++
		default:
			gone = append(gone, old[i])
			i++
		}
	}
	flush()
	return out
}

// similar tells whether two paragraphs are one that was changed: half of the shorter one's characters begin or end both.
func similar(a, b string) bool {
	x, y := []rune(a), []rune(b)
	short := min(len(x), len(y))
	head, end := 0, 0
	for head < short && x[head] == y[head] {
		head++
	}
	for end < short-head && x[len(x)-1-end] == y[len(y)-1-end] {
		end++
	}
	return 2*(head+end) >= short
}

func itoa(n int) string { return strconv.Itoa(n) }
