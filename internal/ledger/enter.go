package ledger

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pinyin"
	"sifen/internal/problem"
)

// fill derives the columns of an entry from its values.
func (s *Service) fill(k *kind.Kind, e *Entry, unit org.No, v kind.Values) {
	e.Unit, e.Values = unit, v
	e.From, e.Until = k.Days(v)
	e.Subject = k.Subject(unit, v)
	e.Title, _ = v[k.TitleOf].(string)
	e.Photos, e.Thumb = 0, ""
	for _, f := range k.Fields {
		if list, ok := v[f.Key].([]string); ok && f.Type == "photo" {
			e.Photos += int64(len(list))
			if e.Thumb == "" && len(list) > 0 {
				e.Thumb = list[0]
			}
		}
	}
}

// searchText is the lower-case text a keyword is looked for in: number, units, texts and choices, and the pinyin initials of
// units and title.
func searchText(w work, k *kind.Kind, e *Entry) string {
	path := w.Org.Path(e.Unit, e.From)
	parts := []string{e.Number, path, w.Org.PathInitials(e.Unit, e.From)}
	for _, f := range k.Fields {
		if t, ok := e.Values[f.Key].(string); ok && (f.Type == "text" || f.Type == "long-text") && !f.Personal {
			parts = append(parts, t)
			if f.Key == k.TitleOf {
				parts = append(parts, pinyin.Words(t))
			}
		}
		for _, o := range f.Options {
			if o.Key == e.Values[f.Key] {
				parts = append(parts, o.Title.Zh, o.Title.En)
			}
		}
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

// Create makes a draft.
//
// Errors: kind.ErrUnknown, ErrForbidden, ErrInvalid with a fault per field.
func (s *Service) Create(ctx context.Context, tx *db.Tx, by access.Scope, in Input) (Entry, error) {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return Entry{}, err
	}
	k, err := kind.Of(w.Set, in.Kind)
	if err != nil {
		return Entry{}, err
	}
	return s.create(ctx, tx, by, w, k, in)
}

func (s *Service) create(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, in Input) (Entry, error) {
	if err := s.Takes(ctx, tx, by.District, k); err != nil {
		return Entry{}, err
	}
	v, faults, err := s.judge(ctx, tx, by, w, k, in, "")
	if err != nil {
		return Entry{}, err
	}
	if len(faults) > 0 {
		return Entry{}, ErrInvalid.At(faults...)
	}
	if !by.Can(Enter, w.Org.Targets(in.Unit, w.Day), k.ByLine()) {
		return Entry{}, ErrForbidden
	}
	e := Entry{ID: in.ID, Kind: k.Key, State: Draft, Rev: 1, Account: by.Account, Reviser: by.Account, CreatedAt: w.Now.UnixMilli()}
	if e.ID == "" {
		e.ID = id.New(w.Now)
	} else if !id.Valid(e.ID) {
		return Entry{}, ErrInvalid.At(problem.Field{Pointer: "/id", Code: "value.reference"})
	}
	s.fill(k, &e, in.Unit, v)
	y, _, _ := e.From.YMD()
	n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("entry:%s:%d", k.Prefix, y))
	if err != nil {
		return e, err
	}
	e.Number = fmt.Sprintf("%s-%d-%04d", k.Prefix, y, n)
	if err := insertEntry(ctx, tx, by.District, e, searchText(w, k, &e)); err != nil {
		return e, err
	}
	return e, s.revised(ctx, tx, by, w, k, &e, OpCreate, in)
}

// Edit makes a new revision of a draft, a returned or a verified entry. What counts stays the last verified revision.
// rev is the revision the person saw.
//
// Errors: ErrEntry, ErrStale, ErrState, ErrForbidden, ErrInvalid.
func (s *Service) Edit(ctx context.Context, tx *db.Tx, by access.Scope, entry string, rev int64, in Input) (Entry, error) {
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return e, err
	}
	if err := s.Takes(ctx, tx, by.District, k); err != nil {
		return e, err
	}
	if e.Rev != rev {
		return e, ErrStale
	}
	if err := e.editable(); err != nil {
		return e, err
	}
	v, faults, err := s.judge(ctx, tx, by, w, k, in, e.ID)
	if err != nil {
		return e, err
	}
	if len(faults) > 0 {
		return e, ErrInvalid.At(faults...)
	}
	for _, u := range []org.No{e.Unit, in.Unit} {
		if !by.Can(Enter, w.Org.Targets(u, w.Day), k.ByLine()) {
			return e, ErrForbidden
		}
	}
	if e.State == Draft && e.CountedRev == 0 && e.Account != by.Account {
		return e, ErrNotOwn
	}
	before := e
	if e.Unit == in.Unit && e.Values.Encode() == v.Encode() {
		return e, nil
	}
	if e.CountedRev == 0 && e.Account != by.Account && !by.IsSystem() {
		e.Account = by.Account // a colleague takes over what came back: the draft is his business now
	}
	e.Rev++
	e.State, e.Reviser = Draft, by.Account
	s.fill(k, &e, in.Unit, v)
	if err := s.save(ctx, tx, by, w, k, before, e); err != nil {
		return e, err
	}
	return e, s.revised(ctx, tx, by, w, k, &e, OpEdit, in)
}

// revised keeps the new revision of an entry with what it cost, and tells of it; what came from a file is an import.
func (s *Service) revised(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, e *Entry, op string, in Input) error {
	if err := insertRev(ctx, tx, by.District, *e, k, by.Account, w.Now.UnixMilli(), in); err != nil {
		return err
	}
	if err := effort(ctx, tx, by, w, k, in, 1, len(e.Values)); err != nil {
		return err
	}
	if in.Source != "" {
		op = OpImport
	}
	return s.after(ctx, tx, by, w, k, e, op, "", in.Reason)
}

// Delete removes one's own draft that was never submitted. Nothing of it remains but the journal.
func (s *Service) Delete(ctx context.Context, tx *db.Tx, by access.Scope, entry string) error {
	e, _, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return err
	}
	if e.Account != by.Account {
		return ErrNotOwn
	}
	if e.State != Draft || e.SubmittedAt != 0 {
		return ErrState.With("state", stateTitle[e.State])
	}
	if err := s.remove(ctx, tx, by.District, e.ID); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, w.Now, "ledger.delete", e.ID, e.Rev, nil)
}

// remove takes an entry that never counted out of every table.
func (s *Service) remove(ctx context.Context, tx *db.Tx, district int64, entry string) error {
	var doc int64
	if err := tx.QueryRowContext(ctx, `SELECT doc FROM entry WHERE district = $1 AND id = $2`, district, entry).Scan(&doc); err != nil {
		return err
	}
	if err := dropText(ctx, tx, district, doc); err != nil {
		return err
	}
	if err := evidence.DropUses(ctx, tx, district, entry); err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM entry_comment WHERE district = $1 AND entry = $2`, `DELETE FROM entry_event WHERE district = $1 AND entry = $2`,
		`DELETE FROM entry_rev WHERE district = $1 AND entry = $2`, `DELETE FROM entry WHERE district = $1 AND id = $2`} {
		if _, err := tx.ExecContext(ctx, q, district, entry); err != nil {
			return err
		}
	}
	return nil
}
