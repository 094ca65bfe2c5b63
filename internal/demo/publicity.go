package demo

import (
	"fmt"
	"sort"
	"time"

	"sifen/internal/period"
)

const (
	copiesTotal     = 239000
	displaysTotal   = 403
	displayRows     = 150
	campaignEstates = 53
	campaignPeople  = 82356
	campaignHomes   = 27418
)

var prints = []struct{ name, typ string }{{"四分类投放指南折页", "折页"}, {"家庭分类手册", "手册"}, {"分类海报（四色桶）", "海报"}, {"厨余怎么分冰箱贴", "其他"}, {"致居民的一封信", "折页"}, {"有害垃圾识别卡", "折页"},
	{"装修垃圾清运须知", "折页"}, {"小手拉大手练习册", "手册"}, {"投放点使用说明海报", "海报"}}

var ruralPrints = []struct{ name, typ string }{{"二次四分法明白纸", "折页"}, {"会烂不会烂图册", "手册"}, {"堆肥房使用须知海报", "海报"}, {"致村民的一封信", "折页"}}

// materials are what was printed and given out: large orders of the district, small ones everywhere else.
func (d *district) materials() {
	r := dice(9)
	const kind = "printed-material"
	for _, x := range []struct {
		m, d   int
		name   string
		typ    string
		copies int
	}{{4, 22, "分类海报（四色桶）首批", "海报", 12000}, {5, 19, "家庭分类手册首批", "手册", 30000}, {6, 23, "“三件套三入户”宣传折页", "折页", 36000}, {8, 3, "动员大会倡议书", "折页", 6000},
		{9, 8, "小手拉大手练习册首批", "手册", 24000}, {10, 13, "家庭分类手册第二批", "手册", 28000}, {11, 17, "四分类投放指南折页", "折页", 22000}} {
		d.report(kind, d.root, day(2020, x.m, x.d), vals{"given_on": day(2020, x.m, x.d), "name": x.name, "type": x.typ, "copies": x.copies})
	}
	sent := map[string]time.Time{}
	for i := range townNames {
		town := d.towns[i]
		for m := 1; m <= 12; m++ {
			if m == 2 || (m+i)%3 != 0 { // every third month
				continue
			}
			for range 2 + r.IntN(4) {
				area := pick(r, d.areas[town])
				x := pick(r, prints)
				if area.Type == "village" {
					x = pick(r, ruralPrints)
				}
				u := area
				if r.IntN(6) == 0 {
					u = town
				}
				on := dayIn(r, 2020, m, 2, lastDay(2020, m))
				key := fmt.Sprintf("%d %d", i, m)
				if sent[key].IsZero() {
					sent[key] = handIn(r, 2020, m)
					if (i*5+m)%8 == 3 && m < 12 {
						sent[key] = lateOn(r, 2020, m)
					}
				}
				d.put(kind, d.clerk[town], sent[key], &Row{Unit: u, Day: on, Values: vals{"given_on": on, "name": x.name, "type": x.typ,
					"copies": (200 + r.IntN(900)) / 50 * 50}})
			}
		}
	}
	rows := d.rows[kind]
	spread(rows, "copies", copiesTotal, 50, func(x *Row) bool { return x.Unit != d.root }, 50)
	n := 0
	for _, i := range r.Perm(len(rows)) {
		x := rows[i]
		if _, m, _ := x.Day.YMD(); x.Unit == d.root || m < 4 || m > 11 || n == 5 {
			continue
		}
		x.Fate, x.Reason = Fixed, "份数与领取单不一致，请按领取单填。"
		x.Fix = vals{"copies": int64(x.Values["copies"].(int))}
		x.Values["copies"] = x.Values["copies"].(int) + 300
		n++
	}
	for i, x := range []struct{ town, name, typ string }{{"临汀街道", "分类倡议书", "折页"}, {"榆巷街道", "四分类投放指南折页（试印）", "折页"}, {"望禾街道", "分类海报（试印）", "海报"}} {
		on := day(2019, 11, 12+i)
		d.put(kind, d.clerk[d.byName[x.town]], handIn(r, 2019, 11), &Row{Unit: d.byName[x.town], Day: on,
			Values: vals{"given_on": on, "name": x.name, "type": x.typ, "copies": 1500 + 500*i}})
	}
}

