package rectify

import (
	"slices"

	"sifen/internal/access"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Who may answer for a place, as checklists name them.
var Answerers = []string{"self", "operator", "firm", "committee", "carrier", "department", "community", "street"}

// Answers is who answers for a unit on a day: the first of who that there is then; 0 where there is none of them. A firm that
// took over later does not answer for what was found before.
func Answers(o *org.Org, unit org.No, day period.Day, who []string) org.No {
	for _, a := range who {
		switch a {
		case "self":
			return unit
		case "firm", "committee", "carrier", "department":
			if n, ok := o.Level(unit, "line:"+a, day); ok {
				return n
			}
		case "community":
			for _, level := range []string{"community", "village"} {
				if n, ok := o.Level(unit, level, day); ok {
					return n
				}
			}
		case "street":
			if n, ok := o.Level(unit, "street", day); ok {
				return n
			}
		}
	}
	return 0
}

// heads are the types of units that answer for places of others, wherever they are seated.
var heads = []org.Type{org.Firm, org.Committee, org.Carrier, org.Department}

// answerable reports whether a caller may address a case to a unit: one inside his reach, or a firm, committee, carrier or
// department of the district.
func answerable(w work, by access.Scope, party org.No) bool {
	u, ok := w.Org.Unit(party)
	return ok && u.Open(w.Day) && (slices.Contains(heads, u.Type) || by.Can(Read, w.Org.Targets(party, w.Day), true))
}
