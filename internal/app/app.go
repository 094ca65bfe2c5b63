// Package app is the composition root: it makes the services, wires them, and starts and stops them in order.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/blob"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/packs"
)

// Version is the program's version, set at build time.
var Version = "dev"

// Options say where things are.
type Options struct {
	Data        string      // data folder of this node: database, evidence, caches, the node's name
	Database    string      // postgres:// URL, or "" for SQLite in the data folder
	EvidenceDir string      // folder of evidence, which nodes of one database share; "" is evidence in the data folder
	PublicURL   string      // printed in documents; "" links to the annex instead
	Mail        notify.Mail // server for mail; zero sends none
	// InternalHosts are those that robots and webhooks may have though they lie inside the network: host or host:port.
	InternalHosts []string
	Proxies       httpapi.Proxies // whose word on a caller's address is taken; nil is this machine
	KeyFile       string          // what secrets are sealed with; "" is secret.key in the data folder
	Clock         clock.Clock     // nil is the machine's, or that of the demonstration that the folder holds
	AsIs          bool            // leaves the schema of an older program alone: opening it is db.ErrOldSchema
	Demo          *account.Demo   // what a demonstration shows at its sign-in; nil elsewhere
	Log           *slog.Logger
	// More are modules beside those of the program, made like those in modules.go.
	More []func(module.Platform) module.Module
}

// App is a running Sifen without its network side.
type App struct {
	Options
	DB       *db.DB
	Registry *pack.Registry
	Packs    *pack.Store
	Orgs     *org.Store
	Figures  *indicator.Engine
	Modules  *module.List
	Jobs     *outbox.Runner
	services
	background
	plain bool // serves plain http beyond this machine
}

// NewRegistry knows every object type of packs, in the order of applying.
func NewRegistry() *pack.Registry {
	a := &App{}
	a.make(module.Platform{})
	return a.Registry
}

// make fills the registries of types, keepers, jobs and modules once, and seals them.
func (a *App) make(p module.Platform) {
	a.Orgs, a.Modules = &org.Store{}, module.NewList()
	keepers := indicator.NewKeepers()
	a.Figures = indicator.New(a.Orgs, keepers)
	a.Packs = &pack.Store{}
	if p.Clock != nil {
		a.Packs.Today = func() period.Day { return period.Of(p.Clock.Now()) }
	}
	p.Packs, p.Orgs, p.Figures = a.Packs, a.Orgs, a.Figures
	a.compose(p, blob.Store{Dir: a.evidence()})
	a.Modules.Seal()
	for _, m := range a.Modules.All() {
		keepers.Add(m.Keepers...)
	}
	keepers.Seal()
	a.Registry = pack.NewRegistry(a.Modules.Types()...)
	a.Packs.Registry = a.Registry
	if a.Jobs == nil {
		return
	}
	for _, m := range a.Modules.All() {
		for _, j := range m.Jobs {
			a.Jobs.Add(j.Kind, j.Run, j.Outside)
		}
		for _, t := range m.Ticks {
			a.Jobs.AddTick(t.Name, t.Every, t.Run)
		}
	}
	a.Jobs.Seal()
}

// KeyName is the file of the data folder that holds what secrets are sealed with. A backup goes without it.
const KeyName = "secret.key"

// Open opens the data folder and makes every service. The schema is brought up to date.
func Open(ctx context.Context, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.KeyFile == "" {
		o.KeyFile = filepath.Join(o.Data, KeyName)
	}
	open := db.Open
	if o.AsIs {
		open = db.OpenAsIs
	}
	d, err := open(ctx, o.Data, o.Database)
	if err != nil {
		return nil, err
	}
	told := errors.Join(d.Told, db.Private(o.KeyFile))
	for _, name := range []string{"", "node", "lock"} {
		told = errors.Join(told, db.Private(filepath.Join(o.Data, name)))
	}
	if told != nil {
		o.Log.Warn("others on this machine may read the data folder", "err", told)
	}
	a := &App{Options: o, DB: d}
	if err := a.setClock(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	node, err := nodeName(o.Data, a.Clock.Now())
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	d.Node = node
	a.Jobs = outbox.NewRunner(d, a.Clock, node, o.Log)
	a.make(module.Platform{DB: d, Clock: a.Clock, Log: o.Log, Data: o.Data, PublicURL: o.PublicURL})
	return a, nil
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
	return district, a.Figures.Build(indicator.WithTime(ctx, a.Clock.Now()), a.DB, district)
}

// apply stores a pack and defines its figures; building them is a job, or Figures.Build.
func (a *App) apply(ctx context.Context, tx *db.Tx, district int64, p *pack.Pack, from period.Day) ([]pack.Change, error) {
	if err := indicator.Exclusive(ctx, tx, district); err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	before, err := a.Registry.Before(ctx, tx, district)
	if err != nil {
		return nil, err
	}
	changes, err := pack.Apply(ctx, tx, district, p, from, now)
	if err != nil {
		return nil, err
	}
	set, faults, err := a.Registry.After(ctx, tx, district, p)
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("together with the district's rules: %w", pack.Faults(faults))
	}
	if faults, err = a.Registry.Held(ctx, tx, district, before, set); err != nil || len(faults) > 0 {
		return nil, errors.Join(err, pack.Faults(faults).Err())
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
	return changes, a.Figures.Build(indicator.WithTime(ctx, a.Clock.Now()), a.DB, district)
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
	hash := account.HashPassword(password)
	return password, a.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := account.FindPerson(ctx, tx, by.District, name, unit)
		if err == nil && p == "" {
			p, err = account.AddPerson(ctx, tx, by.District, name, unit, a.Clock.Now())
		}
		if err != nil {
			return err
		}
		acc, err := a.Accounts.Open(ctx, tx, by, p, login, hash, must)
		if err != nil {
			return err
		}
		_, err = a.Accounts.GrantRole(ctx, tx, by, acc, role, unit, from, period.Open)
		return err
	})
}
