package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// kept holds an answer back until its tag is known.
type kept struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (k *kept) WriteHeader(status int) {
	if k.status == 0 {
		k.status = status
	}
}

// Write keeps the bytes.
func (k *kept) Write(b []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.body.Write(b)
}

// revalidated answers reference data, which every page asks for and which rarely change: the browser keeps them and asks
// whether they are still the same; then nothing is sent.
func revalidated(w http.ResponseWriter, r *http.Request, next http.Handler) {
	k := &kept{ResponseWriter: w}
	next.ServeHTTP(k, r)
	h := w.Header()
	if k.status == http.StatusOK {
		sum := sha256.Sum256(k.body.Bytes())
		tag := `"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		h.Set("Cache-Control", "private, no-cache")
		h.Add("Vary", "Accept-Language, Cookie")
		for _, known := range strings.Split(r.Header.Get("If-None-Match"), ",") {
			if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
				h.Del("Content-Type")
				h.Del("Content-Length")
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
	}
	if k.status != 0 {
		w.WriteHeader(k.status)
	}
	_, _ = w.Write(k.body.Bytes()) // the client is gone if this fails
}
