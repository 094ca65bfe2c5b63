package app_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"sifen/internal/app"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/module"
	"sifen/internal/outbox"
)

// A process of these tests that is started with the address of a database in this variable is a node that takes a job and
// never finishes it, until it is killed.
const nodeVariable = "SIFEN_TEST_NODE"

func init() {
	url := os.Getenv(nodeVariable)
	if url == "" {
		return
	}
	dir, err := os.MkdirTemp("", "sifen-node")
	if err != nil {
		panic(err)
	}
	a, err := app.Open(context.Background(), app.Options{Data: dir, Database: url, Clock: clock.At(start),
		More: []func(module.Platform) module.Module{func(p module.Platform) module.Module {
			return stalling(p, func() { fmt.Println("begun"); select {} })
		}}})
	if err != nil {
		panic(err)
	}
	a.Start(context.Background())
	select {}
}

// stalling is a module with one job, whose effect is a row in the table of counters.
func stalling(p module.Platform, before func()) module.Module {
	return module.Module{Name: "stall", Jobs: []module.Job{{Kind: "stall", Run: func(ctx context.Context, district int64, _ []byte,
		done func(*db.Tx) error) error {
		before()
		return p.DB.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.ExecContext(ctx, `INSERT INTO counter (district, name, value) VALUES ($1, 'stall', 1) ON CONFLICT (district, name) DO UPDATE
				SET value = counter.value + 1`, district); err != nil {
				return err
			}
			return done(tx)
		})
	}}}}
}

// TestTwoNodes runs two servers on one PostgreSQL: pages of both move, numbers have neither gap nor double, each job runs
// once, and what a killed node had in hand the other one finishes.
func TestTwoNodes(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, _, url string) {
		if url == "" {
			return // SQLite has one node
		}
		ctx := context.Background()
		w := newWorld(t, true)
		w.More = []func(module.Platform) module.Module{func(p module.Platform) module.Module { return stalling(p, func() {}) }}
		w.close()
		w.open()
		b, err := app.Open(ctx, app.Options{Data: t.TempDir(), EvidenceDir: filepath.Join(w.dir, "evidence"), Database: w.url, Clock: w.clock,
			PublicURL: "https://sifen.example"})
		must(t, err)
		second := *w.World
		second.App, second.Server = b, httptest.NewServer(b.Handler())
		other := short(&second)
		end := sync.OnceFunc(func() { other.close() })
		defer end()
		nodes := []*world{w, other}
		pages := make([]func(string), 2)
		for i, n := range nodes {
			n.app.Start(ctx)
			pages[i] = n.page("leader")
		}

		var asking sync.WaitGroup
		numbers, entries := make([]string, 24), make([]string, 24)
		for i := range numbers {
			asking.Go(func() {
				n := nodes[i%2]
				e := n.post("clerk1", "/entries", vals{"kind": "publicity-session", "unit": n.units["桂花社区"],
					"values": session(fmt.Sprintf("2020-11-%02d", i+1), 10+i), "submit": true}, 0).ok()
				numbers[i], entries[i] = text(e, "number"), text(e, "id")
			})
		}
		asking.Wait()
		sort.Strings(numbers)
		for i, n := range numbers {
			if !strings.HasSuffix(n, fmt.Sprintf("%04d", i+1)) {
				t.Errorf("number %d is %s: %v", i+1, n, numbers)
				break
			}
		}
		for _, page := range pages {
			page("event: entry")
		}
		w.verify("manager1", entries[0], 1)
		for _, page := range pages { // what moved a figure on one node is told on both
			page("event: figure")
		}

		docs := make([]string, 6)
		for i := range docs {
			asking.Go(func() {
				n := nodes[i%2]
				doc, rev := n.Draft("", fmt.Sprint(2015+i))
				n.post("leader", "/documents/"+doc+"/issue", nil, rev).ok()
				docs[i] = doc
			})
		}
		asking.Wait()
		issued := map[string]bool{}
		for _, doc := range docs {
			issued[text(nodes[0].until("office", "/documents/"+doc, "state", "issued"), "number")] = true
			for _, n := range nodes {
				if r := n.get("office", "/documents/"+doc+"/file"); r.status != 200 || len(r.body) < 1000 {
					t.Errorf("the file of %s: %d, %d bytes", doc, r.status, len(r.body))
				}
			}
		}
		for i := range docs {
			if n := fmt.Sprintf("四方区分类办〔2020〕%d号", i+1); !issued[n] {
				t.Errorf("nobody got number %s: %v", n, issued)
			}
		}
		for _, page := range pages {
			page("event: document")
		}
		nodes[0].settled()

		// a third node, another process, takes a job and is killed with it in hand
		end()
		w.close() // the first one runs its jobs when it is told to from now on
		w.open()
		third := exec.Command(os.Args[0])
		third.Env = append(os.Environ(), nodeVariable+"="+w.url)
		out, err := third.StdoutPipe()
		must(t, err)
		must(t, third.Start())
		must(t, w.write(func(tx *db.Tx) error { return outbox.Enqueue(ctx, tx, w.district, start, "stall", nil) }))
		for s := bufio.NewScanner(out); s.Scan() && s.Text() != "begun"; {
		}
		must(t, third.Process.Kill())
		_ = third.Wait() // it was killed
		w.jobs()
		if n := w.scalar(`SELECT count(*) FROM counter WHERE name = 'stall'`); n != 0 {
			t.Error("the job of a node that may still live was taken")
		}
		w.clock.Advance(2 * time.Minute)
		w.jobs()
		w.jobs()
		if n := w.scalar(`SELECT coalesce(max(value), 0) FROM counter WHERE name = 'stall'`); n != 1 {
			t.Errorf("the effect of the job stands %d times", n)
		}
	})
}

// page opens a stream of events; the returned func waits until it has told one of a sort.
func (w *world) page(as string) func(mark string) {
	r, err := http.NewRequest("GET", w.server.URL+"/api/v1/events", nil)
	must(w.t, err)
	r.Header.Set("Cookie", "sifen_session="+w.tokens[as])
	res, err := http.DefaultClient.Do(r)
	must(w.t, err)
	lines := make(chan string, 10000)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return func(mark string) {
		w.t.Helper()
		late := time.After(30 * time.Second)
		for {
			select {
			case l, ok := <-lines:
				if !ok {
					w.t.Fatalf("the stream ended before %q", mark)
				}
				if strings.HasPrefix(l, mark) {
					return
				}
			case <-late:
				w.t.Fatalf("no %q came", mark)
			}
		}
	}
}

// until asks until a property has a value.
func (w *world) until(as, path, property, want string) map[string]any {
	w.t.Helper()
	for range 300 {
		if r := w.get(as, path).ok(); text(r, property) == want {
			return r
		}
		time.Sleep(100 * time.Millisecond) //nolint:forbidigo // another process works on it
	}
	w.t.Fatalf("%s: %s never was %s", path, property, want)
	return nil
}
