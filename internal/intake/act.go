package intake

import (
	"context"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// What a person said of a waiting row. saidCorrects is followed by the number of the record.
const (
	saidTake     = "take"  // it is a record, though it looks like none
	saidLeft     = "left"  // it is left out
	saidOther    = "other" // it is another record than the one that is like it
	saidCorrects = "="
)

// corrects is the number of the record that a row was said to correct.
func corrects(said string) (number string, ok bool) { return strings.CutPrefix(said, saidCorrects) }

// Act is what is done with waiting rows.
type Act struct {
	Lines []int64 `json:"lines" nullable:"false" maxItems:"2000" doc:"Rows as the list names them; none for every row of the state"`
	All   string  `json:"all,omitempty" enum:"bad,aside" doc:"In place of lines: all rows of this state"`
	// Do is what is done: leave the rows out, read them as records, correct the record that they are like, or keep them as
	// others.
	Do string `json:"do,omitempty" enum:"leave,take,correct,another" default:"leave"`
}

// Act leaves rows out, or says what they are. Once nothing waits any more, an import of which rows were kept is done.
//
// Errors: ErrImport, ErrState, ErrAct.
func (s *Service) Act(ctx context.Context, tx *db.Tx, by access.Scope, imp string, a Act) (Import, int, error) {
	im, r, err := s.waiting(ctx, tx, by, imp)
	if err != nil {
		return im, 0, err
	}
	tail, args := `AND state IN ('bad', 'good', 'aside', 'same') AND line IN (`+db.In(3, max(1, len(a.Lines)))+`) ORDER BY line`, db.Args(nil, a.Lines)
	if len(a.Lines) == 0 {
		if a.All == "" {
			return im, 0, nil
		}
		tail, args = `AND state = $3 ORDER BY line`, []any{a.All}
	}
	list, err := linesOf(ctx, tx, by.District, imp, tail, args...)
	if err != nil {
		return im, 0, err
	}
	for i := range list {
		l := &list[i]
		switch a.Do {
		case "take":
			l.said = saidTake
		case "another":
			l.said = saidOther
		case "correct":
			at := slices.IndexFunc(l.faults, func(f Fault) bool { return f.Code == "import.like-record" })
			if at < 0 {
				return im, 0, ErrAct
			}
			l.said = saidCorrects + l.faults[at].Field
		default:
			l.said = saidLeft
		}
	}
	im, err = r.settle(ctx, tx, imp, list)
	return im, len(list), err
}

// waiting is an import whose rows can be mended or settled, with the reader that checks them again.
func (s *Service) waiting(ctx context.Context, tx *db.Tx, by access.Scope, imp string) (im Import, r *reader, err error) {
	if im, err = s.mine(ctx, tx, by, imp); err != nil {
		return im, nil, err
	}
	if im.State != Open {
		return im, nil, ErrState.With("state", titles[im.State])
	}
	k, err := s.kindOf(ctx, tx, by.District, im.Kind)
	if err != nil {
		return im, nil, err
	}
	r, err = s.again(ctx, tx, by, k, &im, ignore)
	return im, r, err
}

// settle reads changed rows again and stores what they say now.
func (r *reader) settle(ctx context.Context, tx *db.Tx, imp string, changed []line) (Import, error) {
	if err := r.recheck(ctx, tx, changed); err != nil {
		return Import{}, err
	}
	if err := r.same(ctx, tx, changed); err != nil {
		return Import{}, err
	}
	if err := r.s.updateLines(ctx, tx, r.by, r.k, imp, changed); err != nil {
		return Import{}, err
	}
	if err := r.s.settled(ctx, tx, r.by, imp); err != nil {
		return Import{}, err
	}
	return r.s.mine(ctx, tx, r.by, imp)
}

// settled counts the rows again; an import of which rows were kept and none waits is done.
func (s *Service) settled(ctx context.Context, tx *db.Tx, by access.Scope, imp string) error {
	if err := tally(ctx, tx, by.District, imp); err != nil {
		return err
	}
	im, err := s.mine(ctx, tx, by, imp)
	if err != nil || im.Accepted == 0 || im.Good > 0 || im.Bad > 0 {
		return err
	}
	return setState(ctx, tx, by.District, imp, Kept, 0, 0)
}

// again reads a waiting row again from its cells, as far as a person has not settled it.
func (r *reader) again(ctx context.Context, l *line) (line, error) {
	if l.said == saidLeft {
		left := line{index: l.index, state: lineAside, cells: l.cells, said: saidLeft}
		left.fail(r.address(l.index, 0), -1, "", "import.aside-left", nil, "")
		return left, nil
	}
	return r.check(ctx, rowOf(l), l.said)
}

// Choose says which sheets of a waiting file are read, or in which row its titles stand; it is read again by a job.
//
// Errors: ErrImport, ErrState, ErrAssignLate when the file is no longer held.
func (s *Service) Choose(ctx context.Context, tx *db.Tx, by access.Scope, imp string, sheets []string, headRow int) (Import, error) {
	im, err := s.reopen(ctx, tx, by, imp)
	if err != nil {
		return im, err
	}
	for _, name := range sheets {
		if !slices.ContainsFunc(im.facts.Sheets, func(i sheet.SheetInfo) bool { return i.Name == name }) {
			return im, ErrAssign.At(problem.Field{Pointer: "/sheets", Code: "import.no-sheet", Args: map[string]any{"name": name}})
		}
	}
	im.facts.Said = said{sheets, headRow}
	if _, err := tx.ExecContext(ctx, `UPDATE import_run SET facts = $3, assigned = '', fault = '' WHERE district = $1 AND id = $2`, by.District, imp,
		mustJSON(im.facts)); err != nil {
		return im, err
	}
	return s.readAgain(ctx, tx, by, imp)
}
