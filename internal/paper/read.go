package paper

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/sheet"
)

// Fault is something on a sheet that has to be put right, and where.
type Fault struct {
	Cell string     `json:"cell"`
	Say  i18n.Label `json:"say"`
}

// filled is one place as it was filled in.
type filled struct {
	place, name, form, formVersion string
	day                            string
	dayCell                        string
	in                             inspect.Input
	cells                          []string // of the answers
	lookCells                      []string
	names                          map[string]string // of objects, by their line
	nameCells                      map[string]string
	faults                         []Fault
	sections                       map[string]string // of items
	answered, wrong                int64
}

type line struct {
	place, form, section, item, subject string
	row                                 sheet.Row
}

// read takes a sheet apart into its places, in their order.
//
// Errors: ErrFile for what is no such sheet.
func read(ctx context.Context, set *pack.Set, content []byte, now time.Time) (list []*filled, meta map[string]string, err error) {
	t, err := sheet.Open(content, sheet.ReadOptions{MaxColumns: 40})
	if err != nil {
		return nil, nil, ErrFile.Because(err)
	}
	defer t.Close()
	if t.Meta["paper"] != "1" {
		return nil, nil, ErrFile
	}
	by := map[string]*filled{}
	for row, err := range t.Rows(ctx) {
		if err != nil {
			return nil, nil, ErrFile.Because(err)
		}
		parts := strings.Split(row.Text(colKey), "|")
		if len(parts) != 5 {
			if row.Text(colAnswer) != "" {
				return nil, nil, ErrFile.With("cell", row.Address(colKey))
			}
			continue
		}
		l := line{parts[0], parts[1], parts[2], parts[3], parts[4], row}
		at := l.place + "|" + l.form
		f := by[at]
		if f == nil {
			f = &filled{place: l.place, name: row.Text(colPlace), names: map[string]string{}, nameCells: map[string]string{}, sections: map[string]string{}}
			f.form, f.formVersion, _ = strings.Cut(l.form, "@")
			by[at], list = f, append(list, f)
		}
		f.take(set, l)
	}
	list = slices.DeleteFunc(list, func(f *filled) bool { return !f.begun() })
	for _, f := range list {
		f.finish(now, t.Meta["day"], t.Date1904)
	}
	return list, t.Meta, nil
}

// begun reports whether anything was filled in of a place.
func (f *filled) begun() bool {
	return len(f.in.Answers)+len(f.in.Looks)+len(f.faults) > 0 || f.in.Words != "" || f.in.Present != ""
}

func (f *filled) fault(cell, code string, args map[string]any) {
	f.faults = append(f.faults, Fault{cell, i18n.Label{Zh: i18n.Sentence(code, args, i18n.Zh), En: i18n.Sentence(code, args, i18n.En)}})
}

// take reads one line.
func (f *filled) take(set *pack.Set, l line) {
	said := strings.TrimSpace(l.row.Text(colAnswer))
	switch l.item {
	case lineDay:
		f.day, f.dayCell = said, l.row.Address(colAnswer)
		return
	case linePresent:
		f.in.Present = said
		return
	case lineWords:
		f.in.Words = said
		return
	case lineName:
		f.names[l.subject], f.nameCells[l.subject] = said, l.row.Address(colAnswer)
		return
	case lineLook:
		if said == "" {
			return
		}
		passed, known := answerOf(said)
		if !known {
			f.fault(l.row.Address(colAnswer), "paper.look", nil)
			return
		}
		f.in.Looks = append(f.in.Looks, inspect.Look{Case: l.subject, Passed: passed == inspect.Yes, Words: l.row.Text(colWords)})
		f.lookCells = append(f.lookCells, l.row.Address(colAnswer))
		return
	}
	c, ok := pack.Value[inspect.Checklist](set, "checklists", f.form)
	if !ok {
		f.fault(l.row.Address(colKey), "paper.line", nil)
		return
	}
	item := itemOf(c, l.section, l.item)
	if item == nil {
		if said != "" {
			f.fault(l.row.Address(colKey), "paper.line", nil)
		}
		return
	}
	if said == "" {
		if l.row.Text(colCount) != "" || l.row.Text(colWords) != "" {
			f.fault(l.row.Address(colAnswer), "paper.no-answer", map[string]any{"item": item.Ask})
		}
		return
	}
	a := inspect.Answer{Item: l.item, Subject: l.subject}
	if !fill(&a, item, said) {
		f.fault(l.row.Address(colAnswer), "paper.answer", map[string]any{"item": item.Ask, "said": said})
		return
	}
	if n := l.row.Text(colCount); n != "" {
		v, err := strconv.ParseInt(sheet.NormaliseDigits(n), 10, 64)
		if err != nil || v < 0 || v > 100_000 {
			f.fault(l.row.Address(colCount), "value.number", nil)
			return
		}
		a.Count = v
	}
	words := strings.TrimSpace(l.row.Text(colWords))
	a.Phrases, a.Words = phrasesOf(item, words)
	f.sections[l.item] = l.section
	f.in.Answers = append(f.in.Answers, a)
	f.cells = append(f.cells, l.row.Address(colAnswer))
	f.answered++
	if a.Value == inspect.No {
		f.wrong++
	}
}

