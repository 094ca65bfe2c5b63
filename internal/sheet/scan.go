package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"path"
	"regexp"
	"strings"

	"sifen/internal/office"
)

// Limits on what is not rows: styles, drawings and the like are read whole.
const (
	maxPart   = 16 << 20
	maxParts  = 2000
	maxMerges = 20_000
	maxNoted  = 10_000 // formulas without a value that are remembered
)

// facts is what the look through a worksheet found.
type facts struct {
	merges   []merge
	uncached map[cellAt]bool
	sums     map[cellAt]bool // formulas that add up cells of their own column
	marks    []mark          // in the order of the sheet
	hidden   map[int]bool
	struck   map[int]bool // rows with a line through a cell
	rows     int          // that hold something
}

// mark is a number that the sheet shows otherwise than it is stored.
type mark struct {
	row    int32
	column int16
	style  int16 // one more than its index among the styles; 0 is none
}

// trueOrFalse marks a cell that holds no number, though it is stored as one.
const trueOrFalse = -1

type cellAt struct{ row, column int }

// merge is a merged range, inclusive, columns from 0.
type merge struct{ top, left, bottom, right int }

// checkArchive applies the limits and finds the part of each worksheet.
func checkArchive(b []byte) (*zip.Reader, error) {
	z, err := office.Open(b, office.Limits{Bytes: MaxFile, Parts: maxParts, TooLarge: ErrTooLarge, OldOrLocked: ErrOldOrLocked, NotOffice: ErrNotSheet,
		TooManyParts: ErrTooComplex})
	if err != nil {
		return nil, err
	}
	var total uint64
	for _, f := range z.File {
		// The zip reader refuses to give more than is declared, so declared sizes bind.
		if total += f.UncompressedSize64; total > MaxUnzipped || f.UncompressedSize64 > MaxUnzipped {
			return nil, ErrUnzipped
		}
		name := strings.ToLower(f.Name)
		if strings.Contains(name, "vbaproject") || strings.HasPrefix(name, "xl/macrosheets/") {
			return nil, ErrMacro
		}
		rows := strings.HasPrefix(name, "xl/worksheets/sheet") || name == "xl/sharedstrings.xml" || strings.HasPrefix(name, "xl/media/")
		if !rows && f.UncompressedSize64 > maxPart {
			return nil, ErrTooComplex
		}
	}
	return z, nil
}

// sheetRef is a worksheet of the workbook in its order.
type sheetRef struct {
	name, part string
	hidden     bool
}

// relation is one entry of a part's relationships.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

// part is the name of the part that the relation of another points at. Some programs write backslashes.
func (r relation) part(of string) string {
	target := strings.ReplaceAll(r.Target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join(path.Dir(of), target)
}

// mainPart finds the workbook part, which may lie at the root of the package, and what it points at.
func mainPart(z *zip.Reader) (string, []relation, error) {
	var rels struct {
		List []relation `xml:"Relationship"`
	}
	main := "xl/workbook.xml"
	if err := decodePart(z, "_rels/.rels", &rels); err == nil {
		for _, r := range rels.List {
			if strings.HasSuffix(r.Type, "/officeDocument") {
				main = r.part("")
			}
		}
	}
	rels.List = nil
	if err := decodePart(z, path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), &rels); err != nil {
		return "", nil, err
	}
	return main, rels.List, nil
}

// listSheets reads the workbook part.
func listSheets(z *zip.Reader) ([]sheetRef, error) {
	var book struct {
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	main, rels, err := mainPart(z)
	if err != nil {
		return nil, err
	}
	if err := decodePart(z, main, &book); err != nil {
		return nil, err
	}
	var out []sheetRef
	for _, s := range book.Sheets {
		ref := sheetRef{name: s.Name, hidden: s.State != "" && s.State != "visible"}
		for _, a := range s.Attrs {
			for _, r := range rels {
				if a.Name.Local == "id" && a.Value == r.ID && strings.HasSuffix(r.Type, "/worksheet") {
					ref.part = r.part(main)
				}
			}
		}
		if ref.part != "" {
			out = append(out, ref)
		}
	}
	return out, nil
}

func openPart(z *zip.Reader, name string) (io.ReadCloser, error) {
	for _, f := range z.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			r, err := f.Open()
			if err != nil {
				return nil, ErrDamaged
			}
			return r, nil
		}
	}
	return nil, ErrNotSheet
}

