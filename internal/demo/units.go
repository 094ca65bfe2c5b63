package demo

import (
	"fmt"
	"strings"
)

// add makes a unit. Names are unique in the whole district, so that a workbook may name a unit without its path.
func (d *district) add(code, name, typ string, parent, line *Unit) *Unit {
	if d.byName[name] != nil {
		panic("demo: two units are called " + name) // the tables of this package are wrong
	}
	u := &Unit{Code: code, Name: name, Type: typ, Parent: parent, Line: line}
	switch {
	case typ == "street" || typ == "zone":
		u.Town = u
	case parent != nil:
		u.Town = parent.Town
	}
	d.byName[name] = u
	d.Units = append(d.Units, u)
	return u
}

func (d *district) makeUnits() {
	r := dice(1)
	d.root = d.add(Code, Name, "district", nil, nil)
	for _, x := range departmentNames {
		d.offices[x.short] = d.add("", x.name, "department", d.root, nil)
	}
	for _, n := range firmNames {
		d.add("", n, "firm", d.root, nil)
	}
	for _, c := range carrierNames {
		d.add("", c.name, "carrier", d.root, d.offices["城管"])
	}
	for i, t := range townNames {
		typ := "street"
		if t.code == "400" {
			typ = "zone"
		}
		town := d.add(Code+t.code, t.name, typ, d.root, nil)
		d.towns = append(d.towns, town)
		for k, n := range strings.Fields(t.communities) {
			d.areas[town] = append(d.areas[town], d.add(fmt.Sprintf("%s%03d", town.Code, k+1), n+"社区", "community", town, nil))
		}
		for k, n := range strings.Fields(t.villages) {
			d.areas[town] = append(d.areas[town], d.add(fmt.Sprintf("%s%03d", town.Code, 200+k), n+"村", "village", town, nil))
		}
		if i < len(stationNames) {
			d.add("", stationNames[i], "station", town, d.offices["城管"])
		}
	}
	d.makeEstates()
	d.makeInstitutions()
	d.makeSchools()
	for _, name := range []string{"汀岸花园", "东篱苑", "书院雅居", "禾下小区", "晚晴家园", "长堤花园"} {
		d.add("", name+"业主委员会", "committee", d.byName[name].Parent, nil)
	}
	for _, u := range d.estates {
		u.Households = int64(180 + r.IntN(1100))
	}
}

func (d *district) makeEstates() {
	r := dice(2)
	home := func(town *Unit, name string) *Unit { // the community whose name the estate bears, else any
		for _, c := range d.areas[town] {
			if strings.HasPrefix(name, strings.TrimSuffix(c.Name, "社区")) {
				return c
			}
		}
		return nil
	}
	have := map[*Unit]int{}
	put := func(name string, c *Unit) {
		d.estates = append(d.estates, d.add("", name, "estate", c, d.byName[firmNames[len(d.estates)%len(firmNames)]]))
		have[c.Town]++
	}
	for _, e := range sortingEstates {
		put(e.name, home(d.byName[e.town], e.name))
	}
	stem := 0
	for i, t := range townNames {
		town := d.towns[i]
		var communities []*Unit
		for _, a := range d.areas[town] {
			if a.Type == "community" {
				communities = append(communities, a)
			}
		}
		for k := 0; have[town] < t.estates; k++ {
			c := communities[k%len(communities)]
			name := estateStems[stem%len(estateStems)] + pick(r, estateEnds)
			if k%3 == 0 {
				name = strings.TrimSuffix(c.Name, "社区") + pick(r, estateEnds)
			} else {
				stem++
			}
			if d.byName[name] == nil {
				put(name, c)
			}
		}
	}
}

func (d *district) makeInstitutions() {
	put := func(name string, parent *Unit, line string) {
		d.places = append(d.places, d.add("", name, "institution", parent, d.offices[line]))
	}
	for i, n := range districtInstitutions {
		town := d.towns[i%3]
		put(n, d.areas[town][i%len(d.areas[town])], "")
	}
	for i, n := range hospitals {
		town := d.towns[i%5]
		put(n, d.areas[town][(i+3)%len(d.areas[town])], "卫健")
	}
	for i, t := range townNames {
		town := d.towns[i]
		put(t.short+t.kindOfOffice, d.areas[town][0], "")
		seats := len(strings.Fields(t.communities)) // offices sit in the built-up part
		for k, n := range perTown {
			line := ""
			if n == "卫生服务中心" {
				line = "卫健"
				if t.kindOfOffice == "镇人民政府" {
					n = "镇卫生院"
				}
			}
			put(t.short+n, d.areas[town][k%seats], line)
		}
		for _, a := range d.areas[town] {
			put(a.Name+"党群服务中心", a, "")
			if a.Type == "village" {
				put(a.Name+"卫生室", a, "卫健")
			}
		}
	}
	for _, n := range markets {
		stem := string([]rune(n)[:2])
		for _, town := range d.towns {
			for _, a := range d.areas[town] {
				if strings.HasPrefix(a.Name, stem) && d.byName[n] == nil {
					put(n, a, "商务")
				}
			}
		}
	}
	for k := 0; len(d.places) < 301; k++ {
		town := d.towns[k%len(d.towns)]
		area := d.areas[town][(k/len(d.towns))%len(d.areas[town])]
		stem := strings.TrimSuffix(strings.TrimSuffix(area.Name, "社区"), "村")
		if name := banks[(k/3)%len(banks)] + stem + "支行"; d.byName[name] == nil {
			put(name, area, "")
		}
	}
}

func (d *district) makeSchools() {
	edu := d.offices["教育"]
	put := func(name string, parent *Unit) {
		d.schools = append(d.schools, d.add("", name, "school", parent, edu))
	}
	for i, n := range namedSchools {
		town := d.towns[i%5]
		put(n, d.areas[town][(i+1)%len(d.areas[town])])
	}
	for i, n := range ordinals[:10] {
		town := d.towns[i%5]
		put("云汀区第"+n+"中学", d.areas[town][(i+2)%len(d.areas[town])])
	}
	for i, t := range townNames {
		town := d.towns[i]
		if i >= 5 && i < 8 {
			put(t.name+"初级中学", d.areas[town][0])
			put(t.name+"中心小学", d.areas[town][1])
		}
		for _, a := range d.areas[town] {
			put(strings.TrimSuffix(strings.TrimSuffix(a.Name, "社区"), "村")+"幼儿园", a)
		}
	}
	for k := 0; len(d.schools) < 149; k++ {
		town := d.towns[k%len(d.towns)]
		i := k / len(d.towns)
		if i >= len(d.areas[town]) {
			continue
		}
		put(strings.TrimSuffix(strings.TrimSuffix(d.areas[town][i].Name, "社区"), "村")+"小学", d.areas[town][i])
	}
}
