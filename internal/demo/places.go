package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/place"
)

// The map of the demonstration is drawn, not surveyed: nine towns on a grid whose corners are shifted a little.
const mapLat, mapLon, mapHigh, mapWide = 31.30, 118.36, 0.11, 0.15

// corner is where four towns meet, the same for each of them.
func corner(i, j int) (lat, lon float64) {
	shift := func(n int) float64 { return float64((n*7919)%13-6) / 100 }
	lat, lon = float64(j)/3, float64(i)/3
	if i > 0 && i < 3 {
		lon += shift(i*5 + j*3 + 1)
	}
	if j > 0 && j < 3 {
		lat += shift(i*3 + j*7 + 2)
	}
	return mapLat + lat*mapHigh, mapLon + lon*mapWide
}

// edge is the broken line from one corner to the next: both towns along it draw the same one.
func edge(i, j, k, l int) [][2]float64 {
	if i > k || j > l {
		back := edge(k, l, i, j)
		for a, b := 0, len(back)-1; a < b; a, b = a+1, b-1 {
			back[a], back[b] = back[b], back[a]
		}
		return back
	}
	lat1, lon1 := corner(i, j)
	lat2, lon2 := corner(k, l)
	out := [][2]float64{{lon1, lat1}}
	for s := 1; s < 5; s++ {
		t := float64(s) / 5
		bend := float64((i*31+j*17+k*13+l*7+s*11)%7-3) / 1400
		out = append(out, [2]float64{lon1 + (lon2-lon1)*t + bend*(lat2-lat1)/mapHigh*3, lat1 + (lat2-lat1)*t + bend*(lon2-lon1)/mapWide*3})
	}
	return append(out, [2]float64{lon2, lat2})
}

func around(i, j, wide, high int) [][2]float64 {
	var ring [][2]float64
	add := func(a, b, c, d int) { ring = append(ring, edge(a, b, c, d)...) }
	for x := range wide {
		add(i+x, j, i+x+1, j)
	}
	for y := range high {
		add(i+wide, j+y, i+wide, j+y+1)
	}
	for x := wide; x > 0; x-- {
		add(i+x, j+high, i+x-1, j+high)
	}
	for y := high; y > 0; y-- {
		add(i, j+y, i, j+y-1)
	}
	return append(ring, ring[0])
}

func outlines() ([]byte, error) {
	type geometry struct {
		Type        string         `json:"type"`
		Coordinates [][][2]float64 `json:"coordinates"`
	}
	type feature struct {
		Type       string            `json:"type"`
		Properties map[string]string `json:"properties"`
		Geometry   geometry          `json:"geometry"`
	}
	list := []feature{{"Feature", map[string]string{"name": Name}, geometry{"Polygon", [][][2]float64{around(0, 0, 3, 3)}}}}
	for n, t := range townNames {
		list = append(list, feature{"Feature", map[string]string{"name": t.name}, geometry{"Polygon", [][][2]float64{around(n%3, n/3, 1, 1)}}})
	}
	return json.Marshal(map[string]any{"type": "FeatureCollection", "features": list})
}

// inTown is a spot inside a town's outline, spread by a number.
func inTown(town string, n int) *place.Point {
	for k, t := range townNames {
		if t.name == town {
			lat := mapLat + (float64(k/3)+0.24+0.52*float64(n*37%100)/100)/3*mapHigh
			lon := mapLon + (float64(k%3)+0.24+0.52*float64(n*61%100)/100)/3*mapWide
			return &place.Point{Lat: int64(lat * 1e7), Lon: int64(lon * 1e7)}
		}
	}
	return nil
}

