// Package live tells open pages what changed, so that they read again: keys and kinds, never values.
package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/outbox"
)

// Streams holds the open event streams of this node.
type Streams struct {
	db    *db.DB
	alive func(ctx context.Context, token string) (bool, error)
	once  sync.Once
	ended chan struct{}
}

// New makes streams over the facts of a database. alive says whether a session still runs: no stream outlives its own.
func New(d *db.DB, alive func(ctx context.Context, token string) (bool, error)) *Streams {
	return &Streams{db: d, alive: alive, ended: make(chan struct{})}
}

// Stop ends every stream; the pages connect again when the server is back.
func (s *Streams) Stop() { s.once.Do(func() { close(s.ended) }) }

// Register adds the stream of events.
func (s *Streams) Register(k *httpapi.Kit) {
	k.Handle("GET /api/v1/events", http.HandlerFunc(s.serve))
}

// beat is how often a quiet stream shows that it lives.
const beat = 20 * time.Second

func (s *Streams) serve(w http.ResponseWriter, r *http.Request) {
	c := httpapi.CallerOf(r.Context())
	switch {
	case !c.SignedIn:
		httpapi.Deny(w, r, httpapi.ErrSession)
		return
	case c.MustChange:
		httpapi.Deny(w, r, httpapi.ErrMustChange)
		return
	}
	lines := make(chan string, 64)
	defer s.db.Listen(func(note any) {
		line := event(c, note)
		if line == "" {
			return
		}
		select {
		case lines <- line:
		default: // a slow page reads everything again at its next event
		}
	})()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	ctl := http.NewResponseController(w)
	send := func(text string) bool {
		_ = ctl.SetWriteDeadline(time.Now().Add(30 * time.Second)) //nolint:forbidigo // a socket deadline is machine time
		if _, err := fmt.Fprint(w, text); err != nil {
			return false
		}
		return ctl.Flush() == nil
	}
	if !send("retry: 3000\n\n: ready\n\n") {
		return
	}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-s.ended:
			return
		case line := <-lines:
			if !send(line) {
				return
			}
		case <-tick.C:
			if alive, err := s.alive(r.Context(), c.Token); err != nil || !alive {
				return
			}
			if !send(": beat\n\n") {
				return
			}
		}
	}
}

// event words a note for one caller; "" where it is none of his business.
func event(c *httpapi.Caller, note any) string {
	heard, ok := note.(outbox.Heard)
	if !ok || heard.District != c.Scope.District {
		return ""
	}
	news, ok := heard.Fact.(outbox.News)
	if !ok {
		return ""
	}
	name, data, ok := news.News(c.Scope)
	if !ok {
		return ""
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return ""
	}
	return "event: " + name + "\ndata: " + string(raw) + "\n\n"
}
