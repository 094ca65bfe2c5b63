package account

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// API serves signing in, one's own page, and people.
type API struct {
	*Service
	List    *module.List // whose counts, latest day and verbs the page of oneself tells
	Version string       // of the program
	Plain   func() bool  // plain http beyond this machine
	Demo    *Demo        // nil anywhere but in a demonstration
}

// Demo is what a demonstration shows on its sign-in page.
type Demo struct{ Accounts []DemoAccount }

// DemoAccount is one account of the demonstration with its password.
type DemoAccount struct {
	Login    string     `json:"login"`
	Password string     `json:"password"`
	Name     string     `json:"name"`
	Role     i18n.Label `json:"role"`
	Unit     string     `json:"unit"`
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
	Unit     org.Ref          `json:"unit"`
	Grants   []GrantView      `json:"grants"`
	Verbs    []string         `json:"verbs"`
	Home     string           `json:"home" enum:"summary,bench"`
	Today    string           `json:"today"`
	Period   string           `json:"period"` // the latest one with records: pages open on it
	Demo     bool             `json:"demo"`
	Insecure bool             `json:"insecure"`
	Version  string           `json:"version"`
	Counts   map[string]int64 `json:"counts"` // what waits, by badge; todo is all together
}

func (a *API) me(ctx context.Context, q db.Querier, by access.Scope, login string, must bool) (Me, error) {
	today := period.Day(by.Today)
	m := Me{Login: login, Name: by.Name, Account: by.Account, Person: by.Person, MustChange: must, Verbs: []string{}, Home: "bench", Today: today.String(),
		Demo: a.Demo != nil, Insecure: a.Plain(), Version: a.Version}
	o, err := a.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return m, err
	}
	m.District.Code, m.District.Name, m.District.Unit = o.Code, o.Name, int64(o.Root)
	grants, err := a.GrantViews(ctx, q, by.District, by.Account)
	if m.Grants = grants[by.Account]; err != nil {
		return m, err
	}
	for _, g := range m.Grants {
		if g.Home == "summary" {
			m.Home = "summary"
		}
	}
	if len(by.Grants) > 0 {
		m.Unit = o.Ref(org.No(by.Grants[0].Unit), today)
	}
	for _, v := range a.List.Verbs() {
		if by.Has(v.Verb) {
			m.Verbs = append(m.Verbs, string(v.Verb))
		}
	}
	last, err := a.List.Latest(ctx, q, by.District, today)
	if err != nil {
		return m, err
	}
	if last == 0 {
		last = today
	}
	y, _, _ := last.YMD()
	m.Period = period.Year(y).String()
	if m.Counts, err = a.List.Counts(ctx, q, by); err != nil {
		return m, err
	}
	todo := int64(0)
	for _, n := range m.Counts {
		todo += n
	}
	m.Counts["todo"] = todo
	return m, nil
}

func cookie(token string, secure bool, age int) http.Cookie {
	return http.Cookie{Name: httpapi.CookieName(secure), Value: token, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, MaxAge: age}
}

func (a *API) registerSession(k *httpapi.Kit) {
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
	httpapi.Write(k, httpapi.Operation{ID: "sign-in", Route: "POST /session", Verb: httpapi.Public, Summary: "Sign in"},
		func(ctx context.Context, _ access.Scope, in *signIn) (*meOut, error) {
			c := httpapi.CallerOf(ctx)
			token, who, err := a.SignIn(ctx, in.Body.Login, in.Body.Password, c.Remote)
			if err != nil {
				return nil, err
			}
			scope, err := a.Scope(ctx, a.DB.Read, who)
			if err != nil {
				return nil, err
			}
			m, err := a.me(ctx, a.DB.Read, scope, who.Login, who.MustChange)
			return &meOut{cookie(token, c.Secure, int(LastsFor.Seconds())), m}, err
		})
	type plain struct{ Body Me }
	httpapi.Query(k, httpapi.Operation{ID: "me", Route: "GET /me", Verb: httpapi.Fresh, Summary: "Who I am and for which unit"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*plain, error) {
			c := httpapi.CallerOf(ctx)
			m, err := a.me(ctx, a.DB.Read, by, c.Login, c.MustChange)
			return &plain{m}, err
		})
	type out struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Clear     string      `header:"Clear-Site-Data" doc:"pages that the browser kept; not its storage, in which lies what people typed and have not sent"`
	}
	httpapi.Write(k, httpapi.Operation{ID: "sign-out", Route: "DELETE /session", Verb: httpapi.Fresh, Summary: "Sign out"},
		func(ctx context.Context, _ access.Scope, _ *struct{}) (*out, error) {
			c := httpapi.CallerOf(ctx)
			return &out{cookie("", c.Secure, -1), `"cache"`}, a.SignOut(ctx, c.Token)
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
	httpapi.Prepared(k, httpapi.Operation{ID: "change-password", Route: "PUT /me/password", Verb: httpapi.Fresh,
		Summary: "Change one's own password; other sessions end"},
		func(ctx context.Context, by access.Scope, in *passwordIn) (Change, error) {
			return a.PrepareChange(ctx, by, httpapi.CallerOf(ctx).Login, in.Body.Old, in.Body.New)
		},
		func(ctx context.Context, tx *db.Tx, by access.Scope, _ *passwordIn, c Change) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Body: done{true}}, a.ChangePassword(ctx, tx, by, c, httpapi.CallerOf(ctx).Token)
		})
	type othersIn struct{ httpapi.OperationID }
	httpapi.Command(k, httpapi.Operation{ID: "sign-out-others", Route: "DELETE /me/sessions", Verb: httpapi.SignedIn,
		Summary: "End every other session of mine"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, _ *othersIn) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Body: done{true}}, a.SignOutOthers(ctx, tx, by, httpapi.CallerOf(ctx).Token)
		})
	type demoOut struct {
		Body struct {
			Accounts []DemoAccount `json:"accounts"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "demo-accounts", Route: "GET /demo", Verb: httpapi.Public,
		Summary: "Accounts of a demonstration; not found anywhere else"},
		func(context.Context, access.Scope, *struct{}) (*demoOut, error) {
			if a.Demo == nil {
				return nil, httpapi.ErrNotFound
			}
			o := &demoOut{}
			o.Body.Accounts = a.Demo.Accounts
			return o, nil
		})
}
