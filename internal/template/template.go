// Package template knows what official documents are made from: kinds of documents with their numbers, and Word files with
// tags, checked against what they may name.
package template

import (
	"fmt"
	"strings"

	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/pack"
	"sifen/internal/problem"
)

// Problems of this package.
var (
	ErrKind    = problem.New(problem.Invalid, "document.no-kind", nil)
	ErrNone    = problem.New(problem.NotFound, "document.no-template", nil)
	ErrNotWord = problem.New(problem.Invalid, "document.not-word", nil)
)

// Template is a Word file with tags and the texts written in the application.
type Template struct {
	Key    string     `yaml:"key" json:"key"`
	Title  i18n.Label `yaml:"title" json:"title"`
	Period string     `yaml:"period" json:"period"`       // year, quarter or month
	Name   string     `yaml:"name" json:"name"`           // of a document: {单位}, {期间}
	Kind   string     `yaml:"kind" json:"kind"`           // of document; empty is summary
	Many   bool       `yaml:"many,omitempty" json:"many"` // several documents of one unit and period, as notices are
	File   string     `yaml:"file" json:"file"`
	Texts  []Text     `yaml:"texts" json:"texts"`

	Version int64          `yaml:"-" json:"-"`
	word    *docx.Template `yaml:"-"`
}

// Text is one passage written by hand. It may start from a default.
type Text struct {
	Key     string     `yaml:"key" json:"key"`
	Title   i18n.Label `yaml:"title" json:"title"`
	Default i18n.Label `yaml:"default" json:"default"`
}

// Headers are the data every template may name.
var Headers = []string{"单位", "期间", "日期", "文号"}

// SourcesAnnex is the annex that lists the source of every figure.
const SourcesAnnex = "数据来源"

// Type is the pack object type "templates".
func Type() pack.Type {
	return pack.Type{
		Dir: "templates",
		Decode: func(o *pack.Object) (any, error) {
			t := &Template{Version: o.Version}
			return t, pack.Strict(o, t)
		},
		Check: func(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
			t := o.Value.(*Template)
			bad := func(key, zh, en string) { faults = append(faults, o.Fault(key, zh, en)) }
			if t.Period != "year" && t.Period != "quarter" && t.Period != "month" {
				bad("period", "period 只能是 year、quarter、month", "period must be year, quarter or month")
			}
			if set.Get("document-kinds", t.KindKey()) == nil {
				bad("kind", "没有公文种类 "+t.KindKey(), "there is no kind of document "+t.KindKey())
			}
			raw, ok := set.Files["templates/"+t.File]
			if !ok {
				bad("file", "没有文件 templates/"+t.File, "there is no file templates/"+t.File)
				return faults
			}
			word, err := docx.Open(raw)
			if err != nil {
				bad("file", err.Error(), err.Error())
				return faults
			}
			for _, f := range word.Check(Catalogue(set, t)) {
				bad("file", t.File+"："+f.String(), t.File+": "+f.English())
			}
			t.word = word
			return faults
		},
		Fresh: func(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
			if t := o.Value.(*Template); t.word != nil {
				wrong, _ := Faults(set, t.word, Catalogue(set, t))
				for _, f := range wrong {
					faults = append(faults, o.Fault("file", t.File+"："+f.String(), t.File+": "+f.English()))
				}
			}
			return faults
		},
		Held: held,
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "period", "file"}}
		},
	}
}

// KindKey is the kind of the documents it makes.
func (t *Template) KindKey() string {
	if t.Kind == "" {
		return "summary"
	}
	return t.Kind
}

// Word is the opened file.
func (t *Template) Word() *docx.Template { return t.word }

// FigureCount is how many places of the template print a figure.
func (t *Template) FigureCount(set *pack.Set) int { return len(t.word.Figures(Catalogue(set, t))) }

// All lists the templates of the effective set by key.
func All(set *pack.Set) []*Template {
	var out []*Template
	for _, o := range set.List("templates") {
		if t, ok := o.Value.(*Template); ok && t.word != nil {
			out = append(out, t)
		}
	}
	return out
}

// Of finds a template in the effective set.
func Of(set *pack.Set, key string) (*Template, error) {
	o := set.Get("templates", key)
	if o == nil {
		return nil, ErrNone.With("template", key)
	}
	t, ok := o.Value.(*Template)
	if !ok || t.word == nil {
		return nil, fmt.Errorf("template %s was not opened", key)
	}
	return t, nil
}

// figureNames maps every name a template may use to its figure.
func figureNames(set *pack.Set) map[string]string {
	out := map[string]string{}
	for _, o := range set.List("indicators") {
		d, ok := o.Value.(indicator.Definition)
		if !ok {
			continue
		}
		out[d.Key] = d.Key
		for _, n := range append([]string{d.Title.Zh}, d.Names...) {
			out[strings.ReplaceAll(n, " ", "")] = d.Key
		}
	}
	return out
}

// Catalogue is everything a template may name.
func Catalogue(set *pack.Set, t *Template) *docx.Catalogue {
	names := figureNames(set)
	c := &docx.Catalogue{Figures: names, Headers: Headers, Annexes: []string{SourcesAnnex},
		Loops: loopCatalogue(set, names)}
	if t != nil {
		for _, x := range t.Texts {
			c.Texts = append(c.Texts, x.Key)
		}
	}
	return c
}
