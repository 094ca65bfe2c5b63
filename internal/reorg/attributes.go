package reorg

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Problems of attributes.
var (
	ErrNoAttribute = problem.New(problem.NotFound, "attribute.none", nil)
	ErrNotOf       = problem.New(problem.Invalid, "attribute.not-of", nil)
	ErrBeforeLife  = problem.New(problem.Invalid, "attribute.before", nil)
)

const maxNote = 200

// SetAttribute keeps a value of a unit from a day, as somebody typed it; an empty one ends what was before. The same value as is
// in force changes nothing. Inside a locked period it is refused: figures of that time would change.
func (s *Service) SetAttribute(ctx context.Context, tx *db.Tx, by access.Scope, n org.No, name, typed, note string, from period.Day) error {
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return err
	}
	if !by.Can(Edit, o.Targets(n, period.Day(by.Today)), false) {
		return ErrForbidden
	}
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return err
	}
	d, ok := attribute.Get(set, name)
	if !ok {
		return ErrNoAttribute
	}
	u, _ := o.Unit(n)
	switch {
	case !d.IsOf(u.Type):
		return ErrNotOf.With("title", d.Title, "type", u.Type.Title())
	case !u.Open(from):
		return ErrBeforeLife.With("name", u.Name, "from", u.From.String()).At(problem.Field{Pointer: "/from", Code: ErrBeforeLife.Code,
			Args: map[string]any{"name": u.Name, "from": u.From.String()}})
	case len([]rune(note)) > maxNote:
		return problem.New(problem.Invalid, "value.too-long", map[string]any{"max": maxNote, "have": len([]rune(note))}).At(
			problem.Field{Pointer: "/note", Code: "value.too-long", Args: map[string]any{"max": maxNote, "have": len([]rune(note))}})
	}
	kept, err := d.Parse(typed, attribute.Reading{})
	if p, ok := problem.Refusal(err); ok {
		return p.At(problem.Field{Pointer: "/value", Code: p.Code, Args: p.Args})
	}
	if err != nil {
		return err
	}
	have, err := attribute.On(ctx, tx, by.District, name, from)
	if err != nil || have[n] == kept {
		return err
	}
	return s.keep(ctx, tx, by, []attribute.Kept{{Name: name, Unit: n, From: from, Text: kept, Note: strings.TrimSpace(note)}})
}

// keep writes values of which it is known that they are allowed.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by access.Scope, list []attribute.Kept) error {
	now := s.Clock.Now()
	for _, k := range list {
		if err := locked(ctx, tx, by.District, k.From); err != nil {
			return err
		}
		k.Actor, k.At = by.Account, now
		if err := attribute.Keep(ctx, tx, by.District, k); err != nil {
			return err
		}
		if err := journal.Write(ctx, tx, by, now, Edit, fmt.Sprintf("unit:%d", k.Unit), 0, map[string]any{"op": "attribute", "name": k.Name,
			"from": k.From, "value": k.Text, "note": k.Note}); err != nil {
			return err
		}
	}
	return nil
}

// AttributeView is an attribute of a unit as pages show it.
type AttributeView struct {
	*attribute.Definition
	Now     *AttributeSpan  `json:"now"`     // what is true today
	History []AttributeSpan `json:"history"` // every value by its first day, the latest first; today's and those to come too
}

// AttributeSpan is a value from a day.
type AttributeSpan struct {
	From  string     `json:"from"`
	Value string     `json:"value"` // as it is typed; "" where it ended
	Shown i18n.Label `json:"shown"`
	Fits  bool       `json:"fits"` // the attribute still has such values
	Note  string     `json:"note"`
	By    string     `json:"by"`
}

