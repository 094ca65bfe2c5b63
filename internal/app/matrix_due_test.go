package app_test

import (
	"context"
	"fmt"

	"sifen/internal/db"
)

// What is owed is read like records and decided on by whoever verifies above the unit; channels belong to their unit.
func init() {
	item := func(m *matrix) string {
		if o, ok := m.objects["due"]; ok {
			return o[0].(string)
		}
		_, _ = m.record("submitted", "桂花社区", "admin", true)
		must(m.t, m.app.Due.Sweep(context.Background(), m.district))
		var id string
		must(m.t, m.app.DB.Read.QueryRowContext(context.Background(), `SELECT id FROM due_item WHERE district = $1 AND unit = $2
			ORDER BY day_from DESC LIMIT 1`, m.district, m.units["东街"]).Scan(&id))
		m.objects["due"] = [2]any{id, int64(0)}
		return id
	}
	// the item is 东街's: whoever verifies at the district may decide, 东街 itself sees it
	place := func(from, _ string) string {
		switch from {
		case "":
			return allow
		case "东街":
			return forbidden
		}
		return unseen
	}
	rules["burden"] = read("account.read", "/burden?period=2020", everywhere)
	rules["list-due"] = read("ledger.read", "/due?period=2020&unit=%u", everywhere)
	rules["remind-due"] = rule{"ledger.verify", place, func(m *matrix, as, _ string, _ bool) reply {
		return m.post(as, "/due/remind", vals{"items": []string{item(m)}}, 0)
	}}
	rules["exempt-due"] = rule{"ledger.verify", place, func(m *matrix, as, _ string, _ bool) reply {
		r := m.post(as, "/due/"+item(m)+"/exempt", vals{"exempt": true, "reason": "测试原因"}, 0)
		if r.status == 409 { // delivered: told to whoever may decide
			r.status = 200
		}
		return r
	}}
	rules["list-notices"] = read("signed-in", "/notices", everywhere)
	rules["read-notices"] = rule{"signed-in", everywhere, func(m *matrix, as, _ string, _ bool) reply { return m.post(as, "/notices/read", vals{}, 0) }}
	rules["list-channels"] = read("notify.edit", "/channels", everywhere)
	channel := func(m *matrix, unit string) string {
		r := m.post("admin", "/channels", vals{"unit": m.units[unit], "kind": "webhook", "name": fmt.Sprint("群", m.next()),
			"target": "https://robot.example.com/x"}, 0).ok()
		return text(r, "id")
	}
	rules["add-channel"] = rule{"account.edit", writes, func(m *matrix, as, unit string, _ bool) reply {
		defer m.noChannels() // what later cells tell would be ordered for each of them
		return m.post(as, "/channels", vals{"unit": m.units[unit], "kind": "webhook", "name": "群", "target": "https://robot.example.com/x"}, 0)
	}}
	hidden := byPlace(allow, unseen, unseen)
	rules["drop-channel"] = rule{"notify.edit", hidden, func(m *matrix, as, unit string, _ bool) reply {
		defer m.noChannels()
		return m.do(ask{as: as, method: "DELETE", path: "/channels/" + channel(m, unit)})
	}}
	rules["try-channel"] = rule{"notify.edit", hidden, func(m *matrix, as, unit string, _ bool) reply {
		defer m.noChannels()
		return m.post(as, "/channels/"+channel(m, unit)+"/try", nil, 0)
	}}
}

// noChannels takes away the channels that cells have added.
func (m *matrix) noChannels() {
	m.t.Helper()
	must(m.t, m.write(func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), `DELETE FROM channel WHERE district = $1`, m.district)
		return err
	}))
}
