package intake

import (
	"context"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/intake/heading"
	"sifen/internal/kind"
	"sifen/internal/period"
	"sifen/internal/sheet"
)

// cellFault is what is wrong with one cell.
type cellFault struct {
	code       string
	args       map[string]any
	suggestion string
}

// basisTitles name how a number was come by, in a column of its own.
var basisTitles = map[string]i18n.Label{"counted": {Zh: "清点", En: "counted"}, "estimated": {Zh: "估计", En: "estimated"}}

// parse reads a cell's text as the raw JSON value of its field. Names of units and records, and files, are looked up.
func (c column) parse(ctx context.Context, text string, in columnUnit, date1904 bool, look *lookup) (any, *cellFault, error) {
	f := c.field
	if c.quantity() {
		v, fault := c.parseQuantity(sheet.HalfWidth(text), in)
		return v, fault, nil
	}
	if c.role == "basis" {
		v, fault := parseBasis(f, text)
		return v, fault, nil
	}
	var v any
	var fault *cellFault
	switch f.Type {
	case "text", "long-text":
		if sheet.IsDitto(text) {
			return nil, &cellFault{code: "import.ditto"}, nil
		}
		if strings.Contains(f.Title.Zh, "车牌") && sheet.IsSeveral(text) {
			return nil, &cellFault{code: "import.several"}, nil
		}
		return text, nil, nil
	case "ref":
		return look.ref(ctx, f.Of, text)
	case "photo", "file":
		return parseFiles(ctx, f, text, look)
	case "unit":
		n, fault := look.unit(text, f.Types, nil, 0)
		if fault != nil {
			return nil, fault, nil
		}
		return int64(n), nil, nil
	case "choice":
		v, fault = parseChoice(f, text)
	default:
		v, fault = parseText(f, sheet.HalfWidth(text), text, date1904)
	}
	return v, fault, nil
}

// parseText reads what a cell says by itself.
func parseText(f kind.Field, plain, text string, date1904 bool) (any, *cellFault) {
	switch f.Type {
	case "date":
		t, err := sheet.Date(text, date1904)
		if err != nil {
			return nil, &cellFault{code: "value.date"}
		}
		y, m, d := t.Date()
		return period.Date(y, int(m), d).String(), nil
	case "bool":
		switch strings.ToLower(plain) {
		case "是", "yes", "y", "true", "1", "有", "√":
			return true, nil
		case "否", "no", "n", "false", "0", "无", "×":
			return false, nil
		}
		return nil, &cellFault{code: "value.bool"}
	case "geo":
		a, b, ok := strings.Cut(strings.ReplaceAll(plain, " ", ","), ",")
		lat, no1 := coordinate(strings.TrimSpace(a))
		lon, no2 := coordinate(strings.Trim(strings.TrimSpace(b), ","))
		if !ok || no1 != nil || no2 != nil {
			return nil, &cellFault{code: "value.geo"}
		}
		return map[string]any{"lat": lat, "lon": lon}, nil
	}
	return text, nil
}

func parseBasis(f kind.Field, text string) (any, *cellFault) {
	for _, b := range f.Basis {
		if t := basisTitles[b]; text == t.Zh || strings.EqualFold(text, t.En) || text == b {
			return b, nil
		}
	}
	return nil, &cellFault{code: "value.option", args: map[string]any{"options": "清点、估计"}}
}

func parseChoice(f kind.Field, text string) (any, *cellFault) {
	for _, o := range f.Options {
		if text == o.Title.Zh || strings.EqualFold(text, o.Title.En) || text == o.Key {
			return o.Key, nil
		}
	}
	for _, o := range f.Options {
		if t := kind.Fold(text); t == kind.Fold(o.Title.Zh) || t == kind.Fold(o.Title.En) {
			return o.Key, nil
		}
	}
	return nil, &cellFault{code: "value.option", args: map[string]any{"options": f.OptionTitles()}, suggestion: meant(f, text)}
}

// meant is the option that a text can only mean: the one whose title holds it, or that is one of its known names. A title
// that merely looks alike, as 建筑垃圾 does 厨余垃圾, is another thing.
func meant(f kind.Field, text string) string {
	text = kind.Fold(text)
	if other, ok := heading.Kinds[text]; ok {
		for _, o := range f.Options {
			if o.Title.Zh == other {
				return other
			}
		}
	}
	found := ""
	for _, o := range f.Options {
		t := kind.Fold(o.Title.Zh)
		if len([]rune(text)) < 2 || !heading.Holds(text, t) && !heading.Holds(t, text) && !heading.Slip(text, t) {
			continue
		}
		if found != "" {
			return ""
		}
		found = o.Title.Zh
	}
	return found
}

// parseFiles reads names of files between separators.
func parseFiles(ctx context.Context, f kind.Field, text string, look *lookup) (any, *cellFault, error) {
	var out []any
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";；、\n,，", r) }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		sha, fault, err := look.file(ctx, name, f.Type == "photo")
		if fault != nil || err != nil {
			return nil, fault, err
		}
		out = append(out, sha)
	}
	return out, nil, nil
}
