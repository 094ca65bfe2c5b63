package ledger

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// API serves the ledger's operations.
type API struct{ *Service }

// KindView is a kind as forms and lists need it.
type KindView struct {
	*kind.Kind
	GroupKey string   `json:"group"`
	Mode     string   `json:"mode" enum:"day,state"`
	From     *string  `json:"from"`
	Until    *string  `json:"until"`
	Figures  []string `json:"figures"`
	Mine     bool     `json:"mine"` // the caller's own units enter it
	May      struct {
		Enter  bool `json:"enter"`
		Verify bool `json:"verify"`
		Void   bool `json:"void"`
	} `json:"may"`
}

type list[T any] struct {
	Body struct {
		Items []T `json:"items"`
	}
}

type entryIn struct {
	ID string `path:"id"`
}

type entryBody struct {
	ID     string         `json:"id,omitempty"`
	Kind   string         `json:"kind"`
	Unit   int64          `json:"unit"`
	Values map[string]any `json:"values"`
	Submit bool           `json:"submit,omitempty"`
	Reason string         `json:"reason,omitempty" maxLength:"500"`
	Spent  int            `json:"spent,omitempty" minimum:"0" maximum:"86400" doc:"seconds the form was open"`
}

// FilterIn is the part of a request that selects entries.
type FilterIn struct {
	Kind     string   `query:"kind"`
	Unit     int64    `query:"unit"`
	Period   string   `query:"period"`
	State    string   `query:"state"`
	Q        string   `query:"q" maxLength:"100"`
	Mine     string   `query:"mine"`
	CountsIn string   `query:"counts_in"`
	Is       []string `query:"is" maxItems:"10" doc:"field:value, for choices, yes-no fields and references"`
	Sort     string   `query:"sort"`
	Page     int      `query:"page" default:"1" minimum:"1" maximum:"100000"`
	Size     int      `query:"size" default:"50" minimum:"1" maximum:"200"`
}

// Selection turns what a page asks for into a filter.
func (s *Service) Selection(ctx context.Context, q db.Querier, by access.Scope, in *FilterIn) (Filter, error) {
	f := Filter{Kind: in.Kind, Unit: org.No(in.Unit), State: in.State, Query: in.Q, Mine: in.Mine, Limit: in.Size, Sort: in.Sort}
	var err error
	if f.Is, err = s.fieldFilters(ctx, q, by, in.Kind, in.Is); err != nil {
		return f, err
	}
	bad := func(pointer, code string) error {
		return httpapi.ErrInput.At(problem.Field{Pointer: pointer, Code: code})
	}
	if in.Period != "" {
		p, err := period.Parse(in.Period)
		if err != nil {
			return f, bad("/period", "value.period")
		}
		f.Period = p
	}
	if _, ok := sorts[in.Sort]; !ok {
		return f, bad("/sort", "value.choice")
	}
	if _, ok := stateTitle[in.State]; in.State != "" && !ok {
		return f, bad("/state", "value.choice")
	}
	if in.CountsIn != "" {
		x, err := s.Figures.At(ctx, q, by.District)
		if err != nil {
			return f, err
		}
		unit := f.Unit
		if unit == 0 {
			unit = x.Org().Root
		}
		if f.CountsIn, err = x.RecordsWhere(in.CountsIn, unit, f.Period, "e.id"); err != nil {
			return f, err
		}
		f.Unit, f.Period = 0, period.Period{} // the figure's own unit and days decide
	}
	return f, nil
}

// EntryReply answers with an entry page and its revision as entity tag.
func (a *API) reply(ctx context.Context, tx *db.Tx, by access.Scope, e Entry, status int) (*httpapi.Reply[View], error) {
	v, err := a.page(ctx, tx, by, e.ID)
	if err != nil {
		return nil, err
	}
	return &httpapi.Reply[View]{Status: status, ETag: tag(e.Rev), Body: v}, nil
}

func tag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