func decodePart(z *zip.Reader, name string, into any) error {
	r, err := openPart(z, name)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := xml.NewDecoder(r).Decode(into); err != nil {
		return ErrDamaged
	}
	return nil
}

// scanner follows the tags of a worksheet by bytes: a full XML reading would
// double the time of a large file.
type scanner struct {
	facts             facts
	columns           int
	row, column       int // of the current cell; row from 1, column from 0
	rowFilled         bool
	formats           []format
	style             int
	numeric           bool
	formula, valued   bool
	line              bool // through the cell
	inCell, inData    bool
	closed, sheetData bool
}

// scanSheet looks through a worksheet: limits, merged ranges, formulas without
// a value, and whether its end is there, which the row reader would not miss.
func scanSheet(z *zip.Reader, part string, columns int, styles []format) (facts, error) {
	r, err := openPart(z, part)
	if err != nil {
		return facts{}, err
	}
	defer r.Close()
	s := &scanner{columns: columns, formats: styles, facts: facts{uncached: map[cellAt]bool{}, sums: map[cellAt]bool{},
		hidden: map[int]bool{}, struck: map[int]bool{}}}
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), 4<<20)
	in.Split(tagSplit)
	for in.Scan() {
		if err := s.token(in.Bytes()); err != nil {
			return facts{}, err
		}
	}
	if in.Err() != nil || !s.closed || !s.sheetData {
		return facts{}, ErrDamaged
	}
	return s.facts, nil
}

// tagSplit cuts after each ">": a token is the text before a tag and the tag.
func tagSplit(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '>'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF {
		return len(data), nil, nil
	}
	return 0, nil, nil
}

func (s *scanner) token(b []byte) error {
	i := bytes.LastIndexByte(b, '<')
	if i < 0 {
		return nil
	}
	text, tag := b[:i], b[i+1:len(b)-1]
	end := len(tag) > 0 && tag[0] == '/'
	if end {
		tag = tag[1:]
	}
	selfClosed := len(tag) > 0 && tag[len(tag)-1] == '/'
	name := tag
	if j := bytes.IndexAny(name, " \t\r\n/"); j >= 0 {
		name = name[:j]
	}
	if j := bytes.IndexByte(name, ':'); j >= 0 {
		name = name[j+1:]
	}
	switch string(name) {
	case "worksheet":
		s.closed = end
	case "sheetData":
		s.inData = !end && !selfClosed
		s.sheetData = true
	case "row":
		if !end {
			s.row++
			if n, ok := number(attribute(tag, attrRef)); ok {
				s.row = n
			}
			s.column, s.rowFilled = -1, false
			if hidden := string(attribute(tag, attrHidden)); hidden == "1" || hidden == "true" {
				s.facts.hidden[s.row] = true
			}
		}
	case "c":
		return s.cell(tag, end, selfClosed)
	case "f":
		if s.inCell {
			s.formula = true
			if end && addsColumn(text, s.column, s.row) && len(s.facts.sums) < maxNoted {
				s.facts.sums[cellAt{s.row, s.column}] = true
			}
		}
	case "v", "t":
		if s.inCell && end && len(text) > 0 {
			return s.value(text)
		}
	case "mergeCell":
		if !end {
			return s.merge(string(attribute(tag, attrRange)))
		}
	}
	return nil
}

