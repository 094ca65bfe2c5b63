// Package evidence keeps photos and files unaltered, reads what they tell about themselves, and serves copies
// that no longer tell it. Access to a file goes through the records that use it.
package evidence

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // decoding
	"io/fs"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // decoding

	"sifen/internal/access"
	"sifen/internal/blob"
	"sifen/internal/db"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/problem"
)

// Limits of one file.
const (
	MaxBytes  = 15 << 20
	MaxPixels = 50_000_000
)

// Problems of this package.
var (
	ErrNotImage = problem.New(problem.Invalid, "evidence.not-image", nil)
	ErrBroken   = problem.New(problem.Invalid, "evidence.broken", nil)
	ErrPixels   = problem.New(problem.Invalid, "evidence.too-many-pixels", nil)
	ErrHEIC     = problem.New(problem.Invalid, "evidence.heic", nil)
	ErrTooBig   = problem.New(problem.TooLarge, "evidence.too-big", nil)
	ErrSum      = problem.New(problem.Invalid, "evidence.sum", nil)
	ErrLost     = problem.New(problem.Gone, "evidence.lost", nil)
	ErrDamaged  = problem.New(problem.Gone, "evidence.damaged", nil)
	ErrNone     = problem.New(problem.NotFound, "evidence.none", nil)
)

// Info is what is known of a file. Place is WGS-84 in degrees · 10^7.
type Info struct {
	SHA  string
	Size int64
	Mime string
	Facts
	Name    string
	Account string
	At      int64
}

// Facts are what a photo says of itself.
type Facts struct {
	Width   int    `json:"width"`
	Height  int    `json:"height"`
	TakenAt string `json:"taken_at,omitempty"` // as the camera wrote it, "2020-08-02 09:14:05"; no time zone is claimed
	Lat     *int64 `json:"lat,omitempty"`
	Lon     *int64 `json:"lon,omitempty"`
	Camera  string `json:"camera,omitempty"`
}

// Service stores and serves evidence.
type Service struct {
	module.Platform
	Blobs blob.Store
	Cache string // folder for smaller copies; losing it loses nothing
}

// New makes the service over the files of a store.
func New(p module.Platform, files blob.Store) *Service {
	return &Service{p, files, filepath.Join(p.Data, "cache")}
}

// Inspect judges content before it is kept: a photo that opens and is not too large, or a PDF, Word or Excel file.
func Inspect(content []byte) (Info, error) {
	in := Info{Size: int64(len(content))}
	if len(content) > MaxBytes {
		return in, ErrTooBig.With("max", "15 MB")
	}
	if isHEIC(content) {
		return in, ErrHEIC
	}
	in.Mime = http.DetectContentType(content)
	switch {
	case in.Mime == "application/pdf", bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return in, nil
	case in.Mime != "image/jpeg" && in.Mime != "image/png" && in.Mime != "image/webp":
		return in, ErrNotImage
	}
	cfg, need, err := weight(bytes.NewReader(content))
	if err != nil {
		return in, ErrNotImage.Because(err)
	}
	if need > maxOpen {
		return in, ErrPixels.With("width", cfg.Width, "height", cfg.Height)
	}
	in.Width, in.Height = cfg.Width, cfg.Height
	readMeta(content, &in)
	return in, nil
}

func isHEIC(b []byte) bool {
	return len(b) > 12 && string(b[4:8]) == "ftyp" && (strings.HasPrefix(string(b[8:12]), "hei") || string(b[8:12]) == "mif1" ||
		strings.HasPrefix(string(b[8:12]), "hev"))
}

// readMeta reads EXIF facts; a file without them, or with broken ones, is as good as any.
func readMeta(content []byte, in *Info) {
	format := map[string]imagemeta.ImageFormat{"image/jpeg": imagemeta.JPEG, "image/png": imagemeta.PNG, "image/webp": imagemeta.WebP}[in.Mime]
	var tags imagemeta.Tags
	if _, err := imagemeta.Decode(imagemeta.Options{R: bytes.NewReader(content), ImageFormat: format, Sources: imagemeta.EXIF,
		HandleTag: func(t imagemeta.TagInfo) error { tags.Add(t); return nil }}); err != nil {
		return
	}
	exif := tags.EXIF()
	if t, ok := exif["DateTimeOriginal"].Value.(string); ok && len(t) >= 19 {
		in.TakenAt = strings.Replace(t[:10], ":", "-", 2) + t[10:19]
	}
	if m, ok := exif["Model"].Value.(string); ok {
		in.Camera = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(m, "\x00", ""), ""))
		if len(in.Camera) > 60 {
			in.Camera = in.Camera[:60]
		}
	}
	lat, lon, err := tags.GetLatLong()
	if err == nil && (lat != 0 || lon != 0) && math.Abs(lat) <= 90 && math.Abs(lon) <= 180 {
		a, b := int64(math.Round(lat*1e7)), int64(math.Round(lon*1e7))
		in.Lat, in.Lon = &a, &b
	}
}

