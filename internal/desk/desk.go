// Package desk composes what the desk's pages need from the capabilities below it: who I am, my bench, a figure with
// its records, documents with their sources. It holds no rule and no table.
package desk

import (
	"context"
	"net/http"
	"sync"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/due"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/place"
)

// Desk serves the pages' own operations.
type Desk struct {
	DB        *db.DB
	Clock     clock.Clock
	Packs     *pack.Store
	Orgs      *org.Store
	Accounts  *account.Service
	Ledger    *ledger.Service
	Places    *place.Service
	Figures   *indicator.Engine
	Documents *document.Service
	Due       *due.Service
	Demo      []DemoAccount // shown on the sign-in page of a demonstration only
	IsDemo    bool
	Insecure  bool // plain http beyond the loopback
	Version   string
	RunJobs   func() // wakes the job runner

	stopOnce sync.Once
	stopping chan struct{}
	makeStop sync.Once
}

func (d *Desk) stop() chan struct{} {
	d.makeStop.Do(func() { d.stopping = make(chan struct{}) })
	return d.stopping
}

// Stop ends every open event stream; the pages connect again when the server is back.
func (d *Desk) Stop() { d.stopOnce.Do(func() { close(d.stop()) }) }

// DemoAccount is one account of the demonstration with its password.
type DemoAccount struct {
	Login    string     `json:"login"`
	Password string     `json:"password"`
	Name     string     `json:"name"`
	Role     i18n.Label `json:"role"`
	Unit     string     `json:"unit"`
}

// UnitRef names a unit.
type UnitRef struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Path string `json:"path,omitempty"`
}

func unitRef(o *org.Org, n org.No, day period.Day) UnitRef {
	u, _ := o.Unit(n)
	return UnitRef{int64(n), u.Name, string(u.Type), o.Path(n, day)}
}

// Me is who is signed in, for which unit, and how much waits.
type Me struct {
	Login      string `json:"login"`
	Name       string `json:"name"`
	Account    string `json:"account"`
	Person     string `json:"person"`
	MustChange bool   `json:"must_change"`
	District   struct {
		Code string `json:"code"`
		Name string `json:"name"`
		Unit int64  `json:"unit"`
	} `json:"district"`
	Unit     UnitRef  `json:"unit"`
	Grants   any      `json:"grants"`
	Verbs    []string `json:"verbs"`
	Home     string   `json:"home" enum:"summary,bench"`
	Today    string   `json:"today"`
	Period   string   `json:"period"`
	Demo     bool     `json:"demo"`
	Insecure bool     `json:"insecure"`
	Version  string   `json:"version"`
	Counts   struct {
		Todo     int64 `json:"todo"`
		Returned int64 `json:"returned"`
		Queue    int64 `json:"queue"`
	} `json:"counts"`
}

