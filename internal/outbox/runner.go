package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/problem"
)

// Handler runs one job. done must be called inside the transaction that holds the job's effect: where another node has
// taken the job over in the meantime it fails, and the effect is rolled back with it.
type Handler func(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error

// Lane is a part of the jobs that is run one after another.
type Lane int

// The lanes.
const (
	All    Lane = iota // every job, as tests run them
	Inside             // jobs that need nobody else
	Out                // jobs that wait for others' servers: they hold no other job up
)

// claimFor is how long a claim holds without being renewed: the longest that the jobs of a node that died wait.
const (
	claimFor   = 60 * time.Second
	renewEvery = 20 * time.Second
)

// ErrLost says that another node has taken the job over. Nothing of this run was kept.
var ErrLost = problem.New(problem.Conflict, "outbox.lost", nil)

// Runner claims due jobs and runs them one after another. Any number of nodes may run one on the same database.
type Runner struct {
	DB    *db.DB
	Clock clock.Clock
	Node  string // this node's own name; two nodes never share one
	Log   *slog.Logger

	handlers map[string]Handler
	ticks    map[string]time.Duration
	outside  map[string]bool
	sealed   bool

	mu    sync.Mutex
	short []claimed // met a full disk, and there was no room even to give them back
}

// NewRunner makes a runner without jobs.
func NewRunner(d *db.DB, c clock.Clock, node string, log *slog.Logger) *Runner {
	return &Runner{DB: d, Clock: c, Node: node, Log: log, handlers: map[string]Handler{}, ticks: map[string]time.Duration{}, outside: map[string]bool{}}
}

// Add names the handler of a kind of job. outside is for one that waits for others' servers. A kind named twice, or after
// Seal, panics: it is a mistake in the program.
func (r *Runner) Add(kind string, h Handler, outside bool) {
	if r.sealed || r.handlers[kind] != nil {
		panic("outbox: job " + kind + " is added twice or too late")
	}
	r.handlers[kind] = h
	if outside {
		r.outside[kind] = true
	}
}

// AddTick names work that is done in each district when the program starts and then every so often, by one of the nodes.
func (r *Runner) AddTick(name string, every time.Duration, run func(ctx context.Context, district int64) error) {
	kind := tickPrefix + name
	r.Add(kind, func(ctx context.Context, district int64, _ []byte, done func(*db.Tx) error) error {
		if err := run(ctx, district); err != nil {
			return err
		}
		return r.DB.Write(ctx, done)
	}, false)
	r.ticks[kind] = every
}

const tickPrefix = "tick."

// Seal ends the adding.
func (r *Runner) Seal() { r.sealed = true }

// Begin makes the work that repeats due in the districts there are and gives back what an earlier run of this node, or a
// node whose claim has run out, had begun.
func (r *Runner) Begin(ctx context.Context, districts []int64) error {
	now := r.Clock.Now().UnixMilli()
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		for _, d := range districts {
			for kind := range r.ticks {
				if _, err := tx.ExecContext(ctx, `INSERT INTO job (district, id, kind, body, run_at, claimed_until, tries, error, node)
					VALUES ($1, $2, $2, '', $3, 0, 0, '', '')
					ON CONFLICT (district, id) DO UPDATE
						SET run_at = CASE WHEN job.run_at > excluded.run_at THEN excluded.run_at ELSE job.run_at END`, d, kind, now); err != nil {
					return err
				}
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE job SET claimed_until = 0, node = '' WHERE claimed_until > 0 AND (node = $1 OR claimed_until <= $2)`, r.Node, now)
		return err
	})
}

// Run runs jobs until ctx ends, in two lanes: at once when one is told of, when a later one comes due, and every five
// seconds in any case.
func (r *Runner) Run(ctx context.Context) {
	lanes := map[Lane]chan struct{}{Inside: make(chan struct{}, 1), Out: make(chan struct{}, 1)}
	wake := func() {
		for _, c := range lanes {
			select {
			case c <- struct{}{}:
			default: // it is awake
			}
		}
	}
	defer r.DB.Listen(func(note any) {
		w, ok := note.(Waiting)
		if !ok {
			return
		}
		if wait := w.At.Sub(r.Clock.Now()); wait > 0 {
			time.AfterFunc(wait+50*time.Millisecond, wake)
			return
		}
		wake()
	})()
	var lanesDone sync.WaitGroup
	for lane, c := range lanes {
		lanesDone.Go(func() {
			tick := time.NewTicker(5 * time.Second)
			defer tick.Stop()
			for {
				if _, err := r.RunLane(ctx, lane); err != nil && ctx.Err() == nil {
					r.Log.Error("jobs", "err", err)
				}
				select {
				case <-ctx.Done():
					return
				case <-c:
				case <-tick.C:
				}
			}
		})
	}
	lanesDone.Wait()
}

// RunDue runs every job that is due and returns how many succeeded. A failing job is tried again later, ever less often.
func (r *Runner) RunDue(ctx context.Context) (int, error) { return r.RunLane(ctx, All) }

// RunLane is RunDue for a part of the jobs. Lanes may run at the same time.
//
// Errors: db.ErrFull where a job met a full disk. It is nobody's failure: the job is as it was before, and runs with the next
// call for which there is room.
func (r *Runner) RunLane(ctx context.Context, lane Lane) (int, error) {
	if err := r.giveBack(ctx); err != nil {
		return 0, err
	}
	n := 0
	for ctx.Err() == nil {
		ok, ran, err := r.runOne(ctx, lane)
		if err != nil || !ran {
			return n, err
		}
		if ok {
			n++
		}
	}
	return n, ctx.Err()
}

// claimed is a job that this node holds.
type claimed struct {
	district       int64
	id, kind, body string
	tries          int64
	now            time.Time
}

// claim takes the job that has been due longest, in one statement: of nodes that claim at once each takes another one.
func (r *Runner) claim(ctx context.Context, lane Lane) (j claimed, ok bool, err error) {
	j.now = r.Clock.Now()
	args := []any{j.now.Add(claimFor).UnixMilli(), j.now.UnixMilli(), r.Node}
	part := ""
	if lane != All && len(r.outside) > 0 {
		var kinds []string
		for k := range r.outside {
			kinds = append(kinds, k)
		}
		part = ` AND kind IN (` + db.In(len(args)+1, len(kinds)) + `)`
		if lane == Inside {
			part = ` AND kind NOT IN (` + db.In(len(args)+1, len(kinds)) + `)`
		}
		args = db.Args(args, kinds)
	} else if lane == Out {
		return j, false, nil
	}
	err = r.DB.Write(ctx, func(tx *db.Tx) error {
		err := tx.QueryRowContext(ctx, `
			UPDATE job SET claimed_until = $1, node = $3, tries = tries + 1
			 WHERE (district, id) IN (SELECT district, id FROM job WHERE run_at <= $2 AND claimed_until <= $2`+part+`
				ORDER BY run_at, id LIMIT 1`+tx.SkipLocked()+`)
			RETURNING district, id, kind, body, tries`, args...).Scan(&j.district, &j.id, &j.kind, &j.body, &j.tries)
		ok, err = db.One(err)
		return err
	})
	return j, ok, err
}

func (r *Runner) runOne(ctx context.Context, lane Lane) (ok, ran bool, err error) {
	j, ran, err := r.claim(ctx, lane)
	if err != nil || !ran {
		return false, false, err
	}
	h, known := r.handlers[j.kind]
	if !known {
		return false, true, errors.Join(fmt.Errorf("no handler for job %q", j.kind), r.later(ctx, j, time.Hour, "no handler"))
	}
	stop := r.renew(ctx, j)
	closed := false
	err = h(ctx, j.district, []byte(j.body), func(tx *db.Tx) error {
		closed = true
		return r.end(ctx, tx, j)
	})
	stop()
	if err == nil && !closed {
		err = errors.New("handler returned without closing its job")
	}
	if err == nil {
		return true, true, nil
	}
	if r.Log != nil {
		r.Log.Error("job failed", "kind", j.kind, "id", j.id, "tries", j.tries, "err", err)
	}
	if errors.Is(err, ErrLost) {
		return false, true, nil
	}
	if ctx.Err() != nil { // this node stops: the job is nobody's fault, and whoever is there may take it at once
		return false, true, r.later(context.WithoutCancel(ctx), j, 0, "")
	}
	if db.Full(err) {
		r.mu.Lock()
		r.short = append(r.short, j)
		r.mu.Unlock()
		return false, true, errors.Join(db.ErrFull.Because(err), r.giveBack(ctx))
	}
	return false, true, r.later(ctx, j, time.Duration(min(j.tries*j.tries, 360))*10*time.Second, err.Error())
}

// giveBack gives the jobs back that met a full disk, due at once, with their tries as before. While there is no room for that
// they stay this node's, and nobody waits for their claim to run out.
func (r *Runner) giveBack(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.short) > 0 {
		j := r.short[0]
		if err := r.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE job SET claimed_until = 0, node = '', tries = $4, error = 'disk full' WHERE district = $1 AND id = $2
				AND node = $3`, j.district, j.id, r.Node, j.tries-1)
			return err
		}); err != nil {
			return err
		}
		r.short = r.short[1:]
	}
	return nil
}

