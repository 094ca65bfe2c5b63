package demo

import (
	"fmt"
	"time"

	"sifen/internal/period"
)

// notSorting are the institutions everybody knows do not sort yet; another fourteen have not begun either.
var notSorting = []string{"区殡仪服务中心", "区武装部", "云汀火车站", "区救助管理站"}

func (d *district) facilities() {
	r := dice(13)
	for i, n := range stationNames {
		v := vals{"name": n, "since": day(2020, 8, 24+4*i)}
		for k, item := range []string{"厨余卸料口", "有害垃圾暂存间", "厨余破袋点", "计量点"} {
			v[fmt.Sprintf("items[%d].item", k+1)], v[fmt.Sprintf("items[%d].number", k+1)] = item, 1
		}
		d.report("transfer-station", d.byName[n], day(2020, 8, 24+4*i), v)
	}
	// 103 vehicles in force at the end of the year; six were retired during it.
	const kind = "collection-vehicle"
	type fleet struct {
		stream   string
		n        int
		capacity int64 // grams
	}
	serial := 0
	plate := func(electric bool) string {
		serial++
		no := 10240 + serial*37
		if electric {
			return fmt.Sprintf("皖Y%05dD", no)
		}
		return fmt.Sprintf("皖Y%05d", no)
	}
	for i, c := range carrierNames {
		u := d.byName[c.name]
		list := [][]fleet{
			{{"其他垃圾", 34, 8_000_000}, {"厨余垃圾", 14, 5_000_000}, {"有害垃圾", 3, 1_500_000}},
			{{"其他垃圾", 24, 5_000_000}, {"厨余垃圾", 8, 3_000_000}, {"有害垃圾", 2, 1_500_000}},
			{{"可回收物", 16, 3_500_000}, {"有害垃圾", 2, 1_500_000}},
		}[i]
		for _, f := range list {
			for k := range f.n {
				since := day(2019, 10, 8) + period.Day(r.IntN(40))
				when := at(day(2019, 12, 4+i), 10, 30)
				if f.stream != "其他垃圾" && k%2 == 1 { // bought this year
					since, when = day(2020, 9, 14)+period.Day(r.IntN(12)), at(day(2020, 10, 12+i), 15, 20)
				}
				name := plate(f.stream == "厨余垃圾" && k%2 == 1)
				if f.capacity == 3_500_000 && k%4 == 3 {
					name = fmt.Sprintf("电动三轮 %02d 号", k)
				}
				d.put(kind, d.clerk[u], when, &Row{Unit: u, Day: since, Values: vals{"plate": name, "stream": f.stream,
					"capacity": f.capacity + int64(r.IntN(5))*100_000, "since": since}})
			}
		}
		for k := range 2 {
			since, until := day(2019, 9, 2), day(2020, 6+3*k, 30)
			d.put(kind, d.clerk[u], at(workday(until, 5+i), 9, 40), &Row{Unit: u, Day: since,
				Values: vals{"plate": plate(false), "stream": "其他垃圾", "capacity": int64(4_000_000), "since": since, "until": until}})
		}
	}
}

func (d *district) coverage() {
	r := dice(14)
	d.estatesSorting()
	// 282 of 301 institutions. Each town hands in three workbooks; the earliest began last year.
	idle := map[*Unit]bool{}
	for _, n := range notSorting {
		idle[d.byName[n]] = true
	}
	for _, i := range r.Perm(len(d.places)) {
		if u := d.places[i]; len(idle) < 18 && i >= len(districtInstitutions)+len(hospitals) { // the district's own came first
			idle[u] = true
		}
	}
	begin := [][2]period.Day{{day(2019, 10, 10), day(2019, 11, 28)}, {day(2020, 4, 13), day(2020, 6, 19)}, {day(2020, 8, 10), day(2020, 11, 20)}}
	sentOn := []period.Day{day(2019, 12, 9), day(2020, 6, 28), day(2020, 11, 30)}
	n := 0
	for _, u := range d.places { // in the order of the tree, as a clerk lists them
		if idle[u] {
			continue
		}
		b := []int{0, 1, 1, 1, 2, 2}[r.IntN(6)]
		since := begin[b][0] + period.Day(r.IntN(int(begin[b][1]-begin[b][0])))
		contact := pick(r, []string{"办公室", "综合科", "后勤科", "机关党委", "综合办"})
		i := townIndex(u.Town)
		when := at(workday(sentOn[b], 1+i%4), 9+i%3, 15+i*3)
		row := d.put("institution-sorting", d.clerk[u.Town], when, &Row{Unit: u, Day: since,
			Values: vals{"contact": contact, "bins": 1 + r.IntN(6), "since": since}})
		if u.Name == "区工商联" {
			row.Fate, row.Reason, row.voidAt = Voided, "单位已并入政务服务中心办公，原址停用，不再单独计", at(day(2020, 12, 14), 10, 5)
		} else if n++; n == 40 || n == 120 || n == 200 {
			row.Fate, row.Reason = Fixed, "容器组数与现场不符，请核对。"
			row.Fix = vals{"bins": int64(row.Values["bins"].(int))}
			row.Values["bins"] = row.Values["bins"].(int) + 10
		}
	}
	if n != 282 {
		panic(fmt.Sprintf("demo: %d institutions sort, 282 wanted", n))
	}
	d.schoolsSorting()
}

