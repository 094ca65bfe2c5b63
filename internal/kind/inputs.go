package kind

import (
	"maps"

	"sifen/internal/formula"
	"sifen/internal/period"
)

// Inputs is the one table of what fields are in a formula: their names and formula types. Photos, files, places and
// groups are in none. A count comes with how it was taken, as x_basis.
func Inputs(fields []Field) map[string]formula.Type {
	out := map[string]formula.Type{}
	for _, f := range fields {
		switch f.Type {
		case "count", "number", "weight", "money", "date", "unit":
			out[f.Key] = formula.Int
		case "bool":
			out[f.Key] = formula.Bool
		case "text", "long-text", "choice", "ref", "person", "kind":
			out[f.Key] = formula.Text
		}
		if f.Type == "count" || len(f.Basis) > 0 {
			out[f.Key+"_basis"] = formula.Text
		}
	}
	return out
}

// InputsIn are the names that a condition over the repetitions of a group may use: the kind's fields and those of the
// group, which hide fields of the same name. group "" is none.
func (k *Kind) InputsIn(group string) map[string]formula.Type {
	in := Inputs(k.Fields)
	if g, ok := k.Field(group); ok {
		maps.Copy(in, Inputs(g.Fields))
	}
	return in
}

// Fields are a record's values as figures and formulas see them: int64, string, bool, or []Fields for a group. Dates are
// days since 1970. Absent is a missing key.
type Fields map[string]any

// FieldsOf turns values into what the figure engine and formulas see.
func FieldsOf(fields []Field, v Values) Fields {
	out := Fields{}
	for _, f := range fields {
		x, ok := v[f.Key]
		if !ok {
			continue
		}
		switch t := x.(type) {
		case []Values:
			var items []Fields
			for _, i := range t {
				items = append(items, FieldsOf(f.Fields, i))
			}
			out[f.Key] = items
		case string:
			out[f.Key] = t
			if f.Type == "date" {
				if d, err := period.ParseDay(t); err == nil {
					out[f.Key] = int64(d)
				}
			}
		case int64, bool:
			out[f.Key] = t
		}
		if b, ok := v[f.Key+".basis"].(string); ok {
			out[f.Key+".basis"] = b
		}
	}
	return out
}
