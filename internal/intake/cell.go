package intake

import (
	"context"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/period"
	"sifen/internal/sheet"
	"sifen/internal/unit"
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
func (c column) parse(ctx context.Context, text string, date1904 bool, look *lookup) (any, *cellFault, error) {
	f := c.field
	if c.role == "basis" {
		v, fault := parseBasis(f, text)
		return v, fault, nil
	}
	var v any
	var fault *cellFault
	switch f.Type {
	case "text", "long-text":
		return text, nil, nil
	case "ref":
		return look.ref(ctx, f.Of, text)
	case "photo", "file":
		return parseFiles(ctx, f, text, look)
	case "unit":
		n, fault := look.unit(text, f.Types)
		if fault != nil {
			return nil, fault, nil
		}
		return int64(n), nil, nil
	case "choice":
		v, fault = parseChoice(f, text)
	default:
		v, fault = parseText(f, halfWidth(text), text, date1904)
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
	case "count":
		return parseQuantity(plain, 0)
	case "number":
		return parseQuantity(plain, f.Decimals)
	case "money":
		return parseQuantity(plain, 2)
	case "weight":
		return parseQuantity(plain, 3)
	case "bool":
		switch strings.ToLower(plain) {
		case "是", "yes", "y", "true", "1", "有", "√":
			return true, nil
		case "否", "no", "n", "false", "0", "无", "×":
			return false, nil
		}
		return nil, &cellFault{code: "value.bool", suggestion: "是"}
	case "geo":
		a, b, ok := strings.Cut(strings.ReplaceAll(plain, " ", ","), ",")
		lat, ok1 := unit.ParseDecimal(strings.TrimSpace(a), 7)
		lon, ok2 := unit.ParseDecimal(strings.Trim(strings.TrimSpace(b), ","), 7)
		if !ok || !ok1 || !ok2 {
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
	return nil, &cellFault{code: "value.option", args: map[string]any{"options": "清点、估计"}, suggestion: "清点"}
}

func parseChoice(f kind.Field, text string) (any, *cellFault) {
	var best string
	for _, o := range f.Options {
		if text == o.Title.Zh || strings.EqualFold(text, o.Title.En) || text == o.Key {
			return o.Key, nil
		}
		if best == "" || distance(text, o.Title.Zh) < distance(text, best) {
			best = o.Title.Zh
		}
	}
	return nil, &cellFault{code: "value.option", args: map[string]any{"options": f.OptionTitles()}, suggestion: best}
}

// measureWords may stand behind a number.
var measureWords = []string{"人次", "人", "份", "户", "套", "处", "元", "个", "组", "kg", "千克"}

func parseQuantity(text string, decimals int) (any, *cellFault) {
	s := strings.TrimSpace(text)
	if n, ok := unit.ParseDecimal(s, decimals); ok {
		return n, nil
	}
	for _, word := range measureWords {
		s = strings.TrimSuffix(s, word)
	}
	n, err := sheet.Number(s, decimals)
	if err != nil {
		return nil, &cellFault{code: "value.number", suggestion: digitsOf(text)}
	}
	return n, nil
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

// halfWidth writes the digits and signs of an East Asian keyboard as those of a program.
func halfWidth(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 || text[i] <= ' ' {
			return sheet.NormaliseDigits(text)
		}
	}
	return text
}

func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' || r == '.' {
			b.WriteRune(r)
		}
	}
	return b.String()
}
