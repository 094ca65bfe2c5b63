// Package db opens the database and owns transactions. One text of SQL serves SQLite and PostgreSQL:
// placeholders are $1, $2; the shared subset is that of docs/architecture.md.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// DB keeps one writing connection (SQLite) apart from the reading pool; on PostgreSQL both are pools.
type DB struct {
	Read, write *sql.DB
	Postgres    bool
	path        string // SQLite file
	Told        error  // what of the data folder others may read, though they should not
	Node        string // name of this node among those on the database, which the facts it commits bear
	notes       listeners
	log         log
}

// Querier is satisfied by *Tx and by DB.Read.
type Querier interface {
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row
}

// synchronous is how SQLite flushes. Nothing but the control of make faults is linked with another word, to see that its power
// cuts notice.
var synchronous = "FULL"

const writerPragmas = "_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)" +
	"&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)&_pragma=secure_delete(1)&_pragma=mmap_size(0)&_pragma=cell_size_check(1)" +
	"&_pragma=cache_size(-65536)&_pragma=journal_size_limit(16777216)"

const readerPragmas = "mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)&_pragma=trusted_schema(0)&_pragma=mmap_size(0)&_pragma=cache_size(-32768)"

// Open opens the SQLite file sifen.db in dir, making both when absent, or PostgreSQL when url begins with
// postgres:. The schema is brought to the newest version; a snapshot is taken first. A schema newer than the binary is refused.
func Open(ctx context.Context, dir, url string) (*DB, error) { return open(ctx, dir, url, true) }

// OpenAsIs opens the database for a command that must not change its schema. A new database gets its schema all the same.
//
// Errors: ErrOldSchema where an older program wrote it.
func OpenAsIs(ctx context.Context, dir, url string) (*DB, error) { return open(ctx, dir, url, false) }

func open(ctx context.Context, dir, url string, upgrade bool) (*DB, error) {
	d, err := Connect(dir, url)
	if err != nil {
		return nil, err
	}
	if err := d.migrate(ctx, upgrade); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Connect opens the database without looking at its schema.
func Connect(dir, url string) (*DB, error) {
	if strings.HasPrefix(url, "postgres:") || strings.HasPrefix(url, "postgresql:") || strings.Contains(url, "dbname=") {
		cfg, err := pgx.ParseConfig(url)
		if err != nil {
			return nil, fmt.Errorf("open PostgreSQL: %w", err)
		}
		cfg.Tracer = tracer{}
		w := stdlib.OpenDB(*cfg)
		w.SetMaxOpenConns(16)
		w.SetMaxIdleConns(8)
		return &DB{Read: w, write: w, Postgres: true}, nil
	}
	if url != "" {
		return nil, fmt.Errorf("database %q is neither empty (SQLite in the data folder) nor postgres://", url)
	}
	path := filepath.Join(dir, "sifen.db")
	told, err := private(dir, path)
	if err != nil {
		return nil, err
	}
	writer, err := keepingConnector("file:" + path + "?" + writerPragmas + "&_pragma=synchronous(" + synchronous + ")")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	w := sql.OpenDB(writer)
	w.SetMaxOpenConns(1)
	if err := w.Ping(); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	reader, err := keepingConnector("file:" + path + "?" + readerPragmas)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", path, err), w.Close())
	}
	r := sql.OpenDB(reader)
	r.SetMaxOpenConns(8)
	r.SetMaxIdleConns(8)
	return &DB{Read: r, write: w, path: path, Told: told}, nil
}

// Close closes both sides. SQLite folds its log into the file and leaves nothing beside it: the writing connection is the
// last to go, since those that only read cannot do that.
func (d *DB) Close() error {
	var err error
	if d.Read != d.write {
		err = d.Read.Close()
	}
	return errors.Join(err, d.write.Close())
}

// Tx is one write transaction, with work to do before and after its commit.
type Tx struct {
	*sql.Tx
	Postgres bool
	Node     string // of the database
	before   []func(context.Context) error
	notes    []any
	values   map[any]any

	statements map[string]*sql.Stmt // closed with the transaction
}

// Prepared returns a statement prepared once for this transaction.
func (t *Tx) Prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := t.statements[query]; ok {
		return st, nil
	}
	st, err := t.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if t.statements == nil {
		t.statements = map[string]*sql.Stmt{}
	}
	t.statements[query] = st
	return st, nil
}

