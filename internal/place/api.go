package place

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

func etag(rev int64) string { return fmt.Sprintf(`"%d"`, rev) }

// said is the code and the sentence of a refusal.
func said(err error) (string, i18n.Label) {
	var p *problem.Error
	if !errors.As(err, &p) {
		return "", i18n.Label{}
	}
	return p.Code, i18n.Label{Zh: i18n.Sentence(p.Code, p.Args, i18n.Zh), En: i18n.Sentence(p.Code, p.Args, i18n.En)}
}

type listIn struct {
	Unit  int64  `query:"unit"`
	Type  string `query:"type" maxLength:"40"`
	State string `query:"state" maxLength:"20"`
	Q     string `query:"q" maxLength:"100"`
	Page  int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Size  int    `query:"size" minimum:"1" maximum:"500" default:"50"`
}

// TypeView is a type of place with what may be chosen.
type TypeView struct {
	Key     string     `json:"key"`
	Title   i18n.Label `json:"title"`
	About   []string   `json:"about"`
	Batches []Batch    `json:"batches"`
	Rule    Consent    `json:"rule"`
}

// ListBody is a page of places.
type ListBody struct {
	Total    int64            `json:"total"`
	ByState  map[string]int64 `json:"by_state"`
	Rows     []Row            `json:"rows"`
	Page     int              `json:"page"`
	Size     int              `json:"size"`
	Types    []TypeView       `json:"types"`
	Takeover Takeover         `json:"takeover"`
}

// MapBody is what a map draws: outlines of units, and the located places of the list.
type MapBody struct {
	Outlines []Outline `json:"outlines"`
	Places   []Row     `json:"places"`
	Nowhere  int64     `json:"nowhere"` // places without a position
}

type inputBody struct {
	Type    string `json:"type,omitempty" maxLength:"40"`
	Unit    int64  `json:"unit,omitempty"`
	Point   *Point `json:"point,omitempty"`
	Body    Body   `json:"body"`
	Outside bool   `json:"outside,omitempty" doc:"the position is right though it lies outside the outline of the unit"`
}

func (b inputBody) input() Input { return Input{b.Type, org.No(b.Unit), b.Point, b.Body, b.Outside} }

func (s *Service) types(w work) []TypeView {
	out := []TypeView{}
	for _, k := range Kinds {
		if t, ok := TypeOf(w.Set, k); ok {
			v := TypeView{t.Key, t.Title, t.About, t.Batches, t.Consent}
			if v.Batches == nil {
				v.Batches = []Batch{}
			}
			out = append(out, v)
		}
	}
	return out
}

// scoped reads the unit of a list; outside one's reach it does not exist.
func (s *Service) scoped(ctx context.Context, q db.Querier, by access.Scope, unit int64) (work, org.No, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return w, 0, err
	}
	n := org.No(unit)
	if n == 0 {
		n = w.Org.Root
		if !by.Can(Read, w.Org.Targets(n, w.Day), true) {
			return w, 0, nil // everything inside one's reach
		}
		return w, n, nil
	}
	if _, ok := w.Org.Unit(n); !ok || !by.Can(Read, w.Org.Targets(n, w.Day), true) {
		return w, 0, org.ErrUnit
	}
	return w, n, nil
}

