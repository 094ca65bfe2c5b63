package checklist

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/pack"
	"sifen/internal/problem"
)

// Fault is something in a checklist that is refused: where it stands as a JSON pointer into the checklist, where that is in
// words, and what would be right.
type Fault struct {
	Pointer string     `json:"pointer"`
	Where   i18n.Label `json:"where"`
	Say     i18n.Label `json:"say"`
}

// The most that a checklist may hold: more is read by nobody on a phone.
const (
	mostSections = 60
	mostItems    = 400
	mostPhrases  = 20
	longTitle    = 80
	longAsk      = 200
	longRule     = 4000
)

// keyForm is how sections, items, options and phrases are named inside a checklist: conditions speak of items by these names.
var keyForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Faults is everything in a checklist that is refused, against the rules of its district: first what the editor itself asks
// for, and where that is right what the rules of packs ask for.
func Faults(set *pack.Set, c *inspect.Checklist) []Fault {
	f := &faults{c: c}
	f.head()
	f.sections()
	if len(f.list) > 0 {
		return f.list
	}
	f.packs(set)
	return f.list
}

// refused is a list of faults as an error.
func refused(list []Fault) error {
	e := ErrFaults.With("n", len(list), "first", i18n.Label{Zh: list[0].Where.Zh + "：" + list[0].Say.Zh, En: list[0].Where.En + ": " + list[0].Say.En})
	for _, f := range list {
		e = e.At(problem.Field{Pointer: "/checklist" + f.Pointer, Code: "checklist.fault", Args: map[string]any{"where": f.Where, "say": f.Say}})
	}
	return e
}

type faults struct {
	c    *inspect.Checklist
	list []Fault
}

func (f *faults) at(pointer, code string, args map[string]any) {
	f.list = append(f.list, Fault{pointer, Where(f.c, pointer), i18n.Say(code, args)})
}

func (f *faults) text(pointer, text string, most int) {
	switch n := len([]rune(text)); {
	case n == 0:
		f.at(pointer, "value.required", nil)
	case n > most:
		f.at(pointer, "value.too-long", map[string]any{"max": most, "have": n})
	}
}

func (f *faults) head() {
	c := f.c
	f.text("/title", c.Title.Zh, longTitle)
	if len(c.About) == 0 {
		f.at("/about", "checklist.about", nil)
	}
	if len(c.Answers) == 0 {
		f.at("/answers", "checklist.answers", nil)
	}
	if c.Sample != nil {
		f.text("/sample", c.Sample.Zh, longAsk)
	}
	seen := map[string]bool{}
	for i, h := range c.Handouts {
		at := fmt.Sprintf("/handouts/%d", i)
		f.key(at, h.Key, seen)
		f.text(at, h.Title.Zh, longTitle)
	}
	if len(c.Sections) == 0 {
		f.at("/sections", "checklist.no-section", nil)
	}
	items := 0
	for _, s := range c.Sections {
		items += len(s.Items)
	}
	if len(c.Sections) > mostSections || items > mostItems {
		f.at("/sections", "checklist.too-many", map[string]any{"sections": mostSections, "items": mostItems})
	}
}

func (f *faults) key(pointer, key string, seen map[string]bool) {
	switch {
	case !keyForm.MatchString(key) || len(key) > 60:
		f.at(pointer, "checklist.key", map[string]any{"key": key})
	case seen[key]:
		f.at(pointer, "checklist.twice", map[string]any{"key": key})
	}
	seen[key] = true
}

func (f *faults) sections() {
	sections, items := map[string]bool{}, map[string]bool{}
	for si := range f.c.Sections {
		s := &f.c.Sections[si]
		at := fmt.Sprintf("/sections/%d", si)
		f.key(at, s.Key, sections)
		f.text(at+"/title", s.Title.Zh, longTitle)
		if len(s.Items) == 0 {
			f.at(at, "checklist.no-item", nil)
		}
		if s.Points < 0 || s.Points > 1000 {
			f.at(at+"/points", "checklist.points", nil)
		}
		if s.Each != nil && !s.Each.N.All {
			if len(s.Each.N.Of) == 0 {
				f.at(at+"/each", "checklist.each", nil)
			}
			for _, n := range s.Each.N.Of {
				if n.N < 1 || n.N > 100 {
					f.at(at+"/each", "checklist.each", nil)
				}
			}
		}
		for ii := range s.Items {
			f.item(fmt.Sprintf("%s/items/%d", at, ii), &s.Items[ii], items)
		}
	}
}

