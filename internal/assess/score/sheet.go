// Package score is the pure core of score sheets: what a sheet is, what is wrong with one, what a unit scores on what
// was frozen of it, who stands where, and why, in words. It knows no SQL, no clock and no records.
package score

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/i18n"
	"sifen/internal/unit"
)

// Num is the exact number of points, shares and limits.
type Num = unit.Num

// nameForm is the form of names that formulas can use.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Label is a text in both languages.
type Label = i18n.Label

// Sheet is a version of a score sheet, as packs write it.
type Sheet struct {
	Key       string            `yaml:"key" json:"key"`
	Title     Label             `yaml:"title" json:"title"`
	Source    *Label            `yaml:"source,omitempty" json:"source,omitempty"` // the paper that it is taken from
	Status    string            `yaml:"status,omitempty" json:"status,omitempty"` // trial, or empty
	For       For               `yaml:"for" json:"for"`
	Period    string            `yaml:"period" json:"period"`               // month 2-months quarter half-year year
	Run       *RunDay           `yaml:"run,omitempty" json:"run,omitempty"` // when it is computed by itself
	Visits    *Visits           `yaml:"visits,omitempty" json:"visits,omitempty"`
	Self      bool              `yaml:"self,omitempty" json:"self,omitempty"` // units answer too; the gap is shown
	Max       Num               `yaml:"max" json:"max"`
	Decimals  *int              `yaml:"decimals,omitempty" json:"decimals,omitempty"`
	Rescale   string            `yaml:"rescale,omitempty" json:"rescale,omitempty"` // sheet (also empty), block, none
	Scored    *bool             `yaml:"scored,omitempty" json:"scored,omitempty"`   // false: findings only, no points
	Groups    []Group           `yaml:"groups,omitempty" json:"groups,omitempty"`
	Inputs    map[string]*Input `yaml:"inputs,omitempty" json:"inputs,omitempty"`
	Blocks    []Block           `yaml:"blocks" json:"blocks"`
	Ceiling   *Num              `yaml:"ceiling,omitempty" json:"ceiling,omitempty"`
	CapIf     []Cond            `yaml:"cap_if,omitempty" json:"cap_if,omitempty"`   // the veto
	ZeroIf    []Cond            `yaml:"zero_if,omitempty" json:"zero_if,omitempty"` // the gate
	GradeBy   string            `yaml:"grade_by,omitempty" json:"grade_by,omitempty"`
	Grades    []Grade           `yaml:"grades,omitempty" json:"grades,omitempty"`
	Lists     []List            `yaml:"lists,omitempty" json:"lists,omitempty"`
	Objection *Objection        `yaml:"objection,omitempty" json:"objection,omitempty"`
}

// For says whom a sheet scores: units of some types, or objects of some kinds.
type For struct {
	Types   []string `yaml:"types,omitempty" json:"types,omitempty"`
	Objects []string `yaml:"objects,omitempty" json:"objects,omitempty"`
}

// RunDay is the day of the month after the period on which a draft is computed by itself.
type RunDay struct {
	Day int `yaml:"day" json:"day"`
}

// Visits says which visits a sheet scores and how several in a period become one total.
type Visits struct {
	Checklist string         `yaml:"checklist" json:"checklist"`
	Several   string         `yaml:"several,omitempty" json:"several,omitempty"` // mean (also empty) last worst best sum
	Min       int            `yaml:"min,omitempty" json:"min,omitempty"`
	Window    int            `yaml:"window,omitempty" json:"window,omitempty"` // months, where the last visit may lie before the period
	Quota     map[string]int `yaml:"quota,omitempty" json:"quota,omitempty"`   // places by kind
}

// Group is a part of the units that is ranked by itself.
type Group struct {
	Key   string `yaml:"key" json:"key"`
	Title Label  `yaml:"title" json:"title"`
	Where string `yaml:"where" json:"where"`
}

