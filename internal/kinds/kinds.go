// Package kinds tells forms and lists which kinds of records there are and what one may do with them.
package kinds

import (
	"context"
	"errors"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/org"
)

// Service lists kinds.
type Service struct {
	module.Platform
	Ledger *ledger.Service
}

// New makes the service.
func New(p module.Platform, entries *ledger.Service) *Service { return &Service{p, entries} }

// Module is what the list of kinds gives to the whole.
func (s *Service) Module() module.Module { return module.Module{Name: "kinds", Register: s.register} }

// View is a kind as forms and lists need it.
type View struct {
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

// SchemaName is the public name.
func (View) SchemaName() string { return "KindView" }

// List tells the kinds of a district with what the caller may do with their records.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope) ([]View, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	catalogue, err := s.Figures.Catalogue(ctx, q, by.District)
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
	var out []View
	for _, k := range kind.All(w.Set) {
		v := View{Kind: k, GroupKey: k.Group.En, Mode: "day", Figures: figuresOf[k.Key]}
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
			u, _ := w.Org.Unit(org.No(g.Unit))
			v.May.Enter = v.May.Enter || g.Verbs[ledger.Enter]
			v.May.Verify = v.May.Verify || g.Verbs[ledger.Verify]
			v.May.Void = v.May.Void || g.Verbs[ledger.Voids]
			v.Mine = v.Mine || g.Verbs[ledger.Enter] && k.EnteredAt(u.Type)
		}
		if err := s.Ledger.Takes(ctx, q, by.District, k); errors.Is(err, ledger.ErrKept) {
			v.May.Enter, v.May.Verify, v.May.Void, v.Mine = false, false, false, false
		} else if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
