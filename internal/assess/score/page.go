package score

import (
	"fmt"
	"strings"

	"sifen/internal/i18n"
)

// Page writes a sheet with its rules and the results of a run with their arithmetic as plain text, for logs, golden
// files and whoever wants to read a run without a browser.
func Page(v *Version, results []*Result, lang i18n.Lang) string {
	var b strings.Builder
	say := func(l Label) string { return l.In(lang) }
	word := func(zh, en string) string { return Label{Zh: zh, En: en}.In(lang) }
	fmt.Fprintf(&b, "-- %s%s\n", say(v.Title), say(tr("（满分 %s）", " (of %s)", v.Max.Short(4))))
	for i := range v.Blocks {
		block := &v.Blocks[i]
		top := block.Max.Short(4)
		if block.Extra != nil {
			top = word("加减分", "plus and minus")
		}
		fmt.Fprintf(&b, "   【%s %s】\n", say(block.Title), top)
		for j := range block.Items {
			it := &block.Items[j]
			fmt.Fprintf(&b, "     %s %s%s%s\n", say(it.Title), it.Max.Short(4), word("：", ": "), say(v.Rule(block, it)))
		}
	}
	for _, r := range results {
		if !r.Scored {
			fmt.Fprintf(&b, "   %s%s\n", r.Name, say(tr("：不评分（%s）", ": no score (%s)", r.Why)))
			continue
		}
		tied := ""
		if r.Tied {
			tied = word("并列", " shared")
		}
		grade := ""
		if g, ok := v.GradeOf(r.Grade); ok {
			grade = say(g.Title) + " "
		}
		fmt.Fprintf(&b, "   %s%s%s / %s %s%s%s [%s]\n", r.Name, word("：", ": "), r.Points.Fixed(2), r.Max.Short(4), grade,
			say(tr("第 %s", "place %s", n0(r.Rank))), tied, strings.Join(r.Lists, " "))
		for bi, br := range r.Blocks {
			fmt.Fprintf(&b, "      %s %s/%s %s\n", say(v.Blocks[bi].Title), br.Points.Fixed(2), br.Max.Short(4), say(br.Note))
			for ii, it := range br.Items {
				if len(it.Sum) == 0 && it.Note.IsZero() {
					continue
				}
				fmt.Fprintf(&b, "        %s %s/%s %s %s\n", say(v.Blocks[bi].Items[ii].Title), it.Points.Fixed(2), it.Max.Short(4),
					say(join("；", it.Sum...)), say(it.Note))
			}
		}
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "      %s\n", say(n))
		}
	}
	if same := SeparatesNobody(v, results); len(same) > 0 {
		fmt.Fprintf(&b, "   %s%s\n", word("分不出高下：", "separates nobody: "), strings.Join(same, word("、", ", ")))
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
