package award

import (
	"cmp"
	"slices"
	"strings"

	"sifen/internal/assess/score"
	"sifen/internal/unit"
)

// Claim is what a run freezes of a claimant: all that Pay looks at.
type Claim struct {
	*score.Facts        // unit, name, attributes and values by input
	Grade        string // of the period; empty: there is none
	Rank         int    // place in the group; 0: none
	Tied         int    // how many hold that place; 0: count the claims
	Paid         Num    // yuan paid before
	Owed         Num    // yuan that an earlier settlement paid too much
	Group        string // number of the unit above, for the quota
	Room         Num    // how many of that unit are in
	Chosen       bool   // a person chose it
	Barred       Label  // why it is out
	Things       map[string][]Thing
	Receivers    map[string][]Receiver
}

// Thing is something built, with its audited costs.
type Thing struct {
	Ref  string
	Cost map[string]Num
}

// Receiver is one of several that a share of the split goes to.
type Receiver struct {
	Name   string
	Weight Num
}

// What is kept of a claimant beside its attributes and values stands in the frozen facts under names that no rule can use.
const (
	gradeName, rankName, tiedName, paidName, owedName = "@grade", "@rank", "@tied", "@paid", "@owed"
	groupName, roomName, chosenName, barredName       = "@group", "@room", "@chosen", "@barred"
	toKind                                            = "@to"
)

// Frozen are the facts of a claimant as a run keeps them: the same claim is the same bytes.
func (c *Claim) Frozen() *score.Facts {
	f := *c.Facts
	f.Attrs, f.Values, f.Visits = map[string]score.Attr{}, map[string]score.Value{}, nil
	for k, a := range c.Attrs {
		f.Attrs[k] = a
	}
	for k, v := range c.Values {
		f.Values[k] = v
	}
	text := func(name, s string) {
		if s != "" {
			f.Attrs[name] = score.Attr{Text: s, Word: true, Num: unit.Undefined}
		}
	}
	number := func(name string, n Num) {
		if n.Sign() != 0 {
			f.Values[name] = score.Value{Num: n, Part: unit.Undefined, Of: unit.Undefined}
		}
	}
	text(gradeName, c.Grade)
	text(groupName, c.Group)
	if !c.Barred.IsZero() {
		text(barredName, c.Barred.Zh+"\n"+c.Barred.En)
	}
	number(rankName, unit.Int(int64(c.Rank)))
	number(tiedName, unit.Int(int64(c.Tied)))
	number(paidName, c.Paid)
	number(owedName, c.Owed)
	if c.Group != "" {
		f.Values[roomName] = score.Value{Num: c.Room, Part: unit.Undefined, Of: unit.Undefined}
	}
	if c.Chosen {
		number(chosenName, unit.Int(1))
	}
	for _, list := range sortedKeys(c.Things) {
		things := slices.Clone(c.Things[list])
		slices.SortStableFunc(things, func(a, b Thing) int { return cmp.Compare(a.Ref, b.Ref) })
		for _, t := range things {
			v := score.Visit{ID: t.Ref, Kind: list, Found: map[string]score.Value{}}
			for k, n := range t.Cost {
				v.Found[k] = score.Value{Num: n, Part: unit.Undefined, Of: unit.Undefined}
			}
			f.Visits = append(f.Visits, v)
		}
	}
	for _, to := range sortedKeys(c.Receivers) {
		rs := slices.Clone(c.Receivers[to])
		slices.SortStableFunc(rs, func(a, b Receiver) int { return cmp.Compare(a.Name, b.Name) })
		for _, r := range rs {
			f.Visits = append(f.Visits, score.Visit{ID: r.Name, Kind: toKind, Place: to, Found: map[string]score.Value{
				"weight": {Num: r.Weight, Part: unit.Undefined, Of: unit.Undefined}}})
		}
	}
	return &f
}

// Thaw reads a claim from the facts that a run kept.
func Thaw(f *score.Facts) *Claim {
	c := &Claim{Facts: f, Things: map[string][]Thing{}, Receivers: map[string][]Receiver{}}
	c.Grade, c.Group = f.Attrs[gradeName].Text, f.Attrs[groupName].Text
	c.Barred.Zh, c.Barred.En, _ = strings.Cut(f.Attrs[barredName].Text, "\n")
	whole := func(name string) int {
		n, _ := f.Values[name].Num.Scaled(0)
		return int(n)
	}
	c.Rank, c.Tied, c.Chosen = whole(rankName), whole(tiedName), whole(chosenName) == 1
	c.Paid, c.Owed, c.Room = f.Values[paidName].Num, f.Values[owedName].Num, f.Values[roomName].Num
	for _, n := range []string{gradeName, groupName, barredName} {
		delete(f.Attrs, n)
	}
	for _, n := range []string{rankName, tiedName, paidName, owedName, roomName, chosenName} {
		delete(f.Values, n)
	}
	for _, v := range f.Visits {
		if v.Kind == toKind {
			c.Receivers[v.Place] = append(c.Receivers[v.Place], Receiver{v.ID, v.Found["weight"].Num})
			continue
		}
		t := Thing{v.ID, map[string]Num{}}
		for k, x := range v.Found {
			t.Cost[k] = x.Num
		}
		c.Things[v.Kind] = append(c.Things[v.Kind], t)
	}
	f.Visits = nil
	return c
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// value is what an input is; ok is false where it is undefined.
func (c *Claim) value(a *Award, name string) (Num, bool) {
	in := a.Inputs[name]
	if in == nil {
		return unit.Undefined, false
	}
	if v, ok := c.Values[name]; ok {
		if len(v.Children) > 0 {
			v, ok = in.Fold(v)
			return v.Num, ok
		}
		return v.Num, v.Num.Defined()
	}
	if in.Attribute != "" {
		x, ok := c.Attrs[in.Attribute]
		return x.Num, ok && !x.Word && x.Num.Defined()
	}
	if in.Document != "" {
		return unit.Int(0), true
	}
	return unit.Undefined, false
}

// number is a limit's; ok is false where it names an input without a value.
func (c *Claim) number(a *Award, l *Limit) (Num, bool) {
	if l == nil {
		return unit.Undefined, false
	}
	if l.Name != "" {
		return c.value(a, l.Name)
	}
	return l.Num, l.Num.Defined()
}
