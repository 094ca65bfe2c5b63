package docx

import (
	"math/big"
	"strings"

	"sifen/internal/docx/typed"
)

// verb is what a tag does.
type verb uint8

const (
	value    verb = iota // {{名称}}: figure or header datum, decided by the catalogue
	text                 // {{文 X}}
	picture              // {{图 X}}
	annex                // {{附表 X}}
	loopOpen             // {{#每个 X}}
	loopEnd              // {{/每个}}
	ifOpen               // {{#如果 …}}
	ifElse               // {{#否则}}
	ifEnd                // {{/如果}}
)

func (v verb) block() bool { return v >= loopOpen }
func (v verb) open() bool  { return v == loopOpen || v == ifOpen }

// tag is one parsed {{…}}.
type tag struct {
	verb   verb
	name   string // folded
	form   string // canonical, see Ref
	period string // canonical, see Ref
	test   *test  // of ifOpen

	width, height int64 // of picture, EMU; 0: natural

	raw    string // as typed, with braces
	rPr    *node  // run properties of the first brace
	at     spot
	bad    *problem // what is wrong with the tag itself
	inLink bool     // inside a hyperlink of the template
	inline bool     // a block tag inside one paragraph: loops join by 、
	alone  bool     // nothing else in its paragraph
	plain  bool     // stands where only bare text can: an equation, an attribute
	inBody bool     // in the body itself, not in a cell, header or footer
	sides  Sides
}

// spot is where a tag stands, for messages.
type spot struct {
	paragraph int
	place     Place
	heading   string
	context   string
}

type problem struct{ code, zh, en string }

// test is the condition of an {{#如果}}.
type test struct {
	op    string // has, none, < <= > >= = !=
	limit *big.Rat
}

// parseTag reads what stands between the braces.
func parseTag(inner string) *tag {
	s := typed.Fold(inner)
	t := &tag{}
	switch {
	case s == "":
		t.bad = &problem{"docx.empty-tag", "标签里没有名称，请填写名称或删去括号", "the tag holds no name; write one or delete the braces"}
	case s[0] == '#':
		t.parseOpen(strings.TrimSpace(s[1:]))
	case s[0] == '/':
		rest := strings.TrimSpace(s[1:])
		if _, ok := typed.Keyword(rest, true, "每个", "每条", "each"); ok {
			t.verb = loopEnd
		} else if _, ok := typed.Keyword(rest, true, "如果", "if"); ok {
			t.verb = ifEnd
		} else {
			t.unknownWord(rest)
		}
	default:
		if rest, ok := typed.Keyword(s, false, "文", "text"); ok {
			t.verb, t.name = text, rest
		} else if rest, ok := typed.Keyword(s, false, "附表", "annex"); ok {
			t.verb, t.name = annex, rest
		} else if rest, ok := typed.Keyword(s, false, "图", "picture"); ok {
			t.verb = picture
			t.parsePicture(rest)
		} else {
			t.parseValue(s)
		}
	}
	if t.bad == nil && t.name == "" && (t.verb <= loopOpen || t.verb == ifOpen) {
		t.bad = &problem{"docx.no-name", "缺少名称，例如 {{文 存在问题}}、{{#每个 镇街}}", "a name is missing, as in {{text name}} or {{#each name}}"}
	}
	return t
}

func (t *tag) unknownWord(word string) {
	t.bad = &problem{"docx.unknown-keyword",
		"不认识“" + word + "”，可用的有 #每个、/每个、#每条、/每条、#如果、#否则、/如果",
		"“" + word + "” is no keyword; there are #each, /each, #if, #else, /if"}
}

func (t *tag) parseOpen(s string) {
	if rest, ok := typed.Keyword(s, true, "每个", "每条", "each"); ok {
		t.verb, t.name = loopOpen, rest
	} else if _, ok := typed.Keyword(s, true, "否则", "else"); ok {
		t.verb = ifElse
	} else if rest, ok := typed.Keyword(s, true, "如果", "if"); ok {
		t.verb = ifOpen
		t.parseTest(rest)
	} else {
		t.unknownWord(s)
	}
}

// parseValue reads name[@period][:form], in either order.
func (t *tag) parseValue(s string) {
	t.name = s
	if i := strings.IndexAny(s, "@:"); i >= 0 {
		t.name = strings.TrimSpace(s[:i])
		for rest := s[i:]; rest != ""; {
			sign, end := rest[0], len(rest)
			if j := strings.IndexAny(rest[1:], "@:"); j >= 0 {
				end = j + 1
			}
			word := strings.TrimSpace(rest[1:end])
			rest = rest[end:]
			if sign == '@' {
				if t.period = typed.Periods[word]; t.period == "" {
					t.bad = &problem{"docx.unknown-period", "不认识期间“" + word + "”，可用的有 上年、上期、本月、累计",
						"“" + word + "” is no period; there are last-year, previous, month, cumulative"}
				}
			} else if t.form = typed.Forms[word]; t.form == "" {
				t.bad = &problem{"docx.unknown-form", "不认识写法“" + word + "”，可用的有 余、万、百分比、分子分母、原值、差、增幅",
					"“" + word + "” is no display form; there are yu, wan, percent, terms, raw, diff, growth"}
			}
		}
	}
}

// parsePicture reads the name and the size of a picture.
func (t *tag) parsePicture(s string) {
	var ok bool
	if t.name, t.width, t.height, ok = typed.Picture(s); !ok {
		t.bad = &problem{"docx.picture-size", "图片尺寸写法不对，例如 {{图 现场照片 宽8厘米}}", "the size of the picture is not readable, write {{picture name width 8cm}}"}
	}
}

// parseTest reads "整改率<90%", "有 现场照片", "无 现场照片".
func (t *tag) parseTest(s string) {
	if rest, ok := typed.Keyword(s, false, "有", "has"); ok {
		t.name, t.test = rest, &test{op: "has"}
		return
	}
	if rest, ok := typed.Keyword(s, false, "无", "no"); ok {
		t.name, t.test = rest, &test{op: "none"}
		return
	}
	s = strings.NewReplacer("≤", "<=", "≥", ">=", "≠", "!=", "==", "=", "⩽", "<=", "⩾", ">=").Replace(s)
	i := strings.IndexAny(s, "<>=!")
	if i < 0 {
		t.badTest()
		return
	}
	op := s[i : i+1]
	if i+1 < len(s) && s[i+1] == '=' {
		op = s[i : i+2]
	}
	limit, ok := typed.Limit(strings.TrimSpace(s[i+len(op):]))
	if op == "!" || !ok {
		t.badTest()
		return
	}
	t.parseValue(strings.TrimSpace(s[:i]))
	if t.form != "" && t.bad == nil {
		t.bad = &problem{"docx.form-in-test", "比较时不写“：余”等写法，直接写名称", "a comparison takes the name without a display form"}
	}
	t.test = &test{op: op, limit: limit}
}

func (t *tag) badTest() {
	t.bad = &problem{"docx.bad-condition", "条件只能是一个比较或有无，例如 整改率<90%、有 现场照片", "a condition is one comparison or a presence, as in rate<90% or has photo"}
}

// holds compares a value with the limit. A value that is not defined makes
// every comparison false: undefined is not zero.
func (t *test) holds(v Number) bool {
	if !v.Defined || v.Den == 0 {
		return false
	}
	c := big.NewRat(v.Num, v.Den).Cmp(t.limit)
	switch t.op {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "=":
		return c == 0
	}
	return c != 0
}
