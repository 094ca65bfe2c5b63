package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"testing"

	"sifen/internal/access"
	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/fund"
	"sifen/internal/id"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
	"sifen/internal/rectify"
)

// pages are the readings of the desk, by operation: who asks, and where. Every operation that reads must stand here.
var pages = map[string]func(f *full) (as, path string){
	"me":                   asked("office", "/me"),
	"bench":                asked("office", "/bench?unit={u}&period=2020"),
	"list-schemes":         asked("office", "/schemes"),
	"list-kinds":           asked("office", "/kinds"),
	"kind-template":        asked("office", "/kinds/publicity-session/template"),
	"list-entries":         asked("office", "/entries?kind=publicity-session&unit={u}&period=2020&size=200"),
	"export-entries":       asked("office", "/entries/export?kind=publicity-session&unit={u}"),
	"get-entry":            asked("office", "/entries/{entry}"),
	"entry-impact":         asked("office", "/entries/{waiting}/impact"),
	"list-comments":        asked("office", "/entries/{entry}/comments"),
	"count-waiting":        asked("office", "/entries/waiting?unit={u}&from=2020-01-01&until=2020-12-31"),
	"list-refs":            asked("office", "/refs?kind=lecture-team"),
	"queue":                asked("office", "/queue?unit={u}"),
	"search":               asked("office", "/search?q=宣讲"),
	"get-blob":             asked("office", "/blobs/{blob}?size=thumb"),
	"get-bulk":             asked("office", "/bulk/{bulk}"),
	"list-views":           asked("office", "/views"),
	"list-figures":         asked("office", "/figures"),
	"figure-catalogue":     asked("office", "/figure-catalogue?unit={u}&period=2020"),
	"get-figure":           asked("office", "/figures/publicity.sessions?unit={u}&period=2020"),
	"figure-page":          asked("office", "/figures/publicity.sessions/page?unit={u}&period=2020&by=month"),
	"figure-breakdown":     asked("office", "/figures/publicity.sessions/breakdown?unit={u}&period=2020&field=form"),
	"compare-figure":       asked("office", "/figures/publicity.sessions/compare?unit={u}&period=2020&with=2019"),
	"download-figure":      asked("office", "/figures/publicity.sessions/download?unit={u}&period=2020"),
	"export-figure":        asked("office", "/figures/publicity.sessions/export?unit={u}&period=2020&table=units"),
	"list-units":           asked("office", "/units"),
	"get-unit":             asked("office", "/units/{u}"),
	"get-unit-attributes":  asked("office", "/units/{u}/attributes"),
	"list-attributes":      asked("office", "/attributes"),
	"export-units":         asked("admin", "/units/export?format=csv"),
	"list-locks":           asked("office", "/locks"),
	"list-people":          asked("admin", "/people"),
	"list-roles":           asked("admin", "/roles"),
	"find-persons":         asked("office", "/persons?unit={u}"),
	"list-documents":       asked("office", "/documents?unit={u}"),
	"get-document":         asked("office", "/documents/{document}"),
	"document-file":        asked("office", "/documents/{document}/file"),
	"document-differences": asked("office", "/documents/{issued}/differences"),
	"document-changes":     asked("office", "/documents/{document}/changes"),
	"document-figures":     asked("office", "/documents/{document}/figures"),
	"summary":              asked("office", "/summary?unit={u}&period=2020"),
	"source":               asked("office", "/source/{document}/1"),
	"unsigned-documents":   asked("manager1", "/deliveries/unsigned"),
	"list-templates":       asked("office", "/templates"),
	"template-file":        asked("office", "/templates/annual-summary/file?unit={u}&period=2020"),
	"list-places":          asked("office", "/places?unit={u}&size=200"),
	"place-map":            asked("office", "/place-map?unit={u}"),
	"unit-outlines":        asked("office", "/place-outlines?unit={u}"),
	"get-place":            asked("office", "/places/{place}"),
	"place-labels":         asked("office", "/place-labels?ids={places}"),
	"get-plan":             asked("office", "/plan?unit={u}&year=2020"),
	"task-people":          asked("office", "/plan/people?unit={u}"),
	"open-tasks":           asked("office", "/tasks/open"),
	"list-due":             asked("office", "/due?unit={u}&period=2020"),
	"burden":               asked("admin", "/burden?period=2020"),
	"list-notices":         asked("manager1", "/notices"),
	"list-channels":        asked("admin", "/channels"),
	"list-imports":         asked("clerk1", "/import-runs"),
	"get-import":           asked("clerk1", "/import-runs/{import}"),
	"list-cases":           asked("office", "/cases?size=200"),
	"get-case":             asked("office", "/cases/{case}"),
	"list-look-backs":      asked("office", "/look-backs?unit={u}"),
	"look-back-list":       asked("office", "/look-backs/2020-11/list"),
	"case-board":           asked("office", "/case-board?unit={u}"),
	"case-map":             asked("office", "/case-map?unit={u}"),
	"case-report":          asked("office", "/cases/{case}/report"),
	"list-transfers":       asked("office", "/transfers?unit={u}"),
	"case-choices":         asked("office", "/case-choices"),
	"list-visits":          asked("office", "/visits?size=200"),
	"get-visit":            asked("office", "/visits/{visit}"),
	"list-inspect-places":  asked("office", "/inspect-places?unit={u}"),
	"get-inspect-place":    asked("office", "/inspect-place?key=unit:{estate}"),
	"list-campaigns":       asked("office", "/campaigns"),
	"get-campaign":         asked("office", "/campaigns/{campaign}"),
	"campaign-base":        asked("office", "/campaigns/{campaign}/base"),
	"campaign-looks":       asked("leader", "/campaigns/{campaign}/looks"),
	"campaign-crew":        asked("office", "/campaign-crew?unit={u}"),
	"campaign-places":      asked("office", "/campaign-places?unit={u}&checklist=estate"),
	"list-today":           asked("office", "/inspect-today"),
	"field-day":            asked("office", "/field/day?phone=01920000-0000-7000-8000-000000000001"),
	"paper-form":           asked("office", "/inspect-paper?key=unit:{estate}"),
	"field-part":           asked("office", "/field/parts/forms"),
	"field-photo":          asked("office", "/field/photos/"+strings.Repeat("a", 64)),
	"list-checklists":      asked("office", "/checklists"),
	"list-checklist-rules": asked("office", "/checklist-rules"),
	"get-checklist-rule":   asked("office", "/checklist-rules/estate"),
	"checklist-sheet":      asked("office", "/checklist-rules/estate/sheet"),
	"list-inspections":     asked("office", "/special-inspections?year=2020"),
	"list-meetings":        asked("office", "/meetings?size=200"),
	"get-meeting":          asked("office", "/meetings/{meeting}"),
	"list-scores":          asked("office", "/scores"),
	"get-scores":           asked("office", "/scores/{scores}"),
	"explain-score":        asked("office", "/scores/{scores}/units/{estate}"),
	"list-awards":          asked("office", "/awards"),
	"get-award":            asked("office", "/awards/{award}"),
	"explain-award":        asked("office", "/awards/{award}/units/{estate}"),
	"award-payment-list":   asked("office", "/awards/{paid}/batches/1/list"),
	"list-decisions":       asked("office", "/decisions?size=200"),
	"get-decision":         asked("office", "/decisions/{decision}"),
	"decision-people":      asked("office", "/decision-people?unit={u}"),
	"list-bulletins":       asked("office", "/bulletins?unit={u}&year=2020"),
	"rejected-rows":        asked("clerk1", "/import-runs/{import}/rejected"),
}

