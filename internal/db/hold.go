package db

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"sifen/internal/clock"
)

// ErrServed says that servers run on a database that somebody wants for himself.
var ErrServed = errors.New("servers are running on this database: stop all of them first, or do this in the browser")

// ErrTaken says that a command is writing to the database, or bringing its schema up to date.
var ErrTaken = errors.New("a command is writing to this database: start the server again when it has ended")

const (
	holdKey   = 7407 // of the advisory lock that servers share and a writing command has alone
	holdLook  = 2 * time.Second
	holdAlone = `SELECT pg_try_advisory_lock($1)`
	holdShare = `SELECT pg_try_advisory_lock_shared($1)`
)

// hold takes the lock on a connection of its own; nil when somebody else has it.
func (d *DB) hold(ctx context.Context, how string) (*sql.Conn, error) {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	var mine bool
	if err := conn.QueryRowContext(ctx, how, int64(holdKey)).Scan(&mine); err != nil || !mine {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// drop gives the lock back. A lost connection has done so already.
func drop(conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), holdLook)
	defer cancel()
	_, _ = conn.ExecContext(ctx, `SELECT pg_advisory_unlock_all()`)
	_ = conn.Close()
}

// Alone takes a PostgreSQL for one command that writes: no server runs meanwhile. The returned func gives it back. On SQLite the
// lock of the data folder does this.
//
// Errors: ErrServed.
func (d *DB) Alone(ctx context.Context) (release func(), err error) {
	if !d.Postgres {
		return func() {}, nil
	}
	conn, err := d.hold(ctx, holdAlone)
	if err == nil && conn == nil {
		err = ErrServed
	}
	if err != nil {
		return nil, err
	}
	return func() { drop(conn) }, nil
}

// Serving says to all on the same PostgreSQL that a server runs, until ctx ends; wait for what it returns before the database is
// closed. The word is kept by a connection: where that is lost it is given again as soon as there is another.
//
// Errors: ErrTaken.
func (d *DB) Serving(ctx context.Context, log *slog.Logger) (ended <-chan struct{}, err error) {
	done := make(chan struct{})
	if !d.Postgres {
		close(done)
		return done, nil
	}
	conn, err := d.hold(ctx, holdShare)
	if err == nil && conn == nil {
		err = ErrTaken
	}
	if err != nil {
		return nil, err
	}
	go func() {
		defer close(done)
		for clock.Wait(ctx, holdLook) == nil {
			if conn != nil {
				if _, err := conn.ExecContext(ctx, `SELECT 1`); err == nil || ctx.Err() != nil {
					continue
				}
				_ = conn.Close() // it is lost
			}
			var err error
			if conn, err = d.hold(ctx, holdShare); err != nil && ctx.Err() == nil {
				log.Error("the lock of the database", "err", err)
			} else if conn == nil && ctx.Err() == nil {
				log.Error("a command writes to this database while the server runs: its connection was lost for a while")
			}
		}
		if conn != nil {
			drop(conn)
		}
	}()
	return done, nil
}
