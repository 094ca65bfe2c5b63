package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"sifen/internal/demo/talk"
	"sifen/internal/period"
)

// The year's sessions: few in the spring of the epidemic, most in autumn.
var sessionsByMonth = []int{16, 3, 8, 22, 30, 36, 28, 32, 44, 42, 43, 34}

const (
	sessionTotal  = 338
	audienceTotal = 68412
)

// lateBooks are the months that a town handed in late as a whole.
var lateBooks = map[string]int{"石渡镇": 5, "桥南街道": 7, "青埠镇": 10}

func (d *district) sessions() {
	r := dice(7)
	var months []int
	for m, n := range sessionsByMonth {
		for range n {
			months = append(months, m+1)
		}
	}
	r.Shuffle(len(months), func(i, j int) { months[i], months[j] = months[j], months[i] })
	next := func() (m int) { m, months = months[0], months[1:]; return m }
	inSeason := func(tp talk.Topic) int { // the month a topic belongs to, taken out of the draw
		want, ok := seasonal[tp.Text]
		if !ok {
			return next()
		}
		i := slices.Index(months, want)
		months = slices.Delete(months, i, i+1)
		return want
	}
	for _, x := range departmentNames {
		u := d.offices[x.short]
		for _, tp := range talk.Office[x.short] {
			m := inSeason(tp)
			d.put("publicity-session", d.clerk[u], handIn(r, 2020, m), d.talk(r, u, tp, 2020, m))
		}
	}
	for _, tp := range talk.Office[""] {
		m := inSeason(tp)
		row := d.talk(r, d.root, tp, 2020, m)
		if tp.Text == "世界环境日主题宣传" {
			row.Day = day(2020, 6, 5)
			row.Values["held_on"] = row.Day
		}
		d.put("publicity-session", d.office[0], handIn(r, 2020, m), row)
	}
	sent := map[string]time.Time{}
	late := 0
	for i, t := range townNames {
		town := d.towns[i]
		for range t.sessions {
			m := next()
			row := d.session(r, town, 2020, m)
			sender := d.senderOf(row.Unit, m)
			key := fmt.Sprintf("%s %d", sender.Login, m)
			if _, ok := sent[key]; !ok {
				sent[key] = handIn(r, 2020, m)
				if lateBooks[t.name] == m {
					sent[key] = lateOn(r, 2020, m)
				}
			}
			when := sent[key]
			if late < 24 && m > 3 && m < 11 && i%2 == 0 && r.IntN(7) == 0 { // forgotten and handed in afterwards, with next month's
				when, late = at(period.WorkingDay(period.Date(2020, m+1, 1), 3)+period.Day(7), 15, 10+i*3), late+1
			}
			d.put("publicity-session", sender, when, row)
		}
	}
	d.count(r)
	d.wrong(r)
	d.extra()
}

// seasonal topics belong to one month.
var seasonal = map[string]int{"寒假绿色作业启动课": 1, "暑期绿色作业启动课": 7, "世界环境日主题宣传": 6}

// senderOf is who hands in the workbook about a unit: its own clerk where it has one, else that of its town.
func (d *district) senderOf(u *Unit, m int) *Person {
	for x := u; x != nil; x = x.Parent {
		if p := d.clerk[x]; p != nil && (x.Type == "street" || x.Type == "zone" || x.Type == "department" || stem(x) == "书院" || stem(x) == "渡口" && m > 6) {
			return p
		}
	}
	return d.clerk[u.Town]
}

func (d *district) under(town *Unit, list []*Unit, area *Unit) []*Unit {
	var out []*Unit
	for _, u := range list {
		if u.Town == town && (area == nil || u.Parent == area) {
			out = append(out, u)
		}
	}
	return out
}

// session is one session somewhere in a town.
func (d *district) session(r *rand.Rand, town *Unit, y, m int) *Row {
	area := pick(r, d.areas[town])
	list, u := talk.Urban, area
	if area.Type == "village" {
		list = talk.Rural
	}
	switch n := r.IntN(20); {
	case n == 0:
		u, list = town, talk.Town
	case n <= 2 && m != 2 && m != 3 && m != 7 && m != 8: // schools were closed
		u = pick(r, d.under(town, d.schools, nil))
		list = topicsOf(u)
	case n == 3:
		if p := pick(r, d.under(town, d.places, nil)); topicsOf(p) != nil {
			u, list = p, topicsOf(p)
		}
	case n <= 5 && area.Type == "community":
		if e := d.under(town, d.estates, nil); len(e) > 0 {
			u = pick(r, e)
		}
	}
	tp := pick(r, list)
	for !tp.Fits(y, m) {
		tp = pick(r, list)
	}
	if m == 2 || m == 3 {
		tp = pick(r, talk.Masks)
	}
	return d.talk(r, u, tp, y, m)
}

