package app_test

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/period"
)

// placeAt stores a proposed place at any unit, whatever the rules of its type say.
func (m *matrix) placeAt(unit string) string {
	place := id.New(m.clock.Now())
	must(m.t, m.write(func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), `INSERT INTO place (district, id, type, kind, unit, code, name, state, rev, counted_rev, lat, lon,
			located, day_from, day_until, body, search, origin, account, created_at)
			VALUES ($1, $2, 'dropoff-point', 'dropoff-point', $3, $4, '东门', 'proposed', 1, 0, 0, 0, 0, $5, $5, $6, '', '', '', 0)`,
			m.district, place, m.units[unit], fmt.Sprintf("X%05d", m.next()), int64(period.Open), `{"name":"东门","batch":"b1"}`)
		return err
	}))
	return place
}

func onPlace(verb, method, path string, at func(from, unit string) string, body any) rule {
	return rule{verb, at, func(m *matrix, as, unit string, _ bool) reply {
		return m.do(ask{as: as, method: method, path: fmt.Sprintf(path, m.placeAt(unit)), match: 1, body: body})
	}}
}

func init() {
	for op, r := range map[string]rule{
		"list-places":   read("place.read", "/places?unit=%u", reads),
		"place-map":     read("place.read", "/place-map?unit=%u", reads),
		"unit-outlines": read("place.read", "/place-outlines?unit=%u", reads),
		"get-place":     onPlace("place.read", "GET", "/places/%s", reads, nil),
		"place-labels":  onPlace("place.read", "GET", "/place-labels?ids=%s", reads, nil),
		"edit-place":    onPlace("place.propose", "PUT", "/places/%s", writes, vals{"body": apptest.PlaceBody("东门外")}),
		"consult-place": onPlace("place.propose", "POST", "/places/%s/consult", writes,
			vals{"consent": vals{"from": "2020-12-01", "until": "2020-12-10", "asked": 10, "agreed": 8, "objected": 0, "answer": ""}}),
		"decide-place": onPlace("place.approve", "POST", "/places/%s/steps", writes, vals{"step": "drop", "day": "2020-12-31", "note": "不建了"}),
		"propose-place": {"place.propose", writes, func(m *matrix, as, unit string, _ bool) reply {
			r := m.post(as, "/places", vals{"type": "dropoff-point", "unit": m.units[unit], "body": apptest.PlaceBody("新点")}, 0)
			if r.status == 422 && strings.Contains(string(r.body), "place.unit-type") { // let in, then told what such a unit may have
				r.status = 201
			}
			return r
		}},
		"take-over-places": {"place.approve", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			r := m.post(as, "/place-takeover", nil, 0)
			if r.status == 409 { // it is done once
				r.status = 200
			}
			return r
		}},
		"set-outlines": {"org.edit", onlyDistrict, func(m *matrix, as, _ string, _ bool) reply {
			return m.do(ask{as: as, method: "POST", path: "/place-outlines", body: []byte(apptest.OutlineOf("东街"))})
		}},
	} {
		rules[op] = r
	}
}
