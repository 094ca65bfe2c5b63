package rectify_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
)

type vals = apptest.Vals

// office is a district whose clock can be moved: sessions run out meanwhile, so everybody signs in again.
type office struct {
	*apptest.World
	tokens map[string]string
	at     time.Time
}

func (o *office) as(login string) string {
	o.T.Helper()
	if o.tokens == nil || o.Clock.Now().Sub(o.at) > 6*time.Hour {
		o.tokens, o.at = map[string]string{}, o.Clock.Now()
	}
	if o.tokens[login] == "" {
		token, _, err := o.App.Accounts.SignIn(context.Background(), login, apptest.Password, "192.0.2.1:1000")
		apptest.Must(o.T, err)
		o.tokens[login] = token
	}
	return o.tokens[login]
}

func (o *office) step(login, kase, path string, body vals) apptest.Reply {
	o.T.Helper()
	v := o.Get(o.as(login), "/cases/"+kase)
	if v.Status != 200 {
		return v
	}
	return o.Post(o.as(login), "/cases/"+kase+"/"+path, body, apptest.Num(v.JSON(), "rev"))
}

// closed opens a case at 桂园, for which 桂花社区 answers, and takes it to its closing by the office.
func (o *office) closed(title string) string {
	o.T.Helper()
	v := o.Post(o.as("office2"), "/cases", vals{"unit": o.Units["桂园"], "title": title, "severity": "minor", "instrument": "prompt"}, 0).OK()
	id := apptest.Text(v, "id")
	o.step("office", id, "issue", vals{"op": "issue"}).OK()
	o.step("clerk1", id, "reply", vals{"op": "reply", "words": "已清运"}).OK()
	o.step("office", id, "recheck", vals{"op": "pass"}).OK()
	return id
}

func (o *office) tick(to time.Time) {
	o.T.Helper()
	o.Clock.Set(to)
	apptest.Must(o.T, o.App.Cases.Pass(context.Background(), o.District))
	apptest.Must(o.T, o.App.Cases.LookBacks(context.Background(), o.District))
}

func on(day string) time.Time {
	t, _ := time.ParseInLocation("2006-01-02 15:04", day, apptest.Start.Location())
	return t
}

// TestLookBacks: a tenth of what a month closed is chosen by a list that was sealed and a seed that anybody can repeat; who
// looks neither replied nor closed it; one that passes is recorded, one that fails is opened again.
func TestLookBacks(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t, o := w.T, &office{World: w}
		for i := range 12 {
			o.closed(fmt.Sprintf("满溢 %d", i))
		}
		o.tick(on("2020-12-31 20:00"))
		w.Expect("nothing is sealed before the month is over", w.Scalar(`SELECT count(*) FROM rcase_lookmonth`), int64(0))
		o.tick(on("2021-01-01 00:05"))
		v := w.Get(o.as("office"), "/look-backs").OK()
		w.Expect("sealed", apptest.Num(v, "months.0.quota"), int64(2))
		w.Expect("of", apptest.Num(v, "months.0.closed"), int64(12))
		w.Expect("no seed before its hour", apptest.Text(v, "months.0.seed")+apptest.Text(v, "months.0.secret"), "")
		if apptest.Text(v, "months.0.digest") == "" || apptest.Text(v, "months.0.seal") == "" {
			t.Error("the digests are not published")
		}
		o.tick(on("2021-01-01 05:55"))
		w.Expect("not drawn before six", w.Scalar(`SELECT count(*) FROM rcase_lookback WHERE nth > 0`), int64(0))
		o.tick(on("2021-01-01 06:05"))
		o.tick(on("2021-01-01 06:10"))
		w.Expect("drawn", w.Scalar(`SELECT count(*) FROM rcase_lookback WHERE nth > 0`), int64(2))
		w.Expect("owed", w.Scalar(`SELECT count(*) FROM rcase_duty WHERE what = 'lookback' AND done_at = 0`), int64(2))

		o.Clock.Set(on("2021-01-04 09:00"))
		v = w.Get(o.as("office2"), "/look-backs").OK()
		rows := apptest.List(v, "rows")
		if len(rows) != 2 {
			t.Fatalf("%d rows", len(rows))
		}
		o.repeats(v)
		for as, want := range map[string]int{"clerk1": 0, "leader": 0, "manager2": 0, "auditor": 0} {
			list := w.Get(o.as(as), "/look-backs").OK()
			w.Expect(as+" is told which", len(apptest.List(list, "rows")), want)
		}
		w.Expect("but how many", apptest.Num(w.Get(o.as("leader"), "/look-backs").OK(), "months.0.drawn"), int64(2))
		first, second := apptest.Text(rows[0], "id"), apptest.Text(rows[1], "id")
		duties := func(as string) string {
			return fmt.Sprint(apptest.List(w.Get(o.as(as), "/cases/"+first).OK(), "duties"))
		}
		if strings.Contains(duties("clerk1"), "lookback") || !strings.Contains(duties("office2"), "lookback") {
			t.Error("the party sees the duty, or the office does not")
		}
		bench := w.Get(o.as("office2"), "/bench").OK()
		w.Expect("on the bench", len(apptest.List(bench, "look_backs")), 2)

		o.step("office", first, "recheck", vals{"op": "stands"}).Refused(403, "rectify.checker")
		o.step("clerk1", first, "recheck", vals{"op": "stands"}).Refused(403, "http.forbidden")
		v = o.step("office2", first, "recheck", vals{"op": "stands"}).OK()
		w.Expect("stays closed", apptest.Text(v, "state"), "closed")
		o.step("office2", first, "recheck", vals{"op": "stands"}).Refused(409, "rectify.not-drawn")
		o.tick(on("2021-01-07 00:10")) // the promise of all of them is over
		figure := func(key string) int64 {
			return apptest.Num(w.Get(o.as("office"), fmt.Sprintf("/figures/%s?unit=%d&period=2021", key, w.Units[""])).OK(), "value")
		}
		w.Expect("due", figure("cases.due"), int64(12))
		w.Expect("closed", figure("cases.closed"), int64(12))
		o.step("office2", second, "recheck", vals{"op": "again"}).Refused(422, "rectify.reason")
		v = o.step("office2", second, "recheck", vals{"op": "again", "words": "又满了"}).OK()
		w.Expect("opened again", apptest.Text(v, "state"), "draft")
		w.Expect("round", apptest.Num(v, "round"), int64(2))
		w.Expect("case-due is turned back", figure("cases.closed"), int64(11))
		w.Expect("look-backs", figure("lookbacks.done"), int64(2))
		w.Expect("found again", figure("lookbacks.again"), int64(1))
		w.Expect("a look-back is no first recheck", figure("rechecks.first"), int64(0)) // those were in December
		w.Expect("told", w.Scalar(`SELECT count(*) FROM notice WHERE link = '/cases' AND title_zh LIKE '%回头看%'`), int64(2))
		v = w.Get(o.as("clerk1"), "/look-backs").OK()
		w.Expect("the party sees what was done; a draft again when it is issued", len(apptest.List(v, "rows")), 1)
		v = w.Get(o.as("leader"), "/look-backs").OK()
		w.Expect("who reads sees both", len(apptest.List(v, "rows")), 2)
		w.Expect("passed", apptest.Num(v, "months.0.passed"), int64(1))
		w.Expect("failed", apptest.Num(v, "months.0.failed"), int64(1))
		w.Settled()
	})
}

