package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"reflect"
	"time"

	"sifen/internal/clock"
	"sifen/internal/db"
)

// Relay brings the facts that other nodes committed to this node's listeners, and says when this node committed some. On
// SQLite there is one node and nothing to bring.
type Relay struct {
	DB    *db.DB // its name among the nodes is DB.Node
	Clock clock.Clock
	Log   *slog.Logger
	// Facts are prototypes of the facts that are brought over.
	Facts []Fact
}

const (
	channel = "sifen"
	// gather is how long facts are gathered before the others are told: a node signals ten times a second at most.
	gather = 100 * time.Millisecond
	// lookBack is how far a node looks for facts it has not heard: longer than a transaction that commits late.
	lookBack = 10 * time.Second
	// pause is how long a node waits for a signal before it looks by itself.
	pause = 2 * time.Second
)

// Run relays until ctx ends.
func (r *Relay) Run(ctx context.Context) {
	if !r.DB.Postgres {
		return
	}
	dirty := make(chan struct{}, 1)
	heard := newSeen()
	defer r.DB.Listen(func(note any) {
		switch n := note.(type) {
		case Heard:
			if !n.Here {
				return
			}
		case Waiting:
			if !n.Here {
				return
			}
		default:
			return
		}
		select {
		case dirty <- struct{}{}:
		default: // it will be told with the others
		}
	})()
	go r.tell(ctx, dirty)
	kinds := map[string]reflect.Type{}
	for _, f := range r.Facts {
		kinds[f.Kind()] = reflect.TypeOf(f)
	}
	for ctx.Err() == nil {
		err := r.DB.Signals(ctx, channel, pause, func(word string) {
			if word == r.DB.Node {
				return
			}
			if err := r.look(ctx, kinds, heard); err != nil && ctx.Err() == nil {
				r.Log.Error("news of other nodes", "err", err)
			}
		})
		if ctx.Err() != nil {
			return
		}
		r.Log.Error("listen for other nodes", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (r *Relay) tell(ctx context.Context, dirty <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-dirty:
		}
		if err := r.DB.Signal(ctx, channel, r.DB.Node); err != nil && ctx.Err() == nil {
			r.Log.Error("tell other nodes", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(gather):
		}
	}
}

// look reads the facts that others committed in the last seconds and tells those this node has not heard. Its own are known by
// the row: between a commit and the moment in which its listeners are told, there is no other sign of them. Jobs may wait with
// them.
func (r *Relay) look(ctx context.Context, kinds map[string]reflect.Type, heard *seen) error {
	now := r.Clock.Now()
	type row struct {
		district       int64
		id, kind, body string
	}
	rows, err := db.All(ctx, r.DB.Read, func(q *sql.Rows) (row, error) {
		var x row
		return x, q.Scan(&x.district, &x.id, &x.kind, &x.body)
	}, `SELECT district, id, kind, body FROM fact WHERE at > $1 AND node <> $2 ORDER BY at, id`, now.Add(-lookBack).UnixMilli(), r.DB.Node)
	if err != nil {
		return err
	}
	for _, x := range rows {
		t, known := kinds[x.kind]
		if !heard.add(x.id, now) || !known {
			continue
		}
		f := reflect.New(t)
		if err := json.Unmarshal([]byte(x.body), f.Interface()); err != nil {
			return err
		}
		r.DB.Tell(Heard{x.district, x.id, f.Elem().Interface().(Fact), false})
	}
	r.DB.Tell(Waiting{now, false})
	heard.forget(now.Add(-6 * lookBack))
	return nil
}
