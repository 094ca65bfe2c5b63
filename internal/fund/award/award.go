// Package award is the pure core of award rules: what a rule is, what is wrong with one, what each claimant is due on what
// was frozen of it, within a budget and to the fen, and why, in words. It knows no SQL, no clock and no records.
package award

import (
	"sifen/internal/assess/score"
	"sifen/internal/unit"
)

// Num is the exact number of rules; money is yuan until it is stored.
type Num = unit.Num

// Label is a text in both languages.
type Label = score.Label

// Limit is a number or the name of an input.
type Limit = score.Limit

// Award is a version of an award rule, as packs write it.
type Award struct {
	Key       string                  `yaml:"key" json:"key"`
	Title     Label                   `yaml:"title" json:"title"`
	Source    *Label                  `yaml:"source,omitempty" json:"source,omitempty"` // the paper that it is taken from
	Status    string                  `yaml:"status,omitempty" json:"status,omitempty"` // trial, or empty
	For       score.For               `yaml:"for" json:"for"`
	Period    string                  `yaml:"period" json:"period"`
	Budget    string                  `yaml:"budget" json:"budget"`                   // the purpose of the money it is paid from
	Sheet     string                  `yaml:"sheet,omitempty" json:"sheet,omitempty"` // whose grades count; empty: the only one that fits
	Scale     []string                `yaml:"scale,omitempty" json:"scale,omitempty"` // classes that give way when money is short, in this order
	Cap       *Num                    `yaml:"cap,omitempty" json:"cap,omitempty"`     // of a claimant
	Round     string                  `yaml:"round,omitempty" json:"round,omitempty"` // fen (also empty), yuan
	Quota     *Quota                  `yaml:"quota,omitempty" json:"quota,omitempty"`
	Inputs    map[string]*score.Input `yaml:"inputs,omitempty" json:"inputs,omitempty"`
	Parts     []Part                  `yaml:"parts" json:"parts"`
	Pay       []Stage                 `yaml:"pay,omitempty" json:"pay,omitempty"`
	Withhold  []Withhold              `yaml:"withhold,omitempty" json:"withhold,omitempty"`
	Split     []Share                 `yaml:"split,omitempty" json:"split,omitempty"`
	Publicise *Publicise              `yaml:"publicise,omitempty" json:"publicise,omitempty"`
	Recover   *Recover                `yaml:"recover,omitempty" json:"recover,omitempty"`
	Reconcile *Reconcile              `yaml:"reconcile,omitempty" json:"reconcile,omitempty"`
}

// Quota bounds how many claimants of a unit above are in: the best by rank, or those that a person chose.
type Quota struct {
	Per    string `yaml:"per" json:"per"` // type of the unit above
	Value  Limit  `yaml:"value" json:"value"`
	Choose string `yaml:"choose" json:"choose"` // rank chosen
}

// Part is a sum of money with one method.
type Part struct {
	Key     string         `yaml:"key" json:"key"`
	Title   Label          `yaml:"title" json:"title"`
	Class   string         `yaml:"class" json:"class"` // construction operation reward charge
	Per     []Line         `yaml:"per,omitempty" json:"per,omitempty"`
	Things  *Things        `yaml:"things,omitempty" json:"things,omitempty"`
	Steps   *Steps         `yaml:"steps,omitempty" json:"steps,omitempty"`
	Grade   map[string]Num `yaml:"grade,omitempty" json:"grade,omitempty"`
	Rank    *Rank          `yaml:"rank,omitempty" json:"rank,omitempty"`
	Match   *Match         `yaml:"match,omitempty" json:"match,omitempty"`
	Pool    *Pool          `yaml:"pool,omitempty" json:"pool,omitempty"`
	Formula *score.Formula `yaml:"formula,omitempty" json:"formula,omitempty"`
	Needs   []score.Cond   `yaml:"needs,omitempty" json:"needs,omitempty"`
	By      *By            `yaml:"by,omitempty" json:"by,omitempty"`
	Cap     *Limit         `yaml:"cap,omitempty" json:"cap,omitempty"`
	Own     *Own           `yaml:"own,omitempty" json:"own,omitempty"`
	PaidBy  *Label         `yaml:"paid_by,omitempty" json:"paid_by,omitempty"`
	Pay     []Stage        `yaml:"pay,omitempty" json:"pay,omitempty"` // instead of the rule's
}