// Keep stores content that was inspected: first the file, flushed, then its row. want is its announced SHA-256 or "".
func (s *Service) Keep(ctx context.Context, by access.Scope, content []byte, want, name string) (Info, error) {
	return s.keep(ctx, by, content, want, name, false)
}

// KeepSoon is Keep for photos that come by the hundred: what they look like is looked at by a job.
func (s *Service) KeepSoon(ctx context.Context, by access.Scope, content []byte, want, name string) (Info, error) {
	return s.keep(ctx, by, content, want, name, true)
}

func (s *Service) keep(ctx context.Context, by access.Scope, content []byte, want, name string, soon bool) (Info, error) {
	in, err := Inspect(content)
	if err != nil {
		return in, err
	}
	hash, tells := uint64(0), false
	if in.Width > 0 && !soon {
		if hash, tells, err = look(ctx, content); err != nil {
			if ctx.Err() != nil {
				return in, err
			}
			return in, ErrBroken.Because(err)
		}
	}
	in.SHA, _, err = s.Blobs.Put(bytes.NewReader(content), want)
	if errors.Is(err, blob.ErrOther) {
		return in, ErrSum
	}
	if err != nil {
		return in, db.Explain(err)
	}
	in.Name, in.Account, in.At = filepath.Base(name), by.Account, s.Clock.Now().UnixMilli()
	return in, s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO evidence (district, sha, size, mime, width, height, taken_at, lat, lon, camera, name, account, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (district, sha) DO NOTHING`,
			by.District, in.SHA, in.Size, in.Mime, in.Width, in.Height, in.TakenAt, in.Lat, in.Lon, in.Camera, in.Name, in.Account, in.At); err != nil {
			return err
		}
		if tells {
			if err := saveLook(ctx, tx, by.District, in.SHA, hash); err != nil {
				return err
			}
		}
		if soon && in.Width > 0 {
			if err := outbox.Enqueue(ctx, tx, by.District, s.Clock.Now(), jobLook, in.SHA); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO evidence_bearer (district, sha, account, name, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (district, sha, account) DO UPDATE SET name = excluded.name, at = excluded.at`, by.District, in.SHA, in.Account, in.Name,
			in.At); err != nil {
			return err
		}
		return arrived(ctx, tx, by.District, in.Account, in.SHA)
	})
}

// Get returns what is known of a file, whoever may see it.
func Get(ctx context.Context, q db.Querier, district int64, sha string) (Info, bool, error) {
	var in Info
	err := q.QueryRowContext(ctx, `SELECT sha, size, mime, width, height, taken_at, lat, lon, camera, name, account, at FROM evidence WHERE district = $1
		AND sha = $2`, district, sha).
		Scan(&in.SHA, &in.Size, &in.Mime, &in.Width, &in.Height, &in.TakenAt, &in.Lat, &in.Lon, &in.Camera, &in.Name, &in.Account, &in.At)
	found, err := db.One(err)
	return in, found, err
}

