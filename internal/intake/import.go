package intake

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/outbox"
	"sifen/internal/problem"
)

// States of an import.
const (
	Reading = "reading" // its rows are being read and checked
	Open    = "open"    // waits for mending and for keeping
	Keeping = "keeping"
	Kept    = "kept"
	Undone  = "undone"
)

var titles = map[string]i18n.Label{
	Reading: {Zh: "正在读取", En: "being read"}, Open: {Zh: "待核对", En: "waiting"}, Keeping: {Zh: "正在导入", En: "being kept"},
	Kept: {Zh: "已导入", En: "kept"}, Undone: {Zh: "已撤销", En: "undone"},
}

// Problems of imports.
var (
	ErrImport = problem.New(problem.NotFound, "import.no-batch", nil)
	ErrState  = problem.New(problem.Conflict, "import.state", nil)
	ErrUndo   = problem.New(problem.Conflict, "import.undo-late", nil)
	// ErrAct is an act that does not fit the row.
	ErrAct        = problem.New(problem.Conflict, "import.act", nil)
	ErrAssign     = problem.New(problem.Invalid, "import.assign", nil)
	ErrAssignLate = problem.New(problem.Conflict, "import.assign-late", nil)
)

// Import is one file on its way into the ledger. Its rows wait checked until they are kept together.
type Import struct {
	ID        string  `json:"id"`
	Kind      string  `json:"kind"`
	Name      string  `json:"name"`
	State     string  `json:"state" enum:"reading,open,keeping,kept,undone"`
	At        int64   `json:"at"`
	Rows      int64   `json:"rows"`
	Good      int64   `json:"good"`
	Bad       int64   `json:"bad"`
	Unchanged int64   `json:"unchanged"`
	Accepted  int64   `json:"accepted"`
	Aside     int64   `json:"aside"` // rows that are no records, or were left out
	Done      int64   `json:"done"`  // rows the running step has behind it
	Total     int64   `json:"total"` // of how many; 0 while unknown
	Faults    []Fault `json:"faults"`
	Notes     []Fault `json:"notes"`    // what is told of the file and holds nothing up
	HeadRow   int64   `json:"head_row"` // where the titles stand; what is above them is not read

	account     string
	head        []string // as the file has it, then the titles of texts that stand in every row
	assigned    []Assigned
	sample      [][]string
	date1904    bool
	kindVersion int64
	checkedAt   int64
	facts       facts
}

// Start takes a file in; its rows are read by a job.
//
// Errors: kind.ErrUnknown.
func (s *Service) Start(ctx context.Context, tx *db.Tx, by access.Scope, key, name string, content []byte) (Import, error) {
	k, err := s.kindOf(ctx, tx, by.District, key)
	if err != nil {
		return Import{}, err
	}
	if err := s.Ledger.Takes(ctx, tx, by.District, k); err != nil {
		return Import{}, err
	}
	im := Import{Kind: k.Key, Name: name, Faults: []Fault{}, Notes: []Fault{}, kindVersion: k.Version}
	if err := s.begin(ctx, tx, by, &im, content, true); err != nil {
		return im, err
	}
	return im, s.enqueue(ctx, tx, by, im.ID)
}

func (s *Service) enqueue(ctx context.Context, tx *db.Tx, by access.Scope, imp string) error {
	return outbox.Enqueue(ctx, tx, by.District, s.Clock.Now(), Job, job{imp})
}

// Keep orders the good rows to be kept. With bad rows left it needs cleanOnly.
//
// Errors: ErrImport, ErrState, import.bad-left.
func (s *Service) Keep(ctx context.Context, tx *db.Tx, by access.Scope, imp string, cleanOnly bool) (Import, error) {
	im, err := s.mine(ctx, tx, by, imp)
	if err != nil {
		return im, err
	}
	if im.State != Open || im.Good == 0 {
		return im, ErrState.With("state", titles[im.State])
	}
	if im.Bad > 0 && !cleanOnly {
		return im, problem.New(problem.Conflict, "import.bad-left", map[string]any{"n": im.Bad})
	}
	if err := setState(ctx, tx, by.District, imp, Keeping, 0, im.Good); err != nil {
		return im, err
	}
	if err := s.enqueue(ctx, tx, by, imp); err != nil {
		return im, err
	}
	return s.mine(ctx, tx, by, imp)
}

// Drop throws waiting rows away; what was kept of them stays.
func (s *Service) Drop(ctx context.Context, tx *db.Tx, by access.Scope, imp string) error {
	im, err := s.mine(ctx, tx, by, imp)
	if err != nil {
		return err
	}
	if im.State != Open || im.Accepted > 0 {
		return ErrState.With("state", titles[im.State])
	}
	return s.drop(ctx, tx, by.District, imp)
}
