package intake

import (
	"fmt"
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/sheet"
)

// said is what a person has said of a waiting file: which sheets, and where the titles stand.
type said struct {
	Sheets  []string `json:"sheets,omitempty"`
	HeadRow int      `json:"head_row,omitempty"`
}

// facts are what a file says beside its rows; waiting rows are read again with them.
type facts struct {
	Sheets []sheet.SheetInfo `json:"sheets,omitempty"`
	Read   []string          `json:"read,omitempty"`
	Units  []string          `json:"units,omitempty"` // of all numbers, from lines above the titles
	Said   said              `json:"said,omitzero"`
}

// observed is what a reader saw that is told and holds nothing up.
type observed struct {
	hidden, aside, same, locked []int
	numbers                     string // first cell of a column of the file's own numbers
	state, stateText            string // first cell of a column of states that is not read
	unitNote, unitNoteText      string // a note below that names a unit
	twice                       []int  // rows that say again what a row before them says
	differ                      []int  // rows of the unit, day and subject of a row before them that say something else
	cancelled                   []int  // rows that say of what they tell that it did not take place
}

// most is how many rows a note names one by one.
const most = 20

// rows writes numbers of rows for a sentence: 第 3、5 行.
func (r *reader) rows(list []int) i18n.Label {
	slices.Sort(list)
	var zh, en []string
	for _, n := range list[:min(len(list), most)] {
		at := r.place(n)
		zh, en = append(zh, at), append(en, at)
	}
	out := i18n.Label{Zh: "第 " + strings.Join(zh, "、") + " 行", En: "Rows " + strings.Join(en, ", ")}
	if len(list) > most {
		out.Zh += fmt.Sprintf("等 %d 行", len(list))
		out.En += fmt.Sprintf(" and others, %d in all", len(list))
	}
	return out
}

// place is the number of a row, after the name of its sheet where several are read.
func (r *reader) place(index int) string {
	at, n := sheet.Place(index)
	if len(r.facts.Read) > 1 && at < len(r.facts.Read) {
		return fmt.Sprintf("%s!%d", r.facts.Read[at], n)
	}
	return fmt.Sprint(n)
}

// address is a cell as the user finds it.
func (r *reader) address(index, column int) string {
	a := sheet.Row{Index: index}.Address(column)
	if at, _ := sheet.Place(index); len(r.facts.Read) > 1 && at < len(r.facts.Read) {
		return r.facts.Read[at] + "!" + a
	}
	return a
}

// notes are what is told of a whole file: what was converted, and what was not read.
func (r *reader) notes(headRow int) []Fault {
	var out []Fault
	say := func(cell, code string, args map[string]any) {
		out = append(out, newFault(cell, -1, "", code, args, ""))
	}
	var others []string
	for _, s := range r.facts.Sheets {
		if !s.Read && s.Rows > 0 {
			others = append(others, fmt.Sprintf("%s（%d）", s.Name, s.Rows))
		}
	}
	if len(r.facts.Read) > 1 {
		say("", "import.note-sheets", map[string]any{"names": strings.Join(r.facts.Read, "、")})
	}
	if len(others) > 0 {
		say("", "import.note-others", map[string]any{"names": strings.Join(others, "、")})
	}
	for i, c := range r.lay.cols {
		if u := r.lay.unit[i]; u.factor != nil {
			out = append(out, noteUnit(r.address(headRow, r.lay.at[i]), r.lay.at[i], r.head[r.lay.at[i]], c, u))
		}
	}
	for i, c := range r.lay.cols {
		at := r.lay.at[i]
		if at < 0 || at >= len(r.head) || !c.quantity() {
			continue
		}
		u := r.lay.unit[i]
		if c.unclear(r.head[at], u) {
			say(r.address(headRow, at), "import.note-unclear", map[string]any{"title": r.head[at], "own": c.ownUnit()})
		}
		for _, name := range r.facts.Units {
			if other, ok := c.in(name); ok && !other.same(u) && measureOf(c.field).Dimension != "" {
				used := u.name
				if used == "" {
					used = c.ownUnit().Zh
				}
				say(r.address(headRow, at), "import.note-unit-line", map[string]any{"title": r.head[at], "line": name, "unit": used})
			}
		}
	}
	if r.seen.unitNote != "" {
		say(r.seen.unitNote, "import.note-unit-below", map[string]any{"text": r.seen.unitNoteText})
	}
	if len(r.seen.twice) > 0 {
		say("", "import.note-twice", map[string]any{"rows": r.rows(r.seen.twice)})
	}
	if len(r.seen.differ) > 0 {
		say("", "import.note-differ", map[string]any{"rows": r.rows(r.seen.differ)})
	}
	if len(r.seen.cancelled) > 0 {
		say("", "import.note-cancelled", map[string]any{"rows": r.rows(r.seen.cancelled)})
	}
	var unread []string
	for j, h := range r.head[:r.width] {
		if h != "" && !slices.Contains(r.lay.at, j) && !r.counts[j] {
			unread = append(unread, h)
		}
	}
	if len(unread) > 0 {
		say("", "import.note-unread", map[string]any{"names": strings.Join(unread, "、")})
	}
	title := func(role string) string {
		for i, c := range r.lay.cols {
			if c.role == role && r.lay.at[i] >= 0 && r.lay.at[i] < len(r.head) {
				return r.head[r.lay.at[i]]
			}
		}
		return ""
	}
	if r.seen.numbers != "" {
		say(r.seen.numbers, "import.note-numbers", map[string]any{"title": title("number")})
	}
	if r.seen.state != "" {
		say(r.seen.state, "import.note-state", map[string]any{"title": title("state"), "text": r.seen.stateText})
	}
	if len(r.seen.hidden) > 0 {
		say("", "import.note-hidden", map[string]any{"rows": r.rows(r.seen.hidden)})
	}
	if len(r.seen.aside) > 0 {
		say("", "import.note-aside", map[string]any{"rows": r.rows(r.seen.aside)})
	}
	if len(r.seen.locked) > 0 {
		say("", "import.note-locked", map[string]any{"rows": r.rows(r.seen.locked)})
	}
	if len(r.seen.same) > 0 {
		say("", "import.note-taken", map[string]any{"rows": r.rows(r.seen.same)})
	}
	return out
}
