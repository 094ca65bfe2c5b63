package field

import (
	"context"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/inspect"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/place"
	"sifen/internal/rectify"
)

// Pocket is a place as a phone carries it away: enough to check it without a network.
type Pocket struct {
	Key     string          `json:"key"`
	Name    string          `json:"name"`
	Type    string          `json:"type"`
	Code    string          `json:"code,omitempty"`
	Unit    org.Ref         `json:"unit"`
	Forms   []string        `json:"forms"` // keys of its checklists
	Party   string          `json:"party"` // who answers for it
	Self    bool            `json:"self"`
	Points  []PocketSubject `json:"points"`
	Objects []PocketSubject `json:"objects"`
	Open    []rectify.Row   `json:"open_cases"`
	Last    string          `json:"last"` // day of the last visit, or ""
	Wrong   int64           `json:"last_wrong"`
}

// PocketSubject is a point or an object of a place.
type PocketSubject struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Type string `json:"type"`
	Code string `json:"code,omitempty"`
}

// carried bounds what one part of a day holds of a sort.
const carried = 20000

// Pockets are the places below a unit that the caller may inspect, by key.
func (s *Service) Pockets(ctx context.Context, q db.Querier, by access.Scope, unit org.No) ([]Pocket, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	views, err := s.Visits.Spots(ctx, q, by, unit, "", carried)
	if err != nil {
		return nil, err
	}
	points, _, err := place.List(ctx, q, by, place.Filter{Unit: unit, State: place.Open, Limit: carried})
	if err != nil {
		return nil, err
	}
	under := map[org.No][]PocketSubject{}
	for _, p := range points {
		under[p.Unit] = append(under[p.Unit], PocketSubject{"point:" + p.ID, p.Name, p.Type, p.Code})
	}
	objects, err := inspect.Objects(ctx, q, by.District, carried, "")
	if err != nil {
		return nil, err
	}
	met := map[org.No][]PocketSubject{}
	for _, o := range objects {
		met[o.Unit] = append(met[o.Unit], PocketSubject{o.Key, o.Name, o.Type, ""})
	}
	open := map[string][]rectify.Row{}
	if by.Has(rectify.Read) {
		rows, err := s.Cases.OpenBelow(ctx, q, by, unit, carried)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			open[r.Place] = append(open[r.Place], r)
		}
	}
	out := make([]Pocket, 0, len(views))
	add := func(v inspect.SpotView) {
		sp := inspect.Spot{Key: v.Key, Name: v.Name, Type: v.Type, Code: v.Code, Unit: org.No(v.Unit.ID)}
		if !by.Can(inspect.Visit, w.Org.Targets(sp.Unit, w.Day), false) {
			return
		}
		p := Pocket{Key: v.Key, Name: v.Name, Type: v.Type, Code: v.Code, Unit: v.Unit, Forms: []string{}, Points: []PocketSubject{},
			Objects: []PocketSubject{}, Open: open[v.Key], Wrong: v.LastWrong}
		if p.Open == nil {
			p.Open = []rectify.Row{}
		}
		if v.Last != nil {
			p.Last = *v.Last
		}
		s.answered(w, by, sp, &p)
		if len(p.Forms) == 0 {
			return
		}
		if strings.HasPrefix(v.Key, "unit:") {
			p.Points, p.Objects = append(p.Points, under[sp.Unit]...), append(p.Objects, met[sp.Unit]...)
		}
		out = append(out, p)
	}
	for _, v := range views {
		add(v)
	}
	for _, x := range points { // a point is a place of its own where a checklist is about points
		sp := inspect.SpotOf(x)
		add(inspect.SpotView{Key: sp.Key, Name: sp.Name, Type: sp.Type, Code: sp.Code, Unit: w.Org.Ref(sp.Unit, w.Day)})
	}
	slices.SortStableFunc(out, func(a, b Pocket) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// answered fills in by which checklists a place is inspected and who answers for it.
func (s *Service) answered(w module.Moment, by access.Scope, sp inspect.Spot, p *Pocket) {
	for _, c := range inspect.ForSpot(w.Set, sp) {
		p.Forms = append(p.Forms, c.Key)
		if p.Party != "" {
			continue
		}
		if n := rectify.Answers(w.Org, sp.Unit, w.Day, c.Answers); n != 0 {
			p.Party = w.Org.UnitName(n)
			office := rectify.Office(w.Org, by, inspect.Visit, sp.Unit, w.Day)
			p.Self = office == sp.Unit || office == n
		}
	}
}

// Forms are the checklists in force, and the kinds of objects that they may be answered for.
func (s *Service) Forms(ctx context.Context, q db.Querier, by access.Scope) ([]inspect.FormView, []inspect.ObjectKind, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	forms, kinds := []inspect.FormView{}, []inspect.ObjectKind{}
	for _, c := range pack.All[inspect.Checklist](set, "checklists") {
		forms = append(forms, inspect.FormOf(c))
	}
	for _, k := range pack.All[inspect.ObjectKind](set, "object-kinds") {
		kinds = append(kinds, *k)
	}
	return forms, kinds, nil
}

// Street is the unit one level below the top that a unit lies under on a day, or is.
func Street(o *org.Org, unit org.No, day period.Day) org.No {
	for p := o.Parent(unit, day); p != 0 && p != o.Root; p = o.Parent(unit, day) {
		unit = p
	}
	return unit
}

// Streets are the units, one level below the top, under which the caller may inspect something.
func (s *Service) Streets(ctx context.Context, q db.Querier, by access.Scope) ([]org.Ref, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	seen := map[org.No]bool{}
	out := []org.Ref{}
	for _, u := range w.Org.Units() {
		if !u.Open(w.Day) || !by.Can(inspect.Visit, w.Org.Targets(u.No, w.Day), false) {
			continue
		}
		if top := Street(w.Org, u.No, w.Day); top != w.Org.Root && !seen[top] {
			seen[top] = true
			out = append(out, w.Org.Ref(top, w.Day))
		}
	}
	return out, nil
}
