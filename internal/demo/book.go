package demo

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"sifen/internal/app"
	"sifen/internal/kind"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/sheet"
	"sifen/packs"
)

// headRows are the two title rows above a workbook's first entry.
const headRows = 2

// kinds reads the kinds of the base pack, whose templates people fill in.
func kinds() (map[string]*kind.Kind, error) {
	p, faults := app.NewRegistry().Load(packs.Base())
	if len(faults) > 0 {
		return nil, fmt.Errorf("the base pack has a fault: %s", faults[0])
	}
	out := map[string]*kind.Kind{}
	for _, o := range p.Objects {
		if o.Type != "kinds" {
			continue
		}
		k := &kind.Kind{Version: 1}
		if err := pack.Strict(o, k); err != nil {
			return nil, fmt.Errorf("kind %s: %w", o.Key, err)
		}
		out[k.Key] = k
	}
	return out, nil
}

// columns are those of the kind's template, as ledger lays them out; TestWorkbooksLookLikeTheTemplate keeps them in step.
func columns(k *kind.Kind) []sheet.Column {
	out := []sheet.Column{{Key: "entry", Title: "编号", Second: "Number", Width: 14}, {Key: "unit", Title: "单位", Second: "Unit", Width: 26, Required: true}}
	add := func(f kind.Field, key, zh, en string, required bool) {
		c := sheet.Column{Key: key, Title: zh + f.Title.Zh, Second: en + f.Title.En, Required: required, Width: 18}
		if f.Type == "weight" {
			c.Title, c.Second = c.Title+"（千克）", c.Second+" (kg)"
		} else if f.Unit != nil {
			c.Title, c.Second = c.Title+"（"+f.Unit.Zh+"）", c.Second+" ("+f.Unit.En+")"
		}
		switch f.Type {
		case "date":
			c.Kind, c.Width = sheet.Day, 12
		case "count":
			c.Kind, c.Width = sheet.Integer, 10
		case "number":
			c.Kind, c.Decimals = sheet.Decimal, f.Decimals
		case "money":
			c.Kind, c.Decimals = sheet.Decimal, 2
		case "weight":
			c.Kind, c.Decimals = sheet.Decimal, 3
		case "choice":
			for _, o := range f.Options {
				c.Options = append(c.Options, o.Title.Zh)
			}
		case "bool":
			c.Options, c.Width = []string{"是", "否"}, 8
		case "long-text":
			c.Width = 40
		}
		out = append(out, c)
		if len(f.Basis) > 0 {
			out = append(out, sheet.Column{Key: key + ".basis", Title: zh + f.Title.Zh + "计数方式", Second: en + f.Title.En + " basis",
				Options: []string{"清点", "估计"}, Width: 10})
		}
	}
	for _, f := range k.Fields {
		if f.Type != "group" {
			add(f, f.Key, "", "", f.Required)
			continue
		}
		for i := range 4 {
			for _, g := range f.Fields {
				add(g, fmt.Sprintf("%s[%d].%s", f.Key, i+1, g.Key), fmt.Sprintf("%s%d·", f.Title.Zh, i+1), fmt.Sprintf("%s %d: ", f.Title.En, i+1), false)
			}
		}
	}
	return out
}

// write writes a workbook.
func (b *Book) write(w io.Writer, k *kind.Kind) error {
	cols := columns(k)
	name := []rune(k.Title.Zh)
	book := sheet.Book{Sheet: string(name[:min(len(name), 20)]), Columns: cols, Meta: map[string]string{"kind": k.Key, "version": "1"}}
	book.Rows = func(yield func([]any, error) bool) {
		for _, r := range b.Rows {
			cells := make([]any, len(cols))
			known := 0
			for i, c := range cols {
				if i == 0 { // the entry's own number, empty for a new one; some kinds have a field of that key
					continue
				}
				v, ok := r.Values[c.Key]
				switch {
				case c.Key == "unit":
					v, ok = r.Unit.Path(), true
				case c.Key == "photos" && len(r.Photos) > 0:
					var names []string
					for _, p := range r.Photos {
						names = append(names, p.Name)
					}
					v, ok = strings.Join(names, "；"), true
				case ok:
					known++
				}
				if !ok {
					continue
				}
				switch x := v.(type) {
				case period.Day:
					v = x.Start()
				case int:
					v = int64(x)
				}
				cells[i] = v
			}
			if known != len(r.Values) {
				yield(nil, fmt.Errorf("%s has a value without a column: %v", b.File, r.Values))
				return
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
	return sheet.Write(w, book)
}

func (b *Book) bytes(k *kind.Kind) ([]byte, error) {
	var out bytes.Buffer
	err := b.write(&out, k)
	return out.Bytes(), err
}

type draftKey struct {
	kind   string
	sender *Person
	at     time.Time
}

// put lays a row into the workbook that sender hands in at a time, beginning one where there is none.
func (d *district) put(kind string, sender *Person, when time.Time, r *Row) *Row {
	key := draftKey{kind, sender, when}
	b := d.drafts[key]
	if b == nil {
		b = &Book{Kind: kind, Sender: sender, At: when}
		d.drafts[key] = b
		d.Books = append(d.Books, b)
	}
	r.Book = b
	b.Rows = append(b.Rows, r)
	d.rows[kind] = append(d.rows[kind], r)
	return r
}
