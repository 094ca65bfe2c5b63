package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/web"
)

// API registers every operation and returns the kit.
func (a *App) API() *httpapi.Kit {
	k := httpapi.New(&httpapi.Kit{
		DB: a.DB, Clock: a.Clock, Log: a.Log, Proxies: a.Proxies, Spool: a.Data,
		Targets: func(ctx context.Context, q db.Querier, district, unit, today int64) ([]access.Target, error) {
			o, err := a.Orgs.Current(ctx, q, district)
			if err != nil {
				return nil, err
			}
			return o.Targets(org.No(unit), period.Day(today)), nil
		},
		Resolve: func(ctx context.Context, token string) (httpapi.Caller, error) {
			acc, ok, err := a.Accounts.Session(ctx, token)
			if err != nil || !ok {
				return httpapi.Caller{}, err
			}
			scope, err := a.Accounts.Scope(ctx, a.DB.Read, acc)
			return httpapi.Caller{Scope: scope, Login: acc.Login, Token: token, MustChange: acc.MustChange, SignedIn: true}, err
		},
		Begin: func(ctx context.Context, tx *db.Tx, district int64, alone bool) error {
			if alone {
				return indicator.Exclusive(ctx, tx, district)
			}
			return indicator.Shared(ctx, tx, district)
		},
	}, Version)
	for _, m := range a.Modules.All() {
		if m.Register != nil {
			m.Register(k)
		}
	}
	return k
}

// Handler is the whole web side: operations, pages, health and metrics.
func (a *App) Handler() http.Handler {
	k := a.API()
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	requests := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sifen_request_seconds", Help: "Time to answer a request.",
		Buckets: []float64{.005, .02, .1, .5, 2, 10}}, []string{"method", "status"})
	reg.MustRegister(requests)
	k.Handle("GET /metrics", a.Proxies.FromHere(promhttp.HandlerFor(reg, promhttp.HandlerOpts{})))
	k.Handle("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }))
	k.Handle("GET /readyz", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := a.DB.Read.PingContext(ctx); err != nil {
			http.Error(w, "database: not ready", http.StatusServiceUnavailable)
			return
		}
		if err := a.DB.Writable(ctx); err != nil {
			http.Error(w, "database: cannot write", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	}))
	k.Handle("GET /openapi.json", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		raw, err := k.OpenAPI()
		if err != nil {
			http.Error(w, "openapi", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(raw) // the client is gone if this fails
	}))
	inner := compressed(k.Handler(Pages(web.Dist())))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now() //nolint:forbidigo // a measurement, not business time
		sw := &statusWriter{ResponseWriter: w}
		inner.ServeHTTP(sw, r)
		requests.WithLabelValues(r.Method, strconv.Itoa(sw.status/100)+"xx").Observe(time.Since(start).Seconds()) //nolint:forbidigo // as above
	})
}

// compressed makes answers of the API smaller on their way; streams of events go as they are, pages were compressed when they
// were built. A few random bytes keep the size from telling what an answer says.
func compressed(inner http.Handler) http.Handler {
	small, err := gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.ContentTypes([]string{"application/json", "application/problem+json"}),
		gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		panic(err) // the options are constants
	}
	zipped := small(inner)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasSuffix(r.URL.Path, "/events") {
			zipped.ServeHTTP(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader passes the first status on. A second comes when a client leaves while its answer is written: nobody reads it.
func (w *statusWriter) WriteHeader(code int) {
	if w.status != 0 {
		return
	}
	w.status = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Pages serves the built front end: assets compressed and for ever, the page for every address without an extension.
func Pages(dist fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			httpapi.Deny(w, r, httpapi.ErrMethod)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if name == "m" || strings.HasPrefix(name, "m/") && path.Ext(name) == "" { // the phone's pages
			name = "m.html"
		} else if path.Ext(name) == "" || strings.HasPrefix(name, "figures/") { // keys of figures have dots
			name = "index.html"
		}
		if serve(w, r, dist, name) {
			return
		}
		if name == "index.html" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write(web.Stub) // the client is gone if this fails
			return
		}
		http.NotFound(w, r)
	})
}

func serve(w http.ResponseWriter, r *http.Request, dist fs.FS, name string) bool {
	zipped, zerr := fs.ReadFile(dist, name+".gz")
	raw, err := fs.ReadFile(dist, name)
	if err != nil && zerr != nil {
		return false
	}
	h := w.Header()
	t := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".webmanifest" {
		t = "application/manifest+json"
	}
	if t != "" {
		h.Set("Content-Type", t)
	}
	h.Set("Vary", "Accept-Encoding")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if zerr == nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(zipped)))
		_, _ = w.Write(zipped) // the client is gone if this fails
		return true
	}
	if err != nil {
		zr, err := gzip.NewReader(bytes.NewReader(zipped))
		if err != nil {
			return false
		}
		if raw, err = io.ReadAll(zr); err != nil {
			return false
		}
	}
	_, _ = w.Write(raw) // the client is gone if this fails
	return true
}

// Serve listens until ctx ends, then lets running requests finish for at most ten seconds. Before it looks whether it may: no
// command writes to the database, and the evidence folder is the one of all its nodes.
func (a *App) Serve(ctx context.Context, addr string, plainOK bool, ready func(net.Addr)) error {
	serving, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	ended, err := a.DB.Serving(serving, a.Log)
	if err != nil {
		return err
	}
	defer func() { end(); <-ended }() // what runs until then is still said to run
	if err := a.sameEvidence(ctx); err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	if t, ok := l.Addr().(*net.TCPAddr); ok && !t.IP.IsLoopback() {
		if !plainOK {
			l.Close()
			return fmt.Errorf("%s is reachable from other machines over plain http: put a TLS proxy in front and listen on 127.0.0.1, or set "+
				"insecure-http to accept it", addr)
		}
		a.plain = true
	}
	srv := &http.Server{Handler: a.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }}
	srv.RegisterOnShutdown(a.Streams.Stop) // open event streams end; other requests finish
	a.Start(ctx)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	if ready != nil {
		ready(l.Addr())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := srv.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return srv.Close()
}