// talk makes the row of a topic at a unit in a month.
func (d *district) talk(r *rand.Rand, u *Unit, tp talk.Topic, y, m int) *Row {
	on := dayIn(r, y, m, 2, lastDay(y, m))
	text, place := tp.Text, d.placeOf(r, u, tp.Place)
	// the same topic at the same unit again is a second session
	for n := 2; d.taken[u.Name+text]; n++ {
		text = fmt.Sprintf("%s（第%s场）", tp.Text, ordinals[min(n, 12)-1])
	}
	d.taken[u.Name+text] = true
	v := vals{"held_on": on, "topic": text, "form": tp.Form, "place": place}
	if u.Town != nil && r.IntN(5) < 3 {
		for i, t := range townNames {
			if d.towns[i] == u.Town {
				v["team"] = t.short + "宣讲队"
			}
		}
	}
	if u.Type == "school" || u.Type == "department" && strings.Contains(text, "绿色作业") {
		v["team"] = "“小手拉大手”教师宣讲队"
	}
	if r.IntN(6) == 0 {
		v["note"] = pick(r, sessionNotes)
	}
	return &Row{Unit: u, Day: on, Values: v}
}

func (d *district) placeOf(r *rand.Rand, u *Unit, place string) string {
	if strings.Contains(place, "{e}") {
		e := u.Name
		if u.Type != "estate" {
			if list := d.under(u.Town, d.estates, u); len(list) > 0 {
				e = pick(r, list).Name
			}
		}
		place = strings.ReplaceAll(place, "{e}", e)
	}
	if u.Type == "estate" { // rooms belong to the community
		u = u.Parent
	}
	return strings.ReplaceAll(place, "{u}", u.Name)
}

// people draws how many came and how they were counted.
func people(r *rand.Rand, form string) (int, string) {
	switch form {
	case "讲座":
		return 60 + r.IntN(190), "清点"
	case "培训":
		return 30 + r.IntN(110), "清点"
	case "入户":
		return 35 + r.IntN(120), "清点"
	}
	n := 140 + r.IntN(560)
	if n > 300 && r.IntN(7) < 2 {
		return n / 10 * 10, "估计"
	}
	return n, "清点"
}

// count gives every session its audience, so that the counted ones add up to the year's total.
func (d *district) count(r *rand.Rand) {
	rows := d.rows["publicity-session"]
	sum := 0
	for _, x := range rows {
		n, basis := people(r, x.Values["form"].(string))
		switch x.Values["topic"] {
		case "世界环境日主题宣传":
			n, basis = 2100, "估计" // more than 2,000: the form asks to check
		case "寒假绿色作业启动课", "暑期绿色作业启动课":
			n, basis = 480, "估计"
		}
		x.Values["audience"], x.Values["audience.basis"] = n, basis
		sum += n
	}
	if len(rows) != sessionTotal {
		panic(fmt.Sprintf("demo: %d sessions are planned, %d wanted", len(rows), sessionTotal))
	}
	// first in proportion, then the rest one by one
	for _, x := range rows {
		if x.Values["audience.basis"] == "清点" {
			x.Values["audience"] = max(12, x.Values["audience"].(int)*audienceTotal/sum)
		}
	}
	spread(rows, "audience", audienceTotal, 1, func(x *Row) bool { return x.Values["audience.basis"] == "清点" }, 12)
}

// spread moves a field of the rows that fit up or down, in multiples of grain, until all rows add up to total.
func spread(rows []*Row, field string, total, grain int, fits func(*Row) bool, least int) {
	sum, movable := 0, 0
	for _, x := range rows {
		sum += x.Values[field].(int)
		if fits(x) {
			movable++
		}
	}
	for sum != total {
		step := (total - sum) / movable / grain * grain
		if step == 0 && total > sum {
			step = grain
		} else if step == 0 {
			step = -grain
		}
		moved := false
		for _, x := range rows {
			n := x.Values[field].(int)
			if sum != total && fits(x) && n+step >= least {
				x.Values[field], sum, moved = n+step, sum+step, true
			}
		}
		if !moved {
			panic("demo: " + field + " cannot be made to add up")
		}
	}
}