func (a *API) page(ctx context.Context, q db.Querier, by access.Scope, entry string) (View, error) {
	v, err := a.Open(ctx, q, by, httpapi.CallerOf(ctx).Lang, entry)
	if err == nil {
		err = a.enrich(ctx, q, by, &v)
	}
	return v, err
}

// stale attaches the entry as it is now, so that a person sees what changed and can apply his edit again.
func (a *API) stale(ctx context.Context, tx *db.Tx, by access.Scope, entry string, err error) error {
	if p, ok := err.(*problem.Error); ok && p.Is(ErrStale) { //nolint:errorlint // returned unwrapped by the service
		if v, verr := a.page(ctx, tx, by, entry); verr == nil {
			return p.Attach("current", v)
		}
	}
	return err
}

// Register adds the ledger's operations.
func (a *API) Register(k *httpapi.Kit) {
	a.registerLists(k)
	httpapi.Query(k, httpapi.Operation{ID: "list-kinds", Method: http.MethodGet, Path: "/kinds", Verb: Read, Summary: "Kinds of records"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*list[KindView], error) {
			out := &list[KindView]{}
			var err error
			out.Body.Items, err = a.kinds(ctx, by)
			return out, err
		})
	type pageOut struct {
		Body struct {
			Page
			Figures    []FigureLine `json:"figures"`
			NotCounted struct {
				Records int64 `json:"records"`
			} `json:"not_counted"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-entries", Method: http.MethodGet, Path: "/entries", Verb: Read,
		Summary: "Records inside one's reach, with the total line"},
		func(ctx context.Context, by access.Scope, in *FilterIn) (*pageOut, error) {
			out := &pageOut{}
			err := a.DB.Snapshot(ctx, func(q db.Querier) error {
				f, err := a.Selection(ctx, q, by, in)
				if err != nil {
					return err
				}
				if out.Body.Page, err = a.List(ctx, q, by, httpapi.CallerOf(ctx).Lang, f, in.Page); err != nil {
					return err
				}
				for state, n := range out.Body.ByState {
					if state != Verified && state != Draft {
						out.Body.NotCounted.Records += n
					}
				}
				out.Body.Figures, err = a.totals(ctx, q, by, in)
				return err
			})
			return out, err
		})
	type entryOut struct {
		ETag string `header:"ETag"`
		Body View
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-entry", Method: http.MethodGet, Path: "/entries/{id}", Verb: Read,
		Summary: "A record with history, evidence and where it counts"},
		func(ctx context.Context, by access.Scope, in *entryIn) (*entryOut, error) {
			out := &entryOut{}
			err := a.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = a.page(ctx, q, by, in.ID)
				return err
			})
			out.ETag = tag(out.Body.Rev)
			return out, err
		})
	type createIn struct {
		httpapi.OperationID
		Body entryBody
	}
	httpapi.Command(k, httpapi.Operation{ID: "create-entry", Method: http.MethodPost, Path: "/entries", Verb: Enter, Summary: "Enter a record"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *createIn) (*httpapi.Reply[View], error) {
			e, err := a.Create(ctx, tx, by, Input{ID: in.Body.ID, Kind: in.Body.Kind, Unit: org.No(in.Body.Unit), Values: in.Body.Values, Spent: in.Body.Spent})
			if err == nil && in.Body.Submit {
				e, err = a.Submit(ctx, tx, by, e.ID)
			}
			if err != nil {
				return nil, err
			}
			return a.reply(ctx, tx, by, e, http.StatusCreated)
		})
	type editIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    entryBody
	}
	httpapi.Command(k, httpapi.Operation{ID: "edit-entry", Method: http.MethodPut, Path: "/entries/{id}", Verb: Enter, Summary: "Make a new revision of a record"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *editIn) (*httpapi.Reply[View], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			e, err := a.Edit(ctx, tx, by, in.ID, rev, Input{Unit: org.No(in.Body.Unit), Values: in.Body.Values, Reason: in.Body.Reason, Spent: in.Body.Spent})
			if err == nil && in.Body.Submit && e.State != Verified {
				e, err = a.Submit(ctx, tx, by, e.ID)
			}
			if err != nil {
				return nil, a.stale(ctx, tx, by, in.ID, err)
			}
			return a.reply(ctx, tx, by, e, http.StatusOK)
		})
	type actIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
	}
	type reasonIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    struct {
			Reason string `json:"reason" maxLength:"500"`
		}
	}
	act := func(id, path string, verb access.Verb, summary string, matched bool, do func(context.Context, *db.Tx, access.Scope, string, int64) (Entry, error)) {
		httpapi.Command(k, httpapi.Operation{ID: id, Method: http.MethodPost, Path: "/entries/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *actIn) (*httpapi.Reply[View], error) {
				var rev int64
				if matched {
					var err error
					if rev, err = httpapi.Tag(in.IfMatch); err != nil {
						return nil, err
					}
				}
				e, err := do(ctx, tx, by, in.ID, rev)
				if err != nil {
					return nil, a.stale(ctx, tx, by, in.ID, err)
				}
				return a.reply(ctx, tx, by, e, http.StatusOK)
			})
	}
	act("submit-entry", "submit", Enter, "Hand a draft in", false, func(ctx context.Context, tx *db.Tx, by access.Scope, id string, _ int64) (Entry, error) {
		return a.Submit(ctx, tx, by, id)
	})
	act("withdraw-entry", "withdraw", Enter, "Take a submission back", false, func(ctx context.Context, tx *db.Tx, by access.Scope, id string,
		_ int64) (Entry, error) {
		return a.Withdraw(ctx, tx, by, id)
	})
	act("verify-entry", "verify", Verify, "Pass a submission", true, a.Verify)
	reasoned := func(id, path string, verb access.Verb, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64, string) (Entry, error)) {
		httpapi.Command(k, httpapi.Operation{ID: id, Method: http.MethodPost, Path: "/entries/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *reasonIn) (*httpapi.Reply[View], error) {
				rev, err := httpapi.Tag(in.IfMatch)
				if err != nil {
					return nil, err
				}
				e, err := do(ctx, tx, by, in.ID, rev, in.Body.Reason)
				if err != nil {
					return nil, a.stale(ctx, tx, by, in.ID, err)
				}
				return a.reply(ctx, tx, by, e, http.StatusOK)
			})
	}
	reasoned("return-entry", "return", Verify, "Give a submission back with a reason", a.Return)
	reasoned("void-entry", "void", Voids, "Take a record out for good, with a reason", a.Void)
	type succeedIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    struct {
			From   string         `json:"from"`
			Values map[string]any `json:"values"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "succeed-entry", Method: http.MethodPost, Path: "/entries/{id}/succeed", Verb: Enter,
		Summary: "Change a lasting thing from a day"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *succeedIn) (*httpapi.Reply[View], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			from, err := period.ParseDay(in.Body.From)
			if err != nil {
				return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/from", Code: "value.date"})
			}
			e, err := a.Succeed(ctx, tx, by, in.ID, rev, from, in.Body.Values)
			if err != nil {
				return nil, a.stale(ctx, tx, by, in.ID, err)
			}
			return a.reply(ctx, tx, by, e, http.StatusCreated)
		})
	type deleteIn struct {
		httpapi.OperationID
		ID string `path:"id"`
	}
	type deleted struct {
		Deleted bool `json:"deleted"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "delete-entry", Method: http.MethodDelete, Path: "/entries/{id}", Verb: Enter, Summary: "Delete one's own draft"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *deleteIn) (*httpapi.Reply[deleted], error) {
			return &httpapi.Reply[deleted]{Body: deleted{true}}, a.Delete(ctx, tx, by, in.ID)
		})
	type checkIn struct{ Body entryBody }
	type checkOut struct {
		Body struct {
			Errors []httpapi.ProblemField `json:"errors"`
			Hints  []i18n.Label           `json:"hints"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "check-entry", Method: http.MethodPost, Path: "/entries/check", Verb: Enter,
		Summary: "Check values without keeping them"},
		func(ctx context.Context, by access.Scope, in *checkIn) (*checkOut, error) {
			w, err := a.work(ctx, a.DB.Read, by)
			if err != nil {
				return nil, err
			}
			of, err := kind.Of(w.set, in.Body.Kind)
			if err != nil {
				return nil, err
			}
			v, faults, err := a.judge(ctx, a.DB.Read, by, w, of, Input{Kind: in.Body.Kind, Unit: org.No(in.Body.Unit), Values: in.Body.Values}, in.Body.ID)
			out := &checkOut{}
			out.Body.Errors, out.Body.Hints = []httpapi.ProblemField{}, []i18n.Label{}
			lang := httpapi.CallerOf(ctx).Lang
			for _, f := range faults {
				out.Body.Errors = append(out.Body.Errors, httpapi.ProblemField{Pointer: f.Pointer, Code: f.Code, Detail: i18n.Sentence(f.Code, f.Args, lang)})
			}
			hints, refusals := of.Evaluate(v)
			out.Body.Hints = append(append(out.Body.Hints, hints...), refusals...)
			return out, err
		})
	type impactOut struct {
		Body struct {
			Items []Impact `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "entry-impact", Method: http.MethodGet, Path: "/entries/{id}/impact", Verb: Verify,
		Summary: "What verification would change"},
		func(ctx context.Context, by access.Scope, in *entryIn) (*impactOut, error) {
			out := &impactOut{}
			var err error
			out.Body.Items, err = a.ImpactOf(ctx, by, httpapi.CallerOf(ctx).Lang, in.ID)
			return out, err
		})
	type queueIn struct {
		Unit int64  `query:"unit"`
		Kind string `query:"kind"`
	}
	type queueOut struct{ Body Queue }
	httpapi.Query(k, httpapi.Operation{ID: "queue", Method: http.MethodGet, Path: "/queue", Verb: Verify, Summary: "What waits for one's verification"},
		func(ctx context.Context, by access.Scope, in *queueIn) (*queueOut, error) {
			q, err := a.QueueOf(ctx, a.DB.Read, by, httpapi.CallerOf(ctx).Lang, in.Kind, org.No(in.Unit), 300)
			return &queueOut{q}, err
		})
	type refIn struct {
		Kind string `query:"kind"`
		Q    string `query:"q" maxLength:"60"`
	}
	type refsOut struct{ Body refs }
	httpapi.Query(k, httpapi.Operation{ID: "list-refs", Method: http.MethodGet, Path: "/refs", Verb: Read, Summary: "Records a reference may point to"},
		func(ctx context.Context, by access.Scope, in *refIn) (*refsOut, error) {
			w, err := a.work(ctx, a.DB.Read, by)
			if err != nil {
				return nil, err
			}
			// a reference names a thing of the whole district: its title and unit, no more
			out := &refsOut{refs{[]ref{}}}
			if !named(w.set, in.Kind) { // a kind that no field points to is nobody's business outside its reach
				return out, nil
			}
			entries, err := a.entries(ctx, a.DB.Read, w.set, `e.district = $1 AND e.kind = $2 AND e.state NOT IN ('void', 'draft')
				AND e.search LIKE $3 ESCAPE '\' ORDER BY e.title, e.id LIMIT 50`,
				by.District, in.Kind, "%"+escapeLike(strings.ToLower(in.Q))+"%")
			for _, e := range entries {
				out.Body.Items = append(out.Body.Items, ref{e.ID, e.Number, e.Title, w.org.Path(e.Unit, w.day)})
			}
			return out, err
		})
}

