package kind

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Fold is a name as it is compared: full width as half, letters in lower case, without blanks, dots and dashes inside.
// 皖Ｙ·18866d and 皖Y 18866D are one lorry.
func Fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '\u200b', '\ufeff', '·', '•', '.', '-', '‐', '–', '—', '・', '‧':
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKC.String(text)))
}
