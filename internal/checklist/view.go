package checklist

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sort"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/penalty"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/rectify"
)

// Row is a checklist as the list shows it.
type Row struct {
	Key      string     `json:"key"`
	Title    i18n.Label `json:"title"`
	About    []string   `json:"about"`
	Items    int        `json:"items"`
	Sections int        `json:"sections"`
	Points   int64      `json:"points"`
	Version  int64      `json:"version"` // in force; 0 where its first day has not come
	From     *string    `json:"from"`    // null is from the beginning
	Own      bool       `json:"own"`     // written here; the others ship with a pack
	Coming   *Coming    `json:"coming"`
}

// Coming is a version whose day has not come.
type Coming struct {
	Version int64  `json:"version"`
	From    string `json:"from"`
}

// VersionView is one version of a checklist.
type VersionView struct {
	Version int64   `json:"version"`
	From    *string `json:"from"`  // null is from the beginning
	Until   *string `json:"until"` // its last day; null is open
	At      int64   `json:"at"`
	Own     bool    `json:"own"`
	State   string  `json:"state" enum:"coming,current,past,replaced"`
}

// View is a checklist to be looked at or edited.
type View struct {
	Checklist inspect.FormView `json:"checklist"`
	Newest    int64            `json:"newest"`
	Current   int64            `json:"current"` // version in force today; 0 for none yet
	Versions  []VersionView    `json:"versions"`
	May       bool             `json:"may"`
}

// Named is something that may be chosen, with its name.
type Named struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
	Note  i18n.Label `json:"note"`
}

// Choices is what the editor offers.
type Choices struct {
	About       []Named `json:"about"`
	Answerers   []Named `json:"answerers"`
	Instruments []Named `json:"instruments"`
	Penalties   []Named `json:"penalties"`
	Kinds       []Named `json:"kinds" doc:"of objects that are no units"`
	Roles       []Named `json:"roles" doc:"what columns of an uploaded form may hold"`
}

// ListBody is the checklists of a district.
type ListBody struct {
	Items   []Row   `json:"items"`
	May     bool    `json:"may"`
	Choices Choices `json:"choices"`
}

func dayOf(d period.Day) *string {
	if d <= 0 || d >= period.Open {
		return nil
	}
	s := d.String()
	return &s
}

// stateOf says how a version stands to a day.
func stateOf(v pack.Version, today period.Day) string {
	switch {
	case v.Until <= v.From:
		return "replaced"
	case v.From > today:
		return "coming"
	case v.Until <= today:
		return "past"
	}
	return "current"
}

// List is the checklists of a district: as they are in force, and what comes.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope) (out ListBody, err error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	out = ListBody{Items: []Row{}, May: may(by, w), Choices: choices(w)}
	versions, err := pack.Versions(ctx, q, by.District, typ, "")
	if err != nil {
		return out, err
	}
	for len(versions) > 0 {
		n := slices.IndexFunc(versions, func(v pack.Version) bool { return v.Key != versions[0].Key })
		if n < 0 {
			n = len(versions)
		}
		row, err := rowOf(versions[:n], w.Day)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, row)
		versions = versions[n:]
	}
	sort.SliceStable(out.Items, func(i, j int) bool { return out.Items[i].Title.Zh < out.Items[j].Title.Zh })
	return out, nil
}

func rowOf(list []pack.Version, today period.Day) (Row, error) {
	shown := list[0]
	row := Row{Key: shown.Key}
	for _, v := range list {
		switch stateOf(v, today) {
		case "coming":
			row.Coming = &Coming{v.Version, v.From.String()}
		case "current":
			shown, row.Version, row.From, row.Own = v, v.Version, dayOf(v.From), v.Pack == pack.Desk
		}
	}
	if row.Version == 0 {
		row.Own = shown.Pack == pack.Desk
	}
	c, err := decoded(shown)
	if err != nil {
		return row, err
	}
	row.Title, row.About, row.Sections = c.Title, c.About, len(c.Sections)
	for _, x := range c.Sections {
		row.Items += len(x.Items)
		row.Points += x.Points
	}
	return row, nil
}

