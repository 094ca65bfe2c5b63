package score

import (
	"slices"
	"sort"

	"sifen/internal/unit"
)

// Run scores all units of a run: it groups them, finds their places where items go by place, evaluates each, ranks
// them and says who is on which list. The order of the units changes nothing. A unit that lies in two groups is a fault
// of the sheet, see Overlaps.
func Run(v *Version, units []*Facts) []*Result {
	groups := make([]string, len(units))
	for i, f := range units {
		groups[i] = v.Group(f)
	}
	places := v.standings(units, groups)
	out := make([]*Result, len(units))
	for i, f := range units {
		out[i] = Eval(v, f, places[i])
		out[i].Group = groups[i]
	}
	Rank(v, out)
	return out
}

// Group is the key of the group that a unit belongs to; "" where the sheet has none for it.
func (v *Version) Group(f *Facts) string {
	for _, g := range v.Groups {
		if v.holds(g.Where, &facts{Facts: f, sheet: v.Sheet}) {
			return g.Key
		}
	}
	return ""
}

// Overlaps are the units that belong to more than one group.
func (v *Version) Overlaps(units []*Facts) (out []*Facts) {
	for _, f := range units {
		n := 0
		for _, g := range v.Groups {
			if v.holds(g.Where, &facts{Facts: f, sheet: v.Sheet}) {
				n++
			}
		}
		if n > 1 {
			out = append(out, f)
		}
	}
	return out
}

// standings are the places of each unit in its group by the items that go by place; ties share, the next is skipped.
func (v *Version) standings(units []*Facts, groups []string) []map[string]int {
	out := make([]map[string]int, len(units))
	for b := range v.Blocks {
		for i := range v.Blocks[b].Items {
			it := &v.Blocks[b].Items[i]
			if it.Rank == nil {
				continue
			}
			type own struct {
				at    int
				group string
				num   Num
			}
			var have []own
			for u, f := range units {
				if n, ok := (&facts{Facts: f, sheet: v.Sheet}).number(it.Rank.Value); ok {
					have = append(have, own{u, groups[u], n})
				}
			}
			for _, x := range have {
				place := 1
				for _, y := range have {
					if c := y.num.Cmp(x.num); y.group == x.group && (!it.Rank.Less && c > 0 || it.Rank.Less && c < 0) {
						place++
					}
				}
				if out[x.at] == nil {
					out[x.at] = map[string]int{}
				}
				out[x.at][it.Key] = place
			}
		}
	}
	return out
}

// Rank gives every scored unit its rank in its group, its grade and its lists. Where the maxima of a group differ, the
// printed share decides, else the points; ties share a rank and the next is skipped.
func Rank(v *Version, results []*Result) {
	groups := map[string][]*Result{}
	for _, r := range results {
		r.Rank, r.Tied, r.Grade, r.Lists = 0, false, "", nil
		if r.Scored && v.scored() && len(r.Waiting) == 0 {
			groups[r.Group] = append(groups[r.Group], r)
		}
	}
	for _, g := range groups {
		differ := slices.ContainsFunc(g, func(r *Result) bool { return r.Max.Cmp(g[0].Max) != 0 })
		by := func(r *Result) Num {
			if differ {
				return r.Share().Round(4)
			}
			return r.Points
		}
		sort.SliceStable(g, func(i, j int) bool { return by(g[i]).Cmp(by(g[j])) > 0 })
		for i, r := range g {
			r.Rank = i + 1
			if i > 0 && by(r).Cmp(by(g[i-1])) == 0 {
				r.Rank, r.Tied, g[i-1].Tied = g[i-1].Rank, true, true
			}
		}
		for _, r := range g {
			r.Grade = v.grade(r)
		}
		for _, l := range v.Lists {
			v.list(&l, g, by)
		}
	}
}

