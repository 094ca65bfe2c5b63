package account

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"sync"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/pinyin"
	"sifen/internal/problem"
)

// GrantView is a role at a unit for some days, in words.
type GrantView struct {
	ID        string     `json:"id"`
	Role      string     `json:"role"`
	RoleTitle i18n.Label `json:"role_title"`
	Unit      org.Ref    `json:"unit"`
	From      string     `json:"from"`
	Until     *string    `json:"until"`
	Home      string     `json:"home"`
}

// GrantViews words the grants of accounts, by account; "" is all of the district.
func (s *Service) GrantViews(ctx context.Context, q db.Querier, district int64, account string) (map[string][]GrantView, error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return nil, err
	}
	o, err := s.Orgs.Current(ctx, q, district)
	if err != nil {
		return nil, err
	}
	grants, err := Grants(ctx, q, district, account)
	if err != nil {
		return nil, err
	}
	today := period.Of(s.Clock.Now())
	out := map[string][]GrantView{}
	for _, g := range grants {
		v := GrantView{ID: g.ID, Role: g.Role, RoleTitle: i18n.Label{Zh: g.Role, En: g.Role}, Unit: o.Ref(g.Unit, today), From: g.From.String()}
		if r, ok := RoleOf(set, g.Role); ok {
			v.RoleTitle, v.Home = r.Title, r.Home
		}
		if g.Until < period.Open {
			u := (g.Until - 1).String()
			v.Until = &u
		}
		out[g.Account] = append(out[g.Account], v)
	}
	return out, nil
}

type personView struct {
	ID       string      `json:"id"`
	Person   string      `json:"person"`
	Name     string      `json:"name"`
	Login    string      `json:"login"`
	State    string      `json:"state" enum:"active,locked,closed,none"`
	Unit     org.Ref     `json:"unit"`
	Grants   []GrantView `json:"grants"`
	LastSeen *int64      `json:"last_seen"`
	Initials string      `json:"initials"` // of the name, by pinyin
}

// mayManage refuses acting on a unit where the caller does not hold account.edit. An administrator may give roles he
// does not hold himself: he makes the accounts of the office, and the journal says so.
func (s *Service) mayManage(ctx context.Context, q db.Querier, by access.Scope, unit org.No) error {
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return err
	}
	targets := o.Targets(unit, period.Day(by.Today))
	if !by.Sees(targets) {
		return org.ErrUnit
	}
	if !by.Can(Edit, targets, false) {
		return httpapi.ErrForbidden
	}
	return nil
}

// mayManageOf is mayManage for a thing at a unit: outside the caller's reach it answers as one that is not there.
func (s *Service) mayManageOf(ctx context.Context, q db.Querier, by access.Scope, unit org.No) error {
	err := s.mayManage(ctx, q, by, unit)
	if errors.Is(err, org.ErrUnit) {
		return httpapi.ErrNotFound
	}
	return err
}

// secret is the answer that holds a one-time password, once.
type secret struct {
	ID       string `json:"id"`
	Password string `json:"password" doc:"one-time; shown once and stored only as a hash"`
	Shown    bool   `json:"shown" doc:"this was done before and the password shown then; it is kept nowhere, who lost it gives another"`
}

// WithoutSecret is what is kept for a second try.
func (s secret) WithoutSecret() any { return secret{ID: s.ID, Shown: true} }

// oneTime is a password to hand over, with its hash.
type oneTime struct {
	text string
	hash Hash
}

func newOneTime(ctx context.Context) (p oneTime, err error) {
	p.text = OneTime()
	p.hash, err = HashInTurn(ctx, p.text)
	return p, err
}

// Register adds the operations of accounts.
func (a *API) Register(k *httpapi.Kit) {
	a.registerSession(k)
	a.registerPeople(k)
}

