// Package live tells open pages what changed, so that they read again: keys and kinds, never values.
package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/outbox"
)

// Streams holds the open event streams of this node.
type Streams struct {
	db    *db.DB
	still Still
	once  sync.Once
	ended chan struct{}
}

// Still tells what a session may see now; false where it has ended.
type Still func(ctx context.Context, token string) (access.Scope, bool, error)

// New makes streams over the facts of a database. No stream outlives its session, and none tells more than the grants of the
// moment allow.
func New(d *db.DB, still Still) *Streams {
	return &Streams{db: d, still: still, ended: make(chan struct{})}
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
	facts := make(chan outbox.News, 64)
	defer s.db.Listen(func(note any) {
		news := of(c.Scope.District, note)
		if news == nil {
			return
		}
		select {
		case facts <- news:
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
		case news := <-facts:
			by, ok, err := s.still(r.Context(), c.Token)
			if err != nil || !ok {
				return
			}
			lines := event(by, news)
			for more := len(facts); more > 0; more-- { // what came meanwhile is judged by the same look
				lines += event(by, <-facts)
			}
			if lines != "" && !send(lines) {
				return
			}
		case <-tick.C:
			if _, ok, err := s.still(r.Context(), c.Token); err != nil || !ok {
				return
			}
			if !send(": beat\n\n") {
				return
			}
		}
	}
}

// of is the news of a district in a note, nil where there is none.
func of(district int64, note any) outbox.News {
	heard, ok := note.(outbox.Heard)
	if !ok || heard.District != district {
		return nil
	}
	news, _ := heard.Fact.(outbox.News)
	return news
}

// event words news for one caller; "" where it is none of his business.
func event(by access.Scope, news outbox.News) string {
	name, data, ok := news.News(by)
	if !ok {
		return ""
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return ""
	}
	return "event: " + name + "\ndata: " + string(raw) + "\n\n"
}
