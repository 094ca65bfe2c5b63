// Package module is what a capability gives to the whole. A capability exports one Module; the composition root loops over
// the list of them, and nothing central names a capability.
package module

import (
	"context"
	"log/slog"
	"time"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Platform is what every service needs. It comes first in every constructor.
type Platform struct {
	DB        *db.DB
	Clock     clock.Clock
	Log       *slog.Logger
	Packs     *pack.Store
	Orgs      *org.Store
	Figures   *indicator.Engine
	Data      string // folder of this node: caches
	PublicURL string // printed in documents and news; "" prints none
}

// Module is all that a capability gives to the whole. Every part may be left out.
type Module struct {
	Name  string // of the package, of its web folder
	Verbs []Verb
	Types []pack.Type // of its pack objects, in the order of applying

	Keepers []indicator.Keeping
	Targets *indicator.Targets // what figures are wanted to be; one module gives it

	Jobs  []Job
	Ticks []Tick
	// Hears is by kind of fact: called on the node that committed it, after the commit, and lost in a crash.
	Hears map[string]Hearer
	News  []outbox.News                                            // prototypes of the facts that open pages are told of
	Tidy  func(ctx context.Context, tx *db.Tx, before int64) error // removes what is older than an instant

	Bench  []Part
	Counts func(ctx context.Context, q db.Querier, by access.Scope) (map[string]int64, error)            // what waits, for badges
	Latest func(ctx context.Context, q db.Querier, district int64, today period.Day) (period.Day, error) // last day with records; 0 for none
	Search func(ctx context.Context, q db.Querier, a Sought) ([]Hit, error)                              // for the search over everything

	Checks []Check // of what is stored

	Register func(k *httpapi.Kit)
}

// Depth is how much of a large store a check looks at.
type Depth int

// Whole is everything; Share is what is due today, so that some weeks see all of it.
const (
	Whole Depth = iota
	Share
)

// Check looks whether what a module stored is still what it stored, and says what is not. It changes nothing.
type Check struct {
	Name i18n.Label
	Run  func(ctx context.Context, q db.Querier, district int64, depth Depth) (found []i18n.Label, err error)
}

// Verb is a permission with its name.
type Verb struct {
	Verb  access.Verb
	Title i18n.Label
}

// Job is a kind of job and what runs it. Outside is for one that waits for others' servers.
type Job struct {
	Kind    string
	Run     outbox.Handler
	Outside bool
}

// Tick is work done in every district when the program starts and then every so often, by one of the nodes.
type Tick struct {
	Name  string
	Every time.Duration
	Run   func(ctx context.Context, district int64) error
}

// Hearer acts on a fact. What it misses, a tick must find.
type Hearer func(ctx context.Context, district int64, f outbox.Fact) error

// Asked is whom a workbench is for and which figures it shows.
type Asked struct {
	By     access.Scope
	Lang   i18n.Lang
	Unit   org.No        // 0 is the caller's own
	Period period.Period // zero shows no figures
}

// Part is one part of the workbench: a property of the answer. Zero is a value of its type, of which the schema is made; a
// caller whom it does not concern gets it as it is.
type Part struct {
	Name string
	Zero any
	Load func(ctx context.Context, q db.Querier, a Asked) (any, error)
}

// Sought is what somebody looks for over everything: any text, and as many hits as are shown.
type Sought struct {
	By    access.Scope
	Lang  i18n.Lang
	Text  string
	Limit int
}

// Hit is something found by a search over everything.
type Hit struct {
	Kind  string     `json:"kind"` // unit, person, record, figure, document, place, …
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Note  string     `json:"note"` // where it stands: a path, a number
	Of    i18n.Label `json:"of"`   // what it is: the title of its kind
	Link  string     `json:"link"` // path of its page
}
