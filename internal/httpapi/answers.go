package httpapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// The document promises that a list is never null and says where an object may be. Both are kept here for every answer, so
// that no handler has to remember it.

// filled answers an empty list where a list is nil. What is shared between requests is never written to: only what has to
// change is copied.
func filled(_ huma.Context, _ string, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	if out, changed := fill(reflect.ValueOf(v)); changed {
		return out.Interface(), nil
	}
	return v, nil
}

var (
	holding   sync.Map // reflect.Type to whether a list may be inside
	marshaler = reflect.TypeFor[json.Marshaler]()
)

// holds tells whether a value of this type may hold a list that the encoder would write as null.
func holds(t reflect.Type) bool {
	if known, ok := holding.Load(t); ok {
		return known.(bool)
	}
	out := look(t, map[reflect.Type]bool{})
	holding.Store(t, out)
	return out
}

func look(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] || t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Uint8
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Array, reflect.Map:
		return look(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); (f.IsExported() || f.Anonymous) && look(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// fill returns the value with its nil lists replaced, and whether it differs from what it was given.
func fill(v reflect.Value) (reflect.Value, bool) {
	if !v.IsValid() || !holds(v.Type()) {
		return v, false
	}
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			return reflect.MakeSlice(v.Type(), 0, 0), true
		}
		var out reflect.Value
		for i := range v.Len() {
			if x, changed := fill(v.Index(i)); changed {
				if !out.IsValid() {
					out = reflect.MakeSlice(v.Type(), v.Len(), v.Len())
					reflect.Copy(out, v)
				}
				out.Index(i).Set(x)
			}
		}
		return out, out.IsValid()
	case reflect.Pointer:
		if v.IsNil() {
			return v, false
		}
		x, changed := fill(v.Elem())
		if !changed {
			return v, false
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(x)
		return out, true
	case reflect.Interface:
		return fill(v.Elem())
	case reflect.Map:
		var out reflect.Value
		for it := v.MapRange(); it.Next(); {
			if x, changed := fill(it.Value()); changed {
				if !out.IsValid() {
					out = reflect.MakeMapWithSize(v.Type(), v.Len())
					for all := v.MapRange(); all.Next(); {
						out.SetMapIndex(all.Key(), all.Value())
					}
				}
				out.SetMapIndex(it.Key(), x)
			}
		}
		return out, out.IsValid()
	case reflect.Struct:
		var out reflect.Value
		fillFields(v, func() reflect.Value {
			if !out.IsValid() {
				out = reflect.New(v.Type()).Elem()
				out.Set(v)
			}
			return out
		})
		return out, out.IsValid()
	}
	return v, false
}

// fillFields fills a struct's fields, also those of a struct embedded under an unexported name; into gives the copy to write to.
func fillFields(v reflect.Value, into func() reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous && !f.IsExported() && f.Type.Kind() == reflect.Struct {
			fillFields(v.Field(i), func() reflect.Value { return into().Field(i) })
			continue
		}
		if !f.IsExported() || left(f, v.Field(i)) {
			continue
		}
		if x, changed := fill(v.Field(i)); changed {
			into().Field(i).Set(x)
		}
	}
}

// left tells whether the encoder leaves the field out.
func left(f reflect.StructField, v reflect.Value) bool {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" {
		return true
	}
	return strings.Contains(options, "omitempty") && (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

// withNulls says in the document where an answer's object may be null: where a field points to a struct and is always
// written. The library can say it of single values only.
func withNulls(raw []byte, types huma.Registry) ([]byte, error) {
	var doc map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, err
	}
	components, _ := doc["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	for name, s := range schemas {
		t := types.TypeFromRef("#/components/schemas/" + name)
		schema, _ := s.(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		if t == nil || properties == nil {
			continue
		}
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			continue
		}
		for _, f := range reflect.VisibleFields(t) {
			key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			of, _ := properties[key].(map[string]any)
			if f.Type.Kind() != reflect.Pointer || f.Anonymous || strings.Contains(options, "omitempty") || of["$ref"] == nil {
				continue
			}
			properties[key] = map[string]any{"anyOf": []any{of, map[string]any{"type": "null"}}}
		}
	}
	return json.MarshalIndent(doc, "", "  ")
}
