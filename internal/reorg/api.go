package reorg

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/pinyin"
	"sifen/internal/problem"
	"sifen/internal/scheme"
	"sifen/internal/sheet"
)

// UnitView is a unit as pages show it.
type UnitView struct {
	ID     int64   `json:"id"`
	Code   *string `json:"code"`
	Name   string  `json:"name"`
	Type   string  `json:"type"`
	Parent *int64  `json:"parent"`
	Scheme string  `json:"scheme"`
	Path   string  `json:"path"`
	Short  string  `json:"short"`
	From   string  `json:"from"`
	Until  *string `json:"until"`
	Line   bool    `json:"line"` // reached over a line only
	// Initials find the name by pinyin, in every way it may be read, separated by blanks; "" without Chinese characters.
	Initials string `json:"initials"`
}

func view(o *org.Org, by access.Scope, n org.No, day period.Day) UnitView {
	u, _ := o.Unit(n)
	v := UnitView{ID: int64(n), Name: u.Name, Type: string(u.Type), Scheme: o.Scheme(n, day), Short: o.Path(n, day), From: u.From.String(),
		Initials: pinyin.Initials(u.Name)}
	v.Path = v.Short
	if n != o.Root {
		v.Path = o.Name + "/" + v.Short
	}
	if u.Code != "" {
		v.Code = &u.Code
	}
	if p := int64(o.Parent(n, day)); p != 0 {
		v.Parent = &p
	}
	if u.Until < period.Open {
		s := (u.Until - 1).String()
		v.Until = &s
	}
	tree := false
	for _, t := range o.Targets(n, day) {
		for _, g := range by.Grants {
			tree = tree || g.Unit == t.Unit && !t.Line
		}
	}
	v.Line = !tree && !by.IsSystem()
	return v
}

type named struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type spanView struct {
	Unit  named   `json:"unit"`
	From  string  `json:"from"`
	Until *string `json:"until"`
}

type bound struct {
	Scheme string `json:"scheme"`
	From   string `json:"from"`
}

type detail struct {
	UnitView
	Edges   []spanView `json:"edges"`
	Lines   []spanView `json:"lines"`
	Schemes []bound    `json:"schemes"`
	May     struct {
		Edit bool `json:"edit"`
	} `json:"may"`
}

type changed struct {
	ID int64 `json:"id"`
}