func (s *scanner) cell(tag []byte, end, selfClosed bool) error {
	if end {
		if s.formula && !s.valued && len(s.facts.uncached) < maxNoted {
			s.facts.uncached[cellAt{s.row, s.column}] = true
		}
		s.inCell = false
		return nil
	}
	s.column++
	if column, _, ok := reference(attribute(tag, attrRef)); ok {
		s.column = column
	}
	s.inCell, s.formula, s.valued, s.line = s.inData && !selfClosed, false, false, false
	if s.style = 0; s.inCell {
		kind := attribute(tag, attrType)
		s.numeric = len(kind) == 0 || len(kind) == 1 && kind[0] == 'n'
		if len(kind) == 1 && kind[0] == 'b' {
			s.style = trueOrFalse
		}
		if n, ok := number(attribute(tag, attrStyle)); ok && n < len(s.formats) {
			if s.line = s.formats[n].struck; s.numeric && s.formats[n].kind != plain {
				s.style = n + 1
			}
		}
	}
	return nil
}

func (s *scanner) value(text []byte) error {
	s.valued = true
	if s.line {
		s.facts.struck[s.row] = true
	}
	if (s.style != 0 || s.numeric && len(text) > 15) && s.column < s.columns && s.row < math.MaxInt32 {
		s.facts.marks = append(s.facts.marks, mark{int32(s.row), int16(s.column), int16(s.style)})
	}
	if s.column >= s.columns {
		return ErrTooWide.at(address(s.column, s.row))
	}
	if !s.rowFilled {
		s.rowFilled = true
		if s.facts.rows++; s.facts.rows > MaxRows {
			return ErrTooManyRows
		}
	}
	return nil
}

func (s *scanner) merge(ref string) error {
	from, to, _ := strings.Cut(ref, ":")
	left, top, ok := reference([]byte(from))
	right, bottom, ok2 := reference([]byte(to))
	if !ok || !ok2 || right < left || bottom < top {
		return nil // one cell, or nothing a program would write
	}
	if len(s.facts.merges) == maxMerges {
		return ErrTooComplex
	}
	s.facts.merges = append(s.facts.merges, merge{top, left, bottom, min(right, s.columns-1)})
	return nil
}

// Names of attributes as they stand in a tag.
var attrRef, attrType, attrStyle, attrRange, attrHidden = []byte("r="), []byte("t="), []byte("s="), []byte("ref="), []byte("hidden=")

// attribute finds name="…" in a tag.
func attribute(tag, name []byte) []byte {
	for rest := tag; ; {
		i := bytes.Index(rest, name)
		if i < 0 {
			return nil
		}
		ok := i > 0 && (rest[i-1] == ' ' || rest[i-1] == '\t' || rest[i-1] == '\n' || rest[i-1] == '\r')
		rest = rest[i+len(name):]
		if !ok || len(rest) == 0 {
			continue
		}
		if j := bytes.IndexByte(rest[1:], rest[0]); j >= 0 {
			return rest[1 : 1+j]
		}
		return nil
	}
}

func number(b []byte) (int, bool) {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' || n > 10_000_000 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(b) > 0
}

// reference reads "B7" or "$B$7" as column 1, row 7.
func reference(b []byte) (column, row int, ok bool) {
	b = bytes.ReplaceAll(b, []byte("$"), nil)
	i := 0
	for ; i < len(b) && b[i] >= 'A' && b[i] <= 'Z' && i < 4; i++ {
		column = column*26 + int(b[i]-'A') + 1
	}
	row, ok = number(b[i:])
	return column - 1, row, ok && i > 0
}

var cellRef = regexp.MustCompile(`\$?[A-Z]{1,3}\$?[0-9]{1,7}`)

// addsColumn reports whether a formula adds up other cells of its own column and nothing else: its row is a total.
func addsColumn(formula []byte, column, row int) bool {
	f := bytes.ToUpper(bytes.TrimSpace(formula))
	refs := cellRef.FindAll(f, -1)
	if len(refs) < 2 || bytes.ContainsAny(f, `!"'`) || !bytes.HasPrefix(f, []byte("SUM(")) && !bytes.HasPrefix(f, []byte("SUBTOTAL(")) &&
		!bytes.ContainsRune(f, '+') {
		return false
	}
	for _, r := range refs {
		if c, n, ok := reference(bytes.ReplaceAll(r, []byte("$"), nil)); !ok || c != column || n == row {
			return false
		}
	}
	return true
}