// repeats works the draw out again with nothing but the list, the seed and the published line of shell.
func (o *office) repeats(v map[string]any) {
	o.T.Helper()
	month := apptest.At(v, "months.0")
	list := o.Get(o.as("office"), "/look-backs/2020-12/list")
	dir := o.T.TempDir()
	apptest.Must(o.T, os.WriteFile(filepath.Join(dir, "list.txt"), list.Body, 0o644))
	o.Expect("the digest is that of the list", apptest.Sum(list.Body), apptest.Text(month, "digest"))
	o.Expect("the seal is that of the secret", apptest.Sum([]byte(apptest.Text(month, "secret"))), apptest.Text(month, "seal"))
	o.Expect("the seed follows", apptest.Sum([]byte(apptest.Text(month, "secret")+"|"+apptest.Text(month, "digest")+"||"+apptest.Text(month, "chain"))),
		apptest.Text(month, "seed"))
	cmd := exec.Command("bash", "-c", apptest.Text(v, "shell"))
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "S="+apptest.Text(month, "seed"), "C="+apptest.Text(month, "no"))
	out, err := cmd.Output()
	apptest.Must(o.T, err)
	want := ""
	for _, r := range apptest.List(v, "rows") {
		want += apptest.Text(r, "hash") + " " + apptest.Text(r, "no") + "\n"
	}
	o.Expect("drawn", string(out), want)
}

// TestLookBackDrops: one that is opened again before anybody looked is not owed any more, and is not drawn for its old closing.
func TestLookBackDrops(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		o := &office{World: w}
		one := o.closed("满溢")
		o.tick(on("2021-01-01 00:05"))
		o.tick(on("2021-01-01 06:05"))
		o.Clock.Set(on("2021-01-04 09:00"))
		o.step("office2", one, "reopen", vals{"op": "reopen", "words": "居民又反映"}).OK()
		w.Expect("dropped", w.Scalar(`SELECT count(*) FROM rcase_lookback WHERE outcome = 'dropped' AND nth = 1`), int64(1))
		w.Expect("nobody owes it", w.Scalar(`SELECT count(*) FROM rcase_duty WHERE what = 'lookback' AND done_at = 0`), int64(0))
		o.step("office", one, "issue", vals{"op": "issue"}).OK()
		o.step("clerk1", one, "reply", vals{"op": "reply", "words": "已清运"}).OK()
		o.step("office", one, "recheck", vals{"op": "pass"}).OK()
		o.tick(on("2021-02-01 00:05"))
		o.tick(on("2021-02-01 06:05"))
		w.Expect("its second closing is on the next list", w.Scalar(`SELECT count(*) FROM rcase_lookback WHERE round = 2 AND nth = 1
			AND outcome = ''`), int64(1))
		o.tick(on("2021-04-01 08:00"))
		w.Expect("nothing was closed in March", w.Scalar(`SELECT count(*) FROM rcase_lookmonth`), int64(2))
		w.Expect("the office is behind", apptest.Num(w.Get(o.as("office"), fmt.Sprintf("/figures/office.arrears?unit=%d&period=2021-03",
			w.Units[""])).OK(), "value"), int64(1))
		w.Settled()
	})
}
