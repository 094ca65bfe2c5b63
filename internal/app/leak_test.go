package app_test

import (
	"bufio"
	"fmt"
	"net/http"
	"sifen/internal/apptest"
	"strings"
	"testing"
)

// TestAnotherStreetSeesNothing puts everything a record leaves behind into one street and looks for it from the other.
func TestAnotherStreetSeesNothing(t *testing.T) {
	each(t, func(w *world) {
		p := apptest.Photo(9)
		sha := w.Upload("clerk1", p)
		secret := "桂花秘密讲座"
		v := session("2020-12-05", 31)
		v["topic"], v["photos"] = secret, []string{sha}
		draft := text(w.post("clerk1", "/entries", vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": v}, 0).ok(), "id")
		v["topic"] = secret + "二"
		submitted, _ := w.enter("clerk1", "publicity-session", "桂花社区", v)
		v["topic"] = secret + "三"
		verified, _ := w.counted("clerk1", "manager1", "publicity-session", "桂花社区", v)
		team, _ := w.counted("office", "office2", "lecture-team", "", vals{"name": "四分宣讲队", "since": "2020-01-01"})
		doc := w.issueSummary("")

		w.run("lists, counts, references, queue, bench and export", func(t *testing.T) {
			for _, path := range []string{"/entries", "/entries?kind=publicity-session&period=2020", fmt.Sprintf("/entries?unit=%d", w.units["桂花社区"]),
				"/entries?q=" + "桂花", "/entries?state=draft",
				"/refs?kind=publicity-session", "/refs?kind=publicity-session&q=桂花", "/refs?kind=lecture-team&q=桂花", "/bench?period=2020",
				"/persons?q=甲clerk1", "/units", "/units/export?format=csv"} {
				r := w.get("clerk3", path)
				if r.status != 200 || strings.Contains(string(r.body), secret) || strings.Contains(string(r.body), "桂花社区") ||
					strings.Contains(string(r.body), sha) || strings.Contains(string(r.body), submitted) {
					t.Errorf("%s shows another street: %d %.400s", path, r.status, r.body)
				}
			}
			l := w.get("clerk3", "/entries?kind=publicity-session").ok()
			if num(l, "total") != 0 || len(at(l, "by_state").(map[string]any)) != 0 || num(l, "not_counted.records") != 0 {
				t.Errorf("another street counts %v", l)
			}
			if q := w.get("manager2", "/queue").ok(); num(q, "total") != 0 || len(list(q, "rows")) != 0 {
				t.Errorf("the other street's queue: %v", q)
			}
			if r := w.get("clerk3", "/entries/export?kind=publicity-session&period=2020"); r.status != 200 || len(r.body) == 0 {
				t.Errorf("export: %d", r.status)
			} else if res := w.do(ask{as: "clerk3", method: "POST", path: "/imports?kind=publicity-session&dry_run=true",
				body: r.body}).ok(); num(res, "rows") != 0 {
				t.Errorf("the export of another street has %d rows", num(res, "rows"))
			}
			if r := w.get("clerk3", "/refs?kind=lecture-team").ok(); text(r, "items.0.id") != team {
				t.Errorf("a team of the district can be named by everybody: %v", r)
			}
		})
		w.run("a colleague sees no draft and no count of it", func(t *testing.T) {
			w.get("clerk1b", "/entries/"+draft).refused(404, "ledger.no-entry")
			w.get("manager1", "/entries/"+draft).refused(404, "ledger.no-entry")
			for _, as := range []string{"clerk1b", "manager1", "office"} {
				for _, path := range []string{"/entries?kind=publicity-session", "/entries?state=draft"} {
					if l := w.get(as, path).ok(); num(l, "by_state.draft") != 0 || strings.Contains(fmt.Sprint(l), draft) {
						t.Errorf("%s sees a draft in %s: %v", as, path, at(l, "by_state"))
					}
				}
				f := w.get(as, fmt.Sprintf("/figures/publicity.sessions?period=2020&unit=%d", w.units["桂花社区"]))
				if f.status == 200 && num(f.json(), "not_counted.draft") != 0 {
					t.Errorf("%s is told of drafts by the figure", as)
				}
			}
		})
		w.run("records, acts and figures", func(t *testing.T) {
			for _, e := range []string{draft, submitted, verified} {
				w.get("clerk3", "/entries/"+e).refused(404, "ledger.no-entry")
				w.post("clerk3", "/entries/"+e+"/submit", nil, 1).refused(404, "ledger.no-entry")
				w.post("manager2", "/entries/"+e+"/verify", nil, 1).refused(404, "ledger.no-entry")
				w.post("manager2", "/entries/"+e+"/void", vals{"reason": "越权试试"}, 1).refused(404, "ledger.no-entry")
			}
			w.get("clerk3", fmt.Sprintf("/figures/publicity.sessions?period=2020&unit=%d", w.units["桂花社区"])).refused(404, "org.no-unit")
			w.get("clerk3", "/figures/publicity.sessions?period=2020").refused(404, "org.no-unit") // no unit is the district
			if f := w.get("street.firm", fmt.Sprintf("/figures/publicity.sessions?period=2020&unit=%d", w.units["东街"])).ok(); num(f, "value") != 1 {
				t.Errorf("the street's own figure: %v", f["value"])
			}
			if f := w.get("edu", fmt.Sprintf("/figures/publicity.sessions?period=2020&unit=%d", w.units["教育局"])).ok(); num(f, "value") != 0 ||
				len(list(f, "records")) != 0 {
				t.Errorf("a line that does not reach them shows records: %v", f["records"])
			}
		})
		w.run("photos", func(t *testing.T) {
			for _, size := range []string{"thumb", "view", "original"} {
				w.get("clerk3", "/blobs/"+sha+"?size="+size).refused(404, "evidence.none")
				if r := w.get("manager1", "/blobs/"+sha+"?size="+size); r.status != 200 {
					t.Errorf("the street's manager gets %d for %s", r.status, size)
				}
			}
			alone := w.Upload("clerk1", apptest.Photo(77))
			w.get("clerk1b", "/blobs/"+alone).refused(404, "evidence.none")
			v["photos"], v["topic"] = []string{alone}, "只是草稿"
			w.post("clerk1", "/entries", vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": v}, 0).ok()
			w.get("clerk1b", "/blobs/"+alone).refused(404, "evidence.none")
			w.get("manager1", "/blobs/"+alone).refused(404, "evidence.none")
		})
		w.run("a photo of another street told by its address cannot be taken into a record", func(t *testing.T) {
			v := session("2020-12-05", 3)
			v["photos"] = []string{sha}
			p := w.post("clerk3", "/entries", vals{"kind": "publicity-session", "unit": w.units["荷花社区"], "values": v}, 0).refused(422, "ledger.invalid")
			if text(p, "errors.0.pointer") != "/values/photos/0" || text(p, "errors.0.code") != "value.file-missing" {
				t.Errorf("%v", p["errors"])
			}
			w.get("clerk3", "/blobs/"+sha).refused(404, "evidence.none")
		})
		w.run("who brings the same photo may use it", func(t *testing.T) {
			w.Upload("clerk2", p)
			if r := w.get("clerk2", "/blobs/"+sha); r.status != 200 {
				t.Errorf("what he brought himself: %d", r.status)
			}
			v := session("2020-12-05", 3)
			v["photos"] = []string{sha}
			got := w.post("clerk2", "/entries", vals{"kind": "publicity-session", "unit": w.units["兰花社区"], "values": v}, 0).ok()
			also := list(got, "evidence.0.also_in")
			if len(also) != 2 { // the two records handed in; the draft is not told
				t.Errorf("where else it stands: %v", also)
			}
			for _, a := range also {
				if text(a, "entry") != "" || text(a, "number") != "" || text(a, "unit") != "" {
					t.Errorf("another community's record is named: %v", a)
				}
			}
		})
		w.run("documents and sources", func(t *testing.T) {
			for _, as := range []string{"clerk3", "street.firm"} {
				if l := w.get(as, "/documents").ok(); len(list(l, "items")) != 0 {
					t.Errorf("%s lists documents nobody sent: %v", as, l)
				}
				for _, path := range []string{"/documents/" + doc, "/documents/" + doc + "/file", "/source/" + doc + "/1"} {
					w.get(as, path).refused(404, "document.none")
				}
			}
			if l := w.get("manager2", "/documents").ok(); len(list(l, "items")) != 0 {
				t.Errorf("a street lists the district's documents: %v", l)
			}
			for _, path := range []string{"/documents/" + doc, "/documents/" + doc + "/file", "/documents/" + doc + "/differences", "/source/" + doc + "/1"} {
				w.get("manager2", path).refused(404, "document.none")
			}
		})
		w.run("what the event stream tells", func(t *testing.T) {
			read := func(as string) *bufio.Scanner {
				r, err := http.NewRequest("GET", w.server.URL+"/api/v1/events", nil)
				must(t, err)
				r.Header.Set("Cookie", "sifen_session="+w.tokens[as])
				res, err := http.DefaultClient.Do(r)
				must(t, err)
				t.Cleanup(func() { res.Body.Close() })
				if res.StatusCode != 200 {
					t.Fatalf("%s: %d", as, res.StatusCode)
				}
				s := bufio.NewScanner(res.Body)
				for s.Scan() && !strings.Contains(s.Text(), "ready") {
				}
				return s
			}
			until := func(s *bufio.Scanner, mark string) string {
				var all string
				for s.Scan() {
					all += s.Text() + "\n"
					if strings.Contains(s.Text(), mark) {
						return all
					}
				}
				t.Fatalf("the stream ended before %q: %s", mark, all)
				return ""
			}
			mine, other := read("office"), read("clerk3")
			d := w.post("office", "/documents", vals{"template": "annual-summary", "unit": w.units[""], "period": "2019"}, 0).ok()
			w.do(ask{as: "office", method: "PUT", path: "/documents/" + text(d, "id") + "/texts", match: num(d, "rev"), body: vals{"texts": vals{}}}).ok()
			w.enter("office", "media-report", "", vals{"published_on": "2020-12-01", "title": "头版", "medium": "日报", "level": "city"})
			w.enter("clerk3", "publicity-session", "荷花社区", session("2020-12-03", 3))
			told := until(other, "publicity-session")
			for _, bad := range []string{"event: document", "media-report", text(d, "id"), secret, submitted} {
				if strings.Contains(told, bad) {
					t.Errorf("the stream of another street tells %q:\n%s", bad, told)
				}
			}
			if all := until(mine, "media-report"); !strings.Contains(all, "event: document") {
				t.Errorf("the office is not told of its document:\n%s", all)
			}
			for _, as := range []string{"fresh", ""} {
				if r := w.get(as, "/events"); r.status/100 != 4 {
					t.Errorf("%q may listen: %d", as, r.status)
				}
			}
		})
	})
}
