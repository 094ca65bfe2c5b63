package checklist

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/pack"
	"sifen/internal/rectify"
	"sifen/internal/sheet"
)

// What the words of a form mean, in both languages; the first is what is printed.
var (
	severities = []word{{"minor", "一般", "minor", nil}, {"major", "严重", "major", []string{"重大", "突出", "serious"}}}
	hows       = []word{{"seen", "现场看", "seen", []string{"现场", "实地", "查看", "现场检查", "实地查看", "现场查看", "现场察看", "目测", "on site"}},
		{"asked", "询问", "asked", []string{"走访", "问询", "提问", "问卷", "现场询问", "入户询问", "抽问"}},
		{"papers", "看资料", "papers", []string{"资料", "台账", "查资料", "查台账", "查阅资料", "查阅台账", "材料", "书面", "查阅材料"}}}
	answerers = []word{{"self", "本单位", "the unit itself", []string{"单位", "被检查单位", "本校", "学校"}},
		{"operator", "经营者", "its operator", []string{"商户", "经营户", "业主单位", "店主"}},
		{"firm", "物业", "property firm", []string{"物业公司", "物业企业", "物业服务企业"}},
		{"committee", "业委会", "owners' committee", []string{"业主委员会"}},
		{"carrier", "收运单位", "carrier", []string{"清运单位", "清运公司", "收运企业"}},
		{"department", "主管部门", "department", []string{"行业主管部门", "部门"}},
		{"community", "居村委会", "community or village", []string{"社区", "居委会", "村委会", "村", "社区居委会", "居（村）委会"}},
		{"street", "镇街", "street or town", []string{"街道", "镇", "乡镇", "街道办", "乡", "镇政府"}}}
)

type word struct {
	key, zh, en string
	also        []string
}

// flat is a text as it is compared: without blanks, marks of width and case.
func flat(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(sheet.HalfWidth(s)), ""))
}

func say(list []word, key string, lang i18n.Lang) string {
	for _, w := range list {
		if w.key == key {
			return i18n.Label{Zh: w.zh, En: w.en}.In(lang)
		}
	}
	return key
}

func meant(list []word, text string) (string, bool) {
	t := flat(text)
	for _, w := range list {
		if t == flat(w.zh) || t == flat(w.en) || t == w.key || slices.ContainsFunc(w.also, func(a string) bool { return flat(a) == t }) {
			return w.key, true
		}
	}
	return "", false
}

