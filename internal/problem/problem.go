// Package problem is the one error type that crosses a service boundary.
package problem

import (
	"errors"
	"fmt"
)

// Kind decides the HTTP status.
type Kind string

const (
	Invalid   Kind = "invalid"   // 422: the input is wrong, and the field errors say where
	NotFound  Kind = "not-found" // 404: absent, or outside the caller's reach
	Conflict  Kind = "conflict"  // 409: the state does not allow it
	Stale     Kind = "stale"     // 412: somebody changed the object first
	Forbidden Kind = "forbidden" // 403: inside reach, without the verb
	Denied    Kind = "denied"    // 401: no session
	Gone      Kind = "gone"      // 410: it was there, and what kept it lost or damaged it
	TooLarge  Kind = "too-large" // 413
	Busy      Kind = "busy"      // 429
	Full      Kind = "full"      // 507: no space left
	Outdated  Kind = "outdated"  // 426: the program that sent it is too old
)

// Field names one wrong input: a JSON pointer into the request, a code and its arguments.
type Field struct {
	Pointer string
	Code    string
	Args    map[string]any
}

// Error is an expected failure. Code is a stable slug; it becomes the RFC 9457 type
// ("/problems/" + Code) and the key of its sentences in both languages.
type Error struct {
	Kind   Kind
	Code   string
	Args   map[string]any
	Fields []Field
	Extra  map[string]any // further members of the problem body, such as the current entry of a stale edit
	err    error
}

// New makes an expected failure.
func New(k Kind, code string, args map[string]any) *Error {
	return &Error{Kind: k, Code: code, Args: args}
}

// With returns a copy that carries further arguments; the sentinel itself is not changed.
func (e *Error) With(kv ...any) *Error {
	c := *e
	c.Args = map[string]any{}
	for k, v := range e.Args {
		c.Args[k] = v
	}
	for i := 0; i+1 < len(kv); i += 2 {
		c.Args[kv[i].(string)] = kv[i+1]
	}
	return &c
}

// At returns a copy that carries field errors.
func (e *Error) At(f ...Field) *Error {
	c := *e
	c.Fields = append(c.Fields[:len(c.Fields):len(c.Fields)], f...)
	return &c
}

// Attach returns a copy with a further member of the problem body.
func (e *Error) Attach(key string, v any) *Error {
	c := *e
	c.Extra = map[string]any{key: v}
	return &c
}

// Because attaches the cause for logs; it is never shown to a client.
func (e *Error) Because(err error) *Error { c := *e; c.err = err; return &c }

// Refusal is what err says about one thing among many, so that the others can go on. A full disk is no such thing: what was
// begun may be half done and must end.
func Refusal(err error) (*Error, bool) {
	var p *Error
	if !errors.As(err, &p) || p.Kind == Full {
		return nil, false
	}
	return p, true
}

func (e *Error) Error() string {
	s := e.Code
	if len(e.Args) > 0 {
		s = fmt.Sprintf("%s %v", s, e.Args)
	}
	for _, f := range e.Fields {
		s += fmt.Sprintf("; %s: %s %v", f.Pointer, f.Code, f.Args)
	}
	if e.err != nil {
		s = fmt.Sprintf("%s: %v", s, e.err)
	}
	return s
}

func (e *Error) Unwrap() error { return e.err }

// Is matches by Code, so a sentinel compares equal to its detailed copies.
func (e *Error) Is(t error) bool { o, ok := t.(*Error); return ok && o.Code == e.Code }
