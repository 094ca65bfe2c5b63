package inspect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/problem"
	"sifen/internal/rectify"
)

// Answer is what was said of an item for one subject.
type Answer struct {
	Subject string   `json:"subject,omitempty" maxLength:"60" doc:"a point or an object of the section; empty is the place itself"`
	Item    string   `json:"item" maxLength:"60"`
	Value   string   `json:"value" maxLength:"500" doc:"yes, no, na, an option, a number, words"`
	Part    int64    `json:"part,omitempty" minimum:"0" maximum:"1000000"`
	Of      int64    `json:"of,omitempty" minimum:"0" maximum:"1000000"`
	Count   int64    `json:"count,omitempty" minimum:"0" maximum:"100000" doc:"of how many it is wrong"`
	Phrases []string `json:"phrases,omitempty" maxItems:"20"`
	Words   string   `json:"words,omitempty" maxLength:"500"`
	Photos  []string `json:"photos,omitempty" maxItems:"9"`
	Another bool     `json:"another,omitempty" doc:"not the open problem of this item, another one"`
}

// moment is what the conditions of a checklist speak of.
type moment struct {
	UnitType, PlaceType, Kind string
	Minute, Month             int64
}

func (m moment) inputs(answers map[string]string) map[string]any {
	in := map[string]any{"unit.type": m.UnitType, "place.type": m.PlaceType, "visit.minute": m.Minute, "visit.month": m.Month, "visit.kind": m.Kind}
	for key, v := range answers {
		in[answerInput(key)] = v
	}
	return in
}

// wrong is an item that failed.
type wrong struct {
	Answer
	section *Section
	item    *Item
}

// judged is what a set of answers amounts to under a checklist.
type judged struct {
	asked, answered int64
	said            []Answer // to what was asked; what was answered to nothing that was asked is left out
	wrong           []wrong
	major           int64
}

// judge checks answers against a checklist and says what is wrong. subjects are, by section, those it was answered for.
//
// Errors: formula errors only; what a person answered wrongly comes back as faults.
func (c *Checklist) judge(m moment, answers []Answer, subjects map[string][]string) (j judged, faults []problem.Field, err error) {
	by := map[[2]string]*Answer{}
	at := func(n int, code string, args map[string]any) {
		faults = append(faults, problem.Field{Pointer: fmt.Sprintf("/answers/%d", n), Code: code, Args: args})
	}
	for n := range answers {
		a := &answers[n]
		s, i := c.item(a.Item)
		switch {
		case i == nil:
			at(n, "inspect.no-item", map[string]any{"item": a.Item})
			continue
		case s.Each == nil && a.Subject != "":
			at(n, "inspect.no-subject", map[string]any{"item": i.Ask})
			continue
		case s.Each != nil && a.Subject != "" && !slices.Contains(subjects[s.Key], a.Subject):
			at(n, "inspect.subject", map[string]any{"item": i.Ask})
			continue
		case by[[2]string{a.Subject, a.Item}] != nil:
			at(n, "inspect.twice", map[string]any{"item": i.Ask})
			continue
		}
		by[[2]string{a.Subject, a.Item}] = a
		if code := i.accept(a); code != "" {
			at(n, code, map[string]any{"item": i.Ask, "of": i.Of})
		}
	}
	if len(faults) > 0 {
		return j, faults, nil
	}
	inputs := c.whenInputs()
	for si := range c.Sections {
		s := &c.Sections[si]
		list := []string{""}
		if s.Each != nil && (len(subjects[s.Key]) > 0 || s.Each.Of == "object") {
			list = subjects[s.Key]
		}
		for _, subject := range list {
			said := map[string]string{}
			for k, a := range by {
				if k[0] == subject || k[0] == "" {
					if _, have := said[k[1]]; !have || k[0] == subject {
						said[k[1]] = a.Value
					}
				}
			}
			asked := func(when string) (bool, error) {
				if when == "" {
					return true, nil
				}
				p, err := formula.Compile(whenText(when), inputs, formula.Bool)
				if err != nil {
					return false, err
				}
				return p.Holds(m.inputs(said))
			}
			if ok, err := asked(s.When); err != nil || !ok {
				if err != nil {
					return j, nil, err
				}
				continue
			}
			for ii := range s.Items {
				i := &s.Items[ii]
				a := by[[2]string{subject, i.Key}]
				ok, err := asked(i.When)
				if err != nil {
					return j, nil, err
				}
				// Who answered was asked: his clock may differ from ours. What hangs on another answer does not.
				if !ok && (a == nil || a.Value == "" || answerOf.MatchString(i.When)) {
					continue
				}
				if a != nil && a.Value == NotApplicable {
					j.said = append(j.said, *a)
					continue
				}
				if i.answer() != Text {
					j.asked++
				}
				if a == nil || a.Value == "" {
					continue
				}
				if i.answer() != Text {
					j.answered++
				}
				j.said = append(j.said, *a)
				bad, err := i.failed(a)
				if err != nil {
					return j, nil, err
				}
				if bad {
					j.wrong = append(j.wrong, wrong{*a, s, i})
					if i.severity() == rectify.Major {
						j.major++
					}
				}
			}
		}
	}
	return j, nil, nil
}