// wrong makes some of the counted sessions come back once before they count.
func (d *district) wrong(r *rand.Rand) {
	n := 0
	for _, i := range r.Perm(sessionTotal) {
		x := d.rows["publicity-session"][i]
		m := int(x.Day.Month()) - 2020*12 + 1
		if m < 4 || m > 11 || x.Book.Sender == d.office[0] || n == 14 {
			continue
		}
		w := returnReasons[n%len(returnReasons)]
		have := x.Values["audience"].(int)
		switch w.wrong {
		case "rounded":
			x.Fix = vals{"audience": int64(have), "audience.basis": "counted"}
			x.Values["audience"], x.Values["audience.basis"] = (have*13/10+9)/10*10, "估计"
		case "swapped":
			swapped := have/100*100 + have%10*10 + have/10%10
			if swapped == have {
				continue
			}
			x.Fix = vals{"audience": int64(have)}
			x.Values["audience"] = swapped
		case "place":
			if x.Unit.Type == "village" || x.Unit.Type == "school" {
				continue
			}
			x.Fix = vals{"place": x.Values["place"]}
			x.Values["place"] = "小区内"
		case "day":
			if _, _, md := x.Day.YMD(); md >= 27 {
				continue
			}
			x.Fix = vals{"held_on": x.Day.String()}
			x.Values["held_on"] = x.Day + 1
		case "basis":
			if x.Values["audience.basis"] != "估计" {
				continue
			}
			x.Fix = vals{"audience.basis": "estimated"}
			x.Values["audience.basis"] = "清点"
		case "form":
			if x.Values["form"] != "入户" {
				continue
			}
			x.Fix = vals{"form": "door"}
			x.Values["form"] = "讲座"
		}
		x.Fate, x.Reason = Fixed, w.reason
		n++
	}
}

// extra are the sessions that do not count: waiting, returned and left so, handed in twice.
func (d *district) extra() {
	late := func(town, unit, text, form, place string, on period.Day, n int, basis string, fate Fate, reason string, when time.Time) *Row {
		u := d.byName[unit]
		x := &Row{Unit: u, Day: on, Fate: fate, Reason: reason, Values: vals{"held_on": on, "topic": text, "form": form, "place": place, "audience": n,
			"audience.basis": basis}}
		return d.put("publicity-session", d.clerk[d.byName[town]], when, x)
	}
	dec := func(dd, h, m int) time.Time { return at(day(2020, 12, dd), h, m) }
	late("临汀街道", "双井社区", "装修垃圾分流讲解（年末专场）", "讲座", "双井社区居民议事厅", day(2020, 11, 26), 41, "清点", Waits, "", dec(18, 16, 20))
	late("柳塘镇", "柳荫村", "二次四分法入户讲解（冬季补访）", "入户", "柳荫村上柳村民组", day(2020, 12, 22), 57, "清点", Waits, "", dec(29, 16, 40))
	late("望禾街道", "禾下社区", "物业保洁员实操培训（补训）", "培训", "禾下小区物业服务中心", day(2020, 12, 24), 45, "清点", Waits, "", dec(29, 17, 5))
	late("榆巷街道", "东篱社区", "旧衣换绿植迎新年", "活动", "东篱苑小广场", day(2020, 12, 26), 320, "估计", Waits, "", dec(30, 10, 12))
	late("榆巷街道", "书院社区", "冬至邻里分类课堂（第二场）", "讲座", "书院社区居民议事厅", day(2020, 12, 25), 92, "清点", Waits, "", dec(30, 10, 12))
	late("石渡镇", "渡口村", "年末大集分类宣传", "活动", "石渡集贸市场", day(2020, 12, 27), 140, "估计", Waits, "", dec(30, 15, 30))
	late("临汀街道", "汀岸社区", "迎新年万人签名承诺分类", "活动", "人民广场", day(2020, 12, 28), 2600, "估计", Waits, "", dec(30, 16, 50))
	late("榆巷街道", "半亩社区", "楼栋长分类培训（冬训）", "培训", "半亩社区会议室", day(2020, 12, 23), 38, "清点", Stays, "填 38 人，签到表只有 28 人，请核对人数。", dec(25, 9, 30))
	late("榆巷街道", "灯市社区", "沿街商户分类告知会（年末）", "培训", "灯市社区会议室", day(2020, 12, 16), 52, "清点", Stays, "与 12 月 15 日的会议重复，请确认是否同一场。", dec(25, 9, 30))
	late("望禾街道", "禾风社区", "有害垃圾集中回收日（年末）", "活动", "禾风社区广场", day(2020, 12, 17), 95, "清点", Stays, "照片看不清，请补一张带收集箱的。", dec(25, 11, 15))
	late("青埠镇", "埠头村", "返乡人员分类提示（腊月）", "入户", "埠头村各村民组", day(2020, 12, 20), 64, "清点", Stays, "入户不足 30 户，请写明走访了哪几个村民组。", dec(25, 15, 45))
	// Two sessions entered twice, noticed later.
	for _, x := range []struct {
		from   period.Day
		until  period.Day
		voided time.Time
	}{{day(2020, 6, 1), day(2020, 6, 25), at(day(2020, 8, 14), 10, 26)}, {day(2020, 9, 1), day(2020, 9, 28), at(day(2020, 11, 4), 15, 40)}} {
		for _, o := range d.rows["publicity-session"] {
			if o.Fate != Counts || o.Day < x.from || o.Day > x.until || o.Unit.Type != "community" || o.Values["form"] != "培训" {
				continue
			}
			twin := &Row{Unit: o.Unit, Day: o.Day, Fate: Voided, Reason: "与同日“" + o.Values["topic"].(string) + "”是同一场，重复登记", voidAt: x.voided, Values: vals{}}
			for k, v := range o.Values {
				twin.Values[k] = v
			}
			twin.Values["topic"] = o.Unit.Name + "分类培训会"
			twin.Values["audience"] = o.Values["audience"].(int) + 4
			delete(twin.Values, "note")
			d.put("publicity-session", o.Book.Sender, o.Book.At, twin)
			break
		}
	}
}

