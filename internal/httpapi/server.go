package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"

	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/problem"
)

// CookieName is the session cookie. Over TLS the browser itself sees to it that nobody but this host sets it.
func CookieName(secure bool) string {
	if secure {
		return "__Host-sifen_session"
	}
	return "sifen_session"
}

// Handler is the whole server: security headers, limits, session, then operations and pages.
func (k *Kit) Handler(fallback http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Deny(w, r, ErrCross) }))
	inner := cross.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := k.mux.Handler(r); pattern != "" {
			k.mux.ServeHTTP(w, r) // not the found handler: only the mux sets path values
			return
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			p := ErrNotFound
			for _, m := range []string{"GET", "POST", "PUT", "DELETE"} {
				probe := r.Clone(r.Context())
				probe.Method = m
				if _, pattern := k.mux.Handler(probe); pattern != "" {
					p = ErrMethod
				}
			}
			Deny(w, r, p)
			return
		}
		fallback.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "+
			"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		c := Caller{Lang: i18n.Parse(r.Header.Get("Accept-Language")),
			Remote: k.Proxies.Client(r), Secure: k.Proxies.overTLS(r), RequestID: id.New(k.Clock.Now())}
		defer func() {
			if v := recover(); v != nil && v != http.ErrAbortHandler {
				k.Log.Error("panic", "request", c.RequestID, "path", r.URL.Path, "panic", v, "stack", string(debug.Stack()))
				Deny(w, r, ErrInternal)
			}
		}()
		if ck, err := r.Cookie(CookieName(c.Secure)); err == nil && k.Resolve != nil && strings.HasPrefix(r.URL.Path, "/api/") {
			_, leave, ok := k.lanes.sessions.enter(r.Context())
			if !ok {
				k.turnAway(w, r, k.lanes.sessions)
				return
			}
			who, err := k.Resolve(r.Context(), ck.Value)
			leave()
			if r.Context().Err() != nil { // the page went on before its answer came
				return
			}
			if err != nil {
				k.Log.Error("session", "request", c.RequestID, "err", err)
				Deny(w, r, ErrInternal)
				return
			}
			who.Lang, who.Remote, who.Secure, who.RequestID = c.Lang, c.Remote, c.Secure, c.RequestID
			c = who
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead && strings.HasPrefix(r.URL.Path, "/api/") {
			// who may not call it sends nothing: up to 20 MB are not taken from a stranger
			limit := int64(MaxBody)
			if _, pattern := k.mux.Handler(r); pattern != "" {
				if o, known := k.rules[pattern]; known {
					if p := refusal(o.Verb, &c); p != nil {
						Deny(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, &c)), p)
						return
					}
					limit = max(limit, o.MaxBody)
				}
			}
			release := k.readBody(w, r, &c, limit)
			if release == nil {
				return
			}
			defer release()
		}
		c.known = &sync.Map{}
		r = r.WithContext(context.WithValue(r.Context(), callerKey{}, &c))
		_, pattern := k.mux.Handler(r)
		o, known := k.rules[pattern]
		if !known { // pages, probes, streams of events
			inner.ServeHTTP(w, r)
			return
		}
		k.inTurn(w, r, &c, func(w http.ResponseWriter) {
			if r.Method == http.MethodGet && o.Reference {
				revalidated(w, r, stampOf(r, &c, o), inner)
				return
			}
			inner.ServeHTTP(w, r)
		})
	})
}

// Deny writes a problem from a raw handler.
func Deny(w http.ResponseWriter, r *http.Request, e *problem.Error) {
	c := CallerOf(r.Context())
	if c.RequestID == "" {
		c = &Caller{Lang: i18n.Parse(r.Header.Get("Accept-Language"))}
	}
	p := Render(e, c)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client is gone if this fails
}

// Tag reads the revision of an If-Match header: "3".
func Tag(header string) (int64, error) {
	s := strings.Trim(strings.TrimPrefix(strings.TrimSpace(header), "W/"), `"`)
	var n int64
	for _, ch := range s {
		if ch < '0' || ch > '9' || n > 1<<50 {
			return 0, ErrTag
		}
		n = n*10 + int64(ch-'0')
	}
	if s == "" {
		return 0, ErrTag
	}
	return n, nil
}