// ref is what a reference may point to.
type ref struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Title  string `json:"title"`
	Unit   string `json:"unit"`
}

type refs struct {
	Items []ref `json:"items"`
}

// SchemaName is the public name, an accident of the compiler that programs are typed with by now.
func (refs) SchemaName() string { return "ListRef·19Body" }

// named reports whether a field of some kind refers to entries of this kind.
func named(set *pack.Set, key string) bool {
	for _, k := range kind.All(set) {
		for _, f := range k.Fields {
			if f.Type == "ref" && f.Of == key {
				return true
			}
			for _, g := range f.Fields {
				if g.Type == "ref" && g.Of == key {
					return true
				}
			}
		}
	}
	return false
}

// FigureLine is one figure of a list's total line.
type FigureLine struct {
	Key       string      `json:"key"`
	Title     i18n.Label  `json:"title"`
	UnitOf    *i18n.Label `json:"unit_of"`
	Value     int64       `json:"value"`
	Display   string      `json:"display"`
	Estimated int64       `json:"estimated"`
	Part      *int64      `json:"part"`
	Of        *int64      `json:"of"`
}

// totals are the kind's own figures for the list's unit and period: the one place where the sums of a list come from.
func (a *API) totals(ctx context.Context, q db.Querier, by access.Scope, in *FilterIn) ([]FigureLine, error) {
	out := []FigureLine{}
	if in.Kind == "" || in.Period == "" || !by.Has("figure.read") {
		return out, nil
	}
	p, err := period.Parse(in.Period)
	if err != nil {
		return out, nil
	}
	x, err := a.Figures.At(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	unit := org.No(in.Unit)
	if unit == 0 {
		unit = x.Org().Root
	}
	if !by.Can("figure.read", x.Org().Targets(unit, period.Day(by.Today)), true) {
		return out, nil
	}
	catalogue, err := a.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	for _, d := range catalogue {
		if d.Kind != in.Kind && d.Done != in.Kind || d.Where != "" {
			continue
		}
		v, err := x.Value(d.Key, unit, p)
		if err != nil {
			return nil, err
		}
		l := FigureLine{Key: d.Key, Title: d.Title, UnitOf: d.Unit, Value: v.A, Display: v.Screen(), Estimated: v.Est}
		if v.HasTerms {
			l.Part, l.Of = &v.Part, &v.Of
		}
		out = append(out, l)
	}
	return out, nil
}

func (a *API) kinds(ctx context.Context, by access.Scope) ([]KindView, error) {
	w, err := a.work(ctx, a.DB.Read, by)
	if err != nil {
		return nil, err
	}
	catalogue, err := a.Figures.Catalogue(ctx, a.DB.Read, by.District)
	if err != nil {
		return nil, err
	}
	figuresOf := map[string][]string{}
	for _, d := range catalogue {
		for _, kind := range []string{d.Kind, d.Done} {
			if kind != "" && (d.Measure != indicator.Gap) {
				figuresOf[kind] = append(figuresOf[kind], d.Key)
			}
		}
	}
	var out []KindView
	for _, k := range kind.All(w.set) {
		v := KindView{Kind: k, GroupKey: k.Group.En, Mode: "day", Figures: figuresOf[k.Key]}
		if v.Figures == nil {
			v.Figures = []string{}
		}
		switch {
		case k.State != nil:
			v.Mode, v.From, v.Until = "state", &k.State.From, &k.State.Until
		case k.Span != nil:
			v.Mode, v.From, v.Until = "span", &k.Span.From, &k.Span.Until
		}
		for _, g := range by.Grants {
			u, _ := w.org.Unit(org.No(g.Unit))
			v.May.Enter = v.May.Enter || g.Verbs[Enter]
			v.May.Verify = v.May.Verify || g.Verbs[Verify]
			v.May.Void = v.May.Void || g.Verbs[Voids]
			v.Mine = v.Mine || g.Verbs[Enter] && k.EnteredAt(u.Type)
		}
		if err := a.Takes(ctx, a.DB.Read, by.District, k); errors.Is(err, ErrKept) {
			v.May.Enter, v.May.Verify, v.May.Void, v.Mine = false, false, false, false
		} else if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
