package fund

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// stateTitle names a state.
func stateTitle(state string) i18n.Label {
	return map[string]i18n.Label{Draft: {Zh: "草稿", En: "draft"}, Reviewed: {Zh: "已审核", En: "reviewed"}, Public: {Zh: "公示中", En: "public"},
		Approved: {Zh: "已批准", En: "approved"}, Settled: {Zh: "已结清", En: "settled"}}[state]
}

func batchTitle(state string) i18n.Label {
	return map[string]i18n.Label{Ordered: {Zh: "待银行回执", En: "with the bank"}, Paid: {Zh: "已办结", En: "done"}, Cancelled: {Zh: "已取消", En: "cancelled"}}[state]
}

// PeriodView is a period with its names.
type PeriodView struct {
	From  string     `json:"from"` // first day
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

func periodView(p period.Period) PeriodView {
	return PeriodView{p.From.String(), p.String(), i18n.Label{Zh: p.Zh(), En: p.En()}}
}

// ClaimantRow is a claimant in the table of a run. Money is yuan.
type ClaimantRow struct {
	Unit    org.Ref    `json:"unit"`
	Grade   i18n.Label `json:"grade"`
	Claim   string     `json:"claim"`
	Amount  string     `json:"amount"`
	Held    string     `json:"held"`
	Paid    string     `json:"paid"`
	Due     string     `json:"due" doc:"to be paid now, less what an earlier overpayment sets off; below 0 it was paid too much"`
	Owed    string     `json:"owed" doc:"of an earlier overpayment, to be set off"`
	State   string     `json:"state" enum:"waits,out,draft,due,ordered,paid,withheld,over,recovered,nothing"`
	Why     i18n.Label `json:"why" doc:"why it is out or waits"`
	Missing int64      `json:"missing"`
}

// LineView is a line of a batch.
type LineView struct {
	Unit   org.Ref `json:"unit"`
	Amount string  `json:"amount"`
	Offset string  `json:"offset" doc:"set off against an earlier overpayment"`
	State  string  `json:"state" enum:"ordered,paid,refused,cancelled"`
	Reason string  `json:"reason"`
}

// BatchView is a batch of payment.
type BatchView struct {
	No     int64      `json:"no"`
	State  string     `json:"state" enum:"ordered,paid,cancelled"`
	At     int64      `json:"at"`
	Reason string     `json:"reason"`
	Total  string     `json:"total"`
	Paid   string     `json:"paid"`
	Lines  []LineView `json:"lines"`
}

// NameView is something that may be entered.
type NameView struct {
	Name  string     `json:"name"`
	Title i18n.Label `json:"title"`
	Unit  i18n.Label `json:"unit"`
	Ref   bool       `json:"ref" doc:"it needs the name of the thing or receiver"`
}

// EnteredView is something that a person entered.
type EnteredView struct {
	Unit   org.Ref    `json:"unit"`
	Title  i18n.Label `json:"title"`
	Ref    string     `json:"ref"`
	Value  string     `json:"value"`
	Reason string     `json:"reason"`
	Who    string     `json:"who"`
	At     int64      `json:"at"`
}

// ActView is who did something, and when.
type ActView struct {
	Act string `json:"act" enum:"computed,reviewed,published,approved,settled"`
	Who string `json:"who"`
	At  int64  `json:"at"`
}

// CutView is a class that gave way to the budget.
type CutView struct {
	Class i18n.Label `json:"class"`
	From  string     `json:"from"`
	To    string     `json:"to"`
}

// AwardView is a run as the caller may see it.
type AwardView struct {
	AwardRow
	Attempt     int64         `json:"attempt"`
	Version     int64         `json:"version" doc:"of the rule"`
	Source      i18n.Label    `json:"source"`
	Digest      string        `json:"digest"`
	Reason      string        `json:"reason" doc:"of a revision, or of a return"`
	PublicUntil int64         `json:"public_until"`
	Budget      string        `json:"budget" doc:"yuan; empty without one"`
	Claim       string        `json:"claim"`
	Held        string        `json:"held"`
	Due         string        `json:"due"`
	Over        string        `json:"over" doc:"paid too much"`
	Rows        []ClaimantRow `json:"rows"`
	Cuts        []CutView     `json:"cuts"`
	Faults      []i18n.Label  `json:"faults"`
	Missing     int64         `json:"missing"`
	Batches     []BatchView   `json:"batches"`
	Names       []NameView    `json:"names" doc:"what may be entered into the draft"`
	Grades      []GradeView   `json:"grades" doc:"that may be entered"`
	Entered     []EnteredView `json:"entered"`
	Acts        []ActView     `json:"acts"`
	May         []string      `json:"may" doc:"enter, compute, review, publish, approve, settle, return, revise, order, report, release, recover"`
	Own         bool          `json:"own" doc:"the caller computed or entered something of it, or approved it, so somebody else goes on"`
}

// GradeView is a grade by name.
type GradeView struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

// opened is a run that the caller may see, reckoned from what it froze.
type opened struct {
	w      module.Moment
	r      Run
	v      *award.Version
	claims []*award.Claim
	stored []Claimed
	result *award.Result
	seen   map[org.No]bool
}

func (s *Service) opened(ctx context.Context, q db.Querier, by access.Scope, run string) (o opened, err error) {
	if o.w, err = s.Moment(ctx, q, by.District); err != nil {
		return o, err
	}
	if o.r, err = runByID(ctx, q, by, run); err != nil {
		return o, err
	}
	if o.v, err = parse(o.w.Set, o.r.Body); err != nil {
		return o, err
	}
	if o.claims, o.stored, err = frozen(ctx, q, by.District, o.r.ID); err != nil {
		return o, err
	}
	if o.seen, err = seenUnits(ctx, q, by, o.r.ID); err != nil {
		return o, err
	}
	o.result = reckon(o.v, o.claims, o.r)
	return o, nil
}

func rowOf(o opened) AwardRow {
	r := o.r
	return AwardRow{ID: r.ID, Rule: r.Rule, Title: both(o.v.Title), Period: periodView(r.Period), Rev: r.Rev, State: r.State, Latest: r.Latest}
}

// Page is a run as the caller may see it.
func (s *Service) Page(ctx context.Context, q db.Querier, by access.Scope, run string) (out AwardView, err error) {
	o, err := s.opened(ctx, q, by, run)
	if err != nil {
		return out, err
	}
	r := o.r
	out = AwardView{AwardRow: rowOf(o),
		Attempt: r.Attempt, Version: r.Version, Digest: r.Digest, Reason: r.Reason, PublicUntil: r.PublicUntil, Rows: []ClaimantRow{}, Cuts: []CutView{},
		Faults: []i18n.Label{}, Batches: []BatchView{}, Names: []NameView{}, Grades: []GradeView{}, Entered: []EnteredView{}, Acts: []ActView{},
		May: []string{}}
	if o.v.Source != nil {
		out.Source = both(*o.v.Source)
	}
	if r.Bound {
		out.Budget = award.Yuan(award.FromFen(r.Budget))
	}
	all, err := s.balancesOf(ctx, q, by.District, r, o.stored)
	if err != nil {
		return out, err
	}
	s.rows(&out, o, all)
	if len(out.Rows) == len(o.stored) || may(o.w, by, Approve, r.Root) {
		for _, c := range o.result.Cuts {
			out.Cuts = append(out.Cuts, CutView{both(award.Classes[c.Class]), award.Yuan(c.From), award.Yuan(c.To)})
		}
		out.Faults = append(out.Faults, o.result.Faults...)
	}
	if err := s.paid(ctx, q, by, o, &out); err != nil {
		return out, err
	}
	return out, s.entered(ctx, q, by, o, &out, all)
}

func (s *Service) rows(out *AwardView, o opened, all map[org.No]*Balance) {
	var claim, amount, held, paid, due, over int64
	last := o.r.Period.Last()
	for i, c := range o.stored {
		if !o.seen[c.Unit] {
			continue
		}
		d, b := o.result.Due[i], all[c.Unit]
		row := ClaimantRow{Unit: o.w.Org.Ref(c.Unit, last), Claim: award.Yuan(award.FromFen(c.Claim)), Amount: award.Yuan(award.FromFen(b.Amount)),
			Held: award.Yuan(award.FromFen(b.Held)), Paid: award.Yuan(award.FromFen(b.Paid)), Owed: award.Yuan(award.FromFen(max(b.Owed, 0))),
			Missing: int64(len(d.Missing)), Why: both(d.Out)}
		if g := o.claims[i].Grade; g != "" {
			row.Grade = i18n.Label{Zh: g, En: g}
			if l, ok := o.v.Grades[g]; ok {
				row.Grade = both(l)
			}
		}
		if len(d.Missing) > 0 {
			row.Why = both(d.Missing[0])
		}
		now := b.Due()
		if now > 0 {
			now -= min(max(b.Owed, 0), now)
		}
		row.Due = award.Yuan(award.FromFen(now))
		row.State = stateOf(o.r.State, c, d, b)
		out.Rows = append(out.Rows, row)
		out.Missing += row.Missing
		claim, amount, held, paid = claim+c.Claim, amount+b.Amount, held+b.Held, paid+b.Paid
		due, over = due+max(now, 0), over+max(-now, 0)
	}
	out.Units = int64(len(out.Rows))
	y := func(n int64) string { return award.Yuan(award.FromFen(n)) }
	out.Claim, out.Amount, out.Held, out.Paid, out.Due, out.Over = y(claim), y(amount), y(held), y(paid), y(due), y(over)
}

func stateOf(run string, c Claimed, d *award.Due, b *Balance) string {
	switch {
	case len(d.Missing) > 0:
		return "waits"
	case !d.Out.IsZero() && b.Due() == 0:
		return "out"
	case run != Approved && run != Settled:
		return "draft"
	case b.Due() < 0:
		return "over"
	case b.Ordered > 0:
		return "ordered"
	case b.Due() > 0:
		return "due"
	case b.Held > 0:
		return "withheld"
	case b.Forfeit > 0 && b.Amount == 0:
		return "recovered"
	case c.Amount == 0:
		return "nothing"
	}
	return "paid"
}

// paid fills in batches, with the lines inside one's reach.
func (s *Service) paid(ctx context.Context, q db.Querier, by access.Scope, o opened, out *AwardView) error {
	list, err := batches(ctx, q, by.District, ` AND run = $2`, o.r.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	lines, err := linesOf(ctx, q, by.District, o.r)
	if err != nil {
		return err
	}
	for _, b := range list {
		v := BatchView{No: b.No, State: b.State, At: b.At, Reason: b.Reason, Lines: []LineView{}}
		total, paid := int64(0), int64(0)
		for _, l := range lines {
			if l.Batch != b.ID || !o.seen[l.Unit] {
				continue
			}
			total += l.Fen
			if l.State == Paid {
				paid += l.Fen
			}
			v.Lines = append(v.Lines, LineView{o.w.Org.Ref(l.Unit, o.r.Period.Last()), award.Yuan(award.FromFen(l.Fen)), award.Yuan(award.FromFen(l.Owed)),
				l.State, l.Reason})
		}
		v.Total, v.Paid = award.Yuan(award.FromFen(total)), award.Yuan(award.FromFen(paid))
		if len(v.Lines) > 0 {
			out.Batches = append(out.Batches, v)
		}
	}
	return nil
}