// Register adds the operations of units and schemes.
func Register(k *httpapi.Kit, s *Service, orgs *org.Store, packs *pack.Store) {
	load := func(ctx context.Context, by access.Scope) (*org.Org, error) {
		return orgs.Current(ctx, s.DB.Read, by.District)
	}
	today := func(by access.Scope) period.Day { return period.Day(by.Today) }
	seen := func(o *org.Org, by access.Scope, id int64) (org.No, error) {
		if _, ok := o.Unit(org.No(id)); !ok || !by.Sees(o.Targets(org.No(id), today(by))) {
			return 0, org.ErrUnit
		}
		return org.No(id), nil
	}
	type listIn struct {
		Day string `query:"day" doc:"business day; empty is today"`
	}
	type listOut struct {
		Body struct {
			Items []UnitView `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-units", Route: "GET /units", Verb: "org.read", Reference: true, Summary: "Units inside one's reach",
		Stamp: func(ctx context.Context, by access.Scope) (string, error) {
			o, err := load(ctx, by)
			if err != nil {
				return "", err
			}
			return fmt.Sprint(o.Stamp), nil
		}},
		func(ctx context.Context, by access.Scope, in *listIn) (*listOut, error) {
			o, err := load(ctx, by)
			if err != nil {
				return nil, err
			}
			day := today(by)
			if in.Day != "" {
				if day, err = period.ParseDay(in.Day); err != nil {
					return nil, badDay("/day")
				}
			}
			out := &listOut{}
			out.Body.Items = []UnitView{}
			for _, u := range o.Units() {
				if u.Open(day) && (by.Sees(o.Targets(u.No, today(by))) || day < today(by) && by.Sees(o.Targets(u.No, day))) {
					out.Body.Items = append(out.Body.Items, view(o, by, u.No, day))
				}
			}
			return out, nil
		})
	type oneIn struct {
		ID int64 `path:"id"`
	}
	type oneOut struct{ Body detail }
	httpapi.Query(k, httpapi.Operation{ID: "get-unit", Route: "GET /units/{id}", Verb: "org.read", Summary: "A unit with its dated links"},
		func(ctx context.Context, by access.Scope, in *oneIn) (*oneOut, error) {
			o, err := load(ctx, by)
			if err != nil {
				return nil, err
			}
			n, err := seen(o, by, in.ID)
			if err != nil {
				return nil, err
			}
			out := &oneOut{Body: detail{UnitView: view(o, by, n, today(by)), Edges: []spanView{}, Lines: []spanView{}, Schemes: []bound{}}}
			spans := func(list []org.Span) []spanView {
				r := []spanView{}
				for _, x := range list {
					v := spanView{Unit: named{int64(x.Other), o.UnitName(x.Other)}, From: x.From.String()}
					if x.Until < period.Open {
						u := (x.Until - 1).String()
						v.Until = &u
					}
					r = append(r, v)
				}
				return r
			}
			out.Body.Edges, out.Body.Lines = spans(o.Parents(n)), spans(o.Lines(n))
			for _, b := range o.Schemes(n) {
				out.Body.Schemes = append(out.Body.Schemes, bound{b.Scheme, b.From.String()})
			}
			out.Body.May.Edit = by.Can(Edit, o.Targets(n, today(by)), false)
			return out, nil
		})

	type addIn struct {
		httpapi.OperationID
		Body struct {
			Code   string `json:"code,omitempty" maxLength:"20"`
			Name   string `json:"name" maxLength:"60"`
			Type   string `json:"type"`
			Parent int64  `json:"parent"`
			From   string `json:"from"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-unit", Route: "POST /units", Verb: Edit, Alone: true, Summary: "Make a unit"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[changed], error) {
			from, err := period.ParseDay(in.Body.From)
			if err != nil {
				return nil, badDay("/from")
			}
			o, err := orgs.Current(ctx, tx, by.District)
			if err != nil {
				return nil, err
			}
			if _, err := seen(o, by, in.Body.Parent); err != nil {
				return nil, err
			}
			n, err := s.Add(ctx, tx, by, Added{Code: in.Body.Code, Name: in.Body.Name, Type: in.Body.Type, Parent: "#" + itoa(in.Body.Parent)}, from)
			return &httpapi.Reply[changed]{Status: http.StatusCreated, Body: changed{int64(n)}}, err
		})
	type changeIn struct {
		httpapi.OperationID
		ID   int64 `path:"id"`
		Body struct {
			Parent int64  `json:"parent,omitempty"`
			Into   int64  `json:"into,omitempty"`
			Scheme string `json:"scheme,omitempty"`
			Head   int64  `json:"head,omitempty"`
			Name   string `json:"name,omitempty" maxLength:"60"`
			From   string `json:"from,omitempty"`
			Until  string `json:"until,omitempty"`
		}
	}
	change := func(id, route, summary string, do func(ctx context.Context, tx *db.Tx, o *org.Org, n org.No, from, until period.Day,
		in *changeIn) error) {
		httpapi.Command(k, httpapi.Operation{ID: id, Route: route, Verb: Edit, Alone: true, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *changeIn) (*httpapi.Reply[changed], error) {
				o, err := orgs.Current(ctx, tx, by.District)
				if err != nil {
					return nil, err
				}
				for _, x := range []int64{in.ID, in.Body.Parent, in.Body.Into, in.Body.Head} {
					if x != 0 {
						if _, err := seen(o, by, x); err != nil {
							return nil, err
						}
					}
				}
				for _, x := range []int64{in.Body.Parent, in.Body.Into} { // what a unit comes under changes too
					if x != 0 && !by.Can(Edit, o.Targets(org.No(x), today(by)), false) {
						return nil, ErrForbidden
					}
				}
				var from period.Day
				if in.Body.From != "" || id != "rename-unit" {
					if from, err = period.ParseDay(in.Body.From); err != nil {
						return nil, badDay("/from")
					}
				}
				until := period.Open
				if in.Body.Until != "" {
					if until, err = period.ParseDay(in.Body.Until); err != nil {
						return nil, badDay("/until")
					}
					until++
				}
				err = s.Do(ctx, tx, by, from, id, org.No(in.ID), func(o *org.Org) error { return do(ctx, tx, o, org.No(in.ID), from, until, in) })
				return &httpapi.Reply[changed]{Body: changed{in.ID}}, err
			})
	}
	change("move-unit", "POST /units/{id}/move", "Put a unit under another from a day",
		func(ctx context.Context, tx *db.Tx, o *org.Org, n org.No, from, _ period.Day, in *changeIn) error {
			return org.Move(ctx, tx, o, n, org.No(in.Body.Parent), from)
		})
	change("merge-unit", "POST /units/{id}/merge", "Merge a unit into another from a day",
		func(ctx context.Context, tx *db.Tx, o *org.Org, n org.No, from, _ period.Day, in *changeIn) error {
			return org.Merge(ctx, tx, o, n, org.No(in.Body.Into), from)
		})
	change("close-unit", "POST /units/{id}/close", "End a unit before a day", func(ctx context.Context, tx *db.Tx, o *org.Org, n org.No, from,
		_ period.Day, _ *changeIn) error {
		return org.Close(ctx, tx, o, n, from)
	})
	change("bind-scheme", "POST /units/{id}/scheme", "Bind a sorting scheme from a day",
		func(ctx context.Context, tx *db.Tx, o *org.Org, n org.No, from, _ period.Day, in *changeIn) error {
			set, err := packs.Current(ctx, tx, o.District)
			if err != nil {
				return err
			}
			if set.Get("schemes", in.Body.Scheme) == nil {
				return problem.New(problem.Invalid, "reorg.no-scheme", map[string]any{"scheme": in.Body.Scheme})
			}
			return org.Bind(ctx, tx, o, n, in.Body.Scheme, from)
		})
	change("link-unit", "POST /units/{id}/line", "Put a unit on a line for some days",
		func(ctx context.Context, tx *db.Tx, o *org.Org, n org.No, from, until period.Day, in *changeIn) error {
			return org.Link(ctx, tx, o, n, org.No(in.Body.Head), from, until)
		})
	change("unlink-unit", "POST /units/{id}/unline", "Take a unit off a line from a day",
		func(ctx context.Context, tx *db.Tx, o *org.Org, n org.No, from, _ period.Day, in *changeIn) error {
			return org.Unlink(ctx, tx, o, n, org.No(in.Body.Head), from)
		})
	change("rename-unit", "PUT /units/{id}", "Rename a unit", func(ctx context.Context, tx *db.Tx, o *org.Org, n org.No, _, _ period.Day,
		in *changeIn) error {
		if in.Body.Name == "" {
			return ErrName
		}
		return org.Rename(ctx, tx, o, n, in.Body.Name)
	})

	type importIn struct {
		From    string `query:"from"`
		Name    string `query:"name"`
		DryRun  bool   `query:"dry_run"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type importOut struct{ Body Result }
	httpapi.Query(k, httpapi.Operation{ID: "import-units", Route: "POST /units/import", Verb: Edit,
		Summary: "Make units from a CSV or Excel file; the same file twice changes nothing", MaxBody: 20 << 20},
		func(ctx context.Context, by access.Scope, in *importIn) (*importOut, error) {
			from, err := period.ParseDay(in.From)
			if err != nil {
				return nil, badDay("/from")
			}
			res, err := s.Import(ctx, by, in.RawBody, from, in.DryRun, httpapi.CallerOf(ctx).Lang)
			return &importOut{res}, err
		})
	type exportIn struct {
		Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "export-units", Route: "GET /units/export", Verb: "org.read",
		Summary: "Units inside one's reach as CSV or Excel"},
		func(ctx context.Context, by access.Scope, in *exportIn) (*huma.StreamResponse, error) {
			o, err := load(ctx, by)
			if err != nil {
				return nil, err
			}
			set, err := packs.Current(ctx, s.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			values, err := attribute.All(ctx, s.DB.Read, by.District, today(by))
			if err != nil {
				return nil, err
			}
			rows := Export(o, by, today(by), attribute.List(set), values, httpapi.CallerOf(ctx).Lang)
			var b bytes.Buffer
			if in.Format == "csv" {
				if err := sheet.WriteRows(&b, rows); err != nil {
					return nil, err
				}
				return httpapi.Download(b.Bytes(), "text/csv; charset=utf-8", o.Name+"单位.csv"), nil
			}
			if err := sheet.Write(&b, sheet.BookOf("单位", rows)); err != nil {
				return nil, err
			}
			return httpapi.Download(b.Bytes(), httpapi.XLSX, o.Name+"单位.xlsx"), nil
		})
	type attributesIn struct {
		ID int64 `path:"id"`
	}
	type attributesOut struct {
		Body struct {
			Items []AttributeView `json:"items"`
			May   struct {
				Edit bool `json:"edit"`
			} `json:"may"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-unit-attributes", Route: "GET /units/{id}/attributes", Verb: "org.read",
		Summary: "What is known of a unit, with every value by its first day"},
		func(ctx context.Context, by access.Scope, in *attributesIn) (*attributesOut, error) {
			o, err := load(ctx, by)
			if err != nil {
				return nil, err
			}
			n, err := seen(o, by, in.ID)
			if err != nil {
				return nil, err
			}
			set, err := packs.Current(ctx, s.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			u, _ := o.Unit(n)
			out := &attributesOut{}
			out.Body.May.Edit = by.Can(Edit, o.Targets(n, today(by)), false)
			out.Body.Items, err = s.AttributesOf(ctx, s.DB.Read, by, set, u)
			return out, err
		})
	type setIn struct {
		httpapi.OperationID
		ID   int64  `path:"id"`
		Name string `path:"name" maxLength:"40"`
		Body struct {
			Value string `json:"value" maxLength:"100" doc:"as it is typed; empty ends what was before"`
			From  string `json:"from" doc:"the first day on which it is true"`
			Note  string `json:"note,omitempty" maxLength:"400"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "set-unit-attribute", Route: "PUT /units/{id}/attributes/{name}", Verb: Edit,
		Summary: "Say what is true of a unit from a day on"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *setIn) (*httpapi.Reply[changed], error) {
			from, err := period.ParseDay(in.Body.From)
			if err != nil {
				return nil, badDay("/from")
			}
			o, err := orgs.Current(ctx, tx, by.District)
			if err != nil {
				return nil, err
			}
			n, err := seen(o, by, in.ID)
			if err != nil {
				return nil, err
			}
			err = s.SetAttribute(ctx, tx, by, n, in.Name, in.Body.Value, in.Body.Note, from)
			return &httpapi.Reply[changed]{Body: changed{in.ID}}, err
		})
	httpapi.List(k, httpapi.Operation{ID: "list-attributes", Route: "GET /attributes", Verb: httpapi.SignedIn, Summary: "Attributes that units may have"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]*attribute.Definition, error) {
			set, err := packs.Current(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			return attribute.List(set), nil
		})
	httpapi.List(k, httpapi.Operation{ID: "list-schemes", Route: "GET /schemes", Verb: httpapi.SignedIn, Summary: "Sorting schemes"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]*scheme.Scheme, error) {
			set, err := packs.Current(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			return scheme.List(set), nil
		})
}

func badDay(pointer string) error {
	return httpapi.ErrInput.At(problem.Field{Pointer: pointer, Code: "value.date"})
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