// Register adds the operations of places and the public page of a code.
func (s *Service) Register(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "list-places", Route: "GET /places", Verb: Read,
		Summary: "Points, stations and compost houses inside one's reach"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *listIn) (out ListBody, err error) {
			w, n, err := s.scoped(ctx, q, by, in.Unit)
			if err != nil {
				return out, err
			}
			f := Filter{Unit: n, Type: in.Type, State: in.State, Query: in.Q, Limit: in.Size, Offset: (in.Page - 1) * in.Size}
			list, states, err := List(ctx, q, by, f)
			if err != nil {
				return out, err
			}
			out = ListBody{ByState: states, Rows: []Row{}, Page: in.Page, Size: in.Size, Types: s.types(w)}
			for state, n := range states {
				if in.State == "" || in.State == state {
					out.Total += n
				}
			}
			for _, p := range list {
				out.Rows = append(out.Rows, s.row(w, p))
			}
			out.Takeover, err = s.TakeoverOf(ctx, q, by.District)
			return out, err
		})
	type mapIn struct {
		Unit  int64  `query:"unit"`
		Type  string `query:"type" maxLength:"40"`
		State string `query:"state" maxLength:"20"`
	}
	httpapi.One(k, httpapi.Operation{ID: "place-map", Route: "GET /place-map", Verb: Read,
		Summary: "Outlines of units and places with their positions"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *mapIn) (out MapBody, err error) {
			w, n, err := s.scoped(ctx, q, by, in.Unit)
			if err != nil {
				return out, err
			}
			out = MapBody{Outlines: []Outline{}, Places: []Row{}}
			outlines, err := s.Outlines(ctx, q, by, n, false)
			if err != nil {
				return out, err
			}
			out.Outlines = append(out.Outlines, outlines...)
			list, _, err := List(ctx, q, by, Filter{Unit: n, Type: in.Type, State: in.State, Limit: 20_000})
			for _, p := range list {
				if p.Point == nil {
					out.Nowhere++
					continue
				}
				out.Places = append(out.Places, s.row(w, p))
			}
			return out, err
		})
	type nearIn struct {
		Unit int64 `query:"unit"`
	}
	type nearOut struct {
		Body struct {
			Outlines []Outline `json:"outlines"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "unit-outlines", Route: "GET /place-outlines", Verb: Read,
		Summary: "Outlines of a unit and of the units right below it"},
		func(ctx context.Context, by access.Scope, in *nearIn) (*nearOut, error) {
			out := &nearOut{}
			out.Body.Outlines = []Outline{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) error {
				_, n, err := s.scoped(ctx, q, by, in.Unit)
				if err != nil {
					return err
				}
				list, err := s.Outlines(ctx, q, by, n, true)
				out.Body.Outlines = append(out.Body.Outlines, list...)
				return err
			})
		})
	type oneIn struct {
		ID string `path:"id" maxLength:"40"`
	}
	type oneOut struct {
		ETag string `header:"ETag"`
		Body View
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-place", Route: "GET /places/{id}", Verb: Read,
		Summary: "A place with its life, consent, containers and hours"},
		func(ctx context.Context, by access.Scope, in *oneIn) (*oneOut, error) {
			v, err := s.Open(ctx, s.DB.Read, by, in.ID)
			return &oneOut{etag(v.Rev), v}, err
		})
	type labelsIn struct {
		IDs  []string `query:"ids" maxItems:"240"`
		Base string   `query:"base" maxLength:"200" doc:"address of this server as people reach it; the configured one goes first"`
	}
	type labelsOut struct {
		Body struct {
			Items []Label `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "place-labels", Route: "GET /place-labels", Verb: Read, Summary: "Labels with QR codes to print"},
		func(ctx context.Context, by access.Scope, in *labelsIn) (*labelsOut, error) {
			base := s.PublicURL
			if base == "" {
				u, err := url.Parse(in.Base)
				if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
					return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/base", Code: "value.malformed"})
				}
				base = u.Scheme + "://" + u.Host
			}
			w, err := s.work(ctx, s.DB.Read, by)
			if err != nil {
				return nil, err
			}
			list, err := s.ByIDs(ctx, s.DB.Read, by, in.IDs)
			if err != nil {
				return nil, err
			}
			if len(list) < len(in.IDs) {
				return nil, ErrPlace
			}
			out := &labelsOut{}
			out.Body.Items = []Label{}
			for _, p := range list {
				l, err := s.labelOf(w, p, base)
				if err != nil {
					return nil, err
				}
				out.Body.Items = append(out.Body.Items, l)
			}
			return out, nil
		})
	s.registerCommands(k)
	k.Handle("GET /p/{code}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lang := i18n.Parse(r.Header.Get("Accept-Language"))
		if l := r.URL.Query().Get("lang"); l == "zh" || l == "en" {
			lang = i18n.Lang(l)
		}
		html, err := s.Public(r.Context(), r.PathValue("code"), lang)
		if err != nil && !errors.Is(err, ErrPlace) {
			k.Log.Error("public page", "err", err)
			httpapi.Deny(w, r, httpapi.ErrInternal)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		h.Set("Vary", "Accept-Language")
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write(html) // the client is gone if this fails
	}))
}

