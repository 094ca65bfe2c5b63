package inspect_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/draw"
)

// plan is a campaign over the four estates of the district on 5 and 6 January, by two of the office.
func plan(w *apptest.World, more vals) vals {
	body := vals{"kind": "special", "title": "岁末小区专项检查", "unit": w.Units[""], "checklist": "estate", "surprise": 20, "second": 50,
		"days": []vals{{"day": "2021-01-06", "quota": 2}, {"day": "2021-01-05", "quota": 2}}, "crew": []string{w.Accounts["office"], w.Accounts["office2"]}}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// sealed makes and seals a campaign and returns its id.
func sealed(w *apptest.World, more vals) string {
	w.T.Helper()
	c := w.Post("office", "/campaigns", plan(w, more), 0).OK()
	id := apptest.Text(c, "id")
	w.Post("office", "/campaigns/"+id+"/seal", vals{}, apptest.Num(c, "rev")).OK()
	return id
}

func pass(w *apptest.World) {
	w.T.Helper()
	apptest.Must(w.T, w.App.Visits.Pass(context.Background(), w.District))
}

func at(day, hour, minute int) time.Time {
	return time.Date(2021, 1, day, hour, minute, 0, 0, apptest.Start.Location())
}

func list(of map[string]any, path string) []map[string]any {
	var out []map[string]any
	for _, x := range of[path].([]any) {
		out = append(out, x.(map[string]any))
	}
	return out
}

// mine are the places of today of some persons, by login.
func mine(w *apptest.World, as func(string) string, logins ...string) map[string][]map[string]any {
	w.T.Helper()
	out := map[string][]map[string]any{}
	for _, l := range logins {
		out[l] = list(w.Get(as(l), "/inspect-today").OK(), "items")
	}
	return out
}

func take(w *apptest.World, as string, key any, answers ...vals) apptest.Reply {
	w.T.Helper()
	if len(answers) == 0 {
		answers = []vals{{"item": "board", "value": "yes"}}
	}
	return hand(w, as, "", answers, vals{"place": key})
}

// TestADayIsNotKnownBefore: neither an answer nor the database says where or who before six, and afterwards everything can be
// worked out again.
func TestADayIsNotKnownBefore(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		id := sealed(w, nil)
		before := w.Get("office", "/campaigns/"+id).OK()
		w.Expect("no", apptest.Text(before, "no"), "ZX-2021-01")
		w.Expect("places", apptest.Num(before, "places"), int64(4))
		w.Expect("days in order", apptest.Text(before, "day_list.0.day"), "2021-01-05")
		text := string(w.Get("office", "/campaigns/"+id+"/base").Body)
		w.Expect("digest", draw.Digest(text), apptest.Text(before, "digest"))
		w.Post("office", "/campaigns/"+id+"/words", vals{"words": "汀 岸|花开"}, apptest.Num(before, "rev")).OK()
		w.Post("office", "/campaigns/"+id+"/words", vals{"words": "再来"}, apptest.Num(before, "rev")+1).Refused(409, "inspect.begun")
		apptest.Must(t, w.App.Seal(context.Background()))

		as := later(w, at(5, 5, 59))
		pass(w)
		c := w.Get(as("office"), "/campaigns/"+id).OK()
		w.Expect("rows before six", len(list(c, "rows")), 0)
		w.Expect("drawn before six", w.Scalar(`SELECT count(*) FROM draw`), int64(0))
		w.Expect("secrets in the open", w.Scalar(`SELECT count(*) FROM campaign_day WHERE secret NOT LIKE 'seal1:%'`), int64(0))
		for _, who := range []string{"office", "office2", "leader", "admin"} {
			page := string(w.Get(as(who), "/campaigns/"+id).Body)
			if strings.Contains(page, `"secret":"`) && !strings.Contains(page, `"secret":""`) || strings.Contains(page, "seal1:") {
				t.Errorf("%s is told a secret: %s", who, page)
			}
		}
		w.Get(as("office"), "/campaigns/"+id+"/base?day=1").Refused(409, "inspect.not-sealed")
		w.Expect("nothing today", len(mine(w, as, "office")["office"]), 0)

		w.Clock.Set(at(5, 6, 0))
		pass(w)
		pass(w) // another node
		c = w.Get(as("leader"), "/campaigns/"+id).OK()
		w.Expect("rows", len(list(c, "rows")), 2)
		w.Expect("drawn", w.Scalar(`SELECT count(*) FROM draw`), int64(3)) // with one second look
		d := list(c, "day_list")
		w.Expect("opened", d[0]["state"], "open")
		w.Expect("the next stays closed", d[1]["state"], "closed")
		w.Expect("its secret too", d[1]["secret"], "")
		w.Expect("secret and digest", draw.Digest(d[0]["secret"].(string)), d[0]["seal"])
		if d[0]["chain"] == "" {
			t.Error("the journal plays no part")
		}
		w.Expect("words", apptest.Text(c, "words"), "汀 岸 花开")
		w.Expect("seed", draw.Seed(d[0]["secret"].(string), apptest.Text(c, "digest"), "汀 岸 花开", d[0]["chain"].(string)), d[0]["seed"])
		again(w, c, d[0]["seed"].(string), w.Get(as("office"), "/campaigns/"+id+"/base?day=1").Body)
		w.Expect("the list of the first day is the sealed one", string(w.Get(as("office"), "/campaigns/"+id+"/base?day=1").Body), text)
	})
}

