package apptest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"sifen/internal/id"
)

// Reply is an answer with its body read.
type Reply struct {
	T      testing.TB
	Status int
	Header http.Header
	Body   []byte
	what   string
}

// Ask is one request; the zero Ask is an anonymous GET.
type Ask struct {
	As, Method, Path string
	Body             any // marshalled; []byte goes as raw bytes, string as it is
	Match            int64
	Op               string
	Lang             string
	Header           map[string]string
}

// Do sends a request.
func (w *World) Do(q Ask) Reply {
	w.T.Helper()
	var body io.Reader
	kind := "application/json"
	switch b := q.Body.(type) {
	case nil:
	case []byte:
		body, kind = bytes.NewReader(b), "application/octet-stream"
	case string:
		body = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		Must(w.T, err)
		body = bytes.NewReader(raw)
	}
	if q.Method == "" {
		q.Method = "GET"
	}
	r, err := http.NewRequest(q.Method, w.Server.URL+"/api/v1"+q.Path, body)
	Must(w.T, err)
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	if q.Method != "GET" {
		if q.Op == "" {
			q.Op = id.New(w.Clock.Now())
		}
		r.Header.Set("Idempotency-Key", q.Op)
	}
	if q.Match != 0 {
		r.Header.Set("If-Match", fmt.Sprintf(`"%d"`, q.Match))
	}
	r.Header.Set("Accept-Language", q.Lang)
	for k, v := range q.Header {
		r.Header.Set(k, v)
	}
	if q.As != "" {
		token, ok := w.Tokens[q.As]
		if !ok {
			token = q.As
		}
		r.Header.Set("Cookie", "sifen_session="+token)
	}
	res, err := http.DefaultClient.Do(r)
	Must(w.T, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	Must(w.T, err)
	return Reply{w.T, res.StatusCode, res.Header, raw, q.As + " " + q.Method + " " + q.Path}
}

// Get reads as a login.
func (w *World) Get(as, path string) Reply { w.T.Helper(); return w.Do(Ask{As: as, Path: path}) }

// Post sends a body as a login; match is the revision it was seen at, 0 for none.
func (w *World) Post(as, path string, body any, match int64) Reply {
	w.T.Helper()
	if body == nil {
		body = map[string]any{}
	}
	return w.Do(Ask{As: as, Method: "POST", Path: path, Body: body, Match: match})
}

// OK demands success and returns the body as a map.
func (r Reply) OK() map[string]any {
	r.T.Helper()
	if r.Status/100 != 2 {
		r.T.Fatalf("%s: %d %s", r.what, r.Status, r.Body)
	}
	return r.JSON()
}

// JSON is the body as a map.
func (r Reply) JSON() map[string]any {
	r.T.Helper()
	out := map[string]any{}
	if len(r.Body) > 0 {
		if err := json.Unmarshal(r.Body, &out); err != nil {
			r.T.Fatalf("%s: %v in %.300s", r.what, err, r.Body)
		}
	}
	return out
}

// Lines reads a CSV file, each line with its cells joined by commas.
func (r Reply) Lines() []string {
	r.T.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(r.Body, []byte("\ufeff")))).ReadAll()
	Must(r.T, err)
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = strings.Join(row, ",")
	}
	return out
}

// Refused demands a status and a problem code.
func (r Reply) Refused(status int, code string) map[string]any {
	r.T.Helper()
	p := r.JSON()
	if r.Status != status || p["code"] != code {
		r.T.Errorf("%s: %d %s, want %d %s", r.what, r.Status, r.Body, status, code)
	}
	return p
}

// At reads a path such as "errors.0.pointer" from decoded JSON.
func At(v any, path string) any {
	for _, p := range strings.Split(path, ".") {
		switch t := v.(type) {
		case map[string]any:
			v = t[p]
		case []any:
			var i int
			if _, err := fmt.Sscan(p, &i); err != nil || i >= len(t) {
				return nil
			}
			v = t[i]
		default:
			return nil
		}
	}
	return v
}

// Num reads a number at a path.
func Num(v any, path string) int64 { f, _ := At(v, path).(float64); return int64(f) }

// Text reads a text at a path.
func Text(v any, path string) string { s, _ := At(v, path).(string); return s }

// List reads a list at a path.
func List(v any, path string) []any { l, _ := At(v, path).([]any); return l }
