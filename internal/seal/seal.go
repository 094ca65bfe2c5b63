// Package seal closes what the database must keep and a copy of it must not tell: the keys of robots and webhooks. The
// key lies in a file of its own, beside the database and outside its backup.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"sifen/internal/problem"
)

// ErrKey says that the key file is gone, or not the one that things were sealed with.
var ErrKey = problem.New(problem.Conflict, "seal.key", nil)

// mark begins what is sealed: scheme, key, nonce and cipher text, AES-256 with GCM.
const mark = "seal1:"

// Box seals and opens with the key of a file, which is made when something is sealed for the first time.
type Box struct {
	File string

	mu  sync.Mutex
	key *key
}

type key struct {
	id   string
	aead cipher.AEAD
}

// Sealed reports whether a text is sealed.
func Sealed(text string) bool { return strings.HasPrefix(text, mark) }

// Seal closes a text for its place, a name that it cannot be carried away from. want is the key that other things are sealed
// with, "" for none yet; the key used is returned.
func (b *Box) Seal(text, place, want string) (sealed, id string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, err := b.load()
	if errors.Is(err, fs.ErrNotExist) && want == "" {
		k, err = b.make()
	}
	if err != nil || want != "" && k.id != want {
		return "", "", b.lost(want, err)
	}
	nonce := make([]byte, k.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", "", err
	}
	return mark + k.id + ":" + base64.RawURLEncoding.EncodeToString(k.aead.Seal(nonce, nonce, []byte(text), []byte(place))), k.id, nil
}

// Open reads what was sealed for a place; what never was is returned as it is.
func (b *Box) Open(sealed, place string) (string, error) {
	rest, ok := strings.CutPrefix(sealed, mark)
	if !ok {
		return sealed, nil
	}
	id, body, _ := strings.Cut(rest, ":")
	b.mu.Lock()
	defer b.mu.Unlock()
	k, err := b.load()
	if err != nil || k.id != id {
		return "", b.lost(id, err)
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil || len(raw) < k.aead.NonceSize() {
		return "", fmt.Errorf("what is sealed for %s is damaged", place)
	}
	n := k.aead.NonceSize()
	text, err := k.aead.Open(nil, raw[:n], raw[n:], []byte(place))
	if err != nil {
		return "", fmt.Errorf("what is sealed for %s is damaged or from elsewhere", place)
	}
	return string(text), nil
}

// Check says whether the key of this file is the one that things are sealed with.
func (b *Box) Check(want string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if k, err := b.load(); want != "" && (err != nil || k.id != want) {
		return b.lost(want, err)
	}
	return nil
}

// Renew puts a new key in the place of a lost one and returns its name. A key that is there is kept beside it.
func (b *Box) Renew() (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch k, err := b.load(); {
	case err == nil:
		if err := os.Rename(b.File, b.File+"."+k.id); err != nil {
			return "", err
		}
	case !errors.Is(err, fs.ErrNotExist):
		if err := os.Rename(b.File, b.File+".broken"); err != nil {
			return "", err
		}
	}
	k, err := b.make()
	if err != nil {
		return "", err
	}
	return k.id, nil
}

func (b *Box) lost(want string, err error) error {
	e := ErrKey.With("file", b.File, "key", want)
	if err != nil {
		return e.Because(err)
	}
	return e
}

// load reads the file each time until it holds a key: a lost one may be put back while the program runs.
func (b *Box) load() (*key, error) {
	if b.key != nil {
		return b.key, nil
	}
	text, err := os.ReadFile(b.File)
	if err != nil {
		return nil, err
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(raw) != 32 {
		return nil, fmt.Errorf("%s holds no key of 64 hexadecimal digits", b.File)
	}
	b.key, err = of(raw)
	return b.key, err
}

func of(raw []byte) (*key, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	sum := sha256.Sum256(raw)
	return &key{hex.EncodeToString(sum[:4]), aead}, err
}

// make writes a new key, whole or not at all, and never over another: of two programs that make one, the first wins.
func (b *Box) make() (*key, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(b.File), ".key-*") // readable by the owner alone
	if err != nil {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(raw) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	if err := os.Link(f.Name(), b.File); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	b.key = nil
	return b.load()
}
