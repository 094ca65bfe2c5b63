// Package checklist lets an office write its own checklists: in the browser, dated, over those that ship, and from and to the
// paper form in Excel that the office has used so far.
package checklist

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/inspect"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Edit is the permission to write the district's checklists. Whoever sees inspections sees them.
const Edit access.Verb = "checklist.edit"

// Problems of this package.
var (
	ErrNone      = problem.New(problem.NotFound, "checklist.none", nil)
	ErrForbidden = problem.New(problem.Forbidden, "http.forbidden", nil)
	ErrStale     = problem.New(problem.Stale, "checklist.changed", nil)
	ErrFaults    = problem.New(problem.Invalid, "checklist.faults", nil)
	ErrDay       = problem.New(problem.Invalid, "checklist.day", nil)
	ErrSame      = problem.New(problem.Conflict, "checklist.same", nil)
	ErrInForce   = problem.New(problem.Conflict, "checklist.in-force", nil)
	ErrFile      = problem.New(problem.Invalid, "checklist.file", nil)
	ErrTooMany   = problem.New(problem.Invalid, "checklist.too-many", nil)
)

// typ is the type of pack objects that checklists are.
const typ = "checklists"

// Service keeps checklists. Its commands run in the caller's transaction.
type Service struct {
	module.Platform
	Visits *inspect.Service
}

// New makes the service.
func New(p module.Platform, visits *inspect.Service) *Service { return &Service{p, visits} }

// Changed is the fact that a checklist has another version.
type Changed struct {
	Key string `json:"key"`
}

// Kind names the fact.
func (Changed) Kind() string { return "checklist.changed" }

// News tells everybody who sees inspections: checklists are the district's.
func (Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "checklist", struct{}{}, by.Has(inspect.Read)
}

// may reports whether the caller writes the checklists of his district.
func may(by access.Scope, w module.Moment) bool {
	return by.Can(Edit, w.Org.Targets(w.Org.Root, w.Day), false)
}

// Save keeps a checklist as a new version that holds from a day, today or later. Visits keep the version that they were
// answered with, also those that phones still carry. The key "" makes a new checklist; rev is the newest version that the
// editor knows, 0 for a new one.
//
// Errors: ErrForbidden, ErrNone, ErrStale, ErrDay, ErrSame, ErrFaults with the place of each.
func (s *Service) Save(ctx context.Context, tx *db.Tx, by access.Scope, key string, rev int64, c inspect.Checklist, from string) (string, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return "", err
	}
	if !may(by, w) {
		return "", ErrForbidden
	}
	day, err := period.ParseDay(from)
	if err != nil || day < w.Day {
		return "", ErrDay.At(problem.Field{Pointer: "/from", Code: "checklist.day"})
	}
	known, err := pack.Stored(ctx, tx, by.District)
	if err != nil {
		return "", err
	}
	old := known.Get(typ, key)
	switch {
	case key == "":
		key = freshKey(known, w)
	case old == nil:
		return "", ErrNone
	case old.Version != rev:
		return "", ErrStale
	}
	c.Key = key
	Tidy(&c)
	if list := Faults(w.Set, &c); len(list) > 0 {
		return "", refused(list)
	}
	obj, err := pack.Make(typ, key, c)
	if err != nil {
		return "", err
	}
	obj.From = int64(day)
	// What phones may have carried away by now is known later, too.
	if err := s.Visits.RememberIn(ctx, tx, by.District, w.Set); err != nil {
		return "", err
	}
	changes, err := pack.Apply(ctx, tx, by.District, &pack.Pack{Header: pack.Header{Key: pack.Desk}, Objects: []*pack.Object{obj}}, day, w.Now)
	if err != nil {
		return "", err
	}
	if len(changes) == 0 {
		return "", ErrSame
	}
	return key, s.note(ctx, tx, by, w, key, changes[0].Version, map[string]string{"op": "save", "from": day.String()})
}

// TakeBack drops the newest version of a checklist that is not in force yet and returns the one that is the newest then.
//
// Errors: ErrForbidden, ErrNone, ErrStale, ErrInForce where its day has come.
func (s *Service) TakeBack(ctx context.Context, tx *db.Tx, by access.Scope, key string, rev int64) (left int64, err error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return 0, err
	}
	if !may(by, w) {
		return 0, ErrForbidden
	}
	list, err := pack.Versions(ctx, tx, by.District, typ, key)
	switch {
	case err != nil:
		return 0, err
	case key == "" || len(list) == 0:
		return 0, ErrNone
	case list[0].Version != rev:
		return 0, ErrStale
	}
	ok, err := pack.TakeBack(ctx, tx, by.District, typ, key, rev, w.Day)
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, ErrInForce
	}
	if len(list) > 1 {
		left = list[1].Version
	}
	return left, s.note(ctx, tx, by, w, key, rev, map[string]string{"op": "take-back"})
}

