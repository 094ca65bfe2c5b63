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

// row reads one row below the titles.
func (r *reader) row(row sheet.Row) {
	own := ownCells(row)
	for i, c := range row.Cells {
		if c.Uncached {
			r.ask(row.Address(i), "", "", "checklist.read-uncached", nil)
		}
	}
	if len(own) == 0 {
		return
	}
	if row.Hidden || row.Struck {
		r.ask(row.Address(own[0]), row.Text(own[0]), "", "checklist.read-hidden", nil)
	}
	first := strings.ToLower(row.Text(own[0]))
	again := 0
	for _, i := range own {
		if i < len(r.out.Columns) && flat(row.Text(i)) == flat(r.out.Columns[i].Title) {
			again++
		}
	}
	all := func(code string) {
		for _, i := range own {
			r.leave(row.Address(i), row.Text(i), code, nil)
		}
	}
	item, _, _ := r.at(row, roleItem)
	name, across := r.sectionLine(row, own)
	switch {
	case again > 1 && again == len(own):
		all("checklist.left-titles")
	case summed.MatchString(strings.ReplaceAll(first, " ", "")) && len([]rune(first)) < 12:
		r.sum(row, own)
	case (across || item == "") && sampled.MatchString(first):
		r.sample(row.Address(own[0]), row.Text(own[0]))
		for _, i := range own[1:] {
			r.leave(row.Address(i), row.Text(i), "checklist.left-line", nil)
		}
	case (across || item == "" || own[0] == 0 && len(own) < 3 && !r.isItem(row, own)) && (toSign(first) || remarked.MatchString(first)):
		all("checklist.left-signature")
	case across && r.out.Own: // sections of our own form stand in their column
		all("checklist.left-signature")
	case across:
		r.begin(row.Text(name), row.Address(name), true)
		if name != own[0] && !numberLike.MatchString(row.Text(own[0])) {
			r.ask(row.Address(own[0]), row.Text(own[0]), fmt.Sprintf("/sections/%d", len(r.out.Checklist.Sections)-1), "checklist.read-cell", nil)
		}
	default:
		r.items(row, own)
	}
}

// isItem reports whether a row is one like the others: it has its number, or a section beside its item.
func (r *reader) isItem(row sheet.Row, own []int) bool {
	no, _, _ := r.at(row, roleNo)
	item, _, has := r.at(row, roleItem)
	return has && item != "" && len(own) > 1 && (no != "" || r.roles[own[0]] == roleSection && own[0] != slices.Index(r.roles, roleItem))
}

// sectionLine reports whether a row does nothing but name a section, and where the name stands: one text over the width of the
// form, or one behind its numeral.
func (r *reader) sectionLine(row sheet.Row, own []int) (at int, ok bool) {
	rest := own
	if len(own) == 2 && r.role(own[0]) == roleNo {
		rest = own[1:]
	}
	if len(rest) != 1 {
		return -1, false
	}
	at = rest[0]
	wide := 0
	for i, c := range row.Cells {
		if c.Merged && c.Across && row.Text(i) == row.Text(at) {
			wide++
		}
	}
	text := row.Text(at)
	if numbered.MatchString(text) && !r.merged[at] || numbered.MatchString(row.Text(own[0])+"、") && len(own) == 2 {
		return at, true
	}
	return at, wide >= 2 && wide*2 >= len(r.roles)-1
}

func (r *reader) role(i int) Role {
	if i < 0 || i >= len(r.roles) {
		return ""
	}
	return r.roles[i]
}

// begin starts a section; points behind its name are its points.
func (r *reader) begin(title, cell string, line bool) {
	c := &r.out.Checklist
	title = strings.Join(strings.Fields(title), " ")
	s := inspect.Section{}
	if m := scored.FindStringSubmatch(title); m != nil && !r.out.Own {
		s.Points, _ = strconv.ParseInt(m[1], 10, 64) // four digits at most
		title = strings.TrimSpace(scored.ReplaceAllString(title, ""))
	}
	if line || !r.out.Own {
		title = strings.TrimSpace(numbered.ReplaceAllString(title, ""))
	}
	if r.old != nil {
		for _, was := range r.old.Sections {
			if !r.parts[was.Key] && flat(was.Title.In(r.lang)) == flat(title) {
				points := s.Points
				s = was
				s.Items = nil
				if s.Points = points; points == 0 && !slices.Contains(r.roles, rolePoints) {
					s.Points = was.Points
				}
				break
			}
		}
	}
	put(&s.Title, title, r.lang)
	for n := len(c.Sections) + 1; s.Key == "" || r.parts[s.Key]; n++ {
		if s.Key = fmt.Sprintf("s%d", n); r.old != nil && slices.ContainsFunc(r.old.Sections, func(x inspect.Section) bool { return x.Key == s.Key }) {
			s.Key = ""
		}
	}
	r.parts[s.Key] = true
	c.Sections = append(c.Sections, s)
	if len([]rune(title)) > longTitle {
		r.ask(cell, title, fmt.Sprintf("/sections/%d", len(c.Sections)-1), "checklist.read-long", map[string]any{"max": longTitle})
	}
	r.item = ""
}

