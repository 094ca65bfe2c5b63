package app_test

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// moves says by how much one record of each kind, filled by fill, moves each figure. It is written from the pack's
// meaning, not read from it: a kind that is missing here fails the test.
var moves = map[string]map[string]int64{
	"transfer-station":     {"stations.transfer": 1, "stations.refit": 14},
	"collection-vehicle":   {"fleet.vehicles": 1},
	"dropoff-point":        {"places.dropoff": 1, "places.batches": 1},
	"institution-sorting":  {"coverage.institutions": 1, "coverage.institutions.gap": -1},
	"school-sorting":       {"coverage.schools": 1, "coverage.schools.gap": -1},
	"estate-sorting":       {"coverage.estates": 1, "coverage.estates.gap": -1},
	"fund-paid":            {"funds.paid": 7},
	"issued-document":      {"documents.notices": 1},
	"work-plan":            {"plans.issued": 1},
	"leading-group-member": {"leading.heads": 1, "leading.members": 1},
	"meeting":              {"meetings.dispatch": 1, "meetings.minutes": 1},
	"special-inspection":   {"inspections.special": 1, "inspections.outcomes": 1},
	"drafted-measure":      {"measures.drafted": 1},
	"sorting-scheme":       {"schemes.in_use": 1},
	"smart-pilot":          {"pilots.smart": 1},
	"education-base":       {"base.count": 1},
	"base-visit":           {"base.visits": 1, "base.visitors": 7},
	"lecture-team":         {"publicity.teams": 1},
	"lecturer":             {"publicity.lecturers": 1},
	"publicity-session":    {"publicity.sessions": 1, "publicity.audience": 7, "publicity.audience_mean": 7},
	"printed-material":     {"publicity.materials": 7},
	"street-display":       {"publicity.displays": 7},
	"media-report":         {"publicity.media": 1},
	"household-visit":      {"campaign.estates": 1, "campaign.households": 7, "campaign.people": 7},
}

// wanted options of choices: those a figure asks for; elsewhere the first.
var wanted = map[string]string{"issued-document.type": "notice", "meeting.type": "dispatch", "leading-group-member.role": "head", "media-report.level": "city"}

// above are the units that count a unit, from the tree of unitsCSV, written out by hand.
var above = map[string][]string{
	"": {""}, "教育局": {"教育局", ""}, "住建局": {"住建局", ""}, "东街": {"东街", ""}, "西镇": {"西镇", ""},
	"桂花社区": {"桂花社区", "东街", ""}, "荷花社区": {"荷花社区", "西镇", ""},
	"桂园": {"桂园", "桂花社区", "东街", ""}, "荷园": {"荷园", "荷花社区", "西镇", ""},
	"东街卫生院": {"东街卫生院", "桂花社区", "东街", ""}, "西镇卫生院": {"西镇卫生院", "荷花社区", "西镇", ""},
	"东街小学": {"东街小学", "桂花社区", "东街", "", "教育局"}, "西镇小学": {"西镇小学", "荷花社区", "西镇", "", "教育局"},
	"东街转运站": {"东街转运站", "东街", ""}, "西镇转运站": {"西镇转运站", "西镇", ""},
}

// pairs are an old and a new unit for each type a kind may be about, the most telling first.
var pairs = []struct{ typ, old, new string }{
	{"community", "桂花社区", "荷花社区"}, {"estate", "桂园", "荷园"}, {"institution", "东街卫生院", "西镇卫生院"}, {"school", "东街小学", "西镇小学"},
	{"station", "东街转运站", "西镇转运站"}, {"street", "东街", "西镇"}, {"district", "", ""},
}

// fill makes a value for every field of a kind.
func (w *world) fill(k *kind.Kind, fields []kind.Field, day string) vals {
	w.t.Helper()
	v := vals{}
	for _, f := range fields {
		switch f.Type {
		case "date":
			if k.State == nil || f.Key != k.State.Until {
				v[f.Key] = day
			}
		case "text", "long-text":
			v[f.Key] = "测试" + f.Key
		case "count", "number", "money", "weight":
			v[f.Key] = 7
			if len(f.Basis) > 0 {
				v[f.Key+".basis"] = "counted"
			}
		case "choice":
			v[f.Key] = f.Options[0].Key
			if o := wanted[k.Key+"."+f.Key]; o != "" {
				v[f.Key] = o
			}
		case "bool":
			v[f.Key] = true
		case "geo":
			v[f.Key] = vals{"lat": 313512000, "lon": 1184321000}
		case "photo":
			v[f.Key] = []string{w.Upload("office", apptest.Photo(uint8(len(k.Key))))}
		case "file":
			v[f.Key] = []string{w.Upload("office", []byte("%PDF-1.7 "+k.Key))}
		case "unit":
			v[f.Key] = w.units["桂苑"]
		case "person":
			v[f.Key] = text(w.post("office", "/persons", vals{"name": "某人" + k.Key, "unit": w.units[""]}, 0).ok(), "id")
		case "ref":
			v[f.Key] = w.target(f.Of)
		case "group":
			v[f.Key] = []any{w.fill(k, f.Fields, day), w.fill(k, f.Fields, day)}
		default:
			w.t.Fatalf("field %s of %s has a type these tests do not know: %s", f.Key, k.Key, f.Type)
		}
	}
	return v
}

