package kind

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"sifen/internal/blob"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/unit"
)

// MaxQuantity bounds every quantity so that a year's sum over a province fits int64.
const MaxQuantity = 1_000_000_000_000

// Earliest is the first day an entry may be dated to.
var Earliest = period.Date(2000, 1, 1)

// Clean checks raw JSON values against the kind and returns them in canonical form, with every fault. Whether
// refs, units, persons and files exist is checked by the service.
func Clean(k *Kind, raw map[string]any, today period.Day) (Values, []problem.Field) {
	v, faults := cleanFields(k.Fields, raw, "/values")
	fault := func(field, code string, args map[string]any) {
		faults = append(faults, problem.Field{Pointer: "/values/" + field, Code: code, Args: args})
	}
	day := v.day
	bound := func(key string, latest period.Day) {
		d, ok := day(key)
		switch {
		case ok && d < Earliest:
			fault(key, "value.too-early", map[string]any{"day": Earliest.String()})
		case ok && d > latest:
			fault(key, "value.future", map[string]any{"day": latest.String()})
		}
	}
	needs := func(key string) {
		if _, ok := day(key); !ok && !hasFault(faults, "/values/"+key) {
			fault(key, "value.required", nil)
		}
	}
	switch {
	case k.Day != "":
		needs(k.Day)
		bound(k.Day, today)
	case k.Span != nil:
		needs(k.Span.From)
		needs(k.Span.Until)
		bound(k.Span.From, today)
		bound(k.Span.Until, today)
		if a, ok := day(k.Span.From); ok {
			if b, ok := day(k.Span.Until); ok && b < a {
				fault(k.Span.Until, "value.before-start", map[string]any{"day": a.String()})
			}
		}
	case k.State != nil:
		needs(k.State.From)
		bound(k.State.From, today+366)
		if a, ok := day(k.State.From); ok {
			if b, ok := day(k.State.Until); ok && b < a {
				fault(k.State.Until, "value.before-start", map[string]any{"day": a.String()})
			}
		}
	}
	return v, faults
}

func hasFault(faults []problem.Field, pointer string) bool {
	for _, f := range faults {
		if f.Pointer == pointer {
			return true
		}
	}
	return false
}

func cleanFields(fields []Field, raw map[string]any, at string) (Values, []problem.Field) {
	out := Values{}
	var faults []problem.Field
	matched := 0
	for _, f := range fields {
		x, has := raw[f.Key]
		if has {
			matched++
		}
		if len(f.Basis) > 0 {
			if _, ok := raw[f.Key+".basis"]; ok {
				matched++
			}
		}
		if !has || x == nil || x == "" {
			if f.Required {
				faults = append(faults, problem.Field{Pointer: at + "/" + f.Key, Code: "value.required"})
			}
			continue
		}
		v, code, args := cleanOne(f, x)
		if f.Type == "group" {
			list, ok := x.([]any)
			if !ok {
				faults = append(faults, problem.Field{Pointer: at + "/" + f.Key, Code: "value.group"})
				continue
			}
			var items []Values
			for i, e := range list {
				m, _ := e.(map[string]any)
				item, bad := cleanFields(f.Fields, m, fmt.Sprintf("%s/%s/%d", at, f.Key, i))
				faults = append(faults, bad...)
				items = append(items, item)
			}
			if f.Max != nil && int64(len(items)) > *f.Max {
				faults = append(faults, problem.Field{Pointer: at + "/" + f.Key, Code: "value.too-many", Args: map[string]any{"max": *f.Max}})
			}
			if len(items) > 0 {
				out[f.Key] = items
			}
			continue
		}
		if code != "" {
			faults = append(faults, problem.Field{Pointer: at + "/" + f.Key, Code: code, Args: args})
			continue
		}
		if v != nil {
			out[f.Key] = v
		}
		if len(f.Basis) > 0 {
			b, _ := raw[f.Key+".basis"].(string)
			if b == "" {
				b = f.Basis[0]
			}
			if !slices.Contains(f.Basis, b) {
				faults = append(faults, problem.Field{Pointer: at + "/" + f.Key + ".basis", Code: "value.option",
					Args: map[string]any{"options": strings.Join(f.Basis, "、")}})
			} else {
				out[f.Key+".basis"] = b
			}
		}
	}
	if matched < len(raw) {
		for _, k := range unknown(fields, raw) {
			faults = append(faults, problem.Field{Pointer: at + "/" + k, Code: "value.unknown-field", Args: map[string]any{"field": k}})
		}
	}
	sort.SliceStable(faults, func(i, j int) bool { return faults[i].Pointer < faults[j].Pointer })
	return out, faults
}