// section makes sure that there is the section of a row.
func (r *reader) section(row sheet.Row) {
	c := &r.out.Checklist
	var parts []string
	cell := ""
	own := false
	for i := range row.Cells {
		if r.role(i) == roleSection && row.Text(i) != "" {
			text := strings.Join(strings.Fields(row.Text(i)), " ")
			if !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
			cell = row.Address(i)
			own = own || !row.Cells[i].Merged
		}
	}
	title := strings.Join(parts, " · ")
	last := len(c.Sections) - 1
	switch {
	case title == "" && last >= 0:
	case title == "":
		r.begin(c.Title.In(r.lang), "", false)
	case r.out.Own && !own:
	case r.out.Own || last < 0:
		r.begin(title, cell, false)
	default:
		if r.title(last) != flat(numbered.ReplaceAllString(scored.ReplaceAllString(title, ""), "")) {
			r.begin(title, cell, false)
		}
	}
}

func (r *reader) title(si int) string { return flat(r.out.Checklist.Sections[si].Title.In(r.lang)) }

// items reads the item of a row, or several of one cell.
func (r *reader) items(row sheet.Row, own []int) {
	c := &r.out.Checklist
	text, cell, mine := r.at(row, roleItem)
	if slices.ContainsFunc(own, func(i int) bool { return r.role(i) == roleSection }) || mine && len(c.Sections) == 0 {
		r.section(row)
	}
	if !mine {
		r.more(row, own, text != "" && flat(text) == r.item)
		return
	}
	if len(c.Sections) == 0 {
		r.section(row)
	}
	r.item = flat(text)
	rules := r.texts(row, roleRule)
	list := r.split(text)
	if len(list) > 1 {
		r.ask(cell, text, fmt.Sprintf("/sections/%d/items/%d", len(c.Sections)-1, len(c.Sections[len(c.Sections)-1].Items)), "checklist.read-several",
			map[string]any{"n": len(list)})
	}
	ruleParts := r.split(strings.Join(rules, "\n"))
	for k, ask := range list {
		rule := strings.Join(rules, "\n")
		switch {
		case len(list) > 1 && len(ruleParts) == len(list):
			rule = ruleParts[k]
		case k > 0:
			rule = ""
		}
		r.add(row, ask, cell, rule, k == 0)
	}
	r.rest(row, own)
}

// split takes a cell apart that lists several things, each behind its number.
func (r *reader) split(text string) []string {
	lines := strings.Split(text, "\n")
	if r.out.Own || len(lines) < 2 {
		return []string{text}
	}
	var out []string
	for _, l := range lines {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		if !listed.MatchString(l) {
			return []string{text}
		}
		out = append(out, strings.TrimSpace(listed.ReplaceAllString(l, "")))
	}
	return out
}

// texts are what the columns of a role hold in a row of their own.
func (r *reader) texts(row sheet.Row, role Role) (out []string) {
	for i, c := range row.Cells {
		if r.role(i) == role && row.Text(i) != "" && (!c.Merged || c.Across && !slices.Contains(out, row.Text(i))) {
			out = append(out, row.Text(i))
		}
	}
	return out
}

// add puts an item at the end of the last section.
func (r *reader) add(row sheet.Row, ask, cell, rule string, first bool) {
	c := &r.out.Checklist
	si := len(c.Sections) - 1
	s := &c.Sections[si]
	at := fmt.Sprintf("/sections/%d/items/%d", si, len(s.Items))
	if !r.out.Own {
		ask = strings.TrimSpace(listed.ReplaceAllString(strings.Join(strings.Fields(ask), " "), ""))
	}
	i, known := r.before(row, ask, first)
	if long := []rune(ask); len(long) > longAsk {
		r.ask(cell, ask, at+"/ask", "checklist.read-long", map[string]any{"max": longAsk})
		rule = strings.TrimSpace(ask + "\n" + rule)
		ask = string(long[:60]) + "…"
	}
	put(&i.Ask, ask, r.lang)
	if slices.Contains(r.roles, roleRule) {
		r.rule(&i, cell, at, rule)
	}
	if first {
		r.settings(row, &i, at)
	}
	if !known && !r.out.Own {
		r.guess(&i, cell, ask, at)
	}
	s.Items = append(s.Items, i)
}

// before is the item as it was, by its key or by what it asks; a new one otherwise.
func (r *reader) before(row sheet.Row, ask string, first bool) (inspect.Item, bool) {
	key, _, _ := r.at(row, roleKey)
	if r.old != nil {
		for pass := range 2 {
			for _, s := range r.old.Sections {
				for _, i := range s.Items {
					if !r.used[i.Key] && (pass == 0 && first && i.Key == key || pass == 1 && key == "" && flat(i.Ask.In(r.lang)) == flat(ask)) {
						r.used[i.Key] = true
						return i, true
					}
				}
			}
		}
	}
	n := 1
	for r.taken[fmt.Sprintf("i%d", n)] {
		n++
	}
	key = fmt.Sprintf("i%d", n)
	r.taken[key] = true
	return inspect.Item{Key: key}, false
}

