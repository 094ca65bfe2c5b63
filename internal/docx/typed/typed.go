// Package typed reads what people type into a Word file: names in either width, limits, near names, and what looks like a
// tag but is none.
package typed

import (
	"iter"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold makes what a Chinese input method types equal to its half-width form:
// punctuation, digits, letters, spaces, curly quotes.
func Fold(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～': // the full-width ASCII block
			return r - '！' + '!'
		case r == '　' || r == '\u00a0' || r == '\u2002' || r == '\u2003' || r == '\t':
			return ' '
		case r == '“' || r == '”' || r == '「' || r == '」':
			return '"'
		case r == '‘' || r == '’':
			return '\''
		case r == '﹪':
			return '%'
		case r == '\u200b' || r == '\ufeff' || r == '\u200c' || r == '\u200d': // invisible, often pasted along
			return -1
		}
		return r
	}, s)), " ")
}

// Keyword splits "每个 镇街" into its keyword and the rest. Without glue the
// keyword must be followed by a space or the end, so that {{文号}} is not a text.
func Keyword(s string, glue bool, words ...string) (string, bool) {
	for _, w := range words {
		if len(s) < len(w) || !strings.EqualFold(s[:len(w)], w) {
			continue
		}
		rest := s[len(w):]
		if rest == "" || rest[0] == ' ' || glue && w[0] >= 0x80 {
			return strings.TrimSpace(rest), true
		}
	}
	return s, false
}

const emuPerCm = 360000

// Picture reads "现场照片 宽8厘米" or "site-photo width 8cm"; a side that is not said is 0, the others are in EMU.
func Picture(s string) (name string, width, height int64, ok bool) {
	words := strings.Fields(s)
	for i := 0; i < len(words); i++ {
		w := words[i]
		var side *int64
		for _, p := range []struct {
			word string
			side *int64
		}{{"宽", &width}, {"高", &height}, {"width", &width}, {"height", &height}} {
			if rest, found := strings.CutPrefix(w, p.word); found && i > 0 && (rest == "" || rest[0] >= '0' && rest[0] <= '9') {
				side, w = p.side, rest
				break
			}
		}
		if side == nil {
			name = strings.TrimSpace(name + " " + w)
			continue
		}
		if w == "" && i+1 < len(words) {
			i++
			w = words[i]
		}
		if i+1 < len(words) && (words[i+1] == "cm" || words[i+1] == "厘米") {
			i++
		}
		w = strings.TrimSuffix(strings.TrimSuffix(w, "厘米"), "cm")
		cm, err := strconv.ParseFloat(w, 64)
		if err != nil || !(cm > 0 && cm <= 50) {
			return name, width, height, false
		}
		*side = int64(cm * emuPerCm)
	}
	return name, width, height, true
}

// Some says which names there are, those in Chinese characters or the others: sorted, the first of very many.
func Some(names iter.Seq[string], chinese bool) string {
	var list []string
	for n := range names {
		if chinese == strings.ContainsFunc(n, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			list = append(list, n)
		}
	}
	const most = 60
	slices.Sort(list)
	between, more := ", ", " and more"
	if chinese {
		between, more = "、", "等"
	}
	if len(list) <= most {
		return strings.Join(list, between)
	}
	return strings.Join(list[:most], between) + more
}

// Limit reads 90, 1,000, 6.8万, 90% exactly.
func Limit(s string) (*big.Rat, bool) {
	scale := big.NewRat(1, 1)
	for _, u := range []struct {
		suffix string
		factor *big.Rat
	}{{"%", big.NewRat(1, 100)}, {"万", big.NewRat(10_000, 1)}, {"亿", big.NewRat(100_000_000, 1)}} {
		if rest, ok := strings.CutSuffix(s, u.suffix); ok {
			s, scale = strings.TrimSpace(rest), u.factor
			break
		}
	}
	s = strings.ReplaceAll(s, ",", "")
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 24 || strings.Trim(digits, "0123456789.") != "" {
		return nil, false // big.Rat would also take fractions and exponents
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, false
	}
	return r.Mul(r, scale), true
}

// Numeral writes a number in a format of Word's lists.
func Numeral(format string, n int) string {
	switch format {
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand":
		return chinese(n)
	case "lowerLetter":
		return string(rune('a' + (n+25)%26))
	case "upperLetter":
		return string(rune('A' + (n+25)%26))
	case "none":
		return ""
	}
	return strconv.Itoa(n)
}

// chinese writes 1 to 99 as 一 to 九十九, as headings are numbered.
func chinese(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 1 || n > 99:
		return strconv.Itoa(n)
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n-10]
	}
	return digits[n/10] + "十" + digits[n%10]
}

// Brace returns the length of an opening or closing pair of braces at s, of
// either width.
func Brace(s string, half byte, full rune) int {
	n := 0
	for range 2 {
		switch r, size := utf8.DecodeRuneInString(s[n:]); {
		case n < len(s) && s[n] == half:
			n++
		case r == full:
			n += size
		default:
			return 0
		}
	}
	return n
}

// Around is the tag with up to 20 characters of its paragraph, most of them
// from whichever side has them.
func Around(s string, start, end int) string {
	const reach = 80 // bytes that hold 20 characters of any kind
	from, to := max(0, start-reach), min(len(s), end+reach)
	before, after := []rune(strings.ToValidUTF8(s[from:start], "")), []rune(strings.ToValidUTF8(s[end:to], ""))
	a := min(len(after), 10)
	b := min(len(before), 20-a)
	a = min(len(after), 20-b)
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\ufffc' {
			return ' '
		}
		return r
	}, string(before[len(before)-b:])+s[start:end]+string(after[:a])))
}

// FontRole maps the names fonts go by in official documents to a role.
func FontRole(name string) string {
	switch {
	case strings.Contains(name, "小标宋"):
		return "song"
	case strings.Contains(name, "楷"):
		return "kai"
	case strings.Contains(name, "黑"):
		return "hei"
	case strings.Contains(name, "仿宋"):
		return "fang"
	}
	return ""
}
