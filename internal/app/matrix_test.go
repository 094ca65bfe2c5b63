package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync/atomic"
	"testing"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
)

// The oracle of this test is written from the contract: who holds which verb (the pack's roles, which are data), where a
// unit lies (the tree, by hand), and one rule per operation below. It reads nothing from the code it judges.

// outcomes of a request
const (
	allow     = "allowed"
	anonymous = "401"
	forbidden = "403"
	unseen    = "404"
	badUnit   = "422 at the unit"
)

// where a unit lies, seen from a grant: inside its tree, on its line, or outside.
func lies(from, unit string) string {
	tree := above[unit]
	if unit == "东街小学" || unit == "西镇小学" {
		tree = tree[:len(tree)-1]
		if from == "教育局" {
			return "line"
		}
	}
	if slices.Contains(tree, from) {
		return "tree"
	}
	return ""
}

// rule of an operation: a verb, and what the place of the unit decides.
type rule struct {
	verb string
	at   func(from, unit string) string
	run  func(m *matrix, as, unit string, allowed bool) reply
}

func everywhere(_, _ string) string { return allow }

func byPlace(tree, line, outside string) func(from, unit string) string {
	return func(from, unit string) string {
		switch lies(from, unit) {
		case "tree":
			return tree
		case "line":
			return line
		}
		return outside
	}
}

var (
	reads  = byPlace(allow, allow, unseen)     // reading verbs reach over lines
	writes = byPlace(allow, forbidden, unseen) // writing verbs do not
	// the kind used at schools names the line in entered_by and levels
	enters = byPlace(allow, allow, unseen)
)

// waits is where a submission of the kinds used here waits first.
func waits(unit string) string {
	switch unit {
	case "东街小学":
		return "教育局"
	case "东街", "桂花社区":
		return "东街"
	case "西镇":
		return "西镇"
	}
	return ""
}

func verifies(from, unit string) string {
	switch {
	case lies(from, unit) == "":
		return unseen
	case lies(from, waits(unit)) == "tree":
		return allow
	}
	return forbidden
}

func onlyDistrict(from, _ string) string {
	if from == "" {
		return allow
	}
	return forbidden
}

type matrix struct {
	*world
	n, schoolDays, spans int
	lastSpan             map[string]int    // by unit
	objects              map[string][2]any // state and unit → id, rev
	sys                  access.Scope
}

func (m *matrix) next() int { m.n++; return m.n }

// kindAt is what is registered at a unit: schools join sorting, everybody else holds sessions.
func kindAt(unit string) string {
	if unit == "东街小学" {
		return "school-sorting"
	}
	return "publicity-session"
}

func (m *matrix) values(unit string) vals {
	day := (period.Date(2020, 12, 31) - period.Day(m.next()%600)).String()
	if kindAt(unit) == "school-sorting" { // no two spans of one school may overlap
		m.schoolDays++
		day = (period.Date(2020, 12, 31) - period.Day(m.schoolDays)).String()
		return vals{"since": day, "until": day}
	}
	return session(day, 3)
}

// record returns a record of a unit in a state, made afresh when the last one may have been used up.
func (m *matrix) record(state, unit, author string, fresh bool) (string, int64) {
	key := state + " " + unit
	if o, ok := m.objects[key]; ok && !fresh {
		return o[0].(string), o[1].(int64)
	}
	var e ledger.Entry
	must(m.t, m.write(func(tx *db.Tx) (err error) {
		by, err := m.app.As(context.Background(), author)
		if err != nil {
			return err
		}
		k, v := kindAt(unit), m.values(unit)
		if state == "lasting" {
			m.spans++
			m.lastSpan[unit] = m.spans
			from := period.Date(2019, 1, 2) + period.Day(4*m.spans)
			v = vals{"since": from.String(), "until": (from + 3).String()}
			if k != "school-sorting" {
				k, v["name"] = "smart-pilot", "试点"
			}
		}
		ctx := context.Background()
		if e, err = m.app.Ledger.Create(ctx, tx, by, ledger.Input{Kind: k, Unit: org.No(m.units[unit]), Values: v}); err != nil || state == "draft" {
			return err
		}
		if e, err = m.app.Ledger.Submit(ctx, tx, by, e.ID); err != nil || state == "submitted" {
			return err
		}
		if state == "returned" {
			e, err = m.app.Ledger.Return(ctx, tx, m.sys, e.ID, e.Rev, "请补充")
			return err
		}
		e, err = m.app.Ledger.Verify(ctx, tx, m.sys, e.ID, e.Rev)
		return err
	}))
	if fresh {
		delete(m.objects, key)
	} else {
		m.objects[key] = [2]any{e.ID, e.Rev}
	}
	return e.ID, e.Rev
}

