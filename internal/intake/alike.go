package intake

import (
	"context"
	"slices"

	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/likeness"
)

// likeKey is what rows of one thing share.
type likeKey = likeness.Key

// alike looks at good rows that say neither what an earlier import kept nor what record they correct: whether a record of the
// same unit, day and subject is there already, by form, by copy or by another file. One that holds the same values is the same;
// any other is asked about. Of things that last, a row that spells the name of an earlier one otherwise is asked about too.
func (r *reader) alike(ctx context.Context, q db.Querier, lines []line) error {
	var asked []likeKey
	keys := make([]likeKey, len(lines))
	for i := range lines {
		l := &lines[i]
		if l.state != lineGood || l.number != "" || l.said == saidOther || l.said == saidTake || l.clean == nil {
			continue
		}
		if k, ok := likeness.Of(r.k, l.unit, l.clean); ok {
			keys[i] = k
			asked = append(asked, k)
		}
	}
	there, err := r.s.Ledger.Alike(ctx, q, r.by, r.k, asked)
	if err != nil {
		return err
	}
	// records that rows kept before stand for are no longer free
	free := map[likeKey][]ledger.Entry{}
	for k, list := range there {
		free[k] = list
	}
	for i := range lines {
		if l := &lines[i]; l.state == lineSame && l.number == "" && l.clean != nil {
			if k, ok := likeness.Of(r.k, l.unit, l.clean); ok && len(free[k]) > 0 {
				free[k] = without(free[k], l.clean)
			}
		}
	}
	for i := range lines {
		l, k := &lines[i], keys[i]
		if k.Title == "" {
			continue
		}
		list := r.maybe(free[k], l.clean)
		if at := equalTo(r.k, list, l.clean); at >= 0 {
			l.state = lineSame
			r.seen.same = append(r.seen.same, l.index)
			free[k] = without(free[k], list[at].Values)
			continue
		}
		column := max(0, r.lay.column("/values/"+r.k.TitleOf))
		before, again := r.like[k]
		title, _ := l.clean[r.k.TitleOf].(string)
		switch {
		case len(list) > 0:
			e := list[0]
			l.state, l.hash, l.ordinal = lineBad, "", 0
			l.fail(r.address(l.index, column), column, e.Number, "import.like-record", map[string]any{"number": e.Number}, "")
		case r.k.Lasting() && again && before.index != l.index && before.title != title:
			l.state, l.hash, l.ordinal = lineBad, "", 0
			l.fail(r.address(l.index, column), column, "", "import.like-row", map[string]any{"row": r.place(before.index)}, "")
		case again && before.index != l.index && !slices.Contains(r.seen.twice, l.index):
			r.seen.differ = append(r.seen.differ, l.index)
		case !again:
			r.like[k] = titledRow{l.index, title}
		}
	}
	return nil
}

// titledRow is a row with its title as it is spelt.
type titledRow struct {
	index int
	title string
}

// maybe are the entries that a row may be about: all of an event's day; of what lasts, those of another spelling or of the
// same first day, since two people of a name are two.
func (r *reader) maybe(list []ledger.Entry, v kind.Values) []ledger.Entry {
	if !r.k.Lasting() {
		return list
	}
	var out []ledger.Entry
	from, _ := r.k.Days(v)
	for _, e := range list {
		if e.From == from || e.Title != v[r.k.TitleOf] {
			out = append(out, e)
		}
	}
	return out
}

// equalTo finds the entry that holds every value of a row; how people were counted and photos are left to the record.
func equalTo(k *kind.Kind, list []ledger.Entry, v kind.Values) int {
	for i, e := range list {
		if holds(k, e.Values, v) {
			return i
		}
	}
	return -1
}

func holds(k *kind.Kind, kept, row kind.Values) bool {
	for _, f := range k.Fields {
		x, ok := row[f.Key]
		if !ok {
			continue
		}
		if f.Type == "photo" || f.Type == "file" {
			continue
		}
		if (kind.Values{"x": x}).Encode() != (kind.Values{"x": kept[f.Key]}).Encode() {
			return false
		}
	}
	return true
}

// without is a list less one entry that holds the same values, or less its first.
func without(list []ledger.Entry, v kind.Values) []ledger.Entry {
	at := 0
	for i, e := range list {
		if e.Values.Encode() == v.Encode() {
			at = i
		}
	}
	return append(append([]ledger.Entry{}, list[:at]...), list[at+1:]...)
}
