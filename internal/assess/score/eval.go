package score

import (
	"slices"
	"sort"
	"strings"

	"sifen/internal/unit"
)

var zero = unit.Int(0)

// Eval scores one unit on what was frozen of it. place is its place in the group by item, for items that go by rank;
// the rank of the total, grade and lists need the others too: see Run.
func Eval(v *Version, in *Facts, place map[string]int) *Result {
	r := &Result{Unit: in.Unit, Name: in.Name, Visits: len(in.Visits)}
	base := &facts{Facts: in, sheet: v.Sheet, place: place}
	r.facts = base
	if v.Visits == nil {
		r.take(v.once(base, in.NA))
		return r
	}
	if need := max(v.Visits.Min, 1); len(in.Visits) < need {
		r.Why = tooFewVisits(len(in.Visits), need)
		return r
	}
	visits := slices.Clone(in.Visits)
	sort.SliceStable(visits, func(i, j int) bool { return visits[i].Day < visits[j].Day })
	if v.Visits.Several == "sum" {
		found, na := added(visits)
		f := *base
		f.found, f.na = found, na
		r.facts = &f
		r.take(v.once(&f, append(slices.Clone(in.NA), na...)))
		r.Notes = append(r.Notes, quotas(v.Visits.Quota, visits)...)
		return r
	}
	r.several(v, base, visits)
	r.Notes = append(r.Notes, quotas(v.Visits.Quota, visits)...)
	return r
}

// take takes over what one evaluation came to.
func (r *Result) take(one *Result) {
	r.Scored, r.Why, r.Waiting, r.Points, r.Max, r.Blocks = one.Scored, one.Why, one.Waiting, one.Points, one.Max, one.Blocks
	r.Notes = append(r.Notes, one.Notes...)
}

// several scores each visit whole and combines the totals: items stand per visit, their means do not add up.
func (r *Result) several(v *Version, base *facts, visits []Visit) {
	var done []*Result
	for _, visit := range visits {
		f := *base
		f.found, f.na = visit.Found, visit.NA
		f.Facts = &Facts{}
		*f.Facts = *base.Facts
		f.Facts.Visits = []Visit{visit}
		one := v.once(&f, append(slices.Clone(base.NA), visit.NA...))
		one.facts = &f
		if one.Scored {
			done = append(done, one)
		} else {
			r.Why, r.Waiting = one.Why, one.Waiting
		}
	}
	if len(done) == 0 {
		return
	}
	pick := done[len(done)-1]
	for _, d := range done {
		c := d.Share().Cmp(pick.Share())
		if v.Visits.Several == "worst" && c < 0 || v.Visits.Several == "best" && c > 0 {
			pick = d
		}
	}
	r.facts = pick.facts
	r.take(pick)
	if len(done) == 1 {
		return
	}
	switch v.Visits.Several {
	case "worst", "best", "last":
		r.Notes = append(r.Notes, chosen(v.Visits.Several, len(done)))
		return
	}
	sum, most := zero, zero
	for _, d := range done {
		sum, most = sum.Add(d.Points), most.Add(d.Max)
		r.Waiting = union(r.Waiting, d.Waiting)
	}
	n := unit.Int(int64(len(done)))
	r.Notes = []Label{tr("%s 次检查平均：%s ÷ %s", "mean of %s visits: %s ÷ %s", n.Short(0), sum.Short(4), n.Short(0))}
	r.Points, r.Max = sum.Div(n).Round(v.decimals()), most.Div(n)
}

func union(a, b []string) []string {
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}

// added adds up the findings of all visits; a name is left out only where every visit left it out.
func added(visits []Visit) (map[string]Value, []string) {
	found := map[string]Value{}
	for _, v := range visits {
		for name, x := range v.Found {
			was, ok := found[name]
			switch {
			case !ok:
			case x.Terms && was.Terms: // so many of so many
				x.Part, x.Of, x.N = x.Part.Add(was.Part), x.Of.Add(was.Of), x.N+was.N
				x.Num = x.Part.Div(x.Of)
			default:
				x.Num, x.N = x.Num.Add(was.Num), x.N+was.N
			}
			found[name] = x
		}
	}
	var na []string
	if len(visits) > 0 {
		for _, name := range visits[0].NA {
			if !slices.ContainsFunc(visits, func(v Visit) bool { return !slices.Contains(v.NA, name) }) {
				na = append(na, name)
			}
		}
	}
	return found, na
}