// act is a rule on one record.
func act(verb, method, path, state string, at func(from, unit string) string, body func(m *matrix, unit string) any) rule {
	return rule{verb, at, func(m *matrix, as, unit string, allowed bool) reply {
		author := "admin"
		if allowed && (state == "draft" || path == "/withdraw") {
			author = as
		}
		e, rev := m.record(state, unit, author, allowed)
		var b any
		if body != nil {
			b = body(m, unit)
		}
		return m.do(ask{as: as, method: method, path: "/entries/" + e + path, match: rev, body: b})
	}}
}

func reason(*matrix, string) any { return vals{"reason": "测试原因"} }

// read is a rule of a GET; %u is the unit's number.
func read(verb, path string, at func(from, unit string) string) rule {
	return rule{verb, at, func(m *matrix, as, unit string, _ bool) reply {
		return m.get(as, strings.ReplaceAll(path, "%u", fmt.Sprint(m.units[unit])))
	}}
}

// victim makes a unit below another to be changed.
func (m *matrix) victim(unit string, fresh bool) int64 {
	if o, ok := m.objects["victim "+unit]; ok && !fresh {
		return o[0].(int64)
	}
	r := m.post("admin", "/units", vals{"name": fmt.Sprintf("新馆%d", m.next()), "type": "institution", "parent": m.units[unit], "from": "2019-06-01"}, 0).ok()
	m.objects["victim "+unit] = [2]any{num(r, "id"), 0}
	return num(r, "id")
}

func change(path string, body func(m *matrix, unit string) vals) rule {
	return rule{"org.edit", writes, func(m *matrix, as, unit string, allowed bool) reply {
		return m.post(as, fmt.Sprintf("/units/%d/%s", m.victim(unit, allowed), path), body(m, unit), 0)
	}}
}

// document is the newest draft of a unit with its figures numbered.
func (m *matrix) document(unit string) (string, int64) {
	if o, ok := m.objects["document "+unit]; ok {
		return o[0].(string), o[1].(int64)
	}
	var id string
	must(m.t, m.write(func(tx *db.Tx) error {
		d, err := m.app.Documents.Create(context.Background(), tx, m.sys, "annual-summary", org.No(m.units[unit]), period.Year(2020))
		id = d.ID
		if err == nil && d.State != "draft" { // another cell put it forward
			_, err = m.app.Documents.Withdraw(context.Background(), tx, m.sys, d.ID, d.Rev)
		}
		return err
	}))
	v, err := m.app.Documents.Open(context.Background(), m.sys, id)
	must(m.t, err)
	m.objects["document "+unit] = [2]any{id, v.Rev}
	return id, v.Rev
}

func onDocument(verb, method, path string, at func(from, unit string) string, body any) rule {
	return rule{verb, at, func(m *matrix, as, unit string, allowed bool) reply {
		id, rev := m.document(unit)
		if allowed && method != "GET" {
			delete(m.objects, "document "+unit)
		}
		return m.do(ask{as: as, method: method, path: "/documents/" + id + path, match: rev, body: body})
	}}
}