// ExecContext runs a statement that is prepared once per transaction: bulk work repeats a few statements many times.
func (t *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if len(args) == 0 {
		return t.Tx.ExecContext(ctx, query)
	}
	st, err := t.Prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

// QueryContext is ExecContext for rows.
func (t *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := t.Prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// QueryRowContext is ExecContext for one row.
func (t *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	st, err := t.Prepared(ctx, query)
	if err != nil {
		return t.Tx.QueryRowContext(ctx, query, args...) // it fails again and says so in the row
	}
	return st.QueryRowContext(ctx, args...)
}

// BeforeCommit queues f to run inside the transaction after its own work. f may queue more.
func (t *Tx) BeforeCommit(f func(context.Context) error) { t.before = append(t.before, f) }

// Value returns what was stored under key in this transaction, calling create the first time.
func (t *Tx) Value(key any, create func() any) any {
	if v, ok := t.values[key]; ok {
		return v
	}
	if t.values == nil {
		t.values = map[any]any{}
	}
	v := create()
	t.values[key] = v
	return v
}

// Lock makes transactions that name the same thing follow one another until each ends. SQLite has one writer anyway.
func (t *Tx) Lock(ctx context.Context, name string) error {
	if !t.Postgres {
		return nil
	}
	_, err := t.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 7405))`, name)
	return err
}

// Write runs f in one transaction and rolls back on any error or panic. On PostgreSQL a transaction that
// lost a deadlock or a serialization race is run again, at most five times: f must have no effect outside tx.
func (d *DB) Write(ctx context.Context, f func(*Tx) error) error {
	for try := 0; ; try++ {
		err := d.writeOnce(ctx, f)
		if err == nil || !d.Postgres || try == 5 || !retryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(try+1) * 5 * time.Millisecond):
		}
	}
}

func (d *DB) writeOnce(ctx context.Context, f func(*Tx) error) (err error) {
	raw, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return Explain(err)
	}
	tx := &Tx{Tx: raw, Postgres: d.Postgres, Node: d.Node}
	defer func() {
		if rb := raw.Rollback(); rb != nil && !errors.Is(rb, sql.ErrTxDone) {
			err = errors.Join(err, rb)
		}
	}()
	if err := f(tx); err != nil {
		return Explain(err)
	}
	for i := 0; i < len(tx.before); i++ {
		if err := tx.before[i](ctx); err != nil {
			return Explain(err)
		}
	}
	if err := raw.Commit(); err != nil {
		return Explain(err)
	}
	for _, n := range tx.notes {
		d.notes.tell(n)
	}
	d.trim(ctx)
	return nil
}

// longestRead is how long a read transaction may last: while it does the log cannot be emptied.
const longestRead = 10 * time.Minute

// Snapshot runs f in one read transaction in which every query sees the same state, for ten minutes at most.
func (d *DB) Snapshot(ctx context.Context, f func(Querier) error) error {
	ctx, cancel := context.WithTimeout(ctx, longestRead)
	defer cancel()
	opt := &sql.TxOptions{ReadOnly: true}
	if d.Postgres {
		opt.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.Read.BeginTx(ctx, opt)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return f(tx)
}

// Backup writes a consistent copy of the SQLite database to path, which must not exist, while writers go on. The copy is its
// owner's alone from its first byte.
// PostgreSQL is backed up with its own tools; there it is an error that says so.
func (d *DB) Backup(ctx context.Context, path string) error {
	if d.Postgres {
		return errors.New("this database is PostgreSQL: back it up with pg_dump, and copy the evidence folder beside it")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode) // the engine takes an empty file for none
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	_, err = d.write.ExecContext(ctx, "VACUUM INTO '"+strings.ReplaceAll(path, "'", "''")+"'")
	if err != nil {
		return errors.Join(fmt.Errorf("copy the database to %s: %w", path, Explain(err)), os.Remove(path))
	}
	return nil
}

// Exec runs one statement outside a transaction, for tests and for settings.
func (d *DB) Exec(ctx context.Context, q string, args ...any) error {
	_, err := d.write.ExecContext(ctx, q, args...)
	return Explain(err)
}

// Changed reports whether a statement touched any row. A failed statement is an error, never "nothing was touched": a
// compare-and-set that lost its race and a database that cannot be reached are different answers to a person.
func Changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, Explain(err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// SQL is a piece of a statement with the arguments of its own placeholders, which begin at $1.
type SQL struct {
	Text string
	Args []any
}

var placeholder = regexp.MustCompile(`\$\d+`)

// From is the text with its first placeholder numbered first, to stand in a statement behind others.
func (s SQL) From(first int) string {
	return placeholder.ReplaceAllStringFunc(s.Text, func(p string) string {
		n, err := strconv.Atoi(p[1:])
		if err != nil {
			return p // more digits than any statement has placeholders
		}
		return "$" + strconv.Itoa(n+first-1)
	})
}

// Or is a condition that holds where one of several does.
func Or(list ...SQL) SQL {
	var text []string
	var args []any
	for _, s := range list {
		text, args = append(text, s.From(len(args)+1)), append(args, s.Args...)
	}
	return SQL{"(" + strings.Join(text, " OR ") + ")", args}
}

// In is "$2, $3, $4" for n values whose first placeholder has the number first.
func In(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String()
}

// Args puts values behind others, as the arguments of an In.
func Args[T any](before []any, values []T) []any {
	out := make([]any, 0, len(before)+len(values))
	out = append(out, before...)
	for _, v := range values {
		out = append(out, v)
	}
	return out
}

// One reports sql.ErrNoRows as found = false.
func One(err error) (found bool, _ error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Each calls scan for every row and closes rows.
func Each(rows *sql.Rows, err error, scan func() error) error {
	if err != nil {
		return Explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(); err != nil {
			return err
		}
	}
	return Explain(rows.Err())
}

// Portion is how many values a statement names at the most: long lists are read in portions.
const Portion = 400

// Pairs reads rows of two columns, each value under its key.
func Pairs[K comparable, V any](ctx context.Context, q Querier, query string, args ...any) (map[K]V, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	out := map[K]V{}
	var key K
	var value V
	return out, Each(rows, err, func() error {
		err := rows.Scan(&key, &value)
		out[key] = value
		return err
	})
}

// Named reads what is named by ids, a portion at a time: read gets the placeholders of an IN, the first of them with the
// number first, and the arguments before with the ids behind them.
func Named[T any](ids []string, first int, before []any, read func(in string, args []any) ([]T, error)) ([]T, error) {
	var out []T
	for some := range slices.Chunk(ids, Portion) {
		list, err := read(In(first, len(some)), Args(before, some))
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// InOrder puts what was read by ids into their order; ids of nothing are passed over.
func InOrder[T any](ids []string, list []T, id func(T) string) []T {
	at := make(map[string]T, len(list))
	for _, x := range list {
		at[id(x)] = x
	}
	var out []T
	for _, want := range ids {
		if x, ok := at[want]; ok {
			out = append(out, x)
		}
	}
	return out
}

// All collects rows through scan.
func All[T any](ctx context.Context, q Querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, Explain(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, Explain(rows.Err())
}