// again puts the list in order with the published line; what was drawn comes first in its street, or is a surprise.
func again(w *apptest.World, c map[string]any, seed string, base []byte) {
	w.T.Helper()
	dir := w.T.(*testing.T).TempDir()
	apptest.Must(w.T, os.WriteFile(filepath.Join(dir, "base.txt"), base, 0o600))
	cmd := exec.Command("sh", "-c", apptest.Text(c, "shell"))
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "S="+seed, "C="+apptest.Text(c, "no"))
	out, err := cmd.Output()
	apptest.Must(w.T, err)
	order := map[string][]string{}
	for l := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(l), "|")
		order[f[0]] = append(order[f[0]], f[3]+" "+f[2])
	}
	for _, r := range list(c, "rows") {
		row := fmt.Sprint(r["place"], " ", r["hash"])
		i := slices.Index(order[r["stratum"].(string)], row)
		if i < 0 || r["why"] == "cycle" && i >= int(r["rank"].(float64)) {
			w.T.Errorf("%s is not what the shell puts first: %s", row, out)
		}
	}
}

// TestDrawnVisits: the visit of the person whose place it is, on its day, is that of the draw; second looks are blind, by
// somebody else, and counted by the drawn role whoever comes first.
func TestDrawnVisits(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		id := sealed(w, nil)
		as := later(w, at(5, 7, 0))
		pass(w)
		today := mine(w, as, "office", "office2")
		w.Expect("together", len(today["office"])+len(today["office2"]), 3)
		both, first, second := "", "", ""
		for _, x := range today["office"] {
			for _, y := range today["office2"] {
				if x["key"] == y["key"] {
					both = x["key"].(string)
				}
			}
			if _, told := x["role"]; told {
				t.Error("a second look says that it is one")
			}
		}
		if both == "" {
			t.Fatalf("nobody looks again: %v", today)
		}
		first = textOf(w, `SELECT account FROM draw WHERE role = 'first' AND place = '`+both+`'`)
		first, second = login(w, first), ""
		for _, l := range []string{"office", "office2"} {
			if l != first {
				second = l
			}
		}
		// before he has been there, the second of the two is told nothing of what the other did, whoever comes first
		v := take(w, as(second), both, no("lids"), vals{"item": "board", "value": "yes"}).OK()
		w.Expect("kind", apptest.Text(v, "kind"), "special")
		w.Expect("role", textOf(w, `SELECT role FROM visit WHERE id = '`+apptest.Text(v, "id")+`'`), "second")
		place := w.Get(as(first), "/inspect-place?key="+both).OK()
		w.Expect("open cases are hidden", len(list(place, "open_cases")), 0)
		w.Expect("visits are hidden", len(list(place, "visits")), 0)
		w.Expect("nor in the list", apptest.Num(w.Get(as(first), "/visits").OK(), "total"), int64(0))
		w.Expect("nor among cases", apptest.Num(w.Get(as(first), "/cases").OK(), "total"), int64(0))
		kase, seen := apptest.Text(v, "findings.0.case.id"), apptest.Text(v, "id")
		w.Get(as(first), "/visits/"+seen).Refused(404, "inspect.no-visit") // nor by an address that somebody sends him
		w.Get(as(first), "/cases/"+kase).Refused(404, "rectify.no-case")
		w.Get(as("leader"), "/cases/"+kase).OK()
		w.Expect("others see them", apptest.Num(w.Get(as("leader"), "/visits").OK(), "total"), int64(1))
		for _, who := range []string{first, second} {
			for _, r := range list(w.Get(as(who), "/campaigns/"+id).OK(), "rows") {
				if r["place"] == both && (r["second"] != "" || r["person"] != "甲"+who) {
					t.Errorf("%s is told who else goes: %v", who, r)
				}
			}
		}
		v = take(w, as(first), both, no("lids"), no("board")).OK()
		w.Expect("role", textOf(w, `SELECT role FROM visit WHERE id = '`+apptest.Text(v, "id")+`'`), "first")
		w.Get(as(first), "/visits/"+seen).OK()
		w.Get(as(first), "/cases/"+kase).OK()
		w.Expect("hidden no more", apptest.Num(w.Get(as(first), "/visits").OK(), "total"), int64(2))
		v = take(w, as(first), both, no("lids")).OK()
		w.Expect("a third is no drawn one", textOf(w, `SELECT campaign FROM visit WHERE id = '`+apptest.Text(v, "id")+`'`), "")
		w.Expect("figures", apptest.Num(w.Get(as("office"), fmt.Sprintf("/figures/visits.special?unit=%d&period=2021", w.Units[""])).OK(), "value"), int64(2))

		w.Get(as("office"), "/campaigns/"+id+"/looks").Refused(403, "http.forbidden")
		looks := w.Get(as("leader"), "/campaigns/"+id+"/looks").OK()
		pair := list(looks, "pairs")[0]
		w.Expect("items compared", pair["n"], float64(1)) // lids changes within hours and compares nobody
		w.Expect("differ", pair["differ"], float64(1))
		w.Expect("who first", pair["first"], "甲"+first)
		if names := list(looks, "persons"); len(names) != 2 || names[0]["name"].(string) > names[1]["name"].(string) {
			t.Errorf("persons by name: %v", names)
		}
		w.Settled()
	})
}