// once evaluates the sheet on one set of findings, in the order that the design fixes.
func (v *Version) once(f *facts, na []string) *Result {
	r := &Result{Scored: true}
	sum, applies, extras := zero, zero, zero
	for b := range v.Blocks {
		block := &v.Blocks[b]
		br := BlockResult{Key: block.Key, Extra: block.Extra != nil, Points: zero, Max: zero}
		for i := range block.Items {
			it := v.item(f, block, &block.Items[i], na)
			if it.Waiting {
				r.Waiting = append(r.Waiting, it.Key)
			}
			if it.NA && block.Items[i].Without == "no-score" && !it.Note.IsZero() {
				r.Scored, r.Why = false, it.Note
			}
			br.Points = br.Points.Add(it.Points)
			if !it.NA {
				br.Max = br.Max.Add(it.Max)
			}
			br.Items = append(br.Items, it)
		}
		if c, ok := v.first(f, block.ZeroIf); ok {
			br.Points = zero
			br.Note = tr("%s，本块 0 分", "%s: 0 points for this part", v.say(f, c))
		}
		switch {
		case block.Extra != nil:
			br.Points, br.Max = br.Points.Max(block.Extra.Down.Neg()).Min(block.Extra.Up), zero
			extras = extras.Add(br.Points)
		default:
			if v.Rescale == "block" && br.Max.Sign() > 0 && br.Max.Cmp(block.Max) != 0 {
				was := br.Points
				br.Points = br.Points.Mul(block.Max).Div(br.Max).Round(v.decimals())
				br.Note = and(br.Note, rescaled(was, br.Max, block.Max, br.Points))
				br.Max = block.Max
			}
			sum, applies = sum.Add(br.Points), applies.Add(br.Max)
		}
		r.Blocks = append(r.Blocks, br)
	}
	if !v.scored() {
		r.Points, r.Max = zero, zero
		return r
	}
	if r.Scored && applies.Sign() == 0 {
		r.Scored, r.Why = false, Label{Zh: "没有一项适用", En: "no item applies"}
	}
	if !r.Scored {
		return r
	}
	r.Points, r.Max = sum, applies
	if v.Rescale != "none" && applies.Cmp(v.Max) != 0 {
		r.Points, r.Max = sum.Mul(v.Max).Div(applies).Round(v.decimals()), v.Max
		r.Notes = append(r.Notes, rescaled(sum, applies, v.Max, r.Points))
	}
	r.finish(v, f, extras)
	return r
}

// finish adds what is beside the maximum, bounds the total, and applies veto and gate.
func (r *Result) finish(v *Version, f *facts, extras Num) {
	r.Points = r.Points.Add(extras)
	if r.Points.Sign() < 0 {
		r.Points = zero
		r.Notes = append(r.Notes, Label{Zh: "低于 0，按 0 分", En: "below 0, counted as 0"})
	}
	if v.Ceiling != nil && r.Points.Cmp(*v.Ceiling) > 0 {
		r.Points = *v.Ceiling
		r.Notes = append(r.Notes, tr("总分最多 %s", "at most %s in all", v.Ceiling.Short(4)))
	}
	for i := range v.CapIf {
		c := &v.CapIf[i]
		if c.To != nil && v.cond(f, c) && r.Points.Cmp(*c.To) > 0 {
			r.Points = *c.To
			r.Notes = append(r.Notes, tr("一票否决：%s，总分不高于 %s", "veto: %s, the total is at most %s", v.sayThere(f, c), c.To.Short(4)))
		}
	}
	if c, ok := v.first(f, v.ZeroIf); ok {
		r.Points = zero
		r.Notes = append(r.Notes, tr("%s，全表 0 分", "%s: 0 points for the whole sheet", v.say(f, c)))
	}
}

// first is the first condition that holds.
func (v *Version) first(f *facts, cs []Cond) (*Cond, bool) {
	for i := range cs {
		if v.cond(f, &cs[i]) {
			return &cs[i], true
		}
	}
	return nil, false
}

// cond reports whether a condition holds: all that it names does. What is undefined fulfils nothing.
func (v *Version) cond(f *facts, c *Cond) bool {
	there := func(name string) bool { n, ok := f.number(name); return ok && n.Sign() > 0 }
	held := false
	if len(c.N) > 0 {
		if held = slices.ContainsFunc(c.N, there); !held {
			return false
		}
	}
	for _, n := range c.All {
		if held = there(n); !held {
			return false
		}
	}
	for _, n := range c.Lack {
		x, ok := f.number(n)
		if held = ok && x.Sign() == 0; !held {
			return false
		}
	}
	for _, n := range c.Value {
		x, ok := f.number(n)
		if !ok {
			return false
		}
		for _, l := range []struct {
			at   *Limit
			want func(c int) bool
		}{{c.Below, func(c int) bool { return c < 0 }}, {c.Above, func(c int) bool { return c > 0 }}, {c.AtLeast, func(c int) bool { return c >= 0 }}} {
			if l.at == nil {
				continue
			}
			at, ok := f.limit(l.at)
			if held = ok && l.want(x.Cmp(at)); !held {
				return false
			}
		}
	}
	if c.Where != "" {
		if held = v.holds(c.Where, f); !held {
			return false
		}
	}
	return held
}

