package rectify

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/penalty"
	"sifen/internal/problem"
)

// Lead opens a case for a problem that no inspection found.
//
// Errors: ErrForbidden, ErrOwn, org.ErrUnit, ErrInvalid with a fault per field.
func (s *Service) Lead(ctx context.Context, tx *db.Tx, by access.Scope, in LeadBody) (Case, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Case{}, err
	}
	unit := org.No(in.Unit)
	u, ok := w.Org.Unit(unit)
	over := w.Org.Targets(unit, w.Day)
	if !ok || !by.Can(Read, over, true) {
		return Case{}, org.ErrUnit
	}
	if !by.Can(Issue, over, false) {
		return Case{}, ErrForbidden
	}
	var faults []problem.Field
	at := func(pointer, code string) { faults = append(faults, problem.Field{Pointer: pointer, Code: code}) }
	title := strings.TrimSpace(in.Title)
	if title == "" {
		at("/title", "value.required")
	}
	if i, ok := instrumentOf(w.Set, in.Instrument); !ok || i.handsOver() {
		at("/instrument", "value.choice")
	}
	party := org.No(in.Party)
	if party == 0 {
		party = Answers(w.Org, unit, w.Day, []string{"firm", "committee", "community"})
	} else if !answerable(w, by, party) {
		at("/party", "value.unit")
	}
	for i, key := range in.Basis {
		if w.Set.Get("penalties", key) == nil {
			at(fmt.Sprintf("/basis/%d", i), "value.choice")
		}
	}
	for _, sha := range in.Photos {
		may, err := evidence.MayRead(ctx, tx, by, sha)
		if err != nil {
			return Case{}, err
		}
		if !may {
			at("/photos", "value.file-missing")
		}
	}
	if len(faults) > 0 {
		return Case{}, ErrInvalid.At(faults...)
	}
	if err := s.free(ctx, tx, by, w, Case{Party: party}, &known{}); err != nil {
		return Case{}, err
	}
	o, err := s.Open(ctx, tx, by, w, Found{Place: UnitPlace(unit), PlaceName: u.Name, Unit: unit, Source: ByList, Origin: in.Origin, Severity: in.Severity,
		Instrument: in.Instrument,
		Party:      party, Office: Office(w.Org, by, Issue, unit, w.Day), Title: i18n.Label{Zh: title, En: title}, Words: strings.TrimSpace(in.Words),
		Photos: in.Photos, Basis: in.Basis})
	return o.Case, err
}

// UnitPlace is a unit as a place.
func UnitPlace(n org.No) string { return fmt.Sprintf("unit:%d", n) }

func lawChoices(set *pack.Set) []LawChoice {
	out := []LawChoice{}
	for _, p := range pack.All[penalty.Penalty](set, "penalties") {
		out = append(out, LawChoice{p.Key, p.Title})
	}
	slices.SortFunc(out, func(a, b LawChoice) int { return strings.Compare(a.Key, b.Key) })
	return out
}
