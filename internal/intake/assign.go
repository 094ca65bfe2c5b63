package intake

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
)

// Assigned says what a column of a file is, or what every row holds in a column that the file lacks.
type Assigned struct {
	Key  string `json:"key" maxLength:"200" doc:"Column of the kind; empty for a column of the file that is not read"`
	At   int64  `json:"at" minimum:"-1" maximum:"300" doc:"Place in the file, from 0; -1 for a text that stands in every row"`
	Text string `json:"text,omitempty" maxLength:"2000"`
}

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

// Assign says which column of a waiting file is which; its rows are read again by a job. Until rows were kept it may
// be said anew.
//
// Errors: ErrImport, ErrState, ErrAssign naming the column, ErrAssignLate when the file is no longer held.
func (s *Service) Assign(ctx context.Context, tx *db.Tx, by access.Scope, imp string, list []Assigned) (Import, error) {
	im, err := s.reopen(ctx, tx, by, imp)
	if err != nil {
		return im, err
	}
	k, err := s.kindOf(ctx, tx, by.District, im.Kind)
	if err != nil {
		return im, err
	}
	cols := readable(k)
	own := im.ownHead()
	if faults := checkAssigned(cols, own, list); len(faults) > 0 {
		return im, ErrAssign.At(faults...)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE import_run SET assigned = $3, fault = '' WHERE district = $1 AND id = $2`, by.District, imp,
		mustJSON(list)); err != nil {
		return im, err
	}
	if err := remember(ctx, tx, by.District, by.Account, k.Key, own, lasting(k, list), s.Clock.Now().UnixMilli()); err != nil {
		return im, err
	}
	return s.readAgain(ctx, tx, by, imp)
}

// reopen is an import whose file can be read again: nothing of it was kept yet.
func (s *Service) reopen(ctx context.Context, tx *db.Tx, by access.Scope, imp string) (Import, error) {
	im, err := s.mine(ctx, tx, by, imp)
	if err != nil {
		return im, err
	}
	if im.State != Open || im.Accepted > 0 {
		return im, ErrState.With("state", titles[im.State])
	}
	var held int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM import_file WHERE district = $1 AND run = $2`, by.District, imp).Scan(&held); err != nil {
		return im, err
	}
	if held == 0 {
		return im, ErrAssignLate
	}
	return im, nil
}

func (s *Service) readAgain(ctx context.Context, tx *db.Tx, by access.Scope, imp string) (Import, error) {
	if err := setState(ctx, tx, by.District, imp, Reading, 0, 0); err != nil {
		return Import{}, err
	}
	if err := s.enqueue(ctx, tx, by, imp); err != nil {
		return Import{}, err
	}
	return s.mine(ctx, tx, by, imp)
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

// headKey names a head: the same titles in the same order.
func headKey(head []string) string {
	sum := sha256.Sum256([]byte(strings.Join(head, "\x00")))
	return hex.EncodeToString(sum[:])
}

// remembered is what the person said of the same head before.
func remembered(ctx context.Context, q db.Querier, district int64, account, kind string, head []string) ([]Assigned, error) {
	var raw string
	err := q.QueryRowContext(ctx, `SELECT assigned FROM import_layout WHERE district = $1 AND account = $2 AND kind = $3 AND head = $4`, district,
		account, kind, headKey(head)).Scan(&raw)
	found, err := db.One(err)
	if err != nil || !found {
		return nil, err
	}
	var out []Assigned
	return out, decodeJSON(raw, &out)
}

func remember(ctx context.Context, tx *db.Tx, district int64, account, kind string, head []string, list []Assigned, at int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO import_layout (district, account, kind, head, assigned, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (district, account, kind, head) DO UPDATE SET assigned = excluded.assigned, at = excluded.at`, district, account, kind, headKey(head),
		mustJSON(list), at)
	return err
}

// lasting is what of an assignment holds for the next file too: a day that stood for every row does not.
func lasting(k *kind.Kind, list []Assigned) []Assigned {
	return slices.DeleteFunc(slices.Clone(list), func(a Assigned) bool { f, _ := k.Field(a.Key); return a.At < 0 && f.Type == "date" })
}
