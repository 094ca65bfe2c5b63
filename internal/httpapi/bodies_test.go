package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"sifen/internal/access"
)

// TestBodiesShareABudget: of large ones a person sends a few at once, and those that are worked on take no more memory together
// than there is room for.
func TestBodiesShareABudget(t *testing.T) {
	b := newBodies()
	soon, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	var give []func()
	for range largePerson {
		release, ok := b.spool("a", 20<<20)
		if !ok {
			t.Fatal("a few at once are taken")
		}
		give = append(give, release)
	}
	if _, ok := b.spool("a", 20<<20); ok {
		t.Error("one more of the same person is taken")
	}
	if release, ok := b.spool("b", 20<<20); !ok {
		t.Error("another person's is refused")
	} else {
		give = append(give, release)
	}
	if _, ok := b.spool("c", allSpooled); ok {
		t.Error("more is taken than there is room for on disk")
	}
	for range 9 {
		release, ok := b.load(soon, 20<<20)
		if !ok {
			t.Fatal("refused while there is room in memory")
		}
		give = append(give, release)
	}
	if _, ok := b.load(soon, 20<<20); ok { // 180 MB are taken
		t.Error("more is taken than there is room for in memory")
	}
	for _, release := range give {
		release()
	}
	if release, ok := b.load(context.Background(), allBodies); !ok {
		t.Error("room in memory was not given back")
	} else {
		release()
	}
	if release, ok := b.spool("a", allSpooled); !ok {
		t.Error("room on disk was not given back")
	} else {
		release()
	}
	if len(b.by) != 0 {
		t.Errorf("persons are remembered: %v", b.by)
	}
}

// TestALargeBodyWaitsOnDisk: while it comes it takes no memory, however slowly it does; it arrives whole and with its digest; and
// nothing of it is left. A small one touches no disk.
func TestALargeBodyWaitsOnDisk(t *testing.T) {
	k := &Kit{bodies: newBodies(), Spool: t.TempDir(), Log: slog.New(slog.DiscardHandler)}
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	sent := errors.New("the sender is gone")
	for name, c := range map[string]struct {
		body   []byte
		after  error // what the sender does then
		spools bool
		status int // of a refusal
	}{
		"large":              {large, nil, true, 0},
		"small":              {large[:smallBody], nil, false, 0},
		"large, broken off":  {large[:len(large)/2], sent, true, http.StatusRequestTimeout},
		"longer than may be": {append(large, large...), nil, true, http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			halfway := func() {
				onDisk := !k.bodies.disk.TryAcquire(allSpooled)
				if !onDisk {
					k.bodies.disk.Release(allSpooled)
				}
				if onDisk != c.spools {
					t.Errorf("waits on disk: %t", onDisk)
				}
				if !k.bodies.room.TryAcquire(allBodies) {
					t.Error("what has not come takes memory")
				} else {
					k.bodies.room.Release(allBodies)
				}
			}
			r := httptest.NewRequest("POST", "/", io.MultiReader(bytes.NewReader(c.body[:len(c.body)/2]), then{halfway, nil},
				bytes.NewReader(c.body[len(c.body)/2:]), then{func() {}, c.after}))
			r.ContentLength = -1
			if !c.spools {
				r.ContentLength = int64(len(c.body))
			}
			w, caller := httptest.NewRecorder(), &Caller{SignedIn: true, Scope: access.Scope{Account: "a"}}
			release := k.readBody(w, r, caller, 1<<20)
			if (release == nil) != (c.status > 0) || c.status > 0 && w.Code != c.status {
				t.Fatalf("answered %d %s", w.Code, w.Body)
			}
			if release != nil {
				got, err := io.ReadAll(r.Body)
				sum := sha256.Sum256(c.body)
				if err != nil || !bytes.Equal(got, c.body) || caller.bodySum != hex.EncodeToString(sum[:]) {
					t.Errorf("%d of %d bytes, digest %s, %v", len(got), len(c.body), caller.bodySum, err)
				}
				release()
			}
			if left, _ := filepath.Glob(filepath.Join(k.Spool, "*")); len(left) > 0 || len(k.bodies.by) > 0 {
				t.Errorf("left: %v, %v", left, k.bodies.by)
			}
		})
	}
	k.Spool = filepath.Join(k.Spool, "nowhere")
	r, w := httptest.NewRequest("POST", "/", bytes.NewReader(large)), httptest.NewRecorder()
	if release := k.readBody(w, r, &Caller{SignedIn: true}, 1<<20); release != nil || w.Code != http.StatusInternalServerError {
		t.Errorf("without a folder: %d", w.Code)
	}
}

// then does something in the middle of a body, and ends it by an error.
type then struct {
	do  func()
	err error
}

func (x then) Read([]byte) (int, error) {
	x.do()
	if x.err != nil {
		return 0, x.err
	}
	return 0, io.EOF
}