// places lets the district take its points and stations over on the last day of the year, say what stands there, and
// propose three more. No figure changes by it.
func (r *runner) places(ctx context.Context) error {
	as := func(login string) (access.Scope, error) { return r.s.As(ctx, login) }
	office, err := as("office")
	if err != nil {
		return err
	}
	do := func(by access.Scope, alone bool, f func(tx *db.Tx) error) error {
		return r.s.DB.Write(ctx, func(tx *db.Tx) error {
			lock := indicator.Shared
			if alone {
				lock = indicator.Exclusive
			}
			if err := lock(ctx, tx, r.district); err != nil {
				return err
			}
			return f(tx)
		})
	}
	if err := do(office, true, func(tx *db.Tx) error {
		_, err := r.s.Places.TakeOver(ctx, tx, office)
		return err
	}); err != nil {
		return fmt.Errorf("take over points and stations: %w", err)
	}
	admin, err := as("admin")
	if err != nil {
		return err
	}
	raw, err := outlines()
	if err != nil {
		return err
	}
	if err := do(admin, false, func(tx *db.Tx) error {
		_, err := r.s.Places.SetOutlines(ctx, tx, admin, raw)
		return err
	}); err != nil {
		return fmt.Errorf("draw the district: %w", err)
	}
	o, err := r.s.Orgs.Current(ctx, r.s.DB.Read, r.district)
	if err != nil {
		return err
	}
	town := func(n org.No) string {
		if t, ok := o.Level(n, "street", period.Day(office.Today)); ok {
			return o.UnitName(t)
		}
		return ""
	}
	list, _, err := place.List(ctx, r.s.DB.Read, office, place.Filter{})
	if err != nil {
		return err
	}
	morning := []place.Hours{{From: 6*60 + 30, Until: 9 * 60}, {From: 17*60 + 30, Until: 20*60 + 30}}
	full := []place.Container{{Category: "food", Litres: 240, Number: 2}, {Category: "other", Litres: 240, Number: 3},
		{Category: "recyclable", Litres: 240, Number: 1}, {Category: "hazard", Litres: 120, Number: 1}}
	// estates of one town lie in different corners of it, the points of one estate close together
	near := map[org.No]int{}
	var units []int
	for _, p := range list {
		if _, ok := near[p.Unit]; !ok {
			near[p.Unit] = 0
			units = append(units, int(p.Unit))
		}
	}
	sort.Ints(units)
	for i, u := range units {
		near[org.No(u)] = i + 1
	}
	for i, p := range list {
		body := p.Body
		body.Hours, body.Containers = morning, append([]place.Container(nil), full...)
		body.Address = fmt.Sprintf("%s%d号门内", o.UnitName(p.Unit), i%4+1)
		if p.Type == "transfer-station" {
			body.Hours, body.Address = []place.Hours{{From: 0, Until: 1440}}, o.Path(p.Unit, period.Day(office.Today))
			body.Containers = []place.Container{{Category: "food", Litres: 10000, Number: 1}, {Category: "other", Litres: 15000, Number: 3},
				{Category: "hazard", Litres: 240, Number: 4}}
		} else if i%7 == 3 {
			body.Containers = body.Containers[:3] // the hazardous bin stands at the gate only
		}
		at := inTown(town(p.Unit), near[p.Unit])
		if at != nil {
			at.Lat, at.Lon = at.Lat+int64(i%5)*4500, at.Lon+int64(i%3)*6000
		}
		if err := do(office, false, func(tx *db.Tx) error {
			_, err := r.s.Places.Edit(ctx, tx, office, p.ID, p.Rev, place.Input{Point: at, Body: body})
			return err
		}); err != nil {
			return fmt.Errorf("describe %s: %w", p.Name, err)
		}
	}
	return r.proposals(ctx, o, do, full, morning)
}

// proposals are three points on their way: just proposed, asked about with an objection unanswered, and approved.
func (r *runner) proposals(ctx context.Context, o *org.Org, do func(access.Scope, bool, func(*db.Tx) error) error, bins []place.Container,
	hours []place.Hours) error {
	by, err := r.s.As(ctx, "yuxiang.jb")
	if err != nil {
		return err
	}
	manager, err := r.s.As(ctx, "yuxiang")
	if err != nil {
		return err
	}
	var estates []org.Unit
	for _, u := range o.Units() {
		if u.Type == org.Estate && by.Can(place.Propose, o.Targets(u.No, period.Day(by.Today)), false) {
			estates = append(estates, u)
		}
	}
	for k := range min(3, len(estates)) {
		u := estates[len(estates)-1-k]
		var p place.Place
		if err := do(by, false, func(tx *db.Tx) error {
			p, err = r.s.Places.Propose(ctx, tx, by, place.Input{Type: "dropoff-point", Unit: u.No, Point: inTown("榆巷街道", 50+17*k),
				Body: place.Body{Name: u.Name + "集中投放点", Address: u.Name + "东侧围墙边", Batch: "b3", Households: 180 + int64(40*k), Containers: bins,
					Hours: hours, Photos: []string{}}})
			return err
		}); err != nil || k == 0 {
			if err != nil {
				return fmt.Errorf("propose a point: %w", err)
			}
			continue
		}
		c := place.ConsentRecord{From: "2020-12-10", Until: "2020-12-20", Asked: 220, Agreed: 168, Objected: 9}
		if k == 2 {
			c.Objected, c.Agreed, c.Answer = 4, 181, "四户担心气味，改为密闭式桶房并移到离窗十五米处，已上门说明。"
		}
		if err := do(by, false, func(tx *db.Tx) error {
			p, err = r.s.Places.Consult(ctx, tx, by, p.ID, p.Rev, c)
			return err
		}); err != nil {
			return fmt.Errorf("ask about a point: %w", err)
		}
		if k == 2 {
			if err := do(manager, false, func(tx *db.Tx) error {
				_, err := r.s.Places.Decide(ctx, tx, manager, p.ID, p.Rev, place.StepApprove, period.Day(manager.Today), "同意定点，元旦后施工")
				return err
			}); err != nil {
				return fmt.Errorf("approve a point: %w", err)
			}
		}
	}
	return nil
}