func (a *API) registerPeople(k *httpapi.Kit) {
	httpapi.Query(k, httpapi.Operation{ID: "list-people", Route: "GET /people", Verb: "account.read",
		Summary: "People with sign-in inside one's reach"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*httpapi.Listed[personView], error) {
			o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			accounts, err := db.All(ctx, a.DB.Read, func(r *sql.Rows) (Account, error) { return scanAccount(r) },
				`SELECT `+accountColumns+` FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person WHERE a.district = $1
					AND `+by.Reach("p.district", "p.unit", "account.read")+` ORDER BY p.unit, p.name, a.id`, by.District)
			if err != nil {
				return nil, err
			}
			grants, err := a.GrantViews(ctx, a.DB.Read, by.District, "")
			if err != nil {
				return nil, err
			}
			out := &httpapi.Listed[personView]{}
			out.Body.Items = []personView{}
			for _, acc := range accounts {
				v := personView{Initials: pinyin.Initials(acc.Name), ID: acc.ID, Person: acc.Person, Name: acc.Name, Login: acc.Login, State: "active",
					Unit: o.Ref(acc.Unit, period.Day(by.Today))}
				if acc.Closed {
					v.State = "closed"
				}
				if acc.SeenAt > 0 {
					v.LastSeen = &acc.SeenAt
				}
				v.Grants = grants[acc.ID]
				out.Body.Items = append(out.Body.Items, v)
			}
			return out, nil
		})
	type roleView struct {
		Key   string     `json:"key"`
		Title i18n.Label `json:"title"`
		Verbs []string   `json:"verbs"`
	}
	type verbView struct {
		Key   string     `json:"key"`
		Title i18n.Label `json:"title"`
	}
	type rolesOut struct {
		Body struct {
			Items []roleView `json:"items"`
			Verbs []verbView `json:"verbs"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-roles", Route: "GET /roles", Verb: "account.read", Reference: true, Summary: "Roles and their verbs"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*rolesOut, error) {
			set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			out := &rolesOut{}
			for _, r := range pack.All[Role](set, "roles") {
				out.Body.Items = append(out.Body.Items, roleView{r.Key, r.Title, r.Verbs})
			}
			for _, v := range a.List.Verbs() {
				out.Body.Verbs = append(out.Body.Verbs, verbView{string(v.Verb), v.Title})
			}
			return out, nil
		})
	type addIn struct {
		httpapi.OperationID
		Body struct {
			Name  string `json:"name" minLength:"1" maxLength:"40"`
			Login string `json:"login" maxLength:"60"`
			Role  string `json:"role"`
			Unit  int64  `json:"unit"`
			From  string `json:"from,omitempty"`
			Until string `json:"until,omitempty"`
		}
	}
	span := func(by access.Scope, from, until string) (period.Day, period.Day, error) {
		f, u := period.Day(by.Today), period.Open
		var err error
		if from != "" {
			if f, err = period.ParseDay(from); err != nil {
				return 0, 0, httpapi.ErrInput.At(problem.Field{Pointer: "/from", Code: "value.date"})
			}
		}
		if until != "" {
			if u, err = period.ParseDay(until); err != nil || u < f {
				return 0, 0, httpapi.ErrInput.At(problem.Field{Pointer: "/until", Code: "value.date"})
			}
			u++
		}
		return f, u, nil
	}
	httpapi.Prepared(k, httpapi.Operation{ID: "add-person", Route: "POST /people", Verb: Edit,
		Summary: "Make a person with sign-in and a first role"},
		func(ctx context.Context, _ access.Scope, _ *addIn) (oneTime, error) { return newOneTime(ctx) },
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn, pass oneTime) (*httpapi.Reply[secret], error) {
			unit := org.No(in.Body.Unit)
			if err := a.mayManage(ctx, tx, by, unit); err != nil {
				return nil, err
			}
			from, until, err := span(by, in.Body.From, in.Body.Until)
			if err != nil {
				return nil, err
			}
			p, err := AddPerson(ctx, tx, by.District, in.Body.Name, unit, a.Clock.Now())
			if err != nil {
				return nil, err
			}
			acc, err := a.Open(ctx, tx, by, p, in.Body.Login, pass.hash, true)
			if err != nil {
				return nil, err
			}
			_, err = a.GrantRole(ctx, tx, by, acc, in.Body.Role, unit, from, until)
			return &httpapi.Reply[secret]{Status: http.StatusCreated, Body: secret{ID: acc, Password: pass.text}}, err
		})
	type grantIn struct {
		httpapi.ActOn
		Body struct {
			Role  string `json:"role"`
			Unit  int64  `json:"unit"`
			From  string `json:"from,omitempty"`
			Until string `json:"until,omitempty"`
		}
	}
	type made struct {
		ID string `json:"id"`
	}
	managed := func(ctx context.Context, tx *db.Tx, by access.Scope, id string) error {
		var unit org.No
		err := tx.QueryRowContext(ctx, `SELECT p.unit FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person
			WHERE a.district = $1 AND a.id = $2`, by.District, id).Scan(&unit)
		found, err := db.One(err)
		if err == nil && !found {
			err = httpapi.ErrNotFound
		}
		if err != nil {
			return err
		}
		return a.mayManageOf(ctx, tx, by, unit)
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-grant", Route: "POST /people/{id}/grants", Verb: Edit,
		Summary: "Give a role at a unit"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *grantIn) (*httpapi.Reply[made], error) {
			if err := managed(ctx, tx, by, in.ID); err != nil {
				return nil, err
			}
			if err := a.mayManage(ctx, tx, by, org.No(in.Body.Unit)); err != nil {
				return nil, err
			}
			from, until, err := span(by, in.Body.From, in.Body.Until)
			if err != nil {
				return nil, err
			}
			g, err := a.GrantRole(ctx, tx, by, in.ID, in.Body.Role, org.No(in.Body.Unit), from, until)
			return &httpapi.Reply[made]{Status: http.StatusCreated, Body: made{g}}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "end-grant", Route: "DELETE /grants/{id}", Verb: Edit, Summary: "End a grant today"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[made], error) {
			var unit org.No
			var account string
			err := tx.QueryRowContext(ctx, `SELECT unit, account FROM role_grant WHERE district = $1 AND id = $2`, by.District, in.ID).Scan(&unit, &account)
			found, err := db.One(err)
			if err != nil {
				return nil, err
			}
			if !found {
				return nil, httpapi.ErrNotFound
			}
			if err := a.mayManageOf(ctx, tx, by, unit); err != nil {
				return nil, err
			}
			if account == by.Account {
				return nil, ErrLastOne
			}
			return &httpapi.Reply[made]{Body: made{in.ID}}, a.EndGrant(ctx, tx, by, in.ID)
		})
	httpapi.Prepared(k, httpapi.Operation{ID: "reset-password", Route: "POST /people/{id}/reset", Verb: Edit,
		Summary: "Give a one-time password and end all sessions"},
		func(ctx context.Context, _ access.Scope, _ *httpapi.ActOn) (oneTime, error) { return newOneTime(ctx) },
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn, pass oneTime) (*httpapi.Reply[secret], error) {
			if err := managed(ctx, tx, by, in.ID); err != nil {
				return nil, err
			}
			// who holds a password holds every grant: also those above the caller's own
			grants, err := Grants(ctx, tx, by.District, in.ID)
			if err != nil {
				return nil, err
			}
			for _, g := range grants {
				if int64(g.Until) > by.Today && a.mayManage(ctx, tx, by, g.Unit) != nil {
					return nil, httpapi.ErrForbidden
				}
			}
			return &httpapi.Reply[secret]{Body: secret{ID: in.ID, Password: pass.text}}, a.SetPassword(ctx, tx, by, in.ID, pass.hash)
		})
	type personsIn struct {
		Q    string `query:"q" maxLength:"40"`
		Unit int64  `query:"unit"`
	}
	type person struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Unit string `json:"unit"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "find-persons", Route: "GET /persons", Verb: "ledger.enter",
		Summary: "Persons inside one's reach, for person fields"},
		func(ctx context.Context, by access.Scope, in *personsIn) (*httpapi.Listed[person], error) {
			o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			out := &httpapi.Listed[person]{}
			all, err := db.All(ctx, a.DB.Read, func(r *sql.Rows) (person, error) {
				var p person
				var unit org.No
				err := r.Scan(&p.ID, &p.Name, &unit)
				p.Unit = o.Path(unit, period.Day(by.Today))
				return p, err
			}, `SELECT p.id, p.name, p.unit FROM person AS p WHERE p.district = $1 AND `+by.Reach("p.district", "p.unit", "ledger.read")+`
				ORDER BY p.name, p.id`, by.District)
			out.Body.Items = []person{}
			for _, p := range all {
				if len(out.Body.Items) < 50 && (strings.Contains(strings.ToLower(p.Name), strings.ToLower(in.Q)) || pinyin.Match(p.Name, in.Q)) {
					out.Body.Items = append(out.Body.Items, p)
				}
			}
			return out, err
		})
	type personIn struct {
		httpapi.OperationID
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"40"`
			Unit int64  `json:"unit"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-person-name", Route: "POST /persons", Verb: "ledger.enter",
		Summary: "Make a person without sign-in, for person fields"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *personIn) (*httpapi.Reply[made], error) {
			o, err := a.Orgs.Current(ctx, tx, by.District)
			if err != nil {
				return nil, err
			}
			unit := org.No(in.Body.Unit)
			targets := o.Targets(unit, period.Day(by.Today))
			if !by.Sees(targets) {
				return nil, org.ErrUnit
			}
			if !by.Can("ledger.enter", targets, true) {
				return nil, httpapi.ErrForbidden
			}
			p, err := FindPerson(ctx, tx, by.District, in.Body.Name, unit)
			if err == nil && p == "" {
				p, err = AddPerson(ctx, tx, by.District, in.Body.Name, unit, a.Clock.Now())
			}
			return &httpapi.Reply[made]{Status: http.StatusCreated, Body: made{p}}, err
		})
}