// Line is (n − less) × rate × times: n at most quota, the line at most most. A negative rate is a charge.
type Line struct {
	N     Limit  `yaml:"n" json:"n"`
	Less  *Limit `yaml:"less,omitempty" json:"less,omitempty"`
	Rate  Limit  `yaml:"rate" json:"rate"`
	Times *Limit `yaml:"times,omitempty" json:"times,omitempty"`
	Quota *Limit `yaml:"quota,omitempty" json:"quota,omitempty"`
	Most  *Limit `yaml:"most,omitempty" json:"most,omitempty"`
}

// Things pays for each thing built a share of its audited cost.
type Things struct {
	Of    string `yaml:"of" json:"of"`
	Cost  string `yaml:"cost" json:"cost"`
	Share Limit  `yaml:"share" json:"share"`
	Cap   *Limit `yaml:"cap,omitempty" json:"cap,omitempty"`
}

// Steps is amount × (1 + k × change), k the steps of every between at and the value.
type Steps struct {
	Value  string `yaml:"value" json:"value"`
	At     Limit  `yaml:"at" json:"at"`
	Amount Limit  `yaml:"amount" json:"amount"`
	Every  Num    `yaml:"every" json:"every"`
	Change Limit  `yaml:"change" json:"change"`
	Part   string `yaml:"part" json:"part"` // of a step: against up none share
	Cap    *Limit `yaml:"cap,omitempty" json:"cap,omitempty"`
}

// Rank gives money by place; Ties says whether equals get the same or share what they hold.
type Rank struct {
	Sheet string `yaml:"sheet" json:"sheet"`
	Rows  []struct {
		Places int `yaml:"places" json:"places"`
		Amount Num `yaml:"amount" json:"amount"`
	} `yaml:"rows" json:"rows"`
	Ties string `yaml:"ties" json:"ties"` // same share
}

// Match is a share of what was spent; a pool that binds is shared pro rata.
type Match struct {
	Of    string `yaml:"of" json:"of"`
	Share Limit  `yaml:"share" json:"share"`
	Pool  *Limit `yaml:"pool,omitempty" json:"pool,omitempty"`
}

// Pool shares a pool by weighted factors: pool × Σ weight × own ÷ all.
type Pool struct {
	Of      Limit  `yaml:"of" json:"of"` // a number, an input, or budget
	Share   *Limit `yaml:"share,omitempty" json:"share,omitempty"`
	Factors []struct {
		Value  string `yaml:"value" json:"value"`
		Weight Num    `yaml:"weight" json:"weight"`
	} `yaml:"factors" json:"factors"`
}

// By is a coefficient: by grade, or that of the first row that a value reaches.
type By struct {
	Grade map[string]Num `yaml:"grade,omitempty" json:"grade,omitempty"`
	Value string         `yaml:"value,omitempty" json:"value,omitempty"`
	Less  bool           `yaml:"less,omitempty" json:"less,omitempty"`
	Rows  []struct {
		From  Limit `yaml:"from" json:"from"`
		Times Num   `yaml:"times" json:"times"`
	} `yaml:"rows,omitempty" json:"rows,omitempty"`
}

// Own is money of the claimant's own that a part requires: at least so much, so much per something, or a share of the part.
// Without it there is nothing, or with match as much as it supports.
type Own struct {
	Value   string `yaml:"value" json:"value"`
	AtLeast *Limit `yaml:"at_least,omitempty" json:"at_least,omitempty"`
	Per     *Limit `yaml:"per,omitempty" json:"per,omitempty"`
	Share   *Limit `yaml:"share,omitempty" json:"share,omitempty"`
	Else    string `yaml:"else,omitempty" json:"else,omitempty"` // none (also empty), match
}