// TestMissedPlaces: with a reason, or because the day is over; the level falls back in the next list, and a place that came late
// is done after all. What was drawn later does not change.
func TestMissedPlaces(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		id := sealed(w, vals{"second": 0})
		as := later(w, at(5, 7, 0))
		pass(w)
		today := mine(w, as, "office", "office2")
		a, b := today["office"][0], today["office2"][0]
		miss := func(who string, key any, reason string) apptest.Reply {
			return w.Post(as(who), "/inspect-today/missed", vals{"campaign": id, "place": key, "reason": reason}, 0)
		}
		miss("office2", a["key"], "小区封闭施工").Refused(404, "inspect.not-yours")
		miss("office", a["key"], "").Refused(422, "rectify.reason")
		r := miss("office", a["key"], "小区封闭施工").OK()
		w.Expect("missed", list(r, "items")[0]["outcome"], "missed")
		as = later(w, at(6, 7, 0))
		pass(w)
		w.Expect("over", w.Scalar(`SELECT count(*) FROM draw WHERE outcome = 'missed' AND reason = 'day-over'`), int64(1))
		v := hand(w, as("office2"), "", []vals{{"item": "board", "value": "yes"}}, vals{"place": b["key"], "made_at": at(5, 16, 0).UnixMilli()}).OK()
		w.Expect("late and done", w.Scalar(`SELECT count(*) FROM draw WHERE outcome = 'done' AND day < 18633`), int64(1))
		w.Expect("drawn once", w.Scalar(`SELECT count(DISTINCT place) FROM draw`), int64(4))
		w.Post(as("office"), "/visits/"+apptest.Text(v, "id")+"/void", vals{"reason": "走错了"}, 1).OK()
		w.Expect("void", textOf(w, `SELECT reason FROM draw WHERE place = '`+b["key"].(string)+`'`), "void")
		for who, rows := range mine(w, as, "office", "office2") {
			for _, x := range rows {
				take(w, as(who), x["key"]).OK()
			}
		}
		// the next list: those visited are one above those missed, in the same street
		c := w.Post(as("office"), "/campaigns", plan(w, vals{"days": []vals{{"day": "2021-02-01", "quota": 1}}}), 0).OK()
		w.Post(as("office"), "/campaigns/"+apptest.Text(c, "id")+"/seal", vals{}, 1).OK()
		next, err := draw.Parse(string(w.Get(as("office"), "/campaigns/"+apptest.Text(c, "id")+"/base").Body))
		apptest.Must(t, err)
		for _, p := range next.Places {
			done := w.Scalar(`SELECT count(*) FROM draw WHERE outcome = 'done' AND place = '` + p.Key + `'`)
			alone := p.Stratum == "西镇" // its floor is its own
			if want := int(done); p.Level != want && !alone {
				t.Errorf("%s enters at %d, wanted %d", p.Name, p.Level, want)
			}
		}
		w.Settled()
	})
}

