// Package pinyin gives the initials by which people look for Chinese names: 榆巷街道 is found by yxjd.
package pinyin

import (
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// maxVariants bounds the ways one name is written when several of its characters have two readings.
const maxVariants = 16

// more holds the further initials of characters that are read otherwise in names of places and persons than the
// dictionary's first reading: 重庆 cq, 长兴 cx, 厦门 xm, 单 s, 曾 z.
var more = map[rune]string{}

func init() {
	for _, s := range strings.Fields(`重zc 长zc 厦sx 朝cz 乐ly 曾zc 单ds 解jx 仇cq 区qo 查cz 覃qt 翟zd 行xh 会hk 堡bp 埔pb 宿sx 车cj 种zc
		尉wy 贾jg 召zs 折zs 提td 藏zc 降jx 调dt 传cz 弹dt 省sx 校xj 巷xh 圈qj 尾wy 番fp 莘sx 歙sx 涡wg 枞zc 栖qx 浒hx 洞dt 阿ae 大dt
		都d 缪mj 祭jz 盛sc 晟sc 乘cs 石sd 万wm 术sz 参cs 辟pb 泌mb 蛤gh 隗wk 晁cz 俞ys 炅jg 适sk 员yr 乜mn 谷gy 柏b 戚q`) {
		r := []rune(s)
		more[r[0]] = string(r[1:])
	}
}

// of lists the initials of a character, the usual one first; "" for a sign.
func of(r rune) string {
	if s, ok := known.Load(r); ok {
		return s.(string)
	}
	s := read(r)
	known.Store(r, s)
	return s
}

// known remembers characters: the dictionary is asked once for each.
var known sync.Map

func read(r rune) string {
	if !unicode.Is(unicode.Han, r) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToLower(r))
		}
		return ""
	}
	args := pinyin.NewArgs()
	args.Style = pinyin.FirstLetter
	first := ""
	if got := pinyin.SinglePinyin(r, args); len(got) > 0 {
		first = got[0]
	}
	for _, c := range more[r] {
		if !strings.ContainsRune(first, c) {
			first += string(c)
		}
	}
	return first
}

// Initials writes a name by the first letters of its characters, lower case, letters and digits as they are, signs left
// out. Where characters have several readings the ways follow each other, separated by blanks, the usual one first, at
// most 16. A name without a Chinese character gives "": it is found as it is written.
func Initials(name string) string { return strings.Join(waysOf(name, maxVariants), " ") }

// Cache remembers the words of texts that come again and again, such as the paths of a district's units. The zero Cache
// is ready; it forgets nothing, so give it only what is bounded.
type Cache struct{ m sync.Map }

// Words is the function of that name.
func (c *Cache) Words(text string) string {
	if s, ok := c.m.Load(text); ok {
		return s.(string)
	}
	s := Words(text)
	c.m.Store(text, s)
	return s
}

// Words writes every run of letters of a text by its initials, for a full-text index: of a run its first 20 characters, in
// at most 4 ways.
func Words(text string) string {
	var out []string
	for _, run := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if r := []rune(run); len(r) > 20 {
			run = string(r[:20])
		}
		out = append(out, waysOf(run, 4)...)
	}
	return strings.Join(out, " ")
}

func waysOf(name string, most int) []string {
	ways, han := []string{""}, false
	for _, r := range name {
		if unicode.Is(unicode.Han, r) {
			han = true
		}
		letters := of(r)
		if letters == "" {
			continue
		}
		now := ways
		for i, c := range letters {
			if i == 0 {
				for j := range now {
					now[j] += string(c)
				}
				continue
			}
			if len(ways)+len(now) > most {
				break
			}
			for _, w := range now {
				ways = append(ways, w[:len(w)-1]+string(c))
			}
		}
	}
	if !han {
		return nil
	}
	return ways
}

// Typed reports whether a search could be initials: letters and digits alone, beginning with a letter.
func Typed(q string) bool {
	if q == "" || q[0] >= '0' && q[0] <= '9' {
		return false
	}
	for i := range len(q) {
		c := q[i] | 0x20
		if (c < 'a' || c > 'z') && (q[i] < '0' || q[i] > '9') {
			return false
		}
	}
	return true
}

// Match reports whether a name's initials, in one of its ways, hold what was typed.
func Match(name, q string) bool {
	return Typed(q) && strings.Contains(Initials(name), strings.ToLower(q))
}
