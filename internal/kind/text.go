package kind

import (
	"fmt"
	"strconv"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/unit"
)

// Names are what values point at, in words: persons of accounts, persons and records by id.
type Names struct {
	Account map[string]string
	Person  map[string]string
	Entry   map[string]string
}

// Text writes one value for a person.
func (n Names) Text(o *org.Org, f Field, v Values, lang i18n.Lang) string {
	x, ok := v[f.Key]
	if !ok {
		return ""
	}
	unitOf := ""
	if f.Unit != nil {
		unitOf = f.Unit.In(lang)
	}
	switch f.Type {
	case "choice":
		for _, op := range f.Options {
			if op.Key == x {
				return op.Title.In(lang)
			}
		}
	case "unit":
		if no, ok := x.(int64); ok {
			return o.UnitName(org.No(no))
		}
	case "person":
		return n.Person[fmt.Sprint(x)]
	case "ref":
		return n.Entry[fmt.Sprint(x)]
	case "bool":
		yes, no := i18n.Label{Zh: "是", En: "Yes"}, i18n.Label{Zh: "否", En: "No"}
		if x == true {
			return yes.In(lang)
		}
		return no.In(lang)
	case "weight":
		if g, ok := x.(int64); ok {
			return unit.Group(g, 3) + " kg"
		}
	case "money":
		if fen, ok := x.(int64); ok {
			return unit.Group(fen, 2) + " " + unitOf
		}
	case "count", "number":
		if c, ok := x.(int64); ok {
			s := unit.Group(c, f.Decimals)
			if unitOf != "" {
				s += " " + unitOf
			}
			switch v[f.Key+".basis"] {
			case "estimated":
				s += i18n.Label{Zh: "（估计）", En: " (estimated)"}.In(lang)
			case "counted":
				s += i18n.Label{Zh: "（清点）", En: " (counted)"}.In(lang)
			}
			return s
		}
	case "photo", "file":
		if list, ok := x.([]string); ok {
			return strconv.Itoa(len(list))
		}
	case "group":
		var parts []string
		if items, ok := x.([]Values); ok {
			for _, i := range items {
				var cells []string
				for _, g := range f.Fields {
					if t := n.Text(o, g, i, lang); t != "" {
						cells = append(cells, t)
					}
				}
				parts = append(parts, strings.Join(cells, " "))
			}
		}
		return strings.Join(parts, "；")
	case "geo":
		if m, ok := x.(map[string]any); ok {
			lat, _ := Whole(m["lat"])
			lon, _ := Whole(m["lon"])
			return unit.Decimal(lat, 7) + ", " + unit.Decimal(lon, 7)
		}
	}
	return fmt.Sprint(x)
}
