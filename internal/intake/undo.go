package intake

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
)

// Undo takes an import back as one act: entries it made go, entries it corrected get their earlier values again. Once
// one of them was decided on or changed by a person, the whole is refused and says how many.
func (s *Service) Undo(ctx context.Context, tx *db.Tx, by access.Scope, imp string) (Import, error) {
	if err := indicator.Shared(ctx, tx, by.District); err != nil {
		return Import{}, err
	}
	im, err := s.mine(ctx, tx, by, imp)
	if err != nil {
		return im, err
	}
	if im.State != Kept && im.State != Open || im.Accepted == 0 {
		return im, ErrState.With("state", titles[im.State])
	}
	k, err := s.kindOf(ctx, tx, by.District, im.Kind)
	if err != nil {
		return im, err
	}
	var held int64 // rows of an import that was tidied away are not undone
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM import_line WHERE district = $1 AND run = $2 AND state = 'kept'`, by.District,
		imp).Scan(&held); err != nil {
		return im, err
	}
	if held < im.Accepted {
		return im, ErrUndo.With("n", im.Accepted-held, "all", im.Accepted)
	}
	// a refusal below ends the transaction: nothing of this is kept then
	if _, err := tx.ExecContext(ctx, `DELETE FROM import_row WHERE district = $1 AND entry IN (
		SELECT v.entry FROM entry_rev AS v WHERE v.district = $1 AND v.import = $2 AND v.import <> '' AND v.rev = 1)`, by.District, imp); err != nil {
		return im, err
	}
	touched, err := s.Ledger.UndoStaged(ctx, tx, by, k, imp, im.Accepted)
	if err != nil {
		return im, err
	}
	if touched > 0 {
		return im, ErrUndo.With("n", touched, "all", im.Accepted)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE import_line SET state = 'good' WHERE district = $1 AND run = $2 AND state = 'kept'`, by.District,
		imp); err != nil {
		return im, err
	}
	if err := setState(ctx, tx, by.District, imp, Undone, 0, 0); err != nil {
		return im, err
	}
	if err := tally(ctx, tx, by.District, imp); err != nil {
		return im, err
	}
	return s.mine(ctx, tx, by, imp)
}
