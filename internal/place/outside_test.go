package place_test

import (
	"testing"

	"sifen/internal/apptest"
)

// TestPositionsOutsideTheirUnit: the shape of the unit, or of the one above that has one, is asked; what a person said to be
// right stands, and a position that stays is not asked about again.
func TestPositionsOutsideTheirUnit(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		propose := func(name string, lat, lon int64, more apptest.Vals) apptest.Reply {
			body := apptest.Vals{"type": "dropoff-point", "unit": w.Units["桂花社区"], "point": apptest.Vals{"lat": lat, "lon": lon},
				"body": apptest.PlaceBody(name)}
			for k, v := range more {
				body[k] = v
			}
			return w.Post("manager1", "/places", body, 0)
		}
		propose("没有范围", 390000000, 1160000000, nil).OK()
		// 东街 is a triangle with the corners 118.1/31.1, 118.2/31.1 and 118.2/31.2
		w.Do(apptest.Ask{As: "admin", Method: "POST", Path: "/place-outlines", Body: []byte(apptest.OutlineOf("东街"))}).OK()
		for name, c := range map[string]struct {
			lat, lon int64
			refused  bool
		}{
			"inside":                    {311200000, 1181900000, false},
			"a corner":                  {311000000, 1181000000, false},
			"fifty metres south of it":  {310995500, 1181500000, false},
			"half a kilometre south":    {310955000, 1181500000, true},
			"across the long side":      {311800000, 1181200000, true},
			"latitude for longitude":    {1181500000 / 10, 311200000, true},
			"another city":              {390000000, 1160000000, true},
			"beyond the meridian of it": {311200000, 1183000000, true},
		} {
			r := propose(name, c.lat, c.lon, nil)
			if !c.refused {
				r.OK()
				continue
			}
			p := r.Refused(422, "place.invalid")
			w.Expect(name, apptest.Text(p, "errors.0.code")+apptest.Text(p, "errors.0.pointer"), "place.outside/point")
		}
		v := propose("确实在外", 390000000, 1160000000, apptest.Vals{"outside": true}).OK()
		edit := func(lat int64, rev int64) apptest.Reply {
			return w.Do(apptest.Ask{As: "manager1", Method: "PUT", Path: "/places/" + apptest.Text(v, "id"), Match: rev,
				Body: apptest.Vals{"point": apptest.Vals{"lat": lat, "lon": int64(1160000000)}, "body": apptest.PlaceBody("改名")}})
		}
		v = edit(390000000, apptest.Num(v, "rev")).OK()
		edit(390000001, apptest.Num(v, "rev")).Refused(422, "place.invalid")
		w.Settled()
	})
}