func itemOf(c *inspect.Checklist, section, item string) *inspect.Item {
	for si := range c.Sections {
		for ii := range c.Sections[si].Items {
			if c.Sections[si].Key == section && c.Sections[si].Items[ii].Key == item {
				return &c.Sections[si].Items[ii]
			}
		}
	}
	return nil
}

// How people write yes, no and not applicable on paper.
var written = map[string]string{
	"是": inspect.Yes, "√": inspect.Yes, "✓": inspect.Yes, "✔": inspect.Yes, "符合": inspect.Yes, "合格": inspect.Yes, "正常": inspect.Yes,
	"已改好": inspect.Yes, "改好": inspect.Yes, "yes": inspect.Yes, "y": inspect.Yes, "put right": inspect.Yes,
	"否": inspect.No, "×": inspect.No, "✗": inspect.No, "✘": inspect.No, "x": inspect.No, "不符合": inspect.No,
	"不合格": inspect.No, "没改好": inspect.No, "未改好": inspect.No, "no": inspect.No, "n": inspect.No, "not yet": inspect.No,
	"不涉及": inspect.NotApplicable, "不适用": inspect.NotApplicable, "—": inspect.NotApplicable, "－": inspect.NotApplicable, "-": inspect.NotApplicable,
	"/": inspect.NotApplicable, "n.a.": inspect.NotApplicable, "na": inspect.NotApplicable, "n/a": inspect.NotApplicable,
}

// same reports whether two texts are one as people type them: full width or half, with blanks or without.
func same(a, b string) bool {
	flat := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(sheet.HalfWidth(s)), "")) }
	return flat(a) == flat(b)
}

// having is how a question is answered that asks whether something is there.
var having = map[string]string{"有": inspect.Yes, "没有": inspect.No, "无": inspect.No}

func answerOf(said string) (string, bool) {
	v, ok := written[strings.ToLower(sheet.HalfWidth(said))]
	if !ok {
		v, ok = written[strings.ToLower(said)]
	}
	return v, ok
}

// fill reads an answer as its item takes it. What cannot be told is no answer: nothing is guessed.
func fill(a *inspect.Answer, i *inspect.Item, said string) bool {
	if v, ok := answerOf(said); ok && v == inspect.NotApplicable {
		a.Value = v
		return true
	}
	switch i.Answer {
	case "", inspect.YesNo:
		v, ok := answerOf(said)
		if !ok && !strings.ContainsAny(i.Ask.Zh, "没无不未") { // beside “没有混装” a “没有” says the opposite of no
			v, ok = having[said]
		}
		a.Value = v
		return ok
	case inspect.Select:
		for _, o := range i.Options {
			if same(said, o.Title.Zh) || same(said, o.Title.En) || said == o.Key {
				a.Value = o.Key
				return true
			}
		}
		return false
	case inspect.Amount:
		v, err := strconv.ParseInt(sheet.NormaliseDigits(said), 10, 64)
		a.Value = strconv.FormatInt(v, 10)
		return err == nil
	case inspect.Share:
		part, of, ok := strings.Cut(strings.NewReplacer("／", "/", " ", "").Replace(sheet.NormaliseDigits(said)), "/")
		x, err1 := strconv.ParseInt(part, 10, 64)
		y, err2 := strconv.ParseInt(of, 10, 64)
		a.Part, a.Of = x, y
		return ok && err1 == nil && err2 == nil && x >= 0 && y > 0 && x <= y
	default:
		a.Value = said
		return true
	}
}