// NameOf is the name behind an account; "" for the system. Of a reading that asks for many, one statement for all is enough.
func NameOf(ctx context.Context, q db.Querier, district int64, account string) (string, error) {
	if account == "" {
		return "", nil
	}
	if _, changing := q.(*db.Tx); changing { // it may have changed a name itself
		return nameOf(ctx, q, district, account)
	}
	known := httpapi.Known(ctx, namesKey{}, func() *names { return &names{} })
	if known == nil {
		return nameOf(ctx, q, district, account)
	}
	known.Lock()
	defer known.Unlock()
	switch {
	case known.all != nil:
	case known.first == account:
		return known.name, nil
	case known.first == "":
		var err error
		known.name, err = nameOf(ctx, q, district, account)
		if err == nil {
			known.first = account
		}
		return known.name, err
	default: // a second one: the page lists what several people did
		var err error
		if known.all, err = db.Pairs[string, string](ctx, q, `SELECT a.id, p.name FROM account AS a JOIN person AS p ON p.district = a.district
			AND p.id = a.person WHERE a.district = $1`, district); err != nil {
			known.all = nil
			return "", err
		}
	}
	return known.all[account], nil
}

type namesKey struct{}

// names are those that a request has asked for.
type names struct {
	sync.Mutex
	first, name string
	all         map[string]string
}

func nameOf(ctx context.Context, q db.Querier, district int64, account string) (string, error) {
	var n string
	err := q.QueryRowContext(ctx, `SELECT p.name FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person WHERE a.district = $1
		AND a.id = $2`, district, account).Scan(&n)
	_, err = db.One(err)
	return n, err
}

// PersonName is the name of a person; "" when there is none.
func PersonName(ctx context.Context, q db.Querier, district int64, person string) (string, error) {
	var n string
	err := q.QueryRowContext(ctx, `SELECT p.name FROM person AS p WHERE p.district = $1 AND p.id = $2`, district, person).Scan(&n)
	_, err = db.One(err)
	return n, err
}