func (f *faults) item(at string, i *inspect.Item, items map[string]bool) {
	f.key(at, i.Key, items)
	f.text(at+"/ask", i.Ask.Zh, longAsk)
	if i.Rule != nil {
		f.text(at+"/rule", i.Rule.Zh, longRule)
	}
	if len(i.Phrases) > mostPhrases || len(i.Fixes) > mostPhrases || len(i.Options) > mostPhrases {
		f.at(at+"/phrases", "checklist.many-phrases", map[string]any{"max": mostPhrases})
	}
	if !slices.Contains([]string{"", "seen", "asked", "papers"}, i.How) {
		f.at(at+"/how", "value.choice", nil)
	}
	if i.Of < 0 || i.Of > 100_000 {
		f.at(at+"/of", "value.range", nil)
	}
	for name, list := range map[string][]inspect.Phrase{"phrases": i.Phrases, "fixes": i.Fixes} {
		seen := map[string]bool{}
		for n, p := range list {
			f.key(fmt.Sprintf("%s/%s/%d", at, name, n), p.Key, seen)
			f.text(fmt.Sprintf("%s/%s/%d", at, name, n), p.Zh, longTitle)
		}
	}
	seen := map[string]bool{}
	for n, o := range i.Options {
		f.key(fmt.Sprintf("%s/options/%d", at, n), o.Key, seen)
		f.text(fmt.Sprintf("%s/options/%d", at, n), o.Title.Zh, longTitle)
	}
}

// packs asks what the rules of packs ask, and finds the place in the editor of what they refuse.
func (f *faults) packs(set *pack.Set) {
	o, err := pack.Make(typ, f.c.Key, f.c)
	if err == nil {
		o.Value, err = inspect.Checklists().Decode(o)
	}
	if err != nil { // what was typed cannot be written as a rule
		f.list = append(f.list, Fault{"", Where(f.c, ""), i18n.Label{Zh: err.Error(), En: err.Error()}})
		return
	}
	for _, x := range inspect.Checklists().Check(set, o) {
		at := pointerOf(f.c, x.Key)
		f.list = append(f.list, Fault{at, Where(f.c, at), x.Message})
	}
}

// pointerOf is the place of what a rule of packs names: "estate.sections.points.items.lids" is /sections/1/items/2.
func pointerOf(c *inspect.Checklist, key string) string {
	steps := strings.Split(strings.TrimPrefix(key, c.Key+"."), ".")
	if steps[0] != "sections" || len(steps) < 2 {
		return "/" + steps[0]
	}
	si := slices.IndexFunc(c.Sections, func(s inspect.Section) bool { return s.Key == steps[1] })
	if si < 0 {
		return "/sections"
	}
	at := fmt.Sprintf("/sections/%d", si)
	if len(steps) < 4 {
		return at
	}
	ii := slices.IndexFunc(c.Sections[si].Items, func(i inspect.Item) bool { return i.Key == steps[3] })
	if ii < 0 {
		return at
	}
	return fmt.Sprintf("%s/items/%d", at, ii)
}

// Where says a place of a checklist in words: part 2, item 3 “lids whole”.
func Where(c *inspect.Checklist, pointer string) i18n.Label {
	steps := strings.Split(strings.Trim(pointer, "/"), "/")
	number := func(i int) int {
		n := -1
		if i < len(steps) {
			fmt.Sscanf(steps[i], "%d", &n)
		}
		return n
	}
	si := number(1)
	if steps[0] != "sections" || si < 0 || si >= len(c.Sections) {
		return i18n.Say("checklist.at-head", nil)
	}
	s := &c.Sections[si]
	ii := number(3)
	if len(steps) < 4 || ii < 0 || ii >= len(s.Items) {
		return i18n.Say("checklist.at-section", map[string]any{"n": si + 1, "title": s.Title})
	}
	return i18n.Say("checklist.at-item", map[string]any{"section": si + 1, "n": ii + 1, "title": s.Items[ii].Ask})
}
