package field

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sifen/internal/access"
	"sifen/internal/blob"
	"sifen/internal/db"
	"sifen/internal/evidence"
)

// Piece is the most that is sent of a photo at once, and Kept how much of unfinished photos one account may leave here, in bytes.
const (
	Piece = 256 << 10
	Kept  = 200 << 20
)

// forgotten is how long after its last piece an unfinished photo is thrown away, in milliseconds: the phone still has it.
const forgotten = 14 * 24 * 3600 * 1000

// PhotoState is how far a photo has come.
type PhotoState struct {
	SHA    string `json:"sha"`
	Offset int64  `json:"offset"` // bytes that are here
	Whole  bool   `json:"whole"`  // it is kept: nothing more to send
}

// file is where the pieces of a photo lie. The name begins as that of a file on its way: backups leave it out.
func (s *Service) file(account, sha string) string {
	return filepath.Join(s.Parts, "put-"+account+"-"+sha)
}

// Photo says how far a photo of the caller's has come.
//
// Errors: evidence.ErrSum for what is no digest.
func (s *Service) Photo(ctx context.Context, by access.Scope, sha string) (PhotoState, error) {
	out := PhotoState{SHA: sha}
	if !blob.ValidSum(sha) {
		return out, evidence.ErrSum
	}
	var n int64
	err := s.DB.Read.QueryRowContext(ctx, `SELECT count(*) FROM evidence_bearer AS b WHERE b.district = $1 AND b.sha = $2 AND b.account = $3
		AND NOT EXISTS (SELECT 1 FROM evidence_owed AS o WHERE o.district = b.district AND o.sha = b.sha AND o.account = b.account)`,
		by.District, sha, by.Account).Scan(&n)
	if err != nil || n > 0 {
		out.Whole = n > 0
		return out, err
	}
	st, err := os.Stat(s.file(by.Account, sha))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err == nil {
		out.Offset = st.Size()
	}
	return out, err
}

// Add keeps the next piece of a photo of a size, from an offset on, flushed. With the last the digest is checked and the photo
// kept as evidence; where it is another, everything is sent again.
//
// Errors: ErrOffset where the piece does not begin where the last one ended, ErrStore, ErrOther, and those of evidence.
func (s *Service) Add(ctx context.Context, by access.Scope, sha, name string, size, offset int64, piece []byte) (PhotoState, error) {
	have, err := s.Photo(ctx, by, sha)
	if err != nil || have.Whole {
		return have, err
	}
	if size > evidence.MaxBytes {
		return have, evidence.ErrTooBig.With("max", "15 MB")
	}
	if size <= 0 || offset+int64(len(piece)) > size || len(piece) == 0 {
		return have, ErrOffset.With("offset", have.Offset)
	}
	if offset != have.Offset {
		return have, ErrOffset.With("offset", have.Offset)
	}
	if err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.note(ctx, tx, by, sha, size) }); err != nil {
		return have, err
	}
	if have.Offset, err = s.write(by.Account, sha, offset, piece); err != nil {
		return have, db.Explain(err)
	}
	if have.Offset < size {
		return have, nil
	}
	content, err := os.ReadFile(s.file(by.Account, sha))
	if err != nil {
		return have, err
	}
	_, err = s.Files.KeepSoon(ctx, by, content, sha, name)
	if errors.Is(err, evidence.ErrSum) {
		err = ErrOther
	}
	// Kept, or never to be: either way the pieces are of no use any more. A full disk is no such answer.
	if err == nil || isRefusal(err) {
		if gone := s.drop(ctx, by.District, by.Account, sha); err == nil {
			err = gone
		}
	}
	have.Whole = err == nil
	return have, err
}

func isRefusal(err error) bool {
	for _, e := range []error{ErrOther, evidence.ErrNotImage, evidence.ErrBroken, evidence.ErrPixels, evidence.ErrHEIC, evidence.ErrTooBig} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// note counts a photo that is on its way against what one account may leave here.
func (s *Service) note(ctx context.Context, tx *db.Tx, by access.Scope, sha string, size int64) error {
	var others int64
	if err := tx.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM field_photo WHERE district = $1 AND account = $2 AND sha <> $3`,
		by.District, by.Account, sha).Scan(&others); err != nil {
		return err
	}
	if others+size > Kept {
		return ErrStore.With("max", fmt.Sprintf("%d MB", Kept>>20))
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO field_photo (district, account, sha, size, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (district, account, sha) DO UPDATE SET size = excluded.size, at = excluded.at`, by.District, by.Account, sha, size,
		s.Clock.Now().UnixMilli())
	return err
}

// write puts a piece where it belongs and returns how much is there. Two pieces at once at one place cannot make one photo: its
// digest would tell.
func (s *Service) write(account, sha string, offset int64, piece []byte) (int64, error) {
	if err := os.MkdirAll(s.Parts, 0o750); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(s.file(account, sha), os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return 0, err
	}
	_, err = f.WriteAt(piece, offset)
	return offset + int64(len(piece)), errors.Join(err, f.Sync(), f.Close())
}

// drop forgets the pieces of a photo.
func (s *Service) drop(ctx context.Context, district int64, account, sha string) error {
	if err := os.Remove(s.file(account, sha)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM field_photo WHERE district = $1 AND account = $2 AND sha = $3`, district, account, sha)
		return err
	})
}

// Tidy throws away what was begun and not gone on with for two weeks.
func (s *Service) Tidy(ctx context.Context, district int64) error {
	type begun struct{ account, sha string }
	list, err := db.All(ctx, s.DB.Read, func(r *sql.Rows) (b begun, err error) { return b, r.Scan(&b.account, &b.sha) },
		`SELECT account, sha FROM field_photo WHERE district = $1 AND at < $2 ORDER BY account, sha LIMIT 1000`, district,
		s.Clock.Now().UnixMilli()-forgotten)
	for _, b := range list {
		err = errors.Join(err, s.drop(ctx, district, b.account, b.sha))
	}
	return err
}
