// Package inspect keeps visits of inspectors to places: which checklist they used, what they answered, and what was wrong.
// What was wrong opens cases of rectification below.
package inspect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/rectify"
)

// Checklist is a form of inspection as packs write it.
type Checklist struct {
	Key        string           `yaml:"key" json:"key"`
	Title      i18n.Label       `yaml:"title" json:"title"`
	About      []string         `yaml:"about" json:"about"`     // unit types, types of places, "road", "shop", …
	Answers    []string         `yaml:"answers" json:"answers"` // who answers for what is wrong: the first there is on the day
	Instrument string           `yaml:"instrument,omitempty" json:"instrument"`
	Sample     *i18n.Label      `yaml:"sample,omitempty" json:"sample,omitempty"`
	Handouts   []rectify.Choice `yaml:"handouts,omitempty" json:"handouts,omitempty"`
	Joint      []string         `yaml:"joint,omitempty" json:"joint,omitempty"` // who gets a copy of a joint check
	Raise      []Raise          `yaml:"raise,omitempty" json:"raise,omitempty"`
	Source     *i18n.Label      `yaml:"source,omitempty" json:"source,omitempty"`
	Sections   []Section        `yaml:"sections" json:"sections"`

	version int64
	form    string
}

// Raise lifts what a visit found to a heavier instrument when much is wrong: a condition over failed and major.
type Raise struct {
	When       string `yaml:"when" json:"when"`
	Instrument string `yaml:"instrument" json:"instrument"`
}

// Section is a part of a checklist, answered once or for each of several subjects.
type Section struct {
	Key    string     `yaml:"key" json:"key"`
	Title  i18n.Label `yaml:"title" json:"title"`
	Points int64      `yaml:"points,omitempty" json:"points"` // printed; score sheets do the arithmetic
	When   string     `yaml:"when,omitempty" json:"when"`
	Each   *Each      `yaml:"each,omitempty" json:"each,omitempty"`
	Items  []Item     `yaml:"items" json:"items"`
}

// Each says for what a section is answered: every point of the place, or so many objects of each kind.
type Each struct {
	Of string `yaml:"of" json:"of" enum:"point,object"`
	N  Number `yaml:"n" json:"n"`
}

// Number is how many subjects are looked at: all, or some of each kind of object.
type Number struct {
	All bool     `json:"all"`
	Of  []Sample `json:"of"`
}

// Sample is so many objects of a kind.
type Sample struct {
	Kind string `yaml:"kind" json:"kind"`
	N    int64  `yaml:"n" json:"n"`
}

// UnmarshalYAML reads "all" or a list of kinds with numbers.
func (n *Number) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		if node.Value != "all" {
			return fmt.Errorf("line %d: n is all, or a list of {kind, n}", node.Line)
		}
		n.All = true
		return nil
	}
	return node.Decode(&n.Of)
}

// MarshalYAML writes what UnmarshalYAML reads.
func (n Number) MarshalYAML() (any, error) {
	if n.All {
		return "all", nil
	}
	return n.Of, nil
}

// Item is one line of a checklist.
type Item struct {
	Key        string      `yaml:"key" json:"key"`
	Ask        i18n.Label  `yaml:"ask" json:"ask"`
	Rule       *i18n.Label `yaml:"rule,omitempty" json:"rule,omitempty"`
	Answer     string      `yaml:"answer,omitempty" json:"answer"` // yes-no (also empty), choice, number, share, text
	Of         int64       `yaml:"of,omitempty" json:"of"`         // of a share: how many are asked
	Unit       *i18n.Label `yaml:"unit,omitempty" json:"unit,omitempty"`
	Options    []Option    `yaml:"options,omitempty" json:"options,omitempty"`
	Fails      string      `yaml:"fails,omitempty" json:"fails"`
	When       string      `yaml:"when,omitempty" json:"when"`
	Count      *i18n.Label `yaml:"count,omitempty" json:"count,omitempty"` // of how many it is wrong
	Phrases    []Phrase    `yaml:"phrases,omitempty" json:"phrases,omitempty"`
	Fixes      []Phrase    `yaml:"fixes,omitempty" json:"fixes,omitempty"`
	Passing    bool        `yaml:"passing,omitempty" json:"passing"` // changes within hours: compares no inspectors
	Severity   string      `yaml:"severity,omitempty" json:"severity"`
	Instrument string      `yaml:"instrument,omitempty" json:"instrument"`
	Answers    []string    `yaml:"answers,omitempty" json:"answers,omitempty"`
	Basis      []string    `yaml:"basis,omitempty" json:"basis,omitempty"`
	How        string      `yaml:"how,omitempty" json:"how"` // seen, asked, papers
	NA         *bool       `yaml:"na,omitempty" json:"na,omitempty"`
}