// target is a record to point to. It is only submitted, so that it moves no figure.
func (w *world) target(key string) string {
	set, err := w.app.Packs.Current(context.Background(), w.app.DB.Read, w.district)
	must(w.t, err)
	k, err := kind.Of(set, key)
	must(w.t, err)
	e, _ := w.enter("office", key, "", w.fill(k, k.Fields, "2020-12-01"))
	return e
}

// verifierOf is who passes a record of a kind at a unit, by the kind's level.
func verifierOf(k *kind.Kind, unit string) string {
	town := ""
	for _, u := range above[unit] {
		if u == "东街" || u == "西镇" {
			town = u
		}
	}
	switch {
	case k.Levels[0] == "line:department":
		return "edu"
	case k.Levels[0] == "street" && town == "东街":
		return "manager1"
	case k.Levels[0] == "street" && town == "西镇":
		return "manager2"
	}
	return "office2"
}

var periods = []string{"2020", "2020-11", "2020-12"}

// watched are the units whose figures are read after every step; what any other unit holds is told by cells.
var watched = []string{"", "东街", "西镇", "桂花社区", "荷花社区", "教育局", "住建局", "桂园", "荷园", "东街小学"}

// cells reads what is stored of every figure in every unit and month, empty cells left out.
func (w *world) cells() map[string]int64 {
	w.t.Helper()
	out := map[string]int64{}
	rows, err := w.app.DB.Read.QueryContext(context.Background(), `SELECT d.key, c.target, c.bucket, c.n, c.a FROM figure_cell AS c
		JOIN figure_def AS d ON d.district = c.district AND d.def = c.def WHERE c.district = $1 AND c.grain = 1`, w.district)
	var key string
	var target, bucket, n, a int64
	must(w.t, db.Each(rows, err, func() error {
		err := rows.Scan(&key, &target, &bucket, &n, &a)
		out[fmt.Sprint(key, " ", w.nameOf(target), " ", bucket)] = n<<32 + a
		return err
	}))
	return out
}

// books reads the whole catalogue of the watched units for every period.
func (w *world) books() map[string]int64 {
	w.t.Helper()
	out := map[string]int64{}
	must(w.t, w.app.DB.Snapshot(context.Background(), func(q db.Querier) error {
		x, err := w.app.Figures.At(context.Background(), q, w.district)
		if err != nil {
			return err
		}
		defs, err := w.app.Figures.Catalogue(context.Background(), q, w.district)
		if err != nil {
			return err
		}
		for _, d := range defs {
			for _, name := range watched {
				no := w.units[name]
				for _, p := range periods {
					per, err := period.Parse(p)
					if err != nil {
						return err
					}
					v, err := x.Value(d.Key, org.No(no), per)
					if err != nil {
						return err
					}
					out[d.Key+" "+name+" "+p] = v.A
				}
			}
		}
		return nil
	}))
	return out
}

// moved tells what differs between two states of the books.
func moved(before, after map[string]int64) map[string]int64 {
	out := map[string]int64{}
	for k, a := range after {
		if a != before[k] {
			out[k] = a - before[k]
		}
	}
	return out
}

// expected is what one record of a kind at a unit and day adds to books without any other record of the kind.
func expected(k *kind.Kind, unit, day string) map[string]int64 {
	out := map[string]int64{}
	for key, by := range moves[k.Key] {
		for _, u := range above[unit] {
			for _, p := range periods {
				in := p == "2020" || strings.HasPrefix(day, p) || k.Lasting() && day[:7] < p
				if in {
					out[key+" "+u+" "+p] = by
				}
			}
		}
	}
	return out
}

func same(t testing.TB, step string, got, want map[string]int64) {
	t.Helper()
	var wrong []string
	for k, v := range want {
		if got[k] != v {
			wrong = append(wrong, fmt.Sprintf("%s: moved by %d, want %d", k, got[k], v))
		}
	}
	for k, v := range got {
		if _, ok := want[k]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s: moved by %d, want nothing", k, v))
		}
	}
	sort.Strings(wrong)
	if len(wrong) > 0 {
		t.Errorf("%s: %d figures are wrong:\n%s", step, len(wrong), strings.Join(wrong[:min(len(wrong), 12)], "\n"))
	}
}

