package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// wishes is a capability as a newcomer would build it: a table, rules of its own in packs, a kind of records that figures
// count, a job, work that repeats, operations. Nothing outside it knows it: one line of the list of modules brings it in.
type wishes struct {
	module.Platform
	granted, looked int
}

type wished struct {
	Wish string `json:"wish"`
}

func (wished) Kind() string { return "wish.made" }

func (wished) News(access.Scope) (string, any, bool) { return "wish", struct{}{}, true }

const grantJob = "wish.grant"

func (s *wishes) Module() module.Module {
	return module.Module{
		Name:  "wish",
		Verbs: []module.Verb{{Verb: "wish.make", Title: i18n.Label{Zh: "许愿", En: "Make wishes"}}},
		Types: []pack.Type{{Dir: "wish-lists", Decode: func(o *pack.Object) (any, error) {
			var l struct {
				Key   string     `yaml:"key"`
				Title i18n.Label `yaml:"title"`
			}
			return l, pack.Strict(o, &l)
		}}},
		Keepers: []indicator.Keeping{{Keeper: s}},
		Jobs: []module.Job{{Kind: grantJob, Run: func(ctx context.Context, _ int64, _ []byte, done func(*db.Tx) error) error {
			s.granted++
			return s.DB.Write(ctx, done)
		}}},
		Ticks: []module.Tick{{Name: "wish", Every: time.Hour, Run: func(context.Context, int64) error { s.looked++; return nil }}},
		News:  []outbox.News{wished{}},
		Bench: []module.Part{{Name: "wishes", Zero: []indicator.Row{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
			return s.rows(ctx, q, a.By, "")
		}}},
		Search: func(ctx context.Context, q db.Querier, a module.Sought) (out []module.Hit, err error) {
			rows, err := s.rows(ctx, q, a.By, a.Text)
			for _, r := range rows {
				out = append(out, module.Hit{Kind: "wish", ID: r.ID, Title: r.Title, Of: r.KindTitle, Link: r.Link})
			}
			return out, err
		},
		Register: s.register,
	}
}

func (s *wishes) register(k *httpapi.Kit) {
	type in struct {
		httpapi.OperationID
		Body struct {
			Unit   int64  `json:"unit"`
			Title  string `json:"title"`
			People int64  `json:"people"`
		}
	}
	type out struct {
		ID string `json:"id"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "make-wish", Route: "POST /wishes", Verb: "wish.make", Summary: "Make a wish"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *in) (*httpapi.Reply[out], error) {
			now := s.Clock.Now()
			day, wish := period.Of(now), id.New(now)
			if _, err := tx.ExecContext(ctx, `INSERT INTO wish (district, id, unit, day, title, people, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				by.District, wish, in.Body.Unit, int64(day), in.Body.Title, in.Body.People, by.Name); err != nil {
				return nil, err
			}
			r := &indicator.Record{Kind: "wish", ID: wish, Rev: 1, Unit: org.No(in.Body.Unit), From: day, Until: day + 1,
				Fields: kind.Fields{"people": in.Body.People}}
			if err := s.Figures.Apply(indicator.WithTime(ctx, now), tx, by.District, []indicator.Change{{After: r}}); err != nil {
				return nil, err
			}
			if err := outbox.Emit(ctx, tx, by.District, now, wished{wish}); err != nil {
				return nil, err
			}
			return &httpapi.Reply[out]{Body: out{wish}}, outbox.Enqueue(ctx, tx, by.District, now, grantJob, wish)
		})
}

func (s *wishes) Name() string { return "wish" }

func (s *wishes) Verb() access.Verb { return "wish.make" }

func (s *wishes) Own() []*kind.Kind {
	return []*kind.Kind{{Key: "wish", Title: i18n.Label{Zh: "心愿", En: "Wishes"}, Group: i18n.Label{Zh: "心愿墙", En: "Wall of wishes"},
		Fields: []kind.Field{{Key: "people", Type: "count", Title: i18n.Label{Zh: "受益人数", En: "People"}}}}}
}

