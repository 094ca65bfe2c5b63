// Package app is the composition root: it makes the services, wires them, and starts and stops them in order.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/blob"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/desk"
	"sifen/internal/document"
	"sifen/internal/due"
	"sifen/internal/evidence"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/place"
	"sifen/internal/plan"
	"sifen/internal/reorg"
	"sifen/internal/scheme"
	"sifen/packs"
)

// Version is the program's version, set at build time.
var Version = "dev"

// Options say where things are.
type Options struct {
	Data      string      // data folder: database, evidence, caches
	Database  string      // postgres:// URL, or "" for SQLite in the data folder
	PublicURL string      // printed in documents; "" links to the annex instead
	Mail      notify.Mail // server for mail; zero sends none
	Clock     clock.Clock // nil is the machine's
	Log       *slog.Logger
}

// App is a running Sifen without its network side.
type App struct {
	Options
	DB        *db.DB
	Blobs     blob.Store
	Registry  *pack.Registry
	Packs     *pack.Store
	Orgs      *org.Store
	Figures   *indicator.Engine
	Accounts  *account.Service
	Evidence  *evidence.Service
	Ledger    *ledger.Service
	Documents *document.Service
	Places    *place.Service
	Reorg     *reorg.Service
	Plans     *plan.Service
	Notify    *notify.Service
	Due       *due.Service
	Desk      *desk.Desk
	Jobs      *outbox.Runner

	wake    chan struct{}
	wakeOut chan struct{} // for the jobs that wait for others' servers
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// Registry knows every object type of packs, in the order of applying.
func NewRegistry() *pack.Registry {
	return pack.NewRegistry(scheme.Type(), account.Type(), place.PackType(), kind.Type(), indicator.Type(), document.KindType(), document.Type())
}

// Open opens the data folder and makes every service. The schema is brought up to date.
func Open(ctx context.Context, o Options) (*App, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d, err := db.Open(ctx, o.Data, o.Database)
	if err != nil {
		return nil, err
	}
	a := &App{Options: o, DB: d, Blobs: blob.Store{Dir: filepath.Join(o.Data, "evidence")}, Registry: NewRegistry(), Orgs: &org.Store{}, wake: make(chan struct{}, 1), wakeOut: make(chan struct{}, 1)}
	a.Packs = &pack.Store{Registry: a.Registry}
	a.Figures = &indicator.Engine{Orgs: a.Orgs, Sources: map[string]indicator.Source{}}
	a.Accounts = &account.Service{DB: d, Clock: o.Clock, Packs: a.Packs, Orgs: a.Orgs}
	a.Evidence = &evidence.Service{DB: d, Clock: o.Clock, Blobs: a.Blobs, Cache: filepath.Join(o.Data, "cache")}
	a.Ledger = &ledger.Service{DB: d, Clock: o.Clock, Packs: a.Packs, Orgs: a.Orgs, Figures: a.Figures, Evidence: a.Evidence, Accounts: a.Accounts, Wake: a.Wake}
	a.Figures.Sources[""] = a.Ledger
	a.Places = &place.Service{DB: d, Clock: o.Clock, Packs: a.Packs, Orgs: a.Orgs, Figures: a.Figures, Ledger: a.Ledger, Entries: a.entriesOf, PublicURL: o.PublicURL}
	a.Ledger.Kept = a.Places.Keeps
	for _, k := range place.Kinds {
		a.Figures.Sources[k] = a.Places
	}
	a.Documents = &document.Service{DB: d, Clock: o.Clock, Packs: a.Packs, Orgs: a.Orgs, Figures: a.Figures, Blobs: a.Blobs, PublicURL: o.PublicURL}
	a.Plans = &plan.Service{DB: d, Clock: o.Clock, Orgs: a.Orgs, Figures: a.Figures}
	a.Figures.Sources[plan.KindTask], a.Figures.Sources[plan.KindArrears] = a.Plans, a.Plans
	a.Reorg = &reorg.Service{DB: d, Clock: o.Clock, Figures: a.Figures}
	a.Notify = &notify.Service{DB: d, Clock: o.Clock, Orgs: a.Orgs, Mail: o.Mail, Wake: a.Wake, PublicURL: o.PublicURL}
	a.Due = &due.Service{DB: d, Clock: o.Clock, Packs: a.Packs, Orgs: a.Orgs, Figures: a.Figures, Accounts: a.Accounts, Notify: a.Notify}
	a.Figures.Sources[due.ItemKind] = a.Due
	a.Ledger.Notify, a.Plans.Notify = a.Notify, a.Notify
	a.Ledger.WakeAfter = func(d time.Duration) { time.AfterFunc(d, a.Wake) }
	a.Documents.News = document.News{Accounts: a.Accounts, Notify: a.Notify}
	a.Desk = &desk.Desk{DB: d, Clock: o.Clock, Packs: a.Packs, Orgs: a.Orgs, Accounts: a.Accounts, Ledger: a.Ledger, Places: a.Places, Figures: a.Figures, Documents: a.Documents, Due: a.Due, Version: Version, RunJobs: a.Wake}
	a.Documents.Words = a.Desk.Titles
	a.Jobs = &outbox.Runner{DB: d, Clock: o.Clock, Log: o.Log, Outside: notify.DeliverJob, Handlers: map[string]outbox.Handler{
		document.RenderJob: a.Documents.Render,
		ledger.ImportJob:   a.Ledger.RunImport,
		ledger.BulkJob:     a.Ledger.RunBulk,
		notify.DeliverJob:  a.Notify.Deliver,
		buildJob:           a.build,
	}}
	return a, nil
}

// entriesOf gives places what the ledger counts of their kinds, for the takeover.
func (a *App) entriesOf(ctx context.Context, q db.Querier, district int64, kind string) ([]place.Carried, int64, error) {
	if _, own := indicator.EventKinds[kind]; own { // never was a ledger
		return nil, 0, nil
	}
	list, waiting, err := a.Ledger.CountedEntries(ctx, q, district, kind)
	out := make([]place.Carried, 0, len(list))
	for _, e := range list {
		out = append(out, place.Carried{ID: e.ID, Number: e.Number, Account: e.Account, Rev: e.Rev, At: e.At, Unit: e.Unit, From: e.From, Until: e.Until, Values: e.Values, Fields: e.Fields})
	}
	return out, waiting, err
}

// Close stops background work and closes the database.
func (a *App) Close() error {
	if a.stop != nil {
		a.stop()
		a.done.Wait()
	}
	return a.DB.Close()
}

// Wake makes the job runner look at once.
func (a *App) Wake() {
	for _, lane := range []chan struct{}{a.wake, a.wakeOut} {
		select {
		case lane <- struct{}{}:
		default:
		}
	}
}

// Start runs jobs and seals the journal until Close.
func (a *App) Start(ctx context.Context) {
	ctx, a.stop = context.WithCancel(ctx)
	if err := a.Jobs.Release(ctx); err != nil {
		a.Log.Error("jobs", "err", err)
	}
	a.done.Add(4)
	go func() {
		defer a.done.Done()
		a.follow(ctx)
	}()
	run := func(lane outbox.Lane, wake <-chan struct{}) {
		defer a.done.Done()
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			if _, err := a.Jobs.RunLane(ctx, lane); err != nil && ctx.Err() == nil {
				a.Log.Error("jobs", "err", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-wake:
			case <-tick.C:
			}
		}
	}
	go run(outbox.Inside, a.wake)
	go run(outbox.Out, a.wakeOut)
	go func() {
		defer a.done.Done()
		if err := a.Overdue(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("plans", "err", err)
		}
		tick, hourly := time.NewTicker(time.Second), time.NewTicker(time.Hour)
		defer tick.Stop()
		defer hourly.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-hourly.C:
				if err := a.Tidy(ctx); err != nil && ctx.Err() == nil {
					a.Log.Error("tidy", "err", err)
				}
				if err := a.Overdue(ctx); err != nil && ctx.Err() == nil {
					a.Log.Error("plans", "err", err)
				}
			case <-tick.C:
				if err := a.Seal(ctx); err != nil && ctx.Err() == nil {
					a.Log.Error("journal", "err", err)
				}
			}
		}
	}()
}

