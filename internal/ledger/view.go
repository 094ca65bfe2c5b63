package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
)

// Change is one field's old and new text.
type Change struct {
	Field string     `json:"field"`
	Title i18n.Label `json:"title"`
	Old   *string    `json:"old"`
	New   *string    `json:"new"`
}

// HistoryLine is one event as a page shows it.
type HistoryLine struct {
	At       int64    `json:"at"`
	By       string   `json:"by"`
	Op       string   `json:"op" enum:"create,edit,import,submit,withdraw,verify,return,void"`
	Rev      int64    `json:"rev"`
	Level    string   `json:"level,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	LateDays int64    `json:"late_days,omitempty"`
	Source   string   `json:"source,omitempty"`
	Changes  []Change `json:"changes"`
}

// May is what the caller may do now.
type May struct {
	Edit     bool `json:"edit"`
	Submit   bool `json:"submit"`
	Withdraw bool `json:"withdraw"`
	Verify   bool `json:"verify"`
	Return   bool `json:"return"`
	Void     bool `json:"void"`
	Delete   bool `json:"delete"`
	Succeed  bool `json:"succeed"`
}

// View is a record page.
type View struct {
	Row
	May            May               `json:"may"`
	History        []HistoryLine     `json:"history"`
	Evidence       []EvidenceView    `json:"evidence"`
	CountedValues  kind.Values       `json:"counted_values,omitempty"`
	PreviousValues kind.Values       `json:"previous_values,omitempty"`
	PreviousLabels map[string]string `json:"previous_labels,omitempty"`
	CountsIn       []Share           `json:"counts_in"`
	Documents      []Cited           `json:"documents"`
	Locked         *Locked           `json:"locked,omitempty"`
}

// Locked are the first and the last day of a locked period in which a record counts: what it counts there stands.
type Locked struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// Share is what a record gives to one figure. Filled by the desk, which knows figures and documents.
type Share struct {
	Key      string     `json:"key"`
	Title    i18n.Label `json:"title"`
	Unit     org.Ref    `json:"unit"`
	Period   string     `json:"period"`
	Value    int64      `json:"value"`
	Display  string     `json:"display"`
	Mine     int64      `json:"mine"`
	MineText string     `json:"mine_text"`
}

// Cited is a document a record stands behind.
type Cited struct {
	ID     string     `json:"id"`
	Title  string     `json:"title"`
	State  string     `json:"state" enum:"draft,review,approved,issuing,issued,received,revoked,repealed"`
	N      int64      `json:"n"`
	Figure i18n.Label `json:"title_figure"`
}

// Open returns a record page without figures and documents.
func (s *Service) Open(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, entry string) (View, error) {
	e, k, w, err := s.seen(ctx, q, by, entry)
	if err != nil {
		return View{}, err
	}
	return s.open(ctx, q, by, lang, w, k, e)
}

func (s *Service) open(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, w work, k *kind.Kind, e Entry) (View, error) {
	revs, err := revisions(ctx, q, k, by.District, e.ID)
	if err != nil {
		return View{}, err
	}
	events, err := History(ctx, q, by.District, e.ID)
	if err != nil {
		return View{}, err
	}
	all := []Entry{e}
	var accounts []string
	for _, r := range revs {
		all = append(all, Entry{Kind: e.Kind, Values: r.Values, Account: r.Account})
	}
	for _, ev := range events {
		accounts = append(accounts, ev.Account)
	}
	n, err := resolve(ctx, q, w.Set, by.District, all, accounts...)
	if err != nil {
		return View{}, err
	}
	v := View{Row: s.row(w, n, lang, k, e), History: []HistoryLine{}, Evidence: []EvidenceView{}, CountsIn: []Share{}, Documents: []Cited{}}
	byRev := map[int64]revision{}
	for _, r := range revs {
		byRev[r.Rev] = r
	}
	var lastSubmitted int64
	for i := len(events) - 1; i >= 0; i-- {
		ev := events[i]
		h := HistoryLine{At: ev.At, By: n.Account[ev.Account], Op: ev.Op, Rev: ev.Rev, Level: ev.Level, Reason: ev.Reason, LateDays: ev.LateDays,
			Changes: []Change{}}
		if r, ok := byRev[ev.Rev]; ok && (ev.Op == OpEdit || ev.Op == OpCreate || ev.Op == OpImport) {
			h.Source = r.Source
			if p, ok := byRev[ev.Rev-1]; ok {
				h.Changes = s.changes(w, n, lang, k, p, r)
			}
		}
		if (ev.Op == OpReturn || ev.Op == OpVerify) && ev.Rev < e.Rev && lastSubmitted == 0 {
			lastSubmitted = ev.Rev
		}
		v.History = append(v.History, h)
	}
	if p, ok := byRev[lastSubmitted]; ok {
		v.PreviousValues, v.PreviousLabels = p.Values, map[string]string{}
		for _, f := range k.Fields {
			if t := n.Text(w.Org, f, p.Values, lang); t != "" {
				v.PreviousLabels[f.Key] = t
			}
		}
	}
	if c, ok := byRev[e.CountedRev]; ok && e.CountedRev != e.Rev {
		v.CountedValues = c.Values
	}
	v.May = s.may(ctx, q, by, w, k, &e)
	if !k.Lasting() { // what lasts can still end after the locked days
		since, before, found, err := closing.Covering(ctx, q, by.District, k.Key, e.Unit, e.From, e.Until)
		if err != nil {
			return v, err
		}
		if found {
			v.Locked = &Locked{since.String(), (before - 1).String()}
		}
	}
	if e.State == Submitted {
		alike, err := s.alikeHints(ctx, q, by, []asked{{e, k}})
		if err != nil {
			return v, err
		}
		v.Hints = append(v.Hints, alike[0]...)
	}
	v.Evidence, err = s.evidence(ctx, q, by, w, k, e)
	return v, err
}

func (s *Service) changes(w work, n kind.Names, lang i18n.Lang, k *kind.Kind, a, b revision) []Change {
	out := []Change{}
	ptr := func(t string) *string {
		if t == "" {
			return nil
		}
		return &t
	}
	if a.Unit != b.Unit {
		out = append(out, Change{"unit", i18n.Label{Zh: "单位", En: "Unit"}, ptr(w.Org.UnitName(a.Unit)), ptr(w.Org.UnitName(b.Unit))})
	}
	for _, f := range k.Fields {
		x, y := n.Text(w.Org, f, a.Values, lang), n.Text(w.Org, f, b.Values, lang)
		if x != y || mustJSON(a.Values[f.Key]) != mustJSON(b.Values[f.Key]) {
			out = append(out, Change{f.Key, f.Title, ptr(x), ptr(y)})
		}
	}
	return out
}

func (s *Service) may(ctx context.Context, q db.Querier, by access.Scope, w work, k *kind.Kind, e *Entry) May {
	targets := w.Org.Targets(e.Unit, w.Day)
	enter := by.Can(Enter, targets, k.ByLine())
	m := May{}
	if s.Takes(ctx, q, by.District, k) != nil {
		return m
	}
	m.Edit = enter && e.editable() == nil
	m.Submit = enter && e.from(Draft, Returned) == nil
	m.Withdraw = enter && e.State == Submitted && e.Account == by.Account
	m.Verify = s.mayVerify(ctx, q, by, &round{w: w}, k, e) == nil
	m.Return = m.Verify
	m.Void = by.Can(Voids, targets, false) && e.from(Submitted, Returned, Verified) == nil
	m.Delete = e.State == Draft && e.Account == by.Account && e.SubmittedAt == 0
	m.Succeed = enter && k.Lasting() && e.State == Verified && e.Until > w.Day
	return m
}
