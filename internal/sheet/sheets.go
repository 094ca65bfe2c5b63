package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// book is an opened workbook on its way to a table.
type book struct {
	zip      *zip.Reader
	file     *excelize.File
	styles   []format
	date1904 bool
	opt      ReadOptions
}

// found is one worksheet with what the look through it found.
type found struct {
	sheetRef
	facts  facts
	titles []string
	says   string // of all its numbers
	known  int
	err    error
}

// summaries are names of sheets that hold again what others hold, or no records at all.
var summaries = []string{"汇总", "合计", "总表", "统计", "说明", "示例", "样表", "填表", "目录", "summary", "total", "example"}

// table chooses the sheets to read: the one whose titles are best known, and those of the same titles.
func (w *book) table(t *Table, sheets []sheetRef) (*Table, error) {
	fail := func(err error) (*Table, error) {
		_ = t.Close() // the first error is the one to tell
		return nil, err
	}
	var list []*found
	visible := 0
	for _, s := range sheets {
		f := &found{sheetRef: s}
		f.facts, f.err = scanSheet(w.zip, s.part, w.opt.columns(), w.styles)
		list = append(list, f)
		if !s.hidden {
			visible++
		}
	}
	if visible == 0 {
		return fail(ErrNoSheet)
	}
	for _, f := range list {
		if f.err == nil && f.facts.rows > 0 && len(list) > 1 {
			w.peek(f)
		}
	}
	best := w.best(list)
	if best == nil {
		return fail(ErrNoSheet)
	}
	if best.err != nil {
		return fail(best.err)
	}
	if best.facts.rows == 0 && len(best.facts.uncached) == 0 {
		return fail(ErrEmpty)
	}
	var read []iter.Seq2[Row, error]
	rows := 0
	for _, f := range append([]*found{best}, slices.DeleteFunc(slices.Clone(list), func(f *found) bool { return f == best })...) {
		if f != best && !w.together(best, f) {
			continue
		}
		if rows += f.facts.rows; rows > MaxRows {
			return fail(ErrTooManyRows)
		}
		read = append(read, w.rows(f.name, len(read), f.facts))
		f.known = -1 // read
		t.Read = append(t.Read, f.name)
	}
	for _, f := range list {
		if f.facts.rows > 0 || f.err != nil {
			same := f == best || f.titles != nil && slices.Equal(f.titles, best.titles) && f.says == best.says
			t.Sheets = append(t.Sheets, SheetInfo{Name: f.name, Rows: f.facts.rows, Read: f.known < 0, Same: same, Hidden: f.hidden})
		}
	}
	return newTable(t, read, w.opt)
}

// peek looks at the head of a sheet.
func (w *book) peek(f *found) {
	o, err := open(w.rows(f.name, 0, f.facts), w.opt, false)
	if err != nil {
		f.err = err
		return
	}
	o.stop()
	for _, c := range o.head {
		f.titles = append(f.titles, strings.Join(strings.Fields(c.Text), ""))
	}
	if w.opt.Head != nil {
		f.known = w.opt.Head(f.titles)
	}
	if w.opt.Says != nil {
		f.says = w.opt.Says(f.name, o.above, f.titles)
	}
}

// best is the sheet to read first: the first that was asked for, or the first of those whose titles are best known.
func (w *book) best(list []*found) *found {
	if len(w.opt.Sheets) > 0 {
		i := slices.IndexFunc(list, func(f *found) bool { return f.name == w.opt.Sheets[0] })
		if i < 0 {
			return nil
		}
		return list[i]
	}
	var best, empty *found
	for _, f := range list {
		switch {
		case f.hidden:
		case f.err == nil && f.facts.rows == 0:
			if empty == nil {
				empty = f
			}
		case best == nil || best.err != nil && f.err == nil || f.known > best.known:
			best = f
		}
	}
	if best == nil {
		return empty
	}
	return best
}

// together reports whether a sheet is read with the first one.
func (w *book) together(best, f *found) bool {
	if f.err != nil || f.facts.rows == 0 || !slices.Equal(f.titles, best.titles) || f.titles == nil || f.says != best.says {
		return false
	}
	if len(w.opt.Sheets) > 0 {
		return slices.Contains(w.opt.Sheets, f.name)
	}
	name := strings.ToLower(f.name)
	return !f.hidden && !slices.ContainsFunc(summaries, func(s string) bool { return strings.Contains(name, s) })
}

// standard gives a package the shape that Excel gives it: parts below xl, names with slashes. Other programs write
// backslashes, or lay the parts at the root. What has that shape is returned as it is.
func standard(b []byte, z *zip.Reader) ([]byte, *zip.Reader, error) {
	main, _, err := mainPart(z)
	if err != nil {
		return nil, nil, err
	}
	root := path.Dir(main) == "."
	if !root && !slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.Contains(f.Name, `\`) }) {
		return b, z, nil
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		if strings.HasSuffix(name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, nil, ErrDamaged
		}
		raw, err := io.ReadAll(io.LimitReader(r, MaxUnzipped))
		_ = r.Close()
		if err != nil {
			return nil, nil, ErrDamaged
		}
		if root {
			switch {
			case name == "[Content_Types].xml":
				raw = bytes.ReplaceAll(raw, []byte(`PartName="/`), []byte(`PartName="/xl/`))
			case name == "_rels/.rels":
				for _, q := range []string{`"/` + main + `"`, `"` + main + `"`} {
					raw = bytes.ReplaceAll(raw, []byte("Target="+q), []byte(`Target="xl/`+main+`"`))
				}
			default:
				if strings.HasSuffix(name, ".rels") {
					raw = bytes.ReplaceAll(raw, []byte(`Target="/`), []byte(`Target="/xl/`))
				}
				name = "xl/" + name
			}
		}
		p, err := w.Create(name)
		if err != nil {
			return nil, nil, ErrDamaged
		}
		if _, err := p.Write(raw); err != nil {
			return nil, nil, ErrDamaged
		}
	}
	if err := w.Close(); err != nil {
		return nil, nil, ErrDamaged
	}
	again, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		return nil, nil, ErrDamaged
	}
	return out.Bytes(), again, nil
}
