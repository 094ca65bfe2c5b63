package ledger_test

import (
	"fmt"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/id"
)

// TestWhatIsNotSeenCannotBeNamed: another's draft and a person of another street answer, where they are named in a record, as
// one that is not there; whom a record names already it may go on naming.
func TestWhatIsNotSeenCannotBeNamed(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		person := func(as, name, unit string) string {
			return apptest.Text(w.Post(as, "/persons", apptest.Vals{"name": name, "unit": w.Units[unit]}, 0).OK(), "id")
		}
		team := func(as, unit, name string, submit bool) string {
			return apptest.Text(w.Post(as, "/entries", apptest.Vals{"kind": "lecture-team", "unit": w.Units[unit], "submit": submit,
				"values": apptest.Vals{"name": name, "since": "2020-01-01"}}, 0).OK(), "id")
		}
		here, far, nobody := person("manager1", "甲", "桂花社区"), person("manager2", "乙", "荷花社区"), id.New(w.Clock.Now())
		handedIn, draft, own := team("office", "", "一队", true), team("office", "", "二队", false), team("manager1", "东街", "三队", false)
		day := 0
		lecturer := func(person, team string) apptest.Reply {
			day++ // no two spans of a person may overlap
			on := fmt.Sprintf("2020-02-%02d", day)
			return w.Post("manager1", "/entries", apptest.Vals{"kind": "lecturer", "unit": w.Units["东街"],
				"values": apptest.Vals{"person": person, "team": team, "since": on, "until": on}}, 0)
		}
		for what, c := range map[string]struct{ person, team, pointer, code string }{
			"a person of the street":         {here, handedIn, "", ""},
			"a person of another street":     {far, handedIn, "/values/person", "value.person"},
			"nobody":                         {nobody, handedIn, "/values/person", "value.person"},
			"a team that was handed in":      {here, handedIn, "", ""},
			"a draft of one's own":           {here, own, "", ""},
			"another's draft":                {here, draft, "/values/team", "value.reference"},
			"a team that is not there":       {here, nobody, "/values/team", "value.reference"},
			"a record that is none of teams": {here, here, "/values/team", "value.reference"},
		} {
			r := lecturer(c.person, c.team)
			if c.code == "" {
				r.OK()
				continue
			}
			p := r.Refused(422, "ledger.invalid")
			if len(apptest.List(p, "errors")) != 1 || apptest.Text(p, "errors.0.pointer") != c.pointer || apptest.Text(p, "errors.0.code") != c.code {
				t.Errorf("%s: %v", what, p["errors"])
			}
		}
		// the district's record names a person of another street: the street that has it goes on naming him, not another one
		e := w.Post("manager1", "/entries", apptest.Vals{"kind": "lecturer", "unit": w.Units["东街"],
			"values": apptest.Vals{"person": here, "team": handedIn, "since": "2019-01-01", "until": "2019-12-31"}}, 0).OK()
		apptest.Must(t, w.App.DB.Exec(t.Context(), `UPDATE person SET unit = $1 WHERE id = $2`, w.Units["荷花社区"], here))
		change := func(person string) apptest.Reply {
			return w.Do(apptest.Ask{As: "manager1", Method: "PUT", Path: "/entries/" + apptest.Text(e, "id"), Match: apptest.Num(e, "rev"),
				Body: apptest.Vals{"kind": "lecturer", "unit": w.Units["东街"], "values": apptest.Vals{"person": person, "team": handedIn, "since": "2019-01-01",
					"until": "2019-11-30"}}})
		}
		change(far).Refused(422, "ledger.invalid")
		w.Expect("whom it names already", fmt.Sprint(change(here).Status), "200")
	})
}

// TestANewEntryBringsItsID: a second try after a lost answer is the same entry, never a second one.
func TestANewEntryBringsItsID(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		own := id.New(w.Clock.Now())
		enter := func() apptest.Reply {
			return w.Post("clerk1", "/entries", apptest.Vals{"id": own, "kind": "publicity-session", "unit": w.Units["桂花社区"],
				"values": apptest.Session("2020-12-05", 3)}, 0)
		}
		w.Expect("its own id", apptest.Text(enter().OK(), "id"), own)
		w.Expect("again", enter().Status, 409)
		w.Expect("one entry", w.Scalar(`SELECT count(*) FROM entry`), 1)
	})
}