func (s *wishes) Scan(ctx context.Context, q db.Querier, district int64, _, after string, limit int) ([]indicator.Record, error) {
	return db.All(ctx, q, func(r *sql.Rows) (indicator.Record, error) {
		x, people := indicator.Record{Kind: "wish", Rev: 1}, int64(0)
		err := r.Scan(&x.ID, &x.Unit, &x.From, &people)
		x.Until, x.Fields = x.From+1, kind.Fields{"people": people}
		return x, err
	}, `SELECT id, unit, day, people FROM wish WHERE district = $1 AND id > $2 ORDER BY id LIMIT $3`, district, after, limit)
}

func (s *wishes) Fields(context.Context, db.Querier, int64, string, []string) (map[string]kind.Fields, error) {
	return nil, nil
}

func (s *wishes) rows(ctx context.Context, q db.Querier, by access.Scope, text string) ([]indicator.Row, error) {
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, q, func(r *sql.Rows) (indicator.Row, error) {
		var x indicator.Row
		var unit org.No
		var day period.Day
		err := r.Scan(&x.ID, &unit, &day, &x.Title)
		x.Kind, x.KindTitle, x.Unit, x.From, x.Counted, x.Link = "wish", s.Own()[0].Title, o.Ref(unit, day), day.String(), true, "/wishes/"+x.ID
		return x, err
	}, `SELECT w.id, w.unit, w.day, w.title FROM wish AS w WHERE w.district = $1 AND w.title LIKE $2 AND `+by.Reach("w.district", "w.unit", "wish.make")+`
		ORDER BY w.id`, by.District, "%"+text+"%")
}

func (s *wishes) Rows(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, _ string, ids []string) (out []indicator.Row, err error) {
	all, err := s.rows(ctx, q, by, "")
	for _, want := range ids {
		for _, r := range all {
			if r.ID == want {
				out = append(out, r)
			}
		}
	}
	return out, err
}

func (s *wishes) Uncounted(context.Context, db.Querier, access.Scope, string, org.No, period.Period) ([]indicator.Uncounted, error) {
	return []indicator.Uncounted{{Why: "whispered", Title: i18n.Label{Zh: "没说出口", En: "whispered"}, N: 3}}, nil
}

func (s *wishes) LastChanges(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string,
	_ int64) (map[string]indicator.LastChange, error) {
	rows, err := s.Rows(ctx, q, by, lang, key, ids)
	out := map[string]indicator.LastChange{}
	for _, r := range rows {
		out[r.ID] = indicator.LastChange{Row: r, By: "许愿人", At: 1, Op: "wish", Reason: "因为想要"}
	}
	return out, err
}