// end takes a done job away, or sets the next time of one that repeats, if this node still holds it.
func (r *Runner) end(ctx context.Context, tx *db.Tx, j claimed) error {
	every, repeats := r.ticks[j.kind]
	var mine bool
	var err error
	if repeats {
		mine, err = db.Changed(tx.ExecContext(ctx, `UPDATE job SET run_at = $4, claimed_until = 0, tries = 0, error = '', node = '' WHERE district = $1
			AND id = $2 AND node = $3`,
			j.district, j.id, r.Node, r.Clock.Now().Add(every).UnixMilli()))
	} else {
		mine, err = db.Changed(tx.ExecContext(ctx, `DELETE FROM job WHERE district = $1 AND id = $2 AND node = $3`, j.district, j.id, r.Node))
	}
	if err == nil && !mine {
		err = ErrLost
	}
	return err
}

// later gives a job back, to be tried again after a while.
func (r *Runner) later(ctx context.Context, j claimed, wait time.Duration, why string) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE job SET claimed_until = 0, node = '', run_at = $4, error = $5 WHERE district = $1 AND id = $2 AND node = $3`,
			j.district, j.id, r.Node, j.now.Add(wait).UnixMilli(), why)
		return err
	})
}

// renew keeps a claim alive while its job runs. The returned func ends it.
func (r *Runner) renew(ctx context.Context, j claimed) func() {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		clock.Every(ctx, renewEvery, func() {
			if err := r.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, `UPDATE job SET claimed_until = $4 WHERE district = $1 AND id = $2 AND node = $3`, j.district, j.id, r.Node,
					r.Clock.Now().Add(claimFor).UnixMilli())
				return err
			}); err != nil && ctx.Err() == nil && r.Log != nil {
				r.Log.Error("renew a claim", "kind", j.kind, "id", j.id, "err", err)
			}
		})
	}()
	return func() { cancel(); <-done }
}