// Page is one checklist in one of its versions; 0 is the newest.
//
// Errors: ErrNone.
func (s *Service) Page(ctx context.Context, q db.Querier, by access.Scope, key string, version int64) (out View, err error) {
	// Not Moment: behind a change in its own transaction that would keep rules which may never be committed.
	w := module.Moment{Now: s.Clock.Now()}
	w.Day = period.Of(w.Now)
	if w.Org, err = s.Orgs.Current(ctx, q, by.District); err != nil {
		return out, err
	}
	list, err := pack.Versions(ctx, q, by.District, typ, key)
	if err != nil {
		return out, err
	}
	if key == "" || len(list) == 0 {
		return out, ErrNone
	}
	out = View{Newest: list[0].Version, Versions: []VersionView{}, May: may(by, w)}
	at := -1
	for i, v := range list {
		x := VersionView{v.Version, dayOf(v.From), nil, v.AppliedAt, v.Pack == pack.Desk, stateOf(v, w.Day)}
		if v.Until < period.Open {
			x.Until = dayOf(v.Until - 1)
		}
		if x.State == "current" {
			out.Current = v.Version
		}
		if v.Version == version || version == 0 && i == 0 {
			at = i
		}
		out.Versions = append(out.Versions, x)
	}
	if at < 0 {
		return out, ErrNone
	}
	c, err := decoded(list[at])
	if err != nil {
		return out, err
	}
	out.Checklist = inspect.FormOf(c)
	return out, nil
}

// choices are what the editor offers, by the rules of the district.
func choices(w module.Moment) Choices {
	out := Choices{About: []Named{}, Answerers: []Named{}, Instruments: []Named{}, Penalties: []Named{}, Kinds: []Named{}, Roles: []Named{}}
	for _, t := range org.Types {
		out.About = append(out.About, Named{Key: string(t.Type), Title: t.Title})
	}
	for _, x := range places {
		out.About = append(out.About, Named{Key: x.key, Title: i18n.Label{Zh: x.zh, En: x.en}})
	}
	for _, k := range pack.All[inspect.ObjectKind](w.Set, "object-kinds") {
		n := Named{Key: k.Key, Title: k.Title}
		out.Kinds = append(out.Kinds, n)
		if !slices.ContainsFunc(out.About, func(a Named) bool { return a.Key == k.Key }) {
			out.About = append(out.About, n)
		}
	}
	for _, x := range answerers {
		out.Answerers = append(out.Answerers, Named{Key: x.key, Title: i18n.Label{Zh: x.zh, En: x.en}})
	}
	list := pack.All[rectify.Instrument](w.Set, "instruments")
	slices.SortStableFunc(list, func(a, b *rectify.Instrument) int { return int(a.Rank - b.Rank) })
	for _, i := range list {
		n := Named{Key: i.Key, Title: i.Title}
		if i.Days > 0 {
			n.Note = i18n.Say("checklist.days", map[string]any{"n": i.Days})
		}
		out.Instruments = append(out.Instruments, n)
	}
	for _, p := range pack.All[penalty.Penalty](w.Set, "penalties") {
		out.Penalties = append(out.Penalties, Named{Key: p.Key, Title: p.Title})
	}
	for _, r := range Roles {
		if r.Role != roleKey {
			out.Roles = append(out.Roles, Named{Key: string(r.Role), Title: r.Title})
		}
	}
	return out
}

// places are what is inspected and is no unit: places that districts keep, and vehicles.
var places = []word{{"dropoff-point", "投放点", "Drop-off point", nil}, {"transfer-station", "转运站（设施）", "Transfer station (facility)", nil},
	{"compost-house", "堆肥房", "Compost house", nil}, {"vehicle", "收运车辆", "Collection vehicle", nil}}

// Change is what differs from the version that the editor began with.
type Change struct {
	Kind    string     `json:"kind" enum:"added,removed,changed,moved"`
	Pointer string     `json:"pointer"` // "" where it is gone
	Title   i18n.Label `json:"title"`
	Fields  []string   `json:"fields" doc:"of what was changed"`
}

// Checked is what is wrong with a draft and how it differs from the newest version.
type Checked struct {
	Faults  []Fault  `json:"faults"`
	Changes []Change `json:"changes"`
}

// Check says what a draft would be refused for and what it changes; nothing is kept.
func (s *Service) Check(ctx context.Context, q db.Querier, by access.Scope, key string, c inspect.Checklist) (out Checked, err error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	if !may(by, w) {
		return out, ErrForbidden
	}
	if c.Key = key; key == "" {
		c.Key = "own-new"
	}
	Tidy(&c)
	out = Checked{Faults: Faults(w.Set, &c), Changes: []Change{}}
	if key == "" {
		return out, nil
	}
	list, err := pack.Versions(ctx, q, by.District, typ, key)
	if err != nil {
		return out, err
	}
	if len(list) == 0 {
		return out, ErrNone
	}
	old, err := decoded(list[0])
	if err != nil {
		return out, err
	}
	Tidy(old)
	out.Changes = Compare(old, &c)
	return out, nil
}

