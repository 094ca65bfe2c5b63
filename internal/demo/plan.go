// Package demo makes the demonstration district: a fictional year as data from a fixed seed, handed in and verified
// through the same doors as anybody else's.
package demo

import (
	"math/rand/v2"
	"sort"
	"time"

	"sifen/internal/period"
)

// The district is fictional; no division code begins with 99.
const (
	Code = "990106"
	Name = "云汀区"
	seed = 20200802
)

// Between Start and End everything happens. The business clock must stand at or before Start when Run begins, and
// a demonstration goes on from End.
var (
	Start = at(period.Date(2019, 9, 2), 8, 30)
	End   = at(period.Date(2020, 12, 31), 9, 0)

	unitsFrom = period.Date(2019, 1, 1)
)

// Plan is the whole year as data: units, people, workbooks in the order they are handed in, and what happens to them.
type Plan struct {
	Code, Name string
	Units      []*Unit // the district first, then parents before children
	People     []*Person
	Books      []*Book // by time
	Acts       []Act   // by time

	dir         string
	photos      []*Photo
	seasonPaper string // number of the prompt notice after the campaign of autumn
}

// Unit is a line of units.csv.
type Unit struct {
	Code, Name, Type string
	Parent           *Unit
	Line             *Unit // head of a line over it: department or property firm
	Town             *Unit // the street, town or zone it lies in; nil above
	Households       int64 // of an estate
}

// Path names a unit below the district, as people write it into a workbook.
func (u *Unit) Path() string {
	switch {
	case u.Parent == nil:
		return u.Code
	case u.Parent.Parent == nil:
		return u.Name
	}
	return u.Parent.Path() + "/" + u.Name
}

// Person is somebody with a login. Run makes the passwords; those of Shown persons are meant to be told, one per role.
type Person struct {
	Name, Login, Role string
	Unit              *Unit
	Shown             bool
	Password          string
}

// Fate is what becomes of a row after it was submitted.
type Fate int

// The fates. Everything else is verified at the first review.
const (
	Counts Fate = iota
	Fixed       // returned, corrected, verified
	Stays       // returned and not corrected by the end of the year
	Waits       // not yet looked at
	Voided      // verified and later voided
)

// Row is one line of a workbook.
type Row struct {
	Book   *Book
	Line   int // in the workbook, from 1
	Unit   *Unit
	Day    period.Day     // the day that dates it
	Values map[string]any // by column key, as they are typed: text, int64 at the field's scale, period.Day
	Photos []*Photo
	Fate   Fate
	Reason string         // of the return or the voiding
	Fix    map[string]any // new values by field key, as a form sends them
	voidAt time.Time
}

// Book is one workbook of a kind, handed in by one person.
type Book struct {
	Kind   string
	File   string // below DIR/in
	Sender *Person
	At     time.Time
	Rows   []*Row
}

// Act is something a person does at a time.
type Act struct {
	At   time.Time
	Who  *Person
	Do   Do
	Book *Book  // of Import
	Rows []*Row // of the others
}

// Do is what is done.
type Do int

// The acts of a year.
const (
	Import  Do = iota // hand in a workbook
	Review            // verify what is right, return what is not
	Correct           // edit and submit again
	Void
)

// district is what the makers of the plan share.
type district struct {
	*Plan
	root    *Unit
	towns   []*Unit
	areas   map[*Unit][]*Unit // communities and villages of a town
	estates []*Unit
	places  []*Unit // institutions
	schools []*Unit
	idle    map[*Unit]bool   // schools that do not sort yet
	offices map[string]*Unit // departments by short name
	byName  map[string]*Unit
	clerk   map[*Unit]*Person
	manager map[*Unit]*Person
	office  []*Person
	rows    map[string][]*Row // by kind, for sums
	taken   map[string]bool
	drafts  map[draftKey]*Book
}

// dice are the random numbers of one part of the plan, so that a change of one part leaves the others as they are.
func dice(part uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, part)) }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func at(d period.Day, hour, minute int) time.Time {
	return d.Start().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// Make plans the year. It reads and writes nothing.
func Make() *Plan {
	d := &district{Plan: &Plan{Code: Code, Name: Name}, areas: map[*Unit][]*Unit{}, idle: map[*Unit]bool{}, offices: map[string]*Unit{},
		byName: map[string]*Unit{},
		clerk:  map[*Unit]*Person{}, manager: map[*Unit]*Person{}, rows: map[string][]*Row{}, taken: map[string]bool{}, drafts: map[draftKey]*Book{}}
	d.makeUnits()
	d.makePeople()
	d.organise()
	d.teams()
	d.base()
	d.sessions()
	d.sessionsBefore()
	d.materials()
	d.displays()
	d.campaign()
	d.media()
	d.facilities()
	d.coverage()
	d.funds()
	d.lastDays()
	d.illustrate()
	d.schedule()
	return d.Plan
}

// sorted orders books and acts; equal times keep their order.
func (d *district) sorted() {
	sort.SliceStable(d.Books, func(i, j int) bool { return d.Books[i].At.Before(d.Books[j].At) })
	sort.SliceStable(d.Acts, func(i, j int) bool { return d.Acts[i].At.Before(d.Acts[j].At) })
}
