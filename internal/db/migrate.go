package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"sifen/internal/clock"
)

//go:embed migrations/*.sql
var files embed.FS

type migration struct {
	version int
	name    string
	text    string
	sum     string
}

// migrations returns the embedded files of one database in order. A file NNNN_x.postgres.sql replaces NNNN_x.sql on PostgreSQL.
func migrations(postgres bool) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	byVersion := map[int]migration{}
	sort.Strings(names) // "0007_x.postgres.sql" sorts before "0007_x.sql"
	for _, n := range names {
		base := filepath.Base(n)
		special := strings.HasSuffix(base, ".postgres.sql")
		if special && !postgres {
			continue
		}
		var v int
		if _, err := fmt.Sscanf(base, "%04d_", &v); err != nil {
			return nil, fmt.Errorf("migration %s has no number", base)
		}
		if _, ok := byVersion[v]; ok && !special {
			continue
		}
		raw, err := files.ReadFile(n)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		byVersion[v] = migration{v, base, Dialect(string(raw), postgres), hex.EncodeToString(sum[:])}
	}
	out := make([]migration, 0, len(byVersion))
	for _, m := range byVersion {
		out = append(out, m)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].version < out[j].version })
	return out, nil
}

var (
	wordInteger = regexp.MustCompile(`\b(BIGINT|BOOLEAN)\b`)
	wordBlob    = regexp.MustCompile(`\bBYTEA\b`)
	tableEnd    = regexp.MustCompile(`(?m)^\);`)
)

// Dialect turns our DDL, written for PostgreSQL, into that of the database in use.
func Dialect(text string, postgres bool) string {
	if postgres {
		return strings.ReplaceAll(text, ") {{clustered}};", ");")
	}
	text = wordInteger.ReplaceAllString(text, "INTEGER")
	text = wordBlob.ReplaceAllString(text, "BLOB")
	text = tableEnd.ReplaceAllString(text, ") STRICT;")
	return strings.ReplaceAll(text, ") {{clustered}};", ") STRICT, WITHOUT ROWID;")
}

// ErrOldSchema says that an older program wrote the database.
var ErrOldSchema = errors.New("an older program wrote this database: sifen upgrade, or the next start of the server, brings it up to date after a snapshot")

// migrate brings the schema up to date. On PostgreSQL it waits for another node that is doing it, and refuses while servers of
// an older program run.
func (d *DB) migrate(ctx context.Context, upgrade bool) error {
	for try := 0; ; try++ {
		err := d.migrateOnce(ctx, upgrade)
		if try == 50 || !errors.Is(err, ErrServed) {
			return err
		}
		if late := clock.Wait(ctx, 200*time.Millisecond); late != nil {
			return errors.Join(err, late)
		}
	}
}

func (d *DB) migrateOnce(ctx context.Context, upgrade bool) error {
	all, err := migrations(d.Postgres)
	if err != nil {
		return err
	}
	if _, err := d.write.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL,
		sum TEXT NOT NULL, at BIGINT NOT NULL)`); err != nil {
		return fmt.Errorf("prepare the schema table: %w", Explain(err))
	}
	done := map[int]string{}
	rows, err := d.write.QueryContext(ctx, `SELECT version, sum FROM schema_version`)
	newest := 0
	var v int
	var sum string
	if err := Each(rows, err, func() error {
		err := rows.Scan(&v, &sum)
		done[v] = sum
		newest = max(newest, v)
		return err
	}); err != nil {
		return err
	}
	if last := all[len(all)-1].version; newest > last {
		return fmt.Errorf("the database has schema %d, this program knows %d: start the newer program, or restore the snapshot taken before the upgrade",
			newest, last)
	}
	if newest > 0 && newest < all[len(all)-1].version && !upgrade {
		return fmt.Errorf("%w (schema %d, this program knows %d)", ErrOldSchema, newest, all[len(all)-1].version)
	}
	snapshot, brought := newest > 0, false
	if snapshot && len(done) < len(all) {
		release, err := d.Alone(ctx)
		if err != nil {
			return fmt.Errorf("bring the schema up to date: %w", err)
		}
		defer release()
	}
	for _, m := range all {
		if have, ok := done[m.version]; ok {
			if have != m.sum {
				return fmt.Errorf("migration %s was changed after it had been applied to this database", m.name)
			}
			continue
		}
		if snapshot && !d.Postgres {
			to := filepath.Join(filepath.Dir(d.path), fmt.Sprintf("before-%04d.db", m.version))
			if err := d.snapshot(ctx, to); err != nil {
				return err
			}
			snapshot = false
		}
		if err := d.Write(ctx, func(tx *Tx) error {
			if d.Postgres {
				if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7405)`); err != nil {
					return err
				}
				var n int
				if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM schema_version WHERE version = $1`, m.version).Scan(&n); err != nil || n > 0 {
					return err
				}
			}
			for _, st := range statements(m.text) {
				if _, err := tx.ExecContext(ctx, st); err != nil {
					return fmt.Errorf("%s: %w\n%s", m.name, err, st)
				}
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO schema_version (version, name, sum, at) VALUES ($1, $2, $3, $4)`, m.version, m.name, m.sum,
				time.Now().UnixMilli()) //nolint:forbidigo // the schema's own history is machine time, also in a demonstration
			return err
		}); err != nil {
			return err
		}
		brought = true
	}
	if brought && !d.Postgres {
		return d.forget(ctx)
	}
	return nil
}

