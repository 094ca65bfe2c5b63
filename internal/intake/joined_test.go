package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// TestPlacesInTwoColumns: latitude and longitude make one place; half a place and what is no number are asked at their cell.
func TestPlacesInTwoColumns(t *testing.T) {
	w := apptest.New(t, false)
	file := strings.Join([]string{"单位,点位名称,建设批次,启用日期,经度,纬度", "桂花社区,甲点,第一批,2020-06-01,118.43210004,31.3512", "桂花社区,乙点,第一批,2020-06-01,118.4321,",
		"桂花社区,丙点,第一批,2020-06-01,东边,31.3512", "桂花社区,丁点,第一批,2020-06-01,31.3512,118.4321", "桂花社区,戊点,第一批,2020-06-01,,"}, "\n")
	id := apptest.Text(w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/import-runs?kind=dropoff-point&name=a.csv", Body: []byte(file)}).OK(), "id")
	w.Jobs()
	var got []string
	for _, l := range apptest.List(importRun(w, "clerk1", id, ""), "lines") {
		got = append(got, apptest.Text(l, "state")+apptest.Text(l, "faults.0.cell"))
	}
	w.Expect("rows", fmt.Sprint(got), "[good badF3 badE4 badF5 good]")
	w.Post("clerk1", "/import-runs/"+id+"/keep", apptest.Vals{"clean_only": true}, 0).OK()
	w.Jobs()
	var places []string
	for _, r := range apptest.List(w.Get("clerk1", "/entries?kind=dropoff-point&size=50").OK(), "rows") {
		e := w.Get("clerk1", "/entries/"+apptest.Text(r, "id")).OK()
		places = append(places, fmt.Sprint(apptest.Text(e, "values.name"), apptest.Num(e, "values.place.lat"), apptest.Num(e, "values.place.lon")))
	}
	w.Expect("places", strings.Contains(fmt.Sprint(places), "甲点313512000 1184321000") && strings.Contains(fmt.Sprint(places), "戊点0 0"), true)
	w.Settled()
}