// Stage is a date of payment: a share of the amount, or of the uncut base; the rest is what remains.
type Stage struct {
	Key   string       `yaml:"key" json:"key"`
	Title Label        `yaml:"title,omitempty" json:"title"`
	Share *Limit       `yaml:"share,omitempty" json:"share,omitempty"`
	Of    string       `yaml:"of,omitempty" json:"of,omitempty"` // amount (also empty), base
	Rest  bool         `yaml:"rest,omitempty" json:"rest,omitempty"`
	By    string       `yaml:"by,omitempty" json:"by,omitempty"` // month and day: 03-31
	When  *Label       `yaml:"when,omitempty" json:"when,omitempty"`
	Needs []score.Cond `yaml:"needs,omitempty" json:"needs,omitempty"`
}

// Withhold keeps a share back while a condition holds.
type Withhold struct {
	Share Limit      `yaml:"share" json:"share"`
	While score.Cond `yaml:"while" json:"while"`
}

// Share is a receiver of the money and what it may pass on.
type Share struct {
	To     string  `yaml:"to" json:"to"`
	Title  Label   `yaml:"title,omitempty" json:"title"`
	Share  Limit   `yaml:"share" json:"share"`
	For    *Label  `yaml:"for,omitempty" json:"for,omitempty"`
	NotFor []Label `yaml:"not_for,omitempty" json:"not_for,omitempty"`
	By     string  `yaml:"by,omitempty" json:"by,omitempty"` // several receivers: in proportion to this
	Onward []Share `yaml:"onward,omitempty" json:"onward,omitempty"`
}

// Publicise is for how many working days a result is publicised before it is approved.
type Publicise struct {
	Workdays int `yaml:"workdays" json:"workdays"`
}

// Recover says when money is taken back, and for how long the claimant is out then.
type Recover struct {
	When Label  `yaml:"when" json:"when"`
	Bar  string `yaml:"bar,omitempty" json:"bar,omitempty"` // 1 year, 6 months
}

// Reconcile is the day of the next month by which an input must be agreed before it is paid for.
type Reconcile struct {
	Input string `yaml:"input" json:"input"`
	By    int    `yaml:"by" json:"by"`
}

// stages are those of a part.
func (a *Award) stages(p *Part) []Stage {
	if len(p.Pay) > 0 {
		return p.Pay
	}
	return a.Pay
}

// Title of an input, a thing or the grade in words.
func (a *Award) title(name string) Label {
	if in := a.Inputs[name]; in != nil && !in.Title.IsZero() {
		return in.Title
	}
	return Label{Zh: name, En: name}
}

// GradedBy reports whether the rule needs a grade at all.
func (a *Award) GradedBy() bool {
	is := func(cs []score.Cond) bool {
		for _, c := range cs {
			if len(c.Grade) > 0 {
				return true
			}
		}
		return false
	}
	stages := func(list []Stage) bool {
		for _, s := range list {
			if is(s.Needs) {
				return true
			}
		}
		return false
	}
	for _, p := range a.Parts {
		if len(p.Grade) > 0 || p.By != nil && len(p.By.Grade) > 0 || is(p.Needs) || stages(p.Pay) {
			return true
		}
	}
	for _, w := range a.Withhold {
		if is([]score.Cond{w.While}) {
			return true
		}
	}
	return stages(a.Pay)
}

// RankedBy is the sheet whose places a part or the quota goes by; empty without.
func (a *Award) RankedBy() string {
	for _, p := range a.Parts {
		if p.Rank != nil {
			return p.Rank.Sheet
		}
	}
	if a.Quota != nil && a.Quota.Choose == "rank" {
		return a.Sheet
	}
	return ""
}

// PartOf finds a part by its key.
func (a *Award) PartOf(key string) (*Part, bool) {
	for i := range a.Parts {
		if a.Parts[i].Key == key {
			return &a.Parts[i], true
		}
	}
	return nil, false
}
