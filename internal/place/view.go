package place

import (
	"context"
	"fmt"
	"strings"

	"rsc.io/qr"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Row is a place in a list.
type Row struct {
	ID         string     `json:"id"`
	Code       string     `json:"code"`
	Type       string     `json:"type"`
	TypeTitle  i18n.Label `json:"type_title"`
	Name       string     `json:"name"`
	Unit       org.Ref    `json:"unit"`
	State      string     `json:"state" enum:"proposed,consulted,approved,open,suspended,retired,dropped"`
	Rev        int64      `json:"rev"`
	Point      *Point     `json:"point"`
	From       *string    `json:"from"`
	Until      *string    `json:"until"` // the last day in use
	Batch      string     `json:"batch"`
	Households int64      `json:"households"`
	Bins       int64      `json:"bins"`
}

func (s *Service) row(w work, p Place) Row {
	r := Row{ID: p.ID, Code: p.Code, Type: p.Type, Name: p.Name, Unit: w.Org.Ref(p.Unit, w.Day), State: p.State, Rev: p.Rev, Point: p.Point,
		Batch: p.Body.Batch, Households: p.Body.Households}
	if t, ok := TypeOf(w.Set, p.Type); ok {
		r.TypeTitle = t.Title
	}
	if p.From < period.Open {
		day := p.From.String()
		r.From = &day
	}
	if p.Until < period.Open {
		day := (p.Until - 1).String()
		r.Until = &day
	}
	for _, c := range p.Body.Containers {
		r.Bins += c.Number
	}
	return r
}

// StepView is a line of a place's history.
type StepView struct {
	Step    string         `json:"step"`
	Day     string         `json:"day"`
	At      int64          `json:"at"`
	By      string         `json:"by"`
	Rev     int64          `json:"rev"`
	Note    string         `json:"note"`
	Consent *ConsentRecord `json:"consent"`
}

// View is everything a place's page shows.
type View struct {
	Row
	Body    Body           `json:"body"`
	Origin  string         `json:"origin"` // number of the entry it was carried over from
	Manager string         `json:"manager"`
	Rule    Consent        `json:"rule"`
	Source  *i18n.Label    `json:"source"`
	Batches []Batch        `json:"batches"`
	Steps   []StepView     `json:"steps"`
	Consent *ConsentRecord `json:"consent"` // the latest
	Enough  string         `json:"enough"`  // code of what still keeps it from being approved; "" for nothing
	Say     i18n.Label     `json:"say"`
	May     struct {
		Edit    bool `json:"edit"`
		Consult bool `json:"consult"`
		Approve bool `json:"approve"`
		Open    bool `json:"open"`
		Suspend bool `json:"suspend"`
		Resume  bool `json:"resume"`
		Retire  bool `json:"retire"`
		Drop    bool `json:"drop"`
	} `json:"may"`
}

// manager is who answers for a place: the firm that heads the unit's line, or the unit itself.
func manager(o *org.Org, n org.No, day period.Day) string {
	for _, s := range o.Lines(n) {
		if s.From <= day && day < s.Until {
			if u, ok := o.Unit(s.Other); ok && u.Type == org.Firm {
				return u.Name
			}
		}
	}
	return o.UnitName(n)
}

// Open reads a place's page.
func (s *Service) Open(ctx context.Context, q db.Querier, by access.Scope, place string) (View, error) {
	p, t, w, err := s.seen(ctx, q, by, place)
	if err != nil {
		return View{}, err
	}
	v := View{Row: s.row(w, p), Body: p.Body, Origin: p.Origin, Manager: manager(w.Org, p.Unit, w.Day), Rule: t.Consent, Source: t.Source,
		Batches: t.Batches, Steps: []StepView{}}
	if v.Batches == nil {
		v.Batches = []Batch{}
	}
	steps, err := History(ctx, q, by.District, p.ID)
	if err != nil {
		return v, err
	}
	for _, x := range steps {
		name, err := account.NameOf(ctx, q, by.District, x.Account)
		if err != nil {
			return v, err
		}
		c := consentOf(x)
		if c != nil {
			v.Consent = c
		}
		v.Steps = append(v.Steps, StepView{x.Step, x.Day.String(), x.At, name, x.Rev, x.Note, c})
	}
	targets := w.Org.Targets(p.Unit, w.Day)
	propose, approve := by.Can(Propose, targets, false), by.Can(Approve, targets, false)
	can := func(step string) bool { _, err := p.next(step); return err == nil }
	v.May.Edit = propose && p.State != Retired && p.State != Dropped
	v.May.Consult = propose && can(StepConsult)
	v.May.Approve = approve && can(StepApprove) && p.Account != by.Account
	v.May.Open, v.May.Suspend, v.May.Resume = approve && can(StepOpen), approve && can(StepSuspend), approve && can(StepResume)
	v.May.Retire, v.May.Drop = approve && can(StepRetire), approve && can(StepDrop)
	if p.State == Consulted && v.Consent != nil {
		if err := v.Consent.enough(t); err != nil {
			v.Enough, v.Say = said(err)
		}
	}
	return v, nil
}

// Label is a place on a sheet to print: QR as the path of an SVG drawing of so many modules a side.
type Label struct {
	ID      string     `json:"id"`
	Code    string     `json:"code"`
	Name    string     `json:"name"`
	Type    i18n.Label `json:"type_title"`
	Unit    string     `json:"unit"`
	URL     string     `json:"url"`
	Path    string     `json:"path"`
	Modules int64      `json:"modules"`
}

// LabelOf draws a place's label. base is the address people reach this server under.
func (s *Service) labelOf(w work, p Place, base string) (Label, error) {
	l := Label{ID: p.ID, Code: p.Code, Name: p.Name, Unit: w.Org.Path(p.Unit, w.Day), URL: strings.TrimRight(base, "/") + "/p/" + p.Code}
	if t, ok := TypeOf(w.Set, p.Type); ok {
		l.Type = t.Title
	}
	path, modules, err := drawQR(l.URL)
	l.Path, l.Modules = path, int64(modules)
	return l, err
}

// drawQR encodes a text with a quarter of it spare, as one SVG path: horizontal runs of dark modules, with the quiet
// zone of four modules around.
func drawQR(text string) (path string, modules int, err error) {
	c, err := qr.Encode(text, qr.Q)
	if err != nil {
		return "", 0, fmt.Errorf("encode %q: %w", text, err)
	}
	const quiet = 4
	var b strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; {
			run := 0
			for x+run < c.Size && c.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
			}
			x += max(run, 1)
		}
	}
	return b.String(), c.Size + 2*quiet, nil
}