// Compare lists what differs between two versions: of the head, of sections and of items by their keys.
func Compare(old, now *inspect.Checklist) []Change {
	out := []Change{}
	if f := fieldsOf(reflect.ValueOf(headOnly(old)), reflect.ValueOf(headOnly(now)), "sections"); len(f) > 0 {
		out = append(out, Change{"changed", "/title", now.Title, f})
	}
	type place struct {
		section string
		item    *inspect.Item
	}
	was, seen := map[string]place{}, map[string]bool{}
	parts := map[string]*inspect.Section{}
	order := []string{}
	for si := range old.Sections {
		s := &old.Sections[si]
		parts[s.Key] = s
		for ii := range s.Items {
			was[s.Items[ii].Key] = place{s.Key, &s.Items[ii]}
			order = append(order, s.Items[ii].Key)
		}
	}
	there := map[string]bool{}
	for si := range now.Sections {
		for _, i := range now.Sections[si].Items {
			there[i.Key] = true
		}
	}
	order = slices.DeleteFunc(order, func(k string) bool { return !there[k] })
	for si := range now.Sections {
		s := &now.Sections[si]
		at := fmt.Sprintf("/sections/%d", si)
		if before := parts[s.Key]; before == nil {
			out = append(out, Change{"added", at, s.Title, []string{}})
		} else if f := fieldsOf(reflect.ValueOf(*before), reflect.ValueOf(*s), "items"); len(f) > 0 {
			out = append(out, Change{"changed", at, s.Title, f})
		}
		for ii := range s.Items {
			i := &s.Items[ii]
			at := fmt.Sprintf("%s/items/%d", at, ii)
			before, had := was[i.Key]
			seen[i.Key] = true
			if !had {
				out = append(out, Change{"added", at, i.Ask, []string{}})
				continue
			}
			if f := fieldsOf(reflect.ValueOf(*before.item), reflect.ValueOf(*i)); len(f) > 0 {
				out = append(out, Change{"changed", at, i.Ask, f})
			}
			if before.section != s.Key || len(order) > 0 && order[0] != i.Key {
				out = append(out, Change{"moved", at, i.Ask, []string{}})
			}
			order = slices.DeleteFunc(order, func(k string) bool { return k == i.Key })
		}
		delete(parts, s.Key)
	}
	for _, s := range old.Sections {
		if parts[s.Key] != nil {
			out = append(out, Change{"removed", "", s.Title, []string{}})
		}
		for _, i := range s.Items {
			if !seen[i.Key] {
				out = append(out, Change{"removed", "", i.Ask, []string{}})
			}
		}
	}
	return out
}

// fieldsOf names the fields that differ, as JSON does.
func fieldsOf(a, b reflect.Value, but ...string) []string {
	out := []string{}
	for n := range a.NumField() {
		f := a.Type().Field(n)
		name := jsonName(f)
		if !f.IsExported() || slices.Contains(but, name) || reflect.DeepEqual(a.Field(n).Interface(), b.Field(n).Interface()) {
			continue
		}
		out = append(out, name)
	}
	return out
}

func jsonName(f reflect.StructField) string {
	name := f.Tag.Get("json")
	for i := range name {
		if name[i] == ',' {
			return name[:i]
		}
	}
	return name
}

// TakenBack says what is left of a checklist whose newest version was taken back.
type TakenBack struct {
	Version int64 `json:"version"` // now the newest; 0 where there was only that one
}

// Upload reads a form; with a key it is to be a new version of that checklist.
//
// Errors: ErrForbidden, ErrNone, ErrFile, ErrTooMany.
func (s *Service) Upload(ctx context.Context, q db.Querier, by access.Scope, key string, columns map[int]Role, headRow int, content []byte) (Read, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return Read{}, err
	}
	if !may(by, w) {
		return Read{}, ErrForbidden
	}
	opt := Options{Columns: columns, HeadRow: headRow}
	if key != "" {
		list, err := pack.Versions(ctx, q, by.District, typ, key)
		if err != nil {
			return Read{}, err
		}
		if len(list) == 0 {
			return Read{}, ErrNone
		}
		if opt.Base, err = decoded(list[0]); err != nil {
			return Read{}, err
		}
	}
	out, err := read(ctx, w.Set, content, opt)
	if err != nil {
		return Read{}, err
	}
	out.Checklist.Key = key
	return out, nil
}

// malformed is an assignment of columns that is none.
var malformed = problem.Field{Pointer: "/columns", Code: "value.malformed"}
