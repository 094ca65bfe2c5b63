package strangers

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"sifen/internal/apptest"
)

// stranger is a file that somebody hands in, with what must come of it. testdata/README.md explains every word.
type stranger struct {
	Name, What string
	file       `yaml:",inline"`
	intake     `yaml:",inline"`
	list       `yaml:",inline"`
	filling    `yaml:",inline"`
	Told       []string // one of these is told
	NotTold    []string `yaml:"not_told"` // patterns that nothing may say
	NamedBy    []string `yaml:"named_by"` // places or words that count as naming any row
}

// file is a workbook of one sheet or several, a text or the body of a Word file.
type file struct {
	Sheet     yaml.Node
	paper     `yaml:",inline"`
	Sheets    []page
	Form      string // strict or root: another way to lay the package out
	File      string
	Text      string
	Encoding  string
	Body      string
	Relations []relation
	Parts     []part
}

// intake is what an import must make of a workbook.
type intake struct {
	Kind, As  string
	Answer    map[string]string // what a person says when asked which column is which: field to title
	Rows      map[int]row
	Cures     map[string][]string // by cell, the only suggestions allowed
	Shows     map[string]string   // by cell, a pattern of what is shown
	NotLikely map[string]string   `yaml:"not_likely"` // field to the title that must not be offered for it
	Sum       *sum
	Figure    *growth
	Records   *int // how many come of the file
	Finishes  bool // what cannot be kept can be left out
}

// row is what must come of a row.
type row struct {
	Mark    map[string]values // finds its record
	Read    map[string]values // the right values; none if it is no record, which is told
	MayWait bool              `yaml:"may_wait"` // it may be asked about in place of being read
	Told    bool              // it is told though it is read
	NamedBy []string          `yaml:"named_by"`
}

type sum struct {
	Field string
	Is    int64
}

type growth struct {
	Key  string
	Plus int64
}

// list is what must come of a unit list.
type list struct {
	Made  map[int]string    // by row, the unit that it makes
	Codes map[string]string // by unit
	Never []string          // names that become no unit
}

// filling is what must come of a Word template.
type filling struct {
	Right string   // filled, or told by the check
	Holds []string // texts of the filled file
	Lacks []string // texts that it must not have
	Names []string // words of which the check says one
}

// values are those that are right, any of them; none is that there is no value.
type values []value

type value struct {
	none bool
	text string
}

func (v value) String() string {
	if v.none {
		return "none"
	}
	return v.text
}

func (v *values) UnmarshalYAML(n *yaml.Node) error {
	list := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		list = n.Content
	}
	for _, x := range list {
		*v = append(*v, value{x.ShortTag() == "!!null", x.Value})
	}
	return nil
}

// strangers reads the files of one table.
func strangers(t *testing.T, path string) []stranger {
	t.Helper()
	raw, err := os.ReadFile(path)
	apptest.Must(t, err)
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	var out []stranger
	apptest.Must(t, d.Decode(&out))
	return out
}

// each runs a test over every file of the tables that match, each in a district of its own.
func each(t *testing.T, tables string, least int, f func(w *world, s *stranger)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", tables))
	apptest.Must(t, err)
	d, seen := found(t), map[string]bool{}
	for _, path := range paths {
		for _, s := range strangers(t, path) {
			if seen[s.Name] {
				t.Errorf("two files are called %s", s.Name)
			}
			seen[s.Name] = true
			t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml")+"/"+s.Name, func(t *testing.T) { f(d.world(t), &s) })
		}
	}
	if len(seen) < least {
		t.Errorf("%d files, %d at the least", len(seen), least)
	}
}

// content is the file as it is handed in, under its name.
func (s *stranger) content(t testing.TB) (name string, raw []byte) {
	t.Helper()
	switch {
	case s.Body != "":
		return "input.docx", wordFile(t, s.Body, s.Relations, s.Parts)
	case s.Text == "":
		return "input.xlsx", workbook(t, s.pages(), s.Form)
	}
	var err error
	raw = []byte(s.Text)
	switch s.Encoding {
	case "gbk":
		raw, err = simplifiedchinese.GBK.NewEncoder().Bytes(raw)
	case "utf-16":
		raw, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(raw)
	case "utf-8-bom":
		raw = append([]byte("\ufeff"), raw...)
	case "":
	default:
		t.Fatalf("no encoding is called %s", s.Encoding)
	}
	apptest.Must(t, err)
	return s.File, raw
}