// elsewhere are the readings that no page of the desk asks for again and again.
var elsewhere = map[string]string{"notice-photos": "a download", "transfer-file": "a download", "demo-accounts": "exists in demonstrations alone"}

func asked(as, path string) func(*full) (string, string) {
	return func(f *full) (string, string) {
		p := strings.ReplaceAll(path, "{u}", fmt.Sprint(f.units[""]))
		for k, v := range f.named {
			p = strings.ReplaceAll(p, "{"+k+"}", v)
		}
		return as, p
	}
}

// lookedAt puts a closed case on the list of November as drawn for a look-back.
func (f *full) lookedAt(c string, i int) {
	f.t.Helper()
	must(f.t, f.write(func(tx *db.Tx) error {
		month := int64(period.Date(2020, 11, 1).Month())
		if _, err := tx.ExecContext(context.Background(), `INSERT INTO rcase_lookmonth (district, month, no, quota, base, digest, secret, seal, chain, seed,
			sealed_at, opened_at) VALUES ($1, $2, 'HTK-2020-11', 1, '', '', '', '', '', 's', 1, 1) ON CONFLICT (district, month) DO NOTHING`, f.district,
			month); err != nil {
			return err
		}
		_, err := tx.ExecContext(context.Background(), `INSERT INTO rcase_lookback (district, rcase, round, month, nth, hash, outcome, account, done_at)
			VALUES ($1, $2, 1, $3, $4, '', '', '', 0)`, f.district, c, month, i+1)
		return err
	}))
}

