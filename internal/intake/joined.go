package intake

import (
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/intake/heading"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/sheet"
	"sifen/internal/unit"
)

// readable lists the columns that a file of a kind may have: those of its workbook, and those of sheets that say in two
// columns what the workbook says in one: the community beside its street, the latitude beside the longitude.
func readable(k *kind.Kind) []column {
	out := columnsOf(k, true)
	add := func(role, key, zh, en string, f kind.Field) {
		out = append(out, column{role: role, key: key, field: f, title: i18n.Label{Zh: zh, En: en}, names: [][2]string{{zh}, {strings.ToLower(en)}}})
	}
	for i := range out {
		if out[i].role == "unit" {
			out[i].takes = k.TakesUnit
		}
	}
	add("street", "unit.street", "所属镇街", "Street or town above", kind.Field{})
	add("district", "unit.district", "所属区", "District above", kind.Field{})
	places := slices.DeleteFunc(slices.Clone(k.Fields), func(f kind.Field) bool { return f.Type != "geo" })
	if len(places) == 1 { // of several nobody knows which is meant
		add("lat", places[0].Key+".lat", "纬度", "Latitude", places[0])
		add("lon", places[0].Key+".lon", "经度", "Longitude", places[0])
	}
	return out
}

// joins reports whether a column is one of two that say one thing.
func (c column) joins() bool { return c.above() || c.role == "lat" || c.role == "lon" }

// above reports whether a column names what the unit of the row lies in.
func (c column) above() bool { return c.role == "street" || c.role == "district" }

func (c column) isJoined(title string) bool { return heading.Joined(title) == c.role }

// join finds the places of such columns among those that are free. A street says where the unit of another column lies; where
// no column is titled as the unit, the one below the street is.
func join(cols []column, at []int, head []string, used map[int]bool) {
	free := func(is func(string) bool) int {
		found := -1
		for j, h := range head {
			if upper, lower, two := strings.Cut(h, sheet.HeadMark); !used[j] && h != "" && (is(h) || two && (is(lower) || is(upper) && lower == "")) {
				if found >= 0 {
					return -1
				}
				found = j
			}
		}
		return found
	}
	index := func(key string) int { return slices.IndexFunc(cols, func(c column) bool { return c.key == key }) }
	take := func(i, j int) { at[i], used[j] = j, true }
	unit, street := index("unit"), index("unit.street")
	if street < 0 {
		return
	}
	if j := free(cols[street].isJoined); j >= 0 && at[street] < 0 {
		if at[unit] < 0 {
			if below := free(cols[unit].isBelowStreet); below >= 0 {
				take(unit, below)
			}
		}
		if at[unit] >= 0 {
			take(street, j)
		}
	}
	if d := index("unit.district"); at[unit] >= 0 && at[d] < 0 {
		if j := free(cols[d].isJoined); j >= 0 {
			take(d, j)
		}
	}
	for i, c := range cols {
		if c.role != "lat" || at[index(c.field.Key)] >= 0 || at[i] >= 0 || at[i+1] >= 0 {
			continue
		}
		lat, lon := free(c.isJoined), free(cols[i+1].isJoined)
		if lat >= 0 && lon >= 0 {
			take(i, lat)
			take(i+1, lon)
		}
	}
}

// isBelowStreet reports whether a title names units below streets that the kind keeps records of: 社区, 社区（村）.
func (c column) isBelowStreet(title string) bool {
	name, _ := heading.Split(title)
	types, _, _ := org.Called(name)
	return len(types) > 0 && types[0].Rank() > 1 && c.takes != nil && slices.ContainsFunc(types, c.takes)
}

// unit finds the unit of a row from all its cells that say where it belongs.
func (x *reading) unit() {
	if x.lay.at[x.lay.by["/values/unit"]] < 0 {
		return
	}
	cell := x.lay.column("/values/unit")
	text := x.row.Text(cell)
	if c := x.lay.cols[x.lay.by["/values/unit"]]; broken(c, text) != nil || cell < len(x.row.Cells) && x.row.Cells[cell].Uncached {
		return // told already
	}
	if slices.Contains(nothings, text) {
		text = ""
	}
	var above []string
	for i, c := range x.lay.cols {
		if c.above() && x.lay.at[i] >= 0 {
			if t := x.row.Text(x.lay.at[i]); !slices.Contains(nothings, t) {
				above = append(above, t)
			}
		}
	}
	if text == "" && strings.Join(above, "") == "" {
		return
	}
	from, _ := x.k.Days(kind.Values(x.values))
	n, f := x.look.unit(text, nil, above, from)
	if f != nil {
		x.fail(cell, "unit", f.code, f.args, f.suggestion)
		l := &x.line // first of the row: rows are mended together by their first fault
		l.faults = append(l.faults[len(l.faults)-1:], l.faults[:len(l.faults)-1]...)
		return
	}
	x.line.unit = n
}

// coordinate reads one of the two numbers of a place, in ten-millionths of a degree; more digits are less than a centimetre.
func coordinate(text string) (int64, *cellFault) {
	r, err := sheet.Exact(sheet.HalfWidth(strings.TrimRight(strings.TrimSpace(text), "°度NnEe")))
	if err != nil {
		return 0, &cellFault{code: "import.coordinate"}
	}
	n, _ := unit.ParseDecimal(r.FloatString(7), 7)
	return n, nil
}

// placed puts the place that stands in two columns.
func (x *reading) placed(said map[string]int64) {
	for i, c := range x.lay.cols {
		if c.role != "lat" || len(said) == 0 {
			continue
		}
		lat, there := said["lat"]
		lon, both := said["lon"]
		switch {
		case there && both:
			x.put(column{role: "value", field: c.field}, map[string]any{"lat": lat, "lon": lon})
		case !x.told["/values/"+c.key] && !x.told["/values/"+x.lay.cols[i+1].key]:
			x.bad(c, &cellFault{code: "import.half-place"})
		}
	}
}