// parted splits a cell that lists several things.
func parted(text string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n；;", r) }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// The answers of items as a form says them.
var (
	number = i18n.Label{Zh: "数字", En: "number"}
	share  = i18n.Label{Zh: "抽问", En: "of those asked"}
	choice = i18n.Label{Zh: "选择", En: "choice"}
	text   = i18n.Label{Zh: "文字", En: "words"}
	yesNo  = i18n.Label{Zh: "是/否/不涉及", En: "yes/no/n.a."}
	noNA   = i18n.Label{Zh: "是/否", En: "yes/no"}
	wrong  = i18n.Label{Zh: "不合格", En: "wrong"}
	noSkip = i18n.Label{Zh: "必答", En: "no n.a."}
)

// saidAnswer is how an item is answered, in words that meantAnswer reads.
func saidAnswer(i *inspect.Item, lang i18n.Lang) string {
	var parts []string
	switch i.Answer {
	case "", inspect.YesNo:
		if i.NA != nil && !*i.NA {
			return noNA.In(lang)
		}
		return yesNo.In(lang)
	case inspect.Text:
		return text.In(lang)
	case inspect.Select:
		parts = append(parts, choice.In(lang))
		for _, o := range i.Options {
			t := o.Title.In(lang)
			if o.Fails {
				t += "（" + wrong.In(lang) + "）"
			}
			parts = append(parts, t)
		}
	case inspect.Amount:
		parts = append(parts, number.In(lang))
		if i.Unit != nil {
			parts[0] += "（" + i.Unit.In(lang) + "）"
		}
	case inspect.Share:
		parts = append(parts, share.In(lang))
		if i.Of > 0 {
			parts[0] += fmt.Sprintf(" %d", i.Of)
		}
	}
	if i.Fails != "" {
		parts = append(parts, saidFails(i.Fails, lang)+" "+wrong.In(lang))
	}
	if i.NA != nil && !*i.NA {
		parts = append(parts, noSkip.In(lang))
	}
	return strings.Join(parts, "\n")
}

var (
	valueRule = regexp.MustCompile(`^value (<=|>=|<|>|==) (-?\d{1,9})$`)
	shareRule = regexp.MustCompile(`^part \* 100 < of \* (\d{1,3})$`)
	tenthRule = regexp.MustCompile(`^part \* 10 < of \* (\d{1,2})$`)
	percent   = regexp.MustCompile(`^(?:低于|below)(\d{1,3})%$`)
	valueSaid = regexp.MustCompile(`^(大于等于|小于等于|大于|小于|等于|多于|少于|atleast|atmost|morethan|lessthan|exactly|>=|<=|>|<)(-?\d{1,9})$`)
)

var orders = map[string]i18n.Label{"<": {Zh: "小于", En: "less than"}, ">": {Zh: "大于", En: "more than"}, "<=": {Zh: "小于等于", En: "at most"},
	">=": {Zh: "大于等于", En: "at least"}, "==": {Zh: "等于", En: "exactly"}}

// saidFails says when a number or a share is wrong; what has no words of its own is said as the expression it is.
func saidFails(expr string, lang i18n.Lang) string {
	if m := valueRule.FindStringSubmatch(expr); m != nil {
		return orders[m[1]].In(lang) + " " + m[2]
	}
	if m := shareRule.FindStringSubmatch(expr); m != nil {
		return i18n.Label{Zh: "低于 ", En: "below "}.In(lang) + m[1] + "%"
	}
	if m := tenthRule.FindStringSubmatch(expr); m != nil {
		return i18n.Label{Zh: "低于 ", En: "below "}.In(lang) + m[1] + "0%"
	}
	return expr
}

// meantFails is the expression of words that say when something is wrong.
func meantFails(said string) (string, bool) {
	t := flat(said)
	if m := percent.FindStringSubmatch(t); m != nil {
		return "part * 100 < of * " + m[1], true
	}
	if m := valueSaid.FindStringSubmatch(t); m != nil {
		op := map[string]string{"大于等于": ">=", "atleast": ">=", "小于等于": "<=", "atmost": "<=", "大于": ">", "多于": ">", "morethan": ">", "小于": "<",
			"少于": "<", "lessthan": "<", "等于": "==", "exactly": "=="}[m[1]]
		if op == "" {
			op = m[1]
		}
		return "value " + op + " " + m[2], true
	}
	if strings.Contains(said, "value") || strings.Contains(said, "part") { // an expression; its checks are those of the editor
		return strings.TrimSpace(said), true
	}
	return "", false
}

// cutWrong takes the word for wrong off the end of a text.
func cutWrong(s string) (string, bool) {
	s = strings.TrimSpace(s)
	for _, w := range []string{"（" + wrong.Zh + "）", "（" + wrong.En + "）", "(" + wrong.Zh + ")", "(" + wrong.En + ")", wrong.Zh, wrong.En} {
		if rest, ok := strings.CutSuffix(s, w); ok && strings.TrimSpace(rest) != "" {
			return strings.TrimSpace(rest), true
		}
	}
	return s, false
}

var shareSaid = regexp.MustCompile(`^(?:抽问|ofthoseasked)(\d{1,6})?(?:人|位|名|户)?$`)

// meantAnswer reads how an item is answered; false where the words are not understood.
func meantAnswer(i *inspect.Item, said string) bool {
	parts := parted(said)
	if len(parts) == 0 {
		return false
	}
	next := *i
	next.Answer, next.Options, next.Of, next.Fails, next.Unit, next.NA = "", nil, 0, "", nil, nil
	no := false
	first := strings.ReplaceAll(flat(parts[0]), "、", "/")
	rest := parts[1:]
	inner := ""
	if at := strings.IndexByte(first, '('); at > 0 {
		inner = strings.TrimSuffix(first[at+1:], ")")
		first = first[:at]
	}
	switch m := shareSaid.FindStringSubmatch(first); {
	case first == flat(yesNo.Zh), first == flat(yesNo.En):
	case first == flat(noNA.Zh), first == flat(noNA.En):
		next.NA = &no
	case first == text.Zh, first == text.En:
		next.Answer = inspect.Text
	case first == number.Zh, first == number.En:
		next.Answer = inspect.Amount
		if inner != "" {
			_, raw, _ := strings.Cut(strings.ReplaceAll(parts[0], "（", "("), "(")
			unit := strings.TrimSpace(strings.TrimRight(raw, "）)"))
			next.Unit = &i18n.Label{Zh: unit, En: unit}
		}
	case first == choice.Zh, first == choice.En:
		next.Answer = inspect.Select
	case m != nil:
		next.Answer = inspect.Share
		next.Of, _ = strconv.ParseInt(m[1], 10, 64) // nothing is nought: as many as there are
	default:
		return false
	}
	for _, p := range rest {
		if t := flat(p); t == flat(noSkip.Zh) || t == flat(noSkip.En) {
			next.NA = &no
			continue
		}
		t, bad := cutWrong(p)
		switch {
		case next.Answer == inspect.Select:
			next.Options = append(next.Options, inspect.Option{Key: fmt.Sprintf("o%d", len(next.Options)+1), Title: i18n.Label{Zh: t, En: t}, Fails: bad})
		case bad && (next.Answer == inspect.Amount || next.Answer == inspect.Share):
			fails, ok := meantFails(t)
			if !ok {
				return false
			}
			next.Fails = fails
		default:
			return false
		}
	}
	keepOptions(&next, i)
	*i = next
	return true
}

// keepOptions gives options that were there before their keys and their words of the other language; new ones get keys that no
// option had.
func keepOptions(next, old *inspect.Item) {
	taken := map[string]bool{}
	for _, was := range old.Options {
		taken[was.Key] = true
	}
	kept := map[string]bool{}
	fresh := 1
	for n := range next.Options {
		o := &next.Options[n]
		at := slices.IndexFunc(old.Options, func(was inspect.Option) bool {
			return !kept[was.Key] && (flat(was.Title.Zh) == flat(o.Title.Zh) || was.Title.En != "" && flat(was.Title.En) == flat(o.Title.Zh))
		})
		if at >= 0 {
			o.Key, o.Title = old.Options[at].Key, old.Options[at].Title
			kept[o.Key] = true
			continue
		}
		for taken[fmt.Sprintf("o%d", fresh)] {
			fresh++
		}
		o.Key = fmt.Sprintf("o%d", fresh)
		taken[o.Key] = true
	}
}

// saidPhrases lists wordings, one a line.
func saidPhrases(list []inspect.Phrase, lang i18n.Lang) string {
	var out []string
	for _, p := range list {
		out = append(out, i18n.Label{Zh: p.Zh, En: p.En}.In(lang))
	}
	return strings.Join(out, "\n")
}

// meantPhrases reads wordings; those known before keep their keys.
func meantPhrases(text string, old []inspect.Phrase) []inspect.Phrase {
	var out []inspect.Phrase
	taken := map[string]bool{}
	for _, p := range old {
		taken[p.Key] = true
	}
	for _, t := range parted(text) {
		at := slices.IndexFunc(old, func(p inspect.Phrase) bool { return flat(p.Zh) == flat(t) || p.En != "" && flat(p.En) == flat(t) })
		if at >= 0 && !slices.Contains(out, old[at]) {
			out = append(out, old[at])
			continue
		}
		n := 1
		for taken[fmt.Sprintf("p%d", n)] {
			n++
		}
		taken[fmt.Sprintf("p%d", n)] = true
		out = append(out, inspect.Phrase{Key: fmt.Sprintf("p%d", n), Zh: t})
	}
	return out
}

// saidAnswerers names who answers for something.
func saidAnswerers(list []string, lang i18n.Lang) string {
	var out []string
	for _, a := range list {
		out = append(out, say(answerers, a, lang))
	}
	return strings.Join(out, "\n")
}

// saidInstrument names an instrument; none is said, too.
func saidInstrument(set *pack.Set, key string, lang i18n.Lang) string {
	switch {
	case key == "":
		return ""
	case key == "none":
		return nothing.In(lang)
	}
	if i, ok := pack.Value[rectify.Instrument](set, "instruments", key); ok {
		return i.Title.In(lang)
	}
	return key
}

var nothing = i18n.Label{Zh: "不出具", En: "none"}

func meantInstrument(set *pack.Set, said string) (string, bool) {
	t := flat(said)
	if t == flat(nothing.Zh) || t == flat(nothing.En) {
		return "none", true
	}
	for _, i := range pack.All[rectify.Instrument](set, "instruments") {
		if t == flat(i.Title.Zh) || t == flat(i.Title.En) || t == i.Key {
			return i.Key, true
		}
	}
	return "", false
}