// TestWhoMayNotGo: somebody seated below a place, or at who answers for it, is never drawn for it.
func TestWhoMayNotGo(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.Post("office", "/campaigns", plan(w, vals{"crew": []string{w.Accounts["leader"]}}), 0).Refused(422, "inspect.invalid")
		w.Post("office", "/campaigns", plan(w, vals{"crew": []string{w.Accounts["office"]}}), 0).Refused(422, "inspect.invalid")
		sealed(w, vals{"crew": []string{w.Accounts["clerk1"], w.Accounts["street.inspector"]}, "second": 0, "days": []vals{{"day": "2021-01-05", "quota": 4}}})
		later(w, at(5, 7, 0))
		pass(w)
		// clerk1 sits at the community that answers for 桂园 and 桂苑 and reaches nothing else; the inspector of 东街 reaches three
		w.Expect("clerk", w.Scalar(`SELECT count(*) FROM draw WHERE account = '`+w.Accounts["clerk1"]+`'`), int64(0))
		w.Expect("inspector", w.Scalar(`SELECT count(*) FROM draw WHERE account = '`+w.Accounts["street.inspector"]+`'`), int64(3))
		w.Expect("nobody", w.Scalar(`SELECT count(*) FROM draw WHERE account = '' AND given = 'nobody'`), int64(1))
		if n := w.Scalar(`SELECT count(*) FROM notice WHERE kind = 'draw'`); n != int64(1) {
			t.Errorf("%v were told", n)
		}
	})
}

// TestSealedIsSealed: nothing can be changed, a day without the program lapses, a stopped campaign opens no more.
func TestSealedIsSealed(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		id := sealed(w, nil)
		w.Do(apptest.Ask{As: "office", Method: "PUT", Path: "/campaigns/" + id, Body: plan(w, nil), Match: 2}).Refused(409, "inspect.is-sealed")
		w.Post("office", "/campaigns/"+id+"/seal", vals{}, 2).Refused(409, "inspect.is-sealed")
		w.Post("manager1", "/campaigns", plan(w, nil), 0).Refused(404, "org.no-unit")
		w.Post("clerk1", "/campaigns", plan(w, nil), 0).Refused(403, "http.forbidden")
		w.Get("clerk1", "/campaigns/"+id).Refused(404, "inspect.no-campaign")
		w.Post("office", "/campaigns", plan(w, vals{"days": []vals{{"day": "2020-12-31", "quota": 1}}}), 0).Refused(422, "inspect.invalid")
		w.Post("office", "/campaigns", plan(w, vals{"checklist": "school", "unit": w.Units["柳村"]}), 0).OK()
		as := later(w, at(6, 0, 30))
		pass(w)
		w.Expect("lapsed", w.Scalar(`SELECT count(*) FROM campaign_day WHERE lapsed = 1`), int64(1))
		w.Expect("the draft is left alone", w.Scalar(`SELECT count(*) FROM campaign_day WHERE lapsed = 0`), int64(3))
		w.Post(as("office"), "/campaigns/"+id+"/stop", vals{"reason": "疫情"}, 2).OK()
		w.Clock.Set(at(6, 8, 0))
		pass(w)
		w.Expect("drawn", w.Scalar(`SELECT count(*) FROM draw`), int64(0))
		w.Post(as("office"), "/campaigns/"+id+"/stop", vals{"reason": "疫情"}, 3).Refused(409, "inspect.stopped")
	})
}

// TestALostKey: without the key file no day is opened, nothing else stops, and the day lapses.
func TestALostKey(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		sealed(w, nil)
		w.Close()
		apptest.Must(w.T, os.Rename(filepath.Join(w.Dir, "secret.key"), filepath.Join(w.Dir, "elsewhere")))
		w.Open()
		w.Clock.Set(at(5, 7, 0))
		pass(w)
		w.Expect("drawn", w.Scalar(`SELECT count(*) FROM draw`), int64(0))
		w.Close()
		apptest.Must(w.T, os.Rename(filepath.Join(w.Dir, "elsewhere"), filepath.Join(w.Dir, "secret.key")))
		w.Open()
		w.Clock.Set(at(6, 7, 0))
		pass(w)
		w.Expect("lapsed", w.Scalar(`SELECT count(*) FROM campaign_day WHERE lapsed = 1`), int64(1))
		w.Expect("opened", w.Scalar(`SELECT count(*) FROM campaign_day WHERE opened_at > 0`), int64(1))
	})
}

func textOf(w *apptest.World, query string) (s string) {
	w.T.Helper()
	apptest.Must(w.T, w.App.DB.Read.QueryRowContext(context.Background(), query).Scan(&s))
	return s
}

// login is whose account it is.
func login(w *apptest.World, account string) string {
	for l, a := range w.Accounts {
		if a == account {
			return l
		}
	}
	return "?"
}