// person is somebody with sign-in at a unit.
func (m *matrix) person(unit string) string {
	if o, ok := m.objects["person "+unit]; ok {
		return o[0].(string)
	}
	login := fmt.Sprintf("person%d", m.next())
	_, err := m.app.NewAccount(context.Background(), m.sys, login, login, "clerk", org.No(m.units[unit]), period.Date(2020, 1, 1), password)
	must(m.t, err)
	acc, err := m.app.Accounts.ByLogin(context.Background(), login)
	must(m.t, err)
	m.objects["person "+unit] = [2]any{acc.ID, 0}
	return acc.ID
}

func init() {
	for op, r := range documentRules() {
		rules[op] = r
	}
}

// again is a second session of somebody, to be ended.
func (m *matrix) again(as string) string {
	if as == "" || as == "fresh" || strings.HasPrefix(as, "closed.") || strings.HasPrefix(as, "idle.") { // who cannot
		return as
	}
	token, _, err := m.app.Accounts.SignIn(context.Background(), as, password, "192.0.2.9:1")
	must(m.t, err)
	return token
}

// judge is the oracle of one grant.
func judge(r rule, verbs map[string]bool, from, unit string) string {
	switch {
	case r.verb == "public" || r.verb == "fresh":
		return allow
	case r.verb == "signed-in":
		return r.at(from, unit)
	case !slices.ContainsFunc(strings.Split(r.verb, "|"), func(v string) bool { return verbs[v] }):
		return forbidden
	}
	return r.at(from, unit)
}

func outcome(r reply) string {
	switch {
	case r.status == 401 || r.status == 403 || r.status == 404:
		return fmt.Sprint(r.status)
	case r.status == 422 && strings.Contains(string(r.body), `"/unit"`) || r.status == 422 && strings.Contains(string(r.body), `"field":"unit"`):
		return badUnit
	case r.status/100 == 2 || r.json()["code"] == "account.wrong-password":
		return allow
	}
	return fmt.Sprintf("%d %s", r.status, r.body)
}

// actor is a principal: somebody with one role at one place, and where it is not that simple, what he is answered instead.
type actor struct {
	login, role, from string
	none              bool   // no grant of his is in force today
	always            string // what he is answered whatever he asks, besides what is public
}

// TestAccessMatrix asks every operation of the document by every principal, for objects inside, on the edge and outside of his
// reach, on every database.
func TestAccessMatrix(t *testing.T) {
	var cells [2]atomic.Int64 // by database
	t.Run("halves", func(t *testing.T) {
		for half := range 2 { // of the operations, on a district each
			t.Run(fmt.Sprint(half), func(t *testing.T) {
				t.Parallel()
				each(t, func(w *world) {
					on := 0
					if w.url != "" {
						on = 1
					}
					cells[on].Add(accessMatrix(w, half))
				})
			})
		}
	})
	for i := range cells {
		if n := cells[i].Load(); n < 20_000 && (i == 0 || n > 0) {
			t.Errorf("%d cells: principals or objects are missing", n)
		}
	}
}

