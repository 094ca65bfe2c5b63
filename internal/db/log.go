package db

import (
	"context"
	"errors"
	"os"
	"strconv"
	"sync"
	"time"
)

// The engine folds its log into the file by itself every thousand pages, but it begins the log anew only at a moment without
// readers. Where readers never pause there is none, and the log grows without end.
const (
	logLimit  = 16 << 20               // bytes over which the log is emptied
	logWait   = 250 * time.Millisecond // for how long writers wait for readers that began before
	logPause  = time.Second            // before the next try, where a reader took longer
	busyLimit = 5000                   // milliseconds; as in writerPragmas
)

// log remembers the last try to empty the log that failed.
type log struct {
	mu   sync.Mutex
	last time.Time
}

// trim empties the log of SQLite once it has grown over its limit. It holds the writer's place, so that those who begin to
// read meanwhile find everything in the file and need the log no more: it waits for the readers of before alone. One that
// takes longer than logWait holds nobody up; the next commits try again.
func (d *DB) trim(ctx context.Context) {
	if d.Postgres || !d.log.mu.TryLock() {
		return
	}
	defer d.log.mu.Unlock()
	st, err := os.Stat(d.path + "-wal")
	now := time.Now() //nolint:forbidigo // a pause of the machine, not business time
	if err != nil || st.Size() < logLimit || now.Sub(d.log.last) < logPause {
		return
	}
	// what was committed stays so whatever comes of this: its errors come again with the next write
	if d.checkpoint(context.WithoutCancel(ctx), logWait) != nil {
		d.log.last = now
	}
}

// errReaders says that somebody still reads what the log holds.
var errReaders = errors.New("the log is still being read")

// checkpoint folds the log into the file and empties it.
func (d *DB) checkpoint(ctx context.Context, wait time.Duration) (err error) {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = "+strconv.FormatInt(wait.Milliseconds(), 10)); err != nil {
		return err
	}
	var busy, pages, folded int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &folded)
	if err == nil && busy != 0 {
		err = errReaders
	}
	_, again := conn.ExecContext(ctx, "PRAGMA busy_timeout = "+strconv.Itoa(busyLimit))
	return errors.Join(err, again)
}
