package pack

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/spelling"
)

// Faults are everything wrong with a pack, as an error.
type Faults []Fault

// Error lists them, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// Err is the faults as an error, nil for none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Held asks every type what records hold that the rules after would change under them. It belongs into the transaction
// that applies them.
func (r *Registry) Held(ctx context.Context, q db.Querier, district int64, before, after *Set) (faults []Fault, err error) {
	for _, t := range r.types {
		if t.Held == nil {
			continue
		}
		more, err := t.Held(ctx, q, district, before, after)
		if err != nil {
			return nil, err
		}
		faults = append(faults, more...)
	}
	return faults, nil
}

// Before is the effective set of a district as it stands, decoded. What is wrong with it was taken before and is no fault
// of the pack that comes now.
func (r *Registry) Before(ctx context.Context, q db.Querier, district int64) (*Set, error) {
	s, err := Stored(ctx, q, district)
	if err == nil {
		r.Resolve(s)
	}
	return s, err
}

// After is the effective set of a district once a pack was stored, decoded; faults stand at the lines of the pack.
func (r *Registry) After(ctx context.Context, q db.Querier, district int64, p *Pack) (*Set, []Fault, error) {
	s, err := Stored(ctx, q, district)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range p.Objects {
		if have := s.Get(o.Type, o.Key); have != nil {
			have.Path, have.Line, have.Node = o.Path, o.Line, o.Node
		}
	}
	return s, r.Resolve(s), nil
}

// Over gives the objects of p that are stored as they are the versions they have there: they are nothing fresh.
func (p *Pack) Over(stored *Set) {
	for _, o := range p.Objects {
		if have := stored.Get(o.Type, o.Key); have != nil && have.Sum() == o.Sum() {
			o.Version = have.Version
		}
	}
}

// requires finds packs that a header asks for and that are not there.
func requires(packs []*Pack) (faults []Fault) {
	have := map[string]bool{}
	for _, p := range packs {
		have[p.Header.Key] = true
		for _, o := range p.Objects {
			have[o.Pack] = true
		}
	}
	for _, p := range packs {
		for i, name := range p.Header.Requires {
			others := make([]string, 0, len(have))
			for k := range have {
				if k != "" && k != p.Header.Key {
					others = append(others, k)
				}
			}
			if slices.Contains(others, name) {
				continue
			}
			line := 1
			if n := child(p.head, "requires"); n != nil && i < len(n.Content) {
				line = n.Content[i].Line
			}
			known := Known(name, others)
			faults = append(faults, Fault{"pack.yaml", line, "requires", i18n.Label{Zh: "没有规则包 " + name + known.Zh,
				En: "there is no pack " + name + known.En}})
		}
	}
	return faults
}

// FaultIn makes a fault at a place inside the object: each step is a key of a mapping or the key of an element of a list.
// A step that is not there leaves the line of the one before.
func (o *Object) FaultIn(path []string, zh, en string) Fault {
	n, line := o.Node, o.Line
	for _, step := range path {
		next := child(n, step)
		if next == nil && n != nil && n.Kind == yaml.SequenceNode {
			for _, c := range n.Content {
				if k := child(c, "key"); k != nil && k.Value == step {
					next = c
				}
			}
		}
		if next == nil {
			break
		}
		n, line = next, next.Line
	}
	return Fault{o.Path, line, strings.Join(append([]string{o.Key}, path...), "."), i18n.Label{Zh: zh, En: en}}
}

// Known says what would be right instead of a name that is none: all of a few, of many those that are spelt most alike.
func Known(name string, have []string) i18n.Label {
	list := slices.Clone(have)
	sort.Strings(list)
	list = slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
	switch {
	case len(list) == 0:
		return i18n.Label{Zh: "；这里一个也没有", En: "; there is none here"}
	case len(list) <= 20:
		return i18n.Label{Zh: "；可用：" + strings.Join(list, "、"), En: "; there are: " + strings.Join(list, ", ")}
	}
	sort.SliceStable(list, func(i, j int) bool { return spelling.Distance(name, list[i]) < spelling.Distance(name, list[j]) })
	n := len(list)
	list = list[:5]
	return i18n.Label{Zh: fmt.Sprintf("；共有 %d 个，写法最近的：%s", n, strings.Join(list, "、")),
		En: fmt.Sprintf("; of %d the nearest are: %s", n, strings.Join(list, ", "))}
}
