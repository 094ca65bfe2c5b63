package account

import (
	"context"
	"runtime"
	"sync"
)

// turns lets few hash at once, so that half of the machine is left to everybody's work, and few wait for it, so that a flood
// of guesses is turned away at the door. Who is known does not wait in the same line as strangers.
type turns struct {
	slots chan struct{}
	most  int // how many may wait in a line

	mu    sync.Mutex
	lines [2]int // who waits: strangers, and those who are signed in or were here before
}

const (
	strangers = 0
	known     = 1
)

func newTurns(slots, most int) *turns { return &turns{slots: make(chan struct{}, slots), most: most} }

// hashing is the machine's: 62 ms and 19 MiB a hash, at 32 in a line nobody waits longer than four seconds.
var hashing = newTurns(max(1, runtime.GOMAXPROCS(0)/2), 32)

// take waits for a turn and returns the func that ends it.
//
// Errors: ErrCrowded where too many wait already.
func (t *turns) take(ctx context.Context, line int) (func(), error) {
	t.mu.Lock()
	if t.lines[line] >= t.most {
		t.mu.Unlock()
		return nil, ErrCrowded
	}
	t.lines[line]++
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		t.lines[line]--
		t.mu.Unlock()
	}()
	select {
	case t.slots <- struct{}{}:
		return func() { <-t.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
