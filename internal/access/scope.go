// Package access decides who may do what, and where in the unit tree.
package access

import (
	"strconv"
	"strings"
)

// Verb is one permission, for example "ledger.verify". Verbs double as journal operations.
type Verb string

// Grant is the part of a scope that one role at one unit gives.
type Grant struct {
	Role  string
	Unit  int64
	Verbs map[Verb]bool
}

// Scope is what one caller may see and do today. It is built only from a session or a login on the
// command line, or by System for jobs. The zero Scope sees nothing and may do nothing.
type Scope struct {
	District int64
	Account  string // account id; empty for the system
	Person   string // person id
	Name     string // the person's name, for history lines
	Today    int64  // business day; the day on which reach is judged
	Grants   []Grant
	system   bool
	judged   *Judged
}

// System is the scope of jobs and of the command line acting for the operator. reason goes to the journal as the actor.
func System(district, today int64, reason string) Scope {
	return Scope{District: district, Today: today, Name: reason, system: true}
}

// IsSystem reports whether the scope was made by System.
func (s Scope) IsSystem() bool { return s.system }

// Target is one row of a unit's reach today: a unit above it, and whether it is reached over a line.
type Target struct {
	Unit int64
	Line bool
	Self bool // the unit whose reach it is
}

// Sees reports whether a unit with these targets lies inside the scope.
func (s Scope) Sees(targets []Target) bool {
	if s.system {
		return true
	}
	for _, g := range s.Grants {
		for _, t := range targets {
			if t.Unit == g.Unit {
				s.judged.note("", targets, false)
				return true
			}
		}
	}
	return false
}

// Can reports whether the scope holds v over a unit with these targets. Over a line only verbs that
// read are given; lineOK lifts that where a kind names the line.
func (s Scope) Can(v Verb, targets []Target, lineOK bool) bool {
	if s.system {
		return true
	}
	for _, g := range s.Grants {
		if !g.Verbs[v] {
			continue
		}
		for _, t := range targets {
			if t.Unit == g.Unit && (!t.Line || lineOK || strings.HasSuffix(string(v), ".read")) {
				s.judged.note(v, targets, lineOK)
				return true
			}
		}
	}
	return false
}

// Has reports whether any grant holds v, for hiding what can never be used. It decides nothing.
func (s Scope) Has(v Verb) bool {
	if s.system {
		return true
	}
	for _, g := range s.Grants {
		if g.Verbs[v] {
			return true
		}
	}
	return false
}

// Reach restricts a query to units inside the scope: column is the SQL expression of the unit number,
// district that of the district. The text contains numbers only. The zero Scope yields a condition that is never true.
// A non-empty verb keeps only the grants that hold it (lines included only for reading verbs). A unit that has ended is
// reached as on its last day.
func (s Scope) Reach(district, column string, v Verb) string { return s.reach(district, column, "", v) }

// ReachAt is Reach for reading what belongs to a day, given as an SQL expression: it also holds for what the scope's units
// reached on that day, though the unit has come under others since. What lies ahead is not reached before its day.
func (s Scope) ReachAt(district, column, day string, v Verb) string {
	if !strings.HasSuffix(string(v), ".read") {
		day = ""
	}
	return s.reach(district, column, day, v)
}

func (s Scope) reach(district, column, day string, v Verb) string {
	if s.system {
		return "1 = 1"
	}
	var units []string
	for _, g := range s.Grants {
		if v == "" || g.Verbs[v] {
			units = append(units, strconv.FormatInt(g.Unit, 10))
		}
	}
	if len(units) == 0 {
		return "1 = 0"
	}
	line := ""
	if v != "" && !strings.HasSuffix(string(v), ".read") {
		line = " AND rs.line = 0"
	}
	today := strconv.FormatInt(s.Today, 10)
	then := ""
	if day != "" {
		then = " OR rs.day_from <= " + day + " AND " + day + " < rs.day_until"
	}
	// a unit reaches itself for its whole life, and for good if it lives on in another: an end of that is the unit's
	return "EXISTS (SELECT 1 FROM org_reach AS rs WHERE rs.district = " + district + " AND rs.unit = " + column +
		" AND rs.target IN (" + strings.Join(units, ",") + ") AND rs.day_from <= " + today + " AND (" + today + " < rs.day_until" + then +
		" OR rs.day_until = (SELECT own.day_until FROM org_reach AS own WHERE own.district = rs.district AND own.unit = rs.unit" +
		" AND own.target = rs.unit AND own.day_until <= " + today + "))" + line + ")"
}
