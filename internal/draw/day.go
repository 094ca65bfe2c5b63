package draw

import (
	"math"
	"slices"
	"strings"
)

// Why a place was drawn.
const (
	Cycle    = "cycle"    // its turn: among the least visited of its stratum
	Surprise = "surprise" // whatever was visited before
)

// Slot is one place of a day.
type Slot struct {
	Ranked
	Why    string
	Counts bool // its level rises by one
	Second bool // somebody else looks, too
}

// past is what was drawn on the days before.
type past struct {
	slots   int            // given so far: which slot is a surprise is counted over the whole campaign
	given   map[string]int // by stratum
	levels  map[string]int // by key, of those that were drawn
	seconds int            // second looks so far
}

func (p *past) add(day []Slot) {
	p.slots += len(day)
	for _, s := range day {
		p.given[s.Stratum]++
		p.levels[s.Key] = s.Level
		if s.Counts {
			p.levels[s.Key]++
		}
		if s.Second {
			p.seconds++
		}
	}
}

// Days draws the days of a campaign whose seeds are known, in their order; a day without a seed was never opened and has no
// places. What became of the visits plays no part: list and seeds are enough to work everything out again. A place that was
// missed is behind the others by one or two when the next list is sealed.
func Days(b Base, seeds []string) [][]Slot {
	p := past{given: map[string]int{}, levels: map[string]int{}}
	out := make([][]Slot, len(seeds))
	for d, seed := range seeds {
		if seed != "" && d < len(b.Quota) {
			out[d] = day(b, d, seed, p)
			p.add(out[d])
		}
	}
	return out
}

// at is the list with the levels of a day.
func (b Base) at(p past) Base {
	b.Places = slices.Clone(b.Places)
	for i := range b.Places {
		if l, ok := p.levels[b.Places[i].Key]; ok {
			b.Places[i].Level = l
		}
	}
	return b
}

// surprise reports whether the n-th slot of a campaign, from 1, is one: 20 per cent is every fifth.
func surprise(n, percent int) bool { return n*percent/100 > (n-1)*percent/100 }

// seconds is how many second looks a day gets: so many per cent of all slots so far, rounded up, less those given before.
func seconds(slots, given, percent int) int {
	return max(int(math.Ceil(float64(slots*percent)/100))-given, 0)
}

// stratum is a street at work.
type stratum struct {
	name      string
	places    int
	order     []Ranked // those not drawn yet, by level, then hash
	sum       int      // of the levels when the list was sealed
	given     int      // slots, of the days before and of this one
	slots     int      // of this day
	surprises int
}

// less reports whether a is covered less than b: twice the visits and one, by the number of places. The one lets a stratum
// of one place get its turn before the larger ones get a second.
func less(a, b *stratum) bool {
	x := (2*(a.sum+a.given) + 1) * b.places
	y := (2*(b.sum+b.given) + 1) * a.places
	return x < y || x == y && a.name < b.name
}

// day draws the places of a day, by stratum. Where the quota is larger than what is left, all of it is drawn.
//
// Every slot goes to the stratum that is covered least so far; a later day takes nothing back. Every fifth takes its
// stratum's least hash, the others the least of those visited least. A place is drawn once in a campaign.
func day(b Base, d int, seed string, p past) []Slot {
	by := map[string]*stratum{}
	var strata []*stratum
	for _, x := range b.Places {
		if x.LeftOut {
			continue
		}
		s := by[x.Stratum]
		if s == nil {
			s = &stratum{name: x.Stratum, given: p.given[x.Stratum]}
			by[x.Stratum], strata = s, append(strata, s)
		}
		s.places++
		s.sum += x.Level
	}
	floor := map[string]int{}
	for _, r := range Order(b.at(p), seed) {
		if _, have := floor[r.Stratum]; !have {
			floor[r.Stratum] = r.Level
		}
		if _, drawn := p.levels[r.Key]; !drawn {
			by[r.Stratum].order = append(by[r.Stratum].order, r)
		}
	}
	total := 0
	for n := range b.Quota[d] {
		var to *stratum
		for _, s := range strata {
			if s.slots < len(s.order) && (to == nil || less(s, to)) {
				to = s
			}
		}
		if to == nil {
			break
		}
		to.slots, to.given, total = to.slots+1, to.given+1, total+1
		if surprise(p.slots+n+1, b.Surprise) {
			to.surprises++
		}
	}
	out := make([]Slot, 0, total)
	slices.SortFunc(strata, func(a, b *stratum) int { return strings.Compare(a.name, b.name) })
	for _, s := range strata {
		out = append(out, s.take(floor[s.name])...)
	}
	looks := seconds(p.slots+total, p.seconds, b.Second)
	for _, i := range leastFor(out, seed+"|"+b.Campaign+"|", "|2", min(looks, total)) {
		out[i].Second = true
	}
	return out
}

