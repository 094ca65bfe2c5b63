package httpapi

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/i18n"
	"sifen/internal/problem"
)

// Problems of the kit.
var (
	ErrSession    = problem.New(problem.Denied, "http.session", nil)
	ErrMustChange = problem.New(problem.Forbidden, "http.must-change", nil)
	ErrForbidden  = problem.New(problem.Forbidden, "http.forbidden", nil)
	ErrInput      = problem.New(problem.Invalid, "http.input", nil)
	ErrOperation  = problem.New(problem.Invalid, "http.operation-id", nil)
	ErrReused     = problem.New(problem.Conflict, "http.operation-reused", nil)
	ErrDone       = problem.New(problem.Conflict, "http.operation-done", nil)
	ErrInternal   = problem.New("internal", "http.internal", nil)
	ErrCancelled  = problem.New("cancelled", "http.cancelled", nil)
	ErrNotFound   = problem.New(problem.NotFound, "http.not-found", nil)
	ErrMethod     = problem.New("method", "http.method", nil)
	ErrCross      = problem.New(problem.Forbidden, "http.cross-site", nil)
	ErrTooLarge   = problem.New(problem.TooLarge, "http.too-large", nil)
	ErrTag        = problem.New("tag", "http.if-match", nil)
	ErrSlow       = problem.New("slow", "http.slow", nil)
)

var statuses = map[problem.Kind]int{
	problem.Invalid: 422, problem.NotFound: 404, problem.Conflict: 409, problem.Stale: 412, problem.Forbidden: 403, problem.Denied: 401, problem.Gone: 410,
	problem.TooLarge: 413, problem.Busy: 429, problem.Full: 507, problem.Outdated: 426,
	"internal": 500, "cancelled": 499, "method": 405, "tag": 428, "slow": 408, "load": 503,
}

// Problem is the RFC 9457 body.
type Problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail,omitempty"`
	Code     string         `json:"code"`
	Instance string         `json:"instance,omitempty"`
	Errors   []ProblemField `json:"errors,omitempty"`
	Current  any            `json:"current,omitempty"`
}

// ProblemField names one wrong input.
type ProblemField struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// Render words a problem in the caller's language.
func Render(e *problem.Error, c *Caller) *Problem {
	status, ok := statuses[e.Kind]
	if !ok {
		status = 500
	}
	p := &Problem{Type: "/problems/" + e.Code, Title: i18n.Sentence(e.Code, e.Args, c.Lang), Status: status, Code: e.Code, Instance: c.RequestID,
		Current: e.Extra["current"]}
	for _, f := range e.Fields[:min(len(e.Fields), mostFields)] {
		p.Errors = append(p.Errors, ProblemField{short(f.Pointer), f.Code, short(i18n.Sentence(f.Code, f.Args, c.Lang))})
	}
	if len(p.Errors) > 0 {
		p.Detail = p.Errors[0].Detail
	}
	return p
}

// An answer repeats of a wrong request what helps to put it right, never all of it: a megabyte of fields that nobody knows is
// not sent back.
const (
	mostFields = 50
	mostRunes  = 300
)

func short(s string) string {
	if utf8.RuneCountInString(s) <= mostRunes {
		return s
	}
	return string([]rune(s)[:mostRunes-1]) + "…"
}

// installProblems makes the library's own errors ours: a code, a pointer, no echo of the input.
func installProblems() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		c, max := &Caller{Lang: i18n.Zh}, int64(MaxBody)
		if ctx != nil {
			c = CallerOf(ctx.Context())
			if op := ctx.Operation(); op != nil && op.MaxBodyBytes > 0 {
				max = op.MaxBodyBytes
			}
		}
		return translate(c, status, max, msg, errs)
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return translate(&Caller{Lang: i18n.Zh}, status, MaxBody, msg, errs)
	}
}

func translate(c *Caller, status int, max int64, msg string, errs []error) huma.StatusError {
	base := ErrInput
	switch status {
	case http.StatusRequestEntityTooLarge:
		base = ErrTooLarge.With("max", max>>20)
	case http.StatusRequestTimeout:
		base = ErrSlow
	case http.StatusInternalServerError:
		base = ErrInternal
	case http.StatusNotFound:
		base = ErrNotFound
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		base = ErrInput
	}
	if strings.Contains(msg, "body is required") { // nothing was sent: an empty file, or no input at all
		return Render(base.At(problem.Field{Pointer: "", Code: "value.empty"}), c)
	}
	for _, e := range errs[:min(len(errs), mostFields)] {
		d, ok := e.(*huma.ErrorDetail)
		if !ok {
			continue
		}
		at := pointer(d.Location)
		if _, rest, ok := strings.Cut(d.Message, "required property "); ok { // the place is the object, the cure is its missing key
			name, _, _ := strings.Cut(rest, " ")
			at += "/" + name
		}
		base = base.At(problem.Field{Pointer: at, Code: code(d.Message), Args: map[string]any{"field": at[strings.LastIndex(at, "/")+1:]}})
	}
	return Render(base, c)
}

// pointer turns "body.values.a[2]" into "/values/a/2".
func pointer(location string) string {
	head, rest, _ := strings.Cut(location, ".")
	if head != "body" {
		return "/" + strings.ReplaceAll(location, ".", "/")
	}
	if rest == "" {
		return ""
	}
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(rest)
}

// code maps the library's English to our codes.
func code(msg string) string {
	for _, m := range [][2]string{
		{"expected number >=", "value.range"}, {"expected number <=", "value.range"}, {"required", "value.required"},
		{"unexpected property", "value.unknown-field"}, {"expected string", "value.text"}, {"expected integer", "value.number"},
		{"expected number", "value.number"}, {"expected boolean", "value.bool"}, {"length <=", "value.long"}, {"length >=", "value.short"}, {"one of",
			"value.choice"},
	} {
		if strings.Contains(msg, m[0]) {
			return m[1]
		}
	}
	return "value.malformed"
}
