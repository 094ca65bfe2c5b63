package ledger

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"sifen/internal/access"
	"sifen/internal/httpapi"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
)

// KindView is a kind as forms and lists need it.
type KindView struct {
	*kind.Kind
	GroupKey string   `json:"group"`
	Mode     string   `json:"mode" enum:"day,state"`
	From     *string  `json:"from"`
	Until    *string  `json:"until"`
	Figures  []string `json:"figures"`
	Mine     bool     `json:"mine"` // the caller's own units enter it
	May      struct {
		Enter  bool `json:"enter"`
		Verify bool `json:"verify"`
		Void   bool `json:"void"`
	} `json:"may"`
}

func (a *API) registerKinds(k *httpapi.Kit) {
	httpapi.Query(k, httpapi.Operation{ID: "list-kinds", Method: http.MethodGet, Path: "/kinds", Verb: Read, Summary: "Kinds of records"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*httpapi.Listed[KindView], error) {
			out := &httpapi.Listed[KindView]{}
			var err error
			out.Body.Items, err = a.kinds(ctx, by)
			return out, err
		})
	type refIn struct {
		Kind string `query:"kind"`
		Q    string `query:"q" maxLength:"60"`
	}
	type refsOut struct{ Body refs }
	httpapi.Query(k, httpapi.Operation{ID: "list-refs", Method: http.MethodGet, Path: "/refs", Verb: Read, Summary: "Records a reference may point to"},
		func(ctx context.Context, by access.Scope, in *refIn) (*refsOut, error) {
			w, err := a.work(ctx, a.DB.Read, by)
			if err != nil {
				return nil, err
			}
			// a reference names a thing of the whole district: its title and unit, no more
			out := &refsOut{refs{[]ref{}}}
			if !named(w.Set, in.Kind) { // a kind that no field points to is nobody's business outside its reach
				return out, nil
			}
			entries, err := a.entries(ctx, a.DB.Read, w.Set, `e.district = $1 AND e.kind = $2 AND e.state NOT IN ('void', 'draft')
				AND e.search LIKE $3 ESCAPE '\' ORDER BY e.title, e.id LIMIT 50`,
				by.District, in.Kind, "%"+escapeLike(strings.ToLower(in.Q))+"%")
			for _, e := range entries {
				out.Body.Items = append(out.Body.Items, ref{e.ID, e.Number, e.Title, w.Org.Path(e.Unit, w.Day)})
			}
			return out, err
		})
}

func (a *API) kinds(ctx context.Context, by access.Scope) ([]KindView, error) {
	w, err := a.work(ctx, a.DB.Read, by)
	if err != nil {
		return nil, err
	}
	catalogue, err := a.Figures.Catalogue(ctx, a.DB.Read, by.District)
	if err != nil {
		return nil, err
	}
	figuresOf := map[string][]string{}
	for _, d := range catalogue {
		for _, kind := range []string{d.Kind, d.Done} {
			if kind != "" && (d.Measure != indicator.Gap) {
				figuresOf[kind] = append(figuresOf[kind], d.Key)
			}
		}
	}
	var out []KindView
	for _, k := range kind.All(w.Set) {
		v := KindView{Kind: k, GroupKey: k.Group.En, Mode: "day", Figures: figuresOf[k.Key]}
		if v.Figures == nil {
			v.Figures = []string{}
		}
		switch {
		case k.State != nil:
			v.Mode, v.From, v.Until = "state", &k.State.From, &k.State.Until
		case k.Span != nil:
			v.Mode, v.From, v.Until = "span", &k.Span.From, &k.Span.Until
		}
		for _, g := range by.Grants {
			u, _ := w.Org.Unit(org.No(g.Unit))
			v.May.Enter = v.May.Enter || g.Verbs[Enter]
			v.May.Verify = v.May.Verify || g.Verbs[Verify]
			v.May.Void = v.May.Void || g.Verbs[Voids]
			v.Mine = v.Mine || g.Verbs[Enter] && k.EnteredAt(u.Type)
		}
		if err := a.Takes(ctx, a.DB.Read, by.District, k); errors.Is(err, ErrKept) {
			v.May.Enter, v.May.Verify, v.May.Void, v.Mine = false, false, false, false
		} else if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// ref is what a reference may point to.
type ref struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Title  string `json:"title"`
	Unit   string `json:"unit"`
}

type refs struct {
	Items []ref `json:"items"`
}

// SchemaName is the public name, an accident of the compiler that programs are typed with by now.
func (refs) SchemaName() string { return "ListRef·19Body" }

// named reports whether a field of some kind refers to entries of this kind.
func named(set *pack.Set, key string) bool {
	for _, k := range kind.All(set) {
		for _, f := range k.Fields {
			if f.Type == "ref" && f.Of == key {
				return true
			}
			for _, g := range f.Fields {
				if g.Type == "ref" && g.Of == key {
					return true
				}
			}
		}
	}
	return false
}
