package demo

import (
	"fmt"
	"strings"
	"time"

	"sifen/internal/period"
)

// schedule turns the workbooks into acts: handing in, reviews some working days later, corrections, second reviews
// and voids, all before the end of the year.
func (d *district) schedule() {
	r := dice(20)
	d.sorted()
	all, err := kinds()
	if err != nil {
		panic(err) // the embedded pack is checked by its own tests
	}
	after := func(t time.Time, most int) time.Time {
		x := officeHour(r, workday(period.Of(t), 1+r.IntN(most)))
		if last := at(day(2020, 12, 30), 14, 0).Add(time.Duration(r.IntN(200)) * time.Minute); x.After(last) {
			x = last
		}
		if !x.After(t) {
			x = t.Add(40 * time.Minute)
		}
		return x
	}
	used := map[string]bool{}
	for _, b := range d.Books {
		y, m, _ := period.Of(b.At).YMD()
		name := fmt.Sprintf("%s-%s-%d年%d月", all[b.Kind].Title.Zh, strings.ReplaceAll(b.Sender.Unit.Name, Name, "区分类办"), y, m)
		for n := 2; used[name]; n++ {
			name = fmt.Sprintf("%s-%s-%d年%d月（%d）", all[b.Kind].Title.Zh, strings.ReplaceAll(b.Sender.Unit.Name, Name, "区分类办"), y, m, n)
		}
		used[name] = true
		b.File = fmt.Sprintf("%d-%02d/%s.xlsx", y, m, name)
		d.Acts = append(d.Acts, Act{At: b.At, Who: b.Sender, Do: Import, Book: b})
		reviews := map[*Person][]*Row{}
		var order []*Person
		for i, x := range b.Rows {
			x.Line = headRows + 1 + i
			if x.Fate == Waits {
				continue
			}
			v := d.verifierOf(b.Kind, x.Unit, b.Sender)
			if reviews[v] == nil {
				order = append(order, v)
			}
			reviews[v] = append(reviews[v], x)
		}
		for _, v := range order {
			first := after(b.At, 4)
			d.Acts = append(d.Acts, Act{At: first, Who: v, Do: Review, Rows: reviews[v]})
			var again []*Row
			fixed := first
			for _, x := range reviews[v] {
				switch x.Fate {
				case Fixed:
					if t := after(first, 3); t.After(fixed) {
						fixed = t
					}
					again = append(again, x)
				case Voided:
					d.Acts = append(d.Acts, Act{At: x.voidAt, Who: d.voider(x), Do: Void, Rows: []*Row{x}})
				}
			}
			if len(again) > 0 {
				d.Acts = append(d.Acts, Act{At: fixed, Who: b.Sender, Do: Correct, Rows: again})
				d.Acts = append(d.Acts, Act{At: after(fixed, 2), Who: v, Do: Review, Rows: again})
			}
		}
	}
	d.sorted()
}

// voider may take a row out: the manager of its town, or the district office.
func (d *district) voider(x *Row) *Person {
	if x.Unit.Town != nil {
		return d.manager[x.Unit.Town]
	}
	return d.office[0]
}
