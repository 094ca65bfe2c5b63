package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"syscall"
	"testing"
	"time"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/outbox"
)

var (
	noon  = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// runner is a node whose jobs of kind "work" do what do says.
func runner(d *db.DB, c clock.Clock, node string, do outbox.Handler) *outbox.Runner {
	r := outbox.NewRunner(d, c, node, quiet)
	r.Add("work", do, false)
	r.Seal()
	return r
}

func enqueue(t *testing.T, d *db.DB, at time.Time, n int) {
	t.Helper()
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		for i := range n {
			if err := outbox.Enqueue(t.Context(), tx, 1, at, "work", i); err != nil {
				return err
			}
		}
		return nil
	}))
}

func left(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	must(t, d.Read.QueryRowContext(t.Context(), `SELECT count(*) FROM job`).Scan(&n))
	return n
}

// Two nodes that claim at once share the jobs: each runs once.
func TestEachJobRunsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		enqueue(t, d, noon, 40)
		var mu sync.Mutex
		ran := map[string]int{}
		var nodes sync.WaitGroup
		for i := range 2 {
			r := runner(d, clock.At(noon), fmt.Sprint("node", i), func(ctx context.Context, _ int64, body []byte, done func(*db.Tx) error) error {
				mu.Lock()
				ran[string(body)]++
				mu.Unlock()
				return d.Write(ctx, done)
			})
			nodes.Go(func() {
				if _, err := r.RunDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		for body, n := range ran {
			if n != 1 {
				t.Errorf("job %s ran %d times", body, n)
			}
		}
		if len(ran) != 40 || left(t, d) != 0 {
			t.Errorf("%d jobs ran, %d are left", len(ran), left(t, d))
		}
	})
}

