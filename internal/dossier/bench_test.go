package dossier_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/db"
)

// hundredThousand fills a district with cases: nine in ten closed, the others in every state and of every age.
func hundredThousand(b *testing.B, w *apptest.World, n int) {
	b.Helper()
	places := []string{"桂园", "桂苑", "兰园", "荷园", "东街卫生院", "西镇卫生院", "东街小学", "西镇小学"}
	states := []string{"draft", "sent", "sent", "fixing", "fixing", "fixing", "replied", "replied", "transferred"}
	now, day := apptest.Start.UnixMilli(), int64(86_400_000)
	apptest.Must(b, w.Write(func(tx *db.Tx) error {
		for from := 0; from < n; from += 500 {
			var rows []string
			for i := from; i < min(from+500, n); i++ {
				unit := w.Units[places[i%len(places)]]
				state, open, closed, due := "closed", 0, now-int64(i%365)*day, int64(0)
				if i%10 == 0 {
					state, open, closed, due = states[i/10%len(states)], 1, 0, now+int64(i/10%41-20)*day
				}
				waits := w.Units[""]
				if state == "sent" || state == "fixing" {
					waits = unit
				}
				if open == 0 {
					waits = 0
				}
				rows = append(rows, fmt.Sprintf(`(%d, 'c%07d', 'ZG-%07d', 'unit:%d', '%s', %d, 's%d', 'estate/lids', 0, 'visit', %d, %d, '', '',
					'prompt', 2,
					'%s', 'minor', 1, 0, 0, 0, %d, %d, %d, 0, %d, 0, %d, %d, 1, %d, %d, %d, '{"title":{"zh":"满溢","en":"full"},"found_at":1}', '满溢 %d')`,
					w.District, i, i, unit, places[i%len(places)], unit, i, unit, w.Units[""], state,
					now-int64(i%365)*day, now-int64(i%365)*day, due, due, closed,
					open, now-int64(i%365)*day, waits, due, i))
			}
			if _, err := tx.ExecContext(context.Background(), `INSERT INTO rcase (district, id, no, place, place_name, unit, subject, item, nth, source, party,
				office, issuer, finder, instrument, rank, state, severity, round, failed, asked_until, objected, seen_at, issued_at, due_at, told_at,
				promise_at,
				replied_at, closed_at, open, rev, created_at, waits, wait_until, body, search) VALUES `+strings.Join(rows, ", ")); err != nil {
				return err
			}
		}
		for seq := 1; seq <= 50; seq++ {
			if _, err := tx.ExecContext(context.Background(), `INSERT INTO rcase_event (district, rcase, seq, op, at, received_at, account, look, state, round,
				due_at, calendar, body) VALUES ($1, 'c0000010', $2, 'reply', 1, 1, '', 0, 'replied', 1, 0, 0, '{"words":"已清运"}')`,
				w.District, seq); err != nil {
				return err
			}
		}
		return nil
	}))
}

// BenchmarkCases100000 asks for the pages of cases over 100,000 of them, through the server: the whole answer is timed. A list,
// the board and the map are to take 100 ms at most, a case with 50 events 50 ms.
//
//	go test ./internal/dossier -run '^$' -bench Cases -benchtime 10x        SIFEN_POSTGRES=1 for PostgreSQL
func BenchmarkCases100000(b *testing.B) {
	w := apptest.New(b, os.Getenv("SIFEN_POSTGRES") != "")
	hundredThousand(b, w, 100_000)
	street := w.Units["东街"]
	for _, c := range []struct{ name, as, path string }{
		{"list", "office", "/cases?state=open"},
		{"list-of-a-street", "office", fmt.Sprintf("/cases?state=open&unit=%d", street)},
		{"list-late", "office", "/cases?state=replied&age=more"},
		{"list-closed", "office", "/cases?state=closed"},
		{"list-searched", "office", "/cases?state=open&q=满溢"},
		{"list-of-the-party", "clerk1", "/cases?state=open"},
		{"board", "office", "/case-board"},
		{"board-of-a-street", "office", fmt.Sprintf("/case-board?unit=%d", street)},
		{"map", "office", "/case-map"},
		{"one-with-50-events", "office", "/cases/c0000010"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				w.Get(c.as, c.path).OK()
			}
		})
	}
}
