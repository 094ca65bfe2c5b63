package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"sifen/internal/db"
	"sifen/internal/org"
)

// usualHits bounds the entries a search looks at: the newest of the kind that hold the words. A page says when there are more.
const usualHits = 5000

func (s *Service) maxHits() int { return cmp.Or(s.MaxHits, usualHits) }

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

// indexed is the text of an entry as the index takes it: its tokens, the ends of its numbers, and its kind as one more.
func indexed(kind, text string) string {
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

// phrases is the search a person typed, as the database asks it: every word a phrase, the last token of each a
// beginning, all in entries of one kind if one is given. "" when nothing can be searched for.
func phrases(kind, query string, postgres bool) string {
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

// textCondition asks the index for the newest entries with the words.
func (s *Service) textCondition(district int64, p string, arg func(any) string) string {
	from, until := arg(docOf(district, 0)), arg(docOf(district+1, 0))
	if s.DB.Postgres {
		return fmt.Sprintf(`e.doc IN (SELECT x.doc FROM entry_text AS x WHERE x.district = $1 AND x.t @@ to_tsquery('simple', %s) AND x.doc > %s
			AND x.doc < %s ORDER BY x.doc DESC LIMIT %d)`, p, from, until, s.maxHits())
	}
	return fmt.Sprintf(`e.doc IN (SELECT rowid FROM entry_text WHERE entry_text MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid DESC LIMIT %d)`,
		p, from, until, s.maxHits())
}

// hits looks the words of a query up once, for everything a page says of them: the numbers of the newest entries of a kind
// ("" for all) that hold them, and whether more do than a search looks at.
func (s *Service) hits(ctx context.Context, q db.Querier, district int64, kind, query string) (docs []int64, capped bool, err error) {
	p := phrases(kind, query, s.DB.Postgres)
	if p == "" {
		return nil, false, nil
	}
	text := `SELECT rowid FROM entry_text WHERE entry_text MATCH $1 AND rowid > $2 AND rowid < $3 ORDER BY rowid DESC`
	args := []any{p, docOf(district, 0), docOf(district+1, 0)}
	if s.DB.Postgres {
		text = `SELECT x.doc FROM entry_text AS x WHERE x.district = $2 AND x.t @@ to_tsquery('simple', $1) ORDER BY x.doc DESC`
		args = []any{p, district}
	}
	docs, err = db.All(ctx, q, func(r *sql.Rows) (n int64, err error) { return n, r.Scan(&n) }, text+fmt.Sprintf(" LIMIT %d", s.maxHits()+1), args...)
	if most := s.maxHits(); len(docs) > most {
		return docs[:most], true, err
	}
	return docs, false, err
}

func numbers(list []org.No) string { return joined(list) }

func joined[N ~int64](list []N) string {
	var out strings.Builder
	for i, n := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(strconv.FormatInt(int64(n), 10))
	}
	return out.String()
}