// grade is the first grade whose share or points are reached and whose needs are met.
func (v *Version) grade(r *Result) string {
	share := r.Share()
	if v.GradeBy != "" {
		n, ok := r.facts.number(v.GradeBy)
		if !ok {
			return ""
		}
		share = n
	}
	for _, g := range v.Grades {
		if g.From != nil {
			at, ok := r.facts.limit(g.From)
			have := share
			if !g.From.Percent && v.GradeBy == "" && g.From.Num.Sign() != 0 {
				have = r.Points
			}
			if !ok || have.Cmp(at) < 0 {
				continue
			}
		}
		met := true
		for i := range g.Needs {
			met = met && v.cond(r.facts, &g.Needs[i])
		}
		if met {
			return g.Key
		}
	}
	return ""
}

// list puts the units of a group, the best first, on a list. The last go by score, not by place in a slice; a group below three
// has none, and whoever shares the first place is none of them.
func (v *Version) list(l *List, g []*Result, by func(*Result) Num) {
	for _, r := range g {
		on := l.First > 0 && r.Rank <= l.First || slices.Contains(l.Grade, r.Grade) || l.Full && r.Points.Cmp(r.Max) >= 0
		if l.Last > 0 && len(g) >= 3 && by(r).Cmp(by(g[0])) < 0 {
			below := 0
			for _, x := range g {
				if by(x).Cmp(by(r)) < 0 {
					below++
				}
			}
			on = on || below < l.Last
		}
		if l.Below != nil {
			have := r.Points
			if l.Below.Percent {
				have = r.Share()
			}
			at, ok := r.facts.limit(l.Below)
			on = on || ok && have.Cmp(at) < 0
		}
		if on {
			r.Lists = append(r.Lists, l.Key)
		}
	}
}

// SeparatesNobody are the items in which all units that have them, three at least, score the same.
func SeparatesNobody(v *Version, results []*Result) (out []string) {
	for b := range v.Blocks {
		for _, it := range v.Blocks[b].Items {
			n, same := 0, true
			var one Num
			for _, r := range results {
				x, ok := r.Item(it.Key)
				if !r.Scored || !ok || x.NA {
					continue
				}
				if n++; n == 1 {
					one = x.Points
				}
				same = same && one.Cmp(x.Points) == 0
			}
			if n >= 3 && same && v.scored() && v.Blocks[b].Extra == nil {
				out = append(out, it.Key)
			}
		}
	}
	return out
}

// Holding are the items of a result that alone hold as many points as another is ahead: brought to their full points, each by
// itself would draw level or pass.
func Holding(r *Result, ahead Num) (items []string) {
	for _, b := range r.Blocks {
		for _, it := range b.Items {
			if open := it.Max.Sub(it.Points); !b.Extra && !it.NA && open.Sign() > 0 && open.Cmp(ahead) >= 0 {
				items = append(items, it.Key)
			}
		}
	}
	return items
}

// GoesByPlace reports whether an item gives points by the place in the group, so that no unit is scored alone.
func (v *Version) GoesByPlace() bool {
	for _, b := range v.Blocks {
		for _, it := range b.Items {
			if it.Rank != nil {
				return true
			}
		}
	}
	return false
}

// NameOf is how an input or a finding is called.
func (v *Version) NameOf(name string) Label { return v.title(name) }

// Number is the number that an input or finding stands for in what was frozen; ok is false where it is undefined.
func (v *Version) Number(f *Facts, name string) (n Num, ok bool) {
	return (&facts{Facts: f, sheet: v.Sheet}).number(name)
}

// Hundred is 100, for shares that are shown as points of a hundred.
func Hundred() Num { return hundred }

// Waiting are the items of a run that wait for a person, over all its units.
func Waiting(results []*Result) (n int) {
	for _, r := range results {
		n += len(r.Waiting)
	}
	return n
}

// Store is the number at 10⁻⁴, as points are stored; what does not fit is 0.
func Store(n Num) int64 { x, _ := n.Scaled(4); return x }

// Stored is the number that was stored at 10⁻⁴.
func Stored(n int64) Num { return unit.Frac(n, 10000) }
