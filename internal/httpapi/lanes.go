package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"sifen/internal/problem"
)

// How many requests are worked on at once, how many wait for it and how long. Two cores serve some hundred reads a second:
// what waits longer is answered faster by coming again, and what nobody waits for any more takes no memory.
const (
	laneRuns = 16
	laneMost = 600 // worked on, waiting, or on their way to a slow reader
	laneWait = 5 * time.Second
	slowest  = 10 * time.Minute // until an answer has been taken
)

// ErrLoad says that more is being asked than the server can do at this moment.
var ErrLoad = problem.New("load", "http.load", nil)

// lane lets a number of requests through at once, in the order in which they came.
type lane struct {
	run    *semaphore.Weighted
	most   int64
	wait   time.Duration
	inHand atomic.Int64
	turned atomic.Int64 // away, so far
}

func newLane(runs, most int64, wait time.Duration) *lane {
	return &lane{run: semaphore.NewWeighted(runs), most: most, wait: wait}
}

// enter waits for a turn. step gives the turn to the next while the request stays in hand; leave ends it.
func (l *lane) enter(ctx context.Context) (step, leave func(), ok bool) {
	if l.inHand.Add(1) > l.most {
		l.inHand.Add(-1)
		l.turned.Add(1)
		return nil, nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, l.wait)
	defer cancel()
	if l.run.Acquire(ctx, 1) != nil {
		l.inHand.Add(-1)
		l.turned.Add(1)
		return nil, nil, false
	}
	step = sync.OnceFunc(func() { l.run.Release(1) })
	return step, func() { step(); l.inHand.Add(-1) }, true
}

// lanes keep apart what must not wait for one another: readings, writings, which wait for one writer, those who are not signed
// in, whose passwords take long to check, and the looking up of sessions, by which it is known which it is.
type lanes struct{ reads, writes, doors, sessions *lane }

func newLanes() *lanes {
	return &lanes{newLane(laneRuns, laneMost, laneWait), newLane(laneRuns, laneMost, laneWait), newLane(laneRuns, laneMost/2, laneWait),
		newLane(laneRuns/2, 2*laneMost, laneWait)}
}

func (k *Kit) laneOf(r *http.Request, c *Caller) *lane {
	switch {
	case !c.SignedIn:
		return k.lanes.doors
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return k.lanes.reads
	}
	return k.lanes.writes
}

// turnAway says when to come again: not all at the same moment.
func (k *Kit) turnAway(w http.ResponseWriter, r *http.Request, l *lane) {
	w.Header().Set("Retry-After", strconv.FormatInt(1+l.turned.Load()%4, 10))
	Deny(w, r, ErrLoad)
}

// inTurn serves a request of an operation when its turn comes. The turn ends when the answer begins: how fast it is taken is
// the reader's business, and he may take his time, though not for ever.
func (k *Kit) inTurn(w http.ResponseWriter, r *http.Request, c *Caller, next func(http.ResponseWriter)) {
	l := k.laneOf(r, c)
	step, leave, ok := l.enter(r.Context())
	if !ok {
		k.turnAway(w, r, l)
		return
	}
	defer leave()
	ctl := http.NewResponseController(w)
	_ = ctl.SetWriteDeadline(time.Now().Add(slowest)) //nolint:forbidigo // a socket deadline is machine time
	defer func() { _ = ctl.SetWriteDeadline(time.Time{}) }()
	next(&stepping{w, step})
}

// stepping gives the turn on at the first byte of the answer.
type stepping struct {
	http.ResponseWriter
	step func()
}

// WriteHeader gives the turn on.
func (s *stepping) WriteHeader(status int) {
	s.step()
	s.ResponseWriter.WriteHeader(status)
}

func (s *stepping) Write(b []byte) (int, error) {
	s.step()
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *stepping) Unwrap() http.ResponseWriter { return s.ResponseWriter }
