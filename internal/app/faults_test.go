package app_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"sifen/internal/id"
)

func TestOperationTwice(t *testing.T) {
	each(t, func(w *world) {
		body := vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": session("2020-12-05", 31)}
		op := id.New(start)
		q := ask{as: "clerk1", method: "POST", path: "/entries", body: body, op: op}
		var wg sync.WaitGroup
		answers := make([]reply, 4)
		for i := range answers {
			wg.Go(func() { answers[i] = w.do(q) })
		}
		wg.Wait()
		for _, r := range answers {
			if r.status != 201 || !bytes.Equal(r.body, answers[0].body) || r.header.Get("ETag") != answers[0].header.Get("ETag") {
				t.Errorf("%d %.200s, first %d %.200s", r.status, r.body, answers[0].status, answers[0].body)
			}
		}
		if n := w.scalar(`SELECT count(*) FROM entry`); n != 1 {
			t.Errorf("one operation made %d records", n)
		}
		other := q
		other.body = with(body, "values", session("2020-12-06", 31))
		w.do(other).refused(409, "http.operation-reused")
		other = q
		other.as = "clerk1b"
		w.do(other).refused(409, "http.operation-reused")
		other = q
		other.path, other.body = "/persons", vals{"name": "某", "unit": w.units["桂花社区"]}
		w.do(other).refused(409, "http.operation-reused")
	})
}

func TestDiskFull(t *testing.T) {
	w := newWorld(t, false)
	ctx := context.Background()
	pages := w.scalar(`SELECT page_count FROM pragma_page_count()`)
	must(t, w.app.DB.Exec(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages+8)))
	var kept []string
	full := false
	for i := range 400 {
		r := w.post("clerk1", "/entries", vals{"kind": "publicity-session", "unit": w.units["桂花社区"],
			"values": with(session("2020-12-05", i), "note", strings.Repeat("满", 500))}, 0)
		if r.status == http.StatusInsufficientStorage {
			w.bilingual("disk full", text(r.json(), "title"), text(w.do(ask{as: "clerk1", method: "POST", path: "/entries", lang: "en",
				body: vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": with(session("2020-12-05", i), "note",
					strings.Repeat("满", 500))}}).refused(507, "db.full"), "title"))
			full = true
			break
		}
		kept = append(kept, text(r.ok(), "id"))
	}
	if !full {
		t.Fatal("the disk never filled")
	}
	for _, e := range kept {
		w.get("clerk1", "/entries/"+e).ok()
	}
	if n := w.scalar(`SELECT count(*) FROM entry`); n != int64(len(kept)) {
		t.Errorf("%d acknowledged, %d kept", len(kept), n)
	}
	must(t, w.app.DB.Exec(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages+100000)))
	w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-06", 5))
	w.settled()
}
