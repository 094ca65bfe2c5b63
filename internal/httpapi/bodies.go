package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"sifen/internal/db"
	"sifen/internal/problem"
)

// What bodies may take. Small ones are taken as they come; others wait on disk while they are sent, however slowly, and are in
// memory only while the operation works on them.
const (
	smallBody    = 64 << 10
	strangerBody = 16 << 10  // of who is not signed in: a login and a password
	allBodies    = 192 << 20 // of memory, of all large bodies at once
	allSpooled   = 2 << 30   // of disk, likewise
	largePerson  = 4         // large bodies of one person at once
	bodyWait     = 15 * time.Second
)

// ErrBusy says that too much is being sent at this moment.
var ErrBusy = problem.New(problem.Busy, "http.busy", nil)

// bodies keeps what is being received within bounds, whoever sends it.
type bodies struct {
	room *semaphore.Weighted // of memory
	disk *semaphore.Weighted
	mu   sync.Mutex
	by   map[string]int
}

func newBodies() *bodies {
	return &bodies{room: semaphore.NewWeighted(allBodies), disk: semaphore.NewWeighted(allSpooled), by: map[string]int{}}
}

// spool lets a person send a large body: ok is false when he sends too many at once, or there is no room for any.
func (b *bodies) spool(account string, size int64) (release func(), ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.by[account] >= largePerson || !b.disk.TryAcquire(size) {
		return nil, false
	}
	b.by[account]++
	return func() {
		b.disk.Release(size)
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.by[account]--; b.by[account] == 0 {
			delete(b.by, account)
		}
	}, true
}

// load waits for room in memory for a body that has come; ok is false when none is given back.
func (b *bodies) load(ctx context.Context, size int64) (release func(), ok bool) {
	ctx, cancel := context.WithTimeout(ctx, bodyWait)
	defer cancel()
	if b.room.Acquire(ctx, size) != nil {
		return nil, false
	}
	return func() { b.room.Release(size) }, true
}

// readBody reads a body of limited size once, so that its hash is known before the operation runs. release gives its room
// back and is called when the answer was written; nil after a refusal.
func (k *Kit) readBody(w http.ResponseWriter, r *http.Request, c *Caller, limit int64) (release func()) {
	if !c.SignedIn {
		limit = min(limit, strangerBody)
	}
	release, err := k.receive(w, r, c, limit)
	if err != nil {
		p := ErrSlow // or gone, and then nobody reads it
		var long *http.MaxBytesError
		var disk *fs.PathError
		switch known := db.Explain(err); {
		case errors.As(err, &long):
			p = ErrTooLarge.With("max", max(1, limit>>20))
		case errors.As(known, &p):
		case errors.As(err, &disk):
			k.Log.Error("a body has no place to wait", "err", err)
			p = ErrInternal
		}
		if p.Kind == problem.Busy {
			w.Header().Set("Retry-After", "5")
		}
		Deny(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)), p)
		return nil
	}
	return release
}

func (k *Kit) receive(w http.ResponseWriter, r *http.Request, c *Caller, limit int64) (release func(), err error) {
	if r.ContentLength > limit {
		return nil, ErrTooLarge.With("max", max(1, limit>>20))
	}
	size := limit
	if r.ContentLength >= 0 {
		size = r.ContentLength
	}
	ctl := http.NewResponseController(w)
	_ = ctl.SetReadDeadline(time.Now().Add(30*time.Second + time.Duration(size>>16)*time.Second)) //nolint:forbidigo // a socket deadline is machine time
	// the connection is watched while the operation runs: a deadline would end that too
	defer func() { _ = ctl.SetReadDeadline(time.Time{}) }()
	sum := sha256.New()
	body := io.TeeReader(http.MaxBytesReader(w, r.Body, limit), sum)
	defer func() { c.bodySum = hex.EncodeToString(sum.Sum(nil)) }()
	if size <= smallBody {
		raw, err := io.ReadAll(body)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
		return func() {}, err
	}
	gone, ok := k.bodies.spool(c.Scope.Account, size)
	if !ok {
		return nil, ErrBusy
	}
	f, err := os.CreateTemp(k.Spool, "body-*")
	if err != nil {
		gone()
		return nil, err
	}
	_ = os.Remove(f.Name()) // nothing is left when the process is killed; where an open file keeps its name it goes below
	closed := func() {
		_, _ = f.Close(), os.Remove(f.Name())
		gone()
	}
	n, err := io.Copy(f, body)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		closed()
		return nil, err
	}
	given, ok := k.bodies.load(r.Context(), n)
	if !ok {
		closed()
		return nil, ErrBusy
	}
	r.Body, r.ContentLength = io.NopCloser(f), n
	return func() { given(); closed() }, nil
}