// take draws the slots of a stratum: surprises first, then those visited least. Only what was drawn at the least level rises,
// so that no two places of a stratum come to lie more than one apart.
func (s *stratum) take(floor int) []Slot {
	out := make([]Slot, 0, s.slots)
	drawn := map[string]bool{}
	if s.surprises > 0 {
		least := slices.Clone(s.order)
		slices.SortFunc(least, func(a, b Ranked) int { return strings.Compare(a.Hash, b.Hash) })
		for _, r := range least[:s.surprises] {
			out = append(out, Slot{Ranked: r, Why: Surprise, Counts: r.Level == floor})
			drawn[r.Key] = true
		}
	}
	for _, r := range s.order {
		if len(out) == s.slots {
			break
		}
		if !drawn[r.Key] {
			out = append(out, Slot{Ranked: r, Why: Cycle, Counts: true})
		}
	}
	return out
}

// leastFor are the n slots with the least hash of prefix, key and suffix, in the order of the slots.
func leastFor(list []Slot, prefix, suffix string, n int) []int {
	type one struct {
		i    int
		hash string
	}
	all := make([]one, len(list))
	for i, s := range list {
		all[i] = one{i, Digest(prefix + s.Key + suffix)}
	}
	slices.SortFunc(all, func(a, b one) int { return strings.Compare(a.hash, b.hash) })
	out := make([]int, 0, n)
	for _, x := range all[:n] {
		out = append(out, x.i)
	}
	slices.Sort(out)
	return out
}

// Enter gives new places the least level of their stratum, and pulls those that lie further above it down to one above: the
// places of a stratum begin within one of each other. known are the levels that some places already have, by key.
func Enter(places []Place, known map[string]int) {
	least := map[string]int{}
	for _, p := range places {
		if l, ok := known[p.Key]; ok && !p.LeftOut {
			if was, have := least[p.Stratum]; !have || l < was {
				least[p.Stratum] = l
			}
		}
	}
	for i, p := range places {
		l, ok := known[p.Key]
		if !ok {
			l = least[p.Stratum]
		}
		places[i].Level = min(max(l-least[p.Stratum], 0), 1)
	}
}

// On is the list with the levels of a day, so that the published line of shell puts a later day in order, too.
func On(b Base, seeds []string, d int) Base {
	p := past{given: map[string]int{}, levels: map[string]int{}}
	for _, slots := range Days(b, seeds[:min(d, len(seeds))]) {
		p.add(slots)
	}
	return b.at(p)
}

// Shell is the published line: with the seed in S and the campaign in C it puts the places of a list in the order of the day.
const Shell = `export LC_ALL=C; tail -n +9 base.txt | while IFS='|' read -r h k l n; do [ "$l" = - ] || ` +
	`printf '%s|%s|%s|%s\n' "$h" "$l" "$(printf '%s' "$S|$C|$k" | sha256sum | cut -c1-64)" "$k"; done | sort -t'|' -k1,1 -k2,2n -k3,3`