// item evaluates an item: not applicable, undefined, its method, its bounds, its gate, rounding.
func (v *Version) item(f *facts, block *Block, it *Item, na []string) ItemResult {
	r := ItemResult{Key: it.Key, Max: it.Max, Uses: it.names()}
	out := func(note Label) ItemResult {
		r.NA, r.Points, r.Max, r.Note, r.Sum = true, zero, zero, note, nil
		return r
	}
	if it.NA != nil {
		if it.NA.Where != "" && v.holds(it.NA.Where, f) {
			return out(tr("不涉及（%s）", "does not apply (%s)", it.NA.Where))
		}
		if it.NA.Inspector && (slices.Contains(na, it.Key) || leftOut(it, na)) {
			return out(Label{Zh: "不涉及", En: "does not apply"})
		}
	}
	if p := v.formulas[it.Key]; p != nil {
		r.Uses = slices.DeleteFunc(slices.Clone(p.Uses()), func(n string) bool { return n == "max" })
	}
	needs := slices.DeleteFunc(slices.Clone(r.Uses), func(n string) bool {
		if it.Formula == nil {
			return false
		}
		_, has := it.Formula.Default[n]
		return has
	})
	if name, none := f.undefined(needs); none {
		missing := v.without(name)
		switch it.Without {
		case "full":
			r.Points, r.Note = it.Max, and(missing, Label{Zh: "按满分", En: "counted in full"})
			r.self(v, f, it)
			return r
		case "zero":
			r.Points, r.Note = zero, and(missing, Label{Zh: "按 0 分", En: "counted as 0"})
			r.self(v, f, it)
			return r
		}
		return out(missing)
	}
	x := v.method(f, block, it, &r)
	if block.Extra == nil {
		x = x.Max(zero).Min(it.Max)
	} else if it.Max.Sign() > 0 {
		x = x.Max(it.Max.Neg()).Min(it.Max)
	}
	if c, ok := v.first(f, it.ZeroIf); ok {
		x, r.Sum = zero, []Label{tr("%s，得 0", "%s: 0", v.say(f, c))}
	}
	r.Points = x.Round(digits(it.Decimals, 2))
	r.self(v, f, it)
	return r
}

// self sets the unit's own answer beside.
func (r *ItemResult) self(v *Version, f *facts, it *Item) {
	own, ok := f.Self[it.Key]
	if !v.Self || !ok || own.Cmp(r.Points) == 0 {
		return
	}
	d := r.Points.Sub(own)
	r.Note = join("", r.Note, tr("（自评 %s，差 %s）", " (own %s, %s apart)", own.Short(4), signed(d)))
}

// leftOut reports whether the inspector left out every finding that an item counts.
func leftOut(it *Item, na []string) bool {
	n := 0
	for _, l := range it.lines() {
		for _, name := range l.N {
			own, _, _ := strings.Cut(name, "/")
			if !slices.Contains(na, name) && !slices.Contains(na, own) {
				return false
			}
			n++
		}
	}
	return n > 0
}

// method computes an item by its one method, exactly.
func (v *Version) method(f *facts, block *Block, it *Item, r *ItemResult) Num {
	switch {
	case it.Ratio != nil:
		return v.ratio(f, it, r)
	case it.Bands != nil:
		return v.bands(f, it, r)
	case it.Rank != nil:
		return v.places(f, it, r)
	case it.Formula != nil:
		return v.formula(f, it, r)
	case it.Judged != nil:
		j, ok := f.Judged[it.Key]
		if !ok || !j.Points.Defined() {
			r.Waiting, r.Note = true, Label{Zh: "等人评定", En: "waits for a judgement"}
			return zero
		}
		r.Sum = []Label{tr("评定 %s", "judged %s", j.Points.Short(4))}
		if j.Reason != "" {
			r.Note = tr("（%s）", " (%s)", j.Reason)
		}
		return j.Points
	case len(it.Earn) > 0:
		x, full := v.lines(f, it, +1, r, "")
		if full {
			return it.Max.Max(x)
		}
		return x
	}
	return v.deduct(f, block, it, r)
}

// deduct takes the lines off the maximum; with a cap per place each place is taken by itself.
func (v *Version) deduct(f *facts, block *Block, it *Item, r *ItemResult) Num {
	top := it.Max
	if block.Extra != nil {
		top = zero
	}
	if it.PlaceCap == nil {
		x, all := v.lines(f, it, -1, r, "")
		if all {
			return zero
		}
		return top.Sub(x)
	}
	places := map[string][]Visit{}
	for _, visit := range f.Visits {
		places[visit.Place] = append(places[visit.Place], visit)
	}
	names := make([]string, 0, len(places))
	for name := range places {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return order(f.Visits, names[i]) < order(f.Visits, names[j]) })
	sum := zero
	for _, name := range names {
		at := *f
		at.found, _ = added(places[name])
		x, all := v.lines(&at, it, -1, r, name)
		if all {
			return zero
		}
		sum = sum.Add(x.Min(*it.PlaceCap))
	}
	return top.Sub(sum)
}

func order(visits []Visit, place string) int {
	return slices.IndexFunc(visits, func(v Visit) bool { return v.Place == place })
}
