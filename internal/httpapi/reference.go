package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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

// stampOf is the tag of an answer before it is made; "" where that cannot be told.
func stampOf(r *http.Request, c *Caller, o Operation) string {
	if o.Stamp == nil || !c.SignedIn || refusal(o.Verb, c) != nil {
		return ""
	}
	stamp, err := o.Stamp(r.Context(), c.Scope)
	if err != nil {
		return "" // the answer itself says why
	}
	by := c.Scope
	return tagOf(fmt.Appendf(nil, "%s|%s|%s|%d|%s|%d|%v", stamp, r.URL.RequestURI(), c.Lang, by.District, by.Account, by.Today, by.Grants))
}

func tagOf(what []byte) string {
	sum := sha256.Sum256(what)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// revalidated answers reference data, which every page asks for and which rarely change: the browser keeps them and asks
// whether they are still the same; then nothing is sent, and where the tag is known beforehand nothing is made.
func revalidated(w http.ResponseWriter, r *http.Request, tag string, next http.Handler) {
	h := w.Header()
	same := func() bool {
		h.Set("ETag", tag)
		h.Set("Cache-Control", "private, no-cache")
		h.Add("Vary", "Accept-Language, Cookie")
		for _, known := range strings.Split(r.Header.Get("If-None-Match"), ",") {
			if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
				h.Del("Content-Type")
				h.Del("Content-Length")
				w.WriteHeader(http.StatusNotModified)
				return true
			}
		}
		return false
	}
	before := tag != ""
	if before && same() {
		return
	}
	k := &kept{ResponseWriter: w}
	next.ServeHTTP(k, r)
	if k.status != http.StatusOK {
		h.Del("ETag")
		h.Set("Cache-Control", "no-store")
	} else if !before {
		if tag = tagOf(k.body.Bytes()); same() {
			return
		}
	}
	if k.status != 0 {
		w.WriteHeader(k.status)
	}
	_, _ = w.Write(k.body.Bytes()) // the client is gone if this fails
}
