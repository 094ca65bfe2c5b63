package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"sifen/internal/problem"
)

// What bodies may take of the memory. Small ones are taken as they come.
const (
	smallBody    = 64 << 10
	strangerBody = 16 << 10  // of who is not signed in: a login and a password
	allBodies    = 192 << 20 // of all large bodies at once
	largePerson  = 4         // large bodies of one person at once
	bodyWait     = 15 * time.Second
)

// ErrBusy says that too much is being sent at this moment.
var ErrBusy = problem.New(problem.Busy, "http.busy", nil)

// bodies keeps what is being received within bounds, whoever sends it.
type bodies struct {
	room *semaphore.Weighted
	mu   sync.Mutex
	by   map[string]int
}

func newBodies() *bodies {
	return &bodies{room: semaphore.NewWeighted(allBodies), by: map[string]int{}}
}

// take waits for room for a body; ok is false when none comes, or when the person sends too many at once.
func (b *bodies) take(ctx context.Context, account string, size int64) (release func(), ok bool) {
	if size <= smallBody {
		return func() {}, true
	}
	b.mu.Lock()
	if b.by[account] >= largePerson {
		b.mu.Unlock()
		return nil, false
	}
	b.by[account]++
	b.mu.Unlock()
	left := func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.by[account]--; b.by[account] == 0 {
			delete(b.by, account)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, bodyWait)
	defer cancel()
	if b.room.Acquire(ctx, size) != nil {
		left()
		return nil, false
	}
	return func() { b.room.Release(size); left() }, true
}

// readBody reads a body of limited size once, so that its hash is known before the operation runs. release gives its room
// back and is called when the answer was written; nil after a refusal.
func (k *Kit) readBody(w http.ResponseWriter, r *http.Request, c *Caller, limit int64) (release func()) {
	deny := func(e *problem.Error) {
		if e == ErrBusy {
			w.Header().Set("Retry-After", "5")
		}
		Deny(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)), e)
	}
	if !c.SignedIn {
		limit = min(limit, strangerBody)
	}
	if r.ContentLength > limit {
		deny(ErrTooLarge.With("max", max(1, limit>>20)))
		return nil
	}
	size := limit
	if r.ContentLength >= 0 {
		size = r.ContentLength
	}
	release, ok := k.bodies.take(r.Context(), c.Scope.Account, size)
	if !ok {
		deny(ErrBusy)
		return nil
	}
	ctl := http.NewResponseController(w)
	_ = ctl.SetReadDeadline(time.Now().Add(30*time.Second + time.Duration(size>>16)*time.Second)) //nolint:forbidigo // a socket deadline is machine time
	var buf bytes.Buffer
	if r.ContentLength > 0 {
		buf.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	if _, err := buf.ReadFrom(http.MaxBytesReader(w, r.Body, limit)); err != nil {
		release()
		deny(ErrTooLarge.With("max", max(1, limit>>20)))
		return nil
	}
	_ = ctl.SetReadDeadline(time.Time{}) // the connection is watched while the operation runs: a deadline would end that too
	raw := buf.Bytes()
	sum := sha256.Sum256(raw)
	c.bodySum = hex.EncodeToString(sum[:])
	r.Body = io.NopCloser(bytes.NewReader(raw))
	r.ContentLength = int64(len(raw))
	return release
}
