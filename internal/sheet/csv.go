package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// ReadCSV opens a CSV file: UTF-8 with or without its mark, else GB18030, which
// Chinese editions of Excel write. Separators are comma, semicolon or tab,
// whichever the first line holds most of.
func ReadCSV(b []byte, opt ReadOptions) (*Table, error) {
	if len(b) > MaxFile {
		return nil, ErrTooLarge
	}
	text, err := decode(b)
	if err != nil {
		return nil, err
	}
	return newTable(&Table{}, csvRows(text, opt.columns()), opt.Head)
}

// decode never lets a wrong guess through: GB18030 turns any bytes into
// characters and shows only by U+FFFD that they were none.
func decode(b []byte) ([]byte, error) {
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF}) || bytes.IndexByte(b, 0) >= 0 {
		return nil, ErrEncoding
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) {
		var err error
		if b, err = simplifiedchinese.GB18030.NewDecoder().Bytes(b); err != nil {
			return nil, ErrEncoding
		}
	}
	if bytes.ContainsRune(b, utf8.RuneError) {
		return nil, ErrEncoding
	}
	return b, nil
}

func separator(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, r := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

func csvRows(text []byte, columns int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := csv.NewReader(bytes.NewReader(text))
		r.Comma = separator(text)
		r.FieldsPerRecord = -1
		r.ReuseRecord = true
		for n := 0; ; {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, ErrQuotes)
				return
			}
			line, _ := r.FieldPos(0)
			cells := make([]Cell, 0, len(record))
			last := -1
			for i, s := range record {
				// ="00123" is how people keep Excel from eating zeros.
				if inner, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(inner, `"`) {
					s = strings.TrimSuffix(inner, `"`)
				}
				if s != "" {
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
			if !yield(Row{line, cells[:last+1]}, nil) {
				return
			}
		}
	}
}

// WriteCSV writes a book as UTF-8 with its mark, which Chinese editions of Excel need, and lines that end in CRLF.
// Texts that a spreadsheet would run as a formula get an apostrophe before them.
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

func harmless(s string) string {
	if r, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", r) {
		return "'" + s
	}
	return s
}
