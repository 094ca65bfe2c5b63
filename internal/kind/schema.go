package kind

import "maps"

// schema is the JSON schema of a kind's file, for editors.
func schema() map[string]any {
	type m = map[string]any
	str, whole, flag := m{"type": "string"}, m{"type": "integer"}, m{"type": "boolean"}
	list := func(of m) m { return m{"type": "array", "items": of} }
	enum := func(words ...string) m { return m{"enum": words} }
	open := func(properties m) m { return m{"type": "object", "properties": properties} }
	closed := func(required []string, properties m) m {
		out := m{"additionalProperties": false, "required": required}
		maps.Copy(out, open(properties))
		return out
	}
	label := closed([]string{"zh", "en"}, m{"zh": str, "en": str})
	option := closed([]string{"key", "title"}, m{"key": str, "title": label})
	field := closed([]string{"key", "type", "title"}, m{
		"key": str, "type": enum(fieldTypes...), "title": label, "help": label, "required": flag,
		"decimals": whole, "unit": label, "min": whole, "max": whole, "basis": list(str), "options": list(option),
		"of": str, "types": list(str), "personal": flag, "fields": m{"type": "array"},
	})
	return closed([]string{"key", "title", "prefix", "fields"}, m{
		"key": str, "title": label, "prefix": str, "group": label, "source": label, "extends": str, "day": str,
		"span":        open(m{"from": str, "until": str}),
		"state":       open(m{"from": str, "until": str, "subject": list(str)}),
		"title_field": str, "about": list(str), "entered_by": list(str), "levels": list(str),
		"due":    open(m{"every": enum("month", "quarter", "year"), "by": whole, "units": list(str)}),
		"fields": list(field),
		"checks": list(open(m{"when": str, "say": label, "level": enum("warn", "error")})),
	})
}

// The public names of the parts of a kind: pages are typed with them.

func (Due) SchemaName() string    { return "LedgerDue" }
func (Field) SchemaName() string  { return "LedgerField" }
func (Option) SchemaName() string { return "LedgerOption" }
func (Span) SchemaName() string   { return "LedgerSpan" }
func (State) SchemaName() string  { return "LedgerState" }
