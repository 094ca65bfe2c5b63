// Package draw decides by published rules which places are inspected on a day and who goes where. Everything follows from a
// sealed list and a seed that nobody knew before the day, so that anybody can work it out again with sha256sum and sort.
package draw

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Place is one line of the list: something that can be drawn, or is left out and says why.
type Place struct {
	Stratum string // its street: what the day's visits are spread over
	Key     string
	Level   int // how often it was drawn and visited in its round; all of a stratum lie within one of each other
	Name    string
	LeftOut bool
	Reason  string // why it cannot be drawn
}

// Base is the list that is sealed before anything is drawn.
type Base struct {
	Campaign string
	Sealed   string // the day, 2026-12-23
	Quota    []int  // places a day
	Surprise int    // per cent
	Second   int    // per cent
	Places   []Place
}

// headers is the number of lines before the places.
const headers = 8

// clean keeps a field from ending itself, its line or the file: separators and control characters become spaces.
func clean(s string) string {
	s = strings.ToValidUTF8(s, " ")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == '|' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return ' '
		}
		return r
	}, s))
}

// line is a place as the file holds it.
func (p Place) line() string {
	if p.LeftOut {
		return clean(p.Stratum) + "|" + clean(p.Key) + "|-|" + clean(p.Name+": "+p.Reason)
	}
	return clean(p.Stratum) + "|" + clean(p.Key) + "|" + strconv.Itoa(p.Level) + "|" + clean(p.Name)
}

// Text is the sealed file: UTF-8 without a mark, lines end with LF, places sorted bytewise. The number of places is that of
// those that can be drawn.
func (b Base) Text() string {
	lines := make([]string, 0, len(b.Places))
	n := 0
	for _, p := range b.Places {
		if !p.LeftOut {
			n++
		}
		lines = append(lines, p.line())
	}
	slices.Sort(lines)
	quota := make([]string, len(b.Quota))
	for i, q := range b.Quota {
		quota[i] = strconv.Itoa(q)
	}
	return fmt.Sprintf("sifen-base 1\ncampaign %s\nsealed %s\nquota %s\nsurprise %d\nsecond %d\nplaces %d\n\n", clean(b.Campaign), clean(b.Sealed),
		strings.Join(quota, " "), b.Surprise, b.Second, n) + strings.Join(append(lines, ""), "\n")
}

// Digest is the SHA-256 of a text, in hex: what is published of a list when it is sealed.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ErrBase says that a text is no sealed list.
var ErrBase = errors.New("this is no list of places for a draw")

// Parse reads a sealed file. What Text would not have written is refused: the digest stands for these bytes alone.
//
// Errors: ErrBase, wrapped with what is wrong.
func Parse(text string) (b Base, err error) {
	wrong := func(what string, args ...any) (Base, error) {
		return Base{}, fmt.Errorf("%w: "+what, append([]any{ErrBase}, args...)...)
	}
	if !utf8.ValidString(text) || strings.Contains(text, "\r") || strings.HasPrefix(text, "\ufeff") || !strings.HasSuffix(text, "\n") {
		return wrong("it is not UTF-8 with lines that end with LF and no mark before them")
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < headers {
		return wrong("it ends within its head")
	}
	head := map[string]string{}
	for _, l := range lines[:headers-1] {
		k, v, _ := strings.Cut(l, " ")
		head[k] = v
	}
	b.Campaign, b.Sealed = head["campaign"], head["sealed"]
	places := 0
	for key, to := range map[string]*int{"surprise": &b.Surprise, "second": &b.Second, "places": &places} {
		if *to, err = strconv.Atoi(head[key]); err != nil {
			return wrong("%s %q", key, head[key])
		}
	}
	for q := range strings.FieldsSeq(head["quota"]) {
		n, err := strconv.Atoi(q)
		if err != nil {
			return wrong("quota %q", head["quota"])
		}
		b.Quota = append(b.Quota, n)
	}
	for _, l := range lines[headers:] {
		f := strings.SplitN(l, "|", 4)
		if len(f) < 4 {
			return wrong("the line %q", l)
		}
		p := Place{Stratum: f[0], Key: f[1], Name: f[3]}
		if f[2] == "-" {
			p.LeftOut = true
			p.Name, p.Reason, _ = strings.Cut(f[3], ": ")
		} else if p.Level, err = strconv.Atoi(f[2]); err != nil || p.Level < 0 {
			return wrong("the line %q", l)
		}
		b.Places = append(b.Places, p)
	}
	if again := b.Text(); again != text {
		return wrong("its lines are not in order, or their number is not %d", places)
	}
	return b, nil
}

// Drawable are the places that can be drawn, in the order of the file.
func (b Base) Drawable() []Place {
	return slices.DeleteFunc(slices.Clone(b.Places), func(p Place) bool { return p.LeftOut })
}

// Seed is what a day's order follows from: the SHA-256 of secret, digest of the list, words of representatives and chain of
// the journal. None of the four alone decides it, and the last is known to nobody before six in the morning.
func Seed(secret, base, words, chain string) string {
	return Digest(secret + "|" + base + "|" + words + "|" + chain)
}

// Hash is the number of a place under a seed: SHA-256 of seed, campaign and key.
func Hash(seed, campaign, key string) string { return Digest(seed + "|" + campaign + "|" + key) }

// Ranked is a place in the order of a day.
type Ranked struct {
	Place
	Hash string
}

// Order is the order of a day: by stratum, then level, then hash, as the published line of shell puts it.
func Order(b Base, seed string) []Ranked {
	var out []Ranked
	prefix := []byte(seed + "|" + b.Campaign + "|")
	for _, p := range b.Places {
		if p.LeftOut {
			continue
		}
		sum := sha256.Sum256(append(prefix[:len(prefix):len(prefix)], p.Key...))
		out = append(out, Ranked{p, hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(out, func(a, b Ranked) int {
		if c := strings.Compare(a.Stratum, b.Stratum); c != 0 {
			return c
		}
		if a.Level != b.Level {
			return a.Level - b.Level
		}
		return strings.Compare(a.Hash, b.Hash)
	})
	return out
}
