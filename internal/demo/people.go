package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// name draws a name nobody in the district has yet.
func (d *district) name(r *rand.Rand) string {
	for {
		n := pick(r, surnames) + pick(r, givens)
		if !d.taken[n] {
			d.taken[n] = true
			return n
		}
	}
}

func (d *district) person(name, login, role string, unit *Unit, shown bool) *Person {
	p := &Person{Name: name, Login: login, Role: role, Unit: unit, Shown: shown}
	d.taken[name] = true
	d.People = append(d.People, p)
	return p
}

func (d *district) makePeople() {
	r := dice(3)
	d.person("殷其雷", "admin", "administrator", d.root, true)
	d.person("谭振邦", "leader", "leader", d.root, true)
	d.office = []*Person{
		d.person("沈知远", "office", "office", d.root, true),
		d.person("孟怀瑾", "office2", "office", d.root, false),
		d.person("顾长宁", "office3", "office", d.root, false),
	}
	d.person("岑晓帆", "jiancha", "inspector", d.root, true)
	d.person("凌云舟", "jiancha2", "inspector", d.root, false)
	d.person("严守正", "auditor", "auditor", d.root, true)
	d.person("金满堂", "firm", "firm", d.byName[firmNames[0]], true)
	for i, x := range departmentNames {
		u := d.offices[x.short]
		d.clerk[u] = d.person(x.person, x.login, "department", u, i == 1)
	}
	edu := d.offices["教育"]
	d.manager[edu] = d.person("师远志", "jiaoyu2", "department", edu, false)
	for _, c := range carrierNames {
		u := d.byName[c.name]
		d.clerk[u] = d.person(c.clerk, c.login, "clerk", u, false)
	}
	for i, t := range townNames {
		town := d.towns[i]
		d.manager[town] = d.person(t.manager, t.login, "street-manager", town, i == 1)
		d.clerk[town] = d.person(t.clerk, t.login+".jb", "clerk", town, i == 1)
	}
	// Clerks of communities: all of 榆巷街道, a few of the others. The rest leave the workbooks to their street.
	known := map[string]string{"古槐社区": "庄明", "织里社区": "白若谷", "南窗社区": "罗小满", "东篱社区": "温以宁", "书院社区": "何晓棠", "柳荫村": "葛根生", "渡口村": "史渡舟"}
	for i, t := range townNames {
		for k, a := range d.areas[d.towns[i]] {
			if i != 1 && k%4 != 0 {
				continue
			}
			n := known[a.Name]
			if n == "" {
				n = d.name(r)
			}
			d.clerk[a] = d.person(n, fmt.Sprintf("%s.%02d", t.login, k+1), "clerk", a, false)
		}
	}
}

// officer is the person of the district office who does the n-th thing; the others verify it.
func (d *district) officer(n int) *Person { return d.office[n%2] }

// verifierOf is the person who looks at what sender hands in about u. Nobody verifies his own work.
func (d *district) verifierOf(kind string, u *Unit, sender *Person) *Person {
	switch {
	case kind == "school-sorting":
		return d.manager[d.offices["教育"]]
	case !streetLevel[kind] || u.Town == nil:
		for _, o := range d.office {
			if o != sender {
				return o
			}
		}
	}
	return d.manager[u.Town]
}

// streetLevel lists the kinds that the street verifies (packs/base/kinds); all others go to the district.
var streetLevel = map[string]bool{"publicity-session": true, "printed-material": true, "street-display": true, "household-visit": true,
	"dropoff-point": true, "institution-sorting": true, "estate-sorting": true}

// stem is a unit's name without its type.
func stem(u *Unit) string {
	n := u.Name
	for _, end := range []string{"社区", "村", "街道", "镇"} {
		n = strings.TrimSuffix(n, end)
	}
	return strings.TrimPrefix(n, "云汀")
}