func (r *reader) rule(i *inspect.Item, cell, at, rule string) {
	rule = strings.TrimSpace(rule)
	if n := len([]rune(rule)); n > longRule {
		r.ask(cell, rule, at+"/rule", "checklist.read-long", map[string]any{"max": longRule})
		rule = string([]rune(rule)[:longRule])
	}
	if rule == "" {
		i.Rule = nil
		return
	}
	l := i18n.Label{}
	if i.Rule != nil {
		l = *i.Rule
	}
	put(&l, rule, r.lang)
	i.Rule = &l
}

// rest reads points and papers, and names what else stands in the row.
func (r *reader) rest(row sheet.Row, own []int) {
	c := &r.out.Checklist
	si := len(c.Sections) - 1
	ii := len(c.Sections[si].Items) - 1
	at := fmt.Sprintf("/sections/%d/items/%d", si, ii)
	for _, n := range own {
		text, cell := row.Text(n), row.Address(n)
		switch r.role(n) {
		case rolePoints:
			r.pointsAt(si, ii, cell, text)
		case rolePapers:
			i := &c.Sections[si].Items[ii]
			i.How = "papers"
			r.rule(i, cell, at, strings.TrimSpace(labelIn(i.Rule, r.lang)+"\n"+i18n.Say("checklist.papers", nil).In(r.lang)+text))
		case roleFilled:
			r.leave(cell, text, "checklist.left-filled", nil)
		case roleSkip:
			r.leave(cell, text, "checklist.left-skipped", nil)
		case "": // the column is asked about as a whole
			r.leave(cell, text, "checklist.left-column", nil)
		case roleNo:
			if !numberLike.MatchString(text) {
				r.ask(cell, text, at, "checklist.read-cell", nil)
			}
		}
	}
	for _, role := range []Role{roleItem, roleAnswer, rolePhrases, roleCount, roleSeverity, roleInstrument, roleKey} { // a second column of one
		seen := false
		for _, n := range own {
			if r.role(n) != role {
				continue
			}
			if seen || n != slices.Index(r.roles, role) {
				r.ask(row.Address(n), row.Text(n), at, "checklist.read-cell", nil)
			}
			seen = true
		}
	}
}

// more reads a row without an item of its own: more of the rules above, or nothing that is understood.
func (r *reader) more(row sheet.Row, own []int, same bool) {
	c := &r.out.Checklist
	si := len(c.Sections) - 1
	if si < 0 || len(c.Sections[si].Items) == 0 {
		for _, n := range own {
			r.ask(row.Address(n), row.Text(n), "", "checklist.read-cell", nil)
		}
		return
	}
	ii := len(c.Sections[si].Items) - 1
	i := &c.Sections[si].Items[ii]
	at := fmt.Sprintf("/sections/%d/items/%d", si, ii)
	var other []int
	for _, n := range own {
		text, cell := row.Text(n), row.Address(n)
		switch r.role(n) {
		case roleRule:
			r.rule(i, cell, at, strings.TrimSpace(labelIn(i.Rule, r.lang)+"\n"+text))
			if !same {
				r.ask(cell, text, at+"/rule", "checklist.read-continued", nil)
			}
		case roleNo, roleSection, roleAnswer, rolePhrases, roleCount, roleSeverity, roleInstrument, roleAnswers, roleHow, roleKey, roleItem:
			if r.role(n) == roleNo && numberLike.MatchString(text) {
				continue
			}
			r.ask(cell, text, at, "checklist.read-cell", nil)
		default:
			other = append(other, n)
		}
	}
	r.rest(row, other)
}

var (
	faulty  = regexp.MustCompile(`^(未|没有|没|缺|乱|存在|不(?:按|能|及时|规范)|无(?:公示|标|专|人|台账|记录|分类|方案))|扣\s*\d`)
	shareOf = regexp.MustCompile(`(知晓率|参与率|满意率|满意度|准确率|投放率|达标率|正确率)[^\d]{0,8}(\d{1,3})\s*[%％]`)
	counted = regexp.MustCompile(`(数量|个数|次数|几个|多少)`)
)

// guess says how a stranger's item is answered where its words tell, and asks whether that is right.
func (r *reader) guess(i *inspect.Item, cell, ask, at string) {
	if i.Answer != "" || slices.Contains(r.roles, roleAnswer) {
		return
	}
	said := ask + labelIn(i.Rule, r.lang)
	switch {
	case faulty.MatchString(ask):
		r.ask(cell, ask, at+"/ask", "checklist.read-faulty", nil)
	case shareOf.MatchString(said):
		m := shareOf.FindStringSubmatch(said)
		i.Answer, i.Fails = inspect.Share, "part * 100 < of * "+m[2]
		if n, _ := strconv.Atoi(m[2]); n > 100 {
			i.Fails = ""
		}
		r.ask(cell, ask, at+"/answer", "checklist.read-share", map[string]any{"n": m[2]})
	case counted.MatchString(ask):
		r.ask(cell, ask, at+"/answer", "checklist.read-number", nil)
	}
}
