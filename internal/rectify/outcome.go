package rectify

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sifen/internal/i18n"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// What enforcement decided about a case that was handed over.
const (
	Fined    = "fined"
	Warned   = "warned"   // ordered to put it right, without a fine
	Spared   = "spared"   // no penalty
	Declined = "declined" // not taken on
)

// Result is what came back from enforcement: under which number, what was decided on which day, and how much it cost.
type Result struct {
	No       string `json:"no" maxLength:"60"` // of its own case; "" where none was opened
	Decision string `json:"decision" enum:"fined,warned,spared,declined"`
	Amount   int64  `json:"amount" minimum:"0" maximum:"100000000" doc:"yuan; above 0 for a fine alone"`
	Day      string `json:"day" maxLength:"10"`
}

// faults says what is missing of a result, or does not agree.
func (r *Result) faults(today period.Day) error {
	var list []problem.Field
	at := func(pointer, code string, args map[string]any) {
		list = append(list, problem.Field{Pointer: "/result/" + pointer, Code: code, Args: args})
	}
	if !slices.Contains([]string{Fined, Warned, Spared, Declined}, r.Decision) {
		at("decision", "value.choice", nil)
	}
	if r.Decision != Declined && utf8.RuneCountInString(strings.TrimSpace(r.No)) < 2 {
		at("no", "value.required", nil)
	}
	if (r.Decision == Fined) != (r.Amount > 0) {
		at("amount", "rectify.amount", nil)
	}
	switch d, err := period.ParseDay(r.Day); {
	case err != nil:
		at("day", "value.date", nil)
	case d > today:
		at("day", "rectify.day-ahead", map[string]any{"day": r.Day})
	}
	if len(list) > 0 {
		return ErrInvalid.At(list...)
	}
	return nil
}

// numbers that reach a person: a mobile phone, an identity card.
var personal = regexp.MustCompile(`\b(1[3-9]\d)\d{4}(\d{4})\b|\b(\d{6})\d{8}(\d{3}[\dXx])\b`)

// mask hides the middle of such numbers. Only those who work a case, and the file that is handed over, have them whole.
func mask(words string) string { return personal.ReplaceAllString(words, "$1$3****$2$4") }

// Shown is what a case is called wherever it is listed, told or printed.
func (b Body) Shown() i18n.Label { return i18n.Label{Zh: mask(b.Title.Zh), En: mask(b.Title.En)} }
