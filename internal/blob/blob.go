// Package blob keeps evidence files under the SHA-256 of their content.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Store is a folder of content-addressed files. A file that Put acknowledged has been flushed, name and content.
type Store struct{ Dir string }

// ErrOther says that the bytes do not have the announced SHA-256.
var ErrOther = errors.New("content does not match its SHA-256")

// ValidSum reports whether sum is 64 lower-case hexadecimal digits.
func ValidSum(sum string) bool {
	if len(sum) != 64 {
		return false
	}
	for i := range len(sum) {
		if c := sum[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func (s Store) path(sum string) string { return filepath.Join(s.Dir, sum[:2], sum) }

// Put stores what r yields and returns its SHA-256 and size. With want non-empty, other content is refused
// with ErrOther and nothing is kept. Putting the same content twice is harmless.
func (s Store) Put(r io.Reader, want string) (sum string, size int64, err error) {
	if err := os.MkdirAll(s.Dir, 0o750); err != nil {
		return "", 0, err
	}
	tmp, err := os.CreateTemp(s.Dir, "put-*")
	if err != nil {
		return "", 0, fmt.Errorf("store evidence: %w", err)
	}
	defer func() {
		tmp.Close()           // closed already on success
		os.Remove(tmp.Name()) // gone already on success
	}()
	h := sha256.New()
	if size, err = io.Copy(io.MultiWriter(tmp, h), r); err != nil {
		return "", 0, fmt.Errorf("store evidence: %w", err)
	}
	sum = hex.EncodeToString(h.Sum(nil))
	if want != "" && want != sum {
		return "", 0, ErrOther
	}
	to := s.path(sum)
	if f, err := s.Sound(sum); err == nil { // a damaged or empty file is written anew
		return sum, size, f.Close()
	}
	if err := tmp.Sync(); err != nil {
		return "", 0, fmt.Errorf("flush evidence: %w", err)
	}
	if err := tmp.Close(); err != nil {
		return "", 0, fmt.Errorf("close evidence: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return "", 0, err
	}
	if err := os.Rename(tmp.Name(), to); err != nil {
		return "", 0, fmt.Errorf("name evidence: %w", err)
	}
	return sum, size, errors.Join(syncDir(filepath.Dir(to)), syncDir(s.Dir))
}

// Open opens a stored file; fs.ErrNotExist when there is none.
func (s Store) Open(sum string) (*os.File, error) {
	if !ValidSum(sum) {
		return nil, fs.ErrNotExist
	}
	return os.Open(s.path(sum))
}

// Sound opens a stored file whose content still has its SHA-256; ErrOther where it has not.
func (s Store) Sound(sum string) (*os.File, error) {
	f, err := s.Open(sum)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err == nil && hex.EncodeToString(h.Sum(nil)) != sum {
		err = ErrOther
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Read returns the whole content; ErrOther where it changed since it was put.
func (s Store) Read(sum string) ([]byte, error) {
	f, err := s.Sound(sum)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
