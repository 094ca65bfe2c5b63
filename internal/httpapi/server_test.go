package httpapi

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestClientAddr(t *testing.T) {
	for name, c := range map[string]struct{ remote, forwarded, want string }{
		"direct from another machine":              {"203.0.113.9:4000", "", "203.0.113.9:4000"},
		"a claim from another machine":             {"203.0.113.9:4000", "198.51.100.1", "203.0.113.9:4000"},
		"a proxy on this machine":                  {"127.0.0.1:4000", "198.51.100.1", "198.51.100.1:0"},
		"a proxy that was sent a claim":            {"127.0.0.1:4000", "10.0.0.1, 198.51.100.1", "198.51.100.1:0"},
		"this machine itself":                      {"127.0.0.1:4000", "", "127.0.0.1:4000"},
		"a proxy on this machine with a bad value": {"[::1]:4000", "unknown", "[::1]:4000"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := clientAddr(r); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestFromHere(t *testing.T) {
	h := FromHere(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for name, c := range map[string]struct {
		remote, forwarded string
		want              int
	}{
		"this machine":                  {"127.0.0.1:4000", "", 204},
		"this machine over its proxy":   {"[::1]:4000", "127.0.0.1", 204},
		"another machine":               {"203.0.113.9:4000", "", 404},
		"another machine with a claim":  {"203.0.113.9:4000", "127.0.0.1", 404},
		"another machine over a proxy":  {"127.0.0.1:4000", "203.0.113.9", 404},
		"a proxy that was sent a claim": {"127.0.0.1:4000", "127.0.0.1, 203.0.113.9", 404},
	} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
	}
}

func TestTag(t *testing.T) {
	for in, want := range map[string]int64{`"3"`: 3, `W/"12"`: 12, ` "7" `: 7} {
		if got, err := Tag(in); err != nil || got != want {
			t.Errorf("Tag(%q) = %d, %v", in, got, err)
		}
	}
	for _, in := range []string{"", `""`, "*", `"a"`, `"3", "4"`} {
		if got, err := Tag(in); err == nil {
			t.Errorf("Tag(%q) = %d, want an error", in, got)
		}
	}
}
