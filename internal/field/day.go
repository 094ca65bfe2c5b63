package field

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/inspect"
	"sifen/internal/org"
)

// DayView is what a phone should have with it today. It asks only for the parts whose digest it does not have.
type DayView struct {
	Now    int64  `json:"now"`
	Day    string `json:"day"`
	V      int64  `json:"v"`      // what the server speaks
	Oldest int64  `json:"oldest"` // what it still understands
	Me     Person `json:"me"`
	Phone  string `json:"phone_key"` // by which what this phone exports is known to be its own
	Parts  []Part `json:"parts"`
}

// Person is whose day it is.
type Person struct {
	Account string `json:"account"`
}

// Part is one piece of what a phone carries. It is fetched by its name: what changed since the list was made has no bytes under
// its old digest any more.
type Part struct {
	Name  string `json:"name"`
	SHA   string `json:"sha"`
	Bytes int    `json:"bytes"`
}

// TodayPart are the places drawn for the caller today.
type TodayPart struct {
	Day  string             `json:"day"`
	Rows []inspect.TodayRow `json:"rows"`
}

// FormsPart are the checklists in force.
type FormsPart struct {
	Forms []inspect.FormView   `json:"forms"`
	Kinds []inspect.ObjectKind `json:"kinds"`
}

// PlacesPart are the places of a street.
type PlacesPart struct {
	Unit   org.Ref  `json:"unit"`
	Places []Pocket `json:"places"`
}

// PartBody is one part as it is sent: one of them is there.
type PartBody struct {
	Today  *TodayPart  `json:"today,omitempty"`
	Forms  *FormsPart  `json:"forms,omitempty"`
	Places *PlacesPart `json:"places,omitempty"`
}

// The names of parts: places of a street have its number behind.
const (
	today  = "today"
	forms  = "forms"
	places = "places-"
)

// parts are all pieces of what a caller carries, in order, or the one of a name. All places are read at once, however many
// streets there are.
//
// Errors: ErrPart for a name that is none of the caller's.
func (s *Service) parts(ctx context.Context, q db.Querier, by access.Scope, only string) (names []string, bodies map[string][]byte, err error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	bodies = map[string][]byte{}
	add := func(name string, b PartBody) {
		raw, _ := json.Marshal(b) // strings, integers and lists always marshal
		names, bodies[name] = append(names, name), raw
	}
	if only == "" || only == today {
		rows, err := s.Visits.Today(ctx, q, by)
		if err != nil {
			return nil, nil, err
		}
		add(today, PartBody{Today: &TodayPart{w.Day.String(), rows}})
	}
	if only == "" || only == forms {
		list, kinds, err := s.Forms(ctx, q, by)
		if err != nil {
			return nil, nil, err
		}
		add(forms, PartBody{Forms: &FormsPart{list, kinds}})
	}
	if only == today || only == forms {
		return names, bodies, nil
	}
	streets, err := s.Streets(ctx, q, by)
	if err != nil {
		return nil, nil, err
	}
	from := w.Org.Root
	if only != "" {
		i := slices.IndexFunc(streets, func(r org.Ref) bool { return nameOf(r) == only })
		if i < 0 {
			return nil, nil, ErrPart
		}
		streets = streets[i : i+1]
		from = org.No(streets[0].ID)
	}
	list, err := s.Pockets(ctx, q, by, from)
	if err != nil {
		return nil, nil, err
	}
	under := map[int64][]Pocket{}
	for _, p := range list {
		top := Street(w.Org, org.No(p.Unit.ID), w.Day)
		under[int64(top)] = append(under[int64(top)], p)
	}
	for _, r := range streets {
		if under[r.ID] == nil {
			under[r.ID] = []Pocket{}
		}
		add(nameOf(r), PartBody{Places: &PlacesPart{r, under[r.ID]}})
	}
	return names, bodies, nil
}

func nameOf(street org.Ref) string { return places + strconv.FormatInt(street.ID, 10) }

// part is a piece as it is sent.
//
// Errors: ErrPart for a name that is none of the caller's.
func (s *Service) part(ctx context.Context, q db.Querier, by access.Scope, name string) ([]byte, error) {
	_, bodies, err := s.parts(ctx, q, by, name)
	return bodies[name], err
}

// Day lists what a phone should have with it, and knows the phone from now on.
func (s *Service) Day(ctx context.Context, by access.Scope, phone string) (DayView, error) {
	secret, err := s.phone(ctx, by, phone)
	if err != nil {
		return DayView{}, err
	}
	out := DayView{V: Current, Oldest: Oldest, Me: Person{by.Account}, Phone: secret, Parts: []Part{}}
	return out, s.DB.Snapshot(ctx, func(q db.Querier) error {
		w, err := s.Moment(ctx, q, by.District)
		if err != nil {
			return err
		}
		out.Now, out.Day = w.Now.UnixMilli(), w.Day.String()
		names, bodies, err := s.parts(ctx, q, by, "")
		if err != nil {
			return err
		}
		for _, name := range names {
			sum := sha256.Sum256(bodies[name])
			out.Parts = append(out.Parts, Part{name, hex.EncodeToString(sum[:]), len(bodies[name])})
		}
		return nil
	})
}