func (d *district) schoolsSorting() {
	r := dice(15)
	left := map[int]bool{}
	for _, i := range r.Perm(len(d.schools) - 20)[:7] {
		left[20+i] = true
	}
	edu := d.clerk[d.offices["教育"]]
	for i, u := range d.schools {
		if left[i] {
			d.idle[u] = true
			continue
		}
		pupils := 120 + r.IntN(300)
		if !isKindergarten(u) {
			pupils = 380 + r.IntN(1600)
		}
		b := i * 4 / len(d.schools)
		since := []period.Day{day(2019, 11, 4), day(2020, 5, 11), day(2020, 6, 1), day(2020, 9, 7)}[b] + period.Day(r.IntN(18))
		when := []time.Time{at(day(2019, 12, 17), 10, 40), at(day(2020, 6, 4), 9, 35), at(day(2020, 6, 29), 15, 25), at(day(2020, 10, 14), 10, 15)}[b]
		d.put("school-sorting", edu, when, &Row{Unit: u, Day: since, Values: vals{"contact": pick(r, []string{"总务处", "德育处", "少先队大队部", "园长室"}),
			"pupils": pupils, "bins": 2 + r.IntN(12), "since": since}})
	}
	if n := len(d.rows["school-sorting"]); n != 142 {
		panic(fmt.Sprintf("demo: %d schools sort, 142 wanted", n))
	}
}

func isKindergarten(u *Unit) bool {
	n := []rune(u.Name)
	return string(n[len(n)-3:]) == "幼儿园"
}

// estatesSorting are the 17 estates of the two batches with their 38 points.
func (d *district) estatesSorting() {
	r := dice(16)
	for k, e := range sortingEstates {
		u := d.byName[e.name]
		since := []period.Day{day(2020, 6, 15), day(2020, 10, 12)}[e.batch-1] + period.Day(k%5)
		i := townIndex(u.Town)
		sent := at(workday([]period.Day{day(2020, 6, 24), day(2020, 10, 22)}[e.batch-1], 1+i%3), 14, 5+i*4)
		d.put("estate-sorting", d.clerk[u.Town], sent, &Row{Unit: u, Day: since, Values: vals{"manager": u.Line.Name, "households": u.Households,
			"since": since}})
		lat, lon := spot(u)
		for p := range e.points {
			batch := []string{"第一批", "第二批"}[e.batch-1]
			d.put("dropoff-point", d.clerk[u.Town], sent.Add(12*time.Minute), &Row{Unit: u, Day: since,
				Values: vals{"name": fmt.Sprintf("%s%d号集中投放点", e.name, p+1), "batch": batch,
					"households": u.Households / int64(e.points), "place": fmt.Sprintf("%.4f,%.4f", lat+float64(p)*0.0007,
						lon+float64(r.IntN(9))*0.0003), "since": since}})
		}
	}
}

func townIndex(town *Unit) int {
	for i, t := range townNames {
		if t.name == town.Name {
			return i
		}
	}
	return 0
}

// spot is where a unit lies on the fictional map, the same at every call.
func spot(u *Unit) (lat, lon float64) {
	h := uint64(14695981039346656037)
	for _, b := range []byte(u.Name) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return 31.30 + float64(h%9000)/1e5, 118.36 + float64(h/9000%12000)/1e5
}
