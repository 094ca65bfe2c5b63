package fund

import (
	"context"
	"slices"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/i18n"
	"sifen/internal/org"
)

// StageView is a stage of a part.
type StageView struct {
	Title  i18n.Label `json:"title"`
	Amount string     `json:"amount"`
	When   i18n.Label `json:"when"`
	Waits  i18n.Label `json:"waits"`
}

// PartView is a part of what a claimant is due, with its arithmetic.
type PartView struct {
	Key    string       `json:"key"`
	Title  i18n.Label   `json:"title"`
	Class  i18n.Label   `json:"class"`
	Claim  string       `json:"claim"`
	Amount string       `json:"amount"`
	Why    []i18n.Label `json:"why"`
	Stages []StageView  `json:"stages"`
}

// UsedView is an input of a claimant with what it was.
type UsedView struct {
	Title i18n.Label `json:"title"`
	Unit  i18n.Label `json:"unit"`
	Value string     `json:"value" doc:"empty: it has none"`
	Word  i18n.Label `json:"word" doc:"instead of a number: a grade"`
	Typed bool       `json:"typed" doc:"a person entered it"`
	From  []UsedFrom `json:"from"`
}

// UsedFrom is a score that a grade comes from.
type UsedFrom struct {
	Title i18n.Label `json:"title"`
	Value string     `json:"value"`
	Link  string     `json:"link"`
}

// HoldView is money kept back, and why.
type HoldView struct {
	Amount string     `json:"amount"`
	Why    i18n.Label `json:"why"`
}

// ReceiverView is who gets a share, and passes on.
type ReceiverView struct {
	Title  i18n.Label     `json:"title"`
	Name   string         `json:"name"`
	Amount string         `json:"amount"`
	Terms  i18n.Label     `json:"terms"`
	Onward []ReceiverView `json:"onward"`
}

// MoveView is a movement of money.
type MoveView struct {
	Kind   string `json:"kind" enum:"pay,withhold,release,offset,recover"`
	Amount string `json:"amount"`
	Batch  int64  `json:"batch"`
	At     int64  `json:"at"`
	Reason string `json:"reason"`
}

// ClaimantView is what a claimant is due and why, with what moved.
type ClaimantView struct {
	ClaimantRow
	Run      AwardRow       `json:"run"`
	Version  int64          `json:"version"`
	Sha      string         `json:"sha" doc:"over what was frozen"`
	Out      i18n.Label     `json:"out"`
	Lacks    []i18n.Label   `json:"lacks"`
	Parts    []PartView     `json:"parts"`
	Used     []UsedView     `json:"used"`
	Holds    []HoldView     `json:"holds"`
	Split    []ReceiverView `json:"split"`
	Moves    []MoveView     `json:"moves"`
	Position int            `json:"position"`
	Of       int            `json:"of"`
}

// Unit is what a claimant of a run is due, opened into rule, inputs and arithmetic, as the caller may see it.
func (s *Service) Unit(ctx context.Context, q db.Querier, by access.Scope, run string, unit org.No) (out ClaimantView, err error) {
	o, err := s.opened(ctx, q, by, run)
	if err != nil {
		return out, err
	}
	at := slices.IndexFunc(o.stored, func(c Claimed) bool { return c.Unit == unit })
	if at < 0 || !o.seen[unit] {
		return out, ErrUnit
	}
	all, err := s.balancesOf(ctx, q, by.District, o.r, o.stored)
	if err != nil {
		return out, err
	}
	var page AwardView
	one := o
	one.seen = map[org.No]bool{unit: true}
	s.rows(&page, one, all)
	d, c, r := o.result.Due[at], o.claims[at], o.r
	out = ClaimantView{ClaimantRow: page.Rows[0], Run: rowOf(o), Version: r.Version, Sha: o.stored[at].Sha, Out: both(d.Out), Lacks: []i18n.Label{},
		Parts: []PartView{}, Used: []UsedView{},
		Holds: []HoldView{}, Split: receivers(o.v.Split, d.Split), Moves: []MoveView{}, Position: at + 1, Of: len(o.stored)}
	for _, m := range d.Missing {
		out.Lacks = append(out.Lacks, both(m))
	}
	for k := range d.Parts {
		out.Parts = append(out.Parts, partView(o.v, k, &d.Parts[k]))
	}
	for _, h := range d.Holds {
		out.Holds = append(out.Holds, HoldView{award.Yuan(h.Amount), both(h.Why)})
	}
	typed, err := inputs(ctx, q, by.District, r.ID)
	if err != nil {
		return out, err
	}
	s.used(&out, o, c, typed)
	return out, s.moved(ctx, q, by, o, unit, &out)
}