// full is a district that gets fuller.
type full struct {
	*matrix
	named map[string]string // what addresses name: entry, waiting, …
	rows  int
}

// fill adds n of everything that pages show rows of.
func (f *full) fill(n int) {
	f.t.Helper()
	ctx := context.Background()
	for range n {
		i := f.rows
		f.rows++
		unit := func(name, typ, parent string) int64 {
			u := num(f.post("admin", "/units", vals{"name": name, "type": typ, "parent": f.units[parent], "from": "2019-01-01"}, 0).ok(), "id")
			f.units[name] = u
			return u
		}
		estate := unit(fmt.Sprint("新苑", i), "estate", "桂花社区")
		bureau := unit(fmt.Sprint("新局", i), "department", "")
		f.post("admin", fmt.Sprintf("/units/%d/line", estate), vals{"head": bureau, "from": "2019-01-01"}, 0).ok()
		for _, u := range []string{"东街", "桂花社区", fmt.Sprint("新局", i)} {
			v := session(fmt.Sprintf("2020-%02d-%02d", i%12+1, i%28+1), 3)
			v["photos"] = []string{f.Upload("admin", apptest.Photo(uint8(i)))}
			by := "admin"
			e, rev := f.enter(by, "publicity-session", u, v)
			f.verify("office", e, rev)
			w, _ := f.enter(by, "publicity-session", u, session(fmt.Sprintf("2020-%02d-%02d", i%12+1, i%28+1), 4))
			f.name("entry", e)
			f.name("waiting", w)
			f.name("blob", apptest.Sum(apptest.Photo(uint8(i))))
		}
		f.post("office", "/entries/"+f.named["entry"]+"/comments", vals{"body": fmt.Sprint("看过了", i)}, 0).ok()
		f.sent("", "东街")
		f.waiting("桂花社区")
		f.post("office", "/documents", vals{"template": "annual-summary", "unit": bureau, "period": "2020"}, 0).ok()
		p := f.placeAt("桂花社区")
		f.name("place", p)
		f.named["places"] = strings.TrimPrefix(f.named["places"]+","+p, ",")
		back, _ := f.kase("桂花社区", false, rectify.Step{Op: rectify.OpIssue}, rectify.Step{Op: rectify.OpReply, Words: "已清运"},
			rectify.Step{Op: rectify.OpPass})
		f.lookedAt(back, i)
		c, _ := f.kase("桂花社区", false, rectify.Step{Op: rectify.OpIssue}, rectify.Step{Op: rectify.OpReply, Words: "已清运"})
		f.name("case", c)
		f.name("estate", fmt.Sprint(f.units["桂园"]))
		for _, as := range []string{"office", "office2"} {
			v := f.post(as, "/visits", vals{"id": id.New(f.clock.Now()), "place": fmt.Sprintf("unit:%d", f.units["桂园"]), "checklist": "estate",
				"answers": []vals{{"item": "lids", "value": "no", "another": true}}}, 0).ok()
			f.name("visit", text(v, "id"))
		}
		f.drawn()
		f.met(bureau)
		f.name("scores", text(f.post("office", "/scores", vals{"sheet": "estate-site", "from": "2020-12-01"}, 0).ok(), "id"))
		f.post("office", "/scores", vals{"sheet": "estate-site", "from": fmt.Sprintf("2019-%02d-01", i%12+1)}, 0).ok()
		f.name("award", text(f.post("office", "/awards", vals{"rule": "estate-award", "from": "2020-10-01"}, 0).ok(), "id"))
		f.post("office", "/awards", vals{"rule": "estate-award", "from": fmt.Sprintf("2019-%02d-01", i%4*3+1)}, 0).ok()
		f.name("paid", f.award("桂园", fund.Approved, 0, 0, true))
		f.planTask("")
		f.planDuty("")
		f.work("", func(ctx context.Context, tx *db.Tx, by access.Scope, p string) (string, int64, error) {
			t, err := f.app.Plans.SetTarget(ctx, tx, by, p, 0, plan.Target{Unit: org.No(bureau), Figure: "publicity.sessions", Value: 10})
			return t.ID, t.Rev, err
		})
		login := fmt.Sprint("more", i)
		_, err := f.app.NewAccount(ctx, f.sys, login, login, "clerk", org.No(estate), period.Date(2020, 1, 1), password)
		must(f.t, err)
		acc, err := f.app.Accounts.ByLogin(ctx, login)
		must(f.t, err)
		f.post("admin", "/people/"+acc.ID+"/grants", vals{"role": "firm", "unit": bureau}, 0).ok()
		f.post("office", "/persons", vals{"name": fmt.Sprint("某人", i), "unit": f.units[""]}, 0).ok()
		f.post("office", "/locks", vals{"unit": bureau, "from": "1999-01-01", "until": "1999-01-02", "reason": "测试"}, 0).ok()
		f.post("admin", "/channels", vals{"unit": bureau, "kind": "webhook", "name": fmt.Sprint("群", i), "target": "https://robot.example.com/x"}, 0).ok()
		f.post("office", "/views", vals{"kind": "publicity-session", "name": fmt.Sprint("视图", i), "query": ""}, 0).ok()
		f.name("bulk", text(f.post("office", "/bulk", vals{"op": "verify", "ids": []string{f.named["waiting"]}}, 0).json(), "id"))
		run := f.do(ask{as: "clerk1", method: "POST", path: "/import-runs?kind=publicity-session",
			body: []byte(fmt.Sprintf("单位,日期,主题\n#%d,2020-02-30,第%d次\n", f.units["桂花社区"], i))}).ok()
		f.name("import", text(run, "id"))
	}
	must(f.t, f.app.Due.Sweep(ctx, f.district))
	for range 5 {
		_, err := f.app.Jobs.RunDue(ctx)
		must(f.t, err)
	}
}

