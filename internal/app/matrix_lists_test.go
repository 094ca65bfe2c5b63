package app_test

import (
	"context"
	"fmt"

	"sifen/internal/db"
)

// Orders and views are their person's; comments are read and written by whoever reads the record.
func init() {
	rules["preview-bulk"] = rule{"ledger.verify", everywhere, func(m *matrix, as, unit string, _ bool) reply {
		e, _ := m.record("submitted", unit, "admin", false)
		return m.post(as, "/bulk/preview", vals{"ids": []string{e}}, 0)
	}}
	rules["order-bulk"] = rule{"ledger.verify", everywhere, func(m *matrix, as, unit string, _ bool) reply {
		e, _ := m.record("submitted", unit, "admin", true)
		r := m.post(as, "/bulk", vals{"op": "verify", "ids": []string{e}}, 0)
		if r.status == 409 { // nothing of the choice waits for this person
			r.status = 200
		}
		return r
	}}
	order := func(m *matrix, as string) string {
		var id string
		must(m.t, m.write(func(tx *db.Tx) error {
			by, err := m.app.As(context.Background(), as)
			if err != nil {
				return err
			}
			id = fmt.Sprintf("00000000-0000-7000-8000-%012d", m.next())
			_, err = tx.ExecContext(context.Background(), `INSERT INTO bulk_run (district, id, account, op, reason, state, total, done, passed, at)
				VALUES ($1, $2, $3, 'verify', '', 'waiting', 0, 0, 0, 0)`, by.District, id, by.Account)
			return err
		}))
		return id
	}
	own := func(verb, method, path string) rule {
		return rule{verb, everywhere, func(m *matrix, as, _ string, allowed bool) reply {
			owner := as
			if !allowed {
				owner = "admin"
			}
			return m.do(ask{as: as, method: method, path: path + order(m, owner)})
		}}
	}
	rules["get-bulk"] = own("ledger.verify", "GET", "/bulk/")
	rules["call-off-bulk"] = own("ledger.verify", "DELETE", "/bulk/")
	reads := byPlace(allow, allow, unseen)
	rules["list-comments"] = act("ledger.read", "GET", "/comments", "verified", reads, nil)
	rules["add-comment"] = rule{"ledger.read", reads, func(m *matrix, as, unit string, _ bool) reply {
		e, _ := m.record("verified", unit, "admin", false)
		return m.post(as, "/entries/"+e+"/comments", vals{"body": "看过了"}, 0)
	}}
	rules["list-views"] = read("ledger.read", "/views", everywhere)
	rules["save-view"] = rule{"ledger.read", everywhere, func(m *matrix, as, _ string, _ bool) reply {
		return m.post(as, "/views", vals{"kind": "publicity-session", "name": "视图", "query": "state=submitted", "shared": true}, 0)
	}}
	rules["drop-view"] = rule{"ledger.read", everywhere, func(m *matrix, as, _ string, allowed bool) reply {
		owner := as
		if !allowed {
			owner = "admin"
		}
		v := m.post(owner, "/views", vals{"kind": "publicity-session", "name": "视图", "query": ""}, 0).ok()
		return m.do(ask{as: as, method: "DELETE", path: "/views/" + text(v, "id")})
	}}
}
