package strangers

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// said is everything that a person is told.
type said []string

var (
	ofRows = regexp.MustCompile(`第[^行。；]{1,200}行`)
	upTo   = regexp.MustCompile(`(\d+)(?:\s*(?:-|–|—|~|至|到)\s*(\d+))?`)
	aCell  = regexp.MustCompile(`^[A-Z]{1,2}(\d+)$`)
)

// whole finds a pattern in a text where no letter or digit stands before it and no digit after it.
func whole(text string, pattern *regexp.Regexp) (found [][]int) {
	for _, at := range pattern.FindAllStringIndex(text, -1) {
		before, after := byte(' '), byte(' ')
		if at[0] > 0 {
			before = text[at[0]-1]
		}
		if at[1] < len(text) {
			after = text[at[1]]
		}
		if !alphanumeric(before) && (after < '0' || after > '9') {
			found = append(found, at)
		}
	}
	return found
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func cellsOf(row int) *regexp.Regexp { return regexp.MustCompile(fmt.Sprintf(`[A-Z]{1,2}%d`, row)) }

// row reports whether a row is named: by one of its cells or by its number, alone or in a range.
func (s said) row(n int) bool {
	for _, text := range s {
		if len(whole(text, cellsOf(n))) > 0 {
			return true
		}
		for _, part := range ofRows.FindAllString(text, -1) {
			for _, m := range upTo.FindAllStringSubmatch(part, -1) {
				from, _ := strconv.Atoi(m[1])
				to, err := strconv.Atoi(m[2])
				if err != nil {
					to = from
				}
				if n >= from && n <= to {
					return true
				}
			}
		}
	}
	return false
}

// any reports whether one of some places or words is named. A cell is named by its row too, but not by another cell of it.
func (s said) any(places []string) bool {
	for _, p := range places {
		m := aCell.FindStringSubmatch(p)
		if m == nil {
			if slices.ContainsFunc(s, func(text string) bool { return strings.Contains(text, p) }) {
				return true
			}
			continue
		}
		n, _ := strconv.Atoi(m[1])
		cell, others := regexp.MustCompile(p), said{}
		for _, text := range s {
			if len(whole(text, cell)) > 0 {
				return true
			}
			for _, at := range slices.Backward(whole(text, cellsOf(n))) {
				text = text[:at[0]] + text[at[1]:]
			}
			others = append(others, text)
		}
		if others.row(n) {
			return true
		}
	}
	return false
}

// matching is the first text that matches a pattern.
func (s said) matching(pattern string) (string, bool) {
	i := slices.IndexFunc(s, regexp.MustCompile(pattern).MatchString)
	if i < 0 {
		return "", false
	}
	return s[i], true
}

// plain is a text without what people write differently: width, blanks, commas between thousands.
func plain(s string) string {
	return strings.TrimSpace(strings.NewReplacer(",", "", " ", "").Replace(norm.NFKC.String(s)))
}

// textOf is a value of an answer as a text.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// has reports whether a value is one of those that are right.
func (v values) has(x any) bool {
	if v == nil {
		return x == nil
	}
	return slices.ContainsFunc(v, func(w value) bool {
		if x == nil || w.none {
			return x == nil && w.none
		}
		return plain(textOf(x)) == plain(w.text)
	})
}

// fits reports whether a record has the values wanted.
func fits(record map[string]any, want map[string]values) bool {
	for key, v := range want {
		if !v.has(record[key]) {
			return false
		}
	}
	return true
}
