// Package workbench composes what one person has to do, and searches everything: from the parts that modules bring, without
// knowing any of them.
package workbench

import (
	"context"
	"reflect"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Service composes workbenches from the parts of a list.
type Service struct {
	db   *db.DB
	list *module.List
}

// New makes the service. The list may still be filled until it is sealed.
func New(d *db.DB, list *module.List) *Service { return &Service{d, list} }

// Module is the workbench itself.
func (s *Service) Module() module.Module {
	return module.Module{Name: "workbench", Register: s.Register}
}

// parts are all parts of the bench, by name.
func (s *Service) parts() []module.Part {
	var out []module.Part
	for _, m := range s.list.All() {
		out = append(out, m.Bench...)
	}
	return out
}

// Load reads a person's workbench in one state of the database.
func (s *Service) Load(ctx context.Context, q db.Querier, a module.Asked) (map[string]any, error) {
	if a.Unit == 0 && len(a.By.Grants) > 0 {
		a.Unit = org.No(a.By.Grants[0].Unit)
	}
	out := map[string]any{}
	for _, p := range s.parts() {
		v, err := p.Load(ctx, q, a)
		if err != nil {
			return nil, err
		}
		if rv := reflect.ValueOf(v); v == nil || rv.Kind() == reflect.Slice && rv.IsNil() {
			v = p.Zero
		}
		out[p.Name] = v
	}
	return out, nil
}

// answer is the type of the workbench's answer: a property per part.
func (s *Service) answer() reflect.Type {
	var fields []reflect.StructField
	for i, p := range s.parts() {
		fields = append(fields, reflect.StructField{Name: "P" + string(rune('A'+i/26)) + string(rune('a'+i%26)), Type: reflect.TypeOf(p.Zero),
			Tag: reflect.StructTag(`json:"` + p.Name + `"`)})
	}
	return reflect.StructOf(fields)
}

// Register adds the operations of the workbench and of the search over everything.
func (s *Service) Register(k *httpapi.Kit) {
	type in struct {
		Unit   int64  `query:"unit"`
		Period string `query:"period"`
	}
	type out struct{ Body map[string]any }
	httpapi.Query(k, httpapi.Operation{ID: "bench", Route: "GET /bench", Verb: httpapi.SignedIn,
		Summary: "What I owe, what came back, what waits", Answer: s.answer()},
		func(ctx context.Context, by access.Scope, in *in) (*out, error) {
			a := module.Asked{By: by, Lang: httpapi.CallerOf(ctx).Lang, Unit: org.No(in.Unit)}
			if in.Period != "" {
				p, err := period.Parse(in.Period)
				if err != nil {
					return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/period", Code: "value.period"})
				}
				a.Period = p
			}
			o := &out{}
			return o, s.db.Snapshot(ctx, func(q db.Querier) (err error) {
				o.Body, err = s.Load(ctx, q, a)
				return err
			})
		})
	type searchIn struct {
		Text  string `query:"q" maxLength:"100"`
		Limit int    `query:"limit" minimum:"1" maximum:"50" default:"10" doc:"of each kind"`
	}
	httpapi.List(k, httpapi.Operation{ID: "search", Route: "GET /search", Verb: httpapi.SignedIn,
		Summary: "Units, people, records, figures, documents and places by name or number"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *searchIn) ([]module.Hit, error) {
			return s.Search(ctx, q, by, httpapi.CallerOf(ctx), in.Text, in.Limit)
		})
}

// Search asks every module for what a text names, limit of each, in the order of the modules.
func (s *Service) Search(ctx context.Context, q db.Querier, by access.Scope, c *httpapi.Caller, text string, limit int) ([]module.Hit, error) {
	out := []module.Hit{}
	if text == "" {
		return out, nil
	}
	for _, m := range s.list.All() {
		if m.Search == nil {
			continue
		}
		hits, err := m.Search(ctx, q, module.Sought{By: by, Lang: c.Lang, Text: text, Limit: limit})
		if err != nil {
			return nil, err
		}
		out = append(out, hits[:min(len(hits), limit)]...)
	}
	return out, nil
}