// lastDays are records of other kinds handed in in the last days, so that no queue is empty when the year ends.
func (d *district) lastDays() {
	waits := func(kind, town, unit string, h, m int, on period.Day, v vals) {
		d.put(kind, d.clerk[d.byName[town]], at(day(2020, 12, 30), h, m), &Row{Unit: d.byName[unit], Day: on, Fate: Waits, Values: v})
	}
	on := day(2020, 12, 29)
	waits("street-display", "北埂街道", "长堤社区", 15, 22, on, vals{"place": "长堤社区菜场入口", "type": "公益展板", "number": 2, "since": on})
	waits("street-display", "北埂街道", "渔歌社区", 15, 22, on, vals{"place": "渔歌社区老年食堂", "type": "宣传栏", "number": 1, "since": on})
	waits("printed-material", "桥南街道", "百花社区", 16, 2, on, vals{"given_on": on, "name": "元旦分类提示卡", "type": "其他", "copies": 400})
	waits("printed-material", "青埠镇", "码头社区", 10, 48, on, vals{"given_on": on, "name": "致村民的一封信", "type": "折页", "copies": 350})
	waits("street-display", "云汀经开区", "科苑社区", 11, 35, on, vals{"place": "科苑公寓大堂电子屏", "type": "户外广告", "number": 1, "since": on})
	waits("printed-material", "石渡镇", "石渡社区", 15, 41, on, vals{"given_on": on, "name": "会烂不会烂图册", "type": "手册", "copies": 260})
	media := day(2020, 12, 30)
	u := d.byName[carrierNames[0].name]
	d.put("collection-vehicle", d.clerk[u], at(media, 11, 8), &Row{Unit: u, Day: on, Fate: Waits,
		Values: vals{"plate": "皖Y18866D", "stream": "厨余垃圾", "capacity": int64(5_000_000), "since": on}})
	d.put("base-visit", d.office[1], at(media, 16, 15), &Row{Unit: d.root, Day: on, Fate: Waits,
		Values: vals{"visited_on": on, "base": baseName, "visitors": "云汀区第二中学寒假实践队", "people": 38, "people.basis": "清点"}})
	n := 0
	for _, s := range d.schools {
		if n < 2 && d.idle[s] {
			since := day(2020, 12, 21)
			d.put("school-sorting", d.clerk[s.Town], at(media, 10, 20+n), &Row{Unit: s, Day: since, Fate: Waits,
				Values: vals{"contact": "总务处", "pupils": 240 + 60*n, "bins": 4, "since": since}})
			n++
		}
	}
	d.put("media-report", d.office[1], at(media, 17, 20), &Row{Unit: d.root, Day: media, Fate: Waits,
		Values: vals{"published_on": media, "title": "岁末回访：十七个小区的投放点还好吗", "medium": "云州日报", "level": "市级及以上"}})
}

// sessionsBefore are those of last autumn, when the ledger began.
func (d *district) sessionsBefore() {
	r := dice(8)
	total := 0
	for i, n := range []int{9, 14, 19, 18} {
		m := 9 + i
		sent := map[*Unit]time.Time{}
		for k := range n {
			town := d.towns[(total+k)%5] // only the streets of the town proper had begun
			row := d.session(r, town, 2019, m)
			nn, basis := people(r, row.Values["form"].(string))
			row.Values["audience"], row.Values["audience.basis"] = nn*3/4, basis
			if sent[town].IsZero() {
				sent[town] = handIn(r, 2019, m)
			}
			if row.Values["team"] != nil && m < 12 {
				delete(row.Values, "team") // the teams were not entered yet
			}
			d.put("publicity-session", d.clerk[town], sent[town], row)
		}
		total += n
	}
}