// displays stand until they are taken down; a few were before the year was over.
func (d *district) displays() {
	r := dice(10)
	const kind = "street-display"
	type spot struct{ place, typ string }
	urban := []spot{{"{u}宣传长廊", "宣传栏"}, {"{e}北门", "公益展板"}, {"{e}投放点旁", "公益展板"}, {"{u}公交候车亭", "户外广告"}, {"{u}党群服务中心门前", "宣传栏"}, {"{e}电梯厅", "公益展板"},
		{"{u}商业街灯箱", "户外广告"},
		{"{u}健身广场", "公益展板"}, {"{u}工地围挡", "户外广告"}}
	rural := []spot{{"{u}村口", "宣传栏"}, {"{u}文化广场", "公益展板"}, {"{u}堆肥房外墙", "公益展板"}, {"{u}主干道墙体", "户外广告"}}
	batches := []int{5, 9}
	put := func(i, b int, last bool) *Row {
		town := d.towns[i]
		area := pick(r, d.areas[town])
		s := pick(r, urban)
		if area.Type == "village" {
			s = pick(r, rural)
		}
		place := d.placeOf(r, area, s.place)
		for n := 2; d.taken["display "+place]; n++ {
			place = fmt.Sprintf("%s（%d）", d.placeOf(r, area, s.place), n)
		}
		d.taken["display "+place] = true
		since := dayIn(r, 2020, batches[b], 2, 28)
		v := vals{"place": place, "type": s.typ, "number": 1 + r.IntN(5), "since": since}
		if last {
			v["until"] = day(2020, 8+i%4, 15)
		}
		when := at(workday(day(2020, batches[b]+1, 1), 4+i), 10, 12+i)
		if last {
			when = at(workday(day(2020, 12, 1), 4+i%5), 14, 20+i)
		}
		return d.put(kind, d.clerk[town], when, &Row{Unit: area, Day: since, Values: v})
	}
	weights := []int{26, 24, 19, 15, 15, 17, 13, 13, 8} // 150
	for i, n := range weights {
		for k := range n {
			put(i, k*len(batches)/n, false)
		}
	}
	rows := d.rows[kind]
	if len(rows) != displayRows {
		panic("demo: the displays of the towns do not add up")
	}
	spread(rows, "number", displaysTotal, 1, func(*Row) bool { return true }, 1)
	for i, n := range []int{11, 38, 64, 97} {
		x := rows[n]
		x.Fate, x.Reason = Fixed, []string{"现场只见到一处，请核对数量。", "已与物业共用，请勿重复计数。"}[i%2]
		x.Fix = vals{"number": int64(x.Values["number"].(int))}
		x.Values["number"] = x.Values["number"].(int) + 2
	}
	for i := range 6 {
		put(i, 0, true) // taken down
	}
}

// campaign is the three-kit, three-visit round through 53 estates, some of them twice.
func (d *district) campaign() {
	r := dice(11)
	const kind = "household-visit"
	var chosen []*Unit
	for _, i := range r.Perm(len(d.estates)) {
		if len(chosen) < campaignEstates {
			chosen = append(chosen, d.estates[i])
		}
	}
	sort.SliceStable(chosen, func(i, j int) bool { return chosen[i].Town.Code < chosen[j].Town.Code })
	type visit struct {
		e       *Unit
		quarter int
		round   string
	}
	var visits []visit
	for i, e := range chosen {
		q := 3 + i%2
		if i%7 == 0 {
			q = 2
		} else if i%6 == 1 { // has a second round in the last quarter
			q = 3
		}
		visits = append(visits, visit{e, q, "第一轮"})
		if i%6 == 1 {
			visits = append(visits, visit{e, 4, "第二轮"})
		}
	}
	sent := map[string]time.Time{}
	for _, v := range visits {
		months := map[int][2]int{2: {6, 6}, 3: {7, 9}, 4: {10, 12}}[v.quarter]
		m := months[0] + r.IntN(months[1]-months[0]+1)
		until := min(lastDay(2020, m), 27)
		began := dayIn(r, 2020, m, 2, 14)
		ended := began + 3 + period.Day(r.IntN(10))
		if _, mm, dd := ended.YMD(); mm != m || dd > until {
			ended = day(2020, m, until)
		}
		key := fmt.Sprintf("%s %d", v.e.Town.Name, v.quarter)
		if sent[key].IsZero() {
			sent[key] = handIn(r, 2020, v.quarter*3)
			if v.quarter < 4 && v.e.Town.Name == "北埂街道" {
				sent[key] = at(workday(day(2020, v.quarter*3+1, 12), 3), 16, 5)
			}
		}
		homes := int(v.e.Households) * (55 + r.IntN(40)) / 100
		n := homes*3 + r.IntN(homes/4+1)
		basis := "清点"
		if r.IntN(6) == 0 {
			basis = "估计"
		}
		row := &Row{Unit: v.e.Parent, Day: began, Values: vals{"round": v.round + "入户", "estate": v.e.Path(), "began_on": began, "ended_on": ended,
			"households": homes, "people": n, "people.basis": basis, "kits": homes * (70 + r.IntN(31)) / 100}}
		d.put(kind, d.clerk[v.e.Town], sent[key], row)
	}
	rows := d.rows[kind]
	scale(rows, "households", campaignHomes)
	spread(rows, "households", campaignHomes, 1, func(*Row) bool { return true }, 60)
	for i, x := range rows {
		homes := x.Values["households"].(int)
		x.Values["kits"] = homes * (70 + i*7%31) / 100
		x.Values["people"] = homes*3 - homes/12 + i*13%40
		if x.Values["people.basis"] == "估计" {
			x.Values["people"] = x.Values["people"].(int) / 10 * 10
		}
	}
	odd := rows[20]
	odd.Values["people"], odd.Values["people.basis"] = odd.Values["households"].(int)*6+40, "估计" // the form asks to check
	spread(rows, "people", campaignPeople, 1, func(x *Row) bool { return x.Values["people.basis"] == "清点" }, 100)
	for i, n := range []int{9, 33} {
		x := rows[n]
		x.Fate, x.Reason = Fixed, []string{"入户户数超过小区总户数，请核对。", "户数与发放三件套登记表不符。"}[i]
		x.Fix = vals{"households": int64(x.Values["households"].(int))}
		x.Values["households"] = x.Values["households"].(int) + 400
	}
}

