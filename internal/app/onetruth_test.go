package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"sifen/internal/period"
	"sifen/internal/sheet"
)

// truth is a kind of flow records with the figures it feeds and the field that books it.
type truth struct {
	kind, day string
	sums      map[string]string // figure → field, "" counts records, "estate" counts different ones
	values    func(r *rand.Rand, d period.Day) vals
	columns   map[string]string // field → its column in the exported workbook
}

var truths = []truth{
	{"publicity-session", "held_on", map[string]string{"publicity.sessions": "", "publicity.audience": "audience"},
		func(r *rand.Rand, d period.Day) vals { return session(d.String(), 1+r.IntN(300)) }, map[string]string{"audience": "受众（人次）"}},
	{"printed-material", "given_on", map[string]string{"publicity.materials": "copies"},
		func(r *rand.Rand, d period.Day) vals {
			return vals{"given_on": d.String(), "name": "折页", "type": "leaflet", "copies": 1 + r.IntN(5000)}
		}, map[string]string{"copies": "份数（份）"}},
	{"household-visit", "ended_on", map[string]string{"campaign.estates": "estate", "campaign.households": "households", "campaign.people": "people"},
		func(r *rand.Rand, d period.Day) vals {
			return vals{"round": "一轮", "began_on": (d - period.Day(r.IntN(9))).String(), "ended_on": d.String(), "households": 1 + r.IntN(90),
				"people": 1 + r.IntN(200), "people.basis": "counted"}
		}, map[string]string{"households": "入户户数（户）", "people": "宣传人数（人）"}},
}

// TestOneTruth: whatever unit, period and kind one looks at, the rows of the list, its total line, the figure, the
// exported workbook and the document say the same; also after a unit has moved, and with records that do not count.
func TestOneTruth(t *testing.T) {
	seed := uint64(20201231)
	if s := os.Getenv("SIFEN_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	each(t, func(w *world) {
		r := rand.New(rand.NewPCG(seed, 7))
		w.t.Logf("seed %d", seed)
		from := period.Date(2020, 1, 1)
		estates := map[string][]string{"桂花社区": {"桂园", "桂苑"}, "兰花社区": {"兰园"}, "荷花社区": {"荷园"}}
		clerks := map[string][2]string{"桂花社区": {"clerk1", "manager1"}, "兰花社区": {"clerk2", "manager1"}, "荷花社区": {"clerk3", "manager2"}}
		communities := []string{"桂花社区", "兰花社区", "荷花社区"}
		for range 70 {
			k, unit := truths[r.IntN(len(truths))], communities[r.IntN(3)]
			v := k.values(r, from+period.Day(10+r.IntN(350)))
			if k.kind == "household-visit" {
				v["estate"] = w.units[estates[unit][r.IntN(len(estates[unit]))]]
			}
			who := clerks[unit]
			id, rev := w.enter(who[0], k.kind, unit, v)
			if r.IntN(6) == 0 {
				continue // waits
			}
			e := w.verify(who[1], id, rev)
			if r.IntN(7) == 0 {
				w.post(who[1], "/entries/"+id+"/void", vals{"reason": "重复"}, num(e, "rev")).ok()
			}
		}
		// from July one community belongs to the other town: its earlier records stay where they were
		w.do(ask{as: "admin", method: "POST", path: fmt.Sprintf("/units/%d/move", w.units["兰花社区"]),
			body: vals{"parent": w.units["西镇"], "from": "2020-07-01"}}).ok()
		w.settled()
		units := append(slices.Clone(communities), "东街", "西镇", "")
		for range 24 {
			k, unit := truths[r.IntN(len(truths))], units[r.IntN(len(units))]
			p := []string{"2020", "2020-Q2", "2020-Q3", fmt.Sprintf("2020-%02d", 1+r.IntN(12)),
				fmt.Sprintf("2020-%02d-05..2020-%02d-20", 1+r.IntN(5), 6+r.IntN(7))}[r.IntN(5)]
			w.run(fmt.Sprintf("%s at %q in %s", k.kind, unit, p), func(*testing.T) { w.agree(k, unit, p) })
		}
		w.settled()
	})
}

