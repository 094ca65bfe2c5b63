package ledger

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

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

// fieldFilters reads "field:value" conditions; only choices, yes-no fields and references of the kind are looked at.
func (s *Service) fieldFilters(ctx context.Context, q db.Querier, by access.Scope, key string, is []string) ([]FieldIs, error) {
	if len(is) == 0 {
		return nil, nil
	}
	k, err := s.kindOf(ctx, q, by.District, key)
	if err != nil {
		return nil, err
	}
	var out []FieldIs
	for _, x := range is {
		field, value, _ := strings.Cut(x, ":")
		f, ok := k.Field(field)
		if !ok || value == "" || f.Type != "choice" && f.Type != "bool" && f.Type != "ref" {
			return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/is", Code: "value.choice"})
		}
		out = append(out, FieldIs{field, value})
	}
	return out, nil
}

func (a *API) registerLists(k *httpapi.Kit) {
	type pageOut struct {
		Body struct {
			Page
			Figures    []FigureLine `json:"figures"`
			NotCounted struct {
				Records int64 `json:"records"`
			} `json:"not_counted"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-entries", Route: "GET /entries", Verb: Read,
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
	type queueIn struct {
		Unit int64  `query:"unit"`
		Kind string `query:"kind"`
	}
	type queueOut struct{ Body Queue }
	httpapi.Query(k, httpapi.Operation{ID: "queue", Route: "GET /queue", Verb: Verify, Summary: "What waits for one's verification"},
		func(ctx context.Context, by access.Scope, in *queueIn) (*queueOut, error) {
			q, err := a.QueueOf(ctx, a.DB.Read, by, httpapi.CallerOf(ctx).Lang, in.Kind, org.No(in.Unit), 300)
			return &queueOut{q}, err
		})
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
	if !by.Can("figure.read", x.Org().TargetsBack(unit, p.From, p.Until, period.Day(by.Today)), true) {
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
