package live_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
)

// page opens a stream of events; the returned func gives the next event and what it says, "end" after the last.
func page(w *apptest.World, as string) func() string {
	w.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	w.T.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", w.Server.URL+"/api/v1/events", nil)
	apptest.Must(w.T, err)
	r.Header.Set("Cookie", "sifen_session="+w.Tokens[as])
	res, err := http.DefaultClient.Do(r)
	apptest.Must(w.T, err)
	w.T.Cleanup(func() { res.Body.Close() })
	if res.StatusCode != 200 {
		w.T.Fatalf("%s may not listen: %d", as, res.StatusCode)
	}
	s := bufio.NewScanner(res.Body)
	for s.Scan() && !strings.Contains(s.Text(), "ready") {
	}
	return func() string {
		name := ""
		for s.Scan() {
			if n, ok := strings.CutPrefix(s.Text(), "event: "); ok {
				name = n
			} else if data, ok := strings.CutPrefix(s.Text(), "data: "); ok && name != "" {
				return name + " " + data
			}
		}
		return "end"
	}
}

// material enters handed out leaflets of a unit.
func material(w *apptest.World, as, unit string) {
	w.Enter(as, "printed-material", unit, apptest.Vals{"given_on": "2020-11-03", "name": "折页", "type": "leaflet", "copies": 5})
}

const ofSession, ofMaterial = `entry {"kind":"publicity-session"}`, `entry {"kind":"printed-material"}`

// heard collects what a page hears until it was told of something, or to the end.
func heard(next func() string, until string) map[string]bool {
	out := map[string]bool{}
	for said := next(); ; said = next() {
		out[said] = true
		if said == until || said == "end" {
			return out
		}
	}
}

// TestNewsStayInReach: a page hears of what its caller may see, and nothing of the next street.
func TestNewsStayInReach(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		street, other, office := page(w, "manager1"), page(w, "manager2"), page(w, "office")
		material(w, "manager2", "西镇")
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 12))
		material(w, "manager2", "西镇")
		w.Expect("the street", heard(street, ofSession)[ofMaterial], false)
		w.Expect("the street of the leaflets", heard(other, ofMaterial)[ofSession], false)
		both := heard(office, ofSession)
		w.Expect("the office", [2]bool{both[ofMaterial], both[ofSession]}, [2]bool{true, true})
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-11-04", 12))
		const moved = `figure {"defs":["publicity.audience","publicity.sessions"]}`
		w.Expect("figures that moved", heard(street, moved)[moved], true)
		material(w, "manager2", "西镇")
		apptest.Must(w.T, w.App.Accounts.SignOut(context.Background(), w.Tokens["manager2"]))
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-05", 12))
		w.Expect("figures of the next street", heard(other, "end")[moved], false)
	})
}

// TestAStreamEndsWithTheGrant: once a grant ended the open page hears nothing of it any more, and with the session it ends.
func TestAStreamEndsWithTheGrant(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		hears, control := page(w, "manager1"), page(w, "office")
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 12))
		w.Expect("with the grant", heard(hears, ofSession)[ofSession], true)
		for _, p := range apptest.List(w.Get("admin", "/people").OK(), "items") {
			if apptest.Text(p, "login") == "manager1" {
				w.Do(apptest.Ask{As: "admin", Method: "DELETE", Path: "/grants/" + apptest.Text(p, "grants.0.id")}).OK()
			}
		}
		material(w, "clerk1", "桂花社区")
		w.Expect("a colleague", heard(control, ofMaterial)[ofMaterial], true)
		apptest.Must(w.T, w.App.Accounts.SignOut(context.Background(), w.Tokens["manager1"]))
		material(w, "clerk1", "桂花社区")
		after := heard(hears, "end")
		w.Expect("without it", [2]bool{after[ofMaterial], after["end"]}, [2]bool{false, true})
	})
}
