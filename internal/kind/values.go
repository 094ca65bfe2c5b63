package kind

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Values are an entry's field values in canonical form: dates "2020-08-02", quantities int64 at the field's scale,
// choices by key, refs and persons by id, units by number, photos as lists of SHA-256, groups as lists of Values.
// An absent value is a missing key.
type Values map[string]any

// Decode reads a stored body back into canonical types.
func (k *Kind) Decode(body string) (Values, error) {
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	var raw map[string]any
	if err := dec.Decode(&raw); err != nil {
		return nil, fmt.Errorf("stored values: %w", err)
	}
	return restore(k.Fields, raw), nil
}

// restore converts without judging: a limit tightened since must not hide an old record.
func restore(fields []Field, raw map[string]any) Values {
	out := Values{}
	for _, f := range fields {
		x, ok := raw[f.Key]
		if !ok {
			continue
		}
		switch f.Type {
		case "group":
			var items []Values
			list, _ := x.([]any)
			for _, e := range list {
				m, _ := e.(map[string]any)
				items = append(items, restore(f.Fields, m))
			}
			out[f.Key] = items
		case "photo", "file":
			var sums []string
			list, _ := x.([]any)
			for _, e := range list {
				if s, ok := e.(string); ok {
					sums = append(sums, s)
				}
			}
			out[f.Key] = sums
		case "geo":
			m, _ := x.(map[string]any)
			lat, _ := Whole(m["lat"])
			lon, _ := Whole(m["lon"])
			out[f.Key] = map[string]any{"lat": lat, "lon": lon}
		default:
			if n, ok := Whole(x); ok {
				out[f.Key] = n
			} else {
				out[f.Key] = x
			}
		}
		if b, ok := raw[f.Key+".basis"]; ok {
			out[f.Key+".basis"] = b
		}
	}
	return out
}

// Encode is the canonical JSON of values: keys sorted.
func (v Values) Encode() string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // canonical values always encode
	}
	return string(raw)
}

// day is the day a field names.
func (v Values) day(key string) (period.Day, bool) {
	s, ok := v[key].(string)
	if !ok {
		return 0, false
	}
	d, err := period.ParseDay(s)
	return d, err == nil
}

// Days are the days an entry covers: one day, a run of days, or the days a state is in force.
func (k *Kind) Days(v Values) (from, until period.Day) {
	day := v.day
	switch {
	case k.Day != "":
		from, _ = day(k.Day)
		return from, from + 1
	case k.Span != nil:
		from, _ = day(k.Span.From)
		until, _ = day(k.Span.Until)
		return from, until + 1
	}
	from, _ = day(k.State.From)
	until = period.Open
	if d, ok := day(k.State.Until); ok {
		until = d + 1 // people type the last day in force
	}
	return from, until
}

// Evaluate runs the kind's checks: hints are shown, refusals stop a submission.
func (k *Kind) Evaluate(v Values) (hints []i18n.Label, refusals []i18n.Label) {
	if len(k.Checks) == 0 {
		return nil, nil
	}
	in, vals := Inputs(k.Fields), map[string]any{}
	for key, x := range FieldsOf(k.Fields, v) {
		switch x.(type) {
		case int64, string, bool:
			vals[strings.Replace(key, ".basis", "_basis", 1)] = x
		}
	}
	for _, c := range k.Checks {
		p, err := formula.Compile(c.When, in, formula.Bool)
		if err != nil {
			continue // the pack was checked when it was applied
		}
		if yes, err := p.Holds(vals); err == nil && yes {
			if c.Level == "error" {
				refusals = append(refusals, c.Say)
			} else {
				hints = append(hints, c.Say)
			}
		}
	}
	return hints, refusals
}

// Subject is what two spans of one thing share; "" when every entry is a thing of its own.
func (k *Kind) Subject(unit org.No, v Values) string {
	if k.State == nil || len(k.State.Subject) == 0 {
		return ""
	}
	var parts []string
	for _, f := range k.State.Subject {
		if f == "unit" {
			parts = append(parts, fmt.Sprint(int64(unit)))
		} else {
			parts = append(parts, fmt.Sprint(v[f]))
		}
	}
	return strings.Join(parts, "|")
}

// Raw turns canonical values back into what JSON carries, as Clean takes it.
func (v Values) Raw() map[string]any {
	out := make(map[string]any, len(v))
	for key, x := range v {
		switch t := x.(type) {
		case []string:
			list := make([]any, len(t))
			for i, s := range t {
				list[i] = s
			}
			out[key] = list
		case []Values:
			list := make([]any, len(t))
			for i, item := range t {
				list[i] = item.Raw()
			}
			out[key] = list
		default:
			out[key] = x
		}
	}
	return out
}

// HoldsFiles reports whether entries of the kind may name photos or files.
func (k *Kind) HoldsFiles() bool {
	return slices.ContainsFunc(k.Fields, func(f Field) bool { return f.Type == "photo" || f.Type == "file" })
}

// Files are the photos and files that values name, by field.
func (k *Kind) Files(v Values) map[string][]string {
	out := map[string][]string{}
	for _, f := range k.Fields {
		if list, ok := v[f.Key].([]string); ok && (f.Type == "photo" || f.Type == "file") {
			out[f.Key] = list
		}
	}
	return out
}