// snapshot writes a copy of the database to go back to: aside, flushed and looked through before it gets its name. One that is
// there already stays if it is whole; a half one is written anew.
func (d *DB) snapshot(ctx context.Context, to string) error {
	if whole(ctx, to) == nil {
		return nil
	}
	aside := to + ".part"
	for _, old := range []string{aside, aside + "-journal", to} {
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := d.Backup(ctx, aside); err != nil {
		return err
	}
	if err := whole(ctx, aside); err != nil {
		return fmt.Errorf("the snapshot before the upgrade: %w", err)
	}
	for _, step := range []func() error{func() error { return flush(aside) }, func() error { return os.Rename(aside, to) },
		func() error { return flush(filepath.Dir(to)) }} {
		if err := step(); err != nil {
			return fmt.Errorf("keep the snapshot before the upgrade: %w", err)
		}
	}
	return nil
}

func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// whole reports what is wrong with a copy of a database; nil when it is complete.
func whole(ctx context.Context, file string) (err error) {
	if _, err := os.Stat(file); err != nil {
		return err
	}
	c, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	var said string
	if err := c.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said); err != nil {
		return err
	}
	var n int
	if err := c.QueryRowContext(ctx, "SELECT count(*) FROM schema_version").Scan(&n); err != nil {
		return err
	}
	if said != "ok" || n == 0 {
		return fmt.Errorf("%s is damaged: %s", file, said)
	}
	return nil
}

// forget sees to it that what a migration removed is gone: the log that still holds the old pages is emptied, and the
// snapshots before upgrades, which are for going back and not for answering again, lose the answers that were kept.
func (d *DB) forget(ctx context.Context) error {
	if err := d.checkpoint(ctx, busyLimit*time.Millisecond); err != nil {
		return fmt.Errorf("empty the log: %w", Explain(err))
	}
	copies, err := filepath.Glob(filepath.Join(filepath.Dir(d.path), "before-*.db"))
	if err != nil {
		return err
	}
	for _, c := range copies {
		if err := forgetAnswers(ctx, c); err != nil {
			return fmt.Errorf("%s may hold one-time passwords in clear and cannot be cleaned: delete it: %w", c, err)
		}
	}
	return nil
}

func forgetAnswers(ctx context.Context, file string) (err error) {
	c, err := sql.Open("sqlite", "file:"+file+"?_pragma=secure_delete(1)&_pragma=journal_mode(MEMORY)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	_, err = c.ExecContext(ctx, "DELETE FROM operation")
	return err
}

// statements splits a file at semicolons that end a line; our migrations have no others.
func statements(text string) []string {
	var out []string
	for _, s := range strings.Split(text, ";\n") {
		if strings.TrimSpace(stripComments(s)) != "" {
			out = append(out, s)
		}
	}
	return out
}

func stripComments(s string) string {
	var b strings.Builder
	for _, l := range strings.Split(s, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(l), "--") {
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}