// Seal numbers and chains the journal lines that wait.
func (a *App) Seal(ctx context.Context) error {
	districts, err := org.Districts(ctx, a.DB.Read)
	if err != nil {
		return err
	}
	for _, d := range districts {
		for {
			var waiting int
			if err := a.DB.Read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM journal WHERE district = $1 AND seq IS NULL LIMIT 1) AS w`, d).Scan(&waiting); err != nil {
				return err
			}
			if waiting == 0 {
				break
			}
			if err := a.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := journal.Seal(ctx, tx, d, 500)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Overdue puts the tasks whose deadline has passed in arrears.
func (a *App) Overdue(ctx context.Context) error {
	districts, err := org.Districts(ctx, a.DB.Read)
	if err != nil {
		return err
	}
	for _, d := range districts {
		if _, err := a.Plans.Tick(ctx, d, a.Clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

// keepFor is how long answers of operations and facts are kept: far longer than any client tries again.
const keepFor = 30 * 24 * time.Hour

// Tidy removes answers and facts that nobody will ask for any more.
func (a *App) Tidy(ctx context.Context) error {
	before := a.Clock.Now().Add(-keepFor).UnixMilli()
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, q := range []string{`DELETE FROM operation WHERE at < $1`, `DELETE FROM fact WHERE at < $1`, `DELETE FROM bulk_item WHERE EXISTS (SELECT 1 FROM bulk_run AS r WHERE r.district = bulk_item.district AND r.id = bulk_item.run AND r.at < $1)`, `DELETE FROM bulk_run WHERE at < $1`, `DELETE FROM channel_sent WHERE at < $1`, `DELETE FROM notice WHERE at < $1 AND read_at > 0`} {
			if _, err := tx.ExecContext(ctx, q, before); err != nil {
				return err
			}
		}
		return ledger.TidyImports(ctx, tx, before)
	})
}

const buildJob = "figures.build"

// build is the job that builds new figure definitions, one batch per transaction.
func (a *App) build(ctx context.Context, district int64, _ []byte, done func(*db.Tx) error) error {
	if err := a.Figures.Build(ctx, a.DB, district); err != nil {
		return err
	}
	return a.DB.Write(ctx, done)
}

// ErrExists says that the data folder already holds a district.
var ErrExists = errors.New("this data folder already holds a district")

// Init makes the district of an empty data folder with the base pack.
func (a *App) Init(ctx context.Context, code, name string) (district int64, err error) {
	have, err := org.Districts(ctx, a.DB.Read)
	if err != nil {
		return 0, err
	}
	if len(have) > 0 {
		return have[0], ErrExists
	}
	if _, t, ok := org.CodeInfo(code); !ok || t != org.District {
		return 0, fmt.Errorf("%q is not a district's code: 6 digits, or 12 with trailing zeros", code)
	}
	base, faults := a.Registry.Load(packs.Base())
	if len(faults) == 0 {
		_, faults = a.Registry.Build(base)
	}
	if len(faults) > 0 {
		return 0, fmt.Errorf("the shipped pack is wrong: %s", faults[0])
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if district, err = org.Create(ctx, tx, code, name, a.Clock.Now()); err != nil {
			return err
		}
		if _, err := org.Recompute(ctx, tx, district); err != nil {
			return err
		}
		_, err = a.apply(ctx, tx, district, base, 0)
		return err
	})
	if err != nil {
		return 0, err
	}
	return district, a.Figures.Build(ctx, a.DB, district)
}

// apply stores a pack and defines its figures; building them is a job, or Figures.Build.
func (a *App) apply(ctx context.Context, tx *db.Tx, district int64, p *pack.Pack, from period.Day) ([]pack.Change, error) {
	if err := indicator.Exclusive(ctx, tx, district); err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	changes, err := pack.Apply(ctx, tx, district, p, from, now)
	if err != nil {
		return nil, err
	}
	set, err := pack.Stored(ctx, tx, district)
	if err != nil {
		return nil, err
	}
	if faults := a.Registry.Resolve(set); len(faults) > 0 {
		return nil, fmt.Errorf("together with the district's rules: %s", faults[0])
	}
	if err := a.Figures.Sync(ctx, tx, district, set); err != nil {
		return nil, err
	}
	if len(changes) > 0 {
		by := access.System(district, int64(period.Of(now)), "pack")
		if err := journal.Write(ctx, tx, by, now, "pack.edit", p.Header.Key, 0, len(changes)); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// ApplyPack applies a checked pack in one transaction and builds the figures that changed.
func (a *App) ApplyPack(ctx context.Context, district int64, p *pack.Pack, from period.Day) (changes []pack.Change, err error) {
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		changes, err = a.apply(ctx, tx, district, p, from)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changes, a.Figures.Build(ctx, a.DB, district)
}

// District returns the district of the data folder; there is one.
func (a *App) District(ctx context.Context) (int64, error) {
	have, err := org.Districts(ctx, a.DB.Read)
	if err != nil {
		return 0, err
	}
	if len(have) == 0 {
		return 0, errors.New("there is no district yet: run sifen init first")
	}
	return have[0], nil
}

// As is the scope of a login, for the command line.
func (a *App) As(ctx context.Context, login string) (access.Scope, error) {
	acc, err := a.Accounts.ByLogin(ctx, login)
	if err != nil {
		return access.Scope{}, err
	}
	return a.Accounts.Scope(ctx, a.DB.Read, acc)
}

// NewAccount makes a person with sign-in and a role. password "" makes a one-time one, which is returned.
func (a *App) NewAccount(ctx context.Context, by access.Scope, name, login, role string, unit org.No, from period.Day, password string) (string, error) {
	must := password == ""
	if must {
		password = account.OneTime()
	}
	return password, a.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := account.FindPerson(ctx, tx, by.District, name, unit)
		if err == nil && p == "" {
			p, err = account.AddPerson(ctx, tx, by.District, name, unit, a.Clock.Now())
		}
		if err != nil {
			return err
		}
		acc, err := a.Accounts.Open(ctx, tx, by, p, login, password, must)
		if err != nil {
			return err
		}
		_, err = a.Accounts.GrantRole(ctx, tx, by, acc, role, unit, from, period.Open)
		return err
	})
}

// SetClock gives every service another clock, before anything runs.
func (a *App) SetClock(c clock.Clock) {
	a.Clock = c
	a.Accounts.Clock, a.Evidence.Clock, a.Ledger.Clock, a.Documents.Clock, a.Places.Clock, a.Reorg.Clock, a.Desk.Clock, a.Jobs.Clock, a.Notify.Clock, a.Due.Clock, a.Plans.Clock = c, c, c, c, c, c, c, c, c, c, c
}
