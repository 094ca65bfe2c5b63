// Package httpapi is the HTTP kit: sessions to scopes, limits, operation ids, one transaction per command, problems as answers.
package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/problem"
)

// Caller is who sends a request.
type Caller struct {
	Scope      access.Scope
	Login      string
	Token      string
	MustChange bool // may do nothing but change the password
	SignedIn   bool
	Lang       i18n.Lang
	Remote     string
	Secure     bool
	RequestID  string
	bodySum    string
	known      *sync.Map
}

type callerKey struct{}

// CallerOf returns the caller of a request context.
func CallerOf(ctx context.Context) *Caller {
	c, _ := ctx.Value(callerKey{}).(*Caller)
	if c == nil {
		return &Caller{Lang: i18n.Zh}
	}
	return c
}

// Known is what a request has found out and may need again, made at its first use; the zero value outside of requests.
func Known[V any](ctx context.Context, key any, create func() V) (none V) {
	c := CallerOf(ctx)
	if c.known == nil {
		return none
	}
	if v, ok := c.known.Load(key); ok {
		return v.(V)
	}
	v, _ := c.known.LoadOrStore(key, create())
	return v.(V)
}

// Kit carries what operations need.
type Kit struct {
	DB      *db.DB
	Clock   clock.Clock
	Log     *slog.Logger
	Resolve func(ctx context.Context, token string) (Caller, error) // session token to caller
	// Begin is the first statement of every command's transaction; alone asks for the exclusive lock.
	Begin func(ctx context.Context, tx *db.Tx, district int64, alone bool) error
	// Targets is the reach of a unit today, by which a kept answer is judged again; nil is the unit alone.
	Targets func(ctx context.Context, q db.Querier, district, unit, today int64) ([]access.Target, error)
	Proxies Proxies // whose word on a caller's address is taken
	Spool   string  // folder for large bodies while they come; "" is that of the system
	API     huma.API
	mux     *http.ServeMux
	rules   map[string]Operation // by pattern on the mux
	bodies  *bodies
	lanes   *lanes
}

// Who may call an operation, besides a verb.
const (
	Public   access.Verb = "public"    // without a session
	SignedIn access.Verb = "signed-in" // any session
	Fresh    access.Verb = "fresh"     // any session, also one that must first change its password
)

// MaxBody bounds JSON bodies; operations that take raw bytes state their own.
const MaxBody = 1 << 20

// New makes the API on a fresh mux.
func New(k *Kit, version string) *Kit {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false // filled sees to it that no answer says otherwise
	k.mux, k.rules, k.bodies, k.lanes = http.NewServeMux(), map[string]Operation{}, newBodies(), newLanes()
	cfg := huma.DefaultConfig("Sifen", version)
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.CreateHooks = nil
	cfg.Transformers = append(cfg.Transformers, filled)
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaNames())
	k.API = humago.New(k.mux, cfg)
	installProblems()
	k.API.UseMiddleware(k.gate)
	return k
}

// refusal is why a caller may not call an operation with a rule; nil when he may. An operation without one is closed to
// everyone.
func refusal(verb access.Verb, c *Caller) *problem.Error {
	switch {
	case verb == "":
		return ErrForbidden
	case verb == Public:
		return nil
	case !c.SignedIn:
		return ErrSession
	case c.MustChange && verb != Fresh:
		return ErrMustChange
	case verb != SignedIn && verb != Fresh && !anyOf(c, verb):
		return ErrForbidden
	}
	return nil
}

// anyOf reports whether a caller has a verb, or one of several.
func anyOf(c *Caller, verb access.Verb) bool {
	for v := range strings.SplitSeq(string(verb), "|") {
		if c.Scope.Has(access.Verb(v)) {
			return true
		}
	}
	return false
}

// gate denies by default.
func (k *Kit) gate(ctx huma.Context, next func(huma.Context)) {
	verb, _ := ctx.Operation().Metadata["access"].(access.Verb)
	c := CallerOf(ctx.Context())
	if p := refusal(verb, c); p != nil {
		body := Render(p, c)
		ctx.SetHeader("Content-Type", "application/problem+json")
		ctx.SetStatus(body.Status)
		_ = json.NewEncoder(ctx.BodyWriter()).Encode(body) // the client is gone if this fails
		return
	}
	next(ctx)
}

// Operation describes one operation.
type Operation struct {
	ID      string
	Route   string      // method and path below /api/v1: POST /places
	Verb    access.Verb // one is enough of several with | between them
	Summary string
	MaxBody int64 // raw bytes; 0 is MaxBody of JSON
	// Alone makes a command take the district's lock exclusively: it sees and changes figures as a whole.
	Alone bool
	// Reference marks what every page asks for and what rarely changes: browsers keep it and ask whether it is still the same.
	Reference bool
	// Stamp, for reference data whose answer takes long to make, names all that it depends on besides the address, the caller's
	// reach, day and language: who holds the answer of the same stamp is told so and nothing is computed. May be nil.
	Stamp func(ctx context.Context, by access.Scope) (string, error)
	// Answer is the type of the answer where the function's own type does not tell it.
	Answer reflect.Type
}

// XLSX and DOCX are the media types of office files.
const (
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// Download answers with a file of a name, which may be Chinese.
func Download(content []byte, mime, name string) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", mime)
		ctx.SetHeader("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
		ctx.SetHeader("Content-Length", strconv.Itoa(len(content)))
		_, _ = ctx.BodyWriter().Write(content) // the client is gone if this fails
	}}
}

// rule makes the description of an operation and notes who may call it, and with how much.
func (k *Kit) rule(o Operation) huma.Operation {
	h := o.huma()
	k.rules[h.Method+" "+h.Path] = o
	return h
}