// phrasesOf finds standard wordings among what was written; the rest stays as words.
func phrasesOf(i *inspect.Item, words string) (phrases []string, rest string) {
	var left []string
	for _, part := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune("、，,；;", r) }) {
		part = strings.TrimSpace(part)
		found := ""
		for _, p := range i.Phrases {
			if same(part, p.Zh) || p.En != "" && same(part, p.En) {
				found = p.Key
			}
		}
		switch {
		case found != "" && !slices.Contains(phrases, found):
			phrases = append(phrases, found)
		case found == "" && part != "":
			left = append(left, part)
		}
	}
	return phrases, strings.Join(left, "，")
}

// finish names objects, settles the day and makes the id: the same sheet twice is the same visit.
func (f *filled) finish(now time.Time, out string, date1904 bool) {
	f.in.Place, f.in.Checklist, f.in.Form = f.place, f.form, f.formVersion
	day := period.Of(now)
	if f.day == "" && out != day.String() { // a sheet of another day says itself which
		f.fault(f.dayCell, "paper.day", map[string]any{"day": out})
	}
	if f.day != "" {
		t, err := sheet.Date(f.day, date1904)
		switch {
		case err != nil:
			f.fault(f.dayCell, "value.date", nil)
		case period.Date(t.Year(), int(t.Month()), t.Day()) > day:
			f.fault(f.dayCell, "paper.future", nil)
		default:
			day = period.Date(t.Year(), int(t.Month()), t.Day())
		}
	}
	sum := sha256.New()
	raw, _ := json.Marshal(f.in) // strings and integers always marshal
	fmt.Fprintf(sum, "%s %s %s %v", f.place, day, raw, f.names)
	h := hex.EncodeToString(sum.Sum(nil))
	uuid := func(h string) string {
		return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:32]
	}
	f.in.ID = uuid(h)
	f.in.MadeAt = min(day.Start().Add(12*time.Hour).UnixMilli(), now.UnixMilli()) // the hour is no part of what the sheet says
	// Objects met on paper get ids of their own; lines of one that nobody named are left out, and said so where they hold answers.
	ids := map[string]string{}
	keep := f.in.Answers[:0]
	var cells []string
	told := map[string]bool{}
	for n, a := range f.in.Answers {
		if strings.HasPrefix(a.Subject, "new:") {
			if f.names[a.Subject] == "" {
				if !told[a.Subject] {
					f.fault(f.nameCells[a.Subject], "paper.name", nil)
					told[a.Subject] = true
				}
				continue
			}
			if ids[a.Subject] == "" {
				own := sha256.Sum256([]byte(f.place + f.names[a.Subject] + a.Subject[:strings.LastIndex(a.Subject, ":")]))
				ids[a.Subject] = uuid(hex.EncodeToString(own[:]))
			}
		}
		keep = append(keep, a)
		cells = append(cells, f.cells[n])
	}
	f.in.Answers, f.cells = keep, cells
	f.subjects(ids)
}

// subjects lists what the sections were answered for.
func (f *filled) subjects(ids map[string]string) {
	seen := map[string]bool{}
	for n := range f.in.Answers {
		a := &f.in.Answers[n]
		if a.Subject == "" {
			continue
		}
		line := a.Subject
		x := inspect.Subject{Section: f.sections[a.Item], ID: line, Name: f.names[line]}
		if id, fresh := ids[line]; fresh {
			x.ID, x.Kind = id, strings.Split(line, ":")[1]
			a.Subject = id
		}
		if !seen[x.Section+x.ID] {
			seen[x.Section+x.ID] = true
			f.in.Subjects = append(f.in.Subjects, x)
		}
	}
}