// accessMatrix judges every second operation and returns the number of cells.
func accessMatrix(w *world, half int) int64 {
	t := w.t
	m := &matrix{world: w, lastSpan: map[string]int{}, objects: map[string][2]any{}, sys: access.System(w.district, int64(period.Of(start)), "test")}
	verbs := map[string]map[string]bool{}
	for _, x := range list(w.get("auditor", "/roles").ok(), "items") {
		verbs[text(x, "key")] = map[string]bool{}
		for _, v := range list(x, "verbs") {
			verbs[text(x, "key")][v.(string)] = true
		}
	}
	var actors []actor
	for _, r := range roles {
		actors = append(actors, actor{login: "street." + r, role: r, from: "东街"}, actor{login: "line." + r, role: r, from: "教育局"})
	}
	for _, p := range people[:5] {
		actors = append(actors, actor{login: p[0], role: p[1], from: p[2]})
	}
	for _, r := range roles { // below and beside the street whose objects are asked for
		for where, unit := range map[string]string{"own.": "桂花社区", "far.": "兰花社区"} {
			_, err := m.app.NewAccount(context.Background(), m.sys, where+r, where+r, r, org.No(m.units[unit]), period.Date(2019, 1, 1), password)
			must(t, err)
			m.tokens[where+r], _, err = m.app.Accounts.SignIn(context.Background(), where+r, password, "192.0.2.8:1")
			must(t, err)
			actors = append(actors, actor{login: where + r, role: r, from: unit})
		}
	}
	actors = append(actors, m.strangers()...)
	if len(verbs) != len(roles) {
		t.Fatalf("the pack has %d roles, this test plays %d", len(verbs), len(roles))
	}
	targets := map[string][]string{ // self, child, parent, sibling, line
		"东街": {"东街", "桂花社区", "", "西镇", "东街小学"}, "教育局": {"教育局", "", "住建局", "东街小学"}, "": {"", "东街", "桂花社区", "东街小学"},
		"桂花社区": {"桂花社区", "东街小学", "东街", "西镇", ""}, "兰花社区": {"桂花社区", "东街", ""}, "nowhere": {"东街"},
	}
	cells, mismatches := int64(0), 0
	for i, op := range w.operations() {
		if i%2 != half && op != "take-over-meetings" && op != "take-over-inspections" { // what a half keeps is counted once it has come over
			continue
		}
		r, ok := rules[op]
		if !ok {
			t.Errorf("operation %s has no rule in this oracle", op)
			continue
		}
		allowed, denied := 0, 0
		check := func(a actor, unit, want string) {
			cells++
			got := outcome(r.run(m, a.login, unit, want == allow))
			if got == allow {
				allowed++
			} else {
				denied++
			}
			if got != want {
				if mismatches++; mismatches < 40 {
					t.Errorf("%s by %s (%s at %q) for %q: %s, want %s", op, a.login, a.role, a.from, unit, got, want)
				}
			}
		}
		want, fresh := anonymous, forbidden
		if r.verb == "public" {
			want, fresh = allow, allow
		} else if r.verb == "fresh" {
			fresh = allow
		}
		check(actor{role: "anonymous"}, "", want)
		if op != "sign-out" { // it would end the only session there is of this account
			check(actor{login: "fresh", role: "must change the password"}, "", fresh)
		}
		for _, a := range actors {
			for _, unit := range targets[a.from] {
				want := judge(r, verbs[a.role], a.from, unit)
				switch {
				case r.verb == "public":
				case a.always != "":
					want = a.always
				case a.none && (r.verb == "fresh" || r.verb == "signed-in"):
					want = allow
					if op == "bench" { // everybody has one: without a role there is nothing on it
						for part, v := range w.get(a.login, fmt.Sprintf("/bench?unit=%d&period=2020", w.units[unit])).ok() {
							if list, ok := v.([]any); v != nil && v != 0.0 && v != "" && v != false && (!ok || len(list) > 0) {
								t.Errorf("the bench of %s says %s: %v", a.login, part, v)
							}
						}
					}
				case a.none:
					want = forbidden
				}
				if need := alsoNeeds[op]; need != "" && want == allow && !verbs[a.role][need] {
					want = unseen
				}
				check(a, unit, want)
				if r.verb == "public" || r.verb == "fresh" || r.verb == "signed-in" {
					break
				}
			}
		}
		if allowed == 0 || denied == 0 && r.verb != "public" {
			t.Errorf("%s: %d cells allow and %d deny", op, allowed, denied)
		}
	}
	t.Logf("%d cells, %d mismatches", cells, mismatches)
	w.settled()
	return cells
}

// operations lists the operation ids of the OpenAPI document.
func (w *world) operations() []string {
	w.t.Helper()
	raw, err := w.app.API().OpenAPI()
	must(w.t, err)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	must(w.t, json.Unmarshal(raw, &doc))
	var out []string
	for _, p := range doc.Paths {
		for _, o := range p {
			out = append(out, o.OperationID)
		}
	}
	sort.Strings(out)
	return out
}