// Input is a name that rules use, and where it comes from: one of the sources.
type Input struct {
	Title    Label    `yaml:"title" json:"title"`
	Unit     Label    `yaml:"unit,omitempty" json:"unit,omitempty"`
	Figure   string   `yaml:"figure,omitempty" json:"figure,omitempty"`
	Per      string   `yaml:"per,omitempty" json:"per,omitempty"` // day: the figure by day of the period
	Score    string   `yaml:"score,omitempty" json:"score,omitempty"`
	Over     string   `yaml:"over,omitempty" json:"over,omitempty"` // a type of units, or self
	Take     string   `yaml:"take,omitempty" json:"take,omitempty"` // mean (also empty) min max sum share
	Grade    []string `yaml:"grade,omitempty" json:"grade,omitempty"`
	Weight   string   `yaml:"weight,omitempty" json:"weight,omitempty"`
	Min      int      `yaml:"min,omitempty" json:"min,omitempty"`
	Window   int      `yaml:"window,omitempty" json:"window,omitempty"`
	Along    string   `yaml:"along,omitempty" json:"along,omitempty"`
	Days     string   `yaml:"days,omitempty" json:"days,omitempty"`
	Below    *Limit   `yaml:"below,omitempty" json:"below,omitempty"`
	Above    *Limit   `yaml:"above,omitempty" json:"above,omitempty"`
	Document string   `yaml:"document,omitempty" json:"document,omitempty"`
	By       string   `yaml:"by,omitempty" json:"by,omitempty"`
	Seal     bool     `yaml:"seal,omitempty" json:"seal,omitempty"`
	// Survey is an item of the checklist of the visits that asks so many of so many, or that checklist: then the item is called
	// as the input is.
	Survey    string `yaml:"survey,omitempty" json:"survey,omitempty"`
	Entry     string `yaml:"entry,omitempty" json:"entry,omitempty"`
	Attribute string `yaml:"attribute,omitempty" json:"attribute,omitempty"`
	Parameter string `yaml:"parameter,omitempty" json:"parameter,omitempty"`
}

// Asked is the item of the checklist that an input of a survey takes.
func (in *Input) Asked(name string, visits *Visits) string {
	if visits != nil && in.Survey == visits.Checklist {
		return name
	}
	return in.Survey
}

// Block is a part of the sheet; with Extra one of plus and minus points.
type Block struct {
	Key    string `yaml:"key" json:"key"`
	Title  Label  `yaml:"title" json:"title"`
	Max    Num    `yaml:"max,omitempty" json:"max"`
	Extra  *Extra `yaml:"extra,omitempty" json:"extra,omitempty"`
	ZeroIf []Cond `yaml:"zero_if,omitempty" json:"zero_if,omitempty"`
	Items  []Item `yaml:"items" json:"items"`
}

// Extra bounds plus and minus points.
type Extra struct {
	Up   Num `yaml:"up" json:"up"`
	Down Num `yaml:"down" json:"down"`
}

// Item is a line of the paper form, with one method.
type Item struct {
	Key      string   `yaml:"key" json:"key"`
	Title    Label    `yaml:"title" json:"title"`
	Max      Num      `yaml:"max,omitempty" json:"max"`
	Decimals *int     `yaml:"decimals,omitempty" json:"decimals,omitempty"`
	How      string   `yaml:"how,omitempty" json:"how,omitempty"` // look ask papers data
	Owner    *Label   `yaml:"owner,omitempty" json:"owner,omitempty"`
	Send     *Label   `yaml:"send,omitempty" json:"send,omitempty"`
	PlaceCap *Num     `yaml:"place_cap,omitempty" json:"place_cap,omitempty"`
	Deduct   []Line   `yaml:"deduct,omitempty" json:"deduct,omitempty"`
	Earn     []Line   `yaml:"earn,omitempty" json:"earn,omitempty"`
	Ratio    *Ratio   `yaml:"ratio,omitempty" json:"ratio,omitempty"`
	Bands    *Bands   `yaml:"bands,omitempty" json:"bands,omitempty"`
	Rank     *Places  `yaml:"rank,omitempty" json:"rank,omitempty"`
	Judged   *Judged  `yaml:"judged,omitempty" json:"judged,omitempty"`
	Formula  *Formula `yaml:"formula,omitempty" json:"formula,omitempty"`
	Without  string   `yaml:"without,omitempty" json:"without,omitempty"` // na (also empty) full zero no-score
	NA       *NA      `yaml:"na,omitempty" json:"na,omitempty"`
	ZeroIf   []Cond   `yaml:"zero_if,omitempty" json:"zero_if,omitempty"`
}