// TestEveryKind takes one record of every kind through its life and demands that exactly its figures move.
func TestEveryKind(t *testing.T) {
	each(t, func(w *world) {
		t := w.t.(*testing.T)
		doc := w.issueSummary("")
		w.clock.Advance(1e9)
		w.post("office", "/documents", vals{"template": "annual-summary", "unit": w.units[""], "period": "2020"}, 0).ok()
		cited := list(w.get("office", "/documents/"+doc).ok(), "cited")
		set, err := w.app.Packs.Current(context.Background(), w.app.DB.Read, w.district)
		must(t, err)
		for _, k := range kind.All(set) {
			w.run(k.Key, func(t *testing.T) {
				if moves[k.Key] == nil {
					t.Fatal("nothing is written about this kind: say in moves what a record of it moves")
				}
				w.life(t, k, cited, doc)
			})
		}
	})
}

func (w *world) life(t *testing.T, k *kind.Kind, doc []any, id string) {
	var old, new string
	for _, p := range pairs {
		if k.TakesUnit(org.Type(p.typ)) {
			old, new = p.old, p.new
			break
		}
	}
	values := w.fill(k, k.Fields, "2020-12-10")
	before, stood := w.books(), w.cells()
	step := func(name, entry, unit, day string) {
		t.Helper()
		cells := w.cells()
		changed := moved(stood, cells)
		for gone, v := range stood {
			if _, ok := cells[gone]; !ok && v != 0 {
				changed[gone] = -v
			}
		}
		stood = cells
		if name == "submitted" || name == "edit waits" || name == "another day of the month" {
			if len(changed) > 0 {
				t.Errorf("%s: %v moved", name, changed)
			}
			return
		}
		for what := range changed {
			if p := strings.Split(what, " "); !slices.Contains(append(above[old], above[new]...), p[1]) || moves[k.Key][p[0]] == 0 {
				t.Errorf("%s: %s moved, it has no part in this", name, what)
			}
		}
		want := map[string]int64{}
		if day != "" {
			want = expected(k, unit, day)
		}
		for what := range want {
			if !slices.Contains(watched, strings.Split(what, " ")[1]) {
				delete(want, what)
			}
		}
		now := w.books()
		same(t, name, moved(before, now), want)
		w.figuresSay(name, now, want)
		w.draftFollows(name, now)
		w.differ(name, id, doc, entry, want)
		w.settled()
	}
	entry, rev := w.enter("office", k.Key, old, values)
	step("submitted", entry, "", "")
	w.foretold(k, verifierOf(k, old), entry, rev)
	step("verified", entry, old, "2020-12-10")
	edit := func(unit, day string) {
		t.Helper()
		w.clock.Advance(1e9)
		if k.Day != "" {
			values[k.Day] = day
		}
		if k.Span != nil {
			values[k.Span.From], values[k.Span.Until] = day, day
		}
		if k.State != nil {
			values[k.State.From] = day
		}
		e := w.do(ask{as: "office", method: "PUT", path: "/entries/" + entry, match: rev, body: vals{"kind": k.Key, "unit": w.units[unit], "values": values,
			"submit": true, "reason": "更正"}}).ok()
		rev = num(e, "rev")
		step("edit waits", entry, "", "")
	}
	edit(old, "2020-12-12")
	w.foretold(k, verifierOf(k, old), entry, rev)
	step("another day of the month", entry, old, "2020-12-12")
	edit(old, "2020-11-05")
	w.foretold(k, verifierOf(k, old), entry, rev)
	step("another month", entry, old, "2020-11-05")
	if new != old {
		edit(new, "2020-11-05")
		w.foretold(k, verifierOf(k, new), entry, rev)
		step("another unit", entry, new, "2020-11-05")
	}
	w.clock.Advance(1e9)
	w.post("office", "/entries/"+entry+"/void", vals{"reason": "重复登记"}, rev).ok()
	step("void", entry, "", "")
	if got := w.get("office", "/entries/"+entry).ok(); text(got, "state") != "void" || at(got, "counted") != false {
		t.Errorf("the voided record says %v, counted %v", got["state"], got["counted"])
	}
}