func (o Operation) huma() huma.Operation {
	method, at, _ := strings.Cut(o.Route, " ")
	h := huma.Operation{OperationID: o.ID, Method: method, Path: "/api/v1" + at, Summary: o.Summary, Metadata: map[string]any{"access": o.Verb},
		Extensions: map[string]any{"x-access": string(o.Verb)}, BodyReadTimeout: 30 * time.Second, MaxBodyBytes: MaxBody}
	if o.MaxBody > 0 {
		h.MaxBodyBytes, h.BodyReadTimeout = o.MaxBody, 5*time.Minute
	}
	return h
}

// Reply is an answer with its entity tag.
type Reply[T any] struct {
	Status int    `json:"-"`
	ETag   string `header:"ETag"`
	Body   T
}

// Query registers a reading operation. Its transaction, if it opens one, is a snapshot.
func Query[I, O any](k *Kit, o Operation, fn func(ctx context.Context, by access.Scope, in *I) (*O, error)) {
	h := k.rule(o)
	if o.Answer != nil {
		schema := k.API.OpenAPI().Components.Schemas.Schema(o.Answer, true, strings.ToUpper(o.ID[:1])+o.ID[1:])
		h.Responses = map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
	}
	huma.Register(k.API, h, func(ctx context.Context, in *I) (*O, error) {
		c := CallerOf(ctx)
		if p := dirty(in); p != nil {
			return nil, Render(p, c)
		}
		out, err := fn(ctx, c.Scope, in)
		if err != nil {
			return nil, k.fail(ctx, err)
		}
		return out, nil
	})
}

// Write registers an operation that opens its own short transactions, without the district's lock and without an answer
// kept for a second try: for what is harmless to do twice, such as signing in, and for what takes long between two writes.
func Write[I, O any](k *Kit, o Operation, fn func(ctx context.Context, by access.Scope, in *I) (*O, error)) {
	Query(k, o, fn)
}

// OperationID is the header every mutating operation carries.
type OperationID struct {
	Key string `header:"Idempotency-Key" doc:"UUIDv7 of this operation; the same id again gets the same answer"`
}

func (o OperationID) operationID() string { return o.Key }

type identified interface{ operationID() string }

// shape is the input without its body, for the operation's hash: path, query and header values.
func shape(in any) string {
	v := reflect.ValueOf(in).Elem()
	var b strings.Builder
	walkParams(v, &b)
	return b.String()
}

func walkParams(v reflect.Value, b *strings.Builder) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			walkParams(v.Field(i), b)
			continue
		}
		for _, tag := range []string{"path", "query", "header"} {
			if name := f.Tag.Get(tag); name != "" && name != "Idempotency-Key" {
				raw, _ := json.Marshal(v.Field(i).Interface()) // strings and numbers only
				b.WriteString(name + "=" + string(raw) + "\n")
			}
		}
	}
}

// dirty refuses text that PostgreSQL cannot store, U+0000 and broken UTF-8, anywhere in the input but its raw bytes.
func dirty(in any) *problem.Error {
	if clean(reflect.ValueOf(in)) {
		return nil
	}
	return ErrInput.At(problem.Field{Pointer: "", Code: "value.characters"})
}

func clean(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return utf8.ValidString(v.String()) && !strings.ContainsRune(v.String(), 0)
	case reflect.Pointer, reflect.Interface:
		return v.IsNil() || clean(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if !clean(v.Field(i)) {
				return false
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if !clean(it.Key()) || !clean(it.Value()) {
				return false
			}
		}
	case reflect.Slice, reflect.Array:
		for i := 0; i < v.Len() && v.Type().Elem().Kind() != reflect.Uint8; i++ {
			if !clean(v.Index(i)) {
				return false
			}
		}
	}
	return true
}

// fail turns any error into the answer; what nobody expected is logged once and tells nothing.
func (k *Kit) fail(ctx context.Context, err error) error {
	c := CallerOf(ctx)
	var p *problem.Error
	if errors.As(err, &p) {
		return Render(p, c)
	}
	if errors.Is(err, context.Canceled) {
		return Render(ErrCancelled, c)
	}
	k.Log.Error("request failed", "request", c.RequestID, "err", err)
	return Render(ErrInternal, c)
}

// Handle adds a raw handler for what is no operation: pages, event streams, downloads of the shell.
func (k *Kit) Handle(pattern string, h http.Handler) { k.mux.Handle(pattern, h) }

// OpenAPI is the document of all operations.
func (k *Kit) OpenAPI() ([]byte, error) {
	raw, err := json.Marshal(k.API.OpenAPI())
	if err != nil {
		return nil, err
	}
	return withNulls(raw, k.API.OpenAPI().Components.Schemas)
}

// Schema is a type that keeps its public name, wherever it is declared: programs are typed with it.
type Schema interface{ SchemaName() string }

// schemaNames names schemas by package and type: two packages may each have a Row. Bodies without a type of their own
// are told apart by a number, in the fixed order of registration.
func schemaNames() func(reflect.Type, string) string {
	byName, byType := map[string]reflect.Type{}, map[reflect.Type]string{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if n, ok := byType[t]; ok {
			return n
		}
		name := huma.DefaultSchemaNamer(t, hint)
		if pkg := path.Base(t.PkgPath()); t.Name() != "" && pkg != "." {
			name = strings.ToUpper(pkg[:1]) + pkg[1:] + strings.ToUpper(name[:1]) + name[1:]
		}
		if public, ok := reflect.Zero(t).Interface().(Schema); ok {
			name = public.SchemaName()
		}
		free := name
		for i := 2; byName[free] != nil; i++ {
			free = name + strconv.Itoa(i)
		}
		byName[free], byType[t] = t, free
		return free
	}
}