// Line takes or gives points.
type Line struct {
	N       Names  `yaml:"n,omitempty" json:"n,omitempty"`
	What    Label  `yaml:"what,omitempty" json:"what,omitempty"`
	Unit    Label  `yaml:"unit,omitempty" json:"unit,omitempty"`
	Each    *Num   `yaml:"each,omitempty" json:"each,omitempty"`
	Cap     *Num   `yaml:"cap,omitempty" json:"cap,omitempty"`
	Free    *Limit `yaml:"free,omitempty" json:"free,omitempty"`
	Lack    Names  `yaml:"lack,omitempty" json:"lack,omitempty"`
	Value   Names  `yaml:"value,omitempty" json:"value,omitempty"`
	Below   *Limit `yaml:"below,omitempty" json:"below,omitempty"`
	Above   *Limit `yaml:"above,omitempty" json:"above,omitempty"`
	AtLeast *Limit `yaml:"at_least,omitempty" json:"at_least,omitempty"`
	Every   *Step  `yaml:"every,omitempty" json:"every,omitempty"`
	Part    string `yaml:"part,omitempty" json:"part,omitempty"` // of a step: up none share
	Zero    bool   `yaml:"zero,omitempty" json:"zero,omitempty"`
	Full    bool   `yaml:"full,omitempty" json:"full,omitempty"`
	Judged  []Num  `yaml:"judged,omitempty" json:"judged,omitempty"`
}

// Ratio gives max × value ÷ to.
type Ratio struct {
	Value string `yaml:"value" json:"value"`
	To    Limit  `yaml:"to" json:"to"`
	Less  bool   `yaml:"less,omitempty" json:"less,omitempty"`
}

// Bands gives the points of the first row that is reached.
type Bands struct {
	Value string `yaml:"value" json:"value"`
	Less  bool   `yaml:"less,omitempty" json:"less,omitempty"`
	Rows  []struct {
		From   Limit `yaml:"from" json:"from"`
		Points Num   `yaml:"points" json:"points"`
	} `yaml:"rows" json:"rows"`
}

// Places gives points by place in the group.
type Places struct {
	Value string `yaml:"value" json:"value"`
	Less  bool   `yaml:"less,omitempty" json:"less,omitempty"`
	Rows  []struct {
		To     int `yaml:"to" json:"to"`
		Points Num `yaml:"points" json:"points"`
	} `yaml:"rows" json:"rows"`
}

// Judged is given by a person with a reason.
type Judged struct {
	Step *Num `yaml:"step,omitempty" json:"step,omitempty"`
}

// Formula is CEL over exact numbers, for what words do not reach.
type Formula struct {
	Expr    string         `yaml:"expr" json:"expr"`
	Default map[string]Num `yaml:"default,omitempty" json:"default,omitempty"`
	Say     Label          `yaml:"say" json:"say"`
}

// NA says when an item does not apply.
type NA struct {
	Where     string `yaml:"where,omitempty" json:"where,omitempty"`
	Inspector bool   `yaml:"inspector,omitempty" json:"inspector,omitempty"`
}

// Cond is a condition of gates, vetoes and grades.
type Cond struct {
	N       Names    `yaml:"n,omitempty" json:"n,omitempty"`     // any is there
	All     Names    `yaml:"all,omitempty" json:"all,omitempty"` // every one is
	Lack    Names    `yaml:"lack,omitempty" json:"lack,omitempty"`
	Value   Names    `yaml:"value,omitempty" json:"value,omitempty"`
	Below   *Limit   `yaml:"below,omitempty" json:"below,omitempty"`
	Above   *Limit   `yaml:"above,omitempty" json:"above,omitempty"`
	AtLeast *Limit   `yaml:"at_least,omitempty" json:"at_least,omitempty"`
	Grade   []string `yaml:"grade,omitempty" json:"grade,omitempty"`
	Where   string   `yaml:"where,omitempty" json:"where,omitempty"`
	Say     Label    `yaml:"say,omitempty" json:"say,omitempty"`
	To      *Num     `yaml:"to,omitempty" json:"to,omitempty"` // of a veto
}

// Grade is a level, from a share of the maximum or from points.
type Grade struct {
	Key    string `yaml:"key" json:"key"`
	Title  Label  `yaml:"title" json:"title"`
	From   *Limit `yaml:"from,omitempty" json:"from,omitempty"`
	Needs  []Cond `yaml:"needs,omitempty" json:"needs,omitempty"`
	Colour string `yaml:"colour,omitempty" json:"colour,omitempty"`
}

// List is a published list: who is on it.
type List struct {
	Key   string   `yaml:"key" json:"key"`
	Title Label    `yaml:"title" json:"title"`
	Tone  string   `yaml:"tone,omitempty" json:"tone,omitempty"` // good bad warn
	First int      `yaml:"first,omitempty" json:"first,omitempty"`
	Last  int      `yaml:"last,omitempty" json:"last,omitempty"`
	Grade []string `yaml:"grade,omitempty" json:"grade,omitempty"`
	Full  bool     `yaml:"full,omitempty" json:"full,omitempty"`
	Below *Limit   `yaml:"below,omitempty" json:"below,omitempty"`
}

