package intake

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/sheet"
)

// problemColumn is the heading under which rejected rows carry their faults; a file that has it is read without it.
var problemColumn = i18n.Label{Zh: "问题", En: "Problem"}

// Rejected writes the bad rows as a workbook with their faults, to be mended elsewhere and handed in again.
func (s *Service) Rejected(ctx context.Context, by access.Scope, imp string, lang i18n.Lang) (sheet.Book, error) {
	im, err := s.mine(ctx, s.DB.Read, by, imp)
	if err != nil {
		return sheet.Book{}, err
	}
	k, err := s.kindOf(ctx, s.DB.Read, by.District, im.Kind)
	if err != nil {
		return sheet.Book{}, err
	}
	list, err := linesOf(ctx, s.DB.Read, by.District, imp, `AND state = 'bad' ORDER BY line`)
	if err != nil {
		return sheet.Book{}, err
	}
	name := []rune(k.Title.Zh)
	book := sheet.Book{Sheet: string(name[:min(len(name), 20)]), Meta: map[string]string{"kind": k.Key}}
	// of a file whose columns were assigned, what was read, under the titles of the kind: it is handed in again like any other
	cols := readable(k)
	at := match(cols, im.head, im.assigned, ignore)
	var from []int
	for j, h := range im.head {
		if len(im.assigned) > 0 {
			i := slices.Index(at, j)
			if i < 0 {
				continue
			}
			h = cols[i].title.Zh
		}
		from = append(from, j)
		book.Columns = append(book.Columns, sheet.Column{Key: fmt.Sprintf("c%d", j), Title: h, Width: 16})
	}
	book.Columns = append(book.Columns, sheet.Column{Key: "problem", Title: problemColumn.Zh, Width: 60})
	book.Rows = iter.Seq2[[]any, error](func(yield func([]any, error) bool) {
		for _, l := range list {
			row := make([]any, len(book.Columns))
			for i, j := range from {
				if j < len(l.cells) && l.cells[j] != uncached && l.cells[j] != "" {
					row[i] = l.cells[j]
				}
			}
			var say []string
			for _, f := range l.faults {
				text := f.Cell + " " + f.Say.In(lang)
				if f.Suggestion != "" {
					text += " → " + f.Suggestion
				}
				say = append(say, text)
			}
			row[len(row)-1] = strings.Join(say, "；")
			if !yield(row, nil) {
				return
			}
		}
	})
	return book, nil
}
