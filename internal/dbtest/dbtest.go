// Package dbtest gives tests a real database: SQLite always, PostgreSQL when SIFEN_POSTGRES is set, then never skipped.
package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sifen/internal/db"
)

// Each runs a test on a fresh database of every engine that was asked for.
func Each(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	if os.Getenv("SIFEN_POSTGRES") != "" {
		t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
	}
}

// SQLite opens a fresh migrated database in a folder of its own.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	return open(t, t.TempDir(), "")
}

// open opens a database until the test ends.
func open(t testing.TB, dir, url string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), dir, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

var server struct {
	sync.Mutex
	dir string
	cmd *exec.Cmd
	n   int
	err error
}

// Postgres opens a fresh migrated database on this process's own server.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, "", URL(t))
}

// URL makes an empty database and returns its address.
func URL(t testing.TB) string {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if server.cmd == nil && server.err == nil {
		server.err = start("fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	if server.err != nil {
		t.Fatalf("PostgreSQL was asked for and cannot run: %v", server.err)
	}
	return create(t, "STRATEGY file_copy")
}

// Server starts this process's server and returns the address of an empty database, for programs that measure: every
// commit is flushed to disk, and memory is what docs/operations.md asks for.
func Server() (string, error) {
	server.Lock()
	defer server.Unlock()
	if server.cmd == nil {
		if err := start("shared_buffers=1GB", "work_mem=32MB"); err != nil {
			return "", err
		}
	}
	return dsn("postgres"), nil
}

func dsn(name string) string {
	return fmt.Sprintf("host=%s user=test dbname=%s sslmode=disable", server.dir, name)
}

func binary(name string) (string, error) {
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", errors.New("there is no " + name + ": install PostgreSQL 15 or newer")
	}
	return found[len(found)-1], nil
}

// start runs a server on a socket in a short folder, never as root, and stops it when the process ends.
func start(settings ...string) error {
	initdb, err := binary("initdb")
	if err != nil {
		return err
	}
	postgres, err := binary("postgres")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pg") // short: a socket path has at most 107 bytes
	if err != nil {
		return err
	}
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return fmt.Errorf("as root the server runs as user postgres: %w", err)
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			return err
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	data := filepath.Join(dir, "d")
	run := exec.Command(initdb, "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
	run.Dir = dir
	run.SysProcAttr = &syscall.SysProcAttr{Credential: attr.Credential}
	if out, err := run.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	args := []string{"-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=200"}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(postgres, args...)
	cmd.Dir = dir
	cmd.SysProcAttr = attr
	if err := cmd.Start(); err != nil {
		return err
	}
	server.dir, server.cmd = dir, cmd
	for range 200 {
		c, err := sql.Open("pgx", dsn("postgres"))
		if err == nil {
			err = c.Ping()
			c.Close()
			if err == nil {
				return nil
			}
		}
		time.Sleep(25 * time.Millisecond) //nolint:forbidigo // waiting for another process to listen
	}
	return errors.New("the server did not come up in five seconds")
}

// Stop ends the server and removes its folder. A package that uses PostgreSQL calls it from TestMain.
func Stop() {
	server.Lock()
	defer server.Unlock()
	if server.cmd == nil {
		return
	}
	_ = server.cmd.Process.Signal(syscall.SIGINT) // it is ours and about to go
	_ = server.cmd.Wait()
	_ = os.RemoveAll(server.dir)
	server.cmd = nil
}

// Main runs a package's tests and stops the server.
func Main(m *testing.M) {
	code := m.Run()
	Stop()
	os.Exit(code)
}

// EachURL runs a test on every engine that was asked for, with what app.Options needs to open a fresh database: a data
// folder and an address, which is empty for SQLite.
func EachURL(t *testing.T, f func(t *testing.T, dir, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, t.TempDir(), "") })
	if os.Getenv("SIFEN_POSTGRES") != "" {
		t.Run("postgres", func(t *testing.T) { f(t, t.TempDir(), URL(t)) })
	}
}

// Clone copies a closed data folder and its database, so that tests need not build the same district again.
func Clone(t testing.TB, dir, url string) (newDir, newURL string) {
	t.Helper()
	newDir = t.TempDir()
	if err := os.CopyFS(newDir, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if url == "" {
		return newDir, ""
	}
	server.Lock()
	defer server.Unlock()
	var from string
	for _, p := range strings.Fields(url) {
		if v, ok := strings.CutPrefix(p, "dbname="); ok {
			from = v
		}
	}
	return newDir, create(t, "TEMPLATE "+from+" STRATEGY file_copy")
}

// create makes a database of the running server. The caller holds the server's lock.
func create(t testing.TB, how string) string {
	t.Helper()
	server.n++
	name := fmt.Sprintf("t%d", server.n)
	admin, err := sql.Open("pgx", dsn("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("CREATE DATABASE " + name + " " + how); err != nil {
		t.Fatal(err)
	}
	return dsn(name)
}