// Objection is how long units may object, in working days, to the end of a minute.
type Objection struct {
	Workdays int    `yaml:"workdays" json:"workdays"`
	Until    string `yaml:"until,omitempty" json:"until,omitempty"`
}

// Names is one name or several.
type Names []string

// UnmarshalYAML reads "a" and [a, b].
func (n *Names) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*n = Names{node.Value}
		return nil
	}
	var list []string
	err := node.Decode(&list)
	*n = list
	return err
}

// Step is the width of a step; Percent says that it was written as one, for words.
type Step struct {
	Num     Num
	Percent bool
}

// UnmarshalYAML reads the width from its text.
func (s *Step) UnmarshalYAML(node *yaml.Node) (err error) {
	s.Percent = percent(node.Value)
	s.Num, err = number(node)
	return err
}

// MarshalText writes it as it was typed.
func (s Step) MarshalText() ([]byte, error) { return []byte(typed(s.Num, s.Percent)), nil }

// Limit is a number, the name of an input, or a number that changes with the months since the day of an attribute.
type Limit struct {
	Num     Num
	Percent bool
	Name    string
	Since   string
	Stages  []Stage
}

// Stage is the limit from a month on; the month of the day itself is the first.
type Stage struct {
	Month int   `yaml:"month" json:"month"`
	At    Limit `yaml:"at" json:"at"`
}

// UnmarshalYAML reads one of the three forms.
func (l *Limit) UnmarshalYAML(node *yaml.Node) (err error) {
	if node.Kind == yaml.MappingNode {
		var s struct {
			Since  string  `yaml:"since"`
			Stages []Stage `yaml:"stages"`
		}
		err := node.Decode(&s)
		l.Since, l.Stages = s.Since, s.Stages
		return err
	}
	if nameForm.MatchString(node.Value) {
		l.Name = node.Value
		return nil
	}
	l.Percent = percent(node.Value)
	l.Num, err = number(node)
	return err
}

// MarshalText writes a limit as words of a page can show it.
func (l Limit) MarshalText() ([]byte, error) {
	switch {
	case l.Name != "":
		return []byte(l.Name), nil
	case l.Since != "":
		return []byte(l.Since), nil
	}
	return []byte(typed(l.Num, l.Percent)), nil
}

func percent(text string) bool { return strings.HasSuffix(text, "%") || strings.HasSuffix(text, "％") }

func number(node *yaml.Node) (Num, error) {
	n, err := unit.ParseNum(node.Value)
	if err != nil {
		return n, fmt.Errorf("line %d: %w", node.Line, err)
	}
	return n, nil
}

// typed writes a number as a share where it was one.
func typed(n Num, percent bool) string {
	if percent {
		return n.Mul(unit.Int(100)).Short(4) + "%"
	}
	return n.Short(4)
}

func (s *Sheet) decimals() int { return digits(s.Decimals, 2) }

func digits(own *int, otherwise int) int {
	if own != nil {
		return *own
	}
	return otherwise
}

func (s *Sheet) scored() bool { return s.Scored == nil || *s.Scored }

// HasPoints reports whether the sheet gives points at all.
func (s *Sheet) HasPoints() bool { return s.scored() }

// Item finds an item and its block.
func (s *Sheet) Item(key string) (*Block, *Item) {
	for b := range s.Blocks {
		for i := range s.Blocks[b].Items {
			if s.Blocks[b].Items[i].Key == key {
				return &s.Blocks[b], &s.Blocks[b].Items[i]
			}
		}
	}
	return nil, nil
}

// GradeOf finds a grade by its key.
func (s *Sheet) GradeOf(key string) (Grade, bool) {
	for _, g := range s.Grades {
		if g.Key == key {
			return g, true
		}
	}
	return Grade{}, false
}

// lines are those of an item, whichever way they go.
func (it *Item) lines() []Line {
	if len(it.Earn) > 0 {
		return it.Earn
	}
	return it.Deduct
}

// names are all names that an item's lines, limits and gates use, declared or not, in their order.
func (it *Item) names() (out []string) {
	limit := func(l *Limit) {
		if l != nil && l.Name != "" {
			out = append(out, l.Name)
		}
	}
	for _, l := range it.lines() {
		out = append(append(append(out, l.N...), l.Lack...), l.Value...)
		for _, x := range []*Limit{l.Free, l.Below, l.Above, l.AtLeast} {
			limit(x)
		}
	}
	switch {
	case it.Ratio != nil:
		out = append(out, it.Ratio.Value)
		limit(&it.Ratio.To)
	case it.Bands != nil:
		out = append(out, it.Bands.Value)
	case it.Rank != nil:
		out = append(out, it.Rank.Value)
	}
	return out
}