// A node that was away longer than its claim finds its job taken over: what it did is rolled back with the completion.
func TestTakenOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := t.Context(), clock.At(noon)
		must(t, d.Exec(ctx, `INSERT INTO counter (district, name, value) VALUES (1, 'effect', 0)`))
		effect := func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE counter SET value = value + 1 WHERE district = 1 AND name = 'effect'`)
			return err
		}
		enqueue(t, d, noon, 1)
		quick := runner(d, now, "quick", func(ctx context.Context, _ int64, _ []byte, done func(*db.Tx) error) error {
			return d.Write(ctx, func(tx *db.Tx) error { return errors.Join(effect(tx), done(tx)) })
		})
		slow := runner(d, now, "slow", func(ctx context.Context, _ int64, _ []byte, done func(*db.Tx) error) error {
			now.Advance(2 * time.Minute) // the claim runs out
			if n, err := quick.RunDue(ctx); n != 1 || err != nil {
				t.Errorf("the other node ran %d jobs: %v", n, err)
			}
			return d.Write(ctx, func(tx *db.Tx) error { return errors.Join(effect(tx), done(tx)) })
		})
		if n, err := slow.RunDue(ctx); n != 0 || err != nil {
			t.Errorf("the slow node counts %d jobs: %v", n, err)
		}
		var n int
		must(t, d.Read.QueryRowContext(ctx, `SELECT value FROM counter WHERE name = 'effect'`).Scan(&n))
		if n != 1 || left(t, d) != 0 {
			t.Errorf("the effect stands %d times, %d jobs are left", n, left(t, d))
		}
	})
}

// A start gives back what its own node had begun, and what others let run out; a claim that another node holds stays.
func TestBegin(t *testing.T) {
	tests := map[string]struct {
		node   string
		after  time.Duration
		wanted int
	}{
		"its own":                {"one", 0, 1},
		"another's, alive":       {"two", 0, 0},
		"another's, run out":     {"two", 2 * time.Minute, 1},
		"another's, not yet out": {"two", 30 * time.Second, 0},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for what, c := range tests {
			t.Run(what, func(t *testing.T) {
				now := clock.At(noon)
				must(t, d.Exec(t.Context(), `DELETE FROM job`))
				enqueue(t, d, noon, 1)
				ctx, stop := context.WithCancel(t.Context())
				dying := runner(d, now, "one", func(context.Context, int64, []byte, func(*db.Tx) error) error {
					must(t, d.Exec(t.Context(), `UPDATE job SET error = 'begun'`))
					stop()
					return errors.New("the power failed")
				})
				if _, err := dying.RunDue(ctx); err != nil && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				// what a node that died leaves behind: it had no time to give the job back
				must(t, d.Exec(t.Context(), `UPDATE job SET node = 'one', claimed_until = $1`, noon.Add(time.Minute).UnixMilli()))
				now.Advance(c.after)
				ran := 0
				next := runner(d, now, c.node, func(ctx context.Context, _ int64, _ []byte, done func(*db.Tx) error) error {
					ran++
					return d.Write(ctx, done)
				})
				must(t, next.Begin(t.Context(), nil))
				if _, err := next.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
				if ran != c.wanted {
					t.Errorf("%d jobs ran, want %d", ran, c.wanted)
				}
			})
		}
	})
}

// Work that repeats is due at the start, then when its time has come, on one node.
func TestTicks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := t.Context(), clock.At(noon)
		ran := map[int64]int{}
		nodes := make([]*outbox.Runner, 2)
		for i := range nodes {
			nodes[i] = outbox.NewRunner(d, now, fmt.Sprint("node", i), quiet)
			nodes[i].AddTick("look", time.Hour, func(_ context.Context, district int64) error { ran[district]++; return nil })
			nodes[i].Seal()
			must(t, nodes[i].Begin(ctx, []int64{1, 2}))
		}
		for step, want := range []int{1, 1, 2, 2} {
			if step == 2 {
				now.Advance(time.Hour)
			}
			for _, n := range nodes {
				if _, err := n.RunDue(ctx); err != nil {
					t.Fatal(err)
				}
			}
			if ran[1] != want || ran[2] != want {
				t.Errorf("step %d: looked %v times, want %d", step, ran, want)
			}
		}
	})
}

// A failing job is tried again later, ever less often, and keeps the reason.
func TestFailing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := t.Context(), clock.At(noon)
		enqueue(t, d, noon, 1)
		tries := 0
		r := runner(d, now, "one", func(ctx context.Context, _ int64, _ []byte, done func(*db.Tx) error) error {
			if tries++; tries < 3 {
				return errors.New("no paper")
			}
			return d.Write(ctx, done)
		})
		for _, step := range []struct {
			wait  time.Duration
			tries int
		}{{0, 1}, {9 * time.Second, 1}, {2 * time.Second, 2}, {30 * time.Second, 2}, {10 * time.Second, 3}} {
			now.Advance(step.wait)
			if _, err := r.RunDue(ctx); err != nil {
				t.Fatal(err)
			}
			if tries != step.tries {
				t.Errorf("after %s more: %d tries, want %d", step.wait, tries, step.tries)
			}
			if tries == 1 {
				var why string
				must(t, d.Read.QueryRowContext(ctx, `SELECT error FROM job`).Scan(&why))
				if why != "no paper" {
					t.Errorf("the job says %q", why)
				}
			}
		}
		if left(t, d) != 0 {
			t.Error("the job is still there")
		}
	})
}

// A job that met a full disk is nobody's failure: it runs as soon as there is room, without waiting for the time after a failure,
// which is the control.
func TestFullDisk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := t.Context(), clock.At(noon)
		for what, c := range map[string]struct {
			err   error
			stuck bool // there is no room even to give the job back
			again int  // how often it ran by the next call, a moment later
		}{
			"a full disk":                 {fmt.Errorf("write the page: %w", syscall.ENOSPC), false, 2},
			"a full database":             {db.ErrFull, false, 2},
			"full to the last byte":       {db.ErrFull, true, 2},
			"the control: a mere failure": {errors.New("no paper"), false, 1},
		} {
			must(t, d.Exec(ctx, `DELETE FROM job`))
			enqueue(t, d, noon, 1)
			ran := 0
			r := runner(d, now, "one", func(ctx context.Context, _ int64, _ []byte, done func(*db.Tx) error) error {
				if ran++; ran > 1 {
					return d.Write(ctx, done)
				}
				if c.stuck { // the next statement that gives it back fails
					must(t, d.Exec(t.Context(), `ALTER TABLE job RENAME TO away`))
				}
				return c.err
			})
			_, err := r.RunDue(ctx)
			if full := c.again == 2; errors.Is(err, db.ErrFull) != full {
				t.Errorf("%s: %v", what, err)
			}
			if c.stuck {
				if _, err := r.RunDue(ctx); err == nil || ran != 1 {
					t.Errorf("%s: ran %d times, %v", what, ran, err)
				}
				must(t, d.Exec(ctx, `ALTER TABLE away RENAME TO job`))
			} else {
				var tries, want int64 = 0, 1
				must(t, d.Read.QueryRowContext(ctx, `SELECT tries FROM job`).Scan(&tries))
				if c.again == 2 {
					want = 0
				}
				if tries != want {
					t.Errorf("%s: %d tries count, want %d", what, tries, want)
				}
			}
			if _, err := r.RunDue(ctx); err != nil || ran != c.again {
				t.Errorf("%s: ran %d times, want %d: %v", what, ran, c.again, err)
			}
		}
	})
}

type happened struct{ N int }

func (happened) Kind() string { return "test.happened" }

func (h happened) News(access.Scope) (string, any, bool) { return "happened", h, true }

// A fact is heard after its commit on the node that made it, and never without a commit; on PostgreSQL the other node
// hears it too, and once.
func TestFactsAreHeard(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, dir, url string) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var nodes []*db.DB
		heard := make([]chan outbox.Heard, 2)
		var running sync.WaitGroup
		for i := range heard {
			if url == "" && i == 1 {
				break
			}
			d, err := db.Open(ctx, dir, url)
			must(t, err)
			defer d.Close() //nolint:errcheck // of a test
			d.Node = fmt.Sprint("node", i)
			nodes, heard[i] = append(nodes, d), make(chan outbox.Heard, 100)
			defer d.Listen(func(n any) {
				if h, ok := n.(outbox.Heard); ok {
					heard[i] <- h
				}
			})()
			relay := &outbox.Relay{DB: d, Clock: clock.System{}, Log: quiet, Facts: []outbox.Fact{happened{}}}
			running.Go(func() { relay.Run(ctx) })
		}
		emit := func(n int, then error) error {
			return nodes[0].Write(ctx, func(tx *db.Tx) error {
				return errors.Join(outbox.Emit(ctx, tx, 1, time.Now(), happened{n}), then) //nolint:forbidigo // the nodes run on the machine's clock
			})
		}
		if err := emit(1, errors.New("changed my mind")); err == nil {
			t.Fatal("it was committed")
		}
		must(t, emit(2, nil))
		must(t, emit(3, nil))
		for i := range nodes {
			for _, want := range []int{2, 3} {
				select {
				case h := <-heard[i]:
					if f, ok := h.Fact.(happened); !ok || f.N != want || h.District != 1 || h.Here != (i == 0) {
						t.Errorf("node %d heard %+v, want %d", i, h, want)
					}
				case <-time.After(20 * time.Second):
					t.Fatalf("node %d did not hear %d", i, want)
				}
			}
		}
		stop()
		running.Wait()
		for i := range nodes {
			if n := len(heard[i]); n > 0 {
				t.Errorf("node %d heard %d more", i, n)
			}
		}
	})
}

// Between a commit and the moment in which a node tells its own listeners, its relay may already read the fact: it is known as
// the node's own by its row, and not told twice. What another node committed is the control.
func TestOwnFactsAreKnownByTheirRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if !d.Postgres {
			return // one node, and nothing to bring
		}
		ctx, stop := context.WithCancel(t.Context())
		d.Node = "one"
		heard := make(chan outbox.Heard, 10)
		defer d.Listen(func(n any) {
			if h, ok := n.(outbox.Heard); ok {
				heard <- h
			}
		})()
		for n, node := range []string{"one", "two"} { // committed, and nobody told yet
			must(t, d.Exec(ctx, `INSERT INTO fact (district, id, kind, body, at, node) VALUES (1, $1, 'test.happened', $2, $3, $1)`,
				node, fmt.Sprintf(`{"N":%d}`, n), noon.UnixMilli()))
		}
		relay := &outbox.Relay{DB: d, Clock: clock.At(noon), Log: quiet, Facts: []outbox.Fact{happened{}}}
		var running sync.WaitGroup
		running.Go(func() { relay.Run(ctx) })
		select {
		case h := <-heard:
			if h.ID != "two" || h.Here {
				t.Errorf("heard %+v", h)
			}
		case <-time.After(20 * time.Second):
			t.Error("the other node's fact was not heard")
		}
		stop()
		running.Wait()
		if n := len(heard); n > 0 {
			t.Errorf("%d more were heard", n)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return outbox.Emit(t.Context(), tx, 1, time.Time{}, happened{}) })
		if err == nil {
			t.Error("a fact without its instant was taken")
		}
	})
}
