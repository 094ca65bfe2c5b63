package intake

import (
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/intake/heading"
	"sifen/internal/kind"
	"sifen/internal/sheet"
)

// AssignColumn is a column of the file with what stands in its first rows.
type AssignColumn struct {
	At      int      `json:"at"`
	Letter  string   `json:"letter"`
	Title   string   `json:"title"`
	Samples []string `json:"samples"`
}

// AssignField is a column of the kind: where it is read from, or the text of every row.
type AssignField struct {
	Key     string     `json:"key"`
	Title   i18n.Label `json:"title"`
	Type    string     `json:"type"`
	Needed  bool       `json:"needed"`
	Options []string   `json:"options"`
	At      int        `json:"at"`     // -1: nowhere
	Likely  int        `json:"likely"` // the column that may be meant; -1 for none
	Text    string     `json:"text"`
}

// Assign is what a person needs to say which column is which.
type Assign struct {
	Columns []AssignColumn `json:"columns"`
	Fields  []AssignField  `json:"fields"`
}

// letter is the letter of a column, from 0.
func letter(column int) string { return strings.TrimRight(sheet.Row{Index: 1}.Address(column), "1") }

// ownHead is the head as the file has it.
func (im *Import) ownHead() []string { return im.head[:len(im.head)-len(fixedTexts(im.assigned))] }

// assign tells the columns of a waiting file and those of its kind.
func (im *Import) assign(k *kind.Kind) *Assign {
	cols, head := readable(k), im.ownHead()
	out := &Assign{Columns: []AssignColumn{}, Fields: []AssignField{}}
	for j, h := range head {
		c := AssignColumn{At: j, Letter: letter(j), Title: h, Samples: []string{}}
		for _, row := range im.sample {
			if j < len(row) && row[j] != "" && len(c.Samples) < 3 {
				c.Samples = append(c.Samples, row[j])
			}
		}
		out.Columns = append(out.Columns, c)
	}
	at := match(cols, im.head, im.assigned, ignore)
	free := map[int]bool{}
	for j := range head {
		free[j] = !slices.Contains(at, j)
	}
	for i, c := range cols {
		named := -1
		if c.joins() {
			named = slices.IndexFunc(head, c.isJoined)
		}
		if c.role == "rev" || c.role == "state" || c.joins() && at[i] < 0 && named < 0 {
			continue
		}
		f := AssignField{Key: c.key, Title: c.title, Type: c.field.Type, Needed: c.needed(), Options: []string{}, At: at[i], Likely: -1}
		if c.role != "value" {
			f.Type = c.role
		}
		if o := c.sheetColumn(k).Options; o != nil {
			f.Options = o
		}
		if f.At >= len(head) {
			f.Text, f.At = fixedTexts(im.assigned)[f.At-len(head)].Text, -1
		} else if c.joins() && f.At < 0 {
			f.Likely = named
		} else if f.At < 0 && c.role != "number" {
			f.Likely = likely(c, head, free)
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

// likely is the free column whose title most probably names that of the kind: a known synonym, or one that shares most of
// its pairs of characters.
func likely(c column, head []string, free map[int]bool) int {
	best, most := -1, 0.0
	for j, h := range head {
		if !free[j] || h == "" || numbersRows(h) {
			continue
		}
		name, inner := heading.Split(h)
		if at := strings.LastIndex(h, sheet.HeadMark); at >= 0 {
			name, inner = heading.Split(h[at+len(sheet.HeadMark):])
		}
		if !c.allows(inner, "") || c.role == "basis" && !strings.Contains(name, "方式") && !strings.Contains(name, "清点") {
			continue
		}
		for _, own := range c.names {
			n := heading.Alike(own[0], name)
			if n < 1 && (heading.OtherDay(own[0], name) || c.quantity() && len(name) > 3 && heading.OtherNumber(name, own[0])) {
				n = 0
			} else if heading.Synonym(own[0], name) {
				n = max(n, 0.9)
			}
			if n > most {
				best, most = j, n
			}
		}
	}
	if most < 0.5 {
		return -1
	}
	return best
}
