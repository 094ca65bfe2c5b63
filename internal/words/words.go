// Package words says which words of a text the full-text index holds and how a search asks for them, the same in both databases.
package words

import (
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// tokens splits a text for the full-text index: every Chinese character is a word of its own, runs of letters and
// digits are one each. Both databases index the same words.
func tokens(text string) []string {
	var out []string
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			out = append(out, run.String())
			run.Reset()
		}
	}
	for _, r := range plain(text) {
		switch {
		case unicode.Is(unicode.Han, r):
			flush()
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			run.WriteRune(r)
		default:
			flush()
		}
	}
	flush()
	return out
}

// Indexed is the text of a record as the index takes it: its tokens, the ends of its numbers, and its kind as one more.
func Indexed(kind, text string) string {
	list := tokens(text)
	return strings.Join(append(append(list, ends(list)...), kindToken(kind)), " ")
}

// People know a lorry, a telephone or a record by the end of its number: the ends of a token with a digit are words too. A
// mark that nobody types keeps them apart, so that the last word of 社区7-13 does not run through every number with a 13 in it.
const (
	endMark     = "ǂ"
	shortestEnd = 3
	longestEnd  = 12
	fewestEnds  = 5 // a token this long has ends; shorter ones, years for example, are found whole
)

// ends lists the ends of the tokens that hold a digit, each once.
func ends(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for i, t := range list {
		r := []rune(t)
		if len(r) < fewestEnds || !strings.ContainsFunc(t, unicode.IsDigit) {
			continue
		}
		for n := min(len(r)-1, longestEnd); n >= shortestEnd; n-- {
			if end := string(r[len(r)-n:]); !seen[end] {
				seen[end] = true
				out = append(out, endMark+end)
				if i+1 < len(list) && strings.Contains("挂学警", list[i+1]) { // 皖E1234挂: the last character of a plate stays beside it
					out = append(out, list[i+1])
				}
			}
		}
	}
	return out
}

// plate is the letter of a plate's place and what follows, which people part by a point, a dash or a blank.
var plate = regexp.MustCompile(`(\p{Han}[a-z])[ .·•‧・∙-]+([a-z0-9]{5,6}\b|[a-z0-9]{4}[挂学警])`)

// plain is a text as it is looked for: lower case, what input methods type wide is narrow, a plate is one word.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '　':
			return ' '
		}
		return unicode.ToLower(r)
	}, text)
	return plate.ReplaceAllString(text, "$1$2")
}

// kindToken is a kind as a word of the index. It begins with a letter that nobody types, so that the beginning of a word
// never meets it.
func kindToken(kind string) string {
	h := fnv.New64a()
	h.Write([]byte(kind))
	return "ǁ" + strconv.FormatUint(h.Sum64(), 36)
}

// isEnd reports whether a token a person typed can be the end of a longer number.
func isEnd(token string) bool {
	return len([]rune(token)) >= shortestEnd && strings.ContainsFunc(token, unicode.IsDigit)
}

// phrase asks for tokens that follow each other, the last one a beginning.
func phrase(list []string, postgres bool) string {
	if postgres {
		return "(" + strings.Join(list, " <-> ") + ":*)"
	}
	return `"` + strings.Join(list, " ") + `" *`
}

// Asked is the search a person typed, as the database asks it: every word a phrase, the last token of each a beginning, all in
// records of one kind unless that is "". "" when nothing can be searched for.
func Asked(kind, query string, postgres bool) string {
	var all []string
	for _, word := range strings.Fields(plain(query)) {
		list := tokens(word)
		if len(list) == 0 {
			continue
		}
		asked := phrase(list, postgres)
		if isEnd(list[0]) {
			list[0] = endMark + list[0]
			or := " OR "
			if postgres {
				or = " | "
			}
			asked = "(" + asked + or + phrase(list, postgres) + ")"
		}
		all = append(all, asked)
	}
	if len(all) > 0 && kind != "" {
		all = append(all, kindToken(kind))
	}
	if postgres {
		return strings.Join(all, " & ")
	}
	return strings.Join(all, " AND ")
}
