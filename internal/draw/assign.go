package draw

import (
	"slices"
	"strings"
)

// Why somebody should not go somewhere.
const (
	Seated = "seated" // at or below the place; never lifted
	First  = "first"  // makes the first look that this one is the second of; never lifted
	Last   = "last"   // made the last visit there; lifted where nobody else can go
)

// Nobody says that a place has no person, because all of the crew are seated there, or made the first look.
const Nobody = "nobody"

// Task is a place to be given to a person.
type Task struct {
	Key string
	Not map[string]string // by person, why not
}

// Given is who goes. Why is empty where a rule gave the place, Last where somebody goes again for want of others, Nobody
// where there is no person.
type Given struct {
	Person string
	Why    string
}

// Assign gives places to persons so that their loads differ by one at most, wherever seats allow. loads are what they carry
// already. Who is asked first for a place follows from the seed. A place whose persons are all taken moves others to make
// room (augmenting paths): giving them out one after the other ends with a place left and a person who may not go there.
func Assign(seed, campaign string, tasks []Task, crew []string, loads map[string]int) []Given {
	a := assigner{tasks: tasks, crew: crew, to: make([]int, len(tasks)), of: make([][]int, len(crew)), base: make([]int, len(crew))}
	total := len(tasks)
	for i, p := range crew {
		a.base[i] = loads[p]
		total += loads[p]
	}
	for i, t := range tasks {
		a.to[i] = -1
		type one struct {
			p    int
			hash string
		}
		list := make([]one, len(crew))
		for j, p := range crew {
			list[j] = one{j, Digest(seed + "|" + campaign + "|" + t.Key + "|" + p)}
		}
		slices.SortFunc(list, func(x, y one) int { return strings.Compare(x.hash, y.hash) })
		order := make([]int, len(list))
		for j, x := range list {
			order[j] = x.p
		}
		a.prefer = append(a.prefer, order)
	}
	if n := len(crew); n > 0 {
		even := (total + n - 1) / n
		a.fill(1, even, false)
		a.fill(even, even, true)
		a.fill(even+1, total, true)
	}
	out := make([]Given, len(tasks))
	for i, p := range a.to {
		switch {
		case p < 0:
			out[i].Why = Nobody
		default:
			out[i] = Given{crew[p], a.tasks[i].Not[crew[p]]}
		}
	}
	return out
}

type assigner struct {
	tasks  []Task
	crew   []string
	prefer [][]int // persons of a task, in the order of asking
	to     []int   // person of a task, -1 for none
	of     [][]int // tasks of a person
	base   []int   // loads from before
}

// fill finds persons for tasks without one, with loads of from to until; again lifts what may be lifted.
func (a *assigner) fill(from, until int, again bool) {
	for load := from; load <= until; load++ {
		left := false
		for i := range a.tasks {
			if a.to[i] < 0 {
				left = !a.place(i, load, again, make([]bool, len(a.crew))) || left
			}
		}
		if !left {
			return
		}
	}
}

func (a *assigner) may(task, person int, again bool) bool {
	why := a.tasks[task].Not[a.crew[person]]
	return why == "" || again && why == Last
}

// place finds a person for a task, moving others where that makes room. Those moved stay within their rules.
func (a *assigner) place(task, load int, again bool, seen []bool) bool {
	for _, p := range a.prefer[task] {
		if seen[p] || !a.may(task, p, again) {
			continue
		}
		seen[p] = true
		if a.base[p]+len(a.of[p]) < load {
			a.put(task, p)
			return true
		}
		for _, other := range slices.Clone(a.of[p]) {
			if a.place(other, load, false, seen) {
				a.put(task, p)
				return true
			}
		}
	}
	return false
}

// put gives a task to a person, and takes it from who had it.
func (a *assigner) put(task, person int) {
	if was := a.to[task]; was >= 0 {
		a.of[was] = slices.DeleteFunc(a.of[was], func(t int) bool { return t == task })
	}
	a.to[task] = person
	a.of[person] = append(a.of[person], task)
}
