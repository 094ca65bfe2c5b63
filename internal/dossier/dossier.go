// Package dossier shows cases of rectification where they lie, and makes the papers that leave the district with them: the
// report of a party, the file that is handed over to enforcement.
package dossier

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/httpapi"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/place"
	"sifen/internal/rectify"

	"github.com/danielgtaylor/huma/v2"
)

// Service reads cases, visits and places together; it keeps nothing itself.
type Service struct {
	module.Platform
	Cases    *rectify.Service
	Places   *place.Service
	Evidence *evidence.Service
}

// New makes the service.
func New(p module.Platform, cases *rectify.Service, places *place.Service, files *evidence.Service) *Service {
	return &Service{p, cases, places, files}
}

// Module is what the papers and the map of cases give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{Name: "dossier", Register: s.Register}
}

type work = module.Moment

// mostPlaces is how many places a map shows: those whose deadline is the earliest.
const mostPlaces = 2000

// Spot is a place with open cases.
type Spot struct {
	Key   string  `json:"key"` // unit:12, point:ID, object:ID
	Name  string  `json:"name"`
	Unit  org.Ref `json:"unit"`
	N     int64   `json:"n"`     // cases
	Late  int64   `json:"late"`  // of them past their deadline
	Point *Point  `json:"point"` // where it lies, where that is known
	Near  bool    `json:"near"`  // only roughly: in the middle of what is known of the unit above it
}

// Point is a position in WGS84, in units of 1e-7 degrees.
type Point struct {
	Lat int64 `json:"lat"`
	Lon int64 `json:"lon"`
}

// MapView is the map of open cases with the list of its places.
type MapView struct {
	Outlines []place.Outline `json:"outlines"`
	Spots    []Spot          `json:"spots"`
	Nowhere  int64           `json:"nowhere"` // places whose position nobody knows
	Cases    int64           `json:"cases"`
}

// Map places what is open: a point where it stands, a unit in the middle of its points, or roughly in
// that of the unit above it.
//
// Errors: org.ErrUnit.
func (s *Service) Map(ctx context.Context, q db.Querier, by access.Scope, in *mapIn) (MapView, error) {
	v := MapView{Outlines: []place.Outline{}, Spots: []Spot{}}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return v, err
	}
	unit := org.No(in.Unit)
	if unit == 0 {
		unit = w.Org.Root
	}
	if _, ok := w.Org.Unit(unit); !ok || in.Unit != 0 && !by.Can(rectify.Read, w.Org.Targets(unit, w.Day), true) {
		return v, org.ErrUnit
	}
	f := rectify.Filter{All: by.Can(rectify.Read, w.Org.Targets(w.Org.Root, w.Day), true), State: "open", Age: in.Age,
		Query: strings.ToLower(strings.TrimSpace(in.Q))}
	if in.State != "" {
		f.State = in.State
	}
	if unit != w.Org.Root {
		f.Unit = int64(unit)
	}
	list, err := rectify.ByPlace(ctx, q, by, f, w.Now.UnixMilli(), mostPlaces)
	if err != nil {
		return v, err
	}
	if by.Has(place.Read) {
		outlines, err := s.Places.Outlines(ctx, q, by, unit, false)
		if err != nil {
			return v, err
		}
		v.Outlines = append(v.Outlines, outlines...)
	}
	points, units, err := positions(ctx, q, by, w, unit)
	if err != nil {
		return v, err
	}
	for _, p := range list {
		x := Spot{Key: p.Place, Name: p.Name, Unit: w.Org.Ref(p.Unit, w.Day), N: p.N, Late: p.Late}
		if at, ok := points[p.Place]; ok {
			x.Point = &at
		} else {
			for i, n := range w.Org.Chain(p.Unit, w.Day) {
				if at, ok := units[n]; ok && n != w.Org.Root {
					x.Point, x.Near = &at, i > 0 || !strings.HasPrefix(p.Place, "unit:")
					break
				}
			}
		}
		if x.Point == nil {
			v.Nowhere++
		}
		v.Cases += p.N
		v.Spots = append(v.Spots, x)
	}
	return v, nil
}

// positions are where points stand, by their key as a place, and the middle of the points of each unit and of those
// below it.
func positions(ctx context.Context, q db.Querier, by access.Scope, w work, unit org.No) (map[string]Point, map[org.No]Point, error) {
	points, units := map[string]Point{}, map[org.No]Point{}
	if !by.Has(place.Read) {
		return points, units, nil
	}
	list, _, err := place.List(ctx, q, by, place.Filter{Unit: unit, State: place.Open, Limit: 20_000})
	type sum struct{ lat, lon, n int64 }
	sums := map[org.No]sum{}
	for _, p := range list {
		if p.Point == nil {
			continue
		}
		points["point:"+p.ID] = Point{p.Point.Lat, p.Point.Lon}
		for _, n := range w.Org.Chain(p.Unit, w.Day) {
			x := sums[n]
			sums[n] = sum{x.lat + p.Point.Lat, x.lon + p.Point.Lon, x.n + 1}
		}
	}
	for n, x := range sums {
		units[n] = Point{x.lat / x.n, x.lon / x.n}
	}
	return points, units, err
}

type mapIn struct {
	Unit  int64  `query:"unit"`
	State string `query:"state" enum:"open,draft,sent,fixing,returned,replied,asked,objected,transferred"`
	Age   string `query:"age" enum:"in,today,d3,d10,more"`
	Q     string `query:"q" maxLength:"80"`
}

// Register adds the operations.
func (s *Service) Register(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "case-map", Route: "GET /case-map", Verb: rectify.Read, Summary: "Places with open cases and where they lie"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *mapIn) (MapView, error) {
			return s.Map(ctx, q, by, in)
		})
	paper := func(id, path, summary string, verb access.Verb, mime string,
		make func(context.Context, db.Querier, access.Scope, string) (string, []byte, error)) {
		httpapi.Query(k, httpapi.Operation{ID: id, Route: "GET /cases/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*huma.StreamResponse, error) {
				name, raw, err := make(ctx, s.DB.Read, by, in.ID)
				if err != nil {
					return nil, err
				}
				return httpapi.Download(raw, mime, name), nil
			})
	}
	paper("case-report", "report", "The report of rectification for the party to sign, as Word", rectify.Read, wordType, s.Report)
	paper("transfer-file", "transfer-file", "The whole file of a case that was handed over to enforcement, as a zip", rectify.Transfer,
		"application/zip", s.File)
	type handedIn struct {
		Unit int64 `query:"unit"`
	}
	httpapi.List(k, httpapi.Operation{ID: "list-transfers", Route: "GET /transfers", Verb: rectify.Read,
		Summary: "Cases handed over to enforcement and what came back, those without an answer first"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *handedIn) ([]Handed, error) {
			return s.HandedOver(ctx, q, by, org.No(in.Unit))
		})
	paper("notice-photos", "notice-photos", "The pictures that go with the notice of a case, as they were at issue, as Word", rectify.Read, wordType,
		s.NoticePhotos)
}

const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