// scale multiplies a field of all rows so that they roughly add up to total.
func scale(rows []*Row, field string, total int) {
	sum := 0
	for _, x := range rows {
		sum += x.Values[field].(int)
	}
	for _, x := range rows {
		x.Values[field] = x.Values[field].(int) * total / sum
	}
}

// media are twelve reports in city media or above, and eight in the district's own.
func (d *district) media() {
	for _, x := range []struct {
		m, d          int
		title, medium string
		level         string
	}{
		{4, 29, "云汀区：公共机构先行，四色桶进机关", "云州日报", "市级及以上"}, {5, 22, "一袋厨余的旅程", "云州晚报", "市级及以上"}, {6, 5, "世界环境日，云汀居民广场学分类", "云州电视台", "市级及以上"},
		{6, 29, "东篱苑的投放点为什么没有异味", "云州日报", "市级及以上"}, {7, 24, "老党员守桶边，一守就是一个夏天", "云州晚报", "市级及以上"}, {8, 3, "云汀区召开生活垃圾分类动员大会", "云州日报", "市级及以上"},
		{8, 27, "转运站里新添破袋口", "云州新闻网", "市级及以上"}, {9, 16, "小手拉大手，分类课进了一年级教室", "云州教育电视台", "市级及以上"}, {10, 20, "柳荫村：会烂的不出村", "云州日报", "市级及以上"},
		{11, 12, "三件套三入户，五十三个小区走了一遍", "云州晚报", "市级及以上"}, {11, 30, "省级媒体看云汀：二次四分法里的小账本", "省环境报", "市级及以上"}, {12, 15, "年末盘点：云汀分类这一年", "云州新闻网", "市级及以上"},
		{3, 25, "废弃口罩请投专用桶", "云汀融媒", "区级"}, {5, 28, "区里开了第一次分类调度会", "云汀融媒", "区级"}, {6, 17, "第一批八个小区投放点开工", "云汀融媒", "区级"}, {7, 10, "分类课堂走进书院社区", "云汀融媒", "区级"},
		{8, 20, "收运车统一换了新标识", "云汀融媒", "区级"}, {9, 25, "开学一个月，看校园里的四色桶", "云汀融媒", "区级"}, {10, 28, "第二批集中投放点投用", "云汀融媒", "区级"}, {12, 11, "第四次调度会定下年底三件事",
			"云汀融媒", "区级"},
	} {
		on := day(2020, x.m, x.d)
		d.report("media-report", d.root, on, vals{"published_on": on, "title": x.title, "medium": x.medium, "level": x.level})
	}
	on := day(2019, 11, 19)
	d.report("media-report", d.root, on, vals{"published_on": on, "title": "云汀区示范教育基地开门迎客", "medium": "云州日报", "level": "市级及以上"})
}