// Option is a choice, and whether it is wrong.
type Option struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
	Fails bool       `yaml:"fails,omitempty" json:"fails"`
}

// Phrase is a standard wording to tap.
type Phrase struct {
	Key string `yaml:"key" json:"key"`
	Zh  string `yaml:"zh" json:"zh"`
	En  string `yaml:"en,omitempty" json:"en"`
}

// The answers of items.
const (
	YesNo  = "yes-no"
	Select = "choice"
	Amount = "number"
	Share  = "share"
	Text   = "text"
)

// What is said of a yes-no item; NotApplicable of any.
const (
	Yes           = "yes"
	No            = "no"
	NotApplicable = "na"
)

func (i *Item) answer() string {
	if i.Answer == "" {
		return YesNo
	}
	return i.Answer
}

func (i *Item) severity() string {
	if i.Severity == "" {
		return rectify.Minor
	}
	return i.Severity
}

// allowsNA reports whether an item may be left out as not applicable.
func (i *Item) allowsNA() bool { return i.NA == nil || *i.NA }

// Version is that of the rule in its district.
func (c *Checklist) Version() int64 { return c.version }

// item finds an item with its section.
func (c *Checklist) item(key string) (*Section, *Item) {
	for s := range c.Sections {
		for i := range c.Sections[s].Items {
			if c.Sections[s].Items[i].Key == key {
				return &c.Sections[s], &c.Sections[s].Items[i]
			}
		}
	}
	return nil, nil
}

// ObjectKind is a kind of what is inspected and is no unit.
type ObjectKind struct {
	Key     string     `yaml:"key" json:"key"`
	Title   i18n.Label `yaml:"title" json:"title"`
	Answers []string   `yaml:"answers,omitempty" json:"answers,omitempty"`
}

// ObjectKinds is the pack object type "object-kinds".
func ObjectKinds() pack.Type {
	return pack.Type{Dir: "object-kinds", Decode: pack.Decoded[ObjectKind], Schema: func() map[string]any {
		return map[string]any{"type": "object", "required": []string{"key", "title"}}
	}}
}

// Checklists is the pack object type "checklists".
func Checklists() pack.Type {
	return pack.Type{
		Dir:    "checklists",
		Dated:  true, // a form that holds from the first of the month is not asked before
		Decode: decode,
		Check:  func(set *pack.Set, o *pack.Object) []pack.Fault { return o.Value.(*Checklist).faults(set, o) },
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "about", "answers", "sections"}}
		},
	}
}

func decode(o *pack.Object) (any, error) {
	c := &Checklist{version: o.Version}
	if err := pack.Strict(o, c); err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(c.text()))
	c.form = hex.EncodeToString(sum[:8])
	return c, nil
}

// text is all that a checklist says.
func (c *Checklist) text() string {
	raw, _ := json.Marshal(c) // strings, integers and lists always marshal
	return string(raw)
}

// Form names what a checklist says: it is another as soon as anything in it is.
func (c *Checklist) Form() string { return c.form }

var about = []string{"point", "dropoff-point", "transfer-station", "compost-house", "vehicle"}

