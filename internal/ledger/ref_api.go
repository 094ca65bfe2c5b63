package ledger

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/httpapi"
	"sifen/internal/kind"
	"sifen/internal/pack"
)

func (a *API) registerRefs(k *httpapi.Kit) {
	type refIn struct {
		Kind string `query:"kind"`
		Q    string `query:"q" maxLength:"60"`
	}
	type refsOut struct{ Body refs }
	httpapi.Query(k, httpapi.Operation{ID: "list-refs", Route: "GET /refs", Verb: Read, Summary: "Records a reference may point to"},
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