func (d *Desk) me(ctx context.Context, by access.Scope, login string, must bool) (Me, error) {
	m := Me{Login: login, Name: by.Name, Account: by.Account, Person: by.Person, MustChange: must, Verbs: []string{}, Home: "bench", Today: period.Day(by.Today).String(),
		Demo: d.IsDemo, Insecure: d.Insecure, Version: d.Version}
	o, err := d.Orgs.Current(ctx, d.DB.Read, by.District)
	if err != nil {
		return m, err
	}
	m.District.Code, m.District.Name, m.District.Unit = o.Code, o.Name, int64(o.Root)
	grants, err := d.Accounts.GrantViews(ctx, d.DB.Read, by.District, by.Account)
	if err != nil {
		return m, err
	}
	m.Grants = grants
	for _, g := range grants {
		if g.Home == "summary" {
			m.Home = "summary"
		}
	}
	if len(by.Grants) > 0 {
		m.Unit = unitRef(o, org.No(by.Grants[0].Unit), period.Day(by.Today))
	}
	for _, v := range account.Verbs {
		if by.Has(v.Verb) {
			m.Verbs = append(m.Verbs, string(v.Verb))
		}
	}
	// pages open on the latest period that has records
	var last int64
	err = d.DB.Read.QueryRowContext(ctx, `SELECT coalesce(max(e.day_from), 0) FROM entry AS e WHERE e.district = $1 AND e.state <> 'draft' AND e.day_from <= $2`, by.District, by.Today).Scan(&last)
	if err != nil {
		return m, err
	}
	if last == 0 {
		last = by.Today
	}
	y, _, _ := period.Day(last).YMD()
	m.Period = period.Year(y).String()
	if err := d.DB.Read.QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE district = $1 AND account = $2 AND state = 'returned'`, by.District, by.Account).Scan(&m.Counts.Returned); err != nil {
		return m, err
	}
	if by.Has(ledger.Verify) {
		if m.Counts.Queue, err = d.Ledger.Waiting(ctx, d.DB.Read, by); err != nil {
			return m, err
		}
	}
	m.Counts.Todo = m.Counts.Returned + m.Counts.Queue
	return m, nil
}

func cookie(token string, secure bool, age int) http.Cookie {
	return http.Cookie{Name: httpapi.CookieName, Value: token, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, MaxAge: age}
}

// Register adds the desk's operations.
func (d *Desk) Register(k *httpapi.Kit) {
	d.registerSession(k)
	d.registerFigures(k)
	d.registerFigurePages(k)
	d.registerDocuments(k)
	d.registerRegister(k)
	d.registerTemplates(k)
	d.registerBench(k)
	k.Handle("GET /api/v1/events", http.HandlerFunc(d.events))
}

func (d *Desk) registerSession(k *httpapi.Kit) {
	type signIn struct {
		Body struct {
			Login    string `json:"login" maxLength:"200"`
			Password string `json:"password" maxLength:"400"`
		}
	}
	type meOut struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      Me
	}
	httpapi.Query(k, httpapi.Operation{ID: "sign-in", Method: http.MethodPost, Path: "/session", Verb: httpapi.Public, Summary: "Sign in"},
		func(ctx context.Context, _ access.Scope, in *signIn) (*meOut, error) {
			c := httpapi.CallerOf(ctx)
			token, a, err := d.Accounts.SignIn(ctx, in.Body.Login, in.Body.Password, c.Remote)
			if err != nil {
				return nil, err
			}
			scope, err := d.Accounts.Scope(ctx, d.DB.Read, a)
			if err != nil {
				return nil, err
			}
			m, err := d.me(ctx, scope, a.Login, a.MustChange)
			return &meOut{cookie(token, c.Secure, int(account.LastsFor.Seconds())), m}, err
		})
	type plain struct{ Body Me }
	httpapi.Query(k, httpapi.Operation{ID: "me", Method: http.MethodGet, Path: "/me", Verb: httpapi.Fresh, Summary: "Who I am and for which unit"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*plain, error) {
			c := httpapi.CallerOf(ctx)
			m, err := d.me(ctx, by, c.Login, c.MustChange)
			return &plain{m}, err
		})
	type out struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "sign-out", Method: http.MethodDelete, Path: "/session", Verb: httpapi.Fresh, Summary: "Sign out"},
		func(ctx context.Context, _ access.Scope, _ *struct{}) (*out, error) {
			c := httpapi.CallerOf(ctx)
			return &out{cookie("", c.Secure, -1)}, d.Accounts.SignOut(ctx, c.Token)
		})
	type passwordIn struct {
		httpapi.OperationID
		Body struct {
			Old string `json:"old" maxLength:"400"`
			New string `json:"new" maxLength:"400"`
		}
	}
	type done struct {
		Done bool `json:"done"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "change-password", Method: http.MethodPut, Path: "/me/password", Verb: httpapi.Fresh, Summary: "Change one's own password; other sessions end"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *passwordIn) (*httpapi.Reply[done], error) {
			c := httpapi.CallerOf(ctx)
			return &httpapi.Reply[done]{Body: done{true}}, d.Accounts.ChangePassword(ctx, tx, by, c.Login, in.Body.Old, in.Body.New, c.Token)
		})
	type othersIn struct{ httpapi.OperationID }
	httpapi.Command(k, httpapi.Operation{ID: "sign-out-others", Method: http.MethodDelete, Path: "/me/sessions", Verb: httpapi.SignedIn, Summary: "End every other session of mine"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, _ *othersIn) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Body: done{true}}, d.Accounts.SignOutOthers(ctx, tx, by, httpapi.CallerOf(ctx).Token)
		})
	type demoOut struct {
		Body struct {
			Accounts []DemoAccount `json:"accounts"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "demo-accounts", Method: http.MethodGet, Path: "/demo", Verb: httpapi.Public, Summary: "Accounts of a demonstration; not found anywhere else"},
		func(context.Context, access.Scope, *struct{}) (*demoOut, error) {
			if !d.IsDemo {
				return nil, httpapi.ErrNotFound
			}
			o := &demoOut{}
			o.Body.Accounts = d.Demo
			return o, nil
		})
}