func partView(v *award.Version, k int, x *award.PartDue) PartView {
	p := &v.Parts[k]
	out := PartView{Key: p.Key, Title: both(p.Title), Class: both(award.Classes[p.Class]), Claim: award.Yuan(x.Claim), Amount: award.Yuan(x.Amount),
		Why: []i18n.Label{}, Stages: []StageView{}}
	for _, w := range x.Why {
		out.Why = append(out.Why, both(w))
	}
	stages := v.Pay
	if len(p.Pay) > 0 {
		stages = p.Pay
	}
	for i, st := range x.Stages {
		s := StageView{Title: both(stages[i].Title), Amount: award.Yuan(st.Amount), Waits: both(st.Waits)}
		if s.Title.IsZero() {
			s.Title = i18n.Label{Zh: st.Key, En: st.Key}
		}
		switch {
		case stages[i].When != nil:
			s.When = both(*stages[i].When)
		case stages[i].By != "":
			s.When = i18n.Label{Zh: stages[i].By + " 前", En: "by " + stages[i].By}
		}
		out.Stages = append(out.Stages, s)
	}
	return out
}

func receivers(shares []award.Share, list []award.Received) []ReceiverView {
	out := []ReceiverView{}
	for _, x := range list {
		s := award.ShareOf(shares, x.To)
		title := both(s.Title)
		if title.IsZero() {
			title = map[string]i18n.Label{"community": {Zh: "社区", En: "Community"}, "firm": {Zh: "物业企业", En: "Property firm"},
				"firm-work": {Zh: "物业劳务", En: "Firm, for its work"}, "street": {Zh: "镇街", En: "Street or town"}}[x.To]
		}
		if title.IsZero() {
			title = i18n.Label{Zh: x.To, En: x.To}
		}
		out = append(out, ReceiverView{title, x.Name, award.Yuan(x.Amount), both(s.Terms()), receivers(s.Onward, x.Onward)})
	}
	return out
}

// used are the inputs of a claimant, those that a person entered marked.
func (s *Service) used(out *ClaimantView, o opened, c *award.Claim, typed []Input) {
	is := func(name string) bool {
		return slices.ContainsFunc(typed, func(x Input) bool { return x.Name == name && number(c.Unit) == int64(x.Unit) })
	}
	names := make([]string, 0, len(o.v.Inputs))
	for k := range o.v.Inputs {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		u := UsedView{Title: nameOf(o.v, k), Unit: both(o.v.Inputs[k].Unit), Typed: is(k), From: []UsedFrom{}}
		if x, ok := c.Values[k]; ok && x.Num.Defined() {
			u.Value = valueText(o.v, k, x)
		} else if a, ok := c.Attrs[o.v.Inputs[k].Attribute]; ok && !a.Word {
			u.Value = a.Num.Short(4)
		}
		out.Used = append(out.Used, u)
	}
	if c.Grade != "" || o.v.GradedBy() {
		u := UsedView{Title: nameOf(o.v, "grade"), Word: out.Grade, Typed: is("grade"), From: []UsedFrom{}}
		x := c.Values[scoreName]
		for _, ch := range x.Children {
			u.From = append(u.From, UsedFrom{i18n.Label{Zh: "得分", En: "Score"}, ch.Share.Mul(award.FromFen(10000)).Short(2) + "%",
				"/scores/" + ch.Run + "/units/" + c.Unit})
		}
		out.Used = append(out.Used, u)
	}
}

// moved are the movements of money of a claimant in all revisions of a run's period.
func (s *Service) moved(ctx context.Context, q db.Querier, by access.Scope, o opened, unit org.No, out *ClaimantView) error {
	rows, err := moves(ctx, q, by.District, o.r.Rule, ` AND r.period_from = $3 AND p.unit = $4`, int64(o.r.Period.From), int64(unit))
	if err != nil {
		return err
	}
	list, err := batches(ctx, q, by.District, ` AND run = $2`, o.r.ID)
	for _, m := range rows {
		v := MoveView{Kind: m.Kind, Amount: award.Yuan(award.FromFen(m.Fen)), At: m.At, Reason: m.Reason}
		for _, b := range list {
			if b.ID == m.Batch {
				v.Batch = b.No
			}
		}
		out.Moves = append(out.Moves, v)
	}
	return err
}
