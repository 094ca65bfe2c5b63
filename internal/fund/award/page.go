package award

import (
	"fmt"
	"strings"

	"sifen/internal/i18n"
)

// Classes are the classes of parts with their names.
var Classes = map[string]Label{"construction": {Zh: "建设", En: "construction"}, "operation": {Zh: "运行", En: "operation"},
	"reward": {Zh: "奖励", En: "reward"}, "charge": {Zh: "缴款", En: "charge"}}

// Arithmetic is how a part came about, in one line.
func (x *PartDue) Arithmetic() Label { return joined("；", "; ", x.Why...) }

// Page writes a rule's result with its arithmetic as plain text, for logs and golden files.
func Page(v *Version, r *Result, lang i18n.Lang) string {
	var b strings.Builder
	say := func(l Label) string { return l.In(lang) }
	word := func(zh, en string) string { return Label{Zh: zh, En: en}.In(lang) }
	sums := func(claim, amount, batch Num, sep string) string {
		return word("申报 ", "claimed ") + Yuan(claim) + sep + word("应得 ", "due ") + Yuan(amount) + sep + word("本批 ", "this batch ") + Yuan(batch)
	}
	fmt.Fprintf(&b, "-- %s\n", say(v.Title))
	for _, d := range r.Due {
		fmt.Fprintf(&b, "   %s %s\n", d.Name, sums(d.Claim, d.Amount, d.Batch, " "))
		if !d.Out.IsZero() {
			fmt.Fprintf(&b, "      %s\n", say(d.Out))
		}
		for _, m := range d.Missing {
			fmt.Fprintf(&b, "      ? %s\n", say(m))
		}
		for k := range d.Parts {
			x := &d.Parts[k]
			fmt.Fprintf(&b, "      %s %s%s%s\n", say(v.Parts[k].Title), Yuan(x.Amount), word("：", ": "), say(x.Arithmetic()))
			for _, s := range x.Stages {
				fmt.Fprintf(&b, "         %s %s %s\n", s.Key, Yuan(s.Amount), say(s.Waits))
			}
		}
		if d.Held.Sign() > 0 {
			fmt.Fprintf(&b, "      %s %s\n", word("暂扣", "withheld"), Yuan(d.Held))
		}
		received(&b, v.Split, d.Split, lang, "      ")
	}
	for _, c := range r.Cuts {
		fmt.Fprintf(&b, "   %s%s %s %s %s\n", say(Classes[c.Class]), word("类", ""), Yuan(c.From), word("压到", "scaled to"), Yuan(c.To))
	}
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "   ! %s\n", say(f))
	}
	fmt.Fprintf(&b, "   %s\n", sums(r.Claim, r.Amount, r.Batch, word("，", ", ")))
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func received(b *strings.Builder, shares []Share, list []Received, lang i18n.Lang, indent string) {
	for _, x := range list {
		s := ShareOf(shares, x.To)
		fmt.Fprintf(b, "%s→%s %s %s\n", indent, strings.TrimSpace(x.To+" "+x.Name), Yuan(x.Amount), s.Terms().In(lang))
		received(b, s.Onward, x.Onward, lang, indent+"  ")
	}
}

// ShareOf finds the share of a receiver.
func ShareOf(shares []Share, to string) *Share {
	for i := range shares {
		if shares[i].To == to {
			return &shares[i]
		}
	}
	return &Share{}
}

// Terms are what the money of a share is for and what it is not for.
func (s *Share) Terms() (out Label) {
	if s.For != nil {
		out = *s.For
	}
	var not Label
	for _, n := range s.NotFor {
		not = joined("、", ", ", not, n)
	}
	if !not.IsZero() {
		out = Label{Zh: out.Zh + "，不得用于" + not.Zh, En: strings.TrimPrefix(out.In("en")+", not for "+not.In("en"), ", ")}
	}
	return out
}