func (c *Checklist) faults(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
	at := func(path []string, zh, en string) { faults = append(faults, o.FaultIn(path, zh, en)) }
	for _, a := range c.About {
		if _, ok := org.ParseType(a); !ok && !slices.Contains(about, a) && set.Get("object-kinds", a) == nil {
			at([]string{"about"}, "没有可检查的类型 "+a, "there is nothing of type "+a+" to inspect")
		}
	}
	who := func(path []string, list []string) {
		for _, a := range list {
			if !slices.Contains(rectify.Answerers, a) {
				at(path, "责任人只能是 "+strings.Join(rectify.Answerers, "、"), "who answers is one of "+strings.Join(rectify.Answerers, ", "))
			}
		}
	}
	instrument := func(path []string, key string) {
		if key != "" && key != "none" && set.Get("instruments", key) == nil {
			at(path, "没有文书 "+key, "there is no instrument "+key)
		}
	}
	if len(c.Answers) == 0 {
		at([]string{"answers"}, "要写由谁负责", "say who answers for it")
	}
	who([]string{"answers"}, c.Answers)
	instrument([]string{"instrument"}, c.Instrument)
	for _, r := range c.Raise {
		instrument([]string{"raise"}, r.Instrument)
		if _, err := formula.Compile(r.When, map[string]formula.Type{"failed": formula.Int, "major": formula.Int}, formula.Bool); err != nil {
			zh, en := formula.Words(err)
			at([]string{"raise"}, zh, en)
		}
	}
	seen := map[string]bool{}
	for si := range c.Sections {
		s := &c.Sections[si]
		path := []string{"sections", s.Key}
		c.condition(path, s.When, at)
		if s.Each != nil {
			if s.Each.Of != "point" && s.Each.Of != "object" {
				at(path, "each 的 of 是 point（点位）或 object（对象）", "each is of point or of object")
			}
			for _, n := range s.Each.N.Of {
				if set.Get("object-kinds", n.Kind) == nil {
					at(path, "没有对象类型 "+n.Kind, "there is no kind of objects "+n.Kind)
				}
			}
		}
		for ii := range s.Items {
			i := &s.Items[ii]
			path := []string{"sections", s.Key, "items", i.Key}
			if seen[i.Key] {
				at(path, "检查项 "+i.Key+" 出现了两次", "item "+i.Key+" stands twice")
			}
			seen[i.Key] = true
			c.condition(path, i.When, at)
			who(path, i.Answers)
			instrument(path, i.Instrument)
			for _, b := range i.Basis {
				if set.Get("penalties", b) == nil {
					at(path, "没有罚则 "+b, "there is no penalty "+b)
				}
			}
			if !slices.Contains([]string{"", rectify.Minor, rectify.Major}, i.Severity) {
				at(path, "轻重是 minor（一般）或 major（严重）", "a severity is minor or major")
			}
			i.faults(path, at)
		}
	}
	return faults
}

func (i *Item) faults(path []string, at func([]string, string, string)) {
	switch i.answer() {
	case YesNo, Text:
		if i.Fails != "" {
			at(path, "这种回答不写 fails：“否”就是不合格", "this answer takes no fails: no is wrong")
		}
	case Select:
		if len(i.Options) < 2 {
			at(path, "选择题至少两个选项", "a choice has two options at least")
		}
	case Amount, Share:
		if i.Fails != "" {
			if _, err := formula.Compile(i.Fails, failInputs(i.answer()), formula.Bool); err != nil {
				zh, en := formula.Words(err)
				at(path, zh, en)
			}
		}
	default:
		at(path, "回答是 yes-no、choice、number、share 或 text", "an answer is yes-no, choice, number, share or text")
	}
}

func failInputs(answer string) map[string]formula.Type {
	if answer == Amount {
		return map[string]formula.Type{"value": formula.Int}
	}
	return map[string]formula.Type{"part": formula.Int, "of": formula.Int}
}

var answerOf = regexp.MustCompile(`a\["([a-z0-9-]+)"\]`)

// whenText writes a["key"] as the input it is.
func whenText(text string) string {
	return answerOf.ReplaceAllStringFunc(text, func(m string) string { return answerInput(answerOf.FindStringSubmatch(m)[1]) })
}

func answerInput(key string) string { return "answer_" + strings.ReplaceAll(key, "-", "_") }

// whenInputs are what a condition may speak of: the unit, the visit, and the answers above.
func (c *Checklist) whenInputs() map[string]formula.Type {
	in := map[string]formula.Type{"unit.type": formula.Text, "place.type": formula.Text, "visit.minute": formula.Int, "visit.month": formula.Int,
		"visit.kind": formula.Text}
	for _, s := range c.Sections {
		for _, i := range s.Items {
			in[answerInput(i.Key)] = formula.Text
		}
	}
	return in
}

func (c *Checklist) condition(path []string, when string, at func([]string, string, string)) {
	if when == "" {
		return
	}
	if _, err := formula.Compile(whenText(when), c.whenInputs(), formula.Bool); err != nil {
		zh, en := formula.Words(err)
		at(path, zh, en)
	}
}
