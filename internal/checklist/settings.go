package checklist

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/sheet"
)

// settings reads what else a row says of its item. What it says as it was before changes nothing.
func (r *reader) settings(row sheet.Row, i *inspect.Item, at string) {
	read := func(role Role, field string, was string, take func(text string) bool) {
		text, cell, own := r.at(row, role)
		if !slices.Contains(r.roles, role) || text == was && (own || text == "") {
			return
		}
		if text != "" && !own && role != roleAnswers && role != roleHow {
			return
		}
		if !take(text) {
			r.ask(cell, text, at+"/"+field, unread[field], nil)
		}
	}
	read(roleAnswer, "answer", saidAnswer(i, r.lang), func(t string) bool {
		if t == "" {
			t = yesNo.Zh
		}
		return meantAnswer(i, t)
	})
	read(rolePhrases, "phrases", saidPhrases(i.Phrases, r.lang), func(t string) bool {
		i.Phrases = meantPhrases(t, i.Phrases)
		return len(i.Phrases) <= mostPhrases
	})
	read(roleCount, "count", labelIn(i.Count, r.lang), func(t string) bool {
		if t == "" {
			i.Count = nil
			return true
		}
		l := i18n.Label{}
		if i.Count != nil {
			l = *i.Count
		}
		put(&l, t, r.lang)
		i.Count = &l
		return true
	})
	word := func(list []word, to *string) func(string) bool {
		return func(t string) bool {
			if t == "" {
				*to = ""
				return true
			}
			v, ok := meant(list, t)
			if ok {
				*to = v
			}
			return ok
		}
	}
	read(roleSeverity, "severity", severityIn(i, r.lang), word(severities, &i.Severity))
	read(roleHow, "how", howIn(i, r.lang), word(hows, &i.How))
	read(roleInstrument, "instrument", saidInstrument(r.set, i.Instrument, r.lang), func(t string) bool {
		if t == "" {
			i.Instrument = ""
			return true
		}
		v, ok := meantInstrument(r.set, t)
		if ok {
			i.Instrument = v
		}
		return ok
	})
	read(roleAnswers, "answers", saidAnswerers(i.Answers, r.lang), func(t string) bool {
		var list []string
		for _, p := range strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("\n；;、，,", r) }) {
			v, ok := meant(answerers, p)
			if !ok {
				return false
			}
			if !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
		i.Answers = list
		return true
	})
}

// unread says of a field that its words are not understood.
var unread = map[string]string{"answer": "checklist.read-answer", "phrases": "checklist.read-phrases", "severity": "checklist.read-severity",
	"instrument": "checklist.read-instrument", "answers": "checklist.read-party", "how": "checklist.read-how"}

func labelIn(l *i18n.Label, lang i18n.Lang) string {
	if l == nil {
		return ""
	}
	return l.In(lang)
}

func severityIn(i *inspect.Item, lang i18n.Lang) string {
	if i.Severity == "" {
		return say(severities, "minor", lang)
	}
	return say(severities, i.Severity, lang)
}

func howIn(i *inspect.Item, lang i18n.Lang) string {
	if i.How == "" {
		return ""
	}
	return say(hows, i.How, lang)
}

var (
	numberLike = regexp.MustCompile(`^[\d一二三四五六七八九十百.．、()（）①-⑳-]+$`)
	pointLike  = regexp.MustCompile(`^(\d{1,4})(?:\.(\d{1,2})0*)?分?$`)
)

// pointsAt notes points; what they are the points of is known at the end of the section.
func (r *reader) pointsAt(si, ii int, cell, text string) {
	m := pointLike.FindStringSubmatch(flat(text))
	if m == nil {
		r.ask(cell, text, fmt.Sprintf("/sections/%d/points", si), "checklist.read-points", nil)
		return
	}
	whole, _ := strconv.ParseInt(m[1], 10, 64)
	part, _ := strconv.ParseInt((m[2] + "00")[:2], 10, 64)
	r.points[si] = append(r.points[si], point{cell, whole*100 + part, ii})
}

// sumPoints gives a section its points: one number for all of it, or those of its items together, which then stand in the rules
// of the items.
func (r *reader) sumPoints(si int) {
	list := r.points[si]
	if len(list) == 0 {
		return
	}
	s := &r.out.Checklist.Sections[si]
	var sum int64
	for _, p := range list {
		sum += p.hundreths
	}
	if len(list) > 1 {
		for _, p := range list {
			i := &s.Items[p.item]
			said := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", p.hundreths/100, p.hundreths%100), "0"), ".")
			l := i18n.Label{}
			if i.Rule != nil {
				l = *i.Rule
			}
			prefix := i18n.Say("checklist.item-points", map[string]any{"n": said}).In(r.lang)
			if !strings.HasPrefix(l.In(r.lang), prefix) {
				put(&l, strings.TrimSpace(prefix+l.In(r.lang)), r.lang)
			}
			i.Rule = &l
		}
	}
	switch {
	case sum%100 != 0:
		r.ask(list[0].cell, fmt.Sprintf("%d.%02d", sum/100, sum%100), fmt.Sprintf("/sections/%d/points", si), "checklist.read-points", nil)
	case s.Points > 0 && !r.out.Own && s.Points != sum/100 && r.opt.Base == nil:
		r.ask(list[0].cell, fmt.Sprint(sum/100), fmt.Sprintf("/sections/%d/points", si), "checklist.read-sum", map[string]any{"a": s.Points, "b": sum / 100})
	default:
		s.Points = sum / 100
	}
}

// sum leaves a row of totals out, and asks where it says something else than the sections.
func (r *reader) sum(row sheet.Row, own []int) {
	for _, n := range own {
		r.leave(row.Address(n), row.Text(n), "checklist.left-sum", nil)
	}
	text, cell, mine := r.at(row, rolePoints)
	m := pointLike.FindStringSubmatch(flat(text))
	if !mine || m == nil {
		return
	}
	var total int64
	for si := range r.out.Checklist.Sections {
		if len(r.points[si]) == 0 {
			total += r.out.Checklist.Sections[si].Points * 100
		}
		for _, p := range r.points[si] {
			total += p.hundreths
		}
	}
	if said, _ := strconv.ParseInt(m[1], 10, 64); said*100 != total && !strings.Contains(strings.ToLower(row.Text(own[0])), "小计") {
		r.ask(cell, text, "", "checklist.read-total", map[string]any{"a": said, "b": total / 100})
	}
}
