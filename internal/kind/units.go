package kind

import (
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Units are the words of unit types an entry may be about.
func (k *Kind) Units() []string {
	if len(k.About) > 0 {
		return k.About
	}
	return k.EnteredBy
}

// TakesUnit reports whether an entry may be about a unit of type t.
func (k *Kind) TakesUnit(t org.Type) bool {
	for _, w := range k.Units() {
		if t.Matches(w) {
			return true
		}
	}
	return len(k.Units()) == 0
}

// ByLine reports whether the kind lets line heads enter or verify.
func (k *Kind) ByLine() bool {
	for _, list := range [][]string{k.Levels, k.EnteredBy} {
		for _, w := range list {
			if strings.HasPrefix(w, "line:") {
				return true
			}
		}
	}
	return false
}

// Owes reports whether units of type t owe the kind.
func (k *Kind) Owes(t org.Type) bool {
	if k.Due == nil {
		return false
	}
	if len(k.Due.Units) > 0 {
		return MatchesAny(t, k.Due.Units)
	}
	return t != org.District && t != org.Department && k.EnteredAt(t)
}

// DueDay is the last day on which an entry dated day is in time, and the period it is owed for; ok is false when nothing is owed.
func (k *Kind) DueDay(day period.Day) (due period.Day, p period.Period, ok bool) {
	if k.Due == nil {
		return 0, p, false
	}
	y, m, _ := day.YMD()
	switch k.Due.Every {
	case "month":
		p = period.MonthOf(day)
	case "quarter":
		q := (m-1)/3*3 + 1
		p = period.Period{From: period.Date(y, q, 1), Until: period.Date(y, q+3, 1)}
	default:
		p = period.Year(y)
	}
	return period.WorkingDay(p.Until, max(k.Due.By, 1)), p, true
}

// Late is the number of days by which a first submission on day, of an entry dated from, missed its due day.
func (k *Kind) Late(from, day period.Day) int64 {
	due, _, owed := k.DueDay(from)
	if !owed || day <= due {
		return 0
	}
	return int64(day - due)
}

// EnteredAt reports whether units of type t enter the kind themselves.
func (k *Kind) EnteredAt(t org.Type) bool { return MatchesAny(t, k.EnteredBy) }

// MatchesAny reports whether t is one of the words of unit types.
func MatchesAny(t org.Type, words []string) bool {
	for _, w := range words {
		if t.Matches(w) {
			return true
		}
	}
	return false
}

// TypeTitles names unit types in a row.
func TypeTitles(words []string) i18n.Label {
	var ls []i18n.Label
	for _, w := range words {
		ls = append(ls, org.Type(w).Title())
	}
	return Join(ls)
}

// Join writes labels in a row.
func Join(labels []i18n.Label) i18n.Label {
	var zh, en []string
	for _, l := range labels {
		zh, en = append(zh, l.Zh), append(en, l.En)
	}
	return i18n.Label{Zh: strings.Join(zh, "、"), En: strings.Join(en, ", ")}
}