// MayRead reports whether a scope may open a file: he brought it under a grant that still runs, or a record inside his reach
// uses it.
func MayRead(ctx context.Context, q db.Querier, by access.Scope, sha string) (bool, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM evidence AS e WHERE e.district = $1 AND e.sha = $2 AND (EXISTS (
		SELECT 1 FROM evidence_bearer AS b JOIN role_grant AS g ON g.district = b.district AND g.account = b.account
			AND g.day_from <= $4 AND $4 < g.day_until AND g.day_from <= (b.at + 28800000) / 86400000
		WHERE b.district = e.district AND b.sha = e.sha AND b.account = $3) OR EXISTS (
		SELECT 1 FROM evidence_use AS u WHERE u.district = e.district AND u.sha = e.sha AND `+by.ReachAt("u.district", "u.unit",
		"(SELECT x.day_from FROM entry AS x WHERE x.district = u.district AND x.id = u.object)", "ledger.read")+`))`,
		by.District, sha, by.Account, by.Today).Scan(&n)
	return n > 0, err
}

// Use is one place where a file stands as evidence.
type Use struct {
	SHA    string
	Kind   string
	Object string
	Field  string
	Unit   org.No
}

// SetUses replaces the uses of one object. Keepers call it in the transaction that saves the object.
func SetUses(ctx context.Context, tx *db.Tx, district int64, kind, object string, unit org.No, files map[string][]string) error {
	owed, err := owedBy(ctx, tx, district, object)
	if err != nil {
		return err
	}
	if err := DropUses(ctx, tx, district, object); err != nil {
		return err
	}
	for field, list := range files {
		for _, sha := range list {
			if account, late := owed[sha]; late {
				if _, err := tx.ExecContext(ctx, `INSERT INTO evidence_owed (district, sha, object, field, kind, unit, account)
					VALUES ($1, $2, $3, $4, $5, $6, $7)`, district, sha, object, field, kind, int64(unit), account); err != nil {
					return fmt.Errorf("note that %s is owed: %w", sha, err)
				}
				continue
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO evidence_use (district, sha, kind, object, field, unit) VALUES ($1, $2, $3, $4, $5, $6)`,
				district, sha, kind, object, field, int64(unit)); err != nil {
				return fmt.Errorf("note the use of %s: %w", sha, err)
			}
		}
	}
	return nil
}

// DropUses forgets the uses of objects that are no more.
func DropUses(ctx context.Context, tx *db.Tx, district int64, objects ...string) error {
	for _, object := range objects {
		if _, err := tx.ExecContext(ctx, `DELETE FROM evidence_use WHERE district = $1 AND object = $2`, district, object); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM evidence_owed WHERE district = $1 AND object = $2`, district, object); err != nil {
			return err
		}
	}
	return nil
}

// Uses lists where a file stands, other than in object.
func Uses(ctx context.Context, q db.Querier, district int64, sha, object string) ([]Use, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Use, error) {
		var u Use
		err := r.Scan(&u.SHA, &u.Kind, &u.Object, &u.Field, &u.Unit)
		return u, err
	}, `SELECT sha, kind, object, field, unit FROM evidence_use WHERE district = $1 AND sha = $2 AND object <> $3
		ORDER BY object LIMIT 20`, district, sha, object)
}

// Sizes of served copies, the longer side in pixels.
var sizes = map[string]int{"thumb": 320, "print": 800, "view": 1600}

// Copy returns a smaller JPEG without metadata. The original itself is served only as "original".
func (s *Service) Copy(ctx context.Context, sha, size string) ([]byte, error) {
	side, ok := sizes[size]
	if !ok {
		return nil, ErrNone
	}
	cached := filepath.Join(s.Cache, size, sha[:2], sha+".jpg")
	if b, err := os.ReadFile(cached); err == nil {
		return b, nil
	}
	f, err := s.file(sha)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out bytes.Buffer
	if err := opened(ctx, f, func(src image.Image, turn int) error {
		b := src.Bounds()
		w, h := b.Dx(), b.Dy()
		if longer := max(w, h); longer > side {
			w, h = max(w*side/longer, 1), max(h*side/longer, 1)
		}
		dst := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.BiLinear.Scale(dst, dst.Bounds(), src, b, draw.Over, nil)
		return jpeg.Encode(&out, upright(dst, turn), &jpeg.Options{Quality: 82})
	}); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(cached), 0o700); err == nil {
		tmp := cached + ".tmp"
		if os.WriteFile(tmp, out.Bytes(), 0o600) == nil {
			_ = os.Rename(tmp, cached) // only a cache
		}
	}
	return out.Bytes(), nil
}

// file opens a stored file whose content is still what it was.
//
// Errors: ErrLost where it is not there any more, ErrDamaged where its bytes changed.
func (s *Service) file(sha string) (*os.File, error) {
	f, err := s.Blobs.Sound(sha)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.Log.Error("a file of evidence is missing", "sha", sha)
		return nil, ErrLost
	case errors.Is(err, blob.ErrOther):
		s.Log.Error("a file of evidence is damaged", "sha", sha)
		return nil, ErrDamaged
	}
	return f, err
}

func orientation(raw []byte) int {
	o := 1
	if http.DetectContentType(raw) != "image/jpeg" {
		return o
	}
	_, _ = imagemeta.Decode(imagemeta.Options{R: bytes.NewReader(raw), ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF,
		HandleTag: func(t imagemeta.TagInfo) error {
			if t.Tag == "Orientation" {
				if n, ok := t.Value.(uint16); ok {
					o = int(n)
				}
			}
			return nil
		}}) // no orientation is upright
	return o
}