// TestNewCapability wires a capability by the one line that every capability has in the list of modules and finds it
// everywhere: in roles, packs, operations, figures, composition, differences of documents, workbench, search, jobs and
// among the events of pages.
func TestNewCapability(t *testing.T) {
	each(t, func(w *world) {
		t, ctx := w.t, context.Background()
		s := &wishes{}
		w.More = []func(module.Platform) module.Module{func(p module.Platform) module.Module { s.Platform = p; return s.Module() }}
		w.close()
		w.open()
		must(t, w.app.DB.Exec(ctx, `CREATE TABLE wish (district BIGINT, id TEXT, unit BIGINT, day BIGINT, title TEXT, people BIGINT, by_name TEXT,
			PRIMARY KEY (district, id))`))
		p, faults := w.app.Registry.Load(fstest.MapFS{
			"pack.yaml":            {Data: []byte("key: wishes\ntitle: {zh: 心愿, en: Wishes}\nversion: \"1\"\n")},
			"wish-lists/main.yaml": {Data: []byte("- {key: main, title: {zh: 心愿单, en: List}}\n")},
			"indicators/wish.yaml": {Data: []byte("- {key: wishes.made, kind: wish, measure: count, names: [许愿数], title: {zh: 许愿数, en: Wishes made}}\n" +
				"- {key: wishes.people, kind: wish, measure: sum, field: people, title: {zh: 受益人数, en: People}}\n")},
			"roles/wisher.yaml": {Data: []byte("- {key: wisher, title: {zh: 许愿人, en: Wisher}, home: bench, verbs: [wish.make, figure.read]}\n")},
		})
		if len(faults) > 0 {
			t.Fatal(faults[0])
		}
		_, err := w.app.ApplyPack(ctx, w.district, p, 0)
		must(t, err)
		must(t, w.write(func(tx *db.Tx) error {
			_, err := w.app.Accounts.GrantRole(ctx, tx, w.system(), w.accounts["office"], "wisher", org.No(w.units[""]), period.Date(2019, 1, 1), period.Open)
			return err
		}))
		heard := make(chan string, 10)
		defer w.app.DB.Listen(func(note any) {
			if h, ok := note.(outbox.Heard); ok {
				heard <- h.Fact.Kind()
			}
		})()
		wish := func(title string, people int) string {
			return text(w.post("office", "/wishes", vals{"unit": w.units["桂花社区"], "title": title, "people": people}, 0).ok(), "id")
		}
		w.post("clerk1", "/wishes", vals{"unit": w.units["桂花社区"], "title": "没有权限", "people": 1}, 0).refused(403, "http.forbidden")
		first := wish("一台新秤", 12)

		f := w.get("office", "/figures/wishes.people?period=2020&unit="+fmt.Sprint(w.units["东街"])).ok()
		w.expect("the figure", [6]any{num(f, "value"), text(f, "keeper"), text(f, "records.0.title"), text(f, "records.0.link"), text(f, "uncounted.0.why"),
			num(f, "registered")},
			[6]any{int64(12), "wish", "一台新秤", "/wishes/" + first, "whispered", int64(4)})
		if page := w.get("office", "/figures/wishes.made/page?period=2020").ok(); text(page, "group.zh") != "心愿墙" ||
			!strings.Contains(text(page, "definition.zh"), "心愿") || text(page, "records.0.unit.name") != "桂花社区" {
			t.Errorf("the page: %v", page)
		}
		w.expect("the workbench", text(w.get("office", "/bench").ok(), "wishes.0.title"), "一台新秤")
		hit := w.get("office", "/search?q=新秤").ok()
		w.expect("the search", [2]string{text(hit, "items.0.kind"), text(hit, "items.0.link")}, [2]string{"wish", "/wishes/" + first})
		if other := w.get("clerk1", "/search?q=新秤").ok(); len(list(other, "items")) != 0 {
			t.Errorf("another finds it: %v", other)
		}
		me := w.get("office", "/me").ok()
		if !strings.Contains(fmt.Sprint(me["verbs"]), "wish.make") {
			t.Errorf("the verbs: %v", me["verbs"])
		}
		told := false
		for len(heard) > 0 {
			told = <-heard == "wish.made" || told
		}
		w.jobs()
		must(t, w.app.Tick(ctx, "wish"))
		w.expect("job, tick and fact", [3]any{s.granted, s.looked, told}, [3]any{1, 1, true})

		// a document cites the figure; what changes after issue is told by the newcomer
		doc, rev := w.Draft("", "2020")
		page := text(w.get("office", "/documents/"+doc).ok(), "html")
		key, _, _ := strings.Cut(page[strings.Index(page, `data-p="`)+len(`data-p="`):], `"`)
		rev = num(w.do(ask{as: "office", method: "PUT", path: "/documents/" + doc + "/texts", match: rev,
			body: vals{"own": vals{key: "全年许愿{{许愿数}}个。"}, "texts": vals{"下一步打算": "继续", "存在问题": "有"}}}).ok(), "rev")
		w.post("leader", "/documents/"+doc+"/issue", nil, rev).ok()
		w.jobs()
		second := wish("一个亭子", 30)
		var cause any
		for _, d := range list(w.get("office", "/documents/"+doc+"/differences").ok(), "items") {
			if text(d, "key") == "wishes.made" {
				cause = at(d, "records.0")
			}
		}
		w.expect("the difference", [6]string{text(cause, "record"), text(cause, "keeper"), text(cause, "link"), text(cause, "by"), text(cause, "reason"),
			text(cause, "change")},
			[6]string{second, "wish", "/wishes/" + second, "许愿人", "因为想要", "added"})
		w.settled()
	})
}