// accept checks the form of an answer; "" is right.
func (i *Item) accept(a *Answer) string {
	if a.Value == NotApplicable && i.answer() != Text {
		if !i.allowsNA() {
			return "inspect.no-na"
		}
		return ""
	}
	switch i.answer() {
	case YesNo:
		if a.Value != Yes && a.Value != No && a.Value != "" {
			return "value.choice"
		}
	case Select:
		if a.Value != "" && i.option(a.Value) == nil {
			return "value.choice"
		}
	case Amount:
		if _, err := strconv.ParseInt(a.Value, 10, 64); a.Value != "" && err != nil {
			return "value.number"
		}
	case Share:
		if a.Of == 0 && a.Part == 0 && a.Value == "" {
			return ""
		}
		if a.Part > a.Of || a.Of == 0 {
			return "inspect.share"
		}
		a.Value = fmt.Sprintf("%d/%d", a.Part, a.Of)
	}
	for _, p := range a.Phrases {
		if i.phrase(p) == nil {
			return "value.choice"
		}
	}
	return ""
}

func (i *Item) option(key string) *Option {
	for n := range i.Options {
		if i.Options[n].Key == key {
			return &i.Options[n]
		}
	}
	return nil
}

func (i *Item) phrase(key string) *Phrase {
	for n := range i.Phrases {
		if i.Phrases[n].Key == key {
			return &i.Phrases[n]
		}
	}
	return nil
}

// failed reports whether an answer says that something is wrong.
func (i *Item) failed(a *Answer) (bool, error) {
	if a.Value == NotApplicable {
		return false, nil
	}
	switch i.answer() {
	case YesNo:
		return a.Value == No, nil
	case Select:
		return i.option(a.Value).Fails, nil
	case Amount, Share:
		if i.Fails == "" {
			return false, nil
		}
		p, err := formula.Compile(i.Fails, failInputs(i.answer()), formula.Bool)
		if err != nil {
			return false, err
		}
		if i.answer() == Share {
			return p.Holds(map[string]any{"part": a.Part, "of": a.Of})
		}
		n, err := strconv.ParseInt(a.Value, 10, 64)
		if err != nil {
			return false, err
		}
		return p.Holds(map[string]any{"value": n})
	}
	return false, nil
}

// title says in one line what is wrong: the phrases that were tapped, and of how many; else that the item is not met.
func (x wrong) title() i18n.Label {
	i := x.item
	var zh, en []string
	for _, key := range x.Phrases {
		p := i.phrase(key)
		zh = append(zh, p.Zh)
		if p.En != "" {
			en = append(en, p.En)
		} else {
			en = append(en, p.Zh)
		}
	}
	l := i18n.Label{Zh: strings.Join(zh, "、"), En: strings.Join(en, ", ")}
	if len(zh) == 0 {
		l = i18n.Say("inspect.not-met", map[string]any{"item": i.Ask})
	}
	switch {
	case i.answer() == Select:
		o := i.option(x.Value)
		l = i18n.Label{Zh: i.Ask.Zh + "：" + o.Title.Zh, En: i.Ask.En + ": " + o.Title.En}
	case i.answer() == Share:
		l = i18n.Label{Zh: fmt.Sprintf("%s：%d / %d", i.Ask.Zh, x.Part, x.Of), En: fmt.Sprintf("%s: %d / %d", i.Ask.En, x.Part, x.Of)}
	case i.answer() == Amount:
		l = i18n.Label{Zh: i.Ask.Zh + "：" + x.Value + unitOf(i.Unit).Zh, En: i.Ask.En + ": " + x.Value + " " + unitOf(i.Unit).En}
	}
	if x.Count > 0 && i.Count != nil {
		l.Zh += fmt.Sprintf("，%d %s", x.Count, i.Count.Zh)
		l.En += fmt.Sprintf(" × %d", x.Count)
	}
	return l
}

func unitOf(l *i18n.Label) i18n.Label {
	if l == nil {
		return i18n.Label{}
	}
	return *l
}
