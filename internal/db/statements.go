package db

import (
	"container/list"
	"context"
	"database/sql/driver"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"
)

// Count counts the statements that ran for one request, in order. It is for tests: a page whose statements grow with the rows
// it shows is slow exactly where it is needed most.
type Count struct {
	mu    sync.Mutex
	texts []string
}

// Texts are the statements so far.
func (c *Count) Texts() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.texts...)
}

type countKey struct{}

// counting is whether anybody ever counted: otherwise no statement looks into its context.
var counting atomic.Bool

// Counted returns a context whose statements are counted.
func Counted(ctx context.Context) (context.Context, *Count) {
	counting.Store(true)
	c := &Count{}
	return context.WithValue(ctx, countKey{}, c), c
}

func count(ctx context.Context, text string) {
	if !counting.Load() {
		return
	}
	if c, ok := ctx.Value(countKey{}).(*Count); ok {
		c.mu.Lock()
		c.texts = append(c.texts, text)
		c.mu.Unlock()
	}
}

// tracer counts on PostgreSQL, whose driver keeps its statements itself.
type tracer struct{}

func (tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	count(ctx, d.SQL)
	return ctx
}

func (tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// What a connection keeps. A text with a long list in it hardly comes twice.
const (
	keptStatements = 200
	keptText       = 4000
)

// keeping opens SQLite connections that keep their statements: reading a page runs some dozen short ones, and preparing them
// took a quarter of the time.
type keeping struct{ driver.Connector }

func keepingConnector(dsn string) (driver.Connector, error) {
	c, err := sqlite.NewConnector(dsn)
	return keeping{c}, err
}

// sqliteConn is all that database/sql asks of a connection.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// Connect opens a connection.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := raw.(sqliteConn)
	if !ok {
		return nil, fmt.Errorf("a connection of the driver, %T, is not what this program was written for", raw)
	}
	return &keepingConn{sqliteConn: full, by: map[string]*list.Element{}, order: list.New()}, nil
}

// keepingConn keeps the statements used last. database/sql gives a connection to one goroutine at a time.
type keepingConn struct {
	sqliteConn
	by    map[string]*list.Element
	order *list.List // *keptStatement, last used first
}

type keptStatement struct {
	text string
	st   driver.Stmt
	busy bool // its rows are being read
}

// Unwrap is the connection itself.
func (c *keepingConn) Unwrap() driver.Conn { return c.sqliteConn }

// take returns a statement for use until give; the same text within its own rows gets one of its own.
func (c *keepingConn) take(ctx context.Context, text string) (*keptStatement, error) {
	if e, ok := c.by[text]; ok {
		if k := e.Value.(*keptStatement); !k.busy {
			c.order.MoveToFront(e)
			k.busy = true
			return k, nil
		}
	}
	st, err := c.sqliteConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	k := &keptStatement{text: text, st: st, busy: true}
	if c.by[text] == nil && len(text) <= keptText {
		c.by[text] = c.order.PushFront(k)
	}
	return k, nil
}

// give takes a statement back. It is closed when it is not one of the kept, or when there are too many.
func (c *keepingConn) give(k *keptStatement) error {
	k.busy = false
	if e, ok := c.by[k.text]; !ok || e.Value != k {
		return k.st.Close()
	}
	if c.order.Len() <= keptStatements {
		return nil
	}
	for e := c.order.Back(); e != nil; e = e.Prev() {
		if old := e.Value.(*keptStatement); !old.busy {
			c.order.Remove(e)
			delete(c.by, old.text)
			return old.st.Close()
		}
	}
	return nil
}

// QueryContext runs a reading statement.
func (c *keepingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	k, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	return c.rows(ctx, k, args, true)
}

func (c *keepingConn) rows(ctx context.Context, k *keptStatement, args []driver.NamedValue, give bool) (driver.Rows, error) {
	count(ctx, k.text)
	r, err := k.st.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		if give {
			_ = c.give(k) // the statement's own error is the one to tell
		}
		return nil, err
	}
	if !give {
		return r, nil
	}
	return &keptRows{r, c, k}, nil
}

// ExecContext runs what returns no rows. Without arguments it may be several statements, or one that is sent once.
func (c *keepingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	count(ctx, text)
	if len(args) == 0 {
		return c.sqliteConn.ExecContext(ctx, text, args)
	}
	k, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	res, err := k.st.(driver.StmtExecContext).ExecContext(ctx, args)
	if e := c.give(k); err == nil {
		err = e
	}
	return res, err
}

// PrepareContext lends a statement until it is closed.
func (c *keepingConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	k, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	return &lent{k.st, c, k}, nil
}

// Close closes the statements first.
func (c *keepingConn) Close() error {
	for e := c.order.Front(); e != nil; e = e.Next() {
		_ = e.Value.(*keptStatement).st.Close() // the connection ends, and every statement with it
	}
	c.by, c.order = map[string]*list.Element{}, list.New()
	return c.sqliteConn.Close()
}

// keptRows gives their statement back when they are closed.
type keptRows struct {
	driver.Rows
	c *keepingConn
	k *keptStatement
}

func (r *keptRows) Close() error {
	err := r.Rows.Close()
	if r.k != nil {
		if e := r.c.give(r.k); err == nil {
			err = e
		}
		r.k = nil
	}
	return err
}

// lent is a prepared statement of a transaction.
type lent struct {
	driver.Stmt
	c *keepingConn
	k *keptStatement
}

func (l *lent) Close() error {
	if l.k == nil {
		return nil
	}
	k := l.k
	l.k = nil
	return l.c.give(k)
}

func (l *lent) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	count(ctx, l.k.text)
	return l.k.st.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (l *lent) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return l.c.rows(ctx, l.k, args, false)
}
