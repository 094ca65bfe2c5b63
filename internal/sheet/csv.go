package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Open reads a workbook or a text file, whichever it is: the name of a file does not tell.
func Open(b []byte, opt ReadOptions) (*Table, error) {
	if bytes.HasPrefix(b, []byte("PK")) || bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")) {
		return Read(b, opt)
	}
	return ReadCSV(b, opt)
}

// ReadCSV opens a text file of rows: UTF-8 with or without its mark, UTF-16 with
// it, else GB18030, which Chinese editions of Excel write. What separates the
// columns is found by looking at the first lines.
func ReadCSV(b []byte, opt ReadOptions) (*Table, error) {
	if len(b) > MaxFile {
		return nil, ErrTooLarge
	}
	text, err := decode(b)
	if err != nil {
		return nil, err
	}
	if start := bytes.ToLower(bytes.TrimSpace(text[:min(len(text), 2000)])); bytes.HasPrefix(start, []byte("<")) {
		switch {
		case bytes.Contains(start, []byte("<html")) || bytes.Contains(start, []byte("<table")) || bytes.Contains(start, []byte("<!doctype html")):
			return nil, ErrWebPage
		case bytes.HasPrefix(start, []byte("<?xml")) || bytes.Contains(start, []byte("<workbook")):
			return nil, ErrXML
		}
	}
	if !bytes.Contains(text, []byte("\n")) {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n")) // as old programs end their lines
	}
	return newTable(&Table{}, []iter.Seq2[Row, error]{csvRows(text, opt.columns())}, opt)
}

// decode never lets a wrong guess through: GB18030 turns any bytes into
// characters and shows only by U+FFFD that they were none.
func decode(b []byte) ([]byte, error) {
	var err error
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		if b, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b); err != nil {
			return nil, ErrEncoding
		}
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return nil, ErrEncoding
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) {
		if b, err = simplifiedchinese.GB18030.NewDecoder().Bytes(b); err != nil {
			return nil, ErrEncoding
		}
	}
	if bytes.ContainsRune(b, utf8.RuneError) {
		return nil, ErrEncoding
	}
	return b, nil
}

// separator finds what separates the columns: what stands equally often in most of the first lines. "sep=;" says it.
func separator(text []byte) (r rune, said bool) {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if v, ok := bytes.CutPrefix(bytes.TrimSpace(first), []byte("sep=")); ok && utf8.RuneCount(v) == 1 {
		r, _ = utf8.DecodeRune(v)
		return r, true
	} else if ok && len(v) == 0 {
		return '\t', true // trimmed away
	}
	best, most := ',', 0
	for _, r := range []rune{',', ';', '\t', '，', '；', '|'} {
		often := map[int]int{}
		rest := text
		for n := 0; n < 20 && len(rest) > 0; n++ {
			var line []byte
			line, rest, _ = bytes.Cut(rest, []byte("\n"))
			often[bytes.Count(line, []byte(string(r)))]++
		}
		lines := 0
		for count, n := range often {
			if count > 0 {
				lines = max(lines, n)
			}
		}
		if lines > most {
			best, most = r, lines
		}
	}
	return best, false
}

// bare is ="0120" in a field without quotes round it, as many systems write it.
var bare = regexp.MustCompile(`(?m)(^|[,;\t|，；])="([^"\r\n]+)"`)

func csvRows(text []byte, columns int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		skip := 0
		comma, said := separator(text)
		if said {
			_, text, _ = bytes.Cut(text, []byte("\n"))
			skip = 1
		}
		if bytes.Contains(text, []byte(`="`)) {
			text = bare.ReplaceAll(text, []byte(`$1"=""$2"""`))
		}
		r := csv.NewReader(bytes.NewReader(text))
		r.Comma = comma
		r.FieldsPerRecord = -1
		r.ReuseRecord = true
		for n := 0; ; {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				var at *csv.ParseError
				if errors.As(err, &at) {
					err = ErrQuotes.at(address(0, at.StartLine+skip))
				} else {
					err = ErrQuotes
				}
				yield(Row{}, err)
				return
			}
			line, _ := r.FieldPos(0)
			line += skip
			cells := make([]Cell, 0, len(record))
			last := -1
			for i, s := range record {
				// ="00123" is how people keep Excel from eating zeros.
				if inner, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(inner, `"`) {
					s = strings.TrimSuffix(inner, `"`)
				} else if strings.HasPrefix(s, "'") && starts(s) {
					s = s[1:] // harmless put it there
				}
				if s != "" && strings.TrimSpace(s) != "" {
					last = i
				}
				cells = append(cells, Cell{Text: s})
			}
			if last < 0 {
				continue
			}
			if last >= columns {
				yield(Row{}, ErrTooWide.at(address(last, line)))
				return
			}
			if n++; n > MaxRows {
				yield(Row{}, ErrTooManyRows)
				return
			}
			if !yield(Row{Index: line, Cells: cells[:last+1]}, nil) {
				return
			}
		}
	}
}

// WriteCSV writes a book as UTF-8 with its mark, which Chinese editions of Excel need, and lines that end in CRLF.
// Texts that a spreadsheet would run as a formula get an apostrophe before them, which reading takes away again.
func WriteCSV(w io.Writer, book Book) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(book.Columns))
	for i, c := range book.Columns {
		line[i] = harmless(c.Title)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	if book.Rows != nil {
		for values, err := range book.Rows {
			if err != nil {
				return err
			}
			for i, c := range book.Columns {
				line[i] = ""
				if i >= len(values) {
					continue
				}
				switch v := values[i].(type) {
				case nil:
				case string:
					line[i] = harmless(v)
				case int64:
					line[i] = plainNumber(v, c)
				case time.Time:
					line[i] = v.Format("2006-01-02")
				default:
					return fmt.Errorf("column %s cannot hold a %T", c.Key, v)
				}
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func plainNumber(v int64, c Column) string {
	if c.Kind != Decimal || c.Decimals == 0 {
		return strconv.FormatInt(v, 10)
	}
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	s := strconv.FormatInt(v, 10)
	for len(s) <= c.Decimals {
		s = "0" + s
	}
	return sign + s[:len(s)-c.Decimals] + "." + s[len(s)-c.Decimals:]
}

// WriteRows writes texts as WriteCSV does; the first row holds the titles.
func WriteRows(w io.Writer, rows [][]string) error {
	return WriteCSV(w, BookOf("", rows))
}

// BookOf is a book of texts; the first row holds the titles.
func BookOf(sheet string, rows [][]string) Book {
	book := Book{Sheet: sheet}
	for _, h := range rows[0] {
		book.Columns = append(book.Columns, Column{Key: h, Title: h, Width: 20})
	}
	book.Rows = func(yield func([]any, error) bool) {
		for _, r := range rows[1:] {
			cells := make([]any, len(r))
			for i, c := range r {
				cells[i] = c
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
	return book
}

// harmless puts an apostrophe before what a spreadsheet would run. A number below zero runs nothing and stays one. A text that
// has apostrophes before its formula already gets one more, so that reading gives back just what was written.
func harmless(s string) string {
	if starts(s) && !belowZero.MatchString(s) {
		return "'" + s
	}
	return s
}

var belowZero = regexp.MustCompile(`^-[0-9]+(\.[0-9]+)?$`)

// starts reports whether a text starts as a formula, behind any apostrophes.
func starts(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "'"))
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
}