// met is a meeting that was held, with a decision of each unit; the page of the first grows with what there is.
func (f *full) met(bureau int64) {
	f.t.Helper()
	in := vals{"unit": f.units[""], "type": "dispatch", "day": "2020-12-30", "title": "调度会", "seats": []vals{{"unit": bureau, "presence": "present"}}}
	m := f.post("office", "/meetings", in, 0).ok()
	f.post("office", "/meetings/"+text(m, "id")+"/hold", in, num(m, "rev")).ok()
	f.name("meeting", text(m, "id"))
	for _, at := range []string{f.named["meeting"], text(m, "id")} {
		d := f.post("office", "/meetings/"+at+"/decisions", vals{"words": "摸底", "unit": bureau, "deadline": "2021-01-05"}, 0).ok()
		f.name("decision", text(d, "id"))
	}
}

// drawn is a campaign whose first day is open, with visits to places of it; the days of the first grow with what there is.
func (f *full) drawn() {
	f.t.Helper()
	ctx := context.Background()
	in := vals{"kind": "special", "title": "专项检查", "unit": f.units[""], "checklist": "estate", "surprise": 20, "second": 50,
		"days": []vals{{"day": "2021-01-05", "quota": 5}}, "crew": []string{f.Accounts["office"], f.Accounts["office2"]}}
	id := text(f.post("office", "/campaigns", in, 0).ok(), "id")
	f.post("office", "/campaigns/"+id+"/seal", vals{}, 1).ok()
	f.name("campaign", id)
	first := f.named["campaign"]
	must(f.t, f.write(func(tx *db.Tx) error { // as if it had been opened this morning
		for i, as := range []string{"office", "office2"} {
			n := f.next()
			if _, err := tx.ExecContext(ctx, `INSERT INTO draw (district, campaign, place, role, day, nth, place_name, stratum, hash, level,
				why, counts, account, given, visit, outcome, reason)
				VALUES ($1, $2, $3, 'first', $4, $5, '新苑', '东街', '', 0, 'cycle', 1, $6, '', '', 'open', '')`, f.district, first,
				fmt.Sprintf("unit:%d", n*10+i), int64(period.Of(start)), n, f.Accounts[as]); err != nil {
				return err
			}
		}
		return nil
	}))
}

// name keeps the first of its sort: that page is asked for again when there is more.
func (f *full) name(what, id string) {
	if f.named[what] == "" {
		f.named[what] = id
	}
}

// counted asks as a browser does and returns the statements that ran.
func (f *full) counted(h http.Handler, op string) []string {
	f.t.Helper()
	as, path := pages[op](f)
	r := httptest.NewRequest("GET", "/api/v1"+strings.ReplaceAll(path, "宣讲", "%E5%AE%A3%E8%AE%B2"), nil)
	r.Header.Set("Cookie", "sifen_session="+f.tokens[as])
	ctx, c := db.Counted(r.Context())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(ctx))
	if w.Code != 200 {
		f.t.Errorf("%s: %s is answered with %d %.200s", op, path, w.Code, w.Body)
	}
	return c.Texts()
}