func (s *Service) registerCommands(k *httpapi.Kit) {
	reply := func(ctx context.Context, tx *db.Tx, by access.Scope, p Place, status int, err error) (*httpapi.Reply[View], error) {
		if err != nil {
			return nil, err
		}
		v, err := s.Open(ctx, tx, by, p.ID)
		return &httpapi.Reply[View]{Status: status, ETag: etag(v.Rev), Body: v}, err
	}
	httpapi.Command(k, httpapi.Operation{ID: "propose-place", Route: "POST /places", Verb: Propose,
		Summary: "Propose a point, station or compost house"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[inputBody]) (*httpapi.Reply[View], error) {
			p, err := s.Propose(ctx, tx, by, in.Body.input())
			return reply(ctx, tx, by, p, http.StatusCreated, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "edit-place", Route: "PUT /places/{id}", Verb: Propose,
		Summary: "Correct what is said of a place"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[inputBody], rev int64) (*httpapi.Reply[View], error) {
			p, err := s.Edit(ctx, tx, by, in.ID, rev, in.Body.input())
			return reply(ctx, tx, by, p, 0, err)
		})
	type consultIn struct {
		httpapi.ActAt
		Body struct {
			Consent ConsentRecord `json:"consent"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "consult-place", Route: "POST /places/{id}/consult", Verb: Propose,
		Summary: "Record consent and objections"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *consultIn, rev int64) (*httpapi.Reply[View], error) {
			p, err := s.Consult(ctx, tx, by, in.ID, rev, in.Body.Consent)
			return reply(ctx, tx, by, p, 0, err)
		})
	type decideIn struct {
		httpapi.ActAt
		Body struct {
			Step string `json:"step" enum:"approve,open,suspend,resume,retire,drop"`
			Day  string `json:"day" doc:"the day of opening, or the last day in use"`
			Note string `json:"note,omitempty" maxLength:"300"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "decide-place", Route: "POST /places/{id}/steps", Verb: Approve,
		Summary: "Approve, open, suspend, resume, retire or give up a place"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *decideIn, rev int64) (*httpapi.Reply[View], error) {
			day, err := period.ParseDay(in.Body.Day)
			if err != nil {
				return nil, ErrInvalid.At(problem.Field{Pointer: "/day", Code: "value.date"})
			}
			p, err := s.Decide(ctx, tx, by, in.ID, rev, in.Body.Step, day, in.Body.Note)
			return reply(ctx, tx, by, p, 0, err)
		})
	type takeIn struct{ httpapi.OperationID }
	type taken struct {
		Carried int64 `json:"carried"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "take-over-places", Route: "POST /place-takeover", Verb: Approve, Alone: true,
		Summary: "Carry the entries of points and stations into places, once"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, _ *takeIn) (*httpapi.Reply[taken], error) {
			n, err := s.TakeOver(ctx, tx, by)
			return &httpapi.Reply[taken]{Body: taken{n}}, err
		})
	type outlinesIn struct {
		httpapi.OperationID
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type outlined struct {
		Units int64 `json:"units"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "set-outlines", Route: "POST /place-outlines", Verb: "org.edit", MaxBody: 20 << 20,
		Summary: "Upload the outlines of units as GeoJSON"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *outlinesIn) (*httpapi.Reply[outlined], error) {
			n, err := s.SetOutlines(ctx, tx, by, []byte(strings.TrimPrefix(string(in.RawBody), "\ufeff")))
			return &httpapi.Reply[outlined]{Body: outlined{n}}, err
		})
}
