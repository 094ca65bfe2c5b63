package db

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// listeners of a database's notes.
type listeners struct {
	mu   sync.Mutex
	list map[int]func(any)
	next int
}

// Tell leaves a note for the listeners of this database. They hear it after the commit, and never if there is none.
func (t *Tx) Tell(note any) { t.notes = append(t.notes, note) }

// Tell hands a note to the listeners at once: news of a commit that another node made.
func (d *DB) Tell(note any) { d.notes.tell(note) }

// Listen calls f with each note, in the order of the commits of one writer, on the goroutine that committed: f must not
// block. The returned func ends it.
func (d *DB) Listen(f func(note any)) (end func()) {
	l := &d.notes
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.list == nil {
		l.list = map[int]func(any){}
	}
	n := l.next
	l.next++
	l.list[n] = f
	return func() { l.mu.Lock(); delete(l.list, n); l.mu.Unlock() }
}

func (l *listeners) tell(note any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.list {
		f(note)
	}
}

// Signal wakes every node that waits in Signals on the same PostgreSQL, outside any transaction: a NOTIFY inside one makes
// all commits wait for each other. On SQLite there is one node, and nothing to do.
func (d *DB) Signal(ctx context.Context, channel, word string) error {
	if !d.Postgres {
		return nil
	}
	_, err := d.write.ExecContext(ctx, `SELECT pg_notify($1, $2)`, channel, word)
	return err
}

// Signals calls f with the word of each Signal of a channel until ctx ends or the connection is lost, which is the error.
// It calls f with "" at the beginning and whenever nothing came for the pause: a signal may be lost with a connection, so
// whoever listens looks for himself now and then.
func (d *DB) Signals(ctx context.Context, channel string, pause time.Duration, f func(word string)) error {
	conn, err := d.Read.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it is given back or was lost
	return conn.Raw(func(raw any) error {
		pg := raw.(*stdlib.Conn).Conn()
		if _, err := pg.Exec(ctx, `LISTEN `+channel); err != nil {
			return err
		}
		f("")
		for {
			wait, cancel := context.WithTimeout(ctx, pause)
			n, err := pg.WaitForNotification(wait)
			late := wait.Err() != nil
			cancel()
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err == nil:
				f(n.Payload)
			case late && !pg.IsClosed():
				f("")
			default:
				return err
			}
		}
	})
}

// SkipLocked ends a SELECT that claims rows: on PostgreSQL nodes pass by what another one is claiming. SQLite has one writer.
func (t *Tx) SkipLocked() string {
	if t.Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}
