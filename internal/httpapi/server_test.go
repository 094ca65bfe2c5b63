package httpapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestClient: only who is trusted is believed, hop by hop from the end.
func TestClient(t *testing.T) {
	balancer, err := ParseProxies([]string{"10.0.0.7", " 10.1.0.0/16 ", ""})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		proxies                 Proxies
		remote, forwarded, want string
	}{
		"direct from another machine":              {nil, "203.0.113.9:4000", "", "203.0.113.9:4000"},
		"a claim from another machine":             {nil, "203.0.113.9:4000", "198.51.100.1", "203.0.113.9:4000"},
		"a proxy on this machine":                  {nil, "127.0.0.1:4000", "198.51.100.1", "198.51.100.1:0"},
		"a proxy on this machine, mapped":          {nil, "[::ffff:127.0.0.1]:4000", "198.51.100.1", "198.51.100.1:0"},
		"a proxy that was sent a claim":            {nil, "127.0.0.1:4000", "10.0.0.1, 198.51.100.1", "198.51.100.1:0"},
		"this machine itself":                      {nil, "127.0.0.1:4000", "", "127.0.0.1:4000"},
		"a proxy on this machine with a bad value": {nil, "[::1]:4000", "unknown", "[::1]:4000"},
		"a proxy elsewhere, not named":             {nil, "10.0.0.7:4000", "198.51.100.1", "10.0.0.7:4000"},
		"a proxy elsewhere, named":                 {balancer, "10.0.0.7:4000", "198.51.100.1", "198.51.100.1:0"},
		"its neighbour, not named":                 {balancer, "10.0.0.8:4000", "198.51.100.1", "10.0.0.8:4000"},
		"two proxies one after the other":          {balancer, "10.0.0.7:4000", "198.51.100.1, 10.1.2.3", "198.51.100.1:0"},
		"two proxies that were sent a claim":       {balancer, "10.0.0.7:4000", "10.1.9.9, 198.51.100.1, 10.1.2.3", "198.51.100.1:0"},
		"two lines of the header":                  {balancer, "10.0.0.7:4000", "198.51.100.1\n10.1.2.3", "198.51.100.1:0"},
		"this machine before a named one":          {balancer, "127.0.0.1:4000", "198.51.100.1, 10.0.0.7", "198.51.100.1:0"},
		"an entry with a port":                     {balancer, "10.0.0.7:4000", "198.51.100.1:5", "198.51.100.1:5"},
		"an entry of IPv6 in brackets":             {balancer, "10.0.0.7:4000", "[2001:db8::1]:5", "[2001:db8::1]:5"},
		"an entry of IPv6":                         {balancer, "10.0.0.7:4000", "2001:db8::1", "[2001:db8::1]:0"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		for _, line := range strings.Split(c.forwarded, "\n") {
			r.Header.Add("X-Forwarded-For", line)
		}
		if got := c.proxies.Client(r); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if _, err := ParseProxies([]string{"10.0.0"}); err == nil || !strings.Contains(err.Error(), "trusted-proxies") {
		t.Errorf("a bad setting: %v", err)
	}
}

// TestWhoSaysThatItIsTLS: the word of a stranger makes no cookie secure.
func TestWhoSaysThatItIsTLS(t *testing.T) {
	for name, c := range map[string]struct {
		remote, proto string
		want          bool
	}{"a proxy of ours": {"127.0.0.1:1", "https", true}, "without TLS": {"127.0.0.1:1", "http", false}, "a stranger": {"203.0.113.9:1", "https", false}} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		r.Header.Set("X-Forwarded-Proto", c.proto)
		if got := Proxies(nil).overTLS(r); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestFromHere(t *testing.T) {
	h := Proxies(nil).FromHere(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
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
