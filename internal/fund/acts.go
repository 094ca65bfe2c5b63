package fund

import (
	"context"
	"slices"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/i18n"
	"sifen/internal/org"
)

// nameOf is how something that was entered is called.
func nameOf(v *award.Version, name string) i18n.Label {
	switch name {
	case "grade":
		return i18n.Label{Zh: "等次", En: "Grade"}
	case "rank":
		return i18n.Label{Zh: "名次", En: "Place"}
	case "paid":
		return i18n.Label{Zh: "以前已付", En: "Paid before"}
	case "chosen":
		return i18n.Label{Zh: "入选", En: "Chosen"}
	case "room":
		return i18n.Label{Zh: "名额", En: "Places"}
	}
	if in := v.Inputs[name]; in != nil {
		return both(in.Title)
	}
	for _, p := range v.Parts {
		if p.Things != nil && p.Things.Of == name {
			return both(p.Title)
		}
	}
	return i18n.Label{Zh: name, En: name}
}

// entered fills in what people entered, who did what, and what the caller may do.
func (s *Service) entered(ctx context.Context, q db.Querier, by access.Scope, o opened, out *AwardView, all map[org.No]*Balance) error {
	r, w := o.r, o.w
	list, err := inputs(ctx, q, by.District, r.ID)
	if err != nil {
		return err
	}
	who, err := s.entrants(ctx, q, by.District, o.v.Budget, r)
	if err != nil {
		return err
	}
	names := map[string]string{}
	name := func(id string) (string, error) {
		if n, ok := names[id]; ok {
			return n, nil
		}
		n, err := account.NameOf(ctx, q, by.District, id)
		names[id] = n
		return n, err
	}
	for _, x := range list {
		if !o.seen[x.Unit] {
			continue
		}
		n, err := name(x.Actor)
		if err != nil {
			return err
		}
		value := x.Num
		if l, ok := o.v.Grades[x.Num]; ok && x.Name == "grade" {
			value = l.Zh
		}
		out.Entered = append(out.Entered, EnteredView{w.Org.Ref(x.Unit, r.Period.Last()), nameOf(o.v, x.Name), x.Ref, value, x.Reason, n, x.At})
	}
	for _, a := range []struct {
		act, who string
		at       int64
	}{{"computed", r.Actor, r.MadeAt}, {"reviewed", r.Reviewer, r.ReviewedAt}, {"published", r.Publisher, r.PublishedAt},
		{"approved", r.Approver, r.ApprovedAt}} {
		if a.at == 0 {
			continue
		}
		n, err := name(a.who)
		if err != nil {
			return err
		}
		out.Acts = append(out.Acts, ActView{a.act, n, a.at})
	}
	if r.SettledAt > 0 {
		out.Acts = append(out.Acts, ActView{Act: "settled", At: r.SettledAt})
	}
	s.mayDo(by, o, out, all, who[by.Account])
	if slices.Contains(out.May, "enter") {
		enterable(o.v, out)
	}
	return nil
}

// enterable lists what may be entered into a draft.
func enterable(v *award.Version, out *AwardView) {
	add := func(name string, ref bool) {
		n := NameView{Name: name, Title: nameOf(v, name), Ref: ref}
		if in := v.Inputs[name]; in != nil {
			n.Unit = both(in.Unit)
		}
		out.Names = append(out.Names, n)
	}
	names := make([]string, 0, len(v.Inputs))
	for k := range v.Inputs {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		add(k, false)
	}
	for _, p := range v.Parts {
		if p.Things != nil {
			add(p.Things.Of, true)
		}
	}
	for _, x := range v.Split {
		if x.By != "" {
			add(x.To, true)
		}
	}
	if v.GradedBy() {
		add("grade", false)
		known := map[string]bool{}
		for _, p := range v.Parts {
			for k := range p.Grade {
				known[k] = true
			}
			if p.By != nil {
				for k := range p.By.Grade {
					known[k] = true
				}
			}
		}
		keys := make([]string, 0, len(known))
		for k := range known {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			title := i18n.Label{Zh: k, En: k}
			if l, ok := v.Grades[k]; ok {
				title = both(l)
			}
			out.Grades = append(out.Grades, GradeView{k, title})
		}
	}
	if v.RankedBy() != "" {
		add("rank", false)
	}
	if v.Quota != nil {
		add("chosen", false)
		if v.Quota.Value.Name != "" {
			add("room", false)
		}
	}
	add("paid", false)
}

func (s *Service) mayDo(by access.Scope, o opened, out *AwardView, all map[org.No]*Balance, own bool) {
	r, w := o.r, o.w
	enters, approves, pays := may(w, by, Enter, r.Root), may(w, by, Approve, r.Root), may(w, by, Pay, r.Root)
	add := func(ok bool, what string) {
		if ok {
			out.May = append(out.May, what)
		}
	}
	due, held, ordered, back := false, false, false, false
	for _, b := range all {
		due, held, ordered, back = due || b.Due() > 0, held || b.Held > 0, ordered || b.Ordered > 0, back || b.Paid > 0
	}
	add(enters && r.State == Draft, "enter")
	add(enters && r.State == Draft && r.Rev == 1, "compute")
	add(approves && !own && r.State == Draft, "review")
	add(approves && !own && r.State == Reviewed, "publish")
	add(approves && (r.State == Reviewed || r.State == Public), "return")
	add(approves && !own && r.State == Public && w.Now.UnixMilli() >= r.PublicUntil, "approve")
	now := r.Latest
	payer := pays && now && r.Approver != by.Account && r.State == Approved
	add(payer && due, "order")
	add(pays && r.Approver != by.Account && r.State == Approved && ordered, "report")
	add(approves && now && r.State == Approved && held, "release")
	add(pays && now && (r.State == Approved || r.State == Settled) && back, "recover")
	add(approves && !own && now && r.State == Approved && !due && !held && !ordered, "settle")
	add(enters && r.Latest && (r.State == Approved || r.State == Settled), "revise")
	open := r.State == Draft || r.State == Reviewed || r.State == Public
	out.Own = approves && own && open || pays && r.Approver == by.Account && r.State == Approved
}

// valueText writes an input as the page shows it.
func valueText(v *award.Version, name string, x score.Value) string {
	if in := v.Inputs[name]; in != nil && in.Unit.Zh == "%" || name == scoreName {
		return x.Num.Mul(award.FromFen(10000)).Short(2) + "%"
	}
	return x.Num.Short(4)
}