// more lists the statements that ran more often, each with both numbers.
func more(before, after []string) string {
	n := map[string][2]int{}
	for i, list := range [][]string{before, after} {
		for _, s := range list {
			v := n[s]
			v[i]++
			n[s] = v
		}
	}
	var out []string
	for s, v := range n {
		if v[1] > v[0] {
			out = append(out, fmt.Sprintf("%d → %d: %.300s", v[0], v[1], strings.Join(strings.Fields(s), " ")))
		}
	}
	sort.Strings(out)
	return strings.Join(out, "\n\t")
}

// TestStatementsDoNotGrowWithRows asks every page of a district, makes it three times as full and asks again: no page may
// run more statements for more rows, neither at its first opening nor at its second.
func TestStatementsDoNotGrowWithRows(t *testing.T) {
	each(t, func(w *world) {
		f := &full{named: map[string]string{}, matrix: &matrix{world: w, lastSpan: map[string]int{}, objects: map[string][2]any{},
			sys: access.System(w.district, int64(period.Of(start)), "test")}}
		var doc struct {
			Paths map[string]map[string]struct {
				OperationID string `json:"operationId"`
			} `json:"paths"`
		}
		raw, err := w.app.API().OpenAPI()
		must(w.t, err)
		must(w.t, json.Unmarshal(raw, &doc))
		known := 0
		for path, methods := range doc.Paths {
			if o, ok := methods["get"]; ok {
				if pages[o.OperationID] == nil && elsewhere[o.OperationID] == "" {
					w.t.Errorf("%s %s reads and its statements are not counted", o.OperationID, path)
				}
				known++
			}
		}
		if known < len(pages) {
			w.t.Errorf("%d operations read, %d pages are counted", known, len(pages))
		}
		f.fill(3)
		f.named["document"], _ = f.document("")
		f.named["issued"] = f.sent("", "西镇")
		ops := make([]string, 0, len(pages))
		for op := range pages {
			ops = append(ops, op)
		}
		sort.Strings(ops)
		look := func() (out map[string][2][]string) {
			out = map[string][2][]string{}
			w.close() // what the process knew is forgotten: both times every page is opened for the first time
			w.open()
			h := w.app.Handler()
			for _, op := range []string{"list-units", "list-kinds", "list-figures"} { // what a process knows after its first page
				f.counted(h, op)
			}
			for _, op := range ops {
				out[op] = [2][]string{f.counted(h, op), f.counted(h, op)}
			}
			return out
		}
		first := look()
		f.fill(6)
		second := look()
		most, what := 0, ""
		for _, op := range ops {
			for i, opening := range []string{"first", "second"} {
				a, b := first[op][i], second[op][i]
				if len(a) == 0 {
					w.t.Errorf("%s: no statement was counted", op)
				}
				if len(b) > len(a) {
					w.t.Errorf("%s runs %d statements at its %s opening, %d with three times the rows:\n\t%s", op, len(a), opening, len(b), more(a, b))
				}
				if i == 1 && len(b) > most {
					most, what = len(b), op
				}
			}
		}
		w.t.Logf("the most at a second opening: %d statements of %s", most, what)
		if !w.app.DB.Postgres {
			texts := map[string]string{}
			for op, both := range second {
				for _, s := range slices.Concat(both[0], both[1]) {
					texts[s] = op
				}
			}
			readsNoTableWhole(w, texts)
		}

		// the control: a reading with a statement for every row is seen
		perRow := func() []string {
			ctx, c := db.Counted(context.Background())
			must(w.t, w.app.DB.Snapshot(ctx, func(q db.Querier) error {
				o, err := w.app.Orgs.Current(ctx, q, w.district)
				if err != nil {
					return err
				}
				for _, u := range o.Units() {
					var n int
					err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE district = $1 AND unit = $2`, w.district, int64(u.No)).Scan(&n)
					if err != nil {
						return err
					}
				}
				return nil
			}))
			return c.Texts()
		}
		few := perRow()
		f.fill(1)
		if many := perRow(); len(many) <= len(few) || more(few, many) == "" {
			w.t.Errorf("a statement for every unit is not seen: %d and %d", len(few), len(many))
		}
	})
}
