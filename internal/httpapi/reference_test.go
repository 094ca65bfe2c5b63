package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"sifen/internal/apptest"
)

// TestReferenceDataAreAskedForOnce: what every page needs is sent compressed, then only when it changed; other answers are
// kept nowhere.
func TestReferenceDataAreAskedForOnce(t *testing.T) {
	w := apptest.New(t, false)
	ask := func(as, path, tag, lang string) (*http.Response, []byte) {
		r, err := http.NewRequest("GET", w.Server.URL+"/api/v1"+path, nil)
		apptest.Must(t, err)
		r.Header.Set("Cookie", "sifen_session="+w.Tokens[as])
		r.Header.Set("Accept-Language", lang)
		r.Header.Set("Accept-Encoding", "gzip") // the transport leaves the body as it came
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		res, err := http.DefaultClient.Do(r)
		apptest.Must(t, err)
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		apptest.Must(t, err)
		return res, raw
	}
	for _, path := range []string{"/units", "/kinds", "/figures", "/roles"} {
		first, raw := ask("admin", path, "", "zh")
		tag := first.Header.Get("ETag")
		if first.StatusCode != 200 || tag == "" || first.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %d %v", path, first.StatusCode, first.Header)
		}
		if path == "/kinds" {
			if first.Header.Get("Content-Encoding") != "gzip" {
				t.Errorf("%s comes as it is: %d bytes", path, len(raw))
			}
			z, err := gzip.NewReader(bytes.NewReader(raw))
			apptest.Must(t, err)
			plain, err := io.ReadAll(z)
			apptest.Must(t, err)
			if !json.Valid(plain) || len(plain) < 3*len(raw) {
				t.Errorf("%s: %d bytes of %d", path, len(raw), len(plain))
			}
		}
		if again, body := ask("admin", path, tag, "zh"); again.StatusCode != 304 || len(body) != 0 {
			t.Errorf("%s again: %d, %d bytes", path, again.StatusCode, len(body))
		}
		if other, _ := ask("admin", path, `"0"`, "zh"); other.StatusCode != 200 {
			t.Errorf("%s with another tag: %d", path, other.StatusCode)
		}
	}
	_, _ = ask("admin", "/units", "", "zh")
	before, _ := ask("admin", "/units", "", "zh")
	w.Post("admin", "/units", apptest.Vals{"name": "新社区", "type": "community", "parent": w.Units["东街"], "from": "2020-01-01"}, 0).OK()
	if after, _ := ask("admin", "/units", before.Header.Get("ETag"), "zh"); after.StatusCode != 200 {
		t.Errorf("after a change: %d", after.StatusCode)
	}
	if clerk, _ := ask("clerk1", "/units", before.Header.Get("ETag"), "zh"); clerk.StatusCode != 200 {
		t.Errorf("another person's units: %d", clerk.StatusCode)
	}
	before, _ = ask("admin", "/units?day=2019-06-01", "", "zh")
	if now, _ := ask("admin", "/units", before.Header.Get("ETag"), "zh"); now.StatusCode != 200 {
		t.Errorf("the units of another day: %d", now.StatusCode)
	}
	if en, _ := ask("admin", "/units?day=2019-06-01", before.Header.Get("ETag"), "en"); en.StatusCode != 200 {
		t.Errorf("another language: %d", en.StatusCode)
	}
	bad, raw := ask("admin", "/units?day=never", "", "zh")
	if bad.StatusCode != 422 || bad.Header.Get("ETag") != "" || bad.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a refusal is kept: %d %v %s", bad.StatusCode, bad.Header, raw)
	}
	w.Clock.Set(w.Clock.Now().Add(24 * time.Hour))
	if next, _ := ask("admin", "/units?day=2019-06-01", before.Header.Get("ETag"), "zh"); next.StatusCode == 304 {
		t.Error("what was seen yesterday is seen today")
	}
	if r, _ := ask("admin", "/me", "", "zh"); r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("ETag") != "" {
		t.Errorf("what is no reference is kept: %v", r.Header)
	}
}
