package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"sifen/internal/access"
	"sifen/internal/clock"
)

// TestMoreThanTheServerCanTake: what is too much is told at once, in both languages and with a time to come again; writings do
// not wait for readings, nor anybody for those who are not signed in; streams and probes are not counted; and when the work
// is done, everything is served again.
func TestMoreThanTheServerCanTake(t *testing.T) {
	k := New(&Kit{Clock: clock.At(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)), Log: slog.New(slog.DiscardHandler),
		Resolve: func(context.Context, string) (Caller, error) {
			return Caller{SignedIn: true, Login: "a", Scope: access.Scope{Account: "a"}}, nil
		}}, "test")
	k.lanes = &lanes{newLane(2, 4, 20*time.Second), newLane(2, 4, 20*time.Second), newLane(2, 4, 20*time.Second),
		newLane(1, 20, 20*time.Second)}
	began, hold := make(chan bool, 100), make(chan bool)
	type none struct{}
	type said struct{ Body string }
	wait := func(context.Context, access.Scope, *none) (*said, error) {
		began <- true
		<-hold
		return &said{"done"}, nil
	}
	Query(k, Operation{ID: "slow", Route: "GET /slow", Verb: SignedIn}, wait)
	Query(k, Operation{ID: "slow-reference", Route: "GET /reference", Verb: SignedIn, Reference: true}, wait)
	Query(k, Operation{ID: "stranger", Route: "GET /stranger", Verb: Public}, wait)
	quick := func(context.Context, access.Scope, *none) (*said, error) { return &said{"quick"}, nil }
	Query(k, Operation{ID: "write", Route: "POST /write", Verb: SignedIn}, quick)
	Query(k, Operation{ID: "door", Route: "GET /door", Verb: Public}, quick)
	open := make(chan bool)
	k.Handle("GET /api/v1/events", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "open"); <-open }))
	k.Handle("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	h := k.Handler(http.NotFoundHandler())
	ask := func(method, path, lang string, signedIn bool) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Accept-Language", lang)
		if signedIn {
			r.AddCookie(&http.Cookie{Name: "sifen_session", Value: "x"})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for range 8 { // more open streams than anything is allowed
		go ask("GET", "/api/v1/events", "en", true)
	}
	var all sync.WaitGroup
	for _, path := range []string{"/api/v1/slow", "/api/v1/reference", "/api/v1/slow", "/api/v1/slow"} {
		all.Go(func() {
			if w := ask("GET", path, "en", true); w.Code != 200 {
				t.Errorf("%s waited its turn and got %d %s", path, w.Code, w.Body)
			}
		})
		if k.lanes.reads.inHand.Load() < 2 {
			<-began
		}
	}
	for k.lanes.reads.inHand.Load() < 4 {
		time.Sleep(time.Millisecond)
	}
	var words [2]string
	for i, lang := range []string{"zh-CN", "en"} {
		w := ask("GET", "/api/v1/slow", lang, true)
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err, w.Body)
		}
		if w.Code != 503 || p.Code != "http.load" || len(w.Header().Get("Retry-After")) != 1 || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("too much: %d %v %s", w.Code, w.Header(), w.Body)
		}
		words[i] = p.Title
	}
	if words[0] == words[1] || words[0] == "" {
		t.Errorf("the sentences: %q", words)
	}
	if len(began) > 1 {
		t.Errorf("%d more than two were worked on at once", len(began))
	}
	for path, want := range map[string]string{"GET /healthz": "ok", "GET /api/v1/door": "quick"} {
		method, at, _ := strings.Cut(path, " ")
		if w := ask(method, at, "en", false); w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s beside the readings: %d %s", path, w.Code, w.Body)
		}
	}
	if w := ask("POST", "/api/v1/write", "en", true); w.Code != 200 {
		t.Errorf("a write beside the readings: %d %s", w.Code, w.Body)
	}
	close(hold)
	all.Wait()
	for path, signedIn := range map[string]bool{"GET /api/v1/slow": true, "POST /api/v1/write": true, "GET /api/v1/stranger": false} {
		method, at, _ := strings.Cut(path, " ")
		if w := ask(method, at, "en", signedIn); w.Code != 200 {
			t.Errorf("%s afterwards: %d %s", path, w.Code, w.Body)
		}
	}
	close(open)
	for _, l := range []*lane{k.lanes.reads, k.lanes.writes, k.lanes.doors, k.lanes.sessions} {
		if n := l.inHand.Load(); n != 0 {
			t.Errorf("%d are still in hand", n)
		}
	}
}

// TestALane: turns are given in order, to no more than run at once, and nobody waits longer than is said. A turn given on at
// the first byte stays in hand until the answer is taken.
func TestALane(t *testing.T) {
	l := newLane(1, 3, 30*time.Millisecond)
	step, leave, ok := l.enter(t.Context())
	if !ok {
		t.Fatal("the first is turned away")
	}
	start := time.Now()
	if _, _, ok := l.enter(t.Context()); ok || time.Since(start) < 25*time.Millisecond {
		t.Errorf("the second had its turn while the first went on, or did not wait: %v", time.Since(start))
	}
	step()
	_, next, ok := l.enter(t.Context())
	if !ok {
		t.Fatal("the turn was not given on")
	}
	if n := l.inHand.Load(); n != 2 {
		t.Errorf("%d in hand, want the one whose answer is on its way and the next", n)
	}
	next()
	leave()
	leave = nil
	var order []int
	var mu sync.Mutex
	l = newLane(1, 100, 10*time.Second)
	_, first, _ := l.enter(t.Context())
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			_, leave, ok := l.enter(t.Context())
			if !ok {
				t.Error("turned away")
				return
			}
			mu.Lock()
			order = append(order, i)
			mu.Unlock()
			leave()
		})
		for l.inHand.Load() < int64(i+2) {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(2 * time.Millisecond) // until it waits
	}
	first()
	all.Wait()
	for i, n := range order {
		if i != n {
			t.Fatalf("the order was %v", order)
		}
	}
}
