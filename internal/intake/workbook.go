package intake

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/sheet"
)

// Template writes the empty workbook of a kind.
func (s *Service) Template(ctx context.Context, district int64, key string, w io.Writer) error {
	k, err := s.kindOf(ctx, s.DB.Read, district, key)
	if err != nil {
		return err
	}
	return sheet.Write(w, bookOf(k, false, nil))
}

// bookOf is a workbook of a kind: its columns with what belongs under them.
func bookOf(k *kind.Kind, export bool, rows iter.Seq2[[]any, error]) sheet.Book {
	name := []rune(k.Title.Zh)
	b := sheet.Book{Sheet: string(name[:min(len(name), 20)]), Rows: rows, Meta: map[string]string{"kind": k.Key, "version": fmt.Sprint(k.Version)}}
	for _, c := range columnsOf(k, export) {
		b.Columns = append(b.Columns, c.sheetColumn(k))
	}
	return b
}

// Export writes the entries a filter selects as a workbook that Import reads back.
func (s *Service) Export(ctx context.Context, by access.Scope, f ledger.Filter, w io.Writer) error {
	q := s.DB.Read
	k, err := s.kindOf(ctx, q, by.District, f.Kind)
	if err != nil {
		return err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return err
	}
	f.Limit, f.Offset = sheet.MaxRows-2, 0
	if f.Sort == "" {
		f.Sort = "day"
	}
	list, err := s.Ledger.Entries(ctx, q, by, f)
	if err != nil {
		return err
	}
	n, err := s.Ledger.Names(ctx, q, by, list)
	if err != nil {
		return err
	}
	cols := columnsOf(k, true)
	unitText := unitTexts(o, period.Of(s.Clock.Now()))
	return sheet.Write(w, bookOf(k, true, func(yield func([]any, error) bool) {
		for _, e := range list {
			row := make([]any, len(cols))
			for i, c := range cols {
				switch c.role {
				case "number":
					row[i] = e.Number
				case "rev":
					row[i] = fmt.Sprint(e.Rev)
				case "state":
					row[i] = ledger.StateTitle(e.State).Zh
				case "unit":
					row[i] = unitText(e.Unit)
				default:
					row[i] = c.value(e.Values, o, n, unitText)
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}))
}

// value writes a field for an export in the form parse reads.
func (c column) value(v kind.Values, o *org.Org, n kind.Names, unitText func(org.No) string) any {
	if c.group != "" {
		items, _ := v[c.group].([]kind.Values)
		if c.item >= len(items) {
			return nil
		}
		v = items[c.item]
	}
	f := c.field
	if c.role == "basis" {
		b, _ := v[f.Key+".basis"].(string)
		if b == "" {
			return nil
		}
		return basisTitles[b].Zh
	}
	x, ok := v[f.Key]
	if !ok {
		return nil
	}
	switch f.Type {
	case "count", "number", "money", "weight":
		return x
	case "date":
		d, err := period.ParseDay(fmt.Sprint(x))
		if err != nil {
			return fmt.Sprint(x)
		}
		return d.Start()
	case "photo", "file":
		list, _ := x.([]string)
		return strings.Join(list, ";")
	case "unit":
		no, _ := x.(int64)
		return unitText(org.No(no))
	case "geo":
		return strings.ReplaceAll(n.Text(o, f, v, i18n.Zh), " ", "")
	}
	return n.Text(o, f, v, i18n.Zh)
}

// unitTexts writes units for a workbook: by their path, which people read and import finds again; where two share one
// path by code or number.
func unitTexts(o *org.Org, day period.Day) func(org.No) string {
	paths, seen := map[org.No]string{}, map[string]int{}
	for _, u := range o.Units() {
		paths[u.No] = o.Path(u.No, day)
		seen[paths[u.No]]++
	}
	return func(n org.No) string {
		u, ok := o.Unit(n)
		switch {
		case !ok:
			return ""
		case seen[paths[n]] == 1:
			return paths[n]
		case u.Code != "":
			return u.Code
		}
		return "#" + strconv.FormatInt(int64(n), 10)
	}
}