// AttributesOf are the attributes that a unit has or once had, in the order of their keys.
func (s *Service) AttributesOf(ctx context.Context, q db.Querier, by access.Scope, set *pack.Set, u org.Unit) ([]AttributeView, error) {
	kept, err := attribute.Of(ctx, q, by.District, u.No)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	out := []AttributeView{}
	for _, d := range attribute.List(set) {
		v := AttributeView{Definition: d, History: []AttributeSpan{}}
		for _, k := range kept {
			if k.Name != d.Key {
				continue
			}
			if _, ok := names[k.Actor]; !ok {
				if names[k.Actor], err = account.NameOf(ctx, q, by.District, k.Actor); err != nil {
					return nil, err
				}
			}
			x := AttributeSpan{From: k.From.String(), Value: k.Text, Fits: d.Fits(k.Text), Note: k.Note, By: names[k.Actor],
				Shown: i18n.Label{Zh: d.Show(k.Text, i18n.Zh), En: d.Show(k.Text, i18n.En)}}
			v.History = slices.Insert(v.History, 0, x)
			if k.From <= period.Day(by.Today) {
				if v.Now = &x; k.Text == "" {
					v.Now = nil
				}
			}
		}
		if d.IsOf(u.Type) || len(v.History) > 0 {
			out = append(out, v)
		}
	}
	return out, nil
}

// column of a unit list that holds an attribute.
type attributed struct {
	column
	def    *attribute.Definition
	factor int64
}

// typed is what a row says of an attribute.
type typed struct {
	of   attributed
	text string
}

// attributeColumn finds the attribute that a title names, or nil; unit is what stands in brackets and cannot be converted.
func attributeColumn(defs []*attribute.Definition, at int, text string) (c attributed, d *attribute.Definition, unit string) {
	name, inside := attribute.Titled(plainTitle(text))
	for _, d = range defs {
		if !d.Means(name) {
			continue
		}
		factor, fits := d.Factor(inside)
		if !fits && d.Rule() == formula.Exact {
			return c, d, inside
		}
		return attributed{column{at, text, nil}, d, factor}, d, ""
	}
	return c, nil, ""
}

// attributes keeps what the rows of a list say of their units, from the day of the list. What is in force already changes nothing.
func (m *maker) attributes(s *Service, by access.Scope, date1904 bool) error {
	have := map[string]map[org.No]string{}
	first := map[string]string{} // where a value of a unit was said first
	said := map[string]string{}
	var list []attribute.Kept
	for _, l := range m.g.lines {
		if len(l.attrs) == 0 || l.fault != nil || l.left {
			continue
		}
		n, err := m.ensure(l, 0)
		if err != nil {
			return err
		}
		row := l
		if l.node.row != nil {
			row = l.node.row
		}
		if n < 1 {
			n = m.made[row]
		}
		if n < 1 {
			continue
		}
		t := row.kind
		if u, ok := m.o.Unit(n); ok {
			t = u.Type
		}
		for _, x := range l.attrs {
			d, cell := x.of.def, l.row.Address(x.of.at)
			if !d.IsOf(t) {
				m.g.tell(cell, d.Key, ErrNotOf.Code, map[string]any{"title": d.Title, "type": t.Title()})
				continue
			}
			kept, err := d.Parse(x.text, attribute.Reading{Factor: x.of.factor, Date1904: date1904})
			if p, ok := problem.Refusal(err); ok {
				m.g.fail(cell, fault{d.Key, p.Code, p.Args, ""})
				continue
			}
			if err != nil {
				return err
			}
			key := fmt.Sprintf("%d %s", n, d.Key)
			if was, twice := said[key]; twice {
				if was != kept {
					m.g.fail(cell, fault{d.Key, "reorg.attribute-twice", map[string]any{"name": l.Name, "title": d.Title, "cell": first[key],
						"was": d.Show(was, m.g.lang), "is": d.Show(kept, m.g.lang)}, ""})
				}
				continue
			}
			said[key], first[key] = kept, cell
			if have[d.Key] == nil {
				if have[d.Key], err = attribute.On(m.ctx, m.tx, by.District, d.Key, m.from); err != nil {
					return err
				}
			}
			if have[d.Key][n] != kept {
				list = append(list, attribute.Kept{Name: d.Key, Unit: n, From: m.from, Text: kept})
			}
		}
	}
	m.g.res.Values = len(list)
	if len(m.g.res.Errors) > 0 {
		return nil
	}
	return s.keep(m.ctx, m.tx, by, list)
}