// note writes down that a checklist has changed and tells open pages.
func (s *Service) note(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, key string, version int64, what map[string]string) error {
	if err := journal.Write(ctx, tx, by, w.Now, Edit, key, version, what); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, by.District, w.Now, Changed{key})
}

// freshKey makes a key that the district has not used: people name checklists by their titles.
func freshKey(known *pack.Set, w module.Moment) string {
	for {
		key := "own-" + strings.ToLower(id.New(w.Now)[24:])
		if known.Get(typ, key) == nil {
			return key
		}
	}
}

// decoded reads a checklist from the text of one of its versions.
func decoded(v pack.Version) (*inspect.Checklist, error) {
	o := &pack.Object{Type: typ, Key: v.Key, Body: v.Body, Version: v.Version}
	x, err := inspect.Checklists().Decode(o)
	if err != nil {
		return nil, fmt.Errorf("checklist %s version %d: %w", v.Key, v.Version, err)
	}
	return x.(*inspect.Checklist), nil
}

// Tidy brings a checklist into the one form in which it is compared and kept: no blanks round texts, nothing that is empty, no
// settings that its answers do not have.
func Tidy(c *inspect.Checklist) {
	label := func(l *i18n.Label) { l.Zh, l.En = strings.TrimSpace(l.Zh), strings.TrimSpace(l.En) }
	optional := func(l **i18n.Label) {
		if *l == nil {
			return
		}
		own := **l
		if label(&own); own.IsZero() {
			*l = nil
		} else {
			*l = &own
		}
	}
	label(&c.Title)
	c.About, c.Answers, c.Joint = some(c.About), some(c.Answers), some(c.Joint)
	optional(&c.Sample)
	optional(&c.Source)
	c.Handouts = some(slices.Clone(c.Handouts))
	for i := range c.Handouts {
		label(&c.Handouts[i].Title)
	}
	c.Raise = some(c.Raise)
	c.Sections = slices.Clone(c.Sections)
	for si := range c.Sections {
		s := &c.Sections[si]
		label(&s.Title)
		s.When = strings.TrimSpace(s.When)
		if s.Each != nil {
			e := *s.Each
			if e.N.Of = some(e.N.Of); e.N.All {
				e.N.Of = nil
			}
			s.Each = &e
		}
		s.Items = slices.Clone(s.Items)
		for ii := range s.Items {
			tidyItem(&s.Items[ii], label, optional)
		}
	}
}

func tidyItem(i *inspect.Item, label func(*i18n.Label), optional func(**i18n.Label)) {
	label(&i.Ask)
	optional(&i.Rule)
	optional(&i.Unit)
	optional(&i.Count)
	i.Fails, i.When = strings.TrimSpace(i.Fails), strings.TrimSpace(i.When)
	if i.Answer == inspect.YesNo {
		i.Answer = ""
	}
	if i.Severity == "minor" {
		i.Severity = ""
	}
	if i.Answer != inspect.Select {
		i.Options = nil
	}
	if i.Answer != inspect.Share {
		i.Of = 0
	}
	if i.Answer != inspect.Amount && i.Answer != inspect.Share {
		i.Fails = ""
	}
	if i.Answer != inspect.Amount {
		i.Unit = nil
	}
	if i.NA != nil && *i.NA {
		i.NA = nil
	}
	i.Options = some(slices.Clone(i.Options))
	for n := range i.Options {
		label(&i.Options[n].Title)
	}
	words := func(list []inspect.Phrase) []inspect.Phrase {
		var out []inspect.Phrase
		for _, p := range list {
			p.Zh, p.En = strings.TrimSpace(p.Zh), strings.TrimSpace(p.En)
			if p.Zh == "" {
				p.Zh = p.En
			}
			if p.Zh != "" {
				out = append(out, p)
			}
		}
		return out
	}
	i.Phrases, i.Fixes = words(i.Phrases), words(i.Fixes)
	i.Answers, i.Basis = some(i.Answers), some(i.Basis)
}

// some is a list, nil where there is nothing in it.
func some[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
