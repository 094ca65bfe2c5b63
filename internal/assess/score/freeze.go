package score

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/unit"
)

// What a run freezes of a unit is written as sorted lines of fields between tabs, so that the same facts are the same
// bytes whatever order they came in; SHA-256 is taken over them before they are deflated.

var (
	escape   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)
	unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n")
)

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func numText(n Num) string {
	if !n.Defined() {
		return "-"
	}
	return n.String()
}

// Lines are the facts as they are frozen.
func (f *Facts) Lines() []byte {
	var lines []string
	add := func(fields ...string) {
		for i := range fields {
			fields[i] = escape.Replace(fields[i])
		}
		lines = append(lines, strings.Join(fields, "\t"))
	}
	value := func(head []string, v Value) {
		add(append(head, numText(v.Num), numText(v.Part), numText(v.Of), flag(v.Terms)+flag(v.Percent), strconv.FormatInt(v.N, 10), v.Digest)...)
	}
	add("unit", f.Unit, f.Name)
	for k, a := range f.Attrs {
		add("attr", k, flag(a.Word), numText(a.Num), a.Text)
	}
	for k, v := range f.Values {
		value([]string{"value", k}, v)
		for i, c := range v.Children {
			add("child", k, fmt.Sprintf("%06d", i), c.Unit, c.Name, c.Run, flag(c.Scored), numText(c.Share), numText(c.Weight), c.Grade)
		}
	}
	for k, list := range f.Series {
		texts := make([]string, len(list))
		for i, n := range list {
			texts[i] = numText(n)
		}
		add("days", k, strings.Join(texts, " "))
	}
	for k, m := range f.Months {
		add("month", k, strconv.Itoa(m))
	}
	for i, v := range f.Visits {
		at := fmt.Sprintf("%06d", i)
		add("visit", at, v.ID, strconv.FormatInt(v.Day, 10), v.Place, v.Kind)
		for k, x := range v.Found {
			value([]string{"found", at, k}, x)
		}
		for _, n := range v.NA {
			add("skip", at, n)
		}
	}
	for _, n := range f.NA {
		add("na", n)
	}
	for k, j := range f.Judged {
		add("judged", k, numText(j.Points), j.Reason, j.By)
	}
	for k, n := range f.Self {
		add("self", k, numText(n))
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, "\n"))
}

// Sum is the SHA-256 of what is frozen, in hexadecimal.
func Sum(lines []byte) string {
	s := sha256.Sum256(lines)
	return hex.EncodeToString(s[:])
}

// Packer deflates with one writer that is used again: making one costs more than what it writes here.
type Packer struct {
	w   *flate.Writer
	buf bytes.Buffer
}

// Pack deflates lines.
func (p *Packer) Pack(lines []byte) ([]byte, error) {
	p.buf.Reset()
	if p.w == nil {
		w, err := flate.NewWriter(&p.buf, flate.DefaultCompression)
		if err != nil {
			return nil, err
		}
		p.w = w
	} else {
		p.w.Reset(&p.buf)
	}
	if _, err := p.w.Write(lines); err != nil {
		return nil, err
	}
	if err := p.w.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(p.buf.Bytes()), nil
}

// mostFrozen bounds what a stored unit may unpack to.
const mostFrozen = 16 << 20

// Unpack reads what Pack wrote.
func Unpack(packed []byte) ([]byte, error) {
	lines, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), mostFrozen+1))
	if err == nil && len(lines) > mostFrozen {
		err = fmt.Errorf("frozen inputs of more than %d bytes", mostFrozen)
	}
	return lines, err
}

// ReadFacts reads what Lines wrote.
func ReadFacts(lines []byte) (*Facts, error) {
	f := &Facts{Attrs: map[string]Attr{}, Values: map[string]Value{}, Series: map[string][]Num{}, Months: map[string]int{},
		Judged: map[string]Judgement{}, Self: map[string]Num{}}
	r := reader{}
	visits := map[string]*Visit{}
	var order []string
	visit := func(at string) *Visit {
		if visits[at] == nil {
			visits[at] = &Visit{Found: map[string]Value{}}
			order = append(order, at)
		}
		return visits[at]
	}
	children := map[string][]Child{}
	for line := range strings.SplitSeq(string(lines), "\n") {
		p := strings.Split(line, "\t")
		for i := range p {
			p[i] = unescape.Replace(p[i])
		}
		r.line, r.p = line, p
		switch p[0] {
		case "unit":
			f.Unit, f.Name = r.at(1), r.at(2)
		case "attr":
			f.Attrs[r.at(1)] = Attr{Word: r.at(2) == "1", Num: r.num(3), Text: r.at(4)}
		case "value":
			f.Values[r.at(1)] = r.value(2)
		case "child":
			children[r.at(1)] = append(children[r.at(1)], Child{Unit: r.at(3), Name: r.at(4), Run: r.at(5), Scored: r.at(6) == "1", Share: r.num(7),
				Weight: r.num(8), Grade: r.at(9)})
		case "days":
			for text := range strings.FieldsSeq(r.at(2)) {
				f.Series[r.at(1)] = append(f.Series[r.at(1)], r.parse(text))
			}
		case "month":
			f.Months[r.at(1)] = int(r.int(2))
		case "visit":
			v := visit(r.at(1))
			v.ID, v.Day, v.Place, v.Kind = r.at(2), r.int(3), r.at(4), r.at(5)
		case "found":
			visit(r.at(1)).Found[r.at(2)] = r.value(3)
		case "skip":
			v := visit(r.at(1))
			v.NA = append(v.NA, r.at(2))
		case "na":
			f.NA = append(f.NA, r.at(1))
		case "judged":
			f.Judged[r.at(1)] = Judgement{r.num(2), r.at(3), r.at(4)}
		case "self":
			f.Self[r.at(1)] = r.num(2)
		default:
			r.fail()
		}
	}
	for k, list := range children {
		v := f.Values[k]
		v.Children = list
		f.Values[k] = v
	}
	slices.Sort(order)
	for _, at := range order {
		f.Visits = append(f.Visits, *visits[at])
	}
	return f, r.err
}

// reader reads the fields of a line and keeps the first error.
type reader struct {
	line string
	p    []string
	err  error
}

func (r *reader) fail() {
	if r.err == nil {
		r.err = fmt.Errorf("frozen line %q cannot be read", r.line)
	}
}

func (r *reader) at(i int) string {
	if i >= len(r.p) {
		r.fail()
		return ""
	}
	return r.p[i]
}

func (r *reader) int(i int) int64 {
	n, err := strconv.ParseInt(r.at(i), 10, 64)
	if err != nil {
		r.fail()
	}
	return n
}

func (r *reader) num(i int) Num { return r.parse(r.at(i)) }

func (r *reader) parse(text string) Num {
	if text == "-" {
		return unit.Undefined
	}
	n, err := unit.ParseNum(text)
	if err != nil {
		r.fail()
	}
	return n
}

func (r *reader) value(i int) Value {
	flags := r.at(i + 3)
	if len(flags) != 2 {
		r.fail()
		return Value{}
	}
	return Value{Num: r.num(i), Part: r.num(i + 1), Of: r.num(i + 2), Terms: flags[0] == '1', Percent: flags[1] == '1', N: r.int(i + 4), Digest: r.at(i + 5)}
}