// agree compares every way of saying the figures of a kind.
func (w *world) agree(k truth, unit, p string) {
	t := w.t
	t.Helper()
	span, err := period.Parse(p)
	must(t, err)
	where := fmt.Sprintf("kind=%s&unit=%d&period=%s&state=verified", k.kind, w.units[unit], p)
	l := w.get("office", "/entries?size=200&"+where).ok()
	rows := map[string]int64{}
	seen := map[string]bool{}
	for _, row := range list(l, "rows") {
		d, err := period.ParseDay(text(row, "values."+k.day))
		must(t, err)
		if d < span.From || d >= span.Until {
			continue // reaches into the period, but was finished outside it
		}
		for figure, field := range k.sums {
			switch field {
			case "":
				rows[figure]++
			case "estate":
				if e := fmt.Sprint(at(row, "values.estate")); !seen[e] {
					seen[e] = true
					rows[figure]++
				}
			default:
				rows[figure] += num(row, "values."+field)
			}
		}
	}
	if want := int64(len(list(l, "rows"))); num(l, "total") != want {
		t.Errorf("the list says %d records and shows %d", num(l, "total"), want)
	}
	line := map[string]int64{}
	for _, f := range list(l, "figures") {
		line[text(f, "key")] = num(f, "value")
	}
	book := w.bookTotals(k, where, span)
	doc := w.cited(unit, p)
	for figure, field := range k.sums {
		f := w.get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", figure, w.units[unit], p)).ok()
		said := map[string]int64{"rows": rows[figure], "total line": line[figure]}
		if _, has := line[figure]; !has {
			t.Errorf("the total line does not say %s", figure)
		}
		if k.columns[field] != "" {
			said["workbook"] = book[field]
		}
		if v, has := doc[figure]; has {
			said["document"] = v
		}
		for what, v := range said {
			if v != num(f, "value") {
				t.Errorf("%s: the figure is %d, the %s %d", figure, num(f, "value"), what, v)
			}
		}
	}
}

// bookTotals adds up the columns of the exported workbook.
func (w *world) bookTotals(k truth, where string, span period.Period) map[string]int64 {
	t := w.t
	r := w.get("office", "/entries/export?"+where)
	if r.status != 200 {
		t.Fatalf("export: %d %s", r.status, r.body)
	}
	tab, err := sheet.Read(r.body, sheet.ReadOptions{})
	must(t, err)
	defer tab.Close()
	out := map[string]int64{}
	titles := make([]string, len(tab.Head))
	for i, c := range tab.Head {
		titles[i] = c.Text
	}
	day := slices.Index(titles, map[string]string{"held_on": "日期", "given_on": "发放日期", "ended_on": "结束日期"}[k.day])
	for row, err := range tab.Rows(context.Background()) {
		must(t, err)
		n, err := sheet.Date(row.Cells[day].Text, tab.Date1904)
		must(t, err)
		if on := period.Of(n); on < span.From || on >= span.Until {
			continue
		}
		for field, title := range k.columns {
			i := slices.Index(titles, title)
			if i < 0 {
				t.Fatalf("no column %s among %v", title, titles)
			}
			n, err := sheet.Number(row.Cells[i].Text, 0)
			must(t, err)
			out[field] += n
		}
	}
	return out
}

// cited reads what a fresh draft for the unit says: the summary of a year, the bulletin of a month; nothing otherwise.
func (w *world) cited(unit, p string) map[string]int64 {
	template := map[int]string{4: "annual-summary", 7: "monthly-bulletin"}[len(p)]
	if template == "" || p[len(p)-2:] >= "Q1" {
		return nil
	}
	made := w.post("office", "/documents", vals{"template": template, "unit": w.units[unit], "period": p}, 0).ok()
	d := w.get("office", "/documents/"+text(made, "id")).ok()
	out := map[string]int64{}
	for _, c := range list(d, "cited") {
		if num(c, "unit.id") == w.units[unit] && text(c, "period") == p && at(c, "value") != nil {
			out[text(c, "key")] = num(c, "value")
		}
	}
	if len(out) == 0 {
		w.t.Errorf("the %s of %s cites nothing of its unit", template, p)
	}
	return out
}