// unknown lists the keys of raw that no field has.
func unknown(fields []Field, raw map[string]any) []string {
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Key] = true
		if len(f.Basis) > 0 {
			known[f.Key+".basis"] = true
		}
	}
	var out []string
	for k := range raw {
		if !known[k] {
			out = append(out, k)
		}
	}
	return out
}

func cleanOne(f Field, x any) (v any, code string, args map[string]any) {
	text, isText := x.(string)
	switch f.Type {
	case "date":
		d, err := period.ParseDay(text)
		if !isText || err != nil {
			return nil, "value.date", nil
		}
		return d.String(), "", nil
	case "text", "long-text":
		limit := int64(200)
		if f.Type == "long-text" {
			limit = 4000
		}
		if f.Max != nil {
			limit = *f.Max
		}
		text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		switch {
		case !isText:
			return nil, "value.text", nil
		case strings.ContainsRune(text, 0) || !utf8.ValidString(text):
			return nil, "value.characters", nil
		case int64(utf8.RuneCountInString(text)) > limit:
			return nil, "value.too-long", map[string]any{"max": limit, "have": utf8.RuneCountInString(text)}
		case text == "":
			if f.Required {
				return nil, "value.required", nil
			}
			return nil, "", nil
		}
		return text, "", nil
	case "count", "number", "weight", "money":
		n, ok := Whole(x)
		if !ok {
			return nil, "value.number", nil
		}
		lo, hi := int64(0), int64(MaxQuantity)
		if f.Min != nil {
			lo = *f.Min
		}
		if f.Max != nil {
			hi = min(hi, *f.Max)
		}
		if n < lo {
			return nil, "value.too-small", map[string]any{"min": Scaled(f, lo)}
		}
		if n > hi {
			return nil, "value.too-large", map[string]any{"max": Scaled(f, hi)}
		}
		return n, "", nil
	case "choice":
		for _, o := range f.Options {
			if isText && o.Key == text {
				return text, "", nil
			}
		}
		return nil, "value.option", map[string]any{"options": f.OptionTitles()}
	case "ref", "person":
		if !isText || !id.Valid(text) {
			return nil, "value.reference", nil
		}
		return text, "", nil
	case "unit":
		n, ok := Whole(x)
		if !ok || n <= 0 {
			return nil, "value.unit", nil
		}
		return n, "", nil
	case "photo", "file":
		list, ok := x.([]any)
		if !ok {
			return nil, "value.files", nil
		}
		var out []string
		seen := map[string]bool{}
		for _, e := range list {
			s, _ := e.(string)
			if !blob.ValidSum(s) {
				return nil, "value.files", nil
			}
			if !seen[s] {
				out = append(out, s)
			}
			seen[s] = true
		}
		limit := int64(20)
		if f.Max != nil {
			limit = *f.Max
		}
		if int64(len(out)) > limit {
			return nil, "value.too-many", map[string]any{"max": limit}
		}
		if len(out) == 0 {
			return nil, "", nil
		}
		return out, "", nil
	case "bool":
		b, ok := x.(bool)
		if !ok {
			return nil, "value.bool", nil
		}
		return b, "", nil
	case "geo":
		m, _ := x.(map[string]any)
		lat, ok1 := Whole(m["lat"])
		lon, ok2 := Whole(m["lon"])
		if !ok1 || !ok2 || lat < -90e7 || lat > 90e7 || lon < -180e7 || lon > 180e7 {
			return nil, "value.geo", nil
		}
		return map[string]any{"lat": lat, "lon": lon}, "", nil
	}
	return nil, "", nil
}

// OptionTitles names the choices of a field in a row.
func (f Field) OptionTitles() i18n.Label {
	var titles []i18n.Label
	for _, o := range f.Options {
		titles = append(titles, o.Title)
	}
	return Join(titles)
}

// Whole reads an integer however JSON or Go carried it; fractions are refused.
func Whole(x any) (int64, bool) {
	switch n := x.(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	case float64:
		if n == float64(int64(n)) && n > -9e15 && n < 9e15 {
			return int64(n), true
		}
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	}
	return 0, false
}

// Scaled writes a quantity of a field for a message, with its unit: weights in kg.
func Scaled(f Field, n int64) string {
	decimals := f.Decimals
	switch f.Type {
	case "money":
		decimals = 2
	case "weight":
		return unit.Decimal(n, 3) + " kg"
	}
	return unit.Decimal(n, decimals)
}