// foretold verifies and demands that the preview said of the district's figures what then came to be.
func (w *world) foretold(k *kind.Kind, by, entry string, rev int64) {
	w.t.Helper()
	ctx := context.Background()
	read := func() map[string]string {
		x, err := w.app.Figures.At(ctx, w.app.DB.Read, w.district)
		must(w.t, err)
		catalogue, err := w.app.Figures.Catalogue(ctx, w.app.DB.Read, w.district)
		must(w.t, err)
		out := map[string]string{}
		for _, d := range catalogue {
			if d.Kind == k.Key || d.Done == k.Key {
				v, err := x.Value(d.Key, x.Org().Root, period.Year(2020))
				must(w.t, err)
				out[d.Key] = v.Screen()
			}
		}
		return out
	}
	before := read()
	list, err := w.app.Ledger.ImpactOf(ctx, w.system(), i18n.Zh, entry)
	must(w.t, err)
	said, came := map[string]string{}, map[string]string{}
	for _, x := range list {
		said[x.Key] = x.Before + " → " + x.After
	}
	w.verify(by, entry, rev)
	for key, after := range read() {
		if before[key] != after {
			came[key] = before[key] + " → " + after
		}
	}
	w.expect("what the preview said", said, came)
}

// figuresSay demands that GET /figures tells what the engine holds, for everything that moved in the year.
func (w *world) figuresSay(step string, now, want map[string]int64) {
	w.t.Helper()
	for what := range want {
		p := strings.Split(what, " ")
		if !slices.Contains(watched, p[1]) {
			continue
		}
		f := w.get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", p[0], w.units[p[1]], p[2])).ok()
		got := num(f, "value")
		if at(f, "value") == nil {
			got = num(f, "part")
		}
		if got != now[what] {
			w.t.Errorf("%s: GET figure %s says %d, the engine %d", step, what, got, now[what])
		}
	}
}

// draftFollows demands that the draft summary says of every figure what the books say.
func (w *world) draftFollows(step string, now map[string]int64) {
	w.t.Helper()
	s := w.get("office", fmt.Sprintf("/summary?unit=%d&period=2020", w.units[""])).ok()
	cited := list(s, "cited")
	if len(cited) < 20 {
		w.t.Fatalf("the draft cites %d figures", len(cited))
	}
	for _, c := range cited {
		if text(c, "period") != "2020" {
			continue
		}
		want, ok := now[text(c, "key")+" "+w.nameOf(num(c, "unit.id"))+" 2020"]
		got := num(c, "value")
		if at(c, "value") == nil {
			got = num(c, "part")
		}
		if !ok || got != want {
			w.t.Errorf("%s: the draft says %d of %s of %s, the books %d", step, got, text(c, "key"), text(c, "unit.name"), want)
		}
	}
}

// differ demands that the issued document differs in exactly the cited figures of the year that moved, because of this
// record, and tells who and why.
func (w *world) differ(step, doc string, cited []any, entry string, want map[string]int64) {
	w.t.Helper()
	expect := map[string]int64{}
	of := map[string]string{}
	for _, c := range cited {
		what := text(c, "key") + " " + w.nameOf(num(c, "unit.id")) + " " + text(c, "period")
		if by, ok := want[what]; ok {
			expect[fmt.Sprint(num(c, "n"))] = by
		}
		of[fmt.Sprint(num(c, "n"))] = what
	}
	items := list(w.get("office", "/documents/"+doc+"/differences").ok(), "items")
	for _, x := range items {
		n := fmt.Sprint(num(x, "n"))
		by, ok := expect[n]
		if !ok {
			w.t.Errorf("%s: the document differs in %s, which did not move", step, of[n])
			continue
		}
		delete(expect, n)
		if at(x, "delta") != nil && num(x, "delta") != by && !strings.Contains(of[n], "mean") {
			w.t.Errorf("%s: the document says %s moved by %d, want %d", step, of[n], num(x, "delta"), by)
		}
		records := list(x, "records")
		found := false
		for _, r := range records {
			if text(r, "record") != entry {
				w.t.Errorf("%s: %s differs because of %v", step, of[n], r)
			}
			found = true
			if text(r, "by") == "" || text(r, "op") == "" || num(r, "at") == 0 {
				w.t.Errorf("%s: %s differs and nobody is named: %v", step, of[n], r)
			}
		}
		if !found {
			w.t.Errorf("%s: %s differs without a record", step, of[n])
		}
	}
	for n := range expect {
		w.t.Errorf("%s: %s moved and the document does not say so", step, of[n])
	}
}

// issueSummary drafts and issues the annual summary of a unit and renders it.
func (w *world) issueSummary(unit string) string {
	w.t.Helper()
	d := w.post("office", "/documents", vals{"template": "annual-summary", "unit": w.units[unit], "period": "2020"}, 0).ok()
	w.post("leader", "/documents/"+text(d, "id")+"/issue", nil, num(d, "rev")).ok()
	w.jobs()
	got := w.get("office", "/documents/"+text(d, "id")).ok()
	if text(got, "state") != "issued" {
		w.t.Fatalf("the document is %v after its job", got["state"])
	}
	return text(d, "id")
}
