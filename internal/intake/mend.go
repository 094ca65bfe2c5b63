package intake

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
)

// Mend is a change of cells: of one row, or of every row whose cell says Was.
type Mend struct {
	Line   int64  `json:"line,omitempty" doc:"Row of the file; 0 for every row whose cell says was"`
	Column int64  `json:"column" minimum:"0" maximum:"300"`
	Was    string `json:"was,omitempty" maxLength:"2000"`
	Text   string `json:"text" maxLength:"2000"`
}

// Mend writes cells of waiting rows and checks the rows again. It returns how many rows it changed.
//
// Errors: ErrImport, ErrState.
func (s *Service) Mend(ctx context.Context, tx *db.Tx, by access.Scope, imp string, m Mend) (Import, int, error) {
	im, r, err := s.waiting(ctx, tx, by, imp)
	if err != nil {
		return im, 0, err
	}
	tail, args := `AND state <> 'kept' AND line = $3`, []any{m.Line}
	if m.Line == 0 {
		tail, args = `AND state = 'bad' ORDER BY line`, nil
	}
	list, err := linesOf(ctx, tx, by.District, imp, tail, args...)
	if err != nil {
		return im, 0, err
	}
	var changed []line
	for _, l := range list {
		for int64(len(l.cells)) <= m.Column {
			l.cells = append(l.cells, "")
		}
		if m.Line == 0 && strings.TrimSpace(l.cells[m.Column]) != strings.TrimSpace(m.Was) {
			continue
		}
		if l.cells[m.Column] = m.Text; l.said == saidLeft {
			l.said = ""
		}
		changed = append(changed, l)
	}
	im, err = r.settle(ctx, tx, imp, changed)
	return im, len(changed), err
}
